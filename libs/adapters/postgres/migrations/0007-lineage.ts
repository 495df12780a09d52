/** SQLSTATE by which `demand_lineage` says that the store was put back to an older state. */
export const LINEAGE_BROKEN = 'WB001';

/**
 * By which a database that was put back to an older state under running processes is noticed: every append, and every
 * word of a decision instance, names the newest event and record that its process knows (null: none yet).
 */
export const lineage = `
alter table waarborg.read_models add column event text;
alter table waarborg.checkpoints add column event text;

-- A process of the version before moves a checkpoint and knows nothing of the event: then none is named, not an old one.
create function waarborg.forget_event() returns trigger language plpgsql as $$
begin
  new.event := null;
  return new;
end
$$;
create trigger forget_event before update on waarborg.read_models for each row
  when (new.position is distinct from old.position and new.event = old.event) execute function waarborg.forget_event();
create trigger forget_event before update on waarborg.checkpoints for each row
  when (new.position is distinct from old.position and new.event = old.event) execute function waarborg.forget_event();

-- Events and records by their id and moment, "id@milliseconds": a command that is carried out again after the database
-- went back makes the same id, perhaps at the same position, and not the same event.
create function waarborg.demand_lineage(p_position bigint, p_event text, p_record_position bigint, p_record text)
returns void language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
declare
  v_found text;
begin
  if p_position is not null then
    select e.id || '@' || e.recorded_at into v_found from waarborg.events e where e.position = p_position;
    if v_found is distinct from p_event then
      raise exception using errcode = '${LINEAGE_BROKEN}',
        message = format('position %s held event %s and now holds %s', p_position, p_event, coalesce(v_found, 'nothing'));
    end if;
  end if;
  if p_record_position is not null then
    select p.id || '@' || p.recorded_at into v_found
    from waarborg.record_places p where p.position = p_record_position;
    if v_found is distinct from p_record then
      raise exception using errcode = '${LINEAGE_BROKEN}', message = format(
        'position %s held record %s and now holds %s', p_record_position, p_record, coalesce(v_found, 'nothing'));
    end if;
  end if;
end
$$;

-- append_events and append_records, for a process that knows the store up to there; nothing is written to another one.
create function waarborg.append_events_behind(
  p_position bigint, p_event text, p_record_position bigint, p_record text, p_careful boolean,
  p_nr integer[], p_stream text[], p_expected integer[], p_revision integer[], p_id uuid[], p_type text[], p_bytes text[]
) returns table (
  nr integer, written boolean, there boolean, actual integer, taken uuid, revision integer, "position" bigint,
  recorded_at bigint
) language plpgsql volatile as $$
begin
  perform waarborg.demand_lineage(p_position, p_event, p_record_position, p_record);
  return query select * from waarborg.append_events(
    p_careful, p_nr, p_stream, p_expected, p_revision, p_id, p_type, p_bytes);
end
$$;

create function waarborg.append_records_behind(
  p_position bigint, p_event text, p_record_position bigint, p_record text,
  p_id uuid[], p_kind text[], p_bytes text[], p_instance text[], p_stretch uuid[]
) returns table (nr integer, "position" bigint, recorded_at bigint, lease_until bigint) language plpgsql volatile as $$
begin
  perform waarborg.demand_lineage(p_position, p_event, p_record_position, p_record);
  return query select * from waarborg.append_records(p_id, p_kind, p_bytes, p_instance, p_stretch);
end
$$;
`;
