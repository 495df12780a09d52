import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import { having, type Answer, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  checkedCopy,
  circumstances,
  confirmedBy,
  copy,
  documentStatus,
  hoursAgo,
  identifiedParty,
  loginWith,
  representation,
  signedForm,
  signedOnPaper,
  units,
  type Fact,
} from '../ways/support/facts.js';
import { codesOf, expectEarned, shownIn, walk, type Earned, type Way } from '../ways/support/register.js';
import {
  application,
  holder,
  party,
  record,
  setStage,
  type Holder,
  type PartyKind,
  type Stage,
} from '../ways/support/stage.js';

/** PROOF-12, IV3-change and R-IV: what an IV3 on record carries, and how a party's mark is cleared, through HTTP. */

let suite: TestSuite;
let client: Client;
let stage: Stage;

beforeAll(async () => {
  suite = await startSuite();
  client = await suite.client('supplier');
  stage = await setStage(suite, client);
});
afterAll(() => suite.end());

const EH3 = { aimedLevel: 'EH3' };
const signed = [...signedOnPaper, documentStatus('submitter')];
const unlooked = [...identifiedParty, ...signed, representation(), ...checkedCopy];
const looked = [...unlooked, circumstances()];
const found = [...unlooked, circumstances('found', true)];
const confirmed = [...found, representation('colleague'), confirmedBy('colleague', 'representative')];

/** One consumer and one authorized person, whose registrations follow each other. */
async function consumer(kind: PartyKind = 'privateLegalPerson'): Promise<NonNullable<Way['scene']>> {
  const { human, means } = await holder(client, 3);
  return { party: await party(client, kind), authorized: human, means };
}
const register = (scene: Way['scene'], checks: readonly Fact[], body: Json = {}): Promise<Earned> =>
  walk(stage, { scene: scene!, checks, body });
const at3 = 'IA2-b IO3-d IG3-f IV3';
const at2 = 'IA2-b IO3-d IG3-f IV2-b';
const end = async (scene: NonNullable<Way['scene']>, authorization: string): Promise<void> => {
  const intake = await application(client, 'electronic', 'revocation');
  const of = { application: intake, submitter: scene.authorized!, means: scene.means! };
  const [check] = await record(client, of as never, [loginWith('submitter', 'EH3', of.means)]);
  const answer = await client.command('/v1/revocation-requests', {
    application: intake,
    object: { authorization },
    requester: { role: 'authorizedParty', person: of.submitter.id },
    checks: [check],
  });
  expect(having(answer, 201).body).toMatchObject({ status: 'effected' });
};
const marked = (of: NonNullable<Way['scene']>, body: Json): Promise<Answer> =>
  client.command(`/v1/parties/${of.party!}/special-circumstances`, body);

describe('IV3-change: a second registration of the same person for the same consumer', () => {
  it('is exempt from the look when the first stands at IV3, and carries that on to a third', async () => {
    const scene = await consumer();
    await expectEarned(stage, await register(scene, looked, EH3), at3, 'EH3');
    await expectEarned(stage, await register(scene, unlooked, EH3), at3, 'EH3');
    await expectEarned(stage, await register(scene, unlooked, EH3), at3, 'EH3');
    // Somebody else is not, and nobody for another consumer.
    const other = await holder(client, 3);
    await expectEarned(
      stage,
      await register({ ...scene, authorized: other.human, means: other.means }, unlooked),
      at2,
      'EH2+',
    );
    const elsewhere = await party(client, 'privateLegalPerson');
    await expectEarned(stage, await register({ ...scene, party: elsewhere }, unlooked), at2, 'EH2+');
  });

  it('is not when the first was made without a look', async () => {
    const scene = await consumer();
    await expectEarned(stage, await register(scene, unlooked), at2, 'EH2+');
    const second = await register(scene, unlooked, EH3);
    expect([second.answer.status, codesOf(second.answer)]).toEqual([409, ['level-not-reached']]);
    expect((second.answer.body['errors'] as readonly Json[])[0]).toMatchObject({ missing: { aspects: { IV: 3 } } });
    await expectEarned(stage, await register(scene, looked, EH3), at3, 'EH3');
  });

  it('is not exempt from the unit check of a public body', async () => {
    const scene = await consumer('publicLegalPerson');
    await expectEarned(stage, await register(scene, [...looked, units()], EH3), at3, 'EH3');
    const second = await register(scene, unlooked, EH3);
    expect([second.answer.status, codesOf(second.answer)]).toEqual([409, ['aspect-unscored']]);
    expect(second.scores).toMatchObject({ IO: 3, IV: 0 });
    await expectEarned(stage, await register(scene, [...unlooked, units()], EH3), at3, 'EH3');
  });

  it('is exempt after a finding that was confirmed, once the mark is cleared', async () => {
    const scene = await consumer();
    const first = await register(scene, confirmed, EH3);
    await expectEarned(stage, first, at3, 'EH3');
    // The finding set the party's mark: nobody is exempt.
    await expectEarned(stage, await register(scene, unlooked), at2, 'EH2+');
    const by = [confirmed.length - 1, confirmed.length - 2].map((place) => first.checks[place]!);
    having(await marked(scene, { reported: false, checks: by }), 200);
    await expectEarned(stage, await register(scene, unlooked, EH3), at3, 'EH3');
  });

  it('is not once the first has ended', async () => {
    const scene = await consumer();
    const { answer } = await register(scene, looked, EH3);
    await end(scene, having(answer, 201).body['id'] as string);
    await expectEarned(stage, await register(scene, unlooked), at2, 'EH2+');
  });
});

describe('PROOF-12: the mark of a party', () => {
  it('is set by a report and by a finding in whatever application, and exempts nobody until it is cleared', async () => {
    for (const set of ['report', 'finding'] as const) {
      const scene = await consumer();
      await expectEarned(stage, await register(scene, looked, EH3), at3, 'EH3');
      if (set === 'report') having(await marked(scene, { reported: true }), 200);
      else expect(codesOf((await register(scene, found)).answer)).toEqual(['special-circumstances-unconfirmed']);
      await expectEarned(stage, await register(scene, unlooked), at2, 'EH2+');
      // A look of its own is enough for this registration.
      const own = await register(scene, looked, EH3);
      await expectEarned(stage, own, at3, 'EH3');
      having(await marked(scene, { reported: false, checks: [own.checks.at(-1)] }), 200);
      await expectEarned(stage, await register(scene, unlooked, EH3), at3, 'EH3');
    }
  });

  it.each<readonly [what: string, checks: readonly Fact[], named: number, code: string | undefined]>([
    ['a look that found something', found, 1, undefined],
    ['a look that could not be made', [circumstances('unavailable')], 1, 'no-answer'],
    [
      'a look from before the intake',
      [(of) => ({ ...(circumstances()(of, client) as Json), asOf: hoursAgo(1) })],
      1,
      'outside-process',
    ],
    ['a confirmation by a stranger', [confirmedBy('colleague', 'representative')], 1, 'not-shown-by-register'],
    [
      'a confirmation at the address that the submitter gave',
      [representation('colleague'), confirmedBy('colleague', 'representative', {}, 'submitter')],
      2,
      'contact-not-independent',
    ],
    ['a look at the trade register', identifiedParty, 1, undefined],
    [
      'a confirmation by the one who applies (IV3-extra)',
      [...signed, representation(), confirmedBy('submitter', 'representative')],
      2,
      'confirmer-in-application',
    ],
  ])('is not cleared by %s', async (_what, checks, named, why) => {
    const scene = await consumer();
    having(await marked(scene, { reported: true }), 200);
    const intake = await application(client, 'nonElectronic', 'change');
    const of = { ...scene, application: intake, submitter: stage.director, colleague: stage.colleague } as never;
    const ids = (await record(client, of, checks)).slice(-named);
    const answer = await marked(scene, { reported: false, checks: ids });
    expect(answer.status).toBe(409);
    if (why !== undefined) expect(answer.text).toContain(why);
    const { body } = having(await client.get(`/v1/parties/${scene.party!}`), 200);
    expect(body['specialCircumstances']).toBe(true);
  });

  const jointly: readonly Fact[] = [
    ...signed,
    circumstances('found', false),
    (of) => representation('submitter', { limitation: 'obstructing', cosigners: [of.colleague.id] })(of),
    copy('colleague'),
    signedForm('original', {}, 'colleague'),
  ];
  it.each<readonly [who: string, found: readonly Fact[], by: 'submitter' | 'colleague', status: number]>([
    [
      'by the only representative, although he applied himself',
      [...signed, circumstances('found', false)],
      'submitter',
      200,
    ],
    [
      'never by an applicant beside whom the register knows another (IV3-extra)',
      [...signed, circumstances('found', true)],
      'submitter',
      409,
    ],
    ['by a cosigner, as another than the applicant', jointly, 'colleague', 200],
    ['never by an applicant beside whom another signed', [...jointly, representation('colleague')], 'submitter', 409],
    [
      'never by a cosigner beside whom the register knows a third',
      [...jointly, representation('authorized')],
      'colleague',
      409,
    ],
  ])('set by a finding is cleared %s', async (_who, found, by, status) => {
    const scene = await consumer();
    const intake = await application(client, 'nonElectronic', 'change');
    const of = { ...scene, application: intake, submitter: stage.director, colleague: stage.colleague } as never;
    const facts = [...found, representation(by), confirmedBy(by, 'representative')];
    const checks = (await record(client, of, facts)).slice(-2);
    const answer = await marked(scene, { reported: false, checks });
    expect(answer.status).toBe(status);
    if (status === 409) {
      expect(shownIn(answer, checks[1]!)).toMatchObject({ counts: false, why: 'confirmer-in-application' });
    }
    const { body } = having(await client.get(`/v1/parties/${scene.party!}`), 200);
    expect(body['specialCircumstances']).toBe(status !== 200);
  });
});

describe('R-IV: what an administrator’s authority carries', () => {
  const appointed = async (
    kind: PartyKind,
    checks: readonly Fact[],
    level: string,
  ): Promise<Holder & { party: string }> => {
    const scene = await consumer(kind);
    const body = { authority: 'administration', scope: { all: true }, aimedLevel: level };
    const earned = await register(scene, checks, body);
    having(earned.answer, 201);
    return { human: scene.authorized!, means: scene.means!, party: scene.party! };
  };
  const by = async (
    administrator: Holder & { party: string },
    checks: readonly Fact[],
    body: Json = {},
  ): Promise<Earned> => {
    const employee = await holder(client, 3);
    return walk(stage, {
      registration: 'repeated',
      channel: 'electronic',
      role: 'administrator',
      scene: {
        party: administrator.party,
        submitter: administrator.human,
        authorized: employee.human,
        means: employee.means,
      },
      checks: [loginWith('submitter', 'EH3', administrator.means), ...identifiedParty, ...checkedCopy, ...checks],
      body,
    });
  };

  it('is 2 where nobody looked when he was appointed, whatever is looked up now', async () => {
    const administrator = await appointed('privateLegalPerson', unlooked, 'EH2+');
    const earned = await by(administrator, [circumstances()]);
    expect(earned.scores).toMatchObject({ IV: 2 });
    expect(earned.eh).toBe('EH2+');
  });

  it('is 3 after a look, and for an employee of his whom nobody looked for it takes one', async () => {
    const administrator = await appointed('privateLegalPerson', looked, 'EH3');
    const without = await by(administrator, [], EH3);
    expect([without.answer.status, without.scores['IV']]).toEqual([409, 2]);
    expect(having((await by(administrator, [circumstances()], EH3)).answer, 201).body).toMatchObject({ eh: 'EH3' });
  });

  it('needs the unit check of a public body, which a municipality’s administrator brings for her officials', async () => {
    const municipality = await appointed('publicLegalPerson', [...looked, units()], 'EH3');
    const without = await by(municipality, [circumstances()], { scope: { all: true } });
    expect(without.scores).toMatchObject({ IV: 1 });
    expect(without.answer.status).toBe(409);
    const one = await by(municipality, [circumstances(), units(true)], { scope: { all: true } });
    expect(one.scores).toMatchObject({ IV: 1 });
    const official = await by(municipality, [circumstances(), units()], EH3);
    expect(having(official.answer, 201).body).toMatchObject({ eh: 'EH3', rows: { IV: ['R-IV'] } });
    const again = await by(municipality, [circumstances(), units(), units(true)], { scope: { all: true } });
    expect(again.scores).toMatchObject({ IV: 1 });
    expect(shownIn(again.answer, again.checks.at(-2)!)).toMatchObject({ why: 'superseded' });
  });
});
