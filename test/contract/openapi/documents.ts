import type { Schema } from '#libs/platform';

/** A schema of a document and where it stands. */
export interface Placed {
  readonly schema: Schema;
  readonly at: string;
}

const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keywords whose value is one schema. */
const ONE: readonly string[] = ['items', 'additionalProperties', 'not', 'schema'];
/** Keywords whose value is a list of schemas. */
const LISTS: readonly string[] = ['oneOf', 'anyOf', 'allOf'];

/**
 * Every schema below, with those inside it. Conditions are left out: what they say is about members that are described
 * elsewhere.
 */
export function schemasIn(schema: Schema, at: string): readonly Placed[] {
  const inside = Object.entries(schema).flatMap(([keyword, value]): readonly Placed[] => {
    if (ONE.includes(keyword) && isObject(value)) return schemasIn(value, `${at}/${keyword}`);
    if (LISTS.includes(keyword) && Array.isArray(value)) {
      return value.filter(isObject).flatMap((one, index) => schemasIn(one, `${at}/${keyword}/${index}`));
    }
    if (keyword === 'properties' && isObject(value)) {
      return Object.entries(value).flatMap(([name, one]) =>
        isObject(one) ? schemasIn(one, `${at}/properties/${name}`) : [],
      );
    }
    return [];
  });
  return [{ schema, at }, ...inside];
}
