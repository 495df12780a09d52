import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import type { Human } from '../support/clerk.js';
import { at } from '../support/case.js';
import { having, type Answer, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  askedApart,
  attributes,
  before,
  bankTransaction,
  checkedCopy,
  circumstances,
  complete,
  confirmedBy,
  copy,
  documentStatus,
  identifiedParty,
  inPerson,
  officialNumber,
  partyAttributes,
  professionalRegister,
  representation,
  signedForm,
  signedOnPaper,
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
  type Earned,
  type Way,
} from '../ways/support/register.js';
import {
  application,
  holder,
  issue,
  person,
  record,
  sceneOf,
  setStage,
  withDocument,
  type Stage,
} from '../ways/support/stage.js';

/** PROOF-01: nothing adverse on record is passed over, through HTTP. */

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
const EH3 = { body: { aimedLevel: 'EH3' } };
const signed = [...signedOnPaper, documentStatus('submitter')];
const full = [...identifiedParty, ...signed, representation(), circumstances(), ...checkedCopy];

const refusal = ({ answer }: Earned): readonly [number, readonly string[]] => [answer.status, codesOf(answer)];
/** New people, where what is found about their documents stays found. */
async function newPeople(): Promise<Partial<Way['scene'] & object>> {
  const { human, means } = await holder(client, 3);
  return { submitter: await person(client), authorized: human, means };
}

describe('PROOF-01: a reported document', () => {
  it.each(['submitter', 'authorized'] as const)(
    'of the %s refuses although the command does not name the look that found it',
    async (who) => {
      const way: Way = { scene: await newPeople(), checks: full, aside: [documentStatus(who, 'reported')], ...EH3 };
      const earned = await walk(stage, way);
      expect(refusal(earned)).toEqual([409, ['document-reported']]);
      expect(shownIn(earned.answer, earned.aside[0]!)).toMatchObject({ joined: true, superseded: false });
    },
  );

  it('is not mended by looking again', async () => {
    const way: Way = {
      scene: await newPeople(),
      checks: [...full, documentStatus('submitter', 'reported'), documentStatus('submitter')],
    };
    expect(refusal(await walk(stage, way))).toEqual([409, ['document-reported']]);
  });

  it('refuses in every application in which it is presented', async () => {
    const scene = await newPeople();
    const elsewhere = await application(client, 'nonElectronic', 'registration');
    const [found] = await record(client, sceneOf({ ...scene, application: elsewhere }), [
      documentStatus('submitter', 'reported'),
    ]);
    const earned = await walk(stage, { scene, checks: full });
    expect(refusal(earned)).toEqual([409, ['document-reported']]);
    expect(shownIn(earned.answer, found!)).toMatchObject({ type: 'idDocumentStatus', joined: true });
  });

  it('refuses where it was found under another record of it: another person’s, or of the same human', async () => {
    const scene = await newPeople();
    const submitter = scene.submitter!;
    const { documents } = having(await client.get(`/v1/persons/${submitter.id}`), 200).body as {
      readonly documents: readonly Json[];
    };
    const { number } = documents[0]!;
    const other = await withDocument(client, (await person(client)).id, { number });
    const elsewhere = await application(client, 'nonElectronic', 'registration');
    await record(client, sceneOf({ application: elsewhere, submitter: other }), [
      documentStatus('submitter', 'reported'),
    ]);
    const resolved = { to: submitter.id, same: false, distinguishedBy: ['familyName'] };
    having(await client.command(`/v1/persons/${other.id}/links`, resolved), 200);
    expect(refusal(await walk(stage, { scene, checks: full }))).toEqual([409, ['document-reported']]);
  });

  it('refuses when the original is shown at the counter, and where only a signature was compared with it', async () => {
    for (const shown of [before('appeared'), [attributes('submitter'), copy('submitter'), signedForm()]]) {
      const checks = [...identifiedParty, ...shown, representation(), circumstances(), ...checkedCopy];
      const way: Way = { scene: await newPeople(), checks, aside: [documentStatus('submitter', 'reported')] };
      expect(refusal(await walk(stage, way))).toContainEqual(expect.arrayContaining(['document-reported']));
    }
  });

  it('does no harm when nobody presents it (AMB-77), and a mistyped number is another document', async () => {
    const scene = await newPeople();
    const old = await withDocument(client, scene.submitter!.id);
    const aside: Fact = (of) => ({
      ...(documentStatus('submitter', 'reported')(of, client) as Json),
      document: old.document,
    });
    const earned = await walk(stage, { scene, checks: full, aside: [aside], ...EH3 });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('refuses a means as well, for which its number or its original is evidence', async () => {
    for (const presented of [[officialNumber()], [inPerson('authorized')], [copy('authorized')]]) {
      const of = sceneOf({
        application: await application(client, 'electronic', 'means'),
        authorized: await person(client),
      });
      const evidence = [attributes('authorized'), bankTransaction('authorized'), ...presented];
      const email: Fact = ({ authorized }) => ({
        type: 'emailConfirmation',
        about: { person: authorized.id },
        confirmed: true,
      });
      const identification = await record(client, of, [...evidence, email]);
      const [found] = await record(client, of, [documentStatus('authorized', 'reported')]);
      const applied = { application: of.application, holder: of.authorized.id, product: 'password', aimedStork: 2 };
      const means = having(await client.command('/v1/means', applied), 201).body['id'] as string;
      const answer = await client.command(`/v1/means/${means}/identifications`, { checks: identification });
      expect([answer.status, codesOf(answer)]).toEqual([409, ['document-reported']]);
      expect(shownIn(answer, found!)).toMatchObject({ joined: true });
    }
  });
});

describe('PROOF-01: a later answer that says less joins by itself', () => {
  type Case = readonly [what: string, way: Way, rows: string, eh: string];
  const state = { kind: 'publicLegalPerson' } as const;
  const ofState = [...full, units(), askedApart()];

  const cases: readonly Case[] = [
    [
      'the register does not show the party any more',
      { checks: full, aside: [tradeRegister({ outcome: 'notFound', agreesOn: [] })], body: all },
      'IA1-a IO3-d IG3-f IV3',
      'EH1',
    ],
    [
      'the register agrees on its number alone',
      { checks: full, aside: [tradeRegister({ agreesOn: ['number'] })], body: all },
      'IA1-a IO3-d IG3-f IV3',
      'EH1',
    ],
    [
      'the representative turns out to be limited',
      {
        checks: [...full, askedApart()],
        aside: [representation('submitter', { limitation: 'obstructing' })],
        body: all,
      },
      'IA2-b IO3-d IG3-f IV1-a',
      'EH1',
    ],
    [
      'the representative is not found any more',
      { checks: [...full, askedApart()], aside: [representation('submitter', { outcome: 'notFound' })], body: all },
      'IA2-b IO3-d IG3-f IV1-a',
      'EH1',
    ],
    [
      'it concerns one unit only',
      { ...state, checks: ofState, aside: [units(true)], body: all },
      'IA2-b IO3-d IG3-f IV1-a',
      'EH1',
    ],
    [
      'the signature does not agree after all',
      { checks: full, aside: [signedForm('original', { agrees: false })], body: all },
      'IA2-b IO1-a IG3-f IV3',
      'EH1',
    ],
  ];

  it.each<Case>(cases)('%s', async (_what, way, rows, eh) => {
    const earned = await walk(stage, way);
    await expectEarned(stage, earned, rows, eh);
    expect(shownIn(earned.answer, earned.aside[0]!)).toMatchObject({ joined: true, superseded: false });
    const replaced = earned.checks.filter((check) => shownIn(earned.answer, check)?.['why'] === 'superseded');
    expect(replaced).toHaveLength(1);
    expect(shownIn(earned.answer, replaced[0]!)).toMatchObject({ counts: false, superseded: true, joined: false });
  });

  it.each<Case>(cases)('%s: mended by a later answer that is named', async (_what, { kind, checks, aside }) => {
    const scene = { ...(await walk(stage, { ...(kind && { kind }), checks, aside: aside!, body: all })).scene };
    // The same intake again: everything is asked once more, and what was found is listed as superseded.
    const again = await walk(stage, { scene, checks: kind === undefined ? full : ofState, ...EH3 });
    expect(having(again.answer, 201).body).toMatchObject({ eh: 'EH3' });
    const superseded = (again.answer.body['aspects'] as readonly { checks: readonly Json[] }[])
      .flatMap((aspect) => aspect.checks)
      .filter((check) => check['joined'] === true);
    expect(superseded.length).toBeGreaterThan(0);
    for (const check of superseded) expect(check).toMatchObject({ counts: false, superseded: true, why: 'superseded' });
  });

  it('the confirmation through another channel is taken back', async () => {
    const checks = [...identifiedParty, ...signed, askedApart(), ...checkedCopy];
    const earned = await walk(stage, { checks, aside: [askedApart({ confirmed: false })], body: all });
    expect(refusal(earned)).toEqual([409, ['aspect-unscored']]);
    expect(earned.scores).toMatchObject({ IV: 0 });
    expect(shownIn(earned.answer, earned.checks[6]!)).toMatchObject({ counts: false, why: 'superseded' });
  });

  it('an answer that could not be had is none', async () => {
    const aside = [
      tradeRegister({ outcome: 'unavailable', agreesOn: [] }),
      representation('submitter', { outcome: 'unavailable' }),
      documentStatus('submitter', 'unavailable'),
      circumstances('unavailable'),
    ];
    await expectEarned(stage, await walk(stage, { checks: full, aside, ...EH3 }), 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('an answer of another application joins nothing that was asked later', async () => {
    const scene = { ...(await walk(stage, { checks: full, ...EH3 })).scene };
    const elsewhere = { ...scene, application: await application(client, 'nonElectronic', 'registration') };
    await record(client, elsewhere, [representation('submitter', { limitation: 'obstructing' })]);
    const own = { ...scene, application: await application(client, 'nonElectronic', 'registration') };
    await expectEarned(stage, await walk(stage, { scene: own, checks: full, ...EH3 }), 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });
});

describe('PROOF-01: an answer that counts for nothing', () => {
  const limited = representation('submitter', { limitation: 'obstructing' });
  const without = full.filter((fact) => fact !== full[identifiedParty.length + signed.length]);

  it('of another register does not mend that of the party’s own, named or not (D-13)', async () => {
    const other = representation('submitter', { register: 'professionalRegister' });
    const earned = await walk(stage, { checks: [...without, askedApart(), limited], aside: [other], body: all });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV1-a', 'EH1');
    expect(shownIn(earned.answer, earned.checks.at(-1)!)).toMatchObject({ counts: true, superseded: false });
    const named = await walk(stage, { checks: [...without, askedApart(), limited, other], body: all });
    await expectEarned(stage, named, 'IA2-b IO3-d IG3-f IV1-a', 'EH1');
    // That of its own does.
    const again = await walk(stage, { scene: earned.scene, checks: full, ...EH3 });
    await expectEarned(stage, again, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('of another register takes nothing back that the party’s own showed (D-13)', async () => {
    const aside = [representation('submitter', { register: 'restGroupRegister', outcome: 'notFound' })];
    await expectEarned(stage, await walk(stage, { checks: full, aside, ...EH3 }), 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });
});

describe('PROOF-01: special circumstances', () => {
  it('found and left out refuse, and are shown as joined', async () => {
    const earned = await walk(stage, { checks: full, aside: [circumstances('found')], ...EH3 });
    expect(refusal(earned)).toEqual([409, ['special-circumstances-unconfirmed']]);
    expect(shownIn(earned.answer, earned.aside[0]!)).toMatchObject({ joined: true });
  });

  it('are not looked away in the same application', async () => {
    const checks = [
      ...identifiedParty,
      ...signed,
      representation(),
      ...checkedCopy,
      circumstances('found'),
      circumstances(),
    ];
    expect(refusal(await walk(stage, { checks, ...EH3 }))).toEqual([409, ['special-circumstances-unconfirmed']]);
  });

  it('are mended by a confirmation that counts', async () => {
    const scene = await sceneFor(stage, { checks: [] });
    await record(client, scene, [circumstances('found', true)]);
    const confirmed = [representation('colleague'), confirmedBy('colleague', 'representative')];
    const earned = await walk(stage, { scene, checks: [...full, ...confirmed], ...EH3 });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });
});

describe('PROOF-01: an application that is full', () => {
  it('takes what was found all the same, and it refuses', async () => {
    const way: Way = { checks: full, ...EH3 };
    const scene = await sceneFor(stage, way);
    const checks = await record(client, scene, way.checks);
    const more = async (fact: Fact): Promise<Answer> => {
      // What it saw had happened when it was performed.
      const seen = await fact(scene, client);
      return client.command('/v1/checks', {
        application: scene.application,
        performedAt: at(0),
        performedBy: { clerk: 'clerk-17' },
        source: { name: 'case-file', reference: 'page-1' },
        ...seen,
      });
    };
    for (let held = checks.length; held < 500; held += 20)
      await Promise.all(
        Array.from({ length: Math.min(20, 500 - held) }, async () => having(await more(copy('submitter')), 201)),
      );
    const one = having(await more(circumstances()), 409);
    expect(one.body).toMatchObject({ code: 'application-full', errors: [{ most: 500 }] });
    const finding = having(await more(circumstances('found', true)), 201).body['id'] as string;
    const refused = having(await registerBy(client, way, scene, checks), 409);
    expect(codesOf(refused)).toContain('special-circumstances-unconfirmed');
    expect(shownIn(refused, finding)).toMatchObject({ joined: true });
    // Nor is anything of it cut from what the intake shows.
    const { checks: shown } = having(await client.get(`/v1/applications/${String(scene.application)}`), 200).body;
    expect((shown as readonly unknown[]).length).toBe(501);
  });
});

describe('PROOF-01: the honest way', () => {
  it('completes a form after a first look at what was missing', async () => {
    const first = await walk(stage, { checks: [...full, complete('period', 'nature')], ...EH3 });
    expect(refusal(first)).toEqual([409, ['incomplete', 'incomplete']]);
    const second = await walk(stage, { scene: first.scene, checks: [...full, complete()], ...EH3 });
    await expectEarned(stage, second, 'IA2-b IO3-d IG3-f IV3', 'EH3');
    // Left out it joins, and it is named by the one who reads why.
    const third = await walk(stage, { checks: full, aside: [complete('scope')], ...EH3 });
    expect(refusal(third)).toEqual([409, ['incomplete']]);
  });

  it('asks a register again that knew nothing of the practitioner the first time', async () => {
    const checks = [
      partyAttributes(),
      professionalRegister({ outcome: 'notFound', identifierAgrees: false }),
      professionalRegister(),
      representation('submitter', { register: 'professionalRegister' }),
      ...signed,
      circumstances(),
      ...checkedCopy,
    ];
    const earned = await walk(stage, { kind: 'practitioner', checks, ...EH3 });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV3', 'EH3');
    expect(shownIn(earned.answer, earned.checks[1]!)).toMatchObject({ counts: false, why: 'superseded' });
  });
});

describe('PROOF-01: from the application of the means', () => {
  it('only the status of documents that are presented now joins', async () => {
    const human: Human = await person(client);
    const own = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: human });
    const identification = await record(client, own, [
      attributes('authorized'),
      copy('authorized'),
      documentStatus('authorized'),
      officialNumber(),
    ]);
    const delivery = { form: 'registeredLetter', addressValidated: true };
    const { means, answer } = await issue(client, own, {
      product: 'password-sms',
      aimedStork: 3,
      identification,
      delivery,
    });
    having(answer, 200);
    await record(client, own, [officialNumber({ verified: false })]);
    const scene = { authorized: human, means };
    await expectEarned(stage, await walk(stage, { scene, checks: full, ...EH3 }), 'IA2-b IO3-d IG3-f IV3', 'EH3');
    await record(client, own, [documentStatus('authorized', 'reported')]);
    expect(refusal(await walk(stage, { scene, checks: full, ...EH3 }))).toEqual([409, ['document-reported']]);
  });
});
