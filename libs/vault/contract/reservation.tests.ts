import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CheckpointMoved } from '#libs/eventing';
import { later, type Instant, type PersonId } from '#libs/kernel';
import type { IdentifierHashes } from '../vault.js';
import type { VaultHarness } from './vault-harness.js';

const NOON = '2026-03-02T12:00:00.000Z' as Instant;
const MINUTE = 60_000;
const aPerson = (): PersonId => randomUUID() as PersonId;
const aHash = (): string => `hash-${randomUUID()}`;
/** An identifier that is found by what it seeks. */
const same = (...hashes: readonly string[]): IdentifierHashes => ({ own: hashes, sought: hashes });

export function reservationTests(harness: () => VaultHarness): void {
  describe('reservations (MEANS-ID2-ii.b)', () => {
    it('tell who reserved earlier and is not there yet, and since when', async () => {
      const { reservations } = await harness().open();
      const [hash, first, second] = [aHash(), aPerson(), aPerson()];
      expect(await reservations.reserve(first, [same(hash)], NOON)).toEqual([]);
      expect(await reservations.reserve(second, [same(hash)], later(NOON, 1))).toEqual([
        { person: first, confirmed: false, reservedAt: NOON },
      ]);
      // The first waits for nobody, also when he asks again.
      expect(await reservations.reserve(first, [same(hash)], later(NOON, 2))).toEqual([]);
    });

    it('tell who is confirmed: to whoever is not, and to whoever was confirmed later', async () => {
      const { reservations } = await harness().open();
      const [hash, first, second, third] = [aHash(), aPerson(), aPerson(), aPerson()];
      await reservations.reserve(first, [same(hash)], NOON);
      await reservations.reserve(second, [same(hash)], NOON);
      expect(await reservations.confirm(second, [same(hash)], NOON)).toEqual([]);
      expect(await reservations.confirm(first, [same(hash)], NOON)).toEqual([second]);
      expect(await reservations.reserve(third, [same(hash)], NOON)).toMatchObject([
        { person: first, confirmed: true },
        { person: second, confirmed: true },
      ]);
      expect(await reservations.reserve(first, [same(hash)], NOON)).toMatchObject([
        { person: second, confirmed: true },
      ]);
      expect(await reservations.reserve(second, [same(hash)], NOON)).toEqual([]);
    });

    it('make nobody who is confirmed wait for who only reserved, however early', async () => {
      const { reservations } = await harness().open();
      const [hash, first, second] = [aHash(), aPerson(), aPerson()];
      await reservations.reserve(first, [same(hash)], NOON);
      expect(await reservations.confirm(second, [same(hash)], later(NOON, 1))).toEqual([]);
      expect(await reservations.reserve(second, [same(hash)], later(NOON, 2))).toEqual([]);
      // It is the other one who is told.
      expect(await reservations.reserve(first, [same(hash)], later(NOON, 3))).toMatchObject([
        { person: second, confirmed: true },
      ]);
    });

    it('answer a confirmation that is asked again as before, whoever came since', async () => {
      const { reservations } = await harness().open();
      const [hash, ...people] = [aHash(), aPerson(), aPerson(), aPerson()] as const;
      const confirmed: (readonly PersonId[])[] = [];
      for (const person of people) confirmed.push(await reservations.confirm(person, [same(hash)], NOON));
      expect(confirmed.map((others) => new Set(others))).toEqual([
        new Set(),
        new Set([people[0]]),
        new Set([people[0], people[1]]),
      ]);
      for (const [index, person] of people.entries()) {
        expect(new Set(await reservations.confirm(person, [same(hash)], NOON))).toEqual(new Set(confirmed[index]));
      }
    });

    it('have each pair of people seen by exactly one of both, however many confirm at once', async () => {
      const vaults = await Promise.all([harness().open(), harness().open(), harness().open()]);
      const hash = aHash();
      const people = Array.from({ length: 21 }, aPerson);
      const seen = await Promise.all(
        people.map((person, i) => vaults[i % 3]!.reservations.confirm(person, [same(hash)], NOON)),
      );
      expect(seen.map((others) => others.length).sort((a, b) => a - b)).toEqual(people.map((_, i) => i));
      for (const [i, person] of people.entries()) {
        for (const [j, other] of people.entries()) {
          if (i < j) expect([seen[i]!.includes(other), seen[j]!.includes(person)].filter(Boolean)).toHaveLength(1);
        }
      }
    });

    it('find by what is sought and not by what is one’s own', async () => {
      const { reservations } = await harness().open();
      const [mine, theirs, first, second] = [aHash(), aHash(), aPerson(), aPerson()];
      await reservations.confirm(first, [{ own: [mine], sought: [theirs] }], NOON);
      expect(await reservations.confirm(second, [{ own: [mine], sought: [theirs] }], NOON)).toEqual([]);
      expect(await reservations.confirm(aPerson(), [{ own: [theirs], sought: [mine] }], NOON)).toEqual(
        expect.arrayContaining([first, second]),
      );
    });

    it('order each identifier by its own confirmation', async () => {
      const { reservations } = await harness().open();
      const [old, fresh, first, second] = [aHash(), aHash(), aPerson(), aPerson()];
      await reservations.confirm(first, [same(old)], NOON);
      await reservations.confirm(second, [same(old), same(fresh)], NOON);
      // The first takes what the second has already: by that one he is the later of both.
      expect(await reservations.confirm(first, [same(old), same(fresh)], NOON)).toEqual([second]);
      expect(await reservations.confirm(second, [same(old), same(fresh)], NOON)).toEqual([first]);
      expect(await reservations.confirm(first, [same(old)], NOON)).toEqual([]);
    });

    it('that were never confirmed lapse, and not a moment after they were renewed', async () => {
      const { reservations } = await harness().open();
      const [hash, first, second] = [aHash(), aPerson(), aPerson()];
      const waiting = (): Promise<readonly unknown[]> => reservations.reserve(second, [same(hash)], NOON);
      await reservations.reserve(first, [same(hash)], NOON);
      await reservations.reserve(first, [same(hash)], later(NOON, MINUTE));
      // An older moment does not bring it back.
      await reservations.reserve(first, [same(hash)], later(NOON, -MINUTE));
      expect(await waiting()).toEqual([{ person: first, confirmed: false, reservedAt: later(NOON, MINUTE) }]);
      await reservations.lapse(first, later(NOON, MINUTE - 1));
      expect(await waiting()).toHaveLength(1);
      await reservations.lapse(first, later(NOON, MINUTE));
      expect(await waiting()).toEqual([]);
    });

    it('last once they are confirmed', async () => {
      const { reservations } = await harness().open();
      const [hash, first] = [aHash(), aPerson()];
      await reservations.confirm(first, [same(hash)], NOON);
      await reservations.lapse(first, later(NOON, 600 * MINUTE));
      expect(await reservations.confirm(aPerson(), [same(hash)], NOON)).toEqual([first]);
    });

    it('are released hash by hash, for one person', async () => {
      const { reservations } = await harness().open();
      const [gone, kept, first, second] = [aHash(), aHash(), aPerson(), aPerson()];
      for (const person of [first, second]) await reservations.confirm(person, [same(gone), same(kept)], NOON);
      await reservations.release(first, [gone]);
      await reservations.release(first, []);
      expect(await reservations.confirm(aPerson(), [same(gone)], NOON)).toEqual([second]);
      expect(new Set(await reservations.confirm(aPerson(), [same(kept)], NOON))).toEqual(new Set([first, second]));
    });

    it('list who is confirmed under some hashes, latest first, page by page', async () => {
      const { reservations } = await harness().open();
      const [one, two, waiting] = [aHash(), aHash(), aPerson()];
      const people = Array.from({ length: 5 }, aPerson);
      for (const person of people) await reservations.confirm(person, [same(one), same(two)], NOON);
      await reservations.confirm(people[0]!, [same(aHash())], NOON);
      await reservations.reserve(waiting, [same(one)], NOON);
      const pages: PersonId[][] = [];
      let last: { readonly person: PersonId; readonly place: bigint } | undefined;
      do {
        const page = await reservations.holders([one, two, two], 2, last);
        pages.push(page.map(({ person }) => person));
        last = page.at(-1);
      } while (last !== undefined);
      expect(pages.flat()).toEqual([...people].reverse());
      expect(pages.map(({ length }) => length)).toEqual([2, 2, 1, 0]);
      expect(await reservations.holders([], 2)).toEqual([]);
    });

    it('list each by the latest of his confirmations, whichever hash it is under', async () => {
      const { reservations } = await harness().open();
      const [one, two, first, second] = [aHash(), aHash(), aPerson(), aPerson()];
      await reservations.confirm(first, [same(one)], NOON);
      await reservations.confirm(second, [same(one)], NOON);
      await reservations.confirm(first, [same(two)], NOON);
      for (const hashes of [
        [one, two],
        [two, one],
      ]) {
        const [latest, other] = await reservations.holders(hashes, 3);
        expect([latest!.person, other!.person]).toEqual([first, second]);
        expect(latest!.place).toBeGreaterThan(other!.place);
        expect(await reservations.holders(hashes, 3, latest)).toEqual([other]);
      }
      expect((await reservations.holders([one], 3)).map(({ person }) => person)).toEqual([second, first]);
    });

    it('are found across a rotation of the lookup key, and keep their place', async () => {
      const before = await harness().open();
      const [value, first, second] = [randomUUID(), aPerson(), aPerson()];
      const hashes = async (vault: typeof before): Promise<IdentifierHashes> =>
        same(...(await vault.lookupHashes('person-identifier', value)));
      await before.reservations.confirm(first, [await hashes(before)], NOON);
      await harness().keys.rotate('lookup');
      const after = await harness().open();
      expect(await after.reservations.confirm(second, [await hashes(after)], NOON)).toEqual([first]);
      expect(await after.reservations.confirm(first, [await hashes(after)], NOON)).toEqual([]);
    });

    it('name at least one hash to be found by and one to find by', async () => {
      const { reservations } = await harness().open();
      for (const identifier of [
        { own: [], sought: [aHash()] },
        { own: [aHash()], sought: [] },
      ]) {
        await expect(reservations.reserve(aPerson(), [identifier], NOON)).rejects.toBeInstanceOf(TypeError);
        await expect(reservations.confirm(aPerson(), [identifier], NOON)).rejects.toBeInstanceOf(TypeError);
      }
    });
  });

  describe('checkpoints that lie with the reservations', () => {
    it('move from where they are, and only from there', async () => {
      const { checkpoints } = await harness().open();
      const name = `reader-${randomUUID()}`;
      const at = (position: bigint): { store: string; epoch: number; position: bigint } => ({
        store: '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
        epoch: 1,
        position,
      });
      expect(await checkpoints.read(name)).toBeUndefined();
      await expect(checkpoints.move(name, undefined, at(1n), { name, token: 1n })).rejects.toThrow('knows no turns');
      expect(await checkpoints.read(name)).toBeUndefined();
      await expect(checkpoints.move(name, at(1n), at(2n))).rejects.toBeInstanceOf(CheckpointMoved);
      await checkpoints.move(name, undefined, at(2n));
      await expect(checkpoints.move(name, undefined, at(3n))).rejects.toBeInstanceOf(CheckpointMoved);
      await expect(checkpoints.move(name, { ...at(2n), epoch: 2 }, at(3n))).rejects.toBeInstanceOf(CheckpointMoved);
      await checkpoints.move(name, at(2n), { ...at(3n), epoch: 2 });
      expect(await (await harness().open()).checkpoints.read(name)).toEqual({ ...at(3n), epoch: 2 });
      // By the event there as well: a store that was restored has another one at the same place.
      const named = { ...at(3n), epoch: 2, event: 'one' };
      await checkpoints.move(name, { ...at(3n), epoch: 2 }, named);
      for (const from of [
        { ...named, event: 'other' },
        { ...at(3n), epoch: 2 },
      ]) {
        await expect(checkpoints.move(name, from, at(4n))).rejects.toBeInstanceOf(CheckpointMoved);
      }
      expect(await (await harness().open()).checkpoints.read(name)).toEqual(named);
    });
  });
}
