import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { at, paperCase, question, type PaperCase } from './support/case.js';
import { client, having, type Client } from './support/client.js';
import { dumpDatabase, formsFound } from './support/dump.js';
import { liveTable } from './support/read-models.js';
import { startSuite, type TestSuite } from './support/suite.js';

const DIRECTOR = {
  familyName: 'Quisquiliënstein',
  givenNames: 'Zwanetta Oldegonda',
  birthDate: '1931-08-27',
  birthPlace: 'Wijnjewoude-Zuid',
  address: 'Distelvinkhoek 7719, 9876 XQ Wijnjewoude',
  email: 'zwanetta@quisquilien.example',
  telephone: '+31 6 77 19 77 91',
};
const DIRECTOR_DOCUMENT = { number: 'QZXW77191', expiresOn: '2037-11-29', issuer: 'Burgemeester van Wijnjewoude' };
const EMPLOYEE = {
  familyName: 'Vlierblômkens',
  givenNames: 'Ybeltje',
  birthDate: '1947-12-19',
  birthPlace: 'Hiaure-Oosterein',
};
const EMPLOYEE_DOCUMENT = { number: 'VBK883377', expiresOn: '2036-10-31' };
/** The business of one human: its name and address are personal data. */
const BUSINESS = {
  kind: 'undertaking',
  name: 'Haarsnijderij Ybeltje Vlierblômkens',
  address: 'Kievitsbloemlaan 5533, Hiaure',
  email: 'kapper@vlierblomkens.example',
  naturalPersonsBusiness: true,
};
/** What was mistaken, and what is known besides. */
const CORRECTED = { familyName: 'Vlierblômkes', birthPlace: 'Hantumeruitburen', address: 'Poldermolen 8181, Hantum' };
const CORRECTED_BUSINESS = 'Haarsnijderij Ybeltje Vlierblômkes en Zoon';
const CONTACTS = {
  ofPerson: 'ybeltje@vlierblomkes-thuis.example',
  ofParty: 'Wielewaalstraat 4747, Hantumhuizen',
};
const LATE = 'Lag bij mevrouw Quisquiliënstein in de lade';
const DEVIATION = 'Afgesproken met buurman Klaas Hoefijzer';
const READING = 'Klacht van mevrouw Trijntje Duizendschoon';
const REQUEST_IDS = ['trijntje1duizendschoon', 'Duizendschoon-8471', 'trijn.1@duizend.example', '06-7719.7791'];
const CLERK = 'sjoukje.balie-medewerkster';

const VALUES: readonly string[] = [
  ...Object.values(DIRECTOR),
  ...Object.values(DIRECTOR_DOCUMENT),
  ...Object.values(EMPLOYEE),
  ...Object.values(EMPLOYEE_DOCUMENT),
  BUSINESS.name,
  BUSINESS.address,
  BUSINESS.email,
  ...Object.values(CORRECTED),
  CORRECTED_BUSINESS,
  ...Object.values(CONTACTS),
  LATE,
  DEVIATION,
  READING,
  ...REQUEST_IDS,
  CLERK,
];

let suite: TestSuite;
let supplier: Client;
let case1: PaperCase;

beforeAll(async () => {
  suite = await startSuite();
  supplier = client(suite.url, await suite.running.issuer.issue({ role: 'supplier', client: 'office', clerk: CLERK }));
  case1 = await paperCase(supplier, {
    party: BUSINESS,
    director: DIRECTOR,
    directorDocument: DIRECTOR_DOCUMENT,
    employee: EMPLOYEE,
    employeeDocument: EMPLOYEE_DOCUMENT,
  });
  await wholeCase();
  await faultyRequests();
});
afterAll(() => suite.end());

/** Every kind of thing that can be recorded, refused, decided and read about these people. */
async function wholeCase(): Promise<void> {
  having(
    await supplier.command('/v1/applications', {
      channel: 'nonElectronic',
      receivedAt: at(-40 * 86_400_000),
      purposes: ['registration'],
      lateEntryReason: LATE,
    }),
    201,
  );
  // A second person with the same attributes: the reservation is met.
  const twin = having(await supplier.command('/v1/persons', DIRECTOR), 201).body;
  expect(twin['duplicate']).toBe('unresolved');
  const means = await case1.means();
  const login = await case1.means();
  const authorization = await case1.authorize(means.id, { deviationReason: DEVIATION });
  const refused = await supplier.command(
    '/v1/authorizations',
    case1.registration(means.id, { aimedLevel: 'EH4', deviationReason: DEVIATION }),
  );
  expect(refused.status).toBe(409);
  const network = await suite.client('network');
  const ask = (): Promise<unknown> =>
    network.ask('/access/v1/evaluation', {
      ...question(means.pseudonym, case1.organization),
      context: { note: DIRECTOR.familyName },
    });
  await ask();
  const request = await case1.revocation({ authorization: authorization['id'] }, login.id);
  having(await supplier.command('/v1/revocation-requests', request), 201);
  await ask();
  await corrections();
  const auditor = await suite.client('auditor');
  having(await auditor.ask('/v1/audit/checks/_search', { reason: READING, person: case1.director.id }), 200);
  for (const id of REQUEST_IDS) {
    const asked = { body: question(means.pseudonym, case1.organization), headers: { 'x-request-id': id } };
    expect(having(await network.send('POST', '/access/v1/evaluation', asked), 200).headers.get('x-request-id')).toBe(
      id,
    );
  }
}

/** Corrections, contacts, and looking for people again. */
async function corrections(): Promise<void> {
  const desk = case1.desk;
  const application = await desk.application('electronic', ['change'], 5);
  const person = `/v1/persons/${case1.employee.id}`;
  const party = `/v1/parties/${case1.party}`;
  const about = async (of: object): Promise<string> =>
    desk.check(application, { type: 'identityAttributesRecorded', about: of, uniquelyIdentifying: true }, 1);
  const ofPerson = await about({ person: case1.employee.id });
  having(await supplier.command(`${person}/corrections`, { application, checks: [ofPerson], set: CORRECTED }), 200);
  const checks = [await about({ party: case1.party })];
  const set = { name: CORRECTED_BUSINESS };
  having(await supplier.command(`${party}/corrections`, { application, checks, set }), 200);
  const email = { kind: 'email', value: CONTACTS.ofPerson, suppliedBy: ofPerson };
  having(await supplier.command(`${person}/contacts`, email), 201);
  const address = { kind: 'postalAddress', value: CONTACTS.ofParty, suppliedBy: 'submitter' };
  having(await supplier.command(`${party}/contacts`, address), 201);
  const { familyName } = CORRECTED;
  const search = { familyName, birthDate: EMPLOYEE.birthDate };
  const { body } = having(await supplier.ask('/v1/persons/_search', { ...search, limit: 1 }), 200);
  expect((body['items'] as readonly unknown[]).length).toBe(1);
  const document = { type: 'passport', issuingState: 'NLD', number: EMPLOYEE_DOCUMENT.number };
  having(await supplier.ask('/v1/persons/_search', { document }), 200);
  having(await supplier.ask('/v1/persons/_search', { ...search, document }), 400);
}

/** Requests with faults, so that whatever is logged about a fault is logged. */
async function faultyRequests(): Promise<void> {
  await supplier.command('/v1/persons', { ...DIRECTOR, birthDate: 'geen datum', nickname: EMPLOYEE.familyName });
  await supplier.command('/v1/persons', `{ "familyName": "${DIRECTOR.familyName}", `);
  await supplier.command('/v1/checks', { about: { person: DIRECTOR.familyName } });
  await supplier.get(`/v1/persons/${encodeURIComponent(DIRECTOR.familyName)}`);
  await supplier.get(`/v1/persons/${case1.director.id}?name=${encodeURIComponent(DIRECTOR.familyName)}`);
  await supplier.get(`/v1/${EMPLOYEE_DOCUMENT.number}`);
  await supplier.command('/v1/persons', DIRECTOR, DIRECTOR_DOCUMENT.number);
}

describe('personal data at rest (MIN-05)', () => {
  it('shows the values to those who may see them, so that they really were taken in', async () => {
    const director = having(await supplier.get(`/v1/persons/${case1.director.id}`), 200).body;
    expect(director).toMatchObject({ ...DIRECTOR, documents: [DIRECTOR_DOCUMENT] });
    const employee = having(await supplier.get(`/v1/persons/${case1.employee.id}`), 200).body;
    expect(employee).toMatchObject({
      ...EMPLOYEE,
      ...CORRECTED,
      documents: [EMPLOYEE_DOCUMENT],
      contacts: [{ value: CONTACTS.ofPerson }],
    });
    const { kind: _kind, naturalPersonsBusiness: _flag, ...details } = BUSINESS;
    expect(having(await supplier.get(`/v1/parties/${case1.party}`), 200).body).toMatchObject({
      ...details,
      name: CORRECTED_BUSINESS,
      contacts: [{ value: CONTACTS.ofParty }],
    });
  });

  it('finds no value in any table of the register, in any form', async () => {
    const dumps = await dumpDatabase(suite.place.register.url);
    const names = dumps.map(({ table }) => table);
    const { register } = suite.place;
    const [parties, checks] = [await liveTable(register, 'parties'), await liveTable(register, 'checks')];
    for (const table of ['waarborg.events', 'waarborg.records', parties, checks]) {
      expect(names.some((name) => name.startsWith(table))).toBe(true);
    }
    expect(dumps.find(({ table }) => table === 'waarborg.events')!.text.length).toBeGreaterThan(10_000);
    const found = dumps.flatMap(({ table, text }) =>
      VALUES.flatMap((value) => formsFound(text, value).map((form) => `${value} in ${table} (${form})`)),
    );
    expect(found).toEqual([]);
  });

  it('finds no value in the key store either, but the clerk’s own name, which stands there for an auditor', async () => {
    const dumps = await dumpDatabase(suite.place.keys.url);
    expect(dumps.find(({ table }) => table === 'vault.identifier')!.text.length).toBeGreaterThan(1_000);
    const found = dumps.flatMap(({ table, text }) =>
      VALUES.flatMap((value) => formsFound(text, value).map((form) => `${value} in ${table} (${form})`)),
    );
    expect(found).toEqual([`${CLERK} in vault.clerk (plain)`]);
  });

  it('finds no value in anything that the process said or logged', () => {
    expect(suite.lines.length).toBeGreaterThan(50);
    const found = suite.lines.flatMap((line) =>
      VALUES.flatMap((value) => formsFound(line, value).map((form) => `${value} (${form}): ${line}`)),
    );
    expect(found).toEqual([]);
  });

  it('would find every value that was written openly, as hexadecimal digits or in base64', async () => {
    const { query } = suite.place.register;
    await query('create table waarborg.planted (id uuid, content text, raw bytea)');
    const planted = VALUES.flatMap((value) =>
      (
        [
          ['plain', `{"name":"${value}"}`],
          ['hex', Buffer.from(`xy${value}z`).toString('hex')],
          ...['', 'a', 'ab'].flatMap((before) => {
            const bytes = Buffer.from(`${before}${value}tail`);
            return [
              ['base64', bytes.toString('base64')],
              ['base64', bytes.toString('base64url')],
            ] as const;
          }),
        ] as const
      ).map(([form, content]) => ({ id: randomUUID(), value, form, content })),
    );
    for (const { id, content } of planted) {
      await query('insert into waarborg.planted values ($1, $2, null)', [id, content]);
    }
    const lines = (await dumpOf('waarborg.planted')).split('\n');
    const missed = planted.filter(
      ({ id, value, form }) =>
        !formsFound(
          lines.find((line) => line.startsWith(id))!,
          value,
        ).includes(form),
    );
    await query('truncate waarborg.planted');
    await query('insert into waarborg.planted values ($1, null, $2)', [randomUUID(), Buffer.from(CLERK)]);
    expect(formsFound(await dumpOf('waarborg.planted'), CLERK)).toEqual(['hex']);
    await query('drop table waarborg.planted');
    expect(missed).toEqual([]);
  });
});

const dumpOf = async (table: string): Promise<string> =>
  (await dumpDatabase(suite.place.register.url)).find((dump) => dump.table === table)!.text;
