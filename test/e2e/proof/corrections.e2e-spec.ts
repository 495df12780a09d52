import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import type { Human } from '../support/clerk.js';
import { faultsOf, having, type Answer, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  attributes,
  circumstances,
  copy,
  documentStatus,
  eSignature,
  inPerson,
  officialNumber,
  partyAttributes,
  professionalRegister,
  representation,
  restGroupRegister,
  tradeRegister,
  units,
  validation,
  type Fact,
  type Scene,
} from '../ways/support/facts.js';
import { refusalRecord, shownIn } from '../ways/support/register.js';
import { application, party, person, record, sceneOf, withDocument, type PartyKind } from '../ways/support/stage.js';

/** RIGHTS-06: a correction of what was verified is verified again, through HTTP. */

let suite: TestSuite;
let client: Client;

beforeAll(async () => {
  suite = await startSuite();
  client = await suite.client('supplier');
});
afterAll(() => suite.end());

const change = (): Promise<string> => application(client, 'nonElectronic', 'change');
const show = async (path: string): Promise<Json> => having(await client.get(path), 200).body;

/** The correction is refused, for these members, leaves its record, and changes nothing; answers why each check did not do. */
async function expectRefused(path: string, body: Json, named: readonly string[], members: readonly string[]) {
  const [before, heads] = [await show(path), await suite.heads()];
  const answer = await client.command(`${path}/corrections`, body);
  expect([answer.status, faultsOf(answer)]).toEqual([
    409,
    members.map((member) => `/set/${member} correction-not-shown`).sort(),
  ]);
  const kept = await refusalRecord(suite, heads.records, answer);
  expect(kept).toMatchObject({ checks: named });
  expect((kept['evidence'] as readonly Json[]).length).toBeGreaterThan(0);
  expect((await suite.heads()).events).toBe(heads.events);
  expect(await show(path)).toEqual(before);
  return named.map((check) => whyOf(answer, check));
}

const whyOf = (answer: Answer, check: string): unknown => shownIn(answer, check)?.['why'] ?? 'counts';

const number = (verified: boolean): Fact => officialNumber({ numberKind: 'citizenServiceNumber', verified });
const email = (confirmed: boolean): Fact => validation({ type: 'emailConfirmation', confirmed });

describe('RIGHTS-06: the attributes of a person', () => {
  const names = { familyName: 'Anders', givenNames: 'Bert', birthDate: '1999-09-09', birthPlace: 'Elders' };
  const scene = async (authorized?: Human): Promise<Scene> =>
    sceneOf({ application: await change(), authorized: authorized ?? (await person(client)) });
  const pathOf = ({ authorized }: Scene): string => `/v1/persons/${authorized.id}`;
  const neutral = (members: Json): Fact => validation({ type: 'neutralThirdParty', ...members });

  it.each<[string, Fact, string]>([
    ['an address that he did not confirm', email(false), 'does-not-show-it'],
    ['an address that he confirmed', email(true), 'does-not-show-it'],
    ['a look at his document', documentStatus('authorized'), 'does-not-show-it'],
    ['a number that was not verified', number(false), 'does-not-show-it'],
    ['a bank that does not agree', neutral({ party: 'bank', agrees: false }), 'does-not-show-it'],
    ['a neutral party that is none', neutral({ party: 'other', agrees: true }), 'does-not-show-it'],
    ['an electronic signature', eSignature('authorized'), 'does-not-show-it'],
  ])('are not corrected by %s', async (_what, fact, why) => {
    const of = await scene();
    const checks = await record(client, of, [fact]);
    const body = { application: of.application, checks, set: names };
    expect(await expectRefused(pathOf(of), body, checks, Object.keys(names))).toEqual([why]);
  });

  it('are not corrected by a document that has expired, is reported, or is another person’s too', async () => {
    const expired = await scene(await withDocument(client, (await person(client)).id, { expiresOn: '2024-11-01' }));
    const reported = await scene();
    const elsewhere = { ...reported, application: await change() };
    await record(client, elsewhere, [documentStatus('authorized', 'reported')]);
    const shared = await scene();
    const { documents } = await show(pathOf(shared));
    const its = (documents as readonly Json[])[0]!['number'];
    const stranger = await withDocument(client, (await person(client)).id, { number: its });
    const apart = { to: shared.authorized.id, same: false, distinguishedBy: ['familyName'] };
    having(await client.command(`/v1/persons/${stranger.id}/links`, apart), 200);
    for (const [of, why] of [
      [expired, 'expired-document'],
      [reported, 'document-reported'],
      [shared, 'document-of-another-person'],
    ] as const) {
      const checks = await record(client, of, [copy('authorized'), inPerson('authorized')]);
      const body = { application: of.application, checks, set: { familyName: 'Anders' } };
      expect(await expectRefused(pathOf(of), body, checks, ['familyName'])).toEqual([why, why]);
    }
  });

  it('are not corrected by what a later answer takes back, which joins by itself', async () => {
    const of = await scene();
    const checks = await record(client, of, [number(true)]);
    const [joined] = await record(client, of, [number(false)]);
    const body = { application: of.application, checks, set: { birthDate: '1985-04-21' } };
    expect(await expectRefused(pathOf(of), body, checks, ['birthDate'])).toEqual(['superseded']);
    const answer = await client.command(`${pathOf(of)}/corrections`, body);
    expect(shownIn(answer, joined!)).toMatchObject({ joined: true });
    const again = await record(client, of, [number(true)]);
    having(await client.command(`${pathOf(of)}/corrections`, { ...body, checks: again }), 200);
  });

  it('are each shown, or the correction is none at all', async () => {
    const of = await scene();
    const checks = await record(client, of, [email(true)]);
    const set = { email: 'new@example.org', familyName: 'Anders' };
    const body = { application: of.application, checks, set };
    expect(await expectRefused(pathOf(of), body, checks, ['familyName'])).toEqual(['counts']);
    const more = await record(client, of, [copy('authorized')]);
    const both = having(
      await client.command(`${pathOf(of)}/corrections`, { ...body, checks: [...checks, ...more] }),
      200,
    );
    expect(both.body).toMatchObject(set);
  });

  it('stay a question for a clerk where nothing shows that they were mistaken (MEANS-ID2-ii.b)', async () => {
    const one = await person(client);
    const { familyName } = await show(`/v1/persons/${one.id}`);
    const of = await scene(await person(client, { familyName }));
    const open = { duplicates: [{ person: one.id, outcome: 'unresolved' }] };
    expect(await show(pathOf(of))).toMatchObject(open);
    const checks = await record(client, of, [email(false)]);
    await expectRefused(pathOf(of), { application: of.application, checks, set: { birthDate: '1966-06-06' } }, checks, [
      'birthDate',
    ]);
    expect(await show(pathOf(of))).toMatchObject(open);
  });

  it.each<[string, Fact, Json]>([
    ['what was submitted and recorded anew', attributes('authorized'), { ...names, address: 'Dam 1, Amsterdam' }],
    ['a copy of his document', copy('authorized'), names],
    ['his document, shown', inPerson('authorized'), names],
    ['a number in an official register', number(true), names],
    ['an insurer', neutral({ party: 'insurer', agrees: true }), names],
    ['an address that he confirmed: that address', email(true), { email: 'new@example.org' }],
    ['his electronic signature: where he is reached', eSignature('authorized'), { telephone: '+31 30 1234567' }],
  ])('are corrected by %s', async (_what, fact, set) => {
    const of = await scene();
    const checks = await record(client, of, [fact]);
    const answer = await client.command(`${pathOf(of)}/corrections`, { application: of.application, checks, set });
    expect(having(answer, 200).body).toMatchObject(set);
  });

  it('that are on record so already need no showing', async () => {
    const of = await scene();
    const { familyName } = await show(pathOf(of));
    const checks = await record(client, of, [email(false)]);
    const events = (await suite.heads()).events;
    const body = { application: of.application, checks, set: { familyName } };
    having(await client.command(`${pathOf(of)}/corrections`, body), 200);
    expect((await suite.heads()).events).toBe(events);
  });
});

describe('RIGHTS-06: the attributes of a party', () => {
  const scene = async (kind: PartyKind, more: Json = {}): Promise<Scene> =>
    sceneOf({ application: await change(), party: await party(client, kind, more), submitter: await person(client) });
  const pathOf = (of: Scene): string => `/v1/parties/${of.party}`;
  const set = { name: 'Heel Iets Anders' };
  const agreeing = ['number', 'name', 'address'];

  it.each<[string, PartyKind, Fact]>([
    ['a look that found nothing', 'privateLegalPerson', tradeRegister({ outcome: 'notFound', agreesOn: [] })],
    ['a register that could not be asked', 'privateLegalPerson', tradeRegister({ outcome: 'unavailable' })],
    ['a look that agrees on another name', 'privateLegalPerson', tradeRegister({ agreesOn: ['number', 'address'] })],
    ['a look at another number', 'undertaking', tradeRegister({ agreesOn: ['name', 'address'] })],
    ['a look for special circumstances', 'privateLegalPerson', circumstances()],
    ['a look for its units', 'publicLegalPerson', units()],
    ['the trade register, of a practitioner', 'practitioner', tradeRegister()],
    ['the register of rest groups, of a company', 'privateLegalPerson', restGroupRegister()],
    ['a profession’s register that does not agree', 'practitioner', professionalRegister({ identifierAgrees: false })],
    ['several rest groups', 'restGroupEntity', restGroupRegister({ uniqueMatch: false })],
  ])('are not corrected by %s', async (_what, kind, fact) => {
    const of = await scene(kind);
    const checks = await record(client, of, [fact]);
    const body = { application: of.application, checks, set };
    const [why] = await expectRefused(pathOf(of), body, checks, ['name']);
    expect(['does-not-show-it', 'no-answer']).toContain(why);
  });

  it('are not corrected by a look that a later one takes back', async () => {
    const of = await scene('privateLegalPerson');
    const checks = await record(client, of, [tradeRegister()]);
    await record(client, of, [tradeRegister({ agreesOn: ['number'] })]);
    const body = { application: of.application, checks, set };
    expect(await expectRefused(pathOf(of), body, checks, ['name'])).toEqual(['superseded']);
  });

  it.each<[string, PartyKind, Fact, Json]>([
    [
      'what was submitted and recorded anew',
      'privateLegalPerson',
      partyAttributes(),
      { ...set, email: 'a@example.org' },
    ],
    [
      'the trade register',
      'undertaking',
      tradeRegister({ agreesOn: agreeing }),
      { ...set, address: 'Dam 1, Ons Dorp' },
    ],
    ['a look that agrees on the name', 'publicLegalPerson', tradeRegister({ agreesOn: ['number', 'name'] }), set],
    ['the register of the profession', 'practitioner', professionalRegister(), set],
    ['the register of rest groups', 'restGroupEntity', restGroupRegister(), set],
  ])('are corrected by %s', async (_what, kind, fact, wanted) => {
    const of = await scene(kind);
    const checks = await record(client, of, [fact]);
    const answer = await client.command(`${pathOf(of)}/corrections`, {
      application: of.application,
      checks,
      set: wanted,
    });
    expect(having(answer, 200).body).toMatchObject(wanted);
  });

  describe('AMB-76: who the practitioner is', () => {
    const practice = async (): Promise<Scene> => scene('practitioner', { person: (await person(client)).id });
    const inRegister = (more: Json = {}): Fact =>
      representation('submitter', { register: 'professionalRegister', ...more });
    const wanted = ({ submitter }: Scene): Json => ({ person: submitter.id });

    it.each<[string, Fact]>([
      ['a look that found nothing', professionalRegister({ outcome: 'notFound', identifierAgrees: false })],
      ['what a clerk recorded', partyAttributes()],
      ['the register, where it does not show him', inRegister({ outcome: 'notFound', agrees: false })],
      ['the register, where he is shown by his function', inRegister({ basis: 'byFunction' })],
      ['another register', representation('submitter')],
    ])('is not shown by %s', async (_what, fact) => {
      const of = await practice();
      const checks = await record(client, of, [fact]);
      const body = { application: of.application, checks, set: wanted(of) };
      await expectRefused(pathOf(of), body, checks, ['person']);
    });

    it('is not shown by what the register says of somebody else', async () => {
      const of = await practice();
      const checks = await record(client, { ...of, submitter: await person(client) }, [inRegister()]);
      const body = { application: of.application, checks, set: wanted(of) };
      const answer = await client.command(`${pathOf(of)}/corrections`, body);
      expect([answer.status, faultsOf(answer)]).toEqual([400, ['/checks/0 check-not-in-dossier']]);
    });

    it.each<[string, Fact]>([
      ['a look at the practice', professionalRegister()],
      ['a look at him', inRegister()],
    ])('is shown by the register of the profession: %s', async (_what, fact) => {
      const of = await practice();
      const checks = await record(client, of, [fact]);
      const body = { application: of.application, checks, set: wanted(of) };
      expect(having(await client.command(`${pathOf(of)}/corrections`, body), 200).body).toMatchObject(wanted(of));
    });
  });
});
