import type { Instant } from '#libs/kernel';
import { STANDINGS, type Standing } from '#libs/domain';
import { EH_LEVELS, type EhLevel } from '#libs/scheme';
import {
  IsChoice,
  IsFlag,
  IsInstant,
  IsText,
  IsTextList,
  IsUuidList,
  IsUuidString,
  IsWhole,
  Nested,
  NestedList,
  Optional,
} from '#libs/platform';

export const SUBMITTER_ROLES = [
  'legalRepresentative',
  'mandateHolder',
  'proxyHolder',
  'administrator',
  'other',
] as const;

class PartyReference {
  @IsUuidString() party!: string;
}
class PersonReference {
  @IsUuidString() person!: string;
}
class SubmitterReference {
  @IsUuidString() person!: string;
  @IsChoice(SUBMITTER_ROLES, { description: 'In which role he submits; what it is worth is proven by checks' })
  role!: (typeof SUBMITTER_ROLES)[number];
}
class AuthorizedPartyReference {
  @IsUuidString({ description: 'A natural person, together with `means`' }) @Optional() person?: string;
  @IsUuidString({ description: 'The one means he is authorized with (REG-06)' }) @Optional() means?: string;
  @IsUuidString({ description: 'A legal person (intermediary) instead' }) @Optional() party?: string;
}
class GroupReference {
  @IsText(100) id!: string;
  @IsFlag({ description: 'Also services that join the group later' }) includesLaterServices!: boolean;
}
class ScopeRequest {
  @IsFlag({ description: 'All services' }) @Optional() all?: boolean;
  @IsTextList(200, { description: 'Ids of the service catalogue' }) @Optional() services?: string[];
  @NestedList(() => GroupReference) @Optional() groups?: GroupReference[];
}
class NatureRequest {
  @IsFlag({ description: 'May authorize a further party (CONT-09)' }) rightOfSubstitution!: boolean;
  @IsFlag({ description: 'May act alone (CONT-09)' }) actsIndependently!: boolean;
}
class PeriodRequest {
  @IsInstant() from!: Instant;
  @IsInstant({ description: 'At most five years after `from`; longer is capped (REG-08)' }) until!: Instant;
}

export class RegisterAuthorizationRequest {
  @IsUuidString({ description: 'Intake with purpose `registration`' }) application!: string;
  @IsChoice(['first', 'repeated'], { description: 'The book it is judged by (NORM-06)' }) registration!:
    'first' | 'repeated';
  @IsChoice(['regular', 'administration'], { description: 'What is registered' }) @Optional() authority?:
    'regular' | 'administration';
  @Nested(() => PartyReference) representedParty!: PartyReference;
  @Nested(() => SubmitterReference) submitter!: SubmitterReference;
  @Nested(() => PersonReference, { description: 'Grantor of a proxy' })
  @Optional()
  legalRepresentative?: PersonReference;
  @Nested(() => AuthorizedPartyReference) authorizedParty!: AuthorizedPartyReference;
  @IsUuidList({ least: 0, most: 200, description: 'Checks it rests on' }) checks!: string[];
  @IsChoice(EH_LEVELS, { code: 'unknown-level', description: 'Level aimed at (REG-16)' }) aimedLevel!: EhLevel;
  @IsFlag({ description: 'Register at the level reached when it is lower (REG-16)' }) @Optional() acceptLower?: boolean;
  @Nested(() => ScopeRequest) scope!: ScopeRequest;
  @IsTextList(100, { least: 1, description: 'Only these establishments of the represented party' })
  @Optional()
  establishments?: string[];
  @IsFlag({ description: 'For the intermediary’s clients, not for itself (CONT-05)' })
  @Optional()
  forThirdParties?: boolean;
  @IsUuidList({ least: 1, most: 1_000, description: 'In a chain for these parties only (CHAIN-10)' })
  @Optional()
  onlyForClients?: string[];
  @Nested(() => NatureRequest) nature!: NatureRequest;
  @Nested(() => PeriodRequest) period!: PeriodRequest;
  @IsFlag({ description: 'Consent to show what VIS-02 needs (CONSENT-07)' }) displayConsent!: boolean;
  @IsFlag({ description: 'The person activates it himself before use (REG-15)' })
  @Optional()
  awaitsActivation?: boolean;
  @IsText(500, { description: 'Why a SHOULD was departed from (NORM-03)' }) @Optional() deviationReason?: string;
}

export class ActivateAuthorizationRequest {
  @IsUuidString({ description: 'Intake with purpose `activation`' }) application!: string;
  @IsUuidList({ least: 1, most: 20, description: 'The login with the linked means' }) checks!: string[];
  @IsInstant() activatedAt!: Instant;
  @IsText(500, { description: 'Why something older than 31 days is entered now' })
  @Optional()
  lateEntryReason?: string;
}

export class SearchAuthorizationsRequest {
  @IsUuidString() @Optional() representedParty?: string;
  @IsUuidString() @Optional() authorizedPerson?: string;
  @IsUuidString() @Optional() authorizedParty?: string;
  @IsUuidString() @Optional() means?: string;
  @IsChoice(STANDINGS, { description: 'As the items show it' }) @Optional() status?: Standing;
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}
