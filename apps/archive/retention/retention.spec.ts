import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { BackboneModule, everyProblem } from '#libs/composition';
import { readConfiguration } from '#libs/configuration';
import type { DestructionLedger } from '#libs/eventing';
import { createApp } from '#libs/platform';
import { memoryBackbone, type MemoryBackbone } from '#libs/testing';
import { ArchiveModule } from '../archive.module.js';

@Module({})
class Root {}

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(() => Date.parse('2026-03-02T16:00:00Z'));
});
afterEach(() => memory.close());

it('has done everything again that the ledger says before anything follows what is recorded (ARCH-11)', async () => {
  const order: string[] = [];
  const { retention, readModels, checkpoints } = memory.backbone;
  const ledger = await retention.ledger();
  const slow: DestructionLedger = {
    add: (entry) => ledger.add(entry),
    at: (number) => ledger.at(number),
    async *after(number) {
      // Longer than whoever does not wait for it would take.
      await delay(200);
      yield* ledger.after(number);
      order.push('replayed');
    },
  };
  const backbone = {
    ...memory.backbone,
    retention: { ...retention, ledger: () => Promise.resolve(slow) },
    readModels: { ...readModels, run: () => void order.push('follows') },
    checkpoints: {
      read: (name: string) => checkpoints.read(name).finally(() => order.push(`reads ${name}`)),
      move: (...of: Parameters<typeof checkpoints.move>) => checkpoints.move(...of),
    },
  };
  const root = { module: Root, imports: [BackboneModule.of(backbone as never), ArchiveModule] };
  const app = await createApp(root, {
    configuration: readConfiguration(['--port', '0', '--log-level', 'silent'], {}),
    rejections: everyProblem,
    tokenVerifier: { verify: () => Promise.reject(new Error('nobody is let in here')), remembered: () => undefined },
  });
  await app.init();
  await app.close();
  const before = order
    .slice(0, order.indexOf('replayed'))
    .filter((step) => !step.startsWith('reads destruction-ledger'));
  expect(before).toEqual([]);
  expect(order).toContain('follows');
});
