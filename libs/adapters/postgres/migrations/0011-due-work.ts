/**
 * Work that waits for its moment, and how far reactions are. Moments are milliseconds since 1970 by the clock of the
 * application. An item that is "ready" is the first of its group that is not done: what stands behind it is not looked at
 * however long the group is. Whoever adds to a group or lets the next one follow holds its lock, so that one of both sees
 * the other. Every function is one statement of its caller (migration 9).
 */
export const dueWork = `
create table waarborg.due_work (
  kind       text    not null,
  id         text    not null,
  lane       text    not null,
  group_name text    not null,
  place      bigint  not null generated always as identity,
  due_at     bigint  not null,
  since      bigint  not null,
  payload    text    not null,
  state      text    not null default 'waiting' check (state in ('waiting', 'parked', 'done', 'dropped')),
  ready      boolean not null,
  attempts   integer not null default 0,
  reason     text,
  ended_at   bigint,
  primary key (kind, id)
);
create index due_work_ready on waarborg.due_work (kind, lane, due_at, place) where ready and state = 'waiting';
create unique index due_work_group on waarborg.due_work (kind, group_name, place) where state in ('waiting', 'parked');
create index due_work_lane on waarborg.due_work (kind, lane, place);
create index due_work_state on waarborg.due_work (kind, lane, state, place);
create index due_work_oldest on waarborg.due_work (kind, since) where state = 'waiting';
create index due_work_parked on waarborg.due_work (kind) where state = 'parked';
create index due_work_ended on waarborg.due_work (kind, ended_at) where ended_at is not null;
comment on column waarborg.due_work.since is 'when it was enqueued for, or released: from there on attempts and patience count';

create table waarborg.reactions (
  reaction text    not null,
  stream   text    not null,
  epoch    integer not null,
  position bigint  not null,
  primary key (reaction, stream)
);
comment on table waarborg.reactions is 'the newest event of each stream that each reaction has taken';

create function waarborg.due_group_lock(p_kind text, p_group text) returns bigint language sql immutable as
  $$ select hashtextextended('waarborg due work ' || p_kind || ' ' || p_group, 0) $$;

create function waarborg.enqueue_due(
  p_kind text[], p_id text[], p_lane text[], p_group text[], p_due_at bigint[], p_payload text[],
  p_fence text, p_token bigint
) returns void language plpgsql volatile as $$
declare
  v_item record;
begin
  perform waarborg.demand_fence(p_fence, p_token);
  -- In one order by all, so that no two wait for one another.
  perform pg_advisory_xact_lock(l.key) from (
    select distinct waarborg.due_group_lock(i.kind, i.group_name) as key
    from unnest(p_kind, p_group) as i(kind, group_name) order by 1) l;
  for v_item in
    select * from unnest(p_kind, p_id, p_lane, p_group, p_due_at, p_payload)
      as i(kind, id, lane, group_name, due_at, payload)
  loop
    insert into waarborg.due_work (kind, id, lane, group_name, due_at, since, payload, ready)
    values (v_item.kind, v_item.id, v_item.lane, v_item.group_name, v_item.due_at, v_item.due_at, v_item.payload,
      not exists (select from waarborg.due_work d where d.kind = v_item.kind and d.group_name = v_item.group_name
        and d.state in ('waiting', 'parked')))
    on conflict (kind, id) do nothing;
  end loop;
end
$$;

create function waarborg.take_reaction(
  p_reaction text, p_stream text, p_epoch integer, p_position bigint,
  p_kind text[], p_id text[], p_lane text[], p_group text[], p_due_at bigint[], p_payload text[]
) returns boolean language plpgsql volatile as $$
begin
  insert into waarborg.reactions as r (reaction, stream, epoch, position)
  values (p_reaction, p_stream, p_epoch, p_position)
  on conflict (reaction, stream) do update set epoch = excluded.epoch, position = excluded.position
    where (r.epoch, r.position) < (excluded.epoch, excluded.position);
  if not found then
    return false;
  end if;
  perform waarborg.enqueue_due(p_kind, p_id, p_lane, p_group, p_due_at, p_payload, null, null);
  return true;
end
$$;

-- Lanes one after the other from the index: however much of one waits, it is not walked through.
create function waarborg.due_items(p_kind text, p_now bigint, p_limit integer, p_per_lane integer)
returns setof waarborg.due_work language sql stable as $$
  with recursive lanes as (
    (select d.lane from waarborg.due_work d where d.kind = p_kind and d.ready and d.state = 'waiting'
     order by d.lane limit 1)
    union all
    select (select d.lane from waarborg.due_work d where d.kind = p_kind and d.ready and d.state = 'waiting'
            and d.lane > l.lane order by d.lane limit 1)
    from lanes l where l.lane is not null
  ), ranked as (
    select f.id, row_number() over (partition by l.lane order by f.due_at, f.place) as rank
    from lanes l cross join lateral (
      select d.id, d.due_at, d.place from waarborg.due_work d
      where d.kind = p_kind and d.lane = l.lane and d.ready and d.state = 'waiting' and d.due_at <= p_now
      order by d.due_at, d.place limit p_per_lane) f
    where l.lane is not null
  )
  select d.* from ranked r join waarborg.due_work d on d.kind = p_kind and d.id = r.id
  order by r.rank, d.due_at, d.place limit p_limit
$$;

-- Ends an item as "done" (one that waits) or "dropped" (a parked one) and lets the next of its group follow.
create function waarborg.end_due(p_kind text, p_id text, p_state text, p_at bigint, p_fence text, p_token bigint)
returns boolean language plpgsql volatile as $$
declare
  v_group text;
begin
  perform waarborg.demand_fence(p_fence, p_token);
  select d.group_name into v_group from waarborg.due_work d where d.kind = p_kind and d.id = p_id;
  if not found then
    return false;
  end if;
  perform pg_advisory_xact_lock(waarborg.due_group_lock(p_kind, v_group));
  update waarborg.due_work d set state = p_state, ready = false, ended_at = p_at
  where d.kind = p_kind and d.id = p_id and d.state = case p_state when 'done' then 'waiting' else 'parked' end;
  if not found then
    return false;
  end if;
  update waarborg.due_work d set ready = true where d.kind = p_kind and d.id = (
    select n.id from waarborg.due_work n
    where n.kind = p_kind and n.group_name = v_group and n.state in ('waiting', 'parked') order by n.place limit 1);
  return true;
end
$$;

-- Puts an item off (until "p_due_at") or parks it (null).
create function waarborg.put_off_due(
  p_kind text, p_id text, p_due_at bigint, p_reason text, p_fence text, p_token bigint
) returns boolean language plpgsql volatile as $$
begin
  perform waarborg.demand_fence(p_fence, p_token);
  update waarborg.due_work d set
    state = case when p_due_at is null then 'parked' else 'waiting' end,
    due_at = coalesce(p_due_at, d.due_at), reason = p_reason,
    attempts = d.attempts + case when p_due_at is null then 0 else 1 end
  where d.kind = p_kind and d.id = p_id and d.state = 'waiting';
  return found;
end
$$;
`;
