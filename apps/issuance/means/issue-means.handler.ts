import { streamId, type CheckId, type MeansId, type Rejection } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import {
  assessmentAt,
  commandContext,
  findApplication,
  findPerson,
  levelOfStork,
  loadChecks,
  meansDossier,
  weighedChecks,
  withEvidenceCodes,
  type Backbone,
  type CommandRequest,
} from '#libs/application';
import { meansDecider, rejectMeans, type Means, type MeansEvent, type WeighedCheck } from '#libs/domain';
import { classifyMeans, type MeansRequest, type MeansResult } from '#libs/scheme';
import type { IdentifyHolderRequest, IssueMeansRequest } from './means.requests.js';

/** What evaluation 2 was asked and answered, for the record of a refusal. */
export interface Judgement {
  readonly checks: readonly CheckId[];
  readonly dossier?: MeansRequest;
  readonly result?: MeansResult;
  /** How the checks were weighed. */
  readonly evidence?: readonly WeighedCheck[];
}
export interface Judged {
  readonly outcome: CommandOutcome<Means, MeansEvent>;
  readonly judgement: Judgement;
}

type Known = Exclude<Means, { status: 'none' }>;

/** Judges a means on its checks so far and the named ones. Faults point into `/checks` of the request. */
async function judge(
  backbone: Backbone,
  means: Known,
  named: readonly string[],
): Promise<(Required<Judgement> & { readonly faults?: never }) | { readonly faults: readonly Rejection[] }> {
  const earlier = means.identification.filter((id) => !named.includes(id));
  const loadedNamed = await loadChecks(backbone, named, '/checks');
  if ('faults' in loadedNamed) return loadedNamed;
  const loadedEarlier = await loadChecks(backbone, earlier, '/checks');
  if ('faults' in loadedEarlier) return loadedEarlier;
  const holder = await findPerson(backbone, means.holder, '');
  const application = await findApplication(backbone, means.application, '');
  if ('fault' in holder) return { faults: [holder.fault] };
  if ('fault' in application) return { faults: [application.fault] };
  // The named ones first: faults point into them.
  const checks = [...loadedNamed.checks, ...loadedEarlier.checks];
  const at = assessmentAt(backbone.now(), application.found, checks);
  const product = backbone.governance.productAt(means.product, at);
  if (product === undefined) return { faults: [rejectMeans('unknown-product', { pointer: '' })] };
  const put = await meansDossier(backbone, {
    means,
    application: application.found,
    holder: holder.found,
    product,
    checks,
    checksPointer: '/checks',
    at,
  });
  if ('faults' in put) return put;
  const evidence = weighedChecks(put.evidence);
  return {
    checks: evidence.map(({ check }) => check as CheckId),
    evidence,
    dossier: put.dossier,
    result: classifyMeans(put.dossier, backbone.rules),
  };
}

/**
 * Decides a judged command on the state that was judged. Between judging and deciding the means may have moved on;
 * then everything is judged again on the new state.
 */
async function decideJudged(
  backbone: Backbone,
  request: CommandRequest,
  id: MeansId,
  name: 'IdentifyHolder' | 'IssueMeans',
  body: IdentifyHolderRequest | IssueMeansRequest,
  commandOf: (judged: Required<Judgement>, means: Known) => Parameters<typeof meansDecider.decide>[0],
): Promise<Judged> {
  const context = await commandContext(backbone, request, name, body, { scores: true });
  let judgement: Judgement = { checks: body.checks as CheckId[] };
  let faults: readonly Rejection[] | undefined;
  const outcome = await backbone.commands
    .execute(
      meansDecider,
      streamId('means', id),
      async (state) => {
        // Nothing to judge: the decider says why not, whatever the command holds.
        if (state.status === 'none') return { type: 'ActivateMeans', activatedAt: backbone.now(), now: backbone.now() };
        const judged = await judge(backbone, state, body.checks);
        if (judged.faults !== undefined) {
          faults = judged.faults;
          throw new FaultyChecks();
        }
        judgement = judged;
        return commandOf(judged, state);
      },
      context,
    )
    .catch((error: unknown): CommandOutcome<Means, MeansEvent> => {
      if (error instanceof FaultyChecks) return { outcome: 'rejected', rejections: faults! };
      throw error;
    });
  return { outcome: withEvidenceCodes(outcome, judgement.evidence ?? []), judgement };
}

class FaultyChecks extends Error {}

/** Scores the holder's identification from the named checks (evaluation 2, element ID). */
export const identifyHolder = (
  backbone: Backbone,
  request: CommandRequest,
  id: MeansId,
  body: IdentifyHolderRequest,
): Promise<Judged> =>
  decideJudged(backbone, request, id, 'IdentifyHolder', body, ({ checks, evidence, result }) => ({
    type: 'IdentifyHolder',
    checks,
    evidence,
    classification: result,
    now: backbone.now(),
  }));

/** Issues the means at the level that all its checks, its product and the issuer's profile carry. */
export const issueMeans = (
  backbone: Backbone,
  request: CommandRequest,
  id: MeansId,
  body: IssueMeansRequest,
): Promise<Judged> =>
  decideJudged(backbone, request, id, 'IssueMeans', body, ({ checks, evidence, result }, means) => ({
    type: 'IssueMeans',
    checks,
    evidence,
    classification: result,
    aimedStork: body.aimedStork ?? means.aimedStork,
    acceptLower: body.acceptLower ?? false,
    closedForIssuance:
      result.stork > 0 && backbone.governance.closedForIssuance(levelOfStork(result.stork as 1), backbone.now()),
    now: backbone.now(),
  }));
