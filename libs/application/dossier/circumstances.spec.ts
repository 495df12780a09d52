import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CheckFacts } from '#libs/domain';
import type { StoredEvent } from '#libs/eventing';
import { fixedClock, memoryBackbone, paperRegistration, uuid, weighingScene, type MemoryBackbone } from '#libs/testing';
import { findParty } from '../objects.js';
import { confirmersAmong, markOf } from './circumstances.js';

const { assessedAt, checkOf, ids, lookedUpAt, personFacts, recordChecks, recordPaperRegistration } = paperRegistration;
const { company, director, employee, directorsPassport } = ids;
const {
  colleague,
  colleaguesPassport,
  copy,
  eSignature,
  elsewhere,
  fact,
  found,
  of,
  representation,
  signature,
  status,
} = weighingScene;

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
  await recordPaperRegistration(memory, []);
});
afterEach(() => memory.close());

const mark = async (upTo?: bigint) => {
  const party = await findParty(memory.backbone, company, '');
  if ('fault' in party) throw new Error('not on record');
  return markOf(memory.backbone, party.found, upTo);
};
const look = async (outcome: 'found' | 'none' | 'unavailable') =>
  (
    await recordChecks(memory, [
      checkOf({
        type: 'specialCircumstancesCheck',
        about: { party: company },
        application: uuid('appl', 9),
        asOf: lookedUpAt,
        outcome,
        otherRepresentativeRegistered: true,
      }),
    ])
  )[0]!;
const clear = (findings?: readonly string[]) =>
  memory.record('party', company, {
    type: 'SpecialCircumstancesCleared',
    data: { party: company, clearedAt: assessedAt, ...(findings === undefined ? {} : { findings }) },
  });
const report = () =>
  memory.record('party', company, {
    type: 'SpecialCircumstancesReported',
    data: { party: company, reportedAt: assessedAt },
  });
const unset = { isSet: false, findings: [], everFound: false };

/** When the looks were made. */
const LOOKED = '2026-03-02T10:00:00.000Z';

describe('PROOF-01, PROOF-12: the special-circumstances mark of a party', () => {
  it('is not set by a look that found nothing, or that got no answer', async () => {
    expect(await mark()).toStrictEqual(unset);
    await look('none');
    await look('unavailable');
    expect(await mark()).toStrictEqual(unset);
  });

  it('is set by every look that found something, and names it', async () => {
    const [first, second] = [await look('found'), await look('found')];
    const { isSet, findings, everFound } = await mark();
    expect([isSet, everFound]).toStrictEqual([true, true]);
    expect([...findings].sort()).toStrictEqual([first, second].sort());
  });

  it('is set by a report without any finding', async () => {
    await report();
    expect(await mark()).toStrictEqual({ ...unset, isSet: true, reportedAt: '2026-03-02T15:00:00.000Z' });
  });

  it('is cleared finding by finding; that something was found once remains', async () => {
    const [first, second] = [await look('found'), await look('found')];
    await clear([first]);
    expect(await mark()).toStrictEqual({ isSet: true, findings: [second], everFound: true, foundAt: LOOKED });
    await clear([second]);
    expect(await mark()).toStrictEqual({ isSet: false, findings: [], everFound: true });
  });

  it('is not cleared by another event of the party', async () => {
    const finding = await look('found');
    await report();
    expect((await mark()).findings).toStrictEqual([finding]);
  });

  it('is cleared of all that was there by a clearing of the first release, and not of what came after', async () => {
    await look('found');
    await clear();
    expect((await mark()).isSet).toBe(false);
    const later = await look('found');
    expect(await mark()).toStrictEqual({ isSet: true, findings: [later], everFound: true, foundAt: LOOKED });
  });
});

describe('the mark as it stood at a position of the log', () => {
  it('has neither findings nor clearings that came after it, and has those at it', async () => {
    const before = await report();
    await look('found');
    const cleared = await clear();
    // One finding, then its clearing, one after the other.
    const [{ position: found }, last, ...more] = (await memory.stores.feed.read(before)).items as [
      StoredEvent,
      ...StoredEvent[],
    ];
    expect([last?.position, more]).toEqual([cleared, []]);
    expect((await mark(before)).everFound).toBe(false);
    expect((await mark(found)).findings).toHaveLength(1);
    expect((await mark(cleared)).findings).toStrictEqual([]);
    expect((await mark(cleared)).everFound).toBe(true);
  });
});

describe('IV3-extra, PROOF-02: who may confirm in spite of a finding', () => {
  const clearing = uuid('appl', 8);
  const third = uuid('person', 4);
  const alone = found({ application: elsewhere });
  const others = found({ application: elsewhere, otherRepresentativeRegistered: true });
  /** Whether he may, in an intake of his own, where the checks hang on the application of the finding. */
  const may = async (
    confirmer: string,
    finding: CheckFacts | undefined,
    checks: readonly CheckFacts[] = [],
    application = clearing,
  ): Promise<boolean> => {
    const party = await findParty(memory.backbone, company, '');
    if ('fault' in party) throw new Error('not on record');
    const findings = await recordChecks(memory, finding === undefined ? [] : [finding]);
    await recordChecks(memory, checks);
    const confirmation = { party: party.found, at: assessedAt, application, confirmers: [confirmer] };
    return (await confirmersAmong(memory.backbone, { findings }, confirmation)).has(confirmer);
  };
  const here = { application: elsewhere };
  const applied = [copy(director, directorsPassport, here), signature(director, directorsPassport, here)];
  const limited = representation(director, { ...here, limitation: 'obstructing', cosigners: [colleague] });
  const shown = representation(colleague, here);
  const signed = [
    copy(colleague, colleaguesPassport, here),
    status(colleague, colleaguesPassport, 'notReported', here),
    signature(colleague, colleaguesPassport, here),
  ];
  const jointly = [...applied, limited, shown, ...signed];

  it('is who occurs neither in this application nor in that of the finding, whoever else is registered', async () => {
    expect(await may(colleague, others, [...applied, shown])).toBe(true);
    const declares = fact('functionDeclaration', of(colleague), { ...here, declaresAppointment: true });
    expect(await may(colleague, others, [declares])).toBe(true);
    expect(await may(colleague, undefined)).toBe(true);
  });

  it.each<[string, readonly CheckFacts[]]>([
    ['by a check about him', applied],
    ['as the grantor of a proxy', [fact('proxyCheck', of(employee), { ...here, grantor: director })]],
    ['as the signer of a deed', [fact('privateDeed', { application: elsewhere }, { ...here, signer: director })]],
  ])('is an applicant only where he is the only one: he occurs %s', async (_how, checks) => {
    expect(await may(director, alone, checks)).toBe(true);
    expect(await may(director, others, checks)).toBe(false);
  });

  it('is no applicant of the clearing itself, where another is registered or nobody looked', async () => {
    expect(await may(director, undefined, applied, elsewhere)).toBe(false);
    expect(await may(director, found({ application: clearing }), applied, elsewhere)).toBe(true);
    await recordChecks(memory, [shown]);
    expect(await may(director, found({ application: clearing }), [], elsewhere)).toBe(false);
  });

  it('is no applicant beside whom one finding of several knows another', async () => {
    const party = await findParty(memory.backbone, company, '');
    if ('fault' in party) throw new Error('not on record');
    const findings = await recordChecks(memory, [alone, others]);
    await recordChecks(memory, applied);
    const confirmation = { party: party.found, at: assessedAt, application: clearing, confirmers: [director] };
    expect(await confirmersAmong(memory.backbone, { findings }, confirmation)).toEqual(new Set());
  });

  it('is a cosigner as another than the applicant, who may not confirm beside him', async () => {
    expect(await may(colleague, alone, jointly)).toBe(true);
    expect(await may(director, alone)).toBe(false);
  });

  it('is a cosigner who signed electronically, in the clearing itself as well', async () => {
    const asked = [...applied, limited, shown, eSignature(colleague, here)];
    expect(await may(colleague, found({ application: clearing }), asked, elsewhere)).toBe(true);
  });

  it.each([
    ['he', colleague, director],
    ['the applicant', director, colleague],
  ])('may be an applicant under another record, and %s carries the duplicate', async (_who, one, other) => {
    await memory.record('person', colleague, ...personFacts(colleague));
    expect(await may(colleague, others, [...applied, shown])).toBe(true);
    const recognized = { type: 'DuplicatesRecognized', data: { person: one, of: [other] } };
    await memory.record('person', one, recognized as never);
    expect(await may(colleague, others)).toBe(false);
  });

  it('is a cosigner under whichever of his records', async () => {
    const twin = uuid('person', 7);
    await memory.record('person', twin, ...personFacts(twin));
    await memory.record('person', colleague, { type: 'PersonLinked', data: { person: colleague, to: twin } });
    expect(await may(twin, alone, jointly)).toBe(true);
    expect(await may(director, alone)).toBe(false);
  });

  it.each<[string, CheckFacts | undefined, readonly CheckFacts[]]>([
    ['a third is said to be registered', others, jointly],
    ['a register shows a third', alone, [...jointly, representation(third)]],
    ['nobody looked who is registered', undefined, jointly],
  ])('is no cosigner where %s: he occurs in the application', async (_what, finding, checks) => {
    expect(await may(colleague, finding, checks, finding === undefined ? elsewhere : clearing)).toBe(false);
  });

  it.each<[string, readonly CheckFacts[]]>([
    ['for whom no register asks', [...applied, representation(director, here), shown, ...signed]],
    ['for whom another party’s register asks', [...applied, { ...limited, party: ids.otherCompany } as CheckFacts]],
    ['beside somebody whom the register did not find', [...applied, { ...limited, outcome: 'notFound' } as CheckFacts]],
    ['who did more than sign', [...jointly, fact('identityAttributesRecorded', of(colleague), here)]],
    ['beside whom the other is asked for in turn', [...applied, limited, ...signed, asksFor(director)]],
    ['who is asked for by himself', [...applied, ...signed, asksFor(colleague)]],
  ])('takes for an applicant, beside whom the other one is registered, somebody %s', async (_whom, checks) => {
    const registered = representation(director, here);
    expect(await may(colleague, alone, [...checks, ...signed, registered])).toBe(false);
  });

  function asksFor(cosigner: string): CheckFacts {
    return representation(colleague, { ...here, limitation: 'obstructing', cosigners: [cosigner] });
  }
});
