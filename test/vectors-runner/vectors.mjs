// The acceptance vectors and how an answer is compared with them; for the runner and for the tests.
import { readFileSync } from 'node:fs';

/** Names of the evaluations, of their paths and of their vector files. */
export const FILES = ['authorization', 'means', 'revocation-deadline', 'validity', 'evaluation'];

export const vectorsOf = (name) =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));

/** Lists that are sets (classification.md §0): their order is free, what is in them is not. */
const SETS = new Set(['limitedBy', 'refusals', 'flags']);

const sorted = (value) => (Array.isArray(value) ? [...value].sort() : value);

function comparable(name, value) {
  if (SETS.has(name)) return sorted(value);
  if (name !== 'rows' || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([aspect, rows]) => [aspect, sorted(rows)]));
}

/** The value as text, members in one order, so that two values are equal when their texts are. */
function written(value) {
  if (Array.isArray(value)) return `[${value.map(written).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'nothing';
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${written(value[name])}`).join()}}`;
}

/** What is wrong with an answer to a vector's request; undefined: nothing. Further top-level members are free. */
export function outcomeOf(vector, { status, type, body }) {
  const wanted = vector.status ?? 200;
  if (status !== wanted) return `status ${status}, not ${wanted}`;
  const media = status === 200 ? 'application/json' : 'application/problem+json';
  if (!type.startsWith(media)) return `content type ${type}, not ${media}`;
  for (const [name, expected] of Object.entries(vector.expected)) {
    if (written(comparable(name, body[name])) !== written(comparable(name, expected))) {
      return `${name} is ${JSON.stringify(body[name])}, not ${JSON.stringify(expected)}`;
    }
  }
  return undefined;
}
