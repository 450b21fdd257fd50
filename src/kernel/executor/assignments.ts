/**
 * Watches some variables while a cell runs that is to assign them.
 *
 * @returns names those that still have what they had
 */
export function watchAssignments(variables: object, names: readonly string[]): () => string[] {
  const before = names.map((name) => ({ name, was: Object.getOwnPropertyDescriptor(variables, name) }));
  return () =>
    before.flatMap(({ name, was }) => {
      const is = Object.getOwnPropertyDescriptor(variables, name);
      const isSame = Object.is(is?.value, was?.value) && is?.get === was?.get && !is === !was;
      return isSame ? [name] : [];
    });
}
