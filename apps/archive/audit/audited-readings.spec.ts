import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { canonicalJson } from '#libs/kernel';
import { recordNamesShown, recordReading, recordViewing } from '#libs/application';
import { at, fixedClock, memoryBackbone, uuid, type MemoryBackbone } from '#libs/testing';
import type { SearchAuditedReadingsRequest } from './audit.requests.js';
import { auditedReadings } from './audited-readings.js';

/** Who read what, whose data, and why: of every form that readings have and had. */

const now = at('2026-03-09T10:00:00Z');
const request = { client: 'audit-desk', correlationId: 'trace' };
const [person, viewerPerson, means] = [uuid('person'), uuid('viewer'), uuid('means')];

let memory: MemoryBackbone;
beforeEach(async () => void (memory = await memoryBackbone(fixedClock(now))));
afterEach(() => memory.close());

const found = async (filter: object) =>
  (await auditedReadings(memory.backbone, { reason: 'why', ...filter } as SearchAuditedReadingsRequest)).items;
const asked = { question: {}, startedAt: now };

describe('readings', () => {
  it('are found by what they were for, whom they were about and who read', async () => {
    const reading = { ...asked, what: 'means', reason: 'sample', shown: [means], subjects: [person] };
    const audited = await recordReading(memory.backbone, request, reading);
    const viewer = { person: viewerPerson, authentication: uuid('login') };
    await recordViewing(memory.backbone, request, {
      ...asked,
      what: 'means',
      shown: [means],
      subjects: [person],
      viewer,
    });
    await recordNamesShown(memory.backbone, request, { ...asked, what: 'confirmations', shown: [], subjects: [] });
    expect((await found({})).map(({ purpose, reason }) => [purpose, reason])).toEqual([
      ['disclosure', undefined],
      ['insight', undefined],
      ['audit', 'sample'],
    ]);
    expect((await found({ person })).map(({ purpose }) => purpose)).toEqual(['insight', 'audit']);
    expect((await found({ reader: viewerPerson })).map(({ purpose }) => purpose)).toEqual(['insight']);
    expect((await found({ object: means, purpose: 'audit' })).map(({ id }) => id)).toEqual([audited]);
    expect(await found({ person: viewerPerson })).toEqual([]);
    expect(await found({ client: 'audit' })).toEqual([]);
  });

  it('without their key have no reason, and say so', async () => {
    const reading = { ...asked, what: 'means', reason: 'a name', shown: [], subjects: [] };
    const id = await recordReading(memory.backbone, request, reading);
    await memory.vault.destroy({ kind: 'reading', id });
    const [item] = await found({});
    expect([item!.erased, item!.reason]).toEqual([true, undefined]);
  });

  it('of before the fields were kept are shown and found as what they are', async () => {
    const older = (id: string, schemaVersion: number, data: object): Promise<unknown> => {
      const record = { id, kind: 'reading', schemaVersion, correlationId: 'c', actor: { client: 'a' }, data };
      return memory.stores.records.append({ id, kind: 'reading', bytes: canonicalJson(record as never) });
    };
    const said = { what: 'persons', question: { id: person }, shown: [person], readAt: now };
    await older(uuid('reading', 1), 1, { ...said, reason: 'in clear' });
    await older(uuid('reading', 2), 1, { event_name: 'adl.access_evaluation', trace_id: 'a'.repeat(32), body: {} });
    const items = await found({});
    expect(items.map(({ what, reason }) => [what, reason])).toEqual([
      ['adl.access_evaluation', undefined],
      ['persons', 'in clear'],
    ]);
    expect((await found({ person })).map(({ id }) => id)).toEqual([uuid('reading', 1)]);
  });
});
