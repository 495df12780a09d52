/** What a token may be used for (interfaces.md §2). */
export const SCOPES = [
  'intake',
  'issuance',
  'registration',
  'revocation',
  'governance',
  'decision',
  'audit',
  'operations',
] as const;
export type Scope = (typeof SCOPES)[number];

/** The same in words, for the contract. */
export const SCOPE_MEANINGS: Readonly<Record<Scope, string>> = {
  intake: 'Record applications and checks',
  issuance: 'Register persons, issue means',
  registration: 'Register parties and authorizations',
  revocation: 'Revoke means and authorizations',
  governance: 'Decide on policies, profiles and services',
  decision: 'Ask for decisions at use',
  audit: 'Read as an auditor; for persons only',
  operations: 'Read levels and figures',
};

/** Used by a person only, never by a program on its own (interfaces.md §2). */
export const PERSONAL_SCOPES: readonly Scope[] = ['audit'];

const SUPPLIER = ['intake', 'issuance', 'registration', 'revocation'] as const;

/** Bundles of scopes under which tokens are handed out. */
export const ROLES = {
  supplier: SUPPLIER,
  governance: [...SUPPLIER, 'governance'],
  network: ['decision'],
  auditor: ['audit'],
  operations: ['operations'],
} as const satisfies Readonly<Record<string, readonly Scope[]>>;
export type Role = keyof typeof ROLES;

/** Roles in which a person acts: reads as an auditor, or says in a check what he did. */
export const PERSONAL_ROLES: readonly Role[] = ['supplier', 'governance', 'auditor'];

export const isRole = (text: string): text is Role => Object.hasOwn(ROLES, text);
export const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);
