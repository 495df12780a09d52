import { createHash } from 'node:crypto';
import { canonicalJson, parseInstant, type Instant } from '#libs/kernel';
import { PHRASES } from '../problems/phrases.js';
import type { Fault } from '../problems/problem.exception.js';
import { invalidRequest } from '../problems/problem.exception.js';
import { isPlainObject } from '../validation/validate.js';

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 100;
/** Items can be large, a check with ten thousand establishments for example; a hundred of them are no answer. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** Where the previous page ended: the row's place in the list's order (newest first) and its key, a UUID. */
export interface PagePlace {
  readonly order: bigint;
  readonly key: string;
  /**
   * Moment of the first page, for a list whose items depend on one: the pages behind it are of the same moment, so that
   * nothing drops out or comes in because time has passed between two of them.
   */
  readonly at?: Instant;
}

export interface PageRequest {
  readonly limit: number;
  readonly after?: PagePlace;
}

export interface PageAnswer<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/**
 * `limit` and `cursor` of a `_search` body. `list` names the list and its filter: a cursor of another list or filter is
 * refused. Throws 400 with every fault.
 */
export function readPage(list: ListIdentity, limit: unknown, cursor: unknown): PageRequest {
  const faults: Fault[] = [];
  if (
    limit !== undefined &&
    !(typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT)
  ) {
    faults.push({
      pointer: '/limit',
      code: typeof limit === 'number' ? 'invalid-value' : 'wrong-type',
      detail: PHRASES.whole(1, MAX_LIMIT),
    });
  }
  let after: PagePlace | undefined;
  if (cursor !== undefined) {
    if (typeof cursor !== 'string') faults.push({ pointer: '/cursor', code: 'wrong-type', detail: PHRASES.text() });
    else {
      after = decodeCursor(list, cursor);
      if (after === undefined) faults.push({ pointer: '/cursor', code: 'invalid-cursor' });
    }
  }
  if (faults.length > 0) throw invalidRequest(faults);
  return { limit: (limit as number | undefined) ?? DEFAULT_LIMIT, ...(after === undefined ? {} : { after }) };
}

/** Name of a list and the filter it is read with (without `limit` and `cursor`). */
export interface ListIdentity {
  readonly name: string;
  readonly filter: object;
}

/**
 * A page of the items that were made of the first rows, one of each; rows that are left are for the next page. It ends
 * before the item that would make it larger than `MAX_PAGE_BYTES`, unless that is its first. An item that is `undefined`
 * is not shown.
 */
export function pageOf<Row, Item>(
  list: ListIdentity,
  rows: readonly Row[],
  items: readonly (Item | undefined)[],
  placeOf: (row: Row) => PagePlace,
): PageAnswer<Item> {
  let shown = 0;
  for (let bytes = 0; shown < items.length; shown += 1) {
    const item = items[shown];
    if (item !== undefined) bytes += Buffer.byteLength(JSON.stringify(item));
    if (bytes > MAX_PAGE_BYTES && shown > 0) break;
  }
  const last = rows[shown - 1];
  const next = rows.length > shown && last !== undefined ? encodeCursor(list, placeOf(last)) : null;
  return { items: items.slice(0, shown).filter((item) => item !== undefined), next };
}

export function encodeCursor(list: ListIdentity, place: PagePlace): string {
  const content = JSON.stringify([place.order.toString(), place.key, ...(place.at === undefined ? [] : [place.at])]);
  return Buffer.from(`${checksum(list, content)}${content}`).toString('base64url');
}

/**
 * `undefined` for what is no cursor of this list. The checksum finds changes and mix-ups; it is no secret, because a
 * forged cursor gives nothing but another page of what the caller may read anyway.
 */
export function decodeCursor(list: ListIdentity, cursor: string): PagePlace | undefined {
  if (cursor.length > 1_024) return undefined;
  const decoded = Buffer.from(cursor, 'base64url');
  if (decoded.toString('base64url') !== cursor) return undefined;
  const text = decoded.toString('utf8');
  const content = text.slice(CHECKSUM_LENGTH);
  if (text.slice(0, CHECKSUM_LENGTH) !== checksum(list, content)) return undefined;
  const [, order, key, at] = PLACE.exec(content) ?? [];
  if (order === undefined || key === undefined) return undefined;
  if (at === undefined) return { order: BigInt(order), key };
  const moment = parseInstant(at);
  return moment !== at ? undefined : { order: BigInt(order), key, at: moment as Instant };
}

/** Nothing but what a list gives out: anybody can work out a checksum, and the rest goes to a database as it is. */
const PLACE = /^\["(\d{1,18})","([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"(?:,"([0-9TZ:.-]{24})")?\]$/;

const CHECKSUM_LENGTH = 16;

function checksum(list: ListIdentity, content: string): string {
  const filter = isPlainObject(list.filter) ? { ...list.filter } : {};
  return createHash('sha256')
    .update(`${list.name}\n${canonicalJson(filter)}\n${content}`)
    .digest('hex')
    .slice(0, CHECKSUM_LENGTH);
}
