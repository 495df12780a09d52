import { randomUUID } from 'node:crypto';
import { canonicalJson, epochOf, instantFromEpoch, type Instant, type JsonValue } from '#libs/kernel';
import type { SealedPlace } from '#libs/eventing';
import { retainedUntil } from '#libs/scheme';
import type { Backbone, RequestContext } from '../backbone.js';
import { leaveReading } from './leave-reading.js';

/** Kind of the work that waits for the end of a reading's reason. */
export const READING_WORDS = 'reading-words';

/** Where the reason stands; it is sealed under a key of the reading itself and goes with it (ADR 0074). */
export const reasonIn = (reading: string): SealedPlace => ({ stream: 'records', eventId: reading, member: 'reason' });

/** Where the salt of an export stands, sealed under the same key. */
export const saltIn = (reading: string): SealedPlace => ({ stream: 'records', eventId: reading, member: 'salt' });

/** What was taken along as a file: its bytes as a keyed hash, how many they are, and of how many items. */
export interface RecordedExport {
  /** HMAC-SHA-256 of the bytes under the salt, in hexadecimal: nobody tests a file by it who does not have the salt. */
  readonly hmac: string;
  /** Handed to the receiver; here sealed, so that it goes with the reading's key (ADR 0156). */
  readonly salt: string;
  readonly bytes: number;
  readonly items: number;
}

/** Leaves the record of an auditor's reading, durable before the answer: what was asked, why, what was shown. */
export async function recordReading(
  backbone: Backbone,
  request: RequestContext,
  reading: {
    readonly what: string;
    readonly reason: string;
    readonly question: JsonValue;
    readonly shown: readonly string[];
    /** Persons of whom something was shown. */
    readonly subjects: readonly string[];
    readonly startedAt: Instant;
    readonly failed?: boolean;
    readonly export?: RecordedExport;
  },
): Promise<string> {
  const id = randomUUID();
  const { reason, what, subjects, startedAt, failed = false, export: taken, ...rest } = reading;
  const holder = { kind: 'reading', id } as const;
  const sealed = await backbone.sealer.seal(holder, reasonIn(id), canonicalJson(reason));
  const salt = taken && (await backbone.sealer.seal(holder, saltIn(id), canonicalJson(taken.salt)));
  // First: of a reading that never came to be, a key is destroyed that nothing is sealed under.
  const dueAt = instantFromEpoch(retainedUntil(epochOf(startedAt), backbone.retention.years));
  await backbone.dueWork.enqueue([{ kind: READING_WORDS, id, group: id, dueAt, payload: { from: startedAt } }]);
  return leaveReading(backbone, request, {
    ...{ id, purpose: 'audit', what, subjects, startedAt, failed },
    // In the first the reason stood in clear.
    schemaVersion: 2,
    data: {
      ...rest,
      reason: { sealed },
      ...(taken === undefined ? {} : { export: { ...taken, salt: { sealed: salt! } } }),
    },
  });
}

/**
 * Leaves the record of how the giving of an export ended: whole, or broken off after so many bytes. Where there is none,
 * the process ended before it was known.
 */
export const recordExportEnd = (
  backbone: Backbone,
  request: RequestContext,
  end: {
    readonly export: string;
    readonly outcome: 'given' | 'broken-off';
    readonly bytes: number;
    readonly startedAt: Instant;
  },
): Promise<string> =>
  leaveReading(backbone, request, {
    ...{ purpose: 'audit', what: 'export-ends', subjects: [], startedAt: end.startedAt, schemaVersion: 2 },
    follows: true,
    data: { question: { export: end.export }, shown: [], outcome: end.outcome, bytes: end.bytes },
  });
