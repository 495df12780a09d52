import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import { at } from '../support/case.js';
import { faultsOf, having, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  bankTransaction,
  checkedCopy,
  circumstances,
  copy,
  documentStatus,
  eSignature,
  hoursAgo,
  identifiedParty,
  login,
  loginWith,
  organizationSeal,
  partyAttributes,
  recordOne,
  representation,
  signedOnPaper,
  tradeRegister,
  attributes,
  type Fact,
} from '../ways/support/facts.js';
import { appointed, ofEmployee, registeredBy, type Administrator } from '../ways/support/administrators.js';
import { codesOf, expectEarned, shownIn, walk, whyOf, type Earned, type Way } from '../ways/support/register.js';
import {
  activate,
  application,
  holder,
  issue,
  person,
  record,
  sceneOf,
  setStage,
  holderAtThree,
  type Stage,
} from '../ways/support/stage.js';

/** PROOF-06, PROOF-07: what a moment bounds, through HTTP. */

let suite: TestSuite;
let client: Client;
let stage: Stage;

beforeAll(async () => {
  suite = await startSuite();
  client = await suite.client('supplier');
  stage = await setStage(suite, client);
});
afterAll(() => suite.end());

const DAYS = 24;
const all = { scope: { all: true } };
const EH3 = { aimedLevel: 'EH3' };
const signed = [...signedOnPaper, documentStatus('submitter')];
const full = [...identifiedParty, ...signed, representation(), circumstances(), ...checkedCopy];
const received = async (channel: string, receivedAt: string, ...purposes: readonly string[]): Promise<string> => {
  const intake = { channel, medium: channel === 'electronic' ? 'other' : 'writing', receivedAt, purposes };
  return having(await client.command('/v1/applications', intake), 201).body['id'] as string;
};

describe('PROOF-06: a login proves the act it was made for', () => {
  let administrator: Administrator;
  beforeAll(async () => {
    administrator = await appointed(stage);
  });
  const byHim = (loggedIn: Fact, scene: Way['scene'] = {}): Promise<Earned> =>
    registeredBy(stage, administrator, { scene, checks: [loggedIn, ...ofEmployee] });
  const rows = 'R-IA2-c R-IO3-e IG3-f R-IV=3';

  it('with his own means, and by an outside assertion whose signature was validated', async () => {
    await expectEarned(stage, await byHim(loginWith('submitter', 'EH3', administrator.means)), rows, 'EH3');
    await expectEarned(stage, await byHim(login('submitter', 'EH3')), rows, 'EH3');
  });

  it.each<readonly [what: string, loggedIn: Fact, why: string]>([
    [
      'three weeks before',
      (of) => loginWith('submitter', 'EH3', administrator.means, { at: hoursAgo(21 * DAYS) })(of),
      'login-outside-session',
    ],
    [
      'longer before than a session lasts',
      (of) => loginWith('submitter', 'EH3', administrator.means, { at: hoursAgo(2.1) })(of),
      'login-outside-session',
    ],
    [
      'with an assertion whose signature was revoked',
      async (of, sender) => ({
        ...(await login('submitter', 'EH3')(of, sender)),
        assertion: {
          reference: 'assertion-9',
          signatureValidation: await recordOne(sender, of.application, {
            ...(await eSignature('submitter')(of, sender)),
            signature: { technology: 'pki', chainComplete: true, revocationStatus: 'revoked' },
            source: { name: 'authentication-service-1', reference: 'assertion-9' },
          }),
        },
      }),
      'assertion-not-validated',
    ],
    [
      'with the validation of another assertion',
      async (of, sender) => {
        const told = await login('submitter', 'EH3')(of, sender);
        return { ...told, assertion: { ...(told['assertion'] as Json), reference: 'assertion-8' } };
      },
      'assertion-not-validated',
    ],
    [
      'at the register’s own facility, which was never assessed',
      (of) => {
        const { means: _none, authenticationService: _no, ...told } = loginWith('submitter', 'EH3', '')(of);
        return { ...told, facility: true };
      },
      'facility-without-level',
    ],
  ])('counts for nothing when he logged in %s', async (_what, loggedIn, why) => {
    const earned = await byHim(loggedIn);
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([409, ['aspect-unscored']]);
    expect(earned.scores).toMatchObject({ IO: 0 });
    expect(whyOf(earned, 0)).toBe(why);
    // He logs in again, in the same intake.
    const again = await byHim(loginWith('submitter', 'EH3', administrator.means), earned.scene);
    await expectEarned(stage, again, rows, 'EH3');
  });

  it('is no login at all with nothing behind it: the door refuses it', async () => {
    const intake = await application(client, 'electronic', 'registration');
    const told = { type: 'authentication', about: { person: administrator.human.id }, level: 'EH3', at: at(0) };
    const common = {
      application: intake,
      performedAt: at(0),
      performedBy: { clerk: 'clerk-17' },
      source: { name: 'authentication-service-1', reference: 'assertion-7' },
    };
    for (const behind of [{}, { assertion: { reference: 'assertion-7' } }, { reference: 'assertion-7' }])
      expect((await client.command('/v1/checks', { ...common, ...told, ...behind })).status).toBe(400);
  });

  it('was the one that took the means into use: the honest way', async () => {
    const human = await person(client);
    const own = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });
    const { means, answer } = await issue(client, own, {
      product: 'password-sms',
      aimedStork: 3,
      identification: await record(client, own, holderAtThree),
      delivery: { form: 'registeredLetter', addressValidated: true },
    });
    having(answer, 200);
    const waiting = await walk(stage, {
      scene: { authorized: human, means },
      checks: full,
      body: { ...EH3, awaitsActivation: true },
    });
    const path = `/v1/authorizations/${String(having(waiting.answer, 201).body['id'])}`;
    const intake = await application(client, 'electronic', 'activation');
    const [first] = await record(client, { ...waiting.scene, application: intake }, [
      loginWith('authorized', 'EH3', means),
    ]);
    await activate(client, means);
    const activating = { application: intake, checks: [first], activatedAt: at(0) };
    expect(having(await client.command(`${path}/activations`, activating), 200).body).toMatchObject({
      status: 'active',
    });
  });
});

describe('PROOF-06: moments of other checks', () => {
  it('takes a paper form that was signed days before it came in, and a PDF whose signature is older than that', async () => {
    await expectEarned(stage, await walk(stage, { checks: full, body: EH3 }), 'IA2-b IO3-d IG3-f IV3', 'EH3');
    // When it was set does not matter; when it was verified does.
    const sealed = (verifiedAt: () => string): Way => ({
      channel: 'electronic',
      body: all,
      checks: [
        ...identifiedParty,
        attributes('submitter'),
        (of, sender) => organizationSeal({ verifiedAt: verifiedAt() })(of, sender),
        representation(),
        circumstances(),
        ...checkedCopy,
      ],
    });
    await expectEarned(
      stage,
      await walk(
        stage,
        sealed(() => at(0)),
      ),
      'IA2-b IO2-c IG3-f IV3',
      'EH2+',
    );
    const early = await walk(
      stage,
      sealed(() => hoursAgo(1)),
    );
    await expectEarned(stage, early, 'IA2-b IO1-a IG3-f IV3', 'EH1');
    expect(shownIn(early.answer, early.checks[3]!)).toMatchObject({ counts: false, why: 'moment-out-of-bounds' });
  });

  it('takes a bank transaction that was made with the form, days before it came in', async () => {
    const paid = bankTransaction('submitter', { completedAt: hoursAgo(5 * DAYS) });
    const checks = [...identifiedParty, ...signedOnPaper, paid, representation(), circumstances(), ...checkedCopy];
    await expectEarned(stage, await walk(stage, { checks, body: EH3 }), 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('takes no bank transaction of more than 31 days before, and each in one application only', async () => {
    const intake = await application(client, 'nonElectronic', 'registration');
    const of = sceneOf({ application: intake, submitter: stage.director });
    const old = await bankTransaction('submitter', { completedAt: hoursAgo(32 * DAYS) })(of, client);
    const answer = await client.command('/v1/checks', {
      application: intake,
      performedAt: at(0),
      performedBy: { clerk: 'clerk-17' },
      lateEntryReason: 'The statement came by post',
      ...old,
    });
    expect([answer.status, faultsOf(answer)]).toEqual([400, ['/completedAt transaction-too-old']]);

    const paid = bankTransaction('submitter', { source: { name: 'bank', reference: 'transaction-of-two-1' } });
    const way = (checks: readonly Fact[]): Way => ({ checks: [...identifiedParty, ...checks, ...checkedCopy] });
    const ofSubmitter = [...signedOnPaper, paid, representation(), circumstances()];
    await expectEarned(stage, await walk(stage, way(ofSubmitter)), 'IA2-b IO3-d IG3-f IV3', 'EH3');
    const second = await walk(stage, way(ofSubmitter));
    await expectEarned(stage, second, 'IA2-b IO2-b IG3-f IV3', 'EH2+');
    expect(whyOf(second, identifiedParty.length + signedOnPaper.length)).toBe('transaction-used-elsewhere');
    // A new one mends it.
    const anew = [...signedOnPaper, bankTransaction('submitter'), representation(), circumstances()];
    await expectEarned(stage, await walk(stage, { scene: second.scene, ...way(anew) }), 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('takes no bank transaction of before the last use of that proof, where a new one is asked for', async () => {
    const { human, means } = await holder(client, 3);
    const scene = { authorized: human, means };
    const paid = (more: Json = {}): readonly Fact[] => [
      ...[...identifiedParty, ...signed, representation(), circumstances()],
      ...[attributes('authorized'), copy('authorized'), bankTransaction('authorized', more)],
    ];
    await expectEarned(stage, await walk(stage, { scene, checks: paid() }), 'IA2-b IO3-d IG3-f IV3', 'EH3');
    const old = await walk(stage, { scene, checks: paid({ completedAt: hoursAgo(DAYS) }) });
    await expectEarned(stage, old, 'IA2-b IO3-d IG2-b IG2-c IV3', 'EH2+');
    expect(shownIn(old.answer, old.checks.at(-1)!)).toMatchObject({ counts: true, why: 'not-repeated' });
    const anew = await walk(stage, { scene: old.scene, checks: paid(), body: EH3 });
    await expectEarned(stage, anew, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('asks a register during the process, and shows what came too early', async () => {
    const early = hoursAgo(1);
    const checks = [
      partyAttributes(),
      tradeRegister({ asOf: early }),
      ...signed,
      representation(),
      circumstances(),
      ...checkedCopy,
    ];
    const earned = await walk(stage, { checks, body: all });
    await expectEarned(stage, earned, 'IA1-a IO3-d IG3-f IV3', 'EH1');
    expect(whyOf(earned, 1)).toBe('outside-process');
  });

  it('PROOF-07: a look for special circumstances from before the process gives no IV3', async () => {
    const look: Fact = (of) => ({ ...(circumstances()(of, client) as Json), asOf: hoursAgo(1) });
    const checks = [...identifiedParty, ...signed, ...checkedCopy, representation(), look];
    const earned = await walk(stage, { checks });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV2-b', 'EH2+');
    expect(whyOf(earned, checks.length - 1)).toBe('outside-process');
    const again = await walk(stage, { scene: earned.scene, checks: full, body: EH3 });
    await expectEarned(stage, again, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('PROOF-07: a look of five days ago is too old', async () => {
    const intake = await received('nonElectronic', hoursAgo(6 * DAYS), 'registration');
    const performedAt = hoursAgo(5 * DAYS + 1);
    const look: Fact = (of) => ({ ...(circumstances()(of, client) as Json), asOf: performedAt, performedAt });
    const checks = [...identifiedParty, ...signed, ...checkedCopy, representation(), look];
    const earned = await walk(stage, { scene: { application: intake }, checks });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV2-b', 'EH2+');
    expect(whyOf(earned, checks.length - 1)).toBe('too-old');
  });
});

describe('TR-01, PROOF-07: a look of the very second in which the application came in', () => {
  it('counts, as the evaluation reads moments to the second; one of the second before does not', async () => {
    const second = hoursAgo(1).slice(0, 19);
    const own = await received('nonElectronic', `${second}.700Z`, 'registration', 'means');
    const asOf = `${second}.100Z`;
    const looked = (its: string): readonly Fact[] => [
      tradeRegister({ asOf: its }),
      representation('submitter', { asOf: its }),
      (of) => ({ ...(circumstances()(of, client) as Json), asOf: its }),
    ];
    const others = [partyAttributes(), ...signed, ...checkedCopy];
    const scene = { application: own };
    const earned = await walk(stage, { scene, checks: [...looked(asOf), ...others], body: EH3 });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV3', 'EH3');
    for (const check of earned.checks.slice(0, 3))
      expect(shownIn(earned.answer, check)).toMatchObject({ counts: true });
    const before = new Date(Date.parse(`${second}.000Z`) - 1).toISOString();
    const early = await walk(stage, { scene: { application: own }, checks: [...looked(before), ...others], body: all });
    expect(early.answer.status).toBe(409);
    for (const place of [0, 1, 2]) expect(whyOf(early, place)).toBe('outside-process');
  });
});

describe('the five seconds', () => {
  const ahead = 4_000;

  it('takes what lies four seconds ahead as having happened, at the door and in the rules', async () => {
    const intake = await received('nonElectronic', at(ahead), 'registration');
    const soon = (): Json => ({ performedAt: at(ahead + 500), asOf: at(ahead + 400) });
    const later =
      (fact: Fact): Fact =>
      async (of, sender) => {
        const told = await fact(of, sender);
        const { performedAt, asOf } = soon();
        return { ...told, performedAt, ...('asOf' in told ? { asOf } : {}) };
      };
    const earned = await walk(stage, { scene: { application: intake }, checks: full.map(later), body: EH3 });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('refuses what lies further ahead', async () => {
    const intake = { channel: 'nonElectronic', medium: 'writing', receivedAt: at(60_000), purposes: ['registration'] };
    const answer = await client.command('/v1/applications', intake);
    expect([answer.status, faultsOf(answer)]).toEqual([400, ['/receivedAt instant-in-future']]);
  });
});
