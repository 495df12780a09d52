import type { Instant } from '#libs/kernel';
import { registeredLevel, standingAt, type ViewedAuthorization } from '#libs/domain';
import type { AuthorizationRow } from '../read-models/authorizations.js';

/** An authorization in a list, as far as it matters to who sees it. */
export const viewedRow = (row: AuthorizationRow, at: Instant): ViewedAuthorization => ({
  representedParty: row.representedParty,
  ...(row.authorizedPerson === null ? {} : { authorizedPerson: row.authorizedPerson }),
  ...(row.authorizedParty === null ? {} : { authorizedParty: row.authorizedParty }),
  ...(row.establishments === null ? {} : { establishments: row.establishments }),
  level: registeredLevel(row),
  isActive: standingAt(row, at) === 'active',
  // A table of an earlier version lacks it: whoever views a list is told to come again until this one's is built.
  isPermitted: row.displayPermitted === true,
});
