import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import { having, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import { appointed, ofEmployee, registeredBy, type Administrator } from '../ways/support/administrators.js';
import {
  askedApart,
  attributes,
  checkedCopy,
  circumstances,
  copy,
  deedWith,
  documentStatus,
  eSignature,
  identifiedParty,
  login,
  loginWith,
  recordOne,
  representation,
  signedOnPaper,
  validation,
  type Fact,
  type Scene,
  type Who,
} from '../ways/support/facts.js';
import { codesOf, expectEarned, registerBy, shownIn, walk, whyOf, type Way } from '../ways/support/register.js';
import {
  activate,
  application,
  apply,
  holder,
  holderAtThree,
  issue,
  issueCard,
  person,
  record,
  revokeByHolder,
  sceneOf,
  setStage,
  type Holder,
  type Stage,
} from '../ways/support/stage.js';

/** PROOF-06: what stands behind a login, and that a signature under its assertion signs nothing else, through HTTP. */

let suite: TestSuite;
let client: Client;
let stage: Stage;
let administrator: Administrator;

beforeAll(async () => {
  suite = await startSuite();
  client = await suite.client('supplier');
  stage = await setStage(suite, client);
  administrator = await appointed(stage);
});
afterAll(() => suite.end());

const all = { scope: { all: true } };
const EH3 = { aimedLevel: 'EH3' };
const rows = 'R-IA2-c R-IO3-e IG3-f R-IV=3';
const signed = [...signedOnPaper, documentStatus('submitter')];
const rest = [...identifiedParty, ...signed, ...checkedCopy];
const revoked = { signature: { technology: 'pki', chainComplete: true, revocationStatus: 'revoked' } };

const REFERENCE = 'assertion-5';
const source = { name: 'authentication-service-1', reference: REFERENCE };
/** The signature under the assertion of that reference, whatever names it. */
const underAssertion = (who: Who, more: Json = {}): Fact => eSignature(who, { source, ...more });
/** A login by that assertion; the validation that it names is this one, or one of another assertion. */
const loggedInBy =
  (who: Who, signatureValidation?: string): Fact =>
  async (of, sender) => {
    const told = await login(who, 'EH3')(of, sender);
    const named = signatureValidation ?? (told['assertion'] as Json)['signatureValidation'];
    return { ...told, assertion: { reference: REFERENCE, signatureValidation: named } };
  };
/** A login by that assertion, whose signature was validated with this outcome. */
const validated =
  (who: Who, more: Json = {}): Fact =>
  async (of, sender) => {
    const named = await recordOne(sender, of.application, await underAssertion(who, more)(of, sender));
    return loggedInBy(who, named)(of, sender);
  };
const byHim = (loggedIn: Fact, way: Partial<Way> = {}) =>
  registeredBy(stage, administrator, { ...way, checks: [loggedIn, ...ofEmployee], body: EH3 });

describe('PROOF-06: the signature under an assertion', () => {
  it('proves the login no more once a later validation of the same assertion failed, whichever the login names', async () => {
    const earned = await byHim(validated('submitter'), { aside: [underAssertion('submitter', revoked)] });
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([409, ['aspect-unscored']]);
    expect(earned.scores).toMatchObject({ IA: 2, IO: 0 });
    expect(shownIn(earned.answer, earned.checks[0]!)).toMatchObject({ counts: false, why: 'assertion-not-validated' });
    expect(shownIn(earned.answer, earned.aside[0]!)).toMatchObject({ joined: true, superseded: false });
    // Validated once more, and well: the login that names that one counts.
    await expectEarned(stage, await byHim(validated('submitter'), { scene: earned.scene }), rows, 'EH3');
  });

  it('is not taken back by an earlier one, by that of another assertion, or by a signature under something else', async () => {
    const failedBefore: Fact = async (of, sender) => {
      await recordOne(sender, of.application, await underAssertion('submitter', revoked)(of, sender));
      return validated('submitter')(of, sender);
    };
    await expectEarned(stage, await byHim(failedBefore), rows, 'EH3');
    const other = { source: { ...source, reference: 'assertion-6' }, ...revoked };
    for (const aside of [eSignature('submitter', other), eSignature('submitter', revoked)])
      await expectEarned(stage, await byHim(validated('submitter'), { aside: [aside] }), rows, 'EH3');
  });
});

describe('PROOF-06: the signature under an assertion signs nothing but that', () => {
  const jointly: Fact = (of) =>
    representation('submitter', { limitation: 'obstructing', cosigners: [of.colleague.id] })(of);
  const limited = [...rest, jointly, circumstances(), representation('colleague'), underAssertion('colleague')];

  it('no submission for a cosigner who logged in, also where his login names another (PROOF-02)', async () => {
    const earned = await walk(stage, {
      checks: [...limited, askedApart()],
      aside: [loggedInBy('colleague')],
      body: all,
    });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV1-a', 'EH1');
    expect(shownIn(earned.answer, earned.checks[rest.length]!)).toMatchObject({ why: 'not-cosigned' });
    // He signs the submission itself.
    const again = await walk(stage, {
      scene: earned.scene,
      checks: [...limited, eSignature('colleague')],
      body: EH3,
    });
    await expectEarned(stage, again, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('nor is a failed one of the submission made one of an assertion afterwards (PROOF-01)', async () => {
    const relabelled: Fact = async (of, sender) => ({
      type: 'authentication',
      about: { person: of.colleague.id },
      level: 'EH3',
      at: new Date().toISOString(),
      assertion: {
        reference: REFERENCE,
        signatureValidation: await recordOne(
          sender,
          of.application,
          await underAssertion('colleague', revoked)(of, sender),
        ),
      },
    });
    const cosigned = [...limited.slice(0, -1), eSignature('colleague')];
    const earned = await walk(stage, { checks: [...cosigned, askedApart()], aside: [relabelled], body: all });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV1-a', 'EH1');
    expect(shownIn(earned.answer, earned.checks[rest.length]!)).toMatchObject({ why: 'not-cosigned' });
    const again = await walk(stage, { scene: earned.scene, checks: cosigned, body: EH3 });
    await expectEarned(stage, again, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  const processOf = async (human: Scene['authorized']): Promise<Scene> =>
    sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });

  it('no private deed (PROOF-10)', async () => {
    const card = async (): Promise<Holder> => {
      const human = await person(client);
      const { means } = await issueCard(client, await processOf(human));
      await activate(client, means);
      return { human, means };
    };
    const [signer, authorized] = [await card(), await card()];
    const known = [attributes('authorized'), copy('authorized')];
    const others = [...identifiedParty, ...signed, representation(), circumstances(), ...known];
    const scene = { submitter: signer.human, authorized: authorized.human, means: authorized.means };
    const way: Way = { scene, checks: [deedWith(signer.means, 'submitter', { source }), ...others] };
    const earned = await walk(stage, { ...way, aside: [loggedInBy('submitter')] });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG2-b IV3', 'EH2+');
    expect(whyOf(earned, 0)).toBe('signer-has-no-level-4-means');
    await expectEarned(stage, await walk(stage, { ...way, body: EH3 }), 'IA2-b IO3-d IG4-g IV3', 'EH3');
  });

  it('no application for a means: the holder is not identified by it (MEANS-ID2)', async () => {
    const email = validation({ type: 'emailConfirmation', confirmed: true });
    for (const [aside, appearance] of [
      [[loggedInBy('authorized')], 'iii.a'],
      [[], 'iii.c'],
    ] as const) {
      const of = await processOf(await person(client));
      const means = having(await apply(client, of, 'password', 2), 201).body['id'] as string;
      await record(client, of, aside);
      const checks = await record(client, of, [attributes('authorized'), email, underAssertion('authorized')]);
      const answer = await client.command(`/v1/means/${means}/identifications`, { checks });
      expect(having(answer, 200).body).toMatchObject({ criteria: { validation: appearance } });
    }
  });
});

describe('PROOF-06: the means of a login', () => {
  const issuedOnly = async (): Promise<string> => {
    const of = sceneOf({
      application: await application(client, 'electronic', 'means'),
      authorized: administrator.human,
    });
    const { means, answer } = await issue(client, of, {
      product: 'password-sms',
      aimedStork: 3,
      identification: await record(client, of, holderAtThree),
      delivery: { form: 'registeredLetter', addressValidated: true },
    });
    having(answer, 200);
    return means;
  };

  it.each<readonly [what: string, means: () => Promise<string>]>([
    ['was not taken into use yet', issuedOnly],
    [
      'was ended since',
      async () => {
        const { means } = await holder(client, 3, administrator.human);
        await revokeByHolder(client, administrator, { means });
        return means;
      },
    ],
  ])('%s: it proves nothing', async (_what, means) => {
    const earned = await byHim(loginWith('submitter', 'EH3', await means()));
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([409, ['aspect-unscored']]);
    expect(earned.scores).toMatchObject({ IO: 0 });
    expect(shownIn(earned.answer, earned.checks[0]!)).toMatchObject({ counts: false, why: 'means-not-active' });
    const again = await byHim(loginWith('submitter', 'EH3', administrator.means), { scene: earned.scene });
    await expectEarned(stage, again, rows, 'EH3');
  });

  it('was taken into use by a later login: the first one proves nothing', async () => {
    const means = await issuedOnly();
    let second = '';
    // He logs in twice before the means is active; the last login is the one that activates it.
    const first = loginWith('submitter', 'EH3', means);
    const activating: Fact = async (of, sender) => {
      second = await recordOne(sender, of.application, first(of));
      await activate(sender, means);
      return circumstances()(of, sender);
    };
    const earned = await registeredBy(stage, administrator, { checks: [first, activating, ...ofEmployee] });
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([409, ['aspect-unscored']]);
    expect(whyOf(earned, 0)).toBe('means-not-active');
    // The one that did is the last before it.
    const way: Way = { registration: 'repeated', role: 'administrator', checks: [], body: EH3 };
    const again = await registerBy(client, way, earned.scene, [second, ...earned.checks.slice(1)]);
    expect(shownIn(again, second)).toMatchObject({ counts: true });
    // It is a login all the same with another means than his authority is registered with (003 §4.5.1).
    expect(again.status).toBe(409);
    expect(codesOf(again)).toContain('no-administration-authority');
  });
});
