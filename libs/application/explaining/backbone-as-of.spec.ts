import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { streamId, type DomainEvent, type Instant } from '#libs/kernel';
import { authorizationDecider, checkDecider, meansDecider } from '#libs/domain';
import { currentRuleSet, ruleSet } from '#libs/scheme';
import { memoryBackbone, type MemoryBackbone } from '#libs/testing';
import { allRows } from '../read-models/all-rows.js';
import { authorizationEndsProjection } from '../read-models/authorization-ends.js';
import { authorizationsProjection, type AuthorizationRow } from '../read-models/authorizations.js';
import { dossierProjections } from '../read-models/dossier.js';
import { evidenceProjection, type EvidenceRow } from '../read-models/evidence.js';
import { keptCopiesProjection } from '../read-models/kept-copies.js';
import { meansProjection, type MeansRow } from '../read-models/means.js';
import { personLinksProjection } from '../read-models/person-links.js';
import { backboneAsOf, folding, orTooMuch } from './backbone-as-of.js';

const AT = '2026-03-02T12:00:00.000Z' as Instant;
const PERSON = '3c2d4e5f-1111-4222-8333-944455566677';
const OTHER = '1a2b3c4d-1111-4222-8333-944455566677';
const PARTY = '8a7b6c5d-1111-4222-8333-944455566677';
const MEANS = '5e6f7a8b-1111-4222-8333-944455566677';
const AUTHORIZATION = '2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44';
const CHECK = '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10';
const APPLICATION = '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44';

let register: MemoryBackbone;
beforeEach(async () => {
  register = await memoryBackbone(() => Date.parse(AT));
});
afterEach(() => register.close());

const event = (type: string, data: object): DomainEvent => ({ type, data }) as unknown as DomainEvent;
const registered = (more: object = {}): DomainEvent =>
  event('AuthorizationRegistered', {
    ...{ authorization: AUTHORIZATION, application: APPLICATION, registration: 'first', authority: 'regular' },
    ...{ representedParty: PARTY, submitter: { person: OTHER, role: 'legalRepresentative' } },
    authorizedParty: { person: PERSON, means: MEANS, pseudonym: 'b6c1e0f8-5a0e-4c57-9d35-0c3a9b1f2d44' },
    ...{ scope: { all: true, services: [], groups: [] }, forThirdParties: false },
    nature: { rightOfSubstitution: false, actsIndependently: true },
    ...{ validFrom: AT, validUntil: '2031-03-02T12:00:00.000Z', capped: false, registeredAt: AT },
    ...{ checks: [CHECK], scores: {}, rows: {}, m: 3, eh: 'EH3', eidas: 'substantial', submitterLevel: null },
    ...{ flags: [], aimedLevel: 'EH3', acceptLower: false },
    ...more,
  });
const transaction = event('CheckRecorded', {
  check: CHECK,
  late: false,
  facts: {
    ...{ type: 'bankTransaction', application: APPLICATION, about: { person: PERSON }, completedAt: AT },
    ...{ succeeded: true, accountOpenedWithIdDocument: true, nameAgreesWithDocument: true },
    ...{ nameAgreesWithAttributes: true, performedAt: AT, performedBy: { system: 'bank' } },
    source: { name: 'bank', reference: 'transaction-1' },
  },
});
const applied = event('MeansApplied', {
  ...{ means: MEANS, application: APPLICATION, holder: PERSON, product: 'password-sms', aimedStork: 3 },
  ...{ pseudonym: 'b6c1e0f8-5a0e-4c57-9d35-0c3a9b1f2d44', appliedAt: AT },
});

const asOf = (before: bigint) => backboneAsOf(register.backbone, { before, at: AT, rules: currentRuleSet });
const authorizationsThen = async (before: bigint, status: string): Promise<readonly AuthorizationRow[]> => {
  const then = asOf(before);
  await then.readModels.upToDate(authorizationsProjection);
  return allRows<AuthorizationRow>(then.readModels.store, authorizationsProjection, [
    { column: 'representedParty', is: 'equal', value: PARTY },
    { column: 'status', is: 'one-of', values: [status] },
    { column: 'validUntil', is: 'from', value: AT },
  ]);
};

describe('a backbone as it was', () => {
  it('has streams up to there, the clock of then and the rules that it is given', async () => {
    await register.record('means', MEANS, applied);
    const activated = { means: MEANS, application: APPLICATION, activatedAt: AT, late: false };
    const place = await register.record('means', MEANS, event('MeansActivated', activated));
    const then = backboneAsOf(register.backbone, { before: place, at: AT, rules: ruleSet('eh-1.5') });
    const loaded = await then.commands.load(meansDecider, streamId('means', MEANS));
    expect([loaded.state.status, loaded.revision, loaded.history.length]).toEqual(['applied', 0, 1]);
    expect(loaded.position).toBeLessThan(place);
    const [before] = await asOf(0n).commands.loadAll(meansDecider, [streamId('means', MEANS)]);
    expect([before!.state.status, before!.revision]).toEqual(['none', 'no-stream']);
    expect([then.now(), then.rules.version]).toEqual([AT, 'eh-1.5']);
  });

  it('finds rows by what they were, not by what they are', async () => {
    await register.record('authorization', AUTHORIZATION, registered());
    const activated = {
      authorization: AUTHORIZATION,
      application: APPLICATION,
      activatedAt: AT,
      checks: [],
      late: false,
    };
    const active = await register.record('authorization', AUTHORIZATION, event('AuthorizationActivated', activated));
    const ended = { authorization: AUTHORIZATION, revocationRequest: OTHER, revokedAt: AT };
    const revoked = await register.record('authorization', AUTHORIZATION, event('AuthorizationRevoked', ended));
    const statuses = async (before: bigint): Promise<readonly string[]> =>
      (
        await Promise.all(
          ['awaitingActivation', 'active', 'revoked'].map((status) => authorizationsThen(before, status)),
        )
      )
        .flat()
        .map(({ status }) => status);
    expect(await statuses(active)).toEqual(['awaitingActivation']);
    expect(await statuses(revoked)).toEqual(['active']);
    expect(await statuses(revoked + 1n)).toEqual(['revoked']);
    expect(await statuses(0n)).toEqual([]);
  });

  it('knows when a bank transaction was last used by then', async () => {
    await register.record('means', MEANS, applied);
    const unused = await register.record('check', CHECK, transaction);
    const first = await register.record('authorization', AUTHORIZATION, registered());
    const later = '2026-03-09T12:00:00.000Z';
    const again = '4b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44';
    const second = await register.record(
      'authorization',
      again,
      registered({ authorization: again, registeredAt: later }),
    );
    const usedAt = async (before: bigint): Promise<unknown> => {
      const then = asOf(before);
      await then.readModels.upToDate(evidenceProjection);
      const rows = await allRows<EvidenceRow>(then.readModels.store, evidenceProjection, [
        { column: 'person', is: 'one-of', values: [PERSON] },
        { column: 'type', is: 'equal', value: 'bankTransaction' },
        { column: 'usedAt', is: 'from', value: '' },
      ]);
      return rows.map((row) => row.usedAt);
    };
    await Promise.all(
      [authorizationsProjection, meansProjection].map((one) => register.backbone.readModels.upToDate(one as never)),
    );
    expect(await usedAt(unused + 1n)).toEqual([]);
    expect(await usedAt(first + 1n)).toEqual([AT]);
    expect(await usedAt(second + 1n)).toEqual([later]);
  });

  it('folds no more than one answer may cost, and says so before it has read it all', async () => {
    await register.record('means', MEANS, applied);
    const used = await register.record('check', CHECK, transaction);
    for (let place = 0; place < 5; place++) {
      const authorization = `4b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d4${place}`;
      await register.record('authorization', authorization, registered({ authorization }));
    }
    const before = (await register.backbone.feed.head()) + 1n;
    await register.backbone.readModels.upToDate(evidenceProjection);
    const asked = (most?: number): Promise<unknown> => {
      const then = backboneAsOf(register.backbone, {
        ...{ before, at: AT, rules: currentRuleSet },
        ...(most === undefined ? {} : { fold: folding(most) }),
      });
      const rows = allRows<EvidenceRow>(then.readModels.store, evidenceProjection, [
        { column: 'person', is: 'one-of', values: [PERSON] },
      ]);
      return orTooMuch(rows);
    };
    expect(used).toBeLessThan(before);
    expect(await asked()).toMatchObject([{ id: CHECK, usedAt: AT }]);
    expect(await asked(6)).toMatchObject([{ id: CHECK }]);
    expect(await asked(5)).toEqual({ faults: ['too-much-on-record'] });
  });

  it('goes on to further pages where the rows of one were otherwise then', async () => {
    const ids = Array.from({ length: 7 }, (_, place) => `5e6f7a8b-1111-4222-8333-94445556660${place}`);
    for (const means of ids) await register.record('means', means, event('MeansApplied', { ...applied.data, means }));
    const place = await register.record('means', MEANS, applied);
    for (const means of ids.slice(3)) {
      const ended = { means, revocationRequest: OTHER, revokedAt: AT };
      await register.record('means', means, event('MeansRevoked', ended));
    }
    await register.backbone.readModels.upToDate(meansProjection);
    const search = (before: bigint, limit: number): Promise<readonly MeansRow[]> =>
      asOf(before).readModels.store.search<MeansRow>(meansProjection, {
        where: [
          { column: 'holder', is: 'equal', value: PERSON },
          { column: 'status', is: 'equal', value: 'applied' },
        ],
        limit,
      });
    expect((await search(place, 2)).map(({ id }) => id)).toEqual([ids[6], ids[5]]);
    const now = (await register.backbone.feed.head()) + 1n;
    expect((await search(now, 2)).map(({ id }) => id)).toEqual([MEANS, ids[2]]);
    expect(await search(now, 10)).toHaveLength(4);
  });

  it('has a copy on record as it was then', async () => {
    const evidence = '9b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44';
    const description = { kind: 'idCopy', role: 'registration', person: PERSON, document: OTHER };
    const described = await register.record(
      'evidence',
      evidence,
      event('EvidenceDescribed', { evidence, description }),
    );
    const kept = await register.record('evidence', evidence, event('EvidenceKept', { evidence }));
    await register.backbone.readModels.upToDate(keptCopiesProjection as never);
    const copies = (before: bigint): Promise<readonly object[]> =>
      asOf(before).readModels.store.search(keptCopiesProjection, {
        where: [{ column: 'person', is: 'one-of', values: [PERSON] }],
        limit: 10,
      });
    expect(await copies(described)).toEqual([]);
    expect(await copies(kept)).toMatchObject([{ id: evidence, kept: false }]);
    expect(await copies(kept + 1n)).toMatchObject([{ id: evidence, kept: true }]);
  });

  it('has the past of whatever a dossier is put together from', async () => {
    for (const projection of dossierProjections) {
      const search = asOf(1n).readModels.store.search(projection as never, { where: [], limit: 1 });
      expect([projection.name, await search]).toEqual([projection.name, []]);
    }
  });

  it('decides nothing, and has no rows whose past is not known', async () => {
    const then = asOf(1n);
    await expect(
      then.commands.execute(checkDecider, streamId('check', CHECK), {} as never, {} as never),
    ).rejects.toThrow('nothing is decided in the past');
    await expect(then.readModels.store.search(authorizationEndsProjection, { where: [], limit: 1 })).rejects.toThrow(
      'authorization-ends',
    );
    expect(await then.readModels.store.search(personLinksProjection, { where: [], limit: 1 })).toEqual([]);
    const { state } = await then.commands.load(authorizationDecider, streamId('authorization', AUTHORIZATION));
    expect(state.status).toBe('none');
  });
});
