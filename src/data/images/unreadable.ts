/** An image that is damaged or of an unknown kind: what its decoder says. Other errors are no fault of the image. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";

  constructor(reason: string, options?: ErrorOptions) {
    super(reason.trim().replace(/\s*\n\s*/g, "; "), options);
  }
}
