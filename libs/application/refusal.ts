import { canonicalJson, type JsonValue, type Rejection } from '#libs/kernel';
import { randomUUID } from 'node:crypto';
import { actorOf, type Backbone, type CommandRequest } from './backbone.js';

/** What a refusal was judged on, for its record: never facts from the request, never personal data. */
export interface RefusalGround {
  /** What was asked (`RegisterAuthorization`, `IssueMeans` …). */
  readonly command: string;
  readonly object: string;
  readonly checks: readonly string[];
  /** The dossier as the rule book saw it, and what came of it. */
  readonly dossier?: JsonValue;
  readonly result?: JsonValue;
  readonly codes: readonly Rejection[];
}

/** Keeps a record of a "no" by rule, durable before it is answered (interfaces.md §4, §8). */
export async function recordRefusal(backbone: Backbone, request: CommandRequest, ground: RefusalGround): Promise<void> {
  // A refused key stays free and is judged afresh, so that every refusal is a record of its own.
  const id = randomUUID();
  const record = {
    id,
    kind: 'refusal',
    schemaVersion: 1,
    correlationId: request.correlationId,
    ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
    actor: await actorOf(backbone, request),
    data: {
      ...ground,
      ruleSet: backbone.rules.version,
      policy: backbone.governance.version,
      refusedAt: backbone.now(),
    },
  };
  await backbone.records.append({ id, kind: 'refusal', bytes: canonicalJson(record) });
}
