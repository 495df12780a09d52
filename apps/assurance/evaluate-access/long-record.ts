import { setImmediate as nextTurn } from 'node:timers/promises';
import { canonicalJson, type JsonObject } from '#libs/kernel';
import type { RecordToAppend } from '#libs/eventing';
import { recordOf, type RecordParts, type ToldRecord } from './decision-record.js';

/** Entries of a list whose part of the record is made in one turn of the event loop. */
const AT_ONCE = 10;

/** A list that stands in the answer under that name, and what the record says of each of its entries. */
export interface RecordedList {
  readonly name: 'evaluations' | 'results';
  /** Of each entry: what it rests on and, where each has a question of its own, that. */
  readonly entries: readonly (() => { readonly information: object; readonly request?: object })[];
}

/**
 * The record of an answer that is a list. The list's parts are written apart, some entries at a time so that others are
 * answered meanwhile, and set into the rest: the text is the canonical one all the same.
 */
export async function longRecord(
  parts: RecordParts,
  told: ToldRecord,
  { name, entries }: RecordedList,
): Promise<RecordToAppend> {
  const answers = parts.answer[name] as readonly JsonObject[];
  const lists = { information: [] as string[], request: [] as string[], answer: [] as string[] };
  for (const [place, entry] of entries.entries()) {
    if (place > 0 && place % AT_ONCE === 0) await nextTurn();
    const { information, request } = entry();
    lists.information.push(canonicalJson(information));
    if (request !== undefined) lists.request.push(canonicalJson(request));
    lists.answer.push(canonicalJson(answers[place]));
  }
  const { bytes, ...record } = recordOf(
    { ...parts, answer: { ...parts.answer, [name]: [] } },
    {
      ...told,
      information: { ...told.information, [name]: [] },
      ...(lists.request.length === 0 ? {} : { request: { ...told.request, [name]: [] } }),
    },
  );
  // In the order of their names. Inside a string its marks would be escaped.
  const inOrder = [lists.information, ...(lists.request.length === 0 ? [] : [lists.request]), lists.answer];
  const [first, ...rest] = bytes.split(`"${name}":[]`) as [string, ...string[]];
  const whole = rest.map((text, place) => `"${name}":[${inOrder[place]!.join(',')}]${text}`);
  return { ...record, bytes: first + whole.join('') };
}
