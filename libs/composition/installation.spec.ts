import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import { allCodecs, installationDecider, type EventHolder } from '#libs/domain';
import {
  commandHandler,
  eventSerializer,
  LineageBroken,
  START,
  type Checkpoint,
  type CheckpointStore,
  type Follower,
  type HighWaterMark,
  type RegisterIdentity,
  type StoreIdentity,
} from '#libs/eventing';
import { INSTALLATION_STREAM, streamId, type EventId } from '#libs/kernel';
import { at, fixedClock, likeThisRun, nth, until, uuid } from '#libs/testing';
import { memoryVault, type MemoryVault } from '#libs/vault';
import { adoptRestoredStore, identifyStore, keepHighWaterMark, logOriginOf, StoreRefused } from './installation.js';
import { startBeat } from './register-beat.js';

const OIN = '00000099000000001000';

/** interfaces.md §1 and §9: which store this is, whose, and whether it has everything that it ever gave out. */
describe('the identity of a store', () => {
  let stores: MemoryStores;
  let vault: MemoryVault;
  beforeEach(async () => {
    stores = memoryStores({ ...likeThisRun, clock: fixedClock(at('2026-03-02T09:00:00.000Z')) });
    vault = await memoryVault();
  });
  const parts = (
    of: {
      stores?: MemoryStores;
      vault?: MemoryVault;
      oin?: string;
      register?: RegisterIdentity;
      heldBy?: EventHolder;
    } = {},
  ) => {
    const { feed, checkpoints, lineage, register } = of.stores ?? stores;
    const { sealer, highWaterMark } = of.vault ?? vault;
    return {
      commands: commandHandler(of.stores ?? stores, eventSerializer(allCodecs, sealer)),
      feed,
      mark: highWaterMark,
      checkpoints,
      lineage,
      register: of.register ?? register,
      oin: of.oin ?? OIN,
      ...(of.heldBy === undefined ? {} : { heldBy: of.heldBy }),
    };
  };
  /** The mark as it stood when the store was longer: what is left after a restore from an older backup. */
  const restoreAnOlderBackup = async (store: string, epoch = 1): Promise<bigint> => {
    const position = (await stores.feed.head()) + 5n;
    await vault.highWaterMark.write(store, { epoch, position });
    return position;
  };

  it('is given once and found again', async () => {
    const first = await identifyStore(parts());
    expect(first.epoch).toBe(1);
    expect(await identifyStore(parts())).toEqual(first);
    const { history } = await parts().commands.load(installationDecider, INSTALLATION_STREAM);
    expect(history.map(({ metadata }) => metadata.actor)).toEqual([{ system: 'installation' }]);
  });

  it('has a log whose name is given once: by the setting, else by what there is to say', async () => {
    const naming = (configured?: string) => ({
      ...(configured === undefined ? {} : { configured }),
      otherwise: (store: string) => `waarborg.invalid/${store}/log`,
    });
    const { store } = await identifyStore({ ...parts(), log: naming() });
    const name = `waarborg.invalid/${store}/log`;
    expect(await logOriginOf(parts())).toBe(name);
    await identifyStore({ ...parts(), log: naming(name) });
    await identifyStore({ ...parts(), log: { otherwise: () => 'elsewhere.example/log' } });
    expect(await logOriginOf(parts())).toBe(name);
    const other = identifyStore({ ...parts(), log: naming('other.example/log') });
    await expect(other).rejects.toBeInstanceOf(StoreRefused);
    await expect(other).rejects.toThrow(`is called ${name}, and LOG_ORIGIN names other.example/log`);
    const { history } = await parts().commands.load(installationDecider, INSTALLATION_STREAM);
    expect(history.map(({ type }) => type)).toEqual(['StoreInitialized']);
  });

  it('gives a store of before the name of its log at its next start, once', async () => {
    await identifyStore(parts());
    await expect(logOriginOf(parts())).rejects.toThrow('has no name');
    const log = { configured: 'register.example/log', otherwise: () => 'never/log' };
    for (let start = 0; start < 2; start += 1) await identifyStore({ ...parts(), log });
    expect(await logOriginOf(parts())).toBe('register.example/log');
    const { history } = await parts().commands.load(installationDecider, INSTALLATION_STREAM);
    expect(history.map(({ type }) => type)).toEqual(['StoreInitialized', 'LogNamed']);
  });

  it('is refused to another participant', async () => {
    await identifyStore(parts());
    const other = identifyStore(parts({ oin: '00000099000000002000' }));
    await expect(other).rejects.toBeInstanceOf(StoreRefused);
    await expect(other).rejects.toThrow(`belongs to the participant with OIN ${OIN}`);
  });

  it('is refused behind its high-water mark, until a person adopts it: then a new epoch begins', async () => {
    const { store } = await identifyStore(parts());
    const reached = await restoreAnOlderBackup(store);
    await expect(identifyStore(parts())).rejects.toBeInstanceOf(StoreRefused);
    await expect(identifyStore(parts())).rejects.toThrow(`position ${reached} was reached before`);

    expect(await adoptRestoredStore(parts(), 'restored on purpose')).toEqual({ store, epoch: 2 });
    expect(await identifyStore(parts())).toEqual({ store, epoch: 2 });
    await expect(adoptRestoredStore(parts(), 'again')).rejects.toThrow('nothing to adopt');
  });

  it('is refused again when the backup is older than an adoption', async () => {
    const { store } = await identifyStore(parts());
    await restoreAnOlderBackup(store, 3);
    await expect(identifyStore(parts())).rejects.toBeInstanceOf(StoreRefused);
    expect(await adoptRestoredStore(parts(), 'restored once more')).toEqual({ store, epoch: 4 });
  });

  it('has nothing to adopt while it is empty or complete', async () => {
    await expect(adoptRestoredStore(parts(), 'no need')).rejects.toThrow('The store is empty');
    await identifyStore(parts());
    await expect(adoptRestoredStore(parts(), 'no need')).rejects.toThrow('nothing to adopt');
  });

  it('has one register, which is named before it is made and belongs to no other', async () => {
    const { store } = await identifyStore(parts());
    expect(await stores.register.store()).toBe(store);
    const other = (named?: string): RegisterIdentity => ({
      store: async () => named,
      name: async (id) => named ?? id,
    });
    await expect(identifyStore(parts({ register: other(uuid('store', 9)) }))).rejects.toThrow(
      `The register's database belongs to the store ${uuid('store', 9)}; the events are of the store ${store}.`,
    );
    // Nothing is in it yet: it may have ended between the two.
    expect(await identifyStore(parts({ register: other() }))).toEqual({ store, epoch: 1 });
    await stores.events.append(streamId('check', uuid('check')), 'no-stream', [
      { id: uuid('event') as EventId, type: 'CheckRecorded', bytes: '{}' },
    ]);
    await expect(identifyStore(parts({ register: other() }))).rejects.toThrow("The register's database is empty, but");
    await expect(adoptRestoredStore(parts({ register: other() }), 'no')).rejects.toThrow('its records are missing');
  });

  it('is not begun anew where only its events are gone', async () => {
    await identifyStore(parts());
    const empty = memoryStores(likeThisRun);
    const { checkpoints, register } = stores;
    const gone = { ...parts({ stores: empty, vault: await memoryVault() }), checkpoints, register };
    await expect(identifyStore(gone)).rejects.toThrow('and there are no events. Check DATABASE_URL and EVENTSTORE_URL');
    expect(await empty.feed.newest()).toBeUndefined();
  });

  it('says what holds its events, and is refused where that is another', async () => {
    await identifyStore(parts({ heldBy: 'eventstoredb' }));
    await expect(identifyStore(parts())).rejects.toThrow('The events of the store are on EventStoreDB');
    expect((await identifyStore(parts({ heldBy: 'eventstoredb' }))).epoch).toBe(1);
  });

  it('is refused with the key store of another one', async () => {
    await identifyStore(parts());
    const foreign = { stores: memoryStores({ ...likeThisRun, clock: fixedClock(at('2026-03-02T09:00:00.000Z')) }) };
    await expect(identifyStore(parts(foreign))).rejects.toThrow('Check DATABASE_URL and KEYSTORE_URL');
  });

  /** A key store as it was in a backup: the same one, with the mark of then. */
  const keyStoreOf = (position: bigint, keeper = vault.highWaterMark.keeper): MemoryVault => ({
    ...vault,
    highWaterMark: {
      ...vault.highWaterMark,
      keeper,
      read: async () => backup,
      write: async (_store, mark) => void (backup = mark),
    },
    ...((backup = { epoch: 1, position }) && {}),
  });
  let backup: { readonly epoch: number; readonly position: bigint };

  let grown = 0;
  const grow = async (): Promise<bigint> => {
    const stream = streamId('check', uuid('grown', (grown += 1)));
    const { position } = await stores.events.append(stream, 'no-stream', [
      { id: uuid('event', grown) as EventId, type: 'CheckRecorded', bytes: '{}' },
    ]);
    return position;
  };

  it('is refused with a key store that is older than the register, until a person adopts that', async () => {
    const identity = await identifyStore(parts());
    const early = await stores.feed.head();
    await grow();
    const keeping = keepHighWaterMark(parts(), identity, fail);
    const late = await grow();
    await keeping.stop();
    expect((await vault.highWaterMark.read(identity.store))?.position).toBe(late);

    const older = keyStoreOf(early);
    const starting = identifyStore(parts({ vault: older }));
    await expect(starting).rejects.toBeInstanceOf(StoreRefused);
    await expect(starting).rejects.toThrow(
      `The key store knows the store up to position ${early}, but had been told of position ${late}`,
    );
    expect(await adoptRestoredStore(parts({ vault: older }), 'no later backup')).toEqual({ ...identity, epoch: 2 });
    expect(await identifyStore(parts({ vault: older }))).toEqual({ ...identity, epoch: 2 });
    await expect(adoptRestoredStore(parts({ vault: older }), 'again')).rejects.toThrow('nothing to adopt');
  });

  it('is not refused when its process was killed before it could tell the key store of the last events', async () => {
    const identity = await identifyStore(parts());
    for (let event = 0; event < 1_000; event++) await grow();
    expect((await vault.highWaterMark.read(identity.store))?.position).toBeLessThan(await stores.feed.head());
    expect(await identifyStore(parts())).toEqual(identity);
  });

  it('is not refused while another process tells the key store more between two looks', async () => {
    const identity = await identifyStore(parts());
    const head = await grow();
    const other = keepHighWaterMark(parts(), identity, fail);
    const { checkpoints } = parts();
    const busy = {
      ...parts(),
      checkpoints: {
        ...checkpoints,
        read: async (name: string) => {
          const read = await checkpoints.read(name);
          await other.stop();
          return read;
        },
        move: checkpoints.move.bind(checkpoints),
      },
    };
    expect(await identifyStore(busy)).toEqual(identity);
    expect((await vault.highWaterMark.read(identity.store))?.position).toBe(head);
  });

  it('has one key store: another one is refused, even with the same marks in it', async () => {
    const { store } = await identifyStore(parts());
    await grow();
    const other = await memoryVault();
    await other.highWaterMark.write(store, { epoch: 1, position: await stores.feed.head() });
    for (const work of [
      identifyStore(parts({ vault: other })),
      adoptRestoredStore(parts({ vault: other }), 'reason'),
    ]) {
      await expect(work).rejects.toBeInstanceOf(StoreRefused);
      await expect(work).rejects.toThrow(
        `has its keys in the key store ${await vault.highWaterMark.keeper()}; the one that is configured is ${await other.highWaterMark.keeper()}`,
      );
    }
  });

  /** A store as it was made before key stores had ids: it names none, and keeps no mark. */
  const madeBefore = async (): Promise<string> => {
    const { commands } = parts();
    const context = {
      ...{ participant: OIN, client: 'installation', requestHash: 'before', key: 'before', correlationId: 'before' },
      actor: { system: 'installation' },
    };
    const store = uuid('store');
    const initialize = { type: 'InitializeStore' as const, store, oin: OIN, now: at('2026-03-02T09:00:00.000Z') };
    await commands.execute(installationDecider, INSTALLATION_STREAM, () => initialize, context);
    return store;
  };

  it('is refused with an empty key store once it is in use, and takes one that is as new as itself', async () => {
    await madeBefore();
    await grow();
    const starting = identifyStore(parts());
    await expect(starting).rejects.toBeInstanceOf(StoreRefused);
    await expect(starting).rejects.toThrow('The key store is empty, but the register is in use');
    // Nothing was written: the right key store is still to come.
    expect(await vault.highWaterMark.stores()).toEqual([]);
    expect((await stores.feed.read(nth(2))).items).toEqual([]);

    stores = memoryStores({ ...likeThisRun, clock: fixedClock(at('2026-03-02T09:00:00.000Z')) });
    const store = await madeBefore();
    expect(await identifyStore(parts())).toEqual({ store, epoch: 1 });
  });

  it('takes the key store that it first meets when it was made before key stores had ids', async () => {
    const { commands } = parts();
    const store = await madeBefore();
    await vault.highWaterMark.write(store, { epoch: 1, position: nth(1) });
    await identifyStore(parts());
    const { state } = await commands.load(installationDecider, INSTALLATION_STREAM);
    expect(state).toMatchObject({ keyStore: await vault.highWaterMark.keeper() });
    const head = await stores.feed.head();
    await identifyStore(parts());
    expect(await stores.feed.head()).toBe(head);
    const other = await memoryVault();
    await other.highWaterMark.write(store, { epoch: 1, position: head });
    await expect(identifyStore(parts({ vault: other }))).rejects.toThrow('has its keys in the key store');
  });

  it('takes one key store where two processes bring theirs at once', async () => {
    await madeBefore();
    const [first, other] = [await vault.highWaterMark.keeper(), await memoryVault()];
    const { checkpoints } = parts();
    const later = {
      ...parts({ vault: other }),
      checkpoints: {
        move: checkpoints.move.bind(checkpoints),
        read: async (name: string) => {
          const read = await checkpoints.read(name);
          await identifyStore(parts());
          return read;
        },
      },
    };
    await expect(identifyStore(later)).rejects.toThrow(`The store has its keys in the key store ${first}`);
  });

  it.each<[string, (older: MemoryVault) => Partial<HighWaterMark>, string]>([
    [
      'lost a mark it had taken',
      () => ({ read: async () => ({ epoch: 1, position: START }) }),
      'it was restored while in use',
    ],
    ['lost all marks', () => ({ read: async () => undefined }), 'it was restored while in use'],
    ['is another one', () => ({ keeper: async () => 'another' }), 'the key store is another now'],
  ])('stops a process whose key store %s while it runs', async (_, change, why) => {
    const identity = await identifyStore(parts());
    await grow();
    const mark = { ...vault.highWaterMark };
    const said: string[] = [];
    const keeping = keepHighWaterMark({ ...parts(), mark }, identity, (_name, error) => said.push(String(error)));
    await until('the mark is told', async () => (await keeping.waitFor(nth(2), 0)) === true);
    Object.assign(mark, change(vault));
    await until('it stops', async () => keeping.status().state === 'stopped');
    expect(said.join()).toContain(why);
    await keeping.stop();
  });

  it('is refused where another event stands at its high-water mark, until a person adopts it', async () => {
    const { store } = await identifyStore(parts());
    await append(stores, 1);
    await vault.highWaterMark.write(store, { epoch: 1, position: nth(2), event: `${uuid('lost')}@1` });
    await append(stores, 5);
    await expect(identifyStore(parts())).rejects.toBeInstanceOf(StoreRefused);
    await expect(identifyStore(parts())).rejects.toThrow(`Position ${nth(2)} held event`);
    expect(await adoptRestoredStore(parts(), 'restored and grown')).toEqual({ store, epoch: 2 });
    expect(await identifyStore(parts())).toEqual({ store, epoch: 2 });
  });

  it('is not adopted while other processes have it open', async () => {
    const { store } = await identifyStore(parts());
    await restoreAnOlderBackup(store);
    const running = stores.another();
    const alone = { ...parts(), others: () => stores.others() };
    await expect(adoptRestoredStore(alone, 'while others run')).rejects.toThrow('Another process has the store open');
    expect((await stores.feed.read(nth(1))).items).toEqual([]);
    await running.close();
    expect(await adoptRestoredStore(alone, 'now alone')).toEqual({ store, epoch: 2 });
  });

  it('is not adopted when another process shows itself only after a while', async () => {
    const { store } = await identifyStore(parts());
    await restoreAnOlderBackup(store);
    let looks = 0;
    const others = async (): Promise<number> => (++looks > 5 ? 2 : 0);
    await expect(adoptRestoredStore({ ...parts(), others }, 'too soon')).rejects.toThrow('2 other processes have');
  });

  describe('while it runs', () => {
    const marks: Follower[] = [];
    const troubles: unknown[] = [];
    afterEach(async () => {
      await Promise.all(marks.splice(0).map((mark) => mark.stop()));
      troubles.length = 0;
    });
    const keep = (of: MemoryStores, identity: StoreIdentity): Follower => {
      const kept = keepHighWaterMark(parts({ stores: of }), identity, (_, error, stopped) => {
        if (stopped) troubles.push(error);
      });
      marks.push(kept);
      return kept;
    };

    it('has its mark written, with the event there', async () => {
      const identity = await identifyStore(parts());
      const mark = keep(stores, identity);
      await append(stores, 4);
      await until('the mark is written', () => mark.status().position === nth(5));
      const newest = (await stores.feed.newest())!;
      expect(await vault.highWaterMark.read(identity.store)).toEqual({
        epoch: 1,
        position: nth(5),
        event: newest.item,
      });
    });

    it('is given up when it goes back, and marked as far as this process had seen it', async () => {
      const identity = await identifyStore(parts());
      keep(stores, identity);
      await append(stores, 2);
      const lost = (await stores.feed.newest())!;
      // Before the next mark is written.
      stores.putBack({ events: nth(2) });
      await expect(append(stores, 1)).rejects.toBeInstanceOf(LineageBroken);
      await until('it is marked', async () => (await vault.highWaterMark.read(identity.store))?.position === nth(3));
      expect(await vault.highWaterMark.read(identity.store)).toEqual({ epoch: 1, position: nth(3), event: lost.item });
      expect(troubles).toEqual([stores.lineage.broken]);
      // So the next start is refused, though nothing had been marked when it went back.
      await expect(identifyStore(parts({ stores: stores.another() }))).rejects.toThrow(
        `position ${nth(3)} was reached before`,
      );
    });

    it('is given up also by a process that has not seen what was lost: another one had marked it', async () => {
      const identity = await identifyStore(parts());
      const idle = stores.another();
      expect(await idle.feed.head()).toBe(nth(1));
      const mark = keep(idle, identity);
      await append(stores, 3);
      await vault.highWaterMark.write(identity.store, { epoch: 1, position: nth(4), event: 'lost@1' });
      stores.putBack({ events: nth(1) });
      await until('it is given up', () => mark.status().state === 'stopped');
      expect(mark.status().stoppedBy?.reason).toContain(`position ${nth(4)}`);
      await expect(append(idle, 1)).rejects.toBeInstanceOf(LineageBroken);
    });

    it('is given up by a process of an epoch that a person has left behind', async () => {
      const identity = await identifyStore(parts());
      const mark = keep(stores, identity);
      await vault.highWaterMark.write(identity.store, { epoch: 2, position: nth(1) });
      await until('it is given up', () => mark.status().state === 'stopped');
      expect(mark.status().stoppedBy?.reason).toContain('epoch 2 was reached before');
    });

    it('is marked in the epoch of an adoption that ended before it had marked', async () => {
      const { store } = await identifyStore(parts());
      const mark = keep(stores, { store, epoch: 2 });
      await until('the mark is written', async () => (await vault.highWaterMark.read(store))?.epoch === 2);
      expect(mark.status().state).toBe('running');
      expect(troubles).toEqual([]);
    });

    it('goes on when the key store could not be reached for a while', async () => {
      const identity = await identifyStore(parts());
      const mark = keep(stores, identity);
      await until('the mark is written', () => mark.status().position === nth(1));
      vault.interrupt();
      await until('it could not look', () => mark.status().silentFor > 700);
      expect(mark.status().state).toBe('running');
      vault.resume();
      await append(stores, 2);
      await until('the mark is written', () => mark.status().position === nth(3));
    });
  });

  describe('whose events are kept apart from its register', () => {
    /** One process of a register: it starts, and appends and records from then on. */
    const begin = async (of: MemoryStores = stores) => {
      const { stamps, records, lineage } = of;
      const beside = { stamps, records, knownRecord: () => lineage.newest('records') };
      const all = { ...parts({ stores: of }), beside };
      const identity = await identifyStore(all);
      return { identity, parts: all, beat: await startBeat(beside, all.checkpoints, identity) };
    };
    let recorded = 0;
    const record = async (of: MemoryStores = stores): Promise<bigint> => {
      const id = uuid('record', (recorded += 1));
      return (await of.records.append({ id, kind: 'decision', bytes: '{}' })).position;
    };
    /** The register as it is now, to be put back later beside the events and keys of then. */
    const backUp = async (): Promise<(rows: MemoryStores) => Promise<MemoryStores>> => {
      const kept: [string, Checkpoint | undefined][] = [];
      for (const name of ['key-store-mark', 'register-beat']) kept.push([name, await stores.checkpoints.read(name)]);
      const records = await stores.records.head();
      return async (now) => {
        const { checkpoints } = memoryStores();
        for (const [name, at] of kept) if (at !== undefined) await checkpoints.move(name, undefined, at);
        now.putBack({ records });
        return { ...now, checkpoints };
      };
    };

    it('starts again and again beside others, killed or not, with everything that it had', async () => {
      const first = await begin();
      const other = stores.another();
      const second = await begin(other);
      for (let round = 0; round < 5; round += 1) {
        await first.beat.next();
        await append(stores, 2);
        await record(other);
        await second.beat.next();
        await append(other, 1);
        expect((await begin(stores.another())).identity).toEqual(first.identity);
      }
      await expect(adoptRestoredStore(first.parts, 'no need')).rejects.toThrow('nothing to adopt');
    });

    it('is refused when a record is missing that an event knows of, until a person goes on without it', async () => {
      const { identity } = await begin();
      const kept = await record();
      const putBack = await backUp();
      const lost = await record();
      await append(stores, 1);
      const restored = await putBack(stores.another());
      const starting = begin(restored);
      await expect(starting).rejects.toBeInstanceOf(StoreRefused);
      await expect(starting).rejects.toThrow(
        `The register's database is older than the events: record ${lost} is known to the events and not in it`,
      );
      await expect(begin(restored)).rejects.toThrow('npm run adopt-restored-store');

      const { records, stamps, lineage } = restored;
      const adopting = {
        ...parts({ stores: restored }),
        beside: { stamps, records, knownRecord: () => lineage.newest('records') },
      };
      expect(await adoptRestoredStore(adopting, 'no later backup')).toEqual({ ...identity, epoch: 2 });
      const { history } = await adopting.commands.load(installationDecider, INSTALLATION_STREAM);
      expect(history.at(-1)!.data).toMatchObject({
        register: { eventsUpTo: String(nth(1)), recordsUpTo: String(kept), recordsKnown: String(lost) },
      });
      const { beat } = await begin(restored);
      await record(restored);
      await append(restored, 3);
      await beat.next();
      expect((await begin({ ...restored.another(), checkpoints: restored.checkpoints })).identity.epoch).toBe(2);
      await expect(adoptRestoredStore(adopting, 'again')).rejects.toThrow('nothing to adopt');
    });

    it('is refused when another record stands where an event knows of one', async () => {
      await begin();
      const putBack = await backUp();
      const lost = await record();
      await append(stores, 1);
      const restored = await putBack(stores.another());
      await record(restored);
      expect(await restored.records.head()).toBe(lost);
      await expect(begin(restored)).rejects.toThrow(`record ${lost} is known to the events and not in it`);
    });

    it('is refused when no record is missing, but time has gone by: keys and what was put aside are lost', async () => {
      const { beat } = await begin();
      const slow = stores.another();
      await begin(slow);
      const putBack = await backUp();
      await beat.next();
      await beat.next();
      await append(stores, 1);
      // Of a process that has not looked since.
      await append(slow, 1);
      await expect(begin(await putBack(stores.another()))).rejects.toThrow(
        'it was at beat 3 of epoch 1 when the newest events were written, and is at 2 of epoch 1',
      );
    });

    it('is refused also where its own mark is of the epoch before an adoption, and of a place beyond', async () => {
      const { identity, parts: of } = await begin();
      await append(stores, 3);
      await keepHighWaterMark(of, identity, fail).stop();
      const putBack = await backUp();
      stores.putBack({ events: nth(1) });
      const after = stores.another();
      expect((await adoptRestoredStore(parts({ stores: after }), 'events restored')).epoch).toBe(2);
      const { beat } = await begin(after);
      await beat.next();
      await append(after, 1);
      await expect(begin(await putBack(stores.another()))).rejects.toThrow("register's database is older");
    });

    it('is refused where it is of before an adoption, however far it had come by then', async () => {
      const { beat } = await begin();
      const early = await backUp();
      for (let beats = 0; beats < 20; beats += 1) await beat.next();
      const late = await backUp();
      await append(stores, 1);
      const adopted = await early(stores.another());
      await expect(begin(adopted)).rejects.toThrow("register's database is older");
      const { stamps, records, lineage } = adopted;
      const beside = { stamps, records, knownRecord: () => lineage.newest('records') };
      expect((await adoptRestoredStore({ ...parts({ stores: adopted }), beside }, 'no later one')).epoch).toBe(2);
      await begin(adopted);
      await append(adopted, 1);
      // It holds a higher beat than any event of the new epoch names.
      await expect(begin(await late(stores.another()))).rejects.toThrow(
        'it was at beat 2 of epoch 2 when the newest events were written, and is at 21 of epoch 1',
      );
      await begin(adopted);
    });

    it('is given up by a process under which it goes back to before an adoption', async () => {
      const { identity, parts: of, beat } = await begin();
      for (let beats = 0; beats < 20; beats += 1) await beat.next();
      const { checkpoints } = await (await backUp())(stores.another());
      const own = memoryStores().checkpoints;
      let now = own;
      const read: CheckpointStore['read'] = (name) => now.read(name);
      const move: CheckpointStore['move'] = (...to) => now.move(...to);
      const after = await startBeat(of.beside, { read, move }, { ...identity, epoch: 2 });
      await after.next();
      now = checkpoints;
      await expect(after.next()).rejects.toThrow('was at beat 2 of epoch 2 and is at 21 of epoch 1');
    });

    it('is of an epoch once a process of it has begun, whoever of before is faster', async () => {
      const { identity, parts: of } = await begin();
      const before = await startBeat(of.beside, of.checkpoints, identity);
      let isFaster = true;
      const read: CheckpointStore['read'] = (name) => of.checkpoints.read(name);
      const move: CheckpointStore['move'] = async (...to) => {
        if (isFaster) {
          isFaster = false;
          await before.next();
        }
        await of.checkpoints.move(...to);
      };
      const epoch = 2;
      const start = () => startBeat(of.beside, { read, move }, { ...identity, epoch });
      await start();
      expect([isFaster, await read('register-beat')]).toMatchObject([false, { epoch }]);
      await Promise.all([start(), start(), start()]);
      for (let beats = 0; beats < 3; beats += 1) await before.next();
      expect(await read('register-beat')).toMatchObject({ epoch });
    });

    it('does not hold against it what was known in an epoch that a person has left behind', async () => {
      const { identity, parts: adopting, beat } = await begin();
      await beat.next();
      await restoreAnOlderBackup(identity.store);
      const epoch = (await adoptRestoredStore(adopting, 'events restored')).epoch;
      // Paused since before the adoption, and not seen.
      for (let beats = 0; beats < 20; beats += 1) await beat.next();
      const empty = memoryStores();
      await empty.checkpoints.move('key-store-mark', undefined, {
        ...{ store: identity.store, epoch },
        position: (await vault.highWaterMark.read(identity.store))!.position,
      });
      await append(stores, 1);
      const other = { ...stores.another(), checkpoints: empty.checkpoints };
      expect((await begin(other)).identity.epoch).toBe(epoch);
    });

    it('is not refused while another process beats, records and appends between two looks', async () => {
      const { parts: of, beat, identity } = await begin();
      const { beside } = of;
      const busy = {
        ...of,
        beside: {
          ...beside,
          stamps: {
            carry: () => undefined,
            async *behind(after: bigint) {
              await beat.next();
              await record();
              await append(stores, 1);
              yield* beside.stamps.behind(after);
            },
          },
        },
      };
      expect(await identifyStore(busy)).toEqual(identity);
    });

    it('is given up by a process under which it goes back', async () => {
      const { identity, parts: of } = await begin();
      let isOlder = false;
      const read: CheckpointStore['read'] = async (name) => {
        const there = await stores.checkpoints.read(name);
        return isOlder && there !== undefined ? { ...there, position: 1n } : there;
      };
      const move: CheckpointStore['move'] = (...to) => stores.checkpoints.move(...to);
      const own = await startBeat(of.beside, { read, move }, identity);
      const said: unknown[] = [];
      const kept = keepHighWaterMark({ ...parts(), beat: own }, identity, (_name, error) => said.push(error));
      await until('it beats', async () => (await stores.checkpoints.read('register-beat'))!.position > 4n);
      expect(kept.status().state).toBe('running');
      isOlder = true;
      await until('it is given up', () => kept.status().state === 'stopped');
      expect(kept.status().stoppedBy?.reason).toContain("the register's database was at beat");
      expect(stores.lineage.broken).toBeInstanceOf(LineageBroken);
      expect(said).toEqual([stores.lineage.broken]);
      await kept.stop();
    });

    it('beats for all that run: each takes the number that another has raised since', async () => {
      const first = await begin();
      const second = await begin(stores.another());
      const now = async (): Promise<bigint> => (await stores.checkpoints.read('register-beat'))!.position;
      expect(await now()).toBe(2n);
      await first.beat.next();
      expect(await now()).toBe(2n);
      await second.beat.next();
      expect(await now()).toBe(3n);
      // Both at once: one is faster, and the other takes its number.
      await Promise.all([first.beat.next(), second.beat.next()]);
      await Promise.all([first.beat.next(), second.beat.next()]);
      expect(await now()).toBeLessThanOrEqual(5n);
    });
  });
});

const fail = (name: string, error: unknown): never => {
  throw new Error(`${name}: ${String(error)}`);
};

let appended = 1_000;
/** Appends so many events, each to a stream of its own. */
async function append(to: MemoryStores, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    const number = (appended += 1);
    await to.events.append(streamId('check', uuid('check', number)), 'no-stream', [
      { id: uuid('event', number) as EventId, type: 'CheckRecorded', bytes: '{}' },
    ]);
  }
}
