import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { documentStatus, holderChecks, partyChecks, representativeChecks } from '#apps/suite';
import { client } from './client.mjs';
import { moment } from './clock.mjs';
import { DUO, question } from './question.mjs';

const DAY = 86_400_000;
const at = (milliseconds) => new Date(Date.now() + milliseconds).toISOString();
/** The moment that a check of this type has of its own. */
const MOMENT_OF = {
  tradeRegisterLookup: 'asOf',
  representationCheck: 'asOf',
  specialCircumstancesCheck: 'asOf',
  authentication: 'at',
};
/** An application holds 500 checks at most: a new one is begun long before. */
const CHECKS_OF_ONE = 100;
/** Means that are asked about and not revoked, at most. */
const LIVE = 6;
/** How long the careless client waits: usually, and where what it sends again has to have been done. */
const HASTY = 1_000;
const PATIENT = 20_000;
/** A decision is of no use to anybody after so long, in milliseconds. */
export const QUESTION = 8_000;

/** Chance as text with letters only: digits in a row may be taken for the number of a citizen, and refused. */
const letters = () => randomUUID().replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]);
/** A number of the trade register. */
const numberFrom = (random) => String(70_000_000 + Math.floor(random() * 9_999_999));

/**
 * What goes on while the strikes fall: commands that carry a mark, and authorizations that are registered and revoked.
 * `ledger` hears of every command that was acknowledged, `onLive` and `onRevoked` of what can be asked about.
 */
export function load({ url, tokens, ledger, decisions, onLive, onRevoked, careless, writers, revokers }) {
  const supplier = client(url, () => tokens.supplier);
  const network = client(url, () => tokens.network);
  const governance = client(url, () => tokens.governance);
  let stopped = false;
  const figures = { commands: 0, again: 0, unanswered: 0, refusedLive: 0, doubled: 0, unheard: 0, answers: {} };
  const command = async (path, body, key = `chaos-${randomUUID()}`) => {
    const answer = await supplier.command(path, body, key, () => false);
    figures.commands += 1;
    figures.again += answer.tries - 1;
    ledger.acknowledged({ path, body, key, answer: answer.body });
    return answer.body;
  };

  const check = async (
    application,
    facts,
    minutesAgo,
    source = { name: 'case-file', reference: `r1-${letters()}` },
  ) => {
    const performedAt = at(-minutesAgo * 60_000);
    const moment = MOMENT_OF[facts.type];
    const body = {
      ...{ application, performedAt, performedBy: { clerk: 'clerk-17' }, source },
      ...(moment === undefined ? {} : { [moment]: performedAt }),
      ...facts,
    };
    return (await command('/v1/checks', body)).id;
  };

  /** A first registration on paper that earns EH3, from which any number of means and authorizations come. */
  async function dossier(number) {
    const party = (
      await command('/v1/parties', {
        ...{ kind: 'privateLegalPerson', register: 'kvk', number, name: `Test Stichting ${number}` },
        naturalPersonsBusiness: false,
      })
    ).id;
    const human = async (part, letter) => {
      const run = randomUUID().slice(0, 8);
      const born = { givenNames: 'Specimen', birthDate: '1985-04-12', birthPlace: 'Teststad' };
      const person = (await command('/v1/persons', { familyName: `Test${part}-${run}`, ...born })).id;
      const passport = { documentType: 'passport', issuingState: 'NLD', expiresOn: '2031-03-09' };
      const { documents } = await command(`/v1/persons/${person}/documents`, {
        ...passport,
        number: `${letter}${run.toUpperCase()}`,
      });
      return { id: person, document: documents[0].id };
    };
    const [director, employee] = [await human('bestuurder', 'D'), await human('medewerker', 'E')];
    const application = (
      await command('/v1/applications', {
        ...{ channel: 'nonElectronic', receivedAt: at(-120 * 60_000), purposes: ['means', 'registration'] },
      })
    ).id;
    const record = async (checks, minutesAgo) => {
      const ids = [];
      for (const facts of checks) ids.push(await check(application, facts, minutesAgo));
      return ids;
    };
    const ofParty = await record(partyChecks(party, ['000037178598']), 60);
    const ofDirector = await record(representativeChecks(director, party), 50);
    const ofStatus = await record([documentStatus(director)], 45);
    const ofEmployee = await record(holderChecks(employee), 40);
    const checks = [...ofParty, ...ofDirector, ...ofStatus, ...ofEmployee];

    const means = async () => {
      const applied = { application, holder: employee.id, product: 'password-sms', aimedStork: 3, party };
      const { id } = await command('/v1/means', applied);
      await command(`/v1/means/${id}/identifications`, { checks: ofEmployee });
      const facts = { type: 'meansDelivery', about: { means: id }, form: 'registeredLetter', addressValidated: true };
      await command(`/v1/means/${id}/issuances`, { checks: [await check(application, facts, 5)] });
      return command(`/v1/means/${id}/activations`, { activatedAt: at(0) });
    };
    const authorize = (id) =>
      command('/v1/authorizations', {
        ...{ application, registration: 'first', representedParty: { party } },
        submitter: { person: director.id, role: 'legalRepresentative' },
        authorizedParty: { person: employee.id, means: id },
        ...{ checks, aimedLevel: 'EH3', scope: { services: [DUO] } },
        nature: { rightOfSubstitution: false, actsIndependently: true },
        period: { from: at(-1_000), until: at(4 * 365 * DAY) },
        displayConsent: true,
      });
    /** A revocation that only has to be sent: body and key. */
    const revocation = async (authorization, login) => {
      const leaving = (
        await command('/v1/applications', {
          ...{ channel: 'electronic', medium: 'other', receivedAt: at(-60_000), purposes: ['revocation'] },
        })
      ).id;
      const facts = { type: 'authentication', about: { person: employee.id }, means: login, level: 'EH3' };
      const source = { name: 'authentication-service-1', reference: `assertion-1-${letters()}` };
      const body = {
        ...{ application: leaving, object: { authorization } },
        requester: { role: 'authorizedParty', person: employee.id },
        checks: [await check(leaving, facts, 0, source)],
      };
      return { body, key: `chaos-${randomUUID()}` };
    };
    const revoke = async (authorization, login) => {
      const { body, key } = await revocation(authorization, login);
      return command('/v1/revocation-requests', body, key);
    };
    return { application, organization: `kvk:${number}`, means, authorize, revocation, revoke };
  }

  const live = [];
  let anchor;
  const ask = async (subject, timeout = QUESTION) => {
    const askedAt = moment();
    const answer = await network.send('POST', '/access/v1/evaluation', question(subject), {}, timeout);
    figures.answers[answer.status] = (figures.answers[answer.status] ?? 0) + 1;
    if (answer.status !== 200) return undefined;
    decisions.answered(subject.pseudonym, askedAt, answer.body.decision);
    return answer.body.decision;
  };
  const subjectOf = async (desk) => {
    const { id, pseudonym } = await desk.means();
    const authorization = await desk.authorize(id);
    return { pseudonym, organization: desk.organization, authorization: authorization.id };
  };

  const received = { channel: 'electronic', receivedAt: at(-1_000), purposes: ['upgrade'] };
  const fresh = async () => (await command('/v1/applications', received)).id;

  async function write(worker) {
    let application;
    for (let count = 0; !stopped; count += 1) {
      if (count % CHECKS_OF_ONE === 0) application = await fresh();
      const mark = `mark-${worker}-${count}-${letters().slice(0, 8)}`;
      const facts = { type: 'completenessCheck', about: { application }, missingItems: [] };
      await check(application, facts, 0, { name: 'case-file', reference: mark });
      ledger.marks.acknowledged(mark);
      if (count % 3 === 0) await fresh();
      if (count % 5 === 0) await command('/v1/persons', { familyName: `Load-${mark}` });
    }
  }
  async function revoke(first, random) {
    let desk = first;
    let login = (await desk.means()).id;
    for (let count = 0; !stopped; count += 1) {
      if (count % CHECKS_OF_ONE === CHECKS_OF_ONE - 1) {
        desk = await dossier(numberFrom(random));
        login = (await desk.means()).id;
      }
      if (live.length < LIVE || count % 2 === 0) {
        const [at, by] = [desk, login];
        const subject = await subjectOf(at);
        live.push({ ...subject, leave: () => at.revoke(subject.authorization, by) });
        onLive(subject);
      }
      if (live.length < 3) continue;
      const [leaving] = live.splice(0, 1);
      await leaving.leave();
      // 201: whoever asks from now on hears no.
      decisions.revoked(leaving.pseudonym, moment());
      onRevoked(leaving);
    }
  }

  /** A client that takes what it has sent for done, and one that sends again under another key when it knows nothing. */
  async function carelessly() {
    const hasty = client(careless.url, () => tokens.supplier);
    let application;
    for (let count = 0; !stopped; count += 1) {
      if (count % CHECKS_OF_ONE === 0) application = await fresh();
      const mark = `careless-${count}-${letters().slice(0, 8)}`;
      const facts = { type: 'completenessCheck', about: { application }, missingItems: [] };
      const body = { ...facts, application, performedAt: at(0), performedBy: { clerk: 'clerk-17' } };
      // Who sends again has heard the first answer, however late it was: its client did not.
      const doubles = count % 10 === 0 || (figures.doubled === 0 && count % 10 !== 1);
      const send = () =>
        hasty.send(
          ...['POST', '/v1/checks', { ...body, source: { name: 'case-file', reference: mark } }],
          ...[{ 'idempotency-key': `chaos-${randomUUID()}` }, doubles ? PATIENT : HASTY],
        );
      ledger.careless.acknowledged(mark);
      // Now and then nobody is there to hear it, for certain.
      if (count % 10 === 1) {
        careless.proxy.poison({ refusing: true });
        careless.proxy.reset();
      }
      const first = await send().catch(() => undefined);
      careless.proxy.heal();
      if (first === undefined && count % 10 === 1) figures.unheard += 1;
      // Its answer is lost on the way to it.
      if (first?.status === 201 && doubles) {
        const second = await send().catch(() => undefined);
        if (second?.status === 201) figures.doubled += 1;
      }
      await delay(100);
    }
    hasty.close();
  }

  let running = [];
  return {
    figures,
    ask,
    command,
    supplier,
    dossier,
    subjectOf,
    /** Has the address told of events of these types; answers the secret that they are signed by. */
    async subscribe(address, eventTypes) {
      const key = `chaos-${randomUUID()}`;
      return (await governance.command('/v1/webhook-subscriptions', { address, eventTypes }, key)).body.secret;
    },
    async begin(random) {
      const desk = await dossier(numberFrom(random));
      anchor = await subjectOf(desk);
      for (;;) {
        if (await ask(anchor).catch(() => false)) break;
        await delay(50);
      }
      onLive(anchor);
      running = [
        ...Array.from({ length: writers }, (_, worker) => write(worker)),
        ...Array.from({ length: revokers }, () => revoke(desk, random)),
        carelessly(),
      ];
      // A refusal ends the run; until somebody waits for it, it is not unhandled.
      for (const each of running) each.catch(() => undefined);
      return Promise.all(running).then(() => undefined);
    },
    anchor: () => anchor,
    async stop() {
      stopped = true;
      await Promise.all(running);
    },
    close() {
      supplier.close();
      network.close();
      governance.close();
    },
  };
}
