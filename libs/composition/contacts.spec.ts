import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { personDecider } from '#libs/domain';
import { streamId } from '#libs/kernel';
import { fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { contactViews, RecordContactRequest, setsSomething } from './contacts.js';

const { assessedAt, ids, recordPaperRegistration } = paperRegistration;

describe('a contact that is recorded', () => {
  it.each<[string, string, boolean]>([
    ['email', 'a.jansen@example.org', true],
    ['email', '+31 6 12345678', false],
    ['telephone', '+31612345678', true],
    ['telephone', 'a.jansen@example.org', false],
    ['address', 'Dorpsstraat 1, 3511 AA Utrecht', true],
  ])('of kind %s may be %s: %s, and the form that it lacks is told', (kind, value, fits) => {
    const form = kind === 'email' ? 'name@example.org' : 'at least 6 digits';
    expect(RecordContactRequest.between({ kind, value, suppliedBy: 'submitter' } as RecordContactRequest)).toEqual(
      fits
        ? []
        : [
            {
              pointer: '/value',
              code: 'invalid-value',
              detail: expect.objectContaining({ en: expect.stringContaining(form) }),
            },
          ],
    );
  });

  it('is judged by its kind only where it is a text', () => {
    expect(RecordContactRequest.between({ kind: 'email', value: 7 } as unknown as RecordContactRequest)).toEqual([]);
  });
});

describe('a correction', () => {
  it('sets something, or is told so', () => {
    expect(setsSomething({ name: 'x', kind: undefined })).toEqual([]);
    for (const nothing of [{}, { name: undefined }]) {
      expect(setsSomething(nothing)).toEqual([
        {
          pointer: '/set',
          code: 'required',
          detail: expect.objectContaining({ en: expect.stringContaining('at least one') }),
        },
      ]);
    }
  });

  it.each([null, undefined, 'text', 7])('is judged elsewhere where %p is no object', (set) => {
    expect(setsSomething(set)).toEqual([]);
  });
});

describe('the contacts of a person', () => {
  let memory: MemoryBackbone;
  beforeEach(async () => {
    memory = await memoryBackbone(fixedClock(assessedAt));
    await recordPaperRegistration(memory, []);
  });
  afterEach(() => memory.close());

  it('are shown opened, with who supplied each, and nothing else of his history', async () => {
    const recorded = (nr: number, suppliedBy: object) => ({
      type: 'PersonContactRecorded',
      data: {
        ...{ person: ids.director, contact: uuid('contact', nr), kind: 'email' },
        ...{ value: { clear: `nr${nr}@example.org` }, suppliedBy, recordedAt: assessedAt },
      },
    });
    const check = uuid('check', 7);
    await memory.record('person', ids.director, recorded(1, { submitter: true }), recorded(2, { check }));
    const { history } = await memory.backbone.commands.load(personDecider, streamId('person', ids.director));
    expect(await contactViews(memory.backbone.sealer, 'PersonContactRecorded', history)).toEqual([
      { id: uuid('contact', 1), kind: 'email', value: 'nr1@example.org', suppliedBy: 'submitter' },
      { id: uuid('contact', 2), kind: 'email', value: 'nr2@example.org', suppliedBy: check },
    ]);
    expect(await contactViews(memory.backbone.sealer, 'PartyContactRecorded', history)).toEqual([]);
  });
});
