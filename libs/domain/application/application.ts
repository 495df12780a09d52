import {
  accept,
  clear,
  reject,
  type ApplicationId,
  type Decider,
  type EventCodec,
  type Instant,
  type Personal,
} from '#libs/kernel';
import type { Channel } from '#libs/scheme';
import { isLate, judgeHappened } from '../common/happened.js';
import { conflicting, invalid, notFound, refused, rejecting } from '../common/rejections.js';

/** An intake: what came in, through which channel, when. Every check hangs on one (REG-03, interfaces.md §2). */

export const PURPOSES = [
  'means',
  'registration',
  'activation',
  'change',
  'renewal',
  'revocation',
  'suspension',
  'reinstatement',
  'upgrade',
  'insight',
] as const;
export type Purpose = (typeof PURPOSES)[number];

/** How a request came (classification.md §3.2): at EH1 a revocation is asked for in writing or by e-mail (PI1). */
export const MEDIA = ['writing', 'email', 'counter', 'telephone', 'other'] as const;
export type Medium = (typeof MEDIA)[number];

/** Purposes whose evaluation looks at the medium: an application with one of them has to say it (interfaces.md §2). */
export const PURPOSES_WITH_MEDIUM: readonly Purpose[] = ['revocation', 'suspension'];

// Events

export interface ApplicationReceived {
  readonly type: 'ApplicationReceived';
  readonly data: {
    readonly application: ApplicationId;
    readonly channel: Channel;
    readonly medium?: Medium;
    /** Arrival at the participant, not data entry. */
    readonly receivedAt: Instant;
    readonly purposes: readonly Purpose[];
    /** Entered more than 31 days after it arrived. */
    readonly late: boolean;
    readonly lateEntryReason?: Personal<string>;
  };
}
export type ApplicationEvent = ApplicationReceived;

export const applicationCodec: EventCodec<ApplicationEvent> = {
  ApplicationReceived: {
    schemaVersion: 1,
    processingActivity: 'intake',
    personal: { lateEntryReason: ({ application }) => ({ kind: 'application', id: application }) },
  },
};

// Commands and rejections

export interface ReceiveApplication {
  readonly type: 'ReceiveApplication';
  readonly application: ApplicationId;
  readonly channel: Channel;
  readonly medium?: Medium;
  readonly receivedAt: Instant;
  readonly purposes: readonly Purpose[];
  readonly lateEntryReason?: string;
  readonly now: Instant;
}

export const applicationRejections = {
  'no-such-application': notFound('There is no such application', 'Deze aanvraag bestaat niet', {
    en: 'No application with this id was ever recorded.',
    nl: 'Er is nooit een aanvraag met dit id vastgelegd.',
  }),
  'unknown-application': invalid('The application is unknown', 'De aanvraag is onbekend', {
    en: 'The request names an application that was never recorded.',
    nl: 'Het verzoek noemt een aanvraag die nooit is vastgelegd.',
  }),
  'application-exists': conflicting('The application was recorded already', 'De aanvraag is al vastgelegd', {
    en: 'An application is recorded once; what came later is an application of its own.',
    nl: 'Een aanvraag wordt één keer vastgelegd; wat later kwam, is een aanvraag op zich.',
  }),
  'purpose-not-in-application': refused(
    'The application was not made for this',
    'De aanvraag is hier niet voor gedaan',
    {
      en: 'An application names what it is for; a command that rests on it has to be one of these purposes.',
      nl: 'Een aanvraag noemt waarvoor zij is; een verzoek dat erop rust, moet een van die doelen hebben.',
    },
    'REG-03',
  ),
};

const rejectWith = rejecting(applicationRejections);

// State

export type Application =
  | { readonly status: 'none' }
  | {
      readonly status: 'received';
      readonly id: ApplicationId;
      readonly channel: Channel;
      readonly medium?: Medium;
      readonly receivedAt: Instant;
      readonly purposes: readonly Purpose[];
      readonly late: boolean;
    };
export type ReceivedApplication = Extract<Application, { status: 'received' }>;

// Decider

export const applicationDecider: Decider<Application, ReceiveApplication, ApplicationEvent> = {
  initialState: { status: 'none' },

  decide(command, state) {
    if (state.status !== 'none') return reject(rejectWith('application-exists'));
    const faults = judgeHappened(command.receivedAt, command.now, '/receivedAt', command.lateEntryReason);
    if (faults.length > 0) return reject(...faults);
    return accept({
      type: 'ApplicationReceived',
      data: {
        application: command.application,
        channel: command.channel,
        ...(command.medium === undefined ? {} : { medium: command.medium }),
        receivedAt: command.receivedAt,
        purposes: command.purposes,
        late: isLate(command.receivedAt, command.now),
        ...(command.lateEntryReason === undefined ? {} : { lateEntryReason: clear(command.lateEntryReason) }),
      },
    });
  },

  evolve(_state, event) {
    const { application, channel, medium, receivedAt, purposes, late } = event.data;
    return {
      status: 'received',
      id: application,
      channel,
      ...(medium === undefined ? {} : { medium }),
      receivedAt,
      purposes,
      late,
    };
  },
};

/** Whether an application for these purposes says nothing of the medium although it has to. */
export const lacksMedium = ({
  purposes,
  medium,
}: {
  readonly purposes: readonly Purpose[];
  readonly medium?: unknown;
}) => medium === undefined && purposes.some((purpose) => PURPOSES_WITH_MEDIUM.includes(purpose));

/** Why this application can't carry a command of that purpose; empty when it can. */
export const judgePurpose = (application: ReceivedApplication, purpose: Purpose) =>
  application.purposes.includes(purpose)
    ? []
    : [rejectWith('purpose-not-in-application', { facts: { purpose, purposes: application.purposes } })];
