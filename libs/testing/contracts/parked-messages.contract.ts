import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ParkedMessages, ParkedWithBytes } from '#libs/eventing';
import { uuid } from '../fixed.js';

export interface ParkedMessagesHarness {
  readonly parkedMessages: ParkedMessages;
  close(): Promise<void>;
}

const message = (reaction: string, name: string, changes: Partial<ParkedWithBytes> = {}): ParkedWithBytes => ({
  reaction,
  id: uuid(`${reaction}-${name}`),
  topic: 'register.counter.events.v1',
  place: `0/${name}`,
  key: 'counter-a',
  bytes: Uint8Array.from([0, 255, 10, ...Buffer.from(name)]),
  reason: 'nothing to add to',
  state: 'failed',
  ...changes,
});
const listed = ({ bytes: _bytes, ...rest }: ParkedWithBytes): object => rest;

/** What every store of parked messages must do. */
export function parkedMessagesContract(name: string, open: () => Promise<ParkedMessagesHarness>): void {
  describe(`parked messages contract: ${name}`, () => {
    let harness: ParkedMessagesHarness;
    let parked: ParkedMessages;
    beforeAll(async () => {
      harness = await open();
      parked = harness.parkedMessages;
    });
    afterAll(async () => {
      await harness.close();
    });

    it('gives back what was parked, in the order of parking, of one reaction and of all', async () => {
      expect(await parked.list()).toEqual([]);
      const messages = [message('b', '1'), message('a', '9'), message('a', '1', { state: 'waiting' })];
      for (const each of messages) await parked.park(each);
      expect(await parked.list('a')).toEqual([messages[1]!, messages[2]!].map(listed));
      expect(await parked.list('nobody')).toEqual([]);
      expect(await parked.list()).toEqual([messages[1]!, messages[2]!, messages[0]!].map(listed));
    });

    it('gives the first of each key, byte for byte, and how many there are', async () => {
      const [first, second] = [message('c', '1'), message('c', '2', { state: 'waiting' })];
      const other = message('c', '3', { key: 'counter-b', bytes: new Uint8Array() });
      for (const each of [first, second, other]) await parked.park(each);
      expect(await parked.heads('c')).toEqual([
        { ...listed(first), count: 2 },
        { ...listed(other), count: 1 },
      ]);
      expect(await parked.head('c', 'counter-a')).toEqual(first);
      expect(await parked.head('c', 'counter-b')).toEqual(other);
      expect(await parked.head('c', 'counter-c')).toBeUndefined();
      expect(await parked.heads('nobody')).toEqual([]);
    });

    it('keeps place and bytes of one that comes again, and lets no waiting one change it', async () => {
      const [first, second] = [message('d', '1'), message('d', '2')];
      await parked.park(first);
      await parked.park(second);
      const again = { bytes: Uint8Array.from([1]), place: '7/7', reason: 'still nothing' };
      await parked.park({ ...first, ...again, state: 'waiting' });
      expect(await parked.head('d', 'counter-a')).toEqual(first);
      expect(await parked.release('d', first.id)).toBe(true);
      await parked.park({ ...first, ...again });
      expect(await parked.head('d', 'counter-a')).toEqual({ ...first, reason: 'still nothing' });
      expect((await parked.list('d')).map(({ id }) => id)).toEqual([first.id, second.id]);
    });

    it('releases a message that failed, once, and no other', async () => {
      const [failed, waiting] = [message('e', '1'), message('e', '2', { state: 'waiting' })];
      await parked.park(failed);
      await parked.park(waiting);
      expect(await parked.release('e', failed.id)).toBe(true);
      expect(await parked.release('e', failed.id)).toBe(false);
      expect(await parked.release('e', waiting.id)).toBe(false);
      expect(await parked.release('b', failed.id)).toBe(false);
      expect((await parked.list('e')).map(({ state }) => state)).toEqual(['released', 'waiting']);
    });

    it('removes a message, and says whether it was there', async () => {
      const one = message('f', '1');
      await parked.park(one);
      expect(await parked.remove('b', one.id)).toBe(false);
      expect(await parked.remove('f', one.id)).toBe(true);
      expect(await parked.remove('f', one.id)).toBe(false);
      expect(await parked.list('f')).toEqual([]);
    });
  });
}
