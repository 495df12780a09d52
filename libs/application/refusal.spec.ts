import { describe, expect, it } from '@jest/globals';
import type { Rejection } from '#libs/kernel';
import type { WeighedCheck } from '#libs/domain';
import { uuid } from '#libs/testing';
import { withEvidenceCodes } from './index.js';

const check = (more: Partial<WeighedCheck> = {}): WeighedCheck =>
  ({ check: uuid('check'), type: 'idCopyEnclosed', counts: false, joined: false, superseded: false, ...more }) as never;
const leftOut = check({ why: 'other-application' });

const codesAfter = (rejections: readonly Rejection[], evidence: readonly WeighedCheck[]): readonly string[] => {
  const outcome = withEvidenceCodes({ outcome: 'rejected', rejections }, evidence);
  return outcome.outcome === 'rejected' ? outcome.rejections.map(({ code }) => code) : [];
};
const refused = (code: string): Rejection => ({ code, kind: 'refused' });

describe('REG-10: a refusal', () => {
  it('says as well that evidence of another process was named and left out', () => {
    expect(codesAfter([refused('level-not-reached')], [check(), leftOut])).toEqual([
      ...['level-not-reached', 'evidence-not-reusable'],
    ]);
  });

  it('says so in the order of the catalogue', () => {
    const codes = ['level-not-reached', 'function-declaration-missing', 'level-closed-for-issuance'];
    expect(codesAfter(codes.map(refused), [leftOut])).toEqual([
      ...['level-not-reached', 'evidence-not-reusable', 'function-declaration-missing', 'level-closed-for-issuance'],
    ]);
  });

  it.each<[string, readonly Rejection[], readonly WeighedCheck[]]>([
    ['nothing was left out', [refused('level-not-reached')], [check({ why: 'too-old' })]],
    ['it came along by itself', [refused('level-not-reached')], [check({ why: 'other-application', joined: true })]],
    ['it says so already', [refused('evidence-not-reusable'), refused('level-not-reached')], [leftOut]],
    ['it is none by rule', [{ code: 'authorization-already-active', kind: 'conflict' }], [leftOut]],
  ])('says no more than it did where %s', (_, rejections, evidence) => {
    expect(codesAfter(rejections, evidence)).toEqual(rejections.map(({ code }) => code));
  });

  it('leaves what was no refusal as it is', () => {
    const accepted = { outcome: 'conflict' } as const;
    expect(withEvidenceCodes(accepted, [leftOut])).toBe(accepted);
  });
});
