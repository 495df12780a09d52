import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  canonicalJson,
  epochOf,
  later,
  streamId,
  type AuthorizationId,
  type DomainEvent,
  type Instant,
} from '#libs/kernel';
import {
  confirmationIdOf,
  dossierProjections,
  evidenceProjection,
  lastUseProjection,
  lastUses,
  seed,
  type GovernanceData,
} from '#libs/application';
import {
  authorizationDecider,
  confirmationDecider,
  type Addressee,
  type AuthorizationNonUseNoticed,
  type AuthorizationRegistered,
} from '#libs/domain';
import {
  startProcessManager,
  startTicker,
  StoreUnavailable,
  type Follower,
  type Projection,
  type Ticker,
} from '#libs/eventing';
import {
  at,
  fixedClock,
  memoryBackbone,
  paperRegistration,
  until,
  uuid,
  type FixedClock,
  type MemoryBackbone,
} from '#libs/testing';
import { nonUseReviews, reviewScheduling } from './non-use-reviews.js';
import { NON_USE, reviewNonUse, type ReviewOutcome } from './review-non-use.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const { authorizationFacts } = paperRegistration;

let clock: FixedClock;
let memory: MemoryBackbone;
let running: (Follower | Ticker)[];
let told: (ReviewOutcome | 'failed')[];

async function open(start: Instant, data: GovernanceData = seed): Promise<void> {
  clock = fixedClock(start);
  memory = await memoryBackbone(clock, {
    data,
    readModels: [...dossierProjections, lastUseProjection] as unknown as readonly Projection[],
  });
}
beforeEach(() => {
  running = [];
  told = [];
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  await memory.close();
});

const START = at('2026-01-31T12:00:00Z');
const one = uuid('auth', 1) as AuthorizationId;
const EMPLOYEE = { role: 'authorizedPerson', kind: 'person', id: uuid('person', 1) };

/** An authorization that was registered now and is in force for ten years. */
async function registered(id: AuthorizationId, more: Partial<AuthorizationRegistered['data']> = {}): Promise<void> {
  const now = clock.now();
  const lasting = { registeredAt: now, validFrom: now, validUntil: later(now, 3_650 * DAY), ...more };
  await memory.record('authorization', id, ...authorizationFacts(id, lasting));
}

/** A decision as it is recorded: a yes of these authorizations, or something that is none. */
async function decided(
  authorizations: readonly string[],
  { kind = 'decision', use = true, when = clock.now(), recordedAt = when, batch }: DecidedMore = {},
): Promise<void> {
  if (recordedAt > clock.now()) clock.set(recordedAt);
  const path = authorizations.map((authorization) => ({ authorization, position: '1', m: 3, status: 'active' }));
  const body =
    batch === undefined
      ? { 'adl.core.response': { decision: use }, 'adl.core.information': { path } }
      : {
          'adl.core.response': { evaluations: batch.map(({ decision }) => ({ decision })) },
          'adl.core.information': {
            evaluations: batch.map(({ of }) => ({ path: of.map((authorization) => ({ authorization })) })),
          },
        };
  const id = randomUUID();
  const data = { timestamp: epochOf(when), attributes: { 'waarborg.use': kind === 'decision' && use }, body };
  await memory.backbone.records.append({
    id,
    kind,
    bytes: canonicalJson({ id, kind, schemaVersion: 1, data } as never),
  });
}
interface DecidedMore {
  readonly kind?: 'decision' | 'reading';
  readonly use?: boolean;
  readonly when?: Instant;
  /** Absent: then. */
  readonly recordedAt?: Instant;
  readonly batch?: readonly { readonly decision: boolean; readonly of: readonly string[] }[];
}

const useOf = async (id: string, more: { authority?: string; person?: string; means?: string } = {}) => {
  for (const projection of [lastUseProjection, evidenceProjection])
    await memory.backbone.readModels.upToDate(projection as never);
  const { authority = 'regular', person = '', means = '' } = more;
  return (await lastUses(memory.backbone, [{ authorization: id, authority, holder: { person, means } }])).get(id);
};

const load = (id: AuthorizationId) =>
  memory.backbone.commands.load(authorizationDecider, streamId('authorization', id));
const factsOf = async (id: AuthorizationId): Promise<readonly DomainEvent[]> => (await load(id)).history;
const typesOf = async (id: AuthorizationId): Promise<readonly string[]> =>
  (await factsOf(id)).map(({ type }) => type.replace('Authorization', ''));

/** What becomes of the confirmations of the last notice: a mail server took them, unless `sent` says that it did not. */
async function tell(
  id: AuthorizationId,
  sent: (addressee: Addressee) => boolean = () => true,
  named: { readonly revokesAt?: Instant } = {},
): Promise<void> {
  const { history } = await load(id);
  const notice = history.findLastIndex(({ type }) => type === 'AuthorizationNonUseNoticed');
  const addressees = history.slice(notice).flatMap(({ metadata, data }) => {
    const { addressees = [] } = data as Partial<AuthorizationNonUseNoticed['data']>;
    return addressees.map((addressee) => ({ by: metadata.id, addressee }));
  });
  for (const { by, addressee } of addressees) {
    const confirmation = confirmationIdOf(by, 'nonUse', addressee);
    const { state } = await memory.backbone.commands.load(confirmationDecider, streamId('confirmation', confirmation));
    if (state.status === 'sent') continue;
    const written = {
      type: 'ConfirmationWritten',
      data: {
        ...{ confirmation, kind: 'nonUse', about: { authorization: id }, event: by, addressee },
        ...{ channel: 'webhook', language: 'nl', subject: '', text: '', contentHash: '', authorized: addressee },
        ...{ effective: {}, writtenAt: clock.now() },
      },
    };
    const outcome = sent(addressee)
      ? {
          type: 'ConfirmationSent',
          data: { confirmation, channel: 'webhook', attempts: 1, sentAt: clock.now(), ...named },
        }
      : {
          type: 'ConfirmationFailed',
          data: { confirmation, channel: 'webhook', reason: 'receiver', attempts: 9, failedAt: clock.now() },
        };
    await memory.record('confirmation', confirmation, ...(state.status === 'unwritten' ? [written] : []), outcome);
  }
}

/** A process of its own: who schedules, and a ticker that looks all the time. */
function process(holder: string): void {
  const { backbone, stores } = memory;
  const { checkpoints, feed, serializer, identity, dueWork, leases } = { ...backbone, ...stores };
  running.push(
    startProcessManager(
      { ...reviewScheduling(backbone), name: `scheduling of ${holder}` },
      { checkpoints, feed, serializer, identity },
    ),
    startTicker(nonUseReviews(backbone, { told: (outcome) => void told.push(outcome) }), {
      ...{ dueWork, leases, holder, now: clock.now, lookEvery: 2, leaseMilliseconds: 150 },
    }),
  );
}

/** Everything that is due by now was done. */
const settled = (): Promise<unknown> =>
  until('nothing is due', async () => (await memory.stores.dueWork.due(NON_USE, clock.now(), 1)).length === 0);
const scheduled = (id: string): Promise<unknown> =>
  until('it waits for its review', async () => (await memory.stores.dueWork.find({ kind: NON_USE, id })) !== undefined);

describe('last use (USE-02, USE-04)', () => {
  beforeEach(() => open(START));

  it('is of every link of the path of a yes, to the day', async () => {
    await decided([one, uuid('auth', 2)]);
    expect([await useOf(one), await useOf(uuid('auth', 2)), await useOf(uuid('auth', 3))]).toEqual([
      START,
      START,
      null,
    ]);
    // The same day in Amsterdam says nothing more; the next one, which begins an hour before UTC's, does.
    await decided([one], { when: at('2026-01-31T22:59:59.999Z') });
    expect(await useOf(one)).toBe(START);
    await decided([one], { when: at('2026-01-31T23:00:00Z') });
    expect(await useOf(one)).toBe(at('2026-01-31T23:00:00Z'));
    await decided([one], { when: START });
    expect(await useOf(one)).toBe(at('2026-01-31T23:00:00Z'));
  });

  it('is of each question of a batch that was a yes, and of no other', async () => {
    await decided([], {
      batch: [
        { decision: true, of: [one] },
        { decision: false, of: [uuid('auth', 2)] },
        { decision: true, of: [uuid('auth', 3), uuid('auth', 4)] },
      ],
    });
    expect(await Promise.all([1, 2, 3, 4].map((nr) => useOf(uuid('auth', nr))))).toEqual([START, null, START, START]);
  });

  it('is not after it was recorded, whatever a clock said that ran ahead (USE-02)', async () => {
    await decided([one], { when: later(START, 400 * DAY), recordedAt: START });
    expect(await useOf(one)).toBe(START);
    await decided([one], { when: later(START, DAY) });
    expect(await useOf(one)).toBe(later(START, DAY));
  });

  it('is not a no, nor an auditor’s reading', async () => {
    await decided([one], { use: false });
    await decided([one], { kind: 'reading' });
    expect(await useOf(one)).toBeNull();
  });

  it('writes a row once a day, however often it is used', async () => {
    for (let hour = 0; hour < 10; hour += 1) await decided([one], { when: later(START, hour * HOUR) });
    await useOf(one);
    const row = await memory.stores.projections.find(lastUseProjection, one);
    expect(row).toEqual({ id: one, lastUsedAt: START, position: 1n });
  });

  it('stops at a record of a version that it does not know, and passes nothing over', async () => {
    const bytes = canonicalJson({ schemaVersion: 2, data: { attributes: { 'waarborg.use': true } } } as never);
    await memory.backbone.records.append({ id: randomUUID(), kind: 'decision', bytes });
    await expect(memory.backbone.readModels.upToDate(lastUseProjection as never)).rejects.toThrow('last-use');
  });

  describe('of an administrator’s authority', () => {
    const [person, means, intake] = [uuid('person', 1), uuid('means', 1), uuid('appl', 5)];
    const authority = { authority: 'administration', person, means };
    const login = async (nr: number, more: object = {}): Promise<void> => {
      const facts = {
        ...{ type: 'authentication', application: intake, about: { person }, means, level: 'EH3', at: clock.now() },
        ...{ performedAt: clock.now(), performedBy: { clerk: 'c-1' }, source: { name: 'x', reference: 'y' }, ...more },
      };
      const check = uuid('check', nr);
      await memory.record('check', check, { type: 'CheckRecorded', data: { check, facts, late: false } });
    };
    // The means of the case is in use by then.
    const BEGUN = at('2026-03-10T12:00:00Z');
    beforeEach(() => administrator());
    async function administrator(): Promise<void> {
      clock.set(BEGUN);
      const received = { channel: 'electronic', receivedAt: BEGUN, purposes: ['insight'], late: false };
      await memory.record('application', intake, {
        type: 'ApplicationReceived',
        data: { application: intake, ...received },
      });
      await memory.record('means', means, ...paperRegistration.meansFacts(means, person, 'active'));
      const authorizedParty = { person, means, pseudonym: 'p1' };
      await registered(one, { authority: 'administration', authorizedParty } as never);
      clock.set(later(BEGUN, HOUR));
    }

    it('is also a login into the register with its means, which proves his level (AMB-19, USE-04, PROOF-06)', async () => {
      await login(1);
      expect(await useOf(one, authority)).toBe(later(BEGUN, HOUR));
      expect(await useOf(one, { ...authority, authority: 'regular' })).toBeNull();
    });

    it('is no login that proves nothing, or rests on another authority (NONUSE-04, PROOF-06)', async () => {
      const others = uuid('means', 2);
      await memory.record('means', others, ...paperRegistration.meansFacts(others, uuid('person', 2), 'active'));
      const applied = uuid('means', 3);
      await memory.record('means', applied, ...paperRegistration.meansFacts(applied, person, 'applied'));
      // Longer before its intake than a session lasts.
      await login(1, { at: later(BEGUN, -3 * HOUR) });
      await login(2, { means: others });
      await login(3, { means: applied });
      await login(4, { means: undefined, assertion: { reference: 'a-1', signatureValidation: uuid('check', 9) } });
      await login(5, { about: { person: uuid('person', 2) } });
      await login(6, { application: uuid('appl', 6) });
      expect(await useOf(one, authority)).toBeNull();
      expect(await useOf(one, { ...authority, means: others })).toBeNull();
      expect(await useOf(one, { ...authority, means: applied })).toBeNull();
    });

    it('is none while it was not in force, and stays what it was when it is not any more (ADMIN-12)', async () => {
      await login(1);
      clock.set(later(BEGUN, 2 * HOUR));
      await memory.record('authorization', one, { type: 'AuthorizationSuspended', data: suspension(one).data });
      clock.set(later(BEGUN, 2.5 * HOUR));
      await login(2);
      expect(await useOf(one, authority)).toBe(later(BEGUN, HOUR));
      await memory.record('means', means, {
        type: 'MeansRevoked',
        data: { means, revocationRequest: uuid('revoke'), revokedAt: clock.now() },
      });
      expect(await useOf(one, authority)).toBe(later(BEGUN, HOUR));
    });

    it('is not after it was recorded, whatever a clock said that ran ahead', async () => {
      const ahead = later(BEGUN, 400 * DAY);
      await login(1, { at: ahead, performedAt: ahead });
      expect(await useOf(one, authority)).toBe(later(BEGUN, HOUR));
    });

    it('is found without reading other logins of its holder, and once for all authorities on its means', async () => {
      await login(1);
      const others = uuid('means', 2);
      await memory.record('means', others, ...paperRegistration.meansFacts(others, person, 'active'));
      for (let nr = 2; nr < 62; nr += 1) {
        clock.set(later(BEGUN, HOUR + nr * 60_000));
        await login(nr, { means: others });
      }
      const more = [2, 3, 4].map((nr) => uuid('auth', nr) as AuthorizationId);
      const authorizedParty = { person, means, pseudonym: 'p1' };
      for (const id of more)
        await registered(id, { authority: 'administration', authorizedParty, registeredAt: BEGUN } as never);
      await useOf(one);

      const { store } = memory.backbone.readModels;
      const searched: string[] = [];
      const search: typeof store.search = (projection, query) => {
        searched.push(projection.name);
        return store.search(projection, query);
      };
      const read: string[] = [];
      const loadAll: MemoryBackbone['backbone']['commands']['loadAll'] = (decider, streams) => {
        read.push(...streams);
        return memory.backbone.commands.loadAll(decider, streams);
      };
      const over = <Whole extends object>(whole: Whole, part: Partial<Whole>): Whole =>
        Object.assign(Object.create(whole) as Whole, part);
      const watched = over(memory.backbone, {
        readModels: over(memory.backbone.readModels, { store: over(store, { search }) }),
        commands: over(memory.backbone.commands, { loadAll }),
      });
      const of = { authority: 'administration', holder: { person, means } };
      const uses = await lastUses(
        watched,
        [one, ...more].map((authorization) => ({ authorization, ...of })),
      );
      // The others are in force only after the login.
      expect([...uses.values()]).toEqual([later(BEGUN, HOUR), null, null, null]);
      expect(searched.filter((name) => name === 'evidence')).toHaveLength(1);
      expect(read.filter((stream) => stream.startsWith('check-'))).toEqual([`check-${uuid('check', 1)}`]);
    });

    it('is looked for among some hundreds at a time, and what is no use is not weighed again (USE-04)', async () => {
      await login(1);
      // Each long before its intake.
      const NOTHING = 2 * 500 + 30;
      const useless = { at: later(BEGUN, -3 * HOUR) };
      for (let nr = 2; nr < NOTHING; nr += 1) await login(nr, useless);
      await memory.backbone.readModels.upToDate(evidenceProjection);
      const read: string[] = [];
      const loadAll: MemoryBackbone['backbone']['commands']['loadAll'] = (decider, streams) => {
        read.push(...streams.filter((stream) => stream.startsWith('check-')));
        return memory.backbone.commands.loadAll(decider, streams);
      };
      const { commands } = memory.backbone;
      const watched = {
        ...memory.backbone,
        commands: Object.assign(Object.create(commands) as typeof commands, { loadAll }),
      };
      const use = async () => {
        const uses = await lastUses(watched, [
          { authorization: one, authority: 'administration', holder: { person, means } },
        ]);
        return uses.get(one);
      };
      await expect(use()).rejects.toThrow(StoreUnavailable);
      await expect(use()).rejects.toThrow(StoreUnavailable);
      expect(read.length).toBeLessThanOrEqual(2 * 500);
      expect(await use()).toBe(later(BEGUN, HOUR));
      expect(new Set(read).size).toBe(read.length);
      // No more than what stands beside it is weighed again, and what is new.
      read.splice(0);
      expect(await use()).toBe(later(BEGUN, HOUR));
      expect(read.length).toBeLessThan(25);
      read.splice(0);
      clock.set(later(BEGUN, 2 * HOUR));
      await login(NOTHING, useless);
      await login(NOTHING + 1);
      await memory.backbone.readModels.upToDate(evidenceProjection);
      expect(await use()).toBe(later(BEGUN, 2 * HOUR));
      expect(read).toEqual(expect.arrayContaining([`check-${uuid('check', NOTHING + 1)}`]));
      expect(read.length).toBeLessThan(25);
    });

    it('is a login without a means of ours, where the profile says what the own facility is worth (ADMIN-05)', async () => {
      await login(1, { means: undefined, facility: true });
      expect(await useOf(one, authority)).toBeNull();
      await memory.close();
      const [profile] = seed.registerProfiles;
      const valued = { ...profile!, value: { ...profile!.value, ownFacility: 'EH3' as const } };
      await open(START, { ...seed, registerProfiles: [valued] });
      await administrator();
      await login(1, { means: undefined, facility: true });
      expect(await useOf(one, authority)).toBe(later(BEGUN, HOUR));
    });
  });
});

describe('two years of two processes', () => {
  it('notice once at 24 months and revoke once at 25, by Amsterdam’s calendar (NONUSE-01, NONUSE-03, NONUSE-04, PD2)', async () => {
    // From a day that February lacks, over two New Years, four changes of the clock and a leap day.
    await open(at('2026-01-31T12:00:00Z'));
    const [never, used, suspended, daily, expiring] = [1, 2, 3, 4, 5].map((nr) => uuid('auth', nr) as AuthorizationId);
    for (const id of [never!, used!, suspended!, daily!]) await registered(id);
    await registered(expiring!, { validUntil: at('2028-02-10T12:00:00Z') });
    await decided([used!], { when: at('2026-03-29T00:59:59Z') });
    const { data } = suspension(suspended!);
    await memory.record('authorization', suspended!, { type: 'AuthorizationSuspended', data });
    process('first');
    process('second');
    for (const id of [never!, used!, suspended!, daily!, expiring!]) await scheduled(id);

    const isTold = new Set<string>();
    for (let day = 0; clock.now() < at('2028-06-15T00:00:00Z'); day += 1) {
      clock.set(later(at('2026-01-31T12:00:00Z'), day * DAY));
      if (day % 90 === 1) await decided([daily!]);
      await settled();
      for (const id of [never!, used!, suspended!, expiring!].filter((each) => !isTold.has(each))) {
        if ((await typesOf(id)).at(-1) !== 'NonUseNoticed') continue;
        await tell(id);
        isTold.add(id);
      }
    }
    expect(await typesOf(never!)).toEqual(['Registered', 'Activated', 'NonUseNoticed', 'Revoked']);
    const [noticed, revoked] = (await factsOf(never!)).slice(2);
    expect(noticed!.data).toEqual({
      ...{ authorization: never, noticedAt: at('2028-01-31T12:00:00Z'), lastUsedAt: null },
      // 25 months after 31 January is 29 February.
      ...{ countsFrom: at('2026-01-31T12:00:00Z'), revokesAt: at('2028-02-29T12:00:00Z') },
      addressees: [EMPLOYEE],
    });
    expect(revoked!.data).toMatchObject({
      revokedAt: at('2028-02-29T12:00:00Z'),
      nonUse: { lastUsedAt: null, told: [{ sentAt: at('2028-01-31T12:00:00Z') }] },
    });
    // The day of its use counts whole, in summer time.
    expect((await factsOf(used!)).at(2)!.data).toMatchObject({
      ...{ lastUsedAt: at('2026-03-29T00:59:59Z'), countsFrom: at('2026-03-29T21:59:59.999Z') },
      revokesAt: at('2028-04-29T21:59:59.999Z'),
    });
    expect(await typesOf(used!)).toEqual(['Registered', 'Activated', 'NonUseNoticed', 'Revoked']);
    expect(await typesOf(suspended!)).toEqual(['Registered', 'Activated', 'Suspended', 'NonUseNoticed', 'Revoked']);
    expect(await typesOf(daily!)).toEqual(['Registered', 'Activated']);
    expect(await typesOf(expiring!)).toEqual(['Registered', 'Activated', 'NonUseNoticed']);
    expect(told.filter((outcome) => outcome === 'revoked')).toHaveLength(3);
    expect(told).not.toContain('failed');
  }, 60_000);

  it('go on where another one ended, and wait where the clock was set back', async () => {
    await open(START);
    await registered(one);
    process('first');
    await scheduled(one);
    clock.set(at('2028-02-01T00:00:00Z'));
    await until('it is noticed', async () => (await typesOf(one)).includes('NonUseNoticed'));
    await Promise.all(running.splice(0).map((each) => each.stop()));

    clock.set(at('2027-06-01T00:00:00Z'));
    process('second');
    await settled();
    expect(await typesOf(one)).toEqual(['Registered', 'Activated', 'NonUseNoticed']);
    await tell(one);
    clock.set(at('2028-03-31T00:00:00Z'));
    await until('it is revoked', async () => (await typesOf(one)).includes('Revoked'));
  }, 30_000);
});

const suspension = (authorization: string) => ({
  data: {
    ...{ authorization, by: 'operator', application: uuid('appl', 9), channel: 'nonElectronic', receivedAt: START },
    ...{ requester: { role: 'operator' }, checks: [], rows: { IO: [] }, evidence: [], level: 'EH3' },
    ...{ identification: { ioScore: 0 }, immediate: true, dueAt: null, reason: 'security', suspendedAt: START },
    breached: false,
  },
});

describe('a review', () => {
  const noticedAt = at('2028-02-01T00:00:00Z');
  const revokesAt = at('2028-02-29T12:00:00Z');
  async function noticed(): Promise<void> {
    await registered(one);
    clock.set(noticedAt);
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'noticed', next: later(noticedAt, DAY) });
  }

  it('revokes nothing before everybody who has to be told was, and says that it waits for that (NONUSE-02, NONUSE-03)', async () => {
    await open(START);
    const admin = uuid('auth', 7);
    const [person, means] = [uuid('person', 7), uuid('means', 7)];
    const administration = { authority: 'administration', authorizedParty: { person, means, pseudonym: 'p7' } };
    await registered(admin as AuthorizationId, administration as never);
    await noticed();
    const administrator = { role: 'administrator', kind: 'person', id: person };
    expect((await load(one)).state).toMatchObject({ nonUse: { addressees: [EMPLOYEE, administrator] } });

    // The notice is on record; nobody was told of it.
    clock.set(later(revokesAt, DAY));
    expect(await reviewNonUse(memory.backbone, one)).toEqual({ outcome: 'untold', next: later(revokesAt, 2 * DAY) });
    await tell(one, ({ id }) => id !== person);
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'untold' });

    // Somebody released what had failed: its period begins then.
    const toldAt = later(revokesAt, 40 * DAY);
    clock.set(toldAt);
    await tell(one, ({ id }) => id === person);
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'waiting' });
    const runsOutAt = later(toldAt, 28 * DAY);
    clock.set(later(runsOutAt, -1));
    expect(await reviewNonUse(memory.backbone, one)).toEqual({ outcome: 'waiting', next: runsOutAt });
    clock.set(runsOutAt);
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'revoked' });
    expect((await factsOf(one)).at(-1)!.data).toMatchObject({
      nonUse: { told: [{ sentAt: later(revokesAt, DAY) }, { sentAt: toldAt }] },
    });
  });

  it('revokes nothing before the moment that somebody was told, whatever the rules of now say (NONUSE-02)', async () => {
    await open(START);
    await noticed();
    // He was told under rules by which a notice ran for longer.
    const named = later(revokesAt, 20 * DAY);
    await tell(one, () => true, { revokesAt: named });
    clock.set(later(named, -1));
    expect(await reviewNonUse(memory.backbone, one)).toEqual({ outcome: 'waiting', next: named });
    clock.set(named);
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'revoked' });
  });

  it('does not wait for an administrator whose authority has ended since the notice (NONUSE-02)', async () => {
    await open(START);
    const admin = uuid('auth', 7) as AuthorizationId;
    const [person, means] = [uuid('person', 7), uuid('means', 7)];
    const administration = { authority: 'administration', authorizedParty: { person, means, pseudonym: 'p7' } };
    await registered(admin, administration as never);
    await noticed();
    await tell(one, ({ id }) => id !== person);
    clock.set(revokesAt);
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'untold' });
    const revoked = { authorization: admin, revocationRequest: uuid('revoke', 7), revokedAt: revokesAt };
    await memory.record('authorization', admin, { type: 'AuthorizationRevoked', data: revoked });
    clock.set(later(revokesAt, DAY));
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'revoked' });
  });

  it('waits again for somebody whom the notice did not reach, though it was sent (NONUSE-03)', async () => {
    await open(START);
    await noticed();
    await tell(one);
    const notice = (await load(one)).history.at(-1)!;
    const confirmation = confirmationIdOf(notice.metadata.id, 'nonUse', EMPLOYEE as Addressee);
    const data = { confirmation, channel: 'webhook', reason: 'notReached', attempts: 1, failedAt: clock.now() };
    await memory.record('confirmation', confirmation, { type: 'ConfirmationFailed', data } as DomainEvent);
    clock.set(later(revokesAt, 10 * DAY));
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'untold' });
    await tell(one);
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'waiting' });
    clock.set(later(revokesAt, 40 * DAY));
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'revoked' });
  });

  it('tells an administrator who came after the notice, and waits for him (NONUSE-02, NONUSE-03)', async () => {
    await open(START);
    await noticed();
    await tell(one);
    clock.set(later(revokesAt, -2 * DAY));
    const [admin, person, means] = [uuid('auth', 7) as AuthorizationId, uuid('person', 7), uuid('means', 7)];
    const administration = { authority: 'administration', authorizedParty: { person, means, pseudonym: 'p7' } };
    await registered(admin, administration as never);
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'noticed' });
    const newcomer = { role: 'administrator', kind: 'person', id: person };
    expect((await factsOf(one)).at(-1)).toMatchObject({
      type: 'AuthorizationNonUseNoticeExtended',
      data: { noticedAt, addressees: [newcomer] },
    });
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'waiting' });
    clock.set(revokesAt);
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'untold' });
    await tell(one);
    // The clock was put forward meanwhile.
    const runsOutAt = at('2028-03-28T13:00:00+02:00');
    clock.set(later(runsOutAt, -1));
    expect(await reviewNonUse(memory.backbone, one)).toEqual({ outcome: 'waiting', next: runsOutAt });
    clock.set(runsOutAt);
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'revoked' });
    expect(await typesOf(one)).toEqual([
      ...['Registered', 'Activated', 'NonUseNoticed', 'NonUseNoticeExtended', 'Revoked'],
    ]);
    expect((await factsOf(one)).at(-1)!.data).toMatchObject({
      nonUse: { addressees: [EMPLOYEE, newcomer], told: [{ sentAt: noticedAt }, { sentAt: revokesAt }] },
    });
  });

  it('does not wait for whom nobody can tell any more, as his data are erased (NONUSE-03)', async () => {
    await open(START);
    await memory.record('person', EMPLOYEE.id, {
      type: 'PersonRegistered',
      data: { person: EMPLOYEE.id, familyName: { clear: 'Test' }, identifyingAttributes: ['familyName'] },
    } as DomainEvent);
    await noticed();
    clock.set(revokesAt);
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'untold' });
    memory.vault.destroyKey({ kind: 'person', id: EMPLOYEE.id });
    clock.set(later(revokesAt, DAY));
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'revoked' });
    expect((await factsOf(one)).at(-1)!.data).toMatchObject({ nonUse: { told: [], erased: [EMPLOYEE] } });
  });

  it('notices anew what an earlier build noticed, of which nobody may have been told (NONUSE-03)', async () => {
    await open(START);
    await registered(one);
    const earlier = { authorization: one, noticedAt, lastUsedAt: null, countsFrom: START, revokesAt };
    await memory.record('authorization', one, { type: 'AuthorizationNonUseNoticed', data: earlier });
    clock.set(revokesAt);
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'noticed' });
    expect((await factsOf(one)).at(-1)!.data).toMatchObject({
      ...{ noticedAt: revokesAt, addressees: [EMPLOYEE], revokesAt: at('2028-03-28T13:00:00+02:00') },
    });
  });

  it('withdraws the notice of what was used since, and counts anew from there (NONUSE-04)', async () => {
    await open(START);
    await noticed();
    clock.set(later(noticedAt, HOUR));
    await decided([one]);
    clock.set(later(noticedAt, DAY));
    expect(await reviewNonUse(memory.backbone, one)).toEqual({
      outcome: 'withdrawn',
      next: at('2030-02-01T22:59:59.999Z'),
    });
    clock.set(later(revokesAt, 30 * DAY));
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'waiting' });
    expect(await typesOf(one)).toEqual(['Registered', 'Activated', 'NonUseNoticed', 'NonUseNoticeWithdrawn']);
  });

  it('sees the use that was recorded just before it, though nobody had counted it (NONUSE-04)', async () => {
    await open(START);
    await noticed();
    clock.set(revokesAt);
    await decided([one]);
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'withdrawn' });
  });

  it('revokes nothing while the records can’t be read, or were not counted (NONUSE-03)', async () => {
    await open(START);
    await noticed();
    clock.set(revokesAt);
    const { records, readModels } = memory.backbone;
    const away = new Error('the record log is away');
    const head = records.head.bind(records);
    records.head = () => Promise.reject(away);
    await expect(reviewNonUse(memory.backbone, one)).rejects.toBe(away);
    records.head = head;
    // What counts them has stopped.
    await readModels.run(lastUseProjection).stop();
    await decided([one]);
    await expect(reviewNonUse(memory.backbone, one)).rejects.toThrow('last-use');
    expect(await typesOf(one)).toEqual(['Registered', 'Activated', 'NonUseNoticed']);
  });

  it('waits 28 days after a notice that came late (NONUSE-03)', async () => {
    await open(START);
    await registered(one);
    clock.set(at('2029-01-01T08:00:00Z'));
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'noticed' });
    expect((await load(one)).state).toMatchObject({ nonUse: { revokesAt: at('2029-01-29T08:00:00Z') } });
    await tell(one);
    clock.set(at('2029-01-29T07:59:59.999Z'));
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ next: at('2029-01-29T08:00:00Z') });
    clock.set(at('2029-01-29T08:00:00Z'));
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'revoked' });
  });

  it('counts from the start date where that is later, and not anew from a renewal (NONUSE-04)', async () => {
    await open(START);
    await registered(one, { validFrom: at('2026-04-30T22:00:00Z') });
    const { state } = await load(one);
    const renewal = { ...state, authorization: one, validUntil: at('2033-01-01T00:00:00Z') };
    clock.set(at('2027-12-01T00:00:00Z'));
    await memory.record('authorization', one, {
      type: 'AuthorizationRenewed',
      data: { ...renewal, procedure: 3, previousM: 3, periodFrom: clock.now(), renewedAt: clock.now() },
    });
    clock.set(at('2028-04-30T21:59:59.999Z'));
    expect(await reviewNonUse(memory.backbone, one)).toEqual({ outcome: 'waiting', next: at('2028-04-30T22:00:00Z') });
    clock.set(at('2028-04-30T22:00:00Z'));
    expect(await reviewNonUse(memory.backbone, one)).toMatchObject({ outcome: 'noticed' });
  });

  it('lets level 1 be where policy says so, from its date on (NONUSE-01, PD1)', async () => {
    const off = [{ from: at('2028-02-10T00:00:00Z'), value: false }];
    await open(START, { ...seed, revokeUnusedAtEh1: off });
    const [low, high] = [uuid('auth', 1), uuid('auth', 2)] as [AuthorizationId, AuthorizationId];
    await registered(low, { m: 1, eh: 'EH1' });
    await registered(high);
    clock.set(noticedAt);
    for (const id of [low, high]) expect(await reviewNonUse(memory.backbone, id)).toMatchObject({ outcome: 'noticed' });
    for (const id of [low, high]) await tell(id);
    clock.set(revokesAt);
    expect(await reviewNonUse(memory.backbone, high)).toMatchObject({ outcome: 'revoked' });
    expect(await reviewNonUse(memory.backbone, low)).toMatchObject({
      outcome: 'withdrawn',
      next: later(revokesAt, 7 * DAY),
    });
    expect((await factsOf(low)).at(-1)!.data).toMatchObject({ ground: 'notRevokedAtLevel' });
    expect(await reviewNonUse(memory.backbone, low)).toMatchObject({ outcome: 'waiting' });
  });

  it('of one moment by two makes one fact', async () => {
    await open(START);
    await registered(one);
    clock.set(noticedAt);
    const both = await Promise.all([reviewNonUse(memory.backbone, one), reviewNonUse(memory.backbone, one)]);
    expect(both.map(({ outcome }) => outcome)).toEqual(['noticed', 'noticed']);
    await tell(one);
    clock.set(revokesAt);
    await Promise.all([reviewNonUse(memory.backbone, one), reviewNonUse(memory.backbone, one)]);
    expect(await typesOf(one)).toEqual(['Registered', 'Activated', 'NonUseNoticed', 'Revoked']);
  });

  it('is over for what has ended', async () => {
    await open(START);
    await registered(one, { validUntil: later(START, DAY) });
    clock.set(later(START, DAY));
    expect(await reviewNonUse(memory.backbone, one)).toEqual({ outcome: 'over' });
    expect(await reviewNonUse(memory.backbone, uuid('auth', 9) as AuthorizationId)).toEqual({ outcome: 'over' });
  });
});
