import {
  eventImportContract,
  eventStoreContract,
  eventStoreDbProcess,
  registerStampsContract,
  tcpProxy,
} from '#libs/testing';
import { openEventStoreDb } from './index.js';

/** The contract suites on the double, with one of the two clients. */
export function contractOnDouble(scheme: 'esdb' | 'kurrentdb'): void {
  eventStoreContract(
    `EventStoreDB's double, with the client of ${scheme}://`,
    async () => {
      const double = await eventStoreDbProcess();
      const proxy = await tcpProxy(double.url(scheme));
      const stores = await openEventStoreDb({ url: proxy.through(double.url(scheme)) });
      return {
        ...stores,
        contiguous: false,
        another: () => openEventStoreDb({ url: double.url(scheme) }),
        putBack: (position: bigint) => double.putBack(position),
        interrupt: async () => proxy.cut(),
        // Of all that goes over the wire only an append says of which kind its bytes are.
        loseAppend: () => proxy.loseRequest('application/octet-stream'),
        close: async () => {
          await stores.close();
          await proxy.close();
          await double.close();
        },
      };
    },
    { appendLate: 'the server has no transactions that stay open' },
  );
  eventImportContract(`EventStoreDB's double, with the client of ${scheme}://`, async () => {
    const double = await eventStoreDbProcess();
    const stores = await openEventStoreDb({ url: double.url(scheme) });
    return {
      ...stores,
      close: async () => {
        await stores.close();
        await double.close();
      },
    };
  });
  registerStampsContract(`EventStoreDB's double, with the client of ${scheme}://`, async () => {
    const double = await eventStoreDbProcess();
    const stores = await openEventStoreDb({ url: double.url(scheme) });
    return {
      ...stores,
      another: () => openEventStoreDb({ url: double.url(scheme) }),
      close: async () => {
        await stores.close();
        await double.close();
      },
    };
  });
}
