import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEventStoreDb, type EventStoreDbStores } from '#libs/adapters/eventstoredb';
import { openPostgresStores, type PostgresStores } from '#libs/adapters/postgres';
import { allCodecs } from '#libs/domain';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#libs/embedded';
import { commandHandler, eventSerializer, START, type EventImport, type StoredEvent } from '#libs/eventing';
import { streamId, type EventId } from '#libs/kernel';
import { eventStoreDbProcess, onWindows, unless, until, uuid, type EventStoreDbProcess } from '#libs/testing';
import { memoryVault, type MemoryVault } from '#libs/vault';
import { isForPeople } from '#libs/process';
import { identifyStore } from './installation.js';
import { moveStore } from './move-store.js';
import type { HeldEvents } from './open-stores.js';

const OIN = '00000099000000001000';
/** More than is written at once, and few streams: on a busy machine it takes seconds, not minutes. */
const EVENTS = 1_300;
/** What a killed server is waited for is not what is shown here. */
const SHORT = { resolveMilliseconds: 500, patienceMilliseconds: 500, callMilliseconds: 2_000 };

/** The server that the events are moved to is killed, as a machine is switched off, and comes back with its disk. */
unless(onWindows('processes are not killed in groups')).describe(
  'moving events to a server that is killed meanwhile',
  () => {
    let folder: string;
    let postgres: EmbeddedPostgres;
    let register: PostgresStores;
    let double: EventStoreDbProcess;
    let elsewhere: EventStoreDbStores;
    let vault: MemoryVault;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'waarborg-killed-'));
      // The server's user has to get in, whoever runs the tests.
      await chmod(folder, 0o711);
      postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), pgDir: join(folder, 'pg') });
      const { urls } = postgres;
      register = await openPostgresStores({ database: urls.register, owner: urls.registerOwner });
      vault = await memoryVault();
      double = await eventStoreDbProcess({ data: join(folder, 'double.log') });
      elsewhere = await openEventStoreDb({ url: double.url(), limits: SHORT });
    });
    afterEach(async () => {
      await elsewhere.close();
      await double.close();
      await register.close();
      await postgres.stop();
      await rm(folder, { recursive: true });
    });

    const here = (): HeldEvents => ({ ...register, heldBy: 'postgres' });
    const there = (): HeldEvents => ({ ...elsewhere, heldBy: 'eventstoredb' });
    const move = async (from: HeldEvents, to: HeldEvents) =>
      moveStore(
        {
          ...{ from, to, oin: OIN, others: async () => 0 },
          serializer: eventSerializer(allCodecs, vault.sealer),
          ...{ answeredKeys: register.answeredKeys, checkpoints: register.checkpoints, register: register.register },
          mark: vault.highWaterMark,
        },
        () => undefined,
      );
    const start = ({ events, feed, heldBy }: HeldEvents) => {
      const { answeredKeys, checkpoints, register: identity } = register;
      const commands = commandHandler({ events, feed, answeredKeys }, eventSerializer(allCodecs, vault.sealer));
      return identifyStore({
        ...{ commands, feed, heldBy, checkpoints, register: identity, mark: vault.highWaterMark, oin: OIN },
      });
    };
    const all = async ({ feed }: Pick<HeldEvents, 'feed'>): Promise<readonly Omit<StoredEvent, 'position'>[]> => {
      const items: Omit<StoredEvent, 'position'>[] = [];
      for await (const page of feed.replay(START)) items.push(...page.items.map(({ position: _, ...event }) => event));
      return items;
    };
    const grow = async ({ events }: HeldEvents): Promise<void> => {
      const there = streamId('check', uuid('check'));
      for (let nr = 0; nr < EVENTS; nr += 100) {
        await events.append(
          there,
          nr === 0 ? 'no-stream' : nr - 1,
          Array.from({ length: 100 }, (_, index) => ({
            id: uuid('event', nr + index) as EventId,
            type: 'CheckRecorded',
            bytes: `{"nr":${nr + index}}`,
          })),
        );
      }
    };
    /** Writes the first batch, and strikes as the second is on its way. */
    const struckIn = (imports: EventImport, strike: () => unknown): EventImport => {
      let writes = 0;
      return {
        originsOf: (events) => imports.originsOf(events),
        async write(events) {
          writes += 1;
          if (writes !== 2) return imports.write(events);
          const writing = imports.write(events);
          await Promise.all([writing, strike()]);
        },
      };
    };
    const told = async (moving: Promise<unknown>): Promise<string> => {
      const error = await moving.catch((refused: unknown) => refused);
      expect(error).toBeInstanceOf(Error);
      expect([isForPeople(error), (error as Error).message]).toEqual([true, expect.any(String)]);
      return (error as Error).message;
    };
    const doubleIsBack = async (): Promise<void> => {
      const { port } = double;
      double = await eventStoreDbProcess({ port, data: join(folder, 'double.log') });
      await elsewhere.close();
      elsewhere = await openEventStoreDb({ url: double.url(), limits: SHORT });
    };

    it('says that the same command goes on, and goes on, when EventStoreDB is killed while it copies', async () => {
      const { store } = await start(here());
      await grow(here());
      const old = await all(here());
      const struck: HeldEvents = { ...there(), imports: struckIn(elsewhere.imports, () => double.kill()) };
      expect(await told(move(here(), struck))).toContain('give the same command once more');
      // Nothing is recorded: the old one is the store.
      expect(await start(here())).toEqual({ store, epoch: 1 });
      await doubleIsBack();
      expect((await all(there())).length).toBeGreaterThan(0);
      expect(await move(here(), there())).toEqual({ store, epoch: 2 });
      expect((await all(there())).slice(0, old.length)).toEqual(old);
      expect(await start(there())).toEqual({ store, epoch: 2 });
    });

    it('goes on also when EventStoreDB is killed right after the move was recorded in the old one', async () => {
      const { store } = await start(here());
      await grow(here());
      const { events } = register;
      const struck: HeldEvents = {
        ...here(),
        events: {
          async append(...parts) {
            const appended = await events.append(...parts);
            await double.kill();
            return appended;
          },
          readStream: (...parts) => events.readStream(...parts),
          readStreams: (...parts) => events.readStreams(...parts),
        },
      };
      expect(await told(move(struck, there()))).toContain('give the same command once more');
      await expect(start(here())).rejects.toThrow('The events of the store are on EventStoreDB');
      await doubleIsBack();
      await expect(start(there())).rejects.toThrow('The events of the store are on PostgreSQL');
      expect(await move(here(), there())).toEqual({ store, epoch: 2 });
      expect(await all(there())).toEqual(await all(here()));
      expect(await start(there())).toEqual({ store, epoch: 2 });
    });

    it('goes on when PostgreSQL is killed on the way back', async () => {
      const { store } = await start(there());
      await grow(there());
      const whole = await all(there());
      const killed = postgres.pid();
      // All of its processes at once.
      const strike = (): void => void process.kill(-killed, 'SIGKILL');
      const struck: HeldEvents = { ...here(), imports: struckIn(register.imports, strike) };
      expect(await told(move(there(), struck))).toContain('give the same command once more');
      await until('PostgreSQL is back', async () => {
        const isNew = postgres.pid() !== killed;
        return (
          isNew &&
          (await register.feed.head().then(
            () => true,
            () => false,
          ))
        );
      });
      expect(await start(there())).toEqual({ store, epoch: 1 });
      expect(await move(there(), here())).toEqual({ store, epoch: 2 });
      expect((await all(here())).slice(0, whole.length)).toEqual(whole);
      expect(await start(here())).toEqual({ store, epoch: 2 });
    });
  },
);
