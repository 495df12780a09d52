import {
  DISTINCTIONS,
  DOCUMENT_TYPES,
  IDENTIFYING_ATTRIBUTES,
  ISSUING_STATES,
  type Distinction,
  type DocumentType,
} from '#libs/domain';
import { setsSomething, VIEWER_DOCS, ViewerRequest } from '#libs/composition';
import {
  Condition,
  IsBirthDate,
  IsCalendarDate,
  IsChoice,
  IsChoiceList,
  IsEmailAddress,
  IsFlag,
  IsForm,
  IsTelephone,
  IsText,
  IsUuidList,
  IsUuidString,
  IsWhole,
  Nested,
  OneOf,
  Optional,
  type Fault,
  Refers,
} from '#libs/platform';

/** What is known of a person. */
export class PersonAttributesRequest {
  @IsText(200, { description: 'Family name' }) @Optional() familyName?: string;
  @IsText(200, { description: 'Given names' }) @Optional() givenNames?: string;
  @IsBirthDate({ description: 'Date of birth' }) @Optional() birthDate?: string;
  @IsText(100, { description: 'Place of birth' }) @Optional() birthPlace?: string;
  @IsText(500, { description: 'Postal address, on one line' }) @Optional() address?: string;
  @IsEmailAddress({ description: 'E-mail address' }) @Optional() email?: string;
  @IsTelephone({ description: 'Telephone number' }) @Optional() telephone?: string;
}

export class RegisterPersonRequest extends PersonAttributesRequest {
  @Refers('application')
  @IsUuidString({ description: 'The application with which these data came in (PROOF-04)' })
  @Optional()
  application?: string;

  static between(person: RegisterPersonRequest): readonly Fault[] {
    const isNobody = IDENTIFYING_ATTRIBUTES.every((name) => person[name] === undefined);
    return isNobody ? [{ pointer: '', code: 'identifying-attribute-missing' }] : [];
  }
}

const DOCUMENT_NUMBER = /^(?=(?:[ -]*[A-Za-z0-9]){4,20}[ -]*$)[A-Za-z0-9](?:[A-Za-z0-9 -]{0,28}[A-Za-z0-9])?$/;
const DOCUMENT_NUMBER_FORM = {
  en: '4 to 20 letters and digits, perhaps with blanks or dashes between them',
  nl: '4 tot 20 letters en cijfers, eventueel met spaties of streepjes ertussen',
};

export class RecordDocumentRequest {
  @IsChoice(DOCUMENT_TYPES, { description: 'Kind of document' }) documentType!: DocumentType;
  @IsForm(DOCUMENT_NUMBER, DOCUMENT_NUMBER_FORM, { description: 'Number of the document' }) number!: string;
  @IsChoice(ISSUING_STATES, { description: 'ISO 3166-1 alpha-3' }) issuingState!: string;
  @IsCalendarDate({ description: 'Last day of validity' }) expiresOn!: string;
  @IsText(200, { description: 'Authority that issued it' }) @Optional() issuer?: string;
}

@Condition({
  if: { properties: { same: { const: false } }, required: ['same'] },
  then: { required: ['distinguishedBy'] },
  else: { properties: { distinguishedBy: false } },
})
export class LinkPersonRequest {
  @Refers('person')
  @IsUuidString({ description: 'The person on record who was recognized in this one' })
  to!: string;
  @IsFlag({ description: 'Whether both are one human' }) same!: boolean;
  @IsChoiceList(DISTINCTIONS, {
    least: 1,
    description:
      'Required with `same: false` and only then: what tells them apart. Both records have it, and not the same',
  })
  @Optional()
  distinguishedBy?: Distinction[];

  static between({ same, distinguishedBy }: LinkPersonRequest): readonly Fault[] {
    const pointer = '/distinguishedBy';
    if (same === false && distinguishedBy === undefined)
      return [
        {
          pointer,
          code: 'required',
          detail: { en: 'is required where they are not the same', nl: 'is verplicht wanneer zij niet dezelfde zijn' },
        },
      ];
    if (same === true && distinguishedBy !== undefined)
      return [
        {
          pointer,
          code: 'invalid-value',
          detail: { en: 'has no place where they are the same', nl: 'hoort er niet bij wanneer zij dezelfde zijn' },
        },
      ];
    return [];
  }
}

export class CorrectPersonRequest {
  @Refers('application')
  @IsUuidString({ description: 'Intake with purpose `change`' })
  application!: string;
  @Refers('check')
  @IsUuidList({ least: 1, most: 20, description: 'Checks of that intake about the person: what showed it' })
  checks!: string[];
  @Nested(() => PersonAttributesRequest, { description: 'The attributes as they should be; at least one' })
  set!: PersonAttributesRequest;

  static between({ set }: CorrectPersonRequest): readonly Fault[] {
    return setsSomething(set);
  }
}

const NOBODY_SOUGHT = {
  en: 'familyName and birthDate, or a document, are required',
  nl: 'familyName en birthDate, of een document, zijn verplicht',
};
const WITH_BIRTH_DATE = { en: 'is required with a birth date', nl: 'is verplicht bij een geboortedatum' };
const WITH_FAMILY_NAME = { en: 'is required with a family name', nl: 'is verplicht bij een achternaam' };
const INSTEAD = { en: 'stands instead of name and birth date', nl: 'staat in plaats van naam en geboortedatum' };

class DocumentSearch {
  @IsChoice(DOCUMENT_TYPES, { description: 'Kind of document' }) type!: DocumentType;
  @IsChoice(ISSUING_STATES, { description: 'ISO 3166-1 alpha-3' }) issuingState!: string;
  @IsForm(DOCUMENT_NUMBER, DOCUMENT_NUMBER_FORM, { description: 'Number of the document' }) number!: string;
}

@OneOf({ SearchPersonsByName: ['familyName', 'birthDate'], SearchPersonsByDocument: ['document'] })
export class SearchPersonsRequest {
  @Nested(() => ViewerRequest, VIEWER_DOCS) @Optional() viewer?: ViewerRequest;
  @IsText(200, { description: 'Together with `birthDate`' }) @Optional() familyName?: string;
  @IsBirthDate({ description: 'Together with `familyName`' }) @Optional() birthDate?: string;
  @Nested(() => DocumentSearch, { description: 'Instead of name and birth date' })
  @Optional()
  document?: DocumentSearch;
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;

  /** Exactly one of both ways to say whom one looks for. */
  static between({ familyName, birthDate, document }: SearchPersonsRequest): readonly Fault[] {
    const byName = familyName !== undefined || birthDate !== undefined;
    if (!byName && document === undefined) return [{ pointer: '', code: 'required', detail: NOBODY_SOUGHT }];
    if (!byName) return [];
    return [
      ...(familyName === undefined ? [{ pointer: '/familyName', code: 'required', detail: WITH_BIRTH_DATE }] : []),
      ...(birthDate === undefined ? [{ pointer: '/birthDate', code: 'required', detail: WITH_FAMILY_NAME }] : []),
      ...(document === undefined ? [] : [{ pointer: '/document', code: 'invalid-value', detail: INSTEAD }]),
    ];
  }
}
