import { randomUUID } from 'node:crypto';
import { evaluateAccessPost } from '../out/hey-api/access/index.js';
import { createClient as createAccessClient } from '../out/hey-api/access/client/index.js';
import { createClient } from '../out/hey-api/v1/client/index.js';
import {
  applicationsReceive,
  auditSearchChecks,
  authorizationsRegister,
  checksRecord,
  meansActivate,
  meansApply,
  meansIdentify,
  meansIssue,
  partiesRegister,
  personsAddDocument,
  personsRegister,
  revocationRequestsRequest,
  type Problem,
  type Purpose,
  type ReceiveApplicationRequest,
  type RecordCheckRequest,
  type RegisterAuthorizationRequest,
} from '../out/hey-api/v1/index.js';

/*
 * The demo's job (apps/suite/demo/story.ts) with a generated client and nothing else, chapter by chapter. What is not in
 * the types does not compile, and what the server does not take or answer as the contract says ends it.
 */

const [base, supplierToken, networkToken, auditorToken] = process.argv.slice(2) as [string, string, string, string];
const supplier = createClient({ baseUrl: `${base}/v1`, headers: { Authorization: `Bearer ${supplierToken}` } });
const auditor = createClient({ baseUrl: `${base}/v1`, headers: { Authorization: `Bearer ${auditorToken}` } });
const network = createAccessClient({
  baseUrl: `${base}/access/v1`,
  headers: { Authorization: `Bearer ${networkToken}` },
});

const DUO = 'urn:etoegang:DV:00000099800000001000:services:1';
const UWV = 'urn:etoegang:DV:00000099800000002000:services:1';
const run = randomUUID().slice(0, 8);
let sent = 0;

const keyed = () => ({ client: supplier, headers: { 'Idempotency-Key': `${run}-${String(++sent).padStart(4, '0')}` } });
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

/** The body of an answer that is no problem. */
function data<Data>({ data: body, error }: { data?: Data; error?: Problem }): Data {
  if (body === undefined) throw new Error(`refused: ${JSON.stringify(error)}`);
  return body;
}

function expect(what: string, holds: boolean): void {
  if (!holds) throw new Error(`not so: ${what}`);
}

/** A person with a passport, whose number no other job uses. */
async function person(name: string, birthDate: string, nth: number) {
  const attributes = { familyName: `Test${name}${run}`, givenNames: 'Specimen', birthDate, birthPlace: 'Teststad' };
  const { id } = data(await personsRegister({ ...keyed(), body: attributes }));
  const { documents } = data(
    await personsAddDocument({
      ...keyed(),
      path: { id },
      body: { documentType: 'passport', number: `TS${run}${nth}`, issuingState: 'NLD', expiresOn: '2031-03-09' },
    }),
  );
  return { id, document: documents[0]!.id };
}

async function application(purposes: Purpose[], more: Partial<ReceiveApplicationRequest> = {}) {
  const body: ReceiveApplicationRequest = { channel: 'nonElectronic', receivedAt: ago(90), purposes, ...more };
  return data(await applicationsReceive({ ...keyed(), body })).id;
}

const check = async (body: RecordCheckRequest): Promise<string> => data(await checksRecord({ ...keyed(), body })).id;

const envelope = (intake: string, minutes: number, name = 'case-file') => ({
  application: intake,
  performedAt: ago(minutes),
  performedBy: { clerk: 'clerk-17' },
  source: { name, reference: `${run}-${sent + 1}` },
});

async function ask(pseudonym: string, service: string, level: 'EH2+' | 'EH3' | 'EH4') {
  const { data: answer, error } = await evaluateAccessPost({
    client: network,
    body: {
      subject: { type: 'means', id: pseudonym },
      action: { name: 'represent', properties: { service, level } },
      resource: { type: 'organization', id: board.organization },
    },
  });
  if (answer === undefined) throw new Error(`no decision: ${JSON.stringify(error)}`);
  return answer;
}

/** A registration is answered when it is durable; the index of the decisions follows a moment later. */
async function askUntilYes(...question: Parameters<typeof ask>): ReturnType<typeof ask> {
  for (const until = Date.now() + 5_000; ;) {
    const answer = await ask(...question);
    if (answer.decision || Date.now() > until) return answer;
  }
}

// A school board sends a paper form.
const board = data(
  await partiesRegister({
    ...keyed(),
    body: {
      kind: 'privateLegalPerson',
      register: 'kvk',
      number: String(60_000_000 + Math.floor(Math.random() * 9_999_999)),
      name: 'Test Stichting Bolderbast',
      naturalPersonsBusiness: false,
    },
  }),
);
const director = await person('bestuurder', '1965-03-10', 1);
const employee = await person('medewerker', '1985-04-12', 2);
const paper = await application(['means', 'registration']);

const aboutBoard = async (intake: string, minutes: number): Promise<string[]> => [
  await check({
    type: 'identityAttributesRecorded',
    about: { party: board.id },
    uniquelyIdentifying: true,
    ...envelope(intake, minutes),
  }),
  await check({
    type: 'tradeRegisterLookup',
    about: { party: board.id },
    via: 'online',
    asOf: ago(minutes),
    outcome: 'found',
    agreesOn: ['number', 'name', 'address'],
    currentEstablishments: ['000037178598'],
    ...envelope(intake, minutes, 'trade-register'),
  }),
  await check({
    type: 'specialCircumstancesCheck',
    about: { party: board.id },
    asOf: ago(minutes),
    outcome: 'none',
    ...envelope(intake, minutes, 'trade-register'),
  }),
];
const documentStatus = ({ id, document }: typeof director, intake: string, minutes: number) =>
  check({
    type: 'idDocumentStatus',
    about: { person: id },
    document,
    status: 'notReported',
    ...envelope(intake, minutes, 'stolen-document-register'),
  });
/** Who he is, and the copy of his document: what a clerk has of everybody. */
const identified = async ({ id, document }: typeof director, intake: string, minutes: number): Promise<string[]> => [
  await check({
    type: 'identityAttributesRecorded',
    about: { person: id },
    uniquelyIdentifying: true,
    ...envelope(intake, minutes),
  }),
  await check({
    type: 'idCopyEnclosed',
    about: { person: id },
    document,
    presentation: 'paper',
    ...envelope(intake, minutes),
  }),
];
const representation = (limitation: 'none' | 'obstructing', minutes: number) =>
  check({
    type: 'representationCheck',
    about: { person: director.id },
    party: board.id,
    register: 'tradeRegister',
    via: 'online',
    asOf: ago(minutes),
    outcome: 'found',
    basis: 'byName',
    agrees: true,
    limitation,
    sameDataAsIdentified: true,
    ...envelope(paper, minutes, 'trade-register'),
  });
const aboutHolder = async (holder: typeof director, intake: string, minutes: number): Promise<string[]> => [
  ...(await identified(holder, intake, minutes)),
  await documentStatus(holder, intake, minutes),
  await check({
    type: 'officialNumberVerification',
    about: { person: holder.id },
    document: holder.document,
    verified: true,
    register: 'verification-register',
    ...envelope(intake, minutes),
  }),
];

const ofBoard = await aboutBoard(paper, 60);
const ofDirector = [
  ...(await identified(director, paper, 50)),
  await check({
    type: 'signatureComparison',
    about: { person: director.id },
    document: director.document,
    against: 'idCopy',
    form: 'original',
    onTheSpot: false,
    agrees: true,
    ...envelope(paper, 50),
  }),
  await representation('none', 50),
];
const directorsDocument = await documentStatus(director, paper, 45);
const ofEmployee = await aboutHolder(employee, paper, 40);

/** Applied for, identified, issued, activated. */
async function issued(intake: string, holder: typeof director, identification: string[]) {
  const body = { application: intake, holder: holder.id, product: 'password-sms', aimedStork: 3, party: board.id };
  const { id } = data(await meansApply({ ...keyed(), body }));
  const ofMeans = { path: { id } };
  const { scores } = data(await meansIdentify({ ...keyed(), ...ofMeans, body: { checks: identification } }));
  expect('identified with a score of ID', scores?.ID === 3);
  const delivery = await check({
    type: 'meansDelivery',
    about: { means: id },
    form: 'registeredLetter',
    addressValidated: true,
    ...envelope(intake, 5),
  });
  expect('issued', data(await meansIssue({ ...keyed(), ...ofMeans, body: { checks: [delivery] } })).stork === 3);
  const means = data(await meansActivate({ ...keyed(), ...ofMeans, body: { activatedAt: ago(0) } }));
  expect('active', means.status === 'active');
  return means;
}

// The employee gets a means, and the director registers his authorization.
const means = await issued(paper, employee, ofEmployee);
const registration: RegisterAuthorizationRequest = {
  application: paper,
  registration: 'first',
  representedParty: { party: board.id },
  submitter: { person: director.id, role: 'legalRepresentative' },
  authorizedParty: { person: employee.id, means: means.id },
  checks: [...ofBoard, ...ofDirector, directorsDocument, ...ofEmployee],
  aimedLevel: 'EH3',
  scope: { services: [DUO] },
  nature: { rightOfSubstitution: false, actsIndependently: true },
  period: { from: ago(0), until: new Date(Date.now() + 4 * 365 * 86_400_000).toISOString() },
  displayConsent: true,
};
const register = (body: RegisterAuthorizationRequest) => authorizationsRegister({ ...keyed(), body });
const authorization = data(await register(registration));
expect('EH3', authorization.eh === 'EH3' && authorization.scores?.IO === 3);

// The network asks.
const decision = await askUntilYes(means.pseudonym, DUO, 'EH3');
expect('a yes at EH3', decision.decision && decision.context.level === 'EH3');
expect('a yes at EH2+', (await ask(means.pseudonym, DUO, 'EH2+')).decision);
const tooHigh = await ask(means.pseudonym, DUO, 'EH4');
expect('a no at EH4', !tooHigh.decision && tooHigh.context.reasons[0]?.code === 'level-too-low');
expect('a no elsewhere', !(await ask(means.pseudonym, UWV, 'EH3')).decision);

// The same dossier without one check: refused, or registered at what it earns.
const atUwv: RegisterAuthorizationRequest = { ...registration, scope: { services: [UWV] } };
const without = { ...atUwv, checks: [...ofBoard, ...ofDirector, ...ofEmployee] };
const { error: refusal } = await register(without);
const reason = refusal?.errors?.[0];
expect('refused with its reason', reason?.code === 'level-not-reached' && reason.aimed === 'EH3');
expect(
  'each aspect with its checks',
  (refusal?.aspects ?? []).some(({ aspect, checks }) => aspect === 'IO' && checks.length > 0),
);
const lower = data(await register({ ...without, acceptLower: true }));
expect('lower, as the refusal said', lower.eh === reason?.reached && lower.eh !== 'EH3');

// What a later look says is not left out, whatever is named.
const jointly = await representation('obstructing', 30);
const { error: joined } = await register(atUwv);
const weighed = (joined?.aspects ?? []).flatMap(({ checks }) => checks);
expect('a no', joined?.status === 409);
expect(
  'the later look joined by itself',
  weighed.some((one) => one.check === jointly && one.joined),
);
expect(
  'the earlier one gave way',
  weighed.some((one) => one.check === ofDirector.at(-1) && one.superseded && one.why === 'superseded'),
);
ofDirector.push(await representation('none', 28));

// An administrator registers a colleague.
const administrator = await person('beheerder', '1979-11-02', 3);
const ofAdministrator = await aboutHolder(administrator, paper, 35);
const hers = await issued(paper, administrator, ofAdministrator);
const administration = data(
  await register({
    ...registration,
    authority: 'administration',
    authorizedParty: { person: administrator.id, means: hers.id },
    checks: [...ofBoard, ...ofDirector, directorsDocument, ...ofAdministrator],
    scope: { all: true },
  }),
);
expect('her authority', administration.authority === 'administration' && administration.eh === 'EH3');
const online = await application(['means', 'registration'], { channel: 'electronic', receivedAt: ago(20) });
const login = (intake: string) =>
  check({
    type: 'authentication',
    about: { person: administrator.id },
    means: hers.id,
    authenticationService: 'authentication-service-1',
    level: 'EH3',
    at: ago(0),
    ...envelope(intake, 0, 'authentication-service-1'),
  });
const colleague = await person('collega', '1991-07-23', 4);
const ofColleague = await aboutHolder(colleague, online, 15);
const his = await issued(online, colleague, ofColleague);
const second = data(
  await register({
    ...registration,
    application: online,
    registration: 'repeated',
    submitter: { person: administrator.id, role: 'administrator' },
    authorizedParty: { person: colleague.id, means: his.id },
    checks: [...(await aboutBoard(online, 10)), await login(online), ...ofColleague],
  }),
);
expect('EH3 by an administrator', second.eh === 'EH3');
expect('a yes for the colleague', (await askUntilYes(his.pseudonym, DUO, 'EH3')).decision);

// The employee leaves: asked by somebody who may not, then by the administrator, logged in.
async function revoke(
  ended: string,
  role: 'other' | 'administrator',
  requester: string,
  intake: string,
  checks: string[],
) {
  const body = {
    application: intake,
    object: { authorization: ended },
    requester: { role, person: requester },
    checks,
  };
  return data(await revocationRequestsRequest({ ...keyed(), body }));
}
const letter = await application(['revocation'], { medium: 'other' });
const refused = await revoke(authorization.id, 'other', director.id, letter, []);
expect('an object with its codes', refused.status === 'refused' && refused.codes!.includes('requester-not-entitled'));
const leaving = await application(['revocation'], { channel: 'electronic', medium: 'other', receivedAt: ago(1) });
const loggedIn = await login(leaving);
const ends = (ended: string) => revoke(ended, 'administrator', administrator.id, leaving, [loggedIn]);
expect('carried out when it is answered', (await ends(lower.id)).status === 'effected');
const effected = await ends(authorization.id);
expect('and the other', effected.status === 'effected');
const afterwards = await ask(means.pseudonym, DUO, 'EH3');
expect(
  'a no from then on',
  !afterwards.decision && afterwards.context.reasons.some(({ code }) => code === 'authorization-revoked'),
);
expect('still a yes for the colleague', (await ask(his.pseudonym, DUO, 'EH3')).decision);

// An auditor asks why it was EH3.
const audit = data(
  await auditSearchChecks({
    client: auditor,
    body: { reason: 'Sample of level EH3', authorization: authorization.id, after: effected.position, limit: 100 },
  }),
);
const shown = new Set(audit.items.map(({ id }) => id));
expect(
  'every check that was named',
  registration.checks.every((id) => shown.has(id)),
);
expect('the reading on record', audit.reading !== '');
for (const item of audit.items) {
  // The member that tells them apart narrows the type.
  if (item.type === 'idDocumentStatus') expect('nothing reported', item.status === 'notReported');
}
console.log(`played with ${sent} commands`);
