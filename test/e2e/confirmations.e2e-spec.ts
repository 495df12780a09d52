import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smtpMailer } from '#libs/registers/smtp';
import { amsterdamDate, answering, mailServer, receiver, type MailServer, type Receiver } from '#libs/testing';
import type { Json } from './support/api.js';
import { at, paperCase, type IssuedMeans, type PaperCase } from './support/case.js';
import { having, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { until } from './support/until.js';

/** What people are told (CONF-01 to CONF-05, REN-02, CHAIN-04), through HTTP and a real mail server. */

const DAY = 86_400_000;

let suite: MemorySuite;
let mail: MailServer;
let told: Receiver;
let supplier: Client;
let governance: Client;
let case1: PaperCase;
let means: IssuedMeans;

/** Who gets no mail for now. */
const closed = new Set(['waits@example.org']);
const open = (to: string): void => void closed.delete(to);

/** Words that a recipient's address begins with, and what the server says to it, by attempt. */
const refusing = (to: string) => {
  if (to.startsWith('nobody')) return { code: 550, text: `${to} is not known here` };
  if (to.startsWith('later') || closed.has(to)) return { code: 450, text: `${to} comes later` };
  return undefined;
};

beforeAll(async () => {
  [mail, told] = await Promise.all([mailServer({ refusing }), receiver()]);
  const from = { name: 'Test participant', address: 'register@participant.example' };
  suite = await startMemorySuite({
    telling: { language: 'nl', mail: smtpMailer({ url: mail.url, tls: 'none', from, timeLimit: 30_000 }) },
    webhooks: { allowHttp: true, allowed: ['127.0.0.1'] },
  });
  [supplier, governance] = await Promise.all([suite.client('supplier'), suite.client('governance')]);
  case1 = await paperCase(supplier, { director: { email: 'director@example.org' } });
  means = await case1.means();
});
afterAll(async () => {
  await suite.end();
  await Promise.all([mail.close(), told.close()]);
});

const search = async (filter: Json): Promise<readonly Json[]> =>
  having(await supplier.ask('/v1/confirmations/_search', filter), 200).body['items'] as Json[];
const only = async (filter: Json): Promise<Json> => {
  let found: readonly Json[] = [];
  await until(`there is a confirmation of ${JSON.stringify(filter)}`, async () => {
    found = await search(filter);
    return found.length === 1;
  });
  return found[0]!;
};
const show = async (id: unknown): Promise<Json> =>
  having(await supplier.get(`/v1/confirmations/${String(id)}`), 200).body;
/** The message as it came over the line, its words decoded. */
const mailAbout = (id: unknown, nr = 0): string => {
  const about = mail.taken.filter(({ raw }) => raw.includes(`Message-ID: <${String(id)}@participant.example>`));
  const raw = about[nr]?.raw ?? '';
  const bytes = raw.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_all, hex: string) => `%${hex}`);
  try {
    return decodeURIComponent(bytes.replace(/%(?![0-9A-F]{2})/g, '%25'));
  } catch {
    return bytes;
  }
};
const contact = async (path: string, value: string): Promise<void> => {
  having(await supplier.command(`${path}/contacts`, { kind: 'email', value, suppliedBy: 'submitter' }), 201);
};

describe('a registration', () => {
  let registered: Json;
  let one: Json;

  beforeAll(async () => {
    registered = await case1.authorize(means.id, { period: { from: at(-1_000), until: at(7 * 365 * DAY) } });
    one = await only({ authorization: registered['id'], outcome: 'sent' });
  });

  it('is confirmed by mail to whoever submitted it, with what is in force (CONF-01, CONF-02)', async () => {
    const { text, ...shown } = await show(one['id']);
    expect(shown).toEqual({
      ...one,
      ...{ subject: 'Bevestiging: machtiging geregistreerd', sending: 1 },
      effective: {
        ...{ validFrom: registered['validFrom'], validUntil: registered['validUntil'], capped: true },
        ...{ level: 'EH3', aimedLevel: 'EH3', rightOfSubstitution: false, actsIndependently: true },
      },
    });
    expect(one).toMatchObject({
      ...{ kind: 'authorizationRegistered', channel: 'email', language: 'nl', attempts: 1 },
      addressee: { role: 'submitter', person: case1.director.id },
    });
    expect(text).toContain('Geldig tot: ');
    expect(text).toContain('(ingekort: hoogstens vijf jaar)');
    expect(text).toContain('Gemachtigde: Specimen Testmedewerker');
    const message = mailAbout(one['id']);
    expect(message).toContain('Subject: Bevestiging: machtiging geregistreerd');
    expect(message).toContain('To: director@example.org');
    expect(message).toContain('Gemachtigde: Specimen Testmedewerker');
  });

  it('is told once, and no address is shown in an answer (CONF-05)', async () => {
    expect(await search({ authorization: registered['id'] })).toHaveLength(1);
    expect(JSON.stringify([one, await show(one['id'])])).not.toContain('director@example.org');
    expect(one['contentHash']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is found by whom it tells, and by no other', async () => {
    expect(await search({ person: case1.director.id, kind: 'authorizationRegistered' })).toEqual([one]);
    expect(await search({ person: case1.employee.id, authorization: registered['id'] })).toEqual([]);
  });
});

it('what nobody can be told shows in the work list, with why (CONF-05)', async () => {
  const case2 = await paperCase(supplier);
  const { id } = await case2.authorize((await case2.means()).id);
  const one = await only({ authorization: id, notDelivered: true });
  expect(one).toMatchObject({ channel: 'none', noChannel: 'noAddress', outcome: 'none' });
  expect(one).not.toHaveProperty('attempts');
  expect((await show(one['id']))['text']).toContain('Deze machtiging is geregistreerd.');
});

it('a revocation is confirmed to whoever asked, at his newest address (CONF-01)', async () => {
  const { id } = await case1.authorize(means.id);
  const login = await case1.means();
  await contact(`/v1/persons/${case1.employee.id}`, 'employee@example.org');
  const revocation = await case1.revocation({ authorization: id }, login.id);
  having(await supplier.command('/v1/revocation-requests', revocation), 201);
  const one = await only({ authorization: id, kind: 'authorizationRevoked', outcome: 'sent' });
  expect(one['addressee']).toEqual({ role: 'requester', person: case1.employee.id });
  expect(mailAbout(one['id'])).toContain('To: employee@example.org');
});

it('the operator’s block is told to the organization (CONF-01, AMB-64)', async () => {
  const { id } = await case1.authorize(means.id);
  await contact(`/v1/parties/${case1.party}`, 'board@example.org');
  const application = await case1.desk.application('nonElectronic', ['suspension'], 1, 'writing');
  const block = { application, object: { authorization: id }, requester: { role: 'operator' }, checks: [] };
  having(await supplier.command('/v1/suspensions', { ...block, reason: 'security' }), 200);
  const one = await only({ authorization: id, kind: 'authorizationSuspended', outcome: 'sent' });
  expect(one['addressee']).toEqual({ role: 'representedParty', party: case1.party });
});

/** As the figures count them. */
const failures = async (): Promise<number> => {
  const metrics = await (await fetch(`${suite.url}/metrics`)).text();
  return Number(/waarborg_confirmations_total\{[^}]*outcome="failed"[^}]*\} (\d+)/.exec(metrics)?.[1] ?? 0);
};

describe('a mail server that does not take it', () => {
  it('for good, makes it a work-list item that says the server’s code (CONF-05)', async () => {
    const case3 = await paperCase(supplier, { director: { email: 'nobody@example.org' } });
    const { id } = await case3.authorize((await case3.means()).id);
    const one = await only({ authorization: id, notDelivered: true });
    expect(one).toMatchObject({ outcome: 'failed', failure: 'refused', failureStatus: 550, attempts: 1 });
    const metrics = await (await fetch(`${suite.url}/metrics`)).text();
    expect(metrics).toMatch(/waarborg_confirmations_total\{[^}]*outcome="failed"[^}]*\} 1/);
    expect(metrics).not.toContain('nobody@example.org');
  });
});

describe('what reached nobody', () => {
  const today = () => amsterdamDate(Date.parse(at(0)));
  const undelivered = async (email?: string): Promise<Json> => {
    const one = await paperCase(supplier, email === undefined ? {} : { director: { email } });
    const { id } = await one.authorize((await one.means()).id);
    return only({ authorization: id, notDelivered: true });
  };
  const decide = (one: Json, body: Json, key?: string, headers = {}) =>
    supplier.command(`/v1/confirmations/${String(one['id'])}/decisions`, body, key, headers);
  const back = (sending: number): Json => ({ notReached: { sending } });
  const refusal = ({ status, body }: { readonly status: number; readonly body: Json }) => [status, body['code']];

  it('was told by letter: from then on it counts as sent, with what shows it, and no other letter does (CONF-05)', async () => {
    const one = await undelivered();
    const letter = { on: today(), evidence: 'registered letter 3SABCD1234567' };
    const key = `letter-${String(one['id'])}`;
    const answer = having(await decide(one, { letter }, key), 200).body;
    expect(answer).toMatchObject({
      ...{ id: one['id'], channel: 'letter', outcome: 'sent' },
      letter: { ...letter, late: false },
    });
    expect(answer).not.toHaveProperty('noChannel');
    expect(Date.parse(String(answer['endedAt']))).toBeLessThanOrEqual(Date.parse(at(5_000)));
    const shown = await only({ authorization: (one['about'] as Json)['authorization'], outcome: 'sent' });
    expect(shown).toMatchObject({ channel: 'letter', endedAt: answer['endedAt'] });
    expect(JSON.stringify(shown)).not.toContain('3SABCD');
    const replayed = await decide(one, { letter }, key);
    expect([replayed.status, replayed.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    const others = [
      { on: amsterdamDate(Date.parse(at(-DAY))) },
      { evidence: 'another letter' },
      { lateEntryReason: 'r' },
    ];
    for (const other of others) {
      const answer = await decide(one, { letter: { ...letter, ...other } });
      expect(refusal(answer)).toEqual([409, 'confirmation-told-already']);
    }
    // The very same, said once more.
    expect(having(await decide(one, { letter }), 200).body).toMatchObject({ letter, endedAt: answer['endedAt'] });
    expect(refusal(await decide(one, { retry: true }))).toEqual([409, 'confirmation-told-already']);
    expect(await show(one['id'])).toMatchObject({ letter, outcome: 'sent' });
  });

  it('was told by letter to an organization, of which no person is an addressee (CONF-05, AMB-64)', async () => {
    const of = await paperCase(supplier);
    const { id } = await of.authorize((await of.means()).id);
    const application = await of.desk.application('nonElectronic', ['suspension'], 1, 'writing');
    const block = { application, object: { authorization: id }, requester: { role: 'operator' }, checks: [] };
    having(await supplier.command('/v1/suspensions', { ...block, reason: 'security' }), 200);
    const one = await only({ authorization: id, kind: 'authorizationSuspended', notDelivered: true });
    expect(one['addressee']).toEqual({ role: 'representedParty', party: of.party });
    const letter = { on: today(), evidence: 'registered letter 3SABCD1234567' };
    expect(having(await decide(one, { letter }), 200).body).toMatchObject({ channel: 'letter', letter });
    expect(await show(one['id'])).toMatchObject({ letter, outcome: 'sent' });
  });

  it('is sent again to the address that was recorded meanwhile (CONF-05)', async () => {
    const case8 = await paperCase(supplier, { director: { email: 'nobody@example.org' } });
    const { id } = await case8.authorize((await case8.means()).id);
    const one = await only({ authorization: id, notDelivered: true });
    await contact(`/v1/persons/${case8.director.id}`, 'found@example.org');
    const stale = await decide(one, { retry: true }, undefined, { 'if-match': '"0"' });
    expect(stale.status).toBe(412);
    const answer = having(await decide(one, { retry: true }), 200).body;
    expect(answer).toMatchObject({ channel: 'email', outcome: 'waiting' });
    expect(answer).not.toHaveProperty('failure');
    expect(JSON.stringify(answer)).not.toContain('found@example.org');
    const sent = await only({ authorization: id, outcome: 'sent' });
    expect(sent).toMatchObject({ id: one['id'], attempts: 1 });
    expect(mailAbout(`${String(one['id'])}.2`)).toContain('To: found@example.org');
  });

  it('was sent, and came back: it is on the work list again, and counted (CONF-05)', async () => {
    const of = await paperCase(supplier, { director: { email: 'waits@example.org' } });
    const { id } = await of.authorize((await of.means()).id);
    const waiting = await only({ authorization: id });
    expect(refusal(await decide(waiting, back(1)))).toEqual([409, 'confirmation-not-sent']);
    open('waits@example.org');
    const one = await only({ authorization: id, outcome: 'sent' });
    const before = await failures();
    const key = `back-${String(one['id'])}`;
    const answer = having(await decide(one, back(1), key), 200).body;
    expect(answer).toMatchObject({ channel: 'email', outcome: 'failed', failure: 'notReached' });
    having(await decide(one, back(1), key), 200);
    having(await decide(one, back(1)), 200);
    expect(await failures()).toBe(before + 1);
    await only({ authorization: id, notDelivered: true });
    await contact(`/v1/persons/${of.director.id}`, 'reached@example.org');
    having(await decide(one, { retry: true }), 200);
    await only({ authorization: id, outcome: 'sent' });
    expect(mailAbout(`${String(one['id'])}.2`)).toContain('To: reached@example.org');
    expect(await show(one['id'])).toMatchObject({ sending: 2 });
    // What comes back of the first once more, or of one that never was, says nothing of the second.
    expect(having(await decide(one, back(1)), 200).body).toMatchObject({ outcome: 'sent' });
    expect(refusal(await decide(one, back(3)))).toEqual([409, 'confirmation-not-sent']);
    having(await decide(one, back(2)), 200);
    const letter = { on: today(), evidence: 'registered letter 3SABCD1234567' };
    having(await decide(one, { letter }), 200);
    const returned = having(await decide(one, back(3)), 200).body;
    expect(returned).toMatchObject({ channel: 'letter', outcome: 'failed', failure: 'notReached', sending: 3 });
    expect(returned).not.toHaveProperty('letter');
    // That very letter tells him no more.
    expect(refusal(await decide(one, { letter }))).toEqual([409, 'letter-came-back']);
  });

  it('fails again where it is sent again in vain, and may be sent again then', async () => {
    const one = await undelivered('nobody@example.org');
    having(await decide(one, { retry: true }), 200);
    await until('it was tried again', async () => (await show(one['id']))['outcome'] === 'failed');
    having(await decide(one, { retry: true }), 200);
    await until('and again', async () => (await show(one['id']))['outcome'] === 'failed');
    expect(await show(one['id'])).toMatchObject({ failure: 'refused', failureStatus: 550, attempts: 1 });
  });

  it.each<[string, Json, number, string]>([
    ['without an address', { retry: true }, 409, 'confirmation-without-mail'],
    ['by a letter of tomorrow', { letter: { on: 'tomorrow', evidence: 'e' } }, 400, 'instant-in-future'],
    ['by a letter of before', { letter: { on: 'before', evidence: 'e' } }, 409, 'letter-before-confirmation'],
    ['by a letter of long ago', { letter: { on: 'longAgo', evidence: 'e' } }, 400, 'late-entry-reason-missing'],
    ['by a letter of tomorrow that nothing shows', { letter: { on: 'tomorrow' } }, 400, 'instant-in-future'],
    ['by both', { retry: true, letter: { on: 'before', evidence: 'e' } }, 400, 'invalid-value'],
    ['by neither', {}, 400, 'invalid-value'],
    ['by a retry that is none', { retry: false }, 400, 'invalid-value'],
    ['by what came back, of no sending', { notReached: {} }, 400, 'required'],
    ['by what came back of it, as it was not sent', { notReached: { sending: 1 } }, 409, 'confirmation-not-sent'],
    ['by a retry of what came back', { retry: true, notReached: { sending: 1 } }, 400, 'invalid-value'],
    ['by a letter on no day', { letter: { on: '2026-02-30', evidence: 'e' } }, 400, 'invalid-value'],
    ['by a letter that nothing shows', { letter: { on: 'before' } }, 400, 'required'],
  ])('is not told %s', async (_how, body, status, code) => {
    const one = await undelivered();
    const days: Readonly<Record<string, number>> = { tomorrow: 1, before: -2, longAgo: -40 };
    const { letter } = body as { readonly letter?: { readonly on: string } };
    const on = letter && days[letter.on];
    const said =
      on === undefined ? body : { ...body, letter: { ...letter, on: amsterdamDate(Date.parse(at(on * DAY))) } };
    const answer = await decide(one, said);
    const codes = [answer.body['code'], ...((answer.body['errors'] ?? []) as Json[]).map((fault) => fault['code'])];
    expect([answer.status, codes]).toEqual([status, expect.arrayContaining([code])]);
    expect(await show(one['id'])).toMatchObject({ outcome: 'none' });
  });

  it('has no letter once whom it went to is erased, and is not decided where there is none', async () => {
    const case9 = await paperCase(supplier);
    const { id } = await case9.authorize((await case9.means()).id);
    const one = await only({ authorization: id, notDelivered: true });
    suite.destroyKey({ kind: 'person', id: case9.director.id });
    expect(refusal(await decide(one, { letter: { on: today(), evidence: 'e' } }))).toEqual([410, 'erased']);
    const unknown = { id: '6f7a8b9c-1111-4222-8333-944455566677' };
    expect(refusal(await decide(unknown, { retry: true }))).toEqual([404, 'no-such-confirmation']);
  });
});

it('goes by webhook where there is no address and somebody listens: the id alone, the words by GET (CONF-05)', async () => {
  const subscription = { address: `${told.url}/hook`, eventTypes: ['ConfirmationWritten'] };
  const { id: hook } = having(await governance.command('/v1/webhook-subscriptions', subscription), 201).body;
  const case5 = await paperCase(supplier);
  const { id } = await case5.authorize((await case5.means()).id);
  const one = await only({ authorization: id, outcome: 'sent' });
  expect(one).toMatchObject({ channel: 'webhook', attempts: 1 });
  const delivered = told.received.map(({ body }) => JSON.parse(body) as { data: { type: string; data: Json } });
  expect(delivered.map(({ data }) => [data.type, data.data])).toContainEqual([
    'ConfirmationWritten',
    { confirmation: one['id'] },
  ]);
  expect(having(await governance.get(`/v1/confirmations/${String(one['id'])}`), 200).body['text']).toContain(
    'Testmedewerker',
  );
  having(await governance.command(`/v1/webhook-subscriptions/${String(hook)}/endings`, {}), 200);
});

it('that waits for a receiver, and in vain, can be sent by mail or told by letter (CONF-05)', async () => {
  const away = await receiver(answering(503));
  const subscription = { address: `${away.url}/hook`, eventTypes: ['ConfirmationWritten'] };
  const { id: hook } = having(await governance.command('/v1/webhook-subscriptions', subscription), 201).body;
  const waiting = async () => {
    const of = await paperCase(supplier);
    const { id } = await of.authorize((await of.means()).id);
    const one = await only({ authorization: id, outcome: 'waiting' });
    expect(one).toMatchObject({ channel: 'webhook' });
    return { of, authorization: id, one, path: `/v1/confirmations/${String(one['id'])}/decisions` };
  };
  const [mailed, lettered, left] = [await waiting(), await waiting(), await waiting()];
  const refused = await supplier.command(mailed.path, { retry: true });
  expect([refused.status, refused.body['code']]).toEqual([409, 'confirmation-without-mail']);
  await contact(`/v1/persons/${mailed.of.director.id}`, 'director-2@example.org');
  having(await supplier.command(mailed.path, { retry: true }), 200);
  expect(await only({ authorization: mailed.authorization, outcome: 'sent' })).toMatchObject({ channel: 'email' });
  const letter = { on: amsterdamDate(Date.parse(at(0))), evidence: 'registered letter 3SABCD1234567' };
  expect(having(await supplier.command(lettered.path, { letter }), 200).body).toMatchObject({ channel: 'letter' });
  const before = await failures();
  having(await governance.command(`/v1/webhook-subscriptions/${String(hook)}/endings`, {}), 200);
  // Its next attempt finds nobody.
  const one = await only({ authorization: left.authorization, notDelivered: true });
  expect(one).toMatchObject({ outcome: 'failed', failure: 'receiver' });
  expect(await failures()).toBe(before + 1);
  await away.close();
});

it('an erased name takes the words with it, and nothing else (RIGHTS-06)', async () => {
  const case6 = await paperCase(supplier, { director: { email: 'opened@example.org' } });
  const { id } = await case6.authorize((await case6.means()).id);
  const one = await only({ authorization: id, outcome: 'sent' });
  suite.destroyKey({ kind: 'person', id: case6.employee.id });
  const shown = await show(one['id']);
  expect(shown).toMatchObject({ erased: true, contentHash: one['contentHash'], outcome: 'sent' });
  expect(shown).not.toHaveProperty('text');
});

it('there is none with an id that was never given', async () => {
  const answer = await supplier.get('/v1/confirmations/6f7a8b9c-1111-4222-8333-944455566677');
  expect([answer.status, answer.body['code']]).toEqual([404, 'no-such-confirmation']);
});

// Last: the register's clock goes on by days, and what a case is made of does not.
it('a mail server that does not take it for days is not asked any more, and it is a work-list item (CONF-05)', async () => {
  const case7 = await paperCase(supplier, { director: { email: 'later@example.org' } });
  const { id } = await case7.authorize((await case7.means()).id);
  await until('it was tried', () => mail.attempts('later@example.org') > 0);
  expect(await only({ authorization: id })).toMatchObject({ outcome: 'waiting' });
  suite.pass(4 * DAY);
  const one = await only({ authorization: id, notDelivered: true });
  expect(one).toMatchObject({ outcome: 'failed', failure: 'notTaken', attempts: mail.attempts('later@example.org') });
});
