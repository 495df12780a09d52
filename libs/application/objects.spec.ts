import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import {
  actorOf,
  allFound,
  commandContext,
  findApplication,
  findAuthorization,
  findCheck,
  findMeans,
  findParty,
  findPerson,
  loadChecks,
  recordRefusal,
  type CommandRequest,
} from './index.js';

const { assessedAt, authorizationFacts, ids, meansFacts, recordPaperRegistration } = paperRegistration;

let memory: MemoryBackbone;
let checks: readonly string[];
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
  checks = await recordPaperRegistration(memory);
  await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'issued'));
  await memory.record('authorization', ids.authorization, ...authorizationFacts(ids.authorization));
});
afterEach(() => memory.close());

const request: CommandRequest = {
  client: 'back-office',
  subject: 'clerk@supplier.example',
  correlationId: 'trace-1',
  idempotencyKey: 'key-00000001',
};

describe('what a request names', () => {
  const finders = { findApplication, findAuthorization, findCheck, findMeans, findParty, findPerson };
  const known: Record<keyof typeof finders, () => string> = {
    findApplication: () => ids.application,
    findAuthorization: () => ids.authorization,
    findCheck: () => checks[0]!,
    findMeans: () => ids.means,
    findParty: () => ids.company,
    findPerson: () => ids.director,
  };

  it.each([
    ['findApplication', 'unknown-application'],
    ['findAuthorization', 'unknown-authorization'],
    ['findCheck', 'unknown-check'],
    ['findMeans', 'unknown-means'],
    ['findParty', 'unknown-party'],
    ['findPerson', 'unknown-person'],
  ] as const)('%s finds what is on record, and says %s of what is not', async (name, code) => {
    const find = finders[name];
    expect(await find(memory.backbone, known[name](), '/member')).toMatchObject({
      found: { status: expect.any(String) },
    });
    expect(await find(memory.backbone, uuid('none'), '/member')).toStrictEqual({
      fault: { code, kind: 'invalid', pointer: '/member' },
    });
  });

  it('is all found, or every fault is told at once', async () => {
    const { backbone } = memory;
    const party = () => findParty(backbone, ids.company, '/party');
    expect(
      await allFound({ person: findPerson(backbone, ids.director, '/person'), party: party(), other: undefined }),
    ).toMatchObject({
      found: { person: { id: ids.director }, party: { id: ids.company }, other: undefined },
    });
    expect(
      await allFound({
        nobody: findPerson(backbone, uuid('none'), '/person'),
        party: party(),
        nothing: findMeans(backbone, uuid('none'), '/means'),
      }),
    ).toStrictEqual({
      faults: [
        { code: 'unknown-person', kind: 'invalid', pointer: '/person' },
        { code: 'unknown-means', kind: 'invalid', pointer: '/means' },
      ],
    });
  });

  it('are checks in the order they are named, or every unknown one', async () => {
    const named = [checks[2]!, checks[0]!];
    const loaded = await loadChecks(memory.backbone, named, '/checks');
    expect('checks' in loaded && loaded.checks.map(({ id }) => id)).toStrictEqual(named);
    expect(await loadChecks(memory.backbone, [uuid('none', 1), checks[0]!, uuid('none', 2)], '/checks')).toStrictEqual({
      faults: [
        { code: 'unknown-check', kind: 'invalid', pointer: '/checks/0' },
        { code: 'unknown-check', kind: 'invalid', pointer: '/checks/2' },
      ],
    });
  });
});

describe('who asks', () => {
  it('is a client, and its clerk under a reference that says nothing about him', async () => {
    expect(await actorOf(memory.backbone, { client: 'back-office', correlationId: 't' })).toStrictEqual({
      client: 'back-office',
    });
    const actor = await actorOf(memory.backbone, request);
    expect(actor).toStrictEqual({ client: 'back-office', clerk: expect.any(String) });
    expect(JSON.stringify(actor)).not.toContain('clerk@supplier.example');
    expect(await actorOf(memory.backbone, request)).toStrictEqual(actor);
  });

  it('asks one thing under one key: another command or another body has another hash', async () => {
    const hashOf = async (command: string, body: object, holder?: { kind: 'person'; id: string }) =>
      (await commandContext(memory.backbone, request, command, body, holder === undefined ? {} : { holder }))
        .requestHash;
    const first = await hashOf('IssueMeans', { checks: ['c-1'], acceptLower: true });
    expect(await hashOf('IssueMeans', { acceptLower: true, checks: ['c-1'] })).toBe(first);
    expect(await hashOf('IssueMeans', { checks: ['c-2'], acceptLower: true })).not.toBe(first);
    expect(await hashOf('IdentifyHolder', { checks: ['c-1'], acceptLower: true })).not.toBe(first);
    // Made under the person's key it is gone with that key.
    const holder = { kind: 'person', id: ids.director } as const;
    const personal = await hashOf('RegisterPerson', { familyName: 'Jansen' }, holder);
    expect(personal).not.toBe(await hashOf('RegisterPerson', { familyName: 'Jansen' }));
    memory.vault.destroyKey(holder);
    await expect(hashOf('RegisterPerson', { familyName: 'Jansen' }, holder)).rejects.toMatchObject({
      name: 'KeyDestroyed',
    });
  });

  it('is told the rule set where something is scored, and the revision he wrote against', async () => {
    const { backbone } = memory;
    expect(
      await commandContext(backbone, { ...request, ifMatch: 3 }, 'IssueMeans', {}, { scores: true }),
    ).toMatchObject({
      participant: backbone.participant.oin,
      client: 'back-office',
      key: 'key-00000001',
      correlationId: 'trace-1',
      ruleSet: backbone.rules.version,
      ifMatch: 3,
    });
    expect(await commandContext(backbone, request, 'ApplyForMeans', {})).not.toHaveProperty('ruleSet');
  });
});

describe('a refusal by rule', () => {
  const ground = {
    command: 'RegisterAuthorization',
    object: 'authorization-1',
    checks: ['check-1'],
    dossier: { channel: 'nonElectronic' },
    codes: [{ code: 'level-not-reached', kind: 'refused' }],
  } as const;
  const refusals = async () => (await memory.stores.records.read(0n)).items;

  it('is on record with dossier, rule set and policy, and names no clerk', async () => {
    await recordRefusal(memory.backbone, request, ground);
    const [record] = await refusals();
    expect(record!.kind).toBe('refusal');
    expect(record!.bytes).not.toContain('clerk@supplier.example');
    expect(JSON.parse(record!.bytes)).toMatchObject({
      id: record!.id,
      kind: 'refusal',
      correlationId: 'trace-1',
      actor: { client: 'back-office' },
      data: {
        ...ground,
        ruleSet: memory.backbone.rules.version,
        policy: memory.backbone.governance.version,
        refusedAt: assessedAt,
      },
    });
  });

  it('is a record of its own each time: a refused key is judged afresh', async () => {
    await recordRefusal(memory.backbone, request, ground);
    await recordRefusal(memory.backbone, request, ground);
    expect(await refusals()).toHaveLength(2);
  });
});
