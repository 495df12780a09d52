import {
  startProjector,
  StoreUnavailable,
  type Follower,
  type Projection,
  type ProjectorParts,
  type Row,
} from '#libs/eventing';
import type { ReadModels } from '../ports.js';

/** Longest wait for a read model, in milliseconds (interfaces.md §3). */
const PATIENCE = 5_000;

/** Keeps the read models of this process. `onRun` tells health and metrics about each. */
export function readModels(parts: ProjectorParts, onRun: (follower: Follower) => void): ReadModels {
  const running = new Map<string, Follower>();
  const followerOf = (projection: Projection): Follower => {
    const follower = running.get(projection.name);
    if (follower === undefined) throw new Error(`read model ${projection.name} is not kept in this process`);
    return follower;
  };
  return {
    store: parts.projections,

    run<R extends Row>(projection: Projection<R>) {
      const known = running.get(projection.name);
      if (known !== undefined) return known;
      const follower = startProjector(projection, parts);
      running.set(projection.name, follower);
      onRun(follower);
      return follower;
    },

    fed(projection) {
      const { state, behindFor, stoppedBy } = followerOf(projection).status();
      if (state === 'running' && behindFor <= PATIENCE) return;
      throw new StoreUnavailable(`read model ${projection.name} is not fed: ${stoppedBy?.reason ?? state}`);
    },

    waitFor: (projection, position) => followerOf(projection).waitFor(position, PATIENCE),

    async upToDate(projection) {
      const head = await parts.feed.head();
      if (!(await followerOf(projection).waitFor(head, PATIENCE))) {
        throw new StoreUnavailable(`read model ${projection.name} has not seen everything yet`);
      }
    },
  };
}
