import { streamId, type CheckId, type MeansId, type Rejection } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import {
  assessmentAt,
  commandContext,
  fewAtOnce,
  findApplication,
  findPerson,
  loadChecks,
  meansDossier,
  weighedChecks,
  withEvidenceCodes,
  type Backbone,
  type CommandRequest,
  type RefusedMutation,
} from '#libs/application';
import {
  judgePurpose,
  meansDecider,
  rejectMeans,
  restrictionOf,
  type CertificateOnRecord,
  type CheckFacts,
  type Means,
  type MeansEvent,
  type Restriction,
  type WeighedCheck,
} from '#libs/domain';
import { classifyMeans, type MeansRequest, type MeansResult } from '#libs/scheme';

/** What evaluation 2 was asked and answered, for the record of a refusal. */
export interface Judgement {
  readonly checks: readonly CheckId[];
  readonly dossier?: MeansRequest;
  readonly result?: MeansResult;
  /** How the checks were weighed. */
  readonly evidence?: readonly WeighedCheck[];
  /** What is known of the certificate that counts, where one does. */
  readonly certificate?: CertificateOnRecord;
  /** Where its product may be used alone, if anywhere. */
  readonly ofProduct?: Restriction;
  /** The intake that it came in with. */
  readonly application?: Intake;
  /** What was asked of a means that is there, for the record of a refusal. */
  readonly mutation?: RefusedMutation;
}
type WholeJudgement = Required<Omit<Judgement, 'mutation'>>;

export interface Judged {
  readonly outcome: CommandOutcome<Means, MeansEvent>;
  readonly judgement: Judgement;
}

export type KnownMeans = Exclude<Means, { status: 'none' }>;
type MeansCommand = Parameters<typeof meansDecider.decide>[0];

/** What a command adds to what the means rests on. */
export interface Ground {
  /** Checks that the command names. */
  readonly named: readonly string[];
  /** Checks that the means rests on so far. */
  readonly earlier: readonly string[];
  /** An intake of its own, where it has one, with the purpose that it needs. */
  readonly own?: { readonly application: string; readonly purpose: 'upgrade' | 'renewal' };
  readonly product: string;
  /** A token of its own, whatever the product. */
  readonly isNewToken?: boolean;
  /** Where a fault of the product lies in the request. */
  readonly productPointer: string;
}

type Faulty = { readonly faults: readonly Rejection[] };

/** Judges a means on its checks so far and the named ones. Faults point into the request. */
async function judge(
  backbone: Backbone,
  means: KnownMeans,
  { named, earlier: before, own, ...ground }: Ground,
): Promise<(WholeJudgement & { readonly faults?: never }) | Faulty> {
  const intakes = await intakesOf(backbone, means, own);
  const loadedNamed = await loadChecks(backbone, named, '/checks');
  const faults = [
    ...('faults' in intakes ? intakes.faults : []),
    ...('faults' in loadedNamed ? loadedNamed.faults : []),
  ];
  if ('faults' in intakes || 'faults' in loadedNamed) return { faults };
  const loadedEarlier = await loadChecks(
    backbone,
    before.filter((id) => !named.includes(id)),
    '/checks',
  );
  if ('faults' in loadedEarlier) return loadedEarlier;
  const holder = await findPerson(backbone, means.holder, '');
  if ('fault' in holder) return { faults: [holder.fault] };
  const { application, earlier } = intakes;
  const isNewToken = ground.isNewToken === true || ground.product !== means.product;
  // The named ones first: faults point into them.
  const checks = [
    ...loadedNamed.checks,
    ...loadedEarlier.checks.filter(({ facts }) => own === undefined || isOfUpgraded(facts, isNewToken)),
  ];
  const at = assessmentAt(backbone.now(), application, checks);
  const product = backbone.governance.productAt(ground.product, at);
  if (product === undefined) return { faults: [rejectMeans('unknown-product', { pointer: ground.productPointer })] };
  const put = await meansDossier(backbone, {
    means,
    application,
    ...(earlier.length === 0 ? {} : { earlier }),
    ...(isNewToken ? { isNewToken } : {}),
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
    ofProduct: restrictionOf(product),
    application,
    dossier: put.dossier,
    certificate: put.certificate,
    result: classifyMeans(put.dossier, backbone.rules),
  };
}

/** What was about an intake as a whole says nothing of another one, and what was about a token nothing of a new one. */
const isOfUpgraded = ({ about, type }: CheckFacts, isNewToken: boolean): boolean =>
  !('application' in about) && !(isNewToken && (type === 'meansDelivery' || type === 'pkiOverheidCertificate'));

type Intake = Extract<Awaited<ReturnType<typeof findApplication>>, { readonly found: unknown }>['found'];

/** The intake that a command rests on, and those of before. */
async function intakesOf(
  backbone: Backbone,
  means: KnownMeans,
  own: Ground['own'],
): Promise<{ readonly application: Intake; readonly earlier: readonly Intake[] } | Faulty> {
  const found = await findApplication(
    backbone,
    own?.application ?? means.application,
    own === undefined ? '' : '/application',
  );
  if ('fault' in found) return { faults: [found.fault] };
  const application = found.found;
  const wrongPurpose = own === undefined ? [] : judgePurpose(application, own.purpose);
  if (wrongPurpose.length > 0) return { faults: wrongPurpose };
  const ids = own === undefined || !('processes' in means) ? [] : (means.processes ?? []);
  const earlier = await fewAtOnce(
    ids.filter((id) => id !== application.id),
    (id) => findApplication(backbone, id, ''),
  );
  return { application, earlier: earlier.flatMap((one) => ('found' in one ? [one.found] : [])) };
}

/**
 * Decides a judged command on the state that was judged. Between judging and deciding the means may have moved on;
 * then everything is judged again on the new state.
 */
export async function decideJudged<Body extends { readonly checks: readonly string[] }>(
  backbone: Backbone,
  request: CommandRequest,
  id: MeansId,
  name: 'IdentifyHolder' | 'IssueMeans' | 'UpgradeMeans' | 'RenewMeans',
  body: Body,
  groundOf: (means: KnownMeans) => Ground,
  commandOf: (judged: WholeJudgement, means: KnownMeans) => MeansCommand | Promise<MeansCommand>,
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
        const judged = await judge(backbone, state, groundOf(state));
        if (judged.faults !== undefined) {
          faults = judged.faults;
          throw new FaultyRequest();
        }
        judgement = judged;
        const command = await commandOf(judged, state);
        if (command.type === 'RenewMeans' && command.turnaround !== undefined) {
          const about = { mutation: 'renewal', object: 'means', about: id, application: command.application } as const;
          judgement = { ...judged, mutation: { ...about, ...command.turnaround } };
        }
        return command;
      },
      context,
    )
    .catch((error: unknown): CommandOutcome<Means, MeansEvent> => {
      if (error instanceof FaultyRequest) return { outcome: 'rejected', rejections: faults! };
      throw error;
    });
  return { outcome: withEvidenceCodes(outcome, judgement.evidence ?? []), judgement };
}

class FaultyRequest extends Error {}
