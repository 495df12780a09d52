import { PARTY_KINDS, PARTY_REGISTERS, type PartyKind, type PartyRegister } from '#libs/domain';
import { setsSomething } from '#libs/composition';
import {
  Condition,
  IsChoice,
  IsEmailAddress,
  IsFlag,
  IsForm,
  IsTelephone,
  IsText,
  IsUuidList,
  IsUuidString,
  IsWhole,
  Nested,
  Optional,
  type Fault,
  Refers,
} from '#libs/platform';

const NUMBER_FORM = {
  en: '4 to 20 digits or capitals (trade register: 8 digits, RSIN: 9 digits)',
  nl: '4 tot 20 cijfers of hoofdletters (handelsregister: 8 cijfers, RSIN: 9 cijfers)',
};

export class RegisterPartyRequest {
  @Refers('registration')
  @IsChoice(PARTY_KINDS, { description: 'Kind of organization (PARTY-01)' })
  kind!: PartyKind;
  @IsChoice(PARTY_REGISTERS, { description: 'Register that numbers it' }) register!: PartyRegister;
  @IsForm(/^[0-9A-Z.-]{4,20}$/, NUMBER_FORM, {
    description: 'Number in that register (trade register: 8 digits, RSIN: 9 digits)',
  })
  number!: string;
  @Refers('person')
  @IsUuidString({ description: 'Of a practitioner: the person on record who practises (AMB-76)' })
  @Optional()
  person?: string;
  @IsText(200, { description: 'Trade or statutory name' }) name!: string;
  @IsText(500, { description: 'Postal address, on one line' }) @Optional() address?: string;
  @IsEmailAddress({ description: 'E-mail address' }) @Optional() email?: string;
  @IsTelephone({ description: 'Telephone number' }) @Optional() telephone?: string;
  @IsFlag({ description: 'It is the business of one human, so that its name and address are personal data' })
  naturalPersonsBusiness!: boolean;
}

class PartyAttributesRequest {
  @IsText(200, { description: 'Trade or statutory name' }) @Optional() name?: string;
  @IsText(500, { description: 'Postal address, on one line' }) @Optional() address?: string;
  @IsEmailAddress({ description: 'E-mail address' }) @Optional() email?: string;
  @IsTelephone({ description: 'Telephone number' }) @Optional() telephone?: string;
  @Refers('person')
  @IsUuidString({ description: 'Of a practitioner: the person on record who practises (AMB-76)' })
  @Optional()
  person?: string;
}

export class CorrectPartyRequest {
  @Refers('application')
  @IsUuidString({ description: 'Intake with purpose `change`' })
  application!: string;
  @Refers('check')
  @IsUuidList({ least: 1, most: 20, description: 'Checks of that intake about the party: what showed it' })
  checks!: string[];
  @Nested(() => PartyAttributesRequest, { description: 'The attributes as they should be; at least one' })
  set!: PartyAttributesRequest;

  static between({ set }: CorrectPartyRequest): readonly Fault[] {
    return setsSomething(set);
  }
}

const NOT_TO_REPORT = { en: 'only with reported: false', nl: 'alleen met reported: false' };
const TO_CLEAR = {
  en: 'is required to clear it: the check that shows it',
  nl: 'is verplicht om het op te heffen: de controle die het aantoont',
};

@Condition({
  if: { properties: { reported: { const: false } }, required: ['reported'] },
  then: { required: ['checks'] },
  else: { properties: { checks: false } },
})
export class SpecialCircumstancesRequest {
  @IsFlag({ description: '`true` sets the mark, `false` clears it (IV3-report)' }) reported!: boolean;
  @Refers('check')
  @IsUuidList({
    least: 1,
    most: 50,
    description:
      'To clear it: a current look that finds nothing, or a confirmation with what shows who gave it (PROOF-12)',
  })
  @Optional()
  checks?: string[];

  static between({ reported, checks }: SpecialCircumstancesRequest): readonly Fault[] {
    if (reported === true && checks !== undefined)
      return [{ pointer: '/checks', code: 'invalid-value', detail: NOT_TO_REPORT }];
    if (reported === false && checks === undefined) return [{ pointer: '/checks', code: 'required', detail: TO_CLEAR }];
    return [];
  }
}

export class SearchPartiesRequest {
  @IsChoice(PARTY_REGISTERS, { description: 'Register that numbers it' }) @Optional() register?: string;
  @IsText(20, { description: 'Number in the register' }) @Optional() number?: string;
  @IsChoice(PARTY_KINDS, { description: 'Kind of organization' }) @Optional() kind?: string;
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}
