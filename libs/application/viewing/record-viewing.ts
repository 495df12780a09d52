import type { Instant, JsonValue } from '#libs/kernel';
import type { Backbone, RequestContext } from '../backbone.js';
import { leaveReading } from './leave-reading.js';
import type { NamedViewer } from './viewer.js';

interface Shown {
  readonly what: string;
  /** Names objects, and nothing that identifies anybody. */
  readonly question: JsonValue;
  /** Ids of what was shown; none: nothing. */
  readonly shown: readonly string[];
  /** Persons of whom something was shown. */
  readonly subjects: readonly string[];
  /** When the work began. */
  readonly startedAt: Instant;
}

/**
 * Leaves the record of what a person was shown, durable before the answer: who viewed, by which login, what he asked for
 * and what of it he saw (VIS-05).
 */
export async function recordViewing(
  backbone: Backbone,
  request: RequestContext,
  { viewer, what, subjects, startedAt, ...shown }: Shown & { readonly viewer: NamedViewer },
): Promise<void> {
  const { person, authentication } = viewer;
  await leaveReading(backbone, request, {
    ...{ purpose: 'insight', what, subjects, startedAt },
    // In the ones before there was an auditor's reason, and no viewer.
    schemaVersion: 3,
    data: { ...shown, viewer: { person, authentication } },
  });
}

/** The same of a program or clerk who was shown names that are meant to leave the house: nobody views, and nobody says why. */
export async function recordNamesShown(
  backbone: Backbone,
  request: RequestContext,
  { what, subjects, startedAt, ...shown }: Shown,
): Promise<void> {
  await leaveReading(backbone, request, {
    ...{ purpose: 'disclosure', what, subjects, startedAt, schemaVersion: 4 },
    data: { ...shown },
  });
}
