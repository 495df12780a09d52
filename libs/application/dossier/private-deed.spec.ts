import { describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { paperRegistration, uuid, weighingScene } from '#libs/testing';

const { ids, lookedUpAt, meansFacts, receivedAt, recordChecks } = paperRegistration;
const { director, employee } = ids;
const { eSignature, elsewhere, fact, MINUTE, of } = weighingScene;
const scene = weighingScene.sceneOfEach();
const { handed, words } = scene;

describe('PROOF-10: a private deed signed with a level-4 means', () => {
  const deed = (members: object = {}) =>
    fact(
      'privateDeed',
      { application: ids.application },
      { signer: director, signedWith: 'level4Means', means: uuid('means', 4), ...members },
    );
  const have = (stork: 3 | 4, holder: string = director, until: 'issued' | 'active' = 'active') =>
    scene.memory.record('means', uuid('means', 4), ...meansFacts(uuid('means', 4), holder, until, { stork }));
  const first = async (...named: readonly CheckFacts[]) => (await words({ named }))[0];
  /** The deed names the validation of the signature under it; the command need not. */
  const signedAs = async (signature: CheckFacts) => {
    const [signatureValidation] = await recordChecks(scene.memory, [signature]);
    return deed({ signatureValidation });
  };

  it('names the signer’s own means, in use at STORK 4, and his signature was validated', async () => {
    await have(4);
    expect(await first(await signedAs(eSignature(director)))).toBe('counts');
    // Where the deed names none, the command does.
    expect(await first(deed(), eSignature(director))).toBe('counts');
    expect(await first(deed(), eSignature(employee))).toBe('not signer-has-no-level-4-means');
    expect(await first(await signedAs(eSignature(employee)))).toBe('not signer-has-no-level-4-means');
    expect(await handed({ named: [deed()] })).toMatchObject([{ signedBy: 'submitter', signedWith: 'lowerMeans' }]);
  });
  it('rests on the validation that it names, and on no other', async () => {
    await have(4);
    const [validation, early] = await recordChecks(scene.memory, [
      eSignature(director),
      eSignature(director, { application: elsewhere }),
    ]);
    expect(await first(deed({ signatureValidation: uuid('check', 900_000) }))).toBe('not signer-has-no-level-4-means');
    expect(await first(deed({ signatureValidation: early }))).toBe('not signer-has-no-level-4-means');
    expect(await first(deed({ signatureValidation: validation }))).toBe('counts');
    const confirmed = fact('emailConfirmation', of(director), { confirmed: true });
    const [other] = await recordChecks(scene.memory, [confirmed]);
    expect(await first(deed({ signatureValidation: other }), eSignature(director))).toBe(
      'not signer-has-no-level-4-means',
    );
  });
  it('that names no validation rests on one that the command names, not on one that is on record', async () => {
    await have(4);
    await recordChecks(scene.memory, [eSignature(director)]);
    expect(await first(deed())).toBe('not signer-has-no-level-4-means');
  });
  it('names a means that is on record', async () => {
    expect(await first(await signedAs(eSignature(director)))).toBe('not signer-has-no-level-4-means');
    await have(4);
    const [signatureValidation] = await recordChecks(scene.memory, [eSignature(director)]);
    expect(await first(deed({ means: undefined, signatureValidation }))).toBe('not signer-has-no-level-4-means');
  });
  it('is not signed by the signature under an assertion of a login', async () => {
    await have(4);
    const [signatureValidation] = await recordChecks(scene.memory, [
      eSignature(director, { source: { name: 'ad-1', reference: 'assertion-1' } }),
    ]);
    const login = fact('authentication', of(director), {
      level: 'EH3',
      at: receivedAt,
      assertion: { reference: 'assertion-1', signatureValidation },
    });
    expect(await first(deed({ signatureValidation }), login)).toBe('not signer-has-no-level-4-means');
    expect(await first(deed({ signatureValidation }))).toBe('not signer-has-no-level-4-means');
  });
  it('falls with a later validation that fails (PROOF-01)', async () => {
    await have(4);
    const signed = await signedAs(eSignature(director));
    const revoked = { technology: 'pki', chainComplete: true, revocationStatus: 'revoked' };
    await recordChecks(scene.memory, [
      eSignature(director, { signature: revoked, performedAt: later(lookedUpAt, MINUTE) }),
    ]);
    expect(await first(signed)).toBe('not signer-has-no-level-4-means');
  });
  it.each([
    ['of level 3', 3, director, 'active'],
    ['of somebody else', 4, employee, 'active'],
    ['that is not in use', 4, director, 'issued'],
  ] as const)('is signed with a lower one where the means is one %s', async (_what, stork, holder, until) => {
    await have(stork, holder, until);
    expect(await first(await signedAs(eSignature(director)))).toBe('not signer-has-no-level-4-means');
  });
  it('by hand asks for none of it', async () => {
    expect(await first(deed({ signedWith: 'hand', means: undefined }))).toBe('counts');
  });
});
