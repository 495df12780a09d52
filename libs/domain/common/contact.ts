import type { CheckId, ContactId } from '#libs/kernel';

/** Where a person or a party is reached (interfaces.md §6). */
export const CONTACT_KINDS = ['postalAddress', 'email', 'telephone'] as const;
/** Contacts that one person or party has at most: each answer shows all of them. */
export const MAX_CONTACTS = 100;
export type ContactKind = (typeof CONTACT_KINDS)[number];

/** Who supplied a contact: a check that found it, or the one who made the submission. */
export type ContactSupplier = { readonly check: CheckId } | { readonly submitter: true };

export interface Contact {
  readonly kind: ContactKind;
  readonly suppliedBy: ContactSupplier;
  /** Nobody is reached by it any more: checks on record rest on it, and none that comes later (ARCH-15, RIGHTS-06). */
  readonly isProofAlone?: true;
}

type Contacts = ReadonlyMap<ContactId, Contact>;

/** What is left when contacts are erased: those that checks name, for these alone. */
export const leftAsProof = (contacts: Contacts, erased: readonly ContactId[]): Contacts =>
  new Map(
    [...contacts]
      .filter(([contact]) => !erased.includes(contact))
      .map(([contact, kept]) => [contact, { ...kept, isProofAlone: true as const }]),
  );
