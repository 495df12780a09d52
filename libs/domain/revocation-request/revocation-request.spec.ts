import { describe, expect, it } from '@jest/globals';
import { later, type AuthorizationId, type EventDeclaration, type MeansId } from '#libs/kernel';
import { at, specificationOf, uuid } from '#libs/testing';
import { AT_ONCE, ENTRY } from '../common/at-once.js';
import {
  revocationRequestCodec,
  revocationRequestDecider,
  type RevocationRequestCommand,
  type RevocationRequestEvent,
  type RevocationRequested,
} from './index.js';

type EventOf<Type extends RevocationRequestEvent['type']> = Extract<RevocationRequestEvent, { type: Type }>;

const given = specificationOf(revocationRequestDecider);
const revocationRequest = uuid('revoke') as never;
const authorization = { authorization: uuid('auth') as AuthorizationId };
const now = at('2026-04-02T14:00:00Z');
const due = at('2026-04-07T13:00:00Z');

const data: Omit<RevocationRequested['data'], 'requestedAt' | 'dueAt'> = {
  revocationRequest,
  object: authorization,
  application: uuid('appl') as never,
  channel: 'nonElectronic',
  receivedAt: at('2026-04-02T13:00:00Z'),
  requester: { role: 'authorizedParty', person: uuid('person') as never },
  checks: [uuid('check') as never],
  level: 'EH3',
  identification: { ioScore: 3 },
};
const accepting = { accepted: true, immediate: false, refusals: [], flags: [], dueInstant: due } as const;
const request: Extract<RevocationRequestCommand, { type: 'RequestRevocation' }> = {
  ...data,
  type: 'RequestRevocation',
  judgement: accepting,
  now,
};
const requested: EventOf<'RevocationRequested'> = { type: 'RevocationRequested', data: { ...data, requestedAt: now } };
const accepted: EventOf<'RevocationAccepted'> = {
  type: 'RevocationAccepted',
  data: { revocationRequest, object: authorization, immediate: false, dueAt: due, flags: [] },
};
const refused: EventOf<'RevocationRefused'> = {
  type: 'RevocationRefused',
  data: { revocationRequest, codes: ['requester-not-identified'] },
};
const effect = { type: 'EffectRevocation', effectedAt: now, alreadyRevoked: false } as const;
const effected: EventOf<'RevocationEffected'> = {
  type: 'RevocationEffected',
  data: { revocationRequest, effectedAt: now, alreadyRevoked: false, breached: false },
};

describe('a revocation request', () => {
  it('is recorded on receipt with who asks and how he was identified, and accepted with its deadline (REV-06)', () => {
    given().when(request).then(requested, accepted);
  });

  it('for a means at level 4 is accepted at once, with the flag for the certification service provider', () => {
    const object = { means: uuid('means') as MeansId };
    const flags = ['revoke-certificate-at-csp'] as const;
    given()
      .when({
        ...request,
        object,
        channel: 'electronic',
        judgement: { ...accepting, immediate: true, dueInstant: null, flags: [...flags] },
      })
      .then(
        { ...requested, data: { ...requested.data, object, channel: 'electronic' } },
        { type: 'RevocationAccepted', data: { revocationRequest, object, immediate: true, dueAt: null, flags } },
      );
  });

  it('that the rules refuse is recorded all the same, with the codes', () => {
    given()
      .when({
        ...request,
        judgement: {
          ...accepting,
          accepted: false,
          dueInstant: null,
          refusals: ['requester-not-identified'],
        },
      })
      .then(requested, refused);
  });

  it('that is refused on receipt, after its time, was late all the same (REV-06)', () => {
    const refusing = { ...accepting, accepted: false, dueInstant: null, refusals: ['requester-not-identified'] };
    for (const [dueAt, shown] of [
      [later(now, -1), { dueAt: later(now, -1), breached: true }],
      [now, {}],
    ] as const) {
      const withDue = { ...refused, data: { ...refused.data, dueAt } };
      given()
        .when({ ...request, judgement: refusing, dueAt })
        .then(requested, withDue);
      const { state } = given(requested, withDue);
      expect(state).toMatchObject({ status: 'refused', ...shown });
      expect('breached' in state).toBe('breached' in shown);
    }
  });

  it('is recorded once', () => {
    for (const history of [[requested], [requested, accepted], [requested, refused], [requested, accepted, effected]]) {
      given(...history)
        .when(request)
        .thenRejected({ code: 'revocation-request-exists', kind: 'conflict' });
    }
  });
});

describe('effecting a revocation', () => {
  it('is recorded in time up to the deadline itself, and as breached after it', () => {
    const effecting = (effectedAt: typeof due) => given(requested, accepted).when({ ...effect, effectedAt });
    effecting(now).then(effected);
    effecting(due).then({ ...effected, data: { ...effected.data, effectedAt: due } });
    const tooLate = later(due, 1);
    effecting(tooLate).then({ ...effected, data: { ...effected.data, effectedAt: tooLate, breached: true } });
  });

  it('without a deadline is never breached', () => {
    given(requested, { ...accepted, data: { ...accepted.data, immediate: false, dueAt: null } })
      .when({ ...effect, effectedAt: later(due, 1_000) })
      .then({ ...effected, data: { ...effected.data, effectedAt: later(due, 1_000) } });
  });

  it('at once is breached where it took longer than an answer waits (PI2, CAL-03)', () => {
    const atOnce = { ...accepted, data: { ...accepted.data, immediate: true, dueAt: null } };
    const effecting = (effectedAt: typeof due) => given(requested, atOnce).when({ ...effect, effectedAt });
    const inTime = later(now, AT_ONCE);
    effecting(inTime).then({ ...effected, data: { ...effected.data, effectedAt: inTime } });
    const tooLate = later(inTime, 1);
    effecting(tooLate).then({ ...effected, data: { ...effected.data, effectedAt: tooLate, breached: true } });
  });

  it('at once is breached by its arrival, however late it was entered, above EH1 (PI2, CAL-03, REV-06, AMB-14)', () => {
    const { receivedAt } = data;
    for (const level of ['EH1', 'EH3'] as const) {
      const electronic = { ...requested, data: { ...requested.data, channel: 'electronic', level } } as const;
      const atOnce = { ...accepted, data: { ...accepted.data, immediate: true, dueAt: null } };
      // Entered an hour after it came in, and carried out in the same moment.
      given(electronic, atOnce)
        .when(effect)
        .then({ ...effected, data: { ...effected.data, breached: level === 'EH3' } });
      for (const [after, breached] of [
        [ENTRY, false],
        [ENTRY + 1, level === 'EH3'],
      ] as const) {
        const moment = later(receivedAt, after);
        const entered = { ...electronic, data: { ...electronic.data, requestedAt: moment } };
        given(entered, atOnce)
          .when({ ...effect, effectedAt: moment })
          .then({ ...effected, data: { ...effected.data, effectedAt: moment, breached } });
      }
    }
  });

  it('refused long after it came in electronically was late as well (REV-06, REV-09)', () => {
    const refusing = { ...accepting, accepted: false, dueInstant: null, refusals: ['requester-not-identified'] };
    for (const [moment, shown] of [
      [later(data.receivedAt, ENTRY), {}],
      [later(data.receivedAt, ENTRY + 1), { breached: true }],
    ] as const) {
      const electronic = { ...data, channel: 'electronic' } as const;
      const isRequested = { ...requested, data: { ...electronic, requestedAt: moment } };
      const isRefused = { ...refused, data: { ...refused.data, ...shown } };
      given()
        .when({ ...request, ...electronic, judgement: refusing, now: moment })
        .then(isRequested, isRefused);
      const { state } = given(isRequested, isRefused);
      expect(state).toMatchObject({ status: 'refused', ...shown });
      expect('breached' in state).toBe('breached' in shown);
    }
  });

  it('goes by the level that the object had when it ended, and the earlier of two deadlines (REV-04, ADR 135)', () => {
    const soon = later(due, -3_600_000);
    const endless = { ...accepted, data: { ...accepted.data, dueAt: null } };
    const at = later(due, -1);
    for (const [history, became, kept, breached] of [
      [accepted, { level: 'EH3', dueAt: due }, undefined, false],
      [accepted, { level: 'EH4', dueAt: soon }, { level: 'EH4', dueAt: soon }, true],
      [accepted, { level: 'EH1', dueAt: null }, { level: 'EH1', dueAt: due }, false],
      [endless, { level: 'EH4', dueAt: soon }, { level: 'EH4', dueAt: soon }, true],
    ] as const) {
      const fact = {
        ...effected,
        data: { ...effected.data, effectedAt: at, breached, ...(kept === undefined ? {} : { became: kept }) },
      };
      given(requested, history)
        .when({ ...effect, effectedAt: at, became })
        .then(fact);
      expect(given(requested, history, fact).state).toMatchObject({ status: 'effected', ...(kept ?? {}) });
    }
    // What came electronically about EH1 had no time; what it ended as has.
    const low = { ...requested, data: { ...requested.data, channel: 'electronic', level: 'EH1' } } as const;
    const end = { level: 'EH3', dueAt: null } as const;
    given(low, endless)
      .when({ ...effect, effectedAt: later(now, AT_ONCE + 1), became: end })
      .then({
        ...effected,
        data: { ...effected.data, effectedAt: later(now, AT_ONCE + 1), breached: true, became: end },
      });
  });

  it('tells when another request had revoked the object before', () => {
    given(requested, accepted)
      .when({ ...effect, alreadyRevoked: true })
      .then({ ...effected, data: { ...effected.data, alreadyRevoked: true } });
  });

  it('again is so already', () => {
    given(requested, accepted, effected).when(effect).thenNothing();
    given(requested, accepted, effected)
      .when({ ...effect, effectedAt: later(now, 1), alreadyRevoked: true })
      .thenNothing();
  });

  it('is of an accepted request only', () => {
    given(requested, refused).when(effect).thenRejected({ code: 'revocation-not-accepted', kind: 'conflict' });
    given(requested).when(effect).thenRejected('revocation-not-accepted');
    given().when(effect).thenRejected({ code: 'no-such-revocation-request', kind: 'not-found' });
  });

  it('keeps everything about the request in its state', () => {
    expect(given(requested, accepted, effected).state).toStrictEqual({
      ...requested.data,
      status: 'effected',
      decidedAt: now,
      immediate: false,
      dueAt: due,
      lateAt: due,
      flags: [],
      effectedAt: now,
      alreadyRevoked: false,
      breached: false,
    });
    expect(given(requested, refused).state).toMatchObject({ status: 'refused', codes: ['requester-not-identified'] });
  });
});

describe('REV-06: a request on paper that came in without checks', () => {
  const { data: on } = requested;
  const blank = { ...data, checks: [], identification: { ioScore: 0 } as const };
  const receive = { ...blank, type: 'ReceiveRevocation', dueAt: due, now } as const;
  const waiting: EventOf<'RevocationRequested'> = {
    type: 'RevocationRequested',
    data: { ...blank, requestedAt: now, dueAt: due },
  };
  const found = {
    checks: on.checks,
    rows: { IO: ['IO3-d'] },
    evidence: [],
    level: 'EH3',
    identification: { ioScore: 3 },
  } as const;
  const decidedAt = later(now, 3_600_000);
  const decide = { type: 'DecideRevocation', ...found, judgement: accepting, now: decidedAt } as const;
  const judged = { ...found, decidedAt };
  const withdraw = { type: 'WithdrawRevocation', now: decidedAt } as const;
  const withdrawn: EventOf<'RevocationWithdrawn'> = {
    type: 'RevocationWithdrawn',
    data: { revocationRequest, withdrawnAt: decidedAt },
  };

  it('waits with its deadline', () => {
    given().when(receive).then(waiting);
    given(waiting).when(receive).thenRejected('revocation-request-exists');
    expect(given(waiting).state).toStrictEqual({
      ...blank,
      ...{ requestedAt: now, status: 'received', dueAt: due, lateAt: due },
    });
  });

  it('without a deadline waits as well', () => {
    given()
      .when({ ...receive, dueAt: null })
      .then({ ...waiting, data: { ...waiting.data, dueAt: null } });
  });

  it('is judged by the checks of the decision, which stand with it', () => {
    given(waiting)
      .when(decide)
      .then({ ...accepted, data: { ...accepted.data, judged } });
    const judgement = { ...accepting, accepted: false, dueInstant: null, refusals: ['requester-not-identified'] };
    given(waiting)
      .when({ ...decide, judgement })
      .then({ ...refused, data: { ...refused.data, judged } });
    expect(given(waiting, { ...accepted, data: { ...accepted.data, judged } }).state).toMatchObject({
      ...{ status: 'accepted', requestedAt: now, dueAt: due },
      ...judged,
    });
    const state = given(waiting, { ...refused, data: { ...refused.data, judged } }).state;
    expect(state).toMatchObject({ status: 'refused', ...judged });
    expect(state).not.toHaveProperty('dueAt');
  });

  it('is withdrawn, and nothing is carried out', () => {
    given(waiting).when(withdraw).then(withdrawn);
    given(waiting, withdrawn).when(effect).thenRejected('revocation-not-accepted');
    expect(given(waiting, withdrawn).state).toMatchObject({ status: 'withdrawn', withdrawnAt: decidedAt });
  });

  it('keeps that its deadline was missed when it is refused or withdrawn after it (REV-06, REV-09)', () => {
    const at = (moment: typeof due) =>
      [
        { ...refused, data: { ...refused.data, judged: { ...judged, decidedAt: moment } } },
        { ...withdrawn, data: { ...withdrawn.data, withdrawnAt: moment } },
      ] as const;
    for (const event of at(later(due, 1))) {
      expect(given(waiting, event).state).toMatchObject({ dueAt: due, breached: true });
    }
    for (const event of at(due)) {
      expect(given(waiting, event).state).not.toHaveProperty('breached');
      expect(given(waiting, event).state).not.toHaveProperty('dueAt');
    }
    const endless = { ...waiting, data: { ...waiting.data, dueAt: null } };
    for (const event of at(later(due, 1))) expect(given(endless, event).state).not.toHaveProperty('breached');
  });

  it('follows the level of its object while it waits; a deadline that ran is not taken away (REV-04)', () => {
    const endless = { ...waiting, data: { ...waiting.data, level: 'EH1', dueAt: null } } as const;
    const move = { type: 'MoveDeadline', level: 'EH3', dueAt: due, now: decidedAt } as const;
    const fact = (level: 'EH1' | 'EH3', dueAt: typeof due | null) =>
      ({ type: 'RevocationDeadlineMoved', data: { revocationRequest, level, dueAt, movedAt: decidedAt } }) as const;
    given(endless).when(move).then(fact('EH3', due));
    expect(given(endless, fact('EH3', due)).state).toMatchObject({ status: 'received', level: 'EH3', dueAt: due });
    given(endless, fact('EH3', due)).when(move).thenNothing();
    given(endless, fact('EH3', due))
      .when({ ...move, level: 'EH1', dueAt: null })
      .then(fact('EH1', due));
    given(waiting)
      .when({ ...move, dueAt: later(due, 1) })
      .thenNothing();
    given(waiting)
      .when({ ...move, dueAt: later(due, -1) })
      .then(fact('EH3', later(due, -1)));
    const lowered = { ...accepting, dueInstant: null };
    given(waiting)
      .when({ ...decide, judgement: lowered })
      .then({ ...accepted, data: { ...accepted.data, judged } });
    for (const history of [
      [waiting, withdrawn],
      [waiting, accepted, effected],
    ]) {
      given(...history)
        .when(move)
        .thenNothing();
      const { state } = given(...history);
      expect(given(...history, fact('EH1', null)).state).toStrictEqual(state);
    }
    // Accepted and not carried out: it follows as well.
    const open = { ...accepted, data: { ...accepted.data, dueAt: null } };
    given(endless, open).when(move).then(fact('EH3', due));
    expect(given(endless, open, fact('EH3', due)).state).toMatchObject({
      status: 'accepted',
      level: 'EH3',
      dueAt: due,
    });
    given().when(move).thenRejected('no-such-revocation-request');
  });

  it('is decided or withdrawn once', () => {
    for (const history of [
      [waiting, withdrawn],
      [waiting, refused],
      [waiting, accepted],
      [requested, accepted, effected],
    ]) {
      for (const command of [decide, withdraw]) {
        given(...history)
          .when(command)
          .thenRejected({ code: 'revocation-decided-already', kind: 'conflict' });
      }
    }
    for (const command of [decide, withdraw]) given().when(command).thenRejected('no-such-revocation-request');
  });
});

describe('REV-04: what somebody has who leaves', () => {
  const leaver = { person: uuid('person', 2) as never, party: uuid('party') as never };
  const means = { means: uuid('means') as MeansId };
  const line = { level: 'EH3', accepted: true, immediate: false, dueAt: due, codes: [], flags: [] } as const;
  const lines = [
    { ...line, object: authorization },
    { ...line, object: means, dueAt: null },
    { ...line, object: { means: uuid('means', 2) as MeansId }, accepted: false, codes: ['requester-not-identified'] },
  ];
  const of = { ...data, object: leaver };
  const isRequested: EventOf<'RevocationRequested'> = {
    type: 'RevocationRequested',
    data: { ...of, requestedAt: now },
  };
  const isAccepted: EventOf<'RevocationAccepted'> = {
    type: 'RevocationAccepted',
    data: { ...accepted.data, object: leaver, lines },
  };

  it('is decided line by line', () => {
    given()
      .when({ ...request, object: leaver, judgement: { ...accepting, lines } })
      .then(isRequested, isAccepted);
    expect(given(isRequested, isAccepted).state).toMatchObject({ status: 'accepted', lines });
  });

  it('is stored in a version that no process takes for a request about one object; the others stay as they were', () => {
    const versionOf = (event: RevocationRequestEvent): number => {
      const { schemaVersion, versionOf: of = () => schemaVersion } = revocationRequestCodec[
        event.type
      ] as EventDeclaration;
      return of(event.data);
    };
    const isRefused = { ...refused, data: { ...refused.data, lines } };
    const isEffected = { ...effected, data: { ...effected.data, lines: [] } };
    expect([isRequested, isAccepted, isRefused, isEffected].map(versionOf)).toEqual([2, 2, 2, 2]);
    expect([requested, accepted, refused, effected].map(versionOf)).toEqual([1, 1, 1, 1]);
  });

  it('has lines for what is registered until it is carried out, each once', () => {
    const more = { ...line, object: { means: uuid('means', 3) as MeansId } };
    const extend = { type: 'ExtendRevocation', lines: [lines[0]!, more], now } as const;
    const extended = {
      type: 'RevocationExtended',
      data: { revocationRequest, lines: [more], extendedAt: now },
    } as const;
    given(isRequested, isAccepted).when(extend).then(extended);
    expect(given(isRequested, isAccepted, extended).state).toMatchObject({
      status: 'accepted',
      lines: [...lines, more],
    });
    given(isRequested, isAccepted, extended).when(extend).thenNothing();
    given(requested, accepted).when(extend).thenNothing();
    given(isRequested, isAccepted, effected).when(extend).thenNothing();
    expect(given(isRequested, isAccepted, effected, extended).state).toMatchObject({ status: 'effected', lines });
    given().when(extend).thenRejected('no-such-revocation-request');
  });

  it('has lines in facts of their own where one does not hold them, of the same decision alone', () => {
    const [first, rest] = [lines[0]!, lines.slice(1)];
    const { object: _object, requester: _requester, channel: _channel, ...more } = data;
    const { receivedAt: _received, application: _application, revocationRequest: _id, ...shown } = more;
    const judged = { ...shown, rows: shown.rows!, evidence: shown.evidence! };
    const waits = { ...isRequested, data: { ...isRequested.data, dueAt: null } };
    const part = (judgedAt: typeof now) =>
      ({ type: 'RevocationLinesJudged', data: { revocationRequest, lines: [first], judgedAt } }) as const;
    given(waits)
      .when({ type: 'JudgeRevocationInPart', lines: [first], judgedAt: now })
      .then(part(now));
    const decide = { type: 'DecideRevocation', ...judged, now, judgement: { ...accepting, lines: rest } } as const;
    const fact: EventOf<'RevocationAccepted'> = {
      ...isAccepted,
      data: { ...isAccepted.data, dueAt: accepting.dueInstant, lines: rest, judged: { ...judged, decidedAt: now } },
    };
    // Somebody was stopped in a decision before this one.
    const history = [waits, part(later(now, -1)), part(now)] as const;
    given(...history)
      .when(decide)
      .then(fact);
    expect(given(...history, fact).state).toMatchObject({ status: 'accepted', lines });
    expect(given(...history, fact).state).not.toHaveProperty('parts');
    const no = { ...refused, data: { ...refused.data, lines: rest, judged: { ...judged, decidedAt: now } } };
    expect(given(...history, no).state).toMatchObject({ status: 'refused', lines });
    for (const [past, code] of [
      [[], 'no-such-revocation-request'],
      [[isRequested, isAccepted], 'revocation-decided-already'],
    ] as const)
      given(...past)
        .when({ type: 'JudgeRevocationInPart', lines: [first], judgedAt: now })
        .thenRejected(code);
  });

  it('is effected in facts of their own where one does not hold it, each line once, late where one of any is', () => {
    const [one, two] = [
      { object: authorization, effectedAt: later(due, 1), alreadyRevoked: false },
      { object: means, effectedAt: due, alreadyRevoked: false },
    ];
    const late = { ...one, breached: true };
    const inTime = { ...two, breached: false };
    const command = { type: 'EffectRevocationInPart', lines: [one] } as const;
    const part = { type: 'RevocationLinesEffected', data: { revocationRequest, lines: [late] } } as const;
    given(isRequested, isAccepted).when(command).then(part);
    given(isRequested, isAccepted, part).when(command).thenNothing();
    const fact = {
      ...effected,
      data: { ...effected.data, effectedAt: due, breached: true, lines: [inTime] },
    };
    given(isRequested, isAccepted, part)
      .when({ ...effect, effectedAt: due, lines: [one, two] })
      .then(fact);
    expect(given(isRequested, isAccepted, part, fact).state).toMatchObject({
      status: 'effected',
      effectedLines: [late, inTime],
    });
    given(isRequested, isAccepted, part, fact).when(command).thenNothing();
    given(requested, accepted).when(command).thenRejected('revocation-not-accepted');
    given().when(command).thenRejected('no-such-revocation-request');
  });

  it('at once is late by the moment that each line was accepted (PI2, CAL-03)', () => {
    const atOnce = (object: (typeof lines)[number]['object']) => ({
      ...{ object, level: 'EH3', accepted: true, immediate: true, dueAt: null, codes: [], flags: [] },
    });
    const addedAt = later(now, 60_000);
    const history = [
      isRequested,
      { ...isAccepted, data: { ...isAccepted.data, dueAt: null, immediate: true, lines: [atOnce(authorization)] } },
      {
        type: 'RevocationExtended',
        data: { revocationRequest, lines: [atOnce(means)], extendedAt: addedAt },
      },
    ] as unknown as readonly RevocationRequestEvent[];
    for (const [milliseconds, breached] of [
      [AT_ONCE, false],
      [AT_ONCE + 1, true],
    ] as const) {
      const ended = [
        { object: authorization, effectedAt: later(now, AT_ONCE), alreadyRevoked: false },
        { object: means, effectedAt: later(addedAt, milliseconds), alreadyRevoked: false },
      ];
      const effectedAt = later(addedAt, AT_ONCE + 1);
      const [first, second] = ended.map((line) => ({ ...line, breached: false }));
      given(...history)
        .when({ ...effect, effectedAt, lines: ended })
        .then({
          ...effected,
          data: { ...effected.data, effectedAt, breached, lines: [first!, { ...second!, breached }] },
        });
    }
  });

  it('has each line by what its object was when it ended (ADR 135)', () => {
    const became = { level: 'EH4', dueAt: later(due, -1) } as const;
    const line_ = { object: authorization, effectedAt: due, alreadyRevoked: false, became };
    const fact = {
      ...effected,
      data: { ...effected.data, effectedAt: due, breached: true, lines: [{ ...line_, breached: true }] },
    };
    given(isRequested, isAccepted)
      .when({ ...effect, effectedAt: due, lines: [line_] })
      .then(fact);
    expect(given(isRequested, isAccepted, fact).state).toMatchObject({
      lines: [{ object: authorization, ...became }, lines[1], lines[2]],
    });
    // The deadline of its acceptance is not undone.
    const lower = { ...line_, became: { level: 'EH1', dueAt: null } } as const;
    const kept = { level: 'EH1', dueAt: due } as const;
    given(isRequested, isAccepted)
      .when({ ...effect, effectedAt: due, lines: [lower] })
      .then({
        ...effected,
        data: { ...effected.data, effectedAt: due, lines: [{ ...line_, became: kept, breached: false }] },
      });
  });

  it('is breached where one line is, by its own deadline', () => {
    const ended = (effectedAt: typeof due, breached: boolean) => [
      { object: authorization, effectedAt, alreadyRevoked: false, breached },
      { object: means, effectedAt, alreadyRevoked: true, breached: false },
    ];
    for (const [effectedAt, breached] of [
      [due, false],
      [later(due, 1), true],
    ] as const) {
      const lines_ = ended(effectedAt, breached);
      const command = lines_.map(({ breached: _late, ...one }) => one);
      given(isRequested, isAccepted)
        .when({ ...effect, effectedAt, lines: command })
        .then({ ...effected, data: { ...effected.data, effectedAt, breached, lines: lines_ } });
      const fact = { ...effected, data: { ...effected.data, effectedAt, breached, lines: lines_ } };
      expect(given(isRequested, isAccepted, fact).state).toMatchObject({
        status: 'effected',
        lines,
        effectedLines: lines_,
      });
    }
  });
});

describe('SUS-02: a request to suspend', () => {
  const asked = { ...request, mutation: 'suspension' } as const;
  const isRequested: EventOf<'SuspensionRequested'> = { type: 'SuspensionRequested', data: requested.data };
  const isAccepted: EventOf<'SuspensionAccepted'> = { type: 'SuspensionAccepted', data: accepted.data };
  const outcome = { effectedAt: now, alreadySuspended: false, alreadyRevoked: false };
  const carryOut = { type: 'EffectSuspension', ...outcome } as const;
  const isEffected: EventOf<'SuspensionEffected'> = {
    type: 'SuspensionEffected',
    data: { revocationRequest, ...outcome, breached: false },
  };

  it('has facts of its own, that nobody takes for a revocation', () => {
    given().when(asked).then(isRequested, isAccepted);
    const refusing = { ...accepting, accepted: false, dueInstant: null, refusals: ['requester-not-identified'] };
    given()
      .when({ ...asked, judgement: refusing })
      .then(isRequested, { type: 'SuspensionRefused', data: refused.data });
    given()
      .when({ ...asked, mutation: 'revocation' })
      .then(requested, accepted);
    given(isRequested, isAccepted).when(effect).thenRejected('revocation-not-accepted');
    given(requested, accepted).when(carryOut).thenRejected('revocation-not-accepted');
  });

  it('is effected once, and breached after its deadline', () => {
    given(isRequested, isAccepted).when(carryOut).then(isEffected);
    given(isRequested, isAccepted, isEffected).when(carryOut).thenNothing();
    const tooLate = later(due, 1);
    given(isRequested, isAccepted)
      .when({ ...carryOut, effectedAt: tooLate, alreadySuspended: true })
      .then({
        ...isEffected,
        data: { ...isEffected.data, effectedAt: tooLate, alreadySuspended: true, breached: true },
      });
    expect(given(isRequested, isAccepted, isEffected).state).toMatchObject({
      ...{ mutation: 'suspension', status: 'effected', alreadySuspended: false, breached: false },
    });
    given(isRequested).when(carryOut).thenRejected('revocation-not-accepted');
    given().when(carryOut).thenRejected('no-such-revocation-request');
  });

  it('waits on paper, and is withdrawn', () => {
    const receive = { ...data, type: 'ReceiveRevocation', mutation: 'suspension', dueAt: due, now } as const;
    const waiting: EventOf<'SuspensionRequested'> = {
      type: 'SuspensionRequested',
      data: { ...data, requestedAt: now, dueAt: due },
    };
    given().when(receive).then(waiting);
    expect(given(waiting).state).toMatchObject({ mutation: 'suspension', status: 'received', dueAt: due });
    given(waiting)
      .when({ type: 'WithdrawRevocation', now })
      .then({ type: 'SuspensionRequestWithdrawn', data: { revocationRequest, withdrawnAt: now } });
  });
});
