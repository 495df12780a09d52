import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { Follower, LogFiles, RecordKind, StoreIdentity } from '#libs/eventing';
import type { MemoryStores } from '#libs/adapters/memory';
import { canonicalJson, streamId, type EventId } from '#libs/kernel';
import { until } from '#libs/testing';
import { checkLog, leafHash, MemoryTree, parseCheckpoint, parseNote, recordEntry } from '#libs/transparency-log';
import type { LogSignatures } from './log-signatures.js';
import { startSequencer, type SequencerParts } from './sequencer.js';

/** A log that is written, killed and looked at, for the specs beside this file. */

export type LogStores = Pick<MemoryStores, 'events' | 'feed' | 'records' | 'checkpoints' | 'leases' | 'log'>;

/** What the sequencer does for others to see, in the order in which it does it. */
export const STEPS = ['sequence', 'write', 'store', 'publish', 'tidy'] as const;
export type Step = (typeof STEPS)[number];

export interface Death {
  readonly step: Step;
  readonly when: 'before' | 'after';
  /** The first time that it comes to it, or a later one. */
  readonly nth: number;
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** One process: from its death on nothing that it asks for is done, and nothing is answered. */
export class Life {
  readonly published: string[] = [];
  #dead = false;
  #count = 0;

  constructor(readonly death?: Death) {}

  get isOver(): boolean {
    return this.#dead;
  }

  wrap<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => this.#call(String(name), () => member.apply(target, args) as unknown, args);
      },
    });
  }

  async #call(name: string, work: () => unknown, args: readonly unknown[]): Promise<unknown> {
    if (this.#dead) return never();
    const isStep = name === this.death?.step;
    if (isStep) this.#count += 1;
    const isLast = isStep && this.#count === this.death.nth;
    if (isLast && this.death.when === 'before') this.#dead = true;
    if (this.#dead) return never();
    const result = await work();
    if (name === 'publish') this.published.push(args[0] as string);
    if (isLast) this.#dead = true;
    return this.#dead ? never() : result;
  }
}

export const LEASE = 300;

export interface LogWorld {
  readonly stores: LogStores;
  readonly signatures: LogSignatures;
  readonly identity: StoreIdentity;
}

/** Begins a process on the world's stores and these files. */
export function live(
  { stores, signatures, identity }: LogWorld,
  files: LogFiles,
  life = new Life(),
  more: Partial<SequencerParts> = {},
): Promise<Follower> {
  return startSequencer({
    ...{ signatures, identity, holder: randomUUID(), leaseMilliseconds: LEASE, signEvery: 0 },
    table: life.wrap(stores.log),
    checkpoints: life.wrap(stores.checkpoints),
    leases: life.wrap(stores.leases),
    files: life.wrap(files),
    feed: stores.feed,
    records: stores.records,
    ...more,
  });
}

/** Writes so many events and records; answers their ids. */
export async function write(
  { events, records }: LogStores,
  counts: { events: number; records: number },
): Promise<string[]> {
  const ids: string[] = [];
  for (let left = counts.events; left > 0; left -= 100) {
    const batch = Array.from({ length: Math.min(left, 100) }, () => {
      const id = randomUUID() as EventId;
      ids.push(id);
      return { id, type: 'CheckRecorded', bytes: canonicalJson({ id, note: 'a fact — ünïcode' }) };
    });
    await events.append(streamId('check', randomUUID()), 'no-stream', batch);
  }
  for (let nth = 0; nth < counts.records; nth += 1) {
    const id = randomUUID();
    ids.push(id);
    const kind: RecordKind = nth % 2 === 0 ? 'decision' : 'reading';
    await records.append({ id, kind, bytes: canonicalJson({ id, decision: false }) });
  }
  return ids;
}

export const sizeOf = async (files: LogFiles): Promise<number> => {
  const note = await files.checkpoint();
  return note === undefined ? 0 : parseCheckpoint(parseNote(note).text).size;
};

export const untilPublished = (files: LogFiles, size: number): Promise<void> =>
  until(`${size} entries are published`, async () => (await sizeOf(files)) === size);

/**
 * Everything that was written is in the log once, each entry is its record's, the files hold it under a checkpoint of ours,
 * and no checkpoint that was ever shown says anything else.
 */
export async function expectWhole(
  { stores, signatures }: LogWorld,
  files: LogFiles,
  ids: readonly string[],
  shown: readonly string[],
): Promise<void> {
  const size = ids.length;
  expect(await stores.log.size()).toBe(size);
  const tree = new MemoryTree();
  const found: string[] = [];
  for (let index = 0; index < size; index += 1) {
    const { id, entry, kept } = (await stores.log.at(index))!;
    expect(recordEntry(kept!.salt, Buffer.from(kept!.record)).equals(entry)).toBe(true);
    tree.append(leafHash(entry));
    found.push(id!);
  }
  expect([...found].sort()).toEqual([...ids].sort());
  const newest = await signatures.judge((await files.checkpoint())!);
  expect(newest.size).toBe(size);
  await checkLog({ source: files, size, root: newest.root });
  for (const note of [...shown, (await stores.log.newest())!.note]) {
    const checkpoint = await signatures.judge(note);
    expect(checkpoint.root.equals(tree.root(checkpoint.size))).toBe(true);
  }
}
