import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fixedClock, memoryBackbone, paperRegistration, type MemoryBackbone } from '#libs/testing';
import { dossierProjections } from '#libs/application';
import type { ProjectionStore } from '#libs/eventing';
import { checksProjection } from '../checks/checks.projection.js';
import { ApplicationsController } from './applications.controller.js';
import { applicationsProjection } from './applications.projection.js';

const { assessedAt, checksOfTheCase, ids, recordChecks, recordPaperRegistration } = paperRegistration;

let memory: MemoryBackbone;
beforeEach(async () => {
  const readModels = [...dossierProjections, applicationsProjection, checksProjection];
  memory = await memoryBackbone(fixedClock(assessedAt), { readModels });
  await recordPaperRegistration(memory, []);
});
afterEach(() => memory.close());

describe('an application with its checks', () => {
  it('reads of each check what it shows, and not the facts, which may be large (ADR 76)', async () => {
    const checks = await recordChecks(memory, checksOfTheCase);
    await memory.backbone.readModels.upToDate(checksProjection as never);
    const { readModels } = memory.backbone;
    const store: Pick<ProjectionStore, 'find' | 'search' | 'searchColumns'> = {
      find: (...asked) => readModels.store.find(...asked),
      search: () => Promise.reject(new Error('whole rows')),
      searchColumns: (...asked) => readModels.store.searchColumns(...asked),
    };
    const backbone = { ...memory.backbone, readModels: { ...readModels, store: store as ProjectionStore } };
    const { body } = await new ApplicationsController(backbone).show(ids.application, undefined);
    const shown = checks.map((id, index) => ({ id, type: checksOfTheCase[index]!.type })).reverse();
    expect(body).toMatchObject({ id: ids.application, checks: shown });
  });
});
