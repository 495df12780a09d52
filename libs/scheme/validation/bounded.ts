import { _, type CodeKeywordDefinition } from 'ajv';

/** Faults that a request is told; whoever looks for them stops at the first one beyond. */
export const MOST_FAULTS = 100;

/** Keywords that look at every item of a list. */
const EACH_ITEM = ['items', 'uniqueItems'] as const;

/**
 * The same schema, whose check costs no more than its answer is worth: a list that is too long is refused before any of
 * its items is looked at, and no further item is looked at once there are more faults than are told. The compiler that
 * takes it needs the keyword `enough`.
 */
export function bounded(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(bounded);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, bounded(part)])) as Members;
  const { items, maxItems } = copy;
  if (typeof items === 'object' && items !== null) copy['items'] = { ...items, enough: MOST_FAULTS };
  if (typeof maxItems !== 'number') return copy;
  const then: Members = { type: 'array' };
  for (const keyword of EACH_ITEM) {
    if (copy[keyword] === undefined) continue;
    then[keyword] = copy[keyword];
    delete copy[keyword];
  }
  return { ...copy, if: { type: 'array', maxItems }, then };
}

type Members = Record<string, unknown>;

/** Of the schema of a list's items: leaves the loop over them when there are more faults than that. */
export const enough: CodeKeywordDefinition = {
  keyword: 'enough',
  schemaType: 'number',
  code: ({ gen, schema }) => gen.if(_`vErrors !== null && vErrors.length > ${schema as number}`, () => gen.break()),
};
