import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { expect, it } from '@jest/globals';
import { startFeedReaction, topicOf } from '#libs/eventing';
import { connectReactions, ReactsTo } from '#libs/platform';
import { reactionTests, TEST_OIN } from './reactions.tests.js';

reactionTests('the feed of the store', async ({ stores, serializer, identity, onTrouble }) => ({
  start: (reaction) =>
    startFeedReaction(reaction, {
      ...{ feed: stores.feed, checkpoints: stores.checkpoints, parkedMessages: stores.parkedMessages },
      ...{ leases: stores.leases, holder: 'test', leaseMilliseconds: 500 },
      ...{ serializer, identity, onTrouble, oin: TEST_OIN },
    }),
  close: () => stores.close(),
}));

const neverStarted = (): never => {
  throw new Error('nothing is started here');
};

@Controller()
class Nameless {
  @(EventPattern(topicOf('person')) as MethodDecorator)
  onEvent(): void {}
}

@Controller()
class Asked {
  @(MessagePattern(topicOf('person'), { reaction: 'letters' }) as MethodDecorator)
  onQuestion(): void {}
}

@Controller()
class Twice {
  @ReactsTo('letters', 'person')
  onEvent(): void {}
  @ReactsTo('letters', 'person', 'party')
  onAnother(): void {}
}

it.each([
  ['of no reaction', Nameless, /names no reaction: use @ReactsTo/],
  ['that is asked for an answer', Asked, /names no reaction: use @ReactsTo/],
  ['that is the second of its reaction and topic', Twice, /letters has two handlers of register\.person\.events\.v1/],
])('refuses a handler %s', async (_what, controller, why) => {
  @Module({ controllers: [controller] })
  class Root {}
  const app = await NestFactory.create(Root, new FastifyAdapter(), { logger: false, abortOnError: false });
  expect(() => connectReactions(app, neverStarted)).toThrow(why);
  await app.close();
});
