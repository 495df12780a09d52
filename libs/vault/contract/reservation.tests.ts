import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { later, type Instant, type PersonId } from '#libs/kernel';
import type { VaultHarness } from './vault-harness.js';

const NOON = '2026-03-02T12:00:00.000Z' as Instant;
const MINUTE = 60_000;
const aPerson = (): PersonId => randomUUID() as PersonId;
const attributes = (): string => `hash-${randomUUID()}`;

export function reservationTests(harness: () => VaultHarness): void {
  describe('reservations (MEANS-ID2-ii.b)', () => {
    it('give the attributes to who asks first, again and again, and tell others who holds them', async () => {
      const { reservations } = await harness().open();
      const [hash, first, second] = [attributes(), aPerson(), aPerson()];
      expect(await reservations.reserve(hash, first, NOON)).toEqual({ holder: first, mine: true });
      expect(await reservations.reserve(hash, first, NOON)).toEqual({ holder: first, mine: true });
      expect(await reservations.reserve(hash, second, NOON)).toEqual({ holder: first, mine: false });
    });

    it('have one winner, however many ask at once', async () => {
      const vaults = await Promise.all([harness().open(), harness().open(), harness().open()]);
      const hash = attributes();
      const people = Array.from({ length: 21 }, aPerson);
      const outcomes = await Promise.all(
        people.map((person, i) => vaults[i % 3]!.reservations.reserve(hash, person, NOON)),
      );
      const winners = people.filter((_, i) => outcomes[i]!.mine);
      expect(winners).toHaveLength(1);
      expect(new Set(outcomes.map(({ holder }) => holder))).toEqual(new Set(winners));
    });

    it('let a person hold several sets of attributes', async () => {
      const { reservations } = await harness().open();
      const person = aPerson();
      expect((await reservations.reserve(attributes(), person, NOON)).mine).toBe(true);
      expect((await reservations.reserve(attributes(), person, NOON)).mine).toBe(true);
    });

    it('are void after ten minutes when they were not confirmed, and not a moment earlier', async () => {
      const { reservations } = await harness().open();
      const [hash, first, second] = [attributes(), aPerson(), aPerson()];
      await reservations.reserve(hash, first, NOON);
      const early = await reservations.reserve(hash, second, later(NOON, 10 * MINUTE - 1));
      expect(early).toEqual({ holder: first, mine: false });
      const onTime = await reservations.reserve(hash, second, later(NOON, 10 * MINUTE));
      expect(onTime).toEqual({ holder: second, mine: true });
      expect(await reservations.confirm(hash, first)).toBe(false);
    });

    it('wait ten minutes from the last time the same person asked', async () => {
      const { reservations } = await harness().open();
      const [hash, first, second] = [attributes(), aPerson(), aPerson()];
      await reservations.reserve(hash, first, NOON);
      await reservations.reserve(hash, first, later(NOON, 9 * MINUTE));
      await reservations.reserve(hash, first, later(NOON, -9 * MINUTE));
      expect((await reservations.reserve(hash, second, later(NOON, 18 * MINUTE))).mine).toBe(false);
      expect((await reservations.reserve(hash, second, later(NOON, 19 * MINUTE))).mine).toBe(true);
    });

    it('last once they are confirmed, also when the person asks again', async () => {
      const { reservations } = await harness().open();
      const [hash, first, second] = [attributes(), aPerson(), aPerson()];
      await reservations.reserve(hash, first, NOON);
      expect(await reservations.confirm(hash, first)).toBe(true);
      expect(await reservations.confirm(hash, first)).toBe(true);
      await reservations.reserve(hash, first, later(NOON, MINUTE));
      expect((await reservations.reserve(hash, second, later(NOON, 600 * MINUTE))).holder).toBe(first);
    });

    it('are not confirmed for somebody who does not hold them', async () => {
      const { reservations } = await harness().open();
      const hash = attributes();
      expect(await reservations.confirm(hash, aPerson())).toBe(false);
      await reservations.reserve(hash, aPerson(), NOON);
      expect(await reservations.confirm(hash, aPerson())).toBe(false);
    });

    it('count after ten minutes all the same when the person came to be, and last from then on', async () => {
      const { reservations } = await harness().open();
      const [hash, first, second] = [attributes(), aPerson(), aPerson()];
      await reservations.reserve(hash, first, NOON);
      const asked: PersonId[] = [];
      const cameToBe = async (person: PersonId): Promise<boolean> => asked.push(person) > 0;
      const outcome = await reservations.reserve(hash, second, later(NOON, 11 * MINUTE), cameToBe);
      expect(outcome).toEqual({ holder: first, mine: false });
      expect(asked).toEqual([first]);
      expect((await reservations.reserve(hash, second, later(NOON, 600 * MINUTE))).holder).toBe(first);
    });

    it('go to the next person after ten minutes when the person never came to be', async () => {
      const { reservations } = await harness().open();
      const [hash, first, second] = [attributes(), aPerson(), aPerson()];
      await reservations.reserve(hash, first, NOON);
      const outcome = await reservations.reserve(hash, second, later(NOON, 11 * MINUTE), async () => false);
      expect(outcome).toEqual({ holder: second, mine: true });
    });

    it('do not ask whether a person came to be before the ten minutes are over', async () => {
      const { reservations } = await harness().open();
      const hash = attributes();
      await reservations.reserve(hash, aPerson(), NOON);
      const never = (): Promise<boolean> => Promise.reject(new Error('asked too early'));
      expect((await reservations.reserve(hash, aPerson(), later(NOON, MINUTE), never)).mine).toBe(false);
    });

    it('take all hashes of a set or none', async () => {
      const { reservations } = await harness().open();
      const [free, held, first, second, third] = [attributes(), attributes(), aPerson(), aPerson(), aPerson()];
      await reservations.reserve(held, first, NOON);
      expect(await reservations.reserve([free, held], second, NOON)).toEqual({ holder: first, mine: false });
      expect(await reservations.reserve(free, third, NOON)).toEqual({ holder: third, mine: true });
      await expect(reservations.reserve([], third, NOON)).rejects.toBeInstanceOf(TypeError);
    });

    it('find who holds the attributes across a rotation of the lookup key', async () => {
      const before = await harness().open();
      const [value, first, second] = [randomUUID(), aPerson(), aPerson()];
      await before.reservations.reserve(await before.lookupHashes('identifying-attributes', value), first, NOON);
      await harness().keys.rotate('lookup');
      const after = await harness().open();
      const hashes = await after.lookupHashes('identifying-attributes', value);
      expect(await after.reservations.reserve(hashes, second, NOON)).toEqual({ holder: first, mine: false });
      expect(await after.reservations.reserve(hashes, first, NOON)).toEqual({ holder: first, mine: true });
      expect(await after.reservations.confirm(hashes, first)).toBe(true);
    });
  });
}
