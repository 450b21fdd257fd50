/** Whether `await` waits for a value. One that throws when it is asked is a value like any other. */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return false;
  try {
    return typeof (value as Partial<PromiseLike<T>>).then === "function";
  } catch {
    return false;
  }
}
