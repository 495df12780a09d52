import { referenceTo, type Schemas } from '#libs/platform';
import type { SupportedView } from './supported.view.js';

/** What an auditor is shown of a check besides the check itself. */
export interface CheckSupport {
  readonly recordedAt: string;
  readonly authorizations: readonly string[];
  readonly means: readonly string[];
  readonly revocationRequests: readonly string[];
  readonly usedMeans?: string;
  readonly supports: readonly SupportedView[];
}

const ids = (description: string) =>
  ({ type: 'array', items: { type: 'string', format: 'uuid' }, description }) as const;

/** The same for the contract: members of every kind of check. */
export const auditedMembers = {
  properties: {
    recordedAt: { type: 'string', format: 'date-time', description: 'When it was recorded' },
    authorizations: ids('Authorizations that rest on it'),
    means: ids('Means that rest on it'),
    revocationRequests: ids('Revocation requests that rest on it'),
    usedMeans: { type: 'string', format: 'uuid', description: 'Means that a login was with' },
    supports: {
      type: 'array',
      items: referenceTo('SupportedView'),
      description: 'What the decisions made of it that it was part of',
    },
  } satisfies { readonly [Member in keyof CheckSupport]-?: Schemas[string] } as Schemas,
  required: ['recordedAt', 'authorizations', 'means', 'revocationRequests', 'supports'],
} as const;
