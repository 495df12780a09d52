import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { StoreUnavailable, type FileStore } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import { mediaFiles, memoryBackbone, paperRegistration, type MemoryBackbone } from '#libs/testing';
import { uploadEvidence } from './upload-evidence.handler.js';

const { ids } = paperRegistration;
const HOUR = 3_600_000;

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(() => Date.parse('2026-03-03T12:00:00Z'));
  await paperRegistration.recordPaperRegistration(memory, []);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await memory.close();
});

/** With a process that is stopped for so long right behind the moment at which the file is in its place. */
const stoppedFor = ({ evidence, ...rest }: Backbone, milliseconds: number): Backbone => ({
  ...rest,
  evidence: {
    ...evidence,
    async files(): Promise<FileStore> {
      const files = await evidence.files();
      return {
        ...files,
        async put(bytes, before) {
          const kept = await files.put(bytes, before);
          const now = performance.now.bind(performance);
          jest.spyOn(performance, 'now').mockImplementation(() => now() + milliseconds);
          return kept;
        },
      };
    },
  },
});

const upload = (backbone: Backbone) => {
  const bytes = mediaFiles.pngFile();
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  return uploadEvidence(
    backbone,
    { client: 'test', subject: 'clerk', correlationId: 'test', idempotencyKey: 'key-of-upload' },
    {
      ...{ faults: [], named: ids.application, mediaType: 'image/png', bytes: whole() },
      digest: createHash('sha256').update(bytes).digest('hex'),
    } as never,
  );
};

it('records no file that may be gone by then: who was stopped for long is asked to send it again', async () => {
  await expect(upload(stoppedFor(memory.backbone, HOUR))).rejects.toBeInstanceOf(StoreUnavailable);
  jest.restoreAllMocks();
  expect(await upload(memory.backbone)).toMatchObject({ outcome: 'accepted', state: { status: 'quarantined' } });
});

it('records one that is surely there still', async () => {
  expect(await upload(stoppedFor(memory.backbone, HOUR / 4))).toMatchObject({ outcome: 'accepted' });
});
