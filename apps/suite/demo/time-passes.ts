import { connect, type AuthorizationAnswer, type AuthorizationView, type SeenAuthorization } from '#libs/client';
import {
  BOARD,
  documentStatus,
  DUO,
  ESTABLISHMENT,
  holderChecks,
  partyChecks,
  representativeChecks,
  type Facts,
  type Human,
} from './dossier.js';
import { startOnOwnClock, type OwnClockRegister } from './own-clock.js';
import type { Printer } from './printer.js';
import { agree, eventually, passport, person, registration, stage, type Clients, type Stage } from './stage.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** More than 24 months, and less than 25. */
const LONG_UNUSED = 735 * DAY;

/** What only shows when time passes, on a register with a clock of its own. Throws on anything unexpected. */
export async function letTimePass(print: Printer, run: string): Promise<void> {
  const register = await startOnOwnClock((name, error) => print.text(`${name}: ${String(error)}`));
  try {
    const as = (role: 'supplier' | 'network') =>
      connect({
        base: register.url,
        credentials: {
          token: () =>
            register.issuer.issue({ role, client: 'demo', ...(role === 'supplier' ? { clerk: 'clerk-17' } : {}) }),
        },
      });
    const clients = { supplier: as('supplier'), network: as('network') };
    const on = stage(clients, print, run, register.now);
    const held = await twoAuthorizations(on, print);
    await letter(on, clients, print, register, held);
    await unused(on, clients, print, register, held);
  } finally {
    await register.end();
  }
}

interface Authorized {
  readonly authorization: AuthorizationAnswer;
  readonly pseudonym: string;
}

interface Held {
  readonly director: Human;
  /** What a clerk checks of a letter of his. */
  readonly ofDirector: readonly Facts[];
  readonly leaving: Authorized;
  readonly absent: Authorized;
}

async function twoAuthorizations({ desk, register, decides }: Stage, print: Printer): Promise<Held> {
  print.chapter('Time passes, on a clock of the demo’s own');
  print.text(
    'A second register starts in this process, in memory: the same apps, and a clock that the demo moves. The first one',
    'goes by the clock of the machine, as the product does. The board is there again, with two people at EH3.',
  );
  const board = await desk.party(BOARD);
  const director = await desk.person('director', person('bestuurder', '1965-03-10'), passport('SPECI2014'));
  const paper = await desk.application('nonElectronic', ['means', 'registration'], 120);
  const ofDirector = [...representativeChecks(director, board), documentStatus(director)];
  const ofSubmission = await desk.checks(paper, [...partyChecks(board, [ESTABLISHMENT]), ...ofDirector], 50);
  const authorized = async (who: string, birthDate: string, number: string): Promise<Authorized> => {
    const human = await desk.person(who, person(who, birthDate), passport(number));
    const ofHuman = await desk.checks(paper, holderChecks(human), 40);
    const means = await desk.means(paper, human, ofHuman, { product: 'password-sms', aimedStork: 3, party: board });
    const authorization = await register(
      who,
      registration({
        application: paper,
        representedParty: { party: board },
        submitter: { person: director.id, role: 'legalRepresentative' },
        authorizedParty: { person: human.id, means: means.id },
        checks: [...ofSubmission, ...ofHuman],
      }),
    );
    return { authorization, pseudonym: means.pseudonym };
  };
  const leaving = await authorized('vertrekker', '1985-04-12', 'SPECI2021');
  const absent = await authorized('afwezige', '1991-07-23', 'SPECI2023');
  await decides('The first at Mijn DUO', asks(leaving), true);
  await decides('The second at Mijn DUO', asks(absent), true);
  return { director, ofDirector, leaving, absent };
}

const asks = ({ pseudonym }: Authorized) => ({ pseudonym, service: DUO, level: 'EH3' }) as const;

async function letter(
  { desk, key, decides, recorded }: Stage,
  { supplier }: Pick<Clients, 'supplier'>,
  print: Printer,
  { url, now, pass }: OwnClockRegister,
  { director, ofDirector, leaving }: Held,
): Promise<void> {
  print.chapter('A letter that waits, and its deadline');
  const application = await desk.application('nonElectronic', ['revocation'], 0, 'writing');
  const { id, status, dueAt } = await supplier.api.revocationRequestsRequest({
    body: {
      application,
      object: { authorization: leaving.authorization.id },
      requester: { role: 'legalRepresentative', person: director.id },
      checks: [],
    },
    key: key('letter'),
  });
  agree('the letter', status, 'received');
  print.text(
    'The director writes to revoke the first one’s authorization. Nobody has looked at the letter: it is received, and due',
    `one working day later, at ${String(dueAt)}. Until it is judged nothing changes:`,
  );
  await decides('The first at Mijn DUO', asks(leaving), true);
  pass(Date.parse(dueAt!) - now() - 3 * HOUR);
  const list = await supplier.api.revocationRequestsSearch({ body: { order: 'due' } });
  const open = list.items.map((item) => [item.id, item.dueAt, item.deadline]);
  agree('the work list', open, [[id, dueAt, 'near']]);
  print.text(`Three hours before, at ${new Date(now()).toISOString()}, on the work list of what is due first:`);
  for (const item of list.items) {
    print.text(`due ${String(item.dueAt)}, ${item.status}, deadline ${String(item.deadline)}: less than half is left`);
  }
  const near = await figure(url, 'waarborg_revocation_requests_open', 'deadline="near"');
  agree('the figure that warns', near, 1);
  print.text(`The figure that the alarm WaarborgRevocationNear watches is ${String(near)}.`);
  const checks = await recorded(application, ofDirector, 0);
  const judged = await supplier.api.revocationRequestsDecide({
    path: { id },
    body: { checks },
    key: key('letter-judged'),
  });
  agree('what became of it', [judged.status, judged.breached], ['effected', false]);
  print.text(`Judged by its checks: ${judged.status} at ${String(judged.effectedAt)}, within its deadline.`);
  await decides('The very next question', asks(leaving), 'authorization-revoked');
}

async function unused(
  { decides, key }: Stage,
  { supplier }: Pick<Clients, 'supplier'>,
  print: Printer,
  { url, now, pass }: OwnClockRegister,
  { absent }: Held,
): Promise<void> {
  print.chapter('Nobody uses it for two years');
  const path = { id: absent.authorization.id };
  const shown = (isSo: (item: AuthorizationView) => boolean): Promise<AuthorizationView> =>
    eventually(async () => wholeOf(await supplier.api.authorizationsShow({ path })), isSo);
  const { lastUsedAt } = await shown((item) => typeof item.lastUsedAt === 'string');
  print.text(`The second one’s authorization was used last at ${String(lastUsedAt)}.`);
  pass(LONG_UNUSED);
  const { nonUse, status } = await shown((item) => item.nonUse !== undefined);
  agree('the status with a notice', [status, typeof nonUse?.revokesAt], ['active', 'string']);
  print.text(
    `24 months later, noticed at ${nonUse!.noticedAt}; revoked at ${nonUse!.revokesAt} unless it is used before.`,
  );
  const told = await eventually(
    () => supplier.api.confirmationsSearch({ body: { authorization: path.id, kind: 'nonUse' } }),
    ({ items }) => items.length > 0,
  );
  agree(
    'who is told',
    told.items.map(({ addressee }) => addressee.role),
    ['authorizedPerson'],
  );
  for (const { addressee, channel, noChannel } of told.items) {
    print.text(`told: the ${addressee.role}; channel ${channel}${noChannel === undefined ? '' : ` (${noChannel})`}`);
  }
  const [unreached] = told.items;
  const letter = { on: amsterdamDate(now()), evidence: 'registered letter 3SDEMO0000001' };
  const byLetter = await supplier.api.confirmationsDecide({
    path: { id: unreached!.id },
    body: { letter },
    key: key('told-by-letter'),
  });
  agree('what became of the telling', [byLetter.outcome, byLetter.channel], ['sent', 'letter']);
  print.text(`Nothing is revoked before he is told. A letter goes out: ${byLetter.channel}, ${byLetter.outcome}.`);
  // What was noticed is put off until it is revoked, as the clock stands: that is done before the clock goes on.
  const noticed = await eventually(
    () => figure(url, 'waarborg_non_use_reviews_total', 'outcome="noticed"'),
    (reviews) => reviews === 1,
  );
  agree('the reviews that came to a notice', noticed, 1);
  pass(Date.parse(nonUse!.revokesAt) - now());
  const revoked = await shown((item) => item.status === 'revoked');
  agree('what became of it', [revoked.status, revoked.revokedFor], ['revoked', 'nonUse']);
  print.text(`At that moment it is ${revoked.status}, for ${String(revoked.revokedFor)}.`);
  await decides('The second at Mijn DUO', asks(absent), 'authorization-revoked', true);
}

/** The calendar day there, whatever the hour of UTC: `sv-SE` writes it as ISO 8601 does. */
const amsterdamDate = (moment: number): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' }).format(new Date(moment));

/** A figure of the register: the sum of what has this name and this label, whatever labels it has besides. */
async function figure(url: string, name: string, label: string): Promise<number> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
  const counted = lines.filter((line) => line.startsWith(`${name}{`) && line.includes(label));
  return counted.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** All of it: who names no viewer is shown nothing less. */
function wholeOf(seen: SeenAuthorization): AuthorizationView {
  if ('sight' in seen) throw new Error(`authorization ${seen.id} is shown in part`);
  return seen;
}
