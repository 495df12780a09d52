import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import {
  receiver,
  testClient,
  testDatabase,
  unless,
  type Received,
  type Receiver,
  type TestDatabase,
} from '#libs/testing';
import type { Json } from '../e2e/support/api.js';
import { at, freshNumber } from '../e2e/support/case.js';
import { client, having, type Client } from '../e2e/support/client.js';
import { databaseSettings } from '../e2e/support/suite.js';
import { until } from '../e2e/support/until.js';
import { installation, obstacle, READY_WITHIN, type Installation, type SuiteProcess } from './suite-process.js';

/** A kill can't be noticed by the victim: what it did stands at the receiver, and in no note. */
unless(obstacle()).describe('kill -9 of the app that delivers, between an attempt and its note', () => {
  let register: TestDatabase;
  let keys: TestDatabase;
  let place: Installation;
  let archive: SuiteProcess;
  let registration: SuiteProcess;
  let told: Receiver;
  /** Answers the request that is held; the others are answered at once. */
  let answer: (() => void) | undefined;
  let token: string;
  beforeAll(async () => {
    [register, keys] = [await testDatabase(), await testDatabase()];
    place = await installation({
      ...databaseSettings({ register, keys }),
      ...{ WEBHOOK_ALLOW: '127.0.0.1', WEBHOOK_HTTP: 'allowed' },
    });
    archive = await place.start('archive');
    registration = await place.start('registration');
    token = place.token('governance');
    told = await receiver((_received, response) => {
      const send = (): void => void response.writeHead(204).end();
      if (told.received.length === 1) answer = send;
      else send();
    });
  }, READY_WITHIN);
  afterEach(() => told?.close());
  afterAll(async () => {
    await place?.remove();
    await register?.drop();
    await keys?.drop();
  }, READY_WITHIN);

  const asked = (of: SuiteProcess): Client => client(of.url, token);
  const registerParty = async (): Promise<string> => {
    const body = {
      ...{ kind: 'privateLegalPerson', register: 'kvk', number: freshNumber(), name: 'Test Vereniging' },
      naturalPersonsBusiness: false,
    };
    return String(having(await asked(registration).command('/v1/parties', body), 201).body['id']);
  };
  /** A second event of the party's stream. */
  async function correct(party: string): Promise<void> {
    const intake = { channel: 'electronic', receivedAt: at(-5_000), purposes: ['change'] };
    const application = having(await asked(archive).command('/v1/applications', intake), 201).body['id'];
    const check = having(
      await asked(archive).command('/v1/checks', {
        ...{ application, about: { party }, type: 'identityAttributesRecorded', uniquelyIdentifying: true },
        ...{ performedAt: at(-1_000), performedBy: { system: 'back-office' } },
        source: { name: 'trade-register', reference: 'look-1' },
      }),
      201,
    ).body['id'];
    const body = { application, checks: [check], set: { name: 'Test Vereniging Nieuw' } };
    having(await asked(registration).command(`/v1/parties/${party}/corrections`, body), 200);
  }
  const idsOf = (of: readonly Received[]): readonly string[] => of.map(({ headers }) => headers['webhook-id']!);
  const typesOf = (of: readonly Received[]): readonly string[] =>
    of.map(({ body }) => (JSON.parse(body) as { data: { type: string } }).data.type);

  it(
    'has what was asked, and what was answered, told again under the same id and in order, and loses nothing',
    async () => {
      const { body: subscription } = having(
        await asked(registration).command('/v1/webhook-subscriptions', {
          ...{ address: told.url, eventTypes: ['PartyRegistered', 'PartyCorrected'] },
        }),
        201,
      );
      const path = `/v1/webhook-subscriptions/${String(subscription['id'])}/deliveries/_search`;
      const standing = async (state: string): Promise<readonly unknown[]> => {
        const { items } = having(await asked(registration).ask(path, { state }), 200).body as {
          items: readonly Json[];
        };
        return items.map(({ event }) => event).toReversed();
      };

      // The receiver has the request, and has not answered.
      const party = await registerParty();
      await until('the receiver was told', () => told.received.length === 1, READY_WITHIN);
      await correct(party);
      await until('the second one waits', async () => (await standing('waiting')).length === 2, READY_WITHIN);
      expect(told.received).toHaveLength(1);
      await registration.killSuite();
      answer!();

      // Told again by the next process, it is answered; the note of that is kept from being written.
      const lock = await testClient(register.url);
      await lock.query('begin');
      await lock.query(
        `select from waarborg.due_work where kind = 'webhook-delivery' order by place limit 1 for update`,
      );
      registration = await place.start('registration');
      await until('it is told again', () => told.received.length === 2, READY_WITHIN);
      const waiting = `from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      const noting = async (): Promise<number> => (await register.query(`select ${waiting}`)).length;
      await until('the note waits', async () => (await noting()) > 0, READY_WITHIN);
      await registration.killSuite();
      // The server would go on with what a dead client asked for.
      await register.query(`select pg_terminate_backend(pid) ${waiting}`);
      await until('nobody notes it', async () => (await noting()) === 0, READY_WITHIN);
      await lock.query('rollback');
      await lock.end();

      registration = await place.start('registration');
      const last = await registerParty();
      await until('all of it is noted', async () => (await standing('done')).length === 3, READY_WITHIN);
      // Of one stream in order; that of the other party may come beside it, also between the second and third of the first.
      const [ofFirst, ofLast] = [party, last].map((of) =>
        told.received.filter(({ body }) => body.includes(`"subject":"party-${of}"`)),
      ) as [Received[], Received[]];
      expect(typesOf(ofFirst)).toEqual(['PartyRegistered', 'PartyRegistered', 'PartyRegistered', 'PartyCorrected']);
      expect(typesOf(ofLast)).toEqual(['PartyRegistered']);
      const [first, again, thirdTime, second] = idsOf(ofFirst);
      expect([again, thirdTime]).toEqual([first, first]);
      expect(new Set(ofFirst.slice(0, 3).map(({ body }) => body)).size).toBe(1);
      expect(told.received).toHaveLength(5);
      expect((await standing('done')).toSorted()).toEqual([first, second, ...idsOf(ofLast)].toSorted());
      expect([await standing('waiting'), await standing('parked')]).toEqual([[], []]);
    },
    4 * READY_WITHIN,
  );
});
