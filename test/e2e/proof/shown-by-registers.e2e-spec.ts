import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import { having, type Answer, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  askedApart,
  bankTransaction,
  BRANCH,
  checkedCopy,
  circumstances,
  confirmedBy,
  contactOf,
  declaresFunction,
  deed,
  documentStatus,
  eSignature,
  hoursAgo,
  identifiedParty,
  inPerson,
  loginWith,
  MAIN,
  mandateDecision,
  proxy,
  recordOne,
  representation,
  signedForm,
  signedOnPaper,
  copy,
  tradeRegister,
  units,
  type Fact,
} from '../ways/support/facts.js';
import {
  codesOf,
  expectEarned,
  registerBy,
  sceneFor,
  shownIn,
  walk,
  whyOf,
  type Way,
} from '../ways/support/register.js';
import {
  application,
  holder,
  issueAt,
  party,
  person,
  record,
  sceneOf,
  setStage,
  type Stage,
} from '../ways/support/stage.js';

/** PROOF-02 and PROOF-09: who confirms, declares, cosigns or ends something is whom a register shows, through HTTP. */

let suite: TestSuite;
let client: Client;
let stage: Stage;

beforeAll(async () => {
  suite = await startSuite();
  client = await suite.client('supplier');
  stage = await setStage(suite, client);
});
afterAll(() => suite.end());

const all = { scope: { all: true } };
const signed = [...signedOnPaper, documentStatus('submitter')];
const rest = [...identifiedParty, ...signed, ...checkedCopy];
const EH3 = { aimedLevel: 'EH3' };

describe('PROOF-02: a confirmation after a finding', () => {
  const found = (other = true): readonly Fact[] => [...rest, representation(), circumstances('found', other)];
  const confirmed = (way: readonly Fact[]): Way => ({ checks: way, body: EH3 });

  it.each<readonly [by: string, shown: readonly Fact[], confirmation: Fact, why: string]>([
    ['a stranger', [], confirmedBy('colleague', 'representative'), 'not-shown-by-register'],
    [
      'somebody whom the register does not find',
      [representation('colleague', { outcome: 'notFound' })],
      confirmedBy('colleague', 'representative'),
      'not-shown-by-register',
    ],
    [
      'somebody in a function of a private legal person',
      [representation('colleague', { basis: 'byFunction' })],
      confirmedBy('colleague', 'representative'),
      'not-shown-by-register',
    ],
    [
      'somebody in an extract of five days old',
      [representation('colleague', { via: 'extract', asOf: hoursAgo(121) })],
      confirmedBy('colleague', 'representative'),
      'not-shown-by-register',
    ],
    [
      'somebody in the register of professions',
      [representation('colleague', { register: 'professionalRegister' })],
      confirmedBy('colleague', 'representative'),
      'not-shown-by-register',
    ],
    [
      'a trustee whom the register shows as representative only',
      [representation('colleague')],
      confirmedBy('colleague', 'trustee'),
      'not-shown-by-register',
    ],
    [
      'a representative who was reached where the submitter said',
      [representation('colleague')],
      confirmedBy('colleague', 'representative', {}, 'submitter'),
      'contact-not-independent',
    ],
  ])('by %s does not count', async (_by, shown, confirmation, why) => {
    const checks = [...found(), ...shown, confirmation];
    const earned = await walk(stage, confirmed(checks));
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([409, ['special-circumstances-unconfirmed']]);
    expect(whyOf(earned, checks.length - 1)).toBe(why);
    // The clerk mends it in the same intake: the register shows him, and he is asked where the register says.
    const mended = [...found(), representation('colleague'), confirmedBy('colleague', 'representative')];
    const again = await walk(stage, { scene: earned.scene, ...confirmed(mended) });
    await expectEarned(stage, again, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('by the applicant counts only when nobody else is registered (AMB-63)', async () => {
    const self = confirmedBy('submitter', 'representative');
    const alone = await walk(stage, confirmed([...found(false), self]));
    await expectEarned(stage, alone, 'IA2-b IO3-d IG3-f IV3', 'EH3');
    const others = await walk(stage, confirmed([...found(true), self]));
    expect(codesOf(others.answer)).toEqual(['special-circumstances-unconfirmed']);
    expect(whyOf(others, found().length)).toBe('confirmer-in-application');
    // What the clerk says does not count beside what the register shows, in whatever application.
    await record(client, { ...alone.scene, application: await application(client, 'electronic', 'change') }, [
      representation('colleague'),
    ]);
    const again = await walk(stage, { scene: alone.scene, ...confirmed([...found(false), self]) });
    expect(codesOf(again.answer)).toEqual(['special-circumstances-unconfirmed']);
    const unnamed = await walk(stage, { ...confirmed([...found(false), self]), aside: [representation('colleague')] });
    expect(codesOf(unnamed.answer)).toEqual(['special-circumstances-unconfirmed']);
  });

  it('by a cosigner counts as that of another than the applicant, unless a third is registered (IV3-extra)', async () => {
    const jointly: readonly Fact[] = [
      ...rest,
      (of) => representation('submitter', { limitation: 'obstructing', cosigners: [of.colleague.id] })(of),
      circumstances('found', false),
      representation('colleague'),
      copy('colleague'),
      signedForm('original', {}, 'colleague'),
    ];
    const by = (who: 'submitter' | 'colleague'): readonly Fact[] => [...jointly, confirmedBy(who, 'representative')];
    const two = await walk(stage, confirmed(by('colleague')));
    await expectEarned(stage, two, 'IA2-b IO3-d IG3-f IV3', 'EH3');
    const own = await walk(stage, confirmed(by('submitter')));
    expect(codesOf(own.answer)).toEqual(['special-circumstances-unconfirmed']);
    expect(whyOf(own, jointly.length)).toBe('confirmer-in-application');

    const elsewhere = await application(client, 'electronic', 'change');
    await record(client, { ...two.scene, application: elsewhere, colleague: await person(client) }, [
      representation('colleague'),
    ]);
    const three = await walk(stage, { scene: two.scene, ...confirmed(by('colleague')) });
    expect(codesOf(three.answer)).toEqual(['special-circumstances-unconfirmed']);
    expect(whyOf(three, jointly.length)).toBe('confirmer-in-application');
  });

  it.each<readonly [how: string, act: Fact]>([
    ['appeared', inPerson('colleague')],
    ['made a bank transaction', bankTransaction('colleague')],
    ['signed its deed', deed('hand', 'colleague')],
    ['gave a proxy in it', proxy()],
  ])('by whoever %s in the application is of one who occurs in it (IV3-extra)', async (_how, act) => {
    const by = [representation('colleague'), confirmedBy('colleague', 'representative')];
    const acted = await walk(stage, { ...confirmed([...found(true), ...by]), aside: [act] });
    expect(codesOf(acted.answer)).toEqual(['special-circumstances-unconfirmed']);
    expect(whyOf(acted, -1)).toBe('confirmer-in-application');
    const shown = [copy('colleague'), documentStatus('colleague')];
    const known = await walk(stage, { ...confirmed([...found(true), ...by]), aside: shown });
    await expectEarned(stage, known, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('counts no more once another application has found something after it', async () => {
    const asked = confirmed([...found(true), representation('colleague'), confirmedBy('colleague', 'representative')]);
    const scene = await sceneFor(stage, asked);
    const checks = await record(client, scene, asked.checks);
    const elsewhere = await application(client, 'nonElectronic', 'change');
    await record(client, { ...scene, application: elsewhere }, [circumstances('found', true)]);
    const refused = having(await registerBy(client, asked, scene, checks), 409);
    expect(codesOf(refused)).toEqual(['special-circumstances-unconfirmed']);
    expect(shownIn(refused, checks.at(-1)!)).toMatchObject({ why: 'before-the-finding' });
    const again = await record(client, scene, [confirmedBy('colleague', 'representative')]);
    expect(having(await registerBy(client, asked, scene, [...checks, ...again]), 201).body).toMatchObject({
      eh: 'EH3',
    });
  });

  it('by a trustee counts when a register shows him as one and a look found something', async () => {
    for (const register of ['insolvencyRegister', 'tradeRegister']) {
      const trustee = representation('colleague', { capacity: 'trustee', register });
      const earned = await walk(stage, confirmed([...found(), trustee, confirmedBy('colleague', 'trustee')]));
      await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV3', 'EH3');
    }
  });

  it('of one with joint power counts: limitations are not looked at here', async () => {
    const joint = representation('colleague', { limitation: 'obstructing' });
    const earned = await walk(stage, confirmed([...found(), joint, confirmedBy('colleague', 'representative')]));
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });
});

describe('ARCH-15, IV1-a: a contact that a look-up supplied', () => {
  const supplied =
    (lookup: Fact): Fact =>
    async (of, sender) => {
      const earlier = await application(sender, 'nonElectronic', 'registration');
      const contact = await contactOf(sender, of, await recordOne(sender, earlier, await lookup(of, sender)));
      return askedApart({ contact })(of, sender);
    };

  it.each<readonly [which: string, agreesOn: readonly string[]]>([
    ['nothing', []],
    ['its number and its name', ['number', 'name']],
  ])('that agrees on %s is the submitter’s own', async (_which, agreesOn) => {
    const earned = await walk(stage, { checks: [...rest, supplied(tradeRegister({ agreesOn }))], body: all });
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([409, ['aspect-unscored']]);
    expect(whyOf(earned, rest.length)).toBe('contact-not-independent');
    const again = await walk(stage, { scene: earned.scene, checks: [...rest, supplied(tradeRegister())], body: all });
    await expectEarned(stage, again, 'IA2-b IO3-d IG3-f IV1-a', 'EH1');
  });

  const entry = (more: Json = {}): Fact => representation('colleague', more);

  it.each<readonly [which: string, shown: Fact]>([
    ['does not agree', entry({ agrees: false })],
    ['is of a register of other parties', entry({ register: 'professionalRegister' })],
    [
      'is that of another organization',
      async (of, sender) => representation('colleague', { party: await party(sender, 'privateLegalPerson') })(of),
    ],
  ])('of a confirmer is the submitter’s own where the entry that showed it %s', async (_which, other) => {
    const reached =
      (shown: Fact): Fact =>
      async (of, sender) => {
        const earlier = await application(sender, 'nonElectronic', 'registration');
        const lookup = await recordOne(sender, earlier, await shown(of, sender));
        const contact = await contactOf(sender, { person: of.colleague.id }, lookup);
        return confirmedBy('colleague', 'representative', { contact })(of, sender);
      };
    const found = [...rest, representation(), circumstances('found', true)];
    const way = (shown: Fact): Way => ({
      // The register shows him as he is once the contact stands.
      checks: [...found, reached(shown), representation('colleague')],
      body: EH3,
    });
    const earned = await walk(stage, way(other));
    expect(codesOf(earned.answer)).toEqual(['special-circumstances-unconfirmed']);
    expect(whyOf(earned, found.length)).toBe('contact-not-independent');
    const again = await walk(stage, { scene: earned.scene, ...way(entry()) });
    await expectEarned(stage, again, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });
});

describe('PROOF-02: a mandate decision that is in no official source', () => {
  const state = { kind: 'publicLegalPerson', role: 'mandateHolder' } as const;
  const unpublished = { foundInOfficialSource: false, publication: undefined };
  const declared = [...rest, units(), declaresFunction(), circumstances(), mandateDecision(unpublished, 'colleague')];
  const byFunction = representation('colleague', { basis: 'byFunction' });
  const ofColleague: Fact = ({ colleague }) => ({
    type: 'functionDeclaration',
    about: { person: colleague.id },
    declaresAppointment: true,
  });

  const elsewhere: Fact = async (of, sender) =>
    representation('colleague', { party: await party(sender, 'publicLegalPerson') })(of);

  it.each<readonly [by: string, shown: readonly Fact[]]>([
    ['a stranger', []],
    ['somebody whom the register does not find', [representation('colleague', { outcome: 'notFound' })]],
    ['a representative of another party', [elsewhere]],
    ['a trustee', [representation('colleague', { capacity: 'trustee', register: 'insolvencyRegister' })]],
  ])('is declared valid by %s: no more than the confirmation earns, with the reason', async (_by, shown) => {
    const earned = await walk(stage, { ...state, checks: [...declared, ...shown, askedApart()], body: all });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV1-a', 'EH1');
    expect(shownIn(earned.answer, earned.checks[declared.length - 1]!)).toMatchObject({
      counts: false,
      why: 'not-shown-by-register',
    });
    // The clerk mends it in the same intake.
    const mended = [...declared, representation('colleague')];
    const again = await walk(stage, { ...state, scene: earned.scene, checks: mended, body: EH3 });
    await expectEarned(stage, again, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('is declared valid by nobody when the holder of the mandate does it himself, though the register shows him', async () => {
    const himself = [...declared.slice(0, -1), mandateDecision(unpublished, 'submitter')];
    const limited = representation('submitter', { limitation: 'obstructing' });
    const earned = await walk(stage, { ...state, checks: [...himself, limited, askedApart()], body: all });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV1-a', 'EH1');
    // Nor is a mandate his way at all, whom the register shows (IV2-pub-iii).
    expect(whyOf(earned, himself.length - 1)).toBe('limited-in-register');
  });

  it('is declared valid by a function without a declaration of its own', async () => {
    const earned = await walk(stage, { ...state, checks: [...declared, byFunction, askedApart()], body: all });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV1-a', 'EH1');
  });

  it.each<readonly [by: string, shown: readonly Fact[]]>([
    ['by name', [representation('colleague')]],
    ['by function, with a declaration to hold it: a municipality', [byFunction, ofColleague]],
  ])('is declared valid by a representative who is registered %s', async (_by, shown) => {
    const earned = await walk(stage, { ...state, checks: [...declared, ...shown], body: EH3 });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });
});

describe('PROOF-02: joint power', () => {
  const jointly: Fact = (scene) =>
    representation('submitter', { limitation: 'obstructing', cosigners: [scene.colleague.id] })(scene);
  const limited = [...rest, jointly, circumstances()];

  it.each<readonly [what: string, cosigned: readonly Fact[]]>([
    ['nothing', []],
    ['a signature of somebody whom no register shows', [eSignature('colleague')]],
    ['a representative who did not sign', [representation('colleague')]],
    [
      'a signature that does not agree',
      [representation('colleague'), copy('colleague'), signedForm('original', { agrees: false }, 'colleague')],
    ],
    [
      'a signature that was revoked',
      [
        representation('colleague'),
        eSignature('colleague', {
          signature: { technology: 'pki', chainComplete: true, revocationStatus: 'revoked' },
        }),
      ],
    ],
  ])('with %s for the others counts for nothing', async (_what, cosigned) => {
    const earned = await walk(stage, { checks: [...limited, askedApart(), ...cosigned], body: all });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV1-a', 'EH1');
    expect(whyOf(earned, rest.length)).toBe('not-cosigned');
  });

  it.each<readonly [how: string, cosigned: readonly Fact[]]>([
    ['electronically', [representation('colleague'), eSignature('colleague')]],
    ['on paper', [representation('colleague'), copy('colleague'), signedForm('original', {}, 'colleague')]],
  ])('counts when the others signed %s', async (_how, cosigned) => {
    const earned = await walk(stage, { checks: [...limited, ...cosigned], body: EH3 });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('can’t be ticked: the door knows no obstructingCosigned', async () => {
    const scene = sceneOf({
      application: await application(client, 'nonElectronic', 'registration'),
      party: await party(client, 'privateLegalPerson'),
      submitter: stage.director,
    });
    const check = {
      application: scene.application,
      performedAt: new Date().toISOString(),
      performedBy: { clerk: 'clerk-17' },
      source: { name: 'trade-register', reference: 'page-1' },
      ...representation('submitter', { limitation: 'obstructingCosigned' })(scene),
    };
    expect((await client.command('/v1/checks', check)).status).toBe(400);
  });
});

describe('PROOF-09: who ends an authorization or a means', () => {
  interface Standing {
    readonly party: string;
    readonly authorization: string;
    readonly means: string;
  }
  const register = async (
    body: Json = {},
    checks: readonly Fact[] = [],
    scene: Way['scene'] = {},
  ): Promise<Standing> => {
    const consumer = scene?.party ?? (await party(client, 'privateLegalPerson'));
    const of = sceneOf({
      application: await application(client, 'electronic', 'means'),
      authorized: await person(client),
      party: consumer,
    });
    const means = await issueAt(client, of, 3);
    const earned = await walk(stage, {
      scene: { party: consumer, authorized: of.authorized, means, ...scene },
      checks: [...rest, representation(), circumstances(), ...checks],
      body: { ...EH3, ...body },
    });
    const authorization = having(earned.answer, 201).body['id'] as string;
    return { party: earned.scene.party, authorization, means: earned.scene.means };
  };
  const ending = async (
    standing: Pick<Standing, 'party'>,
    object: Json,
    role: string,
    checks: readonly Fact[],
    scene: Way['scene'] = {},
    channel: 'electronic' | 'nonElectronic' = 'nonElectronic',
  ): Promise<Answer> => {
    const intake = await application(client, channel, 'revocation');
    const of = sceneOf({
      application: intake,
      submitter: stage.director,
      colleague: stage.colleague,
      party: standing.party,
      ...scene,
    });
    return client.command('/v1/revocation-requests', {
      application: intake,
      object,
      requester: { role, person: of.submitter.id },
      checks: await record(client, of, checks),
    });
  };
  const outcome = ({ body }: Answer): unknown => [
    body['status'],
    (body['codes'] as readonly Json[] | undefined)?.map((one) => one['code'] ?? one),
  ];

  it('a co-director with joint power may', async () => {
    const standing = await register();
    const answer = await ending(standing, { authorization: standing.authorization }, 'legalRepresentative', [
      ...signed,
      representation('submitter', { limitation: 'obstructing' }),
    ]);
    expect(having(answer, 201).body).toMatchObject({ status: expect.stringMatching(/accepted|effected/) });
  });

  it.each<readonly [who: string, shown: readonly Fact[]]>([
    ['whom nothing shows', []],
    ['in a register of another kind of party', [representation('submitter', { register: 'professionalRegister' })]],
    ['whom the register does not find', [representation('submitter', { outcome: 'notFound' })]],
  ])('a representative %s may not', async (_who, shown) => {
    const standing = await register();
    const answer = await ending(standing, { authorization: standing.authorization }, 'legalRepresentative', [
      ...signed,
      ...shown,
    ]);
    expect(outcome(having(answer, 201))).toMatchObject(['refused', expect.anything()]);
  });

  it('a trustee may when the insolvency register shows him and something was found', async () => {
    const standing = await register();
    const trustee = representation('submitter', { capacity: 'trustee', register: 'insolvencyRegister' });
    const object = { authorization: standing.authorization };
    const early = await ending(standing, object, 'trustee', [...signed, trustee]);
    expect(having(early, 201).body).toMatchObject({ status: 'refused' });
    const answer = await ending(standing, object, 'trustee', [...signed, trustee, circumstances('found', true)]);
    expect(having(answer, 201).body).toMatchObject({ status: expect.stringMatching(/accepted|effected/) });
  });

  it('an administrator of one establishment ends only what lies within it', async () => {
    const listed = [tradeRegister({ currentEstablishments: [MAIN, BRANCH] })];
    const administrator = await holder(client, 3);
    const limited = await register(
      { authority: 'administration', scope: { all: true }, establishments: [BRANCH] },
      listed,
      { authorized: administrator.human, means: administrator.means },
    );
    const scene = { party: limited.party };
    const [within, whole, other] = [
      await register({ establishments: [BRANCH] }, listed, scene),
      await register({}, listed, scene),
      await register({ establishments: [BRANCH, MAIN] }, listed, scene),
    ];
    const byHim = (object: Json) =>
      ending(
        limited,
        object,
        'administrator',
        [loginWith('submitter', 'EH3', administrator.means)],
        {
          submitter: administrator.human,
        },
        'electronic',
      );
    for (const standing of [whole, other]) {
      for (const object of [{ authorization: standing.authorization }, { means: standing.means }]) {
        const refused = await byHim(object);
        expect(having(refused, 201).body).toMatchObject({ status: 'refused' });
        expect(refused.text).toContain('outside-establishment');
      }
    }
    expect(having(await byHim({ authorization: within.authorization }), 201).body).toMatchObject({
      status: 'effected',
    });
    const means = await register({ establishments: [BRANCH] }, listed, scene);
    expect(having(await byHim({ means: means.means }), 201).body).toMatchObject({ status: 'effected' });
  });
});
