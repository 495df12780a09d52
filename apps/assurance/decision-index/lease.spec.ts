import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { memoryStores } from '#libs/adapters/memory';
import { EndingUnknown, type DecisionInstances, type HeldLease } from '#libs/eventing';
import { until } from '#libs/testing';
import { lease, type Lease, type LeaseParts } from './lease.js';

const LONG = 60_000;
const begun: Lease[] = [];
afterEach(() => Promise.all(begun.splice(0).map((each) => each.stop())));

/** A lease whose index, store and registry this test moves. */
function stage(milliseconds: number, more: Partial<LeaseParts> = {}) {
  const { instances } = memoryStores();
  let [position, head] = [0n, 0n];
  let [renewals, heads] = [0, 0];
  const troubles: [unknown, boolean][] = [];
  let granting = (grant: () => Promise<HeldLease>): Promise<HeldLease> => grant();
  const watched: DecisionInstances = {
    renew(...entry) {
      renewals += 1;
      return granting(() => instances.renew(...entry));
    },
    leave: (instance) => instances.leave(instance),
    behind: (...asked) => instances.behind(...asked),
  };
  const held = lease({
    instances: watched,
    instance: 'one',
    milliseconds,
    ending: ['Revoked'],
    position: () => position,
    head: async () => {
      heads += 1;
      return head;
    },
    onTrouble: (...trouble) => void troubles.push(trouble),
    ...more,
  });
  begun.push(held);
  return {
    held,
    instances,
    troubles,
    renewals: () => renewals,
    heads: () => heads,
    grow: (places: bigint) => (head += places),
    apply: (page: { ended?: boolean; caughtUp?: boolean } = {}, upTo = head) => {
      position = upTo;
      held.moved({ ended: page.ended ?? false, caughtUp: page.caughtUp ?? position >= head });
    },
    /** What happens between the call and its answer. */
    whileRenewing: (work: (grant: () => Promise<HeldLease>) => Promise<HeldLease>) => (granting = work),
  };
}

/** So many milliseconds later, after every timer of the lease that was due by then. */
const passed = (milliseconds: number): Promise<void> => {
  const end = performance.now() + milliseconds;
  return until('the time has passed', () => performance.now() > end);
};

describe('the lease of a decision instance', () => {
  it('answers nothing before it has begun and after it has stopped', async () => {
    const { held } = stage(LONG);
    expect(held.current).toBe(false);
    held.begin();
    await until('it is current', () => held.current);
    expect(held.held).toMatchObject({ instance: 'one' });
    await held.stop();
    expect(held.current).toBe(false);
    expect(held.held).toBeUndefined();
  });

  it('holds nothing once it has stopped, also when a renewal was on its way then', async () => {
    const { held, whileRenewing, apply, troubles } = stage(LONG);
    held.begin();
    await until('it is current', () => held.current);
    let answer: (() => void) | undefined;
    whileRenewing(async (grant) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return grant();
    });
    apply({ ended: true });
    await until('the call is on its way', () => answer !== undefined);
    const stopped = held.stop();
    answer!();
    await stopped;
    expect([held.held, held.current, troubles]).toEqual([undefined, false, []]);
  });

  it('is renewed again for what ended while a renewal was on its way, once for all of it', async () => {
    // Longer than anybody waits here: it neither ends nor is renewed by itself.
    const { held, instances, whileRenewing, apply, grow, renewals } = stage(10 * LONG);
    held.begin();
    await until('it is current', () => held.current);
    const before = renewals();
    let answer: (() => void) | undefined;
    whileRenewing(async (grant) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return grant();
    });
    apply({ ended: true });
    await until('the call is on its way', () => answer !== undefined);
    for (let page = 0; page < 2; page++) {
      grow(1n);
      apply({ ended: true });
    }
    expect(renewals()).toBe(before + 1);
    whileRenewing((grant) => grant());
    answer!();
    await until('it says how far it is', async () => (await instances.behind(2n)).length === 0);
    expect(renewals()).toBe(before + 2);
  });

  it('is renewed at every third of its length, where nothing is to be seen', async () => {
    const every = jest.spyOn(globalThis, 'setInterval');
    try {
      stage(LONG).held.begin();
      expect(every.mock.calls.map(([, milliseconds]) => milliseconds)).toEqual([LONG / 3]);
    } finally {
      every.mockRestore();
    }
  });

  it('counts from before the call to the store, so that it ends before the store counts it out', async () => {
    const { held, whileRenewing, renewals } = stage(200);
    let granted = 0;
    whileRenewing(async (grant) => {
      // The answer takes longer than the lease lasts.
      await passed(250);
      granted += 1;
      return grant();
    });
    held.begin();
    await until('it is granted and asked for again', () => {
      expect(held.current).toBe(false);
      return granted > 0 && renewals() > 1;
    });
  });

  it('has to see, after a lapse, all that was recorded until it was back', async () => {
    const { held, whileRenewing, grow, apply } = stage(1_000);
    let granted = 0;
    // Of a store that noticed no gap.
    const grantSame = async (grant: () => Promise<HeldLease>) => {
      granted += 1;
      return { ...(await grant()), stretch: 'the same' };
    };
    whileRenewing(grantSame);
    held.begin();
    await until('it is current', () => held.current);
    whileRenewing(() => Promise.reject(new Error('away')));
    await until('it has lapsed', () => !held.current);
    grow(1n);
    whileRenewing(grantSame);
    const before = granted;
    apply({ ended: true, caughtUp: true }, 0n);
    await until('it is granted again', () => granted > before);
    await passed(20);
    expect(held.current).toBe(false);
    apply();
    await until('it is current again', () => held.current);
  });

  it('has to see it as well when it lapsed while a renewal was on its way that was sent before', async () => {
    const { held, whileRenewing, grow, apply } = stage(600);
    const grantSame = async (grant: () => Promise<HeldLease>) => ({ ...(await grant()), stretch: 'the same' });
    whileRenewing(grantSame);
    held.begin();
    await until('it is current', () => held.current);
    let answer: (() => void) | undefined;
    whileRenewing(async (grant) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return grantSame(grant);
    });
    // From here on it is renewed by pages only: there is something to see.
    grow(1n);
    await passed(400);
    apply({ ended: true, caughtUp: false }, 0n);
    await until('the call is on its way', () => answer !== undefined);
    await until('it has lapsed', () => !held.current);
    answer!();
    // Of the new lease there is still a good part left.
    await passed(20);
    expect(held.current).toBe(false);
    whileRenewing(grantSame);
    apply();
    await until('it is current again', () => held.current);
  });

  it('has to see it as well when its entry was taken away, though its own clock knows nothing of a lapse', async () => {
    const { held, instances, grow, apply, renewals } = stage(LONG);
    held.begin();
    await until('it is current', () => held.current);
    const before = held.held!.stretch;
    await instances.leave('one');
    grow(2n);
    const count = renewals();
    apply({ ended: true }, 1n);
    await until('it has renewed', () => renewals() > count && held.held!.stretch !== before);
    expect(held.current).toBe(false);
    apply();
    await until('it is current again', () => held.current);
  });

  it('asks for the head once for each stretch, not with each renewal', async () => {
    const { held, renewals, heads, apply } = stage(LONG);
    held.begin();
    await until('it is current', () => held.current);
    const before = heads();
    for (let count = renewals(); renewals() < count + 3;) {
      apply({ ended: true });
      await passed(5);
    }
    expect(heads()).toBe(before);
  });

  it('is not renewed while there is something that it has not seen', async () => {
    const { held, renewals, heads, grow } = stage(150);
    held.begin();
    await until('it is current', () => held.current);
    grow(1n);
    const before = renewals();
    await until('it has run out', () => !held.current);
    const looked = heads();
    await until('it has looked again and again', () => heads() > looked + 3);
    expect(renewals()).toBeLessThanOrEqual(before + 1);
    expect(held.current).toBe(false);
  });

  it('does not join while it is still catching up', async () => {
    const { held, renewals, grow, apply } = stage(LONG);
    grow(10n);
    held.begin();
    apply({ caughtUp: false }, 4n);
    await passed(60);
    expect(renewals()).toBe(0);
    apply();
    await until('it is current', () => held.current);
  });

  it('tells once of renewals that fail one after the other, and again of those that fail later', async () => {
    const { held, troubles, whileRenewing, renewals, apply } = stage(LONG);
    held.begin();
    await until('it is current', () => held.current);
    const renewed = async (): Promise<void> => {
      const before = renewals();
      apply({ ended: true });
      await until('it was tried', () => renewals() > before);
      await passed(5);
    };
    for (const reason of ['away', 'away again']) {
      whileRenewing(() => Promise.reject(new Error(reason)));
      await renewed();
      await renewed();
      whileRenewing((grant) => grant());
      await renewed();
    }
    expect(troubles.map(([error, stopped]) => [(error as Error).message, stopped])).toEqual([
      ['away', false],
      ['away again', false],
    ]);
  });

  it('tells that it could not leave, and answers nothing all the same', async () => {
    const { held, instances, troubles } = stage(LONG);
    held.begin();
    await until('it is current', () => held.current);
    instances.leave = () => Promise.reject(new Error('away'));
    await held.stop();
    expect(held.current).toBe(false);
    expect(troubles).toEqual([[expect.objectContaining({ message: 'away' }), false]]);
  });

  it('is never held again once something was ended by what it does not know', async () => {
    const { held, instances, troubles, apply, renewals } = stage(LONG);
    held.begin();
    await until('it is current', () => held.current);
    expect(await instances.behind(0n, 'Suspended')).toEqual(['one']);
    apply({ ended: true });
    await until('it is fenced', () => held.fenced !== undefined);
    expect(held.current).toBe(false);
    expect(held.held).toBeUndefined();
    expect(held.fenced).toContain('Suspended');
    expect(troubles).toEqual([[expect.any(EndingUnknown), true]]);
    const before = renewals();
    apply({ ended: true });
    await passed(60);
    expect(renewals()).toBe(before);
    expect(await instances.behind(1n, 'Suspended')).toEqual([]);
  });
});
