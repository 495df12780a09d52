import { REVOCATION_STATUSES } from './revocation-request.view.js';
import { IsChoice, IsFlag, IsText, IsUuidList, IsUuidString, IsWhole, Nested, Optional } from '#libs/platform';

export const REQUESTER_ROLES = [
  'legalRepresentative',
  'trustee',
  'authorizedParty',
  'administrator',
  'court',
  'other',
] as const;

class ObjectReference {
  @IsUuidString({ description: 'The authorization to revoke' }) @Optional() authorization?: string;
  @IsUuidString({ description: 'Or the means to revoke' }) @Optional() means?: string;
}
class RequesterReference {
  @IsChoice(REQUESTER_ROLES, { description: 'In which role he asks (REV-01)' }) role!: (typeof REQUESTER_ROLES)[number];
  @IsUuidString({ description: 'Who asks; a court has no person' }) @Optional() person?: string;
}

export class RequestRevocationRequest {
  @IsUuidString({ description: 'Intake with purpose `revocation`; gives channel and moment of receipt' })
  application!: string;
  @Nested(() => ObjectReference) object!: ObjectReference;
  @Nested(() => RequesterReference) requester!: RequesterReference;
  @IsUuidList({ least: 0, most: 50, description: 'Checks that identify the requester' }) checks!: string[];
}

export class SearchRevocationRequestsRequest {
  @IsChoice(REVOCATION_STATUSES) @Optional() status?: string;
  @IsUuidString() @Optional() authorization?: string;
  @IsUuidString() @Optional() means?: string;
  @IsFlag({ description: 'Carried out later than its deadline, or not' }) @Optional() breached?: boolean;
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}
