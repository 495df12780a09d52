import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import { at } from '../support/case.js';
import { faultsOf, having, type Answer, type Client } from '../support/client.js';
import { mediaFiles } from '#libs/testing';
import { startSuite, type TestSuite } from '../support/suite.js';
import { handOverCopy } from '../support/upload.js';
import {
  archivedSignature,
  attributes,
  bankTransaction,
  BRANCH,
  checkedCopy,
  circumstances,
  copy,
  documentStatus,
  eSignature,
  hoursAgo,
  identifiedParty,
  login,
  loginWith,
  MAIN,
  ofIntermediary,
  partyAttributes,
  recordOne,
  representation,
  signedForm,
  signedOnPaper,
  tradeRegister,
  vouching,
  type Fact,
} from './support/facts.js';
import { codesOf, expectEarned, walk, type Way } from './support/register.js';
import {
  application,
  holder,
  party,
  revokeByHolder,
  sceneOf,
  setStage,
  type Holder,
  type Stage,
} from './support/stage.js';

/** The ways of the repeated book (§4.5), through HTTP: who acts is an administrator whose authority is on record. */

let suite: TestSuite;
let client: Client;
let stage: Stage;

/** An administrator and the party whose authorizations he manages. */
interface Administrator extends Holder {
  readonly party: string;
  readonly authority: string;
}
const DAY = 86_400_000;
type Level = 'EH2' | 'EH2+' | 'EH3';
const administrators = new Map<Level | 'limited', Administrator>();

const director = [...signedOnPaper, documentStatus('submitter')];
const appointing: readonly Fact[] = [...identifiedParty, representation(), ...checkedCopy];

/** The director appoints somebody on paper: a first registration of the authority to administer. */
async function appoint(
  level: Level,
  body: Json = {},
  checks: readonly Fact[] = [],
  inForce = true,
): Promise<Administrator> {
  const of = await holder(client, level === 'EH2' ? 2 : 3);
  const where = await party(client, 'privateLegalPerson');
  const { answer } = await walk(stage, {
    scene: { party: where, authorized: of.human, means: of.means },
    checks: [...appointing, ...checks, ...(level === 'EH3' ? [...director, circumstances()] : signedOnPaper)],
    body: { authority: 'administration', aimedLevel: level, scope: { all: true }, ...body },
  });
  const authority = having(answer, 201).body;
  expect(authority).toMatchObject({ authority: 'administration', eh: level, ...(inForce ? { status: 'active' } : {}) });
  return { ...of, party: where, authority: authority['id'] as string };
}

beforeAll(async () => {
  suite = await startSuite();
  client = await suite.client('supplier');
  stage = await setStage(suite, client);
  administrators.set('EH2', await appoint('EH2'));
  administrators.set('EH2+', await appoint('EH2+'));
  administrators.set('EH3', await appoint('EH3'));
  administrators.set(
    'limited',
    await appoint('EH3', { establishments: [BRANCH] }, [tradeRegister({ currentEstablishments: [MAIN, BRANCH] })]),
  );
});
afterAll(() => suite.end());

/** A new employee each time: nobody is registered yet for a party that many ways share. */
async function by(who: Administrator, way: Way): Promise<Way> {
  const employee = way.authorized === undefined ? await holder(client, 3, undefined, who.human) : undefined;
  return {
    registration: 'repeated',
    channel: 'electronic',
    role: 'administrator',
    ...way,
    scene: {
      party: who.party,
      submitter: who.human,
      ...(employee === undefined ? {} : { authorized: employee.human, means: employee.means }),
      ...way.scene,
    },
  };
}

const verified = [...identifiedParty, circumstances()];
const all = { scope: { all: true } };
const loggedIn = (level: string): Fact => login('submitter', level);

type Case = readonly [name: string, of: Level | 'limited', way: Way, rows: string, eh: string];

describe('an administrator who was appointed, and is logged in (REG-02)', () => {
  it.each<Case>([
    [
      'at EH3 with an authority of EH3',
      'EH3',
      { checks: [loggedIn('EH3'), ...verified, ...checkedCopy] },
      'R-IA2-c R-IO3-e IG3-f R-IV=3',
      'EH3',
    ],
    [
      'at EH2 with an authority of EH3',
      'EH3',
      { checks: [loggedIn('EH2'), ...verified, ...checkedCopy] },
      'R-IA2-c R-IO2-c IG3-f R-IV=3',
      'EH2',
    ],
    [
      'at EH2+ with an authority of EH2+',
      'EH2+',
      { checks: [loggedIn('EH2+'), ...verified, ...checkedCopy] },
      'R-IA2-c R-IO2-c IG3-f R-IV=2',
      'EH2+',
    ],
    [
      'at EH3 with an authority of EH2+, which caps him',
      'EH2+',
      { checks: [loggedIn('EH3'), ...verified, ...checkedCopy] },
      'R-IA2-c R-IO2-c IG3-f R-IV=2',
      'EH2+',
    ],
    [
      'with a means and an authority of EH2',
      'EH2',
      { checks: [loggedIn('EH2'), ...verified, ...checkedCopy] },
      'R-IA2-c R-IO2-c IG3-f R-IV=2',
      'EH2',
    ],
    [
      'at EH1, whatever his authority',
      'EH3',
      { checks: [loggedIn('EH1'), ...verified, ...checkedCopy], body: all },
      'R-IA2-c R-IO1-a IG3-f R-IV=3',
      'EH1',
    ],
    [
      'at EH4 and signs electronically: his authority of EH3 counts, not the signature',
      'EH3',
      { checks: [loggedIn('EH4'), eSignature('submitter'), ...verified, ...checkedCopy] },
      'R-IA2-c R-IO3-e IG3-f R-IV=3',
      'EH3',
    ],
    [
      'for an establishment that he looked up in the trade register',
      'EH3',
      {
        checks: [
          loggedIn('EH3'),
          partyAttributes(),
          tradeRegister({ currentEstablishments: [BRANCH] }),
          circumstances(),
          ...checkedCopy,
        ],
        body: { establishments: [BRANCH] },
      },
      'R-IA2-c R-IO3-e IG3-f R-IV=3',
      'EH3',
    ],
    [
      'for an establishment that nobody looked up',
      'EH3',
      { checks: [loggedIn('EH3'), ...verified, ...checkedCopy], body: { ...all, establishments: [BRANCH] } },
      'R-IA1-a R-IO3-e IG3-f R-IV=3',
      'EH1',
    ],
    [
      'for the one establishment that his authority is limited to',
      'limited',
      { checks: [loggedIn('EH3'), ...verified, ...checkedCopy], body: { establishments: [BRANCH] } },
      'R-IA2-c R-IO3-e IG3-f R-IV=3',
      'EH3',
    ],
    [
      'and nobody looked up whether the party still exists',
      'EH3',
      { checks: [loggedIn('EH3'), circumstances(), ...checkedCopy], body: all },
      'R-IA2-c R-IO3-e IG3-f R-IV=1',
      'EH1',
    ],
    [
      'and nobody looked for special circumstances',
      'EH3',
      { checks: [loggedIn('EH3'), ...identifiedParty, ...checkedCopy] },
      'R-IA2-c R-IO3-e IG3-f R-IV=2',
      'EH2+',
    ],
    [
      'and is in the register himself, which lifts what his authority carries',
      'EH2+',
      { checks: [loggedIn('EH2+'), ...verified, ...checkedCopy, representation()] },
      'R-IA2-c R-IO2-c IG3-f IV3',
      'EH2+',
    ],
    [
      'and vouches, which only a legal representative can (AMB-31)',
      'EH3',
      { checks: [loggedIn('EH3'), ...verified, attributes('authorized'), copy('authorized'), vouching()] },
      'R-IA2-c R-IO3-e IG2-b R-IV=3',
      'EH2+',
    ],
    [
      'and vouches as the representative that the register shows',
      'EH3',
      {
        role: 'legalRepresentative',
        checks: [loggedIn('EH3'), ...verified, representation(), attributes('authorized'), vouching()],
      },
      'R-IA2-c R-IO3-e IG3-e IV3 R-IV=3',
      'EH3',
    ],
    [
      'and authorizes an intermediary',
      'EH3',
      {
        authorized: 'intermediary',
        checks: [loggedIn('EH3'), ...verified, ofIntermediary(partyAttributes()), ofIntermediary(tradeRegister())],
      },
      'R-IA2-c R-IO3-e IR2-b R-IV=3',
      'EH3',
    ],
  ])('%s', async (_name, of, way, rows, eh) => {
    const earned = await walk(stage, await by(administrators.get(of)!, way));
    await expectEarned(stage, earned, rows, eh);
  });

  it('with his own means is logged in at what that means carries, whatever is asserted', async () => {
    const who = administrators.get('EH2')!;
    const way = await by(who, { checks: [loginWith('submitter', 'EH4', who.means), ...verified, ...checkedCopy] });
    await expectEarned(stage, await walk(stage, way), 'R-IA2-c R-IO2-c IG3-f R-IV=2', 'EH2');
  });

  it('R-IV: has the register consulted every time, also for somebody who is registered already', async () => {
    const who = await appoint('EH3');
    const first = await by(who, { checks: [loggedIn('EH3'), ...verified, ...checkedCopy] });
    having((await walk(stage, first)).answer, 201);
    const again = (checks: readonly Fact[]): Way => ({
      ...first,
      checks: [loggedIn('EH3'), ...checks, ...checkedCopy],
    });
    const unasked = await walk(stage, again([]));
    expect(unasked.scores).toMatchObject({ IV: 1 });
    expect(unasked.answer.status).toBe(409);
    await expectEarned(stage, await walk(stage, again(verified)), 'R-IA2-c R-IO3-e IG3-f R-IV=3', 'EH3');
    having(await client.command(`/v1/parties/${who.party}/special-circumstances`, { reported: true }), 200);
    await expectEarned(stage, await walk(stage, again(identifiedParty)), 'R-IA2-c R-IO3-e IG3-f R-IV=2', 'EH2+');
  });
});

describe('an administrator on paper', () => {
  const known = attributes('submitter');
  const paper = { channel: 'nonElectronic' } as const;
  const reason = { deviationReason: 'The archive of that year is being moved' };
  type PaperCase = readonly [name: string, checks: readonly Fact[], body: Json, rows: string, flags: readonly string[]];

  it.each<PaperCase>([
    [
      'signs as he signed before, on a scan',
      [known, archivedSignature('scan')],
      {},
      'R-IA2-b R-IO2-b IG3-f R-IV=3',
      [],
    ],
    [
      'signs as on the enclosed copy, for a reason',
      [known, copy('submitter'), signedForm('scan')],
      reason,
      'R-IA2-b R-IO2-b IG3-f R-IV=3',
      ['archived-signature-not-compared'],
    ],
    [
      'signs as before and encloses a copy that was checked',
      [known, archivedSignature(), copy('submitter'), documentStatus('submitter')],
      {},
      'R-IA2-b R-IO3-d IG3-f R-IV=3',
      [],
    ],
    [
      'signs as before, encloses a copy and pays from his account',
      [known, archivedSignature(), copy('submitter'), bankTransaction('submitter')],
      {},
      'R-IA2-b R-IO3-d IG3-f R-IV=3',
      [],
    ],
    [
      'signs as on the enclosed copy that was checked, for a reason',
      [known, copy('submitter'), signedForm(), documentStatus('submitter')],
      reason,
      'R-IA2-b R-IO3-d IG3-f R-IV=3',
      ['archived-signature-not-compared'],
    ],
    [
      'pays from his account without any copy, which is no check of a document',
      [known, archivedSignature(), bankTransaction('submitter')],
      {},
      'R-IA2-b R-IO2-b IG3-f R-IV=3',
      [],
    ],
  ])('%s', async (_name, ofHim, body, rows, flags) => {
    const checks = [...ofHim, ...verified, ...checkedCopy];
    const earned = await walk(stage, await by(administrators.get('EH3')!, { ...paper, checks, body }));
    await expectEarned(stage, earned, rows, rows.includes('R-IO3') ? 'EH3' : 'EH2+');
    expect(earned.answer.body).toMatchObject({ flags, submitterLevel: 'EH3' });
  });

  it('need not send a copy again that the register keeps, while its document may be used (R-IO3-d-copy)', async () => {
    const who = await appoint('EH3');
    const withoutCopy = [known, archivedSignature(), documentStatus('submitter'), ...verified, ...checkedCopy];
    const sending = async (): Promise<Way> => by(who, { ...paper, checks: withoutCopy });
    // The status of a document that nobody presents is no check of it.
    await expectEarned(stage, await walk(stage, await sending()), 'R-IA2-b R-IO2-b IG3-f R-IV=3', 'EH2+');
    const enclosed = [known, archivedSignature(), copy('submitter'), documentStatus('submitter')];
    const first = await walk(stage, await by(who, { ...paper, checks: [...enclosed, ...verified, ...checkedCopy] }));
    having(first.answer, 201);
    const { pngFile } = mediaFiles;
    const kept = await handOverCopy(client, first.scene.application, who.human, pngFile());
    expect(kept).toMatchObject({ status: 'kept' });
    const earned = await walk(stage, await sending());
    await expectEarned(stage, earned, 'R-IA2-b R-IO3-d IG3-f R-IV=3', 'EH3');
    // What it rests on is on record, whatever becomes of the copy.
    const auditor = await suite.client('auditor');
    const asked = { reason: 'Yearly sample' };
    const path = `/v1/explanations/authorizations/${String(earned.answer.body['id'])}`;
    expect(having(await auditor.ask(path, asked), 200).body['decision']).toMatchObject({
      ...{ copies: [kept['id']], differences: [] },
    });
    // Reported somewhere else, it stands in the way as if it were enclosed.
    const elsewhere = await application(client, 'nonElectronic', 'registration');
    await recordOne(client, elsewhere, await documentStatus('submitter', 'reported')(first.scene, client));
    const refused = await walk(stage, await by(who, { ...paper, checks: [known, archivedSignature(), ...verified] }));
    expect(codesOf(having(refused.answer, 409))).toContain('document-reported');
  });

  it('is capped by his authority all the same (REG-12)', async () => {
    const checks = [known, archivedSignature(), copy('submitter'), documentStatus('submitter'), ...verified];
    const way = await by(administrators.get('EH2+')!, {
      ...paper,
      checks: [...checks, representation(), ...checkedCopy],
    });
    const earned = await walk(stage, way);
    await expectEarned(stage, earned, 'R-IA2-b R-IO3-d IG3-f IV3', 'EH2+');
    expect(earned.answer.body).toMatchObject({ m: 3, submitterLevel: 'EH2+' });
  });

  it('needs a reason to leave the archived signature aside, and the paper original for EH3', async () => {
    const refused = async (ofHim: readonly Fact[]): Promise<Answer> => {
      const checks = [...ofHim, ...verified, ...checkedCopy];
      const way: Way = { ...paper, checks, body: { aimedLevel: 'EH3' } };
      return (await walk(stage, await by(administrators.get('EH3')!, way))).answer;
    };
    const document = [copy('submitter'), documentStatus('submitter')];
    const noReason = await refused([known, ...document, signedForm()]);
    // His authority on record carries IO 1 on paper as well (R-IO1-a, D-10).
    expect(codesOf(noReason)).toEqual(expect.arrayContaining(['level-not-reached', 'deviation-reason-missing']));
    expect(codesOf(noReason)).not.toContain('aspect-unscored');
    const scan = await refused([known, ...document, archivedSignature('scan')]);
    expect(codesOf(scan)).toEqual(['level-not-reached', 'original-form-required']);
  });
});

describe('who may not', () => {
  const checks = [loggedIn('EH3'), ...verified, ...checkedCopy];
  const refusal = async (way: Way): Promise<readonly [number, readonly string[]]> => {
    const { answer, m } = await walk(stage, way);
    expect(m).toBe(0);
    return [answer.status, codesOf(answer)];
  };

  it('a means alone is no authority (ADMIN-06)', async () => {
    const nobody = { ...administrators.get('EH3')!, ...(await holder(client, 3)) };
    expect(await refusal(await by(nobody, { checks }))).toEqual([
      409,
      ['aspect-unscored', 'aspect-unscored', 'aspect-unscored', 'no-administration-authority'],
    ]);
  });

  it('an administrator of another party', async () => {
    const elsewhere = { ...administrators.get('EH3')!, party: await party(client, 'privateLegalPerson') };
    expect(await refusal(await by(elsewhere, { checks }))).toContainEqual(
      expect.arrayContaining(['no-administration-authority']),
    );
  });

  it('an administrator who is not logged in, or whose login nothing stands behind', async () => {
    const who = administrators.get('EH3')!;
    // The door takes a login with a means of one's own only.
    const told = loginWith('submitter', 'EH3', stage.employee.means)(sceneOf({ submitter: who.human }));
    const paper = await application(client, 'electronic', 'registration');
    const wrong = await client.command('/v1/checks', {
      application: paper,
      performedAt: at(0),
      performedBy: { clerk: 'clerk-17' },
      source: { name: 'authentication-service-1', reference: 'assertion-2' },
      ...told,
    });
    expect([wrong.status, faultsOf(wrong)]).toEqual([400, ['/means not-of-holder']]);
    // His assertion carries a signature that does not hold.
    const ofAnother: Fact = async (of, sender) => ({
      ...(await login('submitter', 'EH3')(of, sender)),
      assertion: {
        reference: 'assertion-3',
        signatureValidation: await recordOne(sender, of.application, {
          type: 'eSignatureValidation',
          about: { person: of.submitter.id },
          signature: { technology: 'pki', chainComplete: true, revocationStatus: 'revoked' },
          source: { name: 'authentication-service-1', reference: 'assertion-3' },
        }),
      },
    });
    for (const authentication of [[], [ofAnother]]) {
      const way = await by(who, { checks: [...authentication, ...verified, ...checkedCopy] });
      const { answer, scores } = await walk(stage, way);
      expect([answer.status, codesOf(answer)]).toEqual([409, ['aspect-unscored']]);
      expect(scores).toMatchObject({ IA: 2, IO: 0 });
    }
  });

  it.each<readonly [whose: string, body: Json]>([
    ['does not act alone (CONT-09)', { nature: { rightOfSubstitution: false, actsIndependently: false } }],
    ['begins tomorrow', { period: { from: at(DAY), until: at(365 * DAY) } }],
    ['is for third parties only (CONT-05)', { forThirdParties: true }],
  ])('an administrator whose authority %s', async (_whose, body) => {
    const who = await appoint('EH2+', body, [], false);
    expect(await refusal(await by(who, { checks }))).toContainEqual(
      expect.arrayContaining(['no-administration-authority']),
    );
  });

  it('an administrator beyond his establishments (ADMIN-10)', async () => {
    const limited = administrators.get('limited')!;
    const looked = [...checks, tradeRegister({ currentEstablishments: [MAIN, BRANCH] })];
    for (const body of [{}, { establishments: [MAIN] }, { establishments: [MAIN, BRANCH] }])
      expect(await refusal(await by(limited, { checks: looked, body }))).toEqual([409, ['outside-establishment']]);
  });

  it('an administrator appoints no administrator (ADMIN-01), also when he calls himself a representative', async () => {
    for (const role of ['administrator', 'legalRepresentative']) {
      const way = await by(administrators.get('EH3')!, { role, checks, body: { ...all, authority: 'administration' } });
      expect(await refusal(way)).toEqual([409, ['appointer-not-legal-representative']]);
    }
  });

  it.each<readonly [what: string, shown: Fact]>([
    ['joint or limited', representation('submitter', { limitation: 'obstructing' })],
    ['by function, in a private legal person', representation('submitter', { basis: 'byFunction' })],
    ['from an extract of five days old', representation('submitter', { via: 'extract', asOf: hoursAgo(121) })],
    ['from a register of another kind of party', representation('submitter', { register: 'professionalRegister' })],
  ])('an administrator appoints nobody when his representation is %s', async (_what, shown) => {
    const body = { ...all, authority: 'administration' };
    const way = await by(administrators.get('EH3')!, { role: 'legalRepresentative', checks: [...checks, shown], body });
    expect(await refusal(way)).toEqual([409, ['appointer-not-legal-representative']]);
  });

  it('an administrator above his level: refused with what he lacks, or lower when that is accepted (ADMIN-03)', async () => {
    const who = administrators.get('EH2+')!;
    const aimed = { aimedLevel: 'EH3' };
    const { answer } = await walk(stage, await by(who, { checks, body: aimed }));
    expect([answer.status, codesOf(answer)]).toEqual([409, ['level-not-reached']]);
    expect((answer.body['errors'] as readonly Json[])[0]).toMatchObject({
      reached: 'EH2+',
      missing: { aspects: { IO: 3, IV: 3 }, submitterLevel: 'EH3' },
    });
    const lower = await walk(stage, await by(who, { checks, body: { ...aimed, acceptLower: true } }));
    expect(having(lower.answer, 201).body).toMatchObject({ eh: 'EH2+', aimedLevel: 'EH3', submitterLevel: 'EH2+' });
  });

  it.each(['authority', 'means'] as const)('an administrator whose %s was revoked (ADMIN-12)', async (what) => {
    const who = await appoint('EH3');
    const before = await walk(stage, await by(who, { checks }));
    having(before.answer, 201);
    await revokeByHolder(client, who, what === 'means' ? { means: who.means } : { authorization: who.authority });
    expect(await refusal(await by(who, { checks }))).toContainEqual(
      expect.arrayContaining(['no-administration-authority']),
    );
    // What he registered stays.
    const kept = await client.get(`/v1/authorizations/${String(before.answer.body['id'])}`);
    expect(having(kept, 200).body).toMatchObject({ status: 'active', eh: 'EH3' });
  });

  it('nobody, with a means of the employee that was revoked', async () => {
    const employee = await holder(client, 3);
    await revokeByHolder(client, employee, { means: employee.means });
    const way = await by(administrators.get('EH3')!, {
      checks,
      scene: { authorized: employee.human, means: employee.means },
    });
    expect(await refusal(way)).toEqual([409, ['aspect-unscored']]);
  });
});

describe('a legal representative with a means and an authority of his own (ADMIN-07)', () => {
  it('acts as administrator, and may appoint one', async () => {
    const self: Way = {
      authorized: 'submitter',
      checks: [...identifiedParty, ...director, representation(), circumstances()],
      body: { ...all, aimedLevel: 'EH3' },
    };
    const { answer, scene } = await walk(stage, self);
    having(answer, 201);
    const who = { human: scene.submitter, means: scene.means, party: scene.party, authority: '' };
    const checks = [loggedIn('EH3'), ...verified, ...checkedCopy];
    const byHimself = { role: 'legalRepresentative', checks: [...checks, representation()] };
    await expectEarned(stage, await walk(stage, await by(who, byHimself)), 'R-IA2-c R-IO3-e IG3-f IV3 R-IV=3', 'EH3');
    const appointed = await by(who, { ...byHimself, body: { ...all, authority: 'administration' } });
    expect(having((await walk(stage, appointed)).answer, 201).body).toMatchObject({
      authority: 'administration',
      eh: 'EH3',
    });
    // Nothing shows that he still is one: his authority for himself is then no authority to administer.
    const { answer: refused } = await walk(stage, await by(who, { role: 'legalRepresentative', checks }));
    expect(codesOf(refused)).toContain('no-administration-authority');
  });
});
