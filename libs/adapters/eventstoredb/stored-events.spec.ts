import { describe, expect, it } from '@jest/globals';
import { FeedBroken } from '#libs/eventing';
import { at } from '#libs/testing';
import { metadataOf, originOf, stampOf, storedOf } from './stored-events.js';
import type { RawEvent } from './wire.js';

const NOON = at('2026-03-02T12:00:00.000Z');
const ORIGIN = { recordedAt: NOON, position: '12', epoch: 1 };
const STAMP = { epoch: 2, beat: '601', record: { position: '7', item: 'record-7' } };

const withMetadata = (metadata: unknown): RawEvent => ({
  ...{ id: 'event-1', type: 'CheckRecorded', stream: 'check-1', revision: 0, position: 5n, created: 0 },
  ...{ data: Buffer.from('{}'), metadata: Buffer.from(JSON.stringify(metadata)) },
});

describe('the metadata of an event on EventStoreDB', () => {
  it('say where it came from and what the register held, as they were written', () => {
    const origin = { recordedAt: NOON, position: 2n ** 62n, epoch: 1 };
    const stamp = { epoch: 2, beat: 601n, record: { position: 7n, item: 'record-7' } };
    const event = { ...withMetadata({}), metadata: metadataOf(origin, stamp)! };
    expect([originOf(event), stampOf(event)]).toEqual([origin, stamp]);
    expect(metadataOf(undefined, undefined)).toBeUndefined();
  });

  it('may have members of a later version, at every level: what is known of them counts', () => {
    const later = { later: { than: 'this' } };
    const both = withMetadata({ ...later, origin: { ...ORIGIN, ...later }, register: { ...STAMP, ...later } });
    expect(originOf(both)).toEqual({ recordedAt: NOON, position: 12n, epoch: 1 });
    expect(stampOf(both)).toEqual({ epoch: 2, beat: 601n, record: { position: 7n, item: 'record-7' } });
    const neither = withMetadata(later);
    expect([originOf(neither), stampOf(neither)]).toEqual([undefined, undefined]);
    expect(storedOf(neither)).toMatchObject({ id: 'event-1', bytes: '{}', recordedAt: '1970-01-01T00:00:00.000Z' });
  });

  it.each<readonly [string, unknown]>([
    ['no object', 'mine'],
    ['null', null],
    ['a list', [{ origin: ORIGIN }]],
    ['an origin that is none', { origin: null }],
    ['an origin without its time', { origin: { ...ORIGIN, recordedAt: undefined } }],
    ['an origin whose position is no number', { origin: { ...ORIGIN, position: '12x' } }],
    ['an origin without its epoch, beside a stamp', { origin: { ...ORIGIN, epoch: null }, register: STAMP }],
    ['a stamp that is none', { register: null }],
    ['a stamp whose beat is no number', { register: { ...STAMP, beat: 'many' } }],
    ['a stamp whose record has no id, beside an origin', { origin: ORIGIN, register: { ...STAMP, record: {} } }],
    ['a stamp whose record is none', { register: { ...STAMP, record: null } }],
  ])('break the feed where they are or hold %s', (_what, metadata) => {
    expect(() => storedOf(withMetadata(metadata))).toThrow(FeedBroken);
    expect(() => stampOf(withMetadata(metadata))).toThrow(FeedBroken);
  });
});
