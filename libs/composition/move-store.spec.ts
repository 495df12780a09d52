import { beforeEach, describe, expect, it } from '@jest/globals';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import { allCodecs, installationDecider, type EventHolder } from '#libs/domain';
import { commandHandler, eventSerializer, START, type EventImport } from '#libs/eventing';
import { INSTALLATION_STREAM, streamId, type EventId } from '#libs/kernel';
import { uuid } from '#libs/testing';
import { memoryVault, type MemoryVault } from '#libs/vault';
import { adoptRestoredStore, identifyStore, StoreRefused } from './installation.js';
import { moveStore } from './move-store.js';
import type { HeldEvents } from './open-stores.js';

const OIN = '00000099000000001000';

/** interfaces.md §9: an installation whose events go from PostgreSQL to a store made for events, and back. */
describe('moving a store', () => {
  let register: MemoryStores;
  let elsewhere: MemoryStores;
  let vault: MemoryVault;
  let said: string[];
  beforeEach(async () => {
    register = memoryStores();
    elsewhere = memoryStores({ positions: 'sparse' });
    vault = await memoryVault();
    said = [];
  });

  const held = (heldBy: EventHolder, changes: Partial<EventImport> = {}): HeldEvents => {
    const { events, feed, imports } = heldBy === 'postgres' ? register : elsewhere;
    const { write, originsOf } = { write: imports.write.bind(imports), originsOf: imports.originsOf.bind(imports) };
    return { events, feed, imports: { write, originsOf, ...changes }, heldBy };
  };
  const parts = (from: HeldEvents, to: HeldEvents, others: number | undefined) => ({
    ...{ from, to, oin: OIN, ...(others === undefined ? {} : { others: async () => others }) },
    serializer: eventSerializer(allCodecs, vault.sealer),
    answeredKeys: register.answeredKeys,
    mark: vault.highWaterMark,
    checkpoints: register.checkpoints,
    register: register.register,
  });
  const move = (from: HeldEvents, to: HeldEvents, others?: number) =>
    moveStore(parts(from, to, others), (line) => said.push(line));
  /** A start of the installation on that. */
  const start = (on: HeldEvents) => {
    const { answeredKeys, checkpoints, register: identity } = register;
    const commands = commandHandler({ ...on, answeredKeys }, eventSerializer(allCodecs, vault.sealer));
    const { feed, heldBy } = on;
    return { commands, feed, heldBy, checkpoints, register: identity, mark: vault.highWaterMark, oin: OIN };
  };
  let appended = 0;
  const grow = async ({ events }: HeldEvents, count: number): Promise<void> => {
    for (let nr = 0; nr < count; nr += 1) {
      const id = uuid('event', (appended += 1)) as EventId;
      await events.append(streamId('check', uuid('check', appended)), 'no-stream', [
        { id, type: 'CheckRecorded', bytes: '{}' },
      ]);
    }
  };
  const idsOf = async ({ feed }: HeldEvents): Promise<readonly string[]> => {
    const ids: string[] = [];
    for await (const page of feed.replay(START)) ids.push(...page.items.map(({ id }) => id));
    return ids;
  };

  it('leaves every event there, begins a new epoch, and the old one refuses to start', async () => {
    const [here, there] = [held('postgres'), held('eventstoredb')];
    const { store } = await identifyStore(start(here));
    await grow(here, 5);
    expect(await move(here, there)).toEqual({ store, epoch: 2 });
    expect(said).toEqual([
      'Copied: 6 events, and 0 were there already.',
      'Compared: 6 events are the same in both, in the same order, byte for byte.',
    ]);
    expect(await idsOf(there)).toEqual(await idsOf(here));
    const { history } = await start(there).commands.load(installationDecider, INSTALLATION_STREAM);
    expect(history.at(-1)).toMatchObject({
      type: 'StoreMoved',
      data: { epoch: 2, from: 'postgres', to: 'eventstoredb', head: '6' },
    });
    expect(await vault.highWaterMark.read(store)).toMatchObject({ epoch: 2, position: await there.feed.head() });

    expect(await identifyStore(start(there))).toEqual({ store, epoch: 2 });
    for (const refused of [identifyStore(start(here)), adoptRestoredStore(start(here), 'no')]) {
      await expect(refused).rejects.toBeInstanceOf(StoreRefused);
      await expect(refused).rejects.toThrow('The events of the store are on EventStoreDB, and this is PostgreSQL: set');
    }
  });

  it('goes back with what came meanwhile, in the next epoch, and what was first there keeps its place', async () => {
    const [here, there] = [held('postgres'), held('eventstoredb')];
    const { store } = await identifyStore(start(here));
    await grow(here, 3);
    const before = await here.feed.read(START);
    await move(here, there);
    await identifyStore(start(there));
    await grow(there, 4);
    expect(await move(there, here)).toEqual({ store, epoch: 3 });
    expect(said.at(-2)).toBe('Copied: 4 events, and 5 were there already.');
    expect(await idsOf(here)).toEqual(await idsOf(there));
    expect((await here.feed.read(START, 4)).items).toEqual(before.items);
    expect(await identifyStore(start(here))).toEqual({ store, epoch: 3 });
    await expect(identifyStore(start(there))).rejects.toThrow('start without EVENTSTORE_URL');
    expect(await move(here, there)).toEqual({ store, epoch: 4 });
    expect(await idsOf(there)).toEqual(await idsOf(here));
  });

  it('is the old store until it is recorded there, and is brought to its end by the same command after that', async () => {
    const here = held('postgres');
    const { store } = await identifyStore(start(here));
    await grow(here, 4);
    const killed = held('eventstoredb', {
      write: async (events) => {
        await elsewhere.imports.write(events.slice(0, 2));
        throw new Error('killed');
      },
    });
    await expect(move(here, killed)).rejects.toThrow('killed');
    expect(await identifyStore(start(here))).toEqual({ store, epoch: 1 });
    await expect(identifyStore(start(held('eventstoredb')))).rejects.toThrow(
      'The events of the store are on PostgreSQL',
    );
    await grow(here, 1);

    // Killed again, right behind the record in the old store.
    let writes = 0;
    const later = held('eventstoredb', {
      write: async (events) => {
        if ((writes += 1) > 1) throw new Error('killed again');
        await elsewhere.imports.write(events);
      },
    });
    await expect(move(here, later)).rejects.toThrow('killed again');
    for (const each of [here, held('eventstoredb')]) {
      await expect(identifyStore(start(each))).rejects.toBeInstanceOf(StoreRefused);
    }
    const there = held('eventstoredb');
    expect(await move(here, there)).toEqual({ store, epoch: 2 });
    expect(await idsOf(there)).toEqual(await idsOf(here));
    expect(await identifyStore(start(there))).toEqual({ store, epoch: 2 });
  });

  it('is done once: the same command again finds it moved, also when it has gone on since', async () => {
    const [here, there] = [held('postgres'), held('eventstoredb')];
    const { store } = await identifyStore(start(here));
    await move(here, there);
    await grow(there, 3);
    expect(await move(here, there)).toEqual({ store, epoch: 2 });
    expect(said.at(-1)).toBe('It was moved already.');
    expect(await there.feed.head()).toBe((await vault.highWaterMark.read(store))?.position);
  });

  it('is refused of an empty store, beside others, and into another store', async () => {
    const [here, there] = [held('postgres'), held('eventstoredb')];
    await expect(move(here, there)).rejects.toThrow('nothing to move');
    await identifyStore(start(here));
    await expect(move(here, there, 1)).rejects.toThrow('Stop every process first');
    expect(await there.feed.newest()).toBeUndefined();
    const foreign = memoryStores();
    const commands = commandHandler(foreign, eventSerializer(allCodecs, vault.sealer));
    const { checkpoints, register: identity } = foreign;
    const theirs = await memoryVault();
    const of = {
      commands,
      feed: elsewhere.feed,
      checkpoints,
      register: identity,
      mark: theirs.highWaterMark,
      oin: OIN,
    };
    const onTheirs = commandHandler(elsewhere, eventSerializer(allCodecs, theirs.sealer));
    await identifyStore({ ...of, commands: onTheirs });
    await expect(move(here, there)).rejects.toThrow(/EventStoreDB holds the store .*: take one that is empty/);
  });

  it('is refused where what is there is no copy, and the old store goes on', async () => {
    const [here, there] = [held('postgres'), held('eventstoredb')];
    const { store } = await identifyStore(start(here));
    await grow(there, 1);
    await expect(move(here, there)).rejects.toThrow('EventStoreDB does not hold a copy of this store');
    expect(await identifyStore(start(here))).toEqual({ store, epoch: 1 });
  });
});
