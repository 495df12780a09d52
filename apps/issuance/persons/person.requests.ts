import { DOCUMENT_TYPES, type DocumentType } from '#libs/domain';
import { IsCalendarDate, IsChoice, IsForm, IsText, IsUuidString, Optional } from '#libs/platform';

export class RegisterPersonRequest {
  @IsText(200) @Optional() familyName?: string;
  @IsText(200) @Optional() givenNames?: string;
  @IsCalendarDate() @Optional() birthDate?: string;
  @IsText(100) @Optional() birthPlace?: string;
  @IsText(500, { description: 'Postal address, on one line' }) @Optional() address?: string;
  @IsForm(/^[^\s@]{1,64}@[^\s@]{1,190}$/, 'an e-mail address') @Optional() email?: string;
  @IsForm(/^\+?[0-9 ()-]{6,24}$/, 'a telephone number') @Optional() telephone?: string;
}

export class RecordDocumentRequest {
  @IsChoice(DOCUMENT_TYPES) documentType!: DocumentType;
  @IsForm(/^[A-Z0-9]{4,20}$/, '4 to 20 capitals and digits') number!: string;
  @IsCalendarDate({ description: 'Last day of validity' }) expiresOn!: string;
  @IsText(200, { description: 'Authority that issued it' }) @Optional() issuer?: string;
}

export class LinkPersonRequest {
  @IsUuidString({ description: 'The person on record with the same attributes' }) to!: string;
}
