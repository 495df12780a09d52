import { RECORD_LOG_LOCK } from './0002-record-log.js';

/**
 * The log belongs to an owner that the application can't act as. What the application needs of the owner's rights, the
 * table of a month, is made by a function that works as the owner and makes nothing else.
 */
export const leastPrivilege = `
alter function waarborg.ensure_record_month(bigint) rename to make_record_month;

-- The month that is written to and the one behind it, so that the first append of a month finds its table.
create function waarborg.ensure_record_month(p_at bigint) returns void language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  v_month  timestamp := date_trunc('month', to_timestamp(p_at / 1000.0) at time zone 'UTC');
  v_next   timestamp := v_month + interval '1 month';
  v_newest bigint;
begin
  if to_regclass('waarborg.' || to_char(v_month, '"records_"YYYY_MM')) is not null
     and to_regclass('waarborg.' || to_char(v_next, '"records_"YYYY_MM')) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(${RECORD_LOG_LOCK});
  -- The clock may have been set back; then the newest record's month goes on.
  select p.recorded_at into v_newest from waarborg.record_places p order by p.position desc limit 1;
  v_newest := greatest(v_newest, floor(extract(epoch from waarborg.clock()) * 1000)::bigint);
  if p_at is null or abs(p_at - v_newest) > 86400000 then
    raise exception 'a month is made for the time that it is, and no other' using errcode = 'insufficient_privilege';
  end if;
  perform waarborg.make_record_month(p_at);
  perform waarborg.make_record_month((extract(epoch from v_next at time zone 'UTC') * 1000)::bigint);
end
$$;

revoke all on all tables in schema waarborg from public;
`;
