import { later, type AuthorizationId, type Instant, type MeansId } from '#libs/kernel';
import {
  authorizationsProjection,
  levelOfStork,
  type AuthorizationRow,
  type Backbone,
  type CommandRequest,
} from '#libs/application';
import type { MeansUpgraded } from '#libs/domain';
import { atLeast, synthesizeEh, type StorkLevel } from '#libs/scheme';
import { decideJudged, type Judged, type KnownMeans } from './judge-means.js';
import type { UpgradeMeansRequest } from './means.requests.js';

/** More authorizations than these are not listed: the fact that keeps the list has to fit its store. */
const MOST_LISTED = 1_000;
const PAGE = 500;

/**
 * Upgrades a means (UPG-01): what it rests on so far counts as far as it meets the rules of the level aimed at and still
 * holds, what is missing is performed in an intake of its own (UPG-02).
 */
export const upgradeMeans = (
  backbone: Backbone,
  request: CommandRequest,
  id: MeansId,
  body: UpgradeMeansRequest,
): Promise<Judged> =>
  decideJudged(
    backbone,
    request,
    id,
    'UpgradeMeans',
    body,
    (means) => ({
      named: body.checks,
      earlier: restsOn(means),
      own: { application: body.application, purpose: 'upgrade' },
      product: body.product ?? means.product,
      productPointer: body.product === undefined ? '' : '/product',
    }),
    async ({ checks, evidence, result, certificate, ofProduct }, means) => {
      const now = backbone.now();
      const { governance } = backbone;
      const stork = result.stork === 0 ? undefined : result.stork;
      const current = 'stork' in means ? means.stork : undefined;
      return {
        type: 'UpgradeMeans',
        application: body.application as never,
        product: body.product ?? means.product,
        checks,
        evidence,
        classification: result,
        aimedStork: body.aimedStork,
        acceptLower: body.acceptLower ?? false,
        certificate,
        ofProduct,
        closedForIssuance: stork !== undefined && governance.closedForIssuance(levelOfStork(stork), now),
        closedForUpgrade: current !== undefined && governance.closedForUpgrade(levelOfStork(current), now),
        ...(stork === undefined
          ? { staysBelow: [], staysBelowMore: false }
          : await belowTarget(backbone, id, { stork, aimedStork: body.aimedStork, at: now })),
        now,
      };
    },
  );

export const restsOn = (means: KnownMeans): readonly string[] =>
  'checks' in means && means.checks !== undefined ? means.checks : means.identification;

/**
 * The authorizations on the means that are in force or to come, and stay below the level aimed at: an upgrade raises
 * none of them by itself (UPG-03).
 */
async function belowTarget(
  backbone: Backbone,
  means: MeansId,
  { stork, aimedStork, at }: { readonly stork: StorkLevel; readonly aimedStork: StorkLevel; readonly at: Instant },
): Promise<Pick<MeansUpgraded['data'], 'staysBelow' | 'staysBelowMore'>> {
  const target = levelOfStork(aimedStork);
  const table = backbone.rules.authorization.ehTable;
  await backbone.readModels.upToDate(authorizationsProjection);
  const below: MeansUpgraded['data']['staysBelow'][number][] = [];
  for (let last: AuthorizationRow | undefined; below.length <= MOST_LISTED;) {
    const page: readonly AuthorizationRow[] = await backbone.readModels.store.search<AuthorizationRow>(
      authorizationsProjection,
      {
        where: [
          { column: 'means', is: 'equal', value: means },
          { column: 'revoked', is: 'equal', value: false },
          { column: 'validUntil', is: 'from', value: later(at, 1) },
        ],
        limit: PAGE,
        ...(last === undefined ? {} : { after: { order: last.position, key: last.id } }),
      },
    );
    for (const { id, m, submitterLevel } of page) {
      const level = synthesizeEh({ m, stork, submitter: submitterLevel ?? undefined }, table);
      if (level === null || !atLeast(level, target)) below.push({ authorization: id as AuthorizationId, m, level });
    }
    last = page.at(-1);
    if (page.length < PAGE) break;
  }
  return { staysBelow: below.slice(0, MOST_LISTED), staysBelowMore: below.length > MOST_LISTED };
}
