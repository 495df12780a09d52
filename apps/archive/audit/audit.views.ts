import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { referenceTo } from '#libs/platform';
import { AuthorizationView, CurrentLevelView, DocumentView, MeansView, PersonView } from '#libs/composition';
import { READING_PURPOSE_NAMES, READING_STATUSES, RECORD_KINDS } from './audit.requests.js';
import type { CheckView } from '../checks/check.view.js';
import type { CheckSupport } from './audited-members.js';

/** Roles in which a person submits (classification.md §1.2). */
const SUBMITTER_ROLES = ['legalRepresentative', 'mandateHolder', 'proxyHolder', 'administrator', 'other'] as const;

/** The contract has one component per kind: apps/archive/checks/check-components.ts. */
export type AuditedCheck = Omit<CheckView, 'means'> & CheckSupport;

/** In which role a person submitted. */
export class SubmitterView {
  @ApiProperty({ format: 'uuid', description: 'The person who submitted' }) readonly person!: string;
  @ApiProperty({ enum: SUBMITTER_ROLES, description: 'In which role' }) readonly role!: string;
}

export class AuditedAuthorization extends AuthorizationView {
  @ApiProperty({ format: 'date-time', description: 'When it was last changed' }) recordedAt!: string;
  @ApiProperty({ description: 'Who submitted it, and in which role' }) submitter!: SubmitterView;
  @ApiPropertyOptional({ format: 'uuid', description: 'Grantor of a proxy' }) legalRepresentative?: string;
}

export class AuditedMeans extends MeansView {
  @ApiProperty({ format: 'date-time', description: 'When it was last changed' }) recordedAt!: string;
}

export class AuditedPerson extends PersonView {
  @ApiProperty({ format: 'date-time', description: 'When it was last changed' }) recordedAt!: string;
  @ApiProperty({ description: 'Something of it is left out: its key was destroyed' }) erased!: boolean;
}

export class AuditedLevel extends CurrentLevelView {
  @ApiProperty({ format: 'date-time', description: 'When it was last changed' }) recordedAt!: string;
}

/** Who did it: a client, with the clerk behind it, or a process of ours. */
export class ActorView {
  @ApiPropertyOptional({ description: 'The program' }) client?: string;
  @ApiPropertyOptional({ description: 'The clerk behind it: a random reference' }) clerk?: string;
  @ApiPropertyOptional({ description: 'Or a process of the register' }) system?: string;
}

export class AuditedDocument extends DocumentView {
  @ApiProperty({ format: 'uuid', description: 'Whose document it is' }) person!: string;
  @ApiProperty({ format: 'date-time', description: 'When it was recorded' }) recordedAt!: string;
  @ApiProperty({ type: [String], description: 'Who recorded it: client and clerk, or process' })
  actors!: readonly string[];
  @ApiProperty({ description: 'Something of it is left out: its key was destroyed' }) erased!: boolean;
}

const AS_STORED = 'The text as it is stored and sequenced (RFC 8785); personal members are sealed in it';

export class AuditedEvent {
  @ApiProperty({ format: 'uuid', description: 'Id of the event' }) id!: string;
  @ApiProperty({ description: 'Its type' }) type!: string;
  @ApiProperty({ description: 'The stream that it stands in' }) stream!: string;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Its place in the stream' }) revision!: number;
  @ApiProperty({ description: 'Its place in the log' }) position!: string;
  @ApiProperty({ format: 'date-time', description: 'When it was recorded' }) recordedAt!: string;
  @ApiProperty({ description: 'Who caused it' }) actor!: ActorView;
  @ApiProperty({ description: 'What belongs together has the same' }) correlationId!: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The event that caused it' }) causationId?: string;
  @ApiPropertyOptional({ description: 'Rules that it was judged by' }) ruleSet?: string;
  @ApiProperty({ description: AS_STORED }) bytes!: string;
}

export class AuditedRecord {
  @ApiProperty({ format: 'uuid', description: 'Id of the record' }) id!: string;
  @ApiProperty({ enum: RECORD_KINDS, description: 'What it is' }) kind!: string;
  @ApiProperty({ description: 'Its place in the record log' }) position!: string;
  @ApiProperty({ format: 'date-time', description: 'When it was recorded' }) recordedAt!: string;
  @ApiProperty({ description: 'Who asked' }) actor!: ActorView;
  @ApiProperty({ description: 'What belongs together has the same' }) correlationId!: string;
  @ApiProperty({ description: AS_STORED }) bytes!: string;
}

/** Who viewed, where a person did. */
export class ReadingViewerView {
  @ApiProperty({ format: 'uuid', description: 'The person who viewed' }) readonly person!: string;
  @ApiProperty({ format: 'uuid', description: 'Check of his login' }) readonly authentication!: string;
}

export class AuditedReading {
  @ApiProperty({ format: 'uuid', description: 'Id of the record' }) id!: string;
  @ApiProperty({ description: 'Its place in the record log' }) position!: string;
  @ApiProperty({ format: 'date-time', description: 'When it was recorded' }) recordedAt!: string;
  @ApiProperty({ description: 'Who asked' }) actor!: ActorView;
  @ApiProperty({ description: 'What belongs together has the same' }) correlationId!: string;
  @ApiProperty({ enum: READING_PURPOSE_NAMES, description: 'Why something was read' }) purpose!: string;
  @ApiProperty({ description: 'What was read: a list, or a kind of object' }) what!: string;
  @ApiPropertyOptional({ description: 'Why, in the words of who read' }) reason?: string;
  @ApiProperty({ description: 'The reason is left out: its key was destroyed' }) erased!: boolean;
  @ApiPropertyOptional({ description: 'The person who viewed' }) viewer?: ReadingViewerView;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'What was asked for' })
  question?: object;
  @ApiProperty({ type: [String], description: 'Ids of what was shown, the first 100' }) shown!: readonly string[];
  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many were shown' }) shownCount!: number;
  @ApiPropertyOptional({ type: [String], description: 'Persons of whom something was shown, the first 100' })
  subjects?: readonly string[];
  @ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'How many persons' }) subjectCount?: number;
  @ApiPropertyOptional({ format: 'uuid', description: 'It names persons of this reading, which had no room for them' })
  partOf?: string;
  @ApiPropertyOptional({ description: 'URI of the processing activity' }) activity?: string;
  @ApiPropertyOptional({ description: 'Trace that it belongs to' }) traceId?: string;
  @ApiPropertyOptional({ description: 'Its span' }) spanId?: string;
  @ApiPropertyOptional({ enum: READING_STATUSES, description: '`Error`: it failed, and nothing was shown' })
  status?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'When the work began' }) startedAt?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it was done' }) endedAt?: string;
}

class AuditedPage {
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
  @ApiProperty({ format: 'uuid', description: 'Record of this reading' }) reading!: string;
}

export class AuditedCheckPage extends AuditedPage {
  @ApiProperty({ type: 'array', items: referenceTo('AuditedCheck'), description: 'Newest first' })
  items!: AuditedCheck[];
}
export class AuditedAuthorizationPage extends AuditedPage {
  @ApiProperty({ type: AuditedAuthorization, isArray: true, description: 'Newest first' })
  items!: AuditedAuthorization[];
}
export class AuditedMeansPage extends AuditedPage {
  @ApiProperty({ type: AuditedMeans, isArray: true, description: 'Newest first' }) items!: AuditedMeans[];
}
export class AuditedPersonPage extends AuditedPage {
  @ApiProperty({ type: AuditedPerson, isArray: true, description: 'Newest first' }) items!: AuditedPerson[];
}
export class AuditedLevelPage extends AuditedPage {
  @ApiProperty({ type: AuditedLevel, isArray: true, description: 'Newest first' }) items!: AuditedLevel[];
  @ApiProperty({ description: 'Version of the rules' }) ruleSet!: string;
}
export class AuditedDocumentPage extends AuditedPage {
  @ApiProperty({ type: AuditedDocument, isArray: true, description: 'Newest first' }) items!: AuditedDocument[];
}
export class AuditedEventPage extends AuditedPage {
  @ApiProperty({ type: AuditedEvent, isArray: true, description: 'Newest first' }) items!: AuditedEvent[];
}
export class AuditedRecordPage extends AuditedPage {
  @ApiProperty({ type: AuditedRecord, isArray: true, description: 'Newest first' }) items!: AuditedRecord[];
}
export class AuditedReadingPage extends AuditedPage {
  @ApiProperty({ type: AuditedReading, isArray: true, description: 'Newest first' }) items!: AuditedReading[];
}
