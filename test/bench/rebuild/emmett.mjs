import pg from 'pg';

/**
 * Emmett's own rebuild of a Pongo projection of the same shape. Each run has a fresh database, because a second rebuild
 * of the same one finds its checkpoint at the end; the documents are counted afterwards.
 */
export const emmettRebuild = (peers, freshDatabase, events) => async () => {
  const { getPostgreSQLEventStore, pongoMultiStreamProjection, rebuildPostgreSQLProjections } = await peers.load(
    '@event-driven-io/emmett-postgresql',
  );
  const projection = pongoMultiStreamProjection({
    collectionName: 'authorizations',
    canHandle: ['AuthorizationRegistered', 'AuthorizationRenewed', 'AuthorizationRevoked'],
    getDocumentId: (event) => event.data.authorization,
    evolve: (row, { type, data }) => ({
      party: data.party,
      level: data.level,
      status: type === 'AuthorizationRevoked' ? 'revoked' : 'active',
      changes: (row?.changes ?? 0) + 1,
    }),
  });
  const database = await freshDatabase();
  const store = getPostgreSQLEventStore(database.url);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await store.schema.migrate();
    const types = ['Registered', 'Renewed', 'Renewed', 'Renewed', 'Revoked'];
    for (let stream = 0; stream < events / 5; stream += 1) {
      const data = { authorization: `a-${stream}`, level: 'EH3', party: String(stream % 1000), note: 'x'.repeat(100) };
      await store.appendToStream(
        `authorization-${stream}`,
        types.map((type) => ({ type: `Authorization${type}`, data, metadata: {} })),
      );
    }
    const began = performance.now();
    const rebuild = rebuildPostgreSQLProjections({ connectionString: database.url, projection });
    await rebuild.start();
    const seconds = (performance.now() - began) / 1_000;
    await rebuild.close?.();
    const { rows } = await client.query('select count(*)::int as documents from authorizations');
    if (rows[0].documents !== events / 5)
      throw new Error(`emmett built ${rows[0].documents} of ${events / 5} documents`);
    return events / seconds;
  } finally {
    await store.close();
    await client.end();
    await database.drop();
  }
};
