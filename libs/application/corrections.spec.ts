import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { correctionGround, SUBMITTER, supplierOf } from './index.js';

const { assessedAt, checkOf, ids, receivedAt, recordChecks, recordPaperRegistration } = paperRegistration;
const { company, director, employee } = ids;
const change = uuid('appl', 7);

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
  await recordPaperRegistration(memory, []);
  await memory.record('application', change, {
    type: 'ApplicationReceived',
    data: { application: change, channel: 'nonElectronic', receivedAt, purposes: ['change'], late: false },
  });
});
afterEach(() => memory.close());

const identityOf = async (person: string, application = change): Promise<string> =>
  (
    await recordChecks(memory, [
      checkOf({ type: 'identityAttributesRecorded', about: { person }, application, uniquelyIdentifying: true }),
    ])
  )[0]!;

describe('what a correction rests on', () => {
  const groundOf = async (checks: readonly string[], application = change) => {
    const ground = await correctionGround(
      memory.backbone,
      { person: director },
      {
        application,
        checks,
        set: { givenNames: 'Anna' },
      },
    );
    if ('faults' in ground) return ground.faults.map(({ code, pointer }) => `${pointer ?? '-'} ${code}`);
    return { application: ground.application, checks: ground.checks };
  };

  it('is an application for a change, and checks of it about the one whose record it is', async () => {
    const check = await identityOf(director);
    expect(await groundOf([check])).toEqual({ application: change, checks: [check] });
  });

  it('is not what is about somebody else', async () => {
    expect(await groundOf([await identityOf(director), await identityOf(employee)])).toEqual([
      '/checks/1 check-not-in-dossier',
    ]);
  });

  it('is not what is unknown, all of it at once', async () => {
    expect(await groundOf([uuid('none')], uuid('none'))).toEqual([
      ...['/application unknown-application', '/checks/0 unknown-check'],
    ]);
  });

  it('is no evidence of another process, nor an application for something else (REG-10)', async () => {
    expect(await groundOf([await identityOf(director), await identityOf(director, ids.application)])).toEqual([
      '/checks/1 evidence-not-reusable',
    ]);
    expect(await groundOf([await identityOf(director, ids.application)], ids.application)).toEqual([
      expect.stringContaining('purpose-not-in-application'),
    ]);
  });
});

describe('who supplied a contact', () => {
  it('is the submitter, by his word', async () => {
    expect(await supplierOf(memory.backbone, { person: director }, SUBMITTER)).toEqual({
      supplier: { submitter: true },
    });
  });

  it('is a check about the one whose contact it is, person or party', async () => {
    const check = await identityOf(director);
    expect(await supplierOf(memory.backbone, { person: director }, check)).toEqual({ supplier: { check } });
    const [ofParty] = await recordChecks(memory, [
      checkOf({ type: 'identityAttributesRecorded', about: { party: company }, uniquelyIdentifying: true }),
    ]);
    expect(await supplierOf(memory.backbone, { party: company }, ofParty!)).toEqual({ supplier: { check: ofParty } });
    for (const [of, named] of [
      [{ person: employee }, check],
      [{ party: company }, check],
      [{ person: director }, ofParty!],
      [{ party: ids.otherCompany }, ofParty!],
    ] as const) {
      expect(await supplierOf(memory.backbone, of, named)).toMatchObject({
        fault: { code: 'check-not-in-dossier', pointer: '/suppliedBy' },
      });
    }
  });

  it('is nobody where the check is not on record', async () => {
    expect(await supplierOf(memory.backbone, { person: director }, uuid('none'))).toMatchObject({
      fault: { code: 'unknown-check', pointer: '/suppliedBy' },
    });
  });
});
