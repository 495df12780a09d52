import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import { faultsOf, having, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  askedApart,
  attributes,
  before,
  BRANCH,
  checkedCopy,
  circumstances,
  complete,
  confirmedBy,
  copy,
  declaresFunction,
  documentStatus,
  grantorChecked,
  identifiedParty,
  MAIN,
  mandateDecision,
  ofIntermediary,
  partyAttributes,
  proxy,
  representation,
  signedForm,
  tradeRegister,
  units,
  vouching,
  type Fact,
} from './support/facts.js';
import { bodyOf, codesOf, refusalRecord, sceneFor, shownIn, walk, type Way } from './support/register.js';
import {
  application,
  holder,
  holderAtThree,
  issueAt,
  party,
  person,
  record,
  sceneOf,
  setStage,
  type Stage,
} from './support/stage.js';

/** Every refusal code of classification.md §1.7 that a first registration can meet, reached through the command. */

const OPERATOR = '69599084';

let suite: TestSuite;
let client: Client;
let stage: Stage;

beforeAll(async () => {
  suite = await startSuite(undefined, ['--operators', `kvk:${OPERATOR}`]);
  client = await suite.client('supplier');
  stage = await setStage(suite, client);
});
afterAll(() => suite.end());

const without = (checks: readonly Fact[], ...out: readonly Fact[]): readonly Fact[] =>
  checks.filter((check) => !out.includes(check));

const byName = representation();
const clear = circumstances();
const checkedDocument = documentStatus('submitter');
const form = signedForm();
const submitterOnPaper = [attributes('submitter'), copy('submitter'), form, checkedDocument];
const full = [...identifiedParty, ...submitterOnPaper, byName, clear, ...checkedCopy];
const complying: Way = { checks: full };
const EH3 = { aimedLevel: 'EH3' };

describe('what refuses whatever the level', () => {
  it.each<readonly [name: string, way: Way, errors: readonly Json[]]>([
    [
      'an aspect without a score: nothing is known of the party',
      { ...complying, checks: without(full, ...identifiedParty) },
      [{ code: 'aspect-unscored', aspect: 'IA' }],
    ],
    [
      'an aspect without a score: nothing is known of the authorized person',
      { ...complying, checks: without(full, ...checkedCopy) },
      [{ code: 'aspect-unscored', aspect: 'IG' }],
    ],
    [
      'an aspect without a score: nothing is known of the intermediary',
      { authorized: 'intermediary', checks: without(full, ...checkedCopy) },
      [
        {
          code: 'aspect-unscored',
          aspect: 'IR',
          earnedBy: [{ aspect: 'IR', score: 1, row: 'IR1-a', checks: ['identityAttributesRecorded'] }],
        },
      ],
    ],
    [
      'an aspect without a score: nothing ties the submitter to the party',
      { ...complying, checks: without(full, byName, clear) },
      [{ code: 'aspect-unscored', aspect: 'IV' }],
    ],
    [
      'several of them, all at once',
      { ...complying, checks: [] },
      [
        { code: 'aspect-unscored', aspect: 'IA' },
        { code: 'aspect-unscored', aspect: 'IG' },
        { code: 'aspect-unscored', aspect: 'IV' },
      ],
    ],
    [
      'an incomplete submission',
      { ...complying, checks: [...full, complete('period', 'nature')] },
      [
        { code: 'incomplete', item: 'period' },
        { code: 'incomplete', item: 'nature' },
      ],
    ],
    [
      'an administrator who is not appointed by a representative',
      { ...complying, role: 'other', body: { authority: 'administration' } },
      [
        { code: 'aspect-unscored', aspect: 'IV' },
        { code: 'appointer-not-legal-representative' },
        { code: 'submitter-not-representative' },
      ],
    ],
    [
      'an establishment that is not current',
      {
        body: { establishments: [BRANCH] },
        checks: [
          ...without(full, ...identifiedParty),
          partyAttributes(),
          tradeRegister({ currentEstablishments: [MAIN] }),
        ],
      },
      [{ code: 'establishment-not-current' }],
    ],
    [
      'a register that was asked about other data',
      { checks: [...full, representation('submitter', { sameDataAsIdentified: false })] },
      [{ code: 'inconsistent-identity-data' }],
    ],
    [
      'special circumstances that nobody confirmed',
      { checks: [...without(full, clear), circumstances('found')] },
      [{ code: 'special-circumstances-unconfirmed' }],
    ],
    [
      'special circumstances that only the submitter confirmed, though there is another representative',
      {
        checks: [...without(full, clear), circumstances('found', true), confirmedBy('submitter', 'representative')],
      },
      [{ code: 'special-circumstances-unconfirmed' }],
    ],
    [
      'special circumstances that were confirmed at the address that the submitter gave',
      {
        checks: [
          ...without(full, clear),
          circumstances('found'),
          representation('colleague'),
          confirmedBy('colleague', 'representative', {}, 'submitter'),
        ],
      },
      [{ code: 'special-circumstances-unconfirmed' }],
    ],
  ])('%s', async (_name, way, errors) => {
    const { answer, m } = await walk(stage, { ...way, body: { acceptLower: true, ...(way.body as Json | undefined) } });
    expect([answer.status, answer.body['code'], m]).toEqual([409, errors[0]!['code'], 0]);
    expect(answer.body['errors']).toEqual(errors.map((error) => expect.objectContaining(error)));
  });

  it('a reported document of the submitter (STOLEN-01)', async () => {
    const checks = [...without(full, checkedDocument), documentStatus('submitter', 'reported')];
    const { answer, m } = await walk(stage, { scene: { submitter: await person(client) }, checks });
    expect([answer.status, codesOf(answer), m]).toEqual([409, ['document-reported'], 0]);
  });

  it('a reported document of the authorized person, beside a check in which it was not', async () => {
    const { human, means } = await holder(client, 3);
    const checks = [...full, documentStatus('authorized', 'reported')];
    const { answer, m } = await walk(stage, { scene: { authorized: human, means }, checks });
    expect([answer.status, codesOf(answer), m]).toEqual([409, ['document-reported'], 0]);
  });

  it('the operator of the register as authorized party (REG-09)', async () => {
    const intermediary = await party(client, 'privateLegalPerson', { number: OPERATOR });
    const way: Way = {
      scene: { intermediary },
      checks: [...without(full, ...checkedCopy), ofIntermediary(partyAttributes()), ofIntermediary(tradeRegister())],
    };
    const { answer, scores } = await walk(stage, way);
    expect([answer.status, codesOf(answer)]).toEqual([409, ['operator-is-authorized-party']]);
    expect(scores).toMatchObject({ IA: 2, IO: 3, IR: 2, IV: 3 });
  });
});

describe('what keeps an aspect from its score, reported with the level that is not reached', () => {
  const publicBody = { kind: 'publicLegalPerson', checks: [] } as const;

  it.each<readonly [name: string, way: Way, reached: string, missing: Json, codes: readonly string[]]>([
    [
      'a submitter who does not act as representative',
      { ...complying, role: 'other', checks: [...full, ...confirmed()] },
      'EH1',
      { IO: 3, IV: 3 },
      ['submitter-not-representative'],
    ],
    [
      'a holder of a mandate, which only public bodies give',
      { role: 'mandateHolder', checks: [...full, mandateDecision(), declaresFunction(), ...confirmed()] },
      'EH1',
      { IO: 3, IV: 3 },
      ['submitter-not-representative'],
    ],
    [
      'a scan where the original form is asked',
      { checks: [...without(full, form), signedForm('scan')] },
      'EH2+',
      { IO: 3 },
      ['original-form-required'],
    ],
    [
      'a submitter who vouches for himself',
      {
        authorized: 'submitter',
        checks: [...identifiedParty, ...before('visited'), byName, clear, vouching()],
      },
      'EH2+',
      { IG: 3 },
      ['voucher-is-authorized-person'],
    ],
    [
      'a limited power of representation',
      {
        checks: [...without(full, byName), representation('submitter', { limitation: 'obstructing' }), ...confirmed()],
      },
      'EH1',
      { IV: 3 },
      ['representation-limited'],
    ],
    [
      'no declaration of function, way ii',
      {
        ...publicBody,
        checks: [
          ...without(full, byName),
          units(),
          representation('submitter', { basis: 'byFunction' }),
          ...confirmed(),
        ],
      },
      'EH1',
      { IV: 3 },
      ['function-declaration-missing'],
    ],
    [
      'a declaration of function that does not declare it, way iii',
      {
        ...publicBody,
        role: 'mandateHolder',
        checks: [...without(full, byName), units(), mandateDecision(), declaresFunction(false), ...confirmed()],
      },
      'EH1',
      { IV: 3 },
      ['function-declaration-missing'],
    ],
    [
      'no copy, and no reason why not',
      { checks: [...without(full, ...checkedCopy), attributes('authorized'), complete()] },
      'EH1',
      { IG: 3 },
      ['deviation-reason-missing'],
    ],
    [
      'a proxy that nobody signed',
      {
        role: 'proxyHolder',
        checks: [
          ...identifiedParty,
          ...before('appeared'),
          attributes('colleague'),
          representation('colleague'),
          proxy({ writtenAndSigned: false }),
          ...grantorChecked,
          clear,
          ...checkedCopy,
          ...confirmed(),
        ],
      },
      'EH1',
      { IO: 3, IV: 3 },
      ['submitter-not-representative'],
    ],
  ])('%s', async (_name, way, reached, missing, codes) => {
    const body = { ...EH3, ...(way.body as Json | undefined) };
    const { answer, eh } = await walk(stage, {
      ...way,
      body: { ...body, ...(reached === 'EH1' ? { scope: { all: true } } : {}) },
    });
    expect([answer.status, answer.body['code'], eh]).toEqual([409, 'level-not-reached', reached]);
    const [first, ...others] = answer.body['errors'] as readonly Json[];
    expect(first).toMatchObject({ aimed: 'EH3', reached, missing: { aspects: missing } });
    expect(others.map(({ code }) => code).filter((code) => code !== 'level-closed-for-issuance')).toEqual(codes);
  });

  it('is registered at the level reached when a lower one is accepted', async () => {
    const way: Way = { checks: [...without(full, form), signedForm('scan')], body: { ...EH3, acceptLower: true } };
    const { answer } = await walk(stage, way);
    expect(having(answer, 201).body).toMatchObject({ eh: 'EH2+', aimedLevel: 'EH3', rows: { IO: ['IO2-b'] } });
  });
});

describe('evidence of another process (REG-10)', () => {
  it('of the means’ own application does not count: it is supplied anew', async () => {
    const human = await person(client);
    const own = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });
    const means = await issueAt(client, own, 3);
    const ofMeans = await record(client, own, checkedCopy);
    const way: Way = { scene: { authorized: human, means }, checks: [], body: { ...EH3, scope: { all: true } } };
    const scene = await sceneFor(stage, way);
    const ofOthers = await record(client, scene, [...without(full, ...checkedCopy), complete()]);
    const answer = await client.command('/v1/authorizations', bodyOf(way, scene, [...ofOthers, ...ofMeans]));
    expect([answer.status, codesOf(answer)]).toEqual([
      409,
      ['level-not-reached', 'evidence-not-reusable', 'level-closed-for-issuance'],
    ]);
    expect((answer.body['errors'] as readonly Json[])[0]).toMatchObject({
      reached: 'EH1',
      missing: { aspects: { IG: 3 } },
    });
  });

  it('of any other application earns nothing, which the refusal says with a code and each check with its reason', async () => {
    const earlier = await sceneFor(stage, complying);
    const ofBefore = await record(client, earlier, [copy('authorized'), documentStatus('authorized')]);
    const scene = { ...earlier, application: await application(client, 'nonElectronic', 'registration') };
    const own = await record(client, scene, [...without(full, ...checkedCopy), attributes('authorized')]);
    const { records } = await suite.heads();
    const register = (checks: readonly string[]) =>
      client.command('/v1/authorizations', bodyOf({ ...complying, body: EH3 }, scene, checks));
    const refused = await register([...own, ...ofBefore]);
    expect([refused.status, codesOf(refused)]).toEqual([
      409,
      ['aspect-unscored', 'evidence-not-reusable', 'deviation-reason-missing'],
    ]);
    expect(await refusalRecord(suite, records, refused)).toMatchObject({ command: 'RegisterAuthorization' });
    for (const check of ofBefore)
      expect(shownIn(refused, check)).toMatchObject({ counts: false, why: 'other-application' });
    // Supplied anew they count; beside them those of before stand in nobody's way.
    const anew = await record(client, scene, [copy('authorized'), documentStatus('authorized')]);
    const answer = having(await register([...own, ...ofBefore, ...anew]), 201);
    expect(answer.body).toMatchObject({ eh: 'EH3', rows: { IG: ['IG3-f'] } });
    for (const check of ofBefore)
      expect(shownIn(answer, check)).toMatchObject({ counts: false, why: 'other-application' });
    for (const check of anew) expect(shownIn(answer, check)).toMatchObject({ counts: true });
  });

  it('keeps a look-up of the trade register of another process, which has a date of its own', async () => {
    const earlier = await sceneFor(stage, complying);
    const lookUp = tradeRegister({ via: 'extract' });
    const ofBefore = await record(client, earlier, [lookUp]);
    const scene = { ...earlier, application: await application(client, 'nonElectronic', 'registration') };
    const checks = [
      ...(await record(client, scene, [partyAttributes(), ...without(full, ...identifiedParty)])),
      ...ofBefore,
    ];
    const answer = await client.command('/v1/authorizations', bodyOf({ ...complying, body: EH3 }, scene, checks));
    expect(having(answer, 201).body).toMatchObject({ eh: 'EH3', rows: { IA: ['IA2-b'] } });
  });
});

describe('checks about nobody in the dossier', () => {
  it('are faults of the request, each by its place, and nothing is recorded', async () => {
    const scene = await sceneFor(stage, complying);
    const stranger = await person(client);
    const strangers = await record(
      client,
      { ...scene, submitter: stranger, party: await party(client, 'undertaking') },
      [attributes('submitter'), partyAttributes()],
    );
    const checks = [...strangers, ...(await record(client, scene, full))];
    const before = await suite.heads();
    const answer = await client.command('/v1/authorizations', bodyOf(complying, scene, checks));
    expect(answer.status).toBe(400);
    expect(faultsOf(answer)).toEqual(['/checks/0 check-not-in-dossier', '/checks/1 check-not-in-dossier']);
    expect(await suite.heads()).toEqual(before);
  });

  it('are faults for a means too', async () => {
    const own = sceneOf({
      application: await application(client, 'electronic', 'means'),
      authorized: await person(client),
    });
    const other = await record(client, { ...own, authorized: await person(client) }, holderAtThree);
    const applied = await client.command('/v1/means', {
      application: own.application,
      holder: own.authorized.id,
      product: 'password-sms',
      aimedStork: 3,
    });
    const path = `/v1/means/${String(having(applied, 201).body['id'])}/identifications`;
    const answer = await client.command(path, { checks: other });
    expect(answer.status).toBe(400);
    expect(faultsOf(answer)).toEqual(other.map((_, place) => `/checks/${place} check-not-in-dossier`));
  });
});

/** Keeps IV at 1, so that a level below EH1 does not hide the code. */
function confirmed(): readonly Fact[] {
  return [askedApart()];
}
