import {
  connect,
  ProblemError,
  TokenError,
  type Purpose,
  type RecordCheckRequest,
  type RegisterAuthorizationRequest,
} from '@waarborg/client';

/*
 * The demo's job, as far as an authorization and its end, by a program that has the package and nothing else. What does not
 * hold ends it; what it did is its last line.
 */

declare const process: { readonly argv: readonly string[] };
declare const console: { log(line: string): void };

const [base, supplierSecret, networkSecret] = process.argv.slice(2) as [string, string, string];
const waarborg = connect({ base, credentials: { id: 'back-office', secret: supplierSecret } });
const network = connect({ base, credentials: { id: 'broker', secret: networkSecret } });
const { api, lists } = waarborg;

const DUO = 'urn:etoegang:DV:00000099800000001000:services:1';
const NUMBER = '69599084';
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
let references = 0;

function expect(what: string, holds: boolean): void {
  if (!holds) throw new Error(`not so: ${what}`);
}

async function problemOf(promise: Promise<unknown>): Promise<ProblemError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

// A secret that is none: said as such, before anything is sent.
const stranger = connect({ base, credentials: { id: 'back-office', secret: 'none' } });
const refusedToken = await stranger.api.servicesList().then(
  () => undefined,
  (error: unknown) => error,
);
expect('no token for a stranger', refusedToken instanceof TokenError && refusedToken.code === 'invalid_client');

// A school board, its director, an employee, and what a clerk checked.
const board = await api.partiesRegister({
  body: {
    kind: 'privateLegalPerson',
    register: 'kvk',
    number: NUMBER,
    name: 'Test Stichting Bolderbast',
    naturalPersonsBusiness: false,
  },
  key: 'letter-0017-board',
});
const again = await waarborg.answers.partiesRegister({
  body: {
    kind: 'privateLegalPerson',
    register: 'kvk',
    number: NUMBER,
    name: 'Test Stichting Bolderbast',
    naturalPersonsBusiness: false,
  },
  key: 'letter-0017-board',
});
expect('a key is carried out once', again.replayed && again.body.id === board.id && again.status === 201);

async function person(name: string, birthDate: string, number: string) {
  const { id } = await api.personsRegister({
    body: { familyName: `Test${name}`, givenNames: 'Specimen', birthDate, birthPlace: 'Teststad' },
  });
  const { documents } = await api.personsAddDocument({
    path: { id },
    body: { documentType: 'passport', number, issuingState: 'NLD', expiresOn: '2031-03-09' },
  });
  return { id, document: documents[0]!.id };
}
const [director, employee] = await Promise.all([
  person('bestuurder', '1965-03-10', 'TSCLIENT1'),
  person('medewerker', '1985-04-12', 'TSCLIENT2'),
]);

const application = async (purposes: Purpose[]): Promise<string> =>
  (await api.applicationsReceive({ body: { channel: 'nonElectronic', receivedAt: ago(90), purposes } })).id;
const paper = await application(['means', 'registration']);
const check = async (body: RecordCheckRequest): Promise<string> => (await api.checksRecord({ body })).id;
const envelope = (minutes: number, name = 'case-file') => ({
  application: paper,
  performedAt: ago(minutes),
  performedBy: { clerk: 'clerk-17' },
  source: { name, reference: `client-${++references}` },
});

const ofBoard = (
  await api.checksRecordBatch({
    body: {
      items: [
        {
          type: 'identityAttributesRecorded',
          about: { party: board.id },
          uniquelyIdentifying: true,
          ...envelope(60),
        },
        {
          type: 'tradeRegisterLookup',
          about: { party: board.id },
          via: 'online',
          asOf: ago(60),
          outcome: 'found',
          agreesOn: ['number', 'name', 'address'],
          currentEstablishments: ['000037178598'],
          ...envelope(60, 'trade-register'),
        },
        {
          type: 'specialCircumstancesCheck',
          about: { party: board.id },
          asOf: ago(60),
          outcome: 'none',
          ...envelope(60, 'trade-register'),
        },
      ],
    },
  })
).items.map(({ id }) => id);
const identified = async ({ id, document }: typeof director): Promise<string[]> => [
  await check({
    type: 'identityAttributesRecorded',
    about: { person: id },
    uniquelyIdentifying: true,
    ...envelope(50),
  }),
  await check({ type: 'idCopyEnclosed', about: { person: id }, document, presentation: 'paper', ...envelope(50) }),
  await check({
    type: 'idDocumentStatus',
    about: { person: id },
    document,
    status: 'notReported',
    ...envelope(45, 'stolen-document-register'),
  }),
];
const ofDirector = [
  ...(await identified(director)),
  await check({
    type: 'signatureComparison',
    about: { person: director.id },
    document: director.document,
    against: 'idCopy',
    form: 'original',
    onTheSpot: false,
    agrees: true,
    ...envelope(50),
  }),
  await check({
    type: 'representationCheck',
    about: { person: director.id },
    party: board.id,
    register: 'tradeRegister',
    via: 'online',
    asOf: ago(50),
    outcome: 'found',
    basis: 'byName',
    agrees: true,
    limitation: 'none',
    sameDataAsIdentified: true,
    ...envelope(50, 'trade-register'),
  }),
];
const ofEmployee = [
  ...(await identified(employee)),
  await check({
    type: 'officialNumberVerification',
    about: { person: employee.id },
    document: employee.document,
    verified: true,
    register: 'verification-register',
    ...envelope(40),
  }),
];

// A means for the employee.
const { id: applied } = await api.meansApply({
  body: { application: paper, holder: employee.id, product: 'password-sms', aimedStork: 3, party: board.id },
});
const ofMeans = { path: { id: applied } };
await api.meansIdentify({ ...ofMeans, body: { checks: ofEmployee } });
const delivery = await check({
  type: 'meansDelivery',
  about: { means: applied },
  form: 'registeredLetter',
  addressValidated: true,
  ...envelope(5),
});
await api.meansIssue({ ...ofMeans, body: { checks: [delivery] } });
const means = await api.meansActivate({ ...ofMeans, body: { activatedAt: ago(0) } });
expect('active', means.status === 'active' && means.stork === 3);

// The authorization: refused without what carries it, then registered.
const registration: RegisterAuthorizationRequest = {
  application: paper,
  registration: 'first',
  representedParty: { party: board.id },
  submitter: { person: director.id, role: 'legalRepresentative' },
  authorizedParty: { person: employee.id, means: means.id },
  checks: [...ofBoard, ...ofDirector, ...ofEmployee],
  aimedLevel: 'EH3',
  scope: { services: [DUO] },
  nature: { rightOfSubstitution: false, actsIndependently: true },
  period: { from: ago(0), until: new Date(Date.now() + 4 * 365 * 86_400_000).toISOString() },
  displayConsent: true,
};
const refusal = await problemOf(api.authorizationsRegister({ body: { ...registration, checks: ofBoard } }));
expect('refused by the rules', refusal.status === 409 && refusal.errors.length > 0 && refusal.key !== undefined);
expect('each aspect with its checks', (refusal.problem?.aspects ?? []).length > 0);
expect('found by its trace', /^[0-9a-f]{32}$/.test(refusal.traceId ?? ''));
const faulty = await problemOf(api.authorizationsRegister({ body: { ...registration, aimedLevel: 'EH9' as 'EH3' } }));
expect('a fault in its place', faulty.status === 400 && faulty.errors[0]?.pointer === '/aimedLevel');
const authorization = await api.authorizationsRegister({ body: registration });
expect('EH3', authorization.eh === 'EH3');

// It reads what it wrote, at once and each time.
for (let nth = 1; nth <= 20; nth++) {
  const { id } = await api.applicationsReceive({
    body: { channel: 'electronic', receivedAt: ago(nth), purposes: ['renewal'] },
  });
  const { items } = await api.applicationsSearch({ body: { purpose: 'renewal', limit: 1 } });
  expect('the newest is its own', items[0]?.id === id);
  expect('and is shown', (await api.applicationsShow({ path: { id } })).id === id);
}

// A list over several pages, every item once.
const listed: string[] = [];
for await (const { id } of lists.applicationsSearch({ body: { purpose: 'renewal', limit: 7 } })) listed.push(id);
expect('all of three pages', listed.length === 20 && new Set(listed).size === 20);

// What the package does not know by name.
const raw = await waarborg.raw<{ id: string }>({ method: 'GET', path: `/v1/parties/${board.id}` });
expect('raw', raw.body.id === board.id && raw.headers.get('etag') !== null);
const status = await waarborg.raw({ method: 'GET', path: '/v1/status' });
expect('raw, where no position is asked', status.status === 200);
const missing = await problemOf(waarborg.raw({ method: 'GET', path: '/v1/nothing-of-the-kind' }));
expect('raw throws', missing.status === 404);

// The network asks. A decision takes no position; the index follows a moment later.
async function decided() {
  return network.api.evaluateAccessPost({
    body: {
      subject: { type: 'means', id: means.pseudonym },
      action: { name: 'represent', properties: { service: DUO, level: 'EH3' } },
      resource: { type: 'organization', id: board.organization },
    },
  });
}
let decision = await decided();
for (const until = Date.now() + 60_000; !decision.decision && Date.now() < until;) decision = await decided();
expect('a yes at EH3', decision.decision && decision.context.level === 'EH3');
const notIts = await problemOf(network.api.partiesShow({ path: { id: board.id } }));
expect('no more than its scope', notIts.status === 403 && notIts.code === 'missing-scope');

console.log(JSON.stringify({ eh: authorization.eh, refused: refusal.code, listed: listed.length }));
