export interface CacheLimits {
  /** At most so many values; 0 = keep nothing. */
  readonly entries: number;
  /** A value is used for at most so long after it was read. */
  readonly ttlMilliseconds: number;
}

export interface BoundedCache<Value> {
  /** The value kept under `name`, else what `load` gives, which is kept. A load that fails keeps nothing. */
  get(name: string, load: () => Promise<Value>): Promise<Value>;
  forget(name: string): void;
}

/**
 * Keeps the values that were used last. `clock` counts milliseconds and never goes back.
 */
export function boundedCache<Value>(
  limits: CacheLimits,
  clock: () => number = () => performance.now(),
): BoundedCache<Value> {
  // A Map keeps the order in which entries were set: the first one was used longest ago.
  const kept = new Map<string, { readonly value: Value; readonly until: number }>();
  let forgotten = 0;

  return {
    async get(name, load) {
      const entry = kept.get(name);
      if (entry !== undefined && clock() < entry.until) {
        kept.delete(name);
        kept.set(name, entry);
        return entry.value;
      }
      const before = forgotten;
      const value = await load();
      // A load that was under way when something was forgotten may have read it before it went.
      if (before === forgotten && limits.entries > 0) {
        kept.delete(name);
        kept.set(name, { value, until: clock() + limits.ttlMilliseconds });
        if (kept.size > limits.entries) kept.delete(kept.keys().next().value!);
      }
      return value;
    },

    forget(name) {
      forgotten += 1;
      kept.delete(name);
    },
  };
}
