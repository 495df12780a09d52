import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openEventStoreDb } from '#libs/adapters/eventstoredb';
import { memoryStores } from '#libs/adapters/memory';
import { openPostgresStores, type PostgresStores } from '#libs/adapters/postgres';
import { allCodecs } from '#libs/domain';
import { commandHandler, eventSerializer, itemOf, START, type StoredEvent } from '#libs/eventing';
import { streamId, type EventId, type StreamId } from '#libs/kernel';
import { eventStoreDbProcess, testDatabase, uuid, type TestDatabase } from '#libs/testing';
import { memoryVault, type MemoryVault } from '#libs/vault';
import { identifyStore } from './installation.js';
import { moveStore } from './move-store.js';
import type { EventStores, HeldEvents } from './open-stores.js';

const OIN = '00000099000000001000';
/** More than the copy writes at once, on more streams than one. */
const EVENTS = 1_300;

const places: readonly (readonly [string, () => Promise<EventStores>])[] = [
  ['a store in memory with sparse positions', async () => memoryStores({ positions: 'sparse' })],
  [
    "EventStoreDB's double",
    async () => {
      const double = await eventStoreDbProcess();
      const stores = await openEventStoreDb({ url: double.url() });
      return {
        ...stores,
        async close() {
          await stores.close();
          await double.close();
        },
      };
    },
  ],
];

describe.each(places)(
  'an installation on PostgreSQL whose events are moved to %s, and back',
  (_name, openElsewhere) => {
    let database: TestDatabase;
    let register: PostgresStores;
    let vault: MemoryVault;
    let elsewhere: EventStores;
    beforeAll(async () => {
      database = await testDatabase();
      const { owner, application } = database.logins;
      register = await openPostgresStores({ database: application, owner });
      vault = await memoryVault();
      elsewhere = await openElsewhere();
    });
    afterAll(async () => {
      await elsewhere.close();
      await register.close();
      await database.drop();
    });

    const here = (): HeldEvents => ({ ...register, heldBy: 'postgres' });
    const there = (): HeldEvents => ({ ...elsewhere, heldBy: 'eventstoredb' });
    const move = (from: HeldEvents, to: HeldEvents) =>
      moveStore(
        {
          ...{ from, to, oin: OIN, others: () => register.others() },
          serializer: eventSerializer(allCodecs, vault.sealer),
          answeredKeys: register.answeredKeys,
          mark: vault.highWaterMark,
          checkpoints: register.checkpoints,
          register: register.register,
        },
        () => undefined,
      );
    const start = ({ events, feed, heldBy }: HeldEvents) => {
      const { answeredKeys, checkpoints, register: identity } = register;
      const commands = commandHandler({ events, feed, answeredKeys }, eventSerializer(allCodecs, vault.sealer));
      return { commands, feed, heldBy, checkpoints, register: identity, mark: vault.highWaterMark, oin: OIN };
    };
    const all = async ({ feed }: Pick<HeldEvents, 'feed'>): Promise<readonly StoredEvent[]> => {
      const items: StoredEvent[] = [];
      for await (const page of feed.replay(START)) items.push(...page.items);
      return items;
    };
    const stream = (number: number): StreamId => streamId('check', uuid('check', number));
    const grow = async ({ events }: HeldEvents, from: number, count: number): Promise<void> => {
      for (let nr = from; nr < from + count; nr += 1) {
        const written = {
          id: uuid('event', nr) as EventId,
          type: 'CheckRecorded',
          bytes: `{"nr":${nr},"text":"Żółw 👩‍👩‍👧"}`,
        };
        const revision = Math.floor(nr / 100);
        await events.append(stream(nr % 100), revision === 0 ? 'no-stream' : revision - 1, [written]);
      }
    };
    const unplaced = (events: readonly StoredEvent[]) => events.map(({ position: _, ...event }) => event);

    it('keeps every event, its bytes, order and time, and the places that its records name', async () => {
      const { store } = await identifyStore(start(here()));
      await grow(here(), 0, EVENTS);
      const old = await all(here());
      expect(await move(here(), there())).toEqual({ store, epoch: 2 });
      const moved = await all(there());
      expect(unplaced(moved).slice(0, -1)).toEqual(unplaced(old));
      await expect(identifyStore(start(here()))).rejects.toThrow('The events of the store are on EventStoreDB');

      await grow(there(), EVENTS, 700);
      const whole = await all(there());
      // The copy back is killed within its second batch, and goes on from there.
      let writes = 0;
      const killed: HeldEvents = {
        ...here(),
        imports: {
          originsOf: (events) => register.imports.originsOf(events),
          async write(events) {
            writes += 1;
            await register.imports.write(writes === 1 ? events : events.slice(0, 3));
            if (writes > 1) throw new Error('killed');
          },
        },
      };
      await expect(move(there(), killed)).rejects.toThrow('killed');
      expect(await all(here())).toHaveLength(old.length + 1 + 503);
      expect(await identifyStore(start(there()))).toEqual({ store, epoch: 2 });
      expect(await move(there(), here())).toEqual({ store, epoch: 3 });

      const back = await all(here());
      expect(back.slice(0, old.length)).toEqual(old);
      expect(unplaced(back).slice(0, -1)).toEqual(unplaced(whole));
      expect(back.map(({ position }) => position)).toEqual(back.map((_, index) => BigInt(index + 1)));
      // What was recorded here first has no other place; what came from there says which it had.
      const origins = await register.imports.originsOf(back);
      const came = whole
        .slice(old.length + 1)
        .map(({ id, recordedAt, position }) => [id, { recordedAt, position, epoch: 2 }]);
      expect([...origins].slice(0, -1)).toEqual(came);
      expect(await identifyStore(start(here()))).toEqual({ store, epoch: 3 });
      // And it goes on: places, times and lineage as if it had never been away.
      await grow(here(), EVENTS + 700, 1);
      const newest = await register.feed.newest();
      const last = (await register.feed.at(newest!.position))!;
      expect([last.id, newest!.item]).toEqual([uuid('event', EVENTS + 700), itemOf(last)]);
      expect(last.recordedAt >= back.at(-1)!.recordedAt).toBe(true);
    });
  },
);
