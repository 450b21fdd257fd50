/** What file names of images end in. */
export const imageExtensions: readonly string[] = ["jpg", "jpeg", "png", "webp"];

/** Whether a file name ends as an image's does, in upper or lower case. */
export function isImageName(name: string): boolean {
  return imageExtensions.includes(name.slice(name.lastIndexOf(".") + 1).toLowerCase());
}
