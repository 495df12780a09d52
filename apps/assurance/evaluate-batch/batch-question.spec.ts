import { describe, expect, it } from '@jest/globals';
import { canonicalJson, type JsonObject } from '#libs/kernel';
import { DAY, link, NOW, party, policy, register, SERVICE } from '../../../test/e2e/assurance/state.js';
import type { AnswerHead } from '../evaluate-access/give-answer.js';
import { readAccessBatch, type AccessBatch } from './access-batch.js';
import { batchQuestion } from './batch-question.js';

const subject = { type: 'means', id: 'pseudonym' };
const action = { name: 'represent', properties: { service: SERVICE } };
const at = (organization: string) => ({ resource: { type: 'organization', id: organization } });
const head: AnswerHead = {
  ...{ id: 'r', ruleSet: 'eh', position: 'p', issuer: 'https://register.example', audience: 'network' },
  endpoint: 'https://register.example/access/v1/search/resource',
  issuedAt: '2026-03-02T09:00:00.000Z' as AnswerHead['issuedAt'],
};
const parts = {
  ...{ id: 'r', kind: 'decision' as const, at: NOW, position: 42n, identity: { store: 's', epoch: 3 }, policy },
  ids: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceparent: 'of the connection', correlationId: 'c' },
  actor: { client: 'network' },
};

/** A yes at the first organization, none at the second. */
const maps = register();
link(maps, 'a', 'party-1', 'pseudonym');

function batchOf(body: Record<string, unknown>): AccessBatch {
  const read = readAccessBatch({ subject, action, ...body });
  if (read === undefined || 'faults' in read) throw new Error(JSON.stringify(read));
  return read.batch;
}
const decided = (body: Record<string, unknown>): boolean[] => {
  const question = batchQuestion(batchOf(body), maps, policy);
  const { evaluations } = question.answer(question.judge(NOW), head) as unknown as {
    evaluations: { decision: boolean }[];
  };
  return evaluations.map(({ decision }) => decision);
};

describe('a batch', () => {
  it('goes through its questions as it is told to (interfaces.md §7)', () => {
    const evaluations = [at('kvk:1'), at('kvk:2'), {}, at('kvk:1')];
    const gone = (semantic?: string) =>
      decided({ evaluations, ...(semantic === undefined ? {} : { options: { evaluations_semantic: semantic } }) });
    expect(gone()).toEqual([true, false, false, true]);
    expect(gone('execute_all')).toEqual([true, false, false, true]);
    expect(gone('deny_on_first_deny')).toEqual([true, false]);
    expect(gone('permit_on_first_permit')).toEqual([true]);
    const faultyFirst = { evaluations: [{}, at('kvk:1')], options: { evaluations_semantic: 'deny_on_first_deny' } };
    expect(decided(faultyFirst)).toEqual([false]);
  });

  it('stands until the first yes in it stops, and only while all of them hold', () => {
    const own = register();
    link(own, 'a', 'party-1', 'pseudonym');
    link(own, 'b', 'party-2', 'pseudonym', { validUntil: new Date(NOW + DAY).toISOString() as never });
    const question = batchQuestion(batchOf({ evaluations: [at('kvk:1'), at('kvk:2'), at('kvk:9')] }), own, policy);
    const outcomes = question.judge(NOW);
    expect(question.until(outcomes)).toBe(NOW + DAY);
    expect([question.holds(outcomes, NOW + 1), question.holds(outcomes, NOW + DAY)]).toEqual([true, false]);
    // By another path, or until another moment, it is another yes.
    link(own, 'a', 'party-1', 'pseudonym', { status: 'revoked' });
    link(own, 'c', 'party-1', 'pseudonym');
    expect(question.holds(outcomes, NOW + 1)).toBe(false);
    expect(question.holds(question.judge(NOW), NOW + 1)).toBe(true);
    const noes = batchQuestion(batchOf({ evaluations: [at('kvk:9')] }), own, policy);
    expect(noes.until(noes.judge(NOW))).toBeUndefined();
  });

  it('has no yes left where the index may not answer, and its other noes as they were', () => {
    const reasonsOf = (body: Record<string, unknown>, judged: 'withheld' | 'not current'): unknown => {
      const question = batchQuestion(batchOf(body), maps, policy);
      const outcomes = judged === 'withheld' ? question.withheld(question.judge(NOW)) : question.judge(undefined);
      const { evaluations } = question.answer(outcomes, head) as unknown as {
        evaluations: { context: { reasons?: { code: string }[] } }[];
      };
      return evaluations.map(({ context }) => context.reasons?.map(({ code }) => code));
    };
    const evaluations = [at('kvk:1'), at('kvk:9'), {}];
    expect(reasonsOf({ evaluations }, 'withheld')).toEqual([['index-not-current'], ['no-authorization'], undefined]);
    expect(reasonsOf({ evaluations }, 'not current')).toEqual([
      ['index-not-current'],
      ['index-not-current'],
      undefined,
    ]);
    const options = { evaluations_semantic: 'permit_on_first_permit' };
    expect(reasonsOf({ evaluations, options }, 'withheld')).toEqual([
      ...[['index-not-current'], ['index-not-current'], undefined],
    ]);
    const first = { evaluations_semantic: 'deny_on_first_deny' };
    expect(reasonsOf({ evaluations, options: first }, 'withheld')).toEqual([['index-not-current']]);
  });

  it('leaves one record in canonical form with what every question rests on, however many there are', async () => {
    party(maps, 'party-7');
    const questions = Array.from({ length: 100 }, (_, place) =>
      place % 3 === 2 ? { resource: { type: 'organization' } } : at(place % 3 === 0 ? 'kvk:1' : 'Jan Jansen'),
    );
    const batch = batchOf({
      evaluations: questions,
      context: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
    });
    const question = batchQuestion(batch, maps, policy);
    const outcomes = question.judge(NOW);
    const answer = question.answer(outcomes, head);
    const { id, kind, bytes } = await question.record(outcomes, { ...parts, answer });
    expect([id, kind]).toEqual(['r', 'decision']);
    const record = JSON.parse(bytes) as { data: JsonObject & { body: Record<string, { evaluations: JsonObject[] }> } };
    expect(canonicalJson(record)).toBe(bytes);
    const { body, ...data } = record.data;
    expect(data).toMatchObject({
      event_name: 'adl.access_evaluations',
      trace_id: 'a'.repeat(32),
      parent_span_id: 'b'.repeat(16),
      attributes: { 'waarborg.use': true },
    });
    expect(body['adl.core.response']).toEqual(JSON.parse(JSON.stringify(answer)));
    const { evaluations: requests, ...request } = body['adl.core.request']!;
    expect(request).toEqual({ options: { evaluations_semantic: 'execute_all' } });
    const { evaluations: grounds, ...information } = body['adl.core.information']!;
    expect(information).toEqual({ position: '42' });
    expect([requests.length, grounds.length]).toEqual([100, 100]);
    expect(grounds[0]).toMatchObject({ means: { id: 'm' }, path: [{ authorization: 'a' }] });
    expect(requests[1]).toMatchObject({ resource: { id: '(not of the expected form)' } });
    expect(requests[2]).toEqual({ faults: [{ pointer: '/evaluations/2/resource/id', code: 'required' }] });
    expect(bytes).not.toContain('Jansen');
  });

  it('lets others be answered while a long record is made', async () => {
    const question = batchQuestion(
      batchOf({ evaluations: Array.from({ length: 100 }, () => at('kvk:1')) }),
      maps,
      policy,
    );
    const outcomes = question.judge(NOW);
    const making = question.record(outcomes, { ...parts, answer: question.answer(outcomes, head) });
    let others = 0;
    let isMade = false;
    const other = (): void => {
      if (isMade) return;
      others += 1;
      setImmediate(other);
    };
    setImmediate(other);
    await making;
    isMade = true;
    expect(others).toBeGreaterThan(5);
  });
});
