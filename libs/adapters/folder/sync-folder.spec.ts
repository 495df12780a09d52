import { expect, it } from '@jest/globals';
import { SharedSyncs } from './sync-folder.js';

/** Syncs that end when they are told to. */
function heldSyncs() {
  const begun: { folder: string; end: () => void; fail: (error: Error) => void }[] = [];
  const one = (folder: string): Promise<void> =>
    new Promise((end, fail) => {
      begun.push({ folder, end, fail });
    });
  return { begun, syncs: new SharedSyncs(one) };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('Names that come while a folder is synced wait for one more sync, which begins behind them', async () => {
  const { begun, syncs } = heldSyncs();
  const done: string[] = [];
  const sync = (folder: string, name: string): Promise<unknown> => syncs.sync(folder).then(() => done.push(name));
  const first = sync('a', 'first');
  await turn();
  const others = [sync('a', 'second'), sync('a', 'third'), sync('b', 'elsewhere')];
  await turn();
  expect(begun.map(({ folder }) => folder)).toEqual(['a', 'b']);
  begun[0]!.end();
  begun[1]!.end();
  await first;
  await turn();
  // What the first one was asked for says nothing of what came behind its beginning.
  expect(done).toEqual(['first', 'elsewhere']);
  expect(begun.map(({ folder }) => folder)).toEqual(['a', 'b', 'a']);
  begun[2]!.end();
  await Promise.all(others);
  expect(done).toEqual(['first', 'elsewhere', 'second', 'third']);
  void syncs.sync('a');
  await turn();
  expect(begun).toHaveLength(4);
});

it('A sync that fails is told to those who waited for it, and is no hindrance to the next', async () => {
  const { begun, syncs } = heldSyncs();
  const first = syncs.sync('a');
  await turn();
  const second = syncs.sync('a');
  begun[0]!.fail(new Error('no space left'));
  await expect(first).rejects.toThrow('no space left');
  await turn();
  begun[1]!.end();
  await second;
});
