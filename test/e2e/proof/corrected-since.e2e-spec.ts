import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import { having, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  askedApart,
  attributes,
  before,
  checkedCopy,
  circumstances,
  confirmedBy,
  copy,
  declaresFunction,
  deedWith,
  documentStatus,
  eSignature,
  grantorChecked,
  identifiedParty,
  inPerson,
  login,
  mandateDecision,
  officialNumber,
  proxy,
  recordOne,
  representation,
  signedForm,
  signedOnPaper,
  suppliedAnew,
  units,
  vouching,
  type Fact,
  type Scene,
  type Who,
} from '../ways/support/facts.js';
import { appointed, ofEmployee, registeredBy } from '../ways/support/administrators.js';
import { codesOf, expectEarned, registerBy, shownIn, walk, whyOf, type Way } from '../ways/support/register.js';
import {
  activate,
  application,
  cardholder,
  correctParty,
  correctPerson,
  delivered,
  holder,
  issue,
  issueCard,
  person,
  record,
  sceneOf,
  setStage,
  type Holder,
  type Stage,
} from '../ways/support/stage.js';

/** PROOF-13: what compared an attribute that was corrected since counts for no new dossier, through HTTP. */

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
const EH3 = { aimedLevel: 'EH3' };
const signed = [...signedOnPaper, documentStatus('submitter')];
const rest = [...identifiedParty, ...signed, ...checkedCopy];

/** His name is corrected before the fact is recorded, with whatever that rests on. */
const afterCorrecting =
  (who: Who, fact: Fact): Fact =>
  async (of, sender) => {
    await correctPerson(sender, of[who]);
    return fact(of, sender);
  };
/** His name is corrected after that which the fact rests on was recorded, and before the fact itself. */
const restingOnBefore =
  (who: Who, fact: Fact): Fact =>
  async (of, sender) => {
    const told = await fact(of, sender);
    await correctPerson(sender, of[who]);
    return told;
  };

/** A check that has been overtaken, and the one that rests on it with the reason why that counts for nothing. */
interface Overtaken {
  readonly compared: number;
  readonly resting: readonly [place: number, why: string];
}
type Case = readonly [what: string, way: Way, overtaken: Overtaken, earned: readonly [string, string], mended: Way];

const fresh = async (...who: readonly Who[]): Promise<Partial<Scene>> =>
  Object.fromEntries(await Promise.all(who.map(async (one) => [one, await person(client)] as const)));

describe('PROOF-13: what carries another check', () => {
  const state = { kind: 'publicLegalPerson', role: 'mandateHolder' } as const;
  const byFunction = representation('colleague', { basis: 'byFunction' });
  const ofColleague: Fact = ({ colleague }) => ({
    type: 'functionDeclaration',
    about: { person: colleague.id },
    declaresAppointment: true,
  });
  const declared = [...rest, units(), declaresFunction(), circumstances(), askedApart()];
  const decision = mandateDecision({ foundInOfficialSource: false, publication: undefined }, 'colleague');

  const jointly: Fact = (of) =>
    representation('submitter', { limitation: 'obstructing', cosigners: [of.colleague.id] })(of);
  const limited = [...rest, jointly, circumstances(), askedApart()];

  const byProxy = [...identifiedParty, circumstances(), ...before('appeared'), ...checkedCopy, askedApart()];
  const proxyHolder = { role: 'proxyHolder' } as const;

  it.each<Case>([
    [
      'the register that shows who declares a mandate decision valid',
      { ...state, checks: [...declared, representation('colleague'), afterCorrecting('colleague', decision)] },
      { compared: -2, resting: [-1, 'not-shown-by-register'] },
      ['IA2-b IO3-d IG3-f IV1-a', 'EH1'],
      { ...state, checks: [...declared, representation('colleague'), decision] },
    ],
    [
      'the declaration of function of who declares it valid',
      { ...state, checks: [...declared, ofColleague, afterCorrecting('colleague', byFunction), decision] },
      { compared: -3, resting: [-1, 'not-shown-by-register'] },
      ['IA2-b IO3-d IG3-f IV1-a', 'EH1'],
      { ...state, checks: [...declared, ofColleague, byFunction, decision] },
    ],
    [
      'the signature of a cosigner',
      { checks: [...limited, eSignature('colleague'), afterCorrecting('colleague', representation('colleague'))] },
      { compared: -2, resting: [rest.length, 'not-cosigned'] },
      ['IA2-b IO3-d IG3-f IV1-a', 'EH1'],
      { checks: [...limited, eSignature('colleague'), representation('colleague')] },
    ],
    [
      'the register that shows a cosigner',
      { checks: [...limited, representation('colleague'), afterCorrecting('colleague', eSignature('colleague'))] },
      { compared: -2, resting: [rest.length, 'not-cosigned'] },
      ['IA2-b IO3-d IG3-f IV1-a', 'EH1'],
      { checks: [...limited, representation('colleague'), eSignature('colleague')] },
    ],
    [
      'the copy of the document of a proxy’s grantor',
      {
        ...proxyHolder,
        checks: [
          copy('colleague'),
          ...byProxy,
          afterCorrecting('colleague', attributes('colleague')),
          representation('colleague'),
          signedForm('original', {}, 'colleague'),
          proxy(),
        ],
      },
      { compared: 0, resting: [-1, 'not-checked-against-document'] },
      ['IA2-b IO1-a IG3-f IV1-a', 'EH1'],
      {
        ...proxyHolder,
        checks: [...byProxy, attributes('colleague'), representation('colleague'), ...grantorChecked, proxy()],
      },
    ],
  ])('%s', async (_what, way, { compared, resting: [place, why] }, [rows, eh], mended) => {
    const scene = await fresh('submitter', 'colleague');
    const earned = await walk(stage, { ...way, scene, body: all });
    await expectEarned(stage, earned, rows, eh);
    expect(shownIn(earned.answer, earned.checks.at(compared)!)).toMatchObject({
      counts: false,
      why: 'corrected-since',
      superseded: false,
    });
    expect(shownIn(earned.answer, earned.checks.at(place)!)).toMatchObject({ why });
    // Made again after the correction, in the same intake, it carries it.
    const again = await walk(stage, { ...mended, scene: earned.scene, body: EH3 });
    expect(having(again.answer, 201).body).toMatchObject({ eh: 'EH3', scores: { IO: 3, IV: 3 } });
  });

  it('the register that shows who confirms after a finding', async () => {
    const found = [...rest, representation(), circumstances('found', true), representation('colleague')];
    const confirmed = confirmedBy('colleague', 'representative');
    const earned = await walk(stage, {
      scene: await fresh('colleague'),
      checks: [...found, afterCorrecting('colleague', confirmed)],
      body: EH3,
    });
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([409, ['special-circumstances-unconfirmed']]);
    expect([whyOf(earned, -2), whyOf(earned, -1)]).toEqual(['corrected-since', 'not-shown-by-register']);
    const again = await walk(stage, { scene: earned.scene, checks: [...found, confirmed], body: EH3 });
    await expectEarned(stage, again, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('the attributes of data supplied anew, which were made to agree afterwards', async () => {
    const ofOthers = [...identifiedParty, ...signed, representation(), circumstances()];
    const vouched = [...ofOthers, attributes('authorized'), copy('authorized')];
    const anew = suppliedAnew('authorized', { birthPlace: 'Elders' });
    let supplied: Scene['authorized'] | undefined;
    const corrected: Fact = async (of, sender) => {
      await correctPerson(sender, supplied!, { birthPlace: 'Teststad' });
      return vouching({ meansLink: 'fullPersonalData' })(of, sender);
    };
    const remembered: Fact = async (of, sender) => {
      const told = await anew(of, sender);
      supplied = { id: (told['about'] as { readonly person: string }).person, document: '' };
      return told;
    };
    const { human, means } = await holder(client, 3);
    const scene = { authorized: human, means };
    const earned = await walk(stage, { scene, checks: [...vouched, remembered, corrected] });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG2-b IV3', 'EH2+');
    expect([whyOf(earned, -2), whyOf(earned, -1)]).toEqual(['corrected-since', 'data-not-compared']);
    const recorded: Fact = () => ({
      type: 'identityAttributesRecorded',
      about: { person: supplied!.id },
      uniquelyIdentifying: true,
    });
    const checks = [...vouched, recorded, vouching({ meansLink: 'fullPersonalData' })];
    const again = await walk(stage, { scene: earned.scene, checks, body: EH3 });
    await expectEarned(stage, again, 'IA2-b IO3-d IG3-e IV3', 'EH3');
  });
});

describe('PROOF-13: what stands by itself', () => {
  it('everything that compared a name, and is made again; what was registered stays as it was decided', async () => {
    const checks = [...identifiedParty, ...signed, representation(), circumstances(), ...checkedCopy];
    const way: Way = { scene: await fresh('submitter'), checks, body: EH3 };
    const first = await walk(stage, way);
    await expectEarned(stage, first, 'IA2-b IO3-d IG3-f IV3', 'EH3');
    await correctPerson(client, first.scene.submitter);
    const refused = await registerBy(client, way, first.scene, first.checks);
    expect([refused.status, codesOf(refused)]).toEqual([409, ['aspect-unscored']]);
    // His attributes, the copy of his document, the register that shows him; not the signature, nor the number.
    const [known, enclosed, compared, unreported, shown] = first.checks.slice(2).map((id) => shownIn(refused, id));
    for (const one of [known, enclosed, shown]) expect(one).toMatchObject({ counts: false, why: 'corrected-since' });
    for (const one of [compared, unreported]) expect(one).toMatchObject({ counts: true });
    const again = await walk(stage, { ...way, scene: first.scene });
    await expectEarned(stage, again, 'IA2-b IO3-d IG3-f IV3', 'EH3');
    const kept = await client.get(`/v1/authorizations/${String(first.answer.body['id'])}`);
    expect(having(kept, 200).body).toMatchObject({ eh: 'EH3', status: 'active' });
  });

  it.each<readonly [attribute: string, set: Json, why: string | undefined]>([
    ['the name', { name: 'Test Stichting Bolderbas' }, 'corrected-since'],
    ['the address', { address: 'Dam 1, Amsterdam' }, 'corrected-since'],
    ['the telephone number', { telephone: '+31201234567' }, undefined],
  ])(
    'the register that shows its representative, with the data of the party (PARTY-07): %s',
    async (_what, set, why) => {
      const shown = [representation(), ...signed, circumstances(), ...checkedCopy];
      const way: Way = { checks: [...identifiedParty, ...shown], body: EH3 };
      const first = await walk(stage, way);
      await expectEarned(stage, first, 'IA2-b IO3-d IG3-f IV3', 'EH3');
      const { scene } = first;
      await correctParty(client, scene.party, set);
      const looked = await record(client, scene, identifiedParty);
      const before = first.checks.slice(identifiedParty.length);
      const answer = await registerBy(client, way, scene, [...looked, ...before]);
      expect(answer.status).toBe(why === undefined ? 201 : 409);
      expect(shownIn(answer, before[0]!)).toMatchObject({
        counts: why === undefined,
        ...(why === undefined ? {} : { why }),
      });
      const faults =
        why === undefined ? undefined : [expect.objectContaining({ code: 'aspect-unscored', aspect: 'IV' })];
      expect(answer.body['errors']).toEqual(faults);
      await expectEarned(stage, await walk(stage, { ...way, scene }), 'IA2-b IO3-d IG3-f IV3', 'EH3');
    },
  );

  it.each<readonly [attribute: string, set: Json, why: string | undefined]>([
    ['the address', { address: 'Dam 1, Amsterdam' }, 'corrected-since'],
    ['the telephone number', { telephone: '+31201234567' }, 'corrected-since'],
    ['the name', { name: 'Test Stichting Bolderbas' }, undefined],
  ])('a confirmation through another channel: %s', async (_attribute, set, why) => {
    const asked = [...identifiedParty, ...signed, ...checkedCopy, askedApart()];
    const way: Way = { checks: asked, body: all };
    const first = await walk(stage, way);
    await expectEarned(stage, first, 'IA2-b IO3-d IG3-f IV1-a', 'EH1');
    const { scene } = first;
    await correctParty(client, scene.party, set);
    const looked = await record(client, scene, identifiedParty);
    const answer = await registerBy(client, way, scene, [...looked, ...first.checks.slice(identifiedParty.length)]);
    const codes = why === undefined ? ['level-closed-for-issuance'] : ['aspect-unscored'];
    expect([answer.status, codesOf(answer)]).toEqual([409, codes]);
    expect(shownIn(answer, first.checks.at(-1)!)).toMatchObject({
      counts: why === undefined,
      ...(why === undefined ? {} : { why }),
    });
    // The party itself is looked up again, too: its name and address were compared.
    const unlooked = await registerBy(client, way, scene, first.checks);
    const isCompared = !('telephone' in set);
    expect(shownIn(unlooked, first.checks[1]!)?.['why']).toBe(isCompared ? 'corrected-since' : undefined);
    await expectEarned(stage, await walk(stage, { ...way, scene }), 'IA2-b IO3-d IG3-f IV1-a', 'EH1');
  });
});

describe('PROOF-13: a login', () => {
  it('by an assertion whose signature was validated in another name proves nothing', async () => {
    const administrator = await appointed(stage);
    const byHim = (loggedIn: Fact, scene: Way['scene'] = {}) =>
      registeredBy(stage, administrator, { scene, checks: [loggedIn, ...ofEmployee], body: EH3 });
    const earned = await byHim(restingOnBefore('submitter', login('submitter', 'EH3')));
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([409, ['aspect-unscored']]);
    expect(earned.scores).toMatchObject({ IO: 0 });
    expect(shownIn(earned.answer, earned.checks[0]!)).toMatchObject({ counts: false, why: 'assertion-not-validated' });
    const again = await byHim(login('submitter', 'EH3'), earned.scene);
    await expectEarned(stage, again, 'R-IA2-c R-IO3-e IG3-f R-IV=3', 'EH3');
  });
});

describe('PROOF-13: a means at STORK 4', () => {
  const processOf = async (human: Scene['authorized']): Promise<Scene> =>
    sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });

  it('is none by a certificate in the name that its holder had before', async () => {
    const of = await processOf(await person(client));
    const [known, ...others] = cardholder;
    const { answer, certificate } = await issueCard(client, of, {}, [afterCorrecting('authorized', known!), ...others]);
    expect(having(answer, 200).body).toMatchObject({ stork: 3, rows: { ID: ['MEANS-ID4'] } });
    expect(shownIn(answer, certificate)).toMatchObject({ counts: false, why: 'corrected-since' });
    const again = await issueCard(client, of);
    expect(having(again.answer, 200).body).toMatchObject({ stork: 4 });
    expect(shownIn(again.answer, again.certificate)).toMatchObject({ counts: true });
  });

  it('is handed over after no appearance that compared another name (PROOF-08)', async () => {
    const of = await processOf(await person(client));
    const [appearance] = await record(client, of, [inPerson('authorized')]);
    await correctPerson(client, of.authorized);
    const { means, answer } = await issue(client, of, {
      product: 'password-sms',
      aimedStork: 3,
      identification: await record(client, of, [attributes('authorized'), officialNumber(), inPerson('authorized')]),
      delivery: { form: 'afterPhysicalIdentification', appearance },
    });
    expect([answer.status, codesOf(answer)]).toEqual([409, ['level-not-reached']]);
    expect((answer.body['errors'] as readonly Json[])[0]).toMatchObject({ reached: 1, missing: { IC: 3 } });
    const { IC } = Object.fromEntries(
      (answer.body['aspects'] as readonly { aspect: string; checks: readonly Json[] }[]).map((one) => [
        one.aspect,
        one.checks.find(({ type }) => type === 'meansDelivery'),
      ]),
    );
    expect(IC).toMatchObject({ counts: false, why: 'no-appearance' });
    const shown = await recordOne(client, of.application, await inPerson('authorized')(of, client));
    const delivery = await delivered(client, of, means, { form: 'afterPhysicalIdentification', appearance: shown });
    const again = await client.command(`/v1/means/${means}/issuances`, { checks: [delivery] });
    expect(having(again, 200).body).toMatchObject({ scores: { IC: 4 } });
  });

  it('signs no deed by a signature that was validated in another name (PROOF-10)', async () => {
    const card = async (): Promise<Holder> => {
      const human = await person(client);
      const { means } = await issueCard(client, await processOf(human));
      await activate(client, means);
      return { human, means };
    };
    const [signer, authorized] = [await card(), await card()];
    const ofOthers = [...identifiedParty, ...signed, representation(), circumstances()];
    const known = [attributes('authorized'), copy('authorized')];
    const deed = deedWith(signer.means);
    const scene = { submitter: signer.human, authorized: authorized.human, means: authorized.means };
    const checks = [restingOnBefore('submitter', deed), ...ofOthers, ...known];
    const earned = await walk(stage, { scene, checks });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG2-b IV3', 'EH2+');
    expect(whyOf(earned, 0)).toBe('signer-has-no-level-4-means');
    // Neither does a deed that he had signed before.
    const [before] = await record(client, earned.scene, [deed]);
    await correctPerson(client, signer.human);
    const others = await record(client, earned.scene, [...ofOthers, ...known]);
    const refused = await registerBy(client, { checks, body: EH3 }, earned.scene, [before!, ...others]);
    expect([refused.status, codesOf(refused)]).toEqual([409, ['level-not-reached']]);
    expect(shownIn(refused, before!)).toMatchObject({ counts: false, why: 'corrected-since' });
    const again = await walk(stage, { scene: earned.scene, checks: [deed, ...ofOthers, ...known], body: EH3 });
    await expectEarned(stage, again, 'IA2-b IO3-d IG4-g IV3', 'EH3');
  });
});
