import { randomUUID } from 'node:crypto';
import { canonicalJson, type JsonValue } from '#libs/kernel';
import type { SealedPlace } from '#libs/eventing';
import { actorOf, type Backbone, type RequestContext } from '../backbone.js';

/** Where the reason stands; it is sealed under a key of the reading itself and goes with it (ADR 0074). */
export const reasonIn = (reading: string): SealedPlace => ({ stream: 'records', eventId: reading, member: 'reason' });

/** Leaves the record of an auditor's reading, durable before the answer: what was asked, why, what was shown. */
export async function recordReading(
  backbone: Backbone,
  request: RequestContext,
  reading: {
    readonly what: string;
    readonly reason: string;
    readonly question: JsonValue;
    readonly shown: readonly string[];
    /** Of what was taken along as a file: what its bytes hash to, how many they are, and of how many items. */
    readonly export?: { readonly sha256: string; readonly bytes: number; readonly items: number };
  },
): Promise<string> {
  const id = randomUUID();
  const { reason, ...rest } = reading;
  const sealed = await backbone.sealer.seal({ kind: 'reading', id }, reasonIn(id), canonicalJson(reason));
  const record = {
    id,
    kind: 'reading',
    // In the first the reason stood in clear.
    schemaVersion: 2,
    correlationId: request.correlationId,
    ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
    actor: await actorOf(backbone, request),
    data: { ...rest, reason: { sealed }, readAt: backbone.now() },
  };
  await backbone.records.append({ id, kind: 'reading', bytes: canonicalJson(record) });
  return id;
}
