import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '#libs/eventing';
import { GatheredReads } from './gathered-reads.js';

interface Statement {
  readonly keys: readonly string[];
  readonly answer: (rows: Readonly<Record<string, string>>) => void;
  readonly fail: (error: Error) => void;
}

/** Reads whose statements wait until they are answered by hand. */
function reading(
  statements = 2,
  keys = 3,
): { readonly reads: GatheredReads<string, string>; readonly sent: Statement[] } {
  const sent: Statement[] = [];
  const ask = (asked: readonly string[]): Promise<ReadonlyMap<string, string>> =>
    new Promise((resolve, reject) =>
      sent.push({ keys: asked, answer: (rows) => resolve(new Map(Object.entries(rows))), fail: reject }),
    );
  return { reads: new GatheredReads(ask, { statements, keys, milliseconds: 50 }), sent };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('reads that come at the same time', () => {
  it('share a statement, and each gets its own row or none', async () => {
    const { reads, sent } = reading();
    const answers = Promise.all(['a', 'b', 'a'].map((key) => reads.read(key)));
    await turn();
    expect(sent.map(({ keys }) => keys)).toEqual([['a', 'b']]);
    sent[0]!.answer({ a: 'of a' });
    expect(await answers).toEqual(['of a', undefined, 'of a']);
  });

  it('gather while so many statements are under way as may be, so many keys to the next', async () => {
    const { reads, sent } = reading(1, 2);
    const answers = ['a', 'b', 'c', 'd'].map((key) => reads.read(key));
    await turn();
    expect(sent.map(({ keys }) => keys)).toEqual([['a', 'b']]);
    sent[0]!.answer({});
    await turn();
    expect(sent.map(({ keys }) => keys)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    sent[1]!.answer({ d: 'of d' });
    expect(await Promise.all(answers)).toEqual([undefined, undefined, undefined, 'of d']);
  });

  it('are never answered by a statement that was sent before they came', async () => {
    const { reads, sent } = reading(1);
    const before = reads.read('a');
    await turn();
    const after = reads.read('a');
    await turn();
    expect(sent).toHaveLength(1);
    sent[0]!.answer({});
    await turn();
    expect(sent).toHaveLength(2);
    sent[1]!.answer({ a: 'written meanwhile' });
    expect([await before, await after]).toEqual([undefined, 'written meanwhile']);
  });

  it('that fail together are asked again one by one, so that one takes no other with it', async () => {
    const { reads, sent } = reading(1);
    const answers = Promise.allSettled(['a', 'b', 'b'].map((key) => reads.read(key)));
    await turn();
    sent[0]!.fail(new Error('too much of a'));
    await turn();
    expect(sent.slice(1).map(({ keys }) => keys)).toEqual([['a'], ['b']]);
    sent[1]!.fail(new Error('too much of a'));
    sent[2]!.answer({ b: 'of b' });
    expect(await answers).toEqual([
      { status: 'rejected', reason: new Error('too much of a') },
      { status: 'fulfilled', value: 'of b' },
      { status: 'fulfilled', value: 'of b' },
    ]);
    const next = reads.read('a');
    await turn();
    sent[3]!.answer({ a: 'there' });
    expect(await next).toBe('there');
  });

  it('do not wait for ever where every statement hangs', async () => {
    const { reads, sent } = reading(1);
    const hangs = reads.read('a');
    await turn();
    await expect(reads.read('b')).rejects.toThrow(StoreUnavailable);
    expect(sent.map(({ keys }) => keys)).toEqual([['a']]);
    sent[0]!.answer({ a: 'of a' });
    expect(await hangs).toBe('of a');
    const next = reads.read('b');
    await turn();
    sent[1]!.answer({ b: 'of b' });
    expect(await next).toBe('of b');
  });
});
