import { describe, expect, it } from '@jest/globals';
import { judgeAccess, unfounded, type AccessRequest } from '#libs/application';
import type { JsonObject } from '#libs/kernel';
import { uuid } from '#libs/testing';
import { asked, link, NOW, policy, register, SERVICE } from '../../../test/e2e/assurance/state.js';
import { decisionRecord, keptRequestId, type DecisionToRecord } from './decision-record.js';

const NOT_KEPT = '(not of the expected form)';
const TRACE = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const maps = register();
link(maps, 'a', 'party-1', 'pseudonym');

const decided = (request: AccessRequest, more: Partial<DecisionToRecord> = {}): DecisionToRecord => ({
  id: 'd1',
  kind: 'decision',
  request,
  answer: { decision: true },
  judgment: judgeAccess(request, maps, policy, NOW),
  at: NOW,
  position: 42n,
  identity: { store: 's', epoch: 3 },
  policy,
  ids: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceparent: 'of the connection', correlationId: 'c' },
  actor: { client: 'network' },
  ...more,
});
const recordOf = (request: AccessRequest, more: Partial<DecisionToRecord> = {}) => {
  const { id, kind, bytes } = decisionRecord(decided(request, more));
  return { id, kind, record: JSON.parse(bytes) as { data: JsonObject & { body: Record<string, JsonObject> } } };
};
const keptOf = (request: AccessRequest): Record<string, unknown> =>
  recordOf(request).record.data.body['adl.core.request']!;

/** interfaces.md §7 and §9: what is kept of a decision, and that nobody's name is. */
describe('the record of a decision', () => {
  it('is one of the Authorization Decision Log, with everything that the answer rests on', () => {
    const { id, kind, record } = recordOf(asked());
    expect([id, kind]).toEqual(['d1', 'decision']);
    expect(record).toEqual({
      id: 'd1',
      kind: 'decision',
      schemaVersion: 1,
      correlationId: 'c',
      traceparent: 'of the connection',
      actor: { client: 'network' },
      data: {
        trace_id: '1'.repeat(32),
        span_id: '2'.repeat(16),
        event_name: 'adl.access_evaluation',
        timestamp: NOW,
        status: 'Ok',
        attributes: { 'waarborg.use': true },
        body: {
          'adl.core.request': expect.any(Object),
          'adl.core.response': { decision: true },
          'adl.core.policies': { ruleSet: policy.rules.version, governance: policy.version },
          'adl.core.information': {
            position: '42',
            means: {
              id: 'm',
              position: expect.stringMatching(/^\d+$/),
              product: 'password-sms',
              status: 'active',
              stork: 3,
            },
            party: { id: 'party-1', position: expect.stringMatching(/^\d+$/) },
            service: SERVICE,
            login: expect.objectContaining({ stork: expect.any(Number) }),
            paths: 1,
            path: [
              {
                authorization: 'a',
                position: expect.stringMatching(/^\d+$/),
                m: 3,
                submitterLevel: null,
                status: 'active',
              },
            ],
          },
          'adl.core.configuration': { store: 's', epoch: 3, maxIntermediaries: 2 },
        },
      },
    });
  });

  it('is never one of use where an auditor asked, nor where it was a no (USE-04)', () => {
    const use = (more: Partial<DecisionToRecord>): unknown =>
      (recordOf(asked(), more).record.data['attributes'] as JsonObject)['waarborg.use'];
    expect(use({ kind: 'reading' })).toBe(false);
    expect(use({ judgment: unfounded(['unknown-means']) })).toBe(false);
  });

  it('names nothing that the answer did not rest on', () => {
    const { record } = recordOf(asked(), { judgment: unfounded(['index-not-current']) });
    expect(record.data.body['adl.core.information']).toEqual({ position: '42', paths: 0, path: [] });
  });

  it('goes on with the trace that the question names, else with that of the connection', () => {
    const traced = recordOf(asked({ context: { traceparent: TRACE } })).record.data;
    expect([traced['trace_id'], traced['span_id'], traced['parent_span_id']]).toEqual([
      'a'.repeat(32),
      '2'.repeat(16),
      'b'.repeat(16),
    ]);
    const ids = { ...decided(asked()).ids, parentSpanId: '3'.repeat(16), requestId: 'r1' };
    const own = recordOf(asked(), { ids }).record.data;
    expect([own['trace_id'], own['parent_span_id']]).toEqual(['1'.repeat(32), '3'.repeat(16)]);
    expect(own['attributes']).toEqual({ 'waarborg.use': true, 'waarborg.request_id': 'r1' });
  });

  it.each([
    ['a version that is none', `ff-${'a'.repeat(32)}-${'b'.repeat(16)}-01`],
    ['no trace', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`],
    ['no span', `00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`],
    ['letters beyond f', `00-${'g'.repeat(32)}-${'b'.repeat(16)}-01`],
    ['capitals', `00-${'A'.repeat(32)}-${'b'.repeat(16)}-01`],
    ['something before it', `Jansen ${TRACE}`],
    ['something behind it', `${TRACE} Jansen`],
    ['something else', 'Jansen'],
  ])('keeps no traceparent with %s', (_, traceparent) => {
    const { record } = recordOf(asked({ context: { traceparent } }));
    expect(record.data['trace_id']).toBe('1'.repeat(32));
    expect(record.data.body['adl.core.request']!['context']).toEqual({});
  });

  it('keeps a question of words, numbers and ids as it was sent', () => {
    const service = 'urn:etoegang:DV:00000099800000001000:services:1';
    const context = { time: '2026-03-02T09:00:00Z', traceparent: TRACE, via: uuid('via') };
    const resource = { id: 'kvk:69599084', properties: { establishment: '000012345678' } };
    const request = asked({ subject: { id: uuid('means') }, service, level: 'EH2+', sso: true, resource, context });
    expect(keptOf(request)).toEqual({
      subject: { type: 'means', id: uuid('means') },
      action: { name: 'represent', properties: { service, level: 'EH2+', singleSignOn: true } },
      resource: { type: 'organization', id: 'kvk:69599084', properties: { establishment: '000012345678' } },
      context: { time: '2026-03-02T09:00:00Z', traceparent: TRACE, via: uuid('via') },
    });
    expect(keptOf(asked({ context: { via: 'kvk:69599084' } }))['context']).toEqual({ via: 'kvk:69599084' });
  });

  it('names nothing that was not sent', () => {
    expect(keptOf(asked({ service: undefined }))).toEqual({
      subject: { type: 'means', id: NOT_KEPT },
      action: { name: 'represent', properties: { singleSignOn: false } },
      // Not of a register's form, and on record.
      resource: { type: 'organization', id: 'kvk:1', properties: {} },
      context: {},
    });
  });

  it('keeps what the register itself knows, in whatever form', () => {
    link(maps, 'chain', 'party-1', 'party-2', { forThirdParties: true });
    const login = policy.assessment('password-sms', undefined, NOW);
    const request = asked({ context: { authenticationService: 'service-1', via: 'chain' } });
    const judgment = {
      ...judgeAccess(asked(), maps, policy, NOW),
      grounds: { paths: 0, service: SERVICE, via: 'chain', login: { ...login, authenticationService: 'service-1' } },
    };
    const kept = recordOf(request, { judgment }).record.data.body['adl.core.request']!;
    expect(kept['context']).toEqual({ authenticationService: 'service-1', via: 'chain' });
    expect(kept['action']).toMatchObject({ properties: { service: SERVICE } });
  });

  it.each<[string, Parameters<typeof asked>[0], string]>([
    ['subject/type', { subject: { type: 'Jansen' } }, 'subject.type'],
    ['subject/id', { subject: { id: 'Jansen' } }, 'subject.id'],
    ['action/name', { action: 'Jansen' }, 'action.name'],
    ['service', { service: 'Jansen' }, 'action.properties.service'],
    ['service that is no text', { service: { name: 'Jansen' } }, 'action.properties.service'],
    [
      'service with more before it',
      { service: 'Jansen urn:etoegang:DV:00000099800000001000:services:1' },
      'action.properties.service',
    ],
    [
      'service with more behind it',
      { service: 'urn:etoegang:DV:00000099800000001000:services:1 Jansen' },
      'action.properties.service',
    ],
    ['level', { level: 'Jansen' }, 'action.properties.level'],
    ['resource/type', { resource: { type: 'Jansen' } }, 'resource.type'],
    ['resource/id', { resource: { id: 'Jansen' } }, 'resource.id'],
    ['a number of another register', { resource: { id: 'bsn:69599084' } }, 'resource.id'],
    ['resource/id with more before it', { resource: { id: 'Jansen kvk:69599084' } }, 'resource.id'],
    ['resource/id with more behind it', { resource: { id: 'kvk:695990841' } }, 'resource.id'],
    ['establishment', { resource: { properties: { establishment: 'Jansen' } } }, 'resource.properties.establishment'],
    [
      'an establishment too long',
      { resource: { properties: { establishment: '0000123456789' } } },
      'resource.properties.establishment',
    ],
    ['time', { context: { time: 'Jansen' } }, 'context.time'],
    ['authenticationService', { context: { authenticationService: 'Jansen' } }, 'context.authenticationService'],
    ['via', { context: { via: 'Jansen' } }, 'context.via'],
    ['via that is no text', { context: { via: 7 } }, 'context.via'],
  ])('keeps no %s that may be about a person', (_, question, at) => {
    const kept = keptOf(asked(question));
    expect(JSON.stringify(kept)).not.toContain('Jansen');
    expect(at.split('.').reduce((part: unknown, name) => (part as JsonObject)[name], kept)).toBe(NOT_KEPT);
  });

  it.each([
    ['a UUID', uuid('request'), true],
    ['a ULID', '01J9ZC5M4T8Q2V6X0B3N7K1D5F', true],
    ['sixteen hexadecimal digits', '0af7651916cd43dd', true],
    ['words of hexadecimal digits', 'deadbeef-1', false],
    ['three letters', 'req-1', false],
    ['a word', 'jansen-1', false],
    ['a word in capitals', 'JANSEN-1', false],
    ['a word behind hexadecimal ones', 'deadbeef-jansen-1', false],
    ['no digit', 'abc', false],
  ])('keeps an X-Request-ID of %s as it is, or as a hash', async (_, requestId, asItIs) => {
    const hashed: unknown[] = [];
    const secrets = {
      lookupHashes: async (...of: string[]) => {
        hashed.push(of);
        return ['newest', 'older'];
      },
    };
    expect(await keptRequestId(requestId, secrets as never)).toBe(asItIs ? requestId : 'newest');
    expect(hashed).toEqual(asItIs ? [] : [['request-id', requestId]]);
  });
});
