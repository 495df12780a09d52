import { StoreUnavailable, type DecisionInstances } from '#libs/eventing';
import type { DecisionVisibility } from './ports.js';

/** Longest wait for the decision instances, in milliseconds (interfaces.md §8). */
const PATIENCE = 5_000;
/** Between two looks when nothing in this process says that there is something to see, in milliseconds. */
const SHORTEST_PAUSE = 2;
const LONGEST_PAUSE = 25;

/** Decision instances that also tell who waits in this process that one of them has moved on. */
export interface AnnouncedInstances extends DecisionInstances {
  /** Called at every renewal or departure made through this object; the answer ends that. */
  onChange(listener: () => void): () => void;
}

/** The same instances; what this process itself changes is told at once to whoever waits here. */
export function announced(instances: DecisionInstances): AnnouncedInstances {
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  return {
    async renew(...entry) {
      const lease = await instances.renew(...entry);
      tell();
      return lease;
    },
    async leave(instance) {
      await instances.leave(instance);
      tell();
    },
    behind: (position, ended) => instances.behind(position, ended),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/**
 * Waits until no live decision instance is behind. Looks at once, then whenever an instance of this process has moved
 * (`announced`), and every few milliseconds for those of other processes. While the instances can't be asked, nothing is
 * known: that counts as behind.
 */
export function decisionVisibility(
  instances: DecisionInstances | AnnouncedInstances,
  patience = PATIENCE,
): DecisionVisibility {
  return {
    async everywhere(position, ended) {
      const end = performance.now() + patience;
      const change = changeOf(instances);
      try {
        for (let pause = SHORTEST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
          if (await noneBehind(instances, position, ended)) return true;
          const left = end - performance.now();
          if (left <= 0) return false;
          await change.orPause(Math.min(pause, left));
        }
      } finally {
        change.end();
      }
    },
  };
}

async function noneBehind(instances: DecisionInstances, position: bigint, ended?: string): Promise<boolean> {
  try {
    return (await instances.behind(position, ended)).length === 0;
  } catch (error) {
    if (error instanceof StoreUnavailable) return false;
    throw error;
  }
}

/** A change that came while nobody waited is remembered, so that none is missed between a look and the wait for it. */
function changeOf(instances: DecisionInstances | AnnouncedInstances) {
  let missed = false;
  let wake: (() => void) | undefined;
  const end =
    'onChange' in instances
      ? instances.onChange(() => {
          missed = true;
          wake?.();
        })
      : (): void => undefined;
  return {
    end,
    async orPause(milliseconds: number): Promise<void> {
      if (!missed) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          wake = (): void => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = undefined;
      missed = false;
    },
  };
}
