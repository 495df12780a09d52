import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventFeed, EventStore, RegisterStamp, RegisterStamps } from '#libs/eventing';
import { anEvent, freshStream, readAll, someEvents } from './harness.js';

export interface RegisterStampsHarness {
  readonly events: EventStore;
  readonly feed: EventFeed;
  readonly stamps: RegisterStamps;
  /** The same store, as another process has it. */
  another(): Promise<Omit<RegisterStampsHarness, 'another'>>;
  close(): Promise<void>;
}

/** What every store must do whose events are kept apart from the register's database. */
export function registerStampsContract(name: string, open: () => Promise<RegisterStampsHarness>): void {
  describe(`register stamps contract: ${name}`, () => {
    let harness: RegisterStampsHarness;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(() => harness.close());

    const behind = async (after: bigint, { stamps } = harness): Promise<readonly RegisterStamp[]> => {
      const found: RegisterStamp[] = [];
      for await (const stamp of stamps.behind(after)) found.push(stamp);
      return found;
    };
    const one: RegisterStamp = { epoch: 1, beat: 7n };
    const two: RegisterStamp = { epoch: 2, beat: 2n ** 53n + 1n, record: { position: 2n ** 62n, item: 'record@1' } };

    it('have nothing to say of what was appended without', async () => {
      const head = await harness.feed.head();
      await harness.events.append(freshStream(), 'no-stream', [anEvent()]);
      expect(await behind(head)).toEqual([]);
    });

    it('are given to another process as each append carried them, once, behind a place and in order', async () => {
      const { events, feed, stamps } = harness;
      const head = await feed.head();
      stamps.carry(() => one);
      const written = someEvents(3);
      const { position } = await events.append(freshStream(), 'no-stream', written);
      stamps.carry(() => two);
      await events.append(freshStream(), 'no-stream', [anEvent()]);
      stamps.carry(() => undefined);
      await events.append(freshStream(), 'no-stream', [anEvent()]);
      const other = await harness.another();
      expect(await behind(head, { ...harness, ...other })).toEqual([one, two]);
      expect(await behind(position, { ...harness, ...other })).toEqual([two]);
      expect(await behind(await feed.head())).toEqual([]);
      await other.close();
      const there = (await readAll(feed, head)).slice(0, 3);
      expect(there.map(({ id, bytes }) => [id, bytes])).toEqual(written.map(({ id, bytes }) => [id, bytes]));
    });

    it('are of the first time where an append is repeated', async () => {
      const { events, feed, stamps } = harness;
      const head = await feed.head();
      const [stream, event] = [freshStream(), anEvent()];
      stamps.carry(() => one);
      const first = await events.append(stream, 'no-stream', [event]);
      stamps.carry(() => two);
      expect(await events.append(stream, 'no-stream', [event])).toMatchObject({ position: first.position });
      stamps.carry(() => undefined);
      expect(await behind(head)).toEqual([one]);
    });

    it('are given whole, of more appends than come in one page', async () => {
      const { events, feed, stamps } = harness;
      const head = await feed.head();
      let beat = 0n;
      stamps.carry(() => ({ epoch: 1, beat: (beat += 1n) }));
      const stream = freshStream();
      for (let revision = 0; revision < 1_100; revision += 1) {
        await events.append(stream, revision === 0 ? 'no-stream' : revision - 1, [anEvent()]);
      }
      stamps.carry(() => undefined);
      expect((await behind(head)).map((stamp) => Number(stamp.beat))).toEqual(
        Array.from({ length: 1_100 }, (_, index) => index + 1),
      );
    });
  });
}
