import type { Follower } from './follower.js';

/** What follows the feed in one process. */
export interface Followers {
  readonly all: readonly Follower[];
  /**
   * Takes one more. Throws where one has its name, and stops it: a checkpoint is kept under that name, so that each would go
   * past what the other has not seen.
   */
  add(follower: Follower): void;
}

export function followers(...first: readonly Follower[]): Followers {
  const all: Follower[] = [...first];
  return {
    all,
    add(follower) {
      const { name } = follower.status();
      if (all.some((other) => other !== follower && other.status().name === name)) {
        // Its turn is left as it ends; what is wrong is the name.
        follower.stop().catch(() => undefined);
        throw new Error(`two followers are named ${name}: read models, process managers and indexes share no name`);
      }
      all.push(follower);
    },
  };
}
