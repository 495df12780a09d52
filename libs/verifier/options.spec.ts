import { describe, expect, it } from '@jest/globals';
import { readOptions, UsageFault } from './options.js';

const faultOf = (...args: readonly string[]): string => {
  try {
    return JSON.stringify(readOptions(args));
  } catch (error) {
    if (error instanceof UsageFault) return error.message;
    throw error;
  }
};

describe('what is asked of the verifier', () => {
  it('is a log with a key, or receipts', () => {
    const nothing = { keys: [], receipts: [], earlier: [], json: false };
    expect(readOptions(['log'])).toEqual({ ...nothing, log: 'log' });
    expect(readOptions(['log', '--key', 'a', '--key', 'b', '--records', '-', '--earlier', 'c', '--json'])).toEqual({
      ...{ log: 'log', keys: ['a', 'b'], records: '-', earlier: ['c'], receipts: [], json: true },
    });
    expect(readOptions(['log', '--policy', 'p', '--checkpoint', 'c'])).toEqual({
      ...{ ...nothing, log: 'log', policy: 'p', checkpoint: 'c' },
    });
    expect(readOptions(['--receipt', 'r', '--receipt', 's', '--key', 'k'])).toEqual({
      ...{ ...nothing, receipts: ['r', 's'], keys: ['k'] },
    });
    expect(readOptions(['--receipt', 'r', '--export', 'e', '--salt', 's', '--key', 'k'])).toEqual({
      ...{ ...nothing, receipts: ['r'], export: 'e', salt: 's', keys: ['k'] },
    });
    expect(readOptions(['-h'])).toBeUndefined();
  });

  it.each([
    [[], 'name a log (an address or a folder), or a receipt'],
    [['a', 'b'], 'one log at a time, not a and b'],
    [['a', '--key', 'k', '--policy', 'p'], 'a policy has keys of its own: --key or --policy'],
    [['--receipt', 'r'], 'a receipt is verified with --key or --policy, or beside its log'],
    [
      ['a', '--receipt', 'r', '--records', 'x'],
      '--receipt is asked by itself, without --records, --checkpoint and --earlier',
    ],
    [['a', '--export', 'e'], '--export is held against the one --receipt of its reading'],
    [
      ['--receipt', 'r', '--receipt', 's', '--export', 'e', '--key', 'k'],
      '--export is held against the one --receipt of its reading',
    ],
    [['--receipt', 'r', '--salt', 's', '--key', 'k'], '--salt is that of an --export'],
  ])('is refused as %j', (args, why) => expect(faultOf(...args)).toBe(why));

  it('has no other options, and no option without its file', () => {
    expect(faultOf('a', '--kee', 'k')).toContain("Unknown option '--kee'");
    expect(faultOf('a', '--key')).toContain("'--key <value>' argument missing");
  });
});
