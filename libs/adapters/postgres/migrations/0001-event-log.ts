/** Lock under which positions of the event log are given out; held from the first read of the head to the commit. */
export const EVENT_LOG_LOCK = 7_709_001;
export const EVENT_CHANNEL = 'waarborg_events';

export const eventLog = `
create table waarborg.events (
  position    bigint  primary key,
  stream      text    not null,
  revision    integer not null check (revision >= 0),
  id          uuid    not null unique,
  type        text    not null,
  bytes       text    not null,
  recorded_at bigint  not null,
  unique (stream, revision)
) with (
  autovacuum_analyze_scale_factor = 0.02,
  autovacuum_vacuum_insert_scale_factor = 0.05,
  autovacuum_freeze_min_age = 0
);
comment on column waarborg.events.bytes is 'RFC 8785 text exactly as it was hashed';
comment on column waarborg.events.recorded_at is 'milliseconds since 1970-01-01T00:00:00Z';

create function waarborg.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% of %.% is refused: the log is append-only', lower(tg_op), tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege';
end
$$;
create trigger append_only before update or delete or truncate on waarborg.events
  for each statement execute function waarborg.refuse_change();

-- One call, one commit, for any number of appends. The arrays hold one element for each event; "nr" numbers the appends.
--
-- Answers a single row without "nr" when everything was written: the head before, and the time. Otherwise one row for
-- each append; what was not written is explained by "there", "actual" and "taken". Unless it is told to be careful it
-- leaves it to the unique index to notice ids that are in use, and fails as a whole then.
--
-- Planned once per connection, not per call; index plans are forced because the table may still be empty then.
create function waarborg.append_events(
  p_careful boolean,
  p_nr integer[], p_stream text[], p_expected integer[], p_revision integer[], p_id uuid[], p_type text[], p_bytes text[]
) returns table (
  nr integer, written boolean, there boolean, actual integer, taken uuid, revision integer, "position" bigint,
  recorded_at bigint
) language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  v_head bigint;
  v_now  bigint;
  v_last bigint;
begin
  -- Under a snapshot that is older than the lock the head that is read would be an old one.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'events are appended under read committed only';
  end if;
  perform pg_advisory_xact_lock(${EVENT_LOG_LOCK});
  select e.position, e.recorded_at into v_head, v_now from waarborg.events e order by e.position desc limit 1;
  v_head := coalesce(v_head, 0);
  v_now := greatest(v_now, floor(extract(epoch from clock_timestamp()) * 1000)::bigint);

  if not p_careful and not exists (
    select from unnest(p_stream, p_expected, p_revision) as i(stream, expected, revision)
    where i.revision = i.expected + 1 and i.expected <> coalesce(
      (select e.revision from waarborg.events e where e.stream = i.stream order by e.revision desc limit 1), -1
    )
  ) then
    insert into waarborg.events (position, stream, revision, id, type, bytes, recorded_at)
    select v_head + i.place, i.stream, i.revision, i.id, i.type, i.bytes, v_now
    from unnest(p_stream, p_revision, p_id, p_type, p_bytes)
      with ordinality as i(stream, revision, id, type, bytes, place);
    perform pg_notify('${EVENT_CHANNEL}', (v_head + cardinality(p_id))::text);
    return query select null::integer, true, false, null::integer, null::uuid, null::integer, v_head, v_now;
    return;
  end if;

  return query
  with item as (
    select i.*,
      case when i.revision = i.expected + 1 then coalesce(
        (select e.revision from waarborg.events e where e.stream = i.stream order by e.revision desc limit 1), -1
      ) end as stands,
      (select e.stream = i.stream and e.revision = i.revision from waarborg.events e where e.id = i.id) as there
    from unnest(p_nr, p_stream, p_expected, p_revision, p_id, p_type, p_bytes)
      with ordinality as i(nr, stream, expected, revision, id, type, bytes, place)
  ), judged as (
    select i.*,
      max(i.stands) over append as actual,
      max(i.stands) over append = i.expected and count(i.there) over append = 0 as accepted
    from item i window append as (partition by i.nr)
  ), placed as (
    select j.*, v_head + count(*) filter (where j.accepted) over (order by j.place) as position from judged j
  ), added as (
    insert into waarborg.events (position, stream, revision, id, type, bytes, recorded_at)
    select p.position, p.stream, p.revision, p.id, p.type, p.bytes, v_now from placed p where p.accepted order by p.place
  )
  select p.nr, bool_and(p.accepted), coalesce(bool_and(coalesce(p.there, false)), false), max(p.actual),
    min(p.id::text) filter (where not p.there)::uuid, max(p.revision), max(p.position), v_now
  from placed p group by p.nr;

  select max(e.position) into v_last from waarborg.events e;
  if v_last > v_head then
    perform pg_notify('${EVENT_CHANNEL}', v_last::text);
  end if;
end
$$;
`;
