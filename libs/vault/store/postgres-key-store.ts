import { CheckpointMoved } from '#libs/eventing';
import { instantFromEpoch, type KeyHolder, type PersonId } from '#libs/kernel';
import type { SecretKeyName } from '../keys/key-provider.js';
import {
  isAmong,
  NO_TURNS,
  type IdentifierRow,
  type KeyStore,
  type KnownKey,
  type ReservationStep,
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
          `insert into vault.object_key (kind, id, wrapped, master_key_id)
           select $1, $2, $3, $4
           where not exists (select from vault.destroyed_key d where d.kind = $1 and d.id = $2)
           on conflict do nothing returning kind`,
          [holder.kind, holder.id, key.wrapped, key.masterKeyId],
        );
        if (added.length > 0) return key;
        // Read in a statement of its own: the row that was in the way may not be visible to the one above.
        const kept = await objectKey(holder);
        if (kept !== undefined) return kept;
        const destroyed = await query('select from vault.destroyed_key where kind = $1 and id = $2', [
          holder.kind,
          holder.id,
        ]);
        if (destroyed.length > 0) return undefined;
      }
    },

    async destroyObjectKey({ kind, id }) {
      // The trigger remembers a row that goes; of a holder without one nobody would.
      await query(
        `with gone as (delete from vault.object_key where kind = $1 and id = $2),
              unreserved as (delete from vault.identifier where $1 = 'person' and person_id = $2)
         insert into vault.destroyed_key (kind, id) values ($1, $2) on conflict do nothing`,
        [kind, id],
      );
    },

    admitKeys: (given) => transaction((inside) => admitKeys(inside, given)),

    reserve: (step) =>
      transaction(async (inside) => {
        await putRows(inside, step);
        return rowsSeen(inside, step);
      }),

    confirm: (step) =>
      transaction(async (inside) => {
        await putRows(inside, step);
        await inside(
          `update vault.identifier set confirmed_place = place.next
           from (select nextval('vault.identifier_place') as next) as place
           where hash = any($1) and person_id = $2 and confirmed_place is null`,
          [step.own, step.person],
        );
        return rowsSeen(inside, step);
      }),

    async release(person, hashes) {
      await query('delete from vault.identifier where person_id = $1 and hash = any($2)', [person, hashes]);
    },

    async lapse(person, until) {
      await query(
        'delete from vault.identifier where person_id = $1 and confirmed_place is null and reserved_at <= $2',
        [person, until],
      );
    },

    async holders(hashes, limit, after) {
      const rows = await query<{ person_id: PersonId; place: string }>(
        `select person_id, max(confirmed_place) as place from vault.identifier
         where hash = any($1) and confirmed_place is not null
         group by person_id
         having $2::bigint is null or (max(confirmed_place), person_id collate "C") < ($2::bigint, $3::text collate "C")
         order by place desc, person_id collate "C" desc limit $4`,
        [hashes, after?.place.toString() ?? null, after?.person ?? null, limit],
      );
      return rows.map(({ person_id: person, place }) => ({ person, place: BigInt(place) }));
    },

    checkpoints: {
      async read(name) {
        const [row] = await query<{ store: string; epoch: number; position: string; event: string | null }>(
          'select store, epoch, position, event from vault.checkpoint where name = $1',
          [name],
        );
        if (row === undefined) return undefined;
        const { store, epoch, position, event } = row;
        return { store, epoch, position: BigInt(position), ...(event === null ? {} : { event }) };
      },
      async move(name, from, to, fence) {
        if (fence !== undefined) throw new Error(NO_TURNS);
        const moved =
          from === undefined
            ? await query(
                `insert into vault.checkpoint (name, store, epoch, position, event) values ($1, $2, $3, $4, $5)
                 on conflict do nothing returning name`,
                [name, to.store, to.epoch, to.position.toString(), to.event],
              )
            : await query(
                `update vault.checkpoint set store = $2, epoch = $3, position = $4, event = $5
                 where name = $1 and store = $6 and epoch = $7 and position = $8 and event is not distinct from $9
                 returning name`,
                [
                  ...[name, to.store, to.epoch, to.position.toString(), to.event],
                  ...[from.store, from.epoch, from.position.toString(), from.event],
                ],
              );
        if (moved.length === 0) throw new CheckpointMoved(`the checkpoint of ${name} moved`);
      },
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
      async keeper() {
        const [row] = await query<{ id: string }>('select id from vault.key_store');
        return row!.id;
      },
      async read(store) {
        const [row] = await query<{ epoch: number; position: string; event: string | null }>(
          'select epoch, position, event from vault.high_water_mark where store = $1',
          [store],
        );
        if (row === undefined) return undefined;
        const { epoch, position, event } = row;
        return { epoch, position: BigInt(position), ...(event === null ? {} : { event }) };
      },
      async stores() {
        const rows = await query<{ store: string }>('select store from vault.high_water_mark order by store');
        return rows.map(({ store }) => store);
      },
      async write(store, { epoch, position, event }) {
        await query(
          `insert into vault.high_water_mark as mark (store, epoch, position, event) values ($1, $2, $3, $4)
           on conflict (store) do update set epoch = excluded.epoch, position = excluded.position,
             event = excluded.event, written_at = now()
           where (excluded.epoch, excluded.position) > (mark.epoch, mark.position)
             or (excluded.epoch, excluded.position) = (mark.epoch, mark.position) and mark.event is null`,
          [store, epoch, position.toString(), event],
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

async function putRows(query: Query, { person, own, seen, now }: ReservationStep): Promise<void> {
  // One step at a time per hash, also while there is no row to lock; sorted, so that two never wait for each other.
  // What is read next is read in a new statement and so sees what the step before committed.
  await query('select pg_advisory_xact_lock(hashtextextended(hash, 0)) from unnest($1::text[]) as hash', [
    [...seen].sort(),
  ]);
  await query(
    `insert into vault.identifier as row (hash, person_id, reserved_at, reserved_place)
     select hash, $2, $3, place.next
     from unnest($1::text[]) as hash, (select nextval('vault.identifier_place') as next) as place
     on conflict (hash, person_id) do update set reserved_at = excluded.reserved_at
       where row.confirmed_place is null and row.reserved_at < excluded.reserved_at`,
    [own, person, now],
  );
}

async function rowsSeen(query: Query, { seen }: ReservationStep): Promise<readonly IdentifierRow[]> {
  const rows = await query<{
    hash: string;
    person_id: PersonId;
    reserved_place: string;
    reserved_at: Date;
    confirmed_place: string | null;
  }>(
    `select hash, person_id, reserved_place, reserved_at, confirmed_place
     from vault.identifier where hash = any($1) order by reserved_place`,
    [seen],
  );
  return rows.map((row) => ({
    hash: row.hash,
    person: row.person_id,
    reservedPlace: BigInt(row.reserved_place),
    reservedAt: instantFromEpoch(row.reserved_at.getTime()),
    ...(row.confirmed_place === null ? {} : { confirmedPlace: BigInt(row.confirmed_place) }),
  }));
}
