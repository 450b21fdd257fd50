/** Tests of tfjs-core that the torch engine does not pass on purpose: their names, after those of their suites; and why. */
const exclusions: readonly (readonly [name: RegExp, reason: string])[] = [
  [/^maxPool.*ignores NaNs/, "NaN wins in max pooling, as in PyTorch: hiding it would hide a training that diverged"],
  [/^avgPool3d > x=\[1,1,1,1,1\] f=\[1,1,3\]/, "a window larger than the image is an error"],
  [
    /^avgPool > gradient x=\[3,3,1\] f=\[3,3\] s=1 p=explicit/,
    "expects a gradient that counts the padding, unlike the forward pass",
  ],
  [/^pool > .*fractional outputs default rounding/, "expects a window of 1 to ignore its stride and padding"],
  [
    /^conv2dTranspose > input=8x8x8,output=4x4x8/,
    "no convolution has these shapes; tfjs's CPU backend reads beyond the image",
  ],
  [/^einsum > .*duplicate axes not implemented/, "the engine computes what tfjs refuses"],
  [/^unique > .*NaN and Infinity/, "NaN is unlike NaN, also in unique"],
];

/** Whether a test, named with its suites as in `maxPool > basic`, is excluded. */
export function isExcluded(test: string): boolean {
  return exclusions.some(([name]) => name.test(test));
}
