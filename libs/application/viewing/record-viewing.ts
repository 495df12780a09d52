import { randomUUID } from 'node:crypto';
import { canonicalJson, type JsonValue } from '#libs/kernel';
import { actorOf, type Backbone, type RequestContext } from '../backbone.js';
import type { NamedViewer } from './viewer.js';

interface Shown {
  readonly what: string;
  /** Names objects, and nothing that identifies anybody. */
  readonly question: JsonValue;
  /** Ids of what was shown; none: nothing. */
  readonly shown: readonly string[];
}

/**
 * Leaves the record of what a person was shown, durable before the answer: who viewed, by which login, what he asked for
 * and what of it he saw (VIS-05).
 */
export const recordViewing = (
  backbone: Backbone,
  request: RequestContext,
  { viewer, ...shown }: Shown & { readonly viewer: NamedViewer },
): Promise<void> =>
  // In the ones before there was an auditor's reason, and no viewer.
  record(backbone, request, 3, { ...shown, viewer: { person: viewer.person, authentication: viewer.authentication } });

/** The same of a program or clerk who was shown names that are meant to leave the house: nobody views, and nobody says why. */
export const recordNamesShown = (backbone: Backbone, request: RequestContext, shown: Shown): Promise<void> =>
  record(backbone, request, 4, { ...shown });

async function record(
  backbone: Backbone,
  request: RequestContext,
  schemaVersion: number,
  data: Readonly<Record<string, JsonValue>>,
): Promise<void> {
  const id = randomUUID();
  const reading = {
    ...{ id, kind: 'reading', schemaVersion, correlationId: request.correlationId },
    ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
    actor: await actorOf(backbone, request),
    data: { ...data, readAt: backbone.now() },
  };
  await backbone.records.append({ id, kind: 'reading', bytes: canonicalJson(reading) });
}
