import {
  isServed,
  startProjector,
  StoreUnavailable,
  type Answering,
  type Follower,
  type InTurn,
  type Projection,
  type ProjectionStore,
  type Projector,
  type ProjectorParts,
  type Query,
  type Row,
} from '#libs/eventing';
import type { ReadModels } from '../ports.js';

/** Longest wait for a read model, in milliseconds (interfaces.md §3). */
const PATIENCE = 5_000;
/** When to ask again for what has to be built first, in seconds. */
const BUILDING_RETRY = 10;

/**
 * Keeps the read models of this process. `onRun` tells health and metrics about each. Tables are built after `begun`: what
 * the process can't begin without comes first.
 */
export function readModels(
  parts: Omit<ProjectorParts, 'inTurn'>,
  onRun: (follower: Follower) => void,
  begun: Promise<void> = Promise.resolve(),
): ReadModels {
  const running = new Map<string, Projector>();
  const inTurn = turns(begun);
  const projectorOf = ({ name }: Projection): Projector => {
    const projector = running.get(name);
    if (projector === undefined) throw new Error(`read model ${name} is not kept in this process`);
    return projector;
  };
  const answering = (projector: Projector): Answering => projector.answering() ?? beingBuilt(projector.status().name);

  async function reached(projector: Projector, position: bigint): Promise<boolean> {
    const end = performance.now() + PATIENCE;
    const first = projector.answering() ?? { follower: projector };
    if (await first.follower.waitFor(position, PATIENCE)) return true;
    // Whoever kept up the earlier table ends when the new one takes over.
    const next = projector.answering();
    if (next === undefined || next.follower === first.follower) return false;
    return next.follower.waitFor(position, Math.max(0, end - performance.now()));
  }

  return {
    store: answeringStore(parts.projections, ({ name }) => {
      const projector = running.get(name);
      return projector && answering(projector).projection;
    }),

    run<R extends Row>(projection: Projection<R>) {
      const known = running.get(projection.name);
      if (known !== undefined) return known;
      const projector = startProjector(projection, { ...parts, inTurn });
      running.set(projection.name, projector as unknown as Projector);
      onRun(projector);
      return projector;
    },

    fed(projection) {
      const { state, behindFor, stoppedBy } = answering(projectorOf(projection)).follower.status();
      if (state === 'running' && behindFor <= PATIENCE) return;
      throw new StoreUnavailable(`read model ${projection.name} is not fed: ${stoppedBy?.reason ?? state}`);
    },

    waitFor: (projection, position) => reached(projectorOf(projection), position),

    async upToDate(projection) {
      const projector = projectorOf(projection);
      const head = await (projection.log === 'records' ? parts.records! : parts.feed).head();
      if (await reached(projector, head)) return;
      answering(projector);
      throw new StoreUnavailable(`read model ${projection.name} has not seen everything yet`);
    },
  };
}

function beingBuilt(name: string): never {
  throw new StoreUnavailable(`read model ${name} is being built`, BUILDING_RETRY);
}

/** Runs one after the other, in the order in which they come, from when `begun` resolves. */
function turns(begun: Promise<void>): InTurn {
  let last: Promise<unknown> = begun;
  return (work, ending) => {
    const ended = new Promise<never>((_, reject) => {
      ending.addEventListener('abort', () => reject(ending.reason as Error), { once: true });
      if (ending.aborted) reject(ending.reason as Error);
    });
    const mine = Promise.race([last, ended]).then(work);
    last = Promise.allSettled([last, mine]);
    return mine;
  };
}

/**
 * The store with answers from the table that `shownOf` names: an earlier version's while this one's is built. What that
 * one lacks is neither searched nor shown: whoever asks for it is told to come again.
 */
function answeringStore(
  projections: ProjectionStore,
  shownOf: (projection: Projection<never>) => Projection | undefined,
): ProjectionStore {
  const shown = <R extends Row>(projection: Projection<R>): Projection<R> =>
    (shownOf(projection as unknown as Projection<never>) ?? projection) as Projection<R>;
  const seen = <R extends Row>(asked: Projection<R>, { table }: Projection<R>, row: R): R => {
    const missing = Object.keys(asked.table.columns).filter((column) => !(column in table.columns));
    if (missing.length === 0) return row;
    const unknown = { enumerable: true, get: () => beingBuilt(asked.name) };
    return Object.defineProperties({ ...row }, Object.fromEntries(missing.map((column) => [column, unknown])));
  };
  const searched = <R extends Row>(projection: Projection<R>, { where }: Query): Projection<R> => {
    const from = shown(projection);
    if (isServed(projection.table, where) && !isServed(from.table, where)) beingBuilt(projection.name);
    return from;
  };
  return {
    open: (projection) => projections.open(projection),
    checkpoint: (projection) => projections.checkpoint(projection),
    leave: (projection) => projections.leave(projection),
    retire: (projection) => projections.retire(projection),
    commit: (projection, changes, from, to) => projections.commit(projection, changes, from, to),
    replace: (projection, rows, checkpoint, catchUp) => projections.replace(projection, rows, checkpoint, catchUp),
    snapshot: (projection) => projections.snapshot(projection),

    async load(projection, keys) {
      const from = shown(projection);
      const rows = await projections.load(from, keys);
      return new Map([...rows].map(([key, row]) => [key, seen(projection, from, row)]));
    },

    async find(projection, key) {
      const from = shown(projection);
      const row = await projections.find(from, key);
      return row && seen(projection, from, row);
    },

    async search(projection, query) {
      const from = searched(projection, query);
      return (await projections.search(from, query)).map((row) => seen(projection, from, row));
    },

    async searchColumns(projection, columns, query) {
      const from = searched(projection, query);
      if (columns.some((column) => !(column in from.table.columns))) beingBuilt(projection.name);
      return projections.searchColumns(from, columns, query);
    },
  };
}
