/** Specs of tfjs-core that the torch engine does not pass on purpose: their names, after those of their suites; and why. */
export const exclusions: readonly (readonly [name: RegExp, reason: string])[] = [
  [
    /^avgPool > gradient x=\[3,3,1\] f=\[3,3\] s=1 p=explicit/,
    "expects a gradient that counts the padding, though the forward pass does not; ours is the gradient of the latter",
  ],
  [
    /^conv2dTranspose > input=8x8x8,output=4x4x8/,
    "no convolution has these shapes; tfjs's CPU backend reads beyond the image",
  ],
  [
    /^browserDownloads > (Explicit file name prefix|URL scheme|No file name|Download only)/,
    "fetches the URL of a blob, which has to be Node's for fetch, and jsdom's for all else",
  ],
  [/^draw on canvas context > /, "asks the canvas for a context named after the engine, as WebGL's and WebGPU's are"],
  [/^fromPixels > fromPixels for HTMLVideoElement$/, "there is no video in Node"],
  [/^http-load > JSON model > (1 group, 2 weights, 1 path|Provide Weight)/, "expects fetch to be a method of window"],
  [/^setTimeout > setTimeout/, "expects a browser's minimal delay of 4 ms, and window's messages"],
];

/** Whether a spec, named as in `maxPool > basic`, is excluded. */
export function isExcluded(spec: string): boolean {
  return exclusions.some(([name]) => name.test(spec));
}
