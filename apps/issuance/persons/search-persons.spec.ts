import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PersonId } from '#libs/kernel';
import { derivedId } from '#libs/eventing';
import { searchHashes, type Backbone } from '#libs/application';
import { identifiersOf } from '#libs/domain';
import { at, fixedClock, memoryBackbone, uuid, type MemoryBackbone } from '#libs/testing';
import { registerPerson } from './persons.handler.js';
import { searchPersons } from './search-persons.js';

const NOW = at('2026-03-02T12:00:00Z');
const attributes = { familyName: 'Voorbeeld', birthDate: '1985-04-12' };

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(NOW));
});
afterEach(() => memory.close());

const register = async (name: string): Promise<PersonId> => {
  const request = { client: 'office', correlationId: 'test', idempotencyKey: `key-of-${name}` };
  expect(await registerPerson(memory.backbone, request, attributes)).toMatchObject({ outcome: 'accepted' });
  return derivedId('person', memory.backbone.participant.oin, 'office', request.idempotencyKey) as PersonId;
};

/** A row of somebody whose record does not carry it. */
const strayRow = async (nr: number): Promise<void> => {
  const { secrets } = memory.backbone;
  const hashes = await searchHashes(memory.backbone, identifiersOf({ ...attributes, documents: [] })[0]!);
  const identifiers = [{ own: hashes, sought: hashes }];
  const person = uuid('stray', nr) as PersonId;
  await secrets.reservations.reserve(person, identifiers, NOW);
  await secrets.reservations.confirm(person, identifiers, NOW);
};

describe('a search for a person', () => {
  it('passes over rows that nobody carries, and has no empty page before its end', async () => {
    const first = await register('first');
    const second = await register('second');
    for (const nr of [1, 2, 3, 4, 5]) await strayRow(nr);
    const pages: unknown[] = [];
    let cursor: string | undefined;
    do {
      const { items, next } = await searchPersons(memory.backbone, {
        ...{ ...attributes, limit: 2 },
        ...(cursor === undefined ? {} : { cursor }),
      });
      pages.push(items.map(({ id }) => id));
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    expect(pages).toEqual([[second], [first]]);
  });

  it('reads a few records at a time', async () => {
    const all: PersonId[] = [];
    for (const nr of Array(12).keys()) all.unshift(await register(String(nr)));
    let under = 0;
    let most = 0;
    const { load } = memory.backbone.commands;
    const backbone: Backbone = {
      ...memory.backbone,
      commands: {
        ...memory.backbone.commands,
        load: (async (...args: Parameters<typeof load>) => {
          most = Math.max(most, (under += 1));
          try {
            return await load(...args);
          } finally {
            under -= 1;
          }
        }) as typeof load,
      },
    };
    const { items } = await searchPersons(backbone, { ...attributes, limit: 100 });
    expect(items.map(({ id }) => id)).toEqual(all);
    expect(most).toBe(4);
  });
});
