import { streamId, type DomainEvent, type Instant, type Recorded } from '#libs/kernel';
import {
  meansDecider,
  type HolderIdentified,
  type Means,
  type MeansIssued,
  type MeansRenewed,
  type MeansUpgraded,
  type WeighedCheck,
} from '#libs/domain';
import { classifyMeans, type MeansResult, type RuleSet } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { weighedChecks } from '../dossier/aspects.js';
import { assessmentAt } from '../dossier/assessment.js';
import { meansRows } from '../dossier/earning-rows.js';
import { loadChecks } from '../dossier/load-checks.js';
import { meansDossier } from '../dossier/means-dossier.js';
import { fewAtOnce } from '../few-at-once.js';
import { allFound, findApplication, findPerson } from '../objects.js';
import type { MeansRow } from '../read-models/means.js';
import { stateAsOf } from '../state-as-of.js';
import { backboneAsOf, orTooMuch, type Folding } from './backbone-as-of.js';
import {
  differencesBetween,
  explainedAspects,
  explainedChecks,
  placeOf,
  rulesFor,
  standingOfChecks,
  type AskedExplanation,
  type ExplainedDecision,
} from './explained.js';

/** What a decision on a means comes to; of an identification there is no level yet. */
export interface MeansOutcome {
  readonly scores: Partial<MeansResult['scores']>;
  readonly rows: Partial<MeansResult['rows']>;
  readonly criteria: MeansResult['criteria'];
  readonly stork: number | null;
  readonly issuanceLevel: number | null;
}

export interface MeansExplanation {
  readonly id: string;
  readonly at: Instant;
  readonly status: KnownMeans['status'];
  /** `null` until something was judged. */
  readonly stork: number | null;
  /** Absent: nothing was judged by then. */
  readonly decision?: ExplainedDecision<MeansOutcome>;
}

type KnownMeans = Exclude<Means, { readonly status: 'none' }>;
type Deciding = HolderIdentified | MeansIssued | MeansUpgraded | MeansRenewed;

const DECIDING: ReadonlySet<string> = new Set<Deciding['type']>([
  'HolderIdentified',
  'MeansIssued',
  'MeansUpgraded',
  'MeansRenewed',
]);

/** Why a means has the level that it has, or had by then; `undefined`: it was not on record. */
export async function explainMeans(
  backbone: Backbone,
  id: string,
  asked: AskedExplanation,
): Promise<MeansExplanation | undefined> {
  const { at } = asked;
  const { history } = await backbone.commands.load(meansDecider, streamId('means', id));
  const state = stateAsOf(meansDecider, history, at);
  if (state.status === 'none') return undefined;
  const decided = history.findLast(({ type, recordedAt }) => recordedAt <= at && DECIDING.has(type));
  const known = { id, at, status: state.status, stork: storkOf(state) };
  if (decided === undefined) return known;
  const before = history
    .filter(({ position }) => position < decided.position)
    .reduce<Means>((means, event) => meansDecider.evolve(means, event as never), meansDecider.initialState);
  const rules = rulesFor(asked, decided);
  return { ...known, decision: await explainDecision(backbone, decided, rules, before as KnownMeans, asked.fold) };
}

const storkOf = (means: Means): number | null => ('stork' in means ? (means.stork ?? null) : null);

/** A means as lists have it, by what was on record then. */
export async function meansAsOf(
  backbone: Backbone,
  id: string,
  at: Instant,
): Promise<Pick<MeansRow, 'status' | 'stork' | 'certificateEndsAt'> | undefined> {
  const { history } = await backbone.commands.load(meansDecider, streamId('means', id));
  const means = stateAsOf(meansDecider, history, at);
  if (means.status === 'none') return undefined;
  const endsAt = 'certificateEndsAt' in means ? means.certificateEndsAt : undefined;
  return {
    status: means.status,
    stork: storkOf(means),
    ...(endsAt === undefined ? {} : { certificateEndsAt: endsAt }),
  };
}

async function explainDecision(
  backbone: Backbone,
  decided: Recorded<DomainEvent>,
  rules: RuleSet,
  before: KnownMeans,
  fold: Folding | undefined,
): Promise<ExplainedDecision<MeansOutcome>> {
  const event = { type: decided.type, data: decided.data } as Deciding;
  const decidedAt = momentOf(event);
  const recorded = recordedOutcome(event);
  const judged = await orTooMuch(judgeAgain(backbone, decided, event, { rules, before, decidedAt, fold }));
  const evidence = 'faults' in judged ? (event.data.evidence ?? []) : judged.evidence;
  const outcome = 'faults' in judged ? undefined : recomputedOutcome(event, judged.result);
  const { scores, rows } = outcome ?? recorded;
  return {
    record: placeOf(decided),
    decidedAt,
    recordedRuleSet: decided.metadata.ruleSet ?? null,
    ruleSet: rules.version,
    recorded,
    judgedAgain: outcome ?? null,
    obstacles: 'faults' in judged ? judged.faults : [],
    differences:
      outcome === undefined
        ? []
        : [
            ...differencesBetween({ ...recorded }, { ...outcome }),
            // What was decided before that was kept says nothing of it.
            ...(event.data.evidence === undefined
              ? []
              : differencesBetween(
                  { checks: standingOfChecks(event.data.evidence) },
                  { checks: standingOfChecks(evidence) },
                )),
          ],
    aspects: explainedAspects(
      scores,
      rows,
      rules.means.rows.map((row) => ({ ...row, aspect: row.element })),
      meansRows(rules),
      evidence,
      // Nobody but the holder is in the dossier of a means.
      () => true,
    ),
    checks: await explainedChecks(backbone, evidence),
  };
}

function recordedOutcome({ type, data }: Deciding): MeansOutcome {
  const { scores, rows, criteria } = data;
  const level =
    type === 'HolderIdentified'
      ? { stork: null, issuanceLevel: null }
      : { stork: (data as MeansIssued['data']).stork, issuanceLevel: (data as MeansIssued['data']).issuanceLevel };
  return { scores, rows, criteria, ...level };
}

/** Of an identification nothing but ID was recorded; a renewal is worth no more than the means was (UPG-03). */
function recomputedOutcome(
  { type, data }: Deciding,
  { scores, rows, criteria, stork: reached, issuanceLevel }: MeansResult,
) {
  if (type === 'HolderIdentified') {
    return { scores: { ID: scores.ID }, rows: { ID: rows.ID }, criteria, stork: null, issuanceLevel: null };
  }
  const stork = type === 'MeansRenewed' ? Math.min(reached, data.previousStork) : reached;
  return { scores, rows, criteria, stork, issuanceLevel };
}

function momentOf(event: Deciding): Instant {
  switch (event.type) {
    case 'HolderIdentified':
      return event.data.identifiedAt;
    case 'MeansIssued':
      return event.data.issuedAt;
    case 'MeansUpgraded':
      return event.data.upgradedAt;
    case 'MeansRenewed':
      return event.data.renewedAt;
  }
}

/** The same question once more, as for an authorization. */
async function judgeAgain(
  backbone: Backbone,
  { position }: Recorded<DomainEvent>,
  event: Deciding,
  of: {
    readonly rules: RuleSet;
    readonly before: KnownMeans;
    readonly decidedAt: Instant;
    readonly fold: Folding | undefined;
  },
): Promise<
  { readonly result: MeansResult; readonly evidence: readonly WeighedCheck[] } | { readonly faults: readonly string[] }
> {
  const { rules, before, decidedAt } = of;
  const then = backboneAsOf(backbone, {
    ...{ before: position, at: decidedAt, rules },
    ...(of.fold === undefined ? {} : { fold: of.fold }),
  });
  // An upgrade and a renewal come in on an intake of their own, and may bring another token.
  const own = event.type === 'MeansUpgraded' || event.type === 'MeansRenewed' ? event.data : undefined;
  const product = own?.product ?? before.product;
  const isNewToken = event.type === 'MeansRenewed' || product !== before.product;
  const named = event.data.evidence?.filter(({ joined }) => !joined).map(({ check }) => check) ?? event.data.checks;
  const [objects, loaded] = await Promise.all([
    allFound({
      application: findApplication(then, own?.application ?? before.application, ''),
      holder: findPerson(then, before.holder, ''),
    }),
    loadChecks(then, named, ''),
  ]);
  if ('faults' in objects) return { faults: objects.faults.map(({ code }) => code) };
  if ('faults' in loaded) return { faults: loaded.faults.map(({ code }) => code) };
  const { application, holder } = objects.found;
  const processes = own === undefined || !('processes' in before) ? [] : (before.processes ?? []);
  const intakes = await fewAtOnce(
    processes.filter((id) => id !== application.id),
    (id) => findApplication(then, id, ''),
  );
  const earlier = intakes.flatMap((one) => ('found' in one ? [one.found] : []));
  const assessedAt = assessmentAt(decidedAt, application, loaded.checks);
  const inForce = then.governance.productAt(product, assessedAt);
  if (inForce === undefined) return { faults: ['unknown-product'] };
  const put = await meansDossier(then, {
    means: before,
    application,
    ...(earlier.length === 0 ? {} : { earlier }),
    ...(isNewToken ? { isNewToken } : {}),
    holder,
    product: inForce,
    checks: loaded.checks,
    checksPointer: '',
    at: assessedAt,
  });
  if ('faults' in put) return { faults: put.faults.map(({ code }) => code) };
  return { result: classifyMeans(put.dossier, rules), evidence: weighedChecks(put.evidence) };
}
