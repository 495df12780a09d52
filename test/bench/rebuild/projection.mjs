/** The read model that all contenders build: one row for each authorization, as the register's own tables are. */
export const projection = (name) => ({
  name,
  version: 1,
  table: {
    name,
    key: 'authorizationId',
    columns: {
      authorizationId: 'text',
      party: 'text',
      level: 'text',
      status: 'text',
      changes: 'integer',
      changedAt: 'bigint',
    },
    newestFirst: 'changedAt',
    indexes: [['party']],
  },
  handles: ['AuthorizationRegistered', 'AuthorizationRenewed', 'AuthorizationRevoked'],
  keys: (event) => [event.data.authorization],
  fold: (row, event) => {
    const { authorization, party, level } = event.data;
    const status = event.type === 'AuthorizationRevoked' ? 'revoked' : 'active';
    const changedAt = event.position;
    if (row === undefined) return { authorizationId: authorization, party, level, status, changes: 1, changedAt };
    return { ...row, level, status, changes: row.changes + 1, changedAt };
  },
});

/** Five events for each of so many authorizations, written by the server itself in our own form. */
export const fill = (events) => `
  insert into waarborg.events (position, stream, revision, id, type, bytes, recorded_at)
  select n + 1, stream, n % 5, id, type,
    '{"actor":{"client":"bench"},"correlationId":"c-' || n || '","data":{"authorization":"a-' || n / 5 ||
    '","level":"EH' || 1 + n % 4 || '","note":"' || repeat('x', 100) || '","party":"' || n / 5 % 1000 ||
    '"},"id":"' || id || '","processingActivity":"register","schemaVersion":1,"stream":"' || stream ||
    '","type":"' || type || '"}',
    1700000000000 + n
  from (select n, gen_random_uuid() as id, 'authorization-' || n / 5 as stream,
    (array['AuthorizationRegistered', 'AuthorizationRenewed', 'AuthorizationRenewed', 'AuthorizationRenewed',
      'AuthorizationRevoked'])[1 + n % 5] as type
    from generate_series(0, ${events - 1}) n) e`;

/** How the register declares them; nothing personal in these. */
export const codec = Object.fromEntries(
  ['AuthorizationRegistered', 'AuthorizationRenewed', 'AuthorizationRevoked'].map((type) => [
    type,
    { schemaVersion: 1, processingActivity: 'register' },
  ]),
);

/** The same read model by one statement of the server, which sees every event once and sorts nothing. */
export const SET_BASED = `
  drop table if exists set_based;
  create table set_based as
  select authorization_id, max(party) as party, split_part(max(latest), ' ', 2) as level,
    case split_part(max(latest), ' ', 3) when 'AuthorizationRevoked' then 'revoked' else 'active' end as status,
    count(*)::integer as changes, max(position) as changed_at
  from (
    select data->>'authorization' as authorization_id, data->>'party' as party, position,
      lpad(position::text, 12, '0') || ' ' || (data->>'level') || ' ' || type as latest
    from (select position, type, bytes::jsonb->'data' as data from waarborg.events
      where type in ('AuthorizationRegistered', 'AuthorizationRenewed', 'AuthorizationRevoked') offset 0) e
  ) e group by 1;
  alter table set_based add primary key (authorization_id);
  create index on set_based (changed_at, authorization_id);
  create index on set_based (party, changed_at, authorization_id)`;
