import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { instantFromEpoch, streamId, type AuthorizationId, type DomainEvent, type StreamId } from '#libs/kernel';
import { addresseesOfNotice, authorizationsProjection, meansProjection, seed, type Backbone } from '#libs/application';
import type { WrittenConfirmation } from '#libs/domain';
import { confirmationDecider } from '#libs/domain';
import { fixedClock, memoryBackbone, uuid, type MemoryBackbone } from '#libs/testing';
import { webhookSubscriptionsProjection } from '../webhook-subscriptions/webhook-subscriptions.projection.js';
import { lapseOvertaken } from './lapses.js';
import { asHtml, withNames } from './letters.js';
import { contentOf } from './opened-confirmation.js';
import { sendings } from './send-confirmations.js';
import { isTold } from './what-is-told.js';
import { passOn, PASSING_ON } from './pass-on.js';
import { TELLING } from './telling-work.js';
import { enqueueTellings, hashOf, MAIL, writeTelling } from './write-confirmations.js';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const ids = {
  submitter: uuid('subm'),
  employee: uuid('empl'),
  admin: uuid('adm'),
  party: uuid('party'),
  intermediary: uuid('inter'),
  client: uuid('client'),
};
/** It takes chains. */
const SERVICE = 'urn:etoegang:DV:00000099800000002000:services:1';
const TAX = 'urn:etoegang:DV:00000099800000003000:services:1';
const WITHOUT_CHAINS = 'urn:etoegang:DV:00000099800000001000:services:1';

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(instantFromEpoch(NOW)), {
    readModels: [authorizationsProjection, meansProjection, webhookSubscriptionsProjection] as never,
    telling: { language: 'nl', mail: { send: async () => ({ is: 'taken' }) } },
  });
  for (const [name, id] of [
    ['Submitter', ids.submitter],
    ['Employee', ids.employee],
    ['Admin', ids.admin],
  ] as const) {
    await memory.record('person', id, {
      type: 'PersonRegistered',
      data: {
        person: id,
        familyName: { clear: name },
        email: { clear: `${name.toLowerCase()}@example.org` },
        identifyingAttributes: ['familyName'],
      },
    } as DomainEvent);
  }
  for (const [number, id] of [
    ['69599084', ids.party],
    ['69599068', ids.intermediary],
    ['69599076', ids.client],
  ] as const) {
    const publicDetails = { name: `Stichting ${number}`, email: `post@${number}.example` };
    const data = { party: id, kind: 'privateLegalPerson', register: 'kvk', number, publicDetails };
    await memory.record('party', id, { type: 'PartyRegistered', data } as DomainEvent);
  }
});
afterEach(() => memory.close());

const day = (days: number) => instantFromEpoch(NOW + days * 86_400_000);

const registration = (id: string, more: object = {}): DomainEvent =>
  ({
    type: 'AuthorizationRegistered',
    data: {
      authorization: id,
      application: uuid('appl'),
      registration: 'first',
      authority: 'regular',
      representedParty: ids.party,
      submitter: { person: ids.submitter, role: 'legalRepresentative' },
      authorizedParty: { person: ids.employee, means: uuid('means'), pseudonym: 'p1' },
      scope: { all: false, services: [SERVICE], groups: [] },
      forThirdParties: false,
      nature: { rightOfSubstitution: false, actsIndependently: true },
      validFrom: day(0),
      validUntil: day(100),
      capped: true,
      registeredAt: day(0),
      checks: [],
      scores: { IO: 3 },
      rows: {},
      m: 2,
      eh: 'EH2+',
      eidas: 'low',
      submitterLevel: 'EH3',
      flags: [],
      aimedLevel: 'EH3',
      acceptLower: true,
      ...more,
    },
  }) as DomainEvent;
const activation = (id: string): DomainEvent =>
  ({
    type: 'AuthorizationActivated',
    data: { authorization: id, application: uuid('appl'), activatedAt: day(0), checks: [], late: false },
  }) as DomainEvent;

/** Records the facts together, and writes what is told of the last that is of the type. */
async function told(id: string, facts: readonly DomainEvent[], type = facts[0]!.type, stream = 'authorization') {
  await memory.record(stream as 'authorization', id, ...facts);
  return tellAgain(id, type, stream);
}

async function tellAgain(
  id: string,
  type: string,
  category = 'authorization',
): Promise<readonly WrittenConfirmation[]> {
  const stream = `${category}-${id}` as StreamId;
  const event = (await memory.stores.events.readStream(stream)).findLast((each) => each.type === type)!;
  const fact = { event: event.id, stream, revision: event.revision, correlationId: 'test' };
  await enqueueTellings(memory.backbone, fact, new AbortController().signal);
  await writeAll();
  const found: WrittenConfirmation[] = [];
  for (const { stream: of } of await allConfirmations()) {
    const { state } = await memory.backbone.commands.load(confirmationDecider, of);
    if (state.status !== 'unwritten' && state.event === event.id) found.push(state);
  }
  return found;
}

/** Everything that waits to be written. */
async function writeAll(): Promise<void> {
  const { dueWork, now } = memory.backbone;
  await lookThrough();
  for (let items; (items = await dueWork.due(TELLING, now(), 100)).length > 0;) {
    for (const item of items) {
      await writeTelling(memory.backbone, item);
      await dueWork.done(item, now());
    }
  }
}

/** Every page of what facts pass on. */
async function lookThrough(): Promise<void> {
  const { dueWork, now } = memory.backbone;
  for (let items; (items = await dueWork.due(PASSING_ON, now(), 100)).length > 0;) {
    for (const item of items) {
      await passOn(memory.backbone, item, new AbortController().signal);
      await dueWork.done(item, now());
    }
  }
}

async function allConfirmations() {
  const { items } = await memory.stores.feed.read(-1n, 1_000);
  return items.filter(({ type }) => type === 'ConfirmationWritten');
}

const whom = (all: readonly WrittenConfirmation[]) =>
  all.map(({ kind, addressee }) => `${kind} ${addressee.role} ${addressee.id}`).sort();

const content = async ({ confirmation, effective }: WrittenConfirmation): Promise<string> => {
  const { history } = await memory.backbone.commands.load(confirmationDecider, streamId('confirmation', confirmation));
  return contentOf(memory.backbone.sealer, history, effective.revokesAt);
};

describe('what is told of a registration', () => {
  const id = uuid('auth');

  it('goes to whoever submitted it, with what is in force: scope, nature, duration, authorized party (CONF-01, CONF-02)', async () => {
    const [one, ...others] = await told(id, [registration(id), activation(id)]);
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      ...{ status: 'waiting', channel: 'email', language: 'nl', about: { authorization: id } },
      addressee: { role: 'submitter', kind: 'person', id: ids.submitter },
      effective: {
        ...{ validFrom: day(0), validUntil: day(100), capped: true, level: 'EH2+', aimedLevel: 'EH3' },
        ...{ rightOfSubstitution: false, actsIndependently: true },
      },
    });
    expect(one!.contentHash).toBe(hashOf(one!.subject, one!.text));
    expect(one!.text).not.toContain('Employee');
    const text = await content(one!);
    expect(text).toContain('Gemachtigde: Employee\n');
    expect(text).toContain('Vertegenwoordigde organisatie: Stichting 69599084 (kvk:69599084)\n');
    expect(text).toContain(`(${SERVICE})`);
    expect(text).toContain('Recht van substitutie (mag de bevoegdheid doorgeven): nee\n');
    expect(text).toContain('Geldig vanaf: 2 maart 2026, 13:00\n');
    expect(text).toContain('Geldig tot: 10 juni 2026, 14:00 (ingekort: hoogstens vijf jaar)\n');
    expect(text).toContain('Betrouwbaarheidsniveau: EH2+ (gevraagd: EH3)\n');
    expect(text).not.toContain('Let op');
    expect(await tellAgain(id, 'AuthorizationActivated')).toEqual([]);
  });

  it('says that it is still to be activated, and is followed by a confirmation once it is', async () => {
    const [one] = await told(id, [registration(id)]);
    expect(await content(one!)).toContain('Let op: de machtiging werkt pas');
  });

  it('goes to the organization’s own address where whoever submitted it is identified by nothing (CONF-01, AMB-64)', async () => {
    const all = await told(id, [registration(id, { scores: { IO: 1 } })]);
    expect(whom(all)).toEqual([`authorizationRegistered representedParty ${ids.party}`]);
    expect(all[0]).toMatchObject({ channel: 'email' });
  });

  it('goes to whoever submitted it from the score on by which he is identified (CONF-01, AMB-64)', async () => {
    const all = await told(id, [registration(id, { scores: { IO: 2 } })]);
    expect(whom(all)).toEqual([`authorizationRegistered submitter ${ids.submitter}`]);
  });

  it('is written once, and sent once, however often the event comes (CONF-05)', async () => {
    await told(id, [registration(id)]);
    await tellAgain(id, 'AuthorizationRegistered');
    expect(await allConfirmations()).toHaveLength(1);
    expect((await memory.backbone.dueWork.figures(MAIL)).waiting).toBe(1);
  });

  it('in English, where that is the installation’s language', async () => {
    const english = await memoryBackbone(fixedClock(instantFromEpoch(NOW)), {
      readModels: [authorizationsProjection, webhookSubscriptionsProjection] as never,
      telling: { language: 'en' },
    });
    memory.close().catch(() => undefined);
    memory = english;
    const [one] = await told(id, [registration(id), activation(id)]);
    expect(one).toMatchObject({
      ...{ language: 'en', subject: 'Confirmation: authorization registered', channel: 'none' },
      noChannel: 'mailOff',
    });
    expect(one!.text).toContain('Valid until: 10 June 2026, 14:00 (cut short: at most five years)\n');
  });
});

describe('who is told besides', () => {
  it('the represented party, where its authority may be passed on (CHAIN-04)', async () => {
    const id = uuid('auth');
    const nature = { rightOfSubstitution: true, actsIndependently: true };
    const all = await told(id, [registration(id, { authorizedParty: { party: ids.intermediary }, nature })]);
    expect(whom(all)).toEqual(
      [
        `authorizationRegistered representedParty ${ids.party}`,
        `authorizationRegistered submitter ${ids.submitter}`,
      ].sort(),
    );
    expect(all[0]!.text).toContain('Recht van substitutie (mag de bevoegdheid doorgeven): ja\n');
  });

  it('whoever let an intermediary pass it on, when it does, and nobody whom it is not for (CHAIN-04)', async () => {
    const passable = { nature: { rightOfSubstitution: true, actsIndependently: true } };
    const toIntermediary = { authorizedParty: { party: ids.intermediary } };
    const [link, other, kept, apart] = [uuid('l1'), uuid('l2'), uuid('l3'), uuid('l4')];
    const stand = (id: string, more: object) =>
      memory.record('authorization', id, registration(id, { ...toIntermediary, ...more }), activation(id));
    await stand(link, passable);
    await stand(other, { ...passable, representedParty: ids.client });
    await stand(kept, {});
    await stand(apart, {
      ...passable,
      representedParty: uuid('else'),
      scope: { all: false, services: ['x'], groups: [] },
    });
    const id = uuid('auth');
    const all = await told(id, [registration(id, { representedParty: ids.intermediary, onlyForClients: [ids.party] })]);
    const notice = all.find(({ kind }) => kind === 'substitution')!;
    expect(whom(all)).toEqual([
      `authorizationRegistered submitter ${ids.submitter}`,
      `substitution representedParty ${ids.party}`,
    ]);
    expect(notice.subject).toBe('Melding: uw machtiging is doorgegeven');
    expect(await content(notice)).toContain(`Uw eigen machtiging: ${link}\n`);
    expect(await content(notice)).not.toMatch(/Alleen voor deze klanten|kvk:69599084/u);
    const registered = all.find(({ kind }) => kind === 'authorizationRegistered')!;
    expect(await content(registered)).toContain('Alleen voor deze klanten: kvk:69599084\n');
    const second = uuid('aut2');
    expect(whom(await told(second, [registration(second, { representedParty: ids.intermediary })]))).toEqual(
      [
        `authorizationRegistered submitter ${ids.submitter}`,
        `substitution representedParty ${ids.client}`,
        `substitution representedParty ${ids.party}`,
      ].sort(),
    );
  });

  it('nobody of a chain longer than use takes: what goes to another intermediary (CHAIN-16)', async () => {
    const passable = { nature: { rightOfSubstitution: true, actsIndependently: true } };
    const [link, further] = [uuid('l1'), uuid('g1')];
    const toIntermediary = { ...passable, authorizedParty: { party: ids.intermediary } };
    await memory.record('authorization', link, registration(link, toIntermediary), activation(link));
    const toAnother = { ...passable, representedParty: ids.intermediary, authorizedParty: { party: ids.client } };
    const kinds = async (id: string): Promise<readonly string[]> =>
      (await told(id, [registration(id, toAnother)])).map(({ kind }) => kind);
    expect(await kinds(further)).not.toContain('substitution');
    // Where two are allowed it can be used, and is told.
    await memory.close();
    memory = await memoryBackbone(fixedClock(instantFromEpoch(NOW)), {
      readModels: [authorizationsProjection, meansProjection, webhookSubscriptionsProjection] as never,
      telling: { language: 'nl' },
      data: { ...seed, maxIntermediaries: 2 },
    });
    await memory.record('authorization', link, registration(link, toIntermediary), activation(link));
    expect(await kinds(further)).toContain('substitution');
  });

  it('nobody twice: an administrator who submitted a renewal is told as who submitted it (REN-02)', async () => {
    const [admin, id] = [uuid('adau'), uuid('auth')];
    const own = { authority: 'administration', authorizedParty: { person: ids.submitter, means: uuid('mad') } };
    await memory.record('authorization', admin, registration(admin, own), activation(admin));
    const { data } = registration(id);
    const renewed = { ...data, procedure: 3, previousM: 2, periodFrom: day(50), renewedAt: day(0), evidence: [] };
    const facts = [registration(id), activation(id), { type: 'AuthorizationRenewed', data: renewed } as DomainEvent];
    expect(whom(await told(id, facts, 'AuthorizationRenewed'))).toEqual([
      `authorizationRenewed submitter ${ids.submitter}`,
    ]);
    const used = registration(id, { authorizedParty: { person: ids.submitter, means: uuid('means') } });
    const notified = await addresseesOfNotice(memory.backbone, used.data as never);
    expect(notified).toEqual([{ role: 'authorizedPerson', kind: 'person', id: ids.submitter }]);
  });

  describe('a substitution, once for what passes on what (CHAIN-04)', () => {
    const [link, given] = [uuid('l1'), uuid('g1')];
    const passable = {
      nature: { rightOfSubstitution: true, actsIndependently: true },
      authorizedParty: { party: ids.intermediary },
    };
    const byIntermediary = { representedParty: ids.intermediary };
    const only = (service: string) => ({ scope: { all: false, services: [service], groups: [] } });
    const change = (id: string, more: object, changed: readonly string[]): DomainEvent => {
      const { data } = registration(id, more);
      return {
        type: 'AuthorizationChanged',
        data: { ...data, changed, previousM: 2, changedAt: day(0), evidence: [] },
      } as DomainEvent;
    };
    const substitutions = async (id: string, facts: readonly DomainEvent[]) =>
      (await told(id, facts, facts[0]!.type)).filter(({ kind }) => kind === 'substitution');
    const whose = async (id: string, facts: readonly DomainEvent[]) =>
      (await substitutions(id, facts)).map(({ addressee }) => addressee.id);

    it.each<[string, object, readonly DomainEvent[]]>([
      ['was not activated', {}, []],
      ['has not begun', { validFrom: day(10) }, [activation(link)]],
    ])('is told where the link %s yet', async (_what, more, facts) => {
      await memory.record('authorization', link, registration(link, { ...passable, ...more }), ...facts);
      expect(await whose(given, [registration(given, byIntermediary)])).toEqual([ids.party]);
      expect(await whose(given, [activation(given)])).toEqual([]);
    });

    it('is told with the link where that comes later, naming all by which it is passed on', async () => {
      const second = uuid('g2');
      await memory.record('authorization', given, registration(given, byIntermediary), activation(given));
      await memory.record('authorization', second, registration(second, byIntermediary));
      const [apart, kept] = [uuid('g3'), uuid('g4')];
      await memory.record('authorization', apart, registration(apart, { ...byIntermediary, ...only('x') }));
      await memory.record(
        'authorization',
        kept,
        registration(kept, { ...byIntermediary, onlyForClients: [ids.client] }),
      );
      const [notice, ...others] = await substitutions(link, [registration(link, passable)]);
      expect(others).toEqual([]);
      expect(notice).toMatchObject({ addressee: { id: ids.party }, about: { authorization: link } });
      const text = await content(notice!);
      expect(text).toContain('had al anderen gemachtigd');
      expect(text).toContain(`Doorgegeven met machtiging: ${second}\nDoorgegeven met machtiging: ${given}\n`);
      expect(text).not.toContain(apart);
      expect(text).not.toContain(kept);
      // Read late, the one before does not tell of it again.
      await memory.backbone.readModels.upToDate(authorizationsProjection as never);
      expect((await tellAgain(given, 'AuthorizationRegistered')).map(({ kind }) => kind)).toEqual([
        'authorizationRegistered',
      ]);
    });

    it('is told when a link is made to be passed on, and not when something else of it changes', async () => {
      const closed = { ...passable, nature: { rightOfSubstitution: false, actsIndependently: true } };
      await memory.record('authorization', link, registration(link, closed), activation(link));
      expect(await whose(given, [registration(given, byIntermediary)])).toEqual([]);
      expect(await whose(link, [change(link, passable, ['nature'])])).toEqual([ids.party]);
      expect(await whose(link, [change(link, { ...passable, validUntil: day(50) }, ['period'])])).toEqual([]);
      const wider = { scope: { all: false, services: [SERVICE, 'other'], groups: [] } };
      expect(await whose(link, [change(link, { ...passable, ...wider }, ['scope'])])).toEqual([]);
    });

    it('is told where the link is widened: by a service that is given on, or to all', async () => {
      const services = (...more: readonly string[]) => ({
        scope: { all: false, services: [SERVICE, ...more], groups: [] },
      });
      const wider = (scope: object) => change(link, { ...passable, ...scope }, ['scope']);
      await memory.record('authorization', link, registration(link, passable), activation(link));
      const wide = { ...byIntermediary, ...services('other', 'third') };
      expect(await whose(given, [registration(given, wide)])).toEqual([ids.party]);
      expect(await whose(link, [wider(services('other'))])).toEqual([ids.party]);
      expect(await whose(link, [wider(services('other', 'of nobody'))])).toEqual([]);
      expect(await whose(link, [wider({ scope: { all: true, services: [], groups: [] } })])).toEqual([ids.party]);
    });

    it('says where there is no service yet for which it can be used, and lists none (CHAIN-12, CHAIN-13)', async () => {
      await memory.record('authorization', link, registration(link, { ...passable, ...only(WITHOUT_CHAINS) }));
      const wide = { ...byIntermediary, scope: { all: true, services: [], groups: [] } };
      const [notice] = await substitutions(given, [registration(given, wide)]);
      const text = await content(notice!);
      expect(text).toContain('later ook voor u zou kunnen handelen: nu is er geen dienst');
      expect(text).toContain('Diensten: nu geen\n');
      expect(text).not.toContain(WITHOUT_CHAINS);
      const later = uuid('l2');
      const more = { ...passable, representedParty: ids.client, ...only(WITHOUT_CHAINS) };
      const [ofLink] = await substitutions(later, [registration(later, more)]);
      const words = await content(ofLink!);
      expect(words).toContain('later ook voor u zouden kunnen handelen: nu is er geen dienst');
      expect(words).toContain(`Later misschien doorgegeven met machtiging: ${given}\n`);
    });

    it('is told for each link of a client that has several, with what each entrusts (CHAIN-04)', async () => {
      const other = uuid('l2');
      await memory.record('authorization', link, registration(link, { ...passable, ...only(SERVICE) }));
      await memory.record('authorization', other, registration(other, { ...passable, ...only(TAX) }));
      const wide = { ...byIntermediary, scope: { all: false, services: [SERVICE, TAX], groups: [] } };
      const all = await substitutions(given, [registration(given, wide)]);
      const texts = await Promise.all(all.map(content));
      expect(texts).toHaveLength(2);
      for (const [id, service, apart] of [
        [link, SERVICE, TAX],
        [other, TAX, SERVICE],
      ] as const) {
        const text = texts.find((one) => one.includes(`Uw eigen machtiging: ${id}\n`));
        expect(text).toContain(`(${service})`);
        expect(text).not.toContain(apart);
      }
      // Each once, however often the event comes.
      expect(await tellAgain(given, 'AuthorizationRegistered')).toHaveLength(3);
    });

    it('is none where the two are never valid together, until one of them is renewed (CHAIN-12)', async () => {
      await memory.record('authorization', link, registration(link, { ...passable, validUntil: day(20) }));
      const later = registration(given, { ...byIntermediary, validFrom: day(30) });
      expect(await whose(given, [later])).toEqual([]);
      const { data } = registration(link, { ...passable, validUntil: day(60) });
      const renewed = { ...data, procedure: 3, previousM: 2, periodFrom: day(20), renewedAt: day(0), evidence: [] };
      expect(await whose(link, [{ type: 'AuthorizationRenewed', data: renewed } as DomainEvent])).toEqual([ids.party]);
    });

    it('is none where the intermediary limits it to establishments of its own (CHAIN-06)', async () => {
      await memory.record('authorization', link, registration(link, passable));
      const limited = { ...byIntermediary, establishments: ['000012345678'] };
      expect(await whose(given, [registration(given, limited)])).toEqual([]);
      expect(await whose(given, [change(given, byIntermediary, ['establishments'])])).toEqual([ids.party]);
    });

    it('is none by the appointment of an administrator of the intermediary, whichever comes first', async () => {
      const administration = { ...byIntermediary, authority: 'administration' };
      await memory.record('authorization', link, registration(link, passable), activation(link));
      expect(await whose(given, [registration(given, administration)])).toEqual([]);
      const later = uuid('l2');
      expect(await whose(later, [registration(later, { ...passable, representedParty: ids.client })])).toEqual([]);
    });

    it('is told again of what is passed on besides: another service, or alone what took two', async () => {
      const both = { scope: { all: false, services: [SERVICE, 'other'], groups: [] } };
      const notAlone = { nature: { rightOfSubstitution: false, actsIndependently: false } };
      await memory.record('authorization', link, registration(link, { ...passable, ...both }), activation(link));
      const narrow = { ...byIntermediary, ...notAlone };
      expect(await whose(given, [registration(given, narrow)])).toEqual([ids.party]);
      expect(await whose(given, [change(given, { ...narrow, ...both }, ['scope'])])).toEqual([ids.party]);
      expect(await whose(given, [change(given, { ...byIntermediary, ...both }, ['nature'])])).toEqual([ids.party]);
      expect(await whose(given, [change(given, byIntermediary, ['scope'])])).toEqual([]);
      const elsewhere = { scope: { all: false, services: [SERVICE, 'y'], groups: [] } };
      expect(await whose(given, [change(given, { ...byIntermediary, ...elsewhere }, ['scope'])])).toEqual([]);
    });

    describe('to many', () => {
      const MANY = 120;
      const clients = Array.from({ length: MANY }, (_, index) => uuid('cl', index + 1));
      const fact = async () => {
        const stream = streamId('authorization', given);
        const [event] = await memory.stores.events.readStream(stream);
        return { event: event!.id, stream, revision: 0, correlationId: 'test' };
      };
      beforeEach(async () => {
        for (const [index, client] of clients.entries()) {
          const id = uuid('li', index + 1);
          await memory.record('authorization', id, registration(id, { ...passable, representedParty: client }));
        }
        await memory.record('authorization', given, registration(given, byIntermediary));
      });
      const told = async () =>
        (await allConfirmations()).map(({ stream }) => stream).filter((stream, nr, all) => all.indexOf(stream) === nr);

      it('is a piece of work for each, of which one that fails holds up no other, and which is not made twice', async () => {
        await enqueueTellings(memory.backbone, await fact(), new AbortController().signal);
        await lookThrough();
        const { dueWork, now } = memory.backbone;
        // Each of its own group: all of them may be done, and the one who submitted it is told as well.
        const items = await dueWork.due(TELLING, now(), 1_000);
        expect(items).toHaveLength(MANY + 1);
        const [first, ...others] = items;
        const away = { ...memory.backbone, commands: { load: () => Promise.reject(new Error('away')) } as never };
        await expect(writeTelling(away, first!)).rejects.toThrow('away');
        for (const item of others.slice(0, 3)) await writeTelling(memory.backbone, item);
        expect(await told()).toHaveLength(3);
        await enqueueTellings(memory.backbone, await fact(), new AbortController().signal);
        await lookThrough();
        expect((await dueWork.figures(TELLING)).waiting).toBe(MANY + 1);
        await writeAll();
        expect(await told()).toHaveLength(MANY + 1);
      });

      it('is looked for a page at a time, in the lane of the organization, so that it holds up nobody else', async () => {
        const { dueWork, now } = memory.backbone;
        let loaded = 0;
        const commands = Object.assign(Object.create(memory.backbone.commands) as Backbone['commands'], {
          load: (...parts: Parameters<Backbone['commands']['load']>) => {
            loaded += 1;
            return memory.backbone.commands.load(...parts);
          },
        });
        const counting = { ...memory.backbone, commands };
        const { signal } = new AbortController();
        // Finding out who is told of the fact itself reads no link.
        await enqueueTellings(counting, await fact(), signal);
        expect(loaded).toBeLessThan(5);
        const lanes = new Set<string>();
        let pages = 0;
        for (let items; (items = await dueWork.due(PASSING_ON, now(), 100)).length > 0; pages += 1) {
          expect(items).toHaveLength(1);
          loaded = 0;
          await passOn(counting, items[0]!, signal);
          expect(loaded).toBeLessThan(60);
          lanes.add(items[0]!.lane);
          await dueWork.done(items[0]!, now());
        }
        expect(pages).toBe(3);
        const tellings = (await dueWork.due(TELLING, now(), 1_000)).filter(({ lane }) => lanes.has(lane));
        expect([lanes.size, tellings.length]).toEqual([1, MANY]);
        expect((await dueWork.due(TELLING, now(), 1_000, 2)).length).toBe(3);
      });

      it('is looked for no further once the turn is over', async () => {
        const over = new AbortController();
        let loaded = 0;
        const commands = Object.assign(Object.create(memory.backbone.commands) as Backbone['commands'], {
          load: (...parts: Parameters<Backbone['commands']['load']>) => {
            loaded += 1;
            if (loaded === 10) over.abort(new Error('the turn is over'));
            return memory.backbone.commands.load(...parts);
          },
        });
        await enqueueTellings(memory.backbone, await fact(), new AbortController().signal);
        const [page] = await memory.backbone.dueWork.due(PASSING_ON, memory.backbone.now(), 1);
        const looking = passOn({ ...memory.backbone, commands }, page!, over.signal);
        await expect(looking).rejects.toThrow('the turn is over');
        expect(loaded).toBeLessThan(20);
        // But for whoever submitted it.
        expect((await memory.backbone.dueWork.figures(TELLING)).waiting).toBe(1);
      });
    });

    it('by more than a hundred says so', async () => {
      for (let index = 0; index <= 100; index += 1) {
        const one = uuid('g', index + 1);
        await memory.record('authorization', one, registration(one, byIntermediary));
      }
      const [notice] = await substitutions(link, [registration(link, passable)]);
      const text = await content(notice!);
      expect(text.split('Doorgegeven met machtiging: ')).toHaveLength(101);
      expect(text).toContain('En nog meer: vraag ernaar\n');
    });
  });

  it('the administrators, of a renewal, whoever asked for it (REN-02, CONF-03)', async () => {
    const admin = uuid('adau');
    const administration = {
      ...{ authority: 'administration', authorizedParty: { person: ids.admin, means: uuid('mad'), pseudonym: 'p2' } },
    };
    await memory.record('authorization', admin, registration(admin, administration), activation(admin));
    const id = uuid('auth');
    const { data } = registration(id, { validUntil: day(900), capped: false, eh: 'EH3' });
    const renewed = { ...data, procedure: 3, previousM: 2, periodFrom: day(50), renewedAt: day(0), evidence: [] };
    const facts = [registration(id), activation(id), { type: 'AuthorizationRenewed', data: renewed } as DomainEvent];
    const all = await told(id, facts, 'AuthorizationRenewed');
    expect(whom(all)).toEqual(
      [`authorizationRenewed administrator ${ids.admin}`, `authorizationRenewed submitter ${ids.submitter}`].sort(),
    );
    for (const one of all) expect(one.effective).toMatchObject({ validUntil: day(900), level: 'EH3', capped: false });
  });

  describe('an administrator', () => {
    const admins = { limited: uuid('adm', 11), suspended: uuid('adm', 12), waiting: uuid('adm', 13) };
    const appoint = (person: string, more: object, ...facts: readonly DomainEvent[]) => {
      const id = `${person.slice(0, -1)}f`;
      const appointed = {
        authority: 'administration',
        authorizedParty: { person, means: uuid('mad'), pseudonym: 'p2' },
      };
      const others = facts.map(({ type, data }) => ({ type, data: { ...data, authorization: id } }) as DomainEvent);
      return memory.record('authorization', id, registration(id, { ...appointed, ...more }), ...others);
    };
    const suspended = {
      type: 'AuthorizationSuspended',
      data: {
        ...{ by: 'operator', application: uuid('appl'), channel: 'nonElectronic', receivedAt: day(0) },
        ...{ requester: { role: 'operator' }, checks: [], rows: { IO: [] }, evidence: [], level: 'EH3' },
        ...{ identification: { ioScore: 0 }, immediate: true, dueAt: null, breached: false, suspendedAt: day(0) },
      },
    } as unknown as DomainEvent;
    /** Those who are told of the notice of an authorization that is limited so. */
    const toldAsAdministrator = async (limit: object = {}) => {
      const registered = registration(uuid('auth'), limit);
      const addressees = await addresseesOfNotice(memory.backbone, registered.data as never);
      const notice = { ...noticed, data: { ...noticed.data, addressees } } as DomainEvent;
      return (await told(uuid('auth'), [registered, notice], notice.type))
        .filter(({ addressee }) => addressee.role === 'administrator')
        .map(({ addressee }) => addressee.id);
    };
    const noticed = {
      type: 'AuthorizationNonUseNoticed',
      data: {
        ...{ authorization: uuid('auth'), noticedAt: day(0), lastUsedAt: null, countsFrom: day(-700) },
        revokesAt: day(30),
      },
    } as DomainEvent;
    const establishments = ['000012345678'];

    it.each([
      ['is told of what lies within his establishments (NONUSE-02, VIS-01)', establishments, true],
      ['is told of what is limited to none (NONUSE-02, VIS-01)', undefined, true],
      ['is not told of what lies within others (NONUSE-02, VIS-01)', ['000087654321'], false],
    ])('of some establishments %s', async (_what, limit, isTold) => {
      await appoint(admins.limited, { establishments }, activation(''));
      expect(await toldAsAdministrator(limit === undefined ? {} : { establishments: limit })).toEqual(
        isTold ? [admins.limited] : [],
      );
    });

    it('who is suspended, or has not begun, is told: he is one all the same (NONUSE-02, VIS-02)', async () => {
      await appoint(admins.suspended, {}, activation(''), suspended);
      await appoint(admins.waiting, { validFrom: day(10) });
      await appoint(ids.admin, { validUntil: day(0) }, activation(''));
      const found = await toldAsAdministrator();
      expect(found.sort()).toEqual([admins.suspended, admins.waiting].sort());
    });
  });
});

describe('what is told of an end or a pause', () => {
  const id = uuid('auth');
  const request = uuid('revo');
  const requested = (more: object): DomainEvent =>
    ({
      type: 'RevocationRequested',
      data: {
        ...{ revocationRequest: request, object: { authorization: id }, application: uuid('appl') },
        ...{ channel: 'electronic', receivedAt: day(0), checks: [], level: 'EH3', requestedAt: day(0) },
        ...{ requester: { role: 'authorizedParty', person: ids.employee }, identification: { ioScore: 3 } },
        ...more,
      },
    }) as DomainEvent;
  const revoked = {
    type: 'AuthorizationRevoked',
    data: { authorization: id, revocationRequest: request, revokedAt: day(0) },
  } as DomainEvent;
  const end = () => told(id, [registration(id), activation(id), revoked], 'AuthorizationRevoked');

  it('goes to whoever asked (CONF-01)', async () => {
    await memory.record('revocationRequest', request, requested({}));
    expect(whom(await end())).toEqual([`authorizationRevoked requester ${ids.employee}`]);
  });

  it('goes to whoever asked from the score on by which he is identified (CONF-01, AMB-64)', async () => {
    await memory.record('revocationRequest', request, requested({ identification: { ioScore: 2 } }));
    expect(whom(await end())).toEqual([`authorizationRevoked requester ${ids.employee}`]);
  });

  it.each([
    ['a court', { requester: { role: 'court' } }],
    ['somebody who is identified by nothing', { identification: { ioScore: 0 } }],
  ])('goes to the organization where %s asked (AMB-64)', async (_who, more) => {
    await memory.record('revocationRequest', request, requested(more));
    expect(whom(await end())).toEqual([`authorizationRevoked representedParty ${ids.party}`]);
  });

  it('of a suspension and its lifting, to whoever asked for each (CONF-01)', async () => {
    const ground = (person: string) => ({
      ...{ authorization: id, by: 'party', application: uuid('appl'), channel: 'electronic', receivedAt: day(0) },
      ...{ requester: { role: 'administrator', person }, checks: [], rows: { IO: [] }, evidence: [], level: 'EH3' },
      ...{ identification: { ioScore: 0, administrationLevel: 'EH3' }, immediate: true, dueAt: null, breached: false },
    });
    const suspended = { type: 'AuthorizationSuspended', data: { ...ground(ids.admin), suspendedAt: day(0) } };
    const lifted = { type: 'AuthorizationSuspensionLifted', data: { ...ground(ids.submitter), liftedAt: day(0) } };
    const facts = [registration(id), activation(id), suspended, lifted] as DomainEvent[];
    expect(whom(await told(id, facts, 'AuthorizationSuspended'))).toEqual([
      `authorizationSuspended requester ${ids.admin}`,
    ]);
    expect(whom(await tellAgain(id, 'AuthorizationSuspensionLifted'))).toEqual([
      `authorizationSuspensionLifted requester ${ids.submitter}`,
    ]);
  });
});

describe('what is told of a notice of non-use', () => {
  const id = uuid('auth');
  const authorized = { role: 'authorizedPerson', kind: 'person', id: ids.employee };
  const administrator = { role: 'administrator', kind: 'person', id: ids.admin };
  const noticed = (more: object = { addressees: [authorized, administrator] }): DomainEvent =>
    ({
      type: 'AuthorizationNonUseNoticed',
      data: {
        ...{
          authorization: id,
          noticedAt: day(0),
          lastUsedAt: null,
          countsFrom: day(-730),
          revokesAt: day(30),
          ...more,
        },
      },
    }) as DomainEvent;
  const TYPE = 'AuthorizationNonUseNoticed';

  it('goes to those whom it names, and to nobody of an earlier build’s, which is noticed anew (NONUSE-02, CONF-04)', async () => {
    expect(whom(await told(id, [registration(id), activation(id), noticed()], TYPE))).toEqual(
      [`nonUse administrator ${ids.admin}`, `nonUse authorizedPerson ${ids.employee}`].sort(),
    );
    const other = uuid('aut2');
    expect(await told(other, [registration(other), activation(other), noticed({})], TYPE)).toEqual([]);
  });

  it('goes to an administrator who came since, as it stands, while it does (NONUSE-02)', async () => {
    const data = { authorization: id, noticedAt: day(0), addressees: [administrator], extendedAt: day(9) };
    const extended = { type: 'AuthorizationNonUseNoticeExtended', data } as DomainEvent;
    const first = noticed({ addressees: [authorized], lastUsedAt: day(-730) });
    const [one, ...others] = await told(id, [registration(id), activation(id), first, extended], extended.type);
    expect(others).toEqual([]);
    expect(one).toMatchObject({ kind: 'nonUse', addressee: administrator, effective: { revokesAt: day(30) } });
    expect(await content(one!)).toContain('Laatst gebruikt: 2 maart 2024, 13:00\n');
    expect(one!.text).toContain('Wordt ingetrokken op: {revokesAt}\n');
    expect(await content(one!)).toContain('Wordt ingetrokken op: 1 april 2026, 14:00\n');
    expect(isTold(extended.type, data, { time: day(0), beginning: day(1) })).toBe(true);
    const other = uuid('aut2');
    const withdrawn = {
      type: 'AuthorizationNonUseNoticeWithdrawn',
      data: { authorization: other, noticedAt: day(0), ground: 'used', lastUsedAt: day(0), withdrawnAt: day(0) },
    } as DomainEvent;
    const facts = [registration(other), activation(other), first, extended, withdrawn];
    expect(await told(other, facts, extended.type)).toEqual([]);
  });

  it('is nothing once it does not hold any more', async () => {
    const withdrawn = {
      type: 'AuthorizationNonUseNoticeWithdrawn',
      data: { authorization: id, noticedAt: day(0), ground: 'used', lastUsedAt: day(0), withdrawnAt: day(0) },
    } as DomainEvent;
    expect(await told(id, [registration(id), activation(id), noticed(), withdrawn], TYPE)).toEqual([]);
    await memory.record('authorization', id, noticed());
    expect(await tellAgain(id, TYPE)).toHaveLength(2);
  });

  it('ends whatever told of it, unless somebody was told, once a fact ends it (NONUSE-02)', async () => {
    const [toldNow, waiting] = await told(id, [registration(id), activation(id), noticed()], TYPE);
    await memory.record('confirmation', toldNow!.confirmation, {
      type: 'ConfirmationSent',
      data: { confirmation: toldNow!.confirmation, channel: 'email', attempts: 1, sentAt: day(1) },
    } as DomainEvent);
    const data = { authorization: id, noticedAt: day(0), ground: 'used', lastUsedAt: day(1), withdrawnAt: day(2) };
    await memory.record('authorization', id, {
      type: 'AuthorizationNonUseNoticeWithdrawn',
      data,
    } as DomainEvent);
    const became: string[] = [];
    const fact = { stream: streamId('authorization', id as AuthorizationId), revision: 3 };
    for (let times = 0; times < 2; times += 1) {
      await lapseOvertaken(memory.backbone, fact, (outcome) => void became.push(outcome));
    }
    const states = await Promise.all(
      [toldNow!, waiting!].map(async ({ confirmation }) => {
        const { state } = await memory.backbone.commands.load(
          confirmationDecider,
          streamId('confirmation', confirmation),
        );
        return state;
      }),
    );
    expect(states).toMatchObject([{ status: 'sent' }, { status: 'lapsed', endedAt: day(2) }]);
    expect(became).toEqual(['lapsed']);
    expect(isTold('AuthorizationNonUseNoticeWithdrawn', data, { time: day(2), beginning: day(1) })).toBe(true);
  });

  it('is told also where it was recorded before people were told of anything: it is waited for (NONUSE-03)', () => {
    const before = { time: day(0), beginning: day(1) };
    expect(isTold(TYPE, noticed().data, before)).toBe(true);
    expect(isTold(TYPE, noticed({}).data, before)).toBe(false);
    expect(isTold('AuthorizationRegistered', registration(id).data, before)).toBe(false);
    expect(isTold('AuthorizationRegistered', registration(id).data, { ...before, time: day(1) })).toBe(true);
    expect(isTold('CheckRecorded', {}, { ...before, time: day(1) })).toBe(false);
  });
});

describe('what is told of an upgrade', () => {
  it('names the level, and every authorization that stays at its own (UPG-03)', async () => {
    const means = uuid('means');
    const below = { authorization: uuid('auth'), m: 2, level: 'EH2+' };
    const facts = [
      {
        type: 'MeansApplied',
        data: {
          ...{ means, application: uuid('appl'), holder: ids.employee, pseudonym: 'p', product: 'password-sms' },
          ...{ aimedStork: 3, party: ids.party, appliedAt: day(0) },
        },
      },
      {
        type: 'MeansIssued',
        data: {
          ...{ means, checks: [], scores: {}, rows: {}, criteria: {}, stork: 2, issuanceLevel: 2, aimedStork: 2 },
          issuedAt: day(0),
        },
      },
      {
        type: 'MeansUpgraded',
        data: {
          ...{ means, application: uuid('app2'), product: 'password-sms', checks: [], scores: {}, rows: {} },
          ...{ criteria: {}, evidence: [], previousStork: 2, stork: 3, issuanceLevel: 3, aimedStork: 3 },
          ...{ staysBelow: [below], staysBelowMore: false, upgradedAt: day(0) },
        },
      },
    ] as unknown as DomainEvent[];
    const [one] = await told(means, facts, 'MeansUpgraded', 'means');
    expect(one).toMatchObject({
      ...{ kind: 'meansUpgraded', about: { means }, addressee: { role: 'holder', id: ids.employee } },
      effective: { stork: 3, previousStork: 2, staysBelow: [below.authorization] },
    });
    const text = await content(one!);
    expect(text).toContain('Niveau (STORK): 3\nNiveau daarvoor: 2\n');
    expect(text).toContain(`Machtiging die op haar eigen niveau blijft: ${below.authorization} (EH2+)\n`);
  });
});

describe('the address', () => {
  const id = uuid('auth');

  it('is the newest contact, else what was registered; without one nobody is told, and it shows (CONF-05)', async () => {
    await memory.record('person', ids.submitter, {
      type: 'PersonContactRecorded',
      data: {
        ...{ person: ids.submitter, contact: uuid('cont'), kind: 'email', suppliedBy: { submitter: true } },
        value: { clear: 'newest@example.org' },
      },
    } as DomainEvent);
    const [one] = await told(id, [registration(id)]);
    const stream = streamId('confirmation', one!.confirmation);
    const stored = (await memory.stores.events.readStream(stream))[0]!.bytes;
    expect(stored).not.toContain('example.org');
    expect(stored).not.toContain('Employee');
    const nobody = uuid('nobo');
    await memory.record('person', nobody, {
      type: 'PersonRegistered',
      data: { person: nobody, familyName: { clear: 'Nobody' }, identifyingAttributes: ['familyName'] },
    } as DomainEvent);
    const other = uuid('aut2');
    const submitter = { person: nobody, role: 'legalRepresentative' };
    expect(await told(other, [registration(other, { submitter })])).toMatchObject([
      { status: 'none', channel: 'none', noChannel: 'noAddress' },
    ]);
  });

  it('goes with its person: what waits fails, and what would be told then is told to nobody', async () => {
    const [one] = await told(id, [registration(id)]);
    memory.vault.destroyKey({ kind: 'person', id: ids.submitter });
    const [due] = await memory.backbone.dueWork.due(MAIL, memory.backbone.now(), 10);
    expect(await sendings(memory.backbone).perform(due!, new AbortController().signal)).toEqual({ is: 'done' });
    const stream = streamId('confirmation', one!.confirmation);
    const { state } = await memory.backbone.commands.load(confirmationDecider, stream);
    expect(state).toMatchObject({ status: 'failed', failure: 'erased' });
    const other = uuid('aut2');
    expect(await told(other, [registration(other)])).toMatchObject([{ status: 'none', noChannel: 'erased' }]);
  });
});

describe('what a mail server puts off', () => {
  const id = uuid('auth');

  it('is tried again after growing pauses, for three days, and then given up (CONF-05)', async () => {
    const [one] = await told(id, [registration(id)]);
    const mail = { send: async () => ({ is: 'deferred', reason: 'EENVELOPE 450' }) as const };
    const deferred = { ...memory.backbone, telling: { language: 'nl' as const, mail } };
    const chore = sendings(deferred, undefined, () => 0.5);
    const [due] = await memory.backbone.dueWork.due(MAIL, memory.backbone.now(), 10);
    const attempt = (attempts: number, daysAgo = 0) =>
      chore.perform({ ...due!, attempts, since: day(-daysAgo) }, new AbortController().signal);
    const reason = 'EENVELOPE 450';
    expect(await attempt(0)).toEqual({ is: 'again', at: instantFromEpoch(NOW + 5_000), reason });
    expect(await attempt(1)).toEqual({ is: 'again', at: instantFromEpoch(NOW + 30_000), reason });
    expect(await attempt(6)).toEqual({ is: 'again', at: instantFromEpoch(NOW + 7_200_000), reason });
    expect(await attempt(16, 3)).toEqual({ is: 'done' });
    const stream = streamId('confirmation', one!.confirmation);
    const { state } = await memory.backbone.commands.load(confirmationDecider, stream);
    expect(state).toMatchObject({ status: 'failed', failure: 'notTaken', attempts: 17 });
  });
});

describe('a name that looks like a mark', () => {
  const named = (id: string, number: string, name: string) => {
    const data = { party: id, kind: 'privateLegalPerson', register: 'kvk', number, publicDetails: { name } };
    return memory.record('party', id, { type: 'PartyRegistered', data } as DomainEvent);
  };

  it('of an organization is told as it is, beside that of a person and beside that of another', async () => {
    const [marked, other] = [uuid('mark'), uuid('mar2')];
    await named(marked, '90000001', 'Stichting {authorized}');
    await named(other, '90000002', 'Stichting {represented}');
    const toPerson = uuid('auth');
    const [one] = await told(toPerson, [registration(toPerson, { representedParty: marked })]);
    expect(one!.text).toContain('Gemachtigde: {authorized}\n');
    expect(await content(one!)).toContain('Vertegenwoordigde organisatie: Stichting {authorized} (kvk:90000001)\n');
    expect(await content(one!)).toContain('Gemachtigde: Employee\n');
    const toParty = uuid('aut2');
    const authorizedParty = { party: other };
    const [two] = await told(toParty, [registration(toParty, { representedParty: marked, authorizedParty })]);
    expect(await content(two!)).toContain('Vertegenwoordigde organisatie: Stichting {authorized} (kvk:90000001)\n');
    expect(await content(two!)).toContain('Gemachtigde: Stichting {represented}\n');
  });

  it('stays one where an establishment is called so', async () => {
    const id = uuid('auth');
    const [one] = await told(id, [registration(id, { establishments: ['{authorized}'] })]);
    expect(await content(one!)).toContain('Alleen voor vestigingen: {authorized}\n');
  });
});

describe('words', () => {
  it('takes a name that looks like a mark, or like a page, for what it is', () => {
    const names = { authorized: '{represented}', represented: '<b>&' };
    expect(withNames('{authorized} {represented} {other}', names)).toBe('{represented} <b>& {other}');
    expect(asHtml('a<b', 'one: <x>\ntwo\n\nthree\n', 'nl')).toContain('<p>one: &#60;x&#62;<br>\ntwo</p>\n<p>three</p>');
  });
});
