/**
 * The key store's schema, step by step, forward only. A step that was released is never changed; a change is a new step.
 * In a schema of its own, so that nothing of it mixes with the register's tables, should somebody point both at one
 * database.
 */
export const MIGRATIONS: readonly { readonly version: number; readonly sql: string }[] = [
  {
    version: 1,
    sql: `
      create table vault.known_key (
        name          text        not null,
        id            text        not null,
        key_check     text        not null,
        first_used_at timestamptz not null default now(),
        primary key (name, id)
      );

      create table vault.object_key (
        kind          text        not null,
        id            text        not null,
        wrapped       bytea       not null,
        master_key_id text        not null,
        created_at    timestamptz not null default now(),
        primary key (kind, id)
      );

      create table vault.reservation (
        hash        text        primary key,
        person_id   text        not null,
        reserved_at timestamptz not null,
        confirmed   boolean     not null default false
      );
      -- A person's rows go together with the person's key.
      create index reservation_person on vault.reservation (person_id);

      create table vault.clerk (
        subject    text        primary key,
        reference  text        not null unique,
        created_at timestamptz not null default now()
      );

      -- numeric: EventStoreDB's positions are unsigned 64-bit numbers.
      create table vault.high_water_mark (
        store      text           primary key,
        epoch      integer        not null,
        position   numeric(20, 0) not null,
        written_at timestamptz    not null default now()
      );
    `,
  },
  {
    // Who has which identifying attributes: a row for each person under each keyed hash. The rows of the step before were
    // made of another form and of all attributes at once; these are made again from the event log.
    version: 2,
    sql: `
      drop table vault.reservation;

      create sequence vault.identifier_place;

      create table vault.identifier (
        hash            text        not null,
        person_id       text        not null,
        reserved_place  bigint      not null,
        reserved_at     timestamptz not null,
        -- Given when the person came to be; of two persons the later one asks about the earlier one.
        confirmed_place bigint,
        primary key (hash, person_id)
      );
      -- A person's rows go together with the person's key.
      create index identifier_person on vault.identifier (person_id);

      -- How far the event log was followed to make them.
      create table vault.checkpoint (
        name     text           primary key,
        store    text           not null,
        epoch    integer        not null,
        position numeric(20, 0) not null
      );
    `,
  },
  {
    version: 3,
    sql: `
      -- Which key store this is; a backup of it is the same one.
      create table vault.key_store (
        only_one boolean     primary key default true check (only_one),
        id       uuid        not null default gen_random_uuid(),
        made_at  timestamptz not null default now()
      );
      insert into vault.key_store default values;

      -- Holders whose key is gone, whoever deleted it and how: none of them ever gets another one.
      create table vault.destroyed_key (
        kind         text        not null,
        id           text        not null,
        destroyed_at timestamptz not null default now(),
        primary key (kind, id)
      );
      create function vault.remember_destroyed() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' then
          insert into vault.destroyed_key (kind, id) values (old.kind, old.id) on conflict do nothing;
        else
          insert into vault.destroyed_key (kind, id) select k.kind, k.id from vault.object_key k on conflict do nothing;
        end if;
        return null;
      end
      $$;
      create trigger remember_destroyed after delete on vault.object_key
        for each row execute function vault.remember_destroyed();
      create trigger remember_truncated before truncate on vault.object_key
        for each statement execute function vault.remember_destroyed();
    `,
  },
  {
    // By which a register that went back, and grew beyond the mark or a checkpoint, is noticed. A process of the version
    // before writes them and knows nothing of the event: then none is named, not an old one.
    version: 4,
    sql: `
      alter table vault.high_water_mark add column event text;
      alter table vault.checkpoint add column event text;
      create function vault.forget_event() returns trigger language plpgsql as $$
      begin
        new.event := null;
        return new;
      end
      $$;
      create trigger forget_event before update on vault.high_water_mark for each row
        when ((new.epoch, new.position) is distinct from (old.epoch, old.position) and new.event = old.event)
        execute function vault.forget_event();
      create trigger forget_event before update on vault.checkpoint for each row
        when ((new.epoch, new.position) is distinct from (old.epoch, old.position) and new.event = old.event)
        execute function vault.forget_event();
    `,
  },
];
