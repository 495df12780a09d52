import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import type { RegisterAuthorizationRequest } from './authorization.requests.js';
import { registerAuthorization } from './register-authorization.handler.js';

const { assessedAt, ids, recordPaperRegistration } = paperRegistration;

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
  await recordPaperRegistration(memory, []);
});
afterEach(() => memory.close());

describe('registering with a reason in words', () => {
  const NOBODY = uuid('none', 1);
  const register = (application: string) =>
    registerAuthorization(memory.backbone, { client: 'back-office', correlationId: 'trace', idempotencyKey: 'key-1' }, {
      ...{ application, deviationReason: 'The desk could not copy that day', registration: 'first', checks: [] },
      ...{ representedParty: { party: NOBODY }, submitter: { person: NOBODY, role: 'legalRepresentative' } },
      ...{ authorizedParty: { party: NOBODY }, scope: { all: true } },
    } as unknown as RegisterAuthorizationRequest);

  it('makes no key for an application that is not on record (interfaces.md §3)', async () => {
    const holders: unknown[] = [];
    const { secrets } = memory.backbone;
    const { requestHash } = secrets;
    Object.assign(secrets, {
      requestHash: (...parts: Parameters<typeof requestHash>) => (holders.push(parts[1]), requestHash(...parts)),
    });
    const { outcome } = await register(uuid('appl', 9));
    expect(outcome).toMatchObject({
      rejections: expect.arrayContaining([expect.objectContaining({ code: 'unknown-application' })]),
    });
    expect((await register(ids.application)).outcome).toMatchObject({ outcome: 'rejected' });
    expect(holders).toEqual([undefined, { kind: 'application', id: ids.application }]);
  });
});
