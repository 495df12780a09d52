import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { indexMaps, type IndexMaps } from '#libs/application';
import { CHAIN, DAY, link, means, NOW, party, policy, SERVICE } from '../../../test/e2e/assurance/state.js';
import type { AnswerHead } from '../evaluate-access/give-answer.js';
import { readAccessSearch, type Searched } from './access-search.js';
import { pageTokens } from './page-tokens.js';
import { searchQuestion } from './search-question.js';

const head: AnswerHead = {
  ...{ id: 'r', ruleSet: 'eh', position: 'p', issuer: 'https://register.example', audience: 'network' },
  endpoint: 'https://register.example/access/v1/search/resource',
  issuedAt: '2026-03-02T09:00:00.000Z' as AnswerHead['issuedAt'],
};

const keys = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map(
  (key, nr) => `v1.lookup-${nr}-00000000.${key.toString('base64url')}`,
);
const tokens = await pageTokens({ lookupHashes: async () => keys });
const paging = { client: 'network', tokens };

interface Page {
  readonly results: readonly { readonly id?: string; readonly properties?: { readonly service?: string } }[];
  readonly page: { readonly next_token: string; readonly count: number };
}

function questionOf(index: IndexMaps, searched: Searched, more: { service?: string; page?: object } = {}) {
  const read = readAccessSearch(
    searched,
    {
      subject: { type: 'means', id: 'pseudonym' },
      action: { name: 'represent', properties: { service: more.service ?? SERVICE } },
      resource: { type: 'organization', id: 'kvk:1' },
      ...(more.page === undefined ? {} : { page: more.page }),
    },
    paging,
  );
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return searchQuestion(read.search, index, policy);
}
function pageOf(index: IndexMaps, searched: Searched, more: Parameters<typeof questionOf>[2] = {}): Page {
  const question = questionOf(index, searched, more);
  return question.answer(question.judge(NOW), head) as unknown as Page;
}
const idsOf = ({ results }: Page): unknown => results.map(({ id }) => id);

/** As many organizations as are asked for; `holds` says of which the means has an authorization that stands. */
function register(parties: number, holds: (nr: number) => boolean = () => true): IndexMaps {
  const maps = indexMaps();
  means(maps);
  for (let nr = 1; nr <= parties; nr++) {
    const id = `party-${String(nr).padStart(4, '0')}`;
    party(maps, id);
    link(maps, `a-${nr}`, id, 'pseudonym', holds(nr) ? {} : { status: 'revoked' });
  }
  return maps;
}

describe('a search', () => {
  it('finds whom an intermediary may represent, where the service supports chains', () => {
    const maps = indexMaps();
    means(maps);
    for (const id of ['party-1', 'party-2', 'party-3', 'party-4']) party(maps, id);
    link(maps, 'own', 'party-2', 'pseudonym');
    link(maps, 'first', 'party-1', 'party-2', { onlyForClients: undefined as never });
    link(maps, 'second', 'party-3', 'party-1');
    link(maps, 'third', 'party-4', 'party-3');
    expect(idsOf(pageOf(maps, 'resource', { service: CHAIN }))).toEqual(['kvk:1', 'kvk:2', 'kvk:3']);
    expect(idsOf(pageOf(maps, 'resource'))).toEqual(['kvk:2']);
    expect(maps.represented('pseudonym', 0)).toEqual(['party-2']);
    expect(maps.represented('nobody', 2)).toEqual([]);
  });

  it('has whom a means may represent in order once, until that changes', () => {
    const maps = register(3);
    const before = maps.represented('pseudonym', 0);
    expect(maps.represented('pseudonym', 0)).toBe(before);
    party(maps, 'party-0000');
    link(maps, 'new', 'party-0000', 'pseudonym');
    expect(maps.represented('pseudonym', 0)).toEqual(['party-0000', ...before]);
    const chained = maps.represented('pseudonym', 1);
    party(maps, 'party-0009');
    link(maps, 'of-a-client', 'party-0009', 'party-0001');
    expect(maps.represented('pseudonym', 1)).toEqual([...chained, 'party-0009']);
  });

  it('goes page by page to the end, without a gap and without an entry twice', () => {
    const maps = register(250, (nr) => nr % 5 !== 0);
    const seen: unknown[] = [];
    let token: string | undefined;
    do {
      const page = pageOf(maps, 'resource', { page: token === undefined ? { limit: 30 } : { token } });
      expect(page.page.count).toBe(page.results.length);
      expect(page.results.length).toBeLessThanOrEqual(30);
      seen.push(...page.results.map(({ id }) => id));
      token = page.page.next_token;
    } while (token !== '');
    const all = Array.from({ length: 250 }, (_, place) => place + 1).filter((nr) => nr % 5 !== 0);
    expect(seen).toEqual(all.map((nr) => `kvk:${String(nr).padStart(4, '0')}`));
  });

  it('judges a bounded number for a page, and goes on behind them', () => {
    const maps = register(450, (nr) => nr === 449);
    const first = pageOf(maps, 'resource');
    expect([first.results, first.page.next_token === '']).toEqual([[], false]);
    const second = pageOf(maps, 'resource', { page: { token: first.page.next_token } });
    const third = pageOf(maps, 'resource', { page: { token: second.page.next_token } });
    expect([second.results, idsOf(third), third.page.next_token]).toEqual([[], ['kvk:0449'], '']);
  });

  it('has no next page where the last entry fills one', () => {
    const maps = register(3);
    expect(pageOf(maps, 'resource', { page: { limit: 3 } }).page).toEqual({ next_token: '', count: 3 });
    expect(pageOf(maps, 'resource', { page: { limit: 1_000 } }).page).toEqual({ next_token: '', count: 3 });
    expect(pageOf(register(101), 'resource', { page: { limit: 1_000 } }).page.count).toBe(100);
  });

  it('with a limit of nothing finds nothing, and begins at the start', () => {
    const { results, page } = pageOf(register(2), 'resource', { page: { limit: 0 } });
    expect([results, page.count, page.next_token === '']).toEqual([[], 0, false]);
    const again = pageOf(register(2), 'resource', { page: { token: page.next_token } });
    expect([again.results, again.page.next_token === '']).toEqual([[], false]);
  });

  it('finds every service at which the organization may be represented', () => {
    const maps = indexMaps();
    means(maps);
    party(maps, 'party-1');
    link(maps, 'a', 'party-1', 'pseudonym', { scope: { services: [SERVICE, 'urn:service:gone'] } });
    const { results } = pageOf(maps, 'action');
    expect(results.map(({ properties }) => properties!.service)).toEqual(['urn:service:gone', SERVICE]);
  });

  it('stands until the first of what it found stops, and while all of it holds', () => {
    const maps = register(2);
    link(maps, 'a-1', 'party-0001', 'pseudonym', { validUntil: new Date(NOW + DAY).toISOString() as never });
    const question = questionOf(maps, 'resource');
    const found = question.judge(NOW);
    expect(question.until(found)).toBe(NOW + DAY);
    expect([question.holds(found, NOW + 1), question.holds(found, NOW + DAY)]).toEqual([true, false]);
    // What it would say of an entry is another thing by now.
    link(maps, 'a-2', 'party-0002', 'pseudonym', { m: 2 });
    expect(question.holds(found, NOW + 1)).toBe(false);
    expect(question.holds(question.judge(NOW), NOW + 1)).toBe(true);
    expect(question.until(questionOf(maps, 'subject').judge(NOW))).toBeUndefined();
  });

  it('judges people by the authorizations that are seen of them, and by no other (VIS-03)', () => {
    const maps = register(1);
    link(maps, 'low', 'party-0001', 'pseudonym', { m: 2 });
    party(maps, 'party-0002');
    link(maps, 'to-intermediary', 'party-0001', 'party-0002');
    link(maps, 'of-intermediary', 'party-0002', 'pseudonym');
    const read = readAccessSearch(
      'subject',
      {
        subject: { type: 'means' },
        action: { name: 'represent', properties: { service: CHAIN } },
        resource: { type: 'organization', id: 'kvk:0001' },
      },
      paging,
    );
    if ('faults' in read) throw new Error(JSON.stringify(read.faults));
    const levelBy = (...seen: readonly string[]): unknown => {
      const question = searchQuestion(read.search, maps, policy, new Map([['pseudonym', new Set(seen)]]));
      const found = question.judge(NOW);
      const { results } = question.answer(found, head) as unknown as { results: readonly { properties: object }[] };
      if (results.length > 0) expect(question.holds(found, NOW + 1)).toBe(true);
      return results.map(({ properties }) => properties);
    };
    expect(levelBy('a-1', 'low')).toEqual([{ level: 'EH3' }]);
    expect(levelBy('low')).toEqual([{ level: 'EH2+' }]);
    expect(levelBy('to-intermediary', 'of-intermediary')).toEqual([{ level: 'EH3' }]);
    for (const seen of [['to-intermediary'], ['of-intermediary'], []]) expect(levelBy(...seen)).toEqual([]);
  });

  it('says that it could not look where the index may not answer, and begins there again', () => {
    const maps = register(3);
    const question = questionOf(maps, 'resource');
    for (const page of [question.judge(undefined), question.withheld(question.judge(NOW))]) {
      const { results, page: told, context } = question.answer(page, head) as unknown as Page & { context: object };
      expect([results, context]).toEqual([[], { ...head, reasons: [{ code: 'index-not-current' }] }]);
      expect(idsOf(pageOf(maps, 'resource', { page: { token: told.next_token } }))).toHaveLength(3);
    }
  });

  it.each([
    ['another search', 'action', {}],
    ['another question', 'resource', { action: { name: 'represent', properties: { service: CHAIN } } }],
    ['another context', 'resource', { context: { via: 'kvk:1' } }],
    ['another establishment', 'resource', { resource: { type: 'organization', properties: { establishment: '1' } } }],
  ])('takes no token of %s', (_what, searched, more) => {
    const token = pageOf(register(3), 'resource', { page: { limit: 1 } }).page.next_token;
    const body = {
      subject: { type: 'means', id: 'pseudonym' },
      action: { name: 'represent', properties: { service: SERVICE } },
      resource: { type: 'organization', id: 'kvk:1' },
    };
    expect('search' in readAccessSearch('resource', { ...body, page: { token } }, paging)).toBe(true);
    const other = readAccessSearch(searched as Searched, { ...body, ...more, page: { token } }, paging);
    expect(other).toEqual({ faults: [{ pointer: '/page/token', code: 'invalid-cursor' }] });
  });

  it('takes no token of another caller, and none that was changed', () => {
    const { next_token: token } = pageOf(register(3), 'resource', { page: { limit: 1 } }).page;
    const taken = (sent: string, by = paging): boolean => {
      const body = {
        subject: { type: 'means', id: 'pseudonym' },
        action: { name: 'represent', properties: { service: SERVICE } },
      };
      return (
        'search' in
        readAccessSearch('resource', { ...body, resource: { type: 'organization' }, page: { token: sent } }, by)
      );
    };
    expect(taken(token)).toBe(true);
    expect(taken(token, { ...paging, client: 'another' })).toBe(false);
    const bytes = Buffer.from(token, 'base64url');
    for (let place = 0; place < bytes.length; place++) {
      const changed = Buffer.from(bytes);
      changed[place]! ^= 1;
      expect([place, taken(changed.toString('base64url'))]).toEqual([place, false]);
    }
    const old = createHash('sha256').update('[1,"party-0001"]').digest('hex').slice(0, 16);
    const forged = Buffer.from(`${old}[1,"party-0001"]`).toString('base64url');
    for (const sent of [forged, `${token}=`, token.slice(0, -4), 'AAAA', 'x'.repeat(2_000)])
      expect(taken(sent)).toBe(false);
  });

  it('gives tokens that say nothing, and that are taken after the key was rotated', async () => {
    const { next_token: token } = pageOf(register(3), 'resource', { page: { limit: 1 } }).page;
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toMatch(/party/);
    const rotated = await pageTokens({ lookupHashes: async () => [keys[1]!, keys[0]!] });
    expect(rotated.open('list', tokens.seal('list', 'place'))).toBe('place');
    expect(rotated.open('other', tokens.seal('list', 'place'))).toBeUndefined();
  });

  it('keeps no token in its record, by which what is not kept could be guessed', async () => {
    const question = questionOf(register(3), 'resource', { page: { limit: 1 } });
    const found = question.judge(NOW);
    const answer = question.answer(found, head);
    const { bytes } = await question.record(found, {
      ...{ id: 'r', kind: 'decision' as const, at: NOW, position: 42n, identity: { store: 's', epoch: 3 }, policy },
      ids: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceparent: 'of the connection', correlationId: 'c' },
      ...{ actor: { client: 'network' }, answer },
    });
    const { data } = JSON.parse(bytes) as { data: { body: Record<string, object> } };
    expect(data.body['adl.core.response']).toMatchObject({ page: { next_token: '(not kept)', count: 1 } });
    expect(bytes).not.toContain((answer['page'] as { next_token: string }).next_token);
  });
});
