import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { streamId, type DomainEvent, type Recorded } from '#libs/kernel';
import { dossierProjections } from '#libs/application';
import {
  authorizationDecider,
  evidenceDecider,
  MASKED_PARTS,
  meansDecider,
  revocationRequestDecider,
  type CheckFacts,
  type CopyRole,
} from '#libs/domain';
import type { Projection } from '#libs/eventing';
import { at, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { archiveProjections } from '../archive.module.js';
import { evidenceProcess, quarantines } from './evidence-process.js';

const { authorizationFacts, checkOf, ids, meansFacts, personFacts, recordChecks } = paperRegistration;
const now = at('2026-03-03T12:00:00Z');
const quarantinedUntil = at('2026-03-30T12:00:00Z');
/** Everything that an application and its means need beside the case that is on record. */
const [colleague, proxyGiver, cosigner] = [uuid('person', 11), uuid('person', 12), uuid('person', 13)];
const documentOf = new Map<string, string>([
  [ids.director, ids.directorsPassport],
  [ids.employee, ids.employeesPassport],
  ...[colleague, proxyGiver, cosigner].map((person, index) => [person, uuid('doc', 11 + index)] as const),
]);

let memory: MemoryBackbone;
let clock: number;
let files = 0;
beforeEach(async () => {
  clock = Date.parse(now);
  const projections = new Set<Projection>([...dossierProjections, ...archiveProjections] as never);
  memory = await memoryBackbone(() => clock, { readModels: [...projections] });
  await paperRegistration.recordPaperRegistration(memory, []);
  for (const person of [colleague, proxyGiver, cosigner]) {
    await memory.record('person', person, ...personFacts(person, documentOf.get(person)));
  }
});
afterEach(() => memory.close());

const stored = {
  revocationRequest: revocationRequestDecider,
  authorization: authorizationDecider,
  means: meansDecider,
  evidence: evidenceDecider,
} as const;

const historyOf = async (category: keyof typeof stored, id: string): Promise<readonly Recorded<DomainEvent>[]> =>
  (await memory.backbone.commands.load(stored[category] as never, streamId(category, id))).history;

/** Records facts, and has the process follow what is new. */
async function happened(category: keyof typeof stored, id: string, ...facts: readonly DomainEvent[]): Promise<void> {
  const before = (await historyOf(category, id)).length;
  await memory.record(category, id, ...facts);
  const process = evidenceProcess(memory.backbone);
  for (const event of (await historyOf(category, id)).slice(before)) {
    if (process.handles.includes(event.type)) await process.react(event, undefined);
  }
}

const uploadedFor = (evidence: string): DomainEvent => ({
  type: 'EvidenceUploaded',
  data: {
    ...{ evidence, application: ids.application, mediaType: 'image/png', size: 1, digest: { clear: 'd' } },
    ...{ address: evidence.replaceAll('-', '').repeat(2), uploadedAt: at('2026-03-02T12:00:00Z'), quarantinedUntil },
  },
});
const describedAs = (evidence: string, description: object): DomainEvent => ({
  type: 'EvidenceDescribed',
  data: { evidence, application: ids.application, description, describedAt: now },
});

interface Copy {
  readonly role?: CopyRole;
  readonly document?: string;
}
/** A shielded copy of somebody's document comes in for the application. */
async function copyOf(person: string, { role = 'registration', ...more }: Copy = {}): Promise<string> {
  const evidence = uuid('evid', ++files);
  const document = more.document ?? documentOf.get(person);
  const description = { kind: 'idCopy', role, person, document, shielding: 'full', masked: MASKED_PARTS };
  await happened('evidence', evidence, uploadedFor(evidence), describedAs(evidence, description));
  return evidence;
}
/** Something that is no copy of an identity document comes in for the application. */
async function fileOf(description: object): Promise<string> {
  const evidence = uuid('evid', ++files);
  await happened('evidence', evidence, uploadedFor(evidence), describedAs(evidence, description));
  return evidence;
}
const stateOf = async (evidence: string): Promise<Readonly<Record<string, unknown>>> =>
  (await memory.backbone.commands.load(evidenceDecider, streamId('evidence', evidence))).state as never;
const statusOf = async (evidence: string): Promise<unknown> => (await stateOf(evidence))['status'];

let decisions = 0;
/** The director has an authorization registered for the employee, unless it is told otherwise. */
async function registered(more: object = {}, checks: readonly CheckFacts[] = []): Promise<string> {
  const authorization = uuid('auth', ++decisions);
  const facts = authorizationFacts(
    authorization,
    {
      authorizedParty: { person: ids.employee, means: ids.means, pseudonym: 'p' },
      checks: await recordChecks(memory, checks),
      ...more,
    },
    'awaitingActivation',
  );
  await happened('authorization', authorization, ...facts);
  return authorization;
}

describe('a copy of an identity document', () => {
  it('is settled by the issue of a means to whom it is of, and to nobody else (WID-01, WID-10)', async () => {
    const [his, directors] = [
      await copyOf(ids.employee, { role: 'issuance' }),
      await copyOf(ids.director, { role: 'issuance' }),
    ];
    await happened('means', ids.means, ...meansFacts(ids.means, ids.employee, 'issued', { stork: 3 }));
    expect(await statusOf(his)).toBe('kept');
    expect(await statusOf(directors)).toBe('quarantined');
    const means = uuid('means', 9);
    await happened('means', means, ...meansFacts(means, ids.director, 'issued', { stork: 2 }));
    expect(await stateOf(directors)).toMatchObject({
      status: 'destroyed',
      ground: 'belowLevel3',
      decision: { level: 2 },
    });
  });

  it('is settled by a registration of which its person is a part, and by no other (WID-01, WID-10)', async () => {
    const colleagues = await copyOf(colleague);
    const [submitters, employees] = [await copyOf(ids.director), await copyOf(ids.employee)];
    await registered({ m: 3 });
    expect([await statusOf(submitters), await statusOf(employees)]).toEqual(['kept', 'kept']);
    expect(await statusOf(colleagues)).toBe('quarantined');
    await registered({ m: 2, authorizedParty: { person: colleague, means: ids.means, pseudonym: 'p' } });
    expect(await stateOf(colleagues)).toMatchObject({ status: 'destroyed', ground: 'belowLevel3' });
  });

  it('is settled by the decision about whoever gave a proxy or signs along (WID-10)', async () => {
    const [grantors, cosigners, others] = [await copyOf(proxyGiver), await copyOf(cosigner), await copyOf(colleague)];
    const proxy = checkOf({
      ...{ type: 'proxyCheck', about: { person: ids.director }, grantor: proxyGiver, writtenAndSigned: true },
      document: documentOf.get(proxyGiver)!,
    });
    const representation = checkOf({
      ...{ type: 'representationCheck', about: { person: ids.director }, party: ids.company, cosigners: [cosigner] },
      ...{ register: 'tradeRegister', via: 'online', asOf: now, outcome: 'found', basis: 'byName', agrees: true },
      ...{ limitation: 'obstructing', sameDataAsIdentified: true },
    });
    await registered({ legalRepresentative: proxyGiver }, [proxy, representation]);
    expect([await statusOf(grantors), await statusOf(cosigners)]).toEqual(['kept', 'kept']);
    expect(await statusOf(others)).toBe('quarantined');
  });

  it('is settled by what is decided about the same human under another record (MEANS-ID2-ii.b)', async () => {
    const copy = await copyOf(colleague);
    await memory.record('person', colleague, {
      type: 'PersonLinked',
      data: { person: colleague, to: ids.employee, linkedAt: now },
    });
    await registered();
    expect(await statusOf(copy)).toBe('kept');
  });

  it('is settled by a decision whose checks name its document, and not by one that rests on another one of his', async () => {
    const [identityCard, again] = [uuid('doc', 21), uuid('doc', 22)];
    const recorded = (document: string, number: string, documentType: string): DomainEvent => ({
      type: 'DocumentRecorded',
      data: {
        ...{ person: ids.employee, document, documentType, number: { clear: number } },
        expiresOn: { clear: '2030-01-01' },
      },
    });
    await memory.record('person', ids.employee, recorded(identityCard, 'ID7654321', 'identityCard'));
    await memory.record('person', ids.employee, recorded(again, 'NX1234567', 'passport'));
    const [card, passport, samePassport] = [
      await copyOf(ids.employee, { document: identityCard }),
      await copyOf(ids.employee),
      await copyOf(ids.employee, { document: again }),
    ];
    const enclosed = (document: string): CheckFacts =>
      checkOf({ type: 'idCopyEnclosed', about: { person: ids.employee }, document, presentation: 'paper' });
    await registered({ m: 2 }, [enclosed(ids.employeesPassport)]);
    expect(await statusOf(card)).toBe('quarantined');
    // The same document, recorded twice.
    expect([await statusOf(passport), await statusOf(samePassport)]).toEqual(['destroyed', 'destroyed']);
    // A look-up that found it reported presents no document.
    const reported = checkOf({
      ...{ type: 'idDocumentStatus', about: { person: ids.employee }, document: ids.employeesPassport },
      status: 'reported',
    });
    await registered({ m: 3 }, [reported]);
    expect(await statusOf(card)).toBe('kept');
  });

  it('is settled when it comes after the decision by the first one about its person, and no other', async () => {
    await registered({ m: 2 });
    const second = await registered({ m: 3, authorizedParty: { person: colleague, means: ids.means, pseudonym: 'p' } });
    await registered({ m: 4, authorizedParty: { person: colleague, means: ids.means, pseudonym: 'p' } });
    expect(await stateOf(await copyOf(colleague))).toMatchObject({
      ...{ status: 'kept', decision: { of: { authorization: second }, level: 3 } },
    });
    expect(await statusOf(await copyOf(cosigner))).toBe('quarantined');
  });

  it('is settled by a renewal or a change, which are about whoever is authorized', async () => {
    const authorization = await registered();
    const copy = await copyOf(ids.employee, { document: uuid('doc', 31) });
    expect(await statusOf(copy)).toBe('kept');
    const others = await copyOf(colleague);
    const decidedAnew = {
      ...{ authorization, application: ids.application, registration: 'repeated', m: 3, checks: [], evidence: [] },
      submitter: { person: colleague, role: 'administrator' },
    };
    await happened('authorization', authorization, { type: 'AuthorizationChanged', data: decidedAnew } as never);
    expect(await statusOf(others)).toBe('kept');
  });

  it('is settled at the end of its quarantine by what was decided about its person in time, and by nothing else', async () => {
    // Nobody follows the decisions meanwhile.
    const [his, others] = [await copyOf(ids.employee), await copyOf(colleague)];
    const authorization = uuid('auth', ++decisions);
    const data = { authorizedParty: { person: ids.employee, means: ids.means, pseudonym: 'p' }, m: 3 };
    await memory.record(
      'authorization',
      authorization,
      ...authorizationFacts(authorization, data, 'awaitingActivation'),
    );
    clock = Date.parse(quarantinedUntil);
    const told: string[] = [];
    const chore = quarantines(memory.backbone, (outcome) => void told.push(outcome));
    for (const id of [his, others]) await chore.perform({ id } as never, new AbortController().signal);
    expect(await statusOf(his)).toBe('kept');
    expect(await stateOf(others)).toMatchObject({ status: 'destroyed', ground: 'quarantineOver' });
    expect(told).toEqual(['settled', 'destroyed']);
  });

  it('is found by every decision on its application, also where there are hundreds', async () => {
    for (let times = 0; times < 101; times += 1) await registered();
    await registered({ m: 3, authorizedParty: { person: colleague, means: ids.means, pseudonym: 'p' } });
    expect(await statusOf(await copyOf(colleague))).toBe('kept');
  });
});

describe('a file that is kept from level 2 on', () => {
  const agreement = { kind: 'agreement', reference: 'agreement-1' };
  const ended = async (...evidence: readonly string[]): Promise<void> => {
    clock = Date.parse(quarantinedUntil);
    const chore = quarantines(memory.backbone, () => undefined);
    for (const id of evidence) await chore.perform({ id } as never, new AbortController().signal);
  };

  it('is kept by the first decision at level 2 or higher on its intake, whoever it is about (ARCH-07, ARCH-12)', async () => {
    const waiting = [await fileOf({ kind: 'form' }), await fileOf({ kind: 'assertion' }), await fileOf(agreement)];
    await registered({ m: 1 });
    for (const one of waiting) expect(await statusOf(one)).toBe('quarantined');
    await happened('means', ids.means, ...meansFacts(ids.means, ids.employee, 'issued', { stork: 2 }));
    for (const one of waiting) {
      expect(await stateOf(one)).toMatchObject({ status: 'kept', decision: { of: { means: ids.means }, level: 2 } });
    }
    expect(await statusOf(await fileOf({ kind: 'form' }))).toBe('kept');
  });

  it('goes when nothing at level 2 was decided by the end of its quarantine (ARCH-12)', async () => {
    const low = await fileOf({ kind: 'form' });
    await registered({ m: 1 });
    const late = await fileOf({ kind: 'form' });
    await ended(low, late);
    for (const one of [low, late]) {
      expect(await stateOf(one)).toMatchObject({ status: 'destroyed', ground: 'belowLevel2', decision: { level: 1 } });
    }
  });

  it('goes when nothing was decided by the end of its quarantine (ARCH-12)', async () => {
    const undecided = await fileOf({ kind: 'form' });
    await ended(undecided);
    expect(await stateOf(undecided)).toMatchObject({ status: 'destroyed', ground: 'quarantineOver' });
  });

  it('is kept where its intake was for something else than a level, such as a correction (ARCH-07, ARCH-08)', async () => {
    const form = await fileOf({ kind: 'form' });
    const copy = await copyOf(ids.employee);
    await memory.record('person', ids.employee, {
      type: 'PersonCorrected',
      data: {
        ...{ person: ids.employee, application: ids.application, checks: [], correctedAt: now, corrected: [] },
        identifyingAttributes: [],
      },
    });
    await ended(form, copy);
    expect(await statusOf(form)).toBe('kept');
    expect(await statusOf(copy)).toBe('destroyed');
  });

  it('is kept by a request to revoke what has level 2 or higher', async () => {
    const form = await fileOf({ kind: 'form' });
    const copy = await copyOf(ids.employee);
    const revocationRequest = uuid('revoke', 1);
    await happened('revocationRequest', revocationRequest, {
      type: 'RevocationRequested',
      data: {
        ...{ revocationRequest, object: { means: ids.means }, application: ids.application, channel: 'nonElectronic' },
        ...{ receivedAt: now, requester: { role: 'authorizedParty', person: ids.employee }, checks: [], level: 'EH2+' },
        ...{ identification: { ioScore: 2 }, requestedAt: now },
      },
    });
    expect(await stateOf(form)).toMatchObject({ status: 'kept', decision: { of: { revocationRequest }, level: 2 } });
    // It registers and issues nothing: no copy was given for that.
    expect(await statusOf(copy)).toBe('quarantined');
  });
});
