import type { AuthorizationAnswer, RegisterAuthorizationRequest } from '#libs/client';
import {
  BOARD,
  documentStatus,
  DUO,
  ESTABLISHMENT,
  holderChecks,
  partyChecks,
  refusalOf,
  representativeChecks,
  UWV,
  type Facts,
} from './dossier.js';
import type { Printer } from './printer.js';
import { agree, login, passport, person, registration, stage, timed, type Clients, type Question } from './stage.js';

/**
 * The register is asked about the director just now, in minutes before: each look is later than all of an earlier run on the
 * same data, however fast that went; an adverse one of it would count otherwise (PROOF-01).
 */
const JUST_NOW = 0;

/** What the story leaves behind, for the lines that a reader can try himself. */
export interface Told {
  readonly authorization: string;
  readonly pseudonym: string;
  readonly service: string;
}

/** Plays the case of the school board from the first paper to the auditor's question. Throws on anything unexpected. */
export async function tellStory({ supplier, network, auditor }: Clients, print: Printer, run: string): Promise<Told> {
  const { desk, recorded, register, decides, key } = stage({ supplier, network }, print, run);

  print.chapter('A school board needs access to Mijn DUO at EH3');
  print.text(
    `${BOARD.name} (trade register ${BOARD.number}, public test data) sends a paper form. Its director signs it; an`,
    'employee is to log in. The clerk records what comes in and what he checks, and nothing else: nobody types in a level.',
  );
  const board = await desk.party(BOARD);
  const director = await desk.person('director', person('bestuurder', '1965-03-10'), passport('SPECI2014'));
  const employee = await desk.person('employee', person('medewerker', '1985-04-12'), passport('SPECI2021'));
  const paper = await desk.application('nonElectronic', ['means', 'registration'], 120);

  const ofBoard = await recorded(paper, partyChecks(board, [ESTABLISHMENT]), 60, 'each');
  const ofDirector = await recorded(paper, representativeChecks(director, board), JUST_NOW, 'each');
  const [stolenCheckOfDirector] = (await recorded(paper, [documentStatus(director)], 45)) as [string];
  const ofEmployee = await recorded(paper, holderChecks(employee), 40, 'each');

  print.chapter('The employee gets a means');
  const product = { product: 'password-sms', aimedStork: 3, party: board };
  const means = await desk.means(paper, employee, ofEmployee, product);
  print.level('STORK', means);
  agree('the level of the means', means.stork, 3);
  print.text('The level is the lowest of the five elements; each row is one of the scheme document.');

  print.chapter('The director registers the authorization');
  const onPaper = (checks: string[], more: Partial<RegisterAuthorizationRequest>): RegisterAuthorizationRequest =>
    registration({
      application: paper,
      representedParty: { party: board },
      submitter: { person: director.id, role: 'legalRepresentative' },
      authorizedParty: { person: employee.id, means: means.id },
      checks,
      ...more,
    });
  const dossier = [...ofBoard, ...ofDirector, stolenCheckOfDirector, ...ofEmployee];
  const authorization = await register('authorization', onPaper(dossier, {}));
  print.level('EH', authorization);
  agree('the level of the authorization', authorization.eh, 'EH3');

  print.chapter('The network asks');
  const asks = (service: string, level: Question['level'] = 'EH3', { pseudonym } = means): Question => ({
    ...{ pseudonym, service, level },
  });
  await decides('Mijn DUO at EH3', asks(DUO), true);
  await decides('Mijn DUO at EH4', asks(DUO, 'EH4'), 'level-too-low');
  await decides('Werkgeversportaal of UWV at EH3', asks(UWV), 'service-not-in-scope');

  print.chapter('The same dossier without one check');
  print.text('The clerk forgot to look the director’s passport up in the register of stolen and missing documents.');
  const without = dossier.filter((id) => id !== stolenCheckOfDirector);
  const refused = onPaper(without, { scope: { services: [UWV] } });
  const asked = await supplier.api.authorizationPrechecksRegister({ body: refused });
  print.text(
    `He asks first, and nothing is written: it would ${asked.wouldSucceed ? 'succeed' : 'be refused'}, and earn ${String(asked.level)}.`,
  );
  agree('the answer before', [asked.wouldSucceed, asked.level], [false, 'EH2+']);
  const less = await refusalOf(register('refused', refused));
  print.refusal(less);
  agree('the refusal', less.code, 'level-not-reached');
  const lower = await register('lower', { ...refused, acceptLower: true });
  print.text('With `acceptLower` it is registered at what it earns:');
  print.level('EH', lower);
  agree('the level it earns', lower.eh, 'EH2+');

  print.chapter('What a later look says is not left out');
  print.text(
    'The register is asked again: the director may act jointly only. The clerk names the earlier look all the same.',
  );
  const representation = representativeChecks(director, board).find(({ type }) => type === 'representationCheck')!;
  await recorded(paper, [{ ...representation, limitation: 'obstructing' } as Facts], JUST_NOW);
  const joined = await refusalOf(register('joined', onPaper(dossier, { scope: { services: [UWV] } })));
  print.refusal(joined);
  agree('the refusal', joined.code, 'aspect-unscored');
  print.weighed(joined.problem?.aspects);
  print.text(
    'It was another board’s entry. Asked once more, the register has no limits; that look is named from here on.',
  );
  ofDirector.push(...(await recorded(paper, [representation], JUST_NOW)));

  print.chapter('An administrator registers a colleague');
  const administrator = await desk.person('administrator', person('beheerder', '1979-11-02'), passport('SPECI2022'));
  const ofAdministrator = await recorded(paper, holderChecks(administrator), 35);
  const hers = await desk.means(paper, administrator, ofAdministrator, product);
  const administration = await register(
    'administration',
    onPaper([...ofBoard, ...ofDirector, stolenCheckOfDirector, ...ofAdministrator], {
      authority: 'administration',
      authorizedParty: { person: administrator.id, means: hers.id },
      scope: { all: true },
    }),
  );
  print.weighed(administration.aspects);
  agree('the level of her authority', administration.eh, 'EH3');
  print.text(`The director appointed her on paper; her administration authority is ${String(administration.eh)}.`);

  const online = await desk.application('electronic', ['means', 'registration'], 20);
  const colleague = await desk.person('colleague', person('collega', '1991-07-23'), passport('SPECI2023'));
  const ofColleague = await recorded(online, holderChecks(colleague), 15);
  const his = await desk.means(online, colleague, ofColleague, product);
  const ofLogin = [
    ...(await recorded(online, partyChecks(board, [ESTABLISHMENT]), 10)),
    ...(await recorded(online, [login(online, administrator, hers.id)], 0)),
  ];
  const second = await register(
    'repeated',
    onPaper([...ofLogin, ...ofColleague], {
      application: online,
      registration: 'repeated',
      submitter: { person: administrator.id, role: 'administrator' },
      authorizedParty: { person: colleague.id, means: his.id },
    }),
  );
  print.level('EH', second);
  agree('the level of his authorization', second.eh, 'EH3');
  await decides('The colleague at Mijn DUO, EH3', asks(DUO, 'EH3', his), true);

  print.chapter('The administrator changes what her colleague may do');
  await decides('The colleague at Werkgeversportaal of UWV', asks(UWV, 'EH3', his), 'service-not-in-scope');
  const changing = await desk.application('electronic', ['change'], 1);
  const scope = { services: [DUO, UWV] };
  print.text(
    'A change is a decision of its own, on checks of its own intake: her login, and the board and the colleague again.',
  );
  const forChange = [...partyChecks(board, [ESTABLISHMENT]), ...holderChecks(colleague)];
  const changed = await supplier.api.authorizationsChange({
    path: { id: second.id },
    body: {
      application: changing,
      registration: 'repeated',
      submitter: { person: administrator.id, role: 'administrator' },
      checks: [
        ...(await desk.checks(changing, forChange, 0)),
        ...(await recorded(changing, [login(changing, administrator, hers.id)], 0)),
      ],
      aimedLevel: 'EH3',
      set: { scope },
    },
    key: key('change'),
  });
  print.level('EH', changed);
  agree('the scope after the change', changed.scope.services, scope.services);
  await decides('The very next question, UWV at EH3', asks(UWV, 'EH3', his), true);

  print.chapter('A means is lost, and found again');
  const onHisMeans = async (purpose: 'suspension' | 'reinstatement') => {
    const application = await desk.application('electronic', [purpose], 1, 'other');
    return {
      body: {
        ...{ application, object: { means: his.id } },
        requester: { role: 'administrator' as const, person: administrator.id },
        checks: await recorded(application, [login(application, administrator, hers.id)], 0),
      },
      key: key(purpose),
    };
  };
  await supplier.api.suspensionsSuspend(await onHisMeans('suspension'));
  await decides('The colleague while his means is suspended', asks(DUO, 'EH3', his), 'means-not-active');
  await supplier.api.suspensionsReinstate(await onHisMeans('reinstatement'));
  await decides('The colleague again, once the administrator has lifted it', asks(DUO, 'EH3', his), true);

  print.chapter('The employee leaves');
  const leaving = await desk.application('electronic', ['revocation'], 1, 'other');
  const loggedIn = await recorded(leaving, [login(leaving, administrator, hers.id)], 0);
  const revoke = async ({ id }: AuthorizationAnswer, name: string): Promise<number> => {
    const { result: request, took } = await timed(
      supplier.api.revocationRequestsRequest({
        body: {
          application: leaving,
          object: { authorization: id },
          requester: { role: 'administrator', person: administrator.id },
          checks: loggedIn,
        },
        key: key(name),
      }),
    );
    agree('the revocation', request.status, 'effected');
    return took;
  };
  await revoke(lower, 'revoke-lower');
  const took = await revoke(authorization, 'revoke-duo');
  print.text(
    'The administrator, logged in, asks to revoke both of his authorizations.',
    `Mijn DUO: accepted, carried out and answered in ${took.toFixed(0)} ms.`,
  );
  await decides('The very next question, Mijn DUO at EH3', asks(DUO), 'authorization-revoked');

  print.chapter('An auditor asks why it was EH3');
  const audit = await auditor.api.auditSearchChecks({
    body: { reason: 'Sample of level EH3', authorization: authorization.id, limit: 100 },
    // He reads what the supplier's program has done.
    ...(supplier.position === undefined ? {} : { after: supplier.position }),
  });
  print.audit(audit.items, audit.reading);
  agree('the checks that carry it', audit.items.length, dossier.length);
  return { authorization: authorization.id, pseudonym: his.pseudonym, service: DUO };
}
