import { canonicalJson, streamId, type DomainEvent, type Instant, type JsonValue, type Recorded } from '#libs/kernel';
import { checkDecider, type CheckFacts, type WeighedCheck } from '#libs/domain';
import {
  isRuleSetVersion,
  ruleSet as ruleSetOf,
  currentRuleSet,
  type RuleSet,
  type RuleSetVersion,
} from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import type { Folding } from './backbone-as-of.js';
import type { EarningRow } from '../dossier/earning-rows.js';

/** What is asked: as of which moment, and by which rules where not by those of then. */
export interface AskedExplanation {
  readonly at: Instant;
  readonly ruleSet?: RuleSetVersion;
  /** What may be folded anew, where several explanations share it. */
  readonly fold?: Folding;
}

/** Where an event stands in the log. */
export interface RecordPlace {
  readonly event: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly recordedAt: Instant;
}

/** A row that the dossier earned, with the checks that can have earned it. */
export interface ExplainedRow {
  readonly row: string;
  readonly score: number;
  /** What it asks, and where the scheme says so. */
  readonly rule: string;
  readonly source: string;
  /** Ids. None: it rests on no check, but on the profile of the register or the issuer, or on the product. */
  readonly checks: readonly string[];
}

export interface ExplainedAspect {
  readonly aspect: string;
  readonly score: number;
  readonly rows: readonly ExplainedRow[];
}

/** A check of the dossier: as it stood there, as it is on record, and where. */
export interface ExplainedCheck extends WeighedCheck {
  readonly facts: CheckFacts;
  readonly late: boolean;
  readonly record: RecordPlace;
}

/** Something that comes out otherwise than it was recorded; both as JSON. */
export interface Difference {
  readonly member: string;
  readonly recorded: string;
  readonly judgedAgain: string;
}

/** The decision that a level stood on, and what comes of its checks when they are judged again. */
export interface ExplainedDecision<Outcome> {
  readonly record: RecordPlace;
  readonly decidedAt: Instant;
  /** Rules that it was judged by, and those it is judged by here. */
  readonly recordedRuleSet: string | null;
  readonly ruleSet: string;
  readonly recorded: Outcome;
  /** `null`: it can't be put together again. */
  readonly judgedAgain: Outcome | null;
  /** Codes that say why not. */
  readonly obstacles: readonly string[];
  readonly differences: readonly Difference[];
  readonly aspects: readonly ExplainedAspect[];
  readonly checks: readonly ExplainedCheck[];
  /** Copies on record that it rests on, by the id of the evidence (R-IO3-d-copy); absent: none. */
  readonly copies?: readonly string[];
}

export const placeOf = ({ type, metadata, revision, position, recordedAt }: Recorded<DomainEvent>): RecordPlace => ({
  ...{ event: metadata.id, type, stream: metadata.stream, revision },
  ...{ position: String(position), recordedAt },
});

/** The rules that an explanation judges by: those named, else those of the decision. */
export function rulesFor({ ruleSet }: AskedExplanation, { metadata }: Recorded<DomainEvent>): RuleSet {
  const version = ruleSet ?? metadata.ruleSet;
  return version !== undefined && isRuleSetVersion(version) ? ruleSetOf(version) : currentRuleSet;
}

interface TableRow {
  readonly id: string;
  readonly score: number;
  readonly rule: string;
  readonly source: string;
}

/**
 * Aspects with their rows, each with those of the checks that count, are of a kind that it can rest on and of somebody whom
 * it is about (`isOf`).
 */
export function explainedAspects(
  scores: object,
  rows: object,
  table: readonly (TableRow & { readonly aspect: string })[],
  earning: readonly EarningRow[],
  evidence: readonly WeighedCheck[],
  isOf: (row: EarningRow, check: WeighedCheck) => boolean,
): readonly ExplainedAspect[] {
  const earnedRows = rows as Readonly<Record<string, readonly string[] | undefined>>;
  return Object.entries(scores as Readonly<Record<string, number>>).map(([aspect, score]) => {
    const ofAspect = table.filter((row) => row.aspect === aspect);
    // What the register does itself is scored by its profile, and has one row for each score.
    const ids = earnedRows[aspect] ?? ofAspect.filter((row) => row.score === score && score > 0).map((row) => row.id);
    return {
      aspect,
      score,
      rows: ids.flatMap((id) => {
        // One id may have a row for each of several scores (R-IV).
        const row =
          ofAspect.find((one) => one.id === id && one.score === score) ?? ofAspect.find((one) => one.id === id);
        if (row === undefined) return [];
        const earned = earning.find((one) => one.row === id && one.aspect === aspect && one.score === row.score);
        const checks =
          earned === undefined
            ? []
            : evidence.filter((check) => check.counts && earned.checks.includes(check.type) && isOf(earned, check));
        return [
          {
            ...{ row: id, score: row.score, rule: row.rule, source: row.source },
            checks: checks.map(({ check }) => check),
          },
        ];
      }),
    };
  });
}

/** The checks of a dossier with their records, in its order. */
export async function explainedChecks(
  backbone: Backbone,
  evidence: readonly WeighedCheck[],
): Promise<readonly ExplainedCheck[]> {
  const loaded = await backbone.commands.loadAll(
    checkDecider,
    evidence.map(({ check }) => streamId('check', check)),
  );
  return loaded.flatMap(({ state, history }, index) =>
    state.status === 'none'
      ? []
      : [{ ...evidence[index]!, facts: state.facts, late: state.late, record: placeOf(history[0]!) }],
  );
}

/** Members that differ, objects of scores and rows by aspect, checks by check. */
export function differencesBetween(
  recorded: Readonly<Record<string, unknown>>,
  judgedAgain: Readonly<Record<string, unknown>>,
): readonly Difference[] {
  return Object.keys(recorded).flatMap((member) => {
    const [before, now] = [recorded[member], judgedAgain[member]];
    if (isRecord(before) && isRecord(now)) {
      return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((name) =>
        differenceAt(`${member}.${name}`, before[name], now[name]),
      );
    }
    return differenceAt(member, before, now);
  });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function differenceAt(member: string, before: unknown, now: unknown): readonly Difference[] {
  const [recorded, judgedAgain] = [before, now].map((value) => canonicalJson((value ?? null) as JsonValue));
  return recorded === judgedAgain ? [] : [{ member, recorded: recorded!, judgedAgain: judgedAgain! }];
}

/** How each check stood, by check. */
export const standingOfChecks = (evidence: readonly WeighedCheck[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    evidence.map(({ check, counts, why, joined, superseded }) => [
      check,
      { counts, why: why ?? null, joined, superseded },
    ]),
  );
