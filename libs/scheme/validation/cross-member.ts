import { readInstant } from '../time/instant.js';
import type { Fault } from './faults.js';

type Members = Readonly<Record<string, unknown>>;

const members = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};

/** `NaN`, which compares as false, for whatever is no moment: that fault is the schema's to report. */
const moment = (value: unknown): number => (typeof value === 'string' ? readInstant(value) : NaN);

function authorizationFaults({ startedAt, assessedAt }: Members): readonly Fault[] {
  return moment(assessedAt) < moment(startedAt)
    ? [
        {
          pointer: '/assessedAt',
          code: 'end-before-begin',
          detail: { en: 'is before startedAt', nl: 'ligt vóór startedAt' },
        },
      ]
    : [];
}

function validityFaults(request: Members): readonly Fault[] {
  const { from, until } = members(request['period']);
  return moment(until) <= moment(from)
    ? [
        {
          pointer: '/period/until',
          code: 'end-before-begin',
          detail: { en: 'is not after from', nl: 'ligt niet na from' },
        },
      ]
    : [];
}

const REQUESTER_REQUIRED = {
  en: 'is required for a revocation or suspension',
  nl: 'is verplicht voor een intrekking of schorsing',
};

/** Somebody has to ask for a revocation or suspension; other mutations are judged without (classification.md §3.2). */
function revocationFaults({ mutation, requester }: Members): readonly Fault[] {
  const ends = mutation === undefined || mutation === 'revocation' || mutation === 'suspension';
  return ends && requester === undefined
    ? [{ pointer: '/requester', code: 'missing-member', detail: REQUESTER_REQUIRED }]
    : [];
}

/** Faults that no single member shows. */
export function crossMemberFaults(
  kind: 'authorization' | 'means' | 'revocationDeadline' | 'validity' | 'evaluation',
  value: unknown,
): readonly Fault[] {
  const request = members(value);
  switch (kind) {
    case 'authorization':
      return authorizationFaults(request);
    case 'validity':
      return validityFaults(request);
    case 'revocationDeadline':
      return revocationFaults(request);
    case 'means':
    case 'evaluation':
      return [];
  }
}
