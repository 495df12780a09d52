import { canonicalJson, type DomainEvent, type JsonValue, type Rejection } from '#libs/kernel';
import { MAX_EVENT_BYTES, type CommandOutcome } from '#libs/eventing';
import { evidenceNotReusable, type Turnaround, type WeighedCheck } from '#libs/domain';
import { randomUUID } from 'node:crypto';
import { actorOf, type Backbone, type RequestContext } from './backbone.js';

/** What was asked of an object that is there, and until when that had to be answered (PT2, REV-09). */
export type RefusedMutation = Turnaround & {
  readonly mutation: 'suspension' | 'reinstatement' | 'change' | 'renewal';
  readonly object: 'authorization' | 'means';
  /** Its id, and the intake that it came in with. */
  readonly about: string;
  readonly application: string;
};

/** What a refusal was judged on, for its record: never facts from the request, never personal data. */
export interface RefusalGround {
  /** What was asked (`RegisterAuthorization`, `IssueMeans` …). */
  readonly command: string;
  readonly object: string;
  readonly checks: readonly string[];
  /** The dossier as the rule book saw it, and what came of it. */
  readonly dossier?: JsonValue;
  readonly result?: JsonValue;
  /** How the checks were weighed (PROOF-01). */
  readonly evidence?: JsonValue;
  /** Of what had its time: the report has it (REV-09). */
  readonly mutation?: RefusedMutation;
  readonly codes: readonly Rejection[];
}

/**
 * A refusal also says that evidence of another process was named and not taken over (REG-10), where nothing else would:
 * the clerk has to supply it anew.
 */
export function withEvidenceCodes<State, Event extends DomainEvent>(
  outcome: CommandOutcome<State, Event>,
  evidence: readonly WeighedCheck[],
): CommandOutcome<State, Event> {
  if (outcome.outcome !== 'rejected') return outcome;
  const { rejections } = outcome;
  const isByRule = rejections.some(({ kind }) => kind === 'refused');
  const isSaid = rejections.some(({ code }) => code === 'evidence-not-reusable');
  const isLeftOut = evidence.some(({ why, joined }) => why === 'other-application' && !joined);
  if (!isByRule || !isLeftOut || isSaid) return outcome;
  const place = rejections.findIndex(({ code }) => AFTER_IT.has(code));
  return {
    ...outcome,
    rejections: rejections.toSpliced(place === -1 ? rejections.length : place, 0, evidenceNotReusable()),
  };
}

/** Codes that follow `evidence-not-reusable` in the catalogue, whose order refusals keep (interfaces.md §4). */
const AFTER_IT: ReadonlySet<string> = new Set([
  'voucher-is-authorized-person',
  'function-declaration-missing',
  'representation-limited',
  'deviation-reason-missing',
  'level-closed-for-issuance',
]);

/** What the checks on record give again, in the order in which it goes where a record has no room for all of it. */
const MADE_AGAIN = ['dossier', 'evidence', 'result'] as const;

/**
 * Keeps a record of a "no" by rule, durable before it is answered (interfaces.md §4, §8). There is always one: where a
 * dossier is larger than a record may be, the record says that it was left out.
 */
export async function recordRefusal(backbone: Backbone, request: RequestContext, ground: RefusalGround): Promise<void> {
  // A refused key stays free and is judged afresh, so that every refusal is a record of its own.
  const id = randomUUID();
  const actor = await actorOf(backbone, request);
  const refusedAt = backbone.now();
  const recordOf = (data: Partial<RefusalGround> & { readonly leftOut?: readonly string[] }): string =>
    canonicalJson({
      id,
      kind: 'refusal',
      schemaVersion: 1,
      correlationId: request.correlationId,
      ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
      actor,
      data: { ...data, ruleSet: backbone.rules.version, policy: backbone.governance.version, refusedAt },
    });
  let bytes = recordOf(ground);
  const leftOut: string[] = [];
  for (const part of MADE_AGAIN) {
    if (Buffer.byteLength(bytes) <= MAX_EVENT_BYTES) break;
    if (ground[part] === undefined) continue;
    leftOut.push(part);
    const kept = Object.fromEntries(Object.entries(ground).filter(([name]) => !leftOut.includes(name)));
    bytes = recordOf({ ...kept, leftOut });
  }
  await backbone.records.append({ id, kind: 'refusal', bytes });
}
