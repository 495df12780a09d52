import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import {
  checksOfApplication,
  checksOfParty,
  isUsedElsewhere,
  lastUseOfBank,
  loadChecks,
  statusesOfDocuments,
} from './load-checks.js';

const { assessedAt, authorizationFacts, checkOf, ids, lookedUpAt, meansFacts, receivedAt, recordChecks } =
  paperRegistration;
const { application, company, director, employee } = ids;
const elsewhere = uuid('appl', 9);

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
});
afterEach(() => memory.close());

const confirmed = checkOf({ type: 'emailConfirmation', about: { person: director }, confirmed: true });
const idsOf = (checks: readonly { readonly id: string }[]) => checks.map(({ id }) => id).sort();

describe('ARCH-13: the checks that a command names', () => {
  it('are read from their own streams, in its order', async () => {
    const [one, other] = await recordChecks(memory, [confirmed, { ...confirmed, application: elsewhere }]);
    const loaded = await loadChecks(memory.backbone, [other!, one!], '/checks');
    expect('checks' in loaded && loaded.checks).toMatchObject([
      { id: other, status: 'recorded', facts: { application: elsewhere }, recordedAt: assessedAt },
      { id: one, facts: { application } },
    ]);
    expect(await loadChecks(memory.backbone, [], '/checks')).toStrictEqual({ checks: [] });
  });

  it('are all on record, or each that is not is named', async () => {
    const [known] = await recordChecks(memory, [confirmed]);
    const [one, other] = [uuid('check', 900_001), uuid('check', 900_002)];
    expect(await loadChecks(memory.backbone, [one, known!, other], '/checks')).toMatchObject({
      faults: [
        { code: 'unknown-check', pointer: '/checks/0' },
        { code: 'unknown-check', pointer: '/checks/2' },
      ],
    });
  });
});

describe('PROOF-01: what hangs on an application', () => {
  it('is everything that was recorded for it, and nothing else', async () => {
    const named = await recordChecks(memory, [confirmed, confirmed, { ...confirmed, application: elsewhere }]);
    expect(idsOf(await checksOfApplication(memory.backbone, application))).toStrictEqual(named.slice(0, 2).sort());
    expect(await checksOfApplication(memory.backbone, uuid('appl', 8))).toStrictEqual([]);
  });

  it('is found whole however much it is: beyond five hundred, and at just as many', async () => {
    const named = await recordChecks(
      memory,
      Array.from({ length: 500 }, () => confirmed),
    );
    expect(idsOf(await checksOfApplication(memory.backbone, application))).toStrictEqual([...named].sort());
    const more = await recordChecks(
      memory,
      Array.from({ length: 501 }, () => confirmed),
    );
    expect(idsOf(await checksOfApplication(memory.backbone, application))).toStrictEqual([...named, ...more].sort());
  });
});

describe('STOLEN-01: looks at a document in the register of stolen and missing ones', () => {
  const [passport, other] = [uuid('doc', 1), uuid('doc', 2)];
  const status = (document: string, members: object = {}): CheckFacts =>
    checkOf({
      type: 'idDocumentStatus',
      about: { person: director },
      document,
      status: 'reported',
      ...members,
    } as never);

  it('are those of every application, and of these documents alone', async () => {
    const [here, there, , besides] = await recordChecks(memory, [
      status(passport),
      status(passport, { application: elsewhere }),
      checkOf({ type: 'idCopyEnclosed', about: { person: director }, document: passport, presentation: 'paper' }),
      status(other),
    ]);
    const looks = (...documents: readonly string[]) => statusesOfDocuments(memory.backbone, documents);
    expect(idsOf(await looks(passport))).toStrictEqual([here!, there!].sort());
    expect(idsOf(await looks(passport, other))).toStrictEqual([here!, there!, besides!].sort());
    expect(await looks()).toStrictEqual([]);
  });
});

describe('the checks about a party', () => {
  it('are those of the type, of every application, and of this party', async () => {
    const unit = (members: object = {}): CheckFacts =>
      checkOf({
        type: 'organizationalUnitCheck',
        about: { party: company },
        concernsOneUnitOnly: false,
        ...members,
      } as never);
    const [here, there] = await recordChecks(memory, [
      unit(),
      unit({ application: elsewhere }),
      unit({ about: { party: ids.otherCompany } }),
      checkOf({ type: 'identityAttributesRecorded', about: { party: company }, uniquelyIdentifying: true }),
    ]);
    expect(idsOf(await checksOfParty(memory.backbone, company, 'organizationalUnitCheck'))).toStrictEqual(
      [here!, there!].sort(),
    );
  });
});

describe('PROOF-06: a bank transaction on record', () => {
  const bank = (reference: string, members: object = {}): CheckFacts =>
    checkOf({
      type: 'bankTransaction',
      about: { person: director },
      succeeded: true,
      completedAt: receivedAt,
      accountOpenedWithIdDocument: true,
      nameAgreesWithDocument: true,
      nameAgreesWithAttributes: true,
      source: { name: 'bank', reference },
      ...members,
    } as never);

  it('is used elsewhere where its reference stands in another application', async () => {
    await recordChecks(memory, [bank('transaction-1'), bank('transaction-2', { application: elsewhere })]);
    const isUsed = (reference: string, its: string = application) =>
      isUsedElsewhere(memory.backbone, reference, { application: its, records: [director] });
    expect(await isUsed('transaction-1')).toBe(false);
    expect(await isUsed('transaction-2')).toBe(true);
    expect(await isUsed('transaction-2', elsewhere)).toBe(false);
    expect(await isUsed('transaction-3')).toBe(false);
  });

  it('is used elsewhere where its reference stands there in capitals, or with blanks', async () => {
    const there = { application: elsewhere };
    await recordChecks(memory, [bank('Transaction-1', there), bank(' transaction -\u00a02 ', there)]);
    const isUsed = (reference: string) =>
      isUsedElsewhere(memory.backbone, reference, { application, records: [director] });
    for (const reference of ['transaction-1', 'TRANSACTION-1', ' transaction- 1', 'transaction-2', 'Transaction-2\t'])
      expect([reference, await isUsed(reference)]).toStrictEqual([reference, true]);
    expect(await isUsed('transaction-12')).toBe(false);
  });

  it('is used elsewhere where it is another human’s in the same application, and not where it is another record’s', async () => {
    await recordChecks(memory, [bank('transaction-1'), bank('transaction-1', { about: { person: employee } })]);
    const isUsed = (...records: readonly string[]) =>
      isUsedElsewhere(memory.backbone, 'transaction-1', { application, records });
    expect(await isUsed(director)).toBe(true);
    expect(await isUsed(employee)).toBe(true);
    expect(await isUsed(director, employee)).toBe(false);
  });

  it('was last used when something last came to rest on one of that human', async () => {
    const lastUse = (...persons: readonly string[]) => lastUseOfBank(memory.backbone, persons, application);
    const [early, late, here, , other, ofAnother] = await recordChecks(memory, [
      bank('transaction-1', { application: elsewhere }),
      bank('transaction-2', { application: uuid('appl', 8) }),
      bank('transaction-3'),
      bank('transaction-4', { application: elsewhere }),
      checkOf({ type: 'emailConfirmation', about: { person: director }, confirmed: true, application: elsewhere }),
      bank('transaction-5', { application: elsewhere, about: { person: employee } }),
    ]);
    expect(await lastUse(director)).toBeUndefined();
    const register = (number: number, checks: readonly string[], registeredAt: string) =>
      memory.record(
        'authorization',
        uuid('auth', number),
        ...authorizationFacts(uuid('auth', number), { checks, registeredAt }),
      );
    await register(1, [late!], later(lookedUpAt, 1_000));
    await register(2, [early!], lookedUpAt);
    // Neither one of this application, nor another check, nor somebody else's counts.
    await register(3, [here!, other!, ofAnother!], later(lookedUpAt, 5_000));
    expect(await lastUse(director)).toBe(later(lookedUpAt, 1_000));
    expect(await lastUse(director, employee)).toBe(later(lookedUpAt, 5_000));
    expect(await lastUse(uuid('person', 9))).toBeUndefined();
  });

  it('is used by a means that was issued on it', async () => {
    const [used] = await recordChecks(memory, [bank('transaction-1', { application: elsewhere })]);
    const life = meansFacts(ids.means, director, 'issued').map((event) =>
      event.type === 'MeansIssued' ? { ...event, data: { ...event.data, checks: [used] } } : event,
    );
    await memory.record('means', ids.means, ...(life as never[]));
    expect(await lastUseOfBank(memory.backbone, [director], application)).toBe(receivedAt);
  });
});
