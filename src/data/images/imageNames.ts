/** What file names of images end in. */
export const imageExtensions: readonly string[] = ["jpg", "jpeg", "png", "webp"];

/** Whether a file name ends as an image's does, in upper or lower case. */
export function isImageName(name: string): boolean {
  return imageExtensions.includes(name.slice(name.lastIndexOf(".") + 1).toLowerCase());
}

/** The order of Python's `sorted` for what is in file names, whatever the language of the machine. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
