import { randomUUID } from 'node:crypto';
import { CheckpointMoved, StoreUnavailable, type Checkpoint, type Mark } from '#libs/eventing';
import type { KeyHolder, PersonId } from '#libs/kernel';
import {
  isAmong,
  NO_TURNS,
  type IdentifierRow,
  type KeyStore,
  type KnownKey,
  type ReservationStep,
  type WrappedKey,
} from './key-store.js';

/** Keys by their holder. Whoever deletes one, it is remembered that there was one. */
export class KeyRows extends Map<string, WrappedKey> {
  readonly destroyed = new Set<string>();

  override delete(holder: string): boolean {
    if (this.has(holder)) this.destroyed.add(holder);
    return super.delete(holder);
  }
}

/** What several memory key stores may share, as several connections share a database. */
export interface MemoryKeyData {
  readonly id: string;
  readonly objectKeys: KeyRows;
  readonly knownKeys: Map<string, KnownKey>;
  /** By hash, then by person. */
  readonly identifiers: Map<string, Map<PersonId, IdentifierRow>>;
  readonly checkpoints: Map<string, Checkpoint>;
  /** The last place that was given. */
  place: bigint;
  readonly clerks: Map<string, string>;
  readonly marks: Map<string, Mark>;
  available: boolean;
}

export const memoryKeyData = (): MemoryKeyData => ({
  id: randomUUID(),
  objectKeys: new KeyRows(),
  knownKeys: new Map(),
  identifiers: new Map(),
  checkpoints: new Map(),
  place: 0n,
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

  const rowsUnder = (hash: string): Map<PersonId, IdentifierRow> => keep(data.identifiers, hash, new Map());

  const put = ({ person, own, now }: ReservationStep): void => {
    data.place += 1n;
    for (const hash of own) {
      const row = rowsUnder(hash).get(person) ?? { hash, person, reservedPlace: data.place, reservedAt: now };
      const isLater = row.confirmedPlace === undefined && row.reservedAt < now;
      rowsUnder(hash).set(person, isLater ? { ...row, reservedAt: now } : row);
    }
  };
  const seen = (reservation: ReservationStep): readonly IdentifierRow[] =>
    reservation.seen.flatMap((hash) => [...rowsUnder(hash).values()]);

  return {
    objectKey: (holder) => step(() => data.objectKeys.get(holderName(holder))),
    addObjectKey: (holder, key) =>
      step(() =>
        data.objectKeys.destroyed.has(holderName(holder)) ? undefined : keep(data.objectKeys, holderName(holder), key),
      ),

    destroyObjectKey: (holder) =>
      step(() => {
        data.objectKeys.delete(holderName(holder));
        data.objectKeys.destroyed.add(holderName(holder));
        if (holder.kind === 'person') for (const rows of data.identifiers.values()) rows.delete(holder.id as PersonId);
      }),

    admitKeys: (given) =>
      step(() => {
        const known = [...data.knownKeys.values()];
        if (known.every((key) => isAmong(key, given))) {
          for (const key of given) keep(data.knownKeys, `${key.name}/${key.id}`, key);
        }
        return known;
      }),

    reserve: (reservation) =>
      step(() => {
        put(reservation);
        return seen(reservation);
      }),

    confirm: (reservation) =>
      step(() => {
        put(reservation);
        const { person, own } = reservation;
        data.place += 1n;
        for (const hash of own) {
          const row = rowsUnder(hash).get(person)!;
          rowsUnder(hash).set(person, { ...row, confirmedPlace: row.confirmedPlace ?? data.place });
        }
        return seen(reservation);
      }),

    release: (person, hashes) =>
      step(() => {
        for (const hash of hashes) rowsUnder(hash).delete(person);
      }),

    lapse: (person, until) =>
      step(() => {
        for (const rows of data.identifiers.values()) {
          const row = rows.get(person);
          if (row !== undefined && row.confirmedPlace === undefined && row.reservedAt <= until) rows.delete(person);
        }
      }),

    holders: (hashes, limit, after) =>
      step(() => {
        const places = new Map<PersonId, bigint>();
        for (const { person, confirmedPlace } of hashes.flatMap((hash) => [...rowsUnder(hash).values()])) {
          if (confirmedPlace !== undefined && confirmedPlace > (places.get(person) ?? 0n))
            places.set(person, confirmedPlace);
        }
        return [...places]
          .map(([person, place]) => ({ person, place }))
          .filter(
            ({ person, place }) =>
              after === undefined || place < after.place || (place === after.place && person < after.person),
          )
          .sort((a, b) => (a.place === b.place ? (a.person < b.person ? 1 : -1) : a.place < b.place ? 1 : -1))
          .slice(0, limit);
      }),

    checkpoints: {
      read: (name) => step(() => data.checkpoints.get(name)),
      move: (name, from, to, fence) =>
        step(() => {
          if (fence !== undefined) throw new Error(NO_TURNS);
          if (!isSame(data.checkpoints.get(name), from)) throw new CheckpointMoved(`the checkpoint of ${name} moved`);
          data.checkpoints.set(name, to);
        }),
    },

    clerkReference: (subject, proposal) => step(() => keep(data.clerks, subject, proposal)),

    highWaterMark: {
      keeper: () => step(() => data.id),
      read: (store) => step(() => data.marks.get(store)),
      stores: () => step(() => [...data.marks.keys()].sort()),
      write: (store, { epoch, position, event }) =>
        step(() => {
          const kept = data.marks.get(store);
          const ahead = !kept || epoch > kept.epoch || (epoch === kept.epoch && position > kept.position);
          const named = kept?.epoch === epoch && kept.position === position && kept.event === undefined;
          if (ahead || named) data.marks.set(store, { epoch, position, ...(event === undefined ? {} : { event }) });
        }),
    },

    async close() {
      open = false;
    },
  };
}

const isSame = (one: Checkpoint | undefined, other: Checkpoint | undefined): boolean =>
  one?.store === other?.store &&
  one?.epoch === other?.epoch &&
  one?.position === other?.position &&
  one?.event === other?.event;
