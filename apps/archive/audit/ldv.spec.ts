import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { canonicalJson } from '#libs/kernel';
import { recordReading } from '#libs/application';
import { at, fixedClock, memoryBackbone, uuid, type MemoryBackbone } from '#libs/testing';
import { ldvRecords, pseudonymsOf } from './ldv.js';

/** Readings as records of the Logboek Dataverwerkingen: one for each person of whom something was shown. */

const now = at('2026-03-09T10:00:00Z');
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const [one, two] = [uuid('person', 1), uuid('person', 2)];
const request = { client: 'audit-desk', correlationId: TRACE, traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(now));
  for (const id of [one, two]) await memory.vault.requestHash('{}', { kind: 'person', id });
});
afterEach(() => memory.close());

async function logged(...subjects: readonly string[]) {
  const asked = { what: 'persons', question: {}, startedAt: now, reason: 'a name, perhaps', shown: [] };
  const id = await recordReading(memory.backbone, request, { ...asked, subjects });
  const record = (await memory.stores.records.byId(id))!;
  return { id, records: await ldvRecords(record, pseudonymsOf(memory.backbone)), record };
}
const idsIn = (records: readonly object[]): string => JSON.stringify(records);

describe('a reading', () => {
  it.each([
    ['nobody', [], false],
    ['one person', [one], true],
  ])('of %s is one record', async (_who, subjects, isNamed) => {
    const { id, records } = await logged(...subjects);
    expect(records).toMatchObject([
      {
        ...{ trace_id: TRACE, span_id: '00f067aa0ba902b7', status: 'Ok', name: 'read persons' },
        ...{ start_time: Date.parse(now), end_time: Date.parse(now), resource: { 'service.name': 'waarborg' } },
        attributes: { 'waarborg.reading': id, 'dpl.core.foreign_operation.processor': 'audit-desk' },
      },
    ]);
    expect('dpl.core.data_subject_id' in (records[0]!['attributes'] as object)).toBe(isNamed);
    expect(idsIn(records)).not.toContain(one);
  });

  it('of several is one for the whole and a child for each, by pseudonyms and with the same ids each time', async () => {
    const { records, record } = await logged(one, two);
    expect(records).toHaveLength(3);
    const [whole, ...children] = records as [object, ...object[]];
    expect(whole).not.toHaveProperty(
      'attributes',
      expect.objectContaining({ 'dpl.core.data_subject_id': expect.anything() }),
    );
    for (const [index, person] of [one, two].entries()) {
      expect(children[index]).toMatchObject({
        ...{ trace_id: TRACE, parent_span_id: '00f067aa0ba902b7', span_id: expect.stringMatching(/^[0-9a-f]{16}$/) },
        attributes: {
          'dpl.core.data_subject_id': await memory.vault.pseudonym({ kind: 'person', id: person }),
          'dpl.core.data_subject_id_type': 'urn:waarborg:person',
        },
      });
    }
    expect(new Set(records.map(({ span_id: span }) => span)).size).toBe(3);
    expect(idsIn(records)).not.toMatch(new RegExp(`${one}|${two}|perhaps`));
    expect(await ldvRecords(record, pseudonymsOf(memory.backbone))).toEqual(records);
  });

  it('of somebody who was erased says so, and nothing that leads to him (MIN-05)', async () => {
    const { records, record } = await logged(one);
    const before = (records[0]!['attributes'] as Record<string, string>)['dpl.core.data_subject_id']!;
    await memory.vault.destroy({ kind: 'person', id: one });
    const after = await ldvRecords(record, pseudonymsOf(memory.backbone));
    expect(after).toMatchObject([{ attributes: { 'waarborg.data_subject_erased': true } }]);
    expect(idsIn(after)).not.toMatch(new RegExp(`${one}|${before}|data_subject_id`));
  });

  it('of before the fields were kept has what is known of it', async () => {
    const older = {
      ...{ id: uuid('reading'), kind: 'reading', schemaVersion: 2, actor: { client: 'audit-desk' } },
      ...{ correlationId: TRACE, traceparent: request.traceparent },
      data: { what: 'checks', question: {}, reason: { sealed: 'x' }, shown: [one], readAt: now },
    };
    expect(await ldvRecords({ bytes: canonicalJson(older) }, pseudonymsOf(memory.backbone))).toEqual([
      {
        ...{ trace_id: TRACE, span_id: '00f067aa0ba902b7', status: 'Ok', name: 'read checks' },
        ...{ start_time: Date.parse(now), end_time: Date.parse(now), resource: { 'service.name': 'waarborg' } },
        attributes: { 'dpl.core.foreign_operation.processor': 'audit-desk', 'waarborg.reading': uuid('reading') },
      },
    ]);
  });

  it('that is an auditor’s answer has the trace of that', async () => {
    const answer = {
      ...{ id: uuid('reading'), kind: 'reading', schemaVersion: 1, actor: { client: 'a' }, correlationId: TRACE },
      data: { event_name: 'adl.access_evaluation', trace_id: TRACE, span_id: 'a'.repeat(16), timestamp: 7, body: {} },
    };
    const records = await ldvRecords({ bytes: canonicalJson(answer) }, pseudonymsOf(memory.backbone));
    expect(records).toMatchObject([{ trace_id: TRACE, span_id: 'a'.repeat(16), start_time: 7, end_time: 7 }]);
  });
});
