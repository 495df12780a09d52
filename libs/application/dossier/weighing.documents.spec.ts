import { describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { paperRegistration, uuid, weighingScene } from '#libs/testing';

const { ids, lookedUpAt, personFacts } = paperRegistration;
const { director, employee, directorsPassport, employeesPassport } = ids;
const { colleague, colleaguesPassport, copy, elsewhere, fact, MINUTE, of, representation, signature, status } =
  weighingScene;
const scene = weighingScene.sceneOfEach();
const { handed, words } = scene;

const number = (document: string, verified: boolean, members: object = {}): CheckFacts =>
  fact('officialNumberVerification', of(employee), { document, verified, register: 'rvig', ...members });
const appearance = (person: string, document: string): CheckFacts =>
  fact('physicalAppearance', of(person), { document, mode: 'appeared', documentShown: 'original' });
const earlier = later(lookedUpAt, -MINUTE);
const soon = later(lookedUpAt, MINUTE);

describe('PROOF-01, MEANS-ID2-ii.b: a document that one human has on record twice', () => {
  const again = uuid('doc', 7);
  const record = (person: string, expiresOn = '2031-05-05') =>
    scene.memory.record('person', person, {
      type: 'DocumentRecorded',
      data: {
        person,
        document: again,
        documentType: 'passport',
        number: { clear: 'NX-1234567' },
        expiresOn: { clear: expiresOn },
      },
    } as never);

  it.each<[string, string, (document: string, says: boolean, performedAt: string) => CheckFacts]>([
    [
      'a signature that does not agree',
      director,
      (document, agrees, performedAt) => signature(director, document, { agrees, performedAt }),
    ],
    [
      'a number that is not verified',
      employee,
      (document, verified, performedAt) => number(document, verified, { performedAt }),
    ],
  ])('is one for an adverse answer: %s', async (_what, person, answer) => {
    await record(person);
    const own = person === director ? directorsPassport : employeesPassport;
    const named = [answer(own, true, lookedUpAt)];
    expect(await words({ named, others: [answer(again, false, soon)] })).toEqual(['not superseded', '+counts']);
  });

  it('is one for a later favorable answer, which mends the earlier adverse one', async () => {
    await record(director);
    const others = [signature(director, again, { agrees: false, performedAt: earlier })];
    const named = [signature(director, directorsPassport)];
    expect(await words({ named, others })).toEqual(['counts', '+not superseded']);
  });

  it('is handed to the rules as one', async () => {
    await record(employee);
    const named = [copy(employee, again), status(employee, employeesPassport, 'notReported')];
    const [one, other] = (await handed({ named })) as unknown as readonly { readonly document: string }[];
    expect(one!.document).toBe(other!.document);
  });

  it('has expired on the first day that a record says', async () => {
    await record(director, '2026-03-01');
    const named = [copy(director, directorsPassport), signature(director, again)];
    expect(await words({ named })).toEqual(['not expired-document', 'not expired-document']);
  });

  it('is reported by either of its records', async () => {
    await record(director);
    const named = [copy(director, directorsPassport)];
    const others = [status(director, again, 'reported')];
    expect(await words({ named, others })).toEqual(['not document-reported', '+counts']);
  });
});

describe('MEANS-ID2-ii.b, PROOF-05: a document that two humans have on record', () => {
  const fault = 'not document-of-another-person';
  /** Of whom a family name is all that is on record, beside the document. */
  const twin = uuid('person', 7);
  const twins = uuid('doc', 7);
  const distinguish = (person: string, from: string) =>
    scene.memory.record('person', person, {
      type: 'PersonDistinguished',
      data: { person, from, by: ['familyName'] },
    } as never);
  const nameOnly = async () => {
    const [registered, recorded] = personFacts(twin, twins, employee);
    const data = { person: twin, familyName: { clear: 'Pietersen' }, identifyingAttributes: ['familyName'] };
    await scene.memory.record('person', twin, { ...registered!, data } as never, recorded!);
  };
  const roles = { authorizedPerson: twin };

  it('counts for neither once a clerk has told them apart, whatever rests on it', async () => {
    await nameOnly();
    const resting = () => [
      copy(director, directorsPassport),
      signature(director, directorsPassport),
      appearance(director, directorsPassport),
      status(director, directorsPassport, 'notReported'),
      copy(twin, twins),
      fact('officialNumberVerification', of(twin), { document: twins, verified: true, register: 'rvig' }),
    ];
    expect(await words({ named: resting(), roles })).toEqual(Array(6).fill('counts'));
    await distinguish(twin, director);
    expect(await words({ named: resting(), roles })).toEqual(Array(6).fill(fault));
  });

  it('makes nobody unique', async () => {
    await nameOnly();
    const attributes = () => [fact('identityAttributesRecorded', of(twin), { uniquelyIdentifying: true })];
    expect(await words({ named: attributes(), roles })).toEqual(['counts']);
    const checks = [...attributes(), copy(director, directorsPassport)];
    await distinguish(director, twin);
    expect(await words({ named: checks, roles })).toEqual(['not not-uniquely-identified', fault]);
  });

  it.each<[string, () => readonly CheckFacts[], readonly string[], object]>([
    [
      'a cosigner',
      () => [
        representation(director, { limitation: 'obstructing', cosigners: [colleague] }),
        representation(colleague),
        signature(colleague, colleaguesPassport),
      ],
      ['counts not-cosigned', 'counts', fault],
      {},
    ],
    [
      'a grantor',
      () => [
        fact('proxyCheck', of(director), { grantor: colleague, document: colleaguesPassport, writtenAndSigned: true }),
        copy(colleague, colleaguesPassport),
        signature(colleague, colleaguesPassport),
      ],
      [fault, fault, fault],
      { legalRepresentative: colleague },
    ],
  ])('proves the hand of nobody, such as %s', async (_who, resting, disputed, its) => {
    expect(await words({ named: resting(), roles: its })).toEqual(['counts', 'counts', 'counts']);
    await scene.renew();
    await distinguish(colleague, director);
    expect(await words({ named: resting(), roles: its })).toEqual(disputed);
  });

  it('refuses all the same where it is reported', async () => {
    await distinguish(director, colleague);
    const others = [status(colleague, colleaguesPassport, 'reported', { application: elsewhere })];
    const named = [copy(director, directorsPassport), copy(colleague, colleaguesPassport)];
    const question = { named, others, roles: { legalRepresentative: colleague } };
    expect((await words(question)).slice(0, 2)).toEqual(['not document-reported', 'not document-reported']);
  });
});
