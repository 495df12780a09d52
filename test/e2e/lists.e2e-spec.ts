import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalJson } from '#libs/kernel';
import type { Scope } from '#libs/platform';
import { unless } from '#libs/testing';
import type { Json } from './support/api.js';
import { at, paperCase, type PaperCase } from './support/case.js';
import { faultsOf, having, type Client } from './support/client.js';
import { operationsOf } from './support/contract.js';
import {
  ask,
  inOrder,
  itemsOf,
  listsOf,
  meets,
  NOT_SHOWN,
  showsEverything,
  valuesOf,
  wholeList,
  type List,
} from './support/lists.js';
import { filled, type ListSuite } from './support/filled-lists.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { inOneProcess, ON_CLUSTER, startSuite, type TestSuite } from './support/suite.js';

const DAY = 86_400_000;

const idOf = (item: Json): string => (item['id'] ?? item['authorization']) as string;

/** On a cluster only those whose rows are in PostgreSQL: the ones in memory are the same everywhere. */
const PLACES: readonly [string, () => Promise<{ suite: ListSuite; end(): Promise<void> }>][] = [
  [
    'in memory',
    async () => {
      const suite = await startMemorySuite({ telling: { language: 'nl' } });
      return { suite, end: () => suite.end() };
    },
  ],
  [
    'on stores that last',
    async () => {
      const suite = await startSuite();
      return { suite, end: () => suite.end() };
    },
  ],
];

describe.each(ON_CLUSTER ? PLACES.slice(1) : PLACES)('every list, %s', (_where, start) => {
  let suite: ListSuite;
  let end: () => Promise<void>;
  let lists: readonly List[];
  let exact: readonly List[];
  let clientOf: ReadonlyMap<string, Client>;

  beforeAll(async () => {
    ({ suite, end } = await start());
    await filled(suite);
    // What is read of the records is on record itself: audit.e2e-spec.ts looks at those lists.
    const itself = ['/v1/audit/records/_search', '/v1/audit/readings/_search'];
    const all = listsOf(await operationsOf(suite.url)).filter(({ path }) => !itself.includes(path));
    clientOf = new Map(
      await Promise.all(
        all.map(
          async ({ path, operation }) => [path, await suite.client(operation.scopes as readonly Scope[])] as const,
        ),
      ),
    );
    const open: List[] = [];
    for (const list of all) if (await showsEverything(clientOf.get(list.path)!, list)) open.push(list);
    lists = open;
    exact = all.filter((list) => !open.includes(list));
  });
  afterAll(() => end());

  const everyItem = (list: List): Promise<readonly Json[]> => wholeList(clientOf.get(list.path)!, list, {}, 100);

  it('is one of the contract’s, and has filters', () => {
    expect(lists.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        ...['applications', 'authorizations', 'checks', 'levels', 'means', 'parties', 'revocation-requests'].map(
          (name) => `/v1/${name}/_search`,
        ),
        ...['authorizations', 'checks', 'levels', 'means', 'persons'].map((name) => `/v1/audit/${name}/_search`),
      ]),
    );
    for (const list of lists) expect([list.path, list.filters.length > 0]).toEqual([list.path, true]);
  });

  it('shows by each filter, alone and in pairs, exactly what its items say, or refuses it as documented', async () => {
    const wrong: unknown[] = [];
    let shown = 0;
    for (const list of lists) {
      const whole = await everyItem(list);
      expect([list.path, whole.length > 2]).toEqual([list.path, true]);
      const judge = async (filters: readonly (readonly [List['filters'][number], unknown])[]): Promise<void> => {
        const body = Object.fromEntries(filters.map(([{ name }, value]) => [name, value]));
        const answer = await ask(clientOf.get(list.path)!, list, { ...body, limit: 100 });
        const refused = answer.status === 400 && list.operation.codes.includes(answer.body['code'] as string);
        if (refused) return;
        if (answer.status !== 200) return void wrong.push([list.path, body, answer.status]);
        shown += 1;
        const visible = filters.filter(([{ name }]) => !NOT_SHOWN.has(`${list.path} ${name}`));
        const met = whole.filter((item) => visible.every(([filter, value]) => meets(list, filter, value, item)));
        const expected = inOrder(
          filters.map(([filter]) => filter),
          met,
        ).slice(0, 100);
        const got = itemsOf(answer).map(idOf);
        const same =
          visible.length === filters.length
            ? JSON.stringify(got) === JSON.stringify(expected.map(idOf))
            : got.every((id) => expected.some((item) => idOf(item) === id));
        if (!same) wrong.push([list.path, body, { got, expected: expected.map(idOf) }]);
      };
      for (const [index, filter] of list.filters.entries()) {
        for (const value of valuesOf(list, filter, whole, 3)) await judge([[filter, value]]);
        for (const other of list.filters.slice(index + 1)) {
          for (const value of valuesOf(list, filter, whole, 1).slice(0, 5)) {
            for (const more of valuesOf(list, other, whole, 1).slice(0, 5)) {
              await judge([
                [filter, value],
                [other, more],
              ]);
            }
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(shown).toBeGreaterThan(500);
  });

  it('that is searched by exactly what one knows answers that, and refuses anything less', async () => {
    for (const list of exact) {
      const known = list.operation.example ?? {};
      having(await ask(clientOf.get(list.path)!, list, known), 200);
      for (const name of Object.keys(known)) {
        const { [name]: _left, ...less } = known;
        const answer = await ask(clientOf.get(list.path)!, list, less);
        expect([list.path, name, answer.status, answer.body['code']]).toEqual([list.path, name, 400, 'required']);
      }
    }
  });

  it('shows every standing that it says it has', async () => {
    for (const [path, ...statuses] of [
      ['/v1/authorizations/_search', 'awaitingActivation', 'notYetValid', 'active', 'suspended', 'expired', 'revoked'],
      ['/v1/means/_search', 'applied', 'issued', 'active', 'suspended', 'revoked'],
      ['/v1/revocation-requests/_search', 'received', 'withdrawn', 'refused', 'effected'],
    ] as const) {
      const items = await everyItem(lists.find((list) => list.path === path)!);
      expect(new Set(items.map(({ status }) => status))).toEqual(new Set(statuses));
    }
  });

  it('is paged by each filter without losing or repeating any', async () => {
    for (const list of lists) {
      const client = clientOf.get(list.path)!;
      const whole = await everyItem(list);
      expect((await wholeList(client, list, {}, 2)).map(idOf)).toEqual(whole.map(idOf));
      for (const filter of list.filters) {
        for (const value of valuesOf(list, filter, whole, 1).slice(0, 5)) {
          const body = { [filter.name]: value };
          const all = (await wholeList(client, list, body, 100)).map(idOf);
          expect([list.path, body, (await wholeList(client, list, body, 2)).map(idOf)]).toEqual([list.path, body, all]);
        }
      }
    }
  });
});

unless(inOneProcess('its time passes by a clock of its own')).describe('a list while time passes', () => {
  let suite: MemorySuite;
  let supplier: Client;
  let lists: readonly List[];
  let case1: PaperCase;
  const made: string[] = [];

  beforeAll(async () => {
    suite = await startMemorySuite();
    supplier = await suite.client('supplier');
    case1 = await paperCase(supplier);
    const means = await case1.means();
    for (let index = 0; index < 6; index++) {
      // Every second one ends within the hour.
      const period = { from: at(-1_000), until: at(index % 2 === 0 ? 3_600_000 : 30 * DAY) };
      made.unshift((await case1.authorize(means.id, { period }))['id'] as string);
    }
    lists = listsOf(await operationsOf(suite.url));
  });
  afterAll(() => suite.end());

  it.each(['/v1/authorizations/_search', '/v1/levels/_search', '/v1/audit/authorizations/_search'])(
    '%s is of the moment of its first page, to the last one',
    async (path) => {
      const list = lists.find((one) => one.path === path)!;
      const client = await suite.client(list.operation.scopes as readonly Scope[]);
      const hourBefore = made.length;
      const first = having(await ask(client, list, { status: 'active', limit: 2 }), 200);
      suite.pass(2 * 3_600_000);
      try {
        const items = [...itemsOf(first)];
        let cursor = first.body['next'] as string | null;
        while (cursor !== null) {
          const page = having(await ask(client, list, { status: 'active', limit: 2, cursor }), 200);
          items.push(...itemsOf(page));
          cursor = page.body['next'] as string | null;
        }
        expect(items.map(idOf)).toEqual(made);
        expect(new Set(items.map(({ status }) => status))).toEqual(new Set(['active']));
        expect(items).toHaveLength(hourBefore);
        // A new list is of now.
        const standing = async (status: string): Promise<readonly string[]> =>
          (await wholeList(client, list, { status }, 2)).map(idOf);
        expect(await standing('active')).toEqual(made.filter((_, index) => index % 2 === 0));
        expect(await standing('expired')).toEqual(made.filter((_, index) => index % 2 === 1));
      } finally {
        suite.pass(-2 * 3_600_000);
      }
    },
  );
});

describe('a cursor that no list gave out', () => {
  let suite: TestSuite;
  const lists: List[] = [];
  beforeAll(async () => {
    suite = await startSuite();
    for (const list of listsOf(await operationsOf(suite.url))) {
      const client = await suite.client(list.operation.scopes as readonly Scope[]);
      if (await showsEverything(client, list)) lists.push(list);
    }
  });
  afterAll(() => suite.end());

  /** As anybody could make one who has read the source. */
  const forged = (name: string, content: string): string =>
    Buffer.from(
      createHash('sha256')
        .update(`${name}\n${canonicalJson({})}\n${content}`)
        .digest('hex')
        .slice(0, 16) + content,
    ).toString('base64url');
  const id = '00000000-0000-4000-8000-000000000000';

  it.each([
    ['["1","\u0000"]'],
    [`["1","${id}\u0000"]`],
    ['["1","somebody@example.org"]'],
    [`["9999999999999999999","${id}"]`],
    [`["-1","${id}"]`],
    [`["1","${id.toUpperCase().replace('4', 'A')}"]`],
    [`["1","${id}","2100-01-01T00:00:00.000Z"]`],
    [`["1","${id}","9999-12-31T23:59:59.999Z"]`],
    [`["1","${id}","2026-02-30T00:00:00.000Z"]`],
    [`["1","${id}","2026-01-01T00:00:00Z"]`],
    [`["1","${id}",null]`],
    [`["1"]`],
    ['\u0000'],
    ['\ud800'],
  ])('is refused without noise: %j', async (content) => {
    for (const list of lists) {
      const name = list.path.split('/').slice(2, -1).join('-');
      const client = await suite.client(list.operation.scopes as readonly Scope[]);
      const before = suite.lines.length;
      for (const cursor of [forged(name, content), Buffer.from(content).toString('base64url') || 'x']) {
        const answer = await ask(client, list, { cursor });
        expect([list.path, answer.status, faultsOf(answer)]).toEqual([list.path, 400, ['/cursor invalid-cursor']]);
      }
      const noise = suite.lines.slice(before).filter((line) => /"level":(?:40|50|60)|stack/.test(line));
      expect(noise).toEqual([]);
    }
  });

  it('is read when it is well formed: the checksum is no secret and keeps nothing from anybody', async () => {
    const supplier = await suite.client('supplier');
    const cursor = forged('applications', `["1","${id}"]`);
    having(await supplier.ask('/v1/applications/_search', { cursor }), 200);
  });
});
