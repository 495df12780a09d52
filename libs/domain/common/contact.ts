import type { CheckId } from '#libs/kernel';

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
}
