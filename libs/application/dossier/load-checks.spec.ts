import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { later } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import {
  answersSince,
  checksOfApplication,
  findingsAbout,
  isUsedElsewhere,
  lastUseOfBank,
  loadChecks,
  reportsOf,
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

const [passport, other] = [uuid('doc', 1), uuid('doc', 2)];
const status = (document: string, members: object = {}): CheckFacts =>
  checkOf({
    type: 'idDocumentStatus',
    about: { person: director },
    document,
    status: 'reported',
    ...members,
  } as never);
const circumstances = (outcome: 'found' | 'none', members: object = {}): CheckFacts =>
  checkOf({
    type: 'specialCircumstancesCheck',
    about: { party: company },
    asOf: lookedUpAt,
    outcome,
    otherRepresentativeRegistered: true,
    ...members,
  } as never);

describe('STOLEN-01: reports of a document in the register of stolen and missing ones', () => {
  it('are those of every application, and of these documents alone', async () => {
    const [here, there, , , besides] = await recordChecks(memory, [
      status(passport),
      status(passport, { application: elsewhere }),
      status(passport, { status: 'notReported' }),
      checkOf({ type: 'idCopyEnclosed', about: { person: director }, document: passport, presentation: 'paper' }),
      status(other),
    ]);
    const reports = (...documents: readonly string[]) => reportsOf(memory.backbone, documents);
    expect(idsOf(await reports(passport))).toStrictEqual([here!, there!].sort());
    expect(idsOf(await reports(passport, other))).toStrictEqual([here!, there!, besides!].sort());
    expect(await reports()).toStrictEqual([]);
  });

  it('are told by the latest ten', async () => {
    const all = await recordChecks(
      memory,
      Array.from({ length: 25 }, () => status(passport)),
    );
    expect(idsOf(await reportsOf(memory.backbone, [passport]))).toStrictEqual(all.slice(-10).sort());
  });
});

describe('PROOF-01: findings of special circumstances', () => {
  it('are those of every application, with what they were asked at, and of this party alone', async () => {
    const early = later(lookedUpAt, -1_000);
    const [first, , , second] = await recordChecks(memory, [
      circumstances('found', { application: elsewhere, asOf: early }),
      circumstances('none'),
      circumstances('found', { about: { party: ids.otherCompany } }),
      circumstances('found'),
    ]);
    expect(await findingsAbout(memory.backbone, company)).toMatchObject([
      { id: second, answeredAt: lookedUpAt },
      { id: first, answeredAt: early },
    ]);
  });
});

describe('what others have piled up', () => {
  const LOOKS = 1_200;

  it('is not read: of looks that found nothing none, of many findings few', async () => {
    const [report] = await recordChecks(memory, [
      status(passport, { application: elsewhere }),
      circumstances('found', { application: elsewhere }),
      ...Array.from({ length: LOOKS }, (_, index) =>
        index % 2 === 0
          ? status(passport, { status: 'notReported', application: elsewhere })
          : circumstances('none', { application: elsewhere }),
      ),
    ]);
    const { events, projections } = memory.stores;
    const streams = jest.spyOn(events, 'readStreams');
    const rows = jest.spyOn(projections, 'search');
    expect(idsOf(await reportsOf(memory.backbone, [passport]))).toStrictEqual([report]);
    expect(await findingsAbout(memory.backbone, company)).toHaveLength(1);
    expect(streams.mock.calls.flatMap(([asked]) => asked)).toHaveLength(1);
    const given = await Promise.all(rows.mock.results.map(({ value }) => value as Promise<readonly unknown[]>));
    expect(given.flat()).toHaveLength(2);
  });

  it('is read in pieces, and by no more than one way to the store at once', async () => {
    await recordChecks(
      memory,
      Array.from({ length: LOOKS }, () => confirmed),
    );
    const { events } = memory.stores;
    jest.spyOn(events, 'readStream').mockRejectedValue(new Error('read one by one'));
    let reading = 0;
    const original = events.readStreams.bind(events);
    const sizes: number[] = [];
    jest.spyOn(events, 'readStreams').mockImplementation(async (streams) => {
      sizes.push(streams.length);
      expect((reading += 1)).toBe(1);
      const found = await original(streams);
      reading -= 1;
      return found;
    });
    expect(await checksOfApplication(memory.backbone, application)).toHaveLength(LOOKS);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(50);
    expect(sizes).toHaveLength(LOOKS / 50);
  });
});

describe('the checks about a party', () => {
  it('are those of the type, of every application, of this party, and answered since', async () => {
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
      unit({ performedAt: later(lookedUpAt, -1) }),
      unit({ about: { party: ids.otherCompany } }),
      checkOf({ type: 'identityAttributesRecorded', about: { party: company }, uniquelyIdentifying: true }),
    ]);
    expect(idsOf(await answersSince(memory.backbone, company, ['organizationalUnitCheck'], lookedUpAt))).toStrictEqual(
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
