import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decisionIndexProjection, type DecisionIndexRow } from '#libs/application';
import { StoreUnavailable, type Checkpoint, type DecisionInstances, type EventFeed, type Place } from '#libs/eventing';
import type { AuthorizationId, EventId, MeansId, PartyId, Pseudonym, StreamId } from '#libs/kernel';
import { at, PATIENCE, until, uuid } from '#libs/testing';
import { memoryRegister, type MemoryRegister } from '../../../test/e2e/assurance/register.js';
import { startLiveIndex, type LiveIndexParts, type RunningIndex } from './live-index.js';

let register: MemoryRegister;
const running: RunningIndex[] = [];

function start(more: Partial<LiveIndexParts> = {}): RunningIndex {
  const { backbone, stores } = register;
  const index = startLiveIndex({
    projections: stores.projections,
    feed: backbone.feed,
    serializer: backbone.serializer,
    identity: backbone.identity,
    instances: backbone.decisionInstances,
    instance: `instance-${running.length}`,
    // No machine is so busy that it runs out: a test whose lease has to do so gives it a short one.
    leaseMilliseconds: 60_000,
    ...more,
  });
  running.push(index);
  return index;
}

const upToDate = async ({ index }: RunningIndex): Promise<void> => {
  expect(await index.waitFor(await register.backbone.feed.head(), PATIENCE)).toBe(true);
  await until('the index is current', () => index.current);
};

beforeEach(async () => {
  register = await memoryRegister();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((index) => index.stop()));
  await register.close();
});

describe('the decision index', () => {
  let client: PartyId;
  let office: PartyId;
  let holder: { means: MeansId; pseudonym: Pseudonym };
  let direct: AuthorizationId;

  beforeEach(async () => {
    client = await register.party('69599084');
    office = await register.party('68750110');
    holder = await register.means();
    direct = await register.authorize(client, holder);
  });

  const ids = (index: RunningIndex['index'], intermediaries = 1): string[][] =>
    index.paths(client, holder.pseudonym, intermediaries).map((path) => path.map((link) => link.authorization));

  it('finds the organization, the means and the authorization between them', async () => {
    const started = start();
    await upToDate(started);
    expect(started.index.party('kvk:69599084')).toMatchObject({ party: client, restGroup: false });
    expect(started.index.means(holder.pseudonym)).toMatchObject({ means: holder.means, status: 'active', stork: 3 });
    expect(ids(started.index)).toEqual([[direct]]);
  });

  it('finds the ways through intermediaries, as many as are permitted and never in a circle', async () => {
    const toOffice = await register.authorize(client, { party: office });
    const inOffice = await register.authorize(office, holder);
    const back = await register.authorize(office, { party: client });
    const started = start();
    await upToDate(started);
    expect(ids(started.index, 0)).toEqual([[direct]]);
    expect(ids(started.index, 1)).toEqual([[direct], [toOffice, inOffice]]);
    expect(ids(started.index, 3)).toEqual([[direct], [toOffice, inOffice]]);
    expect(ids(started.index, 3).flat()).not.toContain(back);
  });

  it('does not take the authority of an administrator for one to represent', async () => {
    await register.revoke(direct);
    const administration = await register.authorize(client, holder, { authority: 'administration' });
    const started = start();
    await upToDate(started);
    expect(ids(started.index).flat()).not.toContain(administration);
  });

  it('is the same loaded from the table as read from the first event on', async () => {
    const { backbone } = register;
    const projector = backbone.readModels.run(decisionIndexProjection);
    await projector.waitFor(await backbone.feed.head(), PATIENCE);
    await projector.stop();
    const revoked = await register.revoke(direct);
    const loaded = start();
    await upToDate(loaded);
    expect(loaded.index.position).toBe(revoked);
    expect(loaded.index.paths(client, holder.pseudonym, 1)[0]?.[0].link.status).toBe('revoked');
  });

  describe('with a table that says what no event does', () => {
    const stranger = uuid('stranger') as Pseudonym;
    const row: DecisionIndexRow = {
      id: `means:${uuid('stranger')}`,
      position: 1n,
      kind: 'means',
      representedParty: null,
      means: null,
      content: {
        ...{ means: uuid('stranger'), pseudonym: stranger, holder: uuid('person') },
        ...{ product: 'app', stork: 4, status: 'active' },
      },
    };
    /** Fills the table as far as the store is, under another checkpoint or version where one is given. */
    const fill = async (more: Partial<Checkpoint> = {}, version = decisionIndexProjection.version): Promise<void> => {
      const { backbone, stores } = register;
      const projection = { ...decisionIndexProjection, version };
      const newest = (await backbone.feed.newest())!;
      const checkpoint = { ...backbone.identity, position: newest.position, event: newest.item, ...more };
      await stores.projections.open(projection as never);
      await stores.projections.commit(projection, new Map([[row.id, row]]), undefined, checkpoint);
    };

    it('takes the rows as they are where the table is of this store and version', async () => {
      await fill();
      const started = start();
      await upToDate(started);
      expect(started.index.means(stranger)).toMatchObject({ status: 'active' });
      expect(started.index.means(holder.pseudonym)).toBeUndefined();
    });

    it.each([
      ['store', () => fill({ store: uuid('elsewhere') })],
      ['epoch', () => fill({ epoch: register.backbone.identity.epoch + 1 })],
      ['version', () => fill({}, decisionIndexProjection.version + 1)],
      ['event at its place', () => fill({ event: uuid('lost') })],
    ])('reads the events instead where it is of another %s', async (_, filled) => {
      await filled();
      const started = start();
      await upToDate(started);
      expect(started.index.means(stranger)).toBeUndefined();
      expect(started.index.means(holder.pseudonym)).toMatchObject({ status: 'active' });
      expect(ids(started.index)).toEqual([[direct]]);
    });
  });

  it('goes on after an interruption behind the very event that it had come to', async () => {
    const { feed } = register.backbone;
    const begun: (bigint | Place)[] = [];
    const interrupted: EventFeed = {
      ...bound(feed),
      async *subscribe(after, options) {
        begun.push(after);
        for await (const page of feed.subscribe(after, options)) {
          yield page;
          if (begun.length === 1 && page.caughtUp) throw new StoreUnavailable('interrupted');
        }
      },
    };
    start({ feed: interrupted });
    await until('it has begun again', () => begun.length === 2);
    expect(begun[1]).toEqual(await feed.newest());
  });
});

describe('an instance among others', () => {
  it('is behind a revocation until it has applied it, and not longer', async () => {
    const client = await register.party('69599084');
    const holder = await register.means();
    const authorization = await register.authorize(client, holder);
    const started = start();
    await upToDate(started);
    const position = await register.revoke(authorization);
    expect(await register.backbone.visibility.everywhere(position)).toBe(true);
    expect(started.index.paths(client, holder.pseudonym, 1)[0]?.[0].link.status).toBe('revoked');
  });

  it('is not current while its feed stands still, and lets others go on', async () => {
    const { backbone } = register;
    const silent: EventFeed = {
      ...bound(backbone.feed),
      async *subscribe(_after, { signal }) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    };
    const stuck = start({ feed: silent, leaseMilliseconds: 200 });
    await until('it has joined, with nothing to see', () => stuck.index.current);
    await register.party('69599084');
    await until('its lease has run out', () => !stuck.index.current);
    expect(await backbone.visibility.everywhere(await backbone.feed.head())).toBe(true);
    expect(stuck.index.current).toBe(false);
  });

  it('does not join before it has caught up, so that no revocation waits for its start', async () => {
    const { backbone } = register;
    let open = false;
    const feed: EventFeed = {
      ...bound(backbone.feed),
      async *subscribe(after, options) {
        await until('pages are let through', () => open || options.signal.aborted);
        yield* backbone.feed.subscribe(after, options);
      },
    };
    await register.party('69599084');
    const late = start({ feed });
    await until('it has looked for its rows', () => late.follower.status().state === 'starting');
    expect(await backbone.decisionInstances.behind(1n)).toEqual([]);
    open = true;
    await until('it has joined', () => late.index.current);
  });

  it('stays current for as long as it is known that there is nothing to see', async () => {
    const started = start({ leaseMilliseconds: 3_000 });
    await upToDate(started);
    const first = started.index.lease!;
    await until('the first lease has run out', () => {
      expect(started.index.current).toBe(true);
      return new Date().toISOString() > first.until;
    });
    expect(started.index.lease!.stretch).toBe(first.stretch);
  });

  it('is not current while its renewals fail', async () => {
    const { decisionInstances } = register.backbone;
    let away = false;
    const instances: DecisionInstances = {
      renew: (...entry) => (away ? Promise.reject(new Error('away')) : decisionInstances.renew(...entry)),
      leave: (instance) => decisionInstances.leave(instance),
      behind: (position) => decisionInstances.behind(position),
    };
    const started = start({ instances, leaseMilliseconds: 150 });
    await upToDate(started);
    away = true;
    await until('the lease has run out', () => !started.index.current);
    away = false;
    await until('the index is current again', () => started.index.current);
  });

  it('after a lapse answers only when it has seen what was recorded meanwhile', async () => {
    const { backbone } = register;
    const { decisionInstances } = backbone;
    let away = false;
    let open = true;
    const instances: DecisionInstances = {
      renew: (...entry) => (away ? Promise.reject(new Error('away')) : decisionInstances.renew(...entry)),
      leave: (instance) => decisionInstances.leave(instance),
      behind: (position) => decisionInstances.behind(position),
    };
    // A feed whose pages are held back on demand, while the store's head is known.
    let heads = 0;
    const feed: EventFeed = {
      ...bound(backbone.feed),
      head: () => {
        heads += 1;
        return backbone.feed.head();
      },
      async *subscribe(after, options) {
        for await (const page of backbone.feed.subscribe(after, options)) {
          await until('pages are let through', () => open || options.signal.aborted);
          yield page;
        }
      },
    };
    const client = await register.party('69599084');
    const holder = await register.means();
    const authorization = await register.authorize(client, holder);
    const started = start({ instances, feed, leaseMilliseconds: 150 });
    await upToDate(started);

    away = true;
    await until('the lease has run out', () => !started.index.current);
    open = false;
    const position = await register.revoke(authorization);
    // No live instance: the revocation is answered without this one.
    expect(await backbone.visibility.everywhere(position)).toBe(true);
    away = false;
    const looked = heads;
    await until('it has looked again and again whether there is anything to see', () => {
      expect(started.index.current).toBe(false);
      return heads > looked + 4;
    });
    open = true;
    await until('it has come back', () => started.index.current);
    expect(started.index.paths(client, holder.pseudonym, 1)[0]?.[0].link.status).toBe('revoked');
  });

  it('leaves when it stops, so that nobody waits for it', async () => {
    const started = start();
    await upToDate(started);
    await started.stop();
    expect(started.index.current).toBe(false);
    const position = await register.party('69599084').then(() => register.backbone.feed.head());
    expect(await register.backbone.decisionInstances.behind(position)).toEqual([]);
  });
});

describe('an instance of an older version', () => {
  /** Puts a fact of a newer version at the end of a stream of the category. */
  const recordUnknown = async (category: string, type = 'AuthorizationSuspended'): Promise<bigint> => {
    const stream = `${category}-${uuid('newer')}` as StreamId;
    const id = uuid('newer', ++newer) as EventId;
    const bytes = JSON.stringify({ id, type, stream, schemaVersion: 1, data: {} });
    return (await register.stores.events.append(stream, 'no-stream', [{ id, type, bytes }])).position;
  };
  let newer = 0;

  it.each(['authorization', 'means', 'party'])(
    'says nothing any more after an event of an unknown type on the stream of a %s, and lets others go on',
    async (category) => {
      const started = start({ leaseMilliseconds: 200 });
      await upToDate(started);
      const position = await recordUnknown(category);
      await until('its lease has run out', () => !started.index.current);
      expect(started.follower.status()).toMatchObject({ state: 'stopped', stoppedBy: { position } });
      expect(await register.backbone.visibility.everywhere(position)).toBe(true);
      expect(started.index.current).toBe(false);
    },
  );

  it('lets pass what it knows and does not need, and what is about something else', async () => {
    const { means } = await register.means();
    const started = start();
    await upToDate(started);
    await recordUnknown('consent', 'ConsentGiven');
    await register.record('means', means, {
      type: 'HolderIdentified',
      data: { means, checks: [], scores: {}, rows: {}, criteria: {}, identifiedAt: at('2026-03-02T10:00:00Z') },
    } as never);
    await upToDate(started);
    expect(started.follower.status().state).toBe('running');
  });

  it('is waited for when something is ended by a type that it does not know, and answers no more', async () => {
    const { backbone } = register;
    const troubles: [string, boolean][] = [];
    const old = start({
      ending: ['AuthorizationRevoked'],
      instance: 'old',
      onTrouble: (name, _error, stopped) => void troubles.push([name, stopped]),
    });
    const knowing = start({ instance: 'new' });
    await upToDate(old);
    await upToDate(knowing);
    const { means } = await register.means();
    const position = await register.revokeMeans(means);
    await old.index.waitFor(position, PATIENCE);
    await upToDate(old);
    // It has applied the event and knows nothing of its meaning.
    expect(await backbone.decisionInstances.behind(position, 'MeansRevoked')).toEqual(['old']);
    expect(await backbone.visibility.everywhere(position, 'MeansRevoked')).toBe(true);
    expect(old.index.current).toBe(false);
    expect(old.index.fenced).toContain('MeansRevoked');
    expect(troubles).toEqual([['decision-index-in-memory lease', true]]);
    expect(knowing.index.current).toBe(true);
    // Nor does one that is started afterwards.
    const another = start({ ending: ['AuthorizationRevoked'] });
    await until('it is fenced', () => another.index.fenced !== undefined);
    expect(another.index.current).toBe(false);
  });
});

const bound = (feed: EventFeed): EventFeed => ({
  head: () => feed.head(),
  newest: () => feed.newest(),
  at: (position) => feed.at(position),
  read: (after, limit) => feed.read(after, limit),
  subscribe: (after, options) => feed.subscribe(after, options),
  replay: (after, options) => feed.replay(after, options),
});
