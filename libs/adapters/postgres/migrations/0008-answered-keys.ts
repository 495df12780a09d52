/**
 * Keys of accepted commands that found nothing to change. The key itself is not kept: a caller may have put anything into
 * it. What was answered is made again from the object's history up to the revision, so that no personal data lie here.
 */
export const answeredKeys = `
create table waarborg.answered_keys (
  key          uuid    primary key,
  attempt      uuid    not null,
  client       text    not null,
  object       text    not null,
  request_hash text    not null,
  revision     integer not null check (revision >= -1),
  position     bigint  not null,
  head         bigint  not null,
  answered_at  bigint  not null default floor(extract(epoch from clock_timestamp()) * 1000)::bigint,
  settled      boolean not null default false
);
create index on waarborg.answered_keys (object);
comment on column waarborg.answered_keys.key is 'id that the first event of the command would have had: client, object and key, hashed';
comment on column waarborg.answered_keys.settled is 'given out; until then a claim that may be withdrawn';
`;
