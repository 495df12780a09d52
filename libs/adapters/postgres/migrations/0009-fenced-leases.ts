/** SQLSTATE by which `demand_fence` says that another one has the turn by now. */
export const FENCED = 'WB002';

/**
 * Turns at what one process at a time does. A row stays for ever, so that a token is never given twice; who leaves takes
 * his name out of it. Effects check the token of their turn in their own transaction (`demand_fence`): a share of the
 * row's lock is theirs until they are committed, and nobody takes the turn meanwhile. An effect is one statement, so
 * that a process that is paused never keeps its transaction open.
 */
export const fencedLeases = `
create table waarborg.leases (
  name         text    primary key,
  holder       text,
  token        bigint  not null default 0,
  renewal      bigint  not null default 0,
  milliseconds integer not null default 0,
  lease_until  bigint  not null default 0
);
comment on column waarborg.leases.holder is 'null = nobody';
comment on column waarborg.leases.renewal is 'rises whenever the lease is taken or renewed: unchanged for its length, it has run out whatever the clock says';

-- "p_dead": the renewal that stood unchanged for the length of the lease, by the caller's own clock. Not taken: how the
-- lease stands.
create function waarborg.take_lease(p_name text, p_holder text, p_milliseconds integer, p_dead bigint)
returns table (taken boolean, token bigint, lease_until bigint, renewal bigint, milliseconds integer)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_lease waarborg.leases;
  v_now   bigint := floor(extract(epoch from waarborg.clock()) * 1000);
  v_runs  boolean;
begin
  -- Who has to wait looks without a lock: effects of the holder are not held up by those who ask.
  select * into v_lease from waarborg.leases l where l.name = p_name;
  if not found then
    insert into waarborg.leases (name) values (p_name) on conflict (name) do nothing;
  end if;
  for attempt in 1..2 loop
    v_runs := v_lease.holder is not null and v_lease.lease_until > v_now and v_lease.renewal is distinct from p_dead;
    if v_runs and v_lease.holder <> p_holder then
      return query select false, v_lease.token, v_lease.lease_until, v_lease.renewal, v_lease.milliseconds;
      return;
    end if;
    if attempt = 1 then
      select * into v_lease from waarborg.leases l where l.name = p_name for update;
      v_now := floor(extract(epoch from waarborg.clock()) * 1000);
    end if;
  end loop;
  return query
    update waarborg.leases l
    set holder = p_holder, token = l.token + case when v_runs then 0 else 1 end, renewal = l.renewal + 1,
      milliseconds = p_milliseconds, lease_until = v_now + p_milliseconds
    where l.name = p_name
    returning true, l.token, l.lease_until, l.renewal, l.milliseconds;
end
$$;

-- Null: no fence.
create function waarborg.demand_fence(p_name text, p_token bigint) returns void language plpgsql volatile as $$
begin
  if p_name is null then
    return;
  end if;
  perform from waarborg.leases l where l.name = p_name and l.token = p_token for share;
  if not found then
    raise exception using errcode = '${FENCED}', message = format('turn %s at %s is over', p_token, p_name);
  end if;
end
$$;

-- Answers whether the checkpoint stood where it was said to.
create function waarborg.move_checkpoint(
  p_name text, p_store text, p_epoch integer, p_position bigint, p_event text,
  p_from_store text, p_from_epoch integer, p_from_position bigint, p_from_event text,
  p_fence text, p_token bigint
) returns boolean language plpgsql volatile as $$
begin
  perform waarborg.demand_fence(p_fence, p_token);
  if p_from_store is null then
    insert into waarborg.checkpoints (name, store, epoch, position, event)
    values (p_name, p_store, p_epoch, p_position, p_event) on conflict (name) do nothing;
  else
    update waarborg.checkpoints c set store = p_store, epoch = p_epoch, position = p_position, event = p_event
    where c.name = p_name and c.store = p_from_store and c.epoch = p_from_epoch and c.position = p_from_position
      and c.event is not distinct from p_from_event;
  end if;
  return found;
end
$$;
`;
