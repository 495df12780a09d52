import type { Instant } from '#libs/kernel';
import { CHECK_TYPES, DOCUMENT_TYPES, MEANS_STATUSES, STANDINGS, type Standing } from '#libs/domain';
import type { RecordKind } from '#libs/eventing';
import { READING_PURPOSES, type ReadingPurpose } from '#libs/application';
import { IsChoice, IsFlag, IsInstant, IsText, IsUuidString, IsWhole, named, Optional } from '#libs/platform';

/** What every question of an auditor has. Every filter that is given has to be met. */
export class AuditQuestion {
  @IsText(500, { description: 'Why the auditor reads this; kept with the reading' }) reason!: string;
  @IsInstant({ description: 'Recorded at or after' }) @Optional() recordedFrom?: Instant;
  @IsInstant({ description: 'Recorded before' }) @Optional() recordedBefore?: Instant;
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}

export class SearchChecksRequest extends AuditQuestion {
  @IsUuidString({ description: 'This check' }) @Optional() id?: string;
  @IsUuidString({ description: 'Checks that this authorization rests on' }) @Optional() authorization?: string;
  @IsUuidString({ description: 'Checks that this means rests on, or that are about it' }) @Optional() means?: string;
  @IsUuidString({ description: 'Checks about this person, or in which he has a part' }) @Optional() person?: string;
  @IsUuidString({ description: 'Checks about this party, or in which it has a part' }) @Optional() party?: string;
  @IsUuidString({ description: 'Checks of this intake' }) @Optional() application?: string;
  @IsChoice(CHECK_TYPES, { description: 'Kind of check' }) @Optional() type?: string;
  @IsFlag({ description: 'Late entries only, or none of them' }) @Optional() late?: boolean;
  @IsInstant({ description: 'Performed at or after' }) @Optional() performedFrom?: Instant;
  @IsInstant({ description: 'Performed before' }) @Optional() performedBefore?: Instant;
}

export class SearchAuditedAuthorizationsRequest extends AuditQuestion {
  @IsUuidString({ description: 'This authorization' }) @Optional() id?: string;
  @IsUuidString({ description: 'Represented or authorized party' }) @Optional() party?: string;
  @IsUuidString({ description: 'Submitter, legal representative or authorized person' }) @Optional() person?: string;
  @IsUuidString({ description: 'Linked to this means' }) @Optional() means?: string;
  @IsUuidString({ description: 'Registered on this intake' }) @Optional() application?: string;
  @IsChoice(STANDINGS, { description: 'As the items show it' }) @Optional() status?: Standing;
}

export class SearchAuditedMeansRequest extends AuditQuestion {
  @IsUuidString({ description: 'This means' }) @Optional() id?: string;
  @IsUuidString({ description: 'Service consumer that it was applied for' }) @Optional() party?: string;
  @IsUuidString({ description: 'Its holder' }) @Optional() person?: string;
  @IsUuidString({ description: 'Applied for on this intake' }) @Optional() application?: string;
  @IsChoice(MEANS_STATUSES, { description: 'As the items show it' }) @Optional() status?: string;
}

export class SearchAuditedPersonsRequest extends AuditQuestion {
  @IsUuidString({ description: 'This person' }) @Optional() id?: string;
  @IsUuidString({ description: 'Whose document this is' }) @Optional() document?: string;
  @IsUuidString({ description: 'Holder of this means' }) @Optional() means?: string;
}

export class SearchAuditedLevelsRequest extends SearchAuditedAuthorizationsRequest {}

const ACTOR = 'By this client, clerk (his reference) or process';

export class SearchAuditedDocumentsRequest extends AuditQuestion {
  @IsUuidString({ description: 'This document' }) @Optional() id?: string;
  @IsUuidString({ description: 'Documents of this person' }) @Optional() person?: string;
  @IsChoice(DOCUMENT_TYPES, { description: 'Kind of document' }) @Optional() type?: string;
  @IsText(200, { description: ACTOR }) @Optional() actor?: string;
}

export class SearchAuditedEventsRequest extends AuditQuestion {
  @IsUuidString({ description: 'Events of this object, whatever it is' }) @Optional() object?: string;
  @IsText(100, { description: 'Type of event' }) @Optional() type?: string;
  @IsText(200, { description: ACTOR }) @Optional() actor?: string;
}

export const RECORD_KINDS = named(
  'RecordKind',
  ['decision', 'refusal', 'reading'] as const satisfies readonly RecordKind[],
  'What is on record besides events: an answer at use, a no of the rules, a reading',
);

export class SearchAuditedRecordsRequest extends AuditQuestion {
  @IsUuidString({ description: 'Records that name this object' }) @Optional() object?: string;
  @IsChoice(RECORD_KINDS, { description: 'Kind of record' }) @Optional() type?: RecordKind;
  @IsText(200, { description: ACTOR }) @Optional() actor?: string;
}

const PURPOSES = named(
  'ReadingPurpose',
  READING_PURPOSES,
  'Why something was read: an auditor asked, a person saw what is his to see, names were told to whoever passes them on',
);

export class SearchAuditedReadingsRequest extends AuditQuestion {
  @IsText(200, { description: 'By this clerk (his reference), or viewed by this person (his id)' })
  @Optional()
  reader?: string;
  @IsText(200, { description: 'Asked through this client' }) @Optional() client?: string;
  @IsUuidString({ description: 'Readings that asked for this object, or showed it' }) @Optional() object?: string;
  @IsUuidString({ description: 'Readings that showed something of this person' }) @Optional() person?: string;
  @IsText(500, { description: 'Of this processing activity: its URI, as items show it' }) @Optional() activity?: string;
  @IsChoice(PURPOSES, { description: 'Why it was read' }) @Optional() purpose?: ReadingPurpose;
  @IsText(100, { description: 'What was read: a list, or a kind of object' }) @Optional() what?: string;
}

export const READING_STATUSES = named(
  'ReadingStatus',
  ['Ok', 'Error'] as const,
  'Whether a reading failed by a fault of ours',
);

export { PURPOSES as READING_PURPOSE_NAMES };
