import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { seed } from '#libs/application';
import { StoreUnavailable, type EventStore } from '#libs/eventing';
import { streamId } from '#libs/kernel';
import { uuid } from '#libs/testing';
import type { Json } from '../support/api.js';
import { at } from '../support/case.js';
import { having, type Answer, type Client } from '../support/client.js';
import { startMemorySuite, type MemorySuite } from '../support/memory-suite.js';
import { until } from '../support/until.js';
import { attributes, checkedCopy, circumstances, identifiedParty, representation, type Fact } from './support/facts.js';
import { DAY, decideAnew, director, onPaperAt3, registered, stageOn, type Standing } from './support/register-anew.js';
import {
  activate,
  application,
  correctPerson,
  delivered,
  holder,
  holderAtThree,
  issue,
  person,
  record,
  sceneOf,
  setStage,
  type Holder,
  type Stage,
} from './support/stage.js';

/** The deadline of a letter that waits follows the level of what it is about (REV-04, REV-06, ADR 135). */

const PATH = '/v1/revocation-requests';

let memory: MemorySuite;
let client: Client;
let stage: Stage;
let events: EventStore;
let append: EventStore['append'];

beforeAll(async () => {
  // With a policy that issues at EH1, as it was once: there no deadline runs (PI1).
  memory = await startMemorySuite({ data: { ...seed, levelPolicy: [] } });
  client = await memory.client('supplier');
  stage = await setStage(stageOn(memory), client);
  ({ events } = memory.stores);
  append = events.append.bind(events);
});
afterEach(() => {
  events.append = append;
});
afterAll(() => memory.end());

/** A letter of the director, without checks. */
async function letter(object: Json): Promise<Json> {
  const requester = { role: 'legalRepresentative', person: stage.director.id };
  const body = { application: await application(client, 'nonElectronic', 'revocation'), object, requester, checks: [] };
  return having(await client.command(PATH, body), 201).body;
}
const shown = async ({ id }: Json): Promise<Json> => having(await client.get(`${PATH}/${String(id)}`), 200).body;
const workList = async (): Promise<readonly Json[]> => {
  const body = { order: 'due', limit: 100, after: await headOf() };
  return having(await client.ask(`${PATH}/_search`, body), 200).body['items'] as readonly Json[];
};
/** A position that the list has to show: that of the newest event. */
const headOf = async (): Promise<unknown> => {
  const body = { channel: 'electronic', receivedAt: at(0), purposes: ['means'] };
  return having(await client.command('/v1/applications', body), 201).body['position'];
};
const moved = async (of: Json, what: Json): Promise<Json> => {
  let now: Json = {};
  await until(`it waits as ${JSON.stringify(what)}`, async () => {
    now = await shown(of);
    return Object.entries(what).every(([name, value]) => now[name] === value);
  });
  return now;
};
/** One working day after receipt, as evaluation 3 has it. */
async function oneWorkingDay(received: Json, level = 'EH3'): Promise<string> {
  const { receivedAt, channel } = received;
  const question = { mutation: 'revocation', object: 'authorization', level, channel, receivedAt };
  const requester = { role: 'legalRepresentative', ioScore: 3 };
  const answer = await client.ask('/v1/classifications/revocation-deadline', { ...question, requester });
  return new Date(having(answer, 200).body['dueAt'] as string).toISOString();
}

/** A means at STORK 1: his attributes and an address that works. */
async function holderAtOne(): Promise<Holder> {
  const human = await person(client);
  const scene = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });
  const email: Fact = () => ({ type: 'emailConfirmation', about: { person: human.id }, confirmed: true });
  const { means, answer } = await issue(client, scene, {
    ...{ product: 'password-sms', aimedStork: 1 },
    identification: await record(client, scene, [attributes('authorized'), email]),
    delivery: { form: 'registeredLetter', addressValidated: true },
  });
  expect(having(answer, 200).body).toMatchObject({ stork: 1 });
  await activate(client, means);
  return { human, means };
}
async function upgrade(of: Holder): Promise<void> {
  const own = await application(client, 'electronic', 'upgrade');
  const scene = sceneOf({ application: own, authorized: of.human, means: of.means });
  const checks = await record(client, scene, holderAtThree);
  checks.push(await delivered(client, scene, of.means, { form: 'registeredLetter', addressValidated: true }));
  const body = { application: own, checks, aimedStork: 3 };
  having(await client.command(`/v1/means/${of.means}/upgrades`, body), 200);
}

const onPaperAt1: readonly Fact[] = [...identifiedParty, representation(), circumstances(), ...checkedCopy];
const month = { from: at(-1_000), until: at(30 * DAY) };
const atOne = async (): Promise<Standing> => {
  const body = { aimedLevel: 'EH1', scope: { all: true }, period: month };
  const of = await registered(stage, await holder(client, 3), body, { checks: onPaperAt1 });
  expect(of.body).toMatchObject({ m: 1 });
  return of;
};
async function renewed(of: Standing, m: 1 | 3, from: number): Promise<void> {
  const period = { from: at(from), until: at(from + 900 * DAY) };
  const body = { aimedLevel: m === 3 ? 'EH3' : 'EH1', acceptLower: true, period };
  const answer = await decideAnew(stage, of, {
    purpose: 'renewal',
    checks: m === 3 ? onPaperAt3 : onPaperAt1,
    body,
  });
  expect(having(answer, 200).body).toMatchObject({ m });
}
async function decide(received: Json): Promise<Json> {
  const scene = sceneOf({ application: received['application'] as string, submitter: stage.director, party: '' });
  const of = having(
    await client.get(`/v1/authorizations/${String((received['object'] as Json)['authorization'])}`),
    200,
  );
  const party = of.body['representedParty'] as { party?: string } | string;
  const where = typeof party === 'string' ? party : party.party!;
  const checks = await record(client, { ...scene, party: where }, [...director, representation()]);
  return having(await client.command(`${PATH}/${String(received['id'])}/decisions`, { checks }), 200).body;
}

describe('REV-04: the deadline of a letter that waits', () => {
  it('begins to run when the means is upgraded, from the receipt on (PI1, PI3, UPG-01)', async () => {
    const of = await holderAtOne();
    const received = await letter({ means: of.means });
    expect(received).toMatchObject({ status: 'received', level: 'EH1', dueAt: null, deadline: 'none' });
    await upgrade(of);
    const dueAt = await oneWorkingDay(received);
    const now = await moved(received, { level: 'EH3', dueAt });
    expect(now).toMatchObject({ status: 'received', deadline: 'ahead' });
    const listed = (await workList()).find(({ id }) => id === received['id']);
    expect(listed).toMatchObject({ dueAt, level: 'EH3' });
    // A retry of the request is the first answer again.
    expect(received).toMatchObject({ dueAt: null });
  });

  it('begins with a renewal that earns more, and stays when the level falls again (REN-04, REV-06)', async () => {
    const of = await atOne();
    const received = await letter({ authorization: of.id });
    expect(received).toMatchObject({ level: 'EH1', dueAt: null });
    await renewed(of, 3, 29 * DAY);
    const dueAt = await oneWorkingDay(received);
    await moved(received, { level: 'EH3', dueAt });
    const low = await registered(
      stage,
      await holder(client, 3),
      { period: month, scope: { all: true }, aimedLevel: 'EH3' },
      { checks: onPaperAt3 },
    );
    const other = await letter({ authorization: low.id });
    const before = other['dueAt'];
    expect(other).toMatchObject({ level: 'EH3', dueAt: expect.any(String) });
    await renewed(low, 1, 29 * DAY);
    expect(await moved(other, { level: 'EH1' })).toMatchObject({ dueAt: before });
    const done = await decide(other);
    expect(done).toMatchObject({ status: 'effected', level: 'EH1', dueAt: before, breached: false });
  });

  it('runs on while what it is about is suspended (SUS-05)', async () => {
    const of = await registered(stage, await holder(client, 3), { period: month });
    const received = await letter({ authorization: of.id });
    const block = {
      ...{ application: await application(client, 'nonElectronic', 'suspension'), checks: [] },
      ...{ object: { authorization: of.id }, requester: { role: 'operator' }, reason: 'security' },
    };
    having(await client.command('/v1/suspensions', block), 200);
    expect((await workList()).find(({ id }) => id === received['id'])).toMatchObject({
      ...{ level: 'EH3', dueAt: received['dueAt'], status: 'received' },
    });
  });

  it('is the one of the level that came while the letter was entered: neither order is missed', async () => {
    const of = await holderAtOne();
    let entered!: () => void;
    let upgraded!: () => void;
    const isEntered = new Promise<void>((resolve) => (entered = resolve));
    const isUpgraded = new Promise<void>((resolve) => (upgraded = resolve));
    events.append = async (stream, ...rest) => {
      if (stream.startsWith('revocationRequest-')) {
        entered();
        await isUpgraded;
      }
      return append(stream, ...rest);
    };
    const writing = letter({ means: of.means });
    await isEntered;
    await upgrade(of);
    upgraded();
    const received = await writing;
    expect(received).toMatchObject({ level: 'EH1', dueAt: null });
    await moved(received, { level: 'EH3', dueAt: await oneWorkingDay(received) });
  });

  /** A letter of the holder himself about his means at EH1, where nobody is verified (PI1). */
  const letterOfHolder = async ({ human, means }: Holder): Promise<Json> => {
    const own = await application(client, 'nonElectronic', 'revocation');
    const requester = { role: 'authorizedParty', person: human.id };
    const body = { application: own, object: { means }, requester, checks: [] };
    return having(await client.command(PATH, body), 201).body;
  };
  const decidedOn = async ({ id }: Json): Promise<Answer> =>
    client.command(`${PATH}/${String(id)}/decisions`, { checks: [] });
  const isRevoked = (written: readonly { readonly type: string }[]): boolean =>
    written.some(({ type }) => type === 'MeansRevoked');

  it('is that of the level at which it ended, where an upgrade came between its acceptance and its end (REV-04)', async () => {
    const of = await holderAtOne();
    const received = await letterOfHolder(of);
    let upgrading: Promise<void> | undefined;
    events.append = async (stream, expected, written) => {
      // The acceptance is on record; what it asks waits until the means carries more.
      if (isRevoked(written) && stream === streamId('means', of.means)) await (upgrading ??= upgrade(of));
      return append(stream, expected, written);
    };
    const decided = having(await decidedOn(received), 200).body;
    const dueAt = await oneWorkingDay(received);
    expect(decided).toMatchObject({ status: 'effected', level: 'EH3', dueAt, breached: false });
    const listed = having(
      await client.ask('/v1/revocation-report', {
        ...{ from: received['receivedAt'], until: at(DAY), after: decided['position'] },
      }),
      200,
    ).body['figures'] as readonly Json[];
    expect(listed.find(({ object }) => object === 'means')).toMatchObject({ level: 'EH3', effected: 1, breached: 0 });
  });

  it('follows while it is accepted and not carried out, too (REV-04, REV-09)', async () => {
    const of = await holderAtOne();
    const received = await letterOfHolder(of);
    events.append = (stream, expected, written) =>
      isRevoked(written) ? Promise.reject(new StoreUnavailable('away')) : append(stream, expected, written);
    const accepted = having(await decidedOn(received), 202).body;
    expect(accepted).toMatchObject({ status: 'accepted', level: 'EH1', dueAt: null, deadline: 'none' });
    await upgrade(of);
    const dueAt = await oneWorkingDay(received);
    expect(await moved(accepted, { level: 'EH3', dueAt })).toMatchObject({ status: 'accepted', deadline: 'ahead' });
    expect((await workList()).find(({ id }) => id === accepted['id'])).toMatchObject({ dueAt, level: 'EH3' });
    events.append = append;
    expect(await moved(accepted, { status: 'effected' })).toMatchObject({ level: 'EH3', dueAt, breached: false });
  });

  it('of somebody who leaves goes by what he has by now', async () => {
    const of = await atOne();
    const received = await letter({ person: of.holder.human.id, party: of.party });
    expect(received).toMatchObject({ status: 'received', level: 'EH1', dueAt: null });
    await registered(stage, of.holder, { period: month }, { where: of.party });
    await moved(received, { level: 'EH3', dueAt: await oneWorkingDay(received) });
  });

  it('of somebody who leaves goes by all of his records, from when they are found to be one (MEANS-ID2-ii.b)', async () => {
    const low = await atOne();
    const other = await holder(client, 3);
    await registered(stage, other, { period: month }, { where: low.party });
    const received = await letter({ person: low.holder.human.id, party: low.party });
    expect(received).toMatchObject({ status: 'received', level: 'EH1', dueAt: null });
    const to = low.holder.human.id;
    const set = { familyName: `Dezelfde-${to.slice(0, 8)}` };
    for (const { human } of [low.holder, other]) await correctPerson(client, human, set);
    having(await client.command(`/v1/persons/${other.human.id}/links`, { to, same: true }), 200);
    await moved(received, { level: 'EH3', dueAt: await oneWorkingDay(received) });
  });

  it('is found among however many wait at the same party', async () => {
    const of = await atOne();
    const received = await letter({ person: of.holder.human.id, party: of.party });
    const { human } = await holder(client, 2);
    const [written] = await events.readStream(streamId('revocationRequest', received['id'] as string));
    const { data } = JSON.parse(written!.bytes) as { readonly data: Json };
    for (let n = 0; n < 1_001; n++) {
      const id = uuid('revoke', 1_000 + n);
      const more = { revocationRequest: id, object: { person: human.id, party: of.party }, dueAt: null };
      await memory.record('revocationRequest', id, { type: 'RevocationRequested', data: { ...data, ...more } });
    }
    await registered(stage, of.holder, { period: month }, { where: of.party });
    await moved(received, { level: 'EH3', dueAt: await oneWorkingDay(received) });
  });
});
