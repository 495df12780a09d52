import { describe, expect, it } from '@jest/globals';
import { at, specificationOf, uuid } from '#libs/testing';
import { installationDecider, type InstallationCommand, type InstallationEvent } from './index.js';

const given = specificationOf(installationDecider);
const now = at('2026-03-02T09:00:00Z');
const store = uuid('store');
const oin = '00000099000000001000';

const initialize: InstallationCommand = { type: 'InitializeStore', store, oin, now };
const initialized: InstallationEvent = { type: 'StoreInitialized', data: { store, oin, epoch: 1, at: now } };
const adopt: Extract<InstallationCommand, { type: 'AdoptRestoredStore' }> = {
  type: 'AdoptRestoredStore',
  epoch: 2,
  oldMark: '120',
  newHead: '100',
  reason: 'The disk failed',
  now,
};
const restored: InstallationEvent = {
  type: 'StoreRestored',
  data: { epoch: 2, oldMark: '120', newHead: '100', reason: 'The disk failed', at: now },
};

describe('an installation', () => {
  it('makes an empty store its participant’s, in the first epoch', () => {
    given().when(initialize).then(initialized);
  });

  it('finds its own store again at every start, whatever store id it would have given', () => {
    given(initialized).when(initialize).thenNothing();
    given(initialized)
      .when({ ...initialize, store: uuid('store', 2) })
      .thenNothing();
  });

  it('does not start on the store of another participant', () => {
    given(initialized)
      .when({ ...initialize, oin: '00000099000000002000' })
      .thenRejected({
        code: 'foreign-participant',
        kind: 'conflict',
        facts: { recorded: oin, configured: '00000099000000002000' },
      });
  });

  it('has one key store, which a store of before gets when it first meets one', () => {
    const keyStore = uuid('keys');
    const bind: InstallationCommand = { type: 'BindKeyStore', keyStore, now };
    const bound: InstallationEvent = { type: 'KeyStoreBound', data: { keyStore, at: now } };
    const initializedWith: InstallationEvent = { ...initialized, data: { ...initialized.data, keyStore } } as never;
    given()
      .when({ ...initialize, keyStore })
      .then(initializedWith);
    given(initialized).when(bind).then(bound);
    for (const history of [[initializedWith], [initialized, bound]]) {
      given(...history)
        .when(bind)
        .thenNothing();
      given(...history)
        .when({ ...bind, keyStore: uuid('keys', 2) })
        .thenRejected({
          code: 'foreign-key-store',
          kind: 'conflict',
          facts: { recorded: keyStore, configured: uuid('keys', 2) },
        });
    }
    given().when(bind).thenRejected('store-not-initialized');
    expect(given(initialized, bound, restored).state).toMatchObject({ keyStore, epoch: 2 });
  });

  it('has one log, whose name is given once', () => {
    const logOrigin = 'register.example/log';
    const name: InstallationCommand = { type: 'NameLog', origin: logOrigin, now };
    const named: InstallationEvent = { type: 'LogNamed', data: { origin: logOrigin, at: now } };
    const initializedWith = { ...initialized, data: { ...initialized.data, logOrigin } } as InstallationEvent;
    given()
      .when({ ...initialize, logOrigin })
      .then(initializedWith);
    given(initialized).when(name).then(named);
    for (const history of [[initializedWith], [initialized, named], [initialized, named, restored]]) {
      given(...history)
        .when(name)
        .thenNothing();
      given(...history)
        .when({ ...name, origin: 'other.example/log' })
        .thenRejected({
          ...{ code: 'foreign-log', kind: 'conflict' },
          facts: { recorded: logOrigin, configured: 'other.example/log' },
        });
    }
    given().when(name).thenRejected('store-not-initialized');
    expect(given(initialized, named, restored).state).toMatchObject({ logOrigin, epoch: 2 });
  });

  it('goes on with a store restored from a backup, in a new epoch', () => {
    given(initialized).when(adopt).then(restored);
    expect(given(initialized, restored).state).toStrictEqual({
      ...{ status: 'initialized', store, oin, epoch: 2, heldBy: 'postgres', orphans: [] },
    });
  });

  it('adopts a restored store once: positions of two stores never share an epoch', () => {
    given(initialized, restored)
      .when(adopt)
      .thenRejected({ code: 'epoch-in-use', kind: 'conflict', facts: { epoch: 2 } });
    given(initialized)
      .when({ ...adopt, epoch: 1 })
      .thenRejected('epoch-in-use');
    given(initialized, restored)
      .when({ ...adopt, epoch: 3 })
      .then({ ...restored, data: { ...restored.data, epoch: 3 } } as InstallationEvent);
  });

  it('says what holds its events: PostgreSQL, unless it was made or moved elsewhere', () => {
    const heldBy = 'eventstoredb';
    const elsewhere = { ...initialized, data: { ...initialized.data, heldBy } } as InstallationEvent;
    given()
      .when({ ...initialize, heldBy })
      .then(elsewhere);
    expect(given(initialized).state).toMatchObject({ heldBy: 'postgres' });
    expect(given(elsewhere).state).toMatchObject({ heldBy });
  });

  it('is moved to another kind of store in a new epoch, once, and back in the next', () => {
    const move: InstallationCommand = { type: 'MoveStore', to: 'eventstoredb', head: '100', now };
    const back: InstallationCommand = { ...move, to: 'postgres', head: '2000' };
    const moved: InstallationEvent = {
      type: 'StoreMoved',
      data: { epoch: 2, from: 'postgres', to: 'eventstoredb', head: '100', at: now },
    };
    given(initialized).when(move).then(moved);
    given(initialized, moved).when(move).thenNothing();
    given(initialized, moved)
      .when(back)
      .then({
        type: 'StoreMoved',
        data: { epoch: 3, from: 'eventstoredb', to: 'postgres', head: '2000', at: now },
      });
    given(initialized).when(back).thenNothing();
    given(initialized, restored)
      .when(move)
      .then({ ...moved, data: { ...moved.data, epoch: 3 } } as InstallationEvent);
    given().when(move).thenRejected('store-not-initialized');
    expect(given(initialized, moved).state).toMatchObject({ store, epoch: 2, heldBy: 'eventstoredb' });
  });

  it('says which of the log’s entries have lost their records, and where they come again', () => {
    const indexes = [{ first: 100, last: 119 }];
    const ranges = { indexes, again: [{ first: 120, last: 134 }], reason: 'The disk failed' };
    const restoredLog: InstallationEvent = { type: 'LogRestored', data: { ...ranges, at: now } };
    given(initialized)
      .when({ type: 'AdoptRestoredLog', ...ranges, now })
      .then(restoredLog);
    given(initialized, restoredLog)
      .when({ type: 'AdoptRestoredLog', ...ranges, again: [{ first: 120, last: 135 }], now })
      .thenNothing();
    for (const other of [[{ first: 90, last: 119 }], [{ first: 100, last: 140 }], []]) {
      given(initialized, restoredLog)
        .when({ type: 'AdoptRestoredLog', ...ranges, indexes: other, now })
        .then({ type: 'LogRestored', data: { ...ranges, indexes: other, at: now } });
    }
    given()
      .when({ type: 'AdoptRestoredLog', ...ranges, now })
      .thenRejected('store-not-initialized');
  });

  it('has no restored store before it has one at all', () => {
    given().when(adopt).thenRejected({ code: 'store-not-initialized', kind: 'conflict' });
  });
});
