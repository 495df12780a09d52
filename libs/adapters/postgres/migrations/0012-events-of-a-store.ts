import { EVENT_CHANNEL, EVENT_LOG_LOCK } from './0001-event-log.js';

/**
 * The register's database names the store whose register it is, since that store's events may be elsewhere. And events
 * that come from elsewhere keep beside them where they stood first; their `recorded_at` is the one they had there.
 */
export const eventsOfAStore = `
create table waarborg.register_of (
  one   boolean primary key default true check (one),
  store uuid    not null
);
comment on table waarborg.register_of is 'id of the store, one row: another one''s events are refused';
insert into waarborg.register_of (store)
select (e.bytes::jsonb -> 'data' ->> 'store')::uuid from waarborg.events e
where e.stream = 'installation' and e.revision = 0 and e.type = 'StoreInitialized';

create table waarborg.event_origins (
  position        bigint  primary key,
  origin_position bigint  not null,
  origin_epoch    integer not null
);
comment on table waarborg.event_origins is 'where events that were moved here stood first; their recorded_at is of there';

create trigger append_only before update or delete or truncate on waarborg.register_of
  for each statement execute function waarborg.refuse_change();
create trigger append_only before update or delete or truncate on waarborg.event_origins
  for each statement execute function waarborg.refuse_change();

-- Writes events of another store behind those that are there, in the order of the arrays. Answers the new head, or
-- the stream that does not stand right before what comes: then nothing is written.
create function waarborg.import_events(
  p_stream text[], p_revision integer[], p_id uuid[], p_type text[], p_bytes text[],
  p_recorded_at bigint[], p_origin_position bigint[], p_origin_epoch integer[]
) returns table (head bigint, stream text, expected integer, actual integer) language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_head bigint;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'events are appended under read committed only';
  end if;
  perform pg_advisory_xact_lock(${EVENT_LOG_LOCK});
  select coalesce(max(e.position), 0) into v_head from waarborg.events e;
  return query
    select null::bigint, i.stream, i.revision - 1, i.stands from (
      select i.stream, i.revision, i.place,
        coalesce((select max(e.revision) from waarborg.events e where e.stream = i.stream), -1)
          + (row_number() over (partition by i.stream order by i.place))::integer - 1 as stands
      from unnest(p_stream, p_revision) with ordinality as i(stream, revision, place)
    ) i where i.revision <> i.stands + 1 order by i.place limit 1;
  if found then
    return;
  end if;
  insert into waarborg.events (position, stream, revision, id, type, bytes, recorded_at)
  select v_head + i.place, i.stream, i.revision, i.id, i.type, i.bytes, i.recorded_at
  from unnest(p_stream, p_revision, p_id, p_type, p_bytes, p_recorded_at)
    with ordinality as i(stream, revision, id, type, bytes, recorded_at, place);
  insert into waarborg.event_origins (position, origin_position, origin_epoch)
  select v_head + i.place, i.origin_position, i.origin_epoch
  from unnest(p_origin_position, p_origin_epoch) with ordinality as i(origin_position, origin_epoch, place);
  perform pg_notify('${EVENT_CHANNEL}', (v_head + cardinality(p_id))::text);
  return query select v_head + cardinality(p_id), null::text, null::integer, null::integer;
end
$$;
`;
