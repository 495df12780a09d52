import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Instant } from '#libs/kernel';
import { governance, seed } from '#libs/application';
import type { Json } from '../support/api.js';
import { having, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  askedApart,
  attributes,
  before,
  checkedCopy,
  circumstances,
  complete,
  copy,
  deed,
  deedWith,
  eSignature,
  identifiedParty,
  inPerson,
  login,
  officialNumber,
  partyAttributes,
  representation,
  validation,
  type Fact,
} from './support/facts.js';
import { codesOf, earning, walk, type Earned, type Way } from './support/register.js';
import {
  activate,
  application,
  issue,
  person,
  record,
  sceneOf,
  setStage,
  type Holder,
  type Stage,
} from './support/stage.js';

/**
 * Ways that the profiles and the policy of the seed leave no room for: STORK 4 and EH4 of an issuer and a register that
 * are fit for them, and EH1 as before it was closed. Profiles and policies are not commands yet, so this file puts them
 * into the process that it starts.
 */

const SINCE = '2020-01-01T00:00:00.000Z' as Instant;
const HIGHEST = { im: 3, pd: 2, pv: 4, pi: 4, pt: 2 } as const;

let suite: TestSuite;
let client: Client;
let stage: Stage;
let atFour: Holder;

beforeAll(async () => {
  suite = await startSuite();
  Object.assign(suite.running.open.backbone, {
    governance: governance({
      ...seed,
      levelPolicy: [],
      registerProfiles: [{ from: SINCE, value: HIGHEST }],
      issuerProfiles: [{ from: SINCE, value: { participant: true, supervision: 'mandatory' } }],
    }),
  });
  client = await suite.client('supplier');
  stage = await setStage(suite, client);
  atFour = await holderAtFour();
});
afterAll(() => suite.end());

/** A certificate on a card, activated at the desk where the holder showed his document. */
async function holderAtFour(): Promise<Holder> {
  const human = await person(client);
  const scene = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });
  const facts = [attributes('authorized'), officialNumber(), inPerson('authorized')];
  const identification = await record(client, scene, facts);
  const { means, answer } = await issue(client, scene, {
    product: 'certificate-card',
    aimedStork: 4,
    identification,
    delivery: { form: 'afterPhysicalIdentification', appearance: identification[2] },
  });
  expect(having(answer, 200).body).toMatchObject({
    scores: { ID: 4, IC: 4, IE: 3, RC: 4, AM: 4 },
    rows: { ID: ['MEANS-ID4'], IC: ['MEANS-IC4'], IE: ['MEANS-IE4'], RC: ['MEANS-RC4'], AM: ['MEANS-AM4'] },
    stork: 4,
    issuanceLevel: 4,
  });
  await activate(client, means);
  return { human, means };
}

const all = { scope: { all: true } };
const inFull = [...identifiedParty, ...before('appeared'), representation(), circumstances()];

async function expectRegistered(earned: Earned, rows: string, expected: Json): Promise<void> {
  const { answer } = earned;
  const { body } = having(answer, 201);
  const { scores, rows: named } = earning(rows);
  expect(body).toMatchObject({ scores: { ...scores, IM: 3, PD: 2, PV: 4, PI: 4, PT: 2 }, rows: named, ...expected });
  const { position: _position, ...shown } = body;
  expect(having(await client.get(`/v1/authorizations/${String(body['id'])}`), 200).body).toEqual(shown);
}

describe('a register and an issuer of the highest profile', () => {
  const authorized = (): Way['scene'] => ({ authorized: atFour.human, means: atFour.means });
  const known = [attributes('authorized'), copy('authorized')];

  it.each<readonly [name: string, checks: readonly Fact[], body: Json, rows: string, expected: Json]>([
    [
      'a private deed signed by hand reaches EH4',
      [...inFull, ...known, deed('hand')],
      {},
      'IA2-b IO4-f IG4-g IV3',
      { m: 4, eh: 'EH4', eidas: 'high', flags: [] },
    ],
    [
      'a private deed without a copy does for a reason',
      [...inFull, attributes('authorized'), deed()],
      { deviationReason: 'The desk could not copy that day' },
      'IA2-b IO4-f IG4-g IV3',
      { m: 4, eh: 'EH4', flags: ['id-copy-not-enclosed'] },
    ],
    [
      'a private deed signed with a lower means does not',
      [...inFull, ...checkedCopy, deed('lowerMeans')],
      {},
      'IA2-b IO4-f IG3-f IV3',
      { m: 3, eh: 'EH3' },
    ],
    [
      'a private deed that somebody else signed does not',
      [...inFull, ...checkedCopy, deed('hand', 'colleague')],
      {},
      'IA2-b IO4-f IG3-f IV3',
      { m: 3, eh: 'EH3' },
    ],
    [
      'a visit instead of an appearance does not',
      [...identifiedParty, ...before('visited'), representation(), circumstances(), ...known, deed()],
      {},
      'IA2-b IO3-e IG4-g IV3',
      { m: 3, eh: 'EH3' },
    ],
  ])('%s', async (_name, checks, body, rows, expected) => {
    await expectRegistered(await walk(stage, { scene: authorized()!, checks, body }), rows, expected);
  });

  it('takes a private deed signed with the signer’s own means of level 4, whose signature was validated (PROOF-10)', async () => {
    const signer = await holderAtFour();
    const checks = [...inFull, attributes('authorized'), inPerson('authorized')];
    const scene = { ...authorized(), submitter: signer.human };
    const signed = await walk(stage, { scene, checks: [...checks, deedWith(signer.means)] });
    await expectRegistered(signed, 'IA2-b IO4-f IG4-g IV3', { m: 4, eh: 'EH4', flags: [] });
    const forged = { signature: { technology: 'pki', chainComplete: true, revocationStatus: 'revoked' } };
    const unsigned = await walk(stage, { scene, checks: [...checks, deedWith(signer.means, 'submitter', forged)] });
    await expectRegistered(unsigned, 'IA2-b IO4-f IG2-b IV3', { m: 2, eh: 'EH2+' });
  });

  it('has administrators at EH4, whose electronic signature earns R-IO4-f', async () => {
    const appointing: Way = {
      scene: authorized()!,
      checks: [...inFull, ...known, deed()],
      body: { ...all, authority: 'administration', aimedLevel: 'EH4' },
    };
    const { answer, scene } = await walk(stage, appointing);
    having(answer, 201);
    const employee = await holderAtFour();
    const byHim = (...checks: readonly Fact[]): Promise<Earned> =>
      walk(stage, {
        registration: 'repeated',
        channel: 'electronic',
        role: 'administrator',
        scene: { party: scene.party, submitter: atFour.human, authorized: employee.human, means: employee.means },
        checks: [
          login('submitter', 'EH4'),
          ...identifiedParty,
          circumstances(),
          attributes('authorized'),
          copy('authorized'),
          deedWith(atFour.means),
          ...checks,
        ],
      });
    await expectRegistered(await byHim(eSignature('submitter')), 'R-IA2-c R-IO4-f IG4-g R-IV=3', {
      eh: 'EH4',
      submitterLevel: 'EH4',
    });
    await expectRegistered(await byHim(), 'R-IA2-c R-IO3-e IG4-g R-IV=3', { m: 3, eh: 'EH3' });
    const unsigned = eSignature('submitter', {
      signature: { technology: 'pki', chainComplete: false, revocationStatus: 'good' },
    });
    // What fails later is his signature, whatever it stands under (PROOF-01).
    await expectRegistered(await byHim(unsigned), 'R-IA2-c R-IO3-e IG2-b R-IV=3', { m: 2, eh: 'EH2+' });
  });
});

describe('EH1 while it was open', () => {
  async function holderAtOne(): Promise<Holder> {
    const human = await person(client);
    const scene = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });
    const { means, answer } = await issue(client, scene, {
      product: 'password',
      aimedStork: 1,
      identification: await record(client, scene, [validation({ type: 'emailConfirmation', confirmed: true })]),
      delivery: { form: 'unverified' },
    });
    expect(having(answer, 200).body).toMatchObject({
      stork: 1,
      issuanceLevel: 1,
      rows: { ID: ['MEANS-ID1'], IC: ['MEANS-IC1'] },
    });
    await activate(client, means);
    return { human, means };
  }
  const asked = askedApart({ medium: 'email' });
  const leastOf = (holder: Holder, body: Json): Way => ({
    channel: 'electronic',
    role: 'other',
    scene: { authorized: holder.human, means: holder.means },
    checks: [partyAttributes(false), asked, complete()],
    body,
  });

  it('was registered on the least there is, for all services only (CONT-07)', async () => {
    const holder = await holderAtOne();
    await expectRegistered(await walk(stage, leastOf(holder, all)), 'IA1-a IO1-a IG1-a IV1-a', {
      m: 1,
      eh: 'EH1',
      eidas: 'low',
    });
    const { answer } = await walk(stage, leastOf(holder, {}));
    expect([answer.status, codesOf(answer)]).toEqual([409, ['scope-not-allowed-at-EH1']]);
  });

  it('had administrators, whose registrations rest on R-IA1-a, R-IO1-a and R-IV', async () => {
    const holder = await holderAtOne();
    const appointing: Way = {
      ...leastOf(holder, { ...all, authority: 'administration' }),
      role: 'legalRepresentative',
      checks: [partyAttributes(false), representation(), complete()],
    };
    const { answer, scene } = await walk(stage, appointing);
    expect(having(answer, 201).body).toMatchObject({
      eh: 'EH1',
      rows: { IA: ['IA1-a'], IO: ['IO1-a'], IV: ['IV2-b'] },
    });
    const other = await holderAtOne();
    const byHim: Way = {
      registration: 'repeated',
      channel: 'electronic',
      role: 'administrator',
      scene: { party: scene.party, submitter: holder.human, authorized: other.human, means: other.means },
      checks: [login('submitter', 'EH1'), complete()],
      body: all,
    };
    await expectRegistered(await walk(stage, byHim), 'R-IA1-a R-IO1-a IG1-a R-IV=1', {
      eh: 'EH1',
      submitterLevel: 'EH1',
    });
  });
});
