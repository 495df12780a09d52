import { type Schema, type Schemas } from './schema.js';

/**
 * Names of closed lists of words. The contract has each list once, under its name, whoever mentions it; a list without a
 * name stops the build. Lists are told apart by what is in them, in whatever order.
 */
const names = new Map<
  string,
  { readonly name: string; readonly list: readonly string[]; readonly description?: string }
>();

const keyOf = (list: readonly unknown[]): string => JSON.stringify([...list].sort());

/** Names a list: `export const CHANNELS = named('Channel', ['electronic', 'nonElectronic'] as const, 'How …')`. */
export function named<List extends readonly string[]>(name: string, list: List, description?: string): List {
  const known = names.get(keyOf(list));
  if (known !== undefined && known.name !== name) {
    throw new Error(`a list is named both ${known.name} and ${name}: ${list.join(', ')}`);
  }
  for (const other of names.values()) {
    if (other.name === name && keyOf(other.list) !== keyOf(list)) throw new Error(`two lists are named ${name}`);
  }
  names.set(keyOf(list), { name, list, ...(description === undefined ? {} : { description }) });
  return list;
}

export const nameOfList = (values: readonly unknown[]): string | undefined => names.get(keyOf(values))?.name;

/** The components of the lists that are named. */
export const namedLists = (): Schemas =>
  Object.fromEntries(
    [...names.values()].map(({ name, list, description }) => [
      name,
      {
        type: 'string',
        ...(description === undefined ? {} : { description }),
        enum: [...list],
        ...varNames(list),
      } satisfies Schema,
    ]),
  );

/** Generators make names of values by leaving out what no name may have; where two would be the same, we give names. */
function varNames(list: readonly string[]): Schema {
  const plain = list.map((value) => value.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase());
  if (new Set(plain).size === plain.length) return {};
  const given = list.map((value) => value.replaceAll('+', '_PLUS').replaceAll(/[^A-Za-z0-9_]/g, '_'));
  return { 'x-enum-varnames': given };
}
