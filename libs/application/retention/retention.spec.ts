import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  epochOf,
  instantFromEpoch,
  later,
  streamId,
  type DomainEvent,
  type Instant,
  type Recorded,
} from '#libs/kernel';
import type { Query } from '#libs/eventing';
import { retainedUntil } from '#libs/scheme';
import { at, uuid } from '#libs/testing';
import { retentionProjection, type RetentionRow } from '../read-models/retention.js';
import { retentionOf, type RetentionAnswer, type RetentionRows } from './retention.js';
import { tiesIn, type KeptName } from './ties.js';

/** What rests on what until when (ARCH-10, AMB-45), as the read model has it, of facts that tests write. */

const DAY = 86_400_000;
const begin = at('2026-03-02T12:00:00Z');

type Fact = readonly [category: Parameters<typeof streamId>[0], id: string, type: string, data: object, when?: Instant];

function recorded([category, id, type, data, when = begin]: Fact, nth: number): Recorded<DomainEvent> {
  const stream = streamId(category, id);
  return {
    ...{ type, data, revision: 0, position: BigInt(nth + 1), recordedAt: when },
    metadata: { stream, id: uuid('event', nth), type } as unknown as Recorded<DomainEvent>['metadata'],
  };
}

function rowsOf(facts: readonly Fact[]): RetentionRows {
  const rows = new Map<string, RetentionRow>();
  for (const event of facts.map(recorded)) {
    for (const key of new Set(retentionProjection.keys(event))) {
      const row = retentionProjection.fold(rows.get(key), event, key);
      if (row === undefined) rows.delete(key);
      else rows.set(key, row);
    }
  }
  const store = {
    find: (_of: unknown, key: string) => Promise.resolve(rows.get(key)),
    load: (_of: unknown, keys: readonly string[]) =>
      Promise.resolve(new Map(keys.flatMap((key) => (rows.has(key) ? [[key, rows.get(key)!] as const] : [])))),
    search: (_of: unknown, { where, after }: Query) => {
      const [{ value } = { value: '' }] = where as unknown as readonly { readonly value: string }[];
      const found = [...rows.values()].filter(({ restsOn }) => restsOn.includes(value));
      return Promise.resolve(after === undefined ? found : []);
    },
  };
  return store as unknown as RetentionRows;
}

const ask = (
  facts: readonly Fact[],
  of: KeptName,
  when: Instant,
  how: { readonly held?: readonly string[]; readonly whole?: boolean; readonly years?: number } = {},
): Promise<RetentionAnswer> =>
  retentionOf(
    rowsOf(facts),
    of,
    { at: when, years: how.years ?? 7, held: new Set(how.held ?? []) },
    { whole: how.whole ?? false },
  );

const seven = (moment: Instant): Instant => instantFromEpoch(retainedUntil(epochOf(moment)));

const intake = uuid('appl');
const check = uuid('check');
const other = uuid('check', 2);
const person = uuid('person');
const document = uuid('doc');
const party = uuid('party');
const means = uuid('means');
const authorization = uuid('auth');

const received: Fact = ['application', intake, 'ApplicationReceived', { application: intake, receivedAt: begin }];
const registered: Fact = ['person', person, 'PersonRegistered', { person, application: intake }];
const documented: Fact = ['person', person, 'DocumentRecorded', { person, document }];
const checked = (id = check, performedAt: Instant = begin, type = 'idDocumentStatus'): Fact => [
  ...(['check', id, 'CheckRecorded'] as const),
  { check: id, facts: { type, application: intake, about: { person }, document, performedAt } },
  later(performedAt, DAY),
];
const authorized = (validUntil: Instant, checks = [check], id = authorization): Fact => [
  ...(['authorization', id, 'AuthorizationRegistered'] as const),
  {
    ...{ authorization: id, application: intake, representedParty: party, checks, validUntil },
    ...{ submitter: { person: uuid('person', 2), role: 'legalRepresentative' }, authorizedParty: { person, means } },
    evidence: [{ check: other, joined: true }],
  },
];

describe('what rests on what', () => {
  it('is read from the facts themselves, whatever they name (ARCH-10)', () => {
    const [tie] = tiesIn(recorded(authorized(begin), 0));
    expect(tie!.of).toBe(`authorization/${authorization}`);
    expect([...tie!.restsOn].sort()).toEqual(
      [
        ...[`application/${intake}`, `check/${check}`, `check/${other}`, `means/${means}`, `party/${party}`],
        ...[`person/${person}`, `person/${uuid('person', 2)}`],
      ].sort(),
    );
    expect(tie!.ends).toBe(begin);
  });

  it('has copies on record that it counted, and clients that alone it is for (R-IO3-d-copy, CHAIN-10)', () => {
    const [stream, id, type, data] = authorized(begin);
    const more = { copies: [uuid('evidence')], onlyForClients: [uuid('party', 3)] };
    const [tie] = tiesIn(recorded([stream, id, type, { ...data, ...more }], 0));
    for (const name of [`evidence/${uuid('evidence')}`, `party/${uuid('party', 3)}`])
      expect(tie!.restsOn).toContain(name);
  });

  it('has the authorizations that something was scored by: what is decided by an authority keeps it (ARCH-10)', async () => {
    const [stream, , type, data] = authorized(begin);
    const authority = uuid('auth', 7);
    const others = { representedParty: uuid('party', 8), authorizedParty: { person: uuid('person', 8) } };
    const his: Fact = [stream, authority, type, { ...data, ...others, authorization: authority, authorities: [] }];
    const later7 = at('2030-06-01T10:00:00Z');
    const decided: Fact = [stream, authorization, type, { ...data, validUntil: later7, authorities: [authority] }];
    expect(await ask([his, decided], `authorization/${authority}`, later(seven(later7), -1))).toMatchObject({
      ...{ is: 'kept', because: `authorization/${authorization}` },
    });
    expect(await ask([his, decided], `authorization/${authority}`, seven(later7))).toEqual({ is: 'over' });
    const revoking = { application: intake, identification: { ioScore: 0, authorities: [authority] } };
    const asked: Fact = ['revocationRequest', uuid('revoke'), 'RevocationRequested', revoking];
    expect(tiesIn(recorded(asked, 0))[0]!.restsOn).toContain(`authorization/${authority}`);
  });

  it('has an authorization of before kept as long as anything of whom it is for and whom it authorizes: nobody named it (ARCH-10)', async () => {
    const [stream, , type, data] = authorized(begin);
    const authority = uuid('auth', 7);
    const of = { ...data, authorization: authority, authorizedParty: { person: uuid('person', 2), means } };
    const his: Fact = [stream, authority, type, of];
    const last = at('2030-06-01T10:00:00Z');
    // He submitted it, for the same organization.
    const decided: Fact = [stream, authorization, type, { ...data, validUntil: last }];
    const company: Fact = ['party', party, 'PartyRegistered', { party }];
    const facts = [company, his, decided];
    expect(await ask(facts, `authorization/${authority}`, later(seven(last), -1))).toMatchObject({ is: 'kept' });
    expect(await ask(facts, `authorization/${authority}`, seven(last))).toEqual({ is: 'over' });
    const named: Fact = [stream, authority, type, { ...of, authorities: [] }];
    expect(await ask([company, named, decided], `authorization/${authority}`, seven(begin))).toEqual({ is: 'over' });
  });

  it('passes over what a fact is about and does not rest on', () => {
    const upgraded: Fact = [
      ...(['means', means, 'MeansUpgraded'] as const),
      { means, checks: [check], staysBelow: [{ authorization }] },
    ];
    expect(tiesIn(recorded(upgraded, 0))[0]!.restsOn).toEqual([`check/${check}`]);
    const asked: Fact = [
      ...(['revocationRequest', uuid('revoke'), 'RevocationRequested'] as const),
      { object: { authorization }, application: intake, checks: [check], requester: { role: 'court' } },
    ];
    expect(tiesIn(recorded(asked, 0))[0]).toMatchObject({
      ...{ restsOn: [`application/${intake}`, `check/${check}`], ends: 'stands' },
    });
  });

  it('gives a document, which stands in its person’s stream, a time of its own', () => {
    expect(tiesIn(recorded(documented, 0))).toMatchObject([
      { of: `person/${person}`, restsOn: [] },
      { of: `document/${document}`, restsOn: [`person/${person}`] },
    ]);
  });

  it('says of a mandate decision that a check names by a reference nothing, and of one that is evidence that it rests on it', () => {
    const by = (decision: string): Fact => [
      ...(['check', check, 'CheckRecorded'] as const),
      {
        check,
        facts: { type: 'mandateDecisionCheck', application: intake, about: { person }, decision, performedAt: begin },
      },
    ];
    expect(tiesIn(recorded(by('besluit-12'), 0))[0]!.restsOn).toEqual([`application/${intake}`, `person/${person}`]);
    expect(tiesIn(recorded(by(uuid('evid')), 0))[0]!.restsOn).toContain(`evidence/${uuid('evid')}`);
  });
});

describe('until when a check is kept', () => {
  it('is seven years from when it was made where nothing rests on it, and nothing less (ARCH-10, AMB-45)', async () => {
    const facts = [received, registered, documented, checked()];
    const over = seven(begin);
    expect(await ask(facts, `check/${check}`, later(over, -1))).toMatchObject({
      is: 'kept',
      until: over,
      notBefore: over,
    });
    expect(await ask(facts, `check/${check}`, over)).toEqual({ is: 'over' });
    expect(await ask(facts, `check/${uuid('check', 9)}`, over)).toEqual({ is: 'unknown' });
  });

  it.each([
    ['a look in the trade register (TR-04)', 'tradeRegisterLookup'],
    ['the validation of a signature (SIG-03)', 'eSignatureValidation'],
  ])('is so of %s, at whatever level', async (_what, type) => {
    const facts = [received, registered, documented, checked(check, begin, type)];
    expect(await ask(facts, `check/${check}`, later(seven(begin), -1))).toMatchObject({ is: 'kept' });
    expect(await ask(facts, `check/${check}`, seven(begin))).toEqual({ is: 'over' });
  });

  it('is seven years from the end of what rests on it, by expiry or revocation', async () => {
    const validUntil = at('2031-02-28T23:00:00Z');
    const facts = [received, registered, checked(), authorized(validUntil)];
    expect(await ask(facts, `check/${check}`, seven(begin))).toMatchObject({
      ...{ is: 'kept', until: seven(validUntil), because: `authorization/${authorization}` },
    });
    expect(await ask(facts, `check/${check}`, seven(validUntil))).toEqual({ is: 'over' });
    const revokedAt = at('2027-06-01T10:00:00Z');
    const revoked: Fact = [
      ...(['authorization', authorization, 'AuthorizationRevoked', { authorization, revokedAt }, revokedAt] as const),
    ];
    expect(await ask([...facts, revoked], `check/${check}`, later(seven(revokedAt), -1))).toMatchObject({ is: 'kept' });
    expect(await ask([...facts, revoked], `check/${check}`, seven(revokedAt))).toEqual({ is: 'over' });
  });

  it('goes on with every renewal', async () => {
    const renewed: Fact = [
      ...(['authorization', authorization, 'AuthorizationRenewed'] as const),
      { authorization, checks: [other], validUntil: at('2036-02-28T23:00:00Z') },
      at('2031-01-10T10:00:00Z'),
    ];
    const facts = [received, checked(), checked(other), authorized(at('2031-02-28T23:00:00Z')), renewed];
    for (const id of [check, other]) {
      expect(await ask(facts, `check/${id}`, at('2040-01-01T00:00:00Z'))).toMatchObject({
        until: seven(at('2036-02-28T23:00:00Z')),
      });
    }
  });

  it('is that of the last of several that rest on it', async () => {
    const ends = ['2028-01-01T00:00:00Z', '2031-01-01T00:00:00Z', '2029-01-01T00:00:00Z'].map(at);
    const facts = [received, checked(), ...ends.map((end, nth) => authorized(end, [check], uuid('auth', nth + 1)))];
    expect(await ask(facts, `check/${check}`, at('2036-06-01T00:00:00Z'), { whole: true })).toMatchObject({
      ...{ is: 'kept', until: seven(ends[1]!), because: `authorization/${uuid('auth', 2)}` },
    });
  });

  it('is held, without an end, where more rests on it than is looked at and a hold stands anywhere (RIGHTS-06)', async () => {
    const many = (count: number): readonly Fact[] => [
      ['party', party, 'PartyRegistered', { party }],
      ...Array.from({ length: count }, (_, nth) => authorized(at('2028-01-01T00:00:00Z'), [], uuid('auth', nth + 1))),
    ];
    const held = [`authorization/${uuid('auth', 7)}`];
    const when = at('2027-01-01T00:00:00Z');
    for (const count of [100, 5_100]) {
      const answer = await ask(many(count), `party/${party}`, when, { held, whole: true });
      expect([count, answer.is === 'kept' && answer.isHeld]).toEqual([count, true]);
    }
    const cut = await ask(many(5_100), `party/${party}`, when, { whole: true });
    expect(cut).toMatchObject({ is: 'kept', isHeld: false });
    expect(cut).not.toHaveProperty('until');
  });

  it('is not that of who logged in: to ask for erasure keeps nobody longer (ARCH-08, ARCH-11, RIGHTS-06)', async () => {
    const registered: Fact = ['person', person, 'PersonRegistered', { person, application: intake }];
    const asked = at('2033-02-28T12:00:00Z');
    const of = (type: string): Fact => [
      ...(['check', other, 'CheckRecorded'] as const),
      { check: other, facts: { type, application: intake, about: { person }, performedAt: asked } },
      asked,
    ];
    const due = seven(begin);
    expect(await ask([registered, of('authentication')], `person/${person}`, due)).toEqual({ is: 'over' });
    expect(await ask([registered, of('physicalAppearance')], `person/${person}`, due)).toMatchObject({
      ...{ is: 'kept', until: seven(asked) },
    });
    // Neither goes while a hold stands on the other one.
    const held = { held: [`person/${person}`] };
    expect(await ask([registered, of('authentication')], `check/${other}`, seven(asked), held)).toMatchObject({
      isHeld: true,
    });
  });

  it('has no end while a means stands on it, and is then looked at no sooner than it can be over', async () => {
    const issued: Fact = ['means', means, 'MeansIssued', { means, checks: [check] }];
    const facts = [received, checked(), issued];
    const much = at('2060-05-05T05:00:00Z');
    expect(await ask(facts, `check/${check}`, much)).toEqual({
      ...{ is: 'kept', because: `means/${means}`, isHeld: false, notBefore: seven(much) },
    });
    const revokedAt = at('2061-01-01T00:00:00Z');
    const revoked: Fact = ['means', means, 'MeansRevoked', { means, revokedAt }, revokedAt];
    expect(await ask([...facts, revoked], `check/${check}`, seven(revokedAt))).toEqual({ is: 'over' });
  });

  it('reaches through: who is authorized with a means rests on what the means rests on', async () => {
    const facts = [
      received,
      checked(),
      ['means', means, 'MeansIssued', { means, checks: [check] }],
      ['means', means, 'MeansRevoked', { means, revokedAt: begin }],
      authorized(at('2031-02-28T23:00:00Z'), [other]),
    ] as readonly Fact[];
    expect(await ask(facts, `check/${check}`, seven(begin))).toMatchObject({ is: 'kept' });
    for (const name of [`person/${person}`, `application/${intake}`, `party/${party}`] as const) {
      const answer = await ask([...facts, registered], name, seven(begin));
      expect([name, answer.is]).toEqual([name, name.startsWith('party') ? 'unknown' : 'kept']);
    }
  });

  it('outlasts its time while a legal hold stands on what it belongs to, from whichever side', async () => {
    const facts = [received, registered, documented, checked(), authorized(begin)];
    const much = at('2050-01-01T00:00:00Z');
    for (const on of [`authorization/${authorization}`, `person/${person}`, `check/${check}`]) {
      for (const name of [
        `check/${check}`,
        `document/${document}`,
        `person/${person}`,
        `application/${intake}`,
      ] as const) {
        const answer = await ask(facts, name, much, { held: [on] });
        expect([on, name, answer]).toMatchObject([on, name, { is: 'kept', isHeld: true }]);
      }
    }
    expect(await ask(facts, `check/${check}`, much, { held: [`person/${uuid('person', 77)}`] })).toEqual({
      is: 'over',
    });
  });

  it('is held over however many steps, down from what a hold stands on, and up from there and down again', async () => {
    const far = uuid('person', 40);
    const request = uuid('revoke');
    const facts: readonly Fact[] = [
      ...[received, registered, documented, checked(), checked(other)],
      // The other one who submitted it, his means, what that was issued on, and whom he is one with.
      [
        'check',
        uuid('check', 41),
        'CheckRecorded',
        { check: uuid('check', 41), facts: { application: intake, performedAt: begin } },
      ],
      ['means', means, 'MeansIssued', { means, holder: far, checks: [uuid('check', 41)] }],
      ['means', means, 'MeansRevoked', { means, revokedAt: begin }],
      ['person', far, 'PersonRegistered', { person: far }],
      ['person', uuid('person', 42), 'PersonRegistered', { person: uuid('person', 42) }],
      ['person', far, 'PersonLinked', { person: far, to: uuid('person', 42) }],
      authorized(begin),
      // A request that was refused names what it is about, and keeps it no longer.
      ['revocationRequest', request, 'RevocationRequested', { object: { authorization }, checks: [], requester: {} }],
      ['revocationRequest', request, 'RevocationRefused', { codes: ['x'] }],
      ['party', uuid('party', 43), 'PartyRegistered', { party: uuid('party', 43) }],
    ];
    const much = at('2050-01-01T00:00:00Z');
    const under: readonly KeptName[] = [
      ...([`check/${check}`, `check/${uuid('check', 41)}`, `means/${means}`, `person/${far}`] as const),
      ...([`person/${uuid('person', 42)}`, `document/${document}`, `application/${intake}`] as const),
      `revocationRequest/${request}`,
    ];
    for (const name of under) {
      const answer = await ask(facts, name, much, { held: [`authorization/${authorization}`] });
      expect([name, answer]).toMatchObject([name, { is: 'kept', isHeld: true }]);
    }
    // On a person: what rests on him, and what that rests on.
    for (const name of [`check/${check}`, `authorization/${authorization}`, `person/${person}`] as const) {
      const answer = await ask(facts, name, much, { held: [`person/${far}`] });
      expect([name, answer]).toMatchObject([name, { is: 'kept', isHeld: true }]);
    }
    for (const held of [[`authorization/${authorization}`], [`person/${far}`]]) {
      expect(await ask(facts, `party/${uuid('party', 43)}`, much, { held })).toEqual({ is: 'over' });
    }
    expect(await ask(facts, `authorization/${authorization}`, seven(begin))).toEqual({ is: 'over' });
  });

  it('is longer where the participant keeps longer', async () => {
    const facts = [received, checked()];
    expect(await ask(facts, `check/${check}`, seven(begin), { years: 8 })).toMatchObject({ is: 'kept' });
  });

  it('is forgotten with what is destroyed, and what comes later is judged by itself', async () => {
    const gone: Fact = [
      ...(['destruction', uuid('destr'), 'RecordsDestroyed'] as const),
      { objects: [{ kind: 'check', id: check }] },
    ];
    expect(await ask([received, checked(), gone], `check/${check}`, begin)).toEqual({ is: 'unknown' });
    expect(await ask([received, checked(), gone], `application/${intake}`, begin)).toMatchObject({ is: 'kept' });
  });
});

describe('of any register', () => {
  const days = fc.integer({ min: 0, max: 20 * 366 });
  const plan = fc.record({
    performed: fc.array(days, { minLength: 1, maxLength: 4 }),
    ends: fc.array(
      fc.record({
        on: fc.nat(3),
        validFor: days,
        revoked: fc.option(days, { nil: undefined }),
        renewed: fc.option(days, { nil: undefined }),
      }),
      { maxLength: 4 },
    ),
    asked: fc.integer({ min: 0, max: 45 * 366 }),
  });

  it('nothing is over before the years from its own moment, and from the end of all that rests on it (ARCH-10)', async () => {
    const from = at('2024-02-20T12:00:00Z');
    await fc.assert(
      fc.asyncProperty(plan, async ({ performed, ends, asked }) => {
        const checks = performed.map((day, nth) => ({ id: uuid('check', nth + 10), at: later(from, day * DAY) }));
        const objects = ends.map(({ on, validFor, revoked, renewed }, nth) => {
          const { id, at: made } = checks[on % checks.length]!;
          const until = later(made, validFor * DAY);
          const extended = renewed === undefined ? until : later(until, renewed * DAY);
          return {
            id: uuid('auth', nth + 10),
            check: id,
            until,
            extended,
            revoked: revoked === undefined ? undefined : later(made, revoked * DAY),
          };
        });
        const facts: Fact[] = [
          received,
          ...checks.map((one) => checked(one.id, one.at)),
          ...objects.flatMap(({ id, check: on, until, extended, revoked }): Fact[] => [
            authorized(until, [on], id),
            ...(extended === until
              ? []
              : [['authorization', id, 'AuthorizationRenewed', { authorization: id, validUntil: extended }] as Fact]),
            ...(revoked === undefined
              ? []
              : [['authorization', id, 'AuthorizationRevoked', { authorization: id, revokedAt: revoked }] as Fact]),
          ]),
        ];
        const when = later(from, asked * DAY);
        for (const one of checks) {
          const resting = objects.filter((object) => object.check === one.id);
          // Made a little later than it is recorded here: its last fact is the registration itself.
          const last = [
            one.at,
            ...resting.map(({ revoked, extended }) => ((revoked ?? extended) > begin ? (revoked ?? extended) : begin)),
          ]
            .sort()
            .at(-1)!;
          const due = seven(last);
          const answer = await ask(facts, `check/${one.id}`, when, { whole: true });
          expect([one.id, answer.is === 'over']).toEqual([one.id, when >= due]);
          if (answer.is === 'kept') {
            expect(answer.until).toBe(due);
            expect(answer.notBefore > when).toBe(true);
            expect(answer.notBefore <= due).toBe(true);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
