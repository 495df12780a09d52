import {
  ADDRESSEE_ROLES,
  CONFIRMATION_CHANNELS,
  CONFIRMATION_KINDS,
  CONFIRMATION_LANGUAGES,
  CONFIRMATION_OUTCOMES,
  FAILURES,
  NO_CHANNEL,
} from '#libs/domain';
import {
  IsCalendarDate,
  IsChoice,
  IsFlag,
  IsText,
  IsTrue,
  IsUuidString,
  IsWhole,
  named,
  Nested,
  OneOf,
  Optional,
  Refers,
  type Fault,
} from '#libs/platform';

export const KINDS = named('ConfirmationKind', CONFIRMATION_KINDS, 'What a confirmation tells');
export const OUTCOMES = named(
  'ConfirmationOutcome',
  CONFIRMATION_OUTCOMES,
  'What became of a confirmation; `none`: there was no channel; `lapsed`: what it tells does not hold any more',
);
export const ROLES = named('AddresseeRole', ADDRESSEE_ROLES, 'As what somebody is told');
export const CHANNELS = named('ConfirmationChannel', CONFIRMATION_CHANNELS, 'By what way a confirmation goes');
export const WHY_NONE = named('NoConfirmationChannel', NO_CHANNEL, 'Why there was no channel');
export const LANGUAGES = named('ConfirmationLanguage', CONFIRMATION_LANGUAGES, 'Language of a confirmation');
export const WHY_FAILED = named('ConfirmationFailure', FAILURES, 'Why a confirmation was given up');

export class SearchConfirmationsRequest {
  @IsUuidString({ description: 'Authorization that it is about' }) @Optional() authorization?: string;
  @IsUuidString({ description: 'Means that it is about' }) @Optional() means?: string;
  @IsUuidString({ description: 'Person who is told' }) @Optional() person?: string;
  @IsUuidString({ description: 'Party that is told' }) @Optional() party?: string;
  @IsChoice(KINDS, { description: 'What it tells' }) @Optional() kind?: string;
  @IsChoice(OUTCOMES, { description: 'What became of it' }) @Optional() outcome?: string;
  @IsFlag({ description: 'Whether it reached nobody and is not tried any more: `failed` and `none`' })
  @Optional()
  notDelivered?: boolean;
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}

export class LetterReference {
  @Refers('happenedOn')
  @IsCalendarDate({ description: 'Day on which it went, in Amsterdam' })
  on!: string;
  @IsText(500, { description: 'What shows it, such as the number of a registered letter' }) evidence!: string;
  @IsText(500, { description: 'Why something older than 31 days is entered now' })
  @Optional()
  lateEntryReason?: string;
}

export class SendingReference {
  @IsWhole(1, 1_000_000, {
    description:
      'Which sending, as `GET` shows it; mail has it in its `Message-ID` behind the id and a dot, but for the first',
  })
  sending!: number;
}

@OneOf({
  TellConfirmationByLetter: ['letter'],
  RetryConfirmation: ['retry'],
  ConfirmationNotReached: ['notReached'],
})
export class DecideConfirmationRequest {
  @Nested(() => LetterReference, { description: 'He was told by letter' }) @Optional() letter?: LetterReference;
  @IsTrue({ description: 'Or: it is sent by mail again, to the address on record' }) @Optional() retry?: boolean;
  @Nested(() => SendingReference, { description: 'Or: a sending did not reach him' })
  @Optional()
  notReached?: SendingReference;

  static between(body: DecideConfirmationRequest): readonly Fault[] {
    const { letter, retry, notReached } = body;
    if ([letter, retry, notReached].filter((one) => one !== undefined).length !== 1) {
      const [en, nl] = ['exactly one of letter, retry, notReached', 'precies een van letter, retry, notReached'];
      return [{ pointer: '', code: 'invalid-value', detail: { en, nl }, inWords: { reason: { en, nl } } }];
    }
    return [];
  }
}
