/** RFC 6901. */
export const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** Longest pointer of a fault, in characters. Names of the contract are short; a caller's can be as long as his body. */
const MAX_POINTER = 1_000;

/**
 * JSON Pointer to a member below `parent`. Where that would be longer than anybody wants to read, it is the pointer to
 * what holds the member.
 */
export function memberPointer(parent: string, name: string | number): string {
  const step = String(name);
  if (parent.length + step.length >= MAX_POINTER) return parent;
  return `${parent}/${escapePointer(step)}`;
}

/** JSON Pointer along a path, or to the deepest part of it that can be named. */
export function pointerTo(path: readonly (string | number)[]): string {
  let pointer = '';
  for (const name of path) {
    const longer = memberPointer(pointer, name);
    if (longer === pointer) break;
    pointer = longer;
  }
  return pointer;
}
