import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MAX_EVENT_BYTES } from '#libs/eventing';
import type { Rejection } from '#libs/kernel';
import type { WeighedCheck } from '#libs/domain';
import { fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { withEvidenceCodes } from './index.js';
import { recordRefusal, type RefusalGround } from './refusal.js';

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

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(paperRegistration.assessedAt), { readModels: [] });
});
afterEach(() => memory.close());

const large = { establishments: Array.from({ length: 40_000 }, (_, index) => String(100_000_000_000 + index)) };
const ground: RefusalGround = {
  command: 'RegisterAuthorization',
  object: 'authorization',
  checks: [uuid('check', 1)],
  dossier: { registration: 'first' },
  result: { m: null },
  evidence: [{ check: uuid('check', 1), counts: false }],
  codes: [{ code: 'level-not-reached', kind: 'refused' }],
};
async function recorded(its: Partial<RefusalGround>): Promise<Record<string, unknown>> {
  const request = { client: 'back-office', correlationId: 'trace', idempotencyKey: 'key-00000001' };
  await recordRefusal(memory.backbone, request, { ...ground, ...its });
  const { items } = await memory.stores.records.read(0n);
  expect(items).toHaveLength(1);
  expect(Buffer.byteLength(items[0]!.bytes)).toBeLessThanOrEqual(MAX_EVENT_BYTES);
  return (JSON.parse(items[0]!.bytes) as { data: Record<string, unknown> }).data;
}

describe('the record of a refusal', () => {
  it('has everything that was judged, where there is room', async () => {
    const data = await recorded({});
    expect(data).toMatchObject({ ...ground });
    expect(data).not.toHaveProperty('leftOut');
  });

  it('leaves a dossier out that is larger than a record, and says so: its checks are named', async () => {
    const { dossier, ...kept } = ground;
    const data = await recorded({ dossier: large });
    expect(dossier).toBeDefined();
    expect(data).toMatchObject({ ...kept, leftOut: ['dossier'] });
    expect(data).not.toHaveProperty('dossier');
  });

  it('keeps codes and checks whatever else is too large', async () => {
    const data = await recorded({ dossier: large, evidence: large, result: large });
    expect(data).toMatchObject({
      command: ground.command,
      checks: ground.checks,
      codes: ground.codes,
      leftOut: ['dossier', 'evidence', 'result'],
      ruleSet: 'eh-1.5.1',
    });
  });
});
