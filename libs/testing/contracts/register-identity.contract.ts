import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { RegisterIdentity } from '#libs/eventing';

export interface RegisterIdentityHarness {
  readonly register: RegisterIdentity;
  close(): Promise<void>;
}

/** What every database of a register must do; `open` gives an empty one. */
export function registerIdentityContract(name: string, open: () => Promise<RegisterIdentityHarness>): void {
  describe(`register identity contract: ${name}`, () => {
    it('names no store until it is told one, and then that one for good', async () => {
      const harness = await open();
      try {
        const { register } = harness;
        expect(await register.store()).toBeUndefined();
        const stores = Array.from({ length: 8 }, () => randomUUID());
        const answers = new Set(await Promise.all(stores.map((store) => register.name(store))));
        expect(answers.size).toBe(1);
        const [named] = answers;
        expect(stores).toContain(named);
        expect(await register.name(randomUUID())).toBe(named);
        expect(await register.store()).toBe(named);
      } finally {
        await harness.close();
      }
    });
  });
}
