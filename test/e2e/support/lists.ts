import type { Json } from './api.js';
import { having, type Answer, type Client } from './client.js';
import { NOBODY, type Operation } from './contract.js';

/** Members of a `_search` body that filter nothing. */
const NO_FILTERS = ['limit', 'cursor', 'after', 'reason', 'order', 'viewer'];

export interface Filter {
  readonly name: string;
  readonly schema: Json;
}
/** A `_search` of the contract with the filters that its schema declares. */
export interface List {
  readonly path: string;
  readonly operation: Operation;
  readonly filters: readonly Filter[];
  /** What its body must have besides. */
  readonly required: Json;
}

export const listsOf = (operations: readonly Operation[]): readonly List[] =>
  operations
    // A list of one object is looked at by the spec of that object.
    .filter(({ path }) => path.endsWith('/_search') && !path.includes('{'))
    .map((operation) => {
      const properties = (operation.schema?.['properties'] ?? {}) as Record<string, Json>;
      return {
        path: operation.path,
        operation,
        filters: Object.entries(properties)
          .filter(([name]) => !NO_FILTERS.includes(name))
          .map(([name, schema]) => ({ name, schema })),
        required: 'reason' in properties ? { reason: 'goes through all filters' } : {},
      };
    });

export const ask = (client: Client, list: List, body: Json): Promise<Answer> =>
  client.ask(list.path, { ...list.required, ...body });

/**
 * Whether it shows everything when nothing is asked for. A list that does not is searched by exactly what one knows, and
 * refuses anything less as `required`.
 */
export async function showsEverything(client: Client, list: List): Promise<boolean> {
  const { status, body } = await ask(client, list, {});
  if (status === 400 && body['code'] === 'required') return false;
  if (status === 200) return true;
  throw new Error(`${list.path} answers ${status} when nothing is asked for`);
}

export const itemsOf = ({ body }: Answer): readonly Json[] => body['items'] as readonly Json[];

/** Every item of a list with this filter, page by page. */
export async function wholeList(client: Client, list: List, filter: Json, limit: number): Promise<readonly Json[]> {
  const items: Json[] = [];
  let cursor: string | null = null;
  do {
    const more: Json = cursor === null ? {} : { cursor };
    const answer = having(await ask(client, list, { ...filter, limit, ...more }), 200);
    items.push(...itemsOf(answer));
    cursor = answer.body['next'] as string | null;
  } while (cursor !== null);
  return items;
}

type Shown = readonly unknown[];
const member = (item: Json, name: string): Json => (item[name] ?? {}) as Json;

/** Where a filter shows in an item when it is not a member of the same name, or one of a list of that name. */
const ELSEWHERE: Readonly<Record<string, (item: Json) => Shown>> = {
  '/v1/authorizations/_search authorizedPerson': (item) => [member(item, 'authorizedParty')['person']],
  '/v1/authorizations/_search authorizedParty': (item) => [member(item, 'authorizedParty')['party']],
  '/v1/authorizations/_search endsBefore': (item) => [item['validUntil']],
  '/v1/authorizations/_search notUsedSince': (item) => [item['registeredAt']],
  '/v1/authorizations/_search nonUse': (item) => ('nonUse' in item ? ['noticed'] : []),
  '/v1/authorizations/_search means': (item) => [member(item, 'authorizedParty')['means']],
  '/v1/revocation-requests/_search authorization': (item) => [member(item, 'object')['authorization']],
  '/v1/revocation-requests/_search person': (item) => [member(item, 'object')['person']],
  '/v1/revocation-requests/_search party': (item) => [member(item, 'object')['party']],
  '/v1/revocation-requests/_search means': (item) => [member(item, 'object')['means']],
  // What was refused or withdrawn has no deadline, and nothing is due before it.
  '/v1/revocation-requests/_search dueBefore': (item) => [item['dueAt'] ?? null],
  '/v1/confirmations/_search authorization': (item) => [member(item, 'about')['authorization']],
  '/v1/confirmations/_search means': (item) => [member(item, 'about')['means']],
  '/v1/confirmations/_search person': (item) => [member(item, 'addressee')['person']],
  '/v1/confirmations/_search party': (item) => [member(item, 'addressee')['party']],
  '/v1/confirmations/_search notDelivered': (item) => [['failed', 'none'].includes(String(item['outcome']))],
  '/v1/audit/checks/_search person': (item) => [
    member(item, 'about')['person'],
    ...['grantor', 'declaredBy', 'confirmer', 'voucher', 'signer', 'handedBy', 'subject'].map((name) => item[name]),
    ...((item['cosigners'] ?? []) as readonly string[]),
  ],
  '/v1/audit/checks/_search party': (item) => [
    member(item, 'about')['party'],
    ...(item['type'] === 'neutralThirdParty' ? [] : [item['party']]),
    item['employer'],
  ],
  '/v1/audit/authorizations/_search means': (item) => [member(item, 'authorizedParty')['means']],
  '/v1/audit/authorizations/_search party': (item) => [
    item['representedParty'],
    member(item, 'authorizedParty')['party'],
  ],
  '/v1/audit/authorizations/_search person': (item) => [
    member(item, 'submitter')['person'],
    item['legalRepresentative'],
    member(item, 'authorizedParty')['person'],
  ],
  '/v1/audit/means/_search person': (item) => [item['holder']],
  '/v1/audit/persons/_search document': (item) => (item['documents'] as readonly Json[]).map(({ id }) => id),
  '/v1/rights-requests/_search person': (item) => [member(item, 'about')['person']],
  '/v1/rights-requests/_search party': (item) => [member(item, 'about')['party']],
  '/v1/rights-requests/_search dueBefore': (item) => [item['status'] === 'received' ? item['answerBefore'] : null],
  '/v1/legal-holds/_search standing': (item) => [item['status'] === 'standing'],
  '/v1/audit/levels/_search id': (item) => [item['authorization']],
  '/v1/audit/documents/_search type': (item) => [item['documentType']],
  '/v1/audit/documents/_search actor': (item) => item['actors'] as readonly string[],
  '/v1/audit/events/_search object': (item) => String(item['stream']).split(/-(.+)/, 2).slice(1),
  '/v1/audit/events/_search actor': (item) => Object.values(member(item, 'actor')),
  '/v1/audit/records/_search actor': (item) => Object.values(member(item, 'actor')),
  '/v1/audit/records/_search type': (item) => [item['kind']],
  '/v1/audit/readings/_search reader': (item) => [member(item, 'actor')['clerk'], member(item, 'viewer')['person']],
  '/v1/audit/readings/_search client': (item) => [member(item, 'actor')['client']],
  '/v1/audit/readings/_search person': (item) => (item['subjects'] ?? []) as readonly string[],
};

/** Filters of the same objects in another list, where the item itself does not show what is asked for. */
export const NOT_SHOWN: ReadonlySet<string> = new Set([
  '/v1/audit/persons/_search means',
  '/v1/audit/levels/_search party',
  '/v1/audit/levels/_search person',
  '/v1/audit/levels/_search application',
  '/v1/audit/records/_search object',
  '/v1/audit/readings/_search object',
]);

/** What an item shows of what a filter asks for. Throws for a filter that nobody has said this of. */
export function shown(list: List, { name }: Filter, item: Json): Shown {
  const elsewhere = ELSEWHERE[`${list.path} ${name}`];
  if (elsewhere !== undefined) return elsewhere(item).filter((value) => value !== undefined);
  const moment = /^(.+)(?:From|Before)$/.exec(name)?.[1];
  if (moment !== undefined && `${moment}At` in item) return [item[`${moment}At`]];
  if (`${name}s` in item) return item[`${name}s`] as Shown;
  if (name in item) return Array.isArray(item[name]) ? item[name] : [item[name]];
  // A member that may be absent shows nothing of itself.
  if (OPTIONAL.has(`${list.path} ${name}`)) return [];
  throw new Error(`say in what member an item of ${list.path} shows ${name}`);
}
const OPTIONAL: ReadonlySet<string> = new Set([
  '/v1/means/_search party',
  '/v1/audit/means/_search party',
  '/v1/revocation-requests/_search breached',
]);

const ENDED: readonly unknown[] = ['expired', 'revoked'];

/** The items as a list with these filters has them: newest first, or by their end. */
export function inOrder(filters: readonly Filter[], items: readonly Json[]): readonly Json[] {
  if (!filters.some(({ name }) => name === 'endsBefore')) return items;
  const place = ({ validUntil, id }: Json): readonly string[] => [String(validUntil), String(id)];
  return [...items].sort((one, other) => {
    const [[end, key], [otherEnd, otherKey]] = [place(one), place(other)] as [[string, string], [string, string]];
    return end === otherEnd ? otherKey.localeCompare(key) : end.localeCompare(otherEnd);
  });
}

/** Whether the item shows that it meets the filter. */
export function meets(list: List, filter: Filter, value: unknown, item: Json): boolean {
  const values = shown(list, filter, item);
  // What has ended does not end any more.
  if (filter.name === 'endsBefore' && ENDED.includes(item['status'])) return false;
  if (filter.name === 'notUsedSince') {
    const [begun, used] = [item['validFrom'], item['lastUsedAt']];
    return [...values, begun, ...(used === undefined ? [] : [used])].every((one) => String(one) < String(value));
  }
  if (filter.name.endsWith('From')) return values.every((one) => String(one) >= String(value));
  if (filter.name.endsWith('Before')) return values.every((one) => String(one) < String(value));
  return values.includes(value);
}

/** Values to ask for: all words of a choice, both flags, what items show (`most` of them) and what none shows. */
export function valuesOf(list: List, filter: Filter, items: readonly Json[], most: number): readonly unknown[] {
  const { schema, name } = filter;
  if (schema['type'] === 'boolean') return [true, false];
  const known = NOT_SHOWN.has(`${list.path} ${name}`) ? [] : items.flatMap((item) => shown(list, filter, item));
  const distinct = [...new Set(known.filter((value) => value !== null))].sort();
  if (Array.isArray(schema['enum'])) {
    const words = schema['enum'] as readonly string[];
    const others = words.filter((word) => !distinct.includes(word));
    return [...distinct.filter((word) => words.includes(word as string)), ...others];
  }
  if (schema['format'] === 'date-time') return [distinct[distinct.length >> 1], '2100-01-01T00:00:00.000Z'];
  // A choice of one word.
  if ('const' in schema) return [schema['const']];
  const none = schema['format'] === 'uuid' ? NOBODY : 'NONE0000';
  const step = Math.max(1, Math.floor(distinct.length / most));
  return [...distinct.filter((_, index) => index % step === 0).slice(0, most), none];
}
