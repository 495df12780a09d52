import {
  accept,
  later,
  reject,
  type ApplicationId,
  type AuthorizationId,
  type CheckId,
  type Decider,
  type EventCodec,
  type Instant,
  type MeansId,
  type PartyId,
  type PersonId,
  type RevocationRequestId,
} from '#libs/kernel';
import type { Channel, EhLevel, RevocationDeadlineRequest, RevocationDeadlineResult } from '#libs/scheme';
import { AT_ONCE, earlier, immediateUntil, isImmediate, isPast, type Arrival } from '../common/at-once.js';
import type { WeighedCheck } from '../common/weighed-check.js';
import { conflicting, invalid, notFound, refused, rejecting } from '../common/rejections.js';

/**
 * A request to revoke, or to suspend (SUS-02), recorded on receipt whatever comes of it (REV-06). Accepted, it is carried out
 * on the object's own stream and then effected. The facts of either have names of their own, so that no process that knows
 * revocations only takes one for the other.
 */

/** What is asked of the object; a revocation where it is absent. */
export type RequestedMutation = 'revocation' | 'suspension';

export type EndedObject = { readonly authorization: AuthorizationId } | { readonly means: MeansId };
/** Somebody who leaves a party: all that he has been given there ends, a line for each. */
export type Leaver = { readonly person: PersonId; readonly party: PartyId };
export type RevocationObject = EndedObject | Leaver;

/** What was decided of one object of a leaver, by its own level (REV-04). */
export type RevocationLine = {
  readonly object: EndedObject;
  readonly level: EhLevel;
  readonly accepted: boolean;
  readonly immediate: boolean;
  readonly dueAt: Instant | null;
  readonly codes: readonly string[];
  readonly flags: readonly string[];
  /** Refused after its time, with its deadline in `dueAt` where one ran (REV-06). */
  readonly breached?: true;
};
/**
 * The level that an object had when it ended, and its deadline by then, where it came to another between the acceptance and
 * its end (REV-04): the earlier of two deadlines stays.
 */
export type Became = { readonly level: EhLevel; readonly dueAt: Instant | null };
/** What came of an accepted one. */
export type EffectedLine = {
  readonly object: EndedObject;
  readonly effectedAt: Instant;
  readonly alreadyRevoked: boolean;
  readonly breached: boolean;
  readonly became?: Became;
};
export type RequesterRole = NonNullable<RevocationDeadlineRequest['requester']>['role'];

/**
 * Most lines that one fact has; more of them stand in facts of their own before it. Each is of some 450 bytes at most, so that
 * with the evidence beside them they fit what a store takes of one event.
 */
export const MOST_LINES = 500;

// Events

export interface RevocationRequested {
  readonly type: 'RevocationRequested';
  readonly data: {
    readonly revocationRequest: RevocationRequestId;
    readonly object: RevocationObject;
    readonly application: ApplicationId;
    readonly channel: Channel;
    readonly receivedAt: Instant;
    readonly requester: { readonly role: RequesterRole; readonly person?: PersonId };
    readonly checks: readonly CheckId[];
    /** Rows that his own checks earned, and how each of them stood; absent on requests before it was kept. */
    readonly rows?: { readonly IO: readonly string[] };
    readonly evidence?: readonly WeighedCheck[];
    /** Level of the object (classification.md §3.2, AMB-67, AMB-72). */
    readonly level: EhLevel;
    /** How the requester was identified: IO score of his checks, level of his login and of his administration. */
    readonly identification: {
      readonly ioScore: 0 | 1 | 2 | 3 | 4;
      readonly authenticatedLevel?: EhLevel;
      readonly administrationLevel?: EhLevel;
      /** The authorities that this rests on, of an administrator; absent where he has none, and on requests before it was kept. */
      readonly authorities?: readonly AuthorizationId[];
      readonly courtOrderVerified?: boolean;
    };
    readonly requestedAt: Instant;
    /** Of one on paper that came in without checks: when it has to be carried out, should it be accepted; `null`: never. */
    readonly dueAt?: Instant | null;
    /**
     * Of one on paper about a means whose certificate would be left: until when that has to be revoked where it was issued. Its
     * time runs from the receipt on (PI4), so that whoever decides sees it before the means has ended.
     */
    readonly certificateDueAt?: Instant;
  };
}

/** What was judged later than on receipt: what the checks named by then earned. */
export interface JudgedLater extends Pick<
  Required<RevocationRequested['data']>,
  'checks' | 'rows' | 'evidence' | 'level' | 'identification'
> {
  readonly decidedAt: Instant;
}

/**
 * Of a leaver who has more than one fact holds: some of the lines of the decision that comes behind it, made at the same moment.
 * Where none does, somebody was stopped in between: the next decision has lines of its own.
 */
export interface RevocationLinesJudged {
  readonly type: 'RevocationLinesJudged';
  readonly data: {
    readonly revocationRequest: RevocationRequestId;
    readonly lines: readonly RevocationLine[];
    readonly judgedAt: Instant;
  };
}
export interface RevocationAccepted {
  readonly type: 'RevocationAccepted';
  readonly data: {
    readonly revocationRequest: RevocationRequestId;
    readonly object: RevocationObject;
    readonly immediate: boolean;
    readonly dueAt: Instant | null;
    readonly flags: readonly string[];
    /** Absent where it was judged on receipt. */
    readonly judged?: JudgedLater;
    /** Of a leaver only: every object that he had, whatever was decided of it; the last of them where there are many. */
    readonly lines?: readonly RevocationLine[];
  };
}
export interface RevocationRefused {
  readonly type: 'RevocationRefused';
  readonly data: {
    readonly revocationRequest: RevocationRequestId;
    readonly codes: readonly string[];
    readonly judged?: JudgedLater;
    /** Of one on paper that was judged on receipt: when it would have had to be carried out (REV-06). */
    readonly dueAt?: Instant;
    /** Of one that came electronically: it lay too long before it was entered. */
    readonly breached?: true;
    readonly lines?: readonly RevocationLine[];
  };
}
/**
 * Before it is carried out, what it is about came to another level (REV-04): the earlier of two deadlines stays, one that ran is not
 * taken away.
 */
export interface RevocationDeadlineMoved {
  readonly type: 'RevocationDeadlineMoved';
  readonly data: {
    readonly revocationRequest: RevocationRequestId;
    readonly level: EhLevel;
    readonly dueAt: Instant | null;
    /** As when it was requested; absent where no certificate would be left any more. */
    readonly certificateDueAt?: Instant;
    readonly movedAt: Instant;
  };
}
/** Who asked does not ask any more, before anything was decided. */
export interface RevocationWithdrawn {
  readonly type: 'RevocationWithdrawn';
  readonly data: { readonly revocationRequest: RevocationRequestId; readonly withdrawnAt: Instant };
}
/**
 * Of a leaver: what was registered for him while the request was being accepted, and is not among its lines. Judged as they
 * were, and carried out with them.
 */
export interface RevocationExtended {
  readonly type: 'RevocationExtended';
  readonly data: {
    readonly revocationRequest: RevocationRequestId;
    readonly lines: readonly RevocationLine[];
    readonly extendedAt: Instant;
  };
}
/** Of a leaver who has more than one fact holds: some of what was carried out, before the rest of it stands in the last fact. */
export interface RevocationLinesEffected {
  readonly type: 'RevocationLinesEffected';
  readonly data: { readonly revocationRequest: RevocationRequestId; readonly lines: readonly EffectedLine[] };
}
export interface RevocationEffected {
  readonly type: 'RevocationEffected';
  readonly data: {
    readonly revocationRequest: RevocationRequestId;
    readonly effectedAt: Instant;
    /** The object had been revoked by another request before. */
    readonly alreadyRevoked: boolean;
    /** Later than the deadline (REV-06). */
    readonly breached: boolean;
    readonly became?: Became;
    /** Of a leaver: what was accepted, each as it was carried out; the last of them where there are many. */
    readonly lines?: readonly EffectedLine[];
    /**
     * Means that ended by it and left a certificate, to be revoked where it was issued (PI4): by what they were when they
     * ended. Absent on what was carried out before it was kept.
     */
    readonly certificates?: readonly MeansId[];
  };
}
/** The same of a request to suspend; who leaves is not suspended. */
export interface SuspensionRequested {
  readonly type: 'SuspensionRequested';
  readonly data: RevocationRequested['data'];
}
export interface SuspensionAccepted {
  readonly type: 'SuspensionAccepted';
  readonly data: RevocationAccepted['data'];
}
export interface SuspensionRefused {
  readonly type: 'SuspensionRefused';
  readonly data: RevocationRefused['data'];
}
export interface SuspensionRequestWithdrawn {
  readonly type: 'SuspensionRequestWithdrawn';
  readonly data: RevocationWithdrawn['data'];
}
export interface SuspensionEffected {
  readonly type: 'SuspensionEffected';
  readonly data: {
    readonly revocationRequest: RevocationRequestId;
    readonly effectedAt: Instant;
    /** A suspension of the same kind stood already when it was carried out. */
    readonly alreadySuspended: boolean;
    /** It had been revoked, or had expired, when it was carried out: nothing was left to suspend. */
    readonly alreadyRevoked: boolean;
    readonly breached: boolean;
    readonly became?: Became;
  };
}
export type RevocationRequestEvent =
  | SuspensionRequested
  | SuspensionAccepted
  | SuspensionRefused
  | SuspensionRequestWithdrawn
  | SuspensionEffected
  | RevocationRequested
  | RevocationDeadlineMoved
  | RevocationAccepted
  | RevocationRefused
  | RevocationWithdrawn
  | RevocationExtended
  | RevocationLinesJudged
  | RevocationLinesEffected
  | RevocationEffected;

/** Version 2 may be about somebody who leaves; whoever knows version 1 only would look for an object that is not there. */
const WITH_LEAVERS = {
  schemaVersion: 2,
  processingActivity: 'revocation',
  upcasters: { 1: (data: object) => data },
} as const;

export const revocationRequestCodec: EventCodec<RevocationRequestEvent> = {
  RevocationRequested: { ...WITH_LEAVERS, versionOf: ({ object }) => ('person' in object ? 2 : 1) },
  RevocationDeadlineMoved: { schemaVersion: 1, processingActivity: 'revocation' },
  RevocationAccepted: { ...WITH_LEAVERS, versionOf: ({ object }) => ('person' in object ? 2 : 1) },
  RevocationRefused: { ...WITH_LEAVERS, versionOf: ({ lines }) => (lines === undefined ? 1 : 2) },
  RevocationWithdrawn: { schemaVersion: 1, processingActivity: 'revocation' },
  RevocationExtended: { schemaVersion: 1, processingActivity: 'revocation' },
  RevocationLinesJudged: { schemaVersion: 1, processingActivity: 'revocation' },
  RevocationLinesEffected: { schemaVersion: 1, processingActivity: 'revocation' },
  RevocationEffected: { ...WITH_LEAVERS, versionOf: ({ lines }) => (lines === undefined ? 1 : 2) },
  SuspensionRequested: { schemaVersion: 1, processingActivity: 'revocation' },
  SuspensionAccepted: { schemaVersion: 1, processingActivity: 'revocation' },
  SuspensionRefused: { schemaVersion: 1, processingActivity: 'revocation' },
  SuspensionRequestWithdrawn: { schemaVersion: 1, processingActivity: 'revocation' },
  SuspensionEffected: { schemaVersion: 1, processingActivity: 'revocation' },
};

// Commands and rejections

/** Evaluation 3 for a request. */
export type RevocationJudgement = Pick<RevocationDeadlineResult, 'accepted' | 'immediate' | 'flags'> & {
  readonly refusals: readonly string[];
  readonly dueInstant: Instant | null;
  readonly lines?: readonly RevocationLine[];
};

export type RevocationRequestCommand =
  | ({
      readonly type: 'RequestRevocation';
      readonly mutation?: RequestedMutation;
      readonly judgement: RevocationJudgement;
      /** Of one on paper that is refused: when it would have had to be carried out; absent where no time runs. */
      readonly dueAt?: Instant;
      readonly now: Instant;
    } & Omit<RevocationRequested['data'], 'requestedAt' | 'dueAt'>)
  | ({
      /** On paper, without checks: it waits for them, with its deadline (REV-06). */
      readonly type: 'ReceiveRevocation';
      readonly mutation?: RequestedMutation;
      readonly dueAt: Instant | null;
      readonly now: Instant;
    } & Omit<RevocationRequested['data'], 'requestedAt' | 'dueAt'>)
  | ({ readonly type: 'DecideRevocation'; readonly judgement: RevocationJudgement; readonly now: Instant } & Omit<
      JudgedLater,
      'decidedAt'
    >)
  | {
      /** What it is about came to another level before it is carried out. */
      readonly type: 'MoveDeadline';
      readonly level: EhLevel;
      /** By that level; `null`: none runs. */
      readonly dueAt: Instant | null;
      readonly certificateDueAt?: Instant;
      readonly now: Instant;
    }
  | { readonly type: 'WithdrawRevocation'; readonly now: Instant }
  | { readonly type: 'JudgeRevocationInPart'; readonly lines: readonly RevocationLine[]; readonly judgedAt: Instant }
  | { readonly type: 'EffectRevocationInPart'; readonly lines: readonly Omit<EffectedLine, 'breached'>[] }
  | { readonly type: 'ExtendRevocation'; readonly lines: readonly RevocationLine[]; readonly now: Instant }
  | ({ readonly type: 'EffectSuspension' } & Pick<
      SuspensionEffected['data'],
      'effectedAt' | 'alreadySuspended' | 'alreadyRevoked' | 'became'
    >)
  | {
      readonly type: 'EffectRevocation';
      readonly effectedAt: Instant;
      readonly alreadyRevoked: boolean;
      /** Its level and the deadline of that level when it ended. */
      readonly became?: Became;
      /** Of a leaver: each object, with the moment at which it ended. */
      readonly lines?: readonly Omit<EffectedLine, 'breached'>[];
      readonly certificates?: readonly MeansId[];
    };

export const revocationRequestRejections = {
  'no-such-revocation-request': notFound('There is no such revocation request', 'Dit intrekkingsverzoek bestaat niet', {
    en: 'No revocation request with this id was ever recorded.',
    nl: 'Er is nooit een intrekkingsverzoek met dit id vastgelegd.',
  }),
  'revocation-request-exists': conflicting('The request was recorded already', 'Het verzoek is al vastgelegd', {
    en: 'The id belongs to another request.',
    nl: 'Het id is van een ander verzoek.',
  }),
  'revocation-not-accepted': conflicting(
    'The request was not accepted',
    'Het verzoek is niet geaccepteerd',
    { en: 'Only an accepted revocation is carried out.', nl: 'Alleen een geaccepteerde intrekking wordt uitgevoerd.' },
    'REV-06',
  ),
  'revocation-decided-already': conflicting(
    'The request was decided already',
    'Over het verzoek is al beslist',
    {
      en: 'Only a request that waits for its checks is judged or withdrawn; what was decided stays.',
      nl: 'Alleen een verzoek dat op zijn controles wacht, wordt beoordeeld of teruggetrokken; wat is beslist, blijft staan.',
    },
    'REV-06',
  ),
  // The codes of evaluation 3; a request that is refused carries them in its `codes`.
  'requester-not-entitled': refused(
    'The requester is not entitled',
    'De verzoeker is niet gerechtigd',
    {
      en: 'A revocation is asked for by a legal representative, a trustee, the authorized party, an administrator or a court, and the role has to be shown.',
      nl: 'Een intrekking wordt gevraagd door een wettelijke vertegenwoordiger, een curator of bewindvoerder, de gemachtigde, een beheerder of een rechtbank, en die rol moet zijn aangetoond.',
    },
    'REV-01',
  ),
  'requester-not-identified': refused(
    'The requester is not identified well enough',
    'De verzoeker is onvoldoende geïdentificeerd',
    {
      en: 'The level of what is to be revoked asks for a surer identification of whoever asks: IO2 at EH2 and EH2+, IO3 at EH3 and EH4. Record the checks that earn it, and name them in a new request.',
      nl: 'Het niveau van wat wordt ingetrokken, vraagt om een zekerder identificatie van wie erom vraagt: IO2 bij EH2 en EH2+, IO3 bij EH3 en EH4. Leg de controles vast die dat opleveren, en noem ze in een nieuw verzoek.',
    },
    'REV-05',
  ),
  'admin-level-too-low': refused(
    'The administrator’s level is too low',
    'Het niveau van de beheerder is te laag',
    {
      en: 'An administrator manages nothing above the level of his own authority and login.',
      nl: 'Een beheerder beheert niets boven het niveau van zijn eigen bevoegdheid en inlog.',
    },
    'ADMIN-03',
  ),
  'form-not-accepted': refused(
    'The form of the request is not accepted',
    'De vorm van het verzoek wordt niet geaccepteerd',
    {
      en: 'At EH1 a request comes in writing, by e-mail or after a login; an anonymous form or a telephone call is none of these.',
      nl: 'Op EH1 komt een verzoek schriftelijk, per e-mail of na inloggen; een anoniem formulier of een telefoontje is dat niet.',
    },
    'PI1',
  ),
  'unknown-authorization': invalid('The authorization is unknown', 'De machtiging is onbekend', {
    en: 'The request names an authorization that was never registered.',
    nl: 'Het verzoek noemt een machtiging die nooit is geregistreerd.',
  }),
};

const rejectWith = rejecting(revocationRequestRejections);

// State

type Requested = Omit<RevocationRequested['data'], 'dueAt'> & { readonly mutation?: 'suspension' };
type Decided = Requested & { readonly decidedAt: Instant };
/** It waited past its deadline, whatever came of it then (REV-06). */
type Missed = { readonly dueAt?: Instant; readonly breached?: true };
/**
 * After this moment it is late: its deadline, or what "at once" leaves; a change of level only brings it nearer. `null`: never.
 * Absent in what an earlier release listed: `lateAtOf` has it.
 */
type Limited = { readonly lateAt?: Instant | null };
type Accepted = Decided &
  Limited &
  Pick<RevocationAccepted['data'], 'immediate' | 'dueAt' | 'flags'> & { readonly lines?: readonly AcceptedLine[] };
/** What was added later was accepted then. */
export type AcceptedLine = RevocationLine & { readonly addedAt?: Instant };

export type RevocationRequest =
  | { readonly status: 'none' }
  /** It waits for its checks, or for the rest of a decision that one fact does not hold. */
  | (Requested &
      Limited & {
        readonly status: 'received';
        readonly dueAt: Instant | null;
        readonly parts?: readonly Omit<RevocationLinesJudged['data'], 'revocationRequest'>[];
      })
  | (Requested & Missed & { readonly status: 'withdrawn'; readonly withdrawnAt: Instant })
  | (Decided &
      Missed & {
        readonly status: 'refused';
        readonly codes: readonly string[];
        readonly lines?: readonly RevocationLine[];
      })
  | (Accepted & { readonly status: 'accepted'; readonly effectedLines?: readonly EffectedLine[] })
  | (Accepted &
      Omit<RevocationEffected['data'], 'revocationRequest' | 'lines'> & {
        readonly status: 'effected';
        readonly alreadySuspended?: boolean;
        readonly effectedLines?: readonly EffectedLine[];
      });

// Decider

const decided = (
  revocationRequest: RevocationRequestId,
  object: RevocationObject,
  { accepted, immediate, dueInstant, flags, refusals, lines }: RevocationJudgement,
  {
    mutation,
    judged,
    dueAt,
    isLate = false,
  }: {
    readonly mutation?: RequestedMutation | undefined;
    readonly judged?: JudgedLater;
    readonly dueAt?: Instant | undefined;
    /** It came electronically, and was not entered at once. */
    readonly isLate?: boolean;
  },
): RevocationAccepted | RevocationRefused | SuspensionAccepted | SuspensionRefused => {
  const later = { ...(judged === undefined ? {} : { judged }), ...(lines === undefined ? {} : { lines }) };
  const isSuspension = mutation === 'suspension';
  return accepted
    ? {
        type: isSuspension ? 'SuspensionAccepted' : 'RevocationAccepted',
        data: { revocationRequest, object, immediate, dueAt: dueInstant, flags, ...later },
      }
    : {
        type: isSuspension ? 'SuspensionRefused' : 'RevocationRefused',
        data: {
          ...{ revocationRequest, codes: refusals, ...later },
          ...(dueAt === undefined ? {} : { dueAt }),
          ...(isLate ? { breached: true } : {}),
        },
      };
};

const requestedAs = (mutation: RequestedMutation | undefined) =>
  mutation === 'suspension' ? ('SuspensionRequested' as const) : ('RevocationRequested' as const);

export const revocationRequestDecider: Decider<RevocationRequest, RevocationRequestCommand, RevocationRequestEvent> = {
  initialState: { status: 'none' },

  decide(command, state) {
    switch (command.type) {
      case 'RequestRevocation': {
        if (state.status !== 'none') return reject(rejectWith('revocation-request-exists'));
        const { type: _type, judgement, now, mutation, dueAt, ...request } = command;
        const isLate = isPast(immediateUntil(request), now);
        return accept<RevocationRequestEvent>(
          { type: requestedAs(mutation), data: { ...request, requestedAt: now } },
          decided(request.revocationRequest, request.object, judgement, { mutation, dueAt, isLate }),
        );
      }
      case 'ReceiveRevocation': {
        if (state.status !== 'none') return reject(rejectWith('revocation-request-exists'));
        const { type: _type, now, mutation, ...request } = command;
        return accept({ type: requestedAs(mutation), data: { ...request, requestedAt: now } });
      }
      case 'DecideRevocation': {
        if (state.status === 'none') return reject(rejectWith('no-such-revocation-request'));
        if (state.status !== 'received') return reject(rejectWith('revocation-decided-already'));
        const { type: _type, judgement, now, ...judged } = command;
        const { revocationRequest, object, mutation } = state;
        // A deadline that ran while it waited stands; each object of a leaver has its own.
        const dueInstant = judgement.lines === undefined ? earlier(state.dueAt, judgement.dueInstant) : null;
        const kept = judgement.lines === undefined ? { ...judgement, dueInstant } : judgement;
        // What came electronically waits for nothing but the rest of its lines.
        const isLate = isPast(immediateUntil({ ...state, level: judged.level }), now);
        return accept(
          decided(revocationRequest, object, kept, { mutation, judged: { ...judged, decidedAt: now }, isLate }),
        );
      }
      case 'JudgeRevocationInPart': {
        if (state.status === 'none') return reject(rejectWith('no-such-revocation-request'));
        if (state.status !== 'received') return reject(rejectWith('revocation-decided-already'));
        const { revocationRequest, parts } = state;
        const { judgedAt } = command;
        const lines = command.lines.filter(isNotAmong(withParts([], parts, judgedAt)));
        if (lines.length === 0) return accept();
        return accept({ type: 'RevocationLinesJudged', data: { revocationRequest, lines, judgedAt } });
      }
      case 'MoveDeadline': {
        if (state.status === 'none') return reject(rejectWith('no-such-revocation-request'));
        // Until it is carried out; of a leaver each line goes by what its object was when it ended.
        if (state.status !== 'received' && (state.status !== 'accepted' || state.lines !== undefined)) return accept();
        const { revocationRequest } = state;
        const { level, certificateDueAt, now } = command;
        const dueAt = earlier(state.dueAt, command.dueAt);
        const isSame = level === state.level && dueAt === state.dueAt && certificateDueAt === state.certificateDueAt;
        if (isSame) return accept();
        const left = certificateDueAt === undefined ? {} : { certificateDueAt };
        const data = { revocationRequest, level, dueAt, ...left, movedAt: now };
        return accept({ type: 'RevocationDeadlineMoved', data });
      }
      case 'WithdrawRevocation': {
        if (state.status === 'none') return reject(rejectWith('no-such-revocation-request'));
        if (state.status !== 'received') return reject(rejectWith('revocation-decided-already'));
        const { revocationRequest, mutation } = state;
        const type = mutation === 'suspension' ? 'SuspensionRequestWithdrawn' : 'RevocationWithdrawn';
        return accept({ type, data: { revocationRequest, withdrawnAt: command.now } });
      }
      case 'ExtendRevocation': {
        if (state.status === 'none') return reject(rejectWith('no-such-revocation-request'));
        // What is carried out stays as it was carried out.
        if (state.status !== 'accepted' || state.lines === undefined) return accept();
        const { revocationRequest, lines: known } = state;
        const lines = command.lines.filter(isNotAmong(known));
        if (lines.length === 0) return accept();
        return accept({ type: 'RevocationExtended', data: { revocationRequest, lines, extendedAt: command.now } });
      }
      case 'EffectRevocationInPart': {
        if (state.status === 'none') return reject(rejectWith('no-such-revocation-request'));
        if (state.status === 'effected') return accept();
        if (state.status !== 'accepted' || state.lines === undefined)
          return reject(rejectWith('revocation-not-accepted'));
        const lines = effectedIn(state, command.lines);
        if (lines.length === 0) return accept();
        return accept({
          type: 'RevocationLinesEffected',
          data: { revocationRequest: state.revocationRequest, lines },
        });
      }
      case 'EffectSuspension': {
        if (state.status === 'none') return reject(rejectWith('no-such-revocation-request'));
        if (state.mutation !== 'suspension') return reject(rejectWith('revocation-not-accepted'));
        if (state.status === 'effected') return accept();
        if (state.status !== 'accepted') return reject(rejectWith('revocation-not-accepted'));
        const { type: _type, became: end, ...outcome } = command;
        const { revocationRequest } = state;
        const became = movedTo(state, end);
        const breached = isPast(limitAs(limited(state), became), outcome.effectedAt);
        return accept({
          type: 'SuspensionEffected',
          data: { revocationRequest, ...outcome, breached, ...(became === undefined ? {} : { became }) },
        });
      }
      case 'EffectRevocation': {
        if (state.status === 'none') return reject(rejectWith('no-such-revocation-request'));
        if (state.mutation !== undefined) return reject(rejectWith('revocation-not-accepted'));
        if (state.status === 'effected') return accept();
        if (state.status !== 'accepted') return reject(rejectWith('revocation-not-accepted'));
        const { effectedAt, alreadyRevoked, certificates } = command;
        const lines = command.lines && effectedIn(state, command.lines);
        const became = movedTo(state, command.became);
        return accept({
          type: 'RevocationEffected',
          data: {
            revocationRequest: state.revocationRequest,
            effectedAt,
            alreadyRevoked,
            breached:
              lines === undefined
                ? isPast(limitAs(limited(state), became), effectedAt)
                : [...(state.effectedLines ?? []), ...lines].some(({ breached }) => breached),
            ...(became === undefined ? {} : { became }),
            ...(lines === undefined ? {} : { lines }),
            ...(certificates === undefined ? {} : { certificates }),
          },
        });
      }
    }
  },

  evolve(state, event) {
    switch (event.type) {
      case 'RevocationRequested':
      case 'SuspensionRequested': {
        const { dueAt = null, ...request } = event.data;
        const mutation = event.type === 'SuspensionRequested' ? ({ mutation: 'suspension' } as const) : {};
        return { ...request, ...mutation, status: 'received', dueAt, lateAt: receivedLimit({ ...request, dueAt }) };
      }
      case 'RevocationDeadlineMoved': {
        if (state.status !== 'received' && state.status !== 'accepted') return state;
        const { level, dueAt, certificateDueAt } = event.data;
        const { certificateDueAt: _before, ...request } = state;
        return {
          ...{ ...request, level, dueAt, lateAt: limitAs(limited(state), { level, dueAt }) },
          ...(certificateDueAt === undefined ? {} : { certificateDueAt }),
        };
      }
      case 'RevocationAccepted':
      case 'SuspensionAccepted': {
        if (state.status !== 'received') return state;
        const { parts, ...request } = state;
        const { immediate, dueAt, flags, judged, lines } = event.data;
        const decided_ = { ...decidedBy(request, judged), immediate, dueAt };
        const whole = {
          ...decided_,
          ...(lines === undefined ? {} : { lines: withParts(lines, parts, decided_.decidedAt) }),
        };
        return { ...whole, status: 'accepted', flags, lateAt: lateAfter(whole) };
      }
      case 'RevocationRefused':
      case 'SuspensionRefused': {
        if (state.status !== 'received') return state;
        const { dueAt, lateAt: _lateAt, parts, ...request } = state;
        const { judged, codes, lines, breached, dueAt: onReceipt = null } = event.data;
        const decided_ = decidedBy(request, judged);
        return {
          ...{ ...decided_, status: 'refused', codes, ...missed(dueAt ?? onReceipt, decided_.decidedAt) },
          ...(breached === undefined ? {} : { breached }),
          ...(lines === undefined ? {} : { lines: withParts(lines, parts, decided_.decidedAt) }),
        };
      }
      case 'RevocationLinesJudged': {
        if (state.status !== 'received') return state;
        const { lines, judgedAt } = event.data;
        return { ...state, parts: [...(state.parts ?? []), { lines, judgedAt }] };
      }
      case 'RevocationWithdrawn':
      case 'SuspensionRequestWithdrawn': {
        if (state.status !== 'received') return state;
        const { dueAt, lateAt: _lateAt, parts: _parts, ...request } = state;
        const { withdrawnAt } = event.data;
        const late = isPast(lateAtOf(state), withdrawnAt) ? ({ breached: true } as const) : {};
        return { ...request, status: 'withdrawn', withdrawnAt, ...missed(dueAt, withdrawnAt), ...late };
      }
      case 'RevocationExtended': {
        if (state.status !== 'accepted') return state;
        const lines = event.data.lines.map((line) => ({ ...line, addedAt: event.data.extendedAt }));
        const lateAt = earlier(lateAtOf(state), lateAfter({ ...state, lines }));
        return { ...state, lines: [...(state.lines ?? []), ...lines], lateAt };
      }
      case 'RevocationLinesEffected':
        if (state.status !== 'accepted') return state;
        return { ...state, effectedLines: [...(state.effectedLines ?? []), ...event.data.lines] };
      case 'SuspensionEffected': {
        if (state.status !== 'accepted') return state;
        const { effectedAt, alreadySuspended, alreadyRevoked, breached, became } = event.data;
        return {
          ...{ ...state, ...became, lateAt: limitAs(limited(state), became) },
          ...{ status: 'effected', effectedAt, alreadySuspended, alreadyRevoked, breached },
        };
      }
      case 'RevocationEffected': {
        if (state.status !== 'accepted') return state;
        const { effectedAt, alreadyRevoked, breached, became, lines: last, certificates } = event.data;
        const lines = last && [...(state.effectedLines ?? []), ...last];
        return {
          ...{ ...state, ...became, lateAt: limitAs(limited(state), became) },
          ...{ status: 'effected', effectedAt, alreadyRevoked, breached },
          ...(lines === undefined ? {} : { lines: endedAs(state.lines ?? [], lines), effectedLines: lines }),
          ...(certificates === undefined ? {} : { certificates }),
        };
      }
    }
  },
};

/** A deadline that has passed is not undone by what is decided after it (REV-09). */
const missed = (dueAt: Instant | null, at: Instant): Missed =>
  dueAt !== null && at > dueAt ? { dueAt, breached: true } : {};

export const sameObject = (one: EndedObject, other: EndedObject): boolean =>
  'means' in one
    ? 'means' in other && one.means === other.means
    : 'authorization' in other && one.authorization === other.authorization;

/** Of many objects each is looked up by this. */
export const objectKey = (object: EndedObject): string =>
  'means' in object ? `means:${object.means}` : `authorization:${object.authorization}`;

type OfObject = { readonly object: EndedObject };

/** Whether a line is about none of the objects that these are about. */
export function isNotAmong(known: readonly OfObject[]): (line: OfObject) => boolean {
  const keys = new Set(known.map(({ object }) => objectKey(object)));
  return ({ object }) => !keys.has(objectKey(object));
}

/** Lines of a decision with those that were recorded before it, of the same moment. */
export const withParts = (
  lines: readonly RevocationLine[],
  parts: readonly Pick<RevocationLinesJudged['data'], 'lines' | 'judgedAt'>[] = [],
  decidedAt: Instant,
): readonly RevocationLine[] => [
  ...parts.filter(({ judgedAt }) => judgedAt === decidedAt).flatMap((part) => part.lines),
  ...lines,
];

/** What was accepted, of one object. */
type Accepting = Pick<RevocationLine, 'level' | 'immediate' | 'dueAt'> &
  Pick<Arrival, 'channel'> & {
    readonly decidedAt: Instant;
    /** Absent of what came after the request. */
    readonly receivedAt?: Instant;
  };

/** Its deadline, or what "at once" leaves: by its acceptance and, however late it was entered, by its arrival (REV-06). */
function limitOf({ level, immediate, dueAt, channel, decidedAt, receivedAt }: Accepting): Instant | null {
  if (dueAt !== null) return dueAt;
  return earlier(
    immediate || isImmediate({ channel, level }) ? later(decidedAt, AT_ONCE) : null,
    receivedAt === undefined ? null : immediateUntil({ channel, level, receivedAt }),
  );
}

/** After this moment what was accepted is late; `null`: no time runs (PI1). */
export function lateAfter({
  lines,
  ...request
}: Arrival &
  Pick<RevocationAccepted['data'], 'immediate' | 'dueAt'> & {
    readonly decidedAt: Instant;
    readonly lines?: readonly AcceptedLine[];
  }): Instant | null {
  if (lines === undefined) return limitOf(request);
  return lines
    .filter(({ accepted }) => accepted)
    .reduce<Instant | null>((first, line) => earlier(first, limitOf(acceptingLine(request, line))), null);
}

/**
 * After this moment a request is late that waits: its deadline, or where it came electronically and waits for nothing but the
 * rest of its own lines, what that leaves from its arrival on (REV-06).
 */
export const receivedLimit = ({ dueAt, ...arrival }: Arrival & { readonly dueAt: Instant | null }): Instant | null =>
  earlier(dueAt, immediateUntil(arrival));

/** After this moment a request is late that waits, or was accepted; `null`: never. */
export function lateAtOf(
  request: Extract<RevocationRequest, { readonly status: 'received' | 'accepted' | 'effected' }>,
): Instant | null {
  if (request.lateAt !== undefined) return request.lateAt;
  return request.status === 'received' ? receivedLimit(request) : lateAfter(request);
}

/** What limits a request that waits, or was accepted. */
type LimitedRequest = Required<Limited> &
  Pick<Arrival, 'channel' | 'receivedAt'> & { readonly decidedAt?: Instant | null };

/**
 * The limit by the level and the deadline that its object has come to: whatever limited it before stays where that is earlier
 * (ADR 135). Before it is decided no five seconds run.
 */
export function limitAs(
  { lateAt, channel, receivedAt, decidedAt = null }: LimitedRequest,
  became: Became | undefined,
): Instant | null {
  if (became === undefined) return lateAt;
  if (decidedAt === null) return earlier(lateAt, receivedLimit({ ...became, channel, receivedAt }));
  return earlier(lateAt, limitOf({ ...became, immediate: false, channel, receivedAt, decidedAt }));
}

const limited = (request: Parameters<typeof lateAtOf>[0]): LimitedRequest => ({
  ...request,
  lateAt: lateAtOf(request),
});

const acceptingLine = (
  { channel, receivedAt, decidedAt }: Pick<Accepting, 'channel' | 'decidedAt'> & { readonly receivedAt: Instant },
  { level, immediate, dueAt, addedAt }: AcceptedLine,
): Accepting => ({
  ...{ level, immediate, dueAt, channel, decidedAt: addedAt ?? decidedAt },
  ...(addedAt === undefined ? { receivedAt } : {}),
});

/** What it became, with the earlier of its deadlines; absent where that is what it was. */
function movedTo({ level, dueAt }: Became, end: Became | undefined): Became | undefined {
  if (end === undefined) return undefined;
  const became = { level: end.level, dueAt: earlier(dueAt, end.dueAt) };
  return became.level === level && became.dueAt === dueAt ? undefined : became;
}

/** Of what was carried out what is not on record as such yet. */
function effectedIn(
  request: Accepted & { readonly effectedLines?: readonly EffectedLine[] },
  outcomes: readonly Omit<EffectedLine, 'breached'>[],
): readonly EffectedLine[] {
  const lines = new Map((request.lines ?? []).map((line) => [objectKey(line.object), line]));
  return outcomes
    .filter(isNotAmong(request.effectedLines ?? []))
    .map((outcome) => effectedLine(request, lines.get(objectKey(outcome.object)), outcome));
}

function effectedLine(
  request: Accepted,
  line: AcceptedLine | undefined,
  { became: end, ...outcome }: Omit<EffectedLine, 'breached'>,
): EffectedLine {
  if (line === undefined) return { ...outcome, breached: false };
  const became = movedTo(line, end);
  const [then, now] = [line, { ...line, ...became }].map((one) => limitOf(acceptingLine(request, one)));
  const limit = earlier(then!, now!);
  return { ...outcome, breached: isPast(limit, outcome.effectedAt), ...(became === undefined ? {} : { became }) };
}

/** Each line by what its object was when it ended. */
function endedAs(lines: readonly AcceptedLine[], effected: readonly EffectedLine[]): readonly AcceptedLine[] {
  const ended = new Map(effected.map((line) => [objectKey(line.object), line]));
  return lines.map((line) => ({ ...line, ...ended.get(objectKey(line.object))?.became }));
}

/** What was judged on receipt was decided then. */
const decidedBy = <R extends Requested>(request: R, judged: JudgedLater | undefined): R & Decided => ({
  ...request,
  ...(judged ?? { decidedAt: request.requestedAt }),
});
