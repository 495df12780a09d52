import { randomUUID } from 'node:crypto';
import { documentStatus, holderChecks, partyChecks, representativeChecks } from '#apps/suite';
import { clerk, type Clerk, type Human } from './clerk.js';
import { api, type Json } from './api.js';
import { having, type Client } from './client.js';

export const DUO = 'urn:etoegang:DV:00000099800000001000:services:1';
export const UWV = 'urn:etoegang:DV:00000099800000002000:services:1';

const DAY = 86_400_000;

export const at = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

let numbers = 0;
/** A trade register number that no case of this run has had. */
export const freshNumber = (): string => String(90_000_000 + ++numbers);

export interface IssuedMeans {
  readonly id: string;
  readonly pseudonym: string;
  readonly body: Json;
}

/** A first registration on paper that earns EH3, with everything that carries it on record. */
export interface PaperCase {
  readonly desk: Clerk;
  readonly client: Client;
  readonly party: string;
  readonly organization: string;
  readonly director: Human;
  readonly employee: Human;
  readonly application: string;
  readonly ofParty: readonly string[];
  readonly ofDirector: readonly string[];
  readonly documentStatusOfDirector: string;
  readonly ofEmployee: readonly string[];
  readonly dossier: readonly string[];
  /** Issues one more means to the employee, not yet activated. */
  issued(): Promise<Json>;
  /** Issues and activates one more means to the employee. */
  means(): Promise<IssuedMeans>;
  /** Body of a registration for the employee with that means. */
  registration(means: string, more?: Json): Json;
  /** Registers it at EH3; answers the authorization. */
  authorize(means: string, more?: Json): Promise<Json>;
  /** A revocation by the employee himself, logged in with one of his means. */
  revocation(object: Json, login: string): Promise<Json>;
}

export interface CaseDetails {
  readonly party?: Json;
  readonly director?: Json;
  readonly directorDocument?: Json;
  readonly employee?: Json;
  readonly employeeDocument?: Json;
}

export async function paperCase(client: Client, details: CaseDetails = {}): Promise<PaperCase> {
  const run = randomUUID().slice(0, 13);
  const desk = clerk(api(client.url, client.token), run);
  const number = (details.party?.['number'] as string | undefined) ?? freshNumber();
  const human = (part: string, more: Json | undefined): Json => ({
    familyName: `Test${part}-${run}`,
    givenNames: 'Specimen',
    birthDate: '1985-04-12',
    birthPlace: 'Teststad',
    ...more,
  });
  const passport = (letter: string, more: Json | undefined): Json => ({
    documentType: 'passport',
    issuingState: 'NLD',
    number: `${letter}${run.replace('-', '').slice(0, 9).toUpperCase()}`,
    expiresOn: '2031-03-09',
    ...more,
  });
  const party = await desk.party({
    kind: 'privateLegalPerson',
    register: 'kvk',
    number,
    name: `Test Stichting ${number}`,
    naturalPersonsBusiness: false,
    ...details.party,
  });
  const director = await desk.person(
    `dir-${run}`,
    human('bestuurder', details.director),
    passport('D', details.directorDocument),
  );
  const employee = await desk.person(
    `emp-${run}`,
    human('medewerker', details.employee),
    passport('E', details.employeeDocument),
  );
  const application = await desk.application('nonElectronic', ['means', 'registration'], 120);
  const record = async (checks: readonly Json[], minutesAgo: number): Promise<string[]> => {
    const ids: string[] = [];
    for (const facts of checks) ids.push(await desk.check(application, facts, minutesAgo));
    return ids;
  };
  const ofParty = await record(partyChecks(party, ['000037178598']), 60);
  const ofDirector = await record(representativeChecks(director, party), 50);
  const [documentStatusOfDirector] = (await record([documentStatus(director)], 45)) as [string];
  const ofEmployee = await record(holderChecks(employee), 40);
  const dossier = [...ofParty, ...ofDirector, documentStatusOfDirector, ...ofEmployee];

  const registration = (means: string, more: Json = {}): Json => ({
    application,
    registration: 'first',
    representedParty: { party },
    submitter: { person: director.id, role: 'legalRepresentative' },
    authorizedParty: { person: employee.id, means },
    checks: dossier,
    aimedLevel: 'EH3',
    scope: { services: [DUO] },
    nature: { rightOfSubstitution: false, actsIndependently: true },
    period: { from: at(-1_000), until: at(4 * 365 * DAY) },
    displayConsent: true,
    ...more,
  });
  return {
    desk,
    client,
    party,
    organization: `kvk:${number}`,
    director,
    employee,
    application,
    ofParty,
    ofDirector,
    documentStatusOfDirector,
    ofEmployee,
    dossier,
    async issued() {
      const applied = having(
        await client.command('/v1/means', { application, holder: employee.id, product: 'password-sms', aimedStork: 3 }),
        201,
      ).body;
      const path = `/v1/means/${String(applied['id'])}`;
      having(await client.command(`${path}/identifications`, { checks: ofEmployee }), 200);
      const delivery = await desk.check(
        application,
        { type: 'meansDelivery', about: { means: applied['id'] }, form: 'registeredLetter', addressValidated: true },
        1,
      );
      return having(await client.command(`${path}/issuances`, { checks: [delivery] }), 200).body;
    },
    async means() {
      const { means } = await desk.means(application, employee, ofEmployee, {
        product: 'password-sms',
        aimedStork: 3,
        party,
      });
      return { id: means['id'] as string, pseudonym: means['pseudonym'] as string, body: means };
    },
    registration,
    authorize: async (means, more) =>
      having(await client.command('/v1/authorizations', registration(means, more)), 201).body,
    async revocation(object, login) {
      const leaving = await desk.application('electronic', ['revocation'], 1, 'other');
      const authentication = await desk.check(
        leaving,
        {
          type: 'authentication',
          about: { person: employee.id },
          means: login,
          level: 'EH3',
          source: { name: 'authentication-service-1', reference: `assertion-1-${leaving.slice(0, 8)}` },
        },
        0,
      );
      return {
        application: leaving,
        object,
        requester: { role: 'authorizedParty', person: employee.id },
        checks: [authentication],
      };
    },
  };
}

/** The network's question about a means and an organization. */
export const question = (pseudonym: string, organization: string, more: Json = {}): Json => ({
  subject: { type: 'means', id: pseudonym },
  action: { name: 'represent', properties: { service: DUO, level: 'EH3', ...more } },
  resource: { type: 'organization', id: organization },
});
