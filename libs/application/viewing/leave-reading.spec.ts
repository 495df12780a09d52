import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { at, fixedClock, memoryBackbone, uuid, type MemoryBackbone } from '#libs/testing';
import { MAX_EVENT_BYTES } from '#libs/eventing';
import { personsIn } from './data-subjects.js';
import { purposeOf, storedReading, whatOf } from './leave-reading.js';
import { recordExportEnd, recordReading } from './record-reading.js';
import { recordNamesShown, recordViewing } from './record-viewing.js';

/** What a reading says of itself by the fields of the Logboek Dataverwerkingen (ADR 0156). */

const now = at('2026-03-09T10:00:00Z');
const startedAt = at('2026-03-09T09:59:59.500Z');
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const request = {
  ...{ client: 'audit-desk', correlationId: TRACE },
  ...{ traceparent: `00-${TRACE}-00f067aa0ba902b7-01`, parentSpanId: 'b7ad6b7169203331' },
};

let memory: MemoryBackbone;
beforeEach(async () => void (memory = await memoryBackbone(fixedClock(now))));
afterEach(() => memory.close());

const readings = async () =>
  (await memory.stores.records.read(0n, 100)).items.map((record) => ({
    ...storedReading(record),
    length: Buffer.byteLength(record.bytes),
  }));
const asked = { what: 'persons', question: {}, startedAt };

describe('a reading', () => {
  it('has trace, span, caller’s span, status, name, times in milliseconds, resource and activity', async () => {
    const person = uuid('person');
    await recordReading(memory.backbone, request, { ...asked, reason: 'why', shown: [person], subjects: [person] });
    const [{ data }] = (await readings()) as [Awaited<ReturnType<typeof readings>>[number]];
    expect(data).toMatchObject({ subjects: [person], shown: [person] });
    expect(data.action).toEqual({
      trace_id: TRACE,
      span_id: '00f067aa0ba902b7',
      parent_span_id: 'b7ad6b7169203331',
      status: 'Ok',
      name: 'read persons',
      start_time: Date.parse(startedAt),
      end_time: Date.parse(now),
      resource: { 'service.name': 'waarborg', 'service.namespace': '00000099000000001000' },
      attributes: {
        'dpl.core.processing_activity_id': 'urn:waarborg:processing-activity:audit-1',
        'dpl.core.foreign_operation.processor': 'audit-desk',
      },
    });
  });

  it('has ids of its own where the request has no trace, and never ends before it began', async () => {
    const later = at('2026-03-09T10:00:01Z');
    const reading = { ...asked, reason: 'why', shown: [], subjects: [], startedAt: later };
    await recordReading(memory.backbone, { client: 'tool', correlationId: 'x' }, reading);
    const [{ data }] = (await readings()) as [Awaited<ReturnType<typeof readings>>[number]];
    expect(data.action).toMatchObject({
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      ...{ start_time: Date.parse(later), end_time: Date.parse(later) },
    });
    expect(data.action).not.toHaveProperty('parent_span_id');
  });

  it('of how an export ended is a span of its own, within that of the export', async () => {
    await recordExportEnd(memory.backbone, request, {
      ...{ export: uuid('export'), outcome: 'given', bytes: 1, startedAt },
    });
    const [{ data }] = (await readings()) as [Awaited<ReturnType<typeof readings>>[number]];
    expect(data.action).toMatchObject({ trace_id: TRACE, parent_span_id: '00f067aa0ba902b7' });
    expect(data.action!.span_id).not.toBe('00f067aa0ba902b7');
  });

  it('is of another activity where a person views, or names are told to whoever passes them on', async () => {
    const viewer = { person: uuid('person'), authentication: uuid('login') };
    const shown = { ...asked, shown: [], subjects: [] };
    await recordViewing(memory.backbone, request, { ...shown, viewer });
    await recordNamesShown(memory.backbone, request, shown);
    const activities = (await readings()).map((reading) => [
      purposeOf(reading),
      reading.data.action?.attributes['dpl.core.processing_activity_id'],
    ]);
    expect(activities).toEqual([
      ['insight', 'urn:waarborg:processing-activity:insight-1'],
      ['disclosure', 'urn:waarborg:processing-activity:disclosure-1'],
    ]);
  });

  it('names everybody of whom something was shown, in records before it where one has no room', async () => {
    const subjects = Array.from({ length: 25_000 }, (_, index) => uuid('person', index));
    const shown = Array.from({ length: 10_000 }, (_, index) => uuid('means', index));
    const id = await recordReading(memory.backbone, request, { ...asked, reason: 'why', shown, subjects });
    const all = await readings();
    expect(all.map(({ data }) => [data.partOf, data.subjects?.length])).toEqual([
      ...[10_000, 10_000, 5_000].map((count) => [id, count]),
      [undefined, 0],
    ]);
    expect(all.at(-1)!.id).toBe(id);
    expect(all.flatMap(({ data }) => data.subjects)).toEqual(subjects);
    expect(Math.max(...all.map(({ length }) => length))).toBeLessThan(MAX_EVENT_BYTES);
  });

  it('of before it said so is read as what it is', () => {
    const older = (schemaVersion: number, data: object) =>
      storedReading({ bytes: JSON.stringify({ id: uuid('reading'), kind: 'reading', schemaVersion, data }) });
    const viewer = { person: uuid('person'), authentication: uuid('login') };
    const first = older(1, { what: 'checks', question: {}, reason: 'in clear', shown: [] });
    const viewed = older(3, { what: 'means', question: {}, viewer, shown: [] });
    const told = older(4, { what: 'confirmations', question: {}, shown: [] });
    const answer = older(1, { event_name: 'adl.access_evaluation', body: {} });
    expect([first, viewed, told, answer].map((reading) => [purposeOf(reading), whatOf(reading)])).toEqual([
      ['audit', 'checks'],
      ['insight', 'means'],
      ['disclosure', 'confirmations'],
      ['audit', 'adl.access_evaluation'],
    ]);
  });
});

it('persons are found in what is shown by the members that name them, each once', () => {
  const [one, two, three] = [uuid('person', 1), uuid('person', 2), uuid('person', 3)];
  const item = {
    ...{ id: uuid('auth'), authorizedParty: { person: one, means: uuid('means') }, submitter: { person: two } },
    ...{ legalRepresentative: two, cosigners: [three], subject: { id: uuid('means'), type: 'means' }, person: 'no id' },
  };
  expect(personsIn([item, { holder: one }])).toEqual([one, two, three]);
});
