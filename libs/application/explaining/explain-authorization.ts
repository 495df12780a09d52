import { streamId, type DomainEvent, type Instant, type Recorded } from '#libs/kernel';
import {
  authorizationDecider,
  DECIDING,
  standingAt,
  type AuthorizationChanged,
  type AuthorizationRegistered,
  type AuthorizationRenewed,
  type CheckFacts,
  type RegisteredAuthorization,
  type Standing,
  type WeighedCheck,
} from '#libs/domain';
import { classifyAuthorization, type AuthorizationResult, type RuleSet } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { weighedChecks } from '../dossier/aspects.js';
import { assessmentAt } from '../dossier/assessment.js';
import { authorizationDossier } from '../dossier/authorization-dossier.js';
import { authorizationRows, type EarningRow } from '../dossier/earning-rows.js';
import { loadChecks } from '../dossier/load-checks.js';
import { judgedAsRenewal } from '../dossier/renewal-procedure.js';
import type { Roles } from '../dossier/translate-check.js';
import { currentLevel, timedLevelPolicy, type CurrentLevel } from '../levels/current-level.js';
import { allFound, findApplication, findMeans, findParty, findPerson } from '../objects.js';
import { stateAsOf } from '../state-as-of.js';
import { backboneAsOf, orTooMuch, type Folding } from './backbone-as-of.js';
import { earnsFor } from './earners.js';
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
import { explainMeans, meansAsOf, type MeansExplanation } from './explain-means.js';
import { rulesOfThen } from './rules-of-then.js';

/** What a decision on an authorization comes to. */
export type AuthorizationOutcome = Pick<
  AuthorizationResult,
  'scores' | 'rows' | 'm' | 'eh' | 'eidas' | 'submitterLevel' | 'flags'
>;

export interface AuthorizationExplanation {
  readonly id: string;
  readonly at: Instant;
  readonly status: Standing;
  readonly decision: ExplainedDecision<AuthorizationOutcome>;
  /** What it could be used at then: with its means and the policy of then. */
  readonly level: CurrentLevel;
  /** Where it is linked to one: the other half of its level. */
  readonly means?: MeansExplanation;
}

type Deciding = AuthorizationRegistered | AuthorizationRenewed | AuthorizationChanged;

/** Why an authorization has the level that it has, or had by then; `undefined`: it was not on record. */
export async function explainAuthorization(
  backbone: Backbone,
  id: string,
  asked: AskedExplanation,
): Promise<AuthorizationExplanation | undefined> {
  const { at } = asked;
  const { history } = await backbone.commands.load(authorizationDecider, streamId('authorization', id));
  const state = stateAsOf(authorizationDecider, history, at);
  if (state.status === 'none') return undefined;
  const decided = history.findLast(({ type, recordedAt }) => recordedAt <= at && DECIDING.has(type))!;
  const rules = rulesFor(asked, decided);
  // What it was decided by need not be what it was used by.
  const inForce = asked.ruleSet === undefined ? await rulesOfThen(backbone, at) : rules;
  const decision = await explainDecision(backbone, decided, rules, state, asked.fold);
  const { authorizedParty } = state;
  const linked = 'means' in authorizedParty ? authorizedParty.means : undefined;
  const means = linked === undefined ? undefined : await explainMeans(backbone, linked, asked);
  const { m, submitterLevel, status, validFrom, validUntil } = state;
  return {
    id,
    at,
    status: standingAt(state, at),
    decision,
    level: currentLevel(
      { means: linked ?? null, m, submitterLevel, status, validFrom, validUntil },
      linked === undefined ? undefined : await meansAsOf(backbone, linked, at),
      { rules: inForce, levelPolicy: timedLevelPolicy(backbone.governance) },
      at,
    ),
    ...(means === undefined ? {} : { means }),
  };
}

async function explainDecision(
  backbone: Backbone,
  decided: Recorded<DomainEvent>,
  rules: RuleSet,
  state: RegisteredAuthorization,
  fold: Folding | undefined,
): Promise<ExplainedDecision<AuthorizationOutcome>> {
  const event = { type: decided.type, data: decided.data } as Deciding;
  const decidedAt = momentOf(event);
  const recorded = outcomeOf(event.data as AuthorizationOutcome);
  const judged = await orTooMuch(judgeAgain(backbone, decided, event, { rules, state, decidedAt, fold }));
  const evidence = 'faults' in judged ? (event.data.evidence ?? []) : judged.evidence;
  const outcome = 'faults' in judged ? undefined : outcomeOf(judged.result);
  const { scores, rows } = outcome ?? recorded;
  const checks = await explainedChecks(backbone, evidence);
  // Judged again, several records of one human are known to be one.
  const { roles, facts } =
    'faults' in judged
      ? { roles: rolesOnRecord(event, state), facts: new Map(checks.map((one) => [one.check, one.facts])) }
      : judged;
  const isOf = (row: EarningRow, { check }: WeighedCheck): boolean => {
    const known = facts.get(check);
    return known !== undefined && earnsFor(row, known, roles);
  };
  const { authorization } = rules;
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
      [...authorization.rows, ...authorization.profileRows, ...profileOfRenewal(rules)],
      authorizationRows(event.data.registration, rules),
      evidence,
      isOf,
    ),
    checks,
    ...(event.data.copies === undefined ? {} : { copies: event.data.copies }),
  };
}

/** Who played which part, by the ids on record: as far as it is known where nothing can be put together again. */
function rolesOnRecord({ data }: Deciding, { representedParty, authorizedParty }: RegisteredAuthorization): Roles {
  return {
    ...{ application: data.application, representedParty, submitter: data.submitter.person },
    ...(data.legalRepresentative === undefined ? {} : { legalRepresentative: data.legalRepresentative }),
    ...('party' in authorizedParty
      ? { authorizedParty: authorizedParty.party }
      : { authorizedPerson: authorizedParty.person }),
  };
}

/** The rows of PV stand with the renewal. */
const profileOfRenewal = ({ validity }: RuleSet) =>
  validity.renewalRows.map(({ id, score, rule, source }) => ({ aspect: 'PV', id, score, rule, source }));

const outcomeOf = ({ scores, rows, m, eh, eidas, submitterLevel, flags }: AuthorizationOutcome) => ({
  ...{ scores, rows, m, eh, eidas, submitterLevel, flags },
});

function momentOf(event: Deciding): Instant {
  switch (event.type) {
    case 'AuthorizationRegistered':
      return event.data.registeredAt;
    case 'AuthorizationRenewed':
      return event.data.renewedAt;
    case 'AuthorizationChanged':
      return event.data.changedAt;
  }
}

/**
 * The same question once more: what the decision named, as it was on record before it, put together and judged by the
 * same code. Faults: something of it is not there any more.
 */
async function judgeAgain(
  backbone: Backbone,
  { position }: Recorded<DomainEvent>,
  event: Deciding,
  of: {
    readonly rules: RuleSet;
    readonly state: RegisteredAuthorization;
    readonly decidedAt: Instant;
    readonly fold: Folding | undefined;
  },
): Promise<
  | {
      readonly result: AuthorizationResult;
      readonly evidence: readonly WeighedCheck[];
      readonly roles: Roles;
      /** Of each check, as the roles name people. */
      readonly facts: ReadonlyMap<string, CheckFacts>;
    }
  | { readonly faults: readonly string[] }
> {
  const { rules, state, decidedAt } = of;
  const then = backboneAsOf(backbone, {
    ...{ before: position, at: decidedAt, rules },
    ...(of.fold === undefined ? {} : { fold: of.fold }),
  });
  const { data } = event;
  // Who is represented and authorized never changes.
  const { representedParty, authorizedParty, authority } = state;
  // What joined joins again by itself.
  const named = data.evidence?.filter(({ joined }) => !joined).map(({ check }) => check) ?? data.checks;
  const [objects, loaded] = await Promise.all([
    allFound({
      application: findApplication(then, data.application, ''),
      submitter: findPerson(then, data.submitter.person, ''),
      legalRepresentative:
        data.legalRepresentative === undefined ? undefined : findPerson(then, data.legalRepresentative, ''),
      representedParty: findParty(then, representedParty, ''),
      person: 'person' in authorizedParty ? findPerson(then, authorizedParty.person, '') : undefined,
      means: 'means' in authorizedParty ? findMeans(then, authorizedParty.means, '') : undefined,
      party: 'party' in authorizedParty ? findParty(then, authorizedParty.party, '') : undefined,
    }),
    loadChecks(then, named, ''),
  ]);
  if ('faults' in objects) return { faults: objects.faults.map(({ code }) => code) };
  if ('faults' in loaded) return { faults: loaded.faults.map(({ code }) => code) };
  const { application, submitter, legalRepresentative, person, means, party } = objects.found;
  const establishments = event.type === 'AuthorizationRenewed' ? state.establishments : event.data.establishments;
  const assembled = await authorizationDossier(
    then,
    {
      application,
      registration: data.registration,
      authority,
      representedParty: objects.found.representedParty,
      submitter: { person: submitter, role: data.submitter.role },
      ...(legalRepresentative === undefined ? {} : { legalRepresentative }),
      authorizedParty: person !== undefined && means !== undefined ? { person, means } : { party: party! },
      ...(establishments === undefined ? {} : { establishments }),
      // The rules ask whether there is a reason; its words stay sealed.
      ...(data.deviationReason === undefined ? {} : { deviationReason: 'given' }),
      checks: loaded.checks,
      assessedAt: assessmentAt(decidedAt, application, loaded.checks),
    },
    '',
  );
  if ('faults' in assembled) return { faults: assembled.faults.map(({ code }) => code) };
  const dossier = event.type === 'AuthorizationRenewed' ? judgedAsRenewal(assembled.dossier, rules) : assembled.dossier;
  return {
    result: classifyAuthorization(dossier, rules),
    evidence: weighedChecks(assembled.evidence),
    roles: assembled.roles,
    facts: new Map(assembled.evidence.map(({ check }) => [check.id, check.facts])),
  };
}
