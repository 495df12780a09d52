import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { documentStatus, representativeChecks } from '#apps/suite';
import { StoreUnavailable } from '#libs/eventing';
import type { Json } from './support/api.js';
import { paperCase, type PaperCase } from './support/case.js';
import { faultsOf, having, type Answer, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { until as untilIt } from './support/until.js';

/** REV-09: from receipt to decision and effect, per object, level and channel, with every breach. */

const DAY = 86_400_000;
const PATH = '/v1/revocation-requests';

let suite: MemorySuite;
let supplier: Client;
let case1: PaperCase;
let before: number;

beforeAll(async () => {
  before = Date.now() - DAY;
  suite = await startMemorySuite();
  supplier = await suite.client('supplier');
  case1 = await paperCase(supplier);
});
afterAll(() => suite.end());

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
const authorized = async (): Promise<Json> => {
  const means = await case1.means();
  return { authorization: (await case1.authorize(means.id))['id'] };
};
/** A letter of the director that lies in the post. */
async function letter(object: Json): Promise<Json> {
  const application = await case1.desk.application('nonElectronic', ['revocation'], 1, 'writing');
  const requester = { role: 'legalRepresentative', person: case1.director.id };
  return having(await supplier.command(PATH, { application, object, requester, checks: [] }), 201).body;
}
async function decide({ id, application }: Json): Promise<Answer> {
  const checks: string[] = [];
  for (const facts of [...representativeChecks(case1.director, case1.party), documentStatus(case1.director)]) {
    checks.push(await case1.desk.check(application as string, facts, 0));
  }
  return having(await supplier.command(`${PATH}/${String(id)}/decisions`, { checks }), 200);
}
const report = async (more: Json = {}): Promise<Answer> =>
  supplier.ask('/v1/revocation-report', { from: iso(before), until: iso(before + 30 * DAY), ...more });
const figure = (body: Json, object: string, channel: string): Json | undefined =>
  (body['figures'] as readonly Json[]).find((one) => one['object'] === object && one['channel'] === channel);

async function breachesCounted(): Promise<number> {
  const figures = await (await fetch(`${suite.url}/metrics`)).text();
  const counted = figures.matchAll(/^waarborg_revocation_breaches_total\{.*\} (\d+)$/gmu);
  return [...counted].reduce((sum, [, count]) => sum + Number(count), 0);
}

describe('the report of a period', () => {
  it('counts what was received in it, how long it took, and has every breach (REV-09)', async () => {
    const login = await case1.means();
    const body = await case1.revocation(await authorized(), login.id);
    const electronic = having(await supplier.command(PATH, body), 201).body;
    const refused = { ...(await case1.revocation(await authorized(), login.id)), checks: [] };
    having(await supplier.command(PATH, refused), 201);
    const [inTime, tooLate, waits, takenBack, turnedDown, withdrawn] = [
      await letter(await authorized()),
      await letter(await authorized()),
      await letter(await authorized()),
      await letter(await authorized()),
      await letter(await authorized()),
      await letter({ means: (await case1.means()).id }),
    ] as const;
    having(await supplier.command(`${PATH}/${String(withdrawn['id'])}/decisions`, { withdraw: true }), 200);
    await decide(inTime);
    suite.pass(Date.parse(tooLate['dueAt'] as string) - Date.now() + 60_000);
    const late = (await decide(tooLate)).body;
    expect(late).toMatchObject({ status: 'effected', breached: true });

    await untilIt('the late one is counted', async () => (await breachesCounted()) === 1);
    const counted = await breachesCounted();
    // What is withdrawn or refused after its deadline was late all the same.
    const missed = (of: Json): Json => ({ dueAt: of['dueAt'], breached: true });
    const decisions = ({ id }: Json, body: Json) => supplier.command(`${PATH}/${String(id)}/decisions`, body);
    expect(having(await decisions(takenBack, { withdraw: true }), 200).body).toMatchObject({
      ...{ status: 'withdrawn', ...missed(takenBack) },
    });
    const { body: no } = having(await decisions(turnedDown, { checks: [] }), 200);
    expect(no).toMatchObject({ status: 'refused', ...missed(turnedDown) });
    const search = { breached: true, after: no['position'] };
    const found = having(await supplier.ask(`${PATH}/_search`, search), 200).body['items'] as readonly Json[];
    expect(found.map(({ id }) => id)).toEqual([turnedDown['id'], takenBack['id'], tooLate['id']]);
    expect((await breachesCounted()) - counted).toBe(2);

    const { body: shown } = having(await report({ after: no['position'] }), 200);
    expect(figure(shown, 'authorization', 'electronic')).toMatchObject({
      ...{ level: 'EH3', received: 2, refused: 1, effected: 1, waiting: 0, withdrawn: 0, accepted: 0, breached: 0 },
      effectedMilliseconds: { median: expect.any(Number), p90: expect.any(Number), longest: expect.any(Number) },
    });
    const paper = figure(shown, 'authorization', 'nonElectronic')!;
    expect(paper).toMatchObject({ level: 'EH3', received: 5, effected: 2, waiting: 1, breached: 4 });
    const { median, longest } = paper['effectedMilliseconds'] as { median: number; longest: number };
    expect(longest).toBeGreaterThan(DAY);
    expect(median).toBeLessThan(longest);
    expect(figure(shown, 'means', 'nonElectronic')).toMatchObject({
      ...{ received: 1, withdrawn: 1, breached: 0, decidedMilliseconds: null, effectedMilliseconds: null },
    });
    const breaches = shown['breaches'] as readonly Json[];
    expect(breaches.map(({ id, status }) => [id, status])).toEqual([
      [tooLate['id'], 'effected'],
      [waits['id'], 'received'],
      [takenBack['id'], 'withdrawn'],
      [turnedDown['id'], 'refused'],
    ]);
    expect(breaches[2]).toMatchObject({ dueAt: takenBack['dueAt'], decidedAt: null });
    expect(breaches[3]).toMatchObject({ dueAt: turnedDown['dueAt'], decidedAt: no['decidedAt'] });
    expect(breaches[0]).toMatchObject({ dueAt: tooLate['dueAt'], effectedAt: late['effectedAt'] });
    expect(breaches[1]).toMatchObject({ dueAt: waits['dueAt'], decidedAt: null });
    expect(breaches[1]).not.toHaveProperty('effectedAt');
    expect(shown['breachesLeftOut']).toBe(0);

    // By receipt: from its moment on, and before the end.
    const { receivedAt } = electronic;
    const from = having(await report({ from: receivedAt, until: iso(Date.parse(receivedAt as string) + 1) }), 200).body;
    expect(figure(from, 'authorization', 'electronic')).toMatchObject({ received: expect.any(Number) });
    const until = having(await report({ until: receivedAt }), 200).body;
    const count = (of: Json): number => Number(figure(of, 'authorization', 'electronic')?.['received'] ?? 0);
    expect(count(until)).toBeLessThan(count(shown));
  });

  it('is of a period, and for those who revoke', async () => {
    const faults = async (more: Json): Promise<readonly string[]> => faultsOf(having(await report(more), 400));
    expect(await faults({ until: iso(before) })).toEqual(['/until invalid-value']);
    expect(await faults({ until: iso(before + 367 * DAY) })).toEqual(['/until invalid-value']);
    expect(await faults({ from: undefined })).toEqual(['/from required']);
    having(await report({ until: iso(before + 366 * DAY) }), 200);
    // A year from midnight to midnight in Amsterdam, with a leap day and the end of summer time in it.
    having(await report({ from: '2027-10-30T00:00:00+02:00', until: '2028-10-30T00:00:00+01:00' }), 200);
    const other = await suite.client('network');
    const answer = await other.ask('/v1/revocation-report', { from: iso(before), until: iso(before + DAY) });
    expect(having(answer, 403).body).toMatchObject({ code: 'missing-scope' });
  });
});

it('has a letter as late that was entered with its checks after its time, and refused (REV-06)', async () => {
  const own = await startMemorySuite();
  try {
    const client = await own.client('supplier');
    const of = await paperCase(client);
    const authorization = (await of.authorize((await of.means()).id))['id'];
    const requester = { role: 'legalRepresentative', person: of.director.id };
    const refused = async (ago: number): Promise<Json> => {
      const receivedAt = iso(Date.parse(own.backbone.now()) - ago);
      const intake = { channel: 'nonElectronic', medium: 'writing', receivedAt, purposes: ['revocation'] };
      const application = having(await client.command('/v1/applications', intake), 201).body['id'] as string;
      const checks = [await of.desk.check(application, documentStatus(of.director), 0)];
      const asked = { application, object: { authorization }, requester, checks };
      return having(await client.command(PATH, asked), 201).body;
    };
    const inTime = await refused(60_000);
    expect(inTime).toMatchObject({ status: 'refused' });
    expect(inTime).not.toHaveProperty('breached');
    const late = await refused(8 * DAY);
    expect(late).toMatchObject({ status: 'refused', breached: true, dueAt: expect.any(String) });
    const figures = await (await fetch(`${own.url}/metrics`)).text();
    expect(/^waarborg_revocation_breaches_total\{.*\} (\d+)$/mu.exec(figures)?.[1]).toBe('1');
    const from = late['receivedAt'] as string;
    const asked = { from, until: iso(Date.parse(from) + 9 * DAY), after: late['position'] };
    const { breaches } = having(await client.ask('/v1/revocation-report', asked), 200).body;
    expect(breaches).toMatchObject([{ id: late['id'], status: 'refused', dueAt: late['dueAt'] }]);
  } finally {
    await own.end();
  }
});

it('has what came electronically and lay before it was entered, whatever came of it, on top of the list as well (PI2, REV-06)', async () => {
  const own = await startMemorySuite();
  try {
    const client = await own.client('supplier');
    const of = await paperCase(client);
    const login = await of.means();
    const lay = async (object: Json, ago: number, withLogin = true): Promise<Json> => {
      const receivedAt = iso(Date.parse(own.backbone.now()) - ago);
      const intake = { channel: 'electronic', medium: 'other', receivedAt, purposes: ['revocation'] };
      const application = having(await client.command('/v1/applications', intake), 201).body['id'] as string;
      const authentication = {
        ...{ type: 'authentication', about: { person: of.employee.id }, means: login.id, level: 'EH3' },
        source: { name: 'authentication-service-1', reference: `assertion-1-${application.slice(0, 8)}` },
      };
      const checks = withLogin ? [await of.desk.check(application, authentication, 0)] : [];
      const requester = { role: 'authorizedParty', person: of.employee.id };
      return { application, object, requester, checks };
    };
    const authorization = async (): Promise<Json> => ({
      authorization: (await of.authorize((await of.means()).id))['id'],
    });
    const from = iso(Date.parse(own.backbone.now()) - DAY);
    const hours = 3 * 3_600_000;
    const [inTime, late] = [
      having(await client.command(PATH, await lay(await authorization(), 60_000)), 201).body,
      having(await client.command(PATH, await lay(await authorization(), hours)), 201).body,
    ];
    expect(inTime).toMatchObject({ status: 'effected', breached: false, dueAt: null });
    expect(late).toMatchObject({ status: 'effected', breached: true, dueAt: null, immediate: true });
    const refused = having(await client.command(PATH, await lay(await authorization(), hours, false)), 201).body;
    expect(refused).toMatchObject({ status: 'refused', breached: true });
    expect(refused).not.toHaveProperty('dueAt');

    // Accepted, and not carried out: late from the first moment on.
    const stuck = await authorization();
    const { events } = own.stores;
    const append = events.append.bind(events);
    events.append = (stream, ...rest) =>
      stream === `authorization-${String(stuck['authorization'])}`
        ? Promise.reject(new StoreUnavailable('away'))
        : append(stream, ...rest);
    const open = having(await client.command(PATH, await lay(stuck, hours)), 202).body;
    expect(open).toMatchObject({ status: 'accepted', dueAt: null, deadline: 'passed' });
    const workList = having(await client.ask(`${PATH}/_search`, { order: 'due', after: open['position'] }), 200).body;
    expect(workList['items']).toMatchObject([{ id: open['id'], deadline: 'passed' }]);
    events.append = append;

    const suspended = await lay(await authorization(), hours);
    const intake = {
      ...{ channel: 'electronic', medium: 'other', purposes: ['suspension'] },
      receivedAt: iso(Date.parse(own.backbone.now()) - hours),
    };
    const application = having(await client.command('/v1/applications', intake), 201).body['id'] as string;
    const authentication = {
      ...{ type: 'authentication', about: { person: of.employee.id }, means: login.id, level: 'EH3' },
      source: { name: 'authentication-service-1', reference: `assertion-1-${application.slice(0, 8)}` },
    };
    const checks = [await of.desk.check(application, authentication, 0)];
    const { position, ...paused } = having(
      await client.command('/v1/suspensions', { ...suspended, application, checks }),
      200,
    ).body;
    expect(paused).toMatchObject({ breached: true });

    const body = { from, until: iso(Date.parse(from) + 2 * DAY), after: position };
    const { breaches } = having(await client.ask('/v1/revocation-report', body), 200).body;
    const told = (breaches as readonly Json[]).map(({ id, mutation }) => [id, mutation]);
    expect(told).toHaveLength(4);
    expect(told).toEqual(
      expect.arrayContaining([
        [late['id'], 'revocation'],
        [refused['id'], 'revocation'],
        [open['id'], 'revocation'],
        [(suspended['object'] as Json)['authorization'], 'suspension'],
      ]),
    );
  } finally {
    await own.end();
  }
});

it('has each of what somebody had who left once, by its own level and kind, also what was refused too late (REV-04, REV-09)', async () => {
  const own = await startMemorySuite();
  try {
    const client = await own.client('supplier');
    const of = await paperCase(client);
    const [one, other] = [await of.means(), await of.means()];
    for (const { id } of [one, other]) await of.authorize(id);
    const requester = { role: 'legalRepresentative', person: of.director.id };
    const object = { person: of.employee.id, party: of.party };
    const letterOf = async (ago: number, facts: readonly Json[]): Promise<Json> => {
      const receivedAt = iso(Date.parse(own.backbone.now()) - ago);
      const intake = { channel: 'nonElectronic', medium: 'writing', receivedAt, purposes: ['revocation'] };
      const application = having(await client.command('/v1/applications', intake), 201).body['id'] as string;
      const checks: string[] = [];
      for (const fact of facts) checks.push(await of.desk.check(application, fact, 0));
      return having(await client.command(PATH, { application, object, requester, checks }), 201).body;
    };
    // Nobody looked at the status of his document: that is not enough for what he ends, and a week is too late to say so.
    const late = await letterOf(8 * DAY, representativeChecks(of.director, of.party));
    expect(late).toMatchObject({ status: 'refused', breached: true });
    for (const line of late['lines'] as readonly Json[]) {
      expect(line).toMatchObject({ status: 'refused', breached: true, dueAt: expect.any(String) });
    }
    const waiting = await letterOf(60_000, []);
    const done = await letterOf(60_000, [...representativeChecks(of.director, of.party), documentStatus(of.director)]);
    expect(done).toMatchObject({ status: 'effected', breached: false });
    const from = iso(Date.parse(late['receivedAt'] as string));
    const body = { from, until: iso(Date.parse(from) + 20 * DAY), after: done['position'] };
    const { figures, breaches } = having(await client.ask('/v1/revocation-report', body), 200).body;
    expect(
      (figures as readonly Json[]).map((each) => [
        ...['object', 'level', 'received', 'refused', 'effected', 'waiting', 'breached'].map((name) => each[name]),
      ]),
    ).toEqual([
      ['authorization', 'EH3', 4, 2, 2, 0, 2],
      ['means', 'EH3', 4, 2, 2, 0, 2],
      ['person', 'EH3', 1, 0, 0, 1, 0],
    ]);
    expect((breaches as readonly Json[]).map(({ id, object: kind }) => [id, kind])).toEqual(
      ['authorization', 'authorization', 'means', 'means'].map(() => [late['id'], expect.any(String)]),
    );
    expect(waiting).toMatchObject({ status: 'received' });
    const text = await (await fetch(`${own.url}/metrics`)).text();
    expect(text).toMatch(/^waarborg_revocation_breaches_total\{[^}]*object="means"[^}]*\} 2$/mu);
    expect(text).toMatch(/^waarborg_revocation_breaches_total\{[^}]*object="authorization"[^}]*\} 2$/mu);
  } finally {
    await own.end();
  }
});

it('has what was to be carried out at once and was not, on top of the work list as well (PI2, CAL-03, REV-09)', async () => {
  const own = await startMemorySuite();
  try {
    const client = await own.client('supplier');
    const of = await paperCase(client);
    const [login, means] = [await of.means(), await of.means()];
    const authorization = (await of.authorize(means.id))['id'] as string;
    const { events } = own.stores;
    const append = events.append.bind(events);
    events.append = (stream, ...rest) =>
      stream === `authorization-${authorization}`
        ? Promise.reject(new StoreUnavailable('away'))
        : append(stream, ...rest);
    const from = iso(Date.parse(own.backbone.now()) - DAY);
    const asked = await of.revocation({ authorization }, login.id);
    const late = having(await client.command(PATH, asked), 202).body;
    expect(late).toMatchObject({ status: 'accepted', immediate: true, dueAt: null, deadline: 'ahead' });
    own.pass(60_000);
    // On paper, and not yet due.
    const application = await of.desk.application('nonElectronic', ['revocation'], 1, 'writing');
    const requester = { role: 'legalRepresentative', person: of.director.id };
    const waiting = { application, object: { means: means.id }, requester, checks: [] };
    const letter1 = having(await client.command(PATH, waiting), 201).body;
    const workList = { order: 'due', after: letter1['position'] };
    const items = having(await client.ask(`${PATH}/_search`, workList), 200).body['items'] as readonly Json[];
    expect(items.map((item) => [item['id'], item['dueAt'], item['deadline']])).toEqual([
      [late['id'], null, 'passed'],
      [letter1['id'], letter1['dueAt'], 'ahead'],
    ]);
    const figures = await (await fetch(`${own.url}/metrics`)).text();
    expect(figures).toMatch(/^waarborg_revocation_requests_open\{[^}]*deadline="passed"[^}]*\} 1$/mu);
    expect(figures).toMatch(/^waarborg_revocation_unseen_total\{[^}]*\} 1$/mu);
    expect(Number(/^waarborg_revocation_next_deadline_seconds\{?.*\}? (-?[\d.]+)$/mu.exec(figures)?.[1])).toBeLessThan(
      0,
    );
    const reported = async (): Promise<readonly Json[]> => {
      const body = { from, until: iso(Date.parse(from) + 2 * DAY) };
      return having(await client.ask('/v1/revocation-report', body), 200).body['breaches'] as readonly Json[];
    };
    expect(await reported()).toMatchObject([{ id: late['id'], status: 'accepted', dueAt: null }]);

    events.append = append;
    const shown = async () => having(await client.get(`${PATH}/${String(late['id'])}`), 200).body;
    await untilIt('it is carried out', async () => (await shown())['status'] === 'effected');
    expect(await shown()).toMatchObject({ dueAt: null, breached: true });
    await untilIt('the report shows it', async () => (await reported())[0]?.['status'] === 'effected');
    expect(await reported()).toHaveLength(1);
  } finally {
    await own.end();
  }
});

it('counts a request once, where two record its last step in the same moment on a store that says little (REV-09)', async () => {
  const own = await startMemorySuite();
  try {
    const client = await own.client('supplier');
    const of = await paperCase(client);
    const means = await of.means();
    const authorization = (await of.authorize(means.id))['id'];
    const application = await of.desk.application('nonElectronic', ['revocation'], 1, 'writing');
    const requester = { role: 'legalRepresentative', person: of.director.id };
    const asked = { application, object: { authorization }, requester, checks: [] };
    const received = having(await client.command(PATH, asked), 201).body;
    const checks: string[] = [];
    for (const facts of [...representativeChecks(of.director, of.party), documentStatus(of.director)]) {
      checks.push(await of.desk.check(application, facts, 0));
    }
    own.pass(Date.parse(received['dueAt'] as string) - Date.now() + 60_000);
    // One moment for both, and an answer that does not say which of them was first.
    const moment = own.backbone.now();
    Object.assign(own.backbone, { now: () => moment });
    const { events, checkpoints } = own.stores;
    const append = events.append.bind(events);
    let writers = 0;
    let release!: () => void;
    const both = new Promise<void>((resolve) => (release = resolve));
    let acceptedAt = 0n;
    events.append = async (stream, expected, written) => {
      if (written.some(({ type }) => type === 'RevocationEffected')) {
        writers += 1;
        if (writers === 2) release();
        await both;
      }
      const { revision, position } = await append(stream, expected, written);
      if (written.some(({ type }) => type === 'RevocationAccepted')) acceptedAt = position;
      return { revision, position };
    };
    const decided = await client.command(`${PATH}/${String(received['id'])}/decisions`, { checks });
    expect(having(decided, 200).body).toMatchObject({ status: 'effected', breached: true });
    expect(writers).toBe(2);
    await untilIt('the process has gone on', async () => {
      const reached = await checkpoints.read('revocation-process');
      return reached !== undefined && reached.position >= acceptedAt;
    });
    const figures = await (await fetch(`${own.url}/metrics`)).text();
    expect(/^waarborg_revocation_breaches_total\{.*\} (\d+)$/mu.exec(figures)?.[1]).toBe('1');
  } finally {
    await own.end();
  }
});
