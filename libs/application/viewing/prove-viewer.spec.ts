import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { later, type Instant } from '#libs/kernel';
import { at, fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { seed } from '../governance/seed.js';
import { placesOf, proveViewer, type Viewer } from './viewer.js';

/** Whom a login shows to view, and what he is to an organization by what he may use at this moment. */

const { authorizationFacts, checkOf, ids, meansFacts, personFacts, recordChecks } = paperRegistration;
const now = at('2026-03-09T10:00:00Z');
const SESSION = 7_200_000;
const [me, other] = [uuid('person', 1), uuid('person', 2)];
const [mine, another] = [uuid('means', 1), uuid('means', 2)];
const party = uuid('party', 1);

let memory: MemoryBackbone;
beforeEach(() => open(seed));
afterEach(() => memory.close());

async function open(data: typeof seed): Promise<void> {
  memory = await memoryBackbone(fixedClock(now), { data });
  const received = { channel: 'electronic', receivedAt: later(now, -SESSION), purposes: ['insight'], late: false };
  await memory.record('application', ids.application, {
    type: 'ApplicationReceived',
    data: { application: ids.application, ...received },
  } as never);
  const details = { kind: 'undertaking', register: 'kvk', number: '69599084', publicDetails: { name: 'Scholengroep' } };
  await memory.record('party', party, { type: 'PartyRegistered', data: { party, ...details } } as never);
  for (const person of [me, other]) await memory.record('person', person, ...personFacts(person));
}

async function login(person: string, more: object): Promise<string> {
  const facts = { type: 'authentication', about: { person }, level: 'EH3', at: now, performedAt: now, ...more };
  return (await recordChecks(memory, [checkOf(facts as never)]))[0]!;
}
const byMeans = (means: string, when: Instant = now) => ({
  ...{ means, at: when, authenticationService: 'authentication-service-1' },
});
const proven = (authentication: string) =>
  proveViewer(memory.backbone, { person: me, authentication }, { person: '/p', authentication: '/a' });
async function viewing(more: object): Promise<Viewer> {
  const result = await proven(await login(me, more));
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return result.viewer;
}
const whyNot = async (authentication: string): Promise<unknown> => {
  const result = await proven(authentication);
  return 'faults' in result ? result.faults.map(({ facts }) => facts?.['why']) : [];
};

describe('a login', () => {
  it('is his who views, under whichever of his records, and nobody else’s (RIGHTS-07)', async () => {
    await memory.record('means', another, ...meansFacts(another, other, 'active'));
    const named = await login(other, byMeans(another));
    expect(await whyNot(named)).toEqual(['login-of-another-person']);
    await memory.record('person', me, { type: 'PersonLinked', data: { person: me, to: other } } as never);
    expect(await whyNot(named)).toEqual([]);
  });

  it('holds for a session, and no longer (PROOF-06)', async () => {
    await memory.record('means', mine, ...meansFacts(mine, me, 'active'));
    const performedAt = later(now, -SESSION);
    expect(await whyNot(await login(me, { ...byMeans(mine, performedAt), performedAt }))).toEqual([]);
    const earlier = later(performedAt, -1);
    expect(await whyNot(await login(me, { ...byMeans(mine, earlier), performedAt }))).toEqual(['older-than-a-session']);
  });
});

describe('whoever views acts for an organization', () => {
  const authorized = async (means: string, until: 'awaitingActivation' | 'active' | 'revoked'): Promise<void> => {
    const id = uuid('auth', 1);
    const authorizedParty = { person: me, means, pseudonym: 'p' };
    const facts = authorizationFacts(id, { representedParty: party, authorizedParty } as never, until);
    await memory.record('authorization', id, ...facts);
  };
  const actsFor = async (viewer: Viewer): Promise<boolean> => {
    const places = placesOf(memory.backbone, viewer);
    await places.know([party]);
    return places.at(party).isAuthorized;
  };

  it.each([
    ['active', true],
    ['awaitingActivation', false],
    ['revoked', false],
  ] as const)('by an authorization that is %s: %s (VIS-02)', async (until, expected) => {
    await memory.record('means', mine, ...meansFacts(mine, me, 'active'));
    await authorized(mine, until);
    const viewer = await viewing(byMeans(mine));
    expect(await actsFor(viewer)).toBe(expected);
    expect(await placesOf(memory.backbone, viewer).mine()).toEqual(expected ? [party] : []);
  });

  it('with the means of his login, and not by what is on another one of his (VIS-02)', async () => {
    for (const means of [mine, another]) await memory.record('means', means, ...meansFacts(means, me, 'active'));
    await authorized(another, 'active');
    expect(await actsFor(await viewing(byMeans(mine)))).toBe(false);
    expect(await actsFor(await viewing(byMeans(another)))).toBe(true);
  });

  it.each([
    ['active', true],
    ['issued', false],
    ['revoked', false],
  ] as const)('logged in by none, by a means that is %s: %s (VIS-02, ADMIN-12)', async (until, expected) => {
    await memory.close();
    const [profile] = seed.registerProfiles;
    await open({ ...seed, registerProfiles: [{ ...profile!, value: { ...profile!.value, ownFacility: 'EH3' } }] });
    await memory.record('means', mine, ...meansFacts(mine, me, until));
    await authorized(mine, 'active');
    expect(await actsFor(await viewing({ facility: true }))).toBe(expected);
  });
});
