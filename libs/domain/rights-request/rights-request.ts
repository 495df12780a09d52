import {
  accept,
  clear,
  epochOf,
  instantFromEpoch,
  reject,
  type ApplicationId,
  type CheckId,
  type Decider,
  type EventCodec,
  type Instant,
  type KeyHolder,
  type LegalHoldId,
  type PartyId,
  type Personal,
  type PersonId,
  type RightsRequestId,
} from '#libs/kernel';
import { atLeast, RIGHTS_MONTHS, RIGHTS_MONTHS_PROLONGED, rightsTerm, type EhLevel } from '#libs/scheme';
import { conflicting, notFound, refused, rejecting } from '../common/rejections.js';

/**
 * Somebody asks that data about him, or about the organization that he speaks for, are erased (RIGHTS-04, RIGHTS-06). It is a
 * right to ask: what is archived stays for as long as it has to, and the answer says what and until when. The request ends no
 * means and no authorization.
 */

export const RIGHTS_TYPES = ['erasure'] as const;
export type RightsType = (typeof RIGHTS_TYPES)[number];

/** As what he asks: about himself, or about an organization that he speaks for (RIGHTS-02). */
export const RIGHTS_ROLES = ['holder', 'legalRepresentative', 'administrator'] as const;
export type RightsRole = (typeof RIGHTS_ROLES)[number];

export type RightsSubject = { readonly person: PersonId } | { readonly party: PartyId };

/** Kinds of data that an answer tells apart. */
export const RIGHTS_DATA_KINDS = [
  ...(['contacts', 'identity', 'documents', 'means', 'authorizations', 'details'] as const),
] as const;
export type RightsDataKind = (typeof RIGHTS_DATA_KINDS)[number];

/** `planned`: nothing asks for it any more, and it goes as whatever is due does. */
export const RIGHTS_EFFECTS = ['erased', 'kept', 'planned'] as const;
/**
 * Why it is kept: it is needed for a means or an authorization that stands; it was checked or decided on, and is archived
 * (ARCH-10); somebody decided that it must not go, and for what reason is not told; or its time is over and this installation
 * destroys nothing.
 */
export const KEEPING_GROUNDS = ['inForce', 'retention', 'legalHold', 'destructionOff'] as const;

/** What becomes of one kind of data. */
export interface AnsweredData {
  readonly kind: RightsDataKind;
  readonly effect: (typeof RIGHTS_EFFECTS)[number];
  /** How many there are. */
  readonly count: number;
  readonly ground?: (typeof KEEPING_GROUNDS)[number];
  /** Absent of what is kept: it is not known yet, since something stands without an end or is held. */
  readonly until?: Instant;
}

export const RIGHTS_OUTCOMES = ['granted', 'grantedInPart', 'refused'] as const;
export type RightsOutcome = (typeof RIGHTS_OUTCOMES)[number];

/** Where whoever does not get all that he asked for may go (GDPR article 12(4)). */
export const RIGHTS_REMEDIES = ['supervisoryAuthority', 'court'] as const;
export type RightsRemedy = (typeof RIGHTS_REMEDIES)[number];

/** Why a request is refused as a whole (GDPR articles 12(5) and 17(3)). */
export const RIGHTS_REFUSALS = ['unfounded', 'excessive', 'legalClaims'] as const;
export type RightsRefusal = (typeof RIGHTS_REFUSALS)[number];

// Events

export interface RightsRequestReceived {
  readonly type: 'RightsRequestReceived';
  readonly data: {
    readonly rightsRequest: RightsRequestId;
    readonly type: RightsType;
    readonly about: RightsSubject;
    /** Every record of the human whom it is about. */
    readonly records: readonly PersonId[];
    readonly requester: { readonly person: PersonId; readonly role: RightsRole };
    readonly application: ApplicationId;
    /** Check of his login, and the level that it proved (RIGHTS-07). */
    readonly login: CheckId;
    readonly level: EhLevel;
    readonly receivedAt: Instant;
    /** Before this moment he is answered. */
    readonly answerBefore: Instant;
  };
}

/** It takes longer, once, and he is told why within the first month. */
export interface RightsRequestProlonged {
  readonly type: 'RightsRequestProlonged';
  readonly data: {
    readonly rightsRequest: RightsRequestId;
    readonly reason: Personal<string>;
    readonly answerBefore: Instant;
    readonly prolongedAt: Instant;
  };
}

export interface RightsRequestDecided {
  readonly type: 'RightsRequestDecided';
  readonly data: {
    readonly rightsRequest: RightsRequestId;
    readonly outcome: RightsOutcome;
    /** What becomes of which data; none where it is refused. */
    readonly data: readonly AnsweredData[];
    /** Of one that is granted about a human: every record of him as it is decided; absent where they are as at its receipt. */
    readonly records?: readonly PersonId[];
    /** Of one that is refused. */
    readonly ground?: RightsRefusal;
    readonly reason?: Personal<string>;
    readonly decidedAt: Instant;
  };
}

/**
 * What was granted waits: a legal hold was found on whom it is about, or was set, before it was begun. It is looked at again
 * for as long as it waits.
 */
export interface ErasureHeld {
  readonly type: 'ErasureHeld';
  readonly data: {
    readonly rightsRequest: RightsRequestId;
    /** The hold that was set; absent where one was found. */
    readonly legalHold?: LegalHoldId;
    readonly heldAt: Instant;
  };
}

/** What was granted is carried out from here on: a hold that is set later comes too late for it. */
export interface ErasureBegun {
  readonly type: 'ErasureBegun';
  readonly data: { readonly rightsRequest: RightsRequestId; readonly begunAt: Instant };
}

/** What was granted is done: the keys are gone. */
export interface RightsRequestFulfilled {
  readonly type: 'RightsRequestFulfilled';
  readonly data: {
    readonly rightsRequest: RightsRequestId;
    /** Addresses and numbers whose keys went. */
    readonly contacts: number;
    readonly erasedAt: Instant;
  };
}

export type RightsRequestEvent =
  | RightsRequestReceived
  | RightsRequestProlonged
  | RightsRequestDecided
  | ErasureHeld
  | ErasureBegun
  | RightsRequestFulfilled;

const own = ({ rightsRequest }: { readonly rightsRequest: RightsRequestId }): KeyHolder => ({
  kind: 'rightsRequest',
  id: rightsRequest,
});
const declared = { schemaVersion: 1, processingActivity: 'rights-requests' } as const;

export const rightsRequestCodec: EventCodec<RightsRequestEvent> = {
  RightsRequestReceived: declared,
  RightsRequestProlonged: { ...declared, personal: { reason: own } },
  RightsRequestDecided: { ...declared, personal: { reason: own } },
  ErasureHeld: declared,
  ErasureBegun: declared,
  RightsRequestFulfilled: declared,
};

// Commands and rejections

export type RightsRequestCommand =
  | {
      readonly type: 'ReceiveRightsRequest';
      readonly rightsRequest: RightsRequestId;
      readonly asks: RightsType;
      readonly about: RightsSubject;
      readonly records: readonly PersonId[];
      readonly person: PersonId;
      /** `undefined`: he is neither the person himself nor speaks for the organization. */
      readonly role: RightsRole | undefined;
      readonly application: ApplicationId;
      readonly login: CheckId;
      readonly level: EhLevel;
      /** The highest at which the data are registered. */
      readonly registeredAt: EhLevel;
      readonly receivedAt: Instant;
    }
  | { readonly type: 'ProlongRightsRequest'; readonly reason: string; readonly now: Instant }
  | {
      readonly type: 'GrantRightsRequest';
      readonly data: readonly AnsweredData[];
      /** Every record of the human whom it is about, now; records may have been linked since it was received. */
      readonly records?: readonly PersonId[];
      /** The highest level at which one of those that were linked since is registered (RIGHTS-07). */
      readonly registeredAt?: EhLevel;
      readonly now: Instant;
    }
  | {
      readonly type: 'RefuseRightsRequest';
      readonly ground: RightsRefusal;
      readonly reason: string;
      readonly now: Instant;
    }
  /** Of one that is begun already, or is not to be carried out, nothing is recorded: the state says so. */
  | { readonly type: 'HoldErasure'; readonly legalHold?: LegalHoldId; readonly now: Instant }
  | { readonly type: 'BeginErasure'; readonly now: Instant }
  | { readonly type: 'FulfillRightsRequest'; readonly contacts: number; readonly now: Instant };

export const rightsRequestRejections = {
  'no-such-rights-request': notFound('There is no such request', 'Dit verzoek bestaat niet', {
    en: 'No request with this id was ever received.',
    nl: 'Er is nooit een verzoek met dit id ontvangen.',
  }),
  'rights-request-exists': conflicting('The request was received already', 'Het verzoek is al ontvangen', {
    en: 'The id belongs to another request.',
    nl: 'Het id is van een ander verzoek.',
  }),
  'rights-of-another': refused(
    'The data are not his to ask about',
    'Over deze gegevens kan hij niets vragen',
    {
      en: 'A holder asks about himself; about an organization its legal representative asks, or an administrator who decides for all of it.',
      nl: 'Een houder vraagt over zichzelf; over een organisatie vraagt haar wettelijke vertegenwoordiger, of een beheerder die voor het geheel beslist.',
    },
    'RIGHTS-04',
  ),
  'rights-level-too-low': refused(
    'The login is below the level of the data',
    'De inlog is lager dan het niveau van de gegevens',
    {
      en: 'What was registered at a level is changed with a login of that level or higher (`level`).',
      nl: 'Wat op een niveau is geregistreerd, wordt gewijzigd met een inlog van dat niveau of hoger (`level`).',
    },
    'RIGHTS-07',
  ),
  'rights-request-decided': conflicting('The request was decided', 'Over het verzoek is beslist', {
    en: 'A request is decided once. Whoever has a new question asks again.',
    nl: 'Over een verzoek wordt één keer beslist. Wie iets nieuws vraagt, doet een nieuw verzoek.',
  }),
  'rights-request-prolonged': conflicting('The term was prolonged', 'De termijn is al verlengd', {
    en: 'The month is prolonged once, by two months.',
    nl: 'De maand wordt één keer verlengd, met twee maanden.',
  }),
  'rights-term-over': conflicting('The month is over', 'De maand is voorbij', {
    en: 'It is prolonged within a month of the receipt, and whoever asked is told so (GDPR article 12(3)).',
    nl: 'Verlengd wordt binnen een maand na ontvangst, en wie vroeg, hoort dat (AVG artikel 12, lid 3).',
  }),
};

const rejectWith = rejecting(rightsRequestRejections);

// State

interface Received {
  readonly id: RightsRequestId;
  readonly type: RightsType;
  readonly about: RightsSubject;
  readonly records: readonly PersonId[];
  readonly requester: RightsRequestReceived['data']['requester'];
  readonly application: ApplicationId;
  readonly level: EhLevel;
  readonly receivedAt: Instant;
  readonly answerBefore: Instant;
  readonly prolongedAt?: Instant;
}
interface Decided {
  readonly outcome: RightsOutcome;
  readonly data: readonly AnsweredData[];
  readonly ground?: RightsRefusal;
  readonly decidedAt: Instant;
  /** It waits for the end of a legal hold. */
  readonly isHeld?: true;
  /** The last one of those that were set since it was granted. */
  readonly heldBy?: LegalHoldId;
  readonly begunAt?: Instant;
}
export type RightsRequest =
  | { readonly status: 'none' }
  | (Received & { readonly status: 'received' })
  | (Received & Decided & { readonly status: 'decided' })
  | (Received & Decided & { readonly status: 'done'; readonly doneAt: Instant });
export type ReceivedRightsRequest = Exclude<RightsRequest, { status: 'none' }>;

// Decider

export const rightsRequestDecider: Decider<RightsRequest, RightsRequestCommand, RightsRequestEvent> = {
  initialState: { status: 'none' },

  decide(command, state) {
    if (command.type === 'ReceiveRightsRequest') {
      if (state.status !== 'none') return reject(rejectWith('rights-request-exists'));
      const { type: _type, asks, person, role, registeredAt, ...data } = command;
      if (role === undefined) return reject(rejectWith('rights-of-another'));
      if (!atLeast(data.level, registeredAt)) {
        return reject(rejectWith('rights-level-too-low', { facts: { level: registeredAt } }));
      }
      return accept({
        type: 'RightsRequestReceived',
        data: {
          ...data,
          type: asks,
          requester: { person, role },
          answerBefore: termOf(data.receivedAt, RIGHTS_MONTHS),
        },
      });
    }
    if (state.status === 'none') return reject(rejectWith('no-such-rights-request'));
    const rightsRequest = state.id;
    if (command.type === 'FulfillRightsRequest') {
      if (state.status !== 'decided' || state.outcome === 'refused') return accept();
      const { contacts, now: erasedAt } = command;
      return accept({ type: 'RightsRequestFulfilled', data: { rightsRequest, contacts, erasedAt } });
    }
    if (command.type === 'HoldErasure' || command.type === 'BeginErasure') {
      if (state.status !== 'decided' || state.begunAt !== undefined) return accept();
      if (command.type === 'BeginErasure') {
        return accept({ type: 'ErasureBegun', data: { rightsRequest, begunAt: command.now } });
      }
      const { legalHold, now: heldAt } = command;
      if (state.isHeld === true && (legalHold === undefined || legalHold === state.heldBy)) return accept();
      const by = legalHold === undefined ? {} : { legalHold };
      return accept({ type: 'ErasureHeld', data: { rightsRequest, ...by, heldAt } });
    }
    if (state.status !== 'received') return reject(rejectWith('rights-request-decided'));
    switch (command.type) {
      case 'ProlongRightsRequest': {
        if (state.prolongedAt !== undefined) return reject(rejectWith('rights-request-prolonged'));
        if (command.now >= state.answerBefore) return reject(rejectWith('rights-term-over'));
        const answerBefore = termOf(state.receivedAt, RIGHTS_MONTHS_PROLONGED);
        return accept({
          type: 'RightsRequestProlonged',
          data: { rightsRequest, reason: clear(command.reason), answerBefore, prolongedAt: command.now },
        });
      }
      case 'GrantRightsRequest': {
        const { registeredAt } = command;
        if (registeredAt !== undefined && !atLeast(state.level, registeredAt)) {
          return reject(rejectWith('rights-level-too-low', { facts: { level: registeredAt } }));
        }
        const outcome = command.data.some(({ effect }) => effect === 'kept') ? 'grantedInPart' : 'granted';
        return accept({
          type: 'RightsRequestDecided',
          data: {
            ...{ rightsRequest, outcome, data: command.data, decidedAt: command.now },
            ...(areSame(command.records ?? state.records, state.records) ? {} : { records: command.records! }),
          },
        });
      }
      case 'RefuseRightsRequest': {
        const { ground, reason, now: decidedAt } = command;
        return accept({
          type: 'RightsRequestDecided',
          data: { rightsRequest, outcome: 'refused', data: [], ground, reason: clear(reason), decidedAt },
        });
      }
    }
  },

  evolve(state, event) {
    if (event.type === 'RightsRequestReceived') {
      const { rightsRequest: id, login: _login, ...data } = event.data;
      return { status: 'received', id, ...data };
    }
    if (state.status === 'none') return state;
    switch (event.type) {
      case 'RightsRequestProlonged': {
        const { answerBefore, prolongedAt } = event.data;
        return { ...state, answerBefore, prolongedAt };
      }
      case 'RightsRequestDecided': {
        const { outcome, data, records, ground, decidedAt } = event.data;
        const decided = {
          ...{ outcome, data, decidedAt, ...(ground === undefined ? {} : { ground }) },
          ...(records === undefined ? {} : { records }),
        };
        const { status: _status, ...received } = state;
        // One that is refused leaves nothing to be done.
        return outcome === 'refused'
          ? { ...received, ...decided, status: 'done', doneAt: decidedAt }
          : { ...received, ...decided, status: 'decided' };
      }
      case 'ErasureHeld':
        if (state.status !== 'decided') return state;
        return {
          ...{ ...state, isHeld: true },
          ...(event.data.legalHold === undefined ? {} : { heldBy: event.data.legalHold }),
        };
      case 'ErasureBegun': {
        if (state.status !== 'decided') return state;
        const { isHeld: _isHeld, heldBy: _heldBy, ...free } = state;
        return { ...free, begunAt: event.data.begunAt };
      }
      case 'RightsRequestFulfilled':
        return state.status === 'decided' ? { ...state, status: 'done', doneAt: event.data.erasedAt } : state;
    }
  },
};

/** Whether the term of its answer passed before it was given, or has passed by `at` without one (GDPR article 12(3)). */
export const isAnsweredLate = (
  { decidedAt, answerBefore }: { readonly decidedAt?: Instant | null | undefined; readonly answerBefore: Instant },
  at: Instant,
): boolean => (decidedAt ?? at) >= answerBefore;

/** Of whoever gets all that he asked for there is nothing to be told. */
export const remediesOf = (outcome: RightsOutcome): readonly RightsRemedy[] =>
  outcome === 'granted' ? [] : RIGHTS_REMEDIES;

/** What becomes of the data, as far as is known now: what waits for the end of a legal hold is kept by it. */
export const dataOf = ({ data, isHeld }: Decided): readonly AnsweredData[] =>
  isHeld !== true
    ? data
    : data.map((one) =>
        one.kind === 'contacts' && one.effect === 'erased'
          ? { kind: one.kind, effect: 'kept', count: one.count, ground: 'legalHold' }
          : one,
      );

const areSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((one) => others.includes(one));

const termOf = (receivedAt: Instant, months: number): Instant =>
  instantFromEpoch(rightsTerm(epochOf(receivedAt), months));
