import { describe, expect, it } from '@jest/globals';
import { later, type AuthorizationId, type MeansId } from '#libs/kernel';
import { at, specificationOf, uuid } from '#libs/testing';
import {
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

const data: Omit<RevocationRequested['data'], 'requestedAt'> = {
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
    given(requested, { ...accepted, data: { ...accepted.data, dueAt: null } })
      .when({ ...effect, effectedAt: later(due, 1_000) })
      .then({ ...effected, data: { ...effected.data, effectedAt: later(due, 1_000) } });
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
    expect(given(waiting).state).toStrictEqual({ ...blank, requestedAt: now, status: 'received', dueAt: due });
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
