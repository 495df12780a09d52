import type { AuthorizationId, DomainEvent, Recorded } from '#libs/kernel';
import type { Chore, DueItem, Performed, ProcessManager } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import type { AuthorizationRegistered } from '#libs/domain';
import { firstNoticeFrom, NON_USE, reviewNonUse, type ReviewOutcome } from './review-non-use.js';

/** Reviews at once: they come in thousands where a register was away, and hold up nobody. */
const TOGETHER = 8;
const KEPT_FOR = 7 * 86_400_000;

/** Every authorization has one review that waits for its moment, from when it is registered until it has ended. */
export const reviewScheduling = (backbone: Backbone): ProcessManager => ({
  name: 'non-use-reviews',
  handles: ['AuthorizationRegistered'],
  // Of nothing registered today is anything due for two years.
  mayLag: true,
  react: (event) => backbone.dueWork.enqueue([firstReview(backbone, event)]),
  reactTogether: (events) => backbone.dueWork.enqueue(events.map((event) => firstReview(backbone, event))),
});

function firstReview(backbone: Backbone, event: Recorded<DomainEvent>): DueItem {
  const data = event.data as AuthorizationRegistered['data'];
  return reviewOf(data.authorization, firstNoticeFrom(backbone, data));
}

const reviewOf = (authorization: AuthorizationId, dueAt: DueItem['dueAt']): DueItem => ({
  ...{ kind: NON_USE, id: authorization, group: authorization, dueAt, payload: {} },
});

/** Reviews what is due, and puts it off to when something can follow next. */
export const nonUseReviews = (
  backbone: Backbone,
  { told }: { told(outcome: ReviewOutcome | 'failed'): void },
): Chore => ({
  kind: NON_USE,
  perLane: TOGETHER,
  together: TOGETHER,
  keepFor: KEPT_FOR,
  async perform({ id }, signal): Promise<Performed> {
    try {
      const { outcome, next } = await reviewNonUse(backbone, id as AuthorizationId);
      told(outcome);
      return next === undefined ? { is: 'done' } : { is: 'again', at: next, reason: outcome };
    } catch (error) {
      // The ticker tries it again, later each time; what was interrupted has not failed.
      if (!signal.aborted) told('failed');
      throw error;
    }
  },
});
