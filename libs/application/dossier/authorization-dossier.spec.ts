import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { later, type Instant } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { classifyAuthorization, currentRuleSet, type AuthorizationRequest } from '#libs/scheme';
import { at, fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { findApplication, findMeans, findParty, findPerson, type Found } from '../objects.js';
import { authorizationDossier, type RegistrationParts } from './authorization-dossier.js';
import { loadChecks } from './load-checks.js';

const {
  assessedAt,
  authorizationFacts,
  checkOf,
  checksOfTheCase,
  ids,
  lookedUpAt,
  meansFacts,
  personFacts,
  recordChecks,
  recordPaperRegistration,
} = paperRegistration;

let memory: MemoryBackbone;
const start = async (operators?: { parties: string[]; persons: string[] }): Promise<void> => {
  memory = await memoryBackbone(fixedClock(assessedAt), operators === undefined ? {} : { operators });
};
beforeEach(() => start());
afterEach(() => memory.close());

const found = async <T>(looking: Promise<Found<T>>): Promise<T> => {
  const result = await looking;
  if ('fault' in result) throw new Error(result.fault.code);
  return result.found;
};

/** The parts of the case as the handler finds them, with the named checks. */
async function parts(
  checkIds: readonly string[],
  changes: Partial<RegistrationParts> = {},
): Promise<RegistrationParts> {
  const { backbone } = memory;
  const checks = await loadChecks(backbone, checkIds, '/checks');
  if ('faults' in checks) throw new Error('unknown checks');
  return {
    application: await found(findApplication(backbone, ids.application, '')),
    registration: 'first',
    authority: 'regular',
    representedParty: await found(findParty(backbone, ids.company, '')),
    submitter: { person: await found(findPerson(backbone, ids.director, '')), role: 'legalRepresentative' },
    authorizedParty: {
      person: await found(findPerson(backbone, ids.employee, '')),
      means: await found(findMeans(backbone, ids.means, '')),
    },
    checks: checks.checks,
    assessedAt,
    ...changes,
  };
}

async function dossierOf(
  checkIds: readonly string[],
  changes: Partial<RegistrationParts> = {},
): Promise<AuthorizationRequest> {
  const result = await authorizationDossier(memory.backbone, await parts(checkIds, changes), '/checks');
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return result.dossier;
}

const faultsOf = async (checkIds: readonly string[]) => {
  const result = await authorizationDossier(memory.backbone, await parts(checkIds), '/checks');
  return 'faults' in result ? result.faults : [];
};

/** The whole case on record, its means issued; the dossier with these checks beside. */
async function theCase(more: readonly CheckFacts[] = [], changes: Partial<RegistrationParts> = {}) {
  const named = await recordPaperRegistration(memory);
  await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'issued'));
  return dossierOf([...named, ...(await recordChecks(memory, more))], changes);
}

describe('the dossier of the paper registration', () => {
  it('is the question of the rule book, every member of it from what is on record', async () => {
    const { directorsPassport, employeesPassport } = ids;
    const dossier = await theCase();
    expect(dossier).toStrictEqual({
      registration: 'first',
      authority: 'regular',
      channel: 'nonElectronic',
      startedAt: '2026-03-02T08:00:00.000Z',
      assessedAt: '2026-03-02T15:00:00.000Z',
      representedParty: { kind: 'undertaking', specialCircumstancesReported: false },
      submitter: { role: 'legalRepresentative', holdsMeans: false },
      authorizedParty: {
        kind: 'naturalPerson',
        meansStork: 3,
        sameAsSubmitter: false,
        registeredIv: 0,
        belongsToOperator: false,
      },
      registerProfile: { im: 2, pd: 2, pv: 3, pi: 3, pt: 2 },
      checks: [
        { type: 'identityAttributesRecorded', subject: 'representedParty', uniquelyIdentifying: true },
        {
          type: 'tradeRegisterLookup',
          subject: 'representedParty',
          via: 'online',
          asOf: '2026-03-02T10:00:00.000Z',
          outcome: 'found',
          agreesOn: ['number', 'name', 'address'],
        },
        {
          type: 'representationCheck',
          of: 'submitter',
          register: 'tradeRegister',
          via: 'online',
          asOf: '2026-03-02T10:00:00.000Z',
          outcome: 'found',
          basis: 'byName',
          agrees: true,
          limitation: 'none',
          sameDataAsIdentified: true,
        },
        { type: 'identityAttributesRecorded', subject: 'submitter', uniquelyIdentifying: true },
        { type: 'idCopyEnclosed', subject: 'submitter', document: directorsPassport, presentation: 'paper' },
        {
          type: 'signatureComparison',
          against: 'idCopy',
          document: directorsPassport,
          form: 'original',
          onTheSpot: false,
          agrees: true,
        },
        { type: 'identityAttributesRecorded', subject: 'authorizedParty', uniquelyIdentifying: true },
        { type: 'idCopyEnclosed', subject: 'authorizedParty', document: employeesPassport, presentation: 'paper' },
        { type: 'idDocumentStatus', subject: 'authorizedParty', document: employeesPassport, status: 'notReported' },
        { type: 'meansIssuance', issuanceLevel: 3, sameProcess: true },
      ],
    });
  });

  it('gets the documented answer', async () => {
    expect(classifyAuthorization(await theCase(), currentRuleSet)).toMatchObject({
      scores: { IA: 2, IO: 2, IG: 3, IV: 2, IM: 2, PD: 2, PV: 3, PI: 3, PT: 2 },
      rows: { IA: ['IA2-b'], IO: ['IO2-b'], IG: ['IG3-f'], IV: ['IV2-b'] },
      m: 2,
      eh: 'EH2+',
      limitedBy: ['IO', 'IV'],
      refusals: [],
    });
  });

  it('reaches EH3 with the check of the director’s passport and the look for special circumstances', async () => {
    const { company, director, directorsPassport } = ids;
    const dossier = await theCase([
      checkOf({
        type: 'idDocumentStatus',
        about: { person: director },
        document: directorsPassport,
        status: 'notReported',
      }),
      checkOf({ type: 'specialCircumstancesCheck', about: { party: company }, asOf: lookedUpAt, outcome: 'none' }),
    ]);
    expect(classifyAuthorization(dossier, currentRuleSet)).toMatchObject({ m: 3, eh: 'EH3', refusals: [] });
  });

  it('says that there is a reason to depart, and not its words', async () => {
    const dossier = await theCase([], { deviationReason: 'His passport is at the embassy' });
    expect(dossier.deviationReason).toMatch(/./);
    expect(JSON.stringify(dossier)).not.toContain('embassy');
  });

  it('takes a look-up that does not list an establishment of the scope for adverse, named or not (PROOF-01)', async () => {
    const named = await recordPaperRegistration(memory, []);
    await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'applied'));
    const lookup = { ...checksOfTheCase[1]!, currentEstablishments: ['000038509504'] } as CheckFacts;
    await recordChecks(memory, [lookup]);
    const joined = async (...establishments: readonly string[]) =>
      (await dossierOf(named, { establishments })).checks.length;
    expect(await joined('000038509505')).toBe(1);
    expect(await joined('000038509504')).toBe(0);
    expect((await dossierOf(named)).checks).toStrictEqual([]);
  });

  it('is limited to establishments where the request is', async () => {
    expect((await theCase([], { establishments: ['000038509504'] })).establishments).toStrictEqual(['000038509504']);
  });
});

describe('checks that do not belong in a dossier', () => {
  it('are named all at once', async () => {
    const named = await recordPaperRegistration(memory);
    await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'issued'));
    const more = await recordChecks(memory, [
      checkOf({ type: 'emailConfirmation', about: { person: uuid('person', 9) }, confirmed: true }),
      checkOf({ type: 'meansDelivery', about: { means: uuid('means', 9) }, form: 'unverified' }),
      checkOf({ type: 'meansDelivery', about: { means: ids.means }, form: 'unverified' }),
      checkOf({
        type: 'emailConfirmation',
        about: { person: ids.employee },
        confirmed: true,
        application: uuid('appl', 9),
      }),
    ]);
    expect(await faultsOf([...more, ...named])).toMatchObject([
      { code: 'check-not-in-dossier', kind: 'invalid', pointer: '/checks/0' },
      { code: 'check-not-in-dossier', kind: 'invalid', pointer: '/checks/1' },
    ]);
  });
});

describe('the means of the authorized person', () => {
  const withMeans = async (...life: Parameters<typeof meansFacts> extends [string, string, ...infer R] ? R : never) => {
    const named = await recordPaperRegistration(memory, checksOfTheCase.slice(0, 1));
    await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, ...life));
    const { authorizedParty, checks } = await dossierOf(named);
    return {
      stork: 'meansStork' in authorizedParty ? authorizedParty.meansStork : undefined,
      issuance: checks.filter(({ type }) => type === 'meansIssuance'),
    };
  };

  it('speaks by its own stream: level and process of its issuance (REG-10)', async () => {
    expect(await withMeans('active', { stork: 4 })).toStrictEqual({
      stork: 4,
      issuance: [{ type: 'meansIssuance', issuanceLevel: 4, sameProcess: true }],
    });
  });

  it('of another application is no shared process', async () => {
    expect(await withMeans('issued', { application: uuid('appl', 2) })).toMatchObject({
      issuance: [{ sameProcess: false }],
    });
  });

  it.each(['applied', 'revoked'] as const)('that is %s has no level and no issuance', async (until) => {
    expect(await withMeans(until)).toStrictEqual({ stork: undefined, issuance: [] });
  });
});

describe('what the register knows', () => {
  const registeredBefore = async (
    data: Parameters<typeof authorizationFacts>[1],
    until: Parameters<typeof authorizationFacts>[2] = 'active',
    moment: Instant = assessedAt,
  ): Promise<number | undefined> => {
    const named = await recordPaperRegistration(memory, checksOfTheCase.slice(0, 1));
    await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'issued'));
    const authorizedParty = { person: ids.employee, means: ids.means, pseudonym: 'p' };
    await memory.record(
      'authorization',
      ids.authorization,
      ...authorizationFacts(ids.authorization, { authorizedParty, ...data }, until),
    );
    return (await dossierOf(named, { assessedAt: moment })).authorizedParty.registeredIv;
  };

  it('is the IV score by which somebody is registered already (IV3-change)', async () => {
    expect(await registeredBefore({})).toBe(2);
  });
  it('not while he still has to activate it', async () => {
    expect(await registeredBefore({}, 'awaitingActivation')).toBe(0);
  });
  it('nor once it is revoked', async () => {
    expect(await registeredBefore({}, 'revoked')).toBe(0);
  });
  it('or has expired: its end is no part of it', async () => {
    expect(await registeredBefore({ validUntil: assessedAt })).toBe(0);
  });
  it('but is until then', async () => {
    expect(await registeredBefore({ validUntil: later(assessedAt, 1) })).toBe(2);
  });
  it('and for this party only', async () => {
    expect(await registeredBefore({ representedParty: ids.otherCompany })).toBe(0);
  });

  it('is that special circumstances were reported about the party (IV3-report)', async () => {
    const named = await recordPaperRegistration(memory, []);
    await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'issued'));
    const report = { type: 'SpecialCircumstancesReported', data: { party: ids.company, reportedAt: assessedAt } };
    await memory.record('party', ids.company, report);
    expect((await dossierOf(named)).representedParty.specialCircumstancesReported).toBe(true);
    const clear = { type: 'SpecialCircumstancesCleared', data: { party: ids.company, clearedAt: assessedAt } };
    await memory.record('party', ids.company, clear);
    expect((await dossierOf(named)).representedParty.specialCircumstancesReported).toBe(false);
  });

  it('is who acts for the operator: a person or an organization (REG-09)', async () => {
    await memory.close();
    await start({ parties: ['kvk:68750110'], persons: [ids.employee] });
    expect((await theCase()).authorizedParty.belongsToOperator).toBe(true);
    const party = await found(findParty(memory.backbone, ids.otherCompany, ''));
    expect((await dossierOf([], { authorizedParty: { party } })).authorizedParty).toStrictEqual({
      kind: 'legalPerson',
      registeredIv: 0,
      belongsToOperator: true,
    });
    const own = await found(findParty(memory.backbone, ids.company, ''));
    expect((await dossierOf([], { authorizedParty: { party: own } })).authorizedParty.belongsToOperator).toBe(false);
  });

  it('is what a check shows of an intermediary, who has no means', async () => {
    await recordPaperRegistration(memory, []);
    await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'issued'));
    const party = await found(findParty(memory.backbone, ids.otherCompany, ''));
    const lookup = { ...checksOfTheCase[1]!, about: { party: ids.otherCompany } } as CheckFacts;
    const confirmation = checkOf({ type: 'emailConfirmation', about: { person: ids.director }, confirmed: true });
    const named = await recordChecks(memory, [lookup, confirmation]);
    expect((await dossierOf(named, { authorizedParty: { party } })).checks).toMatchObject([
      { type: 'tradeRegisterLookup', subject: 'authorizedParty' },
    ]);
    expect((await dossierOf(named, { authorizedParty: { party } })).checks).toHaveLength(1);
  });

  it('is what a check shows of the grantor of a proxy', async () => {
    await recordPaperRegistration(memory, []);
    await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'applied'));
    const grantor = uuid('person', 3);
    await memory.record('person', grantor, ...personFacts(grantor));
    const recorded = {
      type: 'identityAttributesRecorded',
      about: { person: grantor },
      uniquelyIdentifying: true,
    } as const;
    const named = await recordChecks(memory, [checkOf(recorded)]);
    const legalRepresentative = await found(findPerson(memory.backbone, grantor, ''));
    expect((await dossierOf(named, { legalRepresentative })).checks).toMatchObject([
      { subject: 'legalRepresentative' },
    ]);
    expect(await faultsOf(named)).toMatchObject([{ code: 'check-not-in-dossier', pointer: '/checks/0' }]);
  });

  it('is who acts for the operator under whichever of his records (REG-09)', async () => {
    await memory.close();
    const twin = uuid('person', 3);
    await start({ parties: [], persons: [twin] });
    await memory.record('person', twin, ...personFacts(twin));
    await memory.record('person', ids.employee, { type: 'PersonLinked', data: { person: ids.employee, to: twin } });
    await memory.record('person', ids.employee, ...personFacts(ids.employee));
    expect((await theCase()).authorizedParty.belongsToOperator).toBe(true);
  });

  it('is that an intermediary is registered already', async () => {
    await recordPaperRegistration(memory, []);
    await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'issued'));
    const authorizedParty = { party: ids.otherCompany };
    await memory.record(
      'authorization',
      ids.authorization,
      ...authorizationFacts(ids.authorization, { authorizedParty }),
    );
    const party = await found(findParty(memory.backbone, ids.otherCompany, ''));
    expect((await dossierOf([], { authorizedParty: { party } })).authorizedParty.registeredIv).toBe(2);
  });

  it('is that the submitter is the authorized person, also under a linked record (PARTY-05)', async () => {
    await recordPaperRegistration(memory, []);
    const twin = uuid('person', 3);
    const [registered] = personFacts(twin, undefined, ids.director);
    await memory.record('person', twin, registered!, {
      type: 'PersonLinked',
      data: { person: twin, to: ids.director },
    });
    await memory.record('means', ids.means, ...meansFacts(ids.means, twin, 'issued'));
    const means = await found(findMeans(memory.backbone, ids.means, ''));
    const person = await found(findPerson(memory.backbone, twin, ''));
    const named = await recordChecks(memory, [
      checkOf({ type: 'identityAttributesRecorded', about: { person: twin }, uniquelyIdentifying: true }),
    ]);
    const dossier = await dossierOf(named, { authorizedParty: { person, means } });
    expect(dossier.authorizedParty).toMatchObject({ sameAsSubmitter: true });
    expect(dossier.checks[0]).toMatchObject({ type: 'identityAttributesRecorded', subject: 'submitter' });
  });
});

describe('a repeated registration', () => {
  const administration = { authority: 'administration' };
  const admin = uuid('means', 2);
  const ownMeans = { person: ids.director, means: admin, pseudonym: 'p' };

  const repeated = async (
    data: object,
    role: AuthorizationRequest['submitter']['role'],
    more: readonly CheckFacts[] = [],
  ) => {
    const named = await recordPaperRegistration(memory, more);
    await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'issued'));
    await memory.record('means', admin, ...meansFacts(admin, ids.director, 'active', { application: uuid('appl', 9) }));
    await memory.record(
      'authorization',
      ids.authorization,
      ...authorizationFacts(ids.authorization, { ...administration, authorizedParty: ownMeans, ...data }),
    );
    const person = await found(findPerson(memory.backbone, ids.director, ''));
    return (await dossierOf(named, { registration: 'repeated', submitter: { person, role } })).submitter;
  };

  it('has the administration on record, with its level, its IV and its establishments (ADMIN-06, ADMIN-10)', async () => {
    expect(await repeated({ establishments: ['000038509504'] }, 'administrator')).toStrictEqual({
      role: 'administrator',
      holdsMeans: true,
      administration: { level: 'EH3', iv: 2, establishments: ['000038509504'] },
    });
  });

  it('takes nobody for a representative by his word: a check has to show it (ADMIN-01)', async () => {
    expect((await repeated({}, 'legalRepresentative')).role).toBe('administrator');
  });

  it('has no administration where none is on record, or only an authority of another kind (ADMIN-06)', async () => {
    expect(await repeated({ authority: 'regular' }, 'administrator')).toStrictEqual({
      role: 'administrator',
      holdsMeans: true,
    });
  });

  it('has a legal representative’s own authority where a check shows him as one (ADMIN-07)', async () => {
    const shown = checksOfTheCase.slice(2, 3);
    expect(await repeated({ authority: 'regular' }, 'legalRepresentative', shown)).toMatchObject({
      role: 'legalRepresentative',
      administration: { level: 'EH3' },
    });
  });

  it('has the role of a mandate holder where a published decision of the public body shows it (MAND-01)', async () => {
    const town = uuid('party', 6);
    await recordPaperRegistration(memory, []);
    await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'issued'));
    await memory.record('party', town, {
      type: 'PartyRegistered',
      data: {
        party: town,
        kind: 'publicLegalPerson',
        register: 'kvk',
        number: '27364265',
        publicDetails: { name: 'Gemeente' },
      },
    } as never);
    const own = { authority: 'regular', representedParty: town, authorizedParty: ownMeans };
    await memory.record('means', admin, ...meansFacts(admin, ids.director, 'active', { application: uuid('appl', 9) }));
    await memory.record('authorization', ids.authorization, ...authorizationFacts(ids.authorization, own));
    const submitter = {
      person: await found(findPerson(memory.backbone, ids.director, '')),
      role: 'mandateHolder',
    } as const;
    const representedParty = await found(findParty(memory.backbone, town, ''));
    const holder = async (...checks: readonly CheckFacts[]) =>
      (await dossierOf(await recordChecks(memory, checks), { registration: 'repeated', representedParty, submitter }))
        .submitter;
    const unit = checkOf({ type: 'organizationalUnitCheck', about: { party: town }, concernsOneUnitOnly: false });
    const mandate = checkOf({
      type: 'mandateDecisionCheck',
      about: { person: ids.director },
      party: town,
      decision: 'decision-1',
      function: 'head of services',
      functionNamedInDecision: true,
      foundInOfficialSource: true,
      protocolVersion: 'p-1',
    } as never);
    const declares = checkOf({
      type: 'functionDeclaration',
      about: { person: ids.director },
      declaresAppointment: true,
    } as never);
    expect((await holder(unit, declares)).role).toBe('administrator');
    // What he may do as authorized person is no authority of a representative (ADMIN-07).
    expect(await holder(unit, mandate, declares)).toStrictEqual({ role: 'mandateHolder', holdsMeans: true });
  });

  it('has the administration that covers what it is limited to, before a higher one that does not (ADMIN-10)', async () => {
    const limited = { ...administration, authorizedParty: ownMeans, establishments: ['000038509504'] };
    await memory.record('authorization', uuid('auth', 2), ...authorizationFacts(uuid('auth', 2), limited));
    expect((await repeated({ m: 2, eh: 'EH2+' }, 'administrator')).administration).toStrictEqual({
      level: 'EH2+',
      iv: 2,
    });
  });

  it('alone has the administration on record: a first one is by whom the checks show (ADMIN-06)', async () => {
    await recordPaperRegistration(memory, []);
    await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'applied'));
    await memory.record('means', admin, ...meansFacts(admin, ids.director, 'active', { application: uuid('appl', 9) }));
    const facts = authorizationFacts(ids.authorization, { ...administration, authorizedParty: ownMeans });
    await memory.record('authorization', ids.authorization, ...facts);
    const dossier = await dossierOf([]);
    expect(dossier.submitter).toStrictEqual({ role: 'legalRepresentative', holdsMeans: true });
    // A means that is not issued yet has no level.
    expect(dossier.authorizedParty).not.toHaveProperty('meansStork');
  });

  it('has the role that a check shows', async () => {
    expect((await repeated({}, 'legalRepresentative', checksOfTheCase.slice(2, 3))).role).toBe('legalRepresentative');
  });

  it('shows the level of the login named in this application (ARCH-08)', async () => {
    const login = checkOf({
      type: 'authentication',
      about: { person: ids.director },
      level: 'EH4',
      at: at('2026-03-02T10:00:00Z'),
      means: admin,
    });
    // The means carries EH3 at most, whatever the login claims.
    expect((await repeated({}, 'administrator', [login])).authenticatedLevel).toBe('EH3');
  });
});

describe('copies on record (R-IO3-d-copy, AMB-77)', () => {
  const [oldPassport, newPassport] = [ids.directorsPassport, uuid('doc', 9)];
  const of = { person: ids.director } as const;
  const kept = (run: number, document: string) => {
    const evidence = uuid('evid', run);
    const description = { kind: 'idCopy', role: 'registration', person: ids.director, document };
    return memory.record(
      'evidence',
      evidence,
      { type: 'EvidenceDescribed', data: { evidence, description } } as never,
      { type: 'EvidenceKept', data: { evidence } } as never,
    );
  };
  const reported = (document: string) =>
    checkOf({ type: 'idDocumentStatus', about: of, document, status: 'reported', application: uuid('appl', 9) });
  const presented = async (...named: readonly CheckFacts[]): Promise<readonly string[]> => {
    const { checks } = await dossierOf(await recordChecks(memory, named), { registration: 'repeated' });
    return checks.flatMap((check) => (check.type === 'idCopyOnRecord' ? [check.document] : []));
  };
  const refusals = async (...named: readonly CheckFacts[]): Promise<readonly string[]> => {
    const dossier = await dossierOf(await recordChecks(memory, named), { registration: 'repeated' });
    return classifyAuthorization(dossier, currentRuleSet).refusals;
  };
  const status = (document: string) =>
    checkOf({ type: 'idDocumentStatus', about: of, document, status: 'notReported' });
  beforeEach(async () => {
    await recordPaperRegistration(memory, []);
    await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'issued'));
    await memory.record('person', ids.director, {
      type: 'DocumentRecorded',
      data: {
        ...{ person: ids.director, document: newPassport, documentType: 'passport', number: { clear: 'NX7654321' } },
        expiresOn: { clear: '2031-03-02' },
      },
    } as never);
    await kept(1, oldPassport);
  });

  it('of a reported document refuse nothing beside a new one, kept or enclosed, that nobody presents it with', async () => {
    await recordChecks(memory, [reported(oldPassport)]);
    // The only one there is stands in the way.
    expect(await refusals()).toContain('document-reported');
    const enclosed = checkOf({ type: 'idCopyEnclosed', about: of, document: newPassport, presentation: 'paper' });
    expect(await refusals(enclosed)).not.toContain('document-reported');
    await kept(2, newPassport);
    expect(await refusals()).not.toContain('document-reported');
    expect(await presented()).toEqual([newPassport]);
    expect(await presented(status(newPassport))).toEqual([newPassport]);
  });

  it('of a reported document refuse where a check of the dossier names it', async () => {
    await kept(2, newPassport);
    await recordChecks(memory, [reported(oldPassport)]);
    expect(await refusals(status(oldPassport))).toContain('document-reported');
  });

  it('present every document that may be used where no check names one', async () => {
    await kept(2, newPassport);
    expect([...(await presented())].sort()).toEqual([oldPassport, newPassport].sort());
    expect(await presented(status(newPassport))).toEqual([newPassport]);
  });
});
