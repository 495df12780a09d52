import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { later, streamId, type Instant, type PartyId } from '#libs/kernel';
import { partyDecider, type CheckFacts } from '#libs/domain';
import { memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { clearCircumstances } from './clear-circumstances.handler.js';

const { assessedAt, checkOf, ids, lookedUpAt, recordChecks, recordPaperRegistration } = paperRegistration;
const party = ids.company as PartyId;
const stream = streamId('party', party);
const elsewhere = uuid('appl', 9);

let now: Instant;
let memory: MemoryBackbone;
beforeEach(async () => {
  now = assessedAt;
  memory = await memoryBackbone(() => Date.parse(now));
  await recordPaperRegistration(memory, []);
  await memory.record('application', elsewhere, {
    type: 'ApplicationReceived',
    data: {
      ...{ application: elsewhere, channel: 'nonElectronic', receivedAt: lookedUpAt },
      ...{ purposes: ['registration'], late: false },
    },
  });
});
afterEach(() => memory.close());

const look = (outcome: 'none' | 'found', application: string = ids.application): CheckFacts =>
  checkOf({
    ...{ type: 'specialCircumstancesCheck', about: { party }, asOf: lookedUpAt, outcome, application },
    ...(outcome === 'found' ? { otherRepresentativeRegistered: false } : {}),
  } as never);

let keys = 0;
const clear = (checks: readonly string[]) =>
  clearCircumstances(
    memory.backbone,
    { client: 'back-office', correlationId: 'trace', idempotencyKey: `key-${++keys}` },
    party,
    { reported: false, checks: [...checks] },
  );

/** What others do between the reading and the writing of the command that comes next. */
function meanwhile(others: () => Promise<unknown>): void {
  const { events } = memory.stores;
  const append = events.append.bind(events);
  events.append = async (...parts) => {
    events.append = append;
    await others();
    return append(...parts);
  };
}
const report = () =>
  memory.record('party', party, {
    type: 'SpecialCircumstancesReported',
    data: { party, reportedAt: (now = later(now, 1_000)) },
  });
const typesOn = async (): Promise<readonly string[]> =>
  (await memory.stores.events.readStream(stream)).map(({ type }) => type).slice(1);

describe('what comes between while special circumstances are cleared (PROOF-12)', () => {
  it('a report is not cleared by a look from before it', async () => {
    const [, none] = await recordChecks(memory, [look('found', elsewhere), look('none')]);
    meanwhile(report);
    const { outcome } = await clear([none!]);
    expect(outcome).toMatchObject({ outcome: 'rejected', rejections: [{ code: 'circumstances-not-cleared' }] });
    expect(await typesOn()).toEqual(['SpecialCircumstancesReported']);
    const { state } = await memory.backbone.commands.load(partyDecider, stream);
    expect(state).toMatchObject({ specialCircumstances: true });
    // A look from after it does.
    const [after] = await recordChecks(memory, [look('none')]);
    expect(await clear([after!])).toMatchObject({ outcome: { outcome: 'accepted' } });
  });

  it('another clearing leaves nothing to be cleared', async () => {
    const [, none] = await recordChecks(memory, [look('found', elsewhere), look('none')]);
    meanwhile(() => clear([none!]));
    expect(await clear([none!])).toMatchObject({ outcome: { outcome: 'accepted', events: [] } });
    expect(await typesOn()).toEqual(['SpecialCircumstancesCleared']);
  });
});
