import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { authorizationDecider, meansDecider, personDecider } from '#libs/domain';
import { KeyDestroyed, type Projection } from '#libs/eventing';
import { streamId, type KeyHolder } from '#libs/kernel';
import { authorizationsProjection, meansProjection, type AuthorizationRow, type MeansRow } from '#libs/application';
import { at, fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { authorizationItem, authorizationView } from './authorization.view.js';
import { currentLevelViews } from './level.view.js';
import { meansItem, meansView } from './means.view.js';
import { personView } from './person.view.js';

const { assessedAt, authorizationFacts, ids, meansFacts, personFacts, receivedAt } = paperRegistration;
const RULES = 'eh-1.5.1';
const evidence = [
  { check: uuid('check', 1), type: 'tradeRegisterLookup', counts: true, joined: false, superseded: false },
];

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
});
afterEach(() => memory.close());

const rowOf = async <Row>(projection: Projection<never>, id: string): Promise<Row> => {
  const head = await memory.backbone.feed.head();
  expect(await memory.backbone.readModels.waitFor(projection as unknown as Projection, head)).toBe(true);
  return (await memory.stores.projections.load(projection, [id])).get(id) as Row;
};

describe('an authorization as it is shown', () => {
  const id = ids.authorization;
  const whole = {
    ...{ id, status: 'active', authority: 'regular', registration: 'first', application: ids.application },
    ...{ representedParty: ids.company, scope: { all: true, services: [], groups: [] } },
    authorizedParty: { person: ids.director, means: ids.means, pseudonym: `pseudonym of ${ids.means}` },
    ...{ nature: { rightOfSubstitution: false, actsIndependently: true }, registeredAt: receivedAt, capped: false },
    displayConsent: true,
    ...{ validFrom: '2026-01-01T00:00:00.000Z', validUntil: '2029-01-01T00:00:00.000Z' },
    ...{ m: 3, eh: 'EH3', eidas: 'substantial', submitterLevel: null, aimedLevel: 'EH3' },
    ...{ scores: { IA: 2, IO: 3, IG: 3, IV: 3 }, rows: {}, flags: [], checks: [] },
    decision: { kind: 'registration', application: ids.application, decidedAt: receivedAt },
  };
  const shown = async (moment = assessedAt) => {
    const { state, history } = await memory.backbone.commands.load(authorizationDecider, streamId('authorization', id));
    if (state.status === 'none') throw new Error('not on record');
    return authorizationView(state, history, moment);
  };

  it('says what it covers, how it stands and at which level', async () => {
    await memory.record('authorization', id, ...authorizationFacts(id));
    expect(await shown()).toEqual(whole);
    expect(await shown(at('2029-01-01T00:00:00Z'))).toEqual({ ...whole, status: 'expired' });
  });

  it('says what its party states of the person’s permission to be shown (CONSENT-08, RIGHTS-05)', async () => {
    await memory.record('authorization', id, ...authorizationFacts(id, { displayPermitted: false }));
    const displayPermission = { permitted: false, statedBy: ids.director, statedAt: receivedAt };
    expect(await shown()).toEqual({ ...whole, displayPermission });
  });

  it('says which establishments it is limited to, when it was revoked, and by which rules it was judged', async () => {
    const establishments = ['000037178598'];
    await memory.recordUnder(RULES, 'authorization', id, ...authorizationFacts(id, { establishments }, 'revoked'));
    expect(await shown()).toEqual({
      ...whole,
      ...{ status: 'revoked', establishments, revokedAt: receivedAt, ruleSet: RULES },
    });
  });

  it('says of each aspect on what it rests, where that is on record with rules that are known', async () => {
    const data = { evidence, rows: { IA: ['IA2-b'] } };
    const facts = authorizationFacts(id, data);
    await memory.recordUnder(RULES, 'authorization', id, ...facts);
    expect((await shown()).aspects).toEqual([{ aspect: 'IA', score: 2, rows: ['IA2-b'], checks: evidence }]);
  });

  it.each([[undefined], ['eh-0']])('says nothing of aspects under rules %s', async (rules) => {
    const facts = authorizationFacts(id, { evidence });
    await (rules === undefined
      ? memory.record('authorization', id, ...facts)
      : memory.recordUnder(rules, 'authorization', id, ...facts));
    expect(await shown()).not.toHaveProperty('aspects');
  });

  it('is shorter in a list', async () => {
    await memory.record('authorization', id, ...authorizationFacts(id));
    const item = authorizationItem(await rowOf(authorizationsProjection as never, id), assessedAt);
    const { registration, capped, eidas, aimedLevel, scores, rows, flags, checks, decision, displayConsent, ...short } =
      whole;
    expect([
      registration,
      capped,
      eidas,
      aimedLevel,
      scores,
      rows,
      flags,
      checks,
      decision,
      displayConsent,
    ]).not.toContain(undefined);
    expect(item).toEqual(short);
  });

  it('names in a list the party that is authorized, where it is limited, and when it ended', async () => {
    const establishments = ['000037178598'];
    const data = { authorizedParty: { party: ids.otherCompany }, establishments };
    await memory.record('authorization', id, ...authorizationFacts(id, data, 'revoked'));
    expect(authorizationItem(await rowOf(authorizationsProjection as never, id), assessedAt)).toMatchObject({
      ...{ authorizedParty: { party: ids.otherCompany }, establishments, revokedAt: receivedAt, status: 'revoked' },
    });
  });

  it('has its level now beside the one that was recorded, by the means as it is', async () => {
    await memory.record('means', ids.means, ...meansFacts(ids.means, ids.director, 'active', { stork: 2 }));
    await memory.record('authorization', id, ...authorizationFacts(id));
    const other = uuid('auth', 2);
    await memory.record(
      'authorization',
      other,
      ...authorizationFacts(other, { authorizedParty: { party: ids.otherCompany } }),
    );
    await rowOf(meansProjection as never, ids.means);
    const rows = [
      await rowOf<AuthorizationRow>(authorizationsProjection as never, id),
      await rowOf<AuthorizationRow>(authorizationsProjection as never, other),
    ];
    const views = await currentLevelViews(memory.backbone, rows, assessedAt);
    const both = { status: 'active', representedParty: ids.company, m: 3, registeredLevel: 'EH3', reasons: [] };
    expect(views).toEqual([
      { ...both, authorization: id, means: ids.means, level: 'EH2', eidas: 'low' },
      { ...both, authorization: other, means: null, level: 'EH3', eidas: 'substantial' },
    ]);
    await memory.record('means', ids.means, meansFacts(ids.means, ids.director, 'revoked')[3]!);
    await rowOf(meansProjection as never, ids.means);
    expect(await currentLevelViews(memory.backbone, rows.slice(0, 1), assessedAt)).toMatchObject([
      { level: null, eidas: null, reasons: ['means-not-active'] },
    ]);
  });
});

describe('a means as it is shown', () => {
  const id = ids.means;
  const applied = {
    ...{ id, status: 'applied', application: ids.application, holder: ids.director, product: 'password-sms' },
    ...{ pseudonym: `pseudonym of ${id}`, aimedStork: 3 },
  };
  const issued = {
    ...applied,
    ...{ stork: 3, issuanceLevel: 3, scores: { ID: 3, IC: 3, IE: 2, RC: 3, AM: 3 }, checks: [] },
    ...{ rows: { ID: [], IC: [], IE: [], RC: [], AM: [] } },
    criteria: { appearance: 'i.a', attributes: 'ii.c', validation: 'iii.e' },
  };
  const shown = async () => {
    const { state, history } = await memory.backbone.commands.load(meansDecider, streamId('means', id));
    if (state.status === 'none') throw new Error('not on record');
    return meansView(state, history);
  };

  it('says no more than what was applied for until it is judged', async () => {
    await memory.record('means', id, ...meansFacts(id, ids.director, 'applied'));
    expect(await shown()).toEqual(applied);
    expect(meansItem(await rowOf<MeansRow>(meansProjection as never, id))).toEqual(
      Object.fromEntries(Object.entries(applied).filter(([name]) => name !== 'aimedStork')),
    );
  });

  it('says what its level rests on, by the newest judgement', async () => {
    const [first, judged, ...later] = meansFacts(id, ids.director, 'revoked') as readonly {
      readonly type: string;
      readonly data: object;
    }[];
    await memory.record('means', id, { ...first!, data: { ...first!.data, party: ids.company } } as never);
    const rows = { ID: ['MEANS-ID3-v2'] };
    await memory.recordUnder(RULES, 'means', id, { ...judged!, data: { ...judged!.data, evidence, rows } } as never);
    expect(await shown()).toEqual({
      ...issued,
      ...{ status: 'issued', party: ids.company, rows, ruleSet: RULES },
      aspects: [{ aspect: 'ID', score: 3, rows: rows.ID, checks: [] }],
    });
    await memory.record('means', id, ...(later as never[]));
    expect(await shown()).toMatchObject({ status: 'revoked', stork: 3, issuanceLevel: 3, rows });
    expect(meansItem(await rowOf<MeansRow>(meansProjection as never, id))).toEqual({
      ...{ id, status: 'revoked', application: ids.application, holder: ids.director, product: 'password-sms' },
      ...{ pseudonym: `pseudonym of ${id}`, party: ids.company, stork: 3, issuanceLevel: 3 },
    });
  });

  it('says nothing of aspects nor of rules where neither is on record', async () => {
    await memory.record('means', id, ...meansFacts(id, ids.director, 'issued'));
    expect(await shown()).toEqual({ ...issued, status: 'issued' });
  });
});

describe('a person as he is shown', () => {
  const id = ids.director;
  const shown = async (onErased?: () => void) => {
    const { state, history } = await memory.backbone.commands.load(personDecider, streamId('person', id));
    if (state.status === 'none') throw new Error('not on record');
    return personView(memory.backbone.sealer, state, history, onErased);
  };
  const contact = {
    type: 'PersonContactRecorded',
    data: {
      ...{ person: id, contact: uuid('contact'), kind: 'email', value: { clear: 'a@example.org' } },
      ...{ suppliedBy: { submitter: true }, recordedAt: receivedAt },
    },
  };
  const attributes = { familyName: 'Jansen', givenNames: 'Anna Maria', birthDate: '1985-04-12' };
  const passport = {
    id: ids.directorsPassport,
    documentType: 'passport',
    number: 'NX1234567',
    expiresOn: '2026-03-02',
  };
  const contacts = [{ id: uuid('contact'), kind: 'email', value: 'a@example.org', suppliedBy: 'submitter' }];
  const recorded = () => memory.record('person', id, ...personFacts(id, ids.directorsPassport), contact);

  it('is opened, with his documents and contacts', async () => {
    await recorded();
    expect(await shown()).toEqual({
      ...{ id, ...attributes, documents: [passport], contacts, duplicate: 'none', duplicates: [] },
    });
  });

  it('says who was recognized in him and what a clerk said of each', async () => {
    const [first, second, third] = [uuid('twin', 1), uuid('twin', 2), uuid('twin', 3)];
    const [registered] = personFacts(id);
    const data = { ...registered!.data, application: ids.application, duplicatesOf: [first, second, third] };
    await memory.record('person', id, { ...registered!, data } as never);
    expect(await shown()).toMatchObject({
      ...{ application: ids.application, duplicate: 'unresolved', duplicateOf: first },
      duplicates: [first, second, third].map((person) => ({ person, outcome: 'unresolved' })),
    });
    await memory.record(
      'person',
      id,
      { type: 'PersonLinked', data: { person: id, to: first } },
      { type: 'PersonDistinguished', data: { person: id, from: second, by: ['birthDate'] } },
      { type: 'DuplicatesDispelled', data: { person: id, of: [third] } },
    );
    const { duplicate, duplicateOf, duplicates } = await shown();
    expect({ duplicate, duplicateOf, duplicates }).toEqual({
      ...{ duplicate: 'linked', duplicateOf: first },
      duplicates: [
        { person: first, outcome: 'linked' },
        { person: second, outcome: 'none', distinguishedBy: ['birthDate'] },
      ],
    });
  });

  it('shows a hundred of those recognized in him: who has to be answered first, and the latest', async () => {
    const [registered] = personFacts(id);
    const twins = Array.from({ length: 250 }, (_, nr) => uuid('twin', nr + 1));
    const data = { ...registered!.data, duplicatesOf: twins };
    await memory.record('person', id, { ...registered!, data } as never);
    const whom = async () => (await shown()).duplicates.map(({ person }) => person);
    expect(await whom()).toEqual([twins[0], ...twins.slice(-99)]);
    expect(await shown()).toMatchObject({ duplicate: 'unresolved', duplicateOf: twins[0] });
    // All but the first fifty are answered: those still to be answered stay, whoever came later.
    const answers = twins.slice(50).map((from) => ({
      type: 'PersonDistinguished' as const,
      data: { person: id, from, by: ['birthDate'] as const },
    }));
    await memory.record('person', id, ...answers);
    expect(await whom()).toEqual([...twins.slice(0, 50), ...twins.slice(-50)]);
    await memory.record(
      'person',
      id,
      ...twins.slice(0, 50).map((to) => ({ type: 'PersonLinked' as const, data: { person: id, to } })),
    );
    expect(await whom()).toEqual([twins[0], ...twins.slice(-99)]);
    expect(await shown()).toMatchObject({ duplicate: 'linked', duplicateOf: twins[0] });
  });

  const destroy = (holder: KeyHolder): void => memory.vault.destroyKey(holder);

  it('is shown without a document that is erased, whoever asks', async () => {
    await recorded();
    destroy({ kind: 'document', id: ids.directorsPassport });
    const documents = [{ id: ids.directorsPassport, documentType: 'passport' }];
    expect(await shown()).toMatchObject({ ...attributes, documents, contacts });
    let told = 0;
    expect((await shown(() => void (told += 1))).documents).toEqual(documents);
    expect(told).toBeGreaterThan(0);
  });

  it('is shown without what is erased to whoever can be told, and refused to others', async () => {
    await recorded();
    destroy({ kind: 'person', id });
    await expect(shown()).rejects.toBeInstanceOf(KeyDestroyed);
    let told = 0;
    const left = await shown(() => void (told += 1));
    expect(told).toBeGreaterThan(0);
    expect(left).toMatchObject({ id, documents: [passport], duplicate: 'none' });
    expect(left).not.toHaveProperty('familyName');
    expect(left.contacts).toEqual([]);
  });

  it('is not shown at all where the key store can not be asked', async () => {
    await recorded();
    memory.vault.interrupt();
    await expect(shown(() => undefined)).rejects.not.toBeInstanceOf(KeyDestroyed);
    memory.vault.resume();
  });
});
