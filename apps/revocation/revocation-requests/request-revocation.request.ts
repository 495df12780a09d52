import { REQUESTER_ROLES, REVOCATION_STATUSES } from './revocation-request.view.js';
import {
  Condition,
  IsChoice,
  IsFlag,
  IsText,
  IsUuidList,
  IsUuidString,
  IsWhole,
  Nested,
  OneOf,
  Optional,
  Refers,
  isPlainObject,
  type Fault,
} from '#libs/platform';

@OneOf({ RevokedAuthorizationReference: ['authorization'], RevokedMeansReference: ['means'] })
class ObjectReference {
  @Refers('authorization')
  @IsUuidString({ description: 'The authorization to revoke' })
  @Optional()
  authorization?: string;
  @Refers('means')
  @IsUuidString({ description: 'Or the means to revoke' })
  @Optional()
  means?: string;
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
  @IsUuidString({ description: 'Intake with purpose `revocation`; gives channel and moment of receipt' })
  application!: string;
  @Nested(() => ObjectReference, { description: 'What is to be revoked: an authorization or a means' })
  object!: ObjectReference;
  @Nested(() => RequesterReference, { description: 'Who asks' }) requester!: RequesterReference;
  @Refers('check')
  @IsUuidList({ least: 0, most: 50, description: 'Checks that identify the requester' })
  checks!: string[];

  static between(request: RequestRevocationRequest): readonly Fault[] {
    // Whatever else is wrong it is called, and a member may be of any type.
    const object: Partial<ObjectReference> | undefined = isPlainObject(request.object) ? request.object : undefined;
    const requester: Partial<RequesterReference> = isPlainObject(request.requester) ? request.requester : {};
    const isOne = object === undefined || (object.authorization === undefined) !== (object.means === undefined);
    const isNobody = requester.role !== undefined && requester.role !== 'court' && requester.person === undefined;
    return [
      ...(isOne ? [] : [together('/object', 'either authorization or means', 'ofwel authorization ofwel means')]),
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

const together = (pointer: string, en: string, nl: string, code = 'invalid-value'): Fault => ({
  pointer,
  code,
  detail: { en, nl },
  inWords: { reason: { en, nl } },
});

export class SearchRevocationRequestsRequest {
  @IsChoice(REVOCATION_STATUSES, { description: 'As the items show it' }) @Optional() status?: string;
  @IsUuidString({ description: 'To revoke this authorization' }) @Optional() authorization?: string;
  @IsUuidString({ description: 'To revoke this means' }) @Optional() means?: string;
  @IsFlag({ description: 'Carried out later than its deadline, or not' }) @Optional() breached?: boolean;
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}
