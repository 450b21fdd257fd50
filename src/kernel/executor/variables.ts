/**
 * The `exports` object that all cells share. Converted code reads and writes every top-level name there, so a function
 * of an earlier cell sees what a later cell has redefined, and what a failed cell had assigned is kept.
 *
 * TypeScript exports imported names with `defineProperty` and a getter, which could never be redefined; here it
 * becomes a plain assignment. `plain` is the same without that, for a debugger, which cannot look into a proxy.
 */
export function createVariables(): {
  readonly exports: Record<string, unknown>;
  readonly plain: Record<string, unknown>;
} {
  const plain: Record<string, unknown> = Object.create(null);
  const exports = new Proxy(plain, {
    defineProperty(target, name, descriptor) {
      if (name === "__esModule") return true;
      const value = descriptor.get ? descriptor.get() : descriptor.value;
      return Reflect.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
    },
  });
  return { exports, plain };
}
