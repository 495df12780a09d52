import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthorizationId, MeansId, PartyId, Pseudonym } from '#libs/kernel';
import { memoryRegister, type MemoryRegister } from './register.js';
import { serve, type Serving } from './serve.js';

/** Decisions as of an earlier moment, for an auditor (interfaces.md §7). */

const DUO = 'urn:etoegang:DV:00000099800000001000:services:1';
const HOUR = 3_600_000;

interface Context {
  readonly id: string;
  readonly asOf?: string;
  readonly ruleSet?: string;
  readonly reasons?: readonly { readonly code: string }[];
  readonly path?: readonly string[];
  readonly error?: { readonly status: number; readonly errors: readonly object[] };
}
interface Answer {
  readonly decision: boolean;
  readonly context: Context;
  readonly evaluations?: readonly { readonly decision: boolean; readonly context: Context }[];
}
interface Problem {
  readonly code: string;
  readonly errors: readonly { readonly pointer: string; readonly code: string }[];
}

let register: MemoryRegister;
let serving: Serving;
let auditor: string;
/** Milliseconds that the register's clock is behind the machine's; its tokens know nothing of it. */
let behind = 10 * HOUR;
let school: PartyId;
let office: PartyId;
let alice: { means: MeansId; pseudonym: Pseudonym };
let authorization: AuthorizationId;
let chained: AuthorizationId;
const moments: Record<'before' | 'means' | 'both' | 'suspended' | 'revoked', string> = {} as never;

/** An hour goes by; the moment half an hour before its end, with nothing recorded about it. */
function pass(): string {
  behind -= HOUR;
  return new Date(Date.now() - behind - HOUR / 2).toISOString();
}

beforeAll(async () => {
  register = await memoryRegister({ clock: () => Date.now() - behind });
  school = await register.party('69599084');
  office = await register.party('68750110');
  moments.before = pass();
  alice = await register.means();
  moments.means = pass();
  authorization = await register.authorize(school, alice);
  await register.authorize(office, alice, { forThirdParties: true });
  chained = await register.authorize(school, { party: office });
  moments.both = pass();
  const suspended = { authorization, by: 'holder', suspendedAt: register.backbone.now() };
  await register.record('authorization', authorization, { type: 'AuthorizationSuspended', data: suspended } as never);
  moments.suspended = pass();
  await register.revoke(authorization);
  moments.revoked = pass();
  serving = await serve(register);
  auditor = await serving.token('auditor');
});
afterAll(async () => {
  await serving.stop();
  await register.close();
});

const question = (time?: unknown, more: object = {}) => ({
  subject: { type: 'means', id: alice.pseudonym },
  action: { name: 'represent', properties: { service: DUO, level: 'EH3' } },
  resource: { type: 'organization', id: 'kvk:69599084' },
  context: { ...(time === undefined ? {} : { time }), via: authorization, ...more },
});
const ask = (body: unknown, token = auditor): Promise<Response> =>
  serving.post('/access/v1/evaluation', body, { token });
async function answered(body: unknown, path = '/access/v1/evaluation', token = auditor): Promise<Answer> {
  const response = await serving.post(path, body, { token });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}
const saying = ({ decision, context: { reasons = [] } }: Pick<Answer, 'decision' | 'context'>): unknown =>
  decision ? 'yes' : reasons.map(({ code }) => code).join(' ');

describe('an auditor who names a moment', () => {
  it('is answered from what was on record by then', async () => {
    const then: Record<string, unknown> = {};
    for (const [name, moment] of Object.entries(moments)) then[name] = saying(await answered(question(moment)));
    expect({ ...then, now: saying(await answered(question())) }).toEqual({
      before: 'unknown-means',
      means: 'no-authorization',
      both: 'yes',
      suspended: 'authorization-suspended',
      revoked: 'authorization-revoked',
      now: 'authorization-revoked',
    });
  });

  it('is told of which moment the answer is, and by which rules; an answer about now says neither moment', async () => {
    const { context } = await answered(question(moments.both));
    expect(context).toMatchObject({ asOf: moments.both, ruleSet: 'eh-1.5.1', path: [authorization] });
    expect((await answered(question())).context).not.toHaveProperty('asOf');
    const offset = moments.both.replace('Z', '+00:00');
    expect((await answered(question(offset))).context.asOf).toBe(moments.both);
  });

  it('finds the chains of then as well', async () => {
    const alone = { ...question(moments.both), context: { time: moments.both, via: chained } };
    const { context } = await answered(alone);
    // The chain is judged; whatever the service says of chains, its own reason is the answer.
    expect(context.reasons?.map(({ code }) => code)).not.toContain('unknown-means');
    expect(context.asOf).toBe(moments.both);
  });

  it('leaves a reading, which is no use of what it says yes to (USE-04)', async () => {
    const { context } = await answered(question(moments.both));
    const record = (await register.backbone.records.byId(context.id))!;
    expect(JSON.parse(record.bytes)).toMatchObject({
      kind: 'reading',
      data: {
        attributes: { 'waarborg.use': false },
        body: {
          'adl.core.request': { context: { time: moments.both } },
          'adl.core.information': { asOf: moments.both, path: [{ authorization }] },
        },
      },
    });
  });

  it('may name one for each question of a batch, and none for others', async () => {
    const { subject, action, resource } = question();
    const evaluations = [moments.both, undefined, moments.suspended, moments.before].map((time) => ({
      context: question(time).context,
    }));
    const body = { subject, action, resource, evaluations };
    const before = await register.backbone.records.head();
    const { evaluations: given = [] } = await answered(body, '/access/v1/evaluations');
    expect(given.map(saying)).toEqual(['yes', 'authorization-revoked', 'authorization-suspended', 'unknown-means']);
    expect(given.map(({ context }) => context.asOf)).toEqual([
      moments.both,
      undefined,
      moments.suspended,
      moments.before,
    ]);
    const [record, ...others] = (await register.backbone.records.read(before, 10)).items;
    expect(others).toEqual([]);
    expect(JSON.parse(record!.bytes)).toMatchObject({
      kind: 'reading',
      data: {
        attributes: { 'waarborg.use': false },
        body: { 'adl.core.information': { evaluations: [{ asOf: moments.both }, {}, {}, {}] } },
      },
    });
    // Without `evaluations` it is the single question.
    expect(
      saying(await answered({ ...body, ...question(moments.both), evaluations: [] }, '/access/v1/evaluations')),
    ).toBe('yes');
  });

  it('is refused a moment to come, and what is none, every one of them at once', async () => {
    const toCome = new Date(Date.now() + HOUR).toISOString();
    for (const [time, code] of [
      [toCome, 'instant-in-future'],
      ['yesterday', 'invalid-value'],
      ['2026-02-30T00:00:00Z', 'invalid-value'],
      ['', 'invalid-value'],
      [1, 'wrong-type'],
      [null, 'wrong-type'],
    ] as const) {
      const response = await ask(question(time));
      const { code: said, errors } = (await response.json()) as Problem;
      expect([time, response.status, said, errors]).toEqual([
        ...[time, 400, code],
        [expect.objectContaining({ pointer: '/context/time', code })],
      ]);
    }
  });

  it('loses one question of a batch by what is no moment, and none of the others (AuthZEN 1.0, interfaces.md §7)', async () => {
    const toCome = new Date(Date.now() + HOUR).toISOString();
    const { context: _context, ...asked } = question();
    const evaluations = [toCome, moments.both, 'never', null, undefined].map((time) => ({
      context: { via: authorization, ...(time === undefined ? {} : { time }) },
    }));
    const { evaluations: given = [], context } = await answered({ ...asked, evaluations }, '/access/v1/evaluations');
    expect(given.map((one) => (one.context.error === undefined ? saying(one) : one.decision))).toEqual([
      ...[false, 'yes', false, false, 'authorization-revoked'],
    ]);
    expect(given.flatMap((one) => one.context.error ?? [])).toMatchObject([
      { status: 400, errors: [{ pointer: '/evaluations/0/context/time', code: 'instant-in-future' }] },
      { status: 400, errors: [{ pointer: '/evaluations/2/context/time', code: 'invalid-value' }] },
      { status: 400, errors: [{ pointer: '/evaluations/3/context/time', code: 'wrong-type' }] },
    ]);
    const { bytes } = (await register.backbone.records.byId(context.id))!;
    expect(bytes).not.toContain('never');
    // What is the default of all spoils those that have none of their own.
    const usual = { ...asked, context: { time: 'never', via: authorization }, evaluations: [{}, evaluations[1]] };
    const { evaluations: two = [] } = await answered(usual, '/access/v1/evaluations');
    expect(two.map((one) => one.context.error?.errors ?? saying(one))).toEqual([
      [expect.objectContaining({ pointer: '/evaluations/0/context/time', code: 'invalid-value' })],
      'yes',
    ]);
  });

  it('leaves nothing on record when he is refused', async () => {
    const before = await register.backbone.records.head();
    await ask(question('never'));
    expect(await register.backbone.records.head()).toBe(before);
  });
});

describe('whoever decides', () => {
  it('brings nothing back to life by naming a moment, also with both scopes', async () => {
    for (const token of [await serving.token('network'), await serving.token(['decision', 'audit'])]) {
      const answer = await answered(question(moments.both), '/access/v1/evaluation', token);
      expect(saying(answer)).toBe('authorization-revoked');
      expect(answer.context).not.toHaveProperty('asOf');
      const evaluations = [{ context: question(moments.both).context }];
      const body = { ...question(), evaluations };
      const several = await answered(body, '/access/v1/evaluations', token);
      expect(several.evaluations!.map(saying)).toEqual(['authorization-revoked']);
    }
  });
});
