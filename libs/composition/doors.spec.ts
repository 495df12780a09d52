import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Rejection } from '#libs/kernel';
import { START, StoreUnavailable, type CommandOutcome, type Projection } from '#libs/eventing';
import { authorizationsProjection, type AspectView } from '#libs/application';
import { encodePosition, ProblemException, type Caller } from '#libs/platform';
import { memoryBackbone, paperRegistration, until, uuid, type MemoryBackbone } from '#libs/testing';
import { answerTo, awaitAfter, checkAfter, commandOf, positionText, readerOf, settle } from './doors.js';

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(() => Date.parse('2026-03-02T09:00:00.000Z'));
});
afterEach(() => memory.close());

const request = { client: 'back-office', idempotencyKey: 'key-0001', correlationId: 'trace', traceparent: '00-1-1-01' };
const ground = { command: 'RegisterAuthorization', object: 'authorization', checks: [uuid('check')] };
const rejections: { readonly [kind in Rejection['kind']]: Rejection } = {
  refused: { code: 'level-not-reached', kind: 'refused', facts: { aimed: 'EH3' } },
  conflict: { code: 'authorization-already-active', kind: 'conflict' },
  invalid: { code: 'invalid-value', kind: 'invalid', pointer: '/period' },
  'not-found': { code: 'no-such-registration', kind: 'not-found' },
};

const settled = (outcome: CommandOutcome<string, never>, aspects?: readonly AspectView[]) =>
  settle(memory.backbone, request, outcome, ground, aspects);
const problemOf = async (work: Promise<unknown>): Promise<ProblemException> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemException)) throw new Error(`no problem: ${String(error)}`);
  return error;
};
const records = async () =>
  (await memory.stores.records.read(0n)).items.map(({ kind, bytes }) => [kind, JSON.parse(bytes)] as const);

describe('what a command came to, at the door', () => {
  const accepted = { outcome: 'accepted', state: 'it', events: [], revision: 2, position: 7n, replayed: true } as const;

  it('is handed on when it was accepted, with its position in words that mean nothing to callers', async () => {
    expect(await settled(accepted)).toBe(accepted);
    expect(await records()).toEqual([]);
    const { identity } = memory.backbone;
    expect(answerTo(memory.backbone, accepted, { id: 'x' })).toEqual({
      ...{ body: { id: 'x' }, revision: 2, replayed: true },
      position: encodePosition({ ...identity, place: 7n }),
    });
    expect(positionText(identity, 7n)).toBe(encodePosition({ ...identity, place: 7n }));
  });

  it.each<[string, readonly Rejection['kind'][], number, boolean]>([
    ['refused by rule', ['refused'], 409, true],
    ['refused by rule beside a conflict', ['conflict', 'refused'], 409, true],
    ['in conflict with the state', ['conflict'], 409, false],
    ['faulty', ['invalid'], 400, false],
    ['about what does not exist', ['not-found'], 404, false],
    ['faulty, whatever the rules say', ['refused', 'invalid'], 400, false],
    ['about what does not exist, whatever the rules say', ['not-found', 'refused'], 404, false],
  ])('is a problem when it is %s, and leaves its record when it was judged', async (_, kinds, status, isRecorded) => {
    const codes = kinds.map((kind) => rejections[kind]);
    const problem = await problemOf(settled({ outcome: 'rejected', rejections: codes }));
    expect(problem.status).toBe(status);
    const recorded = await records();
    expect(recorded.map(([kind]) => kind)).toEqual(isRecorded ? ['refusal'] : []);
    for (const [, record] of recorded) {
      expect(record).toMatchObject({
        ...{ kind: 'refusal', correlationId: 'trace', traceparent: '00-1-1-01', actor: { client: 'back-office' } },
        data: { ...ground, codes, refusedAt: '2026-03-02T09:00:00.000Z' },
      });
    }
  });

  it('is no answer at all when a refusal could not be recorded', async () => {
    memory.stores.records.append = () => Promise.reject(new StoreUnavailable('away'));
    const work = settled({ outcome: 'rejected', rejections: [rejections.refused] });
    await expect(work).rejects.toBeInstanceOf(StoreUnavailable);
  });

  it('says in brief what each aspect rests on, where it was judged by aspects', async () => {
    const outcome = { outcome: 'rejected', rejections: [rejections.refused] } as const;
    expect((await problemOf(settled(outcome))).members).toEqual({});
    const aspects = [{ aspect: 'IA', score: 2, rows: ['IA2-b'], checks: [] }] as unknown as readonly AspectView[];
    expect((await problemOf(settled(outcome, aspects))).members).toMatchObject({ aspects: [{ aspect: 'IA' }] });
  });

  it.each<[CommandOutcome<string, never>, number, string]>([
    [{ outcome: 'conflict' }, 409, 'conflict'],
    [{ outcome: 'key-reused' }, 409, 'idempotency-key-reused'],
    [{ outcome: 'stale', revision: 3 }, 412, 'precondition-failed'],
  ])('is a problem of its own: %j', async (outcome, status, code) => {
    expect(await problemOf(settled(outcome))).toMatchObject({ status, code });
    expect(await records()).toEqual([]);
  });
});

describe('who asks, at the door', () => {
  const caller = { client: 'back-office', clerk: 'clerk-1', scopes: new Set() } as unknown as Caller;
  const context = { key: 'key-0001', correlationId: 'trace', traceparent: '00-1-1-01' };

  it('is the client and its clerk, under the key and against the revision that were sent', () => {
    expect(commandOf({ caller, context: { ...context, ifMatch: 3 } } as never)).toEqual({
      ...{ client: 'back-office', subject: 'clerk-1', correlationId: 'trace', traceparent: '00-1-1-01' },
      ...{ idempotencyKey: 'key-0001', ifMatch: 3 },
    });
  });

  it('is a program where no clerk is named, with no revision where none was sent', () => {
    const { clerk: _clerk, ...program } = caller;
    const asked = commandOf({ caller: program, context } as never);
    expect(Object.keys(asked)).toEqual(['client', 'correlationId', 'traceparent', 'idempotencyKey']);
    expect(readerOf(program, context)).not.toHaveProperty('subject');
  });
});

describe('a position that a reader asks for', () => {
  const projection = authorizationsProjection as unknown as Projection;
  const { ids, authorizationFacts } = paperRegistration;
  const at = (place: bigint): string => positionText(memory.backbone.identity, place);
  const isFed = (): boolean => {
    try {
      memory.backbone.readModels.fed(projection);
      return true;
    } catch {
      return false;
    }
  };
  beforeEach(() => until('the read model is fed', isFed));

  it('is waited for until the read model shows it', async () => {
    const place = await memory.record('authorization', ids.authorization, ...authorizationFacts(ids.authorization));
    await awaitAfter(memory.backbone, projection, at(place));
    const rows = await memory.stores.projections.load(authorizationsProjection, [ids.authorization]);
    expect(rows.size).toBe(1);
  });

  it('is not waited for without one', async () => {
    const readModels = { ...memory.backbone.readModels, waitFor: async () => false };
    const backbone = { ...memory.backbone, readModels };
    await expect(awaitAfter(backbone, projection, undefined)).resolves.toBeUndefined();
    await expect(checkAfter(backbone, undefined)).resolves.toBeUndefined();
  });

  it('is 503 when the read model takes too long', async () => {
    const place = await memory.record('authorization', ids.authorization, ...authorizationFacts(ids.authorization));
    const readModels = { ...memory.backbone.readModels, waitFor: async () => false };
    const late = awaitAfter({ ...memory.backbone, readModels }, projection, at(place));
    expect(await problemOf(late)).toMatchObject({ status: 503, code: 'position-not-reached' });
  });

  it('is refused beyond the end of the store, or where it is none, at the place in which it was sent', async () => {
    for (const after of [at(1n), 'x']) {
      const asked = await problemOf(awaitAfter(memory.backbone, projection, after));
      expect([asked.status, asked.errors]).toMatchObject([400, [{ pointer: '/after', code: 'invalid-value' }]]);
      expect(asked.errors[0]).not.toHaveProperty('in');
      const read = await problemOf(checkAfter(memory.backbone, after));
      expect(read.errors).toMatchObject([{ in: 'query', pointer: '/after', code: 'invalid-value' }]);
    }
    await checkAfter(memory.backbone, at(START), 'body');
  });
});
