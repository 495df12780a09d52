import {
  answeredKeysContract,
  checkpointStoreContract,
  decisionInstancesContract,
  eventImportContract,
  dueWorkContract,
  eventStoreContract,
  leasesContract,
  parkedMessagesContract,
  parkedStepsContract,
  projectionStoreContract,
  recordLogContract,
  sequencedLogContract,
  registerIdentityContract,
  setClock,
  tcpProxy,
  testClient,
  testDatabase,
  usedProofsContract,
  type EventStoreHarness,
} from '#libs/testing';
import { openPostgresStores, type PostgresStores } from './index.js';

const open = async (): Promise<EventStoreHarness & PostgresStores & { another(): Promise<PostgresStores> }> => {
  const database = await testDatabase();
  const proxy = await tcpProxy(database.url);
  const { owner, application } = database.logins;
  const limits = { resolveMilliseconds: 10_000 };
  const stores = await openPostgresStores({ database: proxy.through(application), owner, limits });
  return {
    ...stores,
    contiguous: true,
    another: () => openPostgresStores({ database: application }),
    putBack: async (head) => {
      await database.query('alter table waarborg.events disable trigger append_only');
      await database.query('delete from waarborg.events where position > $1', [head]);
      await database.query('alter table waarborg.events enable trigger append_only');
    },
    loseAppend: () => proxy.loseRequest('waarborg-append-events'),
    interrupt: () => database.cutConnections(),
    appendLate: async (stream, event) => {
      const client = await testClient(application);
      await client.query('begin');
      await client.query('select * from waarborg.append_events(false, $1, $2, $3, $4, $5, $6, $7)', [
        ...[[0], [stream], [-1], [0], [event.id], [event.type], [event.bytes]],
      ]);
      return {
        commit: async () => {
          await client.query('commit');
          await client.end();
        },
      };
    },
    close: async () => {
      await stores.close();
      await proxy.close();
      await database.drop();
    },
  };
};

eventStoreContract('PostgreSQL', open);
eventImportContract('PostgreSQL', open);
registerIdentityContract('PostgreSQL', open);
recordLogContract('PostgreSQL', open);
projectionStoreContract('PostgreSQL', open);
checkpointStoreContract('PostgreSQL', open);
parkedMessagesContract('PostgreSQL', open);
parkedStepsContract('PostgreSQL', open);
decisionInstancesContract('PostgreSQL', async () => {
  const database = await testDatabase();
  const stores = await openPostgresStores({ database: database.url });
  return {
    ...stores,
    setClock: (milliseconds) => setClock(database, milliseconds),
    entries: async () => {
      const rows = await database.query<{ instance: string }>('select instance from waarborg.decision_instances');
      return rows.map(({ instance }) => instance).sort();
    },
    close: async () => {
      await stores.close();
      await database.drop();
    },
  };
});
answeredKeysContract('PostgreSQL', open);
dueWorkContract('PostgreSQL', open);
leasesContract('PostgreSQL', async () => {
  const database = await testDatabase();
  const stores = await openPostgresStores({ database: database.url });
  return {
    ...stores,
    setClock: (milliseconds) => setClock(database, milliseconds),
    close: async () => {
      await stores.close();
      await database.drop();
    },
  };
});
usedProofsContract('PostgreSQL', open);
sequencedLogContract('PostgreSQL', open);
