import type {
  AuthorizationAnswer,
  RecordDocumentRequest,
  RegisterAuthorizationRequest,
  RegisterPersonRequest,
  Waarborg,
} from '#libs/client';
import {
  clerk,
  documentStatus,
  holderChecks,
  partyChecks,
  refusalOf,
  representativeChecks,
  type Facts,
} from './dossier.js';
import type { Printer } from './printer.js';

/** The clients that the story needs: the supplier's back office, the network and an auditor. */
export interface Clients {
  readonly supplier: Waarborg;
  readonly network: Waarborg;
  readonly auditor: Waarborg;
}

const DUO = 'urn:etoegang:DV:00000099800000001000:services:1';
const UWV = 'urn:etoegang:DV:00000099800000002000:services:1';

/** Trade register's documented test foundation, in the part of the school board. */
const BOARD = {
  kind: 'privateLegalPerson',
  register: 'kvk',
  number: '69599068',
  name: 'Test Stichting Bolderbast',
  address: 'Oosterwal 1, Lochem',
  naturalPersonsBusiness: false,
} as const;
const ESTABLISHMENT = '000037178598';

const person = (part: string, birthDate: string): RegisterPersonRequest => ({
  familyName: `Test${part}`,
  givenNames: 'Specimen',
  birthDate,
  birthPlace: 'Teststad',
});
const passport = (number: string): RecordDocumentRequest => ({
  documentType: 'passport',
  number,
  issuingState: 'NLD',
  expiresOn: '2031-03-09',
});

/**
 * When the register is asked about the director, in minutes before: each look later than all of an earlier run on the same
 * data, whose adverse one would count otherwise (PROOF-01).
 */
const LOOKED = [0.05, 0.025, 0] as const;

/** Longest wait for a yes that is due, in milliseconds. */
const PATIENCE = 5_000;

/** What the story leaves behind, for the lines that a reader can try himself. */
export interface Told {
  readonly authorization: string;
  readonly pseudonym: string;
  readonly service: string;
}

/** Plays the case of the school board from the first paper to the auditor's question. Throws on anything unexpected. */
export async function tellStory({ supplier, network, auditor }: Clients, print: Printer, run: string): Promise<Told> {
  const desk = clerk(supplier, run);
  const organization = `kvk:${BOARD.number}`;
  const ask = async (pseudonym: string, service: string, level: 'EH3' | 'EH4') => {
    const { result, took } = await timed(
      network.api.evaluateAccessPost({
        body: {
          subject: { type: 'means', id: pseudonym },
          action: { name: 'represent', properties: { service, level } },
          resource: { type: 'organization', id: organization },
        },
      }),
    );
    return { ...result, took };
  };

  // A registration is answered when it is durable; the index of the decisions follows a moment later.
  const askUntilYes = async (...question: Parameters<typeof ask>): ReturnType<typeof ask> => {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const answer = await ask(...question);
      if (answer.decision || Date.now() > end) return answer;
    }
  };

  print.chapter('A school board needs access to Mijn DUO at EH3');
  print.text(
    `${BOARD.name} (trade register ${BOARD.number}, public test data) sends a paper form. Its director signs it; an`,
    'employee is to log in. The clerk records what comes in and what he checks, and nothing else: nobody types in a level.',
  );
  const board = await desk.party(BOARD);
  const director = await desk.person('director', person('bestuurder', '1965-03-10'), passport('SPECI2014'));
  const employee = await desk.person('employee', person('medewerker', '1985-04-12'), passport('SPECI2021'));
  const paper = await desk.application('nonElectronic', ['means', 'registration'], 120);

  const recorded = async (application: string, checks: readonly Facts[], minutesAgo: number): Promise<string[]> => {
    const ids = await desk.checks(application, checks, minutesAgo);
    for (const facts of checks) print.check(facts);
    return ids;
  };
  const ofBoard = await recorded(paper, partyChecks(board, [ESTABLISHMENT]), 60);
  const ofDirector = await recorded(paper, representativeChecks(director, board), LOOKED[0]);
  const [stolenCheckOfDirector] = (await recorded(paper, [documentStatus(director)], 45)) as [string];
  const ofEmployee = await recorded(paper, holderChecks(employee), 40);

  print.chapter('The employee gets a means');
  const product = { product: 'password-sms', aimedStork: 3, party: board };
  const means = await desk.means(paper, employee, ofEmployee, product);
  print.level('STORK', means);
  print.text('The level is the lowest of the five elements; each row is one of the scheme document.');

  print.chapter('The director registers the authorization');
  const registration = (
    checks: string[],
    more: Partial<RegisterAuthorizationRequest>,
  ): RegisterAuthorizationRequest => ({
    application: paper,
    registration: 'first',
    representedParty: { party: board },
    submitter: { person: director.id, role: 'legalRepresentative' },
    authorizedParty: { person: employee.id, means: means.id },
    checks,
    aimedLevel: 'EH3',
    scope: { services: [DUO] },
    nature: { rightOfSubstitution: false, actsIndependently: true },
    period: {
      from: new Date(Date.now() - 1_000).toISOString(),
      until: new Date(Date.now() + 4 * 365 * 86_400_000).toISOString(),
    },
    displayConsent: true,
    ...more,
  });
  const dossier = [...ofBoard, ...ofDirector, stolenCheckOfDirector, ...ofEmployee];
  const register = (key: string, body: RegisterAuthorizationRequest): Promise<AuthorizationAnswer> =>
    supplier.api.authorizationsRegister({ body, key: `${run}-${key}` });
  const authorization = await register('authorization', registration(dossier, {}));
  print.level('EH', authorization);

  print.chapter('The network asks');
  const { pseudonym } = means;
  for (const [what, service, level, expected] of [
    ['Mijn DUO at EH3', DUO, 'EH3', true],
    ['Mijn DUO at EH4', DUO, 'EH4', false],
    ['Werkgeversportaal of UWV at EH3', UWV, 'EH3', false],
  ] as const) {
    const { decision, context, took } = await (expected ? askUntilYes : ask)(pseudonym, service, level);
    print.decision(what, decision, context, took);
    if (decision !== expected) throw new Error(`${what}: the decision should be ${String(expected)}`);
  }

  print.chapter('The same dossier without one check');
  print.text('The clerk forgot to look the director’s passport up in the register of stolen and missing documents.');
  const without = dossier.filter((id) => id !== stolenCheckOfDirector);
  const refused = registration(without, { scope: { services: [UWV] } });
  const asked = await supplier.api.authorizationPrechecksRegister({ body: refused });
  print.text(
    `He asks first, and nothing is written: it would ${asked.wouldSucceed ? 'succeed' : 'be refused'}, and earn ${String(asked.level)}.`,
  );
  print.refusal(await refusalOf(register('refused', refused)));
  const lower = await register('lower', { ...refused, acceptLower: true });
  print.text('With `acceptLower` it is registered at what it earns:');
  print.level('EH', lower);

  print.chapter('What a later look says is not left out');
  print.text(
    'The register is asked again: the director may act jointly only. The clerk names the earlier look all the same.',
  );
  const representation = representativeChecks(director, board).find(({ type }) => type === 'representationCheck')!;
  await recorded(paper, [{ ...representation, limitation: 'obstructing' } as Facts], LOOKED[1]);
  const joined = await refusalOf(register('joined', registration(dossier, { scope: { services: [UWV] } })));
  print.refusal(joined);
  print.weighed(joined.problem?.aspects);
  print.text(
    'It was another board’s entry. Asked once more, the register has no limits; that look is named from here on.',
  );
  ofDirector.push(...(await recorded(paper, [representation], LOOKED[2])));

  print.chapter('An administrator registers a colleague');
  const administrator = await desk.person('administrator', person('beheerder', '1979-11-02'), passport('SPECI2022'));
  const ofAdministrator = await recorded(paper, holderChecks(administrator), 35);
  const hers = await desk.means(paper, administrator, ofAdministrator, product);
  const administration = await register(
    'administration',
    registration([...ofBoard, ...ofDirector, stolenCheckOfDirector, ...ofAdministrator], {
      authority: 'administration',
      authorizedParty: { person: administrator.id, means: hers.id },
      scope: { all: true },
    }),
  );
  print.weighed(administration.aspects);
  print.text(`The director appointed her on paper; her administration authority is ${String(administration.eh)}.`);

  const online = await desk.application('electronic', ['means', 'registration'], 20);
  const login = (application: string): Facts => ({
    type: 'authentication',
    about: { person: administrator.id },
    means: hers.id,
    authenticationService: 'authentication-service-1',
    level: 'EH3',
    source: { name: 'authentication-service-1', reference: `assertion-1-${application.slice(0, 8)}` },
  });
  const colleague = await desk.person('colleague', person('collega', '1991-07-23'), passport('SPECI2023'));
  const ofColleague = await recorded(online, holderChecks(colleague), 15);
  const his = await desk.means(online, colleague, ofColleague, product);
  const ofLogin = [
    ...(await recorded(online, partyChecks(board, [ESTABLISHMENT]), 10)),
    ...(await recorded(online, [login(online)], 0)),
  ];
  const second = await register(
    'repeated',
    registration([...ofLogin, ...ofColleague], {
      application: online,
      registration: 'repeated',
      submitter: { person: administrator.id, role: 'administrator' },
      authorizedParty: { person: colleague.id, means: his.id },
    }),
  );
  print.level('EH', second);
  const colleagueMay = await askUntilYes(his.pseudonym, DUO, 'EH3');
  print.decision('The colleague at Mijn DUO, EH3', colleagueMay.decision, colleagueMay.context, colleagueMay.took);
  if (!colleagueMay.decision) throw new Error('the colleague should be authorized');

  print.chapter('A means is lost, and found again');
  const onHisMeans = async (purpose: 'suspension' | 'reinstatement') => {
    const application = await desk.application('electronic', [purpose], 1, 'other');
    return {
      body: {
        ...{ application, object: { means: his.id } },
        requester: { role: 'administrator' as const, person: administrator.id },
        checks: await recorded(application, [login(application)], 0),
      },
      key: `${run}-${purpose}`,
    };
  };
  await supplier.api.suspensionsSuspend(await onHisMeans('suspension'));
  const paused = await ask(his.pseudonym, DUO, 'EH3');
  print.decision('The colleague while his means is suspended', paused.decision, paused.context, paused.took);
  if (paused.decision) throw new Error('a suspended means answered yes');
  await supplier.api.suspensionsReinstate(await onHisMeans('reinstatement'));
  const resumed = await askUntilYes(his.pseudonym, DUO, 'EH3');
  print.decision(
    'The colleague again, once the administrator has lifted it',
    resumed.decision,
    resumed.context,
    resumed.took,
  );
  if (!resumed.decision) throw new Error('a means whose suspension was lifted should answer yes');

  print.chapter('The employee leaves');
  const leaving = await desk.application('electronic', ['revocation'], 1, 'other');
  const loggedIn = await recorded(leaving, [login(leaving)], 0);
  const revoke = async ({ id }: AuthorizationAnswer, name: string): Promise<number> => {
    const { result: request, took } = await timed(
      supplier.api.revocationRequestsRequest({
        body: {
          application: leaving,
          object: { authorization: id },
          requester: { role: 'administrator', person: administrator.id },
          checks: loggedIn,
        },
        key: `${run}-${name}`,
      }),
    );
    if (request.status !== 'effected') throw new Error(`the revocation should be effected: ${JSON.stringify(request)}`);
    return took;
  };
  await revoke(lower, 'revoke-lower');
  const took = await revoke(authorization, 'revoke-duo');
  const afterwards = await ask(pseudonym, DUO, 'EH3');
  print.text(
    'The administrator, logged in, asks to revoke both of his authorizations.',
    `Mijn DUO: accepted, carried out and answered in ${took.toFixed(0)} ms.`,
  );
  print.decision('The very next question, Mijn DUO at EH3', afterwards.decision, afterwards.context, afterwards.took);
  if (afterwards.decision) throw new Error('a revoked authorization answered yes');

  print.chapter('An auditor asks why it was EH3');
  const audit = await auditor.api.auditSearchChecks({
    body: { reason: 'Sample of level EH3', authorization: authorization.id, limit: 100 },
    // He reads what the supplier's program has done.
    ...(supplier.position === undefined ? {} : { after: supplier.position }),
  });
  print.audit(audit.items, audit.reading);
  return { authorization: authorization.id, pseudonym: his.pseudonym, service: DUO };
}

/** What was answered, and the milliseconds from asking to having it. */
async function timed<T>(request: Promise<T>): Promise<{ readonly result: T; readonly took: number }> {
  const began = performance.now();
  return { result: await request, took: performance.now() - began };
}
