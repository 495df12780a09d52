import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  askedApart,
  attributes,
  bankTransaction,
  before,
  BRANCH,
  checkedCopy,
  circumstances,
  confirmedBy,
  copy,
  declaresFunction,
  documentStatus,
  eSignature,
  grantorChecked,
  hoursAgo,
  identifiedParty,
  inPerson,
  login,
  MAIN,
  mandateDecision,
  organizationSeal,
  partyAttributes,
  professionalRegister,
  proxy,
  representation,
  restGroupRegister,
  signedForm,
  signedOnPaper,
  signedOnTheSpot,
  tradeRegister,
  units,
  type Fact,
} from './support/facts.js';
import { codesOf, expectEarned, walk, type Way } from './support/register.js';
import { setStage, type Stage } from './support/stage.js';

/** The ways of the first registration, through HTTP: IA, IO and IV. The authorized person is always known by IG3-f. */

let suite: TestSuite;
let client: Client;
let stage: Stage;

beforeAll(async () => {
  suite = await startSuite();
  client = await suite.client('supplier');
  stage = await setStage(suite, client);
});
afterAll(() => suite.end());

type Case = readonly [name: string, way: Way, rows: string, eh: string];

const all = { scope: { all: true } };
const identifiedDirector = [...signedOnPaper, documentStatus('submitter')];

describe('the represented party, on paper', () => {
  const way = (more: Omit<Way, 'checks'>, ...ofParty: Way['checks']): Way => ({
    ...more,
    checks: [...ofParty, ...identifiedDirector, circumstances(), ...checkedCopy],
  });
  const byName = representation();
  const inProfession = representation('submitter', { register: 'professionalRegister' });
  const inRestGroups = representation('submitter', { register: 'restGroupRegister' });
  const scope = { establishments: [BRANCH] };

  it.each<Case>([
    ['is taken over as submitted', way({ body: all }, partyAttributes(false), byName), 'IA1-a IO3-d IG3-f IV3', 'EH1'],
    [
      'is not verified when the trade register agrees on the number only',
      way({ body: all }, partyAttributes(), tradeRegister({ agreesOn: ['number'] }), byName),
      'IA1-a IO3-d IG3-f IV3',
      'EH1',
    ],
    ['is an undertaking', way({ kind: 'undertaking' }, ...identifiedParty, byName), 'IA2-b IO3-d IG3-f IV3', 'EH3'],
    ['is a private legal person', way({}, ...identifiedParty, byName), 'IA2-b IO3-d IG3-f IV3', 'EH3'],
    [
      'is known by an extract of four days old',
      way({}, partyAttributes(), tradeRegister({ via: 'extract', asOf: hoursAgo(96) }), byName),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    ],
    [
      'is not verified by an extract of five days old',
      way({ body: all }, partyAttributes(), tradeRegister({ via: 'extract', asOf: hoursAgo(121) }), byName),
      'IA1-a IO3-d IG3-f IV3',
      'EH1',
    ],
    [
      'is not verified by a look-up from before the process',
      way({ body: all }, partyAttributes(), tradeRegister({ asOf: hoursAgo(1) }), byName),
      'IA1-a IO3-d IG3-f IV3',
      'EH1',
    ],
    [
      'is a public legal person',
      way({ kind: 'publicLegalPerson' }, ...identifiedParty, units(), byName),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    ],
    [
      'is a practitioner in the register of the profession',
      way({ kind: 'practitioner' }, partyAttributes(), professionalRegister(), inProfession),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    ],
    [
      'is a practitioner, whom a register that his profession did not designate does not verify',
      way(
        { kind: 'practitioner', body: all },
        partyAttributes(),
        professionalRegister({ registerDesignated: false }),
        inProfession,
      ),
      'IA1-a IO3-d IG3-f IV3',
      'EH1',
    ],
    [
      'is a practitioner, whom the trade register does not verify',
      way({ kind: 'practitioner', body: all }, ...identifiedParty, inProfession),
      'IA1-a IO3-d IG3-f IV3',
      'EH1',
    ],
    [
      'is a rest-group entity in the temporary register',
      way({ kind: 'restGroupEntity' }, partyAttributes(), restGroupRegister(), inRestGroups),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    ],
    [
      'is a rest-group entity with a match that is not unique',
      way(
        { kind: 'restGroupEntity', body: all },
        partyAttributes(),
        restGroupRegister({ uniqueMatch: false }),
        inRestGroups,
      ),
      'IA1-a IO3-d IG3-f IV3',
      'EH1',
    ],
    [
      'acts by an establishment that the trade register lists',
      way({ body: scope }, partyAttributes(), tradeRegister({ currentEstablishments: [MAIN, BRANCH] }), byName),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    ],
    [
      'acts by an establishment that nobody looked up',
      way({ body: { ...scope, ...all } }, ...identifiedParty, byName),
      'IA1-a IO3-d IG3-f IV3',
      'EH1',
    ],
  ])('%s', async (_name, given, rows, eh) => {
    await expectEarned(stage, await walk(stage, given), rows, eh);
  });
});

describe('the submitter', () => {
  const way = (more: Omit<Way, 'checks'>, ...ofSubmitter: Way['checks']): Way => ({
    ...more,
    checks: [...identifiedParty, representation(), circumstances(), ...checkedCopy, ...ofSubmitter],
  });
  const scans = [attributes('submitter'), copy('submitter', 'scan'), signedForm('scan')];
  const electronic = { channel: 'electronic' } as const;
  const byProxy = (...checks: Way['checks']): Way => ({
    role: 'proxyHolder',
    checks: [...identifiedParty, circumstances(), ...checkedCopy, ...checks],
  });
  const ofGrantor = [attributes('colleague'), representation('colleague'), proxy(), ...grantorChecked];

  it.each<Case>([
    ['says who he is', way({ body: all }), 'IA2-b IO1-a IG3-f IV3', 'EH1'],
    ['signs the paper form and encloses a copy', way({}, ...signedOnPaper), 'IA2-b IO2-b IG3-f IV3', 'EH2+'],
    [
      'encloses a copy with another signature',
      way({ body: all }, attributes('submitter'), copy('submitter'), signedForm('original', { agrees: false })),
      'IA2-b IO1-a IG3-f IV3',
      'EH1',
    ],
    [
      'sends scans of form and document, without holding a means',
      way(electronic, ...scans),
      'IA2-b IO2-c IG3-f IV3',
      'EH2+',
    ],
    [
      'sends scans though he was logged in: then he goes by the repeated book',
      way({ ...electronic, body: all }, ...scans, login('submitter', 'EH3')),
      'IA2-b IO1-a IG3-f IV3',
      'EH1',
    ],
    [
      'lets the organization seal the message with its PKIoverheid services certificate',
      way(electronic, attributes('submitter'), organizationSeal()),
      'IA2-b IO2-c IG3-f IV3',
      'EH2+',
    ],
    [
      'seals it with a certificate that was revoked',
      way(
        { ...electronic, body: all },
        attributes('submitter'),
        organizationSeal({ signature: { technology: 'pki', chainComplete: true, revocationStatus: 'revoked' } }),
      ),
      'IA2-b IO1-a IG3-f IV3',
      'EH1',
    ],
    [
      'encloses a copy that no one reported stolen',
      way({}, ...signedOnPaper, documentStatus('submitter')),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    ],
    [
      'pays from an account that asked for his document',
      way({}, ...signedOnPaper, bankTransaction('submitter')),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    ],
    [
      'pays from an account in another name',
      way({}, ...signedOnPaper, bankTransaction('submitter', { nameAgreesWithDocument: false })),
      'IA2-b IO2-b IG3-f IV3',
      'EH2+',
    ],
    ['is visited', way({}, ...before('visited')), 'IA2-b IO3-e IG3-f IV3', 'EH3'],
    [
      'is visited after an electronic submission',
      way(electronic, ...before('visited')),
      'IA2-b IO3-e IG3-f IV3',
      'EH3',
    ],
    ['appears in person', way({}, ...before('appeared')), 'IA2-b IO4-f IG3-f IV3', 'EH3'],
    [
      'appears with a copy of his document',
      way({ body: all }, attributes('submitter'), inPerson('submitter', 'appeared', 'copy'), signedOnTheSpot),
      'IA2-b IO1-a IG3-f IV3',
      'EH1',
    ],
    ['appears by proxy', byProxy(...before('appeared'), ...ofGrantor), 'IA2-b IO3-e IG3-f IV3', 'EH3'],
    ['is a visited proxy holder', byProxy(...before('visited'), ...ofGrantor), 'IA2-b IO3-e IG3-f IV3', 'EH3'],
    [
      'is a proxy holder without the copy of his grantor, who may not rely on the register either',
      {
        ...byProxy(...before('appeared'), attributes('colleague'), representation('colleague'), proxy(), askedApart()),
        body: all,
      },
      'IA2-b IO1-a IG3-f IV1-a',
      'EH1',
    ],
  ])('%s', async (_name, given, rows, eh) => {
    await expectEarned(stage, await walk(stage, given), rows, eh);
  });

  it('can’t get beyond EH3 in person: the register itself and the means stand in the way', async () => {
    const inFull = way({ body: { aimedLevel: 'EH4' } }, ...before('appeared'));
    const { answer, scores } = await walk(stage, inFull);
    expect([answer.status, codesOf(answer)]).toEqual([409, ['level-not-reached']]);
    expect(scores).toMatchObject({ IO: 4, IV: 3 });
    expect((answer.body['errors'] as readonly unknown[])[0]).toMatchObject({
      aimed: 'EH4',
      reached: 'EH3',
      missing: { aspects: { IG: 4, IM: 3, PV: 4, PI: 4 }, meansStork: 4 },
    });
  });
});

describe('the association of submitter and party', () => {
  const way = (more: Omit<Way, 'checks'>, ...checks: Way['checks']): Way => ({
    ...more,
    checks: [...identifiedParty, ...identifiedDirector, ...checkedCopy, ...checks],
  });
  const state = { kind: 'publicLegalPerson' } as const;
  const byFunction = representation('submitter', { basis: 'byFunction' });
  const mandated = { ...state, role: 'mandateHolder' } as const;
  const unpublished = { foundInOfficialSource: false, publication: undefined };
  const jointly: Fact = (scene) =>
    representation('submitter', { limitation: 'obstructing', cosigners: [scene.colleague.id] })(scene);
  const trustee = representation('colleague', { capacity: 'trustee', register: 'insolvencyRegister' });

  it.each<Case>([
    ['is confirmed by post', way({ body: all }, askedApart()), 'IA2-b IO3-d IG3-f IV1-a', 'EH1'],
    [
      'is confirmed by telephone',
      way({ body: all }, askedApart({ medium: 'telephone' })),
      'IA2-b IO3-d IG3-f IV1-a',
      'EH1',
    ],
    ['is in the trade register by name', way({}, representation()), 'IA2-b IO3-d IG3-f IV2-b', 'EH2+'],
    [
      'is in an extract of four days old',
      way({}, representation('submitter', { via: 'extract', asOf: hoursAgo(96) })),
      'IA2-b IO3-d IG3-f IV2-b',
      'EH2+',
    ],
    [
      'is shown by the authority service',
      way({}, representation('submitter', { register: 'authorityService' })),
      'IA2-b IO3-d IG3-f IV2-b',
      'EH2+',
    ],
    [
      'is limited, and all others signed too',
      way({}, jointly, representation('colleague'), eSignature('colleague')),
      'IA2-b IO3-d IG3-f IV2-b',
      'EH2+',
    ],
    [
      'is by function in a private legal person, which is no way',
      way({ body: all }, byFunction, declaresFunction(), askedApart()),
      'IA2-b IO3-d IG3-f IV1-a',
      'EH1',
    ],
    ['is public, way i: by name', way(state, units(), representation()), 'IA2-b IO3-d IG3-f IV2-b', 'EH2+'],
    [
      'is public, way ii: by function, and he declares to be appointed',
      way(state, units(), byFunction, declaresFunction()),
      'IA2-b IO3-d IG3-f IV2-b',
      'EH2+',
    ],
    [
      'is public, way iii: a mandate decision in an official source',
      way(mandated, units(), mandateDecision(), declaresFunction()),
      'IA2-b IO3-d IG3-f IV2-b',
      'EH2+',
    ],
    [
      'is public, way iii: a mandate decision that another representative declares valid',
      way(
        mandated,
        units(),
        mandateDecision(unpublished, 'colleague'),
        representation('colleague'),
        declaresFunction(),
      ),
      'IA2-b IO3-d IG3-f IV2-b',
      'EH2+',
    ],
    [
      'is public, way iii: a mandate decision that the holder himself declares valid, which is no proof',
      way(
        { ...mandated, body: all },
        units(),
        mandateDecision(unpublished, 'submitter'),
        declaresFunction(),
        askedApart(),
      ),
      'IA2-b IO3-d IG3-f IV1-a',
      'EH1',
    ],
    [
      'is public, way iii with clear circumstances',
      way(mandated, units(), mandateDecision(), declaresFunction(), circumstances()),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    ],
    [
      'is public, and nobody asked which unit it concerns',
      way({ ...state, body: all }, representation(), askedApart()),
      'IA2-b IO3-d IG3-f IV1-a',
      'EH1',
    ],
    [
      'is public, for one unit only, without limiting the scope to it',
      way({ ...state, body: all }, units(true), representation(), askedApart()),
      'IA2-b IO3-d IG3-f IV1-a',
      'EH1',
    ],
    [
      'is public, for one unit only, with the scope limited to its establishment',
      way(
        { ...state, body: { establishments: [BRANCH] } },
        units(true),
        representation(),
        tradeRegister({ currentEstablishments: [BRANCH] }),
      ),
      'IA2-b IO3-d IG3-f IV2-b',
      'EH2+',
    ],
    [
      'is clear of special circumstances',
      way({}, representation(), circumstances('none')),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    ],
    [
      'could not be searched for special circumstances',
      way({}, representation(), circumstances('unavailable')),
      'IA2-b IO3-d IG3-f IV2-b',
      'EH2+',
    ],
    [
      'is confirmed by another representative after a finding',
      way(
        {},
        representation(),
        circumstances('found', true),
        representation('colleague'),
        confirmedBy('colleague', 'representative'),
      ),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    ],
    [
      'is confirmed by the trustee after a finding',
      way({}, representation(), circumstances('found', true), trustee, confirmedBy('colleague', 'trustee')),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    ],
    [
      'is confirmed by the submitter himself when no other representative is registered',
      way({}, representation(), circumstances('found'), confirmedBy('submitter', 'representative')),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    ],
  ])('%s', async (_name, given, rows, eh) => {
    await expectEarned(stage, await walk(stage, given), rows, eh);
  });
});

describe('one human in three roles', () => {
  it('is identified once, as a sole proprietor who acts for himself', async () => {
    const way: Way = {
      kind: 'undertaking',
      authorized: 'submitter',
      checks: [...identifiedParty, representation(), circumstances(), ...signedOnPaper, documentStatus('submitter')],
    };
    await expectEarned(stage, await walk(stage, way), 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('has no part in the first book electronically once he holds a means, whatever he scans or signs', async () => {
    const way: Way = {
      channel: 'electronic',
      authorized: 'submitter',
      body: all,
      checks: [
        ...identifiedParty,
        representation(),
        circumstances(),
        attributes('submitter'),
        copy('submitter', 'scan'),
        signedForm('scan'),
        documentStatus('submitter'),
        eSignature('submitter'),
      ],
    };
    await expectEarned(stage, await walk(stage, way), 'IA2-b IO1-a IG3-f IV3', 'EH1');
  });
});

describe('the appointment of an administrator (ADMIN-01, AMB-75)', () => {
  const appointing = (more: Omit<Way, 'body' | 'checks'>, ...checks: Way['checks']): Way => ({
    ...more,
    checks: [...identifiedParty, circumstances(), ...checkedCopy, ...checks],
    body: { ...all, authority: 'administration', aimedLevel: 'EH3' },
  });
  const byProxy = [...before('appeared'), attributes('colleague'), representation('colleague'), ...grantorChecked];

  it.each<readonly [by: string, way: Way]>([
    ['a legal representative', appointing({}, ...identifiedDirector, representation())],
    [
      'the holder of a mandate of a public body',
      appointing(
        { kind: 'publicLegalPerson', role: 'mandateHolder' },
        ...identifiedDirector,
        units(),
        mandateDecision(),
        declaresFunction(),
      ),
    ],
    ['a proxy holder who appears', appointing({ role: 'proxyHolder' }, ...byProxy, proxy())],
  ])('is done by %s', async (_by, way) => {
    const { answer } = await walk(stage, way);
    expect(answer.body).toMatchObject({ authority: 'administration', eh: 'EH3', status: 'active' });
  });

  it.each<readonly [by: string, way: Way]>([
    [
      'a proxy holder whose proxy nobody signed',
      appointing({ role: 'proxyHolder' }, ...byProxy, askedApart(), proxy({ writtenAndSigned: false })),
    ],
    [
      'the holder of a mandate of a private legal person',
      appointing({ role: 'mandateHolder' }, ...identifiedDirector, askedApart(), mandateDecision(), declaresFunction()),
    ],
    [
      'an administrator in a first registration',
      appointing({ role: 'administrator' }, ...identifiedDirector, askedApart()),
    ],
  ])('is refused to %s', async (_by, way) => {
    const { answer } = await walk(stage, way);
    expect([answer.status, codesOf(answer)]).toEqual([
      409,
      ['appointer-not-legal-representative', 'submitter-not-representative'],
    ]);
  });
});
