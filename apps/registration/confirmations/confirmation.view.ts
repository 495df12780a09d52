import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Sealer } from '#libs/eventing';
import type { WrittenConfirmation } from '#libs/domain';
import { EH_LEVELS } from '#libs/scheme';
import { CHANNELS, KINDS, LANGUAGES, OUTCOMES, ROLES, WHY_FAILED, WHY_NONE } from './confirmation.requests.js';
import type { ConfirmationRow } from './confirmations.projection.js';
import { contentOf, letterIn, unlessErased, type Name } from './opened-confirmation.js';

export class ConfirmedObjectView {
  @ApiPropertyOptional({ format: 'uuid', description: 'The authorization' }) authorization?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The means' }) means?: string;
}

export class AddresseeView {
  @ApiProperty({ enum: ROLES, description: 'As what he is told' }) role!: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The person' }) person?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The party' }) party?: string;
}

export class EffectiveValuesView {
  @ApiPropertyOptional({ format: 'date-time', description: 'Begin of validity' }) validFrom?: string;
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'End of validity, cut short where too much was asked; of what was revoked, when it was',
  })
  validUntil?: string;
  @ApiPropertyOptional({ description: 'More than five years were asked for (REG-08)' }) capped?: boolean;
  @ApiPropertyOptional({ enum: EH_LEVELS, nullable: true, type: 'string', description: 'Level that it has' })
  level?: string | null;
  @ApiPropertyOptional({ enum: EH_LEVELS, description: 'Level that was aimed at' }) aimedLevel?: string;
  @ApiPropertyOptional({ description: 'May pass the authority on (CONT-09)' }) rightOfSubstitution?: boolean;
  @ApiPropertyOptional({ description: 'May act alone (CONT-09)' }) actsIndependently?: boolean;
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 4, description: 'STORK level of the means' })
  stork?: number;
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 4, description: 'The one before' })
  previousStork?: number;
  @ApiPropertyOptional({
    type: 'string',
    isArray: true,
    description: 'Authorizations that an upgrade left below the level aimed at (UPG-03)',
  })
  staysBelow?: readonly string[];
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When it is revoked unless it is used before, by when this is told; until it is, by now',
  })
  revokesAt?: string;
}

export class ConfirmationListed {
  @ApiProperty({ format: 'uuid', description: 'Id of the confirmation' }) id!: string;
  @ApiProperty({ enum: KINDS, description: 'What it tells' }) kind!: string;
  @ApiProperty({ type: ConfirmedObjectView, description: 'What it is about' }) about!: ConfirmedObjectView;
  @ApiProperty({ format: 'uuid', description: 'Id of the event that is told' }) event!: string;
  @ApiProperty({ type: AddresseeView, description: 'Who is told' }) addressee!: AddresseeView;
  @ApiProperty({
    enum: CHANNELS,
    description: '`webhook`: a receiver sees to it; `letter`: a person did; `none`: nobody is told by us',
  })
  channel!: string;
  @ApiPropertyOptional({ enum: WHY_NONE, description: 'Of channel `none`: why' }) noChannel?: string;
  @ApiProperty({ enum: LANGUAGES, description: 'Language it is written in' }) language!: string;
  @ApiProperty({
    description:
      'SHA-256 of subject and text with marks in place of names and of the moment of revocation, in hexadecimal',
  })
  contentHash!: string;
  @ApiProperty({ enum: OUTCOMES, description: 'What became of it' }) outcome!: string;
  @ApiPropertyOptional({ enum: WHY_FAILED, description: 'Of outcome `failed`: why' }) failure?: string;
  @ApiPropertyOptional({ type: 'integer', description: 'The code by which a mail server refused it' })
  failureStatus?: number;
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description: 'How often it was tried, once that is over: since a person had it tried again',
  })
  attempts?: number;
  @ApiProperty({ format: 'date-time', description: 'When it was written' }) writtenAt!: string;
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When it was sent or given up; until when what lapsed held',
  })
  endedAt?: string;
}

export class LetterView {
  @ApiProperty({ format: 'date', description: 'Day on which it went' }) on!: string;
  @ApiProperty({ description: 'Entered more than 31 days later' }) late!: boolean;
  @ApiPropertyOptional({
    description: 'What shows it; absent once whom it went to was erased, and for a token that may not see him',
  })
  evidence?: string;
}

export class ConfirmationView extends ConfirmationListed {
  @ApiProperty({ type: EffectiveValuesView, description: 'What is in force by the event (CONF-02)' })
  effective!: EffectiveValuesView;
  @ApiProperty({ description: 'Subject of the message' }) subject!: string;
  @ApiPropertyOptional({
    description:
      'What it says. Names of persons stand in it for a token with scope `issuance`, sealed names of organizations for one with `registration`; for others their marks `{authorized}`, `{represented}`. Absent once one of them was erased, and of what lapsed: it is told to nobody',
  })
  text?: string;
  @ApiPropertyOptional({ enum: [true], description: 'The token may not see a name in it: its mark stands there' })
  withoutNames?: true;
  @ApiPropertyOptional({ enum: [true], description: 'A name in it was erased: its words are not shown any more' })
  erased?: true;
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: 'Which sending it is: 1 the first, one more for each that a person had sent again or told by letter',
  })
  sending!: number;
  @ApiPropertyOptional({
    type: LetterView,
    description: 'Of channel `letter`: what a person said of it; absent once it came back',
  })
  letter?: LetterView;
}

export class ConfirmationAnswer extends ConfirmationView {
  @ApiProperty({ description: 'Place in the store, for `?after=`' }) position!: string;
}

export class ConfirmationPage {
  @ApiProperty({ type: ConfirmationListed, isArray: true, description: 'Newest first' }) items!: ConfirmationListed[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
}

/** What is sealed of it, as far as it opens. */
export interface OpenedConfirmation {
  /** Absent: a name in it was erased. */
  readonly text?: string;
  readonly evidence?: string;
}

export async function openConfirmation(
  sealer: Sealer,
  history: readonly Recorded<DomainEvent>[],
  { effective, letter }: WrittenConfirmation,
  hidden: ReadonlySet<Name>,
): Promise<OpenedConfirmation> {
  const text = await unlessErased(contentOf(sealer, history, effective.revokesAt, hidden));
  // Of one that came back nothing is shown: it told nobody.
  const evidence = letter && (await unlessErased(letterIn(sealer, history)))?.evidence;
  return { ...(text === undefined ? {} : { text }), ...(evidence === undefined ? {} : { evidence }) };
}

export function confirmationView(state: WrittenConfirmation, { text, evidence }: OpenedConfirmation): ConfirmationView {
  const { addressee, confirmation: id, kind, about, event, channel, noChannel, language, contentHash } = state;
  const { status: outcome, failure, failureStatus, writtenAt, endedAt, effective, subject, letter, sending } = state;
  const attempts = state.attempts === 0 ? undefined : state.attempts;
  return {
    ...{ id, kind, about, event },
    addressee: { role: addressee.role, [addressee.kind]: addressee.id } as unknown as AddresseeView,
    channel,
    ...present({ noChannel }),
    ...{ language, contentHash, outcome },
    ...present({ failure, failureStatus, attempts }),
    writtenAt,
    ...present({ endedAt }),
    ...{ effective, subject, sending },
    ...(text !== undefined ? { text } : outcome === 'lapsed' ? {} : { erased: true as const }),
    ...(letter === undefined ? {} : { letter: { ...letter, ...present({ evidence }) } }),
  };
}

export function listedConfirmation(row: ConfirmationRow): ConfirmationListed {
  const { id, kind, authorization, means, event, role, person, party, channel, language, contentHash, outcome } = row;
  const { noChannel, failure, failureStatus, writtenAt, endedAt } = row;
  const attempts = row.attempts === 0 ? null : row.attempts;
  return {
    ...{ id, kind, about: present({ authorization, means }), event },
    addressee: { role, ...present({ person, party }) },
    channel,
    ...present({ noChannel }),
    ...{ language, contentHash, outcome },
    ...present({ failure, failureStatus, attempts }),
    writtenAt,
    ...present({ endedAt }),
  };
}

type Present<T> = { [Key in keyof T]?: NonNullable<T[Key]> };
/** Without what is not there. */
const present = <T extends object>(values: T): Present<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null)) as Present<T>;

const listedExample = {
  id: '6f7a8b9c-1111-4222-8333-944455566677',
  kind: 'authorizationRegistered',
  about: { authorization: '7a8b9c0d-1111-4222-8333-944455566677' },
  event: '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10',
  addressee: { role: 'submitter', person: '8b9c0d1e-1111-4222-8333-944455566677' },
  channel: 'email',
  language: 'nl',
  contentHash: '5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8',
  outcome: 'sent',
  attempts: 1,
  writtenAt: '2026-03-02T10:12:00.000Z',
  endedAt: '2026-03-02T10:12:01.000Z',
};
export const confirmationListedExample = listedExample;
export const failedListedExample = {
  ...listedExample,
  outcome: 'failed',
  failure: 'refused',
  failureStatus: 550,
};
export const confirmationExample = {
  ...listedExample,
  effective: {
    validFrom: '2026-03-02T10:00:00.000Z',
    validUntil: '2031-03-02T10:00:00.000Z',
    capped: true,
    level: 'EH3',
    aimedLevel: 'EH3',
    rightOfSubstitution: false,
    actsIndependently: true,
  },
  subject: 'Bevestiging: machtiging geregistreerd',
  sending: 1,
  text: 'Dit bericht komt van Leverancier, leverancier van eHerkenning. …\n',
};
export const withoutNamesExample = {
  ...confirmationExample,
  text: 'Dit bericht komt van Leverancier, leverancier van eHerkenning. …\n\nGemachtigde: {authorized}\n…\n',
  withoutNames: true,
};
const { text: _text, ...withoutText } = confirmationExample;
export const byLetterExample = {
  ...confirmationExample,
  ...{ channel: 'letter', sending: 2, attempts: 3, endedAt: '2026-03-05T22:59:59.999Z' },
  letter: { on: '2026-03-05', late: false, evidence: 'registered letter 3SABCD1234567' },
};
const { attempts: _attempts, endedAt: _endedAt, ...notEnded } = confirmationExample;
export const retriedExample = { ...notEnded, outcome: 'waiting', sending: 2 };
export const notReachedExample = {
  ...confirmationExample,
  ...{ outcome: 'failed', failure: 'notReached', endedAt: '2026-03-05T09:30:00.000Z' },
};
export const erasedConfirmationExample = { ...withoutText, erased: true };
