import { setTimeout as delay } from 'node:timers/promises';
import { epochOf, type Instant } from '#libs/kernel';
import type { Condition, Projection, ProjectionStore, Row } from '#libs/eventing';
import type { PolicyProposal, SimulationResult } from '#libs/domain';
import type { RuleSet } from '#libs/scheme';
import type { Governance } from '../governance/governance.js';
import { pagesOf } from '../read-models/all-rows.js';
import { authorizationsProjection } from '../read-models/authorizations.js';
import { meansProjection, type MeansRow } from '../read-models/means.js';
import type { DecisionIndex } from '../use/decision-index.js';
import { decisionIndexProjection, type DecisionIndexRow, type MeansEntry } from '../use/decision-index.projection.js';
import { indexMaps } from '../use/index-maps.js';
import { usePolicy, type UsePolicy } from '../use/use-policy.js';
import { proposedGovernance, proposedRules } from './proposed-policy.js';
import { judgeRight, rightsOf, wayBack, type Pace } from './rights.js';
import { tally, type JudgedRight } from './tally.js';

/** Read models that a simulation goes through; whoever runs one keeps them up to date. */
export const simulatedProjections = [meansProjection, authorizationsProjection, decisionIndexProjection] as const;

/** Rows and keys that are read at once. */
const AT_ONCE = 1_000;
/** Of an authorization: where it is, and for whom. */
const COLUMNS = ['id', 'position', 'representedParty'] as const;
/** Work in one go, and the rest after it, in milliseconds: whoever shares the process answers in between. */
const GO = 2;
const REST = 4;

export interface SimulationParts {
  readonly store: Pick<ProjectionStore, 'load' | 'search' | 'searchColumns'>;
  readonly governance: Governance;
  readonly rules: RuleSet;
  readonly now: () => Instant;
  /** Told now and then how many means were looked at; whatever it waits for holds up the simulation. */
  readonly progress?: (done: number, of: number) => Promise<void>;
  /** Ends it: whoever waits for the result gets the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Goes through the register and asks of every right what the answer at use is at each moment, by the policy in force and
 * by the proposal: the very judgment that decisions are made by (USE-01), so that what it says is what will be answered.
 *
 * Means come in pages, with the other means of their holders and what leads to them. In memory at once are one page and, of
 * everything that loses something, a number and a bit for each place where it does. The register goes on meanwhile: a means
 * applied for later is left out, and everything else counts as it is when its page is read.
 */
export async function simulatePolicy(
  { store, governance, rules, now, progress, signal }: SimulationParts,
  proposal: PolicyProposal,
  moments: readonly Instant[],
): Promise<SimulationResult> {
  const inForce = usePolicy(governance, rules);
  const proposed = usePolicy(proposedGovernance(governance, proposal), proposedRules(proposal, rules));
  const providers = new Map(governance.services.map(({ id, provider }) => [id, provider]));
  const counts = tally(moments, (service) => providers.get(service)!);
  const from = now();
  const { last, means } = await extentOf(store, signal);
  const pace = paced(signal);
  let done = 0;
  let rights = 0;
  for await (const page of pagesOf(store as ProjectionStore, meansProjection, [])) {
    signal?.throwIfAborted();
    // What was applied for since it began stands before the first page, and is of nobody's whom it has counted.
    const those = page.filter(({ position }) => position <= last);
    const { index, holders } = await holdersOf(store, those, last, inForce.maxIntermediaries);
    for (const pseudonyms of holders) {
      const judged: JudgedRight[][] = [];
      for (const pseudonym of pseudonyms) {
        for (const right of rightsOf(index.means(pseudonym)!, index, { inForce, proposed }, epochOf(moments[0]!))) {
          rights += 1;
          const answers: JudgedRight[] = [];
          for (const moment of moments) {
            answers.push(await judgedAt(right, index, { inForce, proposed }, epochOf(moment), pace));
          }
          judged.push(answers);
        }
      }
      counts.holder(judged);
      await pace();
    }
    done += those.length;
    await progress?.(done, means);
  }
  return {
    ...{ from, until: now(), policy: governance.version },
    ...{
      inForceRuleSet: rules.version,
      ruleSet: proposed.rules.version,
      means: done,
      rights,
      moments: counts.result(),
    },
  };
}

async function judgedAt(
  right: JudgedRight['right'],
  index: DecisionIndex,
  { inForce, proposed }: { readonly inForce: UsePolicy; readonly proposed: UsePolicy },
  at: number,
  pace: Pace,
): Promise<JudgedRight> {
  const before = await judgeRight(right, index, inForce, at, pace);
  const after = await judgeRight(right, index, proposed, at, pace);
  const isLost = before.decision && !after.decision;
  return { right, before, after, back: isLost ? await wayBack(right, index, proposed, at, pace) : undefined };
}

/** The newest means when it begins, and how many there are. */
async function extentOf(
  store: Pick<ProjectionStore, 'searchColumns'>,
  signal: AbortSignal | undefined,
): Promise<{ readonly last: bigint; readonly means: number }> {
  let last = 0n;
  let means = 0;
  for await (const page of columnsOf(store, meansProjection, ['id', 'position'], [])) {
    signal?.throwIfAborted();
    if (means === 0) last = page[0]?.position ?? 0n;
    means += page.length;
  }
  return { last, means };
}

/** Those columns of every row that meets the conditions, newest first, in pieces. */
async function* columnsOf<R extends Row, Column extends keyof R & string>(
  store: Pick<ProjectionStore, 'searchColumns'>,
  projection: Projection<R>,
  columns: readonly Column[],
  where: readonly Condition[],
): AsyncGenerator<readonly Pick<R, Column>[], void, undefined> {
  const { key, newestFirst } = projection.table;
  for (let after: { readonly order: bigint; readonly key: string } | undefined; ;) {
    const query = { where, limit: AT_ONCE, ...(after === undefined ? {} : { after }) };
    const page = await store.searchColumns<R, Column>(projection, columns, query);
    yield page;
    const end = page.at(-1) as Row | undefined;
    if (page.length < AT_ONCE || end === undefined) return;
    after = { order: end[newestFirst] as bigint, key: end[key] as string };
  }
}

interface Holders {
  readonly index: DecisionIndex;
  /** Of each holder whose turn it is the pseudonyms of all his means: his turn comes with his newest means. */
  readonly holders: readonly (readonly string[])[];
}

/** What decisions about these means rest on, as it is now: everything else about the register is left where it is. */
async function holdersOf(
  store: SimulationParts['store'],
  page: readonly MeansRow[],
  last: bigint,
  intermediaries: number,
): Promise<Holders> {
  const index = indexMaps();
  const put = async (ids: readonly string[]): Promise<readonly DecisionIndexRow[]> => {
    const rows: DecisionIndexRow[] = [];
    for (const some of pieces(ids)) {
      const found = await store.load(decisionIndexProjection, some);
      for (const row of found.values()) {
        index.put(row);
        rows.push(row);
      }
    }
    return rows;
  };
  const mine = new Map<string, MeansRow[]>();
  const together = [...new Set(page.map(({ holder }) => holder))];
  for (const some of pieces(together)) {
    const where = [{ column: 'holder', is: 'one-of', values: some } as const];
    for await (const rows of pagesOf(store as ProjectionStore, meansProjection, where)) {
      for (const row of rows) {
        if (row.position > last) continue;
        mine.set(row.holder, [...(mine.get(row.holder) ?? []), row]);
      }
    }
  }
  const here = new Set(page.map(({ id }) => id));
  const turns = [...mine.values()].filter(([newest]) => newest !== undefined && here.has(newest.id));
  const all = turns.flat();
  const known = await put(all.map(({ id }) => `means:${id}`));

  const parties = new Set<string>();
  const linked = async (column: 'means' | 'authorizedParty', values: readonly string[]): Promise<readonly string[]> => {
    const found = new Set<string>();
    for (const some of pieces(values)) {
      const where = [{ column, is: 'one-of', values: some } as const];
      for await (const rows of columnsOf(store, authorizationsProjection, COLUMNS, where)) {
        await put(rows.map(({ id }) => `authorization:${id}`));
        for (const { representedParty } of rows) if (!parties.has(representedParty)) found.add(representedParty);
      }
    }
    for (const party of found) parties.add(party);
    return [...found];
  };
  let reached = await linked(
    'means',
    all.map(({ id }) => id),
  );
  // Whom they represent may be authorized by others: that is the way of a chain (CHAIN-01).
  for (let step = 0; step < intermediaries && reached.length > 0; step++) {
    reached = await linked('authorizedParty', reached);
  }
  await put([...parties].map((party) => `party:${party}`));
  const pseudonyms = new Map(
    known.map(({ content }) => [(content as MeansEntry).means, (content as MeansEntry).pseudonym]),
  );
  return {
    index,
    // One that the index has not seen yet has nothing that could be lost.
    holders: turns.map((rows) => rows.flatMap(({ id }) => pseudonyms.get(id) ?? [])),
  };
}

function* pieces<Item>(items: readonly Item[]): Generator<readonly Item[], void, undefined> {
  for (let at = 0; at < items.length; at += AT_ONCE) yield items.slice(at, at + AT_ONCE);
}

/** Lets others go first, again and again. */
function paced(signal: AbortSignal | undefined): Pace {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < GO) return;
    signal?.throwIfAborted();
    await delay(REST);
    since = performance.now();
  };
}
