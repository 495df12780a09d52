import { describe, expect, it } from '@jest/globals';
import { DecisionChecker, Deduplicated, DeliveryChecker, MarkChecker, StreamChecker } from './checkers.mjs';
import { KINDS, planOf } from './plan.mjs';

const event = (stream: string, revision: number) => ({ stream, revision, id: `${stream} ${revision}` });

describe('what is held against what clients were told', () => {
  it('finds an event that came twice, out of order, or behind a hole', () => {
    const checker = new StreamChecker();
    for (const [stream, revision] of [
      ['a', 0],
      ['b', 0],
      ['a', 1],
    ] as const) {
      checker.seen(event(stream, revision));
    }
    expect([checker.twice, checker.reordered, checker.lengthOf('a'), checker.lengthOf('c')]).toEqual([0, 0, 2, 0]);
    checker.seen(event('a', 0));
    expect([checker.twice, checker.reordered]).toEqual([1, 1]);
    checker.seen(event('b', 2));
    expect([checker.twice, checker.reordered, checker.events]).toEqual([1, 2, 5]);
  });

  it('drops what is not newer than what was taken of the same key', () => {
    const filter = new Deduplicated();
    const taken = [
      ['a', '00001-1'],
      ['a', '00001-2'],
      ['b', '00001-1'],
      ['a', '00001-2'],
      ['a', '00001-1'],
      ['a', '00002-1'],
    ].map(([partitionkey, sequence]) => filter.take({ partitionkey: partitionkey!, sequence: sequence! }));
    expect(taken).toEqual([true, true, true, false, false, true]);
    expect(filter.dropped).toBe(2);
  });

  it('finds a mark that was acknowledged and is not there, and one that is there twice', () => {
    const checker = new MarkChecker();
    for (const mark of ['kept', 'lost', 'twice']) checker.acknowledged(mark);
    for (const mark of ['kept', 'twice', 'twice', 'never acknowledged']) checker.found(mark);
    expect([checker.lost, checker.twice, checker.count]).toEqual([['lost'], ['twice'], 3]);
  });

  it('finds a yes to what was asked after its revocation was answered, and no other', () => {
    const checker = new DecisionChecker();
    checker.answered('m', 10, true);
    checker.revoked('m', 20);
    // Asked before: it may have been answered before as well.
    checker.answered('m', 15, true);
    checker.answered('m', 20, true);
    checker.answered('m', 21, false);
    checker.answered('other', 30, true);
    expect(checker.stale).toEqual([]);
    checker.answered('m', 21, true);
    expect(checker.stale).toEqual(['m: yes, asked 1 ms after its revocation was answered']);
    expect([checker.asked, checker.allowed, checker.revocations]).toEqual([6, 5, 1]);
    checker.refused(3);
    expect([checker.asked, checker.allowed]).toEqual([9, 5]);
  });

  describe('of deliveries', () => {
    const told = (...ids: readonly string[]) => {
      const checker = new DeliveryChecker();
      for (const id of ['a0', 'b0', 'a1', 'a2']) checker.wants({ stream: id[0]!, id });
      for (const id of ids) checker.took({ stream: id[0]!, id });
      return { lost: checker.lost, wrong: checker.wrong, twice: checker.twice };
    };
    const good = { lost: [], wrong: [], twice: 0 };

    it('finds nothing where each stream came in its order, with repeats of what had come', () => {
      expect(told('b0', 'a0', 'a1', 'a2')).toEqual(good);
      expect(told('a0', 'a1', 'a0', 'b0', 'a1', 'a2', 'b0')).toEqual({ ...good, twice: 3 });
    });

    it.each([
      ['what never came', ['a0', 'b0', 'a2'], { lost: ['a1'] }],
      ['what came before what stands in front of it', ['a0', 'a2', 'b0', 'a1'], { wrong: ['a'] }],
      ['what nobody asked for', ['a0', 'a1', 'b0', 'a2', 'c0'], { wrong: ['c'] }],
    ])('finds %s', (_what, ids, found) => {
      expect(told(...ids)).toEqual({ ...good, ...found });
    });
  });
});

describe('a plan', () => {
  it('is the same for the same seed, whatever came before, and another for another', () => {
    for (const on of KINDS) {
      const rounds = (seed: number) => Array.from({ length: 20 }, (_, round) => planOf(on, seed, round));
      expect(rounds(3)).toEqual(rounds(3));
      expect(rounds(3)[19]).toEqual(planOf(on, 3, 19));
      expect(rounds(4)).not.toEqual(rounds(3));
    }
  });

  it('has every kind of strike within a few hundred rounds, and on a cluster those that the controls need first', () => {
    const struck = Array.from({ length: 400 }, (_, round) => planOf('cluster-esdb', 1, round).strikes).flat();
    expect(new Set(struck.map(({ kind }) => kind)).size).toBe(16);
    const of = (kind: string) => new Set(struck.filter((strike) => strike.kind === kind).map(({ toxic }) => toxic));
    expect([of('network').size, of('receiver').size]).toEqual([7, 4]);
    expect([0, 1].map((round) => planOf('cluster', 1, round).strikes[0]!.kind)).toEqual([
      'kill relay with a batch',
      'freeze assurance',
    ]);
  });
});
