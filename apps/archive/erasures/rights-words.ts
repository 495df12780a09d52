import { epochOf, instantFromEpoch, later, streamId, type Instant } from '#libs/kernel';
import type { Chore, Performed, ProcessManager } from '#libs/eventing';
import { isHeldNow, type Backbone } from '#libs/application';
import { rightsRequestDecider, type ReceivedRightsRequest, type RightsRequestEvent } from '#libs/domain';
import { retainedUntil } from '#libs/scheme';
import { registerClock } from '../retention/register-clock.js';

/** Name of what plans the end of the words of a request. */
export const RIGHTS_WORDS_PLAN = 'rights-words-plan';
/** Kind of the work that waits for that end. */
export const RIGHTS_WORDS = 'rights-words';

const LOOK_DAILY = 24 * 3_600_000;

/**
 * The reasons in a request are kept for as long as what was decided is, and have an end then (ARCH-11); of one that is never
 * decided they are from when it had to be.
 */
export const rightsWordsScheduling = (backbone: Backbone): ProcessManager => ({
  name: RIGHTS_WORDS_PLAN,
  handles: ['RightsRequestProlonged', 'RightsRequestDecided'],
  mayLag: true,
  async react({ data }) {
    const { rightsRequest, ...said } = data as Extract<
      RightsRequestEvent,
      { type: 'RightsRequestProlonged' | 'RightsRequestDecided' }
    >['data'];
    const dueAt = endFrom(backbone, 'decidedAt' in said ? said.decidedAt : said.answerBefore);
    await backbone.dueWork.enqueue([
      { kind: RIGHTS_WORDS, id: rightsRequest, group: rightsRequest, dueAt, payload: {} },
    ]);
  },
});

const endFrom = ({ retention }: Backbone, moment: Instant): Instant =>
  instantFromEpoch(retainedUntil(epochOf(moment), retention.years));

const endOf = (backbone: Backbone, state: ReceivedRightsRequest): Instant =>
  endFrom(backbone, state.status === 'received' ? state.answerBefore : state.decidedAt);

/** Destroys the key of the reasons, unless whom the request is about is held. */
export const rightsWords = (backbone: Backbone, clock = registerClock(backbone)): Chore => ({
  kind: RIGHTS_WORDS,
  perLane: 2,
  together: 2,
  keepFor: 24 * 3_600_000,
  async perform({ id }): Promise<Performed> {
    const { state } = await backbone.commands.load(rightsRequestDecider, streamId('rightsRequest', id));
    if (state.status === 'none') return { is: 'done' };
    const end = endOf(backbone, state);
    if (end > (await clock.refreshed())) return { is: 'again', at: end, reason: 'kept' };
    const about =
      'person' in state.about ? (`person/${state.about.person}` as const) : (`party/${state.about.party}` as const);
    const isKept = !backbone.retention.destroys || (await isHeldNow(backbone, about));
    if (isKept) return { is: 'again', at: later(backbone.now(), LOOK_DAILY), reason: 'kept' };
    await backbone.secrets.destroy({ kind: 'rightsRequest', id });
    return { is: 'done' };
  },
});
