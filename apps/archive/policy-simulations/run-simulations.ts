import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { later, streamId, type PolicySimulationId } from '#libs/kernel';
import { StoreUnavailable, type Chore, type DueItem, type KeptItem, type Performed } from '#libs/eventing';
import { simulatedProjections, simulatePolicy, type Backbone } from '#libs/application';
import { policySimulationDecider, type PolicySimulationCommand, type SimulationResult } from '#libs/domain';
import { policySimulationsProjection } from './policy-simulations.projection.js';

/** Kind of the work, and the name under which what comes of it is recorded. */
export const SIMULATION = 'policy-simulation';

/** How often one is begun: what takes a process with it is not begun for ever. */
export const MOST_BEGUN = 5;
/** Between two that were begun, in milliseconds: as long as nobody goes on after a process was killed. */
const AGAIN = 10_000;
/** Between two notes of how far it is, which are also looks at whether it was cancelled (milliseconds). */
const NOTE_EVERY = 1_000;
/** Between two looks at whether a read model is there (milliseconds). */
const LOOK_AGAIN = 1_000;

const COUNTED = /^(\d+) of (\d+)$/;

export interface SimulationProgress {
  readonly isBegun: boolean;
  /** Means that were looked at, and those there are; absent: nobody has counted yet. */
  readonly means?: { readonly done: number; readonly of: number };
}

/** How far it is, whichever process goes through the register. */
export async function progressOf({ dueWork }: Backbone, id: string): Promise<SimulationProgress> {
  const item = await dueWork.find({ kind: SIMULATION, id });
  const [, done, of] = COUNTED.exec(item?.reason ?? '') ?? [];
  return {
    isBegun: item !== undefined && item.attempts > 0,
    ...(done === undefined ? {} : { means: { done: Number(done), of: Number(of) } }),
  };
}

/**
 * Goes through the register for one simulation after the other, in the process that has the turn. One whose process ended is
 * begun anew by the next: nothing of it is kept but how often that was.
 */
export const policySimulations = (backbone: Backbone, told: (outcome: SimulationOutcome) => void): Chore => ({
  kind: SIMULATION,
  perLane: 1,
  together: 1,
  keepFor: 24 * 3_600_000,
  sources: [{ name: 'policy-simulations', due: () => openSimulations(backbone) }],
  attempt: () => later(backbone.now(), AGAIN),
  async perform(item, signal): Promise<Performed> {
    told(await perform(backbone, item, signal));
    return { is: 'done' };
  },
});

export type SimulationOutcome = 'completed' | 'cancelled' | 'failed';

/** Oldest first: those that wait stand in the order in which they were asked for. */
async function openSimulations({ readModels }: Backbone): Promise<readonly DueItem[]> {
  // While its table is made, at a first start, there are none.
  if (!(await hasSeenEverything(readModels, policySimulationsProjection))) return [];
  const where = [{ column: 'status', is: 'equal', value: 'open' } as const];
  const rows = await readModels.store.search(policySimulationsProjection, { where, limit: 100 });
  return [...rows]
    .reverse()
    .map(({ id, requestedAt }) => ({ kind: SIMULATION, id, group: SIMULATION, dueAt: requestedAt, payload: {} }));
}

async function perform(backbone: Backbone, item: KeptItem, signal: AbortSignal): Promise<SimulationOutcome> {
  const { commands, now } = backbone;
  const id = item.id as PolicySimulationId;
  const stream = streamId('policySimulation', id);
  const { state } = await commands.load(policySimulationDecider, stream);
  if (state.status !== 'requested') return state.status === 'completed' ? 'completed' : 'cancelled';
  if (item.attempts >= MOST_BEGUN) {
    await record(backbone, id, { type: 'GiveUpPolicySimulation', failure: 'interrupted', now: now() });
    return 'failed';
  }
  const cancelled = new AbortController();
  let notedAt = Number.NEGATIVE_INFINITY;
  const progress = async (done: number, of: number): Promise<void> => {
    if (performance.now() - notedAt < NOTE_EVERY) return;
    notedAt = performance.now();
    await backbone.dueWork.explain(item, `${done} of ${of}`);
    const { state: after } = await commands.load(policySimulationDecider, stream);
    if (after.status !== 'requested') cancelled.abort();
  };
  let result: SimulationResult;
  try {
    await seenEverything(backbone, signal);
    result = await simulatePolicy(
      {
        ...{ store: backbone.readModels.store, governance: backbone.governance, rules: backbone.rules, now, progress },
        signal: AbortSignal.any([signal, cancelled.signal]),
      },
      state.proposal,
      state.moments,
    );
  } catch (error) {
    if (cancelled.signal.aborted && !signal.aborted) return 'cancelled';
    throw error;
  }
  await record(backbone, id, { type: 'CompletePolicySimulation', result, now: now() });
  return 'completed';
}

const hasSeenEverything = ({ upToDate }: Backbone['readModels'], projection: object): Promise<boolean> =>
  upToDate(projection as never).then(
    () => true,
    (error: unknown) => {
      if (error instanceof StoreUnavailable) return false;
      throw error;
    },
  );

/** Until the read models have seen everything: a table that is built first is waited for, and is no failure. */
async function seenEverything({ readModels }: Backbone, signal: AbortSignal): Promise<void> {
  for (const projection of simulatedProjections) {
    for (let isThere = false; !isThere;) {
      signal.throwIfAborted();
      isThere = await hasSeenEverything(readModels, projection);
      if (!isThere) await delay(LOOK_AGAIN, undefined, { signal });
    }
  }
}

/** Nothing is recorded of one that is over by now: it was cancelled, or another process was first. */
async function record(backbone: Backbone, id: PolicySimulationId, command: PolicySimulationCommand): Promise<void> {
  const { commands, participant } = backbone;
  const outcome = await commands.execute(policySimulationDecider, streamId('policySimulation', id), () => command, {
    ...{ participant: participant.oin, client: SIMULATION, key: command.type, requestHash: command.type },
    ...{ actor: { system: SIMULATION }, correlationId: randomUUID() },
  });
  if (outcome.outcome !== 'accepted')
    throw new StoreUnavailable(`a simulation could not be recorded: ${outcome.outcome}`);
}
