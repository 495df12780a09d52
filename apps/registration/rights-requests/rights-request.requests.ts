import type { Instant } from '#libs/kernel';
import { RIGHTS_REFUSALS, RIGHTS_TYPES, type RightsRefusal, type RightsType } from '#libs/domain';
import {
  IsChoice,
  IsInstant,
  IsText,
  IsTrue,
  IsUuidString,
  IsWhole,
  isPlainObject,
  named,
  Nested,
  OneOf,
  Optional,
  Refers,
  type Fault,
} from '#libs/platform';

export const TYPES = named('RightsRequestType', RIGHTS_TYPES, 'What somebody asks of data about him');
export const REFUSALS = named('RightsRefusalGround', RIGHTS_REFUSALS, 'Why a request is refused as a whole');
export const STATUSES = named(
  'RightsRequestStatus',
  ['received', 'decided', 'done'] as const,
  'How far a request is: to be decided, decided, carried out',
);

@OneOf({ RightsOfPersonReference: ['person'], RightsOfPartyReference: ['party'] })
class RightsSubjectReference {
  @Refers('person')
  @IsUuidString({ description: 'The person himself, with all his records' })
  @Optional()
  person?: string;
  @Refers('party')
  @IsUuidString({ description: 'Or the organization that he speaks for' })
  @Optional()
  party?: string;
}

class RightsRequesterReference {
  @Refers('person')
  @IsUuidString({ description: 'The person who asks' })
  person!: string;
  @Refers('check')
  @IsUuidString({ description: 'Check of his login (`authentication`), on that intake, no older than a session' })
  authentication!: string;
}

const oneOf = (pointer: string, en: string, nl: string): Fault => ({
  pointer,
  code: 'invalid-value',
  detail: { en, nl },
  inWords: { reason: { en, nl } },
});

export class AskForRightsRequest {
  @IsChoice(TYPES, { description: 'What is asked' }) type!: RightsType;
  @Refers('application')
  @IsUuidString({ description: 'Intake with purpose `change`; gives the moment of receipt' })
  application!: string;
  @Nested(() => RightsSubjectReference, { description: 'Whose data it is about' }) about!: RightsSubjectReference;
  @Nested(() => RightsRequesterReference, { description: 'Who asks, and the login that shows it' })
  requester!: RightsRequesterReference;

  static between({ about }: AskForRightsRequest): readonly Fault[] {
    if (!isPlainObject(about)) return [];
    const { person, party } = about as Partial<RightsSubjectReference>;
    return (person === undefined) === (party === undefined)
      ? [oneOf('/about', 'either person or party', 'ofwel person ofwel party')]
      : [];
  }
}

class RefuseRights {
  @IsChoice(REFUSALS, { description: 'On which ground' }) ground!: RightsRefusal;
  @IsText(500, { description: 'Why, as the requester is told. Sealed' }) reason!: string;
}

class ProlongRights {
  @IsText(500, { description: 'Why it takes longer, as the requester is told. Sealed' }) reason!: string;
}

@OneOf({ GrantRightsRequest: ['grant'], RefuseRightsRequest: ['refuse'], ProlongRightsRequest: ['prolong'] })
export class DecideRightsRequest {
  @IsTrue({ description: 'It is granted, as far as nothing has to be kept' }) @Optional() grant?: boolean;
  @Nested(() => RefuseRights, { description: 'Or it is refused as a whole' }) @Optional() refuse?: RefuseRights;
  @Nested(() => ProlongRights, { description: 'Or it takes two months longer; within the first month' })
  @Optional()
  prolong?: ProlongRights;

  static between({ grant, refuse, prolong }: DecideRightsRequest): readonly Fault[] {
    return [grant, refuse, prolong].filter((one) => one !== undefined).length === 1
      ? []
      : [oneOf('', 'one of grant, refuse and prolong', 'een van grant, refuse en prolong')];
  }
}

export class SearchRightsRequestsRequest {
  @IsChoice(STATUSES, { description: 'How far it is' }) @Optional() status?: string;
  @IsUuidString({ description: 'About this person' }) @Optional() person?: string;
  @IsUuidString({ description: 'About this organization' }) @Optional() party?: string;
  @IsInstant({ description: 'To be answered before this moment; those that are decided are not among them' })
  @Optional()
  dueBefore?: Instant;
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}
