import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROOF_KEPT_SECONDS, type UsedProofs } from '#libs/eventing';

export interface UsedProofsHarness {
  readonly usedProofs: UsedProofs;
  /** The same store, as another process has it. */
  another(): Promise<{ readonly usedProofs: UsedProofs; close(): Promise<void> }>;
  close(): Promise<void>;
}

const aProof = (): string => createHash('sha256').update(randomUUID()).digest('hex');
const MADE = 1_800_000_000;

/** What every keeper of used proofs must do. */
export function usedProofsContract(name: string, open: () => Promise<UsedProofsHarness>): void {
  describe(`used proofs contract: ${name}`, () => {
    let harness: UsedProofsHarness;
    let beside: { readonly usedProofs: UsedProofs; close(): Promise<void> };
    let other: UsedProofs;
    beforeAll(async () => {
      harness = await open();
      beside = await harness.another();
      other = beside.usedProofs;
    });
    afterAll(async () => {
      await beside.close();
      await harness.close();
    });

    it('takes a proof once, whoever asks', async () => {
      const proof = aProof();
      expect(await harness.usedProofs.use(proof, MADE)).toBe(true);
      expect(await harness.usedProofs.use(proof, MADE)).toBe(false);
      expect(await other.use(proof, MADE)).toBe(false);
      expect(await other.use(proof, MADE + 30)).toBe(false);
      expect(await other.use(aProof(), MADE)).toBe(true);
    });

    it('lets one win of many that come at once to two processes', async () => {
      for (let round = 0; round < 5; round++) {
        const proof = aProof();
        const answers = await Promise.all(
          Array.from({ length: 16 }, (_, at) => (at % 2 === 0 ? harness.usedProofs : other).use(proof, MADE)),
        );
        expect(answers.filter((first) => first)).toHaveLength(1);
      }
    });

    it('knows a proof for as long as it may be brought again, and forgets in the end', async () => {
      const [early, late] = [aProof(), aProof()];
      const from = MADE + 100_000;
      await harness.usedProofs.use(early, from);
      for (let more = 0; more < 250; more++) await harness.usedProofs.use(aProof(), from + PROOF_KEPT_SECONDS);
      expect(await other.use(early, from)).toBe(false);
      await harness.usedProofs.use(late, from + PROOF_KEPT_SECONDS + 1);
      for (let more = 0; more < 250; more++) await harness.usedProofs.use(aProof(), from + PROOF_KEPT_SECONDS + 1);
      // Nobody takes it any more: its time is over by far.
      expect(await other.use(early, from)).toBe(true);
      expect(await other.use(late, from + PROOF_KEPT_SECONDS + 1)).toBe(false);
    });
  });
}
