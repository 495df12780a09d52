import { epochOf, instantFromEpoch, later, type Instant } from '#libs/kernel';
import type { Chore, DueItem, Performed, ProcessManager } from '#libs/eventing';
import { READING_WORDS, type Backbone } from '#libs/application';
import type { PolicySimulationRequested } from '#libs/domain';
import { retainedUntil } from '#libs/scheme';
import { registerClock } from '../retention/register-clock.js';

/** Name of what plans the end of the words of a policy simulation. */
export const SIMULATION_WORDS_PLAN = 'simulation-words-plan';
/** Kind of the work that waits for that end. */
export const SIMULATION_WORDS = 'simulation-words';

const LOOK_DAILY = 24 * 3_600_000;

/** Why somebody asked for a simulation, or needed it no more, is kept for as long as what is archived, and has an end then (ARCH-11). */
export const simulationWordsScheduling = (backbone: Backbone): ProcessManager => ({
  name: SIMULATION_WORDS_PLAN,
  handles: ['PolicySimulationRequested'],
  mayLag: true,
  async react({ data }) {
    // Until then somebody may give a reason for which he needs it no more.
    const { policySimulation: id, shownUntil: from } = data as PolicySimulationRequested['data'];
    await backbone.dueWork.enqueue([
      { kind: SIMULATION_WORDS, id, group: id, dueAt: endOf(backbone, from), payload: { from } },
    ]);
  },
});

const endOf = ({ retention }: Backbone, from: Instant): Instant =>
  instantFromEpoch(retainedUntil(epochOf(from), retention.years));

/** Destroys the keys of the words of simulations, and of auditors' reasons for their readings, when their time is over. */
export const endsOfWords = (backbone: Backbone): readonly Chore[] => [
  ending(backbone, SIMULATION_WORDS, 'policySimulation'),
  ending(backbone, READING_WORDS, 'reading'),
];

const ending = (
  backbone: Backbone,
  kind: string,
  key: 'policySimulation' | 'reading',
  clock = registerClock(backbone),
): Chore => ({
  kind,
  perLane: 2,
  together: 2,
  keepFor: 24 * 3_600_000,
  async perform({ id, payload }: Pick<DueItem, 'id' | 'payload'>): Promise<Performed> {
    // By the years of now: they may be more than they were when it was planned.
    const end = endOf(backbone, (payload as { readonly from: Instant }).from);
    // A process whose clock is years ahead ends nothing early (ARCH-10).
    if (end > (await clock.refreshed())) return { is: 'again', at: end, reason: 'kept' };
    if (!backbone.retention.destroys) return { is: 'again', at: later(backbone.now(), LOOK_DAILY), reason: 'due' };
    await backbone.secrets.destroy({ kind: key, id });
    return { is: 'done' };
  },
});
