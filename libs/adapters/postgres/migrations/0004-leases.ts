import { RECORD_CHANNEL, RECORD_LOG_LOCK } from './0002-record-log.js';

/** Lock between who renews a lease and who makes a type known that ends something. */
export const ENDING_LOCK = 7_709_004;

/**
 * Leases that hold whatever a clock does. A lease is one row; whoever no longer counts on an instance takes its row away
 * first, and a record says whether the row of its lease still stood. Processes of the version before go on beside this
 * one: their statements find what they know, their rows get the defaults.
 */
export const leases = `
-- The database's clock. By itself, so that a test can set it.
create function waarborg.clock() returns timestamptz language sql volatile as 'select clock_timestamp()';

-- What is recorded now is recorded at, in milliseconds since 1970: never goes back, whatever the clock does.
create function waarborg.record_clock() returns bigint language sql volatile as $$
  select greatest(
    (select p.recorded_at from waarborg.record_places p order by p.position desc limit 1),
    floor(extract(epoch from waarborg.clock()) * 1000)::bigint)
$$;

alter table waarborg.decision_instances
  add column stretch            uuid    not null default gen_random_uuid(),
  add column lease_milliseconds integer not null default 2000,
  add column knows              text[]  default '{AuthorizationRevoked,MeansRevoked}';
comment on column waarborg.decision_instances.stretch is 'for how long the row has stood without a gap: another one after every gap';
comment on column waarborg.decision_instances.knows is 'types of events that end something; null = all there are';

create table waarborg.ending_types (
  type text primary key
);
comment on table waarborg.ending_types is 'types by which something was ended: who does not know them all answers no more';

-- A row that somebody works on stands for the moment: it is being renewed, or goes anyway.
create function waarborg.forget_dead_instances(p_now bigint) returns void language sql volatile as $$
  delete from waarborg.decision_instances where instance in (
    select d.instance from waarborg.decision_instances d
    where d.lease_until <= to_timestamp(p_now / 1000.0) for update skip locked
  )
$$;

-- Answers either the lease or the types that the instance would have to know.
create function waarborg.renew_lease(p_instance text, p_seen bigint, p_milliseconds integer, p_knows text[])
returns table (stretch uuid, lease_until bigint, unknown text[]) language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_now   bigint;
  v_until bigint;
begin
  -- Either the type is seen by the next statement, or whoever made it known sees the row that is written here.
  perform pg_advisory_xact_lock_shared(${ENDING_LOCK});
  select array_agg(t.type order by t.type) into unknown from waarborg.ending_types t where t.type <> all(p_knows);
  if unknown is not null then
    delete from waarborg.decision_instances d where d.instance = p_instance;
    return next;
    return;
  end if;
  v_now := waarborg.record_clock();
  v_until := v_now + p_milliseconds;
  perform waarborg.forget_dead_instances(v_now);
  insert into waarborg.decision_instances as d (instance, seen, lease_until, lease_milliseconds, knows)
  values (p_instance, p_seen, to_timestamp(v_until / 1000.0), p_milliseconds, p_knows)
  on conflict (instance) do update set seen = excluded.seen, lease_until = excluded.lease_until,
    lease_milliseconds = excluded.lease_milliseconds, knows = excluded.knows
  returning d.stretch into stretch;
  lease_until := v_until;
  return next;
end
$$;

-- Every instance that is counted on. "version" changes with every renewal.
create function waarborg.counted_instances(p_position bigint, p_ended text)
returns table (instance text, version text, lease_milliseconds integer, behind boolean) language plpgsql volatile as $$
#variable_conflict use_column
begin
  if p_ended is not null and not exists (select from waarborg.ending_types t where t.type = p_ended) then
    perform pg_advisory_xact_lock(${ENDING_LOCK});
    insert into waarborg.ending_types (type) values (p_ended) on conflict do nothing;
  end if;
  -- The clock is read before the rows are looked at: a lease that ends while they are counts as held.
  perform waarborg.forget_dead_instances(waarborg.record_clock());
  return query
    select d.instance, d.xmin::text, d.lease_milliseconds,
      d.seen < p_position or (p_ended is not null and d.knows is not null and p_ended <> all(d.knows))
    from waarborg.decision_instances d order by d.instance;
end
$$;

-- As the one without leases, which the version before calls. "lease_until" is null when the row of that lease is gone.
create function waarborg.append_records(p_id uuid[], p_kind text[], p_bytes text[], p_instance text[], p_stretch uuid[])
returns table (nr integer, "position" bigint, recorded_at bigint, lease_until bigint) language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  v_head bigint;
  v_now  bigint;
  v_last bigint;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'records are appended under read committed only';
  end if;
  perform pg_advisory_xact_lock(${RECORD_LOG_LOCK});
  select p.position into v_head from waarborg.record_places p order by p.position desc limit 1;
  v_head := coalesce(v_head, 0);
  v_now := waarborg.record_clock();
  perform waarborg.ensure_record_month(v_now);

  return query
  with item as (
    select i.*,
      (select p.position from waarborg.record_places p where p.id = i.id) as known_position,
      (select p.recorded_at from waarborg.record_places p where p.id = i.id) as known_at
    from unnest(p_id, p_kind, p_bytes, p_instance, p_stretch) with ordinality
      as i(id, kind, bytes, instance, stretch, place)
  ), placed as (
    select i.*,
      coalesce(i.known_position, v_head + count(*) filter (where i.known_at is null) over (order by i.place)) as position
    from item i
  ), reserved as (
    insert into waarborg.record_places (position, id, recorded_at)
    select p.position, p.id, v_now from placed p where p.known_at is null order by p.place
  ), added as (
    insert into waarborg.records (position, id, kind, bytes, recorded_at)
    select p.position, p.id, p.kind, p.bytes, v_now from placed p where p.known_at is null order by p.place
  )
  select p.place::integer, p.position, coalesce(p.known_at, v_now),
    (select floor(extract(epoch from d.lease_until) * 1000)::bigint from waarborg.decision_instances d
     where d.instance = p.instance and d.stretch = p.stretch)
  from placed p;

  select max(p.position) into v_last from waarborg.record_places p;
  if v_last > v_head then
    perform pg_notify('${RECORD_CHANNEL}', v_last::text);
  end if;
end
$$;
`;
