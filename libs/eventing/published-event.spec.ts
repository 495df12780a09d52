import { describe, expect, it } from '@jest/globals';
import { CloudEvent, HTTP, type CloudEventV1 } from 'cloudevents';
import fc from 'fast-check';
import type { Clear, EventDeclaration, EventId, StreamId } from '#libs/kernel';
import { allCodecs } from '#libs/domain';
import { at, uuid } from '#libs/testing';
import { memoryVault } from '#libs/vault';
import { eventSerializer, type MetadataInput } from './event-serializer.js';
import type { StoredEvent } from './ports/event-store.js';
import {
  NotPublished,
  placeOfSequence,
  publishedEvent,
  publishedText,
  publishedTopic,
  publishedType,
  readPublished,
  sequenceOf,
  sourceOf,
  type PublishedEvent,
} from './published-event.js';

const OIN = '00000099000000001000';
const STORE = uuid('store');
const vault = await memoryVault();
const serializer = eventSerializer(allCodecs, vault.sealer);
const publisher = {
  oin: OIN,
  identity: { store: STORE, epoch: 2 },
  versionOf: (type: string) => serializer.versionOf(type),
};
const declarations = new Map(
  allCodecs.flatMap((codec) => Object.entries(codec as unknown as Record<string, EventDeclaration>)),
);

const metadata: MetadataInput = {
  id: uuid('event') as EventId,
  stream: `person-${uuid('person')}` as StreamId,
  correlationId: 'a-correlation',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  actor: { client: 'back-office', clerk: 'a-reference' },
  requestHash: 'a-keyed-hash',
};

async function published(type: string, data: object, given: Partial<MetadataInput> = {}): Promise<PublishedEvent> {
  const input = { ...metadata, ...given };
  const written = await serializer.write({ type, data } as never, input);
  const stored: StoredEvent = {
    ...written,
    ...{ stream: input.stream, revision: 4, position: 41n, recordedAt: at('2026-11-29T10:00:00.000Z') },
  };
  return publishedEvent(serializer.read(stored), publisher);
}

describe('a published event', () => {
  it('says where it stands, whose it is and what its data mean', async () => {
    const event = await published('MeansRevoked', { means: uuid('means'), reason: 'stolen' });
    expect(event).toStrictEqual({
      specversion: '1.0',
      id: uuid('event'),
      source: 'urn:nld:oin:00000099000000001000:systeem:waarborg',
      type: 'nl.eherkenning.means-revoked.v1',
      subject: metadata.stream,
      time: '2026-11-29T10:00:00.000Z',
      datacontenttype: 'application/json',
      sequence: '00002-00000000000000000041',
      partitionkey: metadata.stream,
      traceparent: metadata.traceparent,
      data: {
        ...{ store: STORE, stream: metadata.stream, revision: 4, type: 'MeansRevoked', schemaVersion: 1 },
        ...{ correlationId: 'a-correlation', actor: metadata.actor, data: { means: uuid('means'), reason: 'stolen' } },
      },
    });
    expect(publishedTopic(event)).toBe('register.person.events.v1');
  });

  it('is read by the CloudEvents library, strictly', async () => {
    const event = await published('MeansRevoked', { means: uuid('means') }, { ruleSet: 'eh-1.5' });
    const read = HTTP.toEvent<unknown>({
      headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
      body: publishedText(event),
    }) as CloudEventV1<unknown>;
    const strict = new CloudEvent(read, true);
    expect({ ...strict.toJSON() }).toMatchObject({ ...event, time: '2026-11-29T10:00:00.000Z' });
  });

  it('names the version that its data have as they are read, not as they were stored', async () => {
    const data = { person: uuid('person'), duplicateOf: uuid('other') };
    const bytes = JSON.stringify({ ...metadata, type: 'DocumentRecorded', schemaVersion: 1, data });
    const stored: StoredEvent = {
      ...{ id: metadata.id, type: 'DocumentRecorded', bytes, stream: metadata.stream },
      ...{ revision: 0, position: 1n, recordedAt: at('2026-11-29T10:00:00.000Z') },
    };
    const event = publishedEvent(serializer.read(stored), publisher);
    expect(event.type).toBe('nl.eherkenning.document-recorded.v2');
    expect(event.data).toMatchObject({ schemaVersion: 2, data: { duplicatesOf: [uuid('other')] } });
  });

  it('sorts as text in the order of the store, over restores and beyond what a number can hold', () => {
    const places = [
      [1, 9n],
      [1, 10n],
      [1, 9_007_199_254_740_993n],
      [2, 0n],
      [10, 0n],
    ] as const;
    const sequences = places.map(([epoch, position]) => sequenceOf(epoch, position));
    expect([...sequences].reverse().sort()).toEqual(sequences);
    expect(sequences.map(placeOfSequence)).toEqual(places.map(([epoch, position]) => ({ epoch, position })));
  });

  it('has another type for every stored type and version', () => {
    const types = [...declarations].map(([type, { schemaVersion }]) => publishedType(type, schemaVersion));
    expect(new Set(types).size).toBe(types.length);
    for (const type of types) expect(type).toMatch(/^nl\.eherkenning\.[a-z]+(-[a-z]+)*\.v\d+$/);
  });
});

describe('personal data', () => {
  it('are in no published event of any type, neither readable nor sealed', async () => {
    const types = [...declarations].filter(([, { personal = {} }]) => Object.keys(personal).length > 0);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...types),
        fc.string({ minLength: 8, maxLength: 40 }),
        fc.uuid(),
        async ([type, { personal = {} }], secret, reference) => {
          const marked = `personal ${secret} personal`;
          const members = Object.fromEntries(
            Object.keys(personal).map((name): [string, Clear<unknown>] => [name, { clear: { value: marked } }]),
          );
          // Whichever of them the codec takes for the holder.
          const names = [
            'application',
            'person',
            'party',
            'document',
            'means',
            'authorization',
            'subscription',
            'evidence',
            'legalHold',
            'policySimulation',
            'contact',
            'rightsRequest',
          ];
          const holders = Object.fromEntries(names.map((name) => [name, reference]));
          const bearer = { kind: 'person', id: reference };
          const bearers = { addressee: bearer, authorized: bearer, represented: bearer };
          const event = await published(type, { ...holders, facts: holders, ...bearers, ...members });
          const text = publishedText(event);
          expect(text).not.toContain('personal ');
          expect(text).not.toContain('"sealed"');
          expect(text).toContain(reference);
          for (const name of Object.keys(personal)) expect(event.data.data).not.toHaveProperty(name);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are left out at any depth, and what else stands there is kept', () => {
    const recorded = {
      type: 'CheckRecorded',
      data: {
        kept: [1, { sealed: 'x' }, { deep: { sealed: 'y' }, also: 'kept' }],
        gone: { sealed: 'z' },
        nothing: null,
      },
      metadata: { ...metadata, type: 'CheckRecorded', schemaVersion: 2, processingActivity: 'identification' },
      ...{ revision: 0, position: 1n, recordedAt: at('2026-11-29T10:00:00.000Z') },
    };
    expect(publishedEvent(recorded, publisher).data.data).toStrictEqual({ kept: [1, { also: 'kept' }], nothing: null });
  });

  it('neither the keyed hash of the request nor the processing activity leaves the house', async () => {
    expect(publishedText(await published('MeansRevoked', {}))).not.toMatch(/a-keyed-hash|processing/);
  });
});

describe('reading what comes from elsewhere', () => {
  const here = { source: sourceOf(OIN), store: STORE };

  it('gives back what was published, byte for byte', async () => {
    const event = await published('MeansRevoked', { means: uuid('means') });
    const read = readPublished(publishedText(event), here);
    expect(read).toStrictEqual(event);
    expect(publishedText(read)).toBe(publishedText(event));
  });

  it.each([
    ['nothing', '', /no CloudEvent/],
    ['no JSON', '{', /no CloudEvent/],
    ['null', 'null', /no CloudEvent/],
    ['a text', '"specversion"', /no CloudEvent/],
    ['another version of CloudEvents', '{"specversion":"0.3"}', /no CloudEvent/],
    [
      'a CloudEvent of somebody else',
      '{"specversion":"1.0","id":"1","source":"/a","type":"b"}',
      /none of the register/,
    ],
  ])('refuses %s', (_what, text, why) => {
    expect(() => readPublished(text, here)).toThrow(why);
    expect(() => readPublished(text, here)).toThrow(NotPublished);
  });

  it.each<[string, { readonly [member: string]: unknown; readonly data?: object }, RegExp]>([
    ['another participant', { source: sourceOf('00000099000000002000') }, /another store/],
    ['another store', { data: { store: uuid('another') } }, /another store/],
    ['another stream in its data', { data: { stream: 'person-x' } }, /contradict/],
    ['another key', { partitionkey: 'person-x' }, /contradict/],
    ['another type in its data', { data: { type: 'MeansIssued' } }, /contradict/],
    ['another version in its data', { data: { schemaVersion: 2 } }, /contradict/],
    ['no number', { sequence: '2-41' }, /none of the register/],
    ['no UUID', { id: 'event' }, /none of the register/],
    ['no revision', { data: { revision: 'first' } }, /none of the register/],
  ])('refuses an event of, or with, %s', async (_what, changes, why) => {
    const event = await published('MeansRevoked', {});
    const text = JSON.stringify({ ...event, ...changes, data: { ...event.data, ...changes.data } });
    expect(() => readPublished(text, here)).toThrow(why);
  });

  it('says nothing of what stood there', () => {
    const read = (): unknown => readPublished('{"specversion":"1.0","name":"Jansen"}', here);
    expect(read).toThrow(NotPublished);
    expect(read).not.toThrow(/Jansen/);
  });
});
