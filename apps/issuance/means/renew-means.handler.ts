import type { MeansId } from '#libs/kernel';
import { levelOfStork, turnaroundOf, type Backbone, type CommandRequest } from '#libs/application';
import { decideJudged, type Judged } from './judge-means.js';
import type { RenewMeansRequest } from './means.requests.js';
import { restsOn } from './upgrade-means.handler.js';

/**
 * Renews a means: another token or certificate for the same holder under the same pseudonym (MEANS-09). What it rests on
 * counts as far as it still holds; how the new token came to him is delivered anew.
 */
export const renewMeans = (
  backbone: Backbone,
  request: CommandRequest,
  id: MeansId,
  body: RenewMeansRequest,
): Promise<Judged> =>
  decideJudged(
    backbone,
    request,
    id,
    'RenewMeans',
    body,
    (means) => ({
      named: body.checks,
      earlier: restsOn(means),
      own: { application: body.application, purpose: 'renewal' },
      isNewToken: true,
      product: body.product ?? means.product,
      productPointer: body.product === undefined ? '' : '/product',
    }),
    ({ checks, evidence, result, certificate, ofProduct, application }, means) => {
      const now = backbone.now();
      const has = 'stork' in means && means.stork !== undefined ? means.stork : 4;
      const stork = result.stork === 0 || result.stork > has ? has : result.stork;
      return {
        type: 'RenewMeans',
        application: body.application as never,
        product: body.product ?? means.product,
        checks,
        evidence,
        classification: result,
        acceptLower: body.acceptLower ?? false,
        certificate,
        ofProduct,
        closedForIssuance: backbone.governance.closedForIssuance(levelOfStork(stork), now),
        // Decided when it is entered, and in the report (REV-09); no time runs (MEANS-07, TURN-03).
        turnaround: turnaroundOf(backbone, application, {
          ...{ mutation: 'renewal', object: 'means', level: levelOfStork(has) },
        }),
        now,
      };
    },
  );
