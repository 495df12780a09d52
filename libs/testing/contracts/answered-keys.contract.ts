import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnsweredKeys, AnswerToKeep, KeptAnswer } from '#libs/eventing';
import { parseInstant } from '#libs/kernel';
import { freshId, freshStream } from './harness.js';

export interface AnsweredKeysHarness {
  readonly answeredKeys: AnsweredKeys;
  close(): Promise<void>;
}

const anAnswer = (changes: Partial<AnswerToKeep> = {}): AnswerToKeep => ({
  key: freshId(),
  attempt: randomUUID(),
  client: 'back-office',
  stream: freshStream(),
  requestHash: 'v1.lookup.1.abc',
  revision: 3,
  position: 9_007_199_254_740_993n,
  head: 9_007_199_254_740_995n,
  ...changes,
});

/** What every keeper of answered keys must do; `open` gives an empty one. */
export function answeredKeysContract(name: string, open: () => Promise<AnsweredKeysHarness>): void {
  describe(`answered keys contract: ${name}`, () => {
    let harness: AnsweredKeysHarness;
    let keys: AnsweredKeys;
    beforeAll(async () => {
      harness = await open();
      keys = harness.answeredKeys;
    });
    afterAll(() => harness.close());

    const put = async (answer: AnswerToKeep): Promise<KeptAnswer> => {
      const claim = await keys.put(answer);
      if (claim === undefined) throw new Error('the key is taken');
      return claim;
    };

    it('knows nothing of a key that nobody claimed', async () => {
      expect(await keys.find(freshId())).toBeUndefined();
    });

    it('keeps what it is given, as a claim, with a moment of its own', async () => {
      const answer = anAnswer();
      const claim = await put(answer);
      expect(claim).toStrictEqual({ ...answer, answeredAt: expect.any(String), settled: false });
      expect(parseInstant(claim.answeredAt)).toBe(claim.answeredAt);
      expect(await keys.find(answer.key)).toStrictEqual(claim);
    });

    it('keeps one of an object without events', async () => {
      const answer = anAnswer({ revision: -1, position: 0n, head: 0n });
      await put(answer);
      expect(await keys.find(answer.key)).toMatchObject({ revision: -1, position: 0n, head: 0n });
    });

    it('leaves a claim and an answer as they are when the key is put again', async () => {
      const first = await put(anAnswer());
      expect(await keys.put(anAnswer({ key: first.key, revision: 8 }))).toBeUndefined();
      expect(await keys.find(first.key)).toStrictEqual(first);
      await keys.settle(first);
      expect(await keys.put(anAnswer({ key: first.key, revision: 8 }))).toBeUndefined();
      expect(await keys.find(first.key)).toStrictEqual({ ...first, settled: true });
    });

    it('lets one of many that put a key at once have it', async () => {
      const key = freshId();
      const claims = await Promise.all(Array.from({ length: 8 }, () => keys.put(anAnswer({ key }))));
      expect(claims.filter((claim) => claim !== undefined)).toStrictEqual([await keys.find(key)]);
    });

    it('settles a claim, also again, and not one that was withdrawn or is of another attempt', async () => {
      const claim = await put(anAnswer());
      expect(await keys.settle({ ...claim, attempt: randomUUID() })).toBe(false);
      expect(await keys.find(claim.key)).toStrictEqual(claim);
      expect(await keys.settle(claim)).toBe(true);
      expect(await keys.settle(claim)).toBe(true);
      expect(await keys.find(claim.key)).toStrictEqual({ ...claim, settled: true });
      const withdrawn = await put(anAnswer());
      await keys.withdraw(withdrawn);
      expect(await keys.settle(withdrawn)).toBe(false);
      expect(await keys.find(withdrawn.key)).toBeUndefined();
    });

    it('withdraws what still stands as it was found, and nothing else', async () => {
      const claim = await put(anAnswer());
      await keys.withdraw({ ...claim, attempt: randomUUID() });
      expect(await keys.find(claim.key)).toStrictEqual(claim);
      await keys.settle(claim);
      await keys.withdraw(claim);
      const settled = { ...claim, settled: true };
      expect(await keys.find(claim.key)).toStrictEqual(settled);
      await keys.withdraw(settled);
      expect(await keys.find(claim.key)).toBeUndefined();
    });

    it('gives a withdrawn key to the next one', async () => {
      const first = await put(anAnswer());
      await keys.withdraw(first);
      const second = await put(anAnswer({ key: first.key, revision: 8 }));
      await keys.withdraw(first);
      expect(await keys.find(first.key)).toStrictEqual(second);
    });

    it('lets one of settling and withdrawing at once take effect, and says which', async () => {
      for (let round = 0; round < 20; round++) {
        const claim = await put(anAnswer());
        const settling = keys.settle(claim);
        const withdrawing = keys.withdraw(claim);
        const [stands] = await Promise.all([settling, withdrawing]);
        expect(await keys.find(claim.key)).toStrictEqual(stands ? { ...claim, settled: true } : undefined);
      }
    });
  });
}
