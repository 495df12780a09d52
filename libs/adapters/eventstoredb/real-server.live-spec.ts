import {
  eventImportContract,
  eventStoreContract,
  noEventStoreDb,
  realEventStoreDb,
  tcpProxy,
  unless,
} from '#libs/testing';
import { openEventStoreDb } from './index.js';

const NOT_PLAIN = 'a proxy can stand before one node without TLS only';

// The contract suites on the server that EVENTSTORE_URL names. It keeps what they write: streams of their own, below
// `check-`. Its name for the leader has to be the one in the address, or faults of the way can't be made.
unless(noEventStoreDb()).describe('a real EventStoreDB or KurrentDB', () => {
  const url = realEventStoreDb() ?? '';
  const isPlain = /^(esdb|kurrentdb):\/\/[^,/]+\/?\?(.*&)?tls=false/i.test(url);
  const behindProxy = isPlain ? {} : { interrupt: NOT_PLAIN, loseAppend: NOT_PLAIN };

  eventStoreContract(
    'a real server',
    async () => {
      const proxy = isPlain ? await tcpProxy(url) : undefined;
      const stores = await openEventStoreDb({ url: proxy?.through(url) ?? url });
      return {
        ...stores,
        contiguous: false,
        another: () => openEventStoreDb({ url }),
        ...(proxy === undefined
          ? {}
          : {
              interrupt: async () => proxy.cut(),
              loseAppend: () => proxy.loseRequest('application/octet-stream'),
            }),
        close: async () => {
          await stores.close();
          await proxy?.close();
        },
      };
    },
    {
      ...behindProxy,
      appendLate: 'the server has no transactions that stay open',
      putBack: 'nobody can put a running server back from outside',
      empty: 'a server that runs has events of its own, and those of earlier runs',
    },
  );
  eventImportContract('a real server', () => openEventStoreDb({ url }));
});
