import {
  accept,
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
import type { WeighedCheck } from '../common/weighed-check.js';
import { conflicting, invalid, notFound, refused, rejecting } from '../common/rejections.js';

/**
 * A request to revoke, recorded on receipt whatever comes of it (REV-06). Accepted, it is carried out on the object's
 * own stream and then effected.
 */

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
};
/** What came of an accepted one. */
export type EffectedLine = {
  readonly object: EndedObject;
  readonly effectedAt: Instant;
  readonly alreadyRevoked: boolean;
  readonly breached: boolean;
};
export type RequesterRole = NonNullable<RevocationDeadlineRequest['requester']>['role'];

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
      readonly courtOrderVerified?: boolean;
    };
    readonly requestedAt: Instant;
    /** Of one on paper that came in without checks: when it has to be carried out, should it be accepted; `null`: never. */
    readonly dueAt?: Instant | null;
  };
}

/** What was judged later than on receipt: what the checks named by then earned. */
export interface JudgedLater extends Pick<
  Required<RevocationRequested['data']>,
  'checks' | 'rows' | 'evidence' | 'level' | 'identification'
> {
  readonly decidedAt: Instant;
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
    /** Of a leaver only: every object that he had, whatever was decided of it. */
    readonly lines?: readonly RevocationLine[];
  };
}
export interface RevocationRefused {
  readonly type: 'RevocationRefused';
  readonly data: {
    readonly revocationRequest: RevocationRequestId;
    readonly codes: readonly string[];
    readonly judged?: JudgedLater;
    readonly lines?: readonly RevocationLine[];
  };
}
/** Who asked does not ask any more, before anything was decided. */
export interface RevocationWithdrawn {
  readonly type: 'RevocationWithdrawn';
  readonly data: { readonly revocationRequest: RevocationRequestId; readonly withdrawnAt: Instant };
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
    /** Of a leaver: what was accepted, each as it was carried out. */
    readonly lines?: readonly EffectedLine[];
  };
}
export type RevocationRequestEvent =
  RevocationRequested | RevocationAccepted | RevocationRefused | RevocationWithdrawn | RevocationEffected;

export const revocationRequestCodec: EventCodec<RevocationRequestEvent> = {
  RevocationRequested: { schemaVersion: 1, processingActivity: 'revocation' },
  RevocationAccepted: { schemaVersion: 1, processingActivity: 'revocation' },
  RevocationRefused: { schemaVersion: 1, processingActivity: 'revocation' },
  RevocationWithdrawn: { schemaVersion: 1, processingActivity: 'revocation' },
  RevocationEffected: { schemaVersion: 1, processingActivity: 'revocation' },
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
      readonly judgement: RevocationJudgement;
      readonly now: Instant;
    } & Omit<RevocationRequested['data'], 'requestedAt' | 'dueAt'>)
  | ({
      /** On paper, without checks: it waits for them, with its deadline (REV-06). */
      readonly type: 'ReceiveRevocation';
      readonly dueAt: Instant | null;
      readonly now: Instant;
    } & Omit<RevocationRequested['data'], 'requestedAt' | 'dueAt'>)
  | ({ readonly type: 'DecideRevocation'; readonly judgement: RevocationJudgement; readonly now: Instant } & Omit<
      JudgedLater,
      'decidedAt'
    >)
  | { readonly type: 'WithdrawRevocation'; readonly now: Instant }
  | {
      readonly type: 'EffectRevocation';
      readonly effectedAt: Instant;
      readonly alreadyRevoked: boolean;
      /** Of a leaver: each object, with the moment at which it ended. */
      readonly lines?: readonly Omit<EffectedLine, 'breached'>[];
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

type Requested = Omit<RevocationRequested['data'], 'dueAt'>;
type Decided = Requested & { readonly decidedAt: Instant };
/** It waited past its deadline, whatever came of it then (REV-06). */
type Missed = { readonly dueAt?: Instant; readonly breached?: true };
type Accepted = Decided & Pick<RevocationAccepted['data'], 'immediate' | 'dueAt' | 'flags' | 'lines'>;

export type RevocationRequest =
  | { readonly status: 'none' }
  /** It waits for its checks. */
  | (Requested & { readonly status: 'received'; readonly dueAt: Instant | null })
  | (Requested & Missed & { readonly status: 'withdrawn'; readonly withdrawnAt: Instant })
  | (Decided &
      Missed & {
        readonly status: 'refused';
        readonly codes: readonly string[];
        readonly lines?: readonly RevocationLine[];
      })
  | (Accepted & { readonly status: 'accepted' })
  | (Accepted &
      Omit<RevocationEffected['data'], 'revocationRequest' | 'lines'> & {
        readonly status: 'effected';
        readonly effectedLines?: readonly EffectedLine[];
      });

// Decider

const decided = (
  revocationRequest: RevocationRequestId,
  object: RevocationObject,
  { accepted, immediate, dueInstant, flags, refusals, lines }: RevocationJudgement,
  judged?: JudgedLater,
): RevocationAccepted | RevocationRefused => {
  const later = { ...(judged === undefined ? {} : { judged }), ...(lines === undefined ? {} : { lines }) };
  return accepted
    ? {
        type: 'RevocationAccepted',
        data: { revocationRequest, object, immediate, dueAt: dueInstant, flags, ...later },
      }
    : { type: 'RevocationRefused', data: { revocationRequest, codes: refusals, ...later } };
};

export const revocationRequestDecider: Decider<RevocationRequest, RevocationRequestCommand, RevocationRequestEvent> = {
  initialState: { status: 'none' },

  decide(command, state) {
    switch (command.type) {
      case 'RequestRevocation': {
        if (state.status !== 'none') return reject(rejectWith('revocation-request-exists'));
        const { type: _type, judgement, now, ...request } = command;
        return accept<RevocationRequestEvent>(
          { type: 'RevocationRequested', data: { ...request, requestedAt: now } },
          decided(request.revocationRequest, request.object, judgement),
        );
      }
      case 'ReceiveRevocation': {
        if (state.status !== 'none') return reject(rejectWith('revocation-request-exists'));
        const { type: _type, now, ...request } = command;
        return accept({ type: 'RevocationRequested', data: { ...request, requestedAt: now } });
      }
      case 'DecideRevocation': {
        if (state.status === 'none') return reject(rejectWith('no-such-revocation-request'));
        if (state.status !== 'received') return reject(rejectWith('revocation-decided-already'));
        const { type: _type, judgement, now, ...judged } = command;
        const { revocationRequest, object } = state;
        return accept(decided(revocationRequest, object, judgement, { ...judged, decidedAt: now }));
      }
      case 'WithdrawRevocation': {
        if (state.status === 'none') return reject(rejectWith('no-such-revocation-request'));
        if (state.status !== 'received') return reject(rejectWith('revocation-decided-already'));
        const { revocationRequest } = state;
        return accept({ type: 'RevocationWithdrawn', data: { revocationRequest, withdrawnAt: command.now } });
      }
      case 'EffectRevocation': {
        if (state.status === 'none') return reject(rejectWith('no-such-revocation-request'));
        if (state.status === 'effected') return accept();
        if (state.status !== 'accepted') return reject(rejectWith('revocation-not-accepted'));
        const { effectedAt, alreadyRevoked } = command;
        const lines = command.lines?.map((line) => ({ ...line, breached: isLineLate(state.lines ?? [], line) }));
        return accept({
          type: 'RevocationEffected',
          data: {
            revocationRequest: state.revocationRequest,
            effectedAt,
            alreadyRevoked,
            breached:
              lines === undefined
                ? state.dueAt !== null && effectedAt > state.dueAt
                : lines.some(({ breached }) => breached),
            ...(lines === undefined ? {} : { lines }),
          },
        });
      }
    }
  },

  evolve(state, event) {
    switch (event.type) {
      case 'RevocationRequested': {
        const { dueAt = null, ...request } = event.data;
        return { ...request, status: 'received', dueAt };
      }
      case 'RevocationAccepted': {
        if (state.status !== 'received') return state;
        const { immediate, dueAt, flags, judged, lines } = event.data;
        return {
          ...decidedBy(state, judged),
          ...{ status: 'accepted', immediate, dueAt, flags },
          ...(lines === undefined ? {} : { lines }),
        };
      }
      case 'RevocationRefused': {
        if (state.status !== 'received') return state;
        const { dueAt, ...request } = state;
        const { judged, codes, lines } = event.data;
        const decided_ = decidedBy(request, judged);
        return {
          ...{ ...decided_, status: 'refused', codes, ...missed(dueAt, decided_.decidedAt) },
          ...(lines === undefined ? {} : { lines }),
        };
      }
      case 'RevocationWithdrawn': {
        if (state.status !== 'received') return state;
        const { dueAt, ...request } = state;
        const { withdrawnAt } = event.data;
        return { ...request, status: 'withdrawn', withdrawnAt, ...missed(dueAt, withdrawnAt) };
      }
      case 'RevocationEffected': {
        if (state.status !== 'accepted') return state;
        const { effectedAt, alreadyRevoked, breached, lines } = event.data;
        return {
          ...state,
          ...{ status: 'effected', effectedAt, alreadyRevoked, breached },
          ...(lines === undefined ? {} : { effectedLines: lines }),
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

function isLineLate(lines: readonly RevocationLine[], { object, effectedAt }: Omit<EffectedLine, 'breached'>): boolean {
  const dueAt = lines.find((line) => sameObject(line.object, object))?.dueAt ?? null;
  return dueAt !== null && effectedAt > dueAt;
}

/** What was judged on receipt was decided then. */
const decidedBy = <R extends Requested>(request: R, judged: JudgedLater | undefined): R & Decided => ({
  ...request,
  ...(judged ?? { decidedAt: request.requestedAt }),
});
