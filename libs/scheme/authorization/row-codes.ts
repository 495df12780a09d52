import type { RowCode } from '../score.js';

/**
 * Codes that say: this one condition alone keeps an aspect, or an element of a means, from a higher score
 * (classification.md §1.7, D-25). They are found by supposing the condition met and judging again what asked for it;
 * each predicate says where its condition is asked.
 */
export type AuthorizationRowCode =
  | 'submitter-not-representative'
  | 'original-form-required'
  | 'id-copy-expired'
  | 'evidence-not-reusable'
  | 'voucher-is-authorized-person'
  | 'function-declaration-missing'
  | 'representation-limited'
  | 'deviation-reason-missing';

export const AUTHORIZATION_ROW_CODES: readonly RowCode<AuthorizationRowCode>[] = [
  {
    code: 'submitter-not-representative',
    rules: ['PARTY-03', 'D-12'],
    condition:
      'the submitter acts as representative of the represented party (not asked of a proxy holder by row IO3-e)',
  },
  {
    code: 'original-form-required',
    rules: ['IO3-d-paper', 'AMB-28'],
    condition: 'the signed form that was compared is the paper original, not a scan of it',
  },
  {
    code: 'id-copy-expired',
    rules: ['R-IO3-d-copy'],
    condition: "the administrator's document, of which the register holds a copy, has not expired",
  },
  {
    code: 'evidence-not-reusable',
    rules: ['REG-10'],
    condition: 'records taken over from the application for the means count, as they do within one process',
  },
  {
    code: 'voucher-is-authorized-person',
    rules: ['IG2-d-other'],
    condition: 'the one who vouches and the one vouched for are two people',
  },
  {
    code: 'function-declaration-missing',
    rules: ['IV2-pub-ii', 'IV2-pub-iii', 'MAND-03'],
    condition: 'the submitter declares to hold his function at this moment',
  },
  {
    code: 'representation-limited',
    rules: ['IV2-limits'],
    condition: 'no limitation of the power of representation stands in the way',
  },
  {
    code: 'deviation-reason-missing',
    rules: ['NORM-03', 'D-24'],
    condition: 'a reason is given for departing from the recommendation of the row',
  },
];
