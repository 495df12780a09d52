import { named } from './named-lists.js';
import { referenceTo, type Schema, type Schemas } from './schema.js';

const PARTS = named('RequestPart', ['header', 'path', 'query'] as const, 'Part of a request');

const SCORE: Schema = { type: 'integer', minimum: 1, maximum: 4 };

/** Problem details as in interfaces.md §4. Other parameters of a code may stand beside it: `/problems/{code}` tells. */
export const problemSchemas: Schemas = {
  Problem: {
    type: 'object',
    description: 'Problem details (RFC 9457)',
    required: ['type', 'title', 'status', 'detail', 'code', 'instance'],
    properties: {
      type: { type: 'string', format: 'uri', description: 'Page that explains the code' },
      title: { type: 'string', description: 'The code in words; Dutch where `Accept-Language` prefers it' },
      status: { type: 'integer', minimum: 400, maximum: 599, description: 'Status of the answer' },
      detail: { type: 'string', description: 'What happened, or what the code means; in the language of the title' },
      code: {
        type: 'string',
        description: 'Stable and language-neutral; the first of `errors` when the rules say no',
      },
      errors: {
        type: 'array',
        description: 'All faults or reasons at once, at most 100',
        items: { $ref: '#/components/schemas/ProblemFault' },
      },
      aspects: {
        type: 'array',
        description: 'Of a refused judgement: each aspect with its checks, what does not count first',
        items: { $ref: '#/components/schemas/ProblemAspect' },
      },
      instance: { type: 'string', description: 'Trace id of the request' },
    },
  },
  ProblemFault: {
    type: 'object',
    description: 'A fault, or a reason of a no. Parameters of the code stand beside it',
    required: ['code', 'detail'],
    properties: {
      in: { type: 'string', enum: PARTS, description: 'Part of the request; absent: the body' },
      pointer: { type: 'string', description: 'JSON Pointer to the member' },
      code: { type: 'string', description: 'Stable and language-neutral' },
      detail: {
        type: 'string',
        description: 'The same in words, in the language of the title; never repeats what was sent',
      },
      aspect: { type: 'string', description: 'Of `aspect-unscored`: the aspect or element' },
      item: { type: 'string', description: 'Of `incomplete`: what is missing' },
      aimed: {
        type: ['string', 'integer'],
        description: 'Of `level-not-reached` and `renewal-below-level`: the level aimed at',
      },
      reached: { type: ['string', 'integer', 'null'], description: 'Of the same: the level reached' },
      current: { type: ['string', 'null'], description: 'Of `renewal-below-level`: the level it has' },
      have: { type: 'string', description: 'Of `admin-level-too-low`: the level of the administrator' },
      need: { type: 'string', description: 'Of the same: the level of what he would manage' },
      missing: referenceTo('ProblemMissing'),
      earnedBy: {
        type: 'array',
        description:
          'Of `aspect-unscored`, `level-not-reached` and `renewal-below-level`: rows that earn what is missing, as far as checks earn it',
        items: { $ref: '#/components/schemas/ProblemEarningRow' },
      },
      most: {
        type: 'integer',
        description:
          'Of `application-full`, `person-full`, `party-full`, `webhook-subscription-full` and `too-many-webhook-subscriptions`: the most that there may be',
      },
      party: { type: 'string', format: 'uuid', description: 'Of `party-exists`: the party on record' },
      purpose: { type: 'string', description: 'Of `purpose-not-in-application`: the purpose that it lacks' },
      purposes: { type: 'array', items: { type: 'string' }, description: 'Of the same: those that it has' },
      service: { type: 'string', description: 'The service of the catalogue' },
      standing: {
        type: 'string',
        description: 'Of `no-such-registration` and `authorization-not-active`: how the authorization stands',
      },
      stork: {
        type: 'integer',
        description: 'Of `level-closed-for-issuance` and `level-closed-for-upgrade`: the STORK level',
      },
      level: { type: 'string', description: 'Of `level-closed-for-issuance`: the level' },
      distinction: { type: 'string', description: 'Of `not-distinguished`: what does not tell them apart' },
      kind: { type: 'string', description: 'Of `register-not-for-kind`: the kind of party' },
      register: { type: 'string', description: 'The register of the party' },
      registers: {
        type: 'array',
        items: { type: 'string' },
        description: 'Of `register-not-for-kind`: those it may be',
      },
      names: {
        type: 'array',
        items: { type: 'string' },
        description: 'Of `unknown-source` and of an unknown kind: the names known here; of a choice: its members',
      },
      type: { type: 'string', description: 'Of `unknown-check`: the kind of check that is asked' },
      reason: { type: 'string', description: 'What the members say against each other' },
      why: { type: 'string', description: 'Of `viewer-login-refused`: what is wrong with the login' },
      scope: { type: 'string', description: 'Of `missing-scope`: a scope that would do' },
    },
  },
  ProblemEarningRow: {
    type: 'object',
    description: 'A row of the rule book that earns a score',
    required: ['aspect', 'score', 'row', 'checks'],
    properties: {
      aspect: { type: 'string', description: 'Aspect of an authorization or element of a means' },
      score: { ...SCORE, description: 'What it earns' },
      row: { type: 'string', description: 'Row of the rule book' },
      checks: {
        type: 'array',
        items: { type: 'string' },
        description: 'Kinds of check that it can rest on; empty: none is asked',
      },
    },
  },
  ProblemMissing: {
    type: 'object',
    description:
      'Of `level-not-reached` and `renewal-below-level`: the scores that fall short. Of a means each of its elements stands here itself',
    properties: {
      aspects: { type: 'object', additionalProperties: SCORE, description: 'Per aspect of an authorization its score' },
      meansStork: { ...SCORE, description: 'STORK level that the means has to have' },
      submitterLevel: { type: 'string', description: 'Level that the submitter has to reach himself' },
      ...Object.fromEntries(
        ['ID', 'IC', 'IE', 'RC', 'AM'].map((element) => [element, { ...SCORE, description: 'Element of a means' }]),
      ),
    },
  },
  ProblemAspect: {
    type: 'object',
    description: 'An aspect of a refused judgement',
    required: ['aspect', 'score', 'rows', 'checks'],
    properties: {
      aspect: { type: 'string', description: 'Aspect of an authorization or element of a means' },
      score: { type: 'integer', minimum: 0, maximum: 4, description: 'What it scored; 0: nothing' },
      rows: { type: 'array', items: { type: 'string' }, description: 'Rows that earn the score' },
      checks: {
        type: 'array',
        items: { $ref: '#/components/schemas/ProblemCheck' },
        description: 'How each check stood',
      },
    },
  },
  ProblemCheck: {
    type: 'object',
    description: 'How a check stood in a refused judgement',
    required: ['check', 'type', 'counts', 'joined', 'superseded'],
    properties: {
      check: { type: 'string', format: 'uuid', description: 'Id of the check' },
      type: { type: 'string', description: 'Kind of check' },
      counts: { type: 'boolean', description: 'Whether it could earn something' },
      why: { type: 'string', description: 'Why it does not, or with what reserve (docs/interfaces.md §6)' },
      joined: { type: 'boolean', description: 'It was not named: it came along by itself (PROOF-01)' },
      superseded: { type: 'boolean', description: 'A later answer to the same question took its place' },
    },
  },
};
