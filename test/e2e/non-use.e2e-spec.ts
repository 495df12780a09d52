import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  canonicalJson,
  later,
  streamId,
  type AuthorizationId,
  type DomainEvent,
  type EventId,
  type Instant,
  type PersonId,
  type StreamId,
} from '#libs/kernel';
import { confirmationIdOf } from '#libs/application';
import { smtpMailer } from '#libs/registers/smtp';
import { amsterdamDate, mailServer, paperRegistration, unless, uuid, type MailServer } from '#libs/testing';
import type { Json } from './support/api.js';
import { freshNumber, paperCase, question, type IssuedMeans, type PaperCase } from './support/case.js';
import { having, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { inOneProcess, startSuite, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

const DAY = 86_400_000;
const OWN_CLOCK = inOneProcess('its time passes by a clock of its own');
const PATH = '/v1/authorizations';
/** A service that takes chains. */
const TAX = 'urn:etoegang:DV:00000099800000003000:services:1';

let suite: MemorySuite;
let mail: MailServer;
let supplier: Client;
let network: Client;
let auditor: Client;
let one: PaperCase;
let elsewhere: PaperCase;
let forgotten: Held;
let remembered: Held;
let unreachable: Held;
/** Whom nobody reaches either, until he uses it. */
let missed: Held;
let last: Held;
const link = uuid('link') as AuthorizationId;
const number = freshNumber();

beforeAll(async () => {
  const refusing = (to: string) => (to.startsWith('nobody') ? { code: 550, text: 'not known here' } : undefined);
  mail = await mailServer({ refusing });
  const from = { name: 'Test participant', address: 'register@participant.example' };
  suite = await startMemorySuite({
    telling: { language: 'nl', mail: smtpMailer({ url: mail.url, tls: 'none', from, timeLimit: 10_000 }) },
  });
  [supplier, network, auditor] = [
    await suite.client('supplier'),
    await suite.client('network'),
    await suite.client('auditor'),
  ];
  one = await paperCase(supplier, { employee: { email: 'employee@example.org' } });
  [forgotten, remembered] = [await held(), await held()];
  last = await held(one, { scope: { services: [TAX] } });
  unreachable = await held(await paperCase(supplier, { employee: { email: 'nobody@example.org' } }));
  elsewhere = await paperCase(supplier, { employee: { email: 'nobody.else@example.org' } });
  missed = { ...(await held(elsewhere)), organization: elsewhere.organization };
  // An authorization of an intermediary, by which the person who is authorized there acts for another organization.
  const client = uuid('client');
  const named = {
    party: client,
    kind: 'privateLegalPerson',
    register: 'kvk',
    number,
    publicDetails: { name: 'Client' },
  };
  await suite.record('party', client, { type: 'PartyRegistered', data: named });
  const { application } = paperRegistration.ids;
  const now = suite.backbone.now();
  const received = { application, channel: 'nonElectronic', receivedAt: now, purposes: ['registration'], late: false };
  await suite.record('application', application, { type: 'ApplicationReceived', data: received });
  const given = {
    ...{ representedParty: client, authorizedParty: { party: one.party } },
    ...{ nature: { rightOfSubstitution: true, actsIndependently: true }, eh: null, eidas: null },
    scope: { all: false, services: [TAX], groups: [] },
    ...{ registeredAt: now, validFrom: now, validUntil: later(now, 1_460 * DAY) },
  };
  await suite.record('authorization', link, ...paperRegistration.authorizationFacts(link, given));
});
afterAll(async () => {
  await suite.end();
  await mail.close();
});

interface Held {
  readonly id: string;
  readonly means: IssuedMeans;
  /** For which it is used; absent: the one that gave it. */
  readonly organization?: string;
}
/** An authorization of a means of its own. */
async function held(of = one, more: Json = {}): Promise<Held> {
  const means = await of.means();
  return { id: (await of.authorize(means.id, more))['id'] as string, means };
}
const shown = async (id: string): Promise<Json> => having(await supplier.get(`${PATH}/${id}`), 200).body;
const asked = ({ means, organization = one.organization }: Held): Json =>
  question(means.pseudonym, organization, organization === `kvk:${number}` ? { service: TAX } : {});
async function use(of: Held, answer = true): Promise<void> {
  await until(`the decision is ${answer}`, async () => {
    const { body } = having(await network.ask('/access/v1/evaluation', asked(of)), 200);
    return body['decision'] === answer;
  });
}
/** The authorization once it shows what is waited for. */
async function showing(id: string, what: string, isSo: (item: Json) => boolean): Promise<Json> {
  let item: Json = {};
  await until(what, async () => isSo((item = await shown(id))));
  return item;
}
const usedAt = async (id: string): Promise<string> =>
  (await showing(id, 'its use is seen', (item) => typeof item['lastUsedAt'] === 'string'))['lastUsedAt'] as string;
async function found(filter: Json): Promise<readonly Json[]> {
  const answer = having(await supplier.ask(`${PATH}/_search`, { limit: 100, ...filter }), 200);
  return answer.body['items'] as readonly Json[];
}
const idsOf = async (filter: Json): Promise<readonly unknown[]> => (await found(filter)).map(({ id }) => id);

unless(OWN_CLOCK).describe('the last use of an authorization', () => {
  it('is that of a yes, alone or in a batch, and shows with it and in lists (USE-02)', async () => {
    const [single, batched, refused] = [await held(), await held(), await held()];
    expect(await shown(single.id)).not.toHaveProperty('lastUsedAt');
    await use(single);
    await until('the batch says yes', async () => {
      const evaluations = [
        asked(batched),
        { ...asked(refused), resource: { type: 'organization', id: 'kvk:00000000' } },
      ];
      const { body } = having(await network.ask('/access/v1/evaluations', { evaluations }), 200);
      const [yes, no] = body['evaluations'] as readonly Json[];
      expect(no!['decision']).toBe(false);
      return yes!['decision'] === true;
    });
    for (const { id } of [single, batched]) {
      expect(Math.abs(Date.parse(await usedAt(id)) - Date.now())).toBeLessThan(60_000);
    }
    expect(await shown(refused.id)).not.toHaveProperty('lastUsedAt');
    const listed = new Map((await found({})).map((item) => [item['id'], item['lastUsedAt']]));
    expect(listed.get(single.id)).toBe(await usedAt(single.id));
    expect(listed.get(refused.id)).toBeUndefined();
  });

  it('is not what was searched, asked by an auditor, or answered with no (USE-04)', async () => {
    const [unused, after] = [await held(), await held()];
    await until('the search finds it', async () => {
      const { body } = having(
        await network.ask('/access/v1/search/resource', { ...asked(unused), resource: { type: 'organization' } }),
        200,
      );
      return (body['results'] as readonly Json[]).length > 0;
    });
    having(await auditor.ask('/access/v1/evaluation', asked(unused)), 200);
    const elsewhere = { ...asked(unused), resource: { type: 'organization', id: 'kvk:00000000' } };
    expect(having(await network.ask('/access/v1/evaluation', elsewhere), 200).body).toMatchObject({ decision: false });
    // What was recorded before a use that is seen has been seen.
    await use(after);
    await usedAt(after.id);
    expect(await shown(unused.id)).not.toHaveProperty('lastUsedAt');
  });

  it('of an administrator’s authority is a login into the register as well (AMB-19)', async () => {
    const means = await one.means();
    const authority = await one.authorize(means.id, { authority: 'administration', scope: { all: true } });
    expect(await shown(authority['id'] as string)).not.toHaveProperty('lastUsedAt');
    await one.revocation({ authorization: authority['id'] }, means.id);
    await usedAt(authority['id'] as string);
  });

  it('finds what was not used since (USE-02)', async () => {
    const [used, unused] = [await held(), await held()];
    suite.pass(3 * DAY);
    await use(used);
    await usedAt(used.id);
    const since = new Date(Date.now() + 2 * DAY).toISOString();
    const ids = await idsOf({ notUsedSince: since, status: 'active' });
    expect(ids).toContain(unused.id);
    expect(ids).not.toContain(used.id);
    expect(await idsOf({ notUsedSince: new Date(Date.now() - 365 * DAY).toISOString() })).toEqual([]);
    expect(await idsOf({ notUsedSince: since, endsBefore: new Date(Date.now() + 9_000 * DAY).toISOString() })).toEqual(
      expect.arrayContaining([unused.id]),
    );
  });
});

const notices = async (filter: Json): Promise<readonly Json[]> => {
  const { body } = having(await supplier.ask('/v1/confirmations/_search', { kind: 'nonUse', ...filter }), 200);
  return body['items'] as readonly Json[];
};
/** The notice that goes to whoever was authorized; this organization has no administrator. */
async function toldOf(authorization: string, revokesAt: number): Promise<void> {
  let told: readonly Json[] = [];
  await until('the notice is sent', async () => {
    told = await notices({ authorization, outcome: 'sent' });
    return told.length > 0;
  });
  expect(told).toEqual([expect.objectContaining({ addressee: expect.objectContaining({ role: 'authorizedPerson' }) })]);
  const { body } = having(await supplier.get(`/v1/confirmations/${String(told[0]!['id'])}`), 200);
  expect(JSON.stringify(body)).toContain(String(new Date(revokesAt).getUTCFullYear()));
}

const reviews = async (): Promise<string> => {
  const figures = await (await fetch(`${suite.url}/metrics`)).text();
  return figures
    .split('\n')
    .filter((line) => line.startsWith('waarborg_non_use_reviews_total'))
    .join('\n');
};

unless(OWN_CLOCK).describe('an authorization that is not used', () => {
  it('is noticed at 24 months, told, and revoked at 25, unless it is used or nobody could be told (NONUSE-01, NONUSE-02, NONUSE-03, NONUSE-04, CONF-04)', async () => {
    await use(forgotten);
    await use(remembered);
    const lastUsedAt = await usedAt(forgotten.id);
    await usedAt(remembered.id);
    expect(await shown(forgotten.id)).not.toHaveProperty('nonUse');
    expect(await idsOf({ nonUse: 'noticed' })).toEqual([]);

    suite.pass(733 * DAY);
    const notice = (await showing(forgotten.id, 'it is noticed', (item) => 'nonUse' in item))['nonUse'] as Json;
    const revokesAt = Date.parse(notice['revokesAt'] as string);
    expect(revokesAt - Date.parse(notice['noticedAt'] as string)).toBeGreaterThanOrEqual(27 * DAY);
    await until('both are on the list', async () => {
      const ids = await idsOf({ nonUse: 'noticed', representedParty: one.party });
      return ids.includes(forgotten.id) && ids.includes(remembered.id);
    });
    expect(await found({ nonUse: 'noticed', means: forgotten.means.id })).toEqual([
      expect.objectContaining({ id: forgotten.id, lastUsedAt, nonUse: notice, status: 'active' }),
    ]);
    expect(await idsOf({ nonUse: 'noticed', status: 'suspended' })).toEqual([]);
    await toldOf(forgotten.id, revokesAt);

    // Who could not be told shows where a person sees to it.
    const failing = { authorization: unreachable.id, notDelivered: true };
    await until('the message has failed', async () => (await notices(failing)).length > 0);
    expect(await notices({ authorization: unreachable.id })).toEqual([
      expect.objectContaining({ outcome: 'failed', failure: 'refused', failureStatus: 550 }),
    ]);

    // A use of a chain is one of each of its links.
    for (const id of [link, last.id]) await showing(id, 'it is noticed', (item) => 'nonUse' in item);
    await use({ ...last, organization: `kvk:${number}` });
    for (const id of [link, last.id]) await showing(id, 'its notice is gone', (item) => !('nonUse' in item));

    // A use is seen before the notice is withdrawn.
    await use(remembered);
    await until('its notice is gone', async () => !('nonUse' in (await shown(remembered.id))));
    expect(await idsOf({ nonUse: 'noticed', means: remembered.means.id })).toEqual([]);

    // Whom nobody reached with the notice is told of it by nobody any more, from the use on (NONUSE-02, NONUSE-04).
    await until('this message has failed', async () => {
      const found = await notices({ authorization: missed.id, notDelivered: true });
      return found.length > 0;
    });
    const [undelivered] = await notices({ authorization: missed.id });
    const confirmation = `/v1/confirmations/${String(undelivered!['id'])}`;
    expect(having(await supplier.get(confirmation), 200).body).toHaveProperty('text');
    await use(missed);
    let lapsed: Json = {};
    await until('it has lapsed', async () => {
      lapsed = having(await supplier.get(confirmation), 200).body;
      return lapsed['outcome'] === 'lapsed';
    });
    for (const member of ['text', 'failure', 'erased']) expect(lapsed).not.toHaveProperty(member);
    const today = amsterdamDate(suite.backbone.now());
    const again = await supplier.command(`${confirmation}/decisions`, { retry: true });
    expect([again.status, again.body['code']]).toEqual([409, 'confirmation-lapsed']);
    // A letter of that day may have gone while it held.
    await until('it is off the work list', async () => {
      return (await notices({ authorization: missed.id, notDelivered: true })).length === 0;
    });
    expect(await notices({ authorization: missed.id, outcome: 'lapsed' })).toHaveLength(1);
    suite.pass(2 * DAY);
    const theDayAfter = amsterdamDate(later(suite.backbone.now(), -DAY));
    const letterOf = (on: string) => ({ letter: { on, evidence: 'registered letter 3SABCD1234567' } });
    const late = await supplier.command(`${confirmation}/decisions`, letterOf(theDayAfter));
    expect([late.status, late.body['code']]).toEqual([409, 'confirmation-lapsed']);
    const inTime = having(await supplier.command(`${confirmation}/decisions`, letterOf(today)), 200).body;
    expect(inTime).toMatchObject({ outcome: 'sent', channel: 'letter' });

    suite.pass(30 * DAY);
    const revoked = await showing(forgotten.id, 'it is revoked', ({ status }) => status === 'revoked');
    expect(revoked).toMatchObject({ revokedFor: 'nonUse', lastUsedAt, nonUse: notice });
    for (const id of [remembered.id, link, last.id]) expect(await shown(id)).toMatchObject({ status: 'active' });
    // Whom its notice names was not told: it waits for that, and it shows.
    await until('a review says that it waits', async () => /outcome="untold".*\} [1-9]/u.test(await reviews()));
    suite.pass(60 * DAY);
    await until(
      'it is reviewed again',
      async () => Number(/outcome="untold".*\} (\d+)/u.exec(await reviews())![1]) > 1,
    );
    expect(await shown(unreachable.id)).toMatchObject({ status: 'active', nonUse: expect.anything() });

    // Told by letter at last: it says when that will have effect from now on, and not when it would have had.
    const [untold] = await notices({ authorization: unreachable.id });
    const path = `/v1/confirmations/${String(untold!['id'])}`;
    const { effective, text } = having(await supplier.get(path), 200).body as { effective: Json; text: string };
    const inFourWeeks = Date.parse(suite.backbone.now()) + 28 * DAY;
    expect(Math.abs(Date.parse(String(effective['revokesAt'])) - inFourWeeks)).toBeLessThan(2 * 3_600_000);
    expect(text).toContain(`${new Date(inFourWeeks).getUTCFullYear()}, `);
    const day = amsterdamDate(suite.backbone.now());
    const letter = { on: day, evidence: 'registered letter 3SABCD1234567' };
    const told = having(await supplier.command(`${path}/decisions`, { letter }), 200).body;
    const named = Date.parse(String((told['effective'] as Json)['revokesAt']));
    suite.pass(named - Date.parse(suite.backbone.now()) - 60_000);
    expect(await shown(unreachable.id)).toMatchObject({ status: 'active' });
    suite.pass(DAY);
    await showing(unreachable.id, 'it is revoked, too', ({ status }) => status === 'revoked');
    await use(forgotten, false);
    expect(await idsOf({ nonUse: 'noticed', means: forgotten.means.id })).toEqual([]);
    await use(remembered);
    expect(await reviews()).toMatch(/outcome="revoked".*\} [1-9]/u);
  });
});

const AUTHORIZED = { role: 'authorizedPerson', kind: 'person', id: uuid('person', 1) as PersonId } as const;

describe('on stores that last, an authorization that is not used', () => {
  let register: TestSuite;
  beforeAll(async () => {
    register = await startSuite();
  });
  afterAll(() => register.end());

  /** As if it had been recorded then: the clock of this suite can't be turned. */
  async function recorded(
    nr: number,
    registeredAt: Instant,
    ...more: readonly DomainEvent[]
  ): Promise<AuthorizationId> {
    const authorization = uuid('auth', nr) as AuthorizationId;
    const period = { registeredAt, validFrom: registeredAt, validUntil: later(registeredAt, 1_800 * DAY) };
    const facts = [...paperRegistration.authorizationFacts(authorization, period), ...more] as readonly DomainEvent[];
    await append(
      streamId('authorization', authorization),
      facts.map((event) => [event, event === more[0] ? uuid('notice', nr) : randomUUID()]),
    );
    return authorization;
  }
  async function append(stream: StreamId, facts: readonly (readonly [DomainEvent, string])[]): Promise<void> {
    const { backbone, stores } = register.running.open;
    const writing = await Promise.all(
      facts.map(([event, id]) =>
        backbone.serializer.write(event, {
          ...{ id: id as EventId, stream, correlationId: 'test', actor: { system: 'test' } },
        }),
      ),
    );
    await stores.events.append(stream, 'no-stream', writing);
  }
  /** The person whom the notice names was told of it then. */
  async function told(nr: number, sentAt: Instant): Promise<void> {
    const event = uuid('notice', nr);
    const confirmation = confirmationIdOf(event, 'nonUse', AUTHORIZED);
    const written = {
      type: 'ConfirmationWritten',
      data: {
        ...{ confirmation, kind: 'nonUse', about: { authorization: uuid('auth', nr) }, event, addressee: AUTHORIZED },
        ...{ channel: 'webhook', language: 'nl', subject: '', text: '', contentHash: '', authorized: AUTHORIZED },
        ...{ effective: {}, writtenAt: sentAt },
      },
    };
    const sent = { type: 'ConfirmationSent', data: { confirmation, channel: 'webhook', attempts: 1, sentAt } };
    await append(streamId('confirmation', confirmation), [
      [written, randomUUID()],
      [sent, randomUUID()],
    ]);
  }
  const usedNow = async (authorization: string): Promise<void> => {
    const { records } = register.running.open.backbone;
    const data = {
      ...{ timestamp: Date.now(), attributes: { 'waarborg.use': true } },
      body: { 'adl.core.response': {}, 'adl.core.information': { path: [{ authorization }] } },
    };
    const id = randomUUID();
    await records.append({ id, kind: 'decision', bytes: canonicalJson({ id, schemaVersion: 1, data } as never) });
  };
  const typesOf = async (authorization: string): Promise<readonly string[]> => {
    const stored = await register.running.open.stores.events.readStream(streamId('authorization', authorization));
    return stored.slice(2).map(({ type }) => type.replace('Authorization', ''));
  };

  it('does what is due by itself, by what is recorded there (NONUSE-01, NONUSE-03, NONUSE-04)', async () => {
    const now = register.running.open.backbone.now();
    const [old, noticedAt, revokesAt] = [later(now, -780 * DAY), later(now, -40 * DAY), later(now, -DAY)];
    const notice = (nr: number): DomainEvent => ({
      type: 'AuthorizationNonUseNoticed',
      data: {
        ...{ authorization: uuid('auth', nr), noticedAt, lastUsedAt: null, countsFrom: old, revokesAt },
        addressees: [AUTHORIZED],
      },
    });
    await usedNow(uuid('auth', 3));
    await told(2, later(now, -35 * DAY));
    const [unused, over, used, young] = [
      await recorded(1, old),
      await recorded(2, old, notice(2)),
      await recorded(3, old, notice(3)),
      await recorded(4, later(now, -700 * DAY)),
    ];
    for (const [authorization, what] of [
      [unused, ['NonUseNoticed']],
      [over, ['NonUseNoticed', 'Revoked']],
      [used, ['NonUseNoticed', 'NonUseNoticeWithdrawn']],
    ] as const) {
      await until(
        `${authorization} is ${what.at(-1)}`,
        async () => (await typesOf(authorization)).length === what.length,
      );
      expect(await typesOf(authorization)).toEqual(what);
    }
    expect(await typesOf(young)).toEqual([]);
    const clerk = await register.client('supplier');
    await until('the list has what was noticed, and no more', async () => {
      const { body } = having(await clerk.ask(`${PATH}/_search`, { nonUse: 'noticed' }), 200);
      return JSON.stringify((body['items'] as readonly Json[]).map(({ id }) => id)) === JSON.stringify([unused]);
    });
  });
});
