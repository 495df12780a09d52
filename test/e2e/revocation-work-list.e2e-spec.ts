import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { streamId } from '#libs/kernel';
import { revocationRequestDecider } from '#libs/domain';
import { partyChecks, representativeChecks } from '#apps/suite';
import type { Json } from './support/api.js';
import { paperCase, question, type IssuedMeans, type PaperCase } from './support/case.js';
import { faultsOf, freshKey, having, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';

/**
 * A request on paper that comes in without checks waits on the work list, with its deadline, until it is judged or
 * withdrawn (REV-06, REV-09, TURN-01, CAL-02).
 */

const HOUR = 3_600_000;

let suite: MemorySuite;
let supplier: Client;
let network: Client;
/** Registered before the register's clock is moved: the clerks of a case go by that of this machine. */
let subject: Scene;
let spare: IssuedMeans;

beforeAll(async () => {
  suite = await startMemorySuite();
  [supplier, network] = await Promise.all([suite.client('supplier'), suite.client('network')]);
  subject = await scene();
  spare = await subject.case1.means();
});
afterAll(() => suite.end());

/** Time of the register, which this spec moves. */
const now = (): number => Date.parse(suite.backbone.now());
const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

const PATH = '/v1/revocation-requests';
const intake = async (receivedAt: string, medium = 'writing', channel = 'nonElectronic'): Promise<string> => {
  const body = { channel, medium, receivedAt, purposes: ['revocation'] };
  return having(await supplier.command('/v1/applications', body), 201).body['id'] as string;
};

interface Scene {
  readonly case1: PaperCase;
  readonly means: IssuedMeans;
  readonly authorization: string;
}
async function scene(): Promise<Scene> {
  const case1 = await paperCase(supplier);
  const means = await case1.means();
  return { case1, means, authorization: (await case1.authorize(means.id))['id'] as string };
}
const says = async ({ case1, means }: Scene): Promise<unknown> =>
  having(await network.ask('/access/v1/evaluation', question(means.pseudonym, case1.organization)), 200).body[
    'decision'
  ];

/** A letter of the director, as it lies in the post: nobody has looked at anything yet. */
async function letter(of: Scene, more: Json = {}): Promise<Json> {
  const application = await intake(iso(now() - 30_000));
  const body = {
    application,
    object: { authorization: of.authorization },
    requester: { role: 'legalRepresentative', person: of.case1.director.id },
    checks: [],
    ...more,
  };
  return having(await supplier.command(PATH, body), 201).body;
}

/** What a clerk records of the director later on: who he is, his signature, and that the register shows him. */
async function checksOf(of: Scene, { application }: Json, leaveOut: readonly string[] = []): Promise<string[]> {
  const { desk, director, party } = of.case1;
  const ids: string[] = [];
  for (const facts of [
    ...representativeChecks(director, party),
    { type: 'idDocumentStatus', about: { person: director.id }, document: director.document, status: 'notReported' },
    ...partyChecks(party, ['000037178598']),
  ] as readonly Json[]) {
    const isHis = (facts['about'] as Json)['person'] === director.id;
    if (!isHis || leaveOut.includes(String(facts['type']))) continue;
    ids.push(await desk.check(application as string, facts, 0));
  }
  return ids;
}

const decide = (of: Json, body: Json, key = freshKey(), by = supplier) =>
  by.command(`${PATH}/${String(of['id'])}/decisions`, body, key);
const shown = async (of: Json): Promise<Json> => having(await supplier.get(`${PATH}/${String(of['id'])}`), 200).body;
const workList = async (more: Json = {}): Promise<readonly Json[]> => {
  const { position } = having(
    await supplier.command('/v1/applications', { channel: 'electronic', receivedAt: iso(now()), purposes: ['means'] }),
    201,
  ).body;
  const body = { order: 'due', limit: 100, after: position, ...more };
  return having(await supplier.ask(`${PATH}/_search`, body), 200).body['items'] as readonly Json[];
};
const idsOf = (items: readonly Json[]): readonly unknown[] => items.map(({ id }) => id);

describe('a request on paper without checks', () => {
  it('is received with its deadline, and changes nothing at use (REV-06)', async () => {
    const of = await scene();
    const received = await letter(of);
    expect(received).toMatchObject({
      ...{ status: 'received', channel: 'nonElectronic', level: 'EH3', identification: { ioScore: 0 } },
      dueAt: expect.any(String),
    });
    expect(received).not.toHaveProperty('decidedAt');
    expect(await says(of)).toBe(true);
    const { position: _position, ...read } = received;
    expect(await shown(received)).toEqual(read);
    expect(idsOf(await workList())).toContain(received['id']);
  });

  it('is carried out once its checks are named, and then no decision says yes (PI3, CAL-03)', async () => {
    const of = await scene();
    const received = await letter(of);
    const checks = await checksOf(of, received);
    const key = freshKey();
    const decided = having(await decide(received, { checks }, key), 200);
    expect(await says(of)).toBe(false);
    expect(decided.body).toMatchObject({
      ...{ id: received['id'], status: 'effected', dueAt: received['dueAt'], immediate: false, breached: false },
      ...{ identification: { ioScore: 3 }, alreadyRevoked: false, decidedAt: expect.any(String) },
    });
    expect(decided.headers.get('etag')).toBe('"2"');
    expect((decided.body['aspects'] as readonly Json[])[0]).toMatchObject({ aspect: 'IO', score: 3 });
    const again = having(await decide(received, { checks }, key), 200);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toMatchObject({ status: 'effected', effectedAt: decided.body['effectedAt'] });
    expect(having(await decide(received, { withdraw: true }, key), 409).body['code']).toBe('idempotency-key-reused');
    expect(idsOf(await workList())).not.toContain(received['id']);
  });

  it('is refused by checks that do not suffice, and what it was about stays (REV-05, REV-01)', async () => {
    const of = await scene();
    for (const [leaveOut, code] of [
      [['signatureComparison', 'idDocumentStatus'], 'requester-not-identified'],
      [['representationCheck'], 'requester-not-entitled'],
    ] as const) {
      const received = await letter(of);
      const checks = await checksOf(of, received, leaveOut);
      const refused = having(await decide(received, { checks }), 200).body;
      expect(refused).toMatchObject({ status: 'refused', codes: [code], decidedAt: expect.any(String) });
      expect(refused).not.toHaveProperty('dueAt');
      expect(await says(of)).toBe(true);
      expect(idsOf(await workList())).not.toContain(received['id']);
    }
    // What was refused is final; the same letter is a new request.
    const received = await letter(of);
    expect(having(await decide(received, { checks: [] }), 200).body).toMatchObject({ status: 'refused' });
  });

  it('is withdrawn, and nothing comes of it', async () => {
    const of = await scene();
    const received = await letter(of);
    const withdrawn = having(await decide(received, { withdraw: true }), 200).body;
    expect(withdrawn).toMatchObject({ status: 'withdrawn', withdrawnAt: expect.any(String) });
    expect(withdrawn).not.toHaveProperty('deadline');
    expect(withdrawn).not.toHaveProperty('breached');
    // Who took it back for him stands with the fact.
    const stream = streamId('revocationRequest', received['id'] as string);
    const { history } = await suite.backbone.commands.load(revocationRequestDecider, stream);
    expect(history.at(-1)).toMatchObject({
      type: 'RevocationWithdrawn',
      metadata: { actor: { client: 'test', clerk: expect.any(String) } },
    });
    expect(await says(of)).toBe(true);
    expect(idsOf(await workList())).not.toContain(received['id']);
    const found = having(await supplier.ask(`${PATH}/_search`, { status: 'withdrawn', limit: 100 }), 200).body;
    expect(idsOf(found['items'] as readonly Json[])).toContain(received['id']);
  });

  it('is decided once: of two who decide at the same time one is told that it was decided', async () => {
    const of = await scene();
    const received = await letter(of);
    const checks = await checksOf(of, received);
    const answers = await Promise.all([decide(received, { checks }), decide(received, { withdraw: true })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const lost = answers.find(({ status }) => status === 409)!;
    expect(lost.body).toMatchObject({ code: 'revocation-decided-already' });
    const { status } = await shown(received);
    expect(await says(of)).toBe(status !== 'effected');
    for (const body of [{ checks }, { withdraw: true }]) {
      expect(having(await decide(received, body), 409).body).toMatchObject({ code: 'revocation-decided-already' });
    }
  });

  it('is decided by a person, of one that there is, with checks that are its own', async () => {
    const of = await scene();
    const received = await letter(of);
    const program = await suite.client(['revocation']);
    const nobody = await decide(received, { withdraw: true }, freshKey(), program);
    expect(having(nobody, 403).body).toMatchObject({ code: 'person-required' });
    const none = await decide({ id: randomUUID() }, { withdraw: true });
    expect(having(none, 404).body).toMatchObject({ code: 'no-such-revocation-request' });
    const stranger = await of.case1.desk.check(
      received['application'] as string,
      { type: 'identityAttributesRecorded', about: { person: of.case1.employee.id }, uniquelyIdentifying: true },
      0,
    );
    expect(faultsOf(having(await decide(received, { checks: [stranger] }), 400))).toEqual([
      '/checks/0 check-not-in-dossier',
    ]);
    expect(faultsOf(having(await decide(received, { checks: [randomUUID()] }), 400))).toEqual([
      '/checks/0 unknown-check',
    ]);
    for (const body of [{}, { checks: [], withdraw: true }, { withdraw: false }]) {
      expect(having(await decide(received, body), 400).body).toMatchObject({ code: 'invalid-value' });
    }
    expect(await shown(received)).toMatchObject({ status: 'received' });
  });

  it('is judged at once where it came electronically, or where nothing is left to end (MUT-01)', async () => {
    const of = await scene();
    const application = await intake(iso(now() - 30_000), 'other', 'electronic');
    expect(await letter(of, { application })).toMatchObject({ status: 'refused' });
  });

  it('does not wait for what was revoked already: it is answered that it was (MUT-01)', async () => {
    const of = await scene();
    const first = await letter(of);
    const done = having(await decide(first, { checks: await checksOf(of, first) }), 200).body;
    const again = await letter(of);
    expect(again).toMatchObject({ status: 'effected', alreadyRevoked: true, breached: false, dueAt: null });
    expect(done).toMatchObject({ status: 'effected', alreadyRevoked: false });
    expect(idsOf(await workList())).not.toContain(again['id']);
  });
});

describe('the work list', () => {
  it('has what is due first, before a moment, with warnings before a breach (REV-09)', async () => {
    const of = subject;
    // A Tuesday in a week without holidays.
    suite.pass(Date.parse('2032-06-08T08:00:00Z') - now());
    const means = spare;
    const requester = { role: 'legalRepresentative', person: of.case1.director.id };
    const received = async (receivedAt: string): Promise<Json> => {
      const application = await intake(receivedAt);
      const body = { application, object: { means: means.id }, requester, checks: [] };
      return having(await supplier.command(PATH, body), 201).body;
    };
    const late = await received('2032-06-08T07:00:00Z');
    const early = await received('2032-06-07T19:30:00Z');
    const over = await received('2032-06-07T07:00:00Z');
    const items = (await workList()).filter(({ id }) => [late['id'], early['id'], over['id']].includes(id));
    expect(items.map(({ id, dueAt, deadline }) => [id, dueAt, deadline])).toEqual([
      [over['id'], '2032-06-08T07:00:00.000Z', 'passed'],
      [early['id'], '2032-06-08T19:30:00.000Z', 'near'],
      [late['id'], '2032-06-09T07:00:00.000Z', 'ahead'],
    ]);
    const before = await workList({ dueBefore: '2032-06-09T07:00:00Z' });
    expect(idsOf(before)).toEqual(expect.arrayContaining([over['id'], early['id']]));
    expect(idsOf(before)).not.toContain(late['id']);
    const newest = having(await supplier.ask(`${PATH}/_search`, { dueBefore: '2032-06-09T07:00:00Z', limit: 2 }), 200);
    expect(idsOf(newest.body['items'] as readonly Json[])).toEqual([over['id'], early['id']]);
    // Page by page, each once.
    const pages: unknown[] = [];
    let cursor: unknown;
    do {
      const more = cursor === undefined ? {} : { cursor };
      const { body } = having(await supplier.ask(`${PATH}/_search`, { order: 'due', limit: 2, ...more }), 200);
      pages.push(...idsOf(body['items'] as readonly Json[]));
      cursor = body['next'] ?? undefined;
    } while (cursor !== undefined);
    expect(pages).toEqual(idsOf(await workList()));

    const figures = (await (await fetch(`${suite.url}/metrics`)).text()).split('\n');
    const figure = (name: string): number => Number(figures.find((line) => line.startsWith(name))!.split(' ')[1]);
    // Per mutation, object, level and channel, and 0 where there is none at all.
    const open = figures.filter((line) => line.startsWith('waarborg_revocation_requests_open{'));
    const counted = open.map((line) => {
      const of = (label: string) => new RegExp(`\\b${label}="([^"]*)"`, 'u').exec(line)?.[1];
      const labels = ['mutation', 'object', 'level', 'channel', 'deadline'].map(of);
      return [labels.join(' '), Number(line.split(' ').at(-1))] as const;
    });
    const expected = new Map<string, number>();
    for (const { mutation, object, level, channel, deadline } of await workList()) {
      const labels = [mutation, Object.keys(object as Json)[0], level, channel, deadline].join(' ');
      expected.set(labels, (expected.get(labels) ?? 0) + 1);
    }
    expect(Object.fromEntries(counted.filter(([, count]) => count > 0))).toEqual(Object.fromEntries(expected));
    for (const deadline of ['ahead', 'near', 'passed', 'none']) {
      expect(open.filter((line) => line.includes(`deadline="${deadline}"`))).not.toEqual([]);
    }
    expect(figure('waarborg_revocation_next_deadline_seconds')).toBeLessThan(0);

    // Carried out now, this one is too late.
    const order = await of.case1.desk.check(
      over['application'] as string,
      {
        ...{ type: 'courtOrderVerification', about: { application: over['application'] }, authentic: true },
        ...{ court: 'RBDHA', order: 'order-2032-17', performedAt: iso(now()) },
      },
      0,
    );
    const asCourt = having(
      await supplier.command(PATH, {
        ...{ application: over['application'], object: { means: means.id } },
        ...{ requester: { role: 'court' }, checks: [order] },
      }),
      201,
    );
    expect(asCourt.body).toMatchObject({ status: 'effected', breached: true, dueAt: '2032-06-08T07:00:00.000Z' });
  });

  it('goes on while a retry is the first answer again (interfaces.md §3)', async () => {
    const key = freshKey();
    const body = {
      ...{ application: await intake(iso(now())), object: { means: subject.means.id }, checks: [] },
      requester: { role: 'legalRepresentative', person: subject.case1.director.id },
    };
    const first = having(await supplier.command(PATH, body, key), 201);
    expect(first.body).toMatchObject({ status: 'received', deadline: 'ahead' });
    suite.pass(7 * 24 * HOUR);
    const again = having(await supplier.command(PATH, body, key), 201);
    expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', first.body]);
    expect(await shown(first.body)).toMatchObject({ status: 'received', deadline: 'passed' });
  });

  it('is asked for what is open, by its deadline and status only', async () => {
    for (const more of [{ status: 'refused' }, { means: randomUUID() }, { breached: true }]) {
      const answer = await supplier.ask(`${PATH}/_search`, { order: 'due', ...more });
      expect(faultsOf(having(answer, 400))).toEqual([`/${Object.keys(more)[0]!} invalid-value`]);
    }
    for (const status of ['received', 'accepted']) {
      const items = await workList({ status });
      expect(items.every((item) => item['status'] === status)).toBe(true);
    }
  });
});

describe('TURN-01, CAL-01, CAL-02: one working day after receipt', () => {
  // In the order of time: the register's clock only goes on.
  it.each([
    [
      'over a holiday that moves, King’s Day on the Saturday before',
      '2036-04-25T15:00:00+02:00',
      '2036-04-28T13:00:00Z',
    ],
    ['received on a Saturday, over Easter', '2039-04-09T12:00:00+02:00', '2039-04-12T22:00:00Z'],
    ['into a leap day', '2040-02-28T10:00:00+01:00', '2040-02-29T09:00:00Z'],
    ['over the beginning of summer time', '2040-03-23T15:00:00+01:00', '2040-03-26T13:00:00Z'],
    ['over Easter', '2040-03-29T15:00:00+02:00', '2040-04-03T13:00:00Z'],
    ['over the end of summer time', '2040-10-26T15:00:00+02:00', '2040-10-29T14:00:00Z'],
    ['over New Year', '2040-12-31T18:00:00+01:00', '2041-01-02T17:00:00Z'],
  ])('%s', async (_what, receivedAt, dueAt) => {
    const of = subject;
    suite.pass(Date.parse(receivedAt) + HOUR - now());
    const application = await intake(receivedAt);
    const body = {
      ...{ application, object: { means: of.means.id }, checks: [] },
      requester: { role: 'authorizedParty', person: of.case1.employee.id },
    };
    const received = having(await supplier.command(PATH, body), 201).body;
    expect(received).toMatchObject({ status: 'received', dueAt: iso(Date.parse(dueAt)) });
    const [first] = await workList({ dueBefore: iso(Date.parse(dueAt) + 1) }).then((items) =>
      items.filter(({ id }) => id === received['id']),
    );
    expect(first).toMatchObject({ id: received['id'] });
    expect(idsOf(await workList({ dueBefore: dueAt }))).not.toContain(received['id']);
  });
});
