import type { Instant } from '#libs/kernel';
import { REQUESTED_MUTATIONS, REQUESTER_ROLES, REVOCATION_STATUSES } from './revocation-request.view.js';
import {
  Condition,
  IsChoice,
  IsFlag,
  IsInstant,
  IsText,
  IsUuidList,
  IsUuidString,
  IsWhole,
  Nested,
  OneOf,
  Optional,
  Refers,
  isPlainObject,
  named,
  type Fault,
} from '#libs/platform';

@OneOf({
  RevokedAuthorizationReference: ['authorization'],
  RevokedMeansReference: ['means'],
  LeaverReference: ['person', 'party'],
})
class ObjectReference {
  @Refers('authorization')
  @IsUuidString({ description: 'The authorization to revoke' })
  @Optional()
  authorization?: string;
  @Refers('means')
  @IsUuidString({ description: 'Or the means to revoke' })
  @Optional()
  means?: string;
  @Refers('person')
  @IsUuidString({
    description: 'Or who leaves the party: all his authorizations there, and the means applied for there',
  })
  @Optional()
  person?: string;
  @Refers('party')
  @IsUuidString({ description: 'The party that he leaves' })
  @Optional()
  party?: string;
}
@Condition({
  if: { properties: { role: { const: 'court' } }, required: ['role'] },
  else: { required: ['person'] },
})
class RequesterReference {
  @IsChoice(REQUESTER_ROLES, { description: 'In which role he asks (REV-01)' }) role!: (typeof REQUESTER_ROLES)[number];
  @Refers('person')
  @IsUuidString({ description: 'Who asks; a court has no person' })
  @Optional()
  person?: string;
}

export class RequestRevocationRequest {
  @Refers('application')
  @IsUuidString({ description: 'Intake with the purpose that `mutation` is; gives channel and moment of receipt' })
  application!: string;
  @IsChoice(REQUESTED_MUTATIONS, {
    description: '`revocation` when absent, or `suspension` of an authorization or a means (SUS-02)',
  })
  @Optional()
  mutation?: (typeof REQUESTED_MUTATIONS)[number];
  @Nested(() => ObjectReference, { description: 'What is to be revoked or suspended: an authorization or a means' })
  object!: ObjectReference;
  @Nested(() => RequesterReference, { description: 'Who asks' }) requester!: RequesterReference;
  @Refers('check')
  @IsUuidList({
    least: 0,
    most: 50,
    description: 'Checks that identify the requester; a request on paper with none waits for them',
  })
  checks!: string[];

  static between(request: RequestRevocationRequest): readonly Fault[] {
    // Whatever else is wrong it is called, and a member may be of any type.
    const object: Partial<ObjectReference> | undefined = isPlainObject(request.object) ? request.object : undefined;
    const requester: Partial<RequesterReference> = isPlainObject(request.requester) ? request.requester : {};
    const isOne = object === undefined || isOneForm(object);
    const isNobody = requester.role !== undefined && requester.role !== 'court' && requester.person === undefined;
    const isSuspendedLeaver = request.mutation === 'suspension' && object?.person !== undefined && isOne;
    return [
      ...(isOne ? [] : [together('/object', ...ONE_FORM)]),
      ...(isSuspendedLeaver
        ? [together('/object', 'nobody who leaves is suspended', 'wie vertrekt, wordt niet geschorst')]
        : []),
      ...(isNobody
        ? [
            together(
              '/requester/person',
              'is required: only a court has no person',
              'is verplicht: alleen een rechtbank heeft geen persoon',
              'required',
            ),
          ]
        : []),
    ];
  }
}

const ONE_FORM = [
  'either authorization, or means, or person and party',
  'ofwel authorization, ofwel means, ofwel person en party',
] as const;

const isOneForm = ({ authorization, means, person, party }: Partial<ObjectReference>): boolean => {
  const isLeaver = person !== undefined && party !== undefined;
  const isHalf = (person === undefined) !== (party === undefined);
  return !isHalf && [authorization !== undefined, means !== undefined, isLeaver].filter(Boolean).length === 1;
};

const together = (pointer: string, en: string, nl: string, code = 'invalid-value'): Fault => ({
  pointer,
  code,
  detail: { en, nl },
  inWords: { reason: { en, nl } },
});

export const REVOCATION_ORDERS = ['newest', 'due'] as const;
named('RevocationOrder', REVOCATION_ORDERS, 'Order of a list of revocation requests');

export class SearchRevocationRequestsRequest {
  @IsChoice(REQUESTED_MUTATIONS, { description: 'What was asked' })
  @Optional()
  mutation?: (typeof REQUESTED_MUTATIONS)[number];
  @IsChoice(REVOCATION_STATUSES, {
    description: 'As the items show it; of the work list `effected` are the certificates that were left',
  })
  @Optional()
  status?: string;
  @IsUuidString({ description: 'To revoke this authorization' }) @Optional() authorization?: string;
  @IsUuidString({ description: 'To revoke this means' }) @Optional() means?: string;
  @IsUuidString({ description: 'Of this person who leaves a party' }) @Optional() person?: string;
  @IsUuidString({ description: 'Of somebody who leaves this party' }) @Optional() party?: string;
  @IsInstant({ description: 'Due before this moment' }) @Optional() dueBefore?: Instant;
  @IsChoice(REVOCATION_ORDERS, {
    description:
      '`newest` first (when absent), or what is `due` first: the work list, of requests that are not carried out yet and of certificates that were left',
  })
  @Optional()
  order?: (typeof REVOCATION_ORDERS)[number];
  @IsFlag({ description: 'Carried out, refused or withdrawn later than its deadline; `false`: carried out in time' })
  @Optional()
  breached?: boolean;
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;

  static between({ order, status, ...search }: SearchRevocationRequestsRequest): readonly Fault[] {
    if (order !== 'due') return [];
    const en =
      'is not asked of the work list: it has `mutation`, `status` `received`, `accepted` or `effected`, and `dueBefore`';
    const nl =
      'wordt niet van de werklijst gevraagd: die kent `mutation`, `status` `received`, `accepted` of `effected`, en `dueBefore`';
    const beside = (['authorization', 'means', 'person', 'party', 'breached'] as const).filter(
      (name) => search[name] !== undefined,
    );
    const isOver = status === 'refused' || status === 'withdrawn';
    return [...(isOver ? ['status'] : []), ...beside].map((name) => together(`/${name}`, en, nl));
  }
}
