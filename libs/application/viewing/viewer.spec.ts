import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { streamId } from '#libs/kernel';
import { authorizationDecider, sightOfAuthorization, standingAt, viewedAuthorization, type Sight } from '#libs/domain';
import { at, fixedClock, memoryBackbone, paperRegistration, uuid } from '#libs/testing';
import { authorizationsProjection, type AuthorizationRow } from '../read-models/authorizations.js';
import { placesOf, proveViewer } from './viewer.js';
import { whereSeen } from './where-seen.js';

/** Small registers of every kind, and everybody in them who views: nobody sees another's consumer (VIS-05). */

const { authorizationFacts, checkOf, ids, meansFacts, personFacts, recordChecks } = paperRegistration;
const now = at('2026-03-09T10:00:00Z');
const PEOPLE = [1, 2, 3].map((number) => ({ person: uuid('person', number), means: uuid('means', number) }));
const PARTIES = [1, 2, 3].map((number) => uuid('party', number));

const one = fc.record({
  party: fc.constantFrom(...PARTIES),
  to: fc.oneof(fc.constantFrom(...PEOPLE), fc.constantFrom(...PARTIES)),
  authority: fc.constantFrom('regular', 'administration'),
  establishments: fc.constantFrom(undefined, ['000037178598'], ['000037178601']),
  isLow: fc.boolean(),
  isPermitted: fc.constantFrom(undefined, false, true, true),
  until: fc.constantFrom('awaitingActivation' as const, 'active' as const, 'active' as const, 'revoked' as const),
});
const registers = fc.record({
  authorizations: fc.array(one, { minLength: 1, maxLength: 8 }),
  isRestGroup: fc.boolean(),
  level: fc.constantFrom('EH2' as const, 'EH3' as const),
});

it('in any register a person sees what is his own, or of an organization at which he has a place', async () => {
  await fc.assert(
    fc.asyncProperty(registers, async ({ authorizations, isRestGroup, level }) => {
      const memory = await memoryBackbone(fixedClock(now));
      try {
        const { backbone, record } = memory;
        await record('application', ids.application, {
          type: 'ApplicationReceived',
          data: {
            application: ids.application,
            channel: 'electronic',
            receivedAt: now,
            purposes: ['insight'],
            late: false,
          },
        } as never);
        for (const [index, party] of PARTIES.entries()) {
          const kind = isRestGroup
            ? { kind: 'restGroupEntity', register: 'trr' }
            : { kind: 'undertaking', register: 'kvk' };
          const data = { party, ...kind, number: `6959908${index}`, publicDetails: { name: 'Scholengroep' } };
          await record('party', party, { type: 'PartyRegistered', data } as never);
        }
        for (const { person, means } of PEOPLE) {
          await record('person', person, ...personFacts(person));
          await record('means', means, ...meansFacts(means, person, 'active'));
        }
        for (const [
          index,
          { party, to, authority, establishments, isLow, isPermitted, until },
        ] of authorizations.entries()) {
          const id = uuid('auth', index + 1);
          const authorizedParty = typeof to === 'string' ? { party: to } : { ...to, pseudonym: to.means };
          const facts = {
            ...{ representedParty: party, authority, authorizedParty },
            ...(establishments === undefined ? {} : { establishments }),
            ...(isLow ? { m: 2, eh: 'EH2' } : {}),
            ...(isPermitted === undefined || typeof to === 'string' ? {} : { displayPermitted: isPermitted }),
          };
          await record('authorization', id, ...authorizationFacts(id, facts as never, until));
        }
        for (const { person, means } of PEOPLE) {
          const [login] = await recordChecks(memory, [
            checkOf({
              ...{ type: 'authentication', about: { person }, means, level, at: now },
              ...{ authenticationService: 'authentication-service-1', performedAt: now },
            } as never),
          ]);
          const proven = await proveViewer(
            backbone,
            { person, authentication: login! },
            { person: '', authentication: '' },
          );
          if ('faults' in proven) throw new Error(JSON.stringify(proven.faults));
          const places = placesOf(backbone, proven.viewer);
          await places.know(PARTIES);
          const mine = new Set(
            authorizations.flatMap(({ party, to, until }) =>
              to === PEOPLE.find((who) => who.person === person) && until === 'active' ? [party] : [],
            ),
          );
          const seen = new Map<string, Sight>();
          for (const index of authorizations.keys()) {
            const id = uuid('auth', index + 1);
            const { state } = await backbone.commands.load(authorizationDecider, streamId('authorization', id));
            if (state.status === 'none') throw new Error('it is not on record');
            const viewed = viewedAuthorization(state, now);
            const sight = sightOfAuthorization(proven.viewer, viewed, places.at);
            if (sight !== undefined) seen.set(id, sight);
            const isOwn = viewed.authorizedPerson === person;
            if (sight !== undefined && !isOwn) {
              expect(mine.has(viewed.representedParty) || mine.has(viewed.authorizedParty ?? '')).toBe(true);
              if (sight === 'indication') {
                const { isPermitted } = authorizations[index]!;
                expect([standingAt(state, now), isRestGroup, isPermitted]).toEqual(['active', false, true]);
              }
            }
            // His own is his, at the level of his login.
            if (isOwn && (level === 'EH3' || authorizations[index]!.isLow)) expect(sight).toBe('whole');
          }
          // What a list looks through for him is what he sees, and nothing else.
          const lookedFor = { consumers: await places.mine(), intermediaries: await places.mine() };
          for (const [least, ...more] of [
            ['existence', 'indication', 'whole'],
            ['indication', 'whole'],
            ['whole'],
          ] as const) {
            const named = await Promise.all(
              whereSeen(proven.viewer, places.at, { ...lookedFor, least }).map((where) =>
                backbone.readModels.store.search<AuthorizationRow>(authorizationsProjection, { where, limit: 100 }),
              ),
            );
            const looked = [...new Set(named.flat().map(({ id }) => id))].filter(
              // Whether an intermediary's client is of the TRR no list of authorizations says.
              (id) => seen.has(id) || !isRestGroup,
            );
            const expected = [...seen].flatMap(([id, sight]) => ([least, ...more].includes(sight) ? [id] : []));
            expect(looked.sort()).toEqual(expected.sort());
          }
        }
      } finally {
        await memory.close();
      }
    }),
    { numRuns: 25 },
  );
});
