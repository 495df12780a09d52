/** Lock under which positions of the record log are given out. */
export const RECORD_LOG_LOCK = 7_709_002;
export const RECORD_CHANNEL = 'waarborg_records';

/**
 * The records are partitioned by month of recording. A unique index of a partitioned table can't span partitions
 * without the month, so id and position are unique in `record_places`, which is small and not partitioned.
 */
export const recordLog = `
create table waarborg.record_places (
  position    bigint primary key,
  id          uuid   not null unique,
  recorded_at bigint not null
) with (autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_freeze_min_age = 0);

create table waarborg.records (
  position    bigint not null,
  id          uuid   not null,
  kind        text   not null,
  bytes       text   not null,
  recorded_at bigint not null,
  primary key (position, recorded_at)
) partition by range (recorded_at);
comment on column waarborg.records.bytes is 'RFC 8785 text exactly as it was hashed';
comment on column waarborg.records.recorded_at is 'milliseconds since 1970-01-01T00:00:00Z';

create trigger append_only before update or delete or truncate on waarborg.record_places
  for each statement execute function waarborg.refuse_change();
create trigger append_only before update or delete or truncate on waarborg.records
  for each statement execute function waarborg.refuse_change();

-- Makes the partition of a moment where it is missing. Attached afterwards: that does not lock out readers.
create function waarborg.ensure_record_month(p_at bigint) returns void language plpgsql as $$
declare
  v_month timestamp := date_trunc('month', to_timestamp(p_at / 1000.0) at time zone 'UTC');
  v_name  text := to_char(v_month, '"records_"YYYY_MM');
  v_from  bigint := extract(epoch from v_month at time zone 'UTC') * 1000;
  v_until bigint := extract(epoch from (v_month + interval '1 month') at time zone 'UTC') * 1000;
begin
  if to_regclass('waarborg.' || v_name) is not null then
    return;
  end if;
  execute format('create table waarborg.%I (like waarborg.records including all,
    check (recorded_at >= %s and recorded_at < %s)) with (autovacuum_analyze_scale_factor = 0.02,
    autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_freeze_min_age = 0)', v_name, v_from, v_until);
  execute format('create trigger append_only before update or delete or truncate on waarborg.%I
    for each statement execute function waarborg.refuse_change()', v_name);
  execute format('alter table waarborg.records attach partition waarborg.%I for values from (%s) to (%s)',
    v_name, v_from, v_until);
end
$$;

-- One call, one commit, for any number of records with different ids. Answers one row for each, in any order.
create function waarborg.append_records(p_id uuid[], p_kind text[], p_bytes text[])
returns table (nr integer, "position" bigint, recorded_at bigint) language plpgsql volatile
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
  select p.position, p.recorded_at into v_head, v_now from waarborg.record_places p order by p.position desc limit 1;
  v_head := coalesce(v_head, 0);
  v_now := greatest(v_now, floor(extract(epoch from clock_timestamp()) * 1000)::bigint);
  perform waarborg.ensure_record_month(v_now);

  return query
  with item as (
    select i.*,
      (select p.position from waarborg.record_places p where p.id = i.id) as known_position,
      (select p.recorded_at from waarborg.record_places p where p.id = i.id) as known_at
    from unnest(p_id, p_kind, p_bytes) with ordinality as i(id, kind, bytes, place)
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
  select p.place::integer, p.position, coalesce(p.known_at, v_now) from placed p;

  select max(p.position) into v_last from waarborg.record_places p;
  if v_last > v_head then
    perform pg_notify('${RECORD_CHANNEL}', v_last::text);
  end if;
end
$$;
`;
