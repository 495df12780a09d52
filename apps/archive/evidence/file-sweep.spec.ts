import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { later, type DomainEvent, type Instant } from '#libs/kernel';
import { at, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { evidenceFilesProjection } from './evidence-files.projection.js';
import { fileSweep, SWEEP, UNFOUNDED, unfoundedFiles } from './file-sweep.js';

const { ids } = paperRegistration;
const DAY = 24 * 3_600_000;
const now = at('2026-03-02T12:00:00Z');

let memory: MemoryBackbone;
let clock: number;
beforeEach(async () => {
  clock = Date.parse(now);
  memory = await memoryBackbone(() => clock, { readModels: [evidenceFilesProjection] });
});
afterEach(() => memory.close());

const signal = new AbortController().signal;
async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const put = async (text: string): Promise<string> => (await memory.stores.files.put(bytesOf(text))).address;
const uploaded = (run: number, address: string): Promise<bigint> => {
  const evidence = uuid('evid', run);
  const fact: DomainEvent = {
    type: 'EvidenceUploaded',
    data: {
      ...{ evidence, application: ids.application, mediaType: 'image/png', size: 1, digest: { clear: 'd' }, address },
      ...{ uploadedAt: now, quarantinedUntil: later(now, 28 * DAY) },
    },
  };
  return memory.record('evidence', evidence, fact);
};
const sweep = async () => fileSweep(memory.backbone).perform({} as never, signal);
const goes = (address: string) => memory.stores.dueWork.find({ kind: UNFOUNDED, id: address });
const end = async (address: string) => unfoundedFiles(memory.backbone).perform({ id: address } as never, signal);
const isThere = (address: string): boolean => memory.stores.files.addresses().includes(address);

describe('a file that no evidence on record is behind', () => {
  it('is found, though nobody noted it, and goes after as long as a file may wait', async () => {
    const [known, lost] = [await put('known'), await put('lost')];
    await uploaded(1, known);
    expect(await sweep()).toEqual({ is: 'again', at: later(now, DAY), reason: 'swept' });
    expect(await goes(known)).toBeUndefined();
    expect(await goes(lost)).toMatchObject({ dueAt: later(now, 28 * DAY) });
    // Found again it is the same work: it does not wait any longer.
    clock += DAY;
    await sweep();
    expect(await goes(lost)).toMatchObject({ dueAt: later(now, 28 * DAY) });
    expect(isThere(lost)).toBe(true);
    await end(lost);
    expect([isThere(known), isThere(lost)]).toEqual([true, false]);
  });

  it('stays where its fact has come by then, and where that has gone again it goes', async () => {
    const address = await put('late');
    await sweep();
    await uploaded(1, address);
    await end(address);
    expect(isThere(address)).toBe(true);
    const destroyed = { evidence: uuid('evid', 1), address, ground: 'withdrawn', destroyedAt: now };
    await memory.record('evidence', uuid('evid', 1), { type: 'EvidenceDestroyed', data: destroyed } as never);
    await end(address);
    expect(isThere(address)).toBe(false);
  });

  it('is looked for among hundreds', async () => {
    const addresses = await Promise.all(Array.from({ length: 450 }, (_, index) => put(`file ${index}`)));
    await uploaded(1, addresses[0]!);
    await sweep();
    const noted = await Promise.all(addresses.map(goes));
    expect(noted.map((item) => item !== undefined)).toEqual(addresses.map((_, index) => index > 0));
  });

  it('is looked for at once where nobody did before, and in one place', async () => {
    const { sources } = fileSweep(memory.backbone);
    const [source] = sources!;
    const due = await source!.due(now as Instant);
    expect(due).toMatchObject([{ kind: SWEEP, dueAt: now }]);
    await memory.stores.dueWork.enqueue(due);
    expect(await source!.due(now as Instant)).toEqual([]);
  });
});
