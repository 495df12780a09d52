import { describe, expect, it } from '@jest/globals';
import type { Instant } from '#libs/kernel';
import type { RegisteredAuthorization } from '#libs/domain';
import { at, uuid } from '#libs/testing';
import { letterOf, type KnownMeans, type LetterParts } from './letters.js';

/** What the words of a message say of an authorization, member by member (CONF-01, CONF-02). */

type MembersOf<State> = State extends unknown ? keyof State : never;
type Member = MembersOf<RegisteredAuthorization>;

const service = 'urn:etoegang:DV:00000099800000001000:services:1';
const group = 'urn:etoegang:DV:00000099800000001000:groups:1';
const base = {
  authorization: uuid('auth'),
  authority: 'regular',
  representedParty: uuid('party'),
  authorizedParty: { party: uuid('inter') },
  submitter: { person: uuid('subm'), role: 'legalRepresentative' },
  scope: { all: false, services: [service], groups: [] },
  forThirdParties: false,
  nature: { rightOfSubstitution: false, actsIndependently: true },
  validFrom: at('2026-03-02T12:00:00Z'),
  validUntil: at('2027-03-02T12:00:00Z'),
  capped: false,
  m: 3,
  eh: null,
  aimedLevel: 'EH3',
  status: 'active',
} as unknown as RegisteredAuthorization;

const NOW = at('2026-03-02T12:00:00Z');

const partsOf = (more: object, language: 'nl' | 'en', parts: Partial<LetterParts> = {}): LetterParts => ({
  ...{
    kind: 'authorizationChanged',
    role: 'submitter',
    language,
    at: NOW,
    participant: 'Supplier',
    organization: 'kvk:1',
  },
  told: { authorization: { ...base, ...more } as RegisteredAuthorization },
  ...('onlyForClients' in more ? { clients: { numbers: ['kvk:2', 'kvk:3'], more: 0 } } : {}),
  serviceName: () => undefined,
  ...parts,
});
const textOf = (more: object, language: 'nl' | 'en', parts?: Partial<LetterParts>): string =>
  letterOf(partsOf(more, language, parts)).text;

/** Another value, which the words have to tell from the one above; or why they do not tell of it. */
const MEMBERS: Readonly<Record<Member, { readonly other: unknown } | { readonly untold: string }>> = {
  authorization: { other: uuid('aut2') },
  authority: { other: 'administration' },
  representedParty: { untold: 'by its name and number, which come from the party' },
  authorizedParty: { untold: 'by its name, which comes from the person or party' },
  scope: { other: { all: false, services: [service], groups: [{ id: group, includesLaterServices: true }] } },
  establishments: { other: ['000012345678'] },
  forThirdParties: { other: true },
  onlyForClients: { other: [uuid('cl', 1), uuid('cl', 2)] },
  nextLinkRegister: { other: '00000099900000001000' },
  nature: { other: { rightOfSubstitution: true, actsIndependently: true } },
  validFrom: { other: at('2026-03-03T12:00:00Z') },
  validUntil: { other: at('2027-03-03T12:00:00Z') },
  capped: { other: true },
  periodFrom: { other: at('2026-09-02T12:00:00Z') },
  m: { other: 2 },
  eh: { other: 'EH2' },
  aimedLevel: { other: 'EH4' },
  status: { other: 'suspended' },
  displayPermission: { other: { permitted: true, statedBy: uuid('subm'), statedAt: at('2026-03-02T12:00:00Z') } },
  displayConsent: { untold: 'asked of each, and never absent of what is registered' },
  registration: { untold: 'by which book it was judged' },
  authorities: { untold: 'authorizations on record that it was scored by' },
  application: { untold: 'an intake of the supplier' },
  decidedOn: { untold: 'an intake of the supplier' },
  decidedAt: { untold: 'it is told at once' },
  registeredAt: { untold: 'it is told at once' },
  activatedAt: { untold: 'it is told at once' },
  revokedAt: { untold: 'told of what is revoked, in place of the end that it had' },
  turnaround: { untold: 'a deadline of the supplier' },
  submitter: { untold: 'mostly whom the message goes to; nobody else is told who asked' },
  legalRepresentative: { untold: 'a human of the dossier' },
  submitterLevel: { untold: 'of whoever submitted it' },
  checks: { untold: 'evidence of the supplier' },
  evidence: { untold: 'evidence of the supplier' },
  copies: { untold: 'evidence of the supplier' },
  scores: { untold: 'what made the level' },
  rows: { untold: 'what made the level' },
  flags: { untold: 'what made the level' },
  meansStork: { untold: 'what made the level' },
  acceptLower: { untold: 'the level that it has is told beside the one aimed at' },
  eidas: { untold: 'a name of the level in another scheme' },
  suspensions: { untold: 'that it is suspended is told; by whom is not' },
  nonUse: { untold: 'by a message of its own, of the notice' },
};

describe('the words of a message', () => {
  const told = Object.entries(MEMBERS).flatMap(([member, how]) =>
    'other' in how ? [[member, how.other] as const] : [],
  );

  it.each(told)('tell %s, in both languages (CONF-01, CONF-02)', (member, other) => {
    for (const language of ['nl', 'en'] as const) {
      expect(textOf({ [member]: other }, language)).not.toBe(textOf({}, language));
    }
  });

  it('say why of every member that they leave out', () => {
    for (const how of Object.values(MEMBERS)) if ('untold' in how) expect(how.untold.length).toBeGreaterThan(10);
  });

  it.each([
    ['nl', 'Betrouwbaarheidsniveau: EH3\n'],
    ['en', 'Level of assurance: EH3\n'],
  ] as const)('have the level that M carries where there is no means, %s (CONF-02)', (language, line) => {
    const { text, effective } = letterOf(partsOf({}, language));
    expect(text).toContain(line);
    expect(effective.level).toBe('EH3');
  });

  it('say of a group of services whether what joins it later is covered', () => {
    const of = (includesLaterServices: boolean) => ({
      scope: { all: false, services: [service], groups: [{ id: group, includesLaterServices }] },
    });
    expect(textOf(of(true), 'nl')).toContain(`Diensten: ${service}; dienstengroep ${group}, ook met de diensten die`);
    expect(textOf(of(false), 'nl')).toContain(`dienstengroep ${group}, zonder de diensten die`);
    expect(textOf(of(true), 'en')).toContain(`group of services ${group}, also with those that join it later\n`);
    expect(textOf(of(false), 'en')).toContain(`group of services ${group}, without those that join it later\n`);
  });

  it('name the clients that it is for alone', () => {
    const more = { onlyForClients: [uuid('cl', 1)], nextLinkRegister: '00000099900000001000' };
    const clients = { numbers: ['kvk:2', 'kvk:3'], more: 7 };
    expect(textOf(more, 'nl', { clients })).toContain('Alleen voor deze klanten: kvk:2, kvk:3, en nog 7\n');
    expect(textOf(more, 'en', { clients })).toContain('For these clients only: kvk:2, kvk:3, and 7 more\n');
    expect(textOf(more, 'nl')).toContain('staat in het register (OIN): 00000099900000001000\n');
  });

  it('have a mark for the moment of revocation, which is of the telling', () => {
    const revokesAt: Instant = at('2026-04-01T12:00:00Z');
    const told = { authorization: base, lastUsedAt: null, revokesAt };
    const { text, effective } = letterOf({ ...partsOf({}, 'en', { kind: 'nonUse' }), told });
    expect(text).toContain('Will be revoked at: {revokesAt}\n');
    expect(effective.revokesAt).toBe(revokesAt);
  });

  it('have the moment of a revocation for the end that it had (CONF-01, CONF-02)', () => {
    const revokedAt = at('2026-06-02T12:00:00Z');
    const more = { status: 'revoked', revokedAt };
    const { text, effective } = letterOf(partsOf(more, 'nl', { kind: 'authorizationRevoked' }));
    expect(text).toContain('Ingetrokken op: 2 juni 2026, 14:00\n');
    expect(text).not.toContain('Geldig tot');
    expect(effective.validUntil).toBe(revokedAt);
    // One that had expired by then had ended before.
    const expired = { ...more, validUntil: at('2026-05-02T12:00:00Z') };
    expect(textOf(expired, 'nl')).toContain('Geldig tot: 2 mei 2026, 14:00\n');
    expect(letterOf(partsOf(expired, 'nl')).effective.validUntil).toBe(expired.validUntil);
  });
});

type MeansMember = MembersOf<KnownMeans>;

const means = {
  ...{ id: uuid('means'), holder: uuid('empl'), party: uuid('party'), product: 'card', status: 'active', stork: 3 },
  activatedAt: at('2026-03-02T12:00:00Z'),
} as unknown as KnownMeans;
const meansPartsOf = (more: object, language: 'nl' | 'en', parts: Partial<LetterParts> = {}): LetterParts => ({
  ...partsOf({}, language, { kind: 'meansSuspensionLifted', role: 'holder' }),
  told: { means: { ...means, ...more } as KnownMeans },
  ...parts,
});

/** As the table of an authorization. */
const OF_MEANS: Readonly<Record<MeansMember, { readonly other: unknown } | { readonly untold: string }>> = {
  id: { other: uuid('mean2') },
  product: { other: 'password-sms' },
  stork: { other: 4 },
  status: { other: 'suspended' },
  activatedAt: { other: undefined },
  certificateEndsAt: { other: at('2026-03-02T12:00:00Z') },
  restrictedToProvider: { other: '00000099800000001000' },
  restrictedToServices: { untold: 'only ever with a provider, beside whom they stand' },
  revokedAt: { untold: 'told of what is revoked' },
  holder: { untold: 'by his name, which comes from the person' },
  party: { untold: 'by its name and number, which come from the party' },
  suspensions: { untold: 'that it is suspended is told; by whom is not' },
  certificateRevokedAt: { untold: 'that its certificate has ended is told, whatever ended it' },
  certificateRevokedBy: { untold: 'evidence of the supplier' },
  revokedCertificates: { untold: 'numbers that the holder can read nowhere' },
  certificateFingerprint: { untold: 'a number that the holder can read nowhere' },
  leg: { untold: 'what the supplier has to do where the certificate was issued' },
  aimedStork: { untold: 'the level that it has is told' },
  issuanceLevel: { untold: 'what made the level' },
  identified: { untold: 'what made the level' },
  identification: { untold: 'evidence of the supplier' },
  checks: { untold: 'evidence of the supplier' },
  application: { untold: 'an intake of the supplier' },
  tokenFrom: { untold: 'an intake of the supplier' },
  judgedOn: { untold: 'an intake of the supplier' },
  processes: { untold: 'intakes of the supplier' },
  pseudonym: { untold: 'how services know him; of no use to him' },
  appliedAt: { untold: 'it is told at once' },
  issuedAt: { untold: 'it is told at once' },
  tokenSince: { untold: 'it is told at once' },
  before: { untold: 'what it was; of the level before an upgrade its message tells' },
  paused: { untold: 'what is over' },
};

describe('the words of a message about a means', () => {
  const told = Object.entries(OF_MEANS).flatMap(([member, how]) =>
    'other' in how ? [[member, how.other] as const] : [],
  );

  it.each(told)('tell %s, in both languages (CONF-01)', (member, other) => {
    for (const language of ['nl', 'en'] as const) {
      expect(letterOf(meansPartsOf({ [member]: other }, language)).text).not.toBe(
        letterOf(meansPartsOf({}, language)).text,
      );
    }
  });

  it.each<[string, object, string | undefined]>([
    ['is suspended by another', { status: 'suspended' }, 'het middel is nog geschorst'],
    ['is not activated', { status: 'issued', activatedAt: undefined }, 'het middel werkt pas als'],
    ['has a certificate that has ended', { certificateEndsAt: NOW }, 'het certificaat op het middel geldt niet meer'],
    ['has one that stands', { certificateEndsAt: at('2026-03-02T12:00:00.001Z') }, undefined],
    ['can be used', {}, undefined],
  ])('say of one whose suspension was lifted that it %s (CONF-01)', (_what, more, words) => {
    const { text } = letterOf(meansPartsOf(more, 'nl'));
    if (words === undefined) expect(text).not.toContain('Let op');
    else expect(text).toContain(`Let op: ${words}`);
  });

  it('say of one that is suspended now no more than that, and of one that was revoked when (CONF-01)', () => {
    const suspended = letterOf(meansPartsOf({ status: 'suspended' }, 'nl', { kind: 'meansSuspended' }));
    expect(suspended.text).not.toContain('Let op');
    const revokedAt = at('2026-03-02T12:00:00Z');
    const revoked = letterOf(meansPartsOf({ status: 'revoked', revokedAt }, 'nl', { kind: 'meansRevoked' }));
    expect(revoked.text).toContain('Ingetrokken op: 2 maart 2026, 13:00\n');
    expect(revoked.text).not.toContain('Let op');
    expect(revoked.effective).toEqual({ stork: 3, validUntil: revokedAt });
  });

  it('name the services that it is for alone', () => {
    const more = { restrictedToProvider: '00000099800000001000', restrictedToServices: [service] };
    expect(letterOf(meansPartsOf(more, 'en')).text).toContain(
      `Can be used only with: 00000099800000001000; ${service}\n`,
    );
  });
});
