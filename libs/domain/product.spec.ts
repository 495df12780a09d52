import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { currentRuleSet } from '#libs/scheme';
import { applicationRejections } from './application/index.js';
import { authorizationRejections } from './authorization/index.js';
import { checkRejections } from './check/index.js';
import { correctionRejections } from './common/corrections.js';
import { happenedRejections } from './common/happened.js';
import { schemeRejectionCatalogue, schemeRejections } from './common/scheme-rejections.js';
import { suspensionRejections } from './common/suspension.js';
import { allCodecs, allRejections } from './index.js';
import { confirmationRejections } from './confirmation/index.js';
import { destructionRejections } from './destruction/index.js';
import { evidenceRejections } from './evidence/index.js';
import { installationRejections } from './installation/index.js';
import { legalHoldRejections } from './legal-hold/index.js';
import { rightsRequestRejections } from './rights-request/index.js';
import { meansRejections } from './means/index.js';
import { partyRejections } from './party/index.js';
import { personRejections } from './person/index.js';
import { policySimulationRejections } from './policy-simulation/index.js';
import { revocationRequestRejections } from './revocation-request/index.js';
import { viewingRejections } from './viewing/index.js';
import { webhookSubscriptionRejections } from './webhook-subscription/index.js';

const catalogues = {
  scheme: schemeRejectionCatalogue,
  application: applicationRejections,
  authorization: authorizationRejections,
  check: checkRejections,
  confirmation: confirmationRejections,
  correction: correctionRejections,
  destruction: destructionRejections,
  evidence: evidenceRejections,
  happened: happenedRejections,
  installation: installationRejections,
  legalHold: legalHoldRejections,
  rightsRequest: rightsRequestRejections,
  means: meansRejections,
  party: partyRejections,
  person: personRejections,
  policySimulation: policySimulationRejections,
  revocationRequest: revocationRequestRejections,
  suspension: suspensionRejections,
  viewing: viewingRejections,
  webhookSubscription: webhookSubscriptionRejections,
};
const codes = Object.keys(allRejections);

/** Code of an evaluation without its parameter. */
const nameOf = (code: string): string => code.split(':', 1)[0]!;

const { authorization, means } = currentRuleSet;

describe('the closed list of rejections', () => {
  it.each(Object.entries(allRejections))(
    'says of %s what it is, in both languages, and what it means',
    (code, declared) => {
      expect(code).toMatch(/^[a-z]+(-[a-zA-Z0-9]+)*$/);
      expect(['refused', 'not-found', 'conflict', 'invalid']).toContain(declared.kind);
      for (const title of [declared.title.en, declared.title.nl]) {
        expect(title).toMatch(/^\p{Lu}.{5,80}[^.]$/u);
      }
      expect(declared.title.en).not.toBe(declared.title.nl);
      for (const meaning of [declared.meaning.en, declared.meaning.nl]) {
        expect(meaning).toMatch(/^\p{Lu}.{20,}\.$/su);
      }
      expect(declared.meaning.en).not.toBe(declared.meaning.nl);
      if (declared.rule !== undefined) expect(declared.rule).toMatch(/^[A-Z]/);
    },
  );

  it('declares every code in one place only: two meanings under one code would hide one of them', () => {
    const places = Object.entries(catalogues).flatMap(([name, catalogue]) =>
      Object.keys(catalogue).map((code) => [code, name] as const),
    );
    expect(places.filter(([code, name]) => places.some(([c, n]) => c === code && n !== name))).toStrictEqual([]);
    expect(places.map(([code]) => code).sort()).toStrictEqual([...codes].sort());
  });

  it('holds every code that the evaluations of an authorization and a means can refuse with, as a refusal', () => {
    const used = [
      ...authorization.blocking.map(({ code }) => code),
      ...authorization.rowCodes.map(({ code }) => code),
      ...means.blocking.map(({ code }) => code),
      ...means.rowCodes.map(({ code }) => code),
    ].map(nameOf);
    expect(used.filter((code) => allRejections[code]?.kind !== 'refused')).toStrictEqual([]);
    // And the commands can say each of them.
    expect(schemeRejections([...new Set(used)]).map(({ code }) => code)).toHaveLength(new Set(used).size);
  });

  it('gives the parameter of a code apart', () => {
    expect(schemeRejections(['incomplete:scope', 'aspect-unscored:IV', 'aspect-unscored:IA'])).toStrictEqual([
      { code: 'aspect-unscored', kind: 'refused', facts: { aspect: 'IV' } },
      { code: 'aspect-unscored', kind: 'refused', facts: { aspect: 'IA' } },
      { code: 'incomplete', kind: 'refused', facts: { item: 'scope' } },
    ]);
  });

  // Given where a request is looked up at the edge of an app, and tested there over HTTP.
  const atTheEdge = [
    'viewer-login-refused',
    'no-such-application',
    'no-such-check',
    'means-of-another-person',
    'not-of-holder',
    'of-another-application',
    'same-person',
    'unknown-contact',
    'unknown-document',
    'unknown-equivalence',
    'unknown-evidence',
    'content-digest-mismatch',
    'media-type-mismatch',
    'nothing-proposed',
    'not-of-this-provider',
    'moment-passed',
    'moment-too-far',
    'entries-overlap',
    'begins-after-end',
    'too-many-moments',
    'policy-simulation-unfinished',
    'unknown-product',
  ];

  it('is reached by tests, every code of it', () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const tests = ['libs', 'apps', 'test/e2e']
      .flatMap((folder) =>
        readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
      )
      .filter((file) => file.endsWith('spec.ts') && !file.endsWith('product.spec.ts'))
      .map((file) => readFileSync(`${root}/${file}`, 'utf8'))
      .join('\n');
    const untested = codes.filter((code) => !tests.includes(`'${code}'`));
    expect(untested.filter((code) => !atTheEdge.includes(code))).toStrictEqual([]);
  });
});

describe('the codecs', () => {
  const declarations = allCodecs.flatMap((codec) => Object.entries(codec as object)) as [
    string,
    { schemaVersion: number; processingActivity: string; upcasters?: object },
  ][];

  it('declare every event type once, by a noun and a past participle', () => {
    const types = declarations.map(([type]) => type);
    expect(new Set(types).size).toBe(types.length);
    for (const type of types) {
      expect(type).toMatch(/^([A-Z][a-z]+)+(ed|Held|Begun|Bound|Sent|Withdrawn|Written|Kept)$/);
    }
    expect(types.filter((type) => /Created|Updated|Deleted/.test(type))).toStrictEqual([]);
  });

  it('name for each type the processing activity it belongs to, and a way up from every older version', () => {
    for (const [, { schemaVersion, processingActivity, upcasters = {} }] of declarations) {
      expect(processingActivity).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(Object.keys(upcasters)).toHaveLength(schemaVersion - 1);
    }
  });
});
