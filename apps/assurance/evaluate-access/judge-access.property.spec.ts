import { indexMaps, judgeAccess, type IndexMaps } from '#libs/application';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import {
  compareEh,
  currentRuleSet,
  evaluateUse,
  formatInstant,
  type EvaluationRequest,
  type EvaluationResult,
  type Link,
} from '#libs/scheme';
import {
  NOW,
  DAY,
  text,
  SERVICE,
  CHAIN,
  data,
  policy,
  asked,
  party,
  means,
  link,
  codes,
} from '../../../test/e2e/assurance/state.js';

describe('the same answer as evaluation 5 gives over the same state', () => {
  const moment = fc.integer({ min: -40, max: 40 }).map((days) => NOW + days * DAY);
  const level = fc.constantFrom('EH1', 'EH2', 'EH2+', 'EH3', 'EH4' as const);
  const links = fc.array(
    fc.record({
      from: fc.constantFrom('party-1', 'party-2', 'party-3'),
      to: fc.constantFrom('pseudonym', 'party-2', 'party-3', 'pseudonym'),
      m: fc.constantFrom(1, 2, 3, 4 as const),
      submitterLevel: fc.option(level, { nil: undefined }),
      status: fc.constantFrom('active', 'active', 'active', 'awaitingActivation', 'revoked' as const),
      registeredAt: moment,
      validFrom: fc.integer({ min: -40, max: 3 }).map((days) => NOW + days * DAY),
      validUntil: fc.integer({ min: -2, max: 40 }).map((days) => NOW + days * DAY),
      scope: fc.constantFrom({ all: true }, { services: [SERVICE] }, { groups: [{ id: 'g1' }] }, {}),
      establishments: fc.option(fc.constant(['e1']), { nil: undefined }),
      forThirdParties: fc.boolean(),
      rightOfSubstitution: fc.boolean(),
      actsIndependently: fc.boolean(),
      onlyForClients: fc.option(fc.constantFrom(['party-1'], ['party-3']), { nil: undefined }),
    }),
    { maxLength: 7 },
  );
  const state = fc.record({
    links,
    stork: fc.constantFrom(1, 2, 3, 4 as const),
    meansStatus: fc.constantFrom('active', 'active', 'active', 'revoked', 'awaitingActivation' as const),
    product: fc.constantFrom('password-sms', 'password', 'certificate-card'),
    service: fc.constantFrom(SERVICE, CHAIN),
    level,
    sso: fc.boolean(),
    establishment: fc.option(fc.constantFrom('e1', 'e2'), { nil: undefined }),
    restGroup: fc.boolean(),
  });

  it('for the best of all paths that can be made, found by trying every one', () => {
    fc.assert(
      fc.property(state, (given) => {
        const maps = indexMaps();
        party(maps, 'party-1', given.restGroup);
        party(maps, 'party-2');
        party(maps, 'party-3');
        means(maps, given.stork, given.meansStatus, given.product);
        const all: Link[] = given.links
          .filter(({ from, to }) => from !== to)
          .map(
            ({ from, to, ...rest }) =>
              clean({
                ...rest,
                representedParty: from,
                authorizedParty: to,
                registeredAt: text(rest.registeredAt),
                validFrom: text(rest.validFrom),
                validUntil: text(rest.validUntil),
              }) as unknown as Link,
          );
        all.forEach((entry) => link(maps, randomUUID(), entry.representedParty, entry.authorizedParty, entry));

        const service = data.services.find(({ id }) => id === given.service)!;
        const login = policy.assessment(given.product, undefined, NOW);
        const { name: _n, providerName: _p, ...entry } = service;
        const evaluate = (path: readonly Link[]): EvaluationResult =>
          evaluateUse(
            clean({
              at: formatInstant(NOW),
              requestedLevel: given.level,
              singleSignOn: given.sso,
              // Without a path it is not told what is on record about the party.
              representedParty: { id: 'party-1', restGroup: path.length > 0 && given.restGroup },
              establishment: given.establishment,
              service: entry,
              means: {
                holder: 'pseudonym',
                status: given.meansStatus,
                stork: given.stork,
                authenticationServiceStork: login.stork,
                factors: login.factors,
              },
              links: path,
              levelPolicy: [{ level: 'EH1', usableUntil: '2021-06-30T22:00:00Z' }],
              maxIntermediaries: 2,
            }) as unknown as EvaluationRequest,
            currentRuleSet,
          );
        const paths = everyPath(all, service.chainSupported ? 3 : 1);
        const results = paths.length === 0 ? [evaluate([])] : paths.map(evaluate);

        const judgment = judgeAccess(
          asked({
            service: given.service,
            level: given.level,
            sso: given.sso,
            ...(given.establishment === undefined
              ? {}
              : { resource: { properties: { establishment: given.establishment } } }),
          }),
          maps,
          policy,
          NOW,
        );
        const yes = results.filter(({ decision }) => decision);
        expect(judgment.decision).toBe(yes.length > 0);
        const highest = (yes.length > 0 ? yes : results)
          .map(({ effectiveLevel }) => effectiveLevel)
          .reduce((a, b) => (b !== null && (a === null || compareEh(b, a) > 0) ? b : a));
        expect(judgment.level).toBe(highest);
        // What is reported is what evaluation 5 says of the very path that is named.
        const own = evaluate(judgment.path.map(({ authorization }) => contentOf(maps, authorization)));
        expect(codes(judgment)).toEqual(own.reasons);
        expect(judgment.requiredLevel).toBe(own.requiredLevel);
        expect(judgment.eidas).toBe(own.eidas);
        if (judgment.decision) {
          // It lasts until just before `validUntil`, and not longer (contract times are whole seconds).
          const path = judgment.path.map(({ authorization }) => contentOf(maps, authorization));
          const later = (milliseconds: number) => judgeAt(evaluateAt(given, entry, login, path), milliseconds);
          expect(later(judgment.validUntil! - 1_000)).toBe(true);
          expect(later(judgment.validUntil!)).toBe(false);
        }
      }),
      { numRuns: 400 },
    );
  });

  const judgeAt = (evaluate: (at: number) => EvaluationResult, at: number): boolean => evaluate(at).decision;

  const evaluateAt =
    (
      given: {
        level: string;
        sso: boolean;
        restGroup: boolean;
        establishment: string | undefined;
        meansStatus: string;
        stork: number;
      },
      service: object,
      login: { stork: number; factors: number },
      path: readonly Link[],
    ) =>
    (at: number): EvaluationResult =>
      evaluateUse(
        clean({
          at: formatInstant(at),
          requestedLevel: given.level,
          singleSignOn: given.sso,
          representedParty: { id: 'party-1', restGroup: given.restGroup },
          establishment: given.establishment,
          service,
          means: {
            holder: 'pseudonym',
            status: given.meansStatus,
            stork: given.stork,
            authenticationServiceStork: login.stork,
            factors: login.factors,
          },
          links: path,
          levelPolicy: [{ level: 'EH1', usableUntil: '2021-06-30T22:00:00Z' }],
          maxIntermediaries: 2,
        }) as unknown as EvaluationRequest,
        currentRuleSet,
      );

  const contentOf = (maps: IndexMaps, authorization: string): Link =>
    (maps.row(`authorization:${authorization}`)!.content as { link: Link }).link;
});

describe('a no to a stranger', () => {
  const meansStatus = fc.constantFrom('active', 'awaitingActivation', 'revoked' as const);
  const question = fc.record({
    subject: fc.constantFrom('pseudonym', 'nobody'),
    service: fc.constantFrom(SERVICE, CHAIN, 'urn:service:none', 'urn:service:gone', 'urn:else', undefined, 7),
    level: fc.constantFrom('EH1', 'EH2+', 'EH4', 'EH9', null),
    action: fc.constantFrom('represent', 'read'),
    sso: fc.boolean(),
    establishment: fc.option(fc.constantFrom('e1', 'e2'), { nil: undefined }),
    via: fc.constantFrom(undefined, 'kvk:1', 'kvk:2', 'kvk:404', 'a-2', 7),
    authenticationService: fc.constantFrom(undefined, 'authentication-service-1', 'else'),
    stork: fc.constantFrom(1, 2, 3, 4),
    status: meansStatus,
    product: fc.constantFrom('password-sms', 'password', 'certificate-card', 'none'),
  });

  it('is the same whether the organization is on record or not, and whatever is on record about it', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(question, (given) => {
        const maps = indexMaps();
        means(maps, given.stork, given.status, given.product);
        // On record without anything, from the rest group only, authorizing others, and in chains of others.
        party(maps, 'party-1');
        party(maps, 'party-2', true);
        party(maps, 'party-3');
        link(maps, 'a-1', 'party-3', 'other-pseudonym', { establishments: ['e1'] });
        link(maps, 'a-2', 'party-2', 'party-3', { status: 'revoked' });
        // And one that this means is authorized for, which may differ.
        party(maps, 'party-4');
        link(maps, 'a-4', 'party-4', 'pseudonym');
        const { subject, establishment, via, authenticationService, ...asking } = given;
        const answerAbout = (type: string, id: string): string => {
          const properties = establishment === undefined ? {} : { establishment };
          const request = asked({
            ...asking,
            subject: { id: subject },
            resource: { type, id, properties },
            context: clean({ via, authenticationService }),
          });
          const { grounds: _recorded, ...answer } = judgeAccess(request, maps, policy, NOW);
          return JSON.stringify(answer);
        };
        const unknown = answerAbout('organization', 'kvk:404');
        for (const id of ['kvk:1', 'kvk:2', 'kvk:3']) expect(answerAbout('organization', id)).toBe(unknown);
        expect(answerAbout('record', 'kvk:1')).toBe(unknown);
        expect(JSON.parse(unknown)).toMatchObject({ decision: false, level: null });
        kinds.add(unknown);
      }),
      // The same in every run: that they differ must not be chance.
      { numRuns: 500, seed: 1 },
    );
    expect(kinds.size).toBeGreaterThan(10);
  });
});

/** Every sequence of links from party-1 to the holder without meeting a party twice. */
function everyPath(links: readonly Link[], longest: number): Link[][] {
  const found: Link[][] = [];
  const walk = (at: string, path: Link[], met: string[]): void => {
    if (path.length >= longest) return;
    for (const next of links.filter(({ representedParty }) => representedParty === at)) {
      if (next.authorizedParty === 'pseudonym') found.push([...path, next]);
      else if (!met.includes(next.authorizedParty))
        walk(next.authorizedParty, [...path, next], [...met, next.authorizedParty]);
    }
  };
  walk('party-1', [], ['party-1']);
  return found;
}

/** Without members that are undefined. */
const clean = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
