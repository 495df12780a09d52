import type { Instant, PersonId } from '#libs/kernel';
import type { IdentifierRow, KeyStore } from './store/key-store.js';
import type { Holding, IdentifierHashes, Reservations } from './vault.js';

export function reservations(store: KeyStore): Reservations {
  return {
    async reserve(person, identifiers, now) {
      const rows = await store.reserve({ person, ...everyHash(identifiers), now });
      const others = new Map<PersonId, Holding>();
      for (const { row, before } of othersOf(person, identifiers, rows)) {
        const known = others.get(row.person);
        if (row.confirmedPlace !== undefined) {
          if (before) others.set(row.person, { person: row.person, confirmed: true, reservedAt: row.reservedAt });
        } else if (before && known?.confirmed !== true) {
          const reservedAt = latest(known?.reservedAt, row.reservedAt);
          others.set(row.person, { person: row.person, confirmed: false, reservedAt });
        }
      }
      return [...others.values()];
    },

    async confirm(person, identifiers, now) {
      const rows = await store.confirm({ person, ...everyHash(identifiers), now });
      const before = othersOf(person, identifiers, rows).filter((other) => other.before);
      return [...new Set(before.filter(({ row }) => row.confirmedPlace !== undefined).map(({ row }) => row.person))];
    },

    release: (person, hashes) => (hashes.length === 0 ? Promise.resolve() : store.release(person, hashes)),
    lapse: (person, until) => store.lapse(person, until),
    holders: (hashes, limit, after) => store.holders([...new Set(hashes)], limit, after),
  };
}

const latest = (one: Instant | undefined, other: Instant): Instant => (one === undefined || one < other ? other : one);

function everyHash(identifiers: readonly IdentifierHashes[]): { readonly own: string[]; readonly seen: string[] } {
  if (identifiers.some(({ own, sought }) => own.length === 0 || sought.length === 0)) {
    throw new TypeError('an identifier names at least one hash to be found by and one to find by');
  }
  const own = [...new Set(identifiers.flatMap((identifier) => identifier.own))];
  return { own, seen: [...new Set([...own, ...identifiers.flatMap(({ sought }) => sought)])] };
}

/**
 * The rows of others under what each identifier seeks, and whether they were there before the person's own: by the order
 * of confirmation once he is confirmed; until then everybody who is, and who reserved earlier.
 */
function othersOf(
  person: PersonId,
  identifiers: readonly IdentifierHashes[],
  rows: readonly IdentifierRow[],
): readonly { readonly row: IdentifierRow; readonly before: boolean }[] {
  return identifiers.flatMap(({ own, sought }) => {
    const mine = rows.filter((row) => row.person === person && own.includes(row.hash));
    const confirmed = least(mine.flatMap(({ confirmedPlace }) => confirmedPlace ?? []));
    const reserved = least(mine.map(({ reservedPlace }) => reservedPlace));
    return rows
      .filter((row) => row.person !== person && sought.includes(row.hash))
      .map((row) => ({
        row,
        before:
          row.confirmedPlace === undefined
            ? confirmed === undefined && reserved !== undefined && row.reservedPlace < reserved
            : confirmed === undefined || row.confirmedPlace < confirmed,
      }));
  });
}

const least = (places: readonly bigint[]): bigint | undefined =>
  places.reduce<bigint | undefined>((low, place) => (low === undefined || place < low ? place : low), undefined);
