import type { MeansId } from '#libs/kernel';
import { levelOfStork, type Backbone, type CommandRequest } from '#libs/application';
import { decideJudged, type Ground, type Judged, type KnownMeans } from './judge-means.js';
import type { IdentifyHolderRequest, IssueMeansRequest } from './means.requests.js';

/** Identification and issuance rest on the intake of the means itself, and on all that was named so far. */
const groundOf =
  (named: readonly string[]) =>
  (means: KnownMeans): Ground => ({
    named,
    earlier: means.identification,
    product: means.product,
    productPointer: '',
  });

/** Scores the holder's identification from the named checks (evaluation 2, element ID). */
export const identifyHolder = (
  backbone: Backbone,
  request: CommandRequest,
  id: MeansId,
  body: IdentifyHolderRequest,
): Promise<Judged> =>
  decideJudged(
    backbone,
    request,
    id,
    'IdentifyHolder',
    body,
    groundOf(body.checks),
    ({ checks, evidence, result }) => ({
      type: 'IdentifyHolder',
      checks,
      evidence,
      classification: result,
      now: backbone.now(),
    }),
  );

/** Issues the means at the level that all its checks, its product and the issuer's profile carry. */
export const issueMeans = (
  backbone: Backbone,
  request: CommandRequest,
  id: MeansId,
  body: IssueMeansRequest,
): Promise<Judged> =>
  decideJudged(
    backbone,
    request,
    id,
    'IssueMeans',
    body,
    groundOf(body.checks),
    ({ checks, evidence, result, certificate, ofProduct }, means) => ({
      type: 'IssueMeans',
      checks,
      evidence,
      classification: result,
      aimedStork: body.aimedStork ?? means.aimedStork,
      acceptLower: body.acceptLower ?? false,
      certificate,
      ofProduct,
      closedForIssuance:
        result.stork > 0 && backbone.governance.closedForIssuance(levelOfStork(result.stork as 1), backbone.now()),
      now: backbone.now(),
    }),
  );
