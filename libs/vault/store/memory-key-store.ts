import { StoreUnavailable } from '#libs/eventing';
import type { Instant, KeyHolder, PersonId } from '#libs/kernel';
import { isAmong, type KeyStore, type KnownKey, type WrappedKey } from './key-store.js';

interface Row {
  readonly person: PersonId;
  readonly reservedAt: Instant;
  readonly confirmed: boolean;
}

/** What several memory key stores may share, as several connections share a database. */
export interface MemoryKeyData {
  readonly objectKeys: Map<string, WrappedKey>;
  readonly knownKeys: Map<string, KnownKey>;
  readonly reservations: Map<string, Row>;
  readonly clerks: Map<string, string>;
  readonly marks: Map<string, { readonly epoch: number; readonly position: bigint }>;
  available: boolean;
}

export const memoryKeyData = (): MemoryKeyData => ({
  objectKeys: new Map(),
  knownKeys: new Map(),
  reservations: new Map(),
  clerks: new Map(),
  marks: new Map(),
  available: true,
});

export const holderName = ({ kind, id }: KeyHolder): string => `${kind}/${id}`;

/** The key store without a database: same behavior, gone with the process. */
export function memoryKeyStore(data: MemoryKeyData = memoryKeyData()): KeyStore {
  let open = true;

  // Every method answers later, as a database does, and is one step once it runs.
  const step = async <Result>(work: () => Result): Promise<Result> => {
    await Promise.resolve();
    if (!open || !data.available) throw new StoreUnavailable('key store: not reachable');
    return work();
  };

  const keep = <Value>(map: Map<string, Value>, key: string, value: Value): Value => {
    const kept = map.get(key) ?? value;
    map.set(key, kept);
    return kept;
  };

  return {
    objectKey: (holder) => step(() => data.objectKeys.get(holderName(holder))),
    addObjectKey: (holder, key) => step(() => keep(data.objectKeys, holderName(holder), key)),

    admitKeys: (given) =>
      step(() => {
        const known = [...data.knownKeys.values()];
        if (known.every((key) => isAmong(key, given))) {
          for (const key of given) keep(data.knownKeys, `${key.name}/${key.id}`, key);
        }
        return known;
      }),

    tryReserve: ({ hashes, person, now, voidUntil, voidOf }) =>
      step(() => {
        for (const hash of hashes) {
          const row = data.reservations.get(hash);
          if (row === undefined || row.person === person) continue;
          const mayBeVoid = !row.confirmed && row.reservedAt <= voidUntil;
          const isVoid = mayBeVoid && (voidOf === 'anybody' || voidOf.includes(row.person));
          if (!isVoid) return { mine: false, holder: row.person, mayBeVoid };
        }
        for (const hash of hashes) {
          const row = data.reservations.get(hash);
          if (row?.person === person && (row.confirmed || row.reservedAt >= now)) continue;
          data.reservations.set(hash, { person, reservedAt: now, confirmed: false });
        }
        return { mine: true };
      }),

    confirmReservation: (hashes, person) =>
      step(() => {
        const mine = hashes.filter((hash) => data.reservations.get(hash)?.person === person);
        for (const hash of mine) data.reservations.set(hash, { ...data.reservations.get(hash)!, confirmed: true });
        return mine.length;
      }),

    clerkReference: (subject, proposal) => step(() => keep(data.clerks, subject, proposal)),

    highWaterMark: {
      read: (store) => step(() => data.marks.get(store)),
      stores: () => step(() => [...data.marks.keys()].sort()),
      write: (store, { epoch, position }) =>
        step(() => {
          const kept = data.marks.get(store);
          const ahead = !kept || epoch > kept.epoch || (epoch === kept.epoch && position > kept.position);
          if (ahead) data.marks.set(store, { epoch, position });
        }),
    },

    async close() {
      open = false;
    },
  };
}
