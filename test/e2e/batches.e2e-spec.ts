import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CHECK_TYPES, MAX_CHECKS } from '#libs/domain';
import { StoreUnavailable, type EventStore } from '#libs/eventing';
import type { Json } from './support/api.js';
import { at, paperCase, type PaperCase } from './support/case.js';
import { faultsOf, freshKey, having, type Answer, type Client } from './support/client.js';
import { documentsOf, NOBODY } from './support/contract.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { startSuite, type TestSuite } from './support/suite.js';

/** Several checks in one request (ADR 82, interfaces.md §3). */

const PATH = '/v1/checks/_batch';

let suite: TestSuite;
let supplier: Client;
let intake: PaperCase;
let events: EventStore;
let append: EventStore['append'];

beforeAll(async () => {
  suite = await startSuite();
  supplier = await suite.client('supplier');
  intake = await paperCase(supplier);
  ({ events } = suite.running.open.stores);
  append = events.append.bind(events);
});
afterEach(() => {
  events.append = append;
});
afterAll(() => suite.end());

const check = (more: Json = {}): Json => ({
  type: 'completenessCheck',
  application: intake.application,
  about: { application: intake.application },
  missingItems: [],
  performedAt: at(-1_000),
  performedBy: { clerk: 'clerk-17' },
  source: { name: 'case-file', reference: 'case-1' },
  ...more,
});
const several = (length: number, of = check()): readonly Json[] => Array.from({ length }, () => of);
const batch = (items: readonly unknown[], key?: string): Promise<Answer> => supplier.command(PATH, { items }, key);
const once = (items: readonly unknown[], key: string): Promise<Answer> =>
  supplier.send('POST', PATH, { body: { items }, headers: { 'idempotency-key': key } });
const itemsOf = ({ body }: Answer): readonly Json[] => body['items'] as readonly Json[];
const idsOf = (answer: Answer): readonly unknown[] => itemsOf(answer).map(({ id }) => id);
const isReplayed = ({ headers }: Answer): boolean => headers.get('idempotency-replayed') === 'true';

async function freshIntake(client = supplier): Promise<string> {
  const body = { channel: 'electronic', receivedAt: at(-60_000), purposes: ['registration'] };
  return having(await client.command('/v1/applications', body), 201).body['id'] as string;
}
const ofIntake = (application: string): Json => check({ application, about: { application } });
const held = async (application: string, after: unknown): Promise<number> => {
  const { body } = having(
    await supplier.get(`/v1/applications/${application}?after=${encodeURIComponent(String(after))}`),
    200,
  );
  return (body['checks'] as readonly Json[]).length;
};

/** The store is away at the append of that number, counted from now. */
function failing(atAppend: number): void {
  let appends = 0;
  events.append = (...parts) =>
    ++appends === atAppend ? Promise.reject(new StoreUnavailable('away', 2)) : append(...parts);
}

/** The contract's example of each kind, about the people and things of this intake. */
async function ofEveryKind(): Promise<readonly Json[]> {
  const [document] = await documentsOf(suite.url);
  const { examples } = document!.paths['/checks']!['post']!.requestBody!.content['application/json']!;
  const means = await intake.means();
  const contact = { kind: 'email', value: 'post@example.org', suppliedBy: 'submitter' };
  const added = having(await supplier.command(`/v1/parties/${intake.party}/contacts`, contact), 201).body;
  const signature = { technology: 'pki', chainComplete: true, revocationStatus: 'good' };
  const about = { person: intake.employee.id };
  const { missingItems: _, ...common } = check();
  const validation = { ...common, type: 'eSignatureValidation', about, signature };
  const names: Json = {
    '3c2d4e5f-1111-4222-8333-944455566677': intake.employee.id,
    '4e5f6a7b-1111-4222-8333-944455566677': intake.director.id,
    '8a7b6c5d-1111-4222-8333-944455566677': intake.party,
    '9a8b7c6d-1111-4222-8333-944455566677': intake.employee.document,
    '5e6f7a8b-1111-4222-8333-944455566677': means.id,
    '2c3d4e5f-1111-4222-8333-944455566677': (added['contacts'] as readonly Json[]).at(-1)!['id'],
    '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44': intake.application,
    '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10': having(await supplier.command('/v1/checks', validation), 201).body['id'],
    '2026-03-02T10:12:00Z': at(-500),
    '2026-03-01T20:40:00Z': at(-1_000),
  };
  // No product of the release has an equivalence.
  return Object.values(examples!)
    .filter(({ value }) => value['type'] !== 'remoteIdentification')
    .map(({ value }) => {
      const named = Object.entries(names).reduce(
        (text, [example, here]) => text.replaceAll(example, String(here)),
        JSON.stringify(value),
      );
      const known = JSON.parse(named) as Json;
      // The document of a proxy is its grantor's.
      return known['type'] === 'proxyCheck' ? { ...known, document: intake.director.document } : known;
    });
}

describe('a batch of checks', () => {
  it('of every kind is recorded in order, and each check is what it would be by itself', async () => {
    const sent = await ofEveryKind();
    expect(sent.map(({ type }) => type).sort()).toEqual(
      CHECK_TYPES.filter((type) => type !== 'remoteIdentification').sort(),
    );
    const answer = having(await batch(sent), 201);
    const items = itemsOf(answer);
    expect(items.map(({ type }) => type)).toEqual(sent.map(({ type }) => type));
    expect(answer.body['position']).toBe(items.at(-1)!['position']);
    expect([answer.headers.get('location'), answer.headers.get('etag')]).toEqual([null, null]);
    for (const { position, ...one } of items) {
      const shown = having(await supplier.get(`/v1/checks/${String(one['id'])}?after=${String(position)}`), 200);
      expect(shown.body).toEqual(one);
      expect(shown.headers.get('etag')).toBe('"0"');
    }
    const [first] = items;
    const single = having(await supplier.command('/v1/checks', sent[0]), 201);
    const { id: _id, position: _position, performedBy: _by, ...facts } = single.body;
    expect(first).toMatchObject(facts);
    expect(Object.keys(first!)).toEqual(Object.keys(single.body));
  });

  it('is shown by the intake, and found by the position of its answer', async () => {
    const application = await freshIntake();
    const answer = having(await batch(several(50, ofIntake(application))), 201);
    expect(new Set(idsOf(answer)).size).toBe(50);
    expect(await held(application, answer.body['position'])).toBe(50);
  });

  it('is answered again under its key, and with another body a conflict', async () => {
    const key = freshKey();
    const items = [check(), check({ missingItems: ['scope'] })];
    const first = having(await batch(items, key), 201);
    expect(isReplayed(first)).toBe(false);
    const before = await suite.heads();
    const again = having(await batch(items, key), 201);
    expect([isReplayed(again), again.body]).toEqual([true, first.body]);
    for (const other of [[check()], [...items, check()], [...items].reverse()]) {
      const answer = having(await batch(other, key), 409);
      expect(answer.body['code']).toBe('idempotency-key-reused');
    }
    // What has faults is not carried out under a key that was answered either.
    expect(having(await batch([check({ more: 1 }), check()], key), 409).body['code']).toBe('idempotency-key-reused');
    expect(having(await batch([null], key), 400).body['code']).toBe('wrong-type');
    expect(await suite.heads()).toEqual(before);
  });

  it('is one for twins that come at the same moment', async () => {
    const key = freshKey();
    const items = several(10);
    const answers = await Promise.all(Array.from({ length: 3 }, () => batch(items, key)));
    for (const answer of answers) expect(idsOf(having(answer, 201))).toEqual(idsOf(answers[0]!));
  });
});

describe('a batch with faults', () => {
  it('tells those of all its checks at once, and records nothing', async () => {
    const before = await suite.heads();
    const items = [
      check(),
      check({ application: NOBODY, about: { application: NOBODY } }),
      check({ missingItems: 'none', performedAt: at(60_000) }),
      check({ type: 'guess' }),
      check({ source: { name: 'hearsay', reference: 'r-1' }, more: 1 }),
      7,
    ];
    const answer = having(await supplier.command(PATH, { items, dossier: 'd-1' }), 400);
    expect(faultsOf(answer)).toEqual(
      [
        '/dossier unknown-member',
        '/items/1/application unknown-application',
        '/items/2/missingItems wrong-type',
        '/items/2/performedAt instant-in-future',
        '/items/3/type invalid-value',
        '/items/4/more unknown-member',
        '/items/4/source/name unknown-source',
        '/items/5 wrong-type',
      ].sort(),
    );
    expect(await suite.heads()).toEqual(before);
  });

  it.each<[string, Json, readonly string[]]>([
    ['no list', {}, ['/items required']],
    ['an empty one', { items: [] }, ['/items invalid-value']],
    ['fifty-one checks', { items: Array.from({ length: 51 }, () => ({})) }, ['/items invalid-value']],
  ])('has %s', async (_what, body, faults) => {
    expect(faultsOf(having(await supplier.command(PATH, body), 400))).toEqual(faults);
  });

  it('needs a key, a person behind what a clerk did, and the scope of intakes', async () => {
    expect(faultsOf(having(await supplier.ask(PATH, { items: several(1) }), 400))).toEqual([
      'header /Idempotency-Key required',
    ]);
    const program = await suite.client(['registration']);
    expect((await program.command(PATH, { items: several(1) })).status).toBe(403);
  });
});

describe('a batch that is interrupted', () => {
  it.each([1, 2, 3])('at its check %d is 503, and the same request completes it under the same ids', async (place) => {
    const application = await freshIntake();
    const key = freshKey();
    const items = several(3, ofIntake(application));
    const before = await suite.heads();
    failing(place);
    const answer = having(await once(items, key), 503);
    expect([answer.body['code'], Number(answer.headers.get('retry-after'))]).toEqual(['unavailable', 2]);
    expect((await suite.heads()).events - before.events).toBe(BigInt(place - 1));

    const completed = having(await batch(items, key), 201);
    expect(isReplayed(completed)).toBe(false);
    expect((await suite.heads()).events - before.events).toBe(3n);
    expect(await held(application, completed.body['position'])).toBe(3);
    const again = having(await batch(items, key), 201);
    expect([isReplayed(again), again.body]).toEqual([true, completed.body]);
  });

  it('is not completed by another', async () => {
    const key = freshKey();
    failing(2);
    having(await once(several(2), key), 503);
    expect(having(await batch([check(), check({ missingItems: ['scope'] })], key), 409).body['code']).toBe(
      'idempotency-key-reused',
    );
  });
});

describe('an application that is nearly full', () => {
  let memory: MemorySuite;
  let office: Client;
  beforeAll(async () => {
    memory = await startMemorySuite();
    office = await memory.client('supplier');
  });
  afterAll(() => memory.end());

  /** An intake with 470 checks, and how many of them there are in the end. */
  async function filled() {
    const application = await freshIntake(office);
    const one = ofIntake(application);
    const send = (length: number): Promise<Answer> => office.command(PATH, { items: several(length, one) });
    const single = (): Promise<Answer> => office.command('/v1/checks', one);
    for (let times = 0; times < 9; times++) having(await send(50), 201);
    having(await send(20), 201);
    const count = async (): Promise<number> => {
      const { body } = having(await office.get(`/v1/applications/${application}`), 200);
      return (body['checks'] as readonly Json[]).length;
    };
    return { send, single, count };
  }

  it('takes the batch that it has room for, and nothing of one that goes beyond', async () => {
    const { send, count, single } = await filled();
    const refused = having(await send(32), 409);
    expect(refused.body).toMatchObject({
      code: 'application-full',
      errors: [30, 31].map((index) => ({ code: 'application-full', pointer: `/items/${index}`, most: MAX_CHECKS })),
    });
    expect(await count()).toBe(470);
    having(await send(30), 201);
    having(await single(), 409);
    expect(await count()).toBe(MAX_CHECKS);
  });

  it('holds no more than one check too many for each request that is under way at the same moment', async () => {
    const { send, count } = await filled();
    const answers = await Promise.all([send(30), send(30)]);
    for (const { status } of answers) expect([201, 409]).toContain(status);
    // Each append is preceded by a count, as of a check by itself.
    expect([MAX_CHECKS, MAX_CHECKS + 1]).toContain(await count());
  });

  it('does so beside checks that come by themselves', async () => {
    const { send, single, count } = await filled();
    const answers = await Promise.all([send(30), ...Array.from({ length: 5 }, single)]);
    for (const { status } of answers) expect([201, 409]).toContain(status);
    expect(await count()).toBeLessThanOrEqual(MAX_CHECKS + 5);
  });
});
