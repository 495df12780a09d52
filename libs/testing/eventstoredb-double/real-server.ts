/** Where a real server is, for the tests that ask one; `undefined` where there is none. */
export const realEventStoreDb = (): string | undefined => process.env['EVENTSTORE_URL'];

/** Why nothing can be shown on a real server here; `undefined` when it can. */
export const noEventStoreDb = (): string | undefined =>
  realEventStoreDb() === undefined ? 'EVENTSTORE_URL names no EventStoreDB or KurrentDB' : undefined;
