import { describe, expect, test } from '@jest/globals';
import { classifyAuthorization } from './classify.js';
import type { AuthorizationCheck, AuthorizationRequest, EhLevel } from '../contract/classification.types.js';
import { currentRuleSet as rules } from '../rule-sets/rule-sets.js';

const startedAt = '2026-03-02T09:00:00+01:00';
const asOf = '2026-03-02T11:00:00+01:00';
const assessedAt = '2026-03-02T16:00:00+01:00';

/** Records, by short names. */
const known = (
  subject: 'representedParty' | 'submitter' | 'authorizedParty' | 'legalRepresentative',
  uniquelyIdentifying = true,
): AuthorizationCheck => ({
  type: 'identityAttributesRecorded',
  subject,
  uniquelyIdentifying,
});
const lookup: AuthorizationCheck = {
  type: 'tradeRegisterLookup',
  subject: 'representedParty',
  via: 'online',
  asOf,
  outcome: 'found',
  agreesOn: ['number', 'name', 'address'],
};
const representation: Extract<AuthorizationCheck, { type: 'representationCheck' }> = {
  type: 'representationCheck',
  of: 'submitter',
  register: 'tradeRegister',
  via: 'online',
  asOf,
  outcome: 'found',
  basis: 'byName',
  agrees: true,
  limitation: 'none',
  sameDataAsIdentified: true,
};
const copy = (
  subject: 'submitter' | 'authorizedParty',
  presentation: 'paper' | 'scan' = 'paper',
): AuthorizationCheck => ({
  type: 'idCopyEnclosed',
  subject,
  document: `id-${subject}`,
  presentation,
});
const compared = (form: 'original' | 'scan' = 'original'): AuthorizationCheck => ({
  type: 'signatureComparison',
  against: 'idCopy',
  document: 'id-submitter',
  form,
  onTheSpot: false,
  agrees: true,
});
const notReported = (subject: 'submitter' | 'authorizedParty'): AuthorizationCheck => ({
  type: 'idDocumentStatus',
  subject,
  document: `id-${subject}`,
  status: 'notReported',
});
const issued = (issuanceLevel: 1 | 2 | 3 | 4, sameProcess = true): AuthorizationCheck => ({
  type: 'meansIssuance',
  issuanceLevel,
  sameProcess,
});
const clear: AuthorizationCheck = { type: 'specialCircumstancesCheck', asOf, outcome: 'none' };
const appeared = (subject: 'submitter' | 'authorizedParty'): AuthorizationCheck => ({
  type: 'physicalAppearance',
  subject,
  mode: 'appeared',
  document: `id-${subject}`,
  documentShown: 'original',
});
const onTheSpot: AuthorizationCheck = {
  type: 'signatureComparison',
  against: 'idOriginal',
  document: 'id-submitter',
  form: 'original',
  onTheSpot: true,
  agrees: true,
};
const vouched = (
  meansLink: 'issuedThroughVoucher' | 'sharedSecret' | 'fullPersonalData' | 'none',
): AuthorizationCheck => ({
  type: 'vouching',
  by: 'submitter',
  coversIdentityAndAttributes: true,
  meansLink,
});

/** All that M2 needs on paper, of a company whose director submits. */
const onPaper: readonly AuthorizationCheck[] = [
  known('representedParty'),
  lookup,
  representation,
  known('submitter'),
  copy('submitter'),
  compared(),
  issued(3),
  known('authorizedParty'),
  copy('authorizedParty'),
];

const request = (changed: Partial<AuthorizationRequest> = {}): AuthorizationRequest => ({
  registration: 'first',
  channel: 'nonElectronic',
  startedAt,
  assessedAt,
  representedParty: { kind: 'undertaking' },
  submitter: { role: 'legalRepresentative', holdsMeans: false },
  authorizedParty: { kind: 'naturalPerson', meansStork: 3 },
  registerProfile: { im: 3, pd: 2, pv: 4, pi: 4, pt: 2 },
  checks: onPaper,
  ...changed,
});

const classify = (changed: Partial<AuthorizationRequest> = {}) => classifyAuthorization(request(changed), rules);
const without = (...types: readonly AuthorizationCheck['type'][]): readonly AuthorizationCheck[] =>
  onPaper.filter(({ type }) => !types.includes(type));

const byAdministrator: Partial<AuthorizationRequest> = {
  registration: 'repeated',
  channel: 'electronic',
  submitter: {
    role: 'administrator',
    holdsMeans: true,
    authenticatedLevel: 'EH3',
    administration: { level: 'EH3', iv: 3 },
  },
};

describe('one dossier', () => {
  test('SCORE-02: rows are alternatives, and all that earn the score are named', () => {
    const scanned = { ...copy('authorizedParty', 'scan'), document: 'id-other' } as AuthorizationCheck;
    expect(classify({ checks: [...onPaper, scanned] }).rows.IG).toEqual(['IG2-b', 'IG2-c']);
  });

  test('SCORE-06: the same paper dossier earns what chapter 10 says', () => {
    expect(classify()).toMatchObject({ scores: { IA: 2, IO: 2, IG: 2, IV: 2 }, m: 2, eh: 'EH2+', eidas: 'low' });
    const checks = [...onPaper, notReported('submitter'), notReported('authorizedParty'), clear];
    expect(classify({ checks })).toMatchObject({
      scores: { IA: 2, IO: 3, IG: 3, IV: 3 },
      m: 3,
      eh: 'EH3',
      eidas: 'substantial',
    });
  });

  test('SCORE-05, IM1, IM2, IM3: the profile of the register counts as it is', () => {
    const checks = [...onPaper, notReported('submitter'), notReported('authorizedParty'), clear];
    const m = (im: 0 | 1 | 2 | 3): number =>
      classify({ checks, registerProfile: { im, pd: 2, pv: 4, pi: 4, pt: 2 } }).m;
    expect(([0, 1, 2, 3] as const).map(m)).toEqual([0, 1, 3, 3]);
  });

  test('SUS-04: the procedure for suspension counts in PI', () => {
    const checks = [...onPaper, notReported('submitter'), notReported('authorizedParty'), clear];
    const result = classify({ checks, registerProfile: { im: 3, pd: 2, pv: 4, pi: 2, pt: 2 } });
    expect(result).toMatchObject({ m: 2, limitedBy: ['PI'] });
  });

  test('REG-11, SYN-08: the means holds the level back, not the authorization', () => {
    const checks = [...onPaper, notReported('submitter'), notReported('authorizedParty'), clear];
    expect(classify({ checks, authorizedParty: { kind: 'naturalPerson', meansStork: 2 } })).toMatchObject({
      m: 3,
      eh: 'EH2',
    });
    expect(classify({ checks, authorizedParty: { kind: 'naturalPerson' } })).toMatchObject({
      m: 3,
      eh: null,
      eidas: null,
    });
  });

  test('SYN-03: one table for the representative himself, for somebody else, for an administrator and by one', () => {
    const himself = { kind: 'naturalPerson', meansStork: 3, sameAsSubmitter: true } as const;
    const cases: readonly Partial<AuthorizationRequest>[] = [
      { authorizedParty: himself, checks: [...without('idCopyEnclosed'), copy('submitter')] },
      {},
      { authority: 'administration' },
      { ...byAdministrator, checks: [...onPaper, clear] },
    ];
    const { minimumScores } = rules.authorization;
    const stricter: typeof rules = {
      ...rules,
      authorization: { ...rules.authorization, minimumScores: { ...minimumScores, 2: { ...minimumScores[2], IG: 3 } } },
    };
    for (const [place, changed] of cases.entries()) {
      const m = [rules, stricter].map((by) => classifyAuthorization(request(changed), by).m);
      expect([place, ...m]).toEqual([place, 2, 1]);
    }
  });

  test('SYN-04, PARTY-03: M1 asks a confirmation by a separate channel, and no more of whoever submits', () => {
    const least: readonly AuthorizationCheck[] = [
      known('representedParty', false),
      issued(1),
      { type: 'completenessCheck', missingItems: [] },
    ];
    const confirmed: AuthorizationCheck = {
      type: 'separateChannelConfirmation',
      medium: 'post',
      contactSource: 'independentParty',
      confirmed: true,
    };
    for (const role of ['legalRepresentative', 'other'] as const) {
      const submitter = { role, holdsMeans: false };
      expect(classify({ submitter, checks: least })).toMatchObject({
        scores: { IA: 1, IO: 1, IG: 1, IV: 0 },
        m: 0,
        refusals: ['aspect-unscored:IV'],
      });
      expect(classify({ submitter, checks: [...least, confirmed] })).toMatchObject({
        rows: { IO: ['IO1-a'], IG: ['IG1-a'], IV: ['IV1-a'] },
        m: 1,
        eh: 'EH1',
        refusals: [],
      });
    }
  });

  test('REG-05, NORM-06: the book that is named is the only one used', () => {
    const result = classify({ registration: 'repeated' });
    expect(result.rows).toMatchObject({ IA: [], IO: [] });
    expect(result.refusals).toContain('no-administration-authority');
    const first = classify({ ...byAdministrator, registration: 'first' });
    expect(first.rows).toMatchObject({ IA: ['IA2-b'], IO: ['IO1-a'] });
  });

  test('ADMIN-02: an administrator is registered by the same tables', () => {
    expect(classify({ authority: 'administration' })).toEqual(classify());
    const other = { role: 'other', holdsMeans: false } as const;
    expect(classify({ authority: 'administration', submitter: other }).refusals).toContain(
      'appointer-not-legal-representative',
    );
    expect(classify({ submitter: other }).refusals).not.toContain('appointer-not-legal-representative');
  });

  test('REG-04: a private deed carries IG4-g', () => {
    const checks = [
      ...without('meansIssuance'),
      issued(4),
      { type: 'privateDeed', signedBy: 'submitter', signedWith: 'hand' } as const,
    ];
    expect(classify({ checks }).rows.IG).toEqual(['IG4-g']);
  });
});

describe('the represented party', () => {
  test('IA-MAX: nothing gives more than IA2', () => {
    expect(classify({ checks: [...onPaper, lookup, clear] }).scores.IA).toBe(2);
  });

  test('TR-01, TR-02, AMB-70: what was looked up must lie in the process, an extract in the last 120 hours', () => {
    const ia = (via: 'online' | 'extract', at: string): number | undefined =>
      classify({ checks: [...without('tradeRegisterLookup'), { ...lookup, via, asOf: at } as AuthorizationCheck] })
        .scores.IA;
    expect(ia('online', startedAt)).toBe(2);
    expect(ia('online', assessedAt)).toBe(2);
    expect(ia('online', '2026-03-02T08:59:59+01:00')).toBe(1);
    expect(ia('extract', '2026-03-02T08:59:59+01:00')).toBe(2);
    expect(ia('extract', '2026-02-25T16:00:01+01:00')).toBe(2);
    expect(ia('extract', '2026-02-25T16:00:00+01:00')).toBe(1);
    expect(ia('extract', '2026-03-02T16:00:01+01:00')).toBe(1);
  });

  test.each(['number', 'name', 'address'] as const)(
    'TR-05: a look-up that does not agree on the %s verifies nothing',
    (missed) => {
      const agreesOn = (['number', 'name', 'address'] as const).filter((item) => item !== missed);
      expect(
        classify({ checks: [...without('tradeRegisterLookup'), { ...lookup, agreesOn } as AuthorizationCheck] }).scores
          .IA,
      ).toBe(1);
    },
  );

  test('PARTY-01, PROF-01, REST-05: each kind in its own register', () => {
    const professional: AuthorizationCheck = {
      type: 'professionalRegisterLookup',
      asOf,
      outcome: 'found',
      registerDesignated: true,
      identifierAgrees: true,
    };
    const restGroup: AuthorizationCheck = {
      type: 'restGroupRegisterLookup',
      asOf,
      outcome: 'found',
      uniqueMatch: true,
    };
    const ia = (
      kind: AuthorizationRequest['representedParty']['kind'],
      found: AuthorizationCheck,
    ): number | undefined =>
      classify({ representedParty: { kind }, checks: [...without('tradeRegisterLookup'), found] }).scores.IA;
    for (const kind of ['undertaking', 'privateLegalPerson', 'publicLegalPerson'] as const) {
      expect([lookup, professional, restGroup].map((found) => ia(kind, found))).toEqual([2, 1, 1]);
    }
    expect([lookup, professional, restGroup].map((found) => ia('practitioner', found))).toEqual([1, 2, 1]);
    expect([lookup, professional, restGroup].map((found) => ia('restGroupEntity', found))).toEqual([1, 1, 2]);
    for (const flaw of [
      { outcome: 'notFound' },
      { registerDesignated: false },
      { identifierAgrees: false },
      { asOf: '2026-03-02T08:00:00+01:00' },
    ]) {
      expect(ia('practitioner', { ...professional, ...flaw } as AuthorizationCheck)).toBe(1);
    }
    for (const flaw of [{ outcome: 'unavailable' }, { uniqueMatch: false }, { asOf: '2026-03-02T17:00:00+01:00' }]) {
      expect(ia('restGroupEntity', { ...restGroup, ...flaw } as AuthorizationCheck)).toBe(1);
    }
  });

  test('IA2-b-est: establishments of the scope are checked as current', () => {
    const listed = (...currentEstablishments: string[]) => [
      ...without('tradeRegisterLookup'),
      { ...lookup, currentEstablishments } as AuthorizationCheck,
    ];
    const establishments = ['est-1', 'est-2'];
    expect(classify({ establishments, checks: listed('est-1', 'est-2', 'est-3') })).toMatchObject({
      scores: { IA: 2 },
      refusals: [],
    });
    expect(classify({ establishments, checks: listed('est-1') })).toMatchObject({
      scores: { IA: 1 },
      refusals: ['establishment-not-current'],
    });
    expect(classify({ establishments })).toMatchObject({ scores: { IA: 1 }, refusals: [] });
    expect(classify({ checks: listed('est-1') })).toMatchObject({ scores: { IA: 2 }, refusals: [] });
    const second = [...listed('est-1'), { ...lookup, currentEstablishments: establishments } as AuthorizationCheck];
    expect(classify({ establishments, checks: second }).refusals).toEqual([]);
  });

  test('R-IA-01: electronically he follows from the authority of the administrator', () => {
    expect(classify({ ...byAdministrator, checks: [] }).rows.IA).toEqual(['R-IA2-c']);
    const low = {
      role: 'administrator',
      holdsMeans: true,
      authenticatedLevel: 'EH1',
      administration: { level: 'EH1', iv: 1 },
    } as const;
    expect(classify({ ...byAdministrator, submitter: low, checks: [] }).rows.IA).toEqual(['R-IA1-a']);
    expect(classify({ ...byAdministrator, channel: 'nonElectronic', checks: [] }).scores.IA).toBe(0);
    expect(classify({ ...byAdministrator, channel: 'nonElectronic' }).rows.IA).toEqual(['R-IA2-b']);
  });
});

describe('what does not verify', () => {
  test('TR-03: a look-up that found nothing, or found nobody, whatever it says it agrees on', () => {
    for (const outcome of ['notFound', 'unavailable'] as const) {
      const checks = [...without('tradeRegisterLookup'), { ...lookup, outcome } as AuthorizationCheck];
      expect(classify({ checks }).scores.IA).toBe(1);
    }
  });

  test('a comparison with the original is none with the copy', () => {
    const withOriginal = { ...compared(), against: 'idOriginal' } as AuthorizationCheck;
    expect(classify({ checks: [...without('signatureComparison'), withOriginal] }).rows.IO).toEqual(['IO1-a']);
  });

  test('the facts of a proxy holder count of nobody else', () => {
    const facts: readonly AuthorizationCheck[] = [
      ...without('signatureComparison', 'representationCheck'),
      appeared('submitter'),
      onTheSpot,
      known('legalRepresentative'),
      { type: 'proxyCheck', writtenAndSigned: true, grantorIdCopyChecked: true },
    ];
    const other = { role: 'other', holdsMeans: false } as const;
    expect(classify({ submitter: other, checks: facts }).rows.IO).toEqual(['IO1-a']);
  });
});

describe('the submitter', () => {
  const scans = [
    ...without('idCopyEnclosed', 'signatureComparison'),
    copy('submitter', 'scan'),
    compared('scan'),
    copy('authorizedParty'),
  ];

  test('IO2-c: scans of form and document, of one without a means', () => {
    expect(classify({ channel: 'electronic', checks: scans }).rows.IO).toEqual(['IO2-c']);
    expect(
      classify({ channel: 'electronic', checks: [...without('signatureComparison'), compared('scan')] }).rows.IO,
    ).toEqual(['IO1-a']);
    expect(
      classify({
        channel: 'electronic',
        checks: [...scans.filter(({ type }) => type !== 'signatureComparison'), compared()],
      }).rows.IO,
    ).toEqual(['IO1-a']);
    expect(classify({ checks: scans }).rows.IO).toEqual(['IO2-b']);
  });

  test('IO2-c-holder: whoever holds a means, or is logged in, goes by the other book', () => {
    const holder = { role: 'legalRepresentative', holdsMeans: true } as const;
    expect(classify({ channel: 'electronic', checks: scans, submitter: holder }).rows.IO).toEqual(['IO1-a']);
    const loggedIn = { ...holder, holdsMeans: false, authenticatedLevel: 'EH3' } as const;
    expect(classify({ channel: 'electronic', checks: scans, submitter: loggedIn }).rows.IO).toEqual(['IO1-a']);
  });

  test('IO2-c-pki: the organization signs, when it is identified at IA2', () => {
    const sealed = (
      changed: Partial<Extract<AuthorizationCheck, { type: 'eSignatureValidation' }>> = {},
    ): AuthorizationCheck => ({
      type: 'eSignatureValidation',
      signer: 'representedParty',
      pkiOverheidServices: true,
      signature: { technology: 'pki', chainComplete: true, revocationStatus: 'good' },
      ...changed,
    });
    const io = (sign: AuthorizationCheck, from = without('signatureComparison')): number | undefined =>
      classify({ channel: 'electronic', checks: [...from, sign] }).scores.IO;
    expect(io(sealed())).toBe(2);
    expect(io(sealed(), without('signatureComparison', 'tradeRegisterLookup'))).toBe(1);
    expect(io(sealed({ signer: 'submitter' }))).toBe(1);
    expect(io(sealed({ pkiOverheidServices: false }))).toBe(1);
    expect(io(sealed({ signature: { technology: 'nonPki', comparableQuality: true } }))).toBe(1);
    expect(io(sealed({ signature: { technology: 'pki', chainComplete: false, revocationStatus: 'good' } }))).toBe(1);
    expect(io(sealed({ signature: { technology: 'pki', chainComplete: true, revocationStatus: 'revoked' } }))).toBe(1);
  });

  test('PARTY-02: a trustee or sole proprietor is a legal representative like any other, also for himself', () => {
    const himself = { kind: 'naturalPerson', meansStork: 3, sameAsSubmitter: true } as const;
    const checks = [
      ...without('idCopyEnclosed', 'identityAttributesRecorded'),
      known('representedParty'),
      known('submitter'),
      copy('submitter'),
    ];
    expect(classify({ authorizedParty: himself, checks })).toMatchObject({ scores: { IO: 2, IG: 2 }, m: 2 });
    expect(classify({ checks })).toMatchObject({ scores: { IO: 2, IG: 0 }, m: 0 });
  });

  test('PARTY-03: who represents nobody is at IO1, and it is said why', () => {
    for (const role of ['other', 'administrator', 'mandateHolder', 'proxyHolder'] as const) {
      const result = classify({ submitter: { role, holdsMeans: false } });
      expect([role, result.scores.IO]).toEqual([role, 1]);
      expect(result.refusals).toContain('submitter-not-representative');
    }
    expect(classify()).toMatchObject({ scores: { IO: 2 }, refusals: [] });
  });

  test('PARTY-06, IO-HEAVY: no less is asked of him than of the authorized person, of one and the same the heavier', () => {
    for (const { IO, IG } of Object.values(rules.authorization.minimumScores)) expect(IO).toBeGreaterThanOrEqual(IG);
    const himself = { kind: 'naturalPerson', meansStork: 3, sameAsSubmitter: true } as const;
    const judged = (form: 'original' | 'scan', issuance: 2 | 3) =>
      classify({
        authorizedParty: himself,
        checks: [
          ...without('idCopyEnclosed', 'signatureComparison', 'meansIssuance'),
          copy('submitter'),
          compared(form),
          notReported('submitter'),
          issued(issuance),
          clear,
        ],
      });
    expect(judged('original', 3)).toMatchObject({ scores: { IO: 3, IG: 3 }, m: 3 });
    expect(judged('original', 2)).toMatchObject({ scores: { IO: 3, IG: 2 }, m: 2 });
    expect(judged('scan', 3)).toMatchObject({ scores: { IO: 2, IG: 3 }, m: 2 });
  });

  test('IO3-e, IO4-f: a visit is row e, an appearance row f, and the document shown is the one compared', () => {
    const seen = (shown: object, signed: object = {}) =>
      classify({
        checks: [
          ...without('signatureComparison', 'idCopyEnclosed'),
          { ...appeared('submitter'), ...shown },
          { ...onTheSpot, ...signed },
        ] as AuthorizationCheck[],
      }).rows.IO;
    expect(seen({})).toEqual(['IO4-f']);
    expect(seen({ mode: 'visited' })).toEqual(['IO3-e']);
    for (const flaw of [{ documentShown: 'copy' }, { document: 'id-other' }, { subject: 'authorizedParty' }])
      expect(seen(flaw)).toEqual(['IO1-a']);
    for (const flaw of [{ agrees: false }, { onTheSpot: false }, { against: 'idCopy' }])
      expect(seen({}, flaw)).toEqual(['IO1-a']);
  });

  test('IO3-e-proxy: a proxy holder in person is row e, IV is judged on the one who gave the proxy', () => {
    const proxy = { role: 'proxyHolder', holdsMeans: false } as const;
    const checked = { type: 'proxyCheck', writtenAndSigned: true, grantorIdCopyChecked: true } as const;
    const inPerson = [
      ...without('signatureComparison', 'representationCheck'),
      appeared('submitter'),
      onTheSpot,
      known('legalRepresentative'),
      checked,
    ];
    const shown = { ...representation, of: 'legalRepresentative' } as const;
    expect(classify({ submitter: proxy, checks: [...inPerson, shown] }).rows).toMatchObject({
      IO: ['IO3-e'],
      IV: ['IV2-b'],
    });
    expect(classify({ submitter: proxy, checks: [...inPerson, representation] }).rows).toMatchObject({ IV: [] });
    expect(classify({ submitter: proxy, authority: 'administration', checks: [...inPerson, shown] }).refusals).toEqual(
      [],
    );
    for (const flaw of [{ writtenAndSigned: false }, { grantorIdCopyChecked: false }]) {
      const checks = [...inPerson.filter((check) => check !== checked), { ...checked, ...flaw }, shown];
      const result = classify({ submitter: proxy, authority: 'administration', checks });
      expect(result.rows).toMatchObject({ IO: ['IO1-a'], IV: [] });
      expect(result.refusals).toEqual(
        expect.arrayContaining(['appointer-not-legal-representative', 'submitter-not-representative']),
      );
    }
    const unknownGrantor = inPerson.filter(
      (check) => JSON.stringify(check) !== JSON.stringify(known('legalRepresentative')),
    );
    expect(classify({ submitter: proxy, checks: [...unknownGrantor, shown] }).scores.IO).toBe(1);
    const asRepeated = {
      registration: 'repeated',
      authority: 'administration',
      submitter: { ...proxy, administration: { level: 'EH3', iv: 3 } },
    } as const;
    expect(classify({ ...asRepeated, checks: [...inPerson, shown] }).refusals).toContain(
      'appointer-not-legal-representative',
    );
  });

  test('IO3-d-paper: a scan where the original is needed is named, where it alone is missing', () => {
    const scanned = [...without('signatureComparison'), compared('scan')];
    expect(classify({ checks: scanned }).refusals).toEqual([]);
    expect(classify({ checks: [...scanned, notReported('submitter')] })).toMatchObject({
      scores: { IO: 2 },
      refusals: ['original-form-required'],
    });
    expect(classify({ checks: [...scanned, compared(), notReported('submitter')] })).toMatchObject({
      scores: { IO: 3 },
      refusals: [],
    });
  });

  test('R-IO2-b, R-IO3-d, ADMIN-09: departing from the archived signature, on paper and by an administrator only', () => {
    const paper = { ...byAdministrator, channel: 'nonElectronic', deviationReason: 'archive moved' } as const;
    const checks = [known('representedParty'), lookup, known('submitter'), copy('submitter'), compared()];
    const departed = { flags: ['archived-signature-not-compared'] };
    expect(classify({ ...paper, checks })).toMatchObject({ rows: { IO: ['R-IO2-b'] }, ...departed });
    expect(classify({ ...paper, checks: [...checks, notReported('submitter')] })).toMatchObject({
      rows: { IO: ['R-IO3-d'] },
      ...departed,
    });
    for (const left of ['signatureComparison', 'idCopyEnclosed']) {
      const io = classify({ ...paper, checks: checks.filter(({ type }) => type !== left) }).rows.IO;
      expect(io).toEqual(['R-IO1-a']);
    }
    const nobody = { role: 'administrator', holdsMeans: true } as const;
    expect(classify({ ...paper, submitter: nobody, checks }).scores.IO).toBe(0);
    const archived: AuthorizationCheck = { type: 'archivedSignatureComparison', form: 'original', agrees: true };
    const low = {
      role: 'administrator',
      holdsMeans: true,
      authenticatedLevel: 'EH1',
      administration: { level: 'EH1', iv: 1 },
    } as const;
    expect(classify({ ...byAdministrator, submitter: low, checks: [...checks, archived] }).rows.IO).toEqual([
      'R-IO1-a',
    ]);
  });

  test.each([
    ['EH1', 1],
    ['EH2', 2],
    ['EH2+', 2],
    ['EH3', 3],
    ['EH4', 3],
  ] as const)('R-IO-01: electronically an administrator at %s is at IO%i, and no document adds to it', (level, io) => {
    const at = (login: EhLevel, authority: EhLevel, checks: readonly AuthorizationCheck[]): number | undefined =>
      classify({
        ...byAdministrator,
        submitter: {
          ...{ role: 'administrator', holdsMeans: true },
          ...{ authenticatedLevel: login, administration: { level: authority, iv: 3 } },
        },
        checks,
      }).scores.IO;
    const documents = [...onPaper, notReported('submitter'), appeared('submitter'), onTheSpot, clear];
    expect([at(level, level, []), at(level, level, documents)]).toEqual([io, io]);
    // His level is the lower of his login and his authority.
    expect([at('EH4', level, documents), at(level, 'EH4', documents)]).toEqual([io, io]);
  });

  test('R-IO1-a, D-10: on paper by the authority on record alone, electronically by a login as well', () => {
    const io = (channel: 'electronic' | 'nonElectronic', submitter: object) =>
      classify({
        ...byAdministrator,
        channel,
        submitter: { role: 'administrator', holdsMeans: true, ...submitter } as AuthorizationRequest['submitter'],
        checks: [],
      }).rows.IO;
    const administration = { level: 'EH1', iv: 1 } as const;
    expect(io('nonElectronic', { administration })).toEqual(['R-IO1-a']);
    expect(io('nonElectronic', {})).toEqual([]);
    expect(io('nonElectronic', { authenticatedLevel: 'EH1' })).toEqual([]);
    expect(io('electronic', { administration })).toEqual([]);
    expect(io('electronic', { administration, authenticatedLevel: 'EH1' })).toEqual(['R-IO1-a']);
  });

  test('R-IO4-f: his own signature, and a valid one', () => {
    const submitter = {
      role: 'administrator',
      holdsMeans: true,
      authenticatedLevel: 'EH4',
      administration: { level: 'EH4', iv: 3 },
    } as const;
    const signed = (changed: object) =>
      classify({
        ...byAdministrator,
        submitter,
        checks: [
          {
            type: 'eSignatureValidation',
            signer: 'submitter',
            signature: { technology: 'nonPki', comparableQuality: true },
            ...changed,
          },
        ] as AuthorizationCheck[],
      }).rows.IO;
    expect(signed({})).toEqual(['R-IO4-f']);
    expect(signed({ signer: 'representedParty' })).toEqual(['R-IO3-e']);
    expect(signed({ signature: { technology: 'nonPki', comparableQuality: false } })).toEqual(['R-IO3-e']);
  });

  test('R-IO3-d-copy: a copy on record counts to the last day of its document, in Amsterdam', () => {
    const checks = (expiresOn: string): readonly AuthorizationCheck[] => [
      known('representedParty'),
      lookup,
      known('submitter'),
      { type: 'archivedSignatureComparison', form: 'original', agrees: true },
      { type: 'idCopyOnRecord', document: 'id-submitter', expiresOn },
      notReported('submitter'),
    ];
    const paper = { ...byAdministrator, channel: 'nonElectronic' } as const;
    expect(classify({ ...paper, checks: checks('2026-03-02') }).rows.IO).toEqual(['R-IO3-d']);
    const expired = classify({ ...paper, checks: checks('2026-03-01') });
    expect(expired.rows.IO).toEqual(['R-IO2-b']);
    expect(expired.refusals).toContain('id-copy-expired');
    expect(classify({ ...paper, assessedAt: '2026-03-02T23:30:00Z', checks: checks('2026-03-02') }).rows.IO).toEqual([
      'R-IO2-b',
    ]);
    const payment = {
      type: 'bankTransaction',
      subject: 'submitter',
      succeeded: true,
      completedAt: asOf,
      accountOpenedWithIdDocument: true,
      nameAgreesWithDocument: true,
      nameAgreesWithAttributes: false,
    } as const;
    const paid = (withCopy: boolean) => [
      ...checks('2027-01-01').filter(
        ({ type }) => type !== 'idDocumentStatus' && (withCopy || type !== 'idCopyOnRecord'),
      ),
      payment,
    ];
    expect(classify({ ...paper, checks: paid(true) }).rows.IO).toEqual(['R-IO3-d']);
    expect(classify({ ...paper, checks: paid(false) }).rows.IO).toEqual(['R-IO2-b']);
  });
});

describe('the authorized person', () => {
  test.each(['issuedThroughVoucher', 'sharedSecret', 'fullPersonalData'] as const)(
    'IG2-d-issue, IG2-d-existing, IG2-d-secret: a means tied by %s',
    (link) => {
      const checks = [
        ...onPaper.filter((check) => check.type !== 'idCopyEnclosed' || check.subject === 'submitter'),
        vouched(link),
      ];
      expect(classify({ checks }).rows.IG).toEqual(['IG2-d']);
      expect(classify({ checks: [...checks, notReported('submitter')] }).rows.IG).toEqual(['IG3-e']);
    },
  );

  test('IG1-a: a means, and nothing missing', () => {
    const complete: AuthorizationCheck = { type: 'completenessCheck', missingItems: [] };
    const ig = (...checks: AuthorizationCheck[]): number | undefined => classify({ checks }).scores.IG;
    expect(ig(issued(1), complete)).toBe(1);
    expect(ig(issued(1))).toBe(0);
    expect(ig(complete)).toBe(0);
    expect(ig(issued(1), { type: 'completenessCheck', missingItems: ['scope'] })).toBe(0);
  });

  test('IG2-b, IG3-f, IG4-g: the original shown by this person is as good as a copy (D-18)', () => {
    const bare = onPaper.filter(
      (check) => check.type !== 'meansIssuance' && (check.type !== 'idCopyEnclosed' || check.subject === 'submitter'),
    );
    const deed: AuthorizationCheck = { type: 'privateDeed', signedBy: 'submitter', signedWith: 'level4Means' };
    const rows = (level: 2 | 3 | 4, ...more: AuthorizationCheck[]) =>
      classify({ checks: [...bare, issued(level), ...more] }).rows.IG;
    expect(rows(2, appeared('authorizedParty'))).toEqual(['IG2-b']);
    expect(rows(2, appeared('submitter'))).toEqual([]);
    expect(rows(3, appeared('authorizedParty'), notReported('authorizedParty'))).toEqual(['IG3-f']);
    expect(rows(3, appeared('submitter'), notReported('authorizedParty'))).toEqual([]);
    expect(rows(4, appeared('authorizedParty'), deed)).toEqual(['IG4-g']);
    expect(rows(4, appeared('submitter'), deed)).toEqual([]);
  });

  test('IG4-g: departing from the copy needs the deed all the same', () => {
    const bare = onPaper.filter(
      (check) => check.type !== 'meansIssuance' && (check.type !== 'idCopyEnclosed' || check.subject === 'submitter'),
    );
    const deviationReason = 'document in a safe';
    const deed: AuthorizationCheck = { type: 'privateDeed', signedBy: 'submitter', signedWith: 'hand' };
    expect(classify({ deviationReason, checks: [...bare, issued(4)] })).toMatchObject({ rows: { IG: ['IG2-b'] } });
    expect(classify({ deviationReason, checks: [...bare, issued(4), deed] })).toMatchObject({
      rows: { IG: ['IG4-g'] },
      flags: ['id-copy-not-enclosed'],
    });
    expect(classify({ deviationReason, checks: [...bare, issued(3), deed] })).toMatchObject({
      rows: { IG: ['IG2-b'] },
    });
    const byOther: AuthorizationCheck = { ...deed, signedBy: 'other' };
    const lower: AuthorizationCheck = { ...deed, signedWith: 'lowerMeans' };
    for (const flaw of [byOther, lower])
      expect(classify({ deviationReason, checks: [...bare, issued(4), flaw] }).rows.IG).toEqual(['IG2-b']);
  });

  test('IG2-d, AMB-31: only a legal representative at IO2 vouches, by a means that is tied to the person', () => {
    const bare = onPaper.filter((check) => check.type !== 'idCopyEnclosed' || check.subject === 'submitter');
    const ig = (changed: Partial<AuthorizationRequest>): number | undefined => classify(changed).scores.IG;
    expect(ig({ checks: [...bare, vouched('none')] })).toBe(0);
    expect(
      ig({ checks: [...bare.filter(({ type }) => type !== 'signatureComparison'), vouched('sharedSecret')] }),
    ).toBe(0);
    const holder = { role: 'mandateHolder', holdsMeans: false } as const;
    expect(
      ig({
        submitter: holder,
        representedParty: { kind: 'publicLegalPerson' },
        checks: [...bare, vouched('sharedSecret')],
      }),
    ).toBe(0);
    const byOther = { ...vouched('sharedSecret'), by: 'otherRepresentative' } as AuthorizationCheck;
    const partly = { ...vouched('sharedSecret'), coversIdentityAndAttributes: false } as AuthorizationCheck;
    for (const flaw of [byOther, partly]) expect(ig({ checks: [...bare, flaw] })).toBe(0);
  });

  test('IG2-d-other: whoever vouches for himself is named', () => {
    const checks = [
      ...without('idCopyEnclosed'),
      copy('submitter', 'paper'),
      vouched('sharedSecret'),
      notReported('submitter'),
    ];
    const himself = { kind: 'naturalPerson', meansStork: 3, sameAsSubmitter: true } as const;
    const twoPeople = classify({ checks });
    expect(twoPeople).toMatchObject({ rows: { IG: ['IG3-e'] }, refusals: [] });
    const alone = { ...himself, sameAsSubmitter: true };
    const onlyTwo = [
      ...without('meansIssuance', 'idCopyEnclosed'),
      issued(2),
      copy('submitter'),
      vouched('sharedSecret'),
      notReported('submitter'),
    ];
    expect(classify({ authorizedParty: alone, checks: onlyTwo })).toMatchObject({
      scores: { IG: 2 },
      refusals: ['voucher-is-authorized-person'],
    });
  });

  test('NORM-03: a copy left out needs a reason, and only where it would help', () => {
    const checks = onPaper.filter((check) => check.type !== 'idCopyEnclosed' || check.subject === 'submitter');
    expect(classify({ checks })).toMatchObject({ scores: { IG: 0 }, flags: [] });
    expect(classify({ checks }).refusals).toEqual(['aspect-unscored:IG', 'deviation-reason-missing']);
    expect(classify({ checks, deviationReason: ' \t\n' }).refusals).toContain('deviation-reason-missing');
    const departed = classify({ checks, deviationReason: 'document in a safe' });
    expect(departed).toMatchObject({ rows: { IG: ['IG2-b'] }, flags: ['id-copy-not-enclosed'], refusals: [] });
    expect(classify({ deviationReason: 'none needed' })).toMatchObject({ flags: [], refusals: [] });
  });

  test('REG-10: evidence of another process is named where it alone would help', () => {
    const scan = { ...copy('authorizedParty'), fromIssuance: true } as AuthorizationCheck;
    const own = onPaper.filter(
      (check) => check.type !== 'meansIssuance' && (check.type !== 'idCopyEnclosed' || check.subject === 'submitter'),
    );
    expect(classify({ checks: [...own, scan, issued(3)] })).toMatchObject({ scores: { IG: 2 }, refusals: [] });
    expect(classify({ checks: [...own, scan, issued(3, false)] }).refusals).toEqual([
      'aspect-unscored:IG',
      'evidence-not-reusable',
      'deviation-reason-missing',
    ]);
  });

  test('IG3-f, BANK-01: a payment that proves who he is, before activation', () => {
    const paid = {
      type: 'bankTransaction',
      subject: 'authorizedParty',
      succeeded: true,
      completedAt: asOf,
      accountOpenedWithIdDocument: true,
      nameAgreesWithDocument: true,
      nameAgreesWithAttributes: false,
    } as const;
    const ig = (changed: object, activatedAt?: string): number | undefined =>
      classify({ checks: [...onPaper, { ...paid, ...changed }], ...(activatedAt !== undefined && { activatedAt }) })
        .scores.IG;
    expect(ig({})).toBe(3);
    expect(ig({}, '2026-03-02T11:00:01+01:00')).toBe(3);
    expect(ig({}, asOf)).toBe(2);
    for (const flaw of [
      { succeeded: false },
      { accountOpenedWithIdDocument: false },
      { nameAgreesWithDocument: false },
      { subject: 'submitter' },
    ])
      expect(ig(flaw)).toBe(2);
  });

  test('R-REST: who is authorized, the association and the register count in a repeated registration as in a first', () => {
    const representative = {
      role: 'legalRepresentative',
      holdsMeans: true,
      administration: { level: 'EH1', iv: 1 },
    } as const;
    const ofIntermediary = { ...lookup, subject: 'authorizedParty' } as AuthorizationCheck;
    const profiles = [
      { im: 3, pd: 2, pv: 4, pi: 4, pt: 2 },
      { im: 1, pd: 1, pv: 1, pi: 1, pt: 1 },
    ] as const;
    for (const [authorizedParty, checks] of [
      [request().authorizedParty, onPaper],
      [request().authorizedParty, [...onPaper, notReported('authorizedParty'), clear]],
      [request().authorizedParty, [...without('representationCheck')]],
      [{ kind: 'legalPerson' }, [...onPaper, ofIntermediary]],
      [{ kind: 'legalPerson' }, onPaper],
    ] as const) {
      for (const registerProfile of profiles) {
        const [first, repeated] = (['first', 'repeated'] as const).map((registration) => {
          const submitter = registration === 'first' ? request().submitter : representative;
          const { scores, rows } = classify({ registration, submitter, authorizedParty, checks, registerProfile });
          const { IA: _ia, IO: _io, IV, ...rest } = scores;
          // By his authority on record he has IV1 where the first book gives nothing (R-IV).
          return { ...rest, IV: Math.max(IV ?? 0, 1), IG: rows.IG, IR: rows.IR };
        });
        expect(repeated).toEqual(first);
      }
    }
  });

  test('CHAIN-17: the operator of the register is no intermediary whose authority it keeps', () => {
    const of = (belongsToOperator: boolean) =>
      classify({ authorizedParty: { kind: 'legalPerson', belongsToOperator } }).refusals;
    expect(of(false)).toEqual([]);
    expect(of(true)).toEqual(['operator-is-authorized-party']);
  });

  test('IR2-b-est: establishments of the scope are the represented party’s, never those of the intermediary', () => {
    const listing = (subject: 'representedParty' | 'authorizedParty', establishment: string) =>
      ({ ...lookup, subject, currentEstablishments: [establishment] }) as AuthorizationCheck;
    const limitedTo = (...establishments: string[]) =>
      classify({
        authorizedParty: { kind: 'legalPerson' },
        establishments,
        checks: [
          ...without('tradeRegisterLookup'),
          listing('representedParty', 'est-1'),
          listing('authorizedParty', 'est-2'),
        ],
      });
    expect(limitedTo('est-1')).toMatchObject({ scores: { IA: 2, IR: 2 }, refusals: [] });
    expect(limitedTo('est-2')).toMatchObject({ m: 0, refusals: ['establishment-not-current'] });
  });

  test('IR-MAX: an intermediary is scored on IR, at most 2', () => {
    const found = { ...lookup, subject: 'authorizedParty' } as AuthorizationCheck;
    const scores = classify({ authorizedParty: { kind: 'legalPerson' }, checks: [...onPaper, found] }).scores;
    expect(scores).toMatchObject({ IR: 2 });
    expect(scores).not.toHaveProperty('IG');
    expect(classify({ authorizedParty: { kind: 'legalPerson' } }).rows.IR).toEqual(['IR1-a']);
  });
});

describe('the association', () => {
  const publicBody = { representedParty: { kind: 'publicLegalPerson' } } as const;
  const unit = (concernsOneUnitOnly: boolean): AuthorizationCheck => ({
    type: 'organizationalUnitCheck',
    concernsOneUnitOnly,
  });
  const declared: AuthorizationCheck = { type: 'functionDeclaration', declaresAppointment: true };

  test('IV2-pub-i, IV2-unit: a functionary by name, once the unit is settled', () => {
    expect(classify({ ...publicBody, checks: [...onPaper, unit(false)] }).rows.IV).toEqual(['IV2-b']);
    expect(classify({ ...publicBody }).rows.IV).toEqual([]);
    expect(classify({ ...publicBody, checks: [...onPaper, unit(true)] }).rows.IV).toEqual([]);
    expect(classify({ ...publicBody, checks: [...onPaper, unit(false), unit(true)] }).rows.IV).toEqual([]);
    expect(classify({ ...publicBody, establishments: ['est-1'], checks: [...onPaper, unit(true)] }).rows.IV).toEqual([
      'IV2-b',
    ]);
  });

  test('IV2-pub-ii: a functionary by function, with his declaration', () => {
    const byFunction = [
      ...without('representationCheck'),
      { ...representation, basis: 'byFunction' } as const,
      unit(false),
    ];
    expect(classify({ ...publicBody, checks: [...byFunction, declared] }).rows.IV).toEqual(['IV2-b']);
    expect(classify({ ...publicBody, checks: byFunction }).refusals).toContain('function-declaration-missing');
    expect(classify({ checks: [...byFunction, declared] }).rows.IV).toEqual([]);
  });

  test('IV-01: a confirmation is IV1, whatever else is known, and gives no level that asks for verified power', () => {
    const confirmed: AuthorizationCheck = {
      type: 'separateChannelConfirmation',
      medium: 'telephone',
      contactSource: 'independentParty',
      confirmed: true,
    };
    const all = [...onPaper, notReported('submitter'), notReported('authorizedParty'), clear, confirmed];
    const unshown = all.filter(({ type }) => type !== 'representationCheck');
    expect(classify({ checks: all })).toMatchObject({ rows: { IV: ['IV3'] }, m: 3 });
    expect(classify({ checks: unshown })).toMatchObject({
      rows: { IV: ['IV1-a'] },
      scores: { IV: 1 },
      m: 1,
      eh: 'EH1',
    });
  });

  test('IV2-pub-iii, MAND-02, MAND-03, MAND-04, MAND-05, MAND-07: a mandate decision, found officially or declared valid, of any protocol version', () => {
    const mandate = {
      type: 'mandateDecisionCheck',
      functionNamedInDecision: true,
      foundInOfficialSource: false,
      validityDeclaredByRepresentative: true,
      protocolVersion: '1',
    } as const;
    const holder = { ...publicBody, submitter: { role: 'mandateHolder', holdsMeans: false } } as const;
    const iv = (changed: object, ...more: AuthorizationCheck[]) =>
      classify({
        ...holder,
        checks: [...without('representationCheck'), unit(false), { ...mandate, ...changed }, ...more],
      }).rows.IV;
    expect(iv({}, declared)).toEqual(['IV2-b']);
    expect(iv({ protocolVersion: '2' }, declared)).toEqual(['IV2-b']);
    expect(iv({ foundInOfficialSource: true, validityDeclaredByRepresentative: false }, declared)).toEqual(['IV2-b']);
    expect(iv({ validityDeclaredByRepresentative: false }, declared)).toEqual([]);
    expect(iv({ functionNamedInDecision: false }, declared)).toEqual([]);
    expect(iv({})).toEqual([]);
    expect(classify({ submitter: holder.submitter }).rows).toMatchObject({ IO: ['IO1-a'], IV: [] });
    const asRepresentative = classify({
      ...publicBody,
      checks: [...without('representationCheck'), unit(false), mandate, declared],
    });
    expect(asRepresentative.rows.IV).toEqual([]);
  });

  test('IV2-limits: a limitation that stands in the way is named', () => {
    const limited = (limitation: 'obstructing' | 'obstructingCosigned') =>
      classify({ checks: [...without('representationCheck'), { ...representation, limitation }] });
    expect(limited('obstructing')).toMatchObject({
      rows: { IV: [] },
      refusals: ['aspect-unscored:IV', 'representation-limited'],
    });
    expect(limited('obstructingCosigned')).toMatchObject({ rows: { IV: ['IV2-b'] }, refusals: [] });
  });

  test('IV2-priv: the register of the kind shows him, now', () => {
    const iv = (changed: object, kind: AuthorizationRequest['representedParty']['kind'] = 'undertaking') =>
      classify({
        representedParty: { kind },
        checks: [...without('representationCheck'), { ...representation, ...changed } as AuthorizationCheck],
      }).scores.IV;
    expect(iv({ register: 'authorityService' })).toBe(2);
    expect(iv({ via: 'extract' })).toBe(2);
    expect(iv({ register: 'authorityService', via: 'extract' })).toBe(0);
    for (const flaw of [
      { outcome: 'notFound' },
      { agrees: false },
      { basis: 'byFunction' },
      { of: 'legalRepresentative' },
      { asOf: '2026-03-01T09:00:00+01:00' },
    ]) {
      expect(iv(flaw)).toBe(0);
    }
    for (const register of ['professionalRegister', 'restGroupRegister'] as const) expect(iv({ register })).toBe(0);
    expect(iv({ register: 'professionalRegister' }, 'practitioner')).toBe(2);
    expect(iv({}, 'practitioner')).toBe(0);
    expect(iv({ register: 'restGroupRegister' }, 'restGroupEntity')).toBe(2);
    expect(iv({ register: 'professionalRegister' }, 'restGroupEntity')).toBe(0);
    expect(iv({}, 'privateLegalPerson')).toBe(2);
  });

  test('IV3-extra: circumstances that were found must be confirmed, by another than the applicant where there is one', () => {
    const found = (otherRepresentativeRegistered: boolean): AuthorizationCheck => ({
      type: 'specialCircumstancesCheck',
      asOf,
      outcome: 'found',
      otherRepresentativeRegistered,
    });
    const confirmed = (changed: object): AuthorizationCheck =>
      ({
        type: 'circumstancesConfirmation',
        contactSource: 'independentParty',
        confirmed: true,
        confirmedBy: 'representativeInApplication',
        ...changed,
      }) as AuthorizationCheck;
    const judged = (...more: AuthorizationCheck[]) => classify({ checks: [...onPaper, ...more] });
    expect(judged(clear).scores.IV).toBe(3);
    expect(judged(clear, found(false))).toMatchObject({
      scores: { IV: 2 },
      m: 0,
      refusals: ['special-circumstances-unconfirmed'],
    });
    expect(judged(found(false), confirmed({}))).toMatchObject({ scores: { IV: 3 }, refusals: [] });
    expect(judged(found(true), confirmed({})).refusals).toEqual(['special-circumstances-unconfirmed']);
    expect(judged(found(true), confirmed({ confirmedBy: 'otherRepresentative' })).refusals).toEqual([]);
    expect(judged(found(true), confirmed({ confirmedBy: 'trustee' })).refusals).toEqual([]);
    expect(judged(found(false), confirmed({ confirmed: false })).refusals).toEqual([
      'special-circumstances-unconfirmed',
    ]);
    expect(judged(found(false), confirmed({ contactSource: 'submitter' })).refusals).toEqual([
      'special-circumstances-unconfirmed',
    ]);
    expect(
      judged(
        { type: 'specialCircumstancesCheck', asOf, outcome: 'none', otherRepresentativeRegistered: true },
        found(false),
        confirmed({}),
      ).refusals,
    ).toEqual([]);
    expect(judged({ type: 'specialCircumstancesCheck', asOf, outcome: 'unavailable' })).toMatchObject({
      scores: { IV: 2 },
      refusals: [],
    });
  });

  test('IV3-change, IV3-report: the search is skipped where it was done once, unless circumstances were reported', () => {
    const known = (registeredIv: 0 | 1 | 2 | 3) => ({ kind: 'naturalPerson', meansStork: 3, registeredIv }) as const;
    const rows = ([0, 1, 2, 3] as const).map(
      (registeredIv) => classify({ authorizedParty: known(registeredIv) }).rows.IV,
    );
    expect(rows).toEqual([['IV2-b'], ['IV2-b'], ['IV2-b'], ['IV3']]);
    const intermediary = { kind: 'legalPerson', registeredIv: 3 } as const;
    expect(classify({ authorizedParty: intermediary }).rows.IV).toEqual(['IV3']);
    const representedParty = { kind: 'undertaking', specialCircumstancesReported: true } as const;
    expect(classify({ authorizedParty: known(3), representedParty }).rows.IV).toEqual(['IV2-b']);
    expect(classify({ authorizedParty: known(3), representedParty, checks: [...onPaper, clear] }).rows.IV).toEqual([
      'IV3',
    ]);
  });

  test('PROOF-07: a look counts during the process and for less than five days, a finding always', () => {
    const iv = (at: string, outcome: 'none' | 'unavailable' = 'none', changed: Partial<AuthorizationRequest> = {}) =>
      classify({
        ...changed,
        checks: [...onPaper, { type: 'specialCircumstancesCheck', asOf: at, outcome }],
      }).scores.IV;
    expect(iv(startedAt)).toBe(3);
    expect(iv(assessedAt)).toBe(3);
    expect(iv('2026-03-02T08:59:59+01:00')).toBe(2);
    expect(iv('2026-03-02T16:00:01+01:00')).toBe(2);
    expect(iv(asOf, 'unavailable')).toBe(2);
    const long = { startedAt: '2026-02-20T09:00:00+01:00' };
    expect(iv('2026-02-25T16:00:01+01:00', 'none', long)).toBe(3);
    expect(iv('2026-02-25T16:00:00+01:00', 'none', long)).toBe(2);
    const exempt = { authorizedParty: { kind: 'naturalPerson', meansStork: 3, registeredIv: 3 } } as const;
    expect(iv('2026-02-02T11:00:00+01:00', 'none', exempt)).toBe(3);
    const found: AuthorizationCheck = {
      type: 'specialCircumstancesCheck',
      asOf: '2020-01-01T00:00:00+01:00',
      outcome: 'found',
      otherRepresentativeRegistered: false,
    };
    expect(classify({ ...exempt, checks: [...onPaper, clear, found] })).toMatchObject({
      scores: { IV: 2 },
      refusals: ['special-circumstances-unconfirmed'],
    });
  });

  test('R-IV: an administrator is entitled by his authority on record', () => {
    const iv = (own: 1 | 2 | 3, checks: readonly AuthorizationCheck[]) => {
      const submitter = {
        role: 'administrator',
        holdsMeans: true,
        authenticatedLevel: 'EH3',
        administration: { level: 'EH3', iv: own },
      } as const;
      return classify({ ...byAdministrator, submitter, checks }).scores.IV;
    };
    expect(([1, 2, 3] as const).map((own) => iv(own, []))).toEqual([1, 1, 1]);
    expect(([1, 2, 3] as const).map((own) => iv(own, [lookup]))).toEqual([1, 2, 2]);
    expect(([1, 2, 3] as const).map((own) => iv(own, [lookup, clear]))).toEqual([1, 2, 3]);
    expect(([1, 2, 3] as const).map((own) => iv(own, [clear]))).toEqual([1, 1, 1]);
    expect(iv(1, [lookup, representation, clear])).toBe(3);
    expect(classify({ ...byAdministrator, registration: 'first', checks: [lookup, representation] }).scores.IV).toBe(0);
  });
});

describe('what is asked again of an administrator', () => {
  const again = (changed: Partial<AuthorizationRequest>) => classify({ ...byAdministrator, ...changed }).rows.IV;
  const unit = (concernsOneUnitOnly: boolean): AuthorizationCheck => ({
    type: 'organizationalUnitCheck',
    concernsOneUnitOnly,
  });
  const known = { kind: 'naturalPerson', meansStork: 3, registeredIv: 3 } as const;

  test('R-IV, IV3-change: the register, also for somebody known; only the look for circumstances is skipped', () => {
    const early = { ...lookup, asOf: '2026-03-02T08:59:59+01:00' } as AuthorizationCheck;
    expect(again({ authorizedParty: known, checks: [lookup] })).toEqual(['R-IV']);
    expect(classify({ ...byAdministrator, authorizedParty: known, checks: [lookup] }).scores.IV).toBe(3);
    for (const checks of [[], [early]]) {
      expect(classify({ ...byAdministrator, authorizedParty: known, checks }).scores.IV).toBe(1);
    }
    expect(
      classify({ ...byAdministrator, authorizedParty: { ...known, registeredIv: 2 }, checks: [lookup] }).scores.IV,
    ).toBe(2);
  });

  test('R-IV, IV2-unit, D-22: of a public body the unit check, of others not', () => {
    const iv = (
      kind: AuthorizationRequest['representedParty']['kind'],
      checks: readonly AuthorizationCheck[],
      establishments?: readonly string[],
    ): number | undefined =>
      classify({
        ...byAdministrator,
        representedParty: { kind },
        checks: [...checks, clear],
        ...(establishments && { establishments }),
      }).scores.IV;
    expect(iv('publicLegalPerson', [lookup])).toBe(1);
    expect(iv('publicLegalPerson', [lookup, unit(false)])).toBe(3);
    expect(iv('publicLegalPerson', [unit(false)])).toBe(1);
    expect(iv('publicLegalPerson', [lookup, unit(true)])).toBe(1);
    expect(iv('publicLegalPerson', [lookup, unit(false), unit(true)])).toBe(1);
    expect(iv('publicLegalPerson', [lookup, unit(true)], ['est-1'])).toBe(3);
    for (const kind of ['undertaking', 'privateLegalPerson'] as const) {
      expect(iv(kind, [lookup])).toBe(3);
      expect(iv(kind, [lookup, unit(true)])).toBe(3);
    }
  });
});

describe('who appoints an administrator', () => {
  const appointing = (checks: readonly AuthorizationCheck[], changed: Partial<AuthorizationRequest> = {}) =>
    classify({
      authority: 'administration',
      ...changed,
      checks: [...without('representationCheck'), ...checks],
    }).refusals.includes('appointer-not-legal-representative');
  const limited = { ...representation, limitation: 'obstructing' } as const;

  test('ADMIN-01: not one whose power the register shows as limited, unless the others sign', () => {
    expect(appointing([representation])).toBe(false);
    expect(appointing([limited])).toBe(true);
    expect(appointing([{ ...limited, limitation: 'obstructingCosigned' }])).toBe(false);
    expect(appointing([limited, representation])).toBe(false);
    expect(appointing([limited, limited])).toBe(true);
    expect(appointing([])).toBe(false);
    expect(appointing([limited], { authority: 'regular' })).toBe(false);
    const repeated = { ...byAdministrator.submitter, role: 'legalRepresentative' } as AuthorizationRequest['submitter'];
    expect(appointing([limited], { registration: 'repeated', submitter: repeated })).toBe(true);
    expect(
      classify({ authority: 'administration', checks: [...without('representationCheck'), limited] }),
    ).toMatchObject({ m: 0, eh: null, eidas: null });
  });

  test('ADMIN-01: an entry that does not show him neither limits him nor lifts a limit', () => {
    for (const flaw of [
      { asOf: '2026-03-01T09:00:00+01:00' },
      { outcome: 'notFound' },
      { outcome: 'unavailable' },
      { agrees: false },
      { of: 'legalRepresentative' },
      { register: 'restGroupRegister' },
    ]) {
      expect(appointing([{ ...limited, ...flaw } as AuthorizationCheck])).toBe(false);
      expect(appointing([limited, { ...representation, ...flaw } as AuthorizationCheck])).toBe(true);
    }
  });

  test('ADMIN-01, AMB-75: of a proxy holder the limits of who gave the proxy', () => {
    const inPerson: readonly AuthorizationCheck[] = [
      ...without('representationCheck'),
      appeared('submitter'),
      onTheSpot,
      { type: 'identityAttributesRecorded', subject: 'legalRepresentative', uniquelyIdentifying: true },
      { type: 'proxyCheck', writtenAndSigned: true, grantorIdCopyChecked: true },
    ];
    const proxy = { authority: 'administration', submitter: { role: 'proxyHolder', holdsMeans: false } } as const;
    const grantor = { ...representation, of: 'legalRepresentative' } as const;
    const refusals = (...checks: AuthorizationCheck[]) =>
      classify({ ...proxy, checks: [...inPerson, ...checks] }).refusals;
    expect(refusals(grantor)).toEqual([]);
    expect(refusals({ ...grantor, limitation: 'obstructing' })).toContain('appointer-not-legal-representative');
    expect(refusals(grantor, limited)).toEqual([]);
  });
});

describe('a document that is reported stolen or missing', () => {
  const reported = (document: string, changed: object = {}): AuthorizationCheck =>
    ({
      type: 'idDocumentStatus',
      subject: 'submitter',
      document,
      status: 'reported',
      ...changed,
    }) as AuthorizationCheck;
  const refuses = (...checks: AuthorizationCheck[]): boolean =>
    classify({ checks: [...onPaper, ...checks] }).refusals.includes('document-reported');

  test('STOLEN-01, AMB-77: refuses where it is presented, and does no harm where nobody presents it', () => {
    expect(refuses(reported('id-lost'))).toBe(false);
    expect(refuses(reported('id-submitter'))).toBe(true);
    const presentations: readonly AuthorizationCheck[] = [
      { type: 'idCopyEnclosed', subject: 'authorizedParty', document: 'id-lost', presentation: 'scan' },
      { type: 'physicalAppearance', subject: 'submitter', mode: 'visited', document: 'id-lost', documentShown: 'copy' },
      { type: 'idCopyOnRecord', document: 'id-lost', expiresOn: '2030-01-01' },
      { type: 'idCopyEnclosed', subject: 'legalRepresentative', document: 'id-lost', presentation: 'paper' },
    ];
    for (const presented of presentations) expect(refuses(presented, reported('id-lost'))).toBe(true);
    for (const presented of presentations) expect(refuses(presented)).toBe(false);
  });

  test('STOLEN-01, AMB-77: whatever another look says, about whomever, in whatever process', () => {
    expect(refuses(reported('id-submitter'), notReported('submitter'))).toBe(true);
    expect(refuses(reported('id-submitter', { subject: 'legalRepresentative' }))).toBe(true);
    const other = [...without('meansIssuance'), issued(3, false)];
    const taken = reported('id-submitter', { fromIssuance: true });
    expect(classify({ checks: [...other, taken] }).refusals).toContain('document-reported');
  });

  test("a grantor's document counts for him and for nobody else in the dossier", () => {
    const his = [
      { type: 'idCopyEnclosed', subject: 'legalRepresentative', document: 'id-submitter', presentation: 'paper' },
      { type: 'idDocumentStatus', subject: 'legalRepresentative', document: 'id-submitter', status: 'notReported' },
    ] as const;
    expect(classify({ checks: [...without('idCopyEnclosed'), ...his] }).rows).toMatchObject({
      IO: ['IO1-a'],
      IG: [],
    });
  });
});

describe('findings that refuse', () => {
  test('CONT-02, CONT-12: what is missing is named, the submitter not at IO1', () => {
    const missing: AuthorizationCheck = { type: 'completenessCheck', missingItems: ['submitter', 'scope', 'scope'] };
    expect(classify({ checks: [...onPaper, missing] })).toMatchObject({
      m: 0,
      refusals: ['incomplete:submitter', 'incomplete:scope'],
    });
    expect(classify({ checks: [...without('signatureComparison'), missing] }).refusals).toEqual(['incomplete:scope']);
  });

  test.each([
    ['CONT-01', 'representedParty'],
    ['CONT-02', 'submitter'],
    ['CONT-03', 'authorizedParty'],
    ['CONT-04', 'scope'],
    ['CONT-09', 'nature'],
    ['CONT-10', 'period'],
  ] as const)(
    'CONT-11, CONT-12, %s: without its %s neither an authority nor an administrator’s is registered',
    (_rule, item) => {
      for (const authority of ['regular', 'administration'] as const) {
        const complete = (missingItems: readonly (typeof item)[]) =>
          classify({ authority, checks: [...onPaper, { type: 'completenessCheck', missingItems }] });
        expect(complete([])).toMatchObject({ m: 2, refusals: [] });
        expect(complete([item])).toMatchObject({ m: 0, eh: null, refusals: [`incomplete:${item}`] });
      }
    },
  );

  test('REG-09, PARTY-07, STOLEN-01', () => {
    expect(
      classify({ authorizedParty: { kind: 'naturalPerson', meansStork: 3, belongsToOperator: true } }).refusals,
    ).toEqual(['operator-is-authorized-party']);
    const other = { ...representation, sameDataAsIdentified: false };
    expect(classify({ checks: [...onPaper, other] })).toMatchObject({
      m: 0,
      eh: null,
      eidas: null,
      refusals: ['inconsistent-identity-data'],
    });
    expect(classify({ checks: [...onPaper, { ...other, outcome: 'unavailable' }] }).refusals).toEqual([]);
    const reported = {
      ...notReported('authorizedParty'),
      status: 'reported',
      fromIssuance: true,
    } as AuthorizationCheck;
    expect(classify({ checks: [...onPaper, reported] })).toMatchObject({
      m: 0,
      scores: { IG: 2 },
      refusals: ['document-reported'],
    });
  });

  test('ADMIN-10: a limited administrator acts for his establishments only', () => {
    const limited = (registration: 'first' | 'repeated', establishments?: readonly string[]) =>
      classify({
        ...byAdministrator,
        registration,
        submitter: {
          role: 'administrator',
          holdsMeans: true,
          authenticatedLevel: 'EH3',
          administration: { level: 'EH3', iv: 3, establishments: ['est-1', 'est-2'] },
        },
        ...(establishments && { establishments }),
      }).refusals.includes('outside-establishment');
    expect(limited('repeated', ['est-2'])).toBe(false);
    expect(limited('repeated', ['est-2', 'est-3'])).toBe(true);
    expect(limited('repeated')).toBe(true);
    expect(limited('first')).toBe(false);
  });

  test('SYN-06, REG-12: the submitter of a repeated registration caps the level', () => {
    const submitter = {
      role: 'administrator',
      holdsMeans: true,
      authenticatedLevel: 'EH2',
      administration: { level: 'EH3', iv: 3 },
    } as const;
    const checks = [...onPaper, clear];
    expect(classify({ ...byAdministrator, submitter, checks })).toMatchObject({
      m: 2,
      eh: 'EH2',
      submitterLevel: 'EH2',
    });
    expect(classify({ ...byAdministrator, submitter, checks }).missingFor).toMatchObject({
      'EH2+': { aspects: {}, submitterLevel: 'EH2+' },
    });
    const paper = {
      ...byAdministrator,
      submitter,
      channel: 'nonElectronic',
      checks: [...checks, { type: 'archivedSignatureComparison', form: 'scan', agrees: true } as const],
    } as const;
    expect(classify(paper)).toMatchObject({ m: 2, eh: 'EH2+', submitterLevel: 'EH3', rows: { IO: ['R-IO2-b'] } });
    expect(
      classify({ submitter: { role: 'legalRepresentative', holdsMeans: false, authenticatedLevel: 'EH1' } })
        .submitterLevel,
    ).toBeNull();
  });
});

describe('the tables of a rule set', () => {
  const dossiers: readonly AuthorizationRequest[] = [
    request(),
    request({ checks: [...onPaper, clear, notReported('submitter')] }),
    request({ checks: [...without('idCopyEnclosed'), appeared('submitter'), onTheSpot, clear] }),
    request({ checks: [...without('idCopyEnclosed'), copy('submitter', 'scan'), vouched('none')] }),
    request({ ...byAdministrator, checks: [...onPaper, clear] }),
    request({ authorizedParty: { kind: 'legalPerson' }, checks: [lookup, ...without('meansIssuance')] }),
  ];
  /** The same rules, with tables that nobody has judged by before. */
  const withRows = (rows: typeof rules.authorization.rows): typeof rules => ({
    ...rules,
    authorization: { ...rules.authorization, rows },
  });

  test('SCORE-01: give the same answer in whatever order their rows stand', () => {
    for (const dossier of dossiers) {
      const answer = classifyAuthorization(dossier, rules);
      expect(classifyAuthorization(dossier, withRows([...rules.authorization.rows]))).toEqual(answer);
      const turned = classifyAuthorization(dossier, withRows([...rules.authorization.rows].reverse()));
      expect([turned.scores, turned.m, turned.eh, turned.refusals]).toEqual([
        answer.scores,
        answer.m,
        answer.eh,
        answer.refusals,
      ]);
    }
  });

  test('SCORE-01: earn nothing where they have no rows', () => {
    expect(classifyAuthorization(request(), withRows([]))).toMatchObject({
      scores: { IA: 0, IO: 0, IG: 0, IV: 0 },
      rows: { IA: [], IO: [], IG: [], IV: [] },
      m: 0,
    });
  });
});
