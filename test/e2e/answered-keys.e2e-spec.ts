import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Json } from './support/api.js';
import type { Human } from './support/clerk.js';
import { at, freshNumber, paperCase, type PaperCase } from './support/case.js';
import { freshKey, having, type Answer, type Client } from './support/client.js';
import { dumpDatabase, formsFound } from './support/dump.js';
import { freshPlace, startSuite, type Place, type TestSuite } from './support/suite.js';

/** interfaces.md §3: an accepted command that found nothing to change remembers its key as well. */

let place: Place;
let suite: TestSuite;
let supplier: Client;
let case1: PaperCase;

beforeAll(async () => {
  place = await freshPlace();
  await start();
  case1 = await paperCase(supplier);
});
afterAll(async () => {
  await suite.stop();
  await place.drop();
});

async function start(): Promise<void> {
  suite = await startSuite(place);
  supplier = await suite.client('supplier');
}

/** A command that finds nothing to change, and what happens to its object after it was answered. */
interface Situation {
  readonly path: string;
  readonly body: Json;
  /** Of the same form, with something else in it. */
  readonly other: Json;
  readonly status: 200 | 201;
  /** What the first answer shows, and no longer what is so `afterwards`. */
  readonly shows: Json;
  readonly client?: Client;
  afterwards(): Promise<unknown>;
}

const idOf = ({ body }: Answer): string => body['id'] as string;
const isReplay = ({ headers }: Answer): boolean => headers.get('idempotency-replayed') === 'true';

/** What `ask` adds to the event log. */
async function eventsOf(ask: () => Promise<Answer>): Promise<{ readonly answer: Answer; readonly events: bigint }> {
  const before = (await suite.heads()).events;
  const answer = await ask();
  return { answer, events: (await suite.heads()).events - before };
}

const newParty = async (
  more: Json = {},
): Promise<{ readonly path: string; readonly id: string; readonly body: Json }> => {
  const number = freshNumber();
  const name = `Test Stichting ${number}`;
  const body = { kind: 'privateLegalPerson', register: 'kvk', number, name, naturalPersonsBusiness: false, ...more };
  const id = idOf(having(await supplier.command('/v1/parties', body), 201));
  return { path: `/v1/parties/${id}`, id, body };
};

const report = async (party: string): Promise<unknown> =>
  having(await supplier.command(`${party}/special-circumstances`, { reported: true }), 200);

const look = async (party: string, outcome: 'found' | 'none'): Promise<string> =>
  case1.desk.check(
    await case1.desk.application('nonElectronic', ['change'], 2),
    {
      type: 'specialCircumstancesCheck',
      about: { party },
      outcome,
      otherRepresentativeRegistered: false,
      source: { name: 'trade-register', reference: 'r-1' },
    },
    1,
  );

const clearing = async (party: string): Promise<Json> => ({ reported: false, checks: [await look(party, 'none')] });

const change = async (about: Json, set: Json): Promise<Json> => {
  const application = await case1.desk.application('nonElectronic', ['change'], 2);
  const check = await case1.desk.check(
    application,
    { type: 'identityAttributesRecorded', about, uniquelyIdentifying: true },
    1,
  );
  return { application, checks: [check], set };
};

const newPerson = async (more: Json = {}): Promise<Human> => {
  const mark = randomUUID().slice(0, 8);
  const attributes = {
    familyName: `Test-${mark}`,
    givenNames: 'Specimen',
    birthDate: '1985-04-12',
    birthPlace: 'Teststad',
    ...more,
  };
  const document = { documentType: 'passport', issuingState: 'NLD', number: `N${mark}`, expiresOn: '2031-03-09' };
  return case1.desk.person(`twin-${mark}`, attributes, document);
};

const addContact = async (path: string): Promise<unknown> =>
  having(
    await supplier.command(`${path}/contacts`, { kind: 'email', value: 'post@example.org', suppliedBy: 'submitter' }),
    201,
  );

/** Two persons with the same attributes: the later one is recognized in the earlier. */
async function twins(): Promise<{ readonly first: string; readonly second: string; readonly path: string }> {
  const familyName = `Twin-${randomUUID().slice(0, 8)}`;
  const first = (await newPerson({ familyName })).id;
  const second = (await newPerson({ familyName })).id;
  return { first, second, path: `/v1/persons/${second}` };
}

const SITUATIONS: { readonly [name: string]: () => Promise<Situation> } = {
  'circumstances that were reported already, and are cleared then': async () => {
    const { path, id } = await newParty();
    await report(path);
    return {
      path: `${path}/special-circumstances`,
      body: { reported: true },
      other: await clearing(id),
      status: 200,
      shows: { specialCircumstances: true },
      afterwards: async () => having(await supplier.command(`${path}/special-circumstances`, await clearing(id)), 200),
    };
  },
  'circumstances that nobody reported, cleared, and reported then': async () => {
    const { path, id } = await newParty();
    return {
      path: `${path}/special-circumstances`,
      body: await clearing(id),
      other: { reported: true },
      status: 200,
      shows: { specialCircumstances: false },
      afterwards: () => report(path),
    };
  },
  'circumstances that nobody found, cleared, and found by a look then': async () => {
    const { path, id } = await newParty();
    return {
      path: `${path}/special-circumstances`,
      body: await clearing(id),
      other: { reported: true },
      status: 200,
      shows: { specialCircumstances: false },
      afterwards: () => look(id, 'found'),
    };
  },
  'a party that another client registers again, and that is corrected then': async () => {
    const { path, id, body } = await newParty();
    return {
      path: '/v1/parties',
      body,
      other: { ...body, name: 'Test Stichting Anders' },
      status: 201,
      shows: { id, name: body['name'] },
      client: await suite.client('supplier', 'another-office'),
      afterwards: async () =>
        having(
          await supplier.command(`${path}/corrections`, await change({ party: id }, { name: 'Test Stichting N' })),
          200,
        ),
    };
  },
  'a natural person’s business that is registered again, and is corrected then': async () => {
    const { path, id, body } = await newParty({ kind: 'undertaking', naturalPersonsBusiness: true });
    return {
      path: '/v1/parties',
      body,
      other: { ...body, name: 'Test Stichting Anders' },
      status: 201,
      shows: { id, name: body['name'] },
      afterwards: async () =>
        having(
          await supplier.command(`${path}/corrections`, await change({ party: id }, { name: 'Test Zaak N' })),
          200,
        ),
    };
  },
  'a correction of a party to what it is, which is corrected then': async () => {
    const { path, id, body } = await newParty();
    const correction = await change({ party: id }, { name: body['name'] });
    return {
      path: `${path}/corrections`,
      body: correction,
      other: { ...correction, set: { name: 'Test Stichting M' } },
      status: 200,
      shows: { name: body['name'] },
      afterwards: async () =>
        having(
          await supplier.command(`${path}/corrections`, await change({ party: id }, { name: 'Test Stichting N' })),
          200,
        ),
    };
  },
  'a correction of a party to what it is, whose circumstances were found, and are cleared then': async () => {
    const { path, id, body } = await newParty();
    await look(id, 'found');
    const correction = await change({ party: id }, { name: body['name'] });
    return {
      path: `${path}/corrections`,
      body: correction,
      other: { ...correction, set: { name: 'Test Stichting M' } },
      status: 200,
      shows: { specialCircumstances: true },
      afterwards: async () => having(await supplier.command(`${path}/special-circumstances`, await clearing(id)), 200),
    };
  },
  'a correction of a person to what he is, who gets a contact then': async () => {
    const { id } = await newPerson({ familyName: 'Testnaam' });
    const correction = await change({ person: id }, { familyName: 'Testnaam' });
    return {
      path: `/v1/persons/${id}/corrections`,
      body: correction,
      other: { ...correction, set: { familyName: 'Andersnaam' } },
      status: 200,
      shows: { id, familyName: 'Testnaam', contacts: [] },
      afterwards: () => addContact(`/v1/persons/${id}`),
    };
  },
  'a link that was made already, of a person who gets a contact then': async () => {
    const { first, path } = await twins();
    const body = { to: first, same: true };
    having(await supplier.command(`${path}/links`, body), 200);
    return {
      path: `${path}/links`,
      body,
      other: { to: first, same: false, distinguishedBy: ['birthPlace'] },
      status: 200,
      shows: { duplicate: 'linked', contacts: [] },
      afterwards: () => addContact(path),
    };
  },
  'two records that were told apart already, of which one gets a contact then': async () => {
    const { first, path } = await twins();
    const body = { to: first, same: false, distinguishedBy: ['document'] };
    having(await supplier.command(`${path}/links`, body), 200);
    return {
      path: `${path}/links`,
      body,
      other: { to: first, same: true },
      status: 200,
      shows: { duplicate: 'none', contacts: [] },
      afterwards: () => addContact(path),
    };
  },
  'means identified by the same checks again, and issued then': async () => {
    const { application, employee, ofEmployee } = case1;
    const applied = { application, holder: employee.id, product: 'password-sms', aimedStork: 3 };
    const means = idOf(having(await supplier.command('/v1/means', applied), 201));
    const path = `/v1/means/${means}`;
    const body = { checks: ofEmployee };
    having(await supplier.command(`${path}/identifications`, body), 200);
    return {
      path: `${path}/identifications`,
      body,
      other: { checks: ofEmployee.slice(1) },
      status: 200,
      shows: { status: 'identified' },
      afterwards: async () => {
        const delivery = { form: 'registeredLetter', addressValidated: true };
        const facts = { type: 'meansDelivery', about: { means }, ...delivery };
        const check = await case1.desk.check(application, facts, 1);
        having(await supplier.command(`${path}/issuances`, { checks: [check] }), 200);
      },
    };
  },
  'a means that was activated at that moment, and is revoked then': async () => {
    const means = idOf({ body: await case1.issued() } as Answer);
    const body = { activatedAt: at(0) };
    having(await supplier.command(`/v1/means/${means}/activations`, body), 200);
    return {
      path: `/v1/means/${means}/activations`,
      body,
      other: { activatedAt: at(-60_000) },
      status: 200,
      shows: { status: 'active' },
      afterwards: () => revoke({ means }, means),
    };
  },
  'an authorization that was activated at that moment, and is revoked then': async () => {
    const { id: means } = await case1.means();
    const { id } = await case1.authorize(means, { awaitsActivation: true });
    const application = await case1.desk.application('electronic', ['activation'], 1);
    const login = { type: 'authentication', about: { person: case1.employee.id }, means, level: 'EH3', at: at(0) };
    const check = await case1.desk.check(application, login, 0);
    const body = { application, checks: [check], activatedAt: at(0) };
    having(await supplier.command(`/v1/authorizations/${String(id)}/activations`, body), 200);
    return {
      path: `/v1/authorizations/${String(id)}/activations`,
      body,
      other: { ...body, activatedAt: at(-60_000) },
      status: 200,
      shows: { status: 'active' },
      afterwards: () => revoke({ authorization: id }, means),
    };
  },
};

const revoke = async (object: Json, login: string): Promise<Answer> =>
  having(await supplier.command('/v1/revocation-requests', await case1.revocation(object, login)), 201);

describe('a command that found nothing to change', () => {
  it.each(Object.keys(SITUATIONS))('is answered again as it was first: %s', async (name) => {
    const { path, body, other, status, shows, client = supplier, afterwards } = await SITUATIONS[name]!();
    const key = freshKey();
    const first = await eventsOf(() => client.command(path, body, key));
    expect(having(first.answer, status).body).toMatchObject(shows);
    expect([first.events, isReplay(first.answer)]).toEqual([0n, false]);

    await afterwards();
    const again = await eventsOf(() => client.command(path, body, key));
    expect([again.answer.status, again.answer.body]).toEqual([status, first.answer.body]);
    expect([again.events, isReplay(again.answer)]).toEqual([0n, true]);
    for (const header of ['etag', 'location']) {
      expect(again.answer.headers.get(header)).toBe(first.answer.headers.get(header));
    }
    // Not because nothing has changed.
    const object = status === 201 ? `${path}/${idOf(again.answer)}` : path.split('/').slice(0, 4).join('/');
    expect((await supplier.get(object)).body).not.toMatchObject(shows);

    const reused = await eventsOf(() => client.command(path, other, key));
    expect([reused.answer.status, reused.answer.body['code'], reused.events]).toEqual([
      ...[409, 'idempotency-key-reused', 0n],
    ]);
    const last = await client.command(path, body, key);
    expect([last.status, last.body]).toEqual([status, first.answer.body]);
  });

  it('is answered once to many that ask at once with its key, and changes nothing', async () => {
    const { path } = await newParty();
    await report(path);
    const key = freshKey();
    const before = (await suite.heads()).events;
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => supplier.command(`${path}/special-circumstances`, { reported: true }, key)),
    );
    for (const answer of answers) expect(having(answer, 200).body).toEqual(answers[0]!.body);
    expect(answers.filter((answer) => !isReplay(answer))).toHaveLength(1);
    expect((await suite.heads()).events).toBe(before);
  });

  it('is answered again by the next process', async () => {
    const { path, id } = await newParty();
    await report(path);
    const [key, body] = [freshKey(), { reported: true }];
    const first = having(await supplier.command(`${path}/special-circumstances`, body, key), 200);
    having(await supplier.command(`${path}/special-circumstances`, await clearing(id)), 200);
    await suite.stop();
    await start();
    case1 = await paperCase(supplier);
    const again = having(await supplier.command(`${path}/special-circumstances`, body, key), 200);
    expect([again.body, isReplay(again)]).toEqual([first.body, true]);
    expect((await supplier.get(path)).body).toMatchObject({ specialCircumstances: false });
  });

  it('is another request for another client, and for another object', async () => {
    const [one, two] = [await newParty(), await newParty()];
    await report(one.path);
    const key = freshKey();
    const reporting = (party: string, client = supplier) =>
      eventsOf(() => client.command(`${party}/special-circumstances`, { reported: true }, key));
    expect((await reporting(one.path)).events).toBe(0n);
    const elsewhere = await reporting(two.path);
    // One event, behind that of its registration; how far it moves the head is the store's own.
    expect([elsewhere.events > 0n, elsewhere.answer.headers.get('etag')]).toEqual([true, '"1"']);
    expect(isReplay(elsewhere.answer)).toBe(false);
    const theirs = await reporting(one.path, await suite.client('supplier', 'another-office'));
    expect([theirs.events, isReplay(theirs.answer)]).toEqual([0n, false]);
  });

  it('leaves its key free when it is refused, or written against another revision', async () => {
    const { path, id } = await newParty();
    await report(path);
    const key = freshKey();
    const notCleared = { reported: false, checks: [await look(id, 'found')] };
    const command = (body: Json, headers = {}) => supplier.command(`${path}/special-circumstances`, body, key, headers);
    expect((await command(notCleared)).body['code']).toBe('circumstances-not-cleared');
    expect((await command({ reported: true }, { 'if-match': '"0"' })).status).toBe(412);
    const free = having(await command({ reported: true }, { 'if-match': '"1"' }), 200);
    expect(isReplay(free)).toBe(false);
    // The revision it was written against is not asked again.
    await addContact(path);
    const again = having(await command({ reported: true }, { 'if-match': '"1"' }), 200);
    expect([again.body, isReplay(again)]).toEqual([free.body, true]);
  });

  it('decides nothing on a body with faults, also where its key was claimed and never answered', async () => {
    const { path } = await newParty();
    await report(path);
    const key = freshKey();
    const send = (body: Json) => supplier.command(`${path}/special-circumstances`, body, key);
    having(await send({ reported: true }), 200);
    // As a process leaves it that ends between claim and answer; and then the object moves on.
    await place.register.query(`update waarborg.answered_keys set settled = false where object = $1`, [
      `party-${path.split('/').at(-1)!}`,
    ]);
    await addContact(path);
    const before = await suite.heads();
    const refused = await send({ reported: true, more: 1 });
    expect([refused.status, refused.body['code']]).toEqual([400, 'unknown-member']);
    expect(await suite.heads()).toEqual(before);
  });

  it('keeps nothing personal: neither what was answered nor what the caller wrote into its key', async () => {
    const name = `Sleutelnaam${freshNumber()}`;
    const { body } = await newParty({ kind: 'undertaking', naturalPersonsBusiness: true, name });
    const key = `mail-${name}@example.org`;
    having(await supplier.command('/v1/parties', body, key), 201);
    const again = having(await supplier.command('/v1/parties', body, key), 201);
    expect([again.body['name'], isReplay(again)]).toEqual([name, true]);
    const [kept] = (await dumpDatabase(place.register.url)).filter(({ table }) => table.endsWith('.answered_keys'));
    expect(kept!.text).toContain(`party-${idOf(again)}`);
    expect(formsFound(kept!.text, name)).toEqual([]);
  });
});

describe('a command that recorded something under another key', () => {
  it('keeps its own answers: a document and a contact recorded twice are two, each with its retry', async () => {
    const { id } = await newPerson();
    const document = {
      documentType: 'identityCard',
      issuingState: 'NLD',
      number: `I${freshNumber()}`,
      expiresOn: '2031-03-09',
    };
    const contact = { kind: 'email', value: 'post@example.org', suppliedBy: 'submitter' };
    for (const [path, body] of [
      [`/v1/persons/${id}/documents`, document],
      [`/v1/persons/${id}/contacts`, contact],
    ] as const) {
      const keys = [freshKey(), freshKey()] as const;
      const firsts = [await supplier.command(path, body, keys[0]), await supplier.command(path, body, keys[1])];
      for (const [index, first] of firsts.entries()) {
        const again = await eventsOf(() => supplier.command(path, body, keys[index]!));
        expect([again.answer.status, again.answer.body, isReplay(again.answer), again.events]).toEqual([
          ...[having(first, 201).status, first.body, true, 0n],
        ]);
      }
    }
  });

  it('says of a second revocation that it was revoked already, and says so again', async () => {
    const { id: means } = await case1.means();
    const { id: login } = await case1.means();
    const authorization = (await case1.authorize(means))['id'];
    await revoke({ authorization }, login);
    const body = await case1.revocation({ authorization }, login);
    const key = freshKey();
    const second = having(await supplier.command('/v1/revocation-requests', body, key), 201);
    expect(second.body).toMatchObject({ status: 'effected', alreadyRevoked: true });
    const again = await eventsOf(() => supplier.command('/v1/revocation-requests', body, key));
    expect([again.answer.status, again.answer.body]).toEqual([201, second.body]);
    expect([again.events, isReplay(again.answer)]).toEqual([0n, true]);
  });
});
