import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { AuthorizationId, MeansId, PartyId, Pseudonym } from '#libs/kernel';
import { memoryRegister, type MemoryRegister } from './register.js';
import { serve, type Serving } from './serve.js';

const DUO = 'urn:etoegang:DV:00000099800000001000:services:1';
const UWV = 'urn:etoegang:DV:00000099800000002000:services:1';

interface Item {
  readonly decision: boolean;
  readonly context: {
    readonly id: string;
    readonly level?: string | null;
    readonly reasons?: readonly { readonly code: string }[];
    readonly error?: {
      readonly status: number;
      readonly errors: readonly { readonly pointer: string; readonly code: string }[];
    };
  };
}
interface Answer {
  readonly evaluations: readonly Item[];
  readonly context: { readonly id: string; readonly requestHash: string; readonly audience: string };
}

let register: MemoryRegister;
let serving: Serving;
let school: PartyId;
/** May act for the school at EH3. */
let alice: { means: MeansId; pseudonym: Pseudonym };
/** Has a means of his own, an authorization for one establishment, and none elsewhere. */
let bob: { means: MeansId; pseudonym: Pseudonym };
let authorization: AuthorizationId;

beforeAll(async () => {
  register = await memoryRegister();
  school = await register.party('69599084');
  await register.party('69599068');
  alice = await register.means();
  bob = await register.means();
  authorization = await register.authorize(school, alice);
  await register.authorize(school, bob, { establishments: ['000038509504'] });
  serving = await serve(register);
});
afterAll(async () => {
  await serving.stop();
  await register.close();
});

const who = ({ pseudonym }: { pseudonym: Pseudonym }) => ({ type: 'means', id: pseudonym });
const action = (properties: object = {}) => ({ name: 'represent', properties: { service: DUO, ...properties } });
const organization = (number: string, establishment?: string) => ({
  type: 'organization',
  id: `kvk:${number}`,
  ...(establishment === undefined ? {} : { properties: { establishment } }),
});
const SCHOOL = organization('69599084');
const OTHER = organization('69599068');

const ask = (body: unknown, options?: Parameters<Serving['post']>[2]) =>
  serving.post('/access/v1/evaluations', body, options);
async function answer(body: unknown, options?: Parameters<Serving['post']>[2]): Promise<Answer> {
  const response = await ask(body, options);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  return (await response.json()) as Answer;
}
const decided = async (body: unknown): Promise<boolean[]> =>
  (await answer(body)).evaluations.map(({ decision }) => decision);

const recordsSince = async (position: bigint) =>
  (await register.backbone.records.read(position)).items.map(({ bytes, kind }) => ({
    ...(JSON.parse(bytes) as {
      id: string;
      data: { event_name: string; attributes: object; body: Record<string, never> };
    }),
    kind,
  }));

describe('certification scenario of AuthZEN, Batch Core', () => {
  it('3.2.1 answers a list of questions with defaults', async () => {
    const { evaluations } = await answer({
      ...{ subject: who(alice), action: action() },
      evaluations: [{ resource: SCHOOL }, { resource: OTHER }],
    });
    expect(evaluations).toHaveLength(2);
    for (const { decision, context } of evaluations) {
      expect([typeof decision, typeof context]).toEqual(['boolean', 'object']);
    }
  });

  it('3.2.2 and 3.3 keep order and number of the questions', async () => {
    expect(
      await decided({
        ...{ subject: who(alice), resource: SCHOOL },
        evaluations: [{ action: action() }, { action: action({ level: 'EH4' }) }],
      }),
    ).toEqual([true, false]);
  });

  it('3.2.5 takes questions that are complete, without defaults', async () => {
    const evaluations = [
      { subject: who(alice), action: action(), resource: SCHOOL },
      { subject: who(bob), action: action(), resource: SCHOOL },
    ];
    const given = await answer({ evaluations });
    expect(given.evaluations.map(({ decision }) => decision)).toEqual([true, false]);
    expect(given).not.toHaveProperty('decision');
  });

  it('3.2.6 lets a question have a context of its own', async () => {
    expect(
      await decided({
        ...{ subject: who(alice), action: action(), context: { time: '2025-06-27T18:03-07:00' } },
        evaluations: [
          { resource: SCHOOL },
          { resource: SCHOOL, context: { time: '2025-06-27T19:00-07:00', source: 'batch-override' } },
        ],
      }),
    ).toEqual([true, true]);
  });

  it('3.4.1 answers a faulty question with a no of its own, and says what is wrong with it', async () => {
    const { evaluations } = await answer({
      ...{ subject: who(alice), action: action(), options: { evaluations_semantic: 'execute_all' } },
      evaluations: [{ resource: SCHOOL }, {}, 'x', { resource: { id: 1 } }],
    });
    expect(evaluations.map(({ decision }) => decision)).toEqual([true, false, false, false]);
    const faults = evaluations.map(({ context }) => context.error?.errors.map(({ pointer, code }) => [pointer, code]));
    expect(faults).toEqual([
      undefined,
      [['/evaluations/1/resource', 'required']],
      [['/evaluations/2', 'wrong-type']],
      [
        ['/evaluations/3/resource/type', 'required'],
        ['/evaluations/3/resource/id', 'wrong-type'],
      ],
    ]);
    expect(evaluations[1]!.context.error!.status).toBe(400);
  });

  it.each([
    ['3.4.2 no evaluations', {}],
    ['3.4.3 an empty list', { evaluations: [] }],
    ['an empty list and a semantic', { evaluations: [], options: { evaluations_semantic: 'deny_on_first_deny' } }],
  ])('%s: is the single question', async (_what, more) => {
    const before = await register.backbone.records.head();
    const given = (await answer({ subject: who(alice), action: action(), resource: SCHOOL, ...more })) as unknown;
    expect(given).toMatchObject({ decision: true, context: { level: 'EH3', path: [authorization] } });
    expect(given).not.toHaveProperty('evaluations');
    const [record, ...others] = await recordsSince(before);
    expect([record!.data.event_name, others]).toEqual(['adl.access_evaluation', []]);
    expect((await ask({ subject: who(alice), action: action(), ...more })).status).toBe(400);
  });
});

describe('certification scenario of AuthZEN, Batch Properties', () => {
  it('3.2.3 judges each question by its own properties', async () => {
    expect(
      await decided({
        ...{ subject: who(bob), action: action() },
        evaluations: [
          { resource: organization('69599084', '000038509504') },
          { resource: organization('69599084', '000038509505') },
        ],
      }),
    ).toEqual([true, false]);
  });

  it('3.2.4 judges each question by its own subject', async () => {
    expect(
      await decided({
        ...{ action: action(), resource: organization('69599084', '000038509505') },
        evaluations: [{ subject: who(bob) }, { subject: who(alice) }],
      }),
    ).toEqual([false, true]);
  });

  it('3.2.7 takes a default as a whole, or not at all', async () => {
    expect(
      await decided({
        ...{ subject: who(bob), action: action(), resource: organization('69599084', '000038509504') },
        // What the second has itself has no establishment, and takes none from the default.
        evaluations: [{}, { resource: SCHOOL }],
      }),
    ).toEqual([true, false]);
  });
});

describe('a batch at use over HTTP (interfaces.md §7)', () => {
  it('leaves the type to the default beside an id of its own; an id it leaves to nobody', async () => {
    const { evaluations } = await answer({
      ...{ subject: who(alice), action: action(), resource: OTHER },
      evaluations: [
        { resource: { id: 'kvk:69599084' } },
        { subject: { id: alice.pseudonym }, resource: SCHOOL },
        { resource: { type: 'organization' } },
        { subject: { type: 'means' }, resource: SCHOOL },
      ],
    });
    expect(evaluations.map(({ decision }) => decision)).toEqual([true, true, false, false]);
    const pointers = evaluations.map(({ context }) => context.error?.errors.map(({ pointer }) => pointer));
    expect(pointers).toEqual([
      ...[undefined, undefined, ['/evaluations/2/resource/id'], ['/evaluations/3/subject/id']],
    ]);
  });

  it.each([
    ['deny_on_first_deny', [true, false]],
    ['permit_on_first_permit', [true]],
    ['execute_all', [true, false, true]],
  ])('ends with the question that decides: %s', async (semantic, expected) => {
    const before = await register.backbone.records.head();
    expect(
      await decided({
        ...{ subject: who(alice), action: action(), options: { evaluations_semantic: semantic, another: 1 } },
        evaluations: [{ resource: SCHOOL }, { resource: OTHER }, { resource: SCHOOL }],
      }),
    ).toEqual(expected);
    const [record] = await recordsSince(before);
    const { 'adl.core.request': request } = record!.data.body as { 'adl.core.request'?: { evaluations: unknown[] } };
    expect(request!.evaluations).toHaveLength(expected.length);
  });

  it('goes on past a no until the first yes', async () => {
    const options = { evaluations_semantic: 'permit_on_first_permit' };
    const evaluations = [{ resource: OTHER }, {}, { resource: SCHOOL }, { resource: OTHER }];
    expect(await decided({ subject: who(alice), action: action(), options, evaluations })).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('is one record with all its questions and one signature, and each yes has an id in it', async () => {
    const before = await register.backbone.records.head();
    const asked = JSON.stringify({
      ...{ subject: who(alice), action: action() },
      evaluations: [{ resource: SCHOOL }, { resource: OTHER }, {}],
    });
    const response = await ask(asked);
    const body = await response.text();
    const hash = (text: string): string => createHash('sha256').update(text).digest('base64');
    expect(response.headers.get('digest')).toBe(`SHA-256=${hash(body)}`);
    expect(response.headers.get('payload-signature')).toMatch(/^[\w-]+\.\.[\w-]+$/);
    const { evaluations, context } = JSON.parse(body) as Answer;
    expect(context).toMatchObject({ audience: 'test', requestHash: `sha-256=${hash(asked)}` });
    expect(evaluations.map((each) => each.context.id)).toEqual([0, 1, 2].map((place) => `${context.id}/${place}`));
    const [record, ...others] = await recordsSince(before);
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      id: context.id,
      kind: 'decision',
      data: {
        event_name: 'adl.access_evaluations',
        attributes: { 'waarborg.use': true },
        body: {
          'adl.core.response': { evaluations },
          'adl.core.information': { evaluations: [{ path: [{ authorization }] }, { path: [] }, {}] },
        },
      },
    });
  });

  it('gives several represented parties in one answer, each judged on its own (FEAT-15)', async () => {
    const client = await register.party('90001354');
    await register.authorize(client, alice, { m: 2, eh: 'EH2+' });
    const third = await register.authorize(await register.party('90001355'), alice);
    expect(await register.backbone.visibility.everywhere(await register.backbone.feed.head())).toBe(true);
    const { evaluations } = await answer({
      ...{ subject: who(alice), action: { name: 'represent', properties: { service: UWV } } },
      evaluations: ['69599084', '90001354', '90001355', '69599068'].map((number) => ({
        resource: organization(number),
      })),
    });
    expect(evaluations).toMatchObject([
      { decision: true, context: { level: 'EH3', path: [authorization] } },
      { decision: false, context: { level: 'EH2+', reasons: [{ code: 'level-too-low', have: 'EH2+', need: 'EH3' }] } },
      { decision: true, context: { level: 'EH3', path: [third] } },
      { decision: false, context: { level: null, reasons: [{ code: 'no-authorization' }] } },
    ]);
  });

  it('switches to another organization without the person, by a question of its own each time (FEAT-09)', async () => {
    const before = await register.backbone.records.head();
    for (const number of ['69599084', '90001355']) {
      const { decision } = (await (
        await serving.post('/access/v1/evaluation', {
          subject: who(alice),
          action: { name: 'represent', properties: { service: UWV, singleSignOn: true } },
          resource: organization(number),
        })
      ).json()) as Item;
      expect(decision).toBe(true);
    }
    expect((await recordsSince(before)).map(({ data }) => data.attributes)).toEqual([
      ...[{ 'waarborg.use': true }, { 'waarborg.use': true }],
    ]);
    const [banned] = (
      await answer({
        ...{ subject: who(alice), resource: SCHOOL },
        evaluations: [{ action: action({ level: 'EH4', singleSignOn: true }) }],
      })
    ).evaluations;
    expect(banned!.context.reasons).toContainEqual({ code: 'sso-forbidden-at-level-4' });
  });

  it.each([
    [
      'another semantic',
      { options: { evaluations_semantic: 'all' } },
      '/options/evaluations_semantic',
      'invalid-value',
    ],
    ['no semantic', { options: { evaluations_semantic: null } }, '/options/evaluations_semantic', 'wrong-type'],
    ['no word for it', { options: { evaluations_semantic: 1 } }, '/options/evaluations_semantic', 'wrong-type'],
    ['options that are none', { options: 'x' }, '/options', 'wrong-type'],
    ['no list', { evaluations: { a: 1 } }, '/evaluations', 'wrong-type'],
    ['null', { evaluations: null }, '/evaluations', 'wrong-type'],
    ['a default of another type', { subject: 'alice' }, '/subject', 'wrong-type'],
    ['more than a hundred', { evaluations: Array.from({ length: 101 }, () => ({})) }, '/evaluations', 'invalid-value'],
  ])('is refused as a whole with %s', async (_what, more, pointer, code) => {
    const before = await register.backbone.records.head();
    const body = { subject: who(alice), action: action(), evaluations: [{ resource: SCHOOL }], ...more };
    const response = await ask(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ pointer, code }] });
    expect(await recordsSince(before)).toEqual([]);
  });

  it('takes null for a fault of the question that has it, not for a default', async () => {
    const { evaluations } = await answer({
      ...{ subject: who(alice), action: action(), resource: SCHOOL, context: {} },
      evaluations: [{ action: null }, { context: null }, { subject: null }, {}],
    });
    expect(evaluations.map(({ decision }) => decision)).toEqual([false, false, false, true]);
    const faults = evaluations.map(({ context }) => context.error?.errors.map(({ pointer, code }) => [pointer, code]));
    expect(faults).toEqual([
      [['/evaluations/0/action', 'wrong-type']],
      [['/evaluations/1/context', 'wrong-type']],
      [['/evaluations/2/subject', 'wrong-type']],
      undefined,
    ]);
  });

  it.each([
    ['absent', {}],
    ['empty', { evaluations: [] }],
  ])('refuses options that are none also where evaluations are %s', async (_what, more) => {
    const body = { subject: who(alice), action: action(), resource: SCHOOL, ...more };
    for (const [options, pointer] of [
      ['x', '/options'],
      [{ evaluations_semantic: 'all' }, '/options/evaluations_semantic'],
      [{ evaluations_semantic: null }, '/options/evaluations_semantic'],
    ] as const) {
      const response = await ask({ ...body, options });
      expect([options, response.status]).toEqual([options, 400]);
      expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
    }
  });

  it('names every fault of the call at once', async () => {
    const response = await ask({ subject: 1, action: [], options: 2, evaluations: 'x' });
    const { errors } = (await response.json()) as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer)).toEqual(['/subject', '/action', '/evaluations', '/options']);
  });

  it('takes a hundred questions, and other answers are given meanwhile', async () => {
    const evaluations = Array.from({ length: 100 }, (_, place) => ({ resource: place % 2 === 0 ? SCHOOL : OTHER }));
    const { evaluations: given } = await answer({ subject: who(alice), action: action(), evaluations });
    expect(given.map(({ decision }) => decision)).toEqual(evaluations.map((_, place) => place % 2 === 0));
  });

  it('is for an auditor a reading, never use, and about now where he names no moment (USE-04)', async () => {
    const token = await serving.token('auditor');
    const before = await register.backbone.records.head();
    const body = { subject: who(alice), action: action(), evaluations: [{ resource: SCHOOL }] };
    const { evaluations } = await answer(body, { token });
    expect(evaluations[0]!.decision).toBe(true);
    const [record] = await recordsSince(before);
    expect(record).toMatchObject({ kind: 'reading', data: { attributes: { 'waarborg.use': false } } });
    // What is no moment is a fault of the single question, and in a batch of the one that says it.
    const single = await ask({ ...body, resource: SCHOOL, evaluations: [], context: { time: 1 } }, { token });
    expect([single.status, ((await single.json()) as { code: string }).code]).toEqual([400, 'wrong-type']);
    const untold = { ...body, evaluations: [{ resource: SCHOOL, context: { time: null } }, { resource: SCHOOL }] };
    const { evaluations: [lost, other] = [] } = await answer(untold, { token });
    expect(lost).toMatchObject({
      decision: false,
      context: { error: { errors: [{ pointer: '/evaluations/0/context/time', code: 'wrong-type' }] } },
    });
    expect(other!.decision).toBe(true);
  });

  it('holds no yes of a batch that was revoked while its record was written', async () => {
    const left = await register.means();
    const ending = await register.authorize(school, left);
    expect(await register.backbone.visibility.everywhere(await register.backbone.feed.head())).toBe(true);
    const { records } = register.backbone;
    const append = records.append.bind(records);
    let nr = 0;
    (records as { append: typeof append }).append = async (record) => {
      const place = await append(record);
      if (nr++ === 0) await register.backbone.visibility.everywhere(await register.revoke(ending));
      return place;
    };
    try {
      const { evaluations } = await answer({
        ...{ action: action(), resource: SCHOOL },
        evaluations: [{ subject: who(alice) }, { subject: who(left) }],
      });
      expect(evaluations.map(({ decision }) => decision)).toEqual([true, false]);
      expect(evaluations[1]!.context.reasons).toEqual([{ code: 'authorization-revoked' }]);
      // The one with the yes that did not leave, and the one that did.
      expect(nr).toBe(2);
    } finally {
      (records as { append: typeof append }).append = append;
    }
  });
});
