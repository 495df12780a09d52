import { randomUUID } from 'node:crypto';
import type { Json } from '../../support/api.js';
import type { Human } from '../../support/clerk.js';
import { at, freshNumber } from '../../support/case.js';
import { having, type Answer, type Client } from '../../support/client.js';
import type { TestSuite } from '../../support/suite.js';
import {
  attributes,
  copy,
  documentStatus,
  inPerson,
  loginWith,
  officialNumber,
  partyAttributes,
  recordOne,
  validation,
  type Fact,
  type Scene,
} from './facts.js';

export type PartyKind = 'undertaking' | 'privateLegalPerson' | 'publicLegalPerson' | 'practitioner' | 'restGroupEntity';
export type Channel = 'electronic' | 'nonElectronic';

export interface Holder {
  readonly human: Human;
  readonly means: string;
}

/** People who are the same in every way of a spec file, so that each way brings in only what is its own. */
export interface Stage {
  readonly suite: TestSuite;
  readonly client: Client;
  /** A director without a means. */
  readonly director: Human;
  readonly colleague: Human;
  /** Has a means of STORK 3, issued in a process of its own and handed to him by the director. */
  readonly employee: Holder;
  /** Has a means of STORK 2, whose issuance reached 2. */
  readonly assistant: Holder;
}

let people = 0;

export async function person(client: Client, attributesOfHim: Json = {}): Promise<Human> {
  const mark = `${++people}-${randomUUID().slice(0, 8)}`;
  const made = having(
    await client.command('/v1/persons', {
      familyName: `Test-${mark}`,
      givenNames: 'Specimen',
      birthDate: '1985-04-12',
      birthPlace: 'Teststad',
      ...attributesOfHim,
    }),
    201,
  );
  return withDocument(client, made.body['id'] as string);
}

export async function withDocument(client: Client, id: string, more: Json = {}): Promise<Human> {
  const document = {
    documentType: 'passport',
    issuingState: 'NLD',
    number: `P${randomUUID().replaceAll('-', '').slice(0, 12).toUpperCase()}`,
    expiresOn: '2035-03-09',
    ...more,
  };
  const { body } = having(await client.command(`/v1/persons/${id}/documents`, document), 201);
  return { id, document: (body['documents'] as readonly { readonly id: string }[]).at(-1)!.id };
}

/** Another name, birth date, … of a person on record, by an intake for a change of its own (PROOF-13). */
export async function correctPerson(
  client: Client,
  human: Human,
  set: Json = { familyName: freshName() },
): Promise<void> {
  const own = sceneOf({ application: await application(client, 'nonElectronic', 'change'), submitter: human });
  const correction = {
    application: own.application,
    checks: await record(client, own, [attributes('submitter')]),
    set,
  };
  having(await client.command(`/v1/persons/${human.id}/corrections`, correction), 200);
}

/** Another name, address, … of a party on record. */
export async function correctParty(
  client: Client,
  id: string,
  set: Json,
  shownBy: readonly Fact[] = [partyAttributes()],
): Promise<void> {
  const own = sceneOf({ application: await application(client, 'nonElectronic', 'change'), party: id });
  const correction = { application: own.application, checks: await record(client, own, shownBy), set };
  having(await client.command(`/v1/parties/${id}/corrections`, correction), 200);
}

const freshName = (): string => `Verbeterd-${randomUUID().slice(0, 13)}`;

/** Nine digits that pass the eleven-test. */
function freshRsin(): string {
  for (;;) {
    const digits = freshNumber();
    const last = [...digits].reduce((sum, digit, index) => sum + Number(digit) * (9 - index), 0) % 11;
    if (last < 10) return `${digits}${last}`;
  }
}

const REGISTERS: { readonly [kind in PartyKind]: () => Json } = {
  undertaking: () => ({ register: 'kvk', number: freshNumber(), naturalPersonsBusiness: true }),
  privateLegalPerson: () => ({ register: 'kvk', number: freshNumber(), naturalPersonsBusiness: false }),
  publicLegalPerson: () => ({ register: 'rsin', number: freshRsin(), naturalPersonsBusiness: false }),
  practitioner: () => ({ register: 'professional', number: `P-${freshNumber()}`, naturalPersonsBusiness: true }),
  restGroupEntity: () => ({ register: 'trr', number: `T-${freshNumber()}`, naturalPersonsBusiness: false }),
};

export async function party(client: Client, kind: PartyKind, more: Json = {}): Promise<string> {
  const details = { kind, name: `Test organization ${randomUUID().slice(0, 8)}`, ...REGISTERS[kind](), ...more };
  return having(await client.command('/v1/parties', details), 201).body['id'] as string;
}

export async function application(client: Client, channel: Channel, ...purposes: readonly string[]): Promise<string> {
  const medium = channel === 'electronic' ? 'other' : 'writing';
  const body = { channel, medium, receivedAt: at(0), purposes };
  return having(await client.command('/v1/applications', body), 201).body['id'] as string;
}

/** Records the facts as checks of the scene's application; answers their ids in the same order. */
export async function record(client: Client, scene: Scene, facts: readonly Fact[]): Promise<string[]> {
  const ids: string[] = [];
  // One after the other, as of two answers the later counts; told first: what it saw had happened when it was performed.
  for (const fact of facts) ids.push(await recordOne(client, scene.application, await fact(scene, client)));
  return ids;
}

export interface Issuing {
  readonly product: string;
  readonly aimedStork: number;
  readonly acceptLower?: boolean;
  /** Checks of the identification, already recorded in the application. */
  readonly identification: readonly string[];
  readonly delivery: Json;
}

export const apply = (client: Client, scene: Scene, product: string, aimedStork: number): Promise<Answer> =>
  client.command('/v1/means', {
    application: scene.application,
    holder: scene.authorized.id,
    ...(scene.party === '' ? {} : { party: scene.party }),
    product,
    aimedStork,
  });

export async function delivered(client: Client, scene: Scene, means: string, delivery: Json): Promise<string> {
  const [check] = await record(client, scene, [() => ({ type: 'meansDelivery', about: { means }, ...delivery })]);
  return check!;
}

/** From application to issuance, which is not expected to succeed; the steps before it are. */
export async function issue(
  client: Client,
  scene: Scene,
  { product, aimedStork, identification, delivery, acceptLower }: Issuing,
): Promise<{ readonly means: string; readonly answer: Answer }> {
  const means = having(await apply(client, scene, product, aimedStork), 201).body['id'] as string;
  const path = `/v1/means/${means}`;
  having(await client.command(`${path}/identifications`, { checks: identification }), 200);
  const checks = [await delivered(client, scene, means, delivery)];
  const answer = await client.command(`${path}/issuances`, {
    checks,
    ...(acceptLower === undefined ? {} : { acceptLower }),
  });
  return { means, answer };
}

/** What identifies the holder of a card; he shows his document last, at the desk. */
export const cardholder: readonly Fact[] = [attributes('authorized'), officialNumber(), inPerson('authorized')];

/** The PKIoverheid certificate on a card names its holder and is good. */
export const certificate =
  (means: string, more: Json = {}): Fact =>
  ({ authorized }) => ({
    type: 'pkiOverheidCertificate',
    about: { means },
    subject: authorized.id,
    personal: true,
    qualified: true,
    chainComplete: true,
    revocationStatus: 'good',
    ...more,
  });

export interface IssuedCard {
  readonly means: string;
  readonly certificate: string;
  readonly answer: Answer;
}

/** Issues a card at STORK 4, which its certificate carries (MEANS-PKIO), or at what it reaches without. */
export async function issueCard(
  client: Client,
  scene: Scene,
  more: Json = {},
  facts: readonly Fact[] = cardholder,
): Promise<IssuedCard> {
  const means = having(await apply(client, scene, 'certificate-card', 4), 201).body['id'] as string;
  const checks = await record(client, scene, [certificate(means, more), ...facts]);
  const path = `/v1/means/${means}`;
  having(await client.command(`${path}/identifications`, { checks }), 200);
  const atDesk = { form: 'afterPhysicalIdentification', appearance: checks.at(-1) };
  const delivery = await delivered(client, scene, means, atDesk);
  const answer = await client.command(`${path}/issuances`, { checks: [delivery], acceptLower: true });
  return { means, certificate: checks[0]!, answer };
}

export const activate = async (client: Client, means: string): Promise<void> => {
  having(await client.command(`/v1/means/${means}/activations`, { activatedAt: at(1) }), 200);
};

/** MEANS-ID3-v2 online: a copy that was checked and a number that was verified. */
export const holderAtThree: readonly Fact[] = [
  attributes('authorized'),
  copy('authorized'),
  documentStatus('authorized'),
  officialNumber(),
];
const holderAtTwo: readonly Fact[] = [
  attributes('authorized'),
  validation({ type: 'neutralThirdParty', party: 'bank', agrees: true }),
];

/**
 * Issues and activates a means in the given application, with everything that its level asks: sent to the holder, or
 * handed to him by somebody.
 */
export async function issueAt(client: Client, scene: Scene, stork: 2 | 3, handedBy?: Human): Promise<string> {
  const { means, answer } = await issue(client, scene, {
    product: stork === 3 ? 'password-sms' : 'password',
    aimedStork: stork,
    identification: await record(client, scene, stork === 3 ? holderAtThree : holderAtTwo),
    delivery:
      handedBy !== undefined
        ? { form: 'passwordObtainedInPerson', handedBy: handedBy.id }
        : stork === 3
          ? { form: 'registeredLetter', addressValidated: true }
          : { form: 'oneTimeLink', singleUse: true, expires: true },
  });
  expectIssued(answer, stork);
  await activate(client, means);
  return means;
}

function expectIssued(answer: Answer, stork: number): void {
  const { body } = having(answer, 200);
  if (body['stork'] !== stork || body['issuanceLevel'] !== stork) throw new Error(answer.text);
}

/** A person with an active means, issued in an application of its own. */
export async function holder(client: Client, stork: 2 | 3, human?: Human, handedBy?: Human): Promise<Holder> {
  const who = human ?? (await person(client));
  const own = await application(client, 'electronic', 'means');
  return { human: who, means: await issueAt(client, sceneOf({ application: own, authorized: who }), stork, handedBy) };
}

/** The holder ends an authorization of his, or a means, logged in with his means. */
export async function revokeByHolder(client: Client, { human, means }: Holder, object: Json): Promise<void> {
  const leaving = await application(client, 'electronic', 'revocation');
  const scene = sceneOf({ application: leaving, submitter: human });
  const answer = await client.command('/v1/revocation-requests', {
    application: leaving,
    object,
    requester: { role: 'authorizedParty', person: human.id },
    checks: await record(client, scene, [loginWith('submitter', 'EH3', means)]),
  });
  if (![201, 202].includes(answer.status) || answer.body['status'] !== 'effected') throw new Error(answer.text);
}

/** A scene of which only some parts matter. */
export const sceneOf = (parts: Partial<Scene>): Scene => ({
  application: '',
  party: '',
  submitter: { id: '', document: '' },
  colleague: { id: '', document: '' },
  authorized: { id: '', document: '' },
  means: '',
  intermediary: '',
  ...parts,
});

export async function setStage(suite: TestSuite, client: Client): Promise<Stage> {
  const [director, colleague] = await Promise.all([person(client), person(client)]);
  const [employee, assistant] = await Promise.all([
    holder(client, 3, undefined, director),
    holder(client, 2, undefined, director),
  ]);
  return { suite, client, director, colleague, employee, assistant };
}
