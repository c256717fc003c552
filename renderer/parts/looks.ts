/** The class names that are there, as one: CSS modules know theirs only once they are built. */
export function looks(...names: readonly (string | undefined)[]): string {
  return names.filter((name) => name !== undefined && name !== '').join(' ');
}
