import { describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { at, paperRegistration, uuid, weighingScene } from '#libs/testing';

const { ids, lookedUpAt } = paperRegistration;
const { director, directorsPassport } = ids;
const { colleague, colleaguesPassport, copy, elsewhere, fact, MINUTE, of, signature, status } = weighingScene;
const scene = weighingScene.sceneOfEach();
const { handed, words } = scene;

describe('PROOF-05: the grantor of a proxy', () => {
  const roles = { legalRepresentative: colleague };
  const proxy = (members: object = {}) =>
    fact('proxyCheck', of(director), {
      grantor: colleague,
      document: colleaguesPassport,
      writtenAndSigned: true,
      ...members,
    });
  const checkedBy = async (...beside: readonly CheckFacts[]) =>
    (await words({ named: [proxy(), ...beside], roles }))[0];

  it('was checked by a copy of his document and his signature beside it', async () => {
    expect(await checkedBy(copy(colleague, colleaguesPassport), signature(colleague, colleaguesPassport))).toBe(
      'counts',
    );
  });
  it.each<[string, readonly CheckFacts[]]>([
    ['nothing', []],
    ['a copy alone', [copy(colleague, colleaguesPassport)]],
    ['a signature alone', [signature(colleague, colleaguesPassport)]],
    [
      'a copy that is said to be the submitter’s',
      [copy(director, colleaguesPassport), signature(colleague, colleaguesPassport)],
    ],
    [
      'the submitter’s signature beside his document',
      [copy(colleague, colleaguesPassport), signature(director, colleaguesPassport)],
    ],
    [
      'another application’s signature',
      [copy(colleague, colleaguesPassport), signature(colleague, colleaguesPassport, { application: elsewhere })],
    ],
    ['a copy of somebody else’s', [copy(director, directorsPassport), signature(colleague, colleaguesPassport)]],
    [
      'a signature that does not agree',
      [copy(colleague, colleaguesPassport), signature(colleague, colleaguesPassport, { agrees: false })],
    ],
    ['the submitter’s signature', [copy(colleague, colleaguesPassport), signature(director, directorsPassport)]],
    [
      'a signature on the original',
      [copy(colleague, colleaguesPassport), signature(colleague, colleaguesPassport, { against: 'idOriginal' })],
    ],
    [
      'another application’s copy',
      [copy(colleague, colleaguesPassport, { application: elsewhere }), signature(colleague, colleaguesPassport)],
    ],
  ])('was not checked by %s', async (_by, beside) => {
    expect(await checkedBy(...beside)).toBe('not not-checked-against-document');
  });
  it('was not checked by an expired document, and is refused with a reported one', async () => {
    const beside = [copy(colleague, colleaguesPassport), signature(colleague, colleaguesPassport)];
    expect((await words({ named: [proxy(), ...beside], roles, at: at('2026-03-03T00:00:00+01:00') }))[0]).toBe(
      'not expired-document',
    );
    const others = [status(colleague, colleaguesPassport, 'reported', { application: elsewhere })];
    expect((await words({ named: [proxy(), ...beside], roles, others }))[0]).toBe('not document-reported');
    expect(await handed({ named: [proxy(), ...beside], roles, others })).toEqual(
      expect.arrayContaining([
        { type: 'idCopyEnclosed', subject: 'legalRepresentative', document: colleaguesPassport, presentation: 'paper' },
      ]),
    );
  });
});

describe('PROOF-05: what is said of a proxy', () => {
  const roles = { legalRepresentative: colleague };
  const proxy = (members: object = {}) =>
    fact('proxyCheck', of(director), { grantor: colleague, writtenAndSigned: true, ...members });
  it('is whether the grantor was checked', async () => {
    const checked = [copy(colleague, colleaguesPassport), signature(colleague, colleaguesPassport)];
    const named = [proxy({ document: colleaguesPassport }), ...checked];
    expect((await handed({ named, roles }))[0]).toMatchObject({ grantorIdCopyChecked: true });
  });
  it('is that he was not where no document is named, though a copy and a signature are there', async () => {
    const named = [proxy(), copy(colleague, colleaguesPassport), signature(colleague, colleaguesPassport)];
    expect((await words({ named, roles }))[0]).toBe('not not-checked-against-document');
    expect((await handed({ named, roles }))[0]).toMatchObject({ type: 'proxyCheck', grantorIdCopyChecked: false });
  });
  it('is that he was not where his copy or signature is of another document of his', async () => {
    const second = uuid('doc', 8);
    await scene.memory.record('person', colleague, {
      type: 'DocumentRecorded',
      data: {
        person: colleague,
        document: second,
        documentType: 'drivingLicence',
        number: { clear: '5123456789' },
        expiresOn: { clear: '2030-01-01' },
      },
    } as never);
    const first = async (...beside: readonly CheckFacts[]) =>
      (await words({ named: [proxy({ document: colleaguesPassport }), ...beside], roles }))[0];
    const [itsCopy, itsSignature] = [copy(colleague, colleaguesPassport), signature(colleague, colleaguesPassport)];
    expect(await first(copy(colleague, second), itsSignature)).toBe('not not-checked-against-document');
    expect(await first(itsCopy, signature(colleague, second))).toBe('not not-checked-against-document');
    expect(await first(itsCopy, itsSignature)).toBe('counts');
  });
  it('is that he was not once his signature is compared anew and does not agree', async () => {
    const named = [
      proxy({ document: colleaguesPassport }),
      copy(colleague, colleaguesPassport),
      signature(colleague, colleaguesPassport),
    ];
    const others = [
      signature(colleague, colleaguesPassport, { agrees: false, performedAt: later(lookedUpAt, MINUTE) }),
    ];
    expect((await words({ named, others, roles }))[0]).toBe('not not-checked-against-document');
  });
});
