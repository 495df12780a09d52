import type { Instant } from '#libs/kernel';
import { VIEWER_DOCS, ViewerRequest } from '#libs/composition';
import { MEANS_STATUSES } from '#libs/domain';
import type { StorkLevel } from '#libs/scheme';
import {
  Condition,
  IsChoice,
  IsFlag,
  IsInstant,
  IsText,
  IsTextList,
  IsUuidList,
  IsUuidString,
  IsWhole,
  Nested,
  Optional,
  OptionalUnless,
  Refers,
} from '#libs/platform';

@Condition({ if: { required: ['restrictedToServices'] }, then: { required: ['restrictedToProvider'] } })
export class ApplyForMeansRequest {
  @Refers('application')
  @IsUuidString({ description: 'Intake with purpose `means`' })
  application!: string;
  @Refers('person')
  @IsUuidString({ description: 'The person who will hold it' })
  holder!: string;
  @Refers('product')
  @IsText(60, { description: 'Product of the catalogue' })
  product!: string;
  @IsWhole(1, 4, { description: 'STORK level aimed at (REG-16)' }) aimedStork!: StorkLevel;
  @Refers('party')
  @IsUuidString({ description: 'Service consumer it is applied for, if any (MEANS-10)' })
  @Optional()
  party?: string;
  @Refers('provider')
  @IsText(100, { description: 'Where it is to be used and nowhere else, if anywhere (REST-01)' })
  @OptionalUnless(({ restrictedToServices }: ApplyForMeansRequest) => restrictedToServices !== undefined)
  restrictedToProvider?: string;
  @Refers('service')
  @IsTextList(100, { least: 1, most: 100, description: 'Of that provider, these services only' })
  @Optional()
  restrictedToServices?: string[];
}

export class IdentifyHolderRequest {
  @Refers('check')
  @IsUuidList({ least: 1, most: 200, description: 'Checks that the identification rests on' })
  checks!: string[];
}

export class IssueMeansRequest {
  @Refers('check')
  @IsUuidList({ least: 0, most: 200, description: 'Checks besides those of the identification: the delivery' })
  checks!: string[];
  @IsWhole(1, 4, { description: 'STORK level aimed at; that of the application when absent' })
  @Optional()
  aimedStork?: StorkLevel;
  @IsFlag({ description: 'Issue at the level reached when it is lower (REG-16)' }) @Optional() acceptLower?: boolean;
}

export class ActivateMeansRequest {
  @Refers('happened')
  @IsInstant({ description: 'When the holder activated it' })
  activatedAt!: Instant;

  @IsText(500, { description: 'Why something older than 31 days is entered now' })
  @Optional()
  lateEntryReason?: string;
}

export class UpgradeMeansRequest {
  @Refers('application')
  @IsUuidString({ description: 'Intake with purpose `upgrade`' })
  application!: string;
  @Refers('product')
  @IsText(60, { description: 'Product that the holder has from here on; the one he had when absent' })
  @Optional()
  product?: string;
  @Refers('check')
  @IsUuidList({ least: 0, most: 200, description: 'Checks besides those that the means rests on already' })
  checks!: string[];
  @IsWhole(2, 4, { description: 'STORK level aimed at (REG-16), above the one it has' }) aimedStork!: StorkLevel;
  @IsFlag({ description: 'Upgrade to the level reached when it is lower (REG-16)' }) @Optional() acceptLower?: boolean;
}

export class RenewMeansRequest {
  @Refers('application')
  @IsUuidString({ description: 'Intake with purpose `renewal`' })
  application!: string;
  @Refers('product')
  @IsText(60, { description: 'Product that the holder has from here on; the one he had when absent' })
  @Optional()
  product?: string;
  @Refers('check')
  @IsUuidList({ least: 0, most: 200, description: 'Checks besides those that still hold: the delivery' })
  checks!: string[];
  @IsFlag({ description: 'Renew at the level reached when that is lower than it has (REN-04)' })
  @Optional()
  acceptLower?: boolean;
}

export class ReportCertificateRevokedRequest {
  @Refers('check')
  @IsUuidString({ description: 'The validation of its certificate that says that it is revoked' })
  check!: string;
}

export class SearchMeansRequest {
  @Nested(() => ViewerRequest, VIEWER_DOCS) @Optional() viewer?: ViewerRequest;
  @IsUuidString({ description: 'Its holder' }) @Optional() holder?: string;
  @IsUuidString({ description: 'Service consumer it was applied for' }) @Optional() party?: string;
  @IsChoice(MEANS_STATUSES, { description: 'As the items show it' }) @Optional() status?: string;
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}
