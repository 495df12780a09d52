import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { referenceTo } from '#libs/platform';
import { AuthorizationView, CurrentLevelView, MeansView, PersonView } from '#libs/composition';
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
