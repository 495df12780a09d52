import { createHash } from 'node:crypto';
import { canonicalJson } from '#libs/kernel';
import { PHRASES, type Fault } from '#libs/platform';
import {
  isObject,
  noObject,
  readAccessRequest,
  type AccessRequest,
  type Members,
} from '../evaluate-access/access-request.js';

/** What is searched for: who, for whom, or what. */
export type Searched = 'subject' | 'resource' | 'action';

/** Entries of a page. */
export const MOST_RESULTS = 100;

export interface AccessSearch {
  readonly searched: Searched;
  /** The question with what is searched for left empty. */
  readonly request: AccessRequest;
  readonly limit: number;
  /** Key of the last entry that was looked at on the page before; empty: none was. */
  readonly after: string;
  /** The token with which the search goes on behind that entry. */
  tokenAfter(key: string): string;
}

export type ReadSearch = { readonly search: AccessSearch } | { readonly faults: readonly Fault[] };

/**
 * Reads the body of a search to the letter of AuthZEN 1.0. What is searched for needs no id (an action: not to be there at
 * all), and one that is sent is passed over.
 */
export function readAccessSearch(searched: Searched, body: unknown): ReadSearch {
  if (!isObject(body)) return noObject(body, '');
  const read = readAccessRequest(withoutSearched(searched, body));
  const page = readPageOf(body['page']);
  const faults = [...('faults' in read ? read.faults : []), ...('faults' in page ? page.faults : [])];
  if (!('request' in read) || !('limit' in page) || faults.length > 0) return { faults };
  const { request } = read;
  const sumOf = (content: string): string => checksum(searched, request, content);
  const before = page.token === undefined ? undefined : decode(page.token, sumOf);
  if (page.token !== undefined && before === undefined) {
    return { faults: [{ pointer: '/page/token', code: 'invalid-cursor' }] };
  }
  if (before !== undefined && page.limit !== undefined && page.limit !== before.limit) {
    return { faults: [{ pointer: '/page/limit', code: 'invalid-value', detail: SAME_LIMIT }] };
  }
  const limit = before === undefined ? page.limit : before.limit;
  return {
    search: {
      searched,
      request,
      limit: Math.min(limit ?? MOST_RESULTS, MOST_RESULTS),
      after: before?.after ?? '',
      tokenAfter(key) {
        const content = JSON.stringify([limit ?? null, key]);
        return Buffer.from(sumOf(content) + content).toString('base64url');
      },
    },
  };
}

const SAME_LIMIT = {
  en: 'must be the one of the first page, or be left out',
  nl: 'moet die van de eerste bladzijde zijn, of worden weggelaten',
};

function withoutSearched(searched: Searched, body: Members): Members {
  if (searched === 'action') return { ...body, action: { name: 'represent' } };
  const entity = body[searched];
  return isObject(entity) ? { ...body, [searched]: { ...entity, id: '' } } : body;
}

type ReadPage =
  { readonly limit: number | undefined; readonly token: string | undefined } | { readonly faults: readonly Fault[] };

function readPageOf(page: unknown): ReadPage {
  if (page === undefined) return { limit: undefined, token: undefined };
  if (!isObject(page)) return { faults: [{ pointer: '/page', code: 'wrong-type', detail: PHRASES.object() }] };
  const { limit, token } = page;
  const faults: Fault[] = [];
  if (limit !== undefined && !(typeof limit === 'number' && Number.isSafeInteger(limit) && limit >= 0)) {
    const code = typeof limit === 'number' ? 'invalid-value' : 'wrong-type';
    faults.push({ pointer: '/page/limit', code, detail: PHRASES.whole(0, MOST_RESULTS) });
  }
  if (token !== undefined && typeof token !== 'string') {
    faults.push({ pointer: '/page/token', code: 'wrong-type', detail: PHRASES.text() });
  }
  if (faults.length > 0) return { faults };
  // The token of an end is empty; who sends it begins anew.
  return { limit: limit as number | undefined, token: token === '' ? undefined : (token as string | undefined) };
}

const SUM_LENGTH = 16;

/**
 * Finds a token of another search, and mix-ups. It is no secret: a forged token gives nothing but another page of what the
 * caller may ask anyway. Ids of the call itself, such as its trace, may differ from page to page.
 */
function checksum(searched: Searched, request: AccessRequest, content: string): string {
  const { time: _time, traceparent: _traceparent, ...asked } = request;
  return createHash('sha256')
    .update(`${searched}\n${canonicalJson(asked)}\n${content}`)
    .digest('hex')
    .slice(0, SUM_LENGTH);
}

function decode(
  token: string,
  sumOf: (content: string) => string,
): { readonly limit: number | undefined; readonly after: string } | undefined {
  if (token.length > 1_024) return undefined;
  const text = Buffer.from(token, 'base64url').toString();
  const content = text.slice(SUM_LENGTH);
  if (text.slice(0, SUM_LENGTH) !== sumOf(content)) return undefined;
  const [, limit, after] = PLACE.exec(content) ?? [];
  if (limit === undefined || after === undefined) return undefined;
  return { limit: limit === 'null' ? undefined : Number(limit), after };
}

/** Nothing but what a page gives out: anybody can work out a checksum. */
const PLACE = /^\[(null|\d{1,16}),"([A-Za-z0-9:._-]{0,200})"\]$/;
