import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DatabaseError } from 'pg';
import { AppendOutcomeUnknown, StoreUnavailable } from '#libs/eventing';
import type { PostgresObserver } from './observer.js';
import { Coalescer, type BatchWriter, type CoalescerLimits, type Outcome } from './coalescer.js';

interface Request {
  readonly id: number;
  readonly stream: string;
  /** A second key, as an append has that of its event's id. */
  readonly also?: string;
  readonly size?: number;
  readonly poison?: boolean;
}

const LIMITS: CoalescerLimits = {
  queuedAppends: 1_000,
  queuedBytes: 1_000_000,
  batchRows: 16,
  batchBytes: 10_000,
  waitMilliseconds: 5_000,
  resolveMilliseconds: 5_000,
};

const refusal = (code: string): DatabaseError =>
  Object.assign(new DatabaseError('refused', 0, 'error'), { severity: 'ERROR', code });

/** A store in memory that refuses a whole batch when one request in it is poisoned, as a database does. */
class Store implements BatchWriter<Request, number> {
  readonly batches: (readonly Request[])[] = [];
  readonly written: Request[] = [];
  failWith: Error | undefined;
  failAfterWriting = false;
  lookUpFails = false;
  gate: Promise<void> = Promise.resolve();

  keysOf = ({ stream, also }: Request): readonly string[] => [stream, ...(also === undefined ? [] : [also])];
  rowsOf = (): number => 1;
  bytesOf = ({ size = 1 }: Request): number => size;

  async write(requests: readonly Request[]): Promise<readonly Outcome<number>[]> {
    this.batches.push(requests);
    await this.gate;
    if (requests.some(({ poison }) => poison === true)) throw refusal('23514');
    if (this.failWith !== undefined && !this.failAfterWriting) throw this.failWith;
    this.written.push(...requests);
    if (this.failWith !== undefined) throw this.failWith;
    return requests.map(({ id }) => ({ answer: id }));
  }

  async lookUp(requests: readonly Request[]): Promise<readonly (number | undefined)[]> {
    if (this.lookUpFails) throw new Error('still down');
    return requests.map((request) => (this.written.includes(request) ? request.id : undefined));
  }
}

const coalescing = (
  store: Store,
  limits: Partial<CoalescerLimits> = {},
  observer: PostgresObserver = {},
): Coalescer<Request, number> => new Coalescer('events', store, { ...LIMITS, ...limits }, observer);

const held = (): { readonly gate: Promise<void>; readonly open: () => void } => {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  return { gate, open };
};

describe('coalescer', () => {
  it('writes appends of one turn together, and a lone append alone', async () => {
    const store = new Store();
    const coalescer = coalescing(store);
    await Promise.all([1, 2, 3].map((id) => coalescer.append({ id, stream: `s-${id}` })));
    await coalescer.append({ id: 4, stream: 's-4' });
    expect(store.batches.map((batch) => batch.map(({ id }) => id))).toEqual([[1, 2, 3], [4]]);
  });

  it('gathers the next batch while one is being written', async () => {
    const store = new Store();
    const { gate, open } = held();
    store.gate = gate;
    const coalescer = coalescing(store);
    const first = coalescer.append({ id: 1, stream: 'a' });
    await Promise.resolve();
    const rest = [2, 3, 4].map((id) => coalescer.append({ id, stream: `s-${id}` }));
    open();
    await Promise.all([first, ...rest]);
    expect(store.batches.map(({ length }) => length)).toEqual([1, 3]);
  });

  it('never puts a stream in a batch twice and keeps its order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 60 }), async (streams) => {
        const store = new Store();
        const coalescer = coalescing(store);
        await Promise.all(streams.map((stream, id) => coalescer.append({ id, stream })));
        for (const batch of store.batches) {
          expect(new Set(batch.map(({ stream }) => stream)).size).toBe(batch.length);
          expect(batch.length).toBeLessThanOrEqual(LIMITS.batchRows);
        }
        for (const stream of 'abcde') {
          const ids = store.written.filter((request) => request.stream === stream).map(({ id }) => id);
          expect(ids).toEqual([...ids].sort((a, b) => a - b));
        }
        expect(store.written).toHaveLength(streams.length);
      }),
    );
  });

  it('lets nobody overtake one with whom he shares a key, also where that one has to wait for another', async () => {
    const store = new Store();
    const coalescer = coalescing(store);
    const appends = [
      { id: 1, stream: 'a' },
      { id: 2, stream: 'a', also: 'b' },
      { id: 3, stream: 'b', also: 'c' },
      { id: 4, stream: 'c' },
      { id: 5, stream: 'd' },
    ];
    await Promise.all(appends.map((append) => coalescer.append(append)));
    expect(store.batches.map((batch) => batch.map(({ id }) => id))).toEqual([[1, 5], [2], [3], [4]]);
  });

  it('lets a poisoned append fail alone, wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 80 }), async (poisoned) => {
        const store = new Store();
        const coalescer = coalescing(store);
        const results = await Promise.allSettled(
          poisoned.map((poison, id) => coalescer.append({ id, stream: `s-${id}`, poison })),
        );
        expect(results.map(({ status }) => status === 'rejected')).toEqual(poisoned);
        expect(store.written).toHaveLength(poisoned.filter((poison) => !poison).length);
      }),
    );
  });

  it('keeps a batch below its limits, but lets one append that is larger through', async () => {
    const store = new Store();
    const coalescer = coalescing(store);
    const sizes = [4_000, 4_000, 4_000, 12_000, 1];
    await Promise.all(sizes.map((size, id) => coalescer.append({ id, stream: `s-${id}`, size })));
    expect(store.batches.map((batch) => batch.map(({ size }) => size))).toEqual([
      [4_000, 4_000],
      [4_000],
      [12_000],
      [1],
    ]);
  });

  it('refuses more than the queue may hold, by number and by bytes, and goes on', async () => {
    const store = new Store();
    const { gate, open } = held();
    store.gate = gate;
    const coalescer = coalescing(store, { queuedAppends: 3, queuedBytes: 100 });
    const first = coalescer.append({ id: 0, stream: 'first' });
    await Promise.resolve();
    const waiting = [1, 2].map((id) => coalescer.append({ id, stream: `s-${id}`, size: 40 }));
    await expect(coalescer.append({ id: 3, stream: 's-3', size: 40 })).rejects.toBeInstanceOf(StoreUnavailable);
    waiting.push(coalescer.append({ id: 4, stream: 's-4', size: 1 }));
    const refused = coalescer.append({ id: 5, stream: 's-5', size: 1 });
    await expect(refused).rejects.toMatchObject({ name: 'StoreUnavailable', retryAfterSeconds: 1 });
    open();
    expect(await Promise.all([first, ...waiting])).toEqual([0, 1, 2, 4]);
    expect(await coalescer.append({ id: 6, stream: 's-6' })).toBe(6);
  });

  it('has room again for all that it may hold once what waited has left, written or refused', async () => {
    const store = new Store();
    const coalescer = coalescing(store, { queuedBytes: 100, waitMilliseconds: 30 });
    for (const isWritten of [true, false, true]) {
      const { gate, open } = held();
      store.gate = gate;
      const first = coalescer.append({ id: 0, stream: 'first' });
      await Promise.resolve();
      const waiting = Promise.allSettled([1, 2].map((id) => coalescer.append({ id, stream: `s-${id}`, size: 50 })));
      await expect(coalescer.append({ id: 3, stream: 's-3' })).rejects.toThrow('2 appends wait already');
      if (isWritten) open();
      const outcome = isWritten ? { status: 'fulfilled' } : { reason: { message: 'no batch had room within 1 s' } };
      expect(await waiting).toMatchObject([outcome, outcome]);
      open();
      await first;
    }
  });

  it('refuses what waits too long while a batch hangs', async () => {
    const store = new Store();
    const { gate, open } = held();
    store.gate = gate;
    const coalescer = coalescing(store, { waitMilliseconds: 30 });
    const hanging = coalescer.append({ id: 1, stream: 'a' });
    await Promise.resolve();
    await expect(coalescer.append({ id: 2, stream: 'b' })).rejects.toBeInstanceOf(StoreUnavailable);
    // Each by its own time, also one that came later.
    const later = coalescer.append({ id: 3, stream: 'c' });
    await expect(later).rejects.toThrow('no batch had room within 1 s');
    open();
    expect(await hanging).toBe(1);
    expect(store.written.map(({ id }) => id)).toEqual([1]);
  });

  it('tells how many share a commit, how long each waited, and what waits', async () => {
    const store = new Store();
    const batches: number[] = [];
    const waits: number[] = [];
    const queued: number[] = [];
    const times: number[] = [];
    const coalescer = coalescing(
      store,
      {},
      {
        batch: (_log, appends, milliseconds) => void (batches.push(appends), times.push(milliseconds)),
        waited: (_log, milliseconds) => void waits.push(milliseconds),
        queued: (_log, appends) => void queued.push(appends),
      },
    );
    const began = performance.now();
    const { gate, open } = held();
    store.gate = gate;
    const first = coalescer.append({ id: 0, stream: 'first' });
    await Promise.resolve();
    const rest = [1, 2].map((id) => coalescer.append({ id, stream: `s-${id}` }));
    open();
    await Promise.all([first, ...rest]);
    const whole = performance.now() - began;
    expect([batches, queued]).toEqual([
      [1, 2],
      [1, 0, 1, 2, 0],
    ]);
    for (const milliseconds of [...waits, ...times]) {
      expect(milliseconds).toBeGreaterThanOrEqual(0);
      expect(milliseconds).toBeLessThanOrEqual(whole);
    }
    expect(waits).toHaveLength(3);
  });

  it('tells every caller of a batch whose connection was lost what really happened', async () => {
    const store = new Store();
    const coalescer = coalescing(store);
    store.failWith = new Error('Connection terminated unexpectedly');
    store.failAfterWriting = true;
    expect(await Promise.all([1, 2].map((id) => coalescer.append({ id, stream: `s-${id}` })))).toEqual([1, 2]);
    store.failAfterWriting = false;
    await expect(coalescer.append({ id: 3, stream: 's-3' })).rejects.toBeInstanceOf(StoreUnavailable);
    store.lookUpFails = true;
    const unknown = coalescer.append({ id: 4, stream: 's-4' });
    await expect(unknown).rejects.toBeInstanceOf(AppendOutcomeUnknown);
    await expect(unknown).rejects.toThrow('the outcome is not known: Connection terminated unexpectedly; still down');
    await expect(unknown).rejects.toHaveProperty('cause.message', 'Connection terminated unexpectedly');
  });

  it('does not split a batch that was refused because of the server, and does not look it up', async () => {
    const store = new Store();
    store.lookUpFails = true;
    const coalescer = coalescing(store);
    for (const code of ['53100', '25006', '57014']) {
      store.failWith = refusal(code);
      const results = await Promise.allSettled([1, 2, 3].map((id) => coalescer.append({ id, stream: `s-${id}` })));
      const reasons = results.map((result) => (result as PromiseRejectedResult).reason as Error);
      expect(reasons.map(({ name }) => name)).toEqual(Array(3).fill('StoreUnavailable'));
    }
    expect(store.batches).toHaveLength(3);
  });

  it('settles what waits when it is closed, and takes no more', async () => {
    const store = new Store();
    const coalescer = coalescing(store);
    const appends = Promise.all([1, 2, 3].map((id) => coalescer.append({ id, stream: 'one' })));
    await coalescer.close();
    expect(await appends).toEqual([1, 2, 3]);
    await expect(coalescer.append({ id: 4, stream: 'one' })).rejects.toBeInstanceOf(StoreUnavailable);
  });
});
