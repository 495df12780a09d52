import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { type RequestKind, structureFaults, validateRequest } from '#libs/scheme';
import { withDiscriminators } from './discriminators.js';

type Json = Record<string, unknown>;

const moment = '2026-03-02T09:00:00+01:00';
const later = '2026-03-02T16:00:00+01:00';

const authorization = (): Json => ({
  registration: 'first',
  channel: 'electronic',
  startedAt: moment,
  assessedAt: later,
  representedParty: { kind: 'undertaking' },
  submitter: { role: 'legalRepresentative', holdsMeans: false },
  authorizedParty: { kind: 'naturalPerson', meansStork: 2 },
  registerProfile: { im: 2, pd: 2, pv: 2, pi: 2, pt: 2 },
  checks: [],
});

const means = (): Json => ({
  identification: {
    physicalAppearance: false,
    attributes: { count: 1, uniquelyIdentifying: true, officialNumberVerified: false },
    validations: [],
  },
  issuance: { form: 'unverified' },
  issuer: { participant: true, supervision: 'none' },
  token: { possession: 'none' },
  mechanism: {
    factors: 1,
    protection: { guessing: 'some', eavesdropping: 'some', hijacking: 'some', replay: 'some', manInTheMiddle: 'some' },
    evaluation: 'none',
  },
});

const revocation = (): Json => ({
  object: 'means',
  level: 'EH3',
  channel: 'electronic',
  receivedAt: moment,
  requester: { role: 'court' },
});

const period = (): Json => ({ level: 'EH3', registeredAt: moment, period: { from: moment, until: later } });

const evaluation = (): Json => ({
  at: moment,
  requestedLevel: 'EH3',
  representedParty: { id: 'org-1' },
  service: { id: 'svc-1', provider: 'provider-a', chainSupported: true, minimumLevels: [] },
  means: { holder: 'person-1', status: 'active', stork: 3 },
  links: [],
});

/** What is reported, as `pointer code`, in the order of pointers. */
function reported(kind: RequestKind, value: unknown): { code: string; faults: string[] } | 'valid' {
  const validation = validateRequest(kind, value);
  if (validation.ok) {
    expect(validation.value).toBe(value);
    return 'valid';
  }
  for (const { detail } of validation.errors) expect([detail.en, detail.nl]).not.toContain('');
  return {
    code: validation.code,
    faults: validation.errors.map(({ pointer, code }) => `${pointer} ${code}`).sort(),
  };
}

const invalid = (...faults: string[]) => ({ code: 'invalid-request', faults: faults.sort() });
const unknownLevel = (...faults: string[]) => ({ code: 'unknown-level', faults: faults.sort() });

test('The schema of the contract is one: at a start nobody looks', async () => {
  const { default: schema } = await import('../contract/classification.schema.json', { with: { type: 'json' } });
  const ajv = new Ajv2020({ discriminator: true });
  expect([ajv.validateSchema(schema), ajv.errors]).toEqual([true, null]);
});

describe('a valid request', () => {
  test('is handed back as it came, without defaults filled in', () => {
    expect(reported('authorization', authorization())).toBe('valid');
    expect(reported('means', means())).toBe('valid');
    expect(reported('revocationDeadline', revocation())).toBe('valid');
    expect(reported('validity', period())).toBe('valid');
    expect(reported('evaluation', evaluation())).toBe('valid');
  });

  test('may carry fractions of a second and numbers that are whole', () => {
    expect(reported('validity', { ...period(), registeredAt: '2026-03-02T09:00:00.123Z' })).toBe('valid');
    expect(reported('authorization', { ...authorization(), assessedAt: moment })).toBe('valid');
  });
});

describe('every fault is reported, each once, with its place', () => {
  test('several members at once', () => {
    const { channel: _, ...request } = authorization();
    const faulty = {
      ...request,
      registration: 'third',
      'a/b~c': 1,
      startedAt: 'yesterday',
      deviationReason: 7,
      registerProfile: { im: 4, pd: 2, pv: 2.5, pi: -1, pt: 2 },
      submitter: { role: 'legalRepresentative', holdsMeans: 'no' },
    };
    expect(reported('authorization', faulty)).toEqual(
      invalid(
        '/channel missing-member',
        '/registration unknown-value',
        '/a~1b~0c unknown-member',
        '/startedAt invalid-date',
        '/deviationReason wrong-type',
        '/registerProfile/im out-of-bounds',
        '/registerProfile/pv wrong-type',
        '/registerProfile/pi out-of-bounds',
        '/submitter/holdsMeans wrong-type',
      ),
    );
  });

  test('a fact of an unknown type, with an unknown member, without a member, and something that is no fact', () => {
    const checks = [
      { type: 'horoscope' },
      { type: 'proxyCheck', writtenAndSigned: true, grantorIdCopyChecked: true, extra: 1 },
      { type: 'proxyCheck', writtenAndSigned: true },
      { writtenAndSigned: true },
      'proxyCheck',
      null,
      { type: 'functionDeclaration', declaresAppointment: true },
    ];
    expect(reported('authorization', { ...authorization(), checks })).toEqual(
      invalid(
        '/checks/0/type unknown-type',
        '/checks/1/extra unknown-member',
        '/checks/2/grantorIdCopyChecked missing-member',
        '/checks/3/type unknown-type',
        '/checks/4 wrong-type',
        '/checks/5 wrong-type',
      ),
    );
  });

  test('of the alternative that was meant only', () => {
    const faulty = {
      ...means(),
      issuance: { form: 'oneTimeLink', singleUse: true, expires: 'soon' },
      identification: {
        physicalAppearance: false,
        attributes: { count: 101, uniquelyIdentifying: true, officialNumberVerified: false },
        validations: [
          {
            method: 'electronicSignature',
            signature: { technology: 'pki', chainComplete: true, comparableQuality: true },
            verifiedByCsp: true,
            verifiedAt: moment,
          },
          { method: 'telepathy' },
        ],
      },
    };
    expect(reported('means', faulty)).toEqual(
      invalid(
        '/issuance/expires wrong-type',
        '/identification/attributes/count out-of-bounds',
        '/identification/validations/0/signature/revocationStatus missing-member',
        '/identification/validations/0/signature/comparableQuality unknown-member',
        '/identification/validations/1/method unknown-type',
      ),
    );
  });

  test('LVL-05: a service asks for a level and for nothing else of a means, of which no maker is told', () => {
    const service = evaluation()['service'] as Json;
    const asking = (more: Json, ofMeans: Json = {}) =>
      reported('evaluation', {
        ...evaluation(),
        service: { ...service, ...more },
        means: { ...(evaluation()['means'] as Json), ...ofMeans },
      });
    expect(asking({ minimumLevels: [{ from: moment, level: 'EH3' }] })).toBe('valid');
    for (const member of ['issuers', 'excludedIssuers', 'products', 'excludedProducts', 'meansTypes']) {
      expect(asking({ [member]: ['issuer-1'] })).toEqual(invalid(`/service/${member} unknown-member`));
    }
    for (const member of ['issuer', 'product', 'brand', 'type']) {
      expect(asking({}, { [member]: 'issuer-1' })).toEqual(invalid(`/means/${member} unknown-member`));
    }
  });

  test('PARTY-04: a natural or a legal person is authorized, and nobody else', () => {
    const party = (kind: string) => reported('authorization', { ...authorization(), authorizedParty: { kind } });
    for (const kind of ['naturalPerson', 'legalPerson']) expect(party(kind)).toBe('valid');
    for (const kind of ['group', 'role', 'device', 'establishment']) {
      expect(party(kind)).toEqual(invalid('/authorizedParty/kind unknown-type'));
    }
  });

  test('a legal person has no means and is nobody who submits', () => {
    const authorizedParty = { kind: 'legalPerson', meansStork: 3, sameAsSubmitter: true };
    expect(reported('authorization', { ...authorization(), authorizedParty })).toEqual(
      invalid('/authorizedParty/meansStork unknown-member', '/authorizedParty/sameAsSubmitter unknown-member'),
    );
  });

  test('IV3-change: what the earlier form said is a member no more, what is said in its place has bounds', () => {
    for (const kind of ['naturalPerson', 'legalPerson']) {
      const party = (more: Json): Json => ({ ...authorization(), authorizedParty: { kind, ...more } });
      for (const registeredIv of [0, 1, 2, 3]) expect(reported('authorization', party({ registeredIv }))).toBe('valid');
      expect(reported('authorization', party({ alreadyRegistered: true, registeredIv: 4 }))).toEqual(
        invalid('/authorizedParty/alreadyRegistered unknown-member', '/authorizedParty/registeredIv out-of-bounds'),
      );
      for (const registeredIv of ['3', true, 2.5]) {
        expect(reported('authorization', party({ registeredIv }))).toEqual(
          invalid('/authorizedParty/registeredIv wrong-type'),
        );
      }
    }
  });

  test('IV3-extra: a look for special circumstances has a moment, and a finding says who else is registered', () => {
    const type = 'specialCircumstancesCheck';
    const checks = [
      { type, outcome: 'none' },
      { type, asOf: moment, outcome: 'found' },
      { type, outcome: 'found' },
      { type, asOf: moment, outcome: 'found', otherRepresentativeRegistered: false },
      { type, asOf: moment, outcome: 'none' },
      { type, asOf: moment, outcome: 'none', otherRepresentativeRegistered: true },
      { type, asOf: 'today', outcome: 'unavailable' },
    ];
    expect(reported('authorization', { ...authorization(), checks })).toEqual(
      invalid(
        '/checks/0/asOf missing-member',
        '/checks/1/otherRepresentativeRegistered missing-member',
        '/checks/2/asOf missing-member',
        '/checks/2/otherRepresentativeRegistered missing-member',
        '/checks/6/asOf invalid-date',
      ),
    );
  });

  test('the document of a grantor is enclosed and looked up; he appears nowhere', () => {
    const document = 'doc-1';
    const subject = 'legalRepresentative';
    const checks = [
      { type: 'idCopyEnclosed', subject, document, presentation: 'paper' },
      { type: 'idDocumentStatus', subject, document, status: 'notReported' },
      { type: 'physicalAppearance', subject, document, mode: 'appeared', documentShown: 'original' },
    ];
    expect(reported('authorization', { ...authorization(), checks })).toEqual(
      invalid('/checks/2/subject unknown-value'),
    );
  });

  test('MEANS-IC4: activated, handed over or both; MEANS-IC3: equivalent to 2 or 3', () => {
    const issued = (issuance: Json) => reported('means', { ...means(), issuance });
    const form = 'afterPhysicalIdentification';
    expect(issued({ form, identifiedAt: moment, activatedAt: moment })).toBe('valid');
    expect(issued({ form, identifiedAt: moment, handedOutAt: moment })).toBe('valid');
    expect(issued({ form, identifiedAt: moment, handedOutAt: moment, activatedAt: moment })).toBe('valid');
    expect(issued({ form, identifiedAt: moment })).toEqual(
      invalid('/issuance/activatedAt missing-member', '/issuance/handedOutAt missing-member'),
    );
    expect(issued({ form })).toEqual(
      invalid(
        '/issuance/activatedAt missing-member',
        '/issuance/handedOutAt missing-member',
        '/issuance/identifiedAt missing-member',
      ),
    );
    for (const equivalentTo of [2, 3]) expect(issued({ form: 'other', equivalentTo })).toBe('valid');
    for (const equivalentTo of [1, 4, '3']) {
      expect(issued({ form: 'other', equivalentTo })).toEqual(invalid('/issuance/equivalentTo unknown-value'));
    }
    expect(issued({ form: 'unverified', equivalentTo: 3 })).toEqual(invalid('/issuance/equivalentTo unknown-member'));
  });

  test('of alternative members it is said that one of them will do', () => {
    const issuance = { form: 'afterPhysicalIdentification' };
    const validation = validateRequest('means', { ...means(), issuance });
    const details = validation.ok
      ? []
      : validation.errors.map(({ pointer, detail }) => `${pointer}: ${detail.en}`).sort();
    expect(details).toEqual([
      '/issuance/activatedAt: is required, or another member in its place',
      '/issuance/handedOutAt: is required, or another member in its place',
      '/issuance/identifiedAt: is required',
    ]);
  });

  test('PI1: a request comes by one of the listed media', () => {
    for (const medium of ['writing', 'email', 'counter', 'telephone', 'other']) {
      expect(reported('revocationDeadline', { ...revocation(), medium })).toBe('valid');
    }
    expect(reported('revocationDeadline', { ...revocation(), medium: 'fax' })).toEqual(
      invalid('/medium unknown-value'),
    );
  });

  test.each(['2026-02-30', '2026-13-01', '2025-02-29', '02-03-2026'])(
    '%s is no day on which a document expires',
    (day) => {
      const checks = [{ type: 'idCopyOnRecord', document: 'doc-1', expiresOn: day }];
      expect(reported('authorization', { ...authorization(), checks })).toEqual(
        invalid('/checks/0/expiresOn invalid-date'),
      );
    },
  );

  test.each(['2026-02-30T09:00:00Z', '2026-03-02T09:00:00', '2026-03-02', '2026-03-02T09:00:00 Z', ''])(
    '%j is no moment',
    (at) => {
      expect(reported('evaluation', { ...evaluation(), at })).toEqual(invalid('/at invalid-date'));
    },
  );

  test.each([[null], [[]], ['text'], [undefined], [7]])('%j is no request', (value) => {
    for (const kind of ['authorization', 'means', 'validity', 'evaluation'] as const) {
      expect(reported(kind, value)).toEqual(invalid(' wrong-type'));
    }
  });

  test('null is no way to leave something out', () => {
    expect(reported('authorization', { ...authorization(), activatedAt: null })).toEqual(
      invalid('/activatedAt wrong-type'),
    );
  });

  test('a request costs no more than its answer is worth', () => {
    let visited = 0;
    const counted = <T extends object>(value: T): T =>
      new Proxy(value, {
        get(target, name, receiver) {
          const member: unknown = Reflect.get(target, name, receiver);
          if (typeof name === 'string' && name !== 'length' && Object.hasOwn(target, name)) visited++;
          return typeof member === 'object' && member !== null ? counted(member) : member;
        },
      });
    const bad = { type: 'idDocumentStatus', a: 1, b: 2, c: 3, d: 4 };
    const lookup = (items: number): object => ({
      type: 'tradeRegisterLookup',
      currentEstablishments: Array<number>(items).fill(0),
    });
    const requests: readonly [RequestKind, object, number][] = [
      // Too long: none of the items is looked at.
      ['authorization', { checks: Array<object>(4_000).fill(bad) }, 100],
      ['authorization', { checks: Array<object>(19_000).fill({}) }, 100],
      ['evaluation', { links: Array<object>(9_000).fill({ scope: {} }) }, 100],
      ['means', { identification: { validations: Array<object>(6_000).fill({ x: 1 }) } }, 100],
      // As long as they may be: no further item is looked at once there are more faults than are told.
      ['authorization', { checks: Array<object>(200).fill(bad) }, 1_000],
      ['authorization', { checks: [lookup(10_000)] }, 1_000],
      ['authorization', { checks: Array<object>(200).fill(lookup(99)) }, 1_500],
    ];
    for (const [kind, request, most] of requests) {
      visited = 0;
      const { errors } = validateRequest(kind, counted(request)) as { errors: readonly object[] };
      expect([visited > 0, visited < most, errors.length <= 101]).toEqual([true, true, true]);
    }
  });

  test('references and lists have bounds', () => {
    const links = Array.from({ length: 11 }, () => ({}));
    expect(reported('evaluation', { ...evaluation(), links })).toMatchObject({ faults: ['/links out-of-bounds'] });
    expect(reported('evaluation', { ...evaluation(), links: links.slice(1) })).toMatchObject({
      faults: expect.arrayContaining(['/links/9/m missing-member']),
    });
    expect(reported('evaluation', { ...evaluation(), establishment: '' })).toEqual(
      invalid('/establishment out-of-bounds'),
    );
    expect(reported('authorization', { ...authorization(), establishments: [] })).toEqual(
      invalid('/establishments out-of-bounds'),
    );
  });

  test('a detail says what is allowed and repeats nothing that was sent', () => {
    const validation = validateRequest('authorization', { ...authorization(), channel: 'secret-text', secretName: 1 });
    if (validation.ok) throw new Error('valid');
    const details = validation.errors.map(({ detail }) => detail.en).join();
    expect(details).toContain('"electronic", "nonElectronic"');
    expect(details).toContain('is not a member here');
    const wrong = validateRequest('authorization', { ...authorization(), checks: 7, establishments: [] });
    expect(wrong.ok ? [] : wrong.errors.map(({ detail }) => detail.en).sort()).toEqual([
      'is not of type array',
      'must NOT have fewer than 1 items',
    ]);
    expect(details).not.toContain('secret');
  });
});

describe('LVL-01: a level that does not exist', () => {
  test.each(['EH5', 'EH2++', 'eh3', '', 3, null, true, ['EH3'], { level: 'EH3' }])('%j in any member', (level) => {
    expect(reported('revocationDeadline', { ...revocation(), level })).toEqual(unknownLevel('/level unknown-level'));
    const requester = { role: 'administrator', authenticatedLevel: level, administrationLevel: level };
    expect(reported('revocationDeadline', { ...revocation(), requester })).toEqual(
      unknownLevel('/requester/authenticatedLevel unknown-level', '/requester/administrationLevel unknown-level'),
    );
    const submitter = {
      role: 'administrator',
      holdsMeans: true,
      authenticatedLevel: level,
      administration: { level, iv: 3 },
    };
    expect(reported('authorization', { ...authorization(), submitter })).toEqual(
      unknownLevel('/submitter/authenticatedLevel unknown-level', '/submitter/administration/level unknown-level'),
    );
    expect(reported('validity', { ...period(), level })).toEqual(unknownLevel('/level unknown-level'));
    const policy = { levelPolicy: [{ level, usableUntil: moment }], requestedLevel: level };
    expect(reported('evaluation', { ...evaluation(), ...policy })).toEqual(
      unknownLevel('/requestedLevel unknown-level', '/levelPolicy/0/level unknown-level'),
    );
  });

  test('goes before every other fault, and the others are still reported', () => {
    expect(reported('revocationDeadline', { ...revocation(), level: 'EH9', extra: 1, receivedAt: 'now' })).toEqual(
      unknownLevel('/extra unknown-member', '/level unknown-level', '/receivedAt invalid-date'),
    );
    expect(reported('evaluation', { ...evaluation(), service: { minimumLevels: [{ level: 'loa3' }] } })).toMatchObject({
      code: 'unknown-level',
    });
  });

  test('a level left out is a missing member, and a STORK level is none of these', () => {
    const { level: _, ...without } = revocation();
    expect(reported('revocationDeadline', without)).toEqual(invalid('/level missing-member'));
    expect(
      reported('authorization', { ...authorization(), authorizedParty: { kind: 'naturalPerson', meansStork: 5 } }),
    ).toEqual(invalid('/authorizedParty/meansStork out-of-bounds'));
  });
});

describe('faults between members', () => {
  test('an assessment before the process began, also among other faults', () => {
    const faulty = { ...authorization(), startedAt: later, assessedAt: moment };
    expect(reported('authorization', faulty)).toEqual(invalid('/assessedAt end-before-begin'));
    expect(reported('authorization', { ...faulty, channel: 'fax' })).toEqual(
      invalid('/assessedAt end-before-begin', '/channel unknown-value'),
    );
  });

  test('CONT-10: a period that does not end after it begins', () => {
    const withPeriod = (from: unknown, until: unknown): Json => ({ ...period(), period: { from, until } });
    expect(reported('validity', withPeriod(moment, moment))).toEqual(invalid('/period/until end-before-begin'));
    expect(reported('validity', withPeriod(later, moment))).toEqual(invalid('/period/until end-before-begin'));
    expect(reported('validity', withPeriod(moment, '2026-03-02T08:00:01Z'))).toBe('valid');
    expect(reported('validity', withPeriod(moment, 7))).toEqual(invalid('/period/until wrong-type'));
    expect(reported('validity', { ...period(), period: [] })).toEqual(invalid('/period wrong-type'));
    expect(reported('validity', { ...period(), period: null })).toEqual(invalid('/period wrong-type'));
  });

  test('somebody has to ask for a revocation or suspension', () => {
    const { requester: _, ...nobody } = revocation();
    expect(reported('revocationDeadline', nobody)).toEqual(invalid('/requester missing-member'));
    expect(reported('revocationDeadline', { ...nobody, mutation: 'revocation' })).toEqual(
      invalid('/requester missing-member'),
    );
    expect(reported('revocationDeadline', { ...nobody, mutation: 'suspension' })).toEqual(
      invalid('/requester missing-member'),
    );
    for (const mutation of ['change', 'renewal', 'reinstatement', 'attributes']) {
      expect(reported('revocationDeadline', { ...nobody, mutation })).toBe('valid');
    }
  });
});

describe('structures that travel in requests of others', () => {
  test('are judged by the same definitions', () => {
    expect(
      structureFaults('authorizationCheck', { type: 'meansIssuance', issuanceLevel: 3, sameProcess: true }),
    ).toEqual([]);
    expect(
      structureFaults('authorizationCheck', { type: 'meansIssuance', issuanceLevel: 9, sameProcess: true }),
    ).toMatchObject([{ pointer: '/issuanceLevel', code: 'out-of-bounds' }]);
    expect(structureFaults('identityValidation', { method: 'emailConfirmation' })).toMatchObject([
      { pointer: '/confirmed', code: 'missing-member' },
    ]);
    expect(structureFaults('meansIssuanceForm', { form: 'other' })).toEqual([]);
    expect(structureFaults('signature', { technology: 'runes' })).toMatchObject([
      { pointer: '/technology', code: 'unknown-type' },
    ]);
    expect(structureFaults('submitter', { role: 'other', holdsMeans: false })).toEqual([]);
    expect(structureFaults('representedParty', { kind: 'cat' })).toMatchObject([
      { pointer: '/kind', code: 'unknown-value' },
    ]);
    expect(structureFaults('authorizedParty', { kind: 'legalPerson' })).toEqual([]);
    expect(structureFaults('registerProfile', { im: 3, pd: 2, pv: 4, pi: 4, pt: 2 })).toEqual([]);
  });

  test('alternatives that share a value, or leave a member open, are told apart by nothing', () => {
    const withTag = (...properties: object[]): unknown =>
      withDiscriminators({ $defs: { either: { oneOf: properties.map((members) => ({ properties: members })) } } });
    const tagged = (value: unknown): boolean => JSON.stringify(value).includes('discriminator');
    expect(tagged(withTag({ kind: { const: 'a' } }, { kind: { const: 'b' } }))).toBe(true);
    expect(tagged(withTag({ kind: { enum: ['a', 'c'] } }, { kind: { const: 'b' } }))).toBe(true);
    expect(tagged(withTag({ kind: { const: 'a' } }, { kind: { enum: ['b', 'a'] } }))).toBe(false);
    expect(tagged(withTag({ kind: { const: 'a' } }, { kind: { type: 'string' } }))).toBe(false);
    expect(tagged(withTag({ kind: { const: 'a' } }, { other: { const: 'b' } }))).toBe(false);
    expect(
      tagged(withDiscriminators({ $defs: { either: { oneOf: [{ type: 'null' }, { $ref: '#/$defs/missing' }] } } })),
    ).toBe(false);
  });

  test('what has no alternatives stays as it is', () => {
    const schema = { $defs: { plain: { enum: ['a', null, 3, true], items: [{ type: 'string' }] } } };
    expect(withDiscriminators(schema)).toEqual(schema);
  });

  test('every alternative of the contract with a telling member is told apart by it', () => {
    const path = new URL('../contract/classification.schema.json', import.meta.url);
    const marked = withDiscriminators(JSON.parse(readFileSync(path, 'utf8'))) as { $defs: Record<string, Json> };
    const tags = Object.entries(marked.$defs)
      .filter(([, definition]) => 'discriminator' in definition)
      .map(([name, definition]) => [name, definition['discriminator'], definition['type']]);
    expect(tags).toEqual([
      ['signature', { propertyName: 'technology' }, 'object'],
      ['authorizedParty', { propertyName: 'kind' }, 'object'],
      ['check', { propertyName: 'type' }, 'object'],
      ['validation', { propertyName: 'method' }, 'object'],
      ['issuance', { propertyName: 'form' }, 'object'],
    ]);
  });
});
