import type { KeyHolder, PersonId } from '#libs/kernel';
import type { SecretKeyName } from '../keys/key-provider.js';
import {
  isAmong,
  type AttemptOutcome,
  type KeyStore,
  type KnownKey,
  type ReservationAttempt,
  type WrappedKey,
} from './key-store.js';
import { connect, type Query } from './postgres-connection.js';

/** The key store in a PostgreSQL database of its own. Settings and errors: `connect`. */
export async function openPostgresKeyStore(url: string): Promise<KeyStore> {
  const { query, transaction, close } = await connect(url);

  const objectKey = async ({ kind, id }: KeyHolder): Promise<WrappedKey | undefined> => {
    const [row] = await query<{ wrapped: Buffer; master_key_id: string }>(
      'select wrapped, master_key_id from vault.object_key where kind = $1 and id = $2',
      [kind, id],
    );
    return row && { wrapped: row.wrapped, masterKeyId: row.master_key_id };
  };

  return {
    objectKey,

    async addObjectKey(holder, key) {
      for (;;) {
        const added = await query(
          `insert into vault.object_key (kind, id, wrapped, master_key_id) values ($1, $2, $3, $4)
           on conflict do nothing returning kind`,
          [holder.kind, holder.id, key.wrapped, key.masterKeyId],
        );
        if (added.length > 0) return key;
        // Read in a statement of its own: the row that was in the way may not be visible to the one above.
        const kept = await objectKey(holder);
        if (kept !== undefined) return kept;
      }
    },

    admitKeys: (given) => transaction((inside) => admitKeys(inside, given)),

    tryReserve: (attempt) => transaction((inside) => reserveAll(inside, attempt)),

    async confirmReservation(hashes, person) {
      const rows = await query(
        'update vault.reservation set confirmed = true where hash = any($1) and person_id = $2 returning hash',
        [hashes, person],
      );
      return rows.length;
    },

    async clerkReference(subject, proposal) {
      for (;;) {
        const added = await query(
          'insert into vault.clerk (subject, reference) values ($1, $2) on conflict (subject) do nothing returning subject',
          [subject, proposal],
        );
        if (added.length > 0) return proposal;
        const [row] = await query<{ reference: string }>('select reference from vault.clerk where subject = $1', [
          subject,
        ]);
        if (row !== undefined) return row.reference;
      }
    },

    highWaterMark: {
      async read(store) {
        const [row] = await query<{ epoch: number; position: string }>(
          'select epoch, position from vault.high_water_mark where store = $1',
          [store],
        );
        return row && { epoch: row.epoch, position: BigInt(row.position) };
      },
      async stores() {
        const rows = await query<{ store: string }>('select store from vault.high_water_mark order by store');
        return rows.map(({ store }) => store);
      },
      async write(store, { epoch, position }) {
        await query(
          `insert into vault.high_water_mark as mark (store, epoch, position) values ($1, $2, $3)
           on conflict (store) do update set epoch = excluded.epoch, position = excluded.position, written_at = now()
           where (excluded.epoch, excluded.position) > (mark.epoch, mark.position)`,
          [store, epoch, position.toString()],
        );
      },
    },

    close,
  };
}

async function admitKeys(query: Query, given: readonly KnownKey[]): Promise<readonly KnownKey[]> {
  await query('lock table vault.known_key in share row exclusive mode');
  const rows = await query<{ name: SecretKeyName; id: string; key_check: string }>(
    'select name, id, key_check from vault.known_key',
  );
  const known = rows.map(({ name, id, key_check: check }) => ({ name, id, check }));
  if (known.every((key) => isAmong(key, given))) {
    await query(
      `insert into vault.known_key (name, id, key_check)
       select * from unnest($1::text[], $2::text[], $3::text[]) on conflict do nothing`,
      [given.map((key) => key.name), given.map((key) => key.id), given.map((key) => key.check)],
    );
  }
  return known;
}

async function reserveAll(query: Query, attempt: ReservationAttempt): Promise<AttemptOutcome> {
  // One attempt at a time per hash, also while there is no row to lock; sorted, so that two never wait for each other.
  // What is read next is read in a new statement and so sees what the attempt before committed.
  const hashes = [...attempt.hashes].sort();
  await query('select pg_advisory_xact_lock(hashtextextended(hash, 0)) from unnest($1::text[]) as hash', [hashes]);
  const rows = await query<{ person_id: PersonId; may_be_void: boolean }>(
    // for update: a confirmation either is seen here or finds the row gone to somebody else.
    `select person_id, not confirmed and reserved_at <= $2 as may_be_void
     from vault.reservation where hash = any($1) for update`,
    [hashes, attempt.voidUntil],
  );
  for (const { person_id: holder, may_be_void: mayBeVoid } of rows) {
    const isVoid = mayBeVoid && (attempt.voidOf === 'anybody' || attempt.voidOf.includes(holder));
    if (holder !== attempt.person && !isVoid) return { mine: false, holder, mayBeVoid };
  }
  await query(
    `insert into vault.reservation as row (hash, person_id, reserved_at)
     select hash, $2, $3 from unnest($1::text[]) as hash
     on conflict (hash) do update
       set person_id = excluded.person_id, reserved_at = excluded.reserved_at, confirmed = false
       where row.person_id <> excluded.person_id or (not row.confirmed and row.reserved_at < excluded.reserved_at)`,
    [hashes, attempt.person, attempt.now],
  );
  return { mine: true };
}
