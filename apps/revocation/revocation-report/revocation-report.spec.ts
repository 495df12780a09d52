import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { later, type DomainEvent, type Instant, type Recorded } from '#libs/kernel';
import { START, type ProjectionStore } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import {
  revocationRequestDecider,
  type RevocationRequest,
  type RevocationRequestCommand,
  type RevocationRequestEvent,
} from '#libs/domain';
import { at, memoryBackbone, uuid, type MemoryBackbone } from '#libs/testing';
import { revocationDeadlinesProjection } from '../revocation-requests/revocation-deadlines.projection.js';
import { refusedMutationsProjection } from './refused-mutations.projection.js';
import { durationsOf, revocationReport, type RevocationReport } from './revocation-report.js';

it('tells the least that half, nine of ten and all of them do not exceed', () => {
  expect(durationsOf([])).toBeNull();
  expect(durationsOf([4])).toEqual({ median: 4, p90: 4, longest: 4 });
  expect(durationsOf([9, 1])).toEqual({ median: 1, p90: 9, longest: 9 });
  expect(durationsOf(Array.from({ length: 100 }, (_, index) => 100 - index))).toEqual({
    ...{ median: 50, p90: 90, longest: 100 },
  });
});

const DAY = 86_400_000;
/** What comes electronically is late after it (REV-06). */
const QUARTER = 15 * 60_000;
/** Midnights in Amsterdam around both changes of the clock, a leap day and New Year: periods touch there. */
const MIDNIGHTS = [
  '2027-10-30T00:00:00+02:00',
  '2027-11-01T00:00:00+01:00',
  '2028-01-01T00:00:00+01:00',
  '2028-02-29T00:00:00+01:00',
  '2028-03-26T00:00:00+01:00',
  '2028-03-27T00:00:00+02:00',
  '2028-04-01T00:00:00+02:00',
].map((text) => at(text));
const FIRST = MIDNIGHTS[0]!;
const PERIODS = MIDNIGHTS.slice(1).map((until, index) => ({ from: MIDNIGHTS[index]!, until }));

// What happens to one request, or is decided when it is recorded.

const moment = fc.oneof(
  fc.record({ midnight: fc.nat(MIDNIGHTS.length - 2), off: fc.constantFrom(-1, 0, 1) }),
  fc.record({ midnight: fc.constant(0), off: fc.integer({ min: 0, max: 150 * DAY }) }),
);
const days = fc.oneof(fc.constantFrom(0, 1, 5_000, 5_001, DAY, DAY + 1), fc.integer({ min: 0, max: 4 * DAY }));
const asked = fc.record({
  receivedAt: moment,
  level: fc.constantFrom('EH1', 'EH3' as const),
  mutation: fc.constantFrom('revocation', 'suspension' as const),
  object: fc.constantFrom('authorization', 'means', 'leaver' as const),
  waits: fc.boolean(),
  electronic: fc.boolean(),
  dueIn: fc.option(days),
  moved: fc.option(fc.record({ after: days, dueIn: fc.option(days) })),
  fate: fc.constantFrom('open', 'accepted', 'effected', 'refused', 'withdrawn' as const),
  decidedAfter: days,
  effectedAfter: days,
});
type Asked = typeof asked extends fc.Arbitrary<infer Value> ? Value : never;
const decidedAtOnce = fc.record({
  receivedAt: moment,
  what: fc.constantFrom(
    'AuthorizationChanged',
    'AuthorizationRenewed',
    'MeansRenewed',
    'MeansSuspended',
    'AuthorizationSuspensionLifted',
  ),
  dueIn: fc.option(days),
  after: days,
  isOwn: fc.boolean(),
});
type AtOnce = typeof decidedAtOnce extends fc.Arbitrary<infer Value> ? Value : never;

const momentOf = ({ midnight, off }: Asked['receivedAt']): Instant => {
  const moment_ = later(MIDNIGHTS[midnight]!, off);
  return moment_ < FIRST ? FIRST : moment_;
};

/** By the commands of the product, as far as they are accepted. */
function historyOf(plan: Asked, name: string): readonly RevocationRequestEvent[] {
  const { level, electronic, decidedAfter, effectedAfter, fate } = plan;
  const receivedAt = momentOf(plan.receivedAt);
  const isLeaver = plan.object === 'leaver' && plan.mutation === 'revocation';
  const waits = plan.waits && !electronic;
  const dueAt = electronic || plan.dueIn === null ? null : later(receivedAt, plan.dueIn);
  const [authorization, means] = [{ authorization: uuid(`a${name}`) }, { means: uuid(`m${name}`) }];
  const object = isLeaver
    ? { person: uuid(`p${name}`), party: uuid('party') }
    : plan.object === 'means'
      ? means
      : authorization;
  const line = { accepted: true, level, immediate: electronic, dueAt, codes: [], flags: [] };
  const lines = isLeaver
    ? [
        { ...line, object: authorization },
        { ...line, object: means, dueAt: dueAt && later(dueAt, 1_000) },
      ]
    : undefined;
  const isAccepted = fate === 'accepted' || fate === 'effected' || (!waits && fate === 'open');
  const decidedAt = later(receivedAt, decidedAfter);
  const asDecided = (one: typeof line & { readonly object: object }) => {
    const limit = one.dueAt ?? (electronic && level !== 'EH1' ? later(receivedAt, QUARTER) : null);
    const isLate = !isAccepted && limit !== null && decidedAt > limit;
    return { ...one, accepted: isAccepted, ...(isLate ? { breached: true } : {}) };
  };
  const judgement = {
    accepted: isAccepted,
    immediate: isAccepted && electronic,
    dueInstant: isAccepted ? dueAt : null,
    refusals: isAccepted ? [] : ['requester-not-identified'],
    flags: [],
    ...(lines === undefined ? {} : { lines: lines.map(asDecided) }),
  };
  const ground = { checks: [], level, identification: { ioScore: 3 } };
  const effectedAt = later(decidedAt, effectedAfter);
  const request = {
    ...{ revocationRequest: uuid(`r${name}`), object, application: uuid('appl'), receivedAt },
    ...{ channel: electronic ? 'electronic' : 'nonElectronic', requester: { role: 'court' } },
    ...(plan.mutation === 'suspension' ? { mutation: plan.mutation } : {}),
  };
  const commands: object[] = waits
    ? [
        { type: 'ReceiveRevocation', ...request, ...ground, dueAt, now: receivedAt },
        ...(plan.moved === null
          ? []
          : [
              {
                ...{ type: 'MoveDeadline', level: 'EH4', now: later(receivedAt, plan.moved.after) },
                dueAt: plan.moved.dueIn === null ? null : later(receivedAt, plan.moved.dueIn),
              },
            ]),
        ...(fate === 'open' ? [] : [{ type: 'DecideRevocation', ...ground, judgement, now: decidedAt }]),
      ]
    : [
        {
          ...{ type: 'RequestRevocation', ...request, ...ground, judgement, now: decidedAt },
          ...(isAccepted || dueAt === null ? {} : { dueAt }),
        },
      ];
  if (waits && fate === 'withdrawn') commands.splice(-1, 1, { type: 'WithdrawRevocation', now: decidedAt });
  if (fate === 'effected') {
    const outcome = { effectedAt, alreadyRevoked: false };
    commands.push(
      plan.mutation === 'suspension'
        ? { type: 'EffectSuspension', ...outcome, alreadySuspended: false }
        : {
            ...{ type: 'EffectRevocation', ...outcome },
            ...(lines === undefined ? {} : { lines: lines.map((one) => ({ object: one.object, ...outcome })) }),
          },
    );
  }
  const events: RevocationRequestEvent[] = [];
  let state: RevocationRequest = revocationRequestDecider.initialState;
  for (const command of commands) {
    const decision = revocationRequestDecider.decide(command as RevocationRequestCommand, state);
    if (decision.outcome !== 'accepted') throw new Error(JSON.stringify(decision));
    events.push(...decision.events);
    state = decision.events.reduce((before, event) => revocationRequestDecider.evolve(before, event), state);
  }
  return events;
}

function factOf({ what, dueIn, after, isOwn, ...plan }: AtOnce, name: string): DomainEvent {
  const receivedAt = momentOf(plan.receivedAt);
  const dueAt = dueIn === null ? null : later(receivedAt, dueIn);
  const now = later(receivedAt, after);
  const kept = { channel: 'nonElectronic', receivedAt, level: 'EH3', dueAt, breached: dueAt !== null && now > dueAt };
  const object = what.startsWith('Means') ? { means: uuid(`m${name}`) } : { authorization: uuid(`a${name}`) };
  const data = {
    AuthorizationChanged: { changedAt: now, turnaround: kept },
    AuthorizationRenewed: { renewedAt: now, turnaround: kept },
    MeansRenewed: { renewedAt: now, turnaround: kept },
    MeansSuspended: { suspendedAt: now, by: isOwn ? 'operator' : 'party', ...kept },
    AuthorizationSuspensionLifted: { liftedAt: now, by: isOwn ? 'operator' : 'party', ...kept },
  }[what]!;
  return { type: what, data: { ...object, ...data } };
}

// The same, by going through all that was ever recorded, event by event.

interface Told {
  readonly id: string;
  readonly receivedAt: Instant;
  readonly status: string;
  readonly breached: boolean;
}

function bruteForce(recorded: readonly Recorded<DomainEvent>[], now: Instant): readonly Told[] {
  const told: Told[] = [];
  const requests = new Map<string, Recorded<DomainEvent>[]>();
  for (const event of recorded) {
    const data = event.data as Record<string, unknown>;
    const kept = (data['turnaround'] ?? data) as { receivedAt: Instant; dueAt: Instant | null };
    const { receivedAt, dueAt } = kept;
    const isAt = (data['changedAt'] ?? data['renewedAt'] ?? data['liftedAt'] ?? data['suspendedAt']) as Instant;
    if (data['revocationRequest'] !== undefined) {
      const id = data['revocationRequest'] as string;
      requests.set(id, [...(requests.get(id) ?? []), event]);
    } else if (data['by'] !== 'operator') {
      const id = (data['means'] ?? data['authorization']) as string;
      // Of issuing means nothing is asked (MEANS-07).
      const breached = event.type !== 'MeansRenewed' && dueAt !== null && Date.parse(isAt) > Date.parse(dueAt);
      told.push({ id, receivedAt, status: 'effected', breached });
    }
  }
  for (const [id, events] of requests) told.push(...requestIn(events, now).map((one) => ({ id, ...one })));
  return told;
}

/** The request, or once it is decided what somebody had who leaves, each by itself. */
function requestIn(events: readonly Recorded<DomainEvent>[], now: Instant): readonly Omit<Told, 'id'>[] {
  const one = (pattern: RegExp) => events.find(({ type }) => pattern.test(type))?.data as Record<string, unknown>;
  const requested = one(/Requested$/) as {
    readonly receivedAt: Instant;
    readonly requestedAt: Instant;
    readonly channel: string;
    readonly level: string;
    readonly dueAt?: Instant | null;
  };
  const { receivedAt } = requested;
  const [moved, accepted, refused] = [one(/DeadlineMoved$/), one(/Accepted$/), one(/Refused$/)];
  const [withdrawn, effected] = [one(/Withdrawn$/), one(/Effected$/)];
  const waited = (moved?.['dueAt'] ?? requested.dueAt ?? null) as Instant | null;
  const judgedAt = ({ judged }: Record<string, unknown>): Instant =>
    (judged as { decidedAt: Instant } | undefined)?.decidedAt ?? requested.requestedAt;
  const isAfter = (limit: Instant | null, moment_: Instant) =>
    limit !== null && Date.parse(moment_) > Date.parse(limit);
  if (withdrawn !== undefined) {
    return [{ receivedAt, status: 'withdrawn', breached: isAfter(waited, withdrawn['withdrawnAt'] as Instant) }];
  }
  const arrived = requested.channel === 'electronic' && requested.level !== 'EH1' ? later(receivedAt, QUARTER) : null;
  type Line = { readonly immediate: boolean; readonly dueAt: Instant | null };
  const linesOf = (data: Record<string, unknown>, whole: Line): readonly Line[] =>
    (data['lines'] as readonly Line[] | undefined) ?? [whole];
  if (refused !== undefined) {
    const dueAt = waited ?? (refused['dueAt'] as Instant | undefined) ?? null;
    return linesOf(refused, { immediate: false, dueAt }).map((line) => ({
      ...{ receivedAt, status: 'refused', breached: isAfter(line.dueAt ?? arrived, judgedAt(refused)) },
    }));
  }
  if (accepted === undefined) return [{ receivedAt, status: 'received', breached: isAfter(waited, now) }];
  const limitOf = ({ immediate, dueAt }: Line): Instant | null => {
    if (!immediate) return dueAt;
    const answered = later(judgedAt(accepted), 5_000);
    return arrived !== null && arrived < answered ? arrived : answered;
  };
  const end = (effected?.['effectedAt'] as Instant | undefined) ?? now;
  return linesOf(accepted, accepted as unknown as Line).map((line) => ({
    ...{ receivedAt, status: effected === undefined ? 'accepted' : 'effected', breached: isAfter(limitOf(line), end) },
  }));
}

async function everything({ feed, serializer }: Backbone): Promise<readonly Recorded<DomainEvent>[]> {
  const all: Recorded<DomainEvent>[] = [];
  for (let after: bigint = START; ;) {
    const { items, upTo, caughtUp } = await feed.read(after);
    for (const item of items) all.push(serializer.read(item));
    if (caughtUp) return all;
    after = upTo;
  }
}

describe('the report of periods that touch', () => {
  it('has every breach once, and counts every request, as going through all events does (REV-09, CAL-01)', async () => {
    const plans = fc.tuple(
      fc.array(asked, { minLength: 1, maxLength: 25 }),
      fc.array(decidedAtOnce, { maxLength: 8 }),
      fc.integer({ min: 0, max: 160 * DAY }),
    );
    let breachesMet = 0;
    await fc.assert(
      fc.asyncProperty(plans, async ([requests, facts, passed]) => {
        const now = later(FIRST, passed);
        const memory = await memoryBackbone(() => Date.parse(now), {
          readModels: [revocationDeadlinesProjection as never, refusedMutationsProjection as never],
        });
        try {
          for (const [index, plan] of requests.entries()) {
            await memory.record(
              'revocationRequest',
              uuid(`r${index}`),
              ...(historyOf(plan, `${index}`) as DomainEvent[]),
            );
          }
          for (const [index, plan] of facts.entries()) {
            const kind = plan.what.startsWith('Means') ? 'means' : 'authorization';
            const name = `${100 + index}`;
            await memory.record(kind, uuid(`${kind[0]!}${name}`), factOf(plan, name));
          }
          const { backbone } = memory;
          await backbone.readModels.upToDate(revocationDeadlinesProjection as never);
          const told = bruteForce(await everything(backbone), now);
          const reports: RevocationReport[] = [];
          for (const period of PERIODS) {
            const report = await revocationReport(backbone, period, now);
            const own = told.filter(({ receivedAt }) => {
              const moment_ = Date.parse(receivedAt);
              return Date.parse(period.from) <= moment_ && moment_ < Date.parse(period.until);
            });
            expect(idsOf(report)).toEqual(
              own
                .filter(({ breached }) => breached)
                .map(({ id }) => id)
                .sort(),
            );
            expect(statusesOf(report)).toEqual(countsOf(own.map(({ status }) => status)));
            expect(sum(report, 'received')).toBe(own.length);
            expect(sum(report, 'breached')).toBe(report.breaches.length);
            // Each can be told from the others, of somebody who leaves as well.
            const told_ = report.breaches.map(({ request, about, mutation }) =>
              JSON.stringify([request, about, mutation]),
            );
            expect(new Set(told_).size).toBe(told_.length);
            reports.push(report);
          }
          const all = reports.flatMap(idsOf).sort();
          expect(all).toEqual(
            told
              .filter(({ breached }) => breached)
              .map(({ id }) => id)
              .sort(),
          );
          // Of the whole as of its parts.
          const whole = { from: FIRST, until: MIDNIGHTS.at(-1)! };
          expect(idsOf(await revocationReport(backbone, whole, now))).toEqual(all);
          breachesMet += all.length;
        } finally {
          await memory.close();
        }
      }),
      { seed: 20_261_130, numRuns: 25 },
    );
    expect(breachesMet).toBeGreaterThan(50);
  });

  it('has each once where its deadline moves while the report is made, among more than are read together', async () => {
    const memory = await memoryBackbone(() => Date.parse(later(FIRST, 2 * DAY)), {
      readModels: [revocationDeadlinesProjection as never, refusedMutationsProjection as never],
    });
    try {
      const many = 2_400;
      const plan: Asked = {
        ...{ receivedAt: { midnight: 0, off: 0 }, level: 'EH3', mutation: 'revocation', object: 'means', waits: true },
        ...{ electronic: false, dueIn: DAY, moved: null, fate: 'open', decidedAfter: 0, effectedAfter: 0 },
      };
      for (let index = 0; index < many; index += 1) {
        // Some together, and each some time after the one before.
        const off = index < 2_300 ? 0 : index;
        const history = historyOf({ ...plan, receivedAt: { midnight: 0, off } }, `${index}`);
        await memory.record('revocationRequest', uuid(`r${index}`), ...(history as DomainEvent[]));
      }
      const { backbone } = memory;
      await backbone.readModels.upToDate(revocationDeadlinesProjection as never);
      // Whatever is read first, all of them are due earlier by the time of the next page.
      const { store } = backbone.readModels;
      let pages = 0;
      const moving: ProjectionStore['searchColumns'] = async (...asked_) => {
        const rows = await store.searchColumns(...asked_);
        expect(rows.length).toBeLessThanOrEqual(1_000);
        pages += 1;
        if (pages === 1) {
          for (let index = many - 300; index < many; index += 1) {
            const data = { revocationRequest: uuid(`r${index}`), level: 'EH4', dueAt: FIRST, movedAt: FIRST };
            await memory.record('revocationRequest', uuid(`r${index}`), { type: 'RevocationDeadlineMoved', data });
          }
          await backbone.readModels.upToDate(revocationDeadlinesProjection as never);
        }
        return rows;
      };
      const watched = Object.assign(Object.create(store) as typeof store, { searchColumns: moving });
      const readModels = Object.assign(Object.create(backbone.readModels) as Backbone['readModels'], {
        store: watched,
      });
      const whole = { from: FIRST, until: later(FIRST, DAY) };
      const report = await revocationReport({ ...backbone, readModels }, whole, backbone.now());
      expect(pages).toBeGreaterThan(1);
      expect(sum(report, 'received')).toBe(many);
      expect(sum(report, 'breached')).toBe(many);
      expect(new Set(idsOf(report)).size).toBe(1_000);
      expect(report.breachesLeftOut).toBe(many - 1_000);
    } finally {
      await memory.close();
    }
  });
});

describe('what the report has beside requests', () => {
  const reportOf = async (
    record: (memory: MemoryBackbone) => Promise<unknown>,
    passed: number,
  ): Promise<RevocationReport> => {
    const now = later(FIRST, passed);
    const memory = await memoryBackbone(() => Date.parse(now), {
      readModels: [revocationDeadlinesProjection as never, refusedMutationsProjection as never],
    });
    try {
      await record(memory);
      await memory.backbone.readModels.upToDate(revocationDeadlinesProjection as never);
      return await revocationReport(memory.backbone, { from: FIRST, until: later(FIRST, 30 * DAY) }, now);
    } finally {
      await memory.close();
    }
  };
  const means = uuid('means');
  const leg = {
    ...{ revocationRequest: uuid('revoke'), channel: 'nonElectronic', receivedAt: FIRST, level: 'EH4' },
    dueAt: later(FIRST, DAY),
  };
  const ended = { type: 'MeansRevoked', data: { means, revocationRequest: uuid('revoke'), revokedAt: FIRST, leg } };
  const endingAt = (endsAt: Instant) => ({ ...ended, data: { ...ended.data, leg: { ...leg, endsAt } } });
  const reported = (revokedBy: Instant, breached: boolean) => ({
    type: 'MeansCertificateRevoked',
    data: { means, checks: [], reportedAt: later(FIRST, 9 * DAY), leg: { ...leg, revokedBy, breached } },
  });

  it.each([
    ['is open before its time', [ended], DAY, { accepted: 1, effected: 0, breached: 0 }],
    ['is late after it', [ended], DAY + 1, { accepted: 1, effected: 0, breached: 1 }],
    ['is met by the validation', [ended, reported(later(FIRST, DAY), false)], 9 * DAY, { effected: 1, breached: 0 }],
    ['is met too late', [ended, reported(later(FIRST, DAY + 1), true)], 9 * DAY, { effected: 1, breached: 1 }],
    ['is open until it ends by itself', [endingAt(later(FIRST, DAY))], DAY - 1, { accepted: 1, breached: 0 }],
    ['is over once it has ended by itself', [endingAt(later(FIRST, DAY))], DAY, { effected: 1, breached: 0 }],
    ['stays so', [endingAt(later(FIRST, DAY))], 9 * DAY, { accepted: 0, effected: 1, breached: 0 }],
    ['is late where it ended after its time', [endingAt(later(FIRST, DAY + 1))], 9 * DAY, { effected: 1, breached: 1 }],
  ] as const)(
    'the leg at the certification service provider %s (PI4, REV-03, REV-09)',
    async (_how, events, passed, of) => {
      const { figures, breaches } = await reportOf(async (memory) => {
        await memory.record('means', means, ...(events as readonly DomainEvent[]));
      }, passed);
      expect(figures).toMatchObject([
        { mutation: 'revocation', object: 'certificate', level: 'EH4', channel: 'nonElectronic', received: 1, ...of },
      ]);
      expect(breaches.map(({ id, request, about, object }) => [id, request, about, object])).toEqual(
        of.breached === 0 ? [] : [[uuid('revoke'), uuid('revoke'), { means }, 'certificate']],
      );
    },
  );

  type Line = readonly [object: object, status: 'refused' | 'effected'];
  /** Requests of one intake about one object, or about somebody who leaves and what he has. */
  const request = (name: string, fate: string, after: number, lines?: readonly Line[]): DomainEvent[] => {
    const id = { revocationRequest: uuid(`r${name}`) };
    const object = lines === undefined ? { means } : { person: uuid('person'), party: uuid('party') };
    const came = { application: uuid('appl'), channel: 'nonElectronic', receivedAt: FIRST, level: 'EH3' };
    const [decidedAt, dueAt] = [later(FIRST, after), later(FIRST, DAY)];
    const judged = { checks: [], level: 'EH3', identification: { ioScore: 3 }, decidedAt };
    const judgedLines = lines && {
      lines: lines.map(([of, status]) => ({ object: of, level: 'EH3', accepted: status === 'effected', dueAt })),
    };
    const ended = lines?.flatMap(([of, status]) =>
      status === 'refused' ? [] : [{ object: of, effectedAt: decidedAt, alreadyRevoked: false, breached: after > DAY }],
    );
    const decided = { ...id, judged, ...judgedLines };
    const accepted = { type: 'RevocationAccepted', data: { ...decided, object, immediate: false, dueAt, flags: [] } };
    const facts = {
      waiting: [],
      refused: [{ type: 'RevocationRefused', data: { ...decided, codes: [] } }],
      withdrawn: [{ type: 'RevocationWithdrawn', data: { ...id, withdrawnAt: decidedAt } }],
      accepted: [accepted],
      effected: [
        accepted,
        {
          type: 'RevocationEffected',
          data: { ...id, effectedAt: decidedAt, breached: after > DAY, ...(ended && { lines: ended }) },
        },
      ],
    }[fate]!;
    const requested = { ...id, object, ...came, requestedAt: FIRST, dueAt };
    return [{ type: 'RevocationRequested', data: requested }, ...facts] as unknown as DomainEvent[];
  };
  const [first, second] = [{ authorization: uuid('first') }, { authorization: uuid('second') }];

  it.each<[string, readonly DomainEvent[][], number, Partial<Record<string, number>>]>([
    [
      'once where it was refused and asked anew',
      [request('1', 'refused', 1), request('2', 'effected', DAY)],
      ...([2 * DAY, { effected: 1, refused: 0, breached: 0 }] as const),
    ],
    [
      'late where it was refused in time and carried out too late',
      [request('1', 'refused', 1), request('2', 'effected', DAY + 1)],
      ...([2 * DAY, { effected: 1, refused: 0, breached: 1 }] as const),
    ],
    [
      'by the first answer where it was refused each time',
      [request('2', 'refused', DAY + 1), request('1', 'refused', 1)],
      ...([2 * DAY, { refused: 1, breached: 0 }] as const),
    ],
    [
      'as waiting while it is asked anew',
      [request('1', 'refused', 1), request('2', 'waiting', 0), request('3', 'withdrawn', 1)],
      ...([2 * DAY, { refused: 0, withdrawn: 0, waiting: 1, breached: 1 }] as const),
    ],
    [
      'as carried out where it was entered twice',
      [request('1', 'accepted', 1), request('2', 'effected', DAY), request('3', 'effected', DAY + 1)],
      ...([2 * DAY, { effected: 1, accepted: 0, breached: 0 }] as const),
    ],
    [
      'object by object of somebody who leaves',
      [
        request('1', 'effected', 1, [[first, 'effected'] as const, [second, 'refused'] as const]),
        request('2', 'effected', DAY, [[second, 'effected'] as const]),
        request('3', 'refused', 2, []),
      ],
      ...([2 * DAY, { effected: 2, refused: 0, breached: 0 }] as const),
    ],
    [
      'by his objects where somebody who leaves had nothing the first time',
      [request('1', 'refused', 1, []), request('2', 'effected', DAY, [[first, 'effected'] as const])],
      ...([2 * DAY, { effected: 1, refused: 0, breached: 0 }] as const),
    ],
    [
      'as waiting where all of what he has who leaves was refused',
      [request('1', 'refused', 1, [[first, 'refused'] as const]), request('2', 'waiting', 0, [])],
      ...([DAY, { waiting: 1, refused: 0, breached: 0 }] as const),
    ],
  ])('has what an intake asks of an object %s (REV-09)', async (_how, requests, passed, expected) => {
    const report = await reportOf(async (memory) => {
      for (const history of requests) {
        const { revocationRequest } = history[0]!.data as unknown as { readonly revocationRequest: string };
        await memory.record('revocationRequest', revocationRequest, ...history);
      }
    }, passed);
    const of = (name: string): number =>
      report.figures.reduce((all, figure) => all + (figure as unknown as Record<string, number>)[name]!, 0);
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, of(name)]))).toEqual(expected);
  });

  it('has a means at EH2 on paper against one working day and against two (REV-02)', async () => {
    // On a Monday, so that working days are days.
    const receivedAt = at('2027-11-08T09:00:00Z');
    const revocation = (name: string, level: string, after: number, channel = 'nonElectronic'): DomainEvent[] => {
      const id = { revocationRequest: uuid(`r${name}`) };
      const object = { means: uuid(`m${name}`) };
      const dueAt = channel === 'electronic' ? null : later(receivedAt, DAY);
      const effectedAt = later(receivedAt, after);
      const request = { ...id, object, channel, receivedAt, level, requestedAt: receivedAt };
      const accepted = { ...id, object, immediate: channel === 'electronic', dueAt, flags: [] };
      return [
        { type: 'RevocationRequested', data: request },
        { type: 'RevocationAccepted', data: accepted },
        {
          type: 'RevocationEffected',
          data: { ...id, effectedAt, alreadyRevoked: false, breached: dueAt !== null && effectedAt > dueAt },
        },
      ] as unknown as DomainEvent[];
    };
    const { figures, breaches } = await reportOf(async (memory) => {
      for (const [name, level, after, channel] of [
        ['1', 'EH2', DAY, undefined],
        ['2', 'EH2', DAY + 1, undefined],
        ['3', 'EH2', 2 * DAY, undefined],
        ['4', 'EH2', 2 * DAY + 1, undefined],
        ['5', 'EH3', 3 * DAY, undefined],
        ['6', 'EH2', 0, 'electronic'],
      ] as const) {
        await memory.record('revocationRequest', uuid(`r${name}`), ...revocation(name, level, after, channel));
      }
    }, 20 * DAY);
    expect(
      figures.map((one) => [one.level, one.channel, one.received, one.breached, one.breachedAfterTwoDays]),
    ).toEqual([
      ['EH2', 'electronic', 1, 0, null],
      ['EH2', 'nonElectronic', 4, 3, 1],
      ['EH3', 'nonElectronic', 1, 1, null],
    ]);
    const later_ = Object.fromEntries(breaches.map(({ id, afterTwoDays }) => [id, afterTwoDays]));
    expect(later_).toEqual({
      [uuid('r2')]: false,
      [uuid('r3')]: false,
      [uuid('r4')]: true,
      [uuid('r5')]: undefined,
    });
  });
});

const idsOf = ({ breaches }: RevocationReport): readonly string[] => breaches.map(({ id }) => id).sort();
const sum = ({ figures }: RevocationReport, of: 'received' | 'breached'): number =>
  figures.reduce((all, figure) => all + figure[of], 0);
const STATUSES = {
  received: 'waiting',
  withdrawn: 'withdrawn',
  refused: 'refused',
  accepted: 'accepted',
  effected: 'effected',
} as const;
const statusesOf = ({ figures }: RevocationReport): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(STATUSES).map(([status, name]) => [status, figures.reduce((all, figure) => all + figure[name], 0)]),
  );
const countsOf = (statuses: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.keys(STATUSES).map((status) => [status, statuses.filter((one) => one === status).length]));
