import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { LineageBroken, START } from '#libs/eventing';
import { streamId, type EventId } from '#libs/kernel';
import {
  answeredKeysContract,
  checkpointStoreContract,
  decisionInstancesContract,
  eventImportContract,
  dueWorkContract,
  eventStoreContract,
  fileStoreContract,
  leasesContract,
  logFilesContract,
  parkedMessagesContract,
  parkedStepsContract,
  projectionStoreContract,
  recordLogContract,
  sequencedLogContract,
  usedProofsContract,
  registerIdentityContract,
  registerStampsContract,
} from '#libs/testing';
import { memoryStores } from './index.js';
import type { MemoryFileStore } from './memory-file-store.js';

const CANNOT_BEFALL = {
  interrupt: 'there is no connection to cut',
  appendLate: 'an append is one turn of the event loop',
  loseAppend: 'there is no connection to lose an append on',
};

const opening = (positions: 'dense' | 'sparse') => async () => {
  const stores = memoryStores({ positions });
  return {
    ...stores,
    contiguous: positions === 'dense',
    another: () => Promise.resolve(stores.another()),
    putBack: async (head: bigint) => stores.putBack({ events: head }),
  };
};

const open = opening('dense');

eventStoreContract('memory', open, CANNOT_BEFALL);
eventStoreContract('memory, as a store with sparse positions that says little', opening('sparse'), CANNOT_BEFALL);
eventImportContract('memory', open);
eventImportContract('memory, sparse', opening('sparse'));
registerStampsContract('memory', open);
registerStampsContract('memory, sparse', opening('sparse'));
registerIdentityContract('memory', open);
recordLogContract('memory', open);
projectionStoreContract('memory', open);
checkpointStoreContract('memory', open);
parkedMessagesContract('memory', open);
parkedStepsContract('memory', open);
decisionInstancesContract('memory', async () => {
  let beside = 0;
  const stores = memoryStores({ clock: () => Date.now() + beside });
  return {
    ...stores,
    setClock: async (milliseconds) => void (beside = milliseconds),
    entries: () => stores.instances.behind(2n ** 62n),
  };
});
answeredKeysContract('memory', open);
dueWorkContract('memory', open);
leasesContract('memory', async () => {
  let beside = 0;
  const stores = memoryStores({ clock: () => Date.now() + beside });
  return { ...stores, setClock: async (milliseconds) => void (beside = milliseconds) };
});
usedProofsContract('memory', open);
sequencedLogContract('memory', open);
logFilesContract('memory', async () => {
  const stores = memoryStores();
  return { files: stores.logFiles, another: stores.another().logFiles, close: () => stores.close() };
});
fileStoreContract('memory', async () => {
  const { files } = memoryStores();
  return {
    files,
    addresses: async () => (files as MemoryFileStore).addresses(),
    alter: async (address) => (files as MemoryFileStore).alter(address),
    close: async () => undefined,
  };
});

it('A store whose clock is moved leaves whoever has a turn in it, where leases run out by another clock', async () => {
  let beside = 0;
  const clock = () => Date.now() + beside;
  const [apart, together] = [memoryStores({ clock, leaseClock: Date.now }), memoryStores({ clock })];
  const taken = await Promise.all([apart, together].map(({ leases }) => leases.take('turn', 'holder', 10_000)));
  beside = 60_000;
  const renewed = await Promise.all([apart, together].map(({ leases }) => leases.take('turn', 'holder', 10_000)));
  expect(renewed.map((turn, at) => turn?.token === taken[at]?.token)).toEqual([true, false]);
});

describe('a replay in memory', () => {
  it('goes on over all its pages to the end that it found, and has one without items behind it', async () => {
    const { events, feed } = memoryStores();
    const written = Array.from({ length: 1_100 }, () => ({
      ...{ id: randomUUID() as EventId, type: 'CheckRecorded', bytes: '{}' },
    }));
    await events.append(streamId('check', randomUUID()), 'no-stream', written);
    const pagesAfter = async (position: bigint) => {
      const pages = [];
      for await (const page of feed.replay(position)) pages.push(page);
      return pages;
    };
    const pages = [];
    for await (const page of feed.replay(START)) {
      pages.push(page);
      // What comes meanwhile is not part of it.
      await events.append(streamId('check', randomUUID()), 'no-stream', [
        { ...written[0]!, id: randomUUID() as EventId },
      ]);
    }
    expect(pages.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(written.map(({ id }) => id));
    expect(pages.map(({ items, caughtUp }) => [items.length, caughtUp])).toEqual([
      ...[500, 500].map((items) => [items, false]),
      [100, true],
    ]);
    const head = await feed.head();
    for (const position of [head, head + 100n]) {
      expect(await pagesAfter(position)).toMatchObject([{ items: [], upTo: position, caughtUp: true }]);
    }
  });
});

describe('records and events in memory', () => {
  const decision = () => ({ id: randomUUID(), kind: 'decision' as const, bytes: '{}' });

  it.each(['events', 'records'] as const)('go no further when it was %s that went back', async (what) => {
    const stores = memoryStores();
    const append = () =>
      stores.events.append(streamId('check', randomUUID()), 'no-stream', [
        { id: randomUUID() as EventId, type: 'CheckRecorded', bytes: '{}' },
      ]);
    await append();
    await stores.records.append(decision());
    stores.putBack({ [what]: START });
    await expect(stores.records.append(decision())).rejects.toBeInstanceOf(LineageBroken);
    await expect(append()).rejects.toBeInstanceOf(LineageBroken);
  });
});
