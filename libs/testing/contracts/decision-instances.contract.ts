import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EndingUnknown, type DecisionInstances, type HeldLease, type RecordLog } from '#libs/eventing';
import { until } from '../until.js';
import { freshId } from './harness.js';

export interface DecisionInstancesHarness {
  readonly instances: DecisionInstances;
  /** The record log of the same store. */
  readonly records: RecordLog;
  /** Sets the store's clock so many milliseconds beside the true one, as an operator or a fail-over would. */
  setClock(milliseconds: number): Promise<void>;
  /** Whose entries stand, whether counted on or not. */
  entries(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const LONG = 60_000;
const SHORT = 150;
const HOUR = 3_600_000;

/** What every registry of decision instances must do, with the record log beside it; `open` gives an empty one. */
export function decisionInstancesContract(name: string, open: () => Promise<DecisionInstancesHarness>): void {
  describe(`decision instances contract: ${name}`, () => {
    let harness: DecisionInstancesHarness;
    let instances: DecisionInstances;
    beforeEach(async () => {
      harness = await open();
      instances = harness.instances;
    });
    afterEach(async () => {
      await harness.close();
    });

    /** Writes a record of an answer; answers whether it was written before the lease ran out. */
    const answered = async ({ instance, stretch }: HeldLease): Promise<boolean> => {
      const place = await harness.records.append({
        id: freshId(),
        kind: 'decision',
        bytes: '{}',
        lease: { instance, stretch },
      });
      return place.leaseUntil !== undefined && place.recordedAt < place.leaseUntil;
    };

    it('knows nobody behind while nobody is alive', async () => {
      expect(await instances.behind(10n)).toEqual([]);
    });

    it('names who is alive and has not seen the position, until he has', async () => {
      await instances.renew('one', 5n, LONG);
      await instances.renew('two', 10n, LONG);
      expect(await instances.behind(10n)).toEqual(['one']);
      expect(await instances.behind(11n)).toEqual(['one', 'two']);
      await instances.renew('one', 10n, LONG);
      expect(await instances.behind(10n)).toEqual([]);
    });

    it('forgets who left, also one who never came', async () => {
      await instances.renew('leaver', 0n, LONG);
      await instances.leave('leaver');
      await instances.leave('stranger');
      expect(await instances.behind(5n)).toEqual([]);
    });

    it('stops naming an instance when its lease has run out, and keeps nothing of it', async () => {
      const lease = await instances.renew('short', 0n, LONG);
      expect(await instances.behind(1n)).toEqual(['short']);
      await harness.setClock(LONG + 1);
      expect(await instances.behind(1n)).toEqual([]);
      expect(await harness.entries()).toEqual([]);
      expect(await answered(lease)).toBe(false);
    });

    it('stops naming it as well when nobody touches a clock', async () => {
      await instances.renew('short', 0n, SHORT);
      await until('nobody is behind', async () => (await instances.behind(1n)).length === 0);
      expect(await harness.entries()).toEqual([]);
    });

    it('clears away the dead also where nobody waits for anything', async () => {
      await instances.renew('killed', 0n, SHORT);
      await until('its entry is gone', async () => {
        await instances.renew('alive', 0n, LONG);
        return !(await harness.entries()).includes('killed');
      });
      expect(await harness.entries()).toEqual(['alive']);
    });

    describe('and the records of answers', () => {
      it('say that the lease ran when they were written, and for how long', async () => {
        const lease = await instances.renew('one', 0n, LONG);
        const record = { id: freshId(), kind: 'decision', bytes: '{}', lease } as const;
        const place = await harness.records.append(record);
        expect(place.leaseUntil).toBe(lease.until);
        expect(Date.parse(lease.until) - Date.parse(place.recordedAt)).toBeGreaterThan(LONG - 10_000);
        expect(await harness.records.append(record)).toEqual(place);
        expect(await harness.records.byId(record.id)).not.toHaveProperty('lease');
        expect(await harness.records.append({ id: freshId(), kind: 'decision', bytes: '{}' })).not.toHaveProperty(
          'leaseUntil',
        );
      });

      it('give each of many at once the lease that it named', async () => {
        const [one, two] = [await instances.renew('one', 0n, LONG), await instances.renew('two', 0n, 2 * LONG)];
        const gone = { ...one, stretch: two.stretch };
        const leases = Array.from({ length: 60 }, (_, index) => [one, two, gone, undefined][index % 4]);
        const places = await Promise.all(
          leases.map((lease) =>
            harness.records.append({ id: freshId(), kind: 'decision', bytes: '{}', ...(lease && { lease }) }),
          ),
        );
        expect(places.map(({ leaseUntil }) => leaseUntil)).toEqual(
          leases.map((lease) => (lease === gone ? undefined : lease?.until)),
        );
      });

      it('go on to say so for as long as it is renewed', async () => {
        const first = await instances.renew('one', 0n, LONG);
        const second = await instances.renew('one', 1n, LONG);
        expect(second.stretch).toBe(first.stretch);
        expect(await answered(first)).toBe(true);
      });

      it('do not say so once it left, nor when it has come back', async () => {
        const lease = await instances.renew('one', 0n, LONG);
        await instances.leave('one');
        expect(await answered(lease)).toBe(false);
        const back = await instances.renew('one', 0n, LONG);
        expect(back.stretch).not.toBe(lease.stretch);
        expect(await answered(lease)).toBe(false);
        expect(await answered(back)).toBe(true);
      });

      it('do not say so after it ran out, nor for what is granted after a lapse', async () => {
        const lease = await instances.renew('one', 0n, SHORT);
        await until('it has run out', async () => !(await answered(lease)));
        const next = await instances.renew('one', 0n, LONG);
        expect(next.stretch).not.toBe(lease.stretch);
        expect(await answered(lease)).toBe(false);
      });

      it('do not say so when nobody counted on the instance any more, though the clock came back', async () => {
        const lease = await instances.renew('one', 0n, LONG);
        await harness.setClock(HOUR);
        expect(await instances.behind(1n)).toEqual([]);
        await harness.setClock(0);
        expect(await answered(lease)).toBe(false);
        // Its entry may be new already while it still believes in the old one.
        await instances.renew('one', 0n, LONG);
        expect(await answered(lease)).toBe(false);
      });

      it('do not say so when the clock jumped over its end, though nobody asked', async () => {
        const lease = await instances.renew('one', 0n, LONG);
        await harness.setClock(HOUR);
        expect(await answered(lease)).toBe(false);
        const next = await instances.renew('one', 0n, LONG);
        expect(next.stretch).not.toBe(lease.stretch);
        expect(await answered(next)).toBe(true);
      });

      it('say so for one that is renewed on a clock that was set back', async () => {
        const lease = await instances.renew('one', 0n, LONG);
        expect(await answered(lease)).toBe(true);
        await harness.setClock(-HOUR);
        expect(await answered(await instances.renew('one', 0n, LONG))).toBe(true);
        expect(await instances.behind(1n)).toEqual(['one']);
      });
    });

    it('does not name the dead for as long as a clock was set back', async () => {
      const lease = await instances.renew('dead', 0n, SHORT);
      await harness.setClock(-HOUR);
      expect(await instances.behind(1n)).toEqual(['dead']);
      await until('nobody is behind', async () => (await instances.behind(1n)).length === 0);
      expect(await answered(lease)).toBe(false);
      expect(await harness.entries()).toEqual([]);
    });

    it('names the living through a clock that was set back', async () => {
      await instances.renew('alive', 0n, SHORT);
      await harness.setClock(-HOUR);
      const lease = await instances.renew('alive', 0n, 10 * SHORT);
      const end = performance.now() + 20 * SHORT;
      await until('two leases have passed', async () => {
        expect((await instances.renew('alive', 0n, 10 * SHORT)).stretch).toBe(lease.stretch);
        expect(await instances.behind(1n)).toEqual(['alive']);
        return performance.now() > end;
      });
    });

    describe('when something is ended by an event of another type', () => {
      it('counts nobody as having seen it who does not know the type', async () => {
        await instances.renew('old', 10n, LONG, ['Revoked']);
        await instances.renew('new', 10n, LONG, ['Revoked', 'Suspended']);
        await instances.renew('any', 10n, LONG);
        expect(await instances.behind(5n, 'Revoked')).toEqual([]);
        expect(await instances.behind(5n, 'Suspended')).toEqual(['old']);
        expect(await instances.behind(11n, 'Suspended')).toEqual(['any', 'new', 'old']);
        expect(await instances.behind(5n)).toEqual([]);
      });

      it('grants him no lease any more, and takes away the one he has', async () => {
        const lease = await instances.renew('old', 10n, LONG, ['Revoked']);
        expect(await instances.behind(5n, 'Suspended')).toEqual(['old']);
        const refused = instances.renew('old', 10n, LONG, ['Revoked']);
        await expect(refused).rejects.toBeInstanceOf(EndingUnknown);
        await expect(refused).rejects.toMatchObject({ types: ['Suspended'] });
        expect(await instances.behind(5n, 'Suspended')).toEqual([]);
        expect(await answered(lease)).toBe(false);
        await instances.behind(5n, 'Barred');
        await expect(instances.renew('another', 10n, LONG, [])).rejects.toMatchObject({
          types: ['Barred', 'Suspended'],
        });
        await instances.renew('new', 10n, LONG, ['Barred', 'Suspended']);
        await instances.renew('old', 10n, LONG, ['Barred', 'Revoked', 'Suspended']);
      });
    });
  });
}
