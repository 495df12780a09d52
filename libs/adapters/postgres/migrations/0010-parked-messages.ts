/** Messages that reactions can't act on, byte for byte, until a person decides. */
export const parkedMessages = `
create table waarborg.parked_messages (
  number    bigint      not null generated always as identity,
  reaction  text        not null,
  id        uuid        not null,
  topic     text        not null,
  place     text        not null,
  key       text        not null,
  bytes     bytea       not null,
  reason    text        not null,
  state     text        not null check (state in ('failed', 'released', 'waiting')),
  parked_at timestamptz not null default clock_timestamp(),
  primary key (reaction, id)
);
create index on waarborg.parked_messages (reaction, key, number);
comment on column waarborg.parked_messages.number is 'in the order of parking, which is that of the messages of one key';
`;
