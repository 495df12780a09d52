import { epochOf, parseInstant, type Instant } from '#libs/kernel';
import { VIEWER_DOCS, ViewerRequest } from '#libs/composition';
import { STANDINGS, type Standing } from '#libs/domain';
import { EH_LEVELS, type EhLevel } from '#libs/scheme';
import {
  Condition,
  isPlainObject,
  IsChoice,
  IsFlag,
  IsForm,
  IsInstant,
  IsText,
  IsTextList,
  IsUuidList,
  IsUuidString,
  IsWhole,
  Nested,
  NestedList,
  OneOf,
  Optional,
  Refers,
  type Fault,
} from '#libs/platform';

export const SUBMITTER_ROLES = [
  'legalRepresentative',
  'mandateHolder',
  'proxyHolder',
  'administrator',
  'other',
] as const;

class PartyReference {
  @Refers('party')
  @IsUuidString({ description: 'Id of the party' })
  party!: string;
}
class PersonReference {
  @Refers('person')
  @IsUuidString({ description: 'Id of the person' })
  person!: string;
}
class SubmitterReference {
  @Refers('person')
  @IsUuidString({ description: 'Id of the person who submits' })
  person!: string;
  @IsChoice(SUBMITTER_ROLES, { description: 'In which role he submits; what it is worth is proven by checks' })
  role!: (typeof SUBMITTER_ROLES)[number];
}
@OneOf({ AuthorizedPersonReference: ['person', 'means'], IntermediaryReference: ['party'] })
class AuthorizedPartyReference {
  @Refers('person')
  @IsUuidString({ description: 'A natural person, together with `means`' })
  @Optional()
  person?: string;
  @Refers('means')
  @IsUuidString({ description: 'The one means he is authorized with (REG-06)' })
  @Optional()
  means?: string;
  @Refers('party')
  @IsUuidString({ description: 'A legal person (intermediary) instead' })
  @Optional()
  party?: string;
}
class GroupReference {
  @Refers('group')
  @IsText(100, { description: 'Id of the group' })
  id!: string;
  @IsFlag({ description: 'Also services that join the group later' }) includesLaterServices!: boolean;
}
@Condition({
  if: { properties: { all: { const: true } }, required: ['all'] },
  then: { properties: { services: { maxItems: 0 }, groups: { maxItems: 0 } } },
  else: {
    anyOf: [
      { properties: { services: { minItems: 1 } }, required: ['services'] },
      { properties: { groups: { minItems: 1 } }, required: ['groups'] },
    ],
  },
})
class ScopeRequest {
  @IsFlag({ description: 'All services; then neither services nor groups are named' }) @Optional() all?: boolean;
  @Refers('service')
  @IsTextList(200, { description: 'Ids of the service catalogue' })
  @Optional()
  services?: string[];
  @NestedList(() => GroupReference, { description: 'Groups of services' }) @Optional() groups?: GroupReference[];
}
class NatureRequest {
  @IsFlag({ description: 'May authorize a further party (CONT-09)' }) rightOfSubstitution!: boolean;
  @IsFlag({ description: 'May act alone (CONT-09)' }) actsIndependently!: boolean;
}
class PeriodRequest {
  @IsInstant({ description: 'Begin' }) from!: Instant;
  @IsInstant({ description: 'At most five years after `from`; longer is capped (REG-08)' }) until!: Instant;
}

export class RegisterAuthorizationRequest {
  @Refers('application')
  @IsUuidString({ description: 'Intake with purpose `registration`' })
  application!: string;
  @IsChoice(['first', 'repeated'], { description: 'The book it is judged by (NORM-06)' }) registration!:
    'first' | 'repeated';
  @IsChoice(['regular', 'administration'], { description: 'What is registered' }) @Optional() authority?:
    'regular' | 'administration';
  @Nested(() => PartyReference, { description: 'Who is represented' }) representedParty!: PartyReference;
  @Nested(() => SubmitterReference, { description: 'Who submits, and in which role' }) submitter!: SubmitterReference;
  @Nested(() => PersonReference, { description: 'Grantor of a proxy' })
  @Optional()
  legalRepresentative?: PersonReference;
  @Nested(() => AuthorizedPartyReference, { description: 'Who is authorized: a person with one means, or a party' })
  authorizedParty!: AuthorizedPartyReference;
  @Refers('check')
  @IsUuidList({ least: 0, most: 200, description: 'Checks it rests on' })
  checks!: string[];
  @IsChoice(EH_LEVELS, { code: 'unknown-level', description: 'Level aimed at (REG-16)' }) aimedLevel!: EhLevel;
  @IsFlag({ description: 'Register at the level reached when it is lower (REG-16)' }) @Optional() acceptLower?: boolean;
  @Nested(() => ScopeRequest, { description: 'What it covers: all, or services and groups' }) scope!: ScopeRequest;
  @IsTextList(100, { least: 1, description: 'Only these establishments of the represented party' })
  @Optional()
  establishments?: string[];
  @IsFlag({ description: 'For the intermediary’s clients, not for itself (CONT-05)' })
  @Optional()
  forThirdParties?: boolean;
  @Refers('party')
  @IsUuidList({ least: 1, most: 1_000, description: 'In a chain for these parties only (CHAIN-10)' })
  @Optional()
  onlyForClients?: string[];
  @IsForm(
    /^\d{20}$/,
    { en: 'an OIN: 20 digits', nl: 'een OIN: 20 cijfers' },
    { description: 'Of a link to an intermediary: the register of the next one (CHAIN-09); absent: this one' },
  )
  @Optional()
  nextLinkRegister?: string;
  @Nested(() => NatureRequest, { description: 'The nature of the authority (CONT-09)' }) nature!: NatureRequest;
  @Nested(() => PeriodRequest, { description: 'Period of validity' }) period!: PeriodRequest;
  @IsFlag({ description: 'Consent to show what VIS-02 needs (CONSENT-07)' }) displayConsent!: boolean;
  @IsFlag({
    description:
      'Of a person: the represented party states that he permits it (CONSENT-08); without it he is shown to none of the others',
  })
  @Optional()
  displayPermitted?: boolean;
  @IsFlag({ description: 'The person activates it himself before use (REG-15)' })
  @Optional()
  awaitsActivation?: boolean;
  @IsText(500, { description: 'Why a SHOULD was departed from (NORM-03)' }) @Optional() deviationReason?: string;

  static between({ authority, period, ...request }: RegisterAuthorizationRequest): readonly Fault[] {
    // Whatever else is wrong it is called, and a member may be of any type.
    const { authorizedParty } = request;
    const faults: Fault[] = [];
    if (isPlainObject(authorizedParty)) {
      const { person, means, party } = authorizedParty;
      const isPerson = person !== undefined && means !== undefined && party === undefined;
      const isParty = party !== undefined && person === undefined && means === undefined;
      if (!isPerson && !isParty)
        faults.push(
          together('/authorizedParty', 'either person and means, or party', 'ofwel person en means, ofwel party'),
        );
      if (party !== undefined && request.displayPermitted !== undefined)
        faults.push(together('/displayPermitted', 'it is about a person', 'het gaat over een persoon'));
      if (isParty && authority === 'administration') {
        // Beside a means of his own his authority is registered (ADMIN-06).
        faults.push(
          together(
            '/authorizedParty',
            'an administrator is a person with a means',
            'een beheerder is een persoon met een middel',
          ),
        );
      }
    }
    faults.push(...scopeFaults(request.scope, '/scope'));
    faults.push(...emptyPeriod(period));
    return faults;
  }
}

const together = (pointer: string, en: string, nl: string): Fault => ({
  pointer,
  code: 'invalid-value',
  detail: { en, nl },
  inWords: { reason: { en, nl } },
});
/** The evaluations drop fractions of a second: what is empty without them never held (classification.md §0). */
const emptyPeriod = (period: unknown, pointer = '/period'): readonly Fault[] =>
  isPlainObject(period) &&
  isInstant(period['from']) &&
  isInstant(period['until']) &&
  secondOf(period['until']) <= secondOf(period['from'])
    ? [
        together(
          `${pointer}/until`,
          'must be at least a second later than from',
          'moet ten minste een seconde later zijn dan from',
        ),
      ]
    : [];
function scopeFaults(scope: unknown, pointer: string): readonly Fault[] {
  if (!isPlainObject(scope)) return [];
  const named = lengthOf(scope['services']) + lengthOf(scope['groups']);
  return (scope['all'] === true) === named > 0
    ? [together(pointer, 'either all, or services and groups', 'ofwel all, ofwel services en groups')]
    : [];
}
const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0);
const isInstant = (value: unknown): value is Instant => typeof value === 'string' && parseInstant(value) !== undefined;
const secondOf = (moment: Instant): number => Math.floor(epochOf(moment) / 1_000);

/** What every new decision on an authorization names (REG-13). */
class DecideAnewRequest {
  @IsChoice(['first', 'repeated'], { description: 'The book it is judged by (NORM-06)' }) registration!:
    'first' | 'repeated';
  @Nested(() => SubmitterReference, { description: 'Who submits, and in which role' }) submitter!: SubmitterReference;
  @Nested(() => PersonReference, { description: 'Grantor of a proxy' })
  @Optional()
  legalRepresentative?: PersonReference;
  @Refers('check')
  @IsUuidList({ least: 0, most: 200, description: 'Checks it rests on: those of its own intake' })
  checks!: string[];
  @IsChoice(EH_LEVELS, { code: 'unknown-level', description: 'Level aimed at (REG-16)' }) aimedLevel!: EhLevel;
  @IsText(500, { description: 'Why a SHOULD was departed from (NORM-03)' }) @Optional() deviationReason?: string;
}

export class RenewAuthorizationRequest extends DecideAnewRequest {
  @Refers('application')
  @IsUuidString({ description: 'Intake with purpose `renewal`' })
  application!: string;
  @IsFlag({ description: 'Renew at the level reached when that is lower than it has (REN-04)' })
  @Optional()
  acceptLower?: boolean;
  @Nested(() => PeriodRequest, {
    description: 'The new period, which begins no later than the present one ends; it is in force until then as well',
  })
  period!: PeriodRequest;

  static between({ period }: RenewAuthorizationRequest): readonly Fault[] {
    return emptyPeriod(period);
  }
}

class ChangedContent {
  @Nested(() => ScopeRequest, { description: 'What it covers: all, or services and groups' })
  @Optional()
  scope?: ScopeRequest;
  @IsFlag({ description: 'For the intermediary’s clients, not for itself (CONT-05)' })
  @Optional()
  forThirdParties?: boolean;
  @IsTextList(100, { least: 1, description: 'Only these establishments of the represented party' })
  @Optional()
  establishments?: string[];
  @IsFlag({ description: 'No longer limited to establishments; then none are named' })
  @Optional()
  everywhere?: boolean;
  @Nested(() => NatureRequest, { description: 'The nature of the authority (CONT-09)' })
  @Optional()
  nature?: NatureRequest;
  @Nested(() => PeriodRequest, {
    description: 'Period of validity. What has begun stays begun, and ends no later than it does: that is a renewal',
  })
  @Optional()
  period?: PeriodRequest;
}

export class ChangeAuthorizationRequest extends DecideAnewRequest {
  @Refers('application')
  @IsUuidString({ description: 'Intake with purpose `change`' })
  application!: string;
  @IsFlag({ description: 'Change at the level reached when that is lower (REG-16)' })
  @Optional()
  acceptLower?: boolean;
  @Nested(() => ChangedContent, { description: 'What is to be other; the rest stays as it is' }) set!: ChangedContent;

  static between({ set }: ChangeAuthorizationRequest): readonly Fault[] {
    if (!isPlainObject(set)) return [];
    const { scope, establishments, everywhere, period } = set as Partial<ChangedContent>;
    return [
      ...(Object.values(set).every((member) => member === undefined)
        ? [together('/set', 'at least one member', 'ten minste één onderdeel')]
        : []),
      ...scopeFaults(scope, '/set/scope'),
      ...(everywhere === true && establishments !== undefined
        ? [
            together(
              '/set/everywhere',
              'either everywhere, or establishments',
              'ofwel everywhere, ofwel establishments',
            ),
          ]
        : []),
      ...emptyPeriod(period, '/set/period'),
    ];
  }
}

export class ActivateAuthorizationRequest {
  @Refers('application')
  @IsUuidString({ description: 'Intake with purpose `activation`' })
  application!: string;
  @Refers('check')
  @IsUuidList({ least: 1, most: 20, description: 'The login with the linked means' })
  checks!: string[];
  @Refers('happened')
  @IsInstant({ description: 'When the person activated it' })
  activatedAt!: Instant;
  @IsText(500, { description: 'Why something older than 31 days is entered now' })
  @Optional()
  lateEntryReason?: string;
}

class DisplayStaterReference {
  @Refers('person')
  @IsUuidString({ description: 'Who states it for the represented party: its administrator or legal representative' })
  person!: string;
  @Refers('check')
  @IsUuidString({ description: 'Check of his login, on this intake and no older than a session' })
  authentication!: string;
}

export class StateDisplayPermissionRequest {
  @Refers('application')
  @IsUuidString({ description: 'Intake with purpose `change`' })
  application!: string;
  @Nested(() => DisplayStaterReference, {
    description: 'Who states it; a representation check on the intake shows a legal representative',
  })
  statedBy!: DisplayStaterReference;
  @IsFlag({ description: 'Whether the person permits that others of the party see and use who he is (CONSENT-08)' })
  permitted!: boolean;
}

const NON_USE_STANDINGS = ['noticed'] as const;

export class SearchAuthorizationsRequest {
  @IsUuidString({ description: 'The party that is represented' }) @Optional() representedParty?: string;
  @IsUuidString({ description: 'The person who may act' }) @Optional() authorizedPerson?: string;
  @Nested(() => ViewerRequest, VIEWER_DOCS) @Optional() viewer?: ViewerRequest;
  @IsUuidString({ description: 'The intermediary that may act' }) @Optional() authorizedParty?: string;
  @IsUuidString({ description: 'Linked to this means' }) @Optional() means?: string;
  @IsChoice(STANDINGS, { description: 'As the items show it' }) @Optional() status?: Standing;
  @IsInstant({ description: 'Ends before then and has not ended: the first to end first, in place of the newest' })
  @Optional()
  endsBefore?: Instant;
  @IsInstant({ description: 'Registered and begun before then, and not used since; a day of use counts whole' })
  @Optional()
  notUsedSince?: Instant;
  @IsChoice(NON_USE_STANDINGS, {
    description: 'Not used for so long that it will be revoked: the first to end first, in place of the newest',
  })
  @Optional()
  nonUse?: (typeof NON_USE_STANDINGS)[number];
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}
