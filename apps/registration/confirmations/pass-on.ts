import type { JsonValue } from '#libs/kernel';
import type { DueItem, KeptItem } from '#libs/eventing';
import { authorizationsProjection, type Backbone } from '#libs/application';
import {
  lookedThrough,
  registeredBefore,
  substitutesAmong,
  substitutionsOf,
  WAYS,
  type AuthorizationFact,
  type PageEnd,
  type Substitute,
  type Way,
} from './substitutions.js';
import { enqueueEach, type ToldFact } from './telling-work.js';
import { passingOnFact, substitution } from './what-is-told.js';

/** Kind of the work of looking for what a fact passes on, a page at a time. */
export const PASSING_ON = 'confirmation-passing-on';

/** Authorizations that are looked at at once, and whose histories are read for it. */
const PAGE = 50;
/** Authorizations that are named at once; that there are more is said. */
const MOST_SUBSTITUTES = 100;

type PassingOnPayload = {
  readonly fact: ToldFact;
  readonly way: Way;
  /** Absent: it begins. */
  readonly after?: PageEnd;
  /** Those that one message is to name, of the pages before. */
  readonly found?: readonly Substitute[];
};

/**
 * Enqueues the looking for what the fact passes on, where there is anything to look through. An intermediary may have thousands
 * of links: each page is work of its own, in the lane of the organization, so that what it does holds up nobody else's.
 */
export async function enqueuePassingOn(backbone: Backbone, fact: ToldFact, signal: AbortSignal): Promise<void> {
  const passing = await passingOnFact(backbone, fact.stream, fact.revision, signal);
  if (passing === undefined) return;
  for (const way of WAYS) {
    const { rows } = await registeredBefore(passing, way, { limit: 1 });
    if (rows.length > 0) await backbone.dueWork.enqueue([itemOf(backbone, passing, { fact, way })]);
  }
}

function itemOf({ now }: Backbone, { state }: AuthorizationFact, payload: PassingOnPayload): DueItem {
  const { fact, way, after } = payload;
  return {
    kind: PASSING_ON,
    id: [fact.event, way, ...(after === undefined ? [] : [after.key])].join('/'),
    group: `${fact.stream}/${way}`,
    lane: laneOf(state, way),
    dueAt: now(),
    payload: payload as unknown as JsonValue,
  };
}

const laneOf = (state: AuthorizationFact['state'], way: Way): string =>
  `passed on by ${lookedThrough(state, way) ?? ''}`;

/** Looks through one page, enqueues what is told of it, and the next page behind what waits by then. */
export async function passOn(backbone: Backbone, { payload }: KeptItem, signal: AbortSignal): Promise<void> {
  const { fact, way, after, found = [] } = payload as unknown as PassingOnPayload;
  await backbone.readModels.upToDate(authorizationsProjection as never);
  const passing = await passingOnFact(backbone, fact.stream, fact.revision, signal);
  if (passing === undefined) return;
  const from = after === undefined ? {} : { after };
  const { rows, next } = await registeredBefore(passing, way, { limit: PAGE, ...from });
  const lane = laneOf(passing.state, way);
  if (way === 'links') {
    const tellings = (await substitutionsOf(passing, rows)).map(({ representedParty, link }) =>
      substitution(representedParty, { passedOn: link }),
    );
    await enqueueEach(backbone, fact, tellings, signal, lane);
    if (next !== undefined) await backbone.dueWork.enqueue([itemOf(backbone, passing, { fact, way, after: next })]);
    return;
  }
  const all = [...found, ...(await substitutesAmong(passing, rows))];
  if (next !== undefined && all.length <= MOST_SUBSTITUTES) {
    await backbone.dueWork.enqueue([itemOf(backbone, passing, { fact, way, after: next, found: all })]);
  } else if (all.length > 0) {
    const telling = substitution(passing.state.representedParty, named(all));
    await enqueueEach(backbone, fact, [telling], signal, lane);
  }
}

function named(all: readonly Substitute[]) {
  const some = all.slice(0, MOST_SUBSTITUTES);
  return {
    substitutes: some.filter(({ isNow }) => isNow).map(({ id }) => id),
    substitutesLater: some.filter(({ isNow }) => !isNow).map(({ id }) => id),
    substitutesMore: all.length > MOST_SUBSTITUTES,
  };
}
