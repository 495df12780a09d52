import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { WHY } from '#libs/application';
import { AuthorizationView, CurrentLevelView, MeansView, PersonView } from '#libs/composition';
import { CheckView } from '../checks/check.view.js';

/** A decision on a dossier that the check was part of. */
export class SupportedView {
  @ApiPropertyOptional({ format: 'uuid', description: 'The authorization that was decided' }) authorization?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'Or the means' }) means?: string;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Per aspect, the rows it carries' })
  rows!: object;
  @ApiPropertyOptional({
    description: 'Whether it could earn something; absent on what was decided before that was kept',
  })
  counts?: boolean;
  @ApiPropertyOptional({ enum: Object.keys(WHY), description: 'Why it does not, or with what reserve' }) why?: string;
  @ApiPropertyOptional({ description: 'It was not named: it came along by itself (PROOF-01)' }) joined?: boolean;
  @ApiPropertyOptional({ description: 'A later answer to the same question took its place' }) superseded?: boolean;
  @ApiPropertyOptional({ type: String, nullable: true, description: 'Level the authorization was registered at' })
  level?: string | null;
  @ApiPropertyOptional({ type: Number, nullable: true, description: 'STORK level of the means; null until issued' })
  stork?: number | null;
  @ApiProperty({ type: String, nullable: true, description: 'Version of the rules it was judged by' })
  ruleSet!: string | null;
}

export class AuditedCheck extends CheckView {
  @ApiProperty({ format: 'date-time' }) recordedAt!: string;
  @ApiProperty({ format: 'uuid', isArray: true, type: 'string', description: 'Authorizations that rest on it' })
  authorizations!: readonly string[];
  @ApiProperty({ format: 'uuid', isArray: true, type: 'string', description: 'Means that rest on it' })
  means!: readonly string[];
  @ApiProperty({ format: 'uuid', isArray: true, type: 'string', description: 'Revocation requests that rest on it' })
  revocationRequests!: readonly string[];
  @ApiPropertyOptional({ format: 'uuid', description: 'Means that a login was with' }) usedMeans?: string;
  @ApiProperty({ type: SupportedView, isArray: true, description: 'What those decisions made of it' })
  supports!: readonly SupportedView[];
}

export class AuditedAuthorization extends AuthorizationView {
  @ApiProperty({ format: 'date-time' }) recordedAt!: string;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Who submitted it, and in which role' })
  submitter!: object;
  @ApiPropertyOptional({ format: 'uuid', description: 'Grantor of a proxy' }) legalRepresentative?: string;
}

export class AuditedMeans extends MeansView {
  @ApiProperty({ format: 'date-time' }) recordedAt!: string;
}

export class AuditedPerson extends PersonView {
  @ApiProperty({ format: 'date-time' }) recordedAt!: string;
  @ApiProperty({ description: 'Something of it is left out: its key was destroyed' }) erased!: boolean;
}

export class AuditedLevel extends CurrentLevelView {
  @ApiProperty({ format: 'date-time' }) recordedAt!: string;
}

class AuditedPage {
  @ApiProperty({ type: 'string', nullable: true }) next!: string | null;
  @ApiProperty({ format: 'uuid', description: 'Record of this reading' }) reading!: string;
}

export class AuditedCheckPage extends AuditedPage {
  @ApiProperty({ type: AuditedCheck, isArray: true }) items!: AuditedCheck[];
}
export class AuditedAuthorizationPage extends AuditedPage {
  @ApiProperty({ type: AuditedAuthorization, isArray: true }) items!: AuditedAuthorization[];
}
export class AuditedMeansPage extends AuditedPage {
  @ApiProperty({ type: AuditedMeans, isArray: true }) items!: AuditedMeans[];
}
export class AuditedPersonPage extends AuditedPage {
  @ApiProperty({ type: AuditedPerson, isArray: true }) items!: AuditedPerson[];
}
export class AuditedLevelPage extends AuditedPage {
  @ApiProperty({ type: AuditedLevel, isArray: true }) items!: AuditedLevel[];
  @ApiProperty({ description: 'Version of the rules' }) ruleSet!: string;
}
