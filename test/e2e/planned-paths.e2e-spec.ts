import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { PLANNED_PATHS } from '#libs/composition';
import { items } from '../contract/docs/markdown.js';
import type { Answer, Client } from './support/client.js';
import { NOBODY } from './support/contract.js';
import { startSuite, type TestSuite } from './support/suite.js';

let suite: TestSuite;
let client: Client;
beforeAll(async () => {
  suite = await startSuite();
  client = await suite.client('supplier');
});
afterAll(() => suite.end());

const page = readFileSync(new URL('../../docs/interfaces.md', import.meta.url), 'utf8');
const section = (from: string, to: string): string => page.slice(page.indexOf(from), page.indexOf(to));

/** `/v1/explanations/{authorizations|means}/{id}` → one address for each. */
function eachOf(path: string): readonly string[] {
  const choice = /\{([^}]*\|[^}]*)\}/.exec(path);
  if (choice === null) return [path];
  return choice[1]!.split('|').map((one) => path.replace(choice[0], one));
}

interface Documented {
  readonly path: string;
  /** Marked as not built yet. */
  readonly later: boolean;
}

/** The addresses that the lists of §2 begin with. One that begins with `{id}` stands below the one before it. */
function documented(): readonly Documented[] {
  return items(section('## 2 Paths', 'Roles are bundles')).flatMap((line) => {
    const [named] = /^(?:`\/[^`]*`(?: _later_)? ?)*/.exec(line)!;
    let base = '';
    return [...named.matchAll(/`([^`]+)`( _later_)?/g)].flatMap(([, path, mark]) => {
      const later = mark !== undefined;
      if (path!.startsWith('/{id}')) return [{ path: base + path!, later }];
      base = path!;
      return eachOf(path!).map((one) => ({ path: one, later }));
    });
  });
}

const asked = new Map<string, Promise<Answer>>();
function get(path: string): Promise<Answer> {
  const address = path.replace('{code}', 'not-found').replaceAll(/\{[^}]+\}/g, NOBODY);
  const known = asked.get(address) ?? client.send('GET', address);
  asked.set(address, known);
  return known;
}
const says = async (path: string): Promise<boolean> => {
  const { status, body } = await get(path);
  return status === 404 && /^The contract describes this address/.test(String(body['detail']));
};
/** What stands below a collection by its name alone: read, it is an id that nothing has. */
const isPosted = async (path: string): Promise<boolean> =>
  path.includes('/_') && (await client.send('POST', path, { body: {} })).status !== 404;
const isPlanned = (path: string): boolean =>
  PLANNED_PATHS.some((planned) => path === planned || path.startsWith(`${planned}/`));

describe('an address of the contract that is not there yet', () => {
  it('is marked on the page, and no other is', () => {
    const paths = documented().map(({ path, later }) => ({ path: path.replace(/\/…$/, ''), later }));
    expect(paths.length).toBeGreaterThan(60);
    expect(paths.filter(({ path, later }) => later !== isPlanned(path))).toEqual([]);
    const decisions = section('## 7 Decision', '## 8 ');
    for (const planned of PLANNED_PATHS) {
      const isKnown = paths.some(({ path }) => path === planned || path.startsWith(`${planned}/`));
      const isMarked = new RegExp(`\`${planned}(?:/[a-z]+)?\` _later_`).test(decisions);
      expect([planned, isKnown || isMarked]).toEqual([planned, true]);
    }
  });

  it('says so, and every other one of the page is there', async () => {
    for (const { path, later } of documented().filter(({ path }) => !path.endsWith('…'))) {
      expect([path, await says(path)]).toEqual([path, later]);
      if (later) continue;
      const { status, body } = await get(path);
      const isList = (await get(`${path}/_search`)).status === 405;
      const isThere = status !== 404 || body['code'] !== 'not-found' || isList || (await isPosted(path));
      expect([path, isThere]).toEqual([path, true]);
    }
  });

  it('says so below it, in Dutch as well, and of nothing else', async () => {
    for (const path of ['/v1/imports/_search', `/v1/consents/${NOBODY}`]) {
      expect([path, await says(path)]).toEqual([path, true]);
    }
    for (const path of ['/v1/importsaws', '/v1/nothing-of-the-kind', '/v1', '/logs']) {
      expect([path, (await get(path)).status, await says(path)]).toEqual([path, 404, false]);
    }
    const dutch = await client.send('GET', '/v1/imports', { headers: { 'accept-language': 'nl' } });
    expect(dutch.body).toMatchObject({
      ...{ code: 'not-found', title: 'Niet gevonden' },
      detail: 'Het contract beschrijft dit adres; deze versie heeft het nog niet.',
    });
  });
});
