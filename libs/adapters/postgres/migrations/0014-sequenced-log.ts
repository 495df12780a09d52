/** Lock under which indexes of the transparency log are given out, and its checkpoints stored. */
export const SEQUENCED_LOG_LOCK = 7_709_014;

/**
 * The archive's own table of the transparency log. Entries and checkpoints are only ever added; records and salts go when
 * their retention ends, and leave the entry. Nothing that can be computed of a record alone stays behind with its entry.
 */
export const sequencedLog = `
create table waarborg.log_entries (
  index     bigint primary key check (index >= 0),
  record_id uuid,
  entry     bytea  not null check (length(entry) = 32)
);
create index on waarborg.log_entries (record_id);
comment on column waarborg.log_entries.record_id is
  'id of the event or record; null = it was published, and the table was restored to before it';
comment on column waarborg.log_entries.entry is 'SHA-256(waarborg-record-v1 || 0x00 || salt || record)';

create table waarborg.log_records (
  index   bigint primary key,
  content bytea  not null check (length(content) = 32),
  salt    bytea  not null check (length(salt) = 32),
  record  text   not null
);
comment on table waarborg.log_records is 'salts can not be made again; a row that is missing was destroyed';
comment on column waarborg.log_records.content is 'SHA-256 of what was recorded, apart from where and when';

create table waarborg.log_checkpoints (
  size bigint primary key check (size > 0),
  root bytea  not null check (length(root) = 32),
  note text   not null
);

create trigger append_only before update or delete or truncate on waarborg.log_entries
  for each statement execute function waarborg.refuse_change();
create trigger never_another before update or truncate on waarborg.log_records
  for each statement execute function waarborg.refuse_change();
create trigger append_only before update or delete or truncate on waarborg.log_checkpoints
  for each statement execute function waarborg.refuse_change();

-- Answers how many entries there are then; null where the feed's checkpoint is not where it was said to be.
create function waarborg.sequence_records(
  p_feed text, p_store text, p_epoch integer, p_position bigint, p_event text,
  p_from_store text, p_from_epoch integer, p_from_position bigint, p_from_event text,
  p_fence text, p_token bigint,
  p_id uuid[], p_content bytea[], p_salt bytea[], p_record text[], p_entry bytea[]
) returns bigint language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  v_size  bigint;
  v_added bigint;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'records are sequenced under read committed only';
  end if;
  if not waarborg.move_checkpoint(p_feed, p_store, p_epoch, p_position, p_event,
      p_from_store, p_from_epoch, p_from_position, p_from_event, p_fence, p_token) then
    return null;
  end if;
  perform pg_advisory_xact_lock(${SEQUENCED_LOG_LOCK});
  -- In the next statement, which sees what was committed until the lock was had.
  select coalesce(max(e.index) + 1, 0) into v_size from waarborg.log_entries e;
  with item as (
    select i.*, row_number() over (partition by i.id, i.content order by i.place) as nth
    from unnest(p_id, p_content, p_salt, p_record, p_entry) with ordinality
      as i(id, content, salt, record, entry, place)
  ), fresh as (
    select i.*, v_size + row_number() over (order by i.place) - 1 as at
    from item i
    where i.nth = 1 and (
      -- Not "not exists": of that a database with old figures makes a join over the whole table.
      select 1 from waarborg.log_entries e left join waarborg.log_records r on r.index = e.index
      where e.record_id = i.id and (r.index is null or r.content = i.content) limit 1) is null
  ), entered as (
    insert into waarborg.log_entries (index, record_id, entry) select f.at, f.id, f.entry from fresh f order by f.at
  )
  insert into waarborg.log_records (index, content, salt, record)
  select f.at, f.content, f.salt, f.record from fresh f order by f.at;
  get diagnostics v_added = row_count;
  return v_size + v_added;
end
$$;

-- Answers whether it is the next one: behind the one that was named, of more entries, and of no more than there are.
create function waarborg.store_log_checkpoint(
  p_from bigint, p_size bigint, p_root bytea, p_note text, p_fence text, p_token bigint
) returns boolean language plpgsql volatile as $$
declare
  v_newest bigint;
  v_size   bigint;
begin
  perform waarborg.demand_fence(p_fence, p_token);
  perform pg_advisory_xact_lock(${SEQUENCED_LOG_LOCK});
  select coalesce(max(c.size), 0) into v_newest from waarborg.log_checkpoints c;
  select coalesce(max(e.index) + 1, 0) into v_size from waarborg.log_entries e;
  if v_newest <> p_from or p_size <= v_newest or p_size > v_size then
    return false;
  end if;
  insert into waarborg.log_checkpoints (size, root, note) values (p_size, p_root, p_note);
  return true;
end
$$;

-- Entries that were published and are not here any more, behind the first p_from, with the checkpoint that covers them.
create function waarborg.adopt_log_entries(p_from bigint, p_entry bytea[], p_size bigint, p_root bytea, p_note text)
returns boolean language plpgsql volatile as $$
declare
  v_newest bigint;
  v_size   bigint;
begin
  perform pg_advisory_xact_lock(${SEQUENCED_LOG_LOCK});
  select coalesce(max(c.size), 0) into v_newest from waarborg.log_checkpoints c;
  select coalesce(max(e.index) + 1, 0) into v_size from waarborg.log_entries e;
  if v_size <> p_from or p_size <= v_newest or p_size > p_from + cardinality(p_entry) then
    return false;
  end if;
  insert into waarborg.log_entries (index, record_id, entry)
  select p_from + i.place - 1, null, i.entry from unnest(p_entry) with ordinality as i(entry, place) order by i.place;
  insert into waarborg.log_checkpoints (size, root, note) values (p_size, p_root, p_note);
  return true;
end
$$;
`;
