import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { applicationDecider } from '#libs/domain';
import { streamId, type ApplicationId } from '#libs/kernel';
import { at, memoryBackbone, uuid, type MemoryBackbone } from '#libs/testing';
import { commandContext, requestOfNobody, withoutWriting } from './index.js';

const now = at('2026-03-09T10:00:00Z');
const id = uuid('appl', 1);
const stream = streamId('application', id);

let memory: MemoryBackbone;
beforeEach(async () => (memory = await memoryBackbone(() => Date.parse(now))));
afterEach(() => memory.close());

const received = (receivedAt = now) =>
  ({
    type: 'ReceiveApplication',
    application: id as ApplicationId,
    channel: 'electronic',
    ...{ receivedAt, now },
    purposes: ['means'],
  }) as const;

/** The command as it is decided with nothing written. */
async function decided(receivedAt = now) {
  const dry = withoutWriting(memory.backbone);
  const context = await commandContext(
    dry,
    { ...requestOfNobody(), subject: 'clerk-17' },
    'ReceiveApplication',
    {},
    {},
  );
  return dry.commands.execute(applicationDecider, stream, () => received(receivedAt), context);
}

describe('a command on a backbone that does not write', () => {
  it('is decided as it would be, and leaves nothing behind', async () => {
    const heads = async () => [await memory.stores.feed.head(), await memory.stores.records.head()];
    const before = await heads();
    expect(await decided()).toMatchObject({
      ...{ outcome: 'accepted', state: { status: 'received', id }, events: [{ type: 'ApplicationReceived' }] },
      ...{ revision: 0, replayed: false },
    });
    expect(await heads()).toEqual(before);
    expect((await memory.backbone.commands.load(applicationDecider, stream)).state.status).toBe('none');
  });

  it('is refused as it would be', async () => {
    const outcome = await decided(at('2026-03-09T11:00:00Z'));
    expect(outcome).toMatchObject({ outcome: 'rejected', rejections: [{ code: 'instant-in-future' }] });
  });

  it('is decided on what is there, and judged again by nobody', async () => {
    await memory.record('application', id, {
      type: 'ApplicationReceived',
      data: { application: id, channel: 'electronic', receivedAt: now, purposes: ['means'], late: false },
    });
    expect(await decided()).toMatchObject({ outcome: 'rejected' });
  });

  it('makes no reference of a clerk, who may never come', async () => {
    const made: string[] = [];
    const { secrets } = memory.backbone;
    const watched = {
      ...memory.backbone,
      secrets: { ...secrets, clerkReference: (of: string) => (made.push(of), secrets.clerkReference(of)) },
    };
    const request = { ...requestOfNobody(), subject: 'clerk-17' };
    await commandContext(withoutWriting(watched), request, 'ReceiveApplication', {}, {});
    expect(made).toEqual([]);
    await commandContext(watched, request, 'ReceiveApplication', {}, {});
    expect(made).toEqual(['clerk-17']);
  });
});
