import type { Rejection, Words } from '#libs/kernel';
import { invalid, rejecting } from '../common/rejections.js';
import type { PartyKind, PartyRegister } from './party.events.js';

/** Which register identifies which kind of party (PARTY-01, PROF-01, REST-05). */
const REGISTERS: { readonly [kind in PartyKind]: readonly PartyRegister[] } = {
  undertaking: ['kvk', 'rsin'],
  privateLegalPerson: ['kvk', 'rsin'],
  publicLegalPerson: ['kvk', 'rsin'],
  practitioner: ['professional'],
  restGroupEntity: ['trr'],
};

export const partyNumberRejections = {
  'register-not-for-kind': invalid(
    'This register does not identify this kind of party',
    'Dit register identificeert dit soort partij niet',
    {
      en: 'Undertakings and legal persons have a trade register number or an RSIN, a practitioner one of the profession’s register, a rest-group entity one of the temporary register.',
      nl: 'Ondernemingen en rechtspersonen hebben een KvK-nummer of een RSIN, een beroepsbeoefenaar een nummer van het beroepsregister, een entiteit van de restgroep een nummer van het tijdelijke register.',
    },
    'PARTY-01',
  ),
  'person-not-for-kind': invalid(
    'Only a practitioner’s party names its person',
    'Alleen een beroepsbeoefenaar noemt zijn persoon',
    {
      en: 'The person of a party is the practitioner himself; other kinds of party have representatives.',
      nl: 'De persoon van een partij is de beroepsbeoefenaar zelf; andere soorten partijen hebben vertegenwoordigers.',
    },
    'AMB-76',
  ),
};

const rejectWith = rejecting(partyNumberRejections);

/** What a register writes, as far as that is fixed. */
interface NumberForm {
  readonly fits: (number: string) => boolean;
  readonly words: Words;
}

const FORMS: { readonly [register in PartyRegister]?: NumberForm } = {
  kvk: {
    fits: (number) => /^\d{8}$/.test(number) && !isZero(number),
    words: {
      en: 'must be a trade register number: 8 digits, not all zero',
      nl: 'moet een KvK-nummer zijn: 8 cijfers, niet allemaal nul',
    },
  },
  rsin: {
    fits: (number) => /^\d{9}$/.test(number) && !isZero(number) && passesElevenTest(number),
    words: {
      en: 'must be an RSIN: 9 digits, not all zero, that pass the eleven-test',
      nl: 'moet een RSIN zijn: 9 cijfers, niet allemaal nul, die aan de elfproef voldoen',
    },
  },
};

/** The code of every impossible value (interfaces.md §4). */
function judgeNumber(register: PartyRegister, number: string): readonly Rejection[] {
  const form = FORMS[register];
  if (form === undefined || form.fits(number)) return [];
  return [{ code: 'invalid-value', kind: 'invalid', pointer: '/number', facts: { register }, detail: form.words }];
}

const isZero = (number: string): boolean => /^0+$/.test(number);

/** Weights 9 to 2 and -1; the sum is a multiple of 11 (RSIN, citizen service number). */
export const passesElevenTest = (number: string): boolean =>
  [...number].reduce((sum, digit, index) => sum + Number(digit) * (index === 8 ? -1 : 9 - index), 0) % 11 === 0;

/** Why a party of this kind can't stand under this register and number: everything at once; empty when it can. */
export function judgeRegistration(party: {
  readonly kind: PartyKind;
  readonly register: PartyRegister;
  readonly number: string;
  readonly person?: unknown;
}): readonly Rejection[] {
  const { kind, register, number, person } = party;
  return [
    ...(REGISTERS[kind].includes(register)
      ? []
      : [rejectWith('register-not-for-kind', { pointer: '/register', facts: { kind, registers: REGISTERS[kind] } })]),
    ...judgeNumber(register, number),
    ...judgePerson(kind, person, '/person'),
  ];
}

export const judgePerson = (kind: PartyKind, person: unknown, pointer: string): readonly Rejection[] =>
  person === undefined || kind === 'practitioner' ? [] : [rejectWith('person-not-for-kind', { pointer })];
