import { randomUUID } from 'node:crypto';
import { canonicalJson, type JsonValue } from '#libs/kernel';
import { actorOf, type Backbone, type RequestContext } from '#libs/application';

/** Leaves the record of an auditor's reading, durable before the answer: what was asked, why, what was shown. */
export async function recordReading(
  backbone: Backbone,
  request: RequestContext,
  reading: {
    readonly what: string;
    readonly reason: string;
    readonly question: JsonValue;
    readonly shown: readonly string[];
  },
): Promise<string> {
  const id = randomUUID();
  const record = {
    id,
    kind: 'reading',
    schemaVersion: 1,
    correlationId: request.correlationId,
    ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
    actor: await actorOf(backbone, request),
    data: { ...reading, readAt: backbone.now() },
  };
  await backbone.records.append({ id, kind: 'reading', bytes: canonicalJson(record) });
  return id;
}
