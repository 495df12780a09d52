/** Steps of processes that can't succeed, until a person decides. */
export const parkedSteps = `
create table waarborg.parked_steps (
  process   text        not null,
  position  bigint      not null,
  store     text        not null,
  epoch     integer     not null,
  stream    text        not null,
  type      text        not null,
  reason    text        not null,
  state     text        not null check (state in ('failed', 'released', 'waiting')),
  parked_at timestamptz not null default clock_timestamp(),
  primary key (process, position)
);
`;
