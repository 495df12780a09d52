import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import type { Human } from '../support/clerk.js';
import { at, freshNumber } from '../support/case.js';
import { having, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  attributes,
  bankTransaction,
  before,
  checkedCopy,
  circumstances,
  complete,
  copy,
  deed,
  documentStatus,
  identifiedParty,
  inPerson,
  login,
  loginWith,
  ofIntermediary,
  partyAttributes,
  representation,
  signedOnPaper,
  suppliedAnew,
  tradeRegister,
  vouching,
} from './support/facts.js';
import { bodyOf, codesOf, expectEarned, sceneFor, walk, type Way } from './support/register.js';
import {
  activate,
  application,
  holder,
  holderAtThree,
  issue,
  person,
  record,
  setStage,
  withDocument,
  type Stage,
} from './support/stage.js';

/** The ways to know the authorized party, through HTTP: IG, IR, vouching and what follows from it (REG-10, REG-15). */

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
const ofOthersAt2 = [...identifiedParty, ...signedOnPaper, representation(), circumstances()];
const ofOthersAt3 = [...ofOthersAt2, documentStatus('submitter')];
const known = attributes('authorized');

describe('the authorized person', () => {
  const at3 = (more: Omit<Way, 'checks'>, ...checks: Way['checks']): Way => ({
    ...more,
    checks: [...ofOthersAt3, ...checks],
  });
  const at2 = (more: Omit<Way, 'checks'>, ...checks: Way['checks']): Way => ({
    ...more,
    checks: [...ofOthersAt2, ...checks],
  });
  const departing = { body: { deviationReason: 'The bank closes its desk this week' } };

  it.each<Case>([
    ['stands in a complete submission', at3({ body: all }, complete()), 'IA2-b IO3-d IG1-a IV3', 'EH1'],
    ['encloses a copy on paper', at3({}, known, copy('authorized')), 'IA2-b IO3-d IG2-b IV3', 'EH2+'],
    [
      'encloses a copy, with a means of STORK 2',
      at3({ authorized: 'assistant' }, known, copy('authorized')),
      'IA2-b IO3-d IG2-b IV3',
      'EH2',
    ],
    [
      'has his copy checked, which does not help a means that was issued at 2',
      at3({ authorized: 'assistant' }, ...checkedCopy),
      'IA2-b IO3-d IG2-b IV3',
      'EH2',
    ],
    ['shows his document', at3({}, known, inPerson('authorized')), 'IA2-b IO3-d IG2-b IV3', 'EH2+'],
    ['encloses nothing, for a reason', at3(departing, known), 'IA2-b IO3-d IG2-b IV3', 'EH2+'],
    ['sends a scan', at3({}, known, copy('authorized', 'scan')), 'IA2-b IO3-d IG2-c IV3', 'EH2+'],
    [
      'pays from an account in his name',
      at3(
        {},
        known,
        bankTransaction('authorized', { accountOpenedWithIdDocument: false, nameAgreesWithDocument: false }),
      ),
      'IA2-b IO3-d IG2-c IV3',
      'EH2+',
    ],
    [
      'is vouched for by a representative known at 2',
      at2({ authorized: 'assistant' }, known, vouching()),
      'IA2-b IO2-b IG2-d IV3',
      'EH2',
    ],
    [
      'is vouched for with all his data, for a means that he had',
      at2({}, suppliedAnew('authorized'), vouching({ meansLink: 'fullPersonalData' })),
      'IA2-b IO2-b IG2-d IV3',
      'EH2+',
    ],
    [
      'is vouched for by somebody else than the submitter, which is no vouching',
      at2({}, known, copy('authorized'), vouching({}, 'colleague')),
      'IA2-b IO2-b IG2-b IV3',
      'EH2+',
    ],
    [
      'is vouched for, but nothing ties the means to him',
      at2({}, known, copy('authorized'), vouching({ meansLink: 'none' })),
      'IA2-b IO2-b IG2-b IV3',
      'EH2+',
    ],
    ['is vouched for by a representative known at 3', at3({}, known, vouching()), 'IA2-b IO3-d IG3-e IV3', 'EH3'],
    [
      'is vouched for at 3 with a means of STORK 2: the means holds it at EH2 (SYN-08)',
      at3({ authorized: 'assistant' }, known, vouching()),
      'IA2-b IO3-d IG3-e IV3',
      'EH2',
    ],
    ['has the document of his paper copy checked', at3({}, ...checkedCopy), 'IA2-b IO3-d IG3-f IV3', 'EH3'],
    [
      'has the document of his scan checked',
      at3({}, known, copy('authorized', 'scan'), documentStatus('authorized')),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    ],
    [
      'has the document that he showed checked',
      at3({}, known, inPerson('authorized'), documentStatus('authorized')),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    ],
    [
      'encloses a copy and pays from an account that asked for his document',
      at3({}, known, copy('authorized'), bankTransaction('authorized')),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    ],
    ['is vouched for and checked', at3({}, ...checkedCopy, vouching()), 'IA2-b IO3-d IG3-e IG3-f IV3', 'EH3'],
    [
      'stands in a private deed, which asks for a means that was issued at 4',
      at3({}, ...checkedCopy, deed('hand')),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    ],
  ])('%s', async (_name, given, rows, eh) => {
    const earned = await walk(stage, given);
    await expectEarned(stage, earned, rows, eh);
    if (earned.answer.status === 201)
      expect(earned.answer.body['flags']).toEqual(
        given === undefined || given.body !== departing.body ? [] : ['id-copy-not-enclosed'],
      );
  });

  it('brings the evidence of his means once, when both are one process (REG-10)', async () => {
    const way: Way = { checks: [] };
    const scene = { ...(await sceneFor(stage, way)), authorized: await person(client) };
    const ofHolder = await record(client, scene, holderAtThree);
    const { means, answer } = await issue(client, scene, {
      product: 'password-sms',
      aimedStork: 3,
      identification: ofHolder,
      delivery: { form: 'registeredLetter', addressValidated: true },
    });
    having(answer, 200);
    const checks = [...(await record(client, scene, ofOthersAt3)), ...ofHolder];
    const body = bodyOf({ ...way, body: { aimedLevel: 'EH3' } }, { ...scene, means }, checks);
    const { body: registered } = having(await client.command('/v1/authorizations', body), 201);
    expect(registered).toMatchObject({ eh: 'EH3', rows: { IG: ['IG3-f'] } });
  });

  it('gets no level yet with a means that is not issued, unless a lower one is accepted', async () => {
    const scene = { ...(await sceneFor(stage, { checks: [] })), authorized: await person(client) };
    const applied = await client.command('/v1/means', {
      application: scene.application,
      holder: scene.authorized.id,
      product: 'password-sms',
      aimedStork: 3,
    });
    const means = having(applied, 201).body['id'] as string;
    const { answer, scores } = await walk(stage, {
      scene: { ...scene, means },
      checks: [...ofOthersAt3, ...checkedCopy],
    });
    expect([answer.status, answer.body['errors']]).toEqual([
      409,
      [{ code: 'aspect-unscored', aspect: 'IG' }].map((error) => expect.objectContaining(error)),
    ]);
    expect(scores).toMatchObject({ IA: 2, IO: 3, IG: 0, IV: 3 });
  });
});

describe('activation by the person himself (REG-15)', () => {
  it('is the end of the first step: he activates it logged in with that means', async () => {
    const waiting: Way = { checks: [...ofOthersAt3, ...checkedCopy], body: { awaitsActivation: true } };
    const { answer, scene } = await walk(stage, waiting);
    expect(having(answer, 201).body).toMatchObject({ status: 'awaitingActivation', eh: 'EH3' });
    const path = `/v1/authorizations/${String(answer.body['id'])}`;
    const leaving = await application(client, 'electronic', 'activation');
    const own = { ...scene, application: leaving };
    const [assertion, ownLogin] = await record(client, own, [
      login('authorized', 'EH3'),
      loginWith('authorized', 'EH3', scene.means),
    ]);
    const activating = (check: string) =>
      client.command(`${path}/activations`, { application: leaving, checks: [check], activatedAt: at(0) });
    const elsewhere = await activating(assertion!);
    expect([elsewhere.status, elsewhere.body['code']]).toEqual([409, 'not-activated-by-holder']);
    expect(having(await activating(ownLogin!), 200).body).toMatchObject({ status: 'active' });
    expect((await client.get(path)).body).toMatchObject({ status: 'active', rows: { IG: ['IG3-f'] } });
  });

  it('gets no row by a shared secret, which the register has not compared (PROOF-04)', async () => {
    for (const authorized of ['sameProcess', 'employee'] as const) {
      const earned = await walk(stage, {
        authorized,
        checks: [...ofOthersAt3, known, copy('authorized'), vouching({ meansLink: 'sharedSecret' })],
      });
      await expectEarned(stage, earned, 'IA2-b IO3-d IG2-b IV3', 'EH2+');
    }
  });

  it('waits too when the submitter wants it, for a bank transaction still to come (BANK-02)', async () => {
    const way: Way = { checks: [...ofOthersAt3, ...checkedCopy], body: { awaitsActivation: true } };
    const { answer } = await walk(stage, way);
    expect(having(answer, 201).body).toMatchObject({ status: 'awaitingActivation', eh: 'EH3' });
  });
});

describe('the intermediary', () => {
  const way = (...checks: Way['checks']): Way => ({ authorized: 'intermediary', checks: [...ofOthersAt3, ...checks] });

  it('is taken over as submitted: its service list stays out at EH1, which is closed anyway', async () => {
    const earned = await walk(stage, { ...way(ofIntermediary(partyAttributes(false))), body: all });
    expect(codesOf(earned.answer)).toContain('level-closed-for-issuance');
    expect([earned.eh, earned.rows]).toMatchObject(['EH1', { IR: ['IR1-a'] }]);
  });

  it.each<Case>([
    [
      'is verified in the trade register',
      way(ofIntermediary(partyAttributes()), ofIntermediary(tradeRegister())),
      'IA2-b IO3-d IR2-b IV3',
      'EH3',
    ],
    [
      'is verified, for a party whose submitter is known at 2: EH2+, as it has no means (CHAIN-02)',
      {
        authorized: 'intermediary',
        checks: [...ofOthersAt2, ofIntermediary(partyAttributes()), ofIntermediary(tradeRegister())],
      },
      'IA2-b IO2-b IR2-b IV3',
      'EH2+',
    ],
  ])('%s', async (_name, given, rows, eh) => {
    await expectEarned(stage, await walk(stage, given), rows, eh);
  });
});

describe('two records of one human', () => {
  it('count as one: who is linked to a holder holds that means himself', async () => {
    const twin = { familyName: 'Tweeling', givenNames: 'Specimen', birthDate: '1980-01-02', birthPlace: 'Teststad' };
    const holding = await person(client, twin);
    const scene = { ...(await sceneFor(stage, { checks: [] })), authorized: holding };
    const { means, answer } = await issue(client, scene, {
      product: 'password-sms',
      aimedStork: 3,
      identification: await record(client, scene, holderAtThree),
      delivery: { form: 'registeredLetter', addressValidated: true },
    });
    having(answer, 200);
    await activate(client, means);
    const record2 = await person(client, twin);
    having(await client.command(`/v1/persons/${record2.id}/links`, { to: holding.id, same: true }), 200);
    const way: Way = {
      channel: 'electronic',
      scene: { submitter: record2 },
      body: all,
      checks: [
        ...identifiedParty,
        representation(),
        circumstances(),
        ...checkedCopy,
        attributes('submitter'),
        copy('submitter', 'scan'),
        (of) => ({
          type: 'signatureComparison',
          about: { person: of.submitter.id },
          document: of.submitter.document,
          against: 'idCopy',
          form: 'scan',
          onTheSpot: false,
          agrees: true,
        }),
      ],
    };
    await expectEarned(stage, await walk(stage, way), 'IA2-b IO1-a IG3-f IV3', 'EH1');
  });

  const attributesOf = (familyName: string): Json => ({ familyName });
  const passport = (): string => `Q${freshNumber()}`;
  const link = async (one: Human, other: Human): Promise<void> => {
    having(await client.command(`/v1/persons/${one.id}/links`, { to: other.id, same: true }), 200);
  };
  /** Two records with the same attributes, of which a clerk said that they are one human; the second has the passport. */
  async function twins(familyName: string, number: string): Promise<readonly [Human, Human]> {
    const one = await person(client, attributesOf(familyName));
    const two = await person(client, attributesOf(familyName));
    await link(two, one);
    return [one, await withDocument(client, two.id, { number })];
  }
  /** Everybody who still was recognized in him is somebody else. */
  async function resolve({ id }: Human): Promise<void> {
    const { duplicates } = having(await client.get(`/v1/persons/${id}`), 200).body as {
      readonly duplicates: readonly { readonly person: string; readonly outcome: string }[];
    };
    for (const { person: to } of duplicates.filter(({ outcome }) => outcome === 'unresolved')) {
      const answer = { to, same: false, distinguishedBy: ['familyName'] };
      having(await client.command(`/v1/persons/${id}/links`, answer), 200);
    }
  }
  const vouchingFor = async (voucher: Human, vouchedFor: Human): Promise<Way> => ({
    scene: { submitter: voucher, authorized: vouchedFor, means: (await holder(client, 3, vouchedFor)).means },
    checks: [...identifiedParty, ...before('visited'), representation(), circumstances(), known, vouching()],
  });

  it('count as one through a third record: he can’t vouch for himself by that way round', async () => {
    const number = passport();
    const [one, two] = await twins('Omweg', number);
    const three = await withDocument(client, (await person(client, attributesOf('Anders'))).id, { number });
    await link(three, two);
    const earned = await walk(stage, await vouchingFor(one, three));
    await expectEarned(stage, earned, 'IA2-b IO3-e IG2-b IV3', 'EH2+');
  });

  it('count as one when each was linked to the other', async () => {
    const number = passport();
    const [one, two] = await twins('Wederkerig', number);
    await withDocument(client, one.id, { number });
    await link(one, two);
    const earned = await walk(stage, await vouchingFor(one, two));
    await expectEarned(stage, earned, 'IA2-b IO3-e IG2-b IV3', 'EH2+');
  });

  it('are not identified while a later duplicate is unresolved, and count as one once it is answered', async () => {
    const [one, two] = await twins('Later', passport());
    const way = await vouchingFor(one, two);
    const number = passport();
    await withDocument(client, (await person(client)).id, { number });
    await withDocument(client, two.id, { number });
    expect((await client.get(`/v1/persons/${two.id}`)).body).toMatchObject({ duplicate: 'unresolved' });
    const refused = await walk(stage, way);
    expect([refused.answer.status, codesOf(refused.answer)]).toEqual([409, ['aspect-unscored']]);
    expect(refused.scores).toMatchObject({ IO: 1, IG: 0 });
    await resolve(two);
    await expectEarned(stage, await walk(stage, way), 'IA2-b IO3-e IG2-b IV3', 'EH2+');
  });
});
