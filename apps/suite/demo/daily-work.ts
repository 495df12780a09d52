import type { Waarborg } from '#libs/client';
import {
  BOARD,
  byRegisteredLetter,
  documentStatus,
  DUO,
  ESTABLISHMENT,
  holderChecks,
  partyChecks,
  refusalOf,
  representativeChecks,
  UWV,
  type Facts,
  type Human,
} from './dossier.js';
import type { Printer } from './printer.js';
import { agree, passport, person, registration, stage, type Clients, type Stage } from './stage.js';

/** More of the trade register's documented test organizations: a company with two directors, and the office it hires. */
const COMPANY = {
  kind: 'privateLegalPerson',
  register: 'kvk',
  number: '68727720',
  name: 'Test NV Katrien',
  naturalPersonsBusiness: false,
} as const;
const OFFICE = {
  kind: 'privateLegalPerson',
  register: 'kvk',
  number: '68750110',
  name: 'Test BV Donald',
  naturalPersonsBusiness: false,
} as const;

interface Link {
  readonly office: string;
  /** The authorization of the office by the company. */
  readonly first: string;
  /** One of the company’s directors, with what a clerk checks when a letter of his comes in. */
  readonly director: Human;
  readonly ofDirector: readonly Facts[];
  /** What he checks of the other one, and of both organizations. */
  readonly ofOther: readonly Facts[];
  readonly ofParties: readonly Facts[];
}

/** What a clerk meets beside the straight way through. Throws on anything unexpected. */
export async function tellDailyWork({ supplier, network }: Clients, print: Printer, run: string): Promise<void> {
  const on = stage({ supplier, network }, print, run);
  const link = await twoDirectors(on, print);
  await chain(on, supplier, print, link);
  await upgrade(on, supplier, print);
}

async function twoDirectors({ desk, register, recorded }: Stage, print: Printer): Promise<Link> {
  print.chapter('Two directors who may only act together');
  print.text(
    `${COMPANY.name} wants ${OFFICE.name} to act for it at UWV, and to pass that on. The trade register knows two`,
    'directors, who may act together only. The first one’s form comes in: the look at the register names the other.',
  );
  const [company, office] = [await desk.party(COMPANY), await desk.party(OFFICE)];
  const first = await desk.person('first-director', person('directeur-een', '1961-02-14'), passport('SPECI2031'));
  const second = await desk.person('second-director', person('directeur-twee', '1958-09-30'), passport('SPECI2032'));
  const paper = await desk.application('nonElectronic', ['registration'], 120);
  const jointly = (one: Human, other: Human): readonly Facts[] =>
    representativeChecks(one, company, COMPANY.number).map((facts) =>
      facts.type === 'representationCheck' ? { ...facts, limitation: 'obstructing', cosigners: [other.id] } : facts,
    );
  const ofParties = [
    ...partyChecks(company, [ESTABLISHMENT], COMPANY.number),
    ...partyChecks(office, [ESTABLISHMENT], OFFICE.number).filter(({ type }) => type !== 'specialCircumstancesCheck'),
  ];
  const ofDirector = [...jointly(first, second), documentStatus(first)];
  const checks = [...(await desk.checks(paper, ofParties, 60)), ...(await recorded(paper, ofDirector, 0))];
  const body = registration({
    application: paper,
    representedParty: { party: company },
    submitter: { person: first.id, role: 'legalRepresentative' },
    authorizedParty: { party: office },
    checks,
    scope: { services: [UWV] },
    nature: { rightOfSubstitution: true, actsIndependently: true },
  });
  const alone = await refusalOf(register('alone', body));
  print.refusal(alone);
  print.weighed(alone.problem?.aspects);
  agree('what is refused of one alone', alone.code, 'aspect-unscored');
  print.text(
    'The other signs as well. The clerk checks each of them for himself: signature, copy, place in the register.',
  );
  const ofOther = jointly(second, first);
  const both = [...checks, ...(await recorded(paper, ofOther, 0))];
  const together = await register('together', { ...body, checks: both });
  print.level('EH', together);
  agree('the level of both together', together.eh, 'EH3');
  return { office, first: together.id, director: first, ofDirector, ofOther, ofParties };
}

async function chain(
  { desk, register, decides, key }: Stage,
  supplier: Waarborg,
  print: Printer,
  { office, first, director, ofDirector, ofOther, ofParties }: Link,
): Promise<void> {
  print.chapter('A chain: the company, its office, a bookkeeper');
  const officer = await desk.person('office-director', person('kantoordirecteur', '1970-06-05'), passport('SPECI2033'));
  const bookkeeper = await desk.person('bookkeeper', person('boekhouder', '1988-12-01'), passport('SPECI2034'));
  const paper = await desk.application('nonElectronic', ['means', 'registration'], 120);
  const ofBookkeeper = await desk.checks(paper, holderChecks(bookkeeper), 40);
  const product = { product: 'password-sms', aimedStork: 3, party: office };
  const means = await desk.means(paper, bookkeeper, ofBookkeeper, product);
  const ofOffice = [
    ...partyChecks(office, [ESTABLISHMENT], OFFICE.number),
    ...representativeChecks(officer, office, OFFICE.number),
    documentStatus(officer),
  ];
  const second = await register(
    'bookkeeper',
    registration({
      application: paper,
      representedParty: { party: office },
      submitter: { person: officer.id, role: 'legalRepresentative' },
      authorizedParty: { person: bookkeeper.id, means: means.id },
      checks: [...(await desk.checks(paper, ofOffice, 0)), ...ofBookkeeper],
      scope: { services: [UWV] },
      forThirdParties: true,
    }),
  );
  print.text(`${OFFICE.name} authorizes its bookkeeper for its clients. Nobody at ${COMPANY.name} has heard of him.`);
  print.level('EH', second);
  const question = {
    ...{ pseudonym: means.pseudonym, service: UWV, level: 'EH3' as const },
    ...{ organization: `kvk:${COMPANY.number}`, via: first },
  };
  const { path } = await decides(`The bookkeeper at UWV for ${COMPANY.name}`, question, true);
  agree('the links of the chain', path, [first, second.id]);
  print.text(`It rests on two links: ${path!.join(' and ')}.`);

  const byLetter = async (name: string, purpose: 'suspension' | 'reinstatement', facts: readonly Facts[]) => {
    const application = await desk.application('nonElectronic', [purpose], 1, 'writing');
    return {
      body: {
        ...{ application, object: { authorization: first } },
        requester: { role: 'legalRepresentative' as const, person: director.id },
        checks: await desk.checks(application, facts, 0),
      },
      key: key(name),
    };
  };
  print.text(
    `One director of ${COMPANY.name} writes to suspend the first link. To stop something either may act alone:`,
  );
  const suspended = await supplier.api.suspensionsSuspend(await byLetter('suspend-link', 'suspension', ofDirector));
  agree('the suspension', [suspended.suspended, suspended.suspendedBy], [true, ['party']]);
  await decides('The bookkeeper, with one link suspended', question, 'authorization-suspended');
  print.text('To lift it asks what a renewal asks, so he can’t do that alone:');
  const lifting = await byLetter('lift-alone', 'reinstatement', [...ofDirector, ...ofParties]);
  const refused = await refusalOf(supplier.api.suspensionsReinstate(lifting));
  print.refusal(refused);
  agree('the refusal', refused.code, 'reinstatement-not-allowed');
  const lifted = await supplier.api.suspensionsReinstate(
    await byLetter('lift-together', 'reinstatement', [...ofDirector, ...ofOther, ...ofParties]),
  );
  agree('the suspension that was lifted', lifted.suspended, false);
  await decides('The bookkeeper, once both have lifted it', question, true);
}

async function upgrade(
  { desk, recorded, register, decides, key }: Stage,
  supplier: Waarborg,
  print: Printer,
): Promise<void> {
  print.chapter('A means goes from level 2 to 3');
  const board = await desk.party(BOARD);
  const director = await desk.person('director', person('bestuurder', '1965-03-10'), passport('SPECI2014'));
  const newcomer = await desk.person('newcomer', person('nieuwkomer', '1996-01-20'), passport('SPECI2024'));
  const paper = await desk.application('nonElectronic', ['means', 'registration'], 120);
  const byBank: readonly Facts[] = [
    { type: 'identityAttributesRecorded', about: { person: newcomer.id }, uniquelyIdentifying: true },
    { type: 'neutralThirdParty', about: { person: newcomer.id }, party: 'bank', agrees: true },
  ];
  const means = await desk.means(paper, newcomer, await desk.checks(paper, byBank, 40), {
    ...{ product: 'password', aimedStork: 2, party: board },
    delivery: { form: 'oneTimeLink', singleUse: true, expires: true },
  });
  print.text('A newcomer has a password, sent as a link, after his bank confirmed who he is:');
  print.level('STORK', means);
  agree('the level of the means', means.stork, 2);
  const ofAll = [
    ...partyChecks(board, [ESTABLISHMENT]),
    ...representativeChecks(director, board),
    ...holderChecks(newcomer).filter(({ type }) => type !== 'officialNumberVerification'),
  ];
  const checks = await desk.checks(paper, ofAll, 0);
  const body = registration({
    application: paper,
    representedParty: { party: board },
    submitter: { person: director.id, role: 'legalRepresentative' },
    authorizedParty: { person: newcomer.id, means: means.id },
    checks,
  });
  const authorization = await register('newcomer', { ...body, aimedLevel: 'EH2' });
  print.text('The director authorizes him; nobody looked the director’s passport up:');
  print.level('EH', authorization);
  agree('class and level of the authorization', [authorization.m, authorization.eh], [2, 'EH2']);

  const application = await desk.application('electronic', ['upgrade'], 1);
  const sent: Facts = { type: 'meansDelivery', about: { means: means.id }, ...byRegisteredLetter };
  const upgraded = await supplier.api.meansUpgrade({
    path: { id: means.id },
    body: {
      application,
      product: 'password-sms',
      checks: await desk.checks(application, [...holderChecks(newcomer), sent], 0),
      aimedStork: 3,
    },
    key: key('upgrade'),
  });
  print.text(
    'His passport is checked and codes by SMS come with it. It stays the same means, with the same pseudonym:',
  );
  print.level('STORK', upgraded);
  agree('what the means became', [upgraded.stork, upgraded.pseudonym], [3, means.pseudonym]);
  for (const below of upgraded.staysBelow) {
    print.text(
      `stays below: authorization ${below.authorization}, M${below.m}, now ${String(below.level)}: register it anew for EH3`,
    );
  }
  const below = upgraded.staysBelow.map(({ m, level }) => [m, level]);
  agree('what stays below', [below, upgraded.staysBelow[0]?.authorization], [[[2, 'EH2+']], authorization.id]);
  const question = { pseudonym: means.pseudonym, service: DUO, level: 'EH3' } as const;
  await decides('The newcomer at Mijn DUO at EH3', question, 'level-too-low');
  const looked = await recorded(paper, [documentStatus(director)], 0);
  const anew = await register('newcomer-anew', { ...body, checks: [...checks, ...looked] });
  print.level('EH', anew);
  agree('the level of the new one', anew.eh, 'EH3');
  await decides('The newcomer at Mijn DUO at EH3, registered anew', question, true);
}
