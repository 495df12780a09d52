import 'reflect-metadata';
import { Controller, Module, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import {
  CannotApply,
  eventSerializer,
  StoreUnavailable,
  type EventSerializer,
  type Follower,
  type PublishedEvent,
  type StoreIdentity,
} from '#libs/eventing';
import type { EventId, StreamCategory, StreamId } from '#libs/kernel';
import { counterCodec, until } from '#libs/testing';
import { connectReactions, ReactsTo, type StartReaction } from '#libs/platform';

export const TEST_OIN = '00000099000000001000';

/** What a way to bring events rests on. */
export interface ReactionWorld {
  readonly stores: MemoryStores;
  readonly serializer: EventSerializer;
  readonly identity: StoreIdentity;
  readonly onTrouble: (name: string, error: unknown, stopped: boolean) => void;
}

/** Of the categories that a store may have: counters are none. */
const CATEGORIES = ['person', 'party'] as const satisfies readonly StreamCategory[];

/**
 * Handlers of a reaction as Nest has them, on whatever brings the events: `open` answers how a reaction is started in a
 * world, as one process does.
 */
export function reactionTests(
  name: string,
  open: (world: ReactionWorld) => Promise<{ start: StartReaction; close(): Promise<void> }>,
): void {
  describe(`reactions over ${name}`, () => {
    let world: ReactionWorld;
    let way: { start: StartReaction; close(): Promise<void> };
    let apps: INestApplication[];
    let troubles: string[];
    /** What the handlers took, in order. */
    let taken: PublishedEvent[];
    let failing: Map<string, () => Error>;
    beforeEach(async () => {
      [apps, troubles, taken, failing] = [[], [], [], new Map()];
      const sealer = { seal: async () => 'sealed', open: async () => '' };
      world = {
        stores: memoryStores(),
        serializer: eventSerializer([counterCodec], sealer),
        identity: { store: randomUUID(), epoch: 1 },
        onTrouble: (who, error) => void troubles.push(`${who}: ${String(error)}`),
      };
      way = await open(world);
    });
    afterEach(async () => {
      for (const app of apps) await app.close();
      await way.close();
    });

    async function record(stream: string, ...counts: readonly number[]): Promise<void> {
      const last = (await world.stores.events.readStream(stream as StreamId)).length - 1;
      const events = await Promise.all(
        counts.map((by) =>
          world.serializer.write(
            { type: 'Counted', data: { counter: stream, by } },
            {
              ...{ id: randomUUID() as EventId, stream: stream as StreamId, correlationId: 'c' },
              actor: { system: 'test' },
            },
          ),
        ),
      );
      await world.stores.events.append(stream as StreamId, last < 0 ? 'no-stream' : last, events);
    }

    @Controller()
    class Letters {
      @ReactsTo('letters', ...CATEGORIES)
      async onEvent(@Payload() event: PublishedEvent): Promise<void> {
        const error = failing.get(shown(event));
        if (error !== undefined) throw error();
        taken.push(event);
      }
    }

    async function run(...controllers: readonly Type[]): Promise<readonly Follower[]> {
      @Module({ controllers: [...controllers] })
      class Root {}
      const app = await NestFactory.create(Root, new FastifyAdapter(), { logger: false, abortOnError: false });
      apps.push(app);
      const reactions = connectReactions(app, way.start);
      await app.init();
      return reactions.listen();
    }

    const shown = ({ data }: PublishedEvent): string => `${data.stream} ${String(data.data['by'])}`;
    const of = (stream: string): string[] => taken.filter(({ subject }) => subject === stream).map(shown);
    const parked = async (): Promise<string[]> =>
      (await world.stores.parkedMessages.list('letters')).map(({ key, state, reason }) => `${key} ${state}: ${reason}`);

    it('hands over every event of its categories, a stream’s in order, and nothing of others', async () => {
      await record('person-a', 1, 2);
      await record('means-a', 1);
      const [follower] = await run(Letters);
      await until('what was there is taken', () => taken.length === 2);
      await record('party-a', 1, 2, 3);
      await record('person-a', 3);
      await until('what came is taken', () => taken.length === 6);
      expect(of('person-a')).toEqual(['person-a 1', 'person-a 2', 'person-a 3']);
      expect(of('party-a')).toEqual(['party-a 1', 'party-a 2', 'party-a 3']);
      expect(taken[0]).toMatchObject({ specversion: '1.0', source: `urn:nld:oin:${TEST_OIN}:systeem:waarborg` });
      expect(taken[0]!.data).toMatchObject({ store: world.identity.store, type: 'Counted' });
      await until('it runs', () => follower!.status().state === 'running');
      expect(follower!.status()).toMatchObject({ name: 'reaction-letters', mayLag: true });
      expect(troubles).toEqual([]);
    });

    it('hands an event over again while what it needs is away', async () => {
      let tries = 0;
      failing.set('person-a 1', () => {
        tries += 1;
        if (tries === 3) failing.clear();
        return new StoreUnavailable('away');
      });
      await record('person-a', 1, 2);
      await run(Letters);
      await until('both are taken', () => taken.length === 2);
      expect([of('person-a'), tries, await parked()]).toEqual([['person-a 1', 'person-a 2'], 3, []]);
      expect(troubles).toEqual(Array<string>(3).fill('letters: StoreUnavailable: away'));
    });

    it('puts aside what says that it can never succeed, goes on with others, and back when a person says so', async () => {
      failing.set('person-a 1', () => new CannotApply('nobody to write to', 1n, 'Counted'));
      await record('person-a', 1, 2);
      await record('party-a', 1);
      const [follower] = await run(Letters);
      await until('the other stream is taken', () => of('party-a').length === 1);
      await until('what stands behind it is put aside', async () => (await parked()).length === 2);
      expect(await parked()).toEqual([
        'person-a failed: nobody to write to',
        'person-a waiting: stands behind another parked message of its key',
      ]);
      expect(follower!.status().parked).toBe(2);
      failing.clear();
      const [head] = await world.stores.parkedMessages.list('letters');
      await world.stores.parkedMessages.release('letters', head!.id);
      await until('it goes on', () => of('person-a').length === 2);
      await record('person-a', 3);
      await until('what came is taken', () => of('person-a').length === 3);
      expect(of('person-a')).toEqual(['person-a 1', 'person-a 2', 'person-a 3']);
      expect(await parked()).toEqual([]);
    });

    it('goes on where it was after a restart, and each reaction has a place of its own', async () => {
      await record('person-a', 1);
      await run(Letters);
      await until('it is taken', () => taken.length === 1);
      await apps.pop()!.close();
      await record('person-a', 2);
      const figures: string[] = [];
      @Controller()
      class Figures {
        @ReactsTo('figures', 'person')
        onEvent(@Payload() event: PublishedEvent): void {
          figures.push(shown(event));
        }
      }
      await run(Letters, Figures);
      await until('what came meanwhile is taken', () => taken.length >= 2);
      await until('the other has everything', () => figures.length >= 2);
      expect(of('person-a')).toEqual(['person-a 1', 'person-a 2']);
      expect(figures).toEqual(['person-a 1', 'person-a 2']);
    });

    it('is done by one of two processes at a time', async () => {
      await run(Letters);
      await run(Letters);
      await record('person-a', 1, 2, 3);
      await until('all are taken', () => taken.length >= 3);
      await apps.shift()!.close();
      await record('person-a', 4);
      await until('the one that is left goes on', () => taken.length >= 4);
      expect(of('person-a')).toEqual(['person-a 1', 'person-a 2', 'person-a 3', 'person-a 4']);
    });
  });
}
