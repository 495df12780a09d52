import type { CheckFacts, PartyKind } from '#libs/domain';

/** The registers that show who represents a party of a kind (D-13). */
const REGISTERS: { readonly [kind in PartyKind]: readonly string[] } = {
  undertaking: ['tradeRegister', 'authorityService'],
  privateLegalPerson: ['tradeRegister', 'authorityService'],
  publicLegalPerson: ['tradeRegister', 'authorityService'],
  practitioner: ['professionalRegister'],
  restGroupEntity: ['restGroupRegister'],
};
const TRUSTEE_REGISTERS: readonly string[] = ['tradeRegister', 'insolvencyRegister'];

export type Representation = Extract<CheckFacts, { readonly type: 'representationCheck' }>;

export const isRegisterOfKind = (facts: Representation, kind: PartyKind): boolean =>
  (facts.capacity === 'trustee' ? TRUSTEE_REGISTERS : REGISTERS[kind]).includes(facts.register) &&
  (facts.via === 'online' || facts.register === 'tradeRegister');

/** Asked of a register that shows nobody of such a party. */
export const isOfOtherRegister = (
  facts: CheckFacts,
  party: { readonly id: string; readonly kind: PartyKind } | undefined,
): boolean => facts.type === 'representationCheck' && facts.party === party?.id && !isRegisterOfKind(facts, party.kind);
