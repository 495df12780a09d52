import {
  accept,
  clear,
  epochOf,
  instantFromEpoch,
  reject,
  type CalendarDate,
  type ContactId,
  type Decider,
  type Decision,
  type Instant,
} from '#libs/kernel';
import { addDays } from '#libs/scheme';
import { isLate, judgeHappened } from '../common/happened.js';
import { conflicting, notFound, rejecting } from '../common/rejections.js';
import {
  type NO_CHANNEL,
  type ConfirmationChannel,
  type ConfirmationEvent,
  type ConfirmationFailure,
  type ConfirmationSent,
  type ConfirmationWritten,
} from './confirmation.events.js';

// Commands and rejections

type Written = ConfirmationWritten['data'];

export type ConfirmationCommand =
  | ({
      readonly type: 'WriteConfirmation';
      readonly address?: string;
      readonly authorizedName?: string;
      readonly representedName?: string;
      readonly now: Instant;
    } & Omit<Written, 'address' | 'authorizedName' | 'representedName' | 'writtenAt'>)
  | {
      readonly type: 'NoteSent';
      readonly channel: 'email' | 'webhook';
      /** Of mail: which sending it was, 0 the first. What came of one says nothing of those that a person asked for since. */
      readonly retry?: number;
      readonly attempts: number;
      /** Of a notice of non-use: the moment that it named. */
      readonly revokesAt?: Instant;
      readonly now: Instant;
    }
  | {
      readonly type: 'NoteFailed';
      readonly channel: 'email' | 'webhook';
      readonly retry?: number;
      readonly reason: ConfirmationFailure;
      readonly status?: number;
      readonly attempts: number;
      readonly now: Instant;
    }
  | {
      readonly type: 'TellByLetter';
      readonly on: CalendarDate;
      /** That day, in Amsterdam. */
      readonly day: { readonly begins: Instant; readonly ends: Instant };
      readonly evidence: string;
      readonly lateEntryReason?: string;
      /** The sealed words of the last letter on record, come back or not, opened; absent: there is none. */
      readonly onRecord?: LetterWords;
      /** How long a notice of non-use runs from its telling, in days (NONUSE-03). */
      readonly noticeDays: number;
      readonly now: Instant;
    }
  | {
      readonly type: 'RetryConfirmation';
      /** Where mail goes by now, or why it can't. */
      readonly by:
        | { readonly address: string; readonly contact?: ContactId }
        | { readonly noChannel: (typeof NO_CHANNEL)[number] };
      readonly now: Instant;
    }
  | { readonly type: 'NoteNotReached'; readonly sending: number; readonly now: Instant }
  | {
      readonly type: 'LapseConfirmation';
      /** Since when what it tells does not hold any more. */
      readonly since: Instant;
      readonly now: Instant;
    };

/** What a person says of a letter, in words. */
export interface LetterWords {
  readonly evidence?: string;
  readonly lateEntryReason?: string;
}

export const confirmationRejections = {
  'no-such-confirmation': notFound('There is no such confirmation', 'Deze bevestiging bestaat niet', {
    en: 'No confirmation with this id was ever written.',
    nl: 'Er is nooit een bevestiging met dit id geschreven.',
  }),
  'confirmation-told-already': conflicting('He was told already', 'Hij is al ingelicht', {
    en: 'A server or a receiver took this confirmation, or a letter was sent: it is neither tried again nor told once more. If it came back, say so first with `notReached` and the `sending` that did.',
    nl: 'Een server of ontvanger heeft deze bevestiging aangenomen, of er is een brief verstuurd: zij wordt niet opnieuw geprobeerd of nog eens gemeld. Is zij teruggekomen, zeg dat dan eerst met `notReached` en de `sending` die terugkwam.',
  }),
  'confirmation-not-sent': conflicting('That sending did not take place', 'Die verzending heeft niet plaatsgevonden', {
    en: 'This confirmation waits to be sent, could not be sent, or was never sent so often: only of a sending that took place can it be said that it did not reach him. `GET` shows the last one (`sending`) and what became of it; where it says `failed` or `none`, send it again (`retry`) or tell him by letter.',
    nl: 'Deze bevestiging wacht op verzending, kon niet worden verstuurd of is nooit zo vaak verstuurd: alleen van een verzending die heeft plaatsgevonden, kan worden gezegd dat zij hem niet heeft bereikt. `GET` toont de laatste (`sending`) en wat ervan is geworden; staat daar `failed` of `none`, verstuur haar dan opnieuw (`retry`) of licht hem in per brief.',
  }),
  'letter-came-back': conflicting(
    'The letter is of before the last one came back',
    'De brief is van voordat de vorige terugkwam',
    {
      en: 'It is on record since that nothing that was sent before had reached him: give the day of a letter that went after that. A letter that came back tells nobody.',
      nl: 'Daarna is vastgelegd dat niets van wat eerder was verstuurd, hem had bereikt: geef de dag van een brief die daarna is verstuurd. Een brief die is teruggekomen, licht niemand in.',
    },
  ),
  'confirmation-lapsed': conflicting('It is told to nobody any more', 'Zij wordt niemand meer gemeld', {
    en: 'The notice that it tells of does not hold any more: the authorization was used, has ended, or was noticed anew. It is neither sent again nor told by a letter that went since; there is nothing left to do.',
    nl: 'De aankondiging die zij meldt, geldt niet meer: de machtiging is gebruikt, is geëindigd of is opnieuw aangekondigd. Zij wordt niet opnieuw verstuurd en niet gemeld met een brief van daarna; er is niets meer te doen.',
  }),
  'letter-before-confirmation': conflicting(
    'The letter is older than what it tells',
    'De brief is ouder dan wat hij meldt',
    {
      en: 'What a confirmation tells was not there before it was written: give the day on which the letter went.',
      nl: 'Wat een bevestiging meldt, was er niet voordat zij werd geschreven: geef de dag waarop de brief is verstuurd.',
    },
  ),
  'confirmation-without-mail': conflicting('It can’t go by mail', 'Zij kan niet per e-mail', {
    en: 'No address of e-mail is on record for the addressee (`noAddress`), his data are erased (`erased`), or the installation sends no mail (`mailOff`): `why` says which. Record a contact, or tell him by letter.',
    nl: 'Van de geadresseerde is geen e-mailadres vastgelegd (`noAddress`), zijn gegevens zijn gewist (`erased`) of de installatie verstuurt geen e-mail (`mailOff`): `why` zegt welke. Leg een contact vast, of licht hem in per brief.',
  }),
};

const rejectWith = rejecting(confirmationRejections);

// State

/**
 * `none`: nobody is told by us, unless a person has it tried again or tells him; `lapsed`: nobody was told before what it
 * tells stopped holding.
 */
export const CONFIRMATION_OUTCOMES = ['waiting', 'sent', 'failed', 'none', 'lapsed'] as const;
export type ConfirmationOutcome = (typeof CONFIRMATION_OUTCOMES)[number];

export interface WrittenConfirmation extends Omit<Written, 'channel'> {
  readonly channel: ConfirmationChannel;
  readonly letter?: ConfirmationSent['data']['letter'];
  /** How often a person had it tried again. */
  readonly retries?: number;
  /** Which sending this is: 1 the first, one more for each that a person had tried again or told by letter. */
  readonly sending: number;
  /** When it was said last that a sending had not reached him, and the letter that it was. */
  readonly cameBack?: { readonly at: Instant; readonly letter?: CalendarDate };
  readonly status: ConfirmationOutcome;
  /** When it was sent or given up, or until when what it tells held. */
  readonly endedAt?: Instant;
  readonly attempts?: number;
  readonly failure?: ConfirmationFailure;
  readonly failureStatus?: number;
}
export type Confirmation = { readonly status: 'unwritten' } | WrittenConfirmation;

/** When its addressee was told; `undefined`: he was not, as far as is known. */
export const toldAt = (state: Confirmation): Instant | undefined =>
  state.status === 'sent' ? state.endedAt : undefined;

/**
 * When what a notice of non-use announces follows, where it is told at that moment: as it says, and not before the period that
 * runs from the telling is over, however late that is (NONUSE-03). `undefined`: it is no such notice.
 */
export function revokesWhenTold(
  { kind, effective: { revokesAt } }: Pick<WrittenConfirmation, 'kind' | 'effective'>,
  told: Instant,
  noticeDays: number,
): Instant | undefined {
  if (kind !== 'nonUse' || revokesAt === undefined) return undefined;
  const runsOut = instantFromEpoch(addDays(epochOf(told), noticeDays));
  return runsOut > revokesAt ? runsOut : revokesAt;
}

/** The confirmation as it would be told at that moment; as it was, where it was told. */
export function asToldAt(state: WrittenConfirmation, at: Instant, noticeDays: number): WrittenConfirmation {
  const revokesAt = state.status === 'sent' ? undefined : revokesWhenTold(state, at, noticeDays);
  return revokesAt === undefined ? state : { ...state, effective: { ...state.effective, revokesAt } };
}

// Decider

export const confirmationDecider: Decider<Confirmation, ConfirmationCommand, ConfirmationEvent> = {
  initialState: { status: 'unwritten' },

  decide(command, state) {
    if (command.type === 'WriteConfirmation') {
      // Its id comes from what it tells and whom: what was written first stands.
      if (state.status !== 'unwritten') return accept();
      const { type: _type, address, authorizedName, representedName, now, ...data } = command;
      return accept({
        type: 'ConfirmationWritten',
        data: {
          ...data,
          ...(address === undefined ? {} : { address: clear(address) }),
          ...(authorizedName === undefined ? {} : { authorizedName: clear(authorizedName) }),
          ...(representedName === undefined ? {} : { representedName: clear(representedName) }),
          writtenAt: now,
        },
      });
    }
    if (state.status === 'unwritten') return reject(rejectWith('no-such-confirmation'));
    if (command.type === 'TellByLetter') return toldByLetter(command, state);
    if (command.type === 'RetryConfirmation') return retried(command, state);
    if (command.type === 'NoteNotReached') return notReached(command, state);
    if (command.type === 'LapseConfirmation') {
      // Whoever was told was told.
      if (state.status === 'sent' || state.status === 'lapsed') return accept();
      const { since, now: lapsedAt } = command;
      return accept({ type: 'ConfirmationLapsed', data: { confirmation: state.confirmation, since, lapsedAt } });
    }
    // What a person says of it stands until a person decides.
    if (state.status === 'failed' && state.failure === 'notReached') return accept();
    // Of another channel nothing is noted here: a receiver that fetches what went by mail is not its way.
    if (state.status === 'sent' || command.channel !== state.channel) return accept();
    if ((command.retry ?? 0) !== (state.retries ?? 0)) return accept();
    const { confirmation } = state;
    const { channel, attempts, now } = command;
    if (command.type === 'NoteSent') {
      const { revokesAt } = command;
      const named = revokesAt === undefined ? {} : { revokesAt };
      return accept({ type: 'ConfirmationSent', data: { confirmation, channel, attempts, sentAt: now, ...named } });
    }
    if (state.status === 'failed' || state.status === 'lapsed') return accept();
    const { reason, status } = command;
    return accept({
      type: 'ConfirmationFailed',
      data: { confirmation, channel, reason, ...(status === undefined ? {} : { status }), attempts, failedAt: now },
    });
  },

  evolve(state, event) {
    if (event.type === 'ConfirmationWritten') {
      return { ...event.data, status: event.data.channel === 'none' ? 'none' : 'waiting', sending: 1 };
    }
    if (state.status === 'unwritten') return state;
    const { failure: _failure, failureStatus: _status, ...written } = state;
    switch (event.type) {
      case 'ConfirmationSent': {
        const { channel, attempts, sentAt: endedAt, letter, revokesAt } = event.data;
        const { noChannel: _none, ...known } = written;
        return {
          ...{ ...known, channel, status: 'sent', attempts, endedAt },
          ...(letter === undefined ? {} : { letter, sending: known.sending + 1 }),
          ...(revokesAt === undefined ? {} : { effective: { ...known.effective, revokesAt } }),
        };
      }
      case 'ConfirmationRetried': {
        const { noChannel: _none, attempts: _attempts, endedAt: _endedAt, ...known } = written;
        const sending = known.sending + 1;
        return { ...known, channel: event.data.channel, status: 'waiting', retries: event.data.retry, sending };
      }
      case 'ConfirmationLapsed':
        return { ...written, status: 'lapsed', endedAt: event.data.since };
      case 'ConfirmationFailed': {
        const { reason: failure, status, attempts, failedAt: endedAt } = event.data;
        const told = status === undefined ? {} : { failureStatus: status };
        // A letter that came back told nobody.
        const { letter, ...known } = written;
        const cameBack = { at: endedAt, ...(letter === undefined ? {} : { letter: letter.on }) };
        return {
          ...{ ...known, status: 'failed', failure, ...told, attempts, endedAt },
          ...(failure === 'notReached' ? { cameBack } : {}),
        };
      }
    }
  },
};

type Told = Decision<ConfirmationEvent>;

/** Also while it waits: what is sent by then is not sent again. */
function toldByLetter(
  {
    on,
    day,
    evidence,
    lateEntryReason,
    onRecord,
    noticeDays,
    now,
  }: Extract<ConfirmationCommand, { type: 'TellByLetter' }>,
  state: WrittenConfirmation,
): Told {
  if (state.status === 'sent') {
    const isSame =
      state.letter?.on === on && onRecord?.evidence === evidence && onRecord.lateEntryReason === lateEntryReason;
    return isSame ? accept() : reject(rejectWith('confirmation-told-already'));
  }
  const faults = judgeHappened(day.begins, now, '/letter/on', lateEntryReason);
  if (faults.length > 0) return reject(...faults);
  // One that went while it held is a fact all the same.
  if (state.status === 'lapsed' && day.begins >= state.endedAt!) return reject(rejectWith('confirmation-lapsed'));
  if (epochOf(day.ends) < epochOf(state.writtenAt)) {
    return reject(rejectWith('letter-before-confirmation', { pointer: '/letter/on' }));
  }
  const isAsOnRecord = onRecord?.evidence === evidence && state.cameBack?.letter === on;
  if (state.cameBack !== undefined && (isAsOnRecord || epochOf(day.ends) < epochOf(state.cameBack.at))) {
    return reject(rejectWith('letter-came-back', { pointer: '/letter/on' }));
  }
  const { confirmation, addressee, attempts = 0 } = state;
  const sentAt = day.ends < now ? day.ends : now;
  const revokesAt = revokesWhenTold(state, sentAt, noticeDays);
  return accept({
    type: 'ConfirmationSent',
    data: {
      ...{ confirmation, channel: 'letter', attempts, sentAt },
      ...(revokesAt === undefined ? {} : { revokesAt }),
      ...{ letter: { on, late: isLate(day.begins, now) }, addressee, evidence: clear(evidence) },
      ...(lateEntryReason === undefined ? {} : { lateEntryReason: clear(lateEntryReason) }),
    },
  });
}

function retried(
  { by, now }: Extract<ConfirmationCommand, { type: 'RetryConfirmation' }>,
  state: WrittenConfirmation,
): Told {
  if (state.status === 'sent') return reject(rejectWith('confirmation-told-already'));
  if (state.status === 'lapsed') return reject(rejectWith('confirmation-lapsed'));
  // It is being tried. What waits for a receiver to see to it goes by mail from here on.
  if (state.status === 'waiting' && state.channel === 'email') return accept();
  if ('noChannel' in by) return reject(rejectWith('confirmation-without-mail', { facts: { why: by.noChannel } }));
  const { confirmation, addressee, retries = 0 } = state;
  return accept({
    type: 'ConfirmationRetried',
    data: {
      ...{ confirmation, channel: 'email', addressee, address: clear(by.address) },
      ...(by.contact === undefined ? {} : { contact: by.contact }),
      ...{ retry: retries + 1, retriedAt: now },
    },
  });
}

/**
 * Sent, and it came back: the addressee was not told, and whatever waits until he is waits again. What came back of a sending
 * before the last one changes nothing: it is known by then that it told nobody.
 */
function notReached(
  { sending, now }: Extract<ConfirmationCommand, { type: 'NoteNotReached' }>,
  { status, confirmation, channel, failure, attempts = 0, sending: last }: WrittenConfirmation,
): Told {
  if (sending < last || (sending === last && failure === 'notReached')) return accept();
  if (sending > last || status !== 'sent' || channel === 'none') return reject(rejectWith('confirmation-not-sent'));
  return accept({
    type: 'ConfirmationFailed',
    data: { confirmation, channel, reason: 'notReached', sending, attempts, failedAt: now },
  });
}
