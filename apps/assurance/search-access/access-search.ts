import type { AccessRequest, NamedViewer } from '#libs/application';
import { canonicalJson, isUuid } from '#libs/kernel';
import { PHRASES, type Fault } from '#libs/platform';
import { isObject, noObject, readAccessRequest, type Members } from '../evaluate-access/access-request.js';
import type { PageTokens } from './page-tokens.js';

/** What is searched for: who, for whom, or what. */
export type Searched = 'subject' | 'resource' | 'action';

/** Entries of a page. */
export const MOST_RESULTS = 100;

export interface AccessSearch {
  readonly searched: Searched;
  /** The question with what is searched for left empty. */
  readonly request: AccessRequest;
  readonly limit: number;
  /** Who views a search of people (VIS); absent: nobody, who sees nobody. */
  readonly viewer?: NamedViewer;
  /** Key of the last entry that was looked at on the page before; empty: none was. */
  readonly after: string;
  /** The token with which the search goes on behind that entry. */
  tokenAfter(key: string): string;
}

export type ReadSearch = { readonly search: AccessSearch } | { readonly faults: readonly Fault[] };

/** Who searches, and what the tokens of his pages are sealed with. */
export interface Paging {
  readonly client: string;
  readonly tokens: PageTokens;
}

/**
 * Reads the body of a search to the letter of AuthZEN 1.0. What is searched for needs no id (an action: not to be there at
 * all), and one that is sent is passed over.
 */
export function readAccessSearch(searched: Searched, body: unknown, { client, tokens }: Paging): ReadSearch {
  if (!isObject(body)) return noObject(body, '');
  const read = readAccessRequest(withoutSearched(searched, body));
  const page = readPageOf(body['page']);
  const faults = [...('faults' in read ? read.faults : []), ...('faults' in page ? page.faults : [])];
  if (!('request' in read) || !('limit' in page) || faults.length > 0) return { faults };
  const { request } = read;
  const viewer = searched === 'subject' ? viewerIn(body['context']) : undefined;
  const list = listOf(client, searched, request, viewer);
  const before = page.token === undefined ? undefined : placeOf(tokens.open(list, page.token));
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
      ...(viewer === undefined ? {} : { viewer }),
      tokenAfter: (key) => tokens.seal(list, JSON.stringify([limit ?? null, key])),
    },
  };
}

/** One of another form is none: what is unknown is no error here. */
function viewerIn(context: unknown): NamedViewer | undefined {
  const viewer = isObject(context) ? context['viewer'] : undefined;
  if (!isObject(viewer)) return undefined;
  const { person, authentication } = viewer;
  if (typeof person !== 'string' || typeof authentication !== 'string') return undefined;
  const named = { person: person.toLowerCase(), authentication: authentication.toLowerCase() };
  return isUuid(named.person) && isUuid(named.authentication) ? named : undefined;
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

/** A token of another caller or search is none. Ids of the call itself, such as its trace, may differ from page to page. */
function listOf(client: string, searched: Searched, request: AccessRequest, viewer: NamedViewer | undefined): string {
  const { time: _time, traceparent: _traceparent, ...asked } = request;
  return canonicalJson({ client, searched, asked, ...(viewer === undefined ? {} : { viewer: { ...viewer } }) });
}

function placeOf(text: string | undefined): { readonly limit: number | undefined; readonly after: string } | undefined {
  if (text === undefined) return undefined;
  const [limit, after] = JSON.parse(text) as [number | null, string];
  return { limit: limit ?? undefined, after };
}
