import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { instantFromEpoch, later, streamId, type DomainEvent, type Instant, type Recorded } from '#libs/kernel';
import { CannotApply, FileLocked, FileMissing } from '#libs/eventing';
import { evidenceDecider } from '#libs/domain';
import { at, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { evidenceFilesProjection } from './evidence-files.projection.js';
import { evidenceProcess } from './evidence-process.js';
import { unfoundedFiles } from './file-sweep.js';
import { LOCKED, lockedFiles } from './take-away.js';

const { ids } = paperRegistration;
const now = at('2026-03-02T12:00:00Z');
const DAY = 24 * 3_600_000;
const evidence = uuid('evid', 1);

let memory: MemoryBackbone;
let clock: number;
let locks: Map<string, Instant>;
beforeEach(async () => {
  clock = Date.parse(now);
  locks = new Map();
  memory = await memoryBackbone(() => clock, { readModels: [evidenceFilesProjection] });
  const { files } = memory.stores;
  const remove = files.remove.bind(files);
  // A store with locks: what is taken away is out of sight, and what is locked lies there still.
  Object.assign(files, {
    async remove(address: string) {
      const until = locks.get(address);
      if (until !== undefined && until > memory.backbone.now()) throw new FileLocked(address, until);
      await remove(address);
    },
    async protect(address: string, until: Instant) {
      if (!files.addresses().includes(address)) throw new FileMissing('gone');
      locks.set(address, until);
    },
  });
});
afterEach(() => memory.close());

const signal = new AbortController().signal;
async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const put = async (text: string): Promise<string> => (await memory.stores.files.put(bytesOf(text))).address;
const isThere = (address: string): boolean => memory.stores.files.addresses().includes(address);
const noted = (address: string) => memory.stores.dueWork.find({ kind: LOCKED, id: address });
const end = (address: string) => lockedFiles(memory.backbone).perform({ id: address } as never, signal);

const uploaded = (address: string): DomainEvent => ({
  type: 'EvidenceUploaded',
  data: {
    ...{ evidence, application: ids.application, mediaType: 'image/png', size: 1, digest: { clear: 'd' }, address },
    ...{ uploadedAt: now, quarantinedUntil: later(now, 28 * DAY) },
  },
});
const kept: DomainEvent = { type: 'EvidenceKept', data: { evidence, keptAt: now } } as never;
const destroyed = (address: string): DomainEvent =>
  ({ type: 'EvidenceDestroyed', data: { evidence, address, ground: 'withdrawn', destroyedAt: now } }) as never;

/** Has the process follow everything that is on record of the evidence. */
async function followed(): Promise<void> {
  const { history } = await memory.backbone.commands.load(evidenceDecider, streamId('evidence', evidence));
  const process = evidenceProcess(memory.backbone);
  for (const event of history as readonly Recorded<DomainEvent>[]) {
    if (process.handles.includes(event.type)) await process.react(event, undefined);
  }
}

describe('a file in a store with locks', () => {
  it('is not locked while it waits, and for seven years from the day that it is kept (ARCH-10)', async () => {
    const address = await put('kept');
    await memory.record('evidence', evidence, uploaded(address));
    await followed();
    expect(locks.size).toBe(0);
    await memory.record('evidence', evidence, kept);
    await followed();
    expect(locks.get(address)).toBe(at('2033-03-02T12:00:00Z'));
  });

  it('that was destroyed while it was locked goes when the lock ends, and its key at once', async () => {
    const address = await put('withdrawn');
    await memory.record('evidence', evidence, uploaded(address), kept);
    await followed();
    await memory.record('evidence', evidence, destroyed(address));
    const gone: unknown[] = [];
    const { secrets } = memory.backbone;
    const destroy = secrets.destroy.bind(secrets);
    Object.assign(secrets, { destroy: async (holder: never) => (gone.push(holder), destroy(holder)) });
    // Again as well: the process is killed and goes on.
    for (let times = 0; times < 2; times += 1) await followed();
    expect(gone).toContainEqual({ kind: 'evidence', id: evidence });
    const until = at('2033-03-02T12:00:00Z');
    expect(await noted(address)).toMatchObject({ dueAt: until });
    expect(isThere(address)).toBe(true);
    // A clock of ours that is ahead of the store's.
    locks.set(address, later(until, 1_000));
    clock = Date.parse(until);
    expect(await end(address)).toEqual({ is: 'again', at: later(until, 3_600_000), reason: 'locked' });
    clock += DAY;
    expect(await end(address)).toEqual({ is: 'done' });
    expect(isThere(address)).toBe(false);
  });

  it('that was kept and is away is put aside for a person: somebody else took it', async () => {
    const address = await put('stolen');
    await memory.record('evidence', evidence, uploaded(address), kept);
    await memory.stores.files.remove(address);
    await expect(followed()).rejects.toBeInstanceOf(CannotApply);
  });

  it('that lost its fact with a restored database goes as well when its lock ends', async () => {
    const address = await put('lost');
    const until = instantFromEpoch(clock + DAY);
    locks.set(address, until);
    await unfoundedFiles(memory.backbone).perform({ id: address } as never, signal);
    expect(await noted(address)).toMatchObject({ dueAt: until });
  });
});
