import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dossierProjections, type CommandRequest } from '#libs/application';
import { MAX_CHECKS, MAX_CHECKS_WITH_ADVERSE } from '#libs/domain';
import { fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { applicationsProjection } from '../applications/applications.projection.js';
import { judgeCheck, recordCheck } from './record-check.handler.js';

const { assessedAt, checkOf, ids, recordChecks, recordPaperRegistration } = paperRegistration;

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt), {
    readModels: [...dossierProjections, applicationsProjection],
  });
  await recordPaperRegistration(memory, []);
});
afterEach(() => memory.close());

let keys = 0;
const CONFIRMED = { confirmed: true };
async function send(application: string, key = `key-${(keys += 1)}-of-a-check`, facts: object = CONFIRMED) {
  const request: CommandRequest = { client: 'back-office', correlationId: 'trace', idempotencyKey: key };
  const body = {
    type: 'emailConfirmation',
    application,
    about: { person: ids.director },
    performedAt: '2026-03-02T11:00:00Z',
    performedBy: { system: 'portal' },
    source: { name: 'case-file', reference: 'f-1' },
    ...facts,
  };
  const judged = await judgeCheck(memory.backbone, body, { client: request.client, key });
  if (judged.value === undefined) throw new Error(JSON.stringify(judged.faults));
  return recordCheck(memory.backbone, request, judged.value);
}
const FULL = { outcome: 'rejected', rejections: [{ code: 'application-full', facts: { most: MAX_CHECKS } }] };

describe('an application', () => {
  it('holds five hundred checks and no more, whoever records them; one on record is answered again', async () => {
    const other = uuid('appl', 7);
    const { data } = (await memory.stores.events.readStream(`application-${ids.application}` as never)).map(
      ({ bytes }) => JSON.parse(bytes) as { data: { application: string } },
    )[0]!;
    await memory.record('application', other, {
      type: 'ApplicationReceived',
      data: { ...data, application: other },
    } as never);
    expect(await send(ids.application, 'key-of-the-first')).toMatchObject({ outcome: 'accepted', replayed: false });
    await recordChecks(
      memory,
      Array.from({ length: MAX_CHECKS - 2 }, () =>
        checkOf({ type: 'emailConfirmation', about: { person: ids.director }, confirmed: true }),
      ),
    );
    expect(await send(ids.application, 'key-of-the-last')).toMatchObject({ outcome: 'accepted' });
    expect(await send(ids.application)).toMatchObject(FULL);
    expect(await send(ids.application, 'key-of-the-last')).toMatchObject({ outcome: 'accepted', replayed: true });
    expect(await send(ids.application, 'key-of-the-first')).toMatchObject({ outcome: 'accepted', replayed: true });
    expect(await send(other)).toMatchObject({ outcome: 'accepted' });
  });

  it('PROOF-01: that is full takes what stands against its dossier, and no more than a thousand with that', async () => {
    const { director, company } = ids;
    const about = { party: company };
    const asOf = '2026-03-02T10:00:00Z';
    const mandate = {
      type: 'mandateDecisionCheck',
      party: company,
      functionNamedInDecision: true,
      foundInOfficialSource: false,
      decision: 'decision-1',
      function: 'Head of finance',
      protocolVersion: 'protocol-1',
    };
    const register = {
      party: company,
      register: 'tradeRegister',
      via: 'online',
      asOf,
      outcome: 'found',
      basis: 'byName',
    };
    const shown = { type: 'representationCheck', ...register, agrees: true, sameDataAsIdentified: true };
    const against = [
      { type: 'specialCircumstancesCheck', about, asOf, outcome: 'found', otherRepresentativeRegistered: false },
      { type: 'idDocumentStatus', document: ids.directorsPassport, status: 'reported' },
      { confirmed: false },
      { ...shown, limitation: 'obstructing' },
      mandate,
    ];
    const others = [
      { type: 'specialCircumstancesCheck', about, asOf, outcome: 'none' },
      { type: 'idDocumentStatus', document: ids.directorsPassport, status: 'unavailable' },
      { ...shown, limitation: 'none' },
      { ...mandate, declaredBy: ids.employee },
    ];
    const fill = (length: number) =>
      recordChecks(
        memory,
        Array.from({ length }, () =>
          checkOf({ type: 'emailConfirmation', about: { person: director }, confirmed: true }),
        ),
      );
    const told = (facts: object) => send(ids.application, undefined, facts);
    await fill(MAX_CHECKS);
    for (const facts of others) expect(await told(facts)).toMatchObject(FULL);
    for (const facts of against) expect(await told(facts)).toMatchObject({ outcome: 'accepted' });
    await fill(MAX_CHECKS_WITH_ADVERSE - MAX_CHECKS - against.length);
    const most = { most: MAX_CHECKS_WITH_ADVERSE };
    expect(await told(against[0]!)).toMatchObject({ outcome: 'rejected', rejections: [{ facts: most }] });
  });
});
