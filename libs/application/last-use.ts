import type { Instant } from '#libs/kernel';
import { StoreUnavailable } from '#libs/eventing';
import type { RegisteredAuthorization } from '#libs/domain';
import type { Backbone } from './backbone.js';
import { lastAdministratorLogins } from './administrator-logins.js';
import { humansOf } from './dossier/humans.js';
import type { AuthorizationRow } from './read-models/authorizations.js';
import { evidenceProjection } from './read-models/evidence.js';
import { lastUseProjection } from './read-models/last-use.js';

/** Whose use is asked for. */
export interface Usable {
  readonly authorization: string;
  readonly authority: string;
  /** The person and his means, where it is a person that was authorized. */
  readonly holder?: { readonly person: string; readonly means: string };
}

export const usableOf = (
  one: Pick<RegisteredAuthorization, 'authorization' | 'authority' | 'authorizedParty'>,
): Usable => ({
  ...{ authorization: one.authorization, authority: one.authority },
  ...('person' in one.authorizedParty ? { holder: one.authorizedParty } : {}),
});

export const usableRow = ({ id, authority, authorizedPerson, means }: AuthorizationRow): Usable => ({
  ...{ authorization: id, authority },
  ...(authorizedPerson === null || means === null ? {} : { holder: { person: authorizedPerson, means } }),
});

/**
 * First use of the last day on which each was used, `null` for never; as far as the read models are. Of administrators a
 * login into the register counts (AMB-19).
 */
export async function lastUses(
  backbone: Backbone,
  usable: readonly Usable[],
): Promise<ReadonlyMap<string, Instant | null>> {
  const uses = await backbone.readModels.store.load(
    lastUseProjection,
    usable.map(({ authorization }) => authorization),
  );
  const administrators = usable.flatMap(({ authorization, authority, holder }) =>
    authority === 'administration' && holder !== undefined ? [{ authorization, ...holder }] : [],
  );
  const persons = administrators.map(({ person }) => person);
  const humans = persons.length === 0 ? undefined : await humansOf(backbone, persons, []);
  const loginOf = await lastAdministratorLogins(
    backbone,
    administrators.map(({ authorization, means, person }) => {
      const since = uses.get(authorization)?.lastUsedAt;
      return { authorization, means, records: humans!.recordsOf(person), ...(since === undefined ? {} : { since }) };
    }),
  );
  return new Map(
    usable.map(({ authorization }) => {
      const moments = [uses.get(authorization)?.lastUsedAt, loginOf.get(authorization)];
      return [authorization, latest(moments.flatMap((moment) => moment ?? []))];
    }),
  );
}

/** Throws `StoreUnavailable` where it is not known now what was used. */
export function demandLastUses({ readModels }: Backbone): void {
  readModels.fed(lastUseProjection as never);
  readModels.fed(evidenceProjection as never);
}

/** The same where that is kept up now; `undefined` where it is not, so that what else is shown is shown all the same. */
export async function lastUsesIfFed(
  backbone: Backbone,
  usable: readonly Usable[],
): Promise<ReadonlyMap<string, Instant | null> | undefined> {
  try {
    demandLastUses(backbone);
    return await lastUses(backbone, usable);
  } catch (error) {
    if (error instanceof StoreUnavailable) return undefined;
    throw error;
  }
}

const latest = (moments: readonly Instant[]): Instant | null =>
  moments.reduce<Instant | null>((last, one) => (last === null || one > last ? one : last), null);

/**
 * The last use of one, with everything that was recorded before the call: rejects with `StoreUnavailable` where that can't
 * be known. `recordsUpTo`: place in the record log up to which that is so at least.
 */
export async function lastUseUpToNow(
  backbone: Backbone,
  usable: Usable,
): Promise<{ readonly lastUsedAt: Instant | null; readonly recordsUpTo: bigint }> {
  const recordsUpTo = await backbone.records.head();
  await backbone.readModels.upToDate(lastUseProjection as never);
  if (usable.authority === 'administration') await backbone.readModels.upToDate(evidenceProjection);
  const uses = await lastUses(backbone, [usable]);
  return { lastUsedAt: uses.get(usable.authorization)!, recordsUpTo };
}
