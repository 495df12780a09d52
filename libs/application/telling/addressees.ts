import { isWithinHis, type Addressee, type RegisteredAuthorization } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { allRows } from '../read-models/all-rows.js';
import { authorizationsProjection, whereAdministrators, type AuthorizationRow } from '../read-models/authorizations.js';

type Of = Pick<RegisteredAuthorization, 'representedParty' | 'authorizedParty' | 'establishments'>;

/** Every administrator that the represented party has now, and who is let see it (REN-02, NONUSE-02, VIS-01). */
export async function administratorsToTell(
  { readModels, now }: Backbone,
  { representedParty, establishments: within }: Of,
): Promise<readonly Addressee[]> {
  const where = whereAdministrators(representedParty, now());
  const rows = await allRows<AuthorizationRow>(readModels.store, authorizationsProjection, where);
  return rows.flatMap(({ authorizedPerson, establishments }) =>
    authorizedPerson !== null && isWithinHis(establishments ?? undefined, within)
      ? [{ role: 'administrator', kind: 'person', id: authorizedPerson } as Addressee]
      : [],
  );
}

/**
 * Whom a notice of non-use has to have told if something followed from it now, each once: whoever is authorized, and every
 * administrator there is by everything that was recorded before the call (NONUSE-02).
 */
export async function addresseesOfNotice(backbone: Backbone, of: Of): Promise<readonly Addressee[]> {
  await backbone.readModels.upToDate(authorizationsProjection);
  const byBearer = new Map<string, Addressee>();
  for (const addressee of [authorizedIn(of), ...(await administratorsToTell(backbone, of))]) {
    const bearer = `${addressee.kind} ${addressee.id}`;
    if (!byBearer.has(bearer)) byBearer.set(bearer, addressee);
  }
  return [...byBearer.values()];
}

const authorizedIn = ({ authorizedParty }: Of): Addressee =>
  'person' in authorizedParty
    ? { role: 'authorizedPerson', kind: 'person', id: authorizedParty.person }
    : { role: 'authorizedPerson', kind: 'party', id: authorizedParty.party };
