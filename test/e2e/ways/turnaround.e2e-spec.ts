import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import { at } from '../support/case.js';
import { having, type Answer, type Client } from '../support/client.js';
import { startMemorySuite, type MemorySuite } from '../support/memory-suite.js';
import { until } from '../support/until.js';
import { representation } from './support/facts.js';
import { DAY, director, onPaperAt3, registered, stageOn, type Standing } from './support/register-anew.js';
import { delivered, holder, record, sceneOf, setStage, type Stage } from './support/stage.js';

/** What came in on paper and was decided when it was entered: in time, or not, and in the report (PT2, TURN-01, REV-09). */

let memory: MemorySuite;
let client: Client;
let stage: Stage;

beforeAll(async () => {
  memory = await startMemorySuite();
  client = await memory.client('supplier');
  stage = await setStage(stageOn(memory), client);
});
afterAll(() => memory.end());

const ending = async (): Promise<Standing> =>
  registered(stage, await holder(client, 3), { period: { from: at(-1_000), until: at(30 * DAY) } });

/** A letter of the director that came in so long ago. */
async function letter(of: Standing, purpose: string, ago: number) {
  const body = { channel: 'nonElectronic', medium: 'writing', receivedAt: at(-ago), purposes: [purpose] };
  const application = having(await client.command('/v1/applications', body), 201).body;
  const scene = sceneOf({
    ...{ application: application['id'] as string, party: of.party, submitter: stage.director },
    ...{ authorized: of.holder.human, means: of.holder.means },
  });
  return { of, scene, receivedAt: application['receivedAt'] as string };
}

async function decided(of: Standing, purpose: 'change' | 'renewal', ago: number): Promise<Json> {
  const { scene, receivedAt } = await letter(of, purpose, ago);
  const what =
    purpose === 'change'
      ? { set: { nature: { rightOfSubstitution: true, actsIndependently: true } } }
      : { period: { from: at(29 * DAY), until: at(900 * DAY) } };
  const body = {
    ...{ application: scene.application, registration: 'first', aimedLevel: 'EH3', ...what },
    submitter: { person: scene.submitter.id, role: 'legalRepresentative' },
    checks: await record(client, scene, onPaperAt3),
  };
  const answer = having(await client.command(`/v1/authorizations/${of.id}/${purpose}s`, body), 200).body;
  const asked = { mutation: purpose, object: 'authorization', level: 'EH3', channel: 'nonElectronic', receivedAt };
  const { dueAt } = having(await client.ask('/v1/classifications/revocation-deadline', asked), 200).body;
  expect(answer['decision']).toMatchObject({
    ...{ kind: purpose, receivedAt, dueAt: new Date(dueAt as string).toISOString() },
  });
  const shown = having(await client.get(`/v1/authorizations/${of.id}`), 200).body;
  expect(shown['decision']).toEqual(answer['decision']);
  return answer;
}

async function suspended(of: Standing, purpose: 'suspension' | 'reinstatement', isLate: boolean): Promise<Json> {
  const { scene, receivedAt } = await letter(of, purpose, 60_000);
  const facts = purpose === 'suspension' ? [...director, representation()] : onPaperAt3;
  const body = {
    ...{ application: scene.application, object: { authorization: of.id } },
    requester: { role: 'legalRepresentative', person: scene.submitter.id },
    checks: await record(client, scene, facts),
  };
  if (isLate) {
    // It lies on a desk until its time is over.
    const asked = { mutation: 'reinstatement', object: 'authorization', level: 'EH3', channel: 'nonElectronic' };
    const answer = await client.ask('/v1/classifications/revocation-deadline', { ...asked, receivedAt });
    const dueAt = Date.parse(having(answer, 200).body['dueAt'] as string);
    memory.pass(dueAt + 60_000 - Date.parse(memory.backbone.now()));
  }
  return having(await client.command(`/v1/${purpose}s`, body), 200).body;
}

const report = async (position: unknown): Promise<Json> =>
  having(await client.ask('/v1/revocation-report', { from: at(-20 * DAY), until: at(DAY), after: position }), 200).body;

it('a request to suspend that is carried out is one request, and not a suspension beside it', async () => {
  const of = await ending();
  const { scene, receivedAt } = await letter(of, 'suspension', 60_000);
  const body = {
    ...{ application: scene.application, mutation: 'suspension', object: { authorization: of.id } },
    requester: { role: 'legalRepresentative', person: scene.submitter.id },
    checks: await record(client, scene, [...director, representation()]),
  };
  const done = having(await client.command('/v1/revocation-requests', body), 201).body;
  expect(done).toMatchObject({ status: 'effected' });
  const asked = { from: receivedAt, until: at(DAY), after: done['position'] };
  const shown = having(await client.ask('/v1/revocation-report', asked), 200).body;
  expect(shown['figures']).toMatchObject([{ mutation: 'suspension', received: 1, effected: 1, breached: 0 }]);
});

it('has what was refused too late where it is decided as it is entered, once for what an intake asks (REV-06, REV-09, PT2)', async () => {
  const own = await startMemorySuite();
  const [shared, sharedStage] = [client, stage];
  try {
    client = await own.client('supplier');
    stage = await setStage(stageOn(own), client);
    const of = await ending();
    const refused = async (purpose: 'change' | 'suspension' | 'reinstatement', ago: number): Promise<Answer> => {
      const { scene } = await letter(of, purpose, ago);
      const person = scene.submitter.id;
      const changing = {
        ...{ application: scene.application, registration: 'first', aimedLevel: 'EH3' },
        ...{ set: { nature: { rightOfSubstitution: true, actsIndependently: true } } },
        submitter: { person, role: 'legalRepresentative' },
      };
      const ending_ = {
        ...{ application: scene.application, object: { authorization: of.id } },
        requester: { role: 'legalRepresentative', person },
      };
      const answer =
        purpose === 'change'
          ? await client.command(`/v1/authorizations/${of.id}/changes`, { ...changing, checks: [] })
          : await client.command(`/v1/${purpose}s`, { ...ending_, checks: [] });
      expect(answer.status).toBe(409);
      return answer;
    };
    await refused('suspension', 60_000);
    await refused('suspension', 8 * DAY);
    await refused('change', 8 * DAY);
    // What the operator does of his own accord nobody asked for.
    const block = await letter(of, 'reinstatement', 8 * DAY);
    const operators = { application: block.scene.application, object: { authorization: of.id }, checks: [] };
    const nothing = await client.command('/v1/reinstatements', { ...operators, requester: { role: 'operator' } });
    expect(nothing.status).toBe(409);
    // Refused in time, and again after it: it was answered in time. Refused, and then decided on: that is what counts.
    const twice = await letter(of, 'suspension', 60_000);
    const asked = async (checks: readonly string[]): Promise<Answer> =>
      client.command('/v1/suspensions', {
        ...{ application: twice.scene.application, object: { authorization: of.id }, checks },
        requester: { role: 'legalRepresentative', person: twice.scene.submitter.id },
      });
    expect((await asked([])).status).toBe(409);
    expect((await asked([])).status).toBe(409);
    having(await asked(await record(client, twice.scene, [...director, representation()])), 200);
    // Refused at one door and decided at the other, by the same intake: one asking, by what was decided (REV-09).
    for (const first of ['suspensions', 'revocation-requests'] as const) {
      const again = await letter(await ending(), 'suspension', 60_000);
      const ask = async (door: typeof first, checks: readonly string[]): Promise<Answer> =>
        client.command(`/v1/${door}`, {
          ...{ application: again.scene.application, object: { authorization: again.of.id }, checks },
          ...(door === 'suspensions' ? {} : { mutation: 'suspension' }),
          requester: { role: 'legalRepresentative', person: again.scene.submitter.id },
        });
      // A check that does not identify him: without any a letter would wait.
      const little = await record(client, again.scene, [representation()]);
      const refusal = await ask(first, little);
      expect([refusal.status, refusal.body['status']]).toEqual(first === 'suspensions' ? [409, 409] : [201, 'refused']);
      const checks = await record(client, again.scene, [...director, representation()]);
      const done = await ask(first === 'suspensions' ? 'revocation-requests' : 'suspensions', checks);
      expect([200, 201]).toContain(done.status);
    }
    const means = await holder(client, 3);
    const renewal = { channel: 'nonElectronic', medium: 'writing', receivedAt: at(-8 * DAY), purposes: ['renewal'] };
    const application = having(await client.command('/v1/applications', renewal), 201).body['id'];
    const renewed = await client.command(`/v1/means/${means.means}/renewals`, { application, checks: [] });
    expect(renewed.status).toBe(409);

    const { position } = having(await client.command('/v1/applications', { ...renewal, receivedAt: at(0) }), 201).body;
    const shown = await report(position);
    expect(
      (shown['figures'] as readonly Json[]).map(({ mutation, object, received, refused: no, effected, breached }) => [
        ...[mutation, object, received, no, effected, breached],
      ]),
    ).toEqual([
      ['change', 'authorization', 1, 1, 0, 1],
      // No time runs for issuing, however late it is refused (MEANS-07, TURN-03).
      ['renewal', 'means', 1, 1, 0, 0],
      ['suspension', 'authorization', 5, 2, 3, 1],
    ]);
    const breaches = (shown['breaches'] as readonly Json[]).map(({ id, mutation, status }) => [id, mutation, status]);
    expect(breaches).toHaveLength(2);
    expect(shown['breaches']).toMatchObject([{ about: { authorization: of.id } }, { about: { authorization: of.id } }]);
    for (const breach of shown['breaches'] as readonly Json[]) expect(breach).not.toHaveProperty('request');
    expect(breaches).toEqual(
      expect.arrayContaining([
        [of.id, 'change', 'refused'],
        [of.id, 'suspension', 'refused'],
      ]),
    );
  } finally {
    [client, stage] = [shared, sharedStage];
    await own.end();
  }
});

it('a renewal of a means is in it as well, and never late: nothing is asked of issuing (MEANS-07, TURN-03)', async () => {
  const renewed = async (channel: string, ago: number): Promise<Json> => {
    const of = await holder(client, 3);
    const intake = { channel, medium: 'writing', receivedAt: at(-ago), purposes: ['renewal'] };
    const own = having(await client.command('/v1/applications', intake), 201).body['id'] as string;
    const scene = sceneOf({ application: own, authorized: of.human, means: of.means });
    const delivery = await delivered(client, scene, of.means, { form: 'registeredLetter', addressValidated: true });
    const body = { application: own, checks: [delivery], acceptLower: true };
    return having(await client.command(`/v1/means/${of.means}/renewals`, body), 200).body;
  };
  await renewed('nonElectronic', 60_000);
  await renewed('electronic', 60_000);
  await renewed('nonElectronic', 8 * DAY);
  const { position } = await renewed('electronic', 3_600_000);
  const shown = await report(position);
  const figures = (shown['figures'] as readonly Json[]).filter(({ object }) => object === 'means');
  expect(figures).toMatchObject(
    ['electronic', 'nonElectronic'].map((channel) => ({
      ...{ mutation: 'renewal', level: 'EH3', channel, received: 2, effected: 2, breached: 0 },
    })),
  );
  for (const { decidedMilliseconds } of figures) expect(decidedMilliseconds).not.toBeNull();
  expect((shown['breaches'] as readonly Json[]).filter(({ object }) => object === 'means')).toEqual([]);
});

// Last: it moves the register's clock.
it('changes and renewals on paper have two working days, suspensions one, and each that is late is told', async () => {
  const [late, early] = [await ending(), await ending()];
  expect(having(await client.get(`/v1/authorizations/${late.id}`), 200).body['decision']).not.toHaveProperty('dueAt');
  for (const [of, ago, breached] of [
    [early, 60_000, false],
    [late, 8 * DAY, true],
  ] as const) {
    expect((await decided(of, 'change', ago))['decision']).toMatchObject({ breached });
    expect((await decided(of, 'renewal', ago))['decision']).toMatchObject({ breached });
    expect(await suspended(of, 'suspension', breached)).toMatchObject({ breached });
    expect(await suspended(of, 'reinstatement', breached)).toMatchObject({ breached });
  }
  // What the operator does of his own accord nobody asked for.
  const block = await letter(early, 'suspension', 60_000);
  const own = {
    ...{ application: block.scene.application, object: { authorization: early.id }, checks: [] },
    ...{ requester: { role: 'operator' }, reason: 'security' },
  };
  const { position } = having(await client.command('/v1/suspensions', own), 200).body;

  const shown = await report(position);
  const ofAuthorizations = (shown['figures'] as readonly Json[]).filter(({ object }) => object === 'authorization');
  const figures = ofAuthorizations.map(({ mutation, object, level, channel, ...figure }) => [
    [mutation, object, level, channel].join(' '),
    [figure['received'], figure['effected'], figure['breached']],
  ]);
  expect(figures).toEqual(
    ['change', 'reinstatement', 'renewal', 'suspension'].map((mutation) => [
      `${mutation} authorization EH3 nonElectronic`,
      mutation === 'suspension' ? [3, 3, 1] : [2, 2, 1],
    ]),
  );
  const breaches = (shown['breaches'] as readonly Json[])
    .filter(({ object }) => object === 'authorization')
    .map(({ mutation, id, status }) => [mutation, id, status]);
  expect(breaches).toHaveLength(4);
  expect(breaches).toEqual(
    expect.arrayContaining(
      ['change', 'renewal', 'suspension', 'reinstatement'].map((mutation) => [mutation, late.id, 'effected']),
    ),
  );
  // The figures that alarms look at have the same, each once (REV-09, PT2).
  const counted = async (name: string): Promise<Readonly<Record<string, number>>> => {
    const text = await (await fetch(`${memory.url}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) && !line.includes('object="means"'));
    return Object.fromEntries(
      lines.map((line) => [/\bmutation="([a-z]+)"/.exec(line)![1]!, Number(line.split(' ').at(-1))]),
    );
  };
  const all = { change: 2, reinstatement: 2, renewal: 2, suspension: 3 };
  await until('the figures are told', async () => {
    const { reinstatement = 0 } = await counted('waarborg_revocation_effected_seconds_count');
    return reinstatement === all.reinstatement;
  });
  expect(await counted('waarborg_revocation_effected_seconds_count')).toEqual(all);
  expect(await counted('waarborg_revocation_breaches_total')).toEqual({
    ...{ change: 1, reinstatement: 1, renewal: 1, suspension: 1 },
  });
  expect(await counted('waarborg_revocation_everywhere_seconds_count')).toEqual({ suspension: all.suspension });

  // None of it waits for anybody.
  const list = having(await client.ask('/v1/revocation-requests/_search', { order: 'due', after: position }), 200);
  expect(list.body['items']).toEqual([]);
});
