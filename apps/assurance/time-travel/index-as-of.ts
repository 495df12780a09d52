import { streamId, type Decider, type DomainEvent, type Recorded } from '#libs/kernel';
import {
  decisionIndexProjection,
  indexMaps,
  type AccessRequest,
  type Backbone,
  type DecisionIndex,
  type DecisionIndexRow,
} from '#libs/application';
import { authorizationDecider, meansDecider, partyDecider } from '#libs/domain';
import { unavailable } from '#libs/platform';
import type { LiveIndex } from '../decision-index/decision-index.js';

/** Longest wait for the index of now, in milliseconds (interfaces.md §3). */
const PATIENCE = 5_000;

/** Whether an event was on record by then. */
export type Then = (event: Pick<Recorded<DomainEvent>, 'position' | 'recordedAt'>) => boolean;

/**
 * The index as it was, as far as a question asks it. The live index says which objects it is about: it forgets none, and
 * who is represented by whom never changes. What these were is folded anew from their events up to then, by the same fold.
 */
export async function indexAsOf(
  backbone: Backbone,
  live: LiveIndex,
  { subject, resource }: Pick<AccessRequest, 'subject' | 'resource'>,
  intermediaries: number,
  then: Then,
): Promise<DecisionIndex> {
  if (!(await live.waitFor(await backbone.feed.head(), PATIENCE))) throw unavailable('position-not-reached');
  const maps = indexMaps();
  const asked = live.means(subject.id);
  const party = live.party(resource.id);
  const means = asked === undefined ? [] : [asked, ...live.otherMeans(asked)];
  const links =
    party === undefined
      ? []
      : means.flatMap(({ pseudonym }) => live.paths(party.party, pseudonym, intermediaries)).flat();
  const parties = new Set([
    ...(party === undefined ? [] : [party.party]),
    ...links.map(({ link }) => link.representedParty),
  ]);
  const authorizations = new Set(links.map(({ authorization }) => authorization));
  const kinds = [
    ['party', partyDecider, [...parties]],
    ['means', meansDecider, means.map((one) => one.means)],
    ['authorization', authorizationDecider, [...authorizations]],
  ] as const;
  for (const [category, decider, ids] of kinds) {
    const loaded = await backbone.commands.loadAll(
      decider as unknown as Decider<unknown, never, DomainEvent>,
      ids.map((id) => streamId(category, id)),
    );
    for (const { history } of loaded) {
      const row = history.filter(then).reduce<DecisionIndexRow | undefined>(folded, undefined);
      if (row !== undefined) maps.put(row);
    }
  }
  return maps;
}

const { handles, keys, fold } = decisionIndexProjection;

const folded = (row: DecisionIndexRow | undefined, event: Recorded<DomainEvent>): DecisionIndexRow | undefined =>
  handles.includes(event.type) ? fold(row, event, keys(event)[0]!) : row;
