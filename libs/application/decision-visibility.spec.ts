import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable, type DecisionInstances } from '#libs/eventing';
import { at } from '#libs/testing';
import { announced, decisionVisibility } from './decision-visibility.js';

/** Instances that this test moves; every look at them is counted. */
function stage(seen: Record<string, bigint>) {
  const places = new Map(Object.entries(seen));
  let looks = 0;
  let away = false;
  const instances: DecisionInstances = {
    async renew(instance, position) {
      places.set(instance, position);
      return { instance, stretch: '1', until: at('2030-01-01T00:00:00Z') };
    },
    leave: async (instance) => void places.delete(instance),
    async behind(position) {
      looks++;
      if (away) throw new StoreUnavailable('away');
      return [...places].filter(([, place]) => place < position).map(([instance]) => instance);
    },
  };
  return { instances, looks: () => looks, interrupt: (value: boolean) => (away = value) };
}

describe('waiting until a position is effective everywhere', () => {
  it('is over at the first look when no instance is behind', async () => {
    const { instances, looks } = stage({ one: 5n });
    expect(await decisionVisibility(instances).everywhere(5n)).toBe(true);
    expect(looks()).toBe(1);
  });

  it('is over as soon as an instance of this process has moved', async () => {
    const { instances, looks } = stage({ one: 4n, two: 4n });
    const here = announced(instances);
    const waiting = decisionVisibility(here).everywhere(5n);
    await here.renew('one', 5n, 1_000);
    await here.leave('two');
    expect(await waiting).toBe(true);
    // Not by looking every few milliseconds: the two changes and the first look.
    expect(looks()).toBeLessThanOrEqual(3);
  });

  it('notices an instance of another process', async () => {
    const { instances } = stage({ one: 4n });
    const waiting = decisionVisibility(announced(instances)).everywhere(5n);
    await instances.renew('one', 6n, 1_000);
    expect(await waiting).toBe(true);
  });

  it('ends with false when an instance stays behind', async () => {
    expect(await decisionVisibility(stage({ one: 4n }).instances, 30).everywhere(5n)).toBe(false);
  });

  it('says to the instances by what it was ended, for those that do not know the type', async () => {
    const asked: unknown[] = [];
    const { instances } = stage({});
    const behind: DecisionInstances['behind'] = async (...parts) => {
      asked.push(parts);
      return instances.behind(...parts);
    };
    for (const told of [{ ...instances, behind }, announced({ ...instances, behind })]) {
      expect(await decisionVisibility(told).everywhere(5n, 'MeansRevoked')).toBe(true);
    }
    expect(asked).toEqual([
      [5n, 'MeansRevoked'],
      [5n, 'MeansRevoked'],
    ]);
  });

  it('counts instances that can not be asked as behind, and asks again', async () => {
    const { instances, interrupt } = stage({});
    interrupt(true);
    expect(await decisionVisibility(instances, 30).everywhere(5n)).toBe(false);
    const waiting = decisionVisibility(instances).everywhere(5n);
    interrupt(false);
    expect(await waiting).toBe(true);
  });
});
