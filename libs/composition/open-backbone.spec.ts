import { expect, it } from '@jest/globals';
import { memoryStores } from '#libs/adapters/memory';
import { evidenceProjection } from '#libs/application';
import { streamId, type EventId } from '#libs/kernel';
import { readConfiguration } from '#libs/configuration';
import type { Follower } from '#libs/eventing';
import { uuid } from '#libs/testing';
import { memoryVault } from '#libs/vault';
import { assembleBackbone } from './open-backbone.js';

it('A backbone that closes stops whatever follows the feed, and marks after that how far the store came', async () => {
  const [stores, vault] = [memoryStores(), await memoryVault()];
  const configuration = readConfiguration(['--operators', `${uuid('operator')},KVK:90000001`], {});
  const assembled = await assembleBackbone(configuration, stores, vault, (name, error) => {
    throw new Error(`${name}: ${String(error)}`);
  });
  // REG-09: organizations by their numbers, persons by their ids here.
  expect(assembled.backbone.participant.operators).toEqual({ parties: ['KVK:90000001'], persons: [uuid('operator')] });
  let stopped = 0;
  const last = { id: uuid('event') as EventId, type: 'CheckRecorded', bytes: '{}' };
  const named = (name: string): Follower => ({
    status: () => ({ name, state: 'running', position: 0n, silentFor: 0, behindFor: 0 }),
    waitFor: async () => true,
    // What it writes at last is in the store when the mark is.
    stop: async () => {
      stopped += 1;
      await stores.events.append(streamId('check', uuid('check')), 'no-stream', [last]);
    },
  });
  assembled.backbone.watch(named('follower'));
  await assembled.close();
  expect(stopped).toBe(1);
  const { store } = assembled.backbone.identity;
  expect((await vault.highWaterMark.read(store))?.position).toBe(await stores.feed.head());
  await stores.close();
});

it('A read model and a process manager share no name, whichever of the two comes first', async () => {
  const [stores, vault] = [memoryStores(), await memoryVault()];
  const { backbone, close } = await assembleBackbone(readConfiguration([], {}), stores, vault, () => undefined);
  const { name } = evidenceProjection;
  const manager = (): Follower => ({
    status: () => ({ name, state: 'running', position: 0n, silentFor: 0, behindFor: 0 }),
    waitFor: async () => true,
    stop: async () => undefined,
  });
  backbone.readModels.run(evidenceProjection);
  // Of a second module that needs it: the same one.
  backbone.readModels.run(evidenceProjection);
  expect(() => backbone.watch(manager())).toThrow(`two followers are named ${name}`);
  await close();
  const other = await assembleBackbone(readConfiguration([], {}), stores, vault, () => undefined);
  other.backbone.watch(manager());
  expect(() => other.backbone.readModels.run(evidenceProjection)).toThrow(`two followers are named ${name}`);
  await other.close();
  await stores.close();
});
