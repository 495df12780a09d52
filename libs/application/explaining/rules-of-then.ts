import { later, streamId, type Decider, type DomainEvent, type Instant, type Recorded } from '#libs/kernel';
import { authorizationDecider, meansDecider } from '#libs/domain';
import { currentRuleSet, isRuleSetVersion, ruleSet as ruleSetOf, type RuleSet } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { authorizationsProjection, type AuthorizationRow } from '../read-models/authorizations.js';
import { meansProjection, type MeansRow } from '../read-models/means.js';

/**
 * The rules of a moment: those that the authorization or the means that had come in last by then was judged by. Before
 * anything was judged there are none to tell, and those of this release are taken.
 */
export async function rulesOfThen(backbone: Backbone, at: Instant): Promise<RuleSet> {
  const { store, upToDate } = backbone.readModels;
  await Promise.all([upToDate(authorizationsProjection), upToDate(meansProjection as never)]);
  const last = {
    where: [{ column: 'recordedAt', is: 'before', value: later(at, 1) } as const],
    limit: 1,
  };
  const [[authorization], [means]] = await Promise.all([
    store.search<AuthorizationRow>(authorizationsProjection, last),
    store.search<MeansRow>(meansProjection, last),
  ]);
  const judged = async (
    decider: unknown,
    category: 'authorization' | 'means',
    row: { readonly id: string } | undefined,
  ) =>
    row === undefined
      ? []
      : (
          await backbone.commands.load(decider as Decider<unknown, never, DomainEvent>, streamId(category, row.id))
        ).history.filter(({ recordedAt, metadata }) => recordedAt <= at && metadata.ruleSet !== undefined);
  const known: readonly Recorded<DomainEvent>[] = (
    await Promise.all([
      judged(authorizationDecider, 'authorization', authorization),
      judged(meansDecider, 'means', means),
    ])
  ).flat();
  const newest = known.reduce<Recorded<DomainEvent> | undefined>(
    (best, event) => (best === undefined || event.position > best.position ? event : best),
    undefined,
  );
  const version = newest?.metadata.ruleSet;
  return version !== undefined && isRuleSetVersion(version) ? ruleSetOf(version) : currentRuleSet;
}
