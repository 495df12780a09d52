import { describe, expect, it } from '@jest/globals';
import { clear, type EventCodec, type EventId, type KeyHolder, type StreamId } from '#libs/kernel';
import { memoryVault } from '#libs/vault';
import { at, uuid } from '#libs/testing';
import {
  eventSerializer,
  KeyDestroyed,
  openMember,
  StoreUnavailable,
  UndeclaredPersonalData,
  UnreadableEvent,
  type EventToAppend,
  type MetadataInput,
  type Sealer,
  type StoredEvent,
} from './index.js';

interface LetterSent {
  readonly type: 'LetterSent';
  readonly data: { readonly to: string; readonly address?: unknown; readonly note?: unknown; readonly pages?: unknown };
}
interface LetterLost {
  readonly type: 'LetterLost';
  readonly data: { readonly letter: string };
}

const person = uuid('person');
const codec: EventCodec<LetterSent | LetterLost> = {
  LetterSent: {
    schemaVersion: 3,
    processingActivity: 'post',
    personal: {
      address: ({ to }) => ({ kind: 'person', id: to }),
      note: ({ to }) => ({ kind: 'party', id: to }),
    },
    upcasters: {
      1: (data) => ({ ...data, pages: 1 }),
      2: ({ pages, ...data }: { pages?: number }) => ({ ...data, pages: { count: pages } }),
    },
  },
  LetterLost: { schemaVersion: 1, processingActivity: 'post' },
};
const codecs = [codec] as unknown as readonly EventCodec<never>[];

const stream = `letter-${uuid('letter')}` as StreamId;
const metadata: MetadataInput = {
  id: uuid('event') as EventId,
  stream,
  correlationId: 'trace-1',
  actor: { client: 'back-office' },
};

const stored = (event: EventToAppend, changes: Partial<StoredEvent> = {}): StoredEvent => ({
  ...event,
  stream,
  revision: 0,
  position: 7n,
  recordedAt: at('2026-03-02T08:00:00Z'),
  ...changes,
});

/** An event in the store whose bytes say what the test wants them to say. */
const written = (changes: object, place: Partial<StoredEvent> = {}): StoredEvent =>
  stored(
    {
      id: metadata.id,
      type: 'LetterSent',
      bytes: JSON.stringify({ ...metadata, type: 'LetterSent', schemaVersion: 3, data: { to: person }, ...changes }),
    },
    place,
  );

const withVault = async () => {
  const vault = await memoryVault();
  return { vault, serializer: eventSerializer(codecs, vault.sealer) };
};

describe('writing an event', () => {
  it('gives canonical bytes of metadata and data, with what the codec declares', async () => {
    const { serializer } = await withVault();
    const event = await serializer.write({ type: 'LetterLost', data: { letter: 'l-1' } }, metadata);
    expect(event).toStrictEqual({
      id: metadata.id,
      type: 'LetterLost',
      bytes:
        `{"actor":{"client":"back-office"},"correlationId":"trace-1","data":{"letter":"l-1"},"id":"${metadata.id}",` +
        `"processingActivity":"post","schemaVersion":1,"stream":"${stream}","type":"LetterLost"}`,
    });
  });

  it('seals every declared member under the object that holds it, and shows nothing of it', async () => {
    const held: KeyHolder[] = [];
    const { vault } = await withVault();
    const sealer: Sealer = {
      seal: (holder, place, text) => (held.push(holder), vault.sealer.seal(holder, place, text)),
      open: (place, sealed) => vault.sealer.open(place, sealed),
    };
    const serializer = eventSerializer(codecs, sealer);
    const data = { to: person, address: clear('Dorpsstraat 1'), note: clear({ deep: ['Jansen'] }) };
    const event = await serializer.write({ type: 'LetterSent', data }, metadata);
    expect(held).toStrictEqual([
      { kind: 'person', id: person },
      { kind: 'party', id: person },
    ]);
    expect(event.bytes).not.toMatch(/Dorpsstraat|Jansen|clear/);
    const recorded = serializer.read(stored(event));
    const { address, note } = recorded.data as { address: { sealed: string }; note: { sealed: string } };
    expect(Object.keys(address)).toStrictEqual(['sealed']);
    expect(await openMember(sealer, recorded, 'address', address)).toBe('Dorpsstraat 1');
    expect(await openMember(sealer, recorded, 'note', note)).toStrictEqual({ deep: ['Jansen'] });
    // What was sealed for one member does not open as another.
    await expect(openMember(sealer, recorded, 'note', address)).rejects.toThrow();
  });

  it('leaves a declared member out that is absent, and leaves one that is sealed as it is', async () => {
    const { serializer } = await withVault();
    const event = await serializer.write(
      { type: 'LetterSent', data: { to: person, address: { sealed: 'sealed-before' } } },
      metadata,
    );
    expect(serializer.read(stored(event)).data).toStrictEqual({ to: person, address: { sealed: 'sealed-before' } });
  });

  it('does not change the event it was given', async () => {
    const { serializer } = await withVault();
    const data = Object.freeze({ to: person, address: Object.freeze(clear('Dorpsstraat 1')) });
    await serializer.write({ type: 'LetterSent', data }, metadata);
    expect(data).toStrictEqual({ to: person, address: { clear: 'Dorpsstraat 1' } });
  });

  it.each([
    ['beside the declared ones', { to: person, pages: clear(1) }],
    ['inside an object', { to: person, pages: { first: clear('Jansen') } }],
    ['inside a list of lists', { to: person, pages: [[{ of: { whom: clear('Jansen') } }]] }],
    ['inside what is sealed already', { to: person, address: { sealed: 'x', clear: 'Jansen' } }],
  ])('refuses a clear value %s', async (_where, data) => {
    const { serializer } = await withVault();
    await expect(serializer.write({ type: 'LetterSent', data }, metadata)).rejects.toThrow(UndeclaredPersonalData);
  });

  it.each([['a word'], [null], [17], [{ street: 'Dorpsstraat 1' }]])(
    'refuses a declared member that came plainly: %j',
    async (address) => {
      const { serializer } = await withVault();
      const writing = serializer.write({ type: 'LetterSent', data: { to: person, address } }, metadata);
      await expect(writing).rejects.toThrow(UndeclaredPersonalData);
      await expect(writing).rejects.not.toThrow(/Dorpsstraat/);
    },
  );

  it('refuses a type that no codec declares', async () => {
    const { serializer } = await withVault();
    await expect(serializer.write({ type: 'LetterBurnt', data: {} }, metadata)).rejects.toThrow(UnreadableEvent);
  });

  it('writes nothing unsealed when the key store is away', async () => {
    const { vault, serializer } = await withVault();
    vault.interrupt();
    const data = { to: person, address: clear('Dorpsstraat 1') };
    await expect(serializer.write({ type: 'LetterSent', data }, metadata)).rejects.toThrow(StoreUnavailable);
  });

  it('does not start with two codecs that declare one type', async () => {
    const { vault } = await withVault();
    expect(() => eventSerializer([...codecs, ...codecs], vault.sealer)).toThrow('LetterSent is declared twice');
  });
});

describe('reading an event', () => {
  it('gives type, data, metadata and the place that the store gave', async () => {
    const { serializer } = await withVault();
    const event = await serializer.write({ type: 'LetterLost', data: { letter: 'l-1' } }, metadata);
    expect(serializer.read(stored(event, { revision: 3 }))).toStrictEqual({
      type: 'LetterLost',
      data: { letter: 'l-1' },
      metadata: { ...metadata, type: 'LetterLost', schemaVersion: 1, processingActivity: 'post' },
      revision: 3,
      position: 7n,
      recordedAt: '2026-03-02T08:00:00.000Z',
    });
  });

  it('brings old versions up, one step after the other', async () => {
    const { serializer } = await withVault();
    expect(serializer.read(written({ schemaVersion: 1 })).data).toStrictEqual({ to: person, pages: { count: 1 } });
    expect(serializer.read(written({ schemaVersion: 2, data: { to: person, pages: 4 } })).data).toStrictEqual({
      to: person,
      pages: { count: 4 },
    });
    // What was stored stays what was stored: the metadata tell the version of the bytes.
    expect(serializer.read(written({ schemaVersion: 1 })).metadata.schemaVersion).toBe(1);
  });

  it.each([
    ['a newer version', { schemaVersion: 4 }],
    ['a version without a way up', { schemaVersion: 0 }],
    ['a version that is no number', { schemaVersion: '3' }],
    ['no version', { schemaVersion: undefined }],
    ['half a version', { schemaVersion: 2.5 }],
    ['another id than the store says', { id: uuid('event', 2) }],
    ['another type than the store says', { type: 'LetterLost' }],
    ['another stream than the store says', { stream: 'letter-2' }],
  ])('stops at %s', async (_what, changes) => {
    const { serializer } = await withVault();
    expect(() => serializer.read(written(changes))).toThrow(UnreadableEvent);
  });

  it('stops at a type that no codec declares', async () => {
    const { serializer } = await withVault();
    expect(() => serializer.read(written({ type: 'LetterBurnt' }, { type: 'LetterBurnt' }))).toThrow(UnreadableEvent);
  });

  it('stops at bytes that are no event', async () => {
    const { serializer } = await withVault();
    for (const bytes of ['', '{', 'null', '17']) {
      const stored = { ...written({}), bytes };
      const read = () => serializer.read(stored);
      expect(read).toThrow(UnreadableEvent);
      expect(read).toThrow(`event ${stored.id} at ${stored.position} holds no event`);
    }
  });

  it('tells that a member can not be opened any more once its key is gone', async () => {
    const { vault, serializer } = await withVault();
    const data = { to: person, address: clear('Dorpsstraat 1') };
    const recorded = serializer.read(stored(await serializer.write({ type: 'LetterSent', data }, metadata)));
    vault.destroyKey({ kind: 'person', id: person });
    const { address } = recorded.data as { address: { sealed: string } };
    await expect(openMember(vault.sealer, recorded, 'address', address)).rejects.toThrow(KeyDestroyed);
  });

  it('opens a value that was never sealed without a key', async () => {
    const { vault } = await withVault();
    expect(await openMember(vault.sealer, { metadata }, 'address', clear('Dorpsstraat 1'))).toBe('Dorpsstraat 1');
  });
});

it('writes the oldest version that can say it, so that an older reader stops only where it has to', async () => {
  const later = {
    LetterLost: {
      ...{ schemaVersion: 2, processingActivity: 'post', upcasters: { 1: (data: object) => data } },
      versionOf: ({ letter }: LetterLost['data']) => (letter === 'all' ? 2 : 1),
    },
  };
  const { sealer } = await memoryVault();
  const newer = eventSerializer([later] as unknown as readonly EventCodec<never>[], sealer);
  const older = eventSerializer(codecs, sealer);
  const stored = async (letter: string): Promise<StoredEvent> => ({
    ...(await newer.write({ type: 'LetterLost', data: { letter } }, metadata)),
    ...{ stream, revision: 0, position: 1n, recordedAt: at('2026-03-02T09:00:00Z') },
  });
  expect(older.read(await stored('one')).data).toStrictEqual({ letter: 'one' });
  expect(newer.read(await stored('one')).data).toStrictEqual({ letter: 'one' });
  expect(newer.read(await stored('all')).metadata.schemaVersion).toBe(2);
  const all = await stored('all');
  expect(() => older.read(all)).toThrow('has version 2, which is not known');
});
