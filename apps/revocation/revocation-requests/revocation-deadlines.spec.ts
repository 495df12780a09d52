import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { later, type DomainEvent, type Instant, type Recorded } from '#libs/kernel';
import {
  earlier,
  immediateUntil,
  isPast,
  lateAtOf,
  revocationRequestDecider,
  type RevocationRequest,
  type RevocationRequestCommand,
  type RevocationRequestEvent,
} from '#libs/domain';
import { at, uuid } from '#libs/testing';
import { revocationDeadlinesProjection, type RevocationDeadlineRow } from './revocation-deadlines.projection.js';

const receivedAt = at('2026-11-30T09:00:00Z');
const level = fc.constantFrom('EH1', 'EH2', 'EH3', 'EH4' as const);
const passed = fc.oneof(
  fc.constantFrom(0, 1, 5_000, 5_001, 900_000, 900_001, 86_400_000, 86_400_001),
  fc.integer({ min: 0, max: 200_000_000 }),
);
const became = fc.record({ level, dueIn: fc.option(passed) });
const plan = fc.record({
  electronic: fc.boolean(),
  suspension: fc.boolean(),
  leaver: fc.boolean(),
  waits: fc.boolean(),
  ...{ level, dueIn: fc.option(passed), decidedAfter: passed },
  movedWaiting: fc.array(became, { maxLength: 2 }),
  movedAccepted: fc.array(became, { maxLength: 3 }),
  addedAfter: fc.option(passed),
  end: fc.option(became),
  effectedAfter: passed,
});

/** The commands of one request, in their order. */
function commandsOf(of: typeof plan extends fc.Arbitrary<infer Plan> ? Plan : never): readonly object[] {
  const due = (milliseconds: number | null): Instant | null =>
    milliseconds === null ? null : later(receivedAt, milliseconds);
  const isLeaver = of.leaver && !of.suspension;
  const decidedAt = later(receivedAt, of.decidedAfter);
  const dueAt = of.electronic ? null : due(of.dueIn);
  const means = { means: uuid('means') };
  const line = {
    ...{ accepted: true, level: of.level, immediate: of.electronic, dueAt, codes: [], flags: [] },
  };
  const request = {
    ...{ revocationRequest: uuid('request'), application: uuid('appl'), receivedAt, requester: { role: 'court' } },
    object: isLeaver ? { person: uuid('person'), party: uuid('party') } : means,
    channel: of.electronic ? 'electronic' : 'nonElectronic',
    ...(of.suspension ? { mutation: 'suspension' } : {}),
  };
  const ground = { checks: [], level: of.level, identification: { ioScore: 3 } };
  const judgement = {
    ...{ accepted: true, immediate: of.electronic, dueInstant: dueAt, refusals: [], flags: [] },
    ...(isLeaver ? { lines: [{ ...line, object: means }] } : {}),
  };
  const move = (one: { readonly level: string; readonly dueIn: number | null }) => ({
    ...{ type: 'MoveDeadline', level: one.level, dueAt: of.electronic ? null : due(one.dueIn), now: decidedAt },
  });
  const effectedAt = later(decidedAt, of.effectedAfter);
  const became_ = of.end && {
    became: { level: of.end.level, dueAt: of.electronic ? null : due(of.end.dueIn) },
  };
  const outcome = { effectedAt, alreadyRevoked: false, ...became_ };
  return [
    ...(of.waits && !of.electronic
      ? [
          { type: 'ReceiveRevocation', ...request, ...ground, dueAt, now: receivedAt },
          ...of.movedWaiting.map(move),
          { type: 'DecideRevocation', ...ground, judgement, now: decidedAt },
        ]
      : [{ type: 'RequestRevocation', ...request, ...ground, judgement, now: decidedAt }]),
    ...of.movedAccepted.map(move),
    ...(of.addedAfter === null
      ? []
      : [
          {
            ...{ type: 'ExtendRevocation', now: later(decidedAt, of.addedAfter) },
            lines: [{ ...line, object: { authorization: uuid('auth') } }],
          },
        ]),
    of.suspension
      ? { type: 'EffectSuspension', ...outcome, alreadySuspended: false }
      : {
          ...{ type: 'EffectRevocation', ...outcome },
          ...(isLeaver ? { lines: [{ object: means, ...outcome }] } : {}),
        },
  ];
}

it('ends a request and lists it by one limit, which a change of level only brings nearer (REV-04, REV-06, REV-09)', () => {
  let moved = 0;
  fc.assert(
    fc.property(plan, (of) => {
      let state: RevocationRequest = revocationRequestDecider.initialState;
      let row: RevocationDeadlineRow | undefined;
      const fold = (event: RevocationRequestEvent): void => {
        const recorded = { ...event, metadata: { id: uuid('event') } } as unknown as Recorded<DomainEvent>;
        row = revocationDeadlinesProjection.fold(row, recorded, uuid('request'));
        state = revocationRequestDecider.evolve(state, event);
      };
      for (const command of commandsOf(of)) {
        const decision = revocationRequestDecider.decide(command as RevocationRequestCommand, state);
        if (decision.outcome !== 'accepted') throw new Error(JSON.stringify(decision));
        for (const event of decision.events) {
          const before = row?.lateAt ?? null;
          const isMove = event.type === 'RevocationDeadlineMoved';
          fold(event);
          if (isMove || event.type.endsWith('Effected')) expect(earlier(before, row!.lateAt)).toBe(row!.lateAt);
          if (isMove && before !== row!.lateAt) moved += 1;
          if (state.status === 'received' || state.status === 'accepted') expect(row!.lateAt).toBe(lateAtOf(state));
          if (state.status === 'effected' && state.lines === undefined)
            expect([row!.breached, state.breached]).toEqual([
              isPast(row!.lateAt, state.effectedAt),
              isPast(row!.lateAt, state.effectedAt),
            ]);
        }
      }
    }),
    { seed: 20_261_130, numRuns: 3_000 },
  );
  expect(moved).toBeGreaterThan(500);
});

it('keeps the quarter of an hour of what came electronically, to whichever level it comes (PI2, REV-04)', () => {
  const arrival = { channel: 'electronic', receivedAt, level: 'EH3' } as const;
  const limit = immediateUntil(arrival)!;
  // Entered late: the quarter is over before the five seconds begin.
  const decidedAt = later(limit, 60_000);
  const request = {
    ...{ revocationRequest: uuid('request'), application: uuid('appl'), receivedAt, requester: { role: 'court' } },
    ...{ object: { means: uuid('means') }, channel: 'electronic', checks: [], identification: { ioScore: 3 } },
  };
  const judgement = { accepted: true, immediate: true, dueInstant: null, refusals: [], flags: [] };
  let state: RevocationRequest = revocationRequestDecider.initialState;
  for (const command of [
    { type: 'RequestRevocation', ...request, level: 'EH3', judgement, now: decidedAt },
    { type: 'MoveDeadline', level: 'EH1', dueAt: null, now: decidedAt },
    { type: 'EffectRevocation', effectedAt: decidedAt, alreadyRevoked: false },
  ]) {
    const decision = revocationRequestDecider.decide(command as unknown as RevocationRequestCommand, state);
    if (decision.outcome !== 'accepted') throw new Error(JSON.stringify(decision));
    state = decision.events.reduce((before, event) => revocationRequestDecider.evolve(before, event), state);
  }
  expect(state).toMatchObject({ status: 'effected', level: 'EH1', breached: true });
});
