import { randomUUID } from 'node:crypto';
import type { Json } from '../../support/api.js';
import type { Human } from '../../support/clerk.js';
import { having, type Client } from '../../support/client.js';

/** Who and what a dossier is about; a fact is written for any of them. */
export interface Scene {
  readonly application: string;
  readonly party: string;
  readonly submitter: Human;
  /** Another representative of the party, who does not occur in the application unless he grants a proxy. */
  readonly colleague: Human;
  readonly authorized: Human;
  readonly means: string;
  readonly intermediary: string;
}
export type Who = 'submitter' | 'colleague' | 'authorized';

/** One thing that a clerk saw, as a check about the people of a scene. Some rest on something that is recorded first. */
export type Fact = (scene: Scene, client: Client) => Json | Promise<Json>;

/** A fact that stands by itself. */
type Told = (scene: Scene) => Json;

/** Records one check of an application; answers its id. */
export async function recordOne(client: Client, application: string, told: Json): Promise<string> {
  const check = {
    application,
    performedAt: now(),
    performedBy: { clerk: 'clerk-17' },
    source: { name: 'case-file', reference: 'page-1' },
    ...told,
  };
  return having(await client.command('/v1/checks', check), 201).body['id'] as string;
}

export const MAIN = '000037178598';
export const BRANCH = '000037178601';

const now = (): string => new Date().toISOString();
export const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

// The organization

export const partyAttributes =
  (uniquelyIdentifying = true): Told =>
  ({ party }) => ({ type: 'identityAttributesRecorded', about: { party }, uniquelyIdentifying });

export const tradeRegister =
  (more: Json = {}): Told =>
  ({ party }) => ({
    type: 'tradeRegisterLookup',
    about: { party },
    via: 'online',
    asOf: now(),
    outcome: 'found',
    agreesOn: ['number', 'name', 'address'],
    ...more,
  });

export const professionalRegister =
  (more: Json = {}): Fact =>
  ({ party }) => ({
    type: 'professionalRegisterLookup',
    about: { party },
    asOf: now(),
    outcome: 'found',
    registerDesignated: true,
    identifierAgrees: true,
    ...more,
  });

export const restGroupRegister =
  (more: Json = {}): Fact =>
  ({ party }) => ({
    type: 'restGroupRegisterLookup',
    about: { party },
    asOf: now(),
    outcome: 'found',
    uniqueMatch: true,
    ...more,
  });

/** The message was sealed in the organization's name, with a PKIoverheid services certificate. */
export const organizationSeal =
  (more: Json = {}): Fact =>
  ({ party }) => ({
    type: 'eSignatureValidation',
    about: { party },
    pkiOverheidServices: true,
    signature: { technology: 'pki', chainComplete: true, revocationStatus: 'good' },
    ...more,
  });

/** Who told the register where somebody can be reached: a look-up of an earlier intake, or the one who submitted. */
export type Supplier = 'lookup' | 'submitter';

/** A contact of a party or a person on record. */
export async function contactOf(
  client: Client,
  owner: { readonly party: string } | { readonly person: string },
  suppliedBy: string,
): Promise<string> {
  const path = 'party' in owner ? `/v1/parties/${owner.party}` : `/v1/persons/${owner.person}`;
  const contact = { kind: 'email', value: 'post@example.org', suppliedBy };
  const { body } = having(await client.command(`${path}/contacts`, contact), 201);
  return (body['contacts'] as readonly { readonly id: string }[]).at(-1)!.id;
}

async function contactOfParty(client: Client, scene: Scene, supplier: Supplier): Promise<string> {
  if (supplier === 'submitter') return contactOf(client, scene, 'submitter');
  const intake = { channel: 'nonElectronic', medium: 'writing', receivedAt: now(), purposes: ['registration'] };
  const earlier = having(await client.command('/v1/applications', intake), 201).body['id'] as string;
  return contactOf(client, scene, await recordOne(client, earlier, tradeRegister()(scene)));
}

export const askedApart =
  (more: Json = {}, supplier: Supplier = 'lookup'): Fact =>
  async (scene, client) => ({
    type: 'separateChannelConfirmation',
    about: { party: scene.party },
    medium: 'post',
    confirmed: true,
    contact: await contactOfParty(client, scene, supplier),
    ...more,
  });

export const units =
  (concernsOneUnitOnly = false): Fact =>
  ({ party }) => ({ type: 'organizationalUnitCheck', about: { party }, concernsOneUnitOnly });

export const circumstances =
  (outcome: 'none' | 'found' | 'unavailable' = 'none', otherRepresentativeRegistered = false): Fact =>
  ({ party }) => ({
    type: 'specialCircumstancesCheck',
    about: { party },
    asOf: now(),
    outcome,
    ...(outcome === 'found' ? { otherRepresentativeRegistered } : {}),
  });

export const confirmedBy =
  (who: Who, capacity: 'representative' | 'trustee', more: Json = {}, supplier: Supplier = 'lookup'): Fact =>
  async (scene, client) => ({
    type: 'circumstancesConfirmation',
    about: { party: scene.party },
    confirmer: scene[who].id,
    capacity,
    confirmed: true,
    contact: await contactOfParty(client, scene, supplier),
    ...more,
  });

// People

const about = (scene: Scene, who: Who): Json => ({ person: scene[who].id });

export const attributes =
  (who: Who, uniquelyIdentifying = true): Told =>
  (scene) => ({ type: 'identityAttributesRecorded', about: about(scene, who), uniquelyIdentifying });

/**
 * The data of the person came in anew with this application (PROOF-04): a record of their own, which a clerk recognized
 * and which the register compares with the one that the person has.
 */
export const suppliedAnew =
  (who: Who, more: Json = {}): Fact =>
  async (scene, client) => {
    const { familyName, givenNames, birthDate, birthPlace } = having(
      await client.get(`/v1/persons/${scene[who].id}`),
      200,
    ).body;
    const data = { application: scene.application, familyName, givenNames, birthDate, birthPlace, ...more };
    const record = having(await client.command('/v1/persons', data), 201).body;
    for (const { person } of record['duplicates'] as readonly { readonly person: string }[])
      having(await client.command(`/v1/persons/${String(record['id'])}/links`, { to: person, same: true }), 200);
    return { ...attributes(who)(scene), about: { person: record['id'] } };
  };

export const copy =
  (who: Who, presentation: 'paper' | 'scan' = 'paper'): Fact =>
  (scene) => ({ type: 'idCopyEnclosed', about: about(scene, who), document: scene[who].document, presentation });

export const documentStatus =
  (who: Who, status: 'notReported' | 'reported' | 'unavailable' = 'notReported'): Fact =>
  (scene) => ({ type: 'idDocumentStatus', about: about(scene, who), document: scene[who].document, status });

export const bankTransaction =
  (who: Who, more: Json = {}): Fact =>
  (scene) => ({
    type: 'bankTransaction',
    about: about(scene, who),
    succeeded: true,
    completedAt: now(),
    source: { name: 'bank', reference: `transaction-${randomUUID().slice(0, 13)}-1` },
    accountOpenedWithIdDocument: true,
    nameAgreesWithDocument: true,
    nameAgreesWithAttributes: true,
    ...more,
  });

export const inPerson =
  (who: Who, mode: 'appeared' | 'visited' = 'appeared', documentShown: 'original' | 'copy' = 'original'): Fact =>
  (scene) => ({
    type: 'physicalAppearance',
    about: about(scene, who),
    document: scene[who].document,
    mode,
    documentShown,
  });

/** A signature on the form or under a proxy, beside the one on the copy of the signer's document. */
export const signedForm =
  (form: 'original' | 'scan' = 'original', more: Json = {}, who: Who = 'submitter'): Fact =>
  (scene) => ({
    type: 'signatureComparison',
    about: about(scene, who),
    document: scene[who].document,
    against: 'idCopy',
    form,
    onTheSpot: false,
    agrees: true,
    ...more,
  });

/** He signed before the clerk, who had the document itself in his hands. */
export const signedOnTheSpot: Fact = signedForm('original', { against: 'idOriginal', onTheSpot: true });

export const archivedSignature =
  (form: 'original' | 'scan' = 'original', agrees = true): Fact =>
  (scene) => ({ type: 'archivedSignatureComparison', about: about(scene, 'submitter'), form, agrees });

export const eSignature =
  (who: Who, more: Json = {}): Fact =>
  (scene) => ({
    type: 'eSignatureValidation',
    about: about(scene, who),
    signature: { technology: 'pki', chainComplete: true, revocationStatus: 'good' },
    ...more,
  });

export const proxy =
  (more: Json = {}): Fact =>
  (scene) => ({
    type: 'proxyCheck',
    about: about(scene, 'submitter'),
    grantor: scene.colleague.id,
    writtenAndSigned: true,
    document: scene.colleague.document,
    ...more,
  });

/** The grantor's document came with the proxy, and his signature agrees with it (PROOF-05). */
export const grantorChecked: readonly Fact[] = [copy('colleague'), signedForm('original', {}, 'colleague')];

export const representation =
  (who: Who = 'submitter', more: Json = {}): Told =>
  (scene) => ({
    type: 'representationCheck',
    about: about(scene, who),
    party: scene.party,
    register: 'tradeRegister',
    via: 'online',
    asOf: now(),
    outcome: 'found',
    basis: 'byName',
    agrees: true,
    limitation: 'none',
    sameDataAsIdentified: true,
    ...more,
  });

export const declaresFunction =
  (declaresAppointment = true): Fact =>
  (scene) => ({ type: 'functionDeclaration', about: about(scene, 'submitter'), declaresAppointment });

export const mandateDecision =
  (more: Json = {}, declaredBy?: Who): Fact =>
  (scene) => ({
    type: 'mandateDecisionCheck',
    about: about(scene, 'submitter'),
    party: scene.party,
    functionNamedInDecision: true,
    foundInOfficialSource: true,
    decision: 'mandate-decision-2026-1',
    function: 'Head of finance',
    publication: { source: 'Gemeenteblad', reference: 'gmb-2026-1', date: '2026-01-02' },
    protocolVersion: 'mandate-protocol-1',
    ...(declaredBy === undefined ? {} : { declaredBy: scene[declaredBy].id }),
    ...more,
  });

export const vouching =
  (more: Json = {}, voucher: Who = 'submitter'): Fact =>
  (scene) => ({
    type: 'vouching',
    about: about(scene, 'authorized'),
    voucher: scene[voucher].id,
    coversIdentityAndAttributes: true,
    meansLink: 'issuedThroughVoucher',
    ...more,
  });

/** An outside login is worth what the signature under its assertion is: that was validated before (PROOF-06). */
export const login =
  (who: Who, level: string, more: Json = {}): Fact =>
  async (scene, client) => {
    const signatureValidation = await recordOne(client, scene.application, {
      type: 'eSignatureValidation',
      about: about(scene, who),
      signature: { technology: 'pki', chainComplete: true, revocationStatus: 'good' },
      source: { name: 'authentication-service-1', reference: assertionOf(scene) },
    });
    return {
      type: 'authentication',
      about: about(scene, who),
      level,
      at: now(),
      assertion: { reference: assertionOf(scene), signatureValidation },
      ...more,
    };
  };

const assertionOf = ({ application }: Scene): string => `assertion-1-${application.slice(0, 8)}`;

/** He logged in with a means of ours. */
export const loginWith =
  (who: Who, level: string, means: string, more: Json = {}): Told =>
  (scene) => ({
    type: 'authentication',
    about: about(scene, who),
    level,
    at: now(),
    means,
    authenticationService: 'authentication-service-1',
    ...more,
  });

// The submission

export const deed =
  (signedWith: 'hand' | 'lowerMeans' = 'hand', signer: Who = 'submitter'): Fact =>
  (scene) => ({
    type: 'privateDeed',
    about: { application: scene.application },
    signer: scene[signer].id,
    signedWith,
  });

/** The deed is signed with a means at level 4; the signature under it was validated (PROOF-10). */
export const deedWith =
  (means: string, signer: Who = 'submitter', signature: Json = {}): Fact =>
  async (scene, client) => ({
    type: 'privateDeed',
    about: { application: scene.application },
    signer: scene[signer].id,
    signedWith: 'level4Means',
    means,
    signatureValidation: await recordOne(client, scene.application, await eSignature(signer, signature)(scene, client)),
  });

export const complete =
  (...missingItems: readonly string[]): Fact =>
  ({ application }) => ({ type: 'completenessCheck', about: { application }, missingItems });

// The intermediary

export const ofIntermediary =
  (fact: Fact): Fact =>
  (scene, client) =>
    fact({ ...scene, party: scene.intermediary }, client);

// Evidence for a means, about its holder

export const officialNumber =
  (more: Json = {}): Fact =>
  (scene) => ({
    type: 'officialNumberVerification',
    about: about(scene, 'authorized'),
    verified: true,
    register: 'verification-register',
    ...('numberKind' in more ? {} : { document: scene.authorized.document }),
    ...more,
  });

/** One of the methods of validation that are a check of their own. */
export const validation =
  (facts: Json): Fact =>
  (scene) => ({ about: about(scene, 'authorized'), ...facts });

// What usually goes together

export const identifiedParty: readonly Fact[] = [partyAttributes(), tradeRegister()];
/** The paper form, signed by hand, with a copy of the signer's document: IO2-b. */
export const signedOnPaper: readonly Fact[] = [attributes('submitter'), copy('submitter'), signedForm()];
/** He shows his document and signs on the spot: IO3-e or IO4-f. */
export const before = (mode: 'appeared' | 'visited'): readonly Fact[] => [
  attributes('submitter'),
  inPerson('submitter', mode),
  signedOnTheSpot,
];
/** The authorized person by a copy that was checked: IG3-f, when the means allows. */
export const checkedCopy: readonly Fact[] = [
  attributes('authorized'),
  copy('authorized'),
  documentStatus('authorized'),
];
