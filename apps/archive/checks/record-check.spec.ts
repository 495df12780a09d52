import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dossierProjections, type CommandRequest } from '#libs/application';
import { MAX_CHECKS } from '#libs/domain';
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
async function send(application: string, key = `key-${(keys += 1)}-of-a-check`) {
  const request: CommandRequest = { client: 'back-office', correlationId: 'trace', idempotencyKey: key };
  const body = {
    type: 'emailConfirmation',
    application,
    about: { person: ids.director },
    confirmed: true,
    performedAt: '2026-03-02T11:00:00Z',
    performedBy: { system: 'portal' },
    source: { name: 'case-file', reference: 'f-1' },
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
});
