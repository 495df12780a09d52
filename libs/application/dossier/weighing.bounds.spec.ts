import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { CheckFacts } from '#libs/domain';
import { containsAll } from '#libs/scheme';
import { fixedClock, memoryBackbone, paperRegistration, uuid, weighCase, type MemoryBackbone } from '#libs/testing';

const { assessedAt, checkOf, ids, lookedUpAt, receivedAt, recordPaperRegistration } = paperRegistration;

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
  await recordPaperRegistration(memory, []);
});
afterEach(() => memory.close());

const many = (count: number, facts: (index: number) => CheckFacts) =>
  Array.from({ length: count }, (_, at) => facts(at));
const bank = (index: number): CheckFacts =>
  checkOf({
    type: 'bankTransaction',
    about: { person: ids.director },
    succeeded: true,
    completedAt: receivedAt,
    accountOpenedWithIdDocument: true,
    nameAgreesWithDocument: true,
    nameAgreesWithAttributes: true,
    source: { name: 'bank', reference: `transaction-${index}` },
  } as never);
const finding = (): CheckFacts =>
  checkOf({
    type: 'specialCircumstancesCheck',
    about: { party: ids.company },
    asOf: lookedUpAt,
    outcome: 'found',
    otherRepresentativeRegistered: false,
  });

describe('the work of a dossier', () => {
  it('asks for a few things at a time, however many checks there are, and for the same once', async () => {
    const { events, projections } = memory.stores;
    let working = 0;
    let most = 0;
    const counted = async <Answer>(asked: () => Promise<Answer>): Promise<Answer> => {
      most = Math.max(most, (working += 1));
      await new Promise((resolve) => setImmediate(resolve));
      try {
        return await asked();
      } finally {
        working -= 1;
      }
    };
    const search = projections.search.bind(projections);
    const searches: string[] = [];
    jest.spyOn(projections, 'search').mockImplementation((projection, query) => {
      searches.push(JSON.stringify([projection.name, ...query.where.map(({ column, ...rest }) => [column, rest])]));
      return counted(() => search(projection, query)) as never;
    });
    const [readStream, readStreams] = [events.readStream.bind(events), events.readStreams.bind(events)];
    const streams: string[] = [];
    jest.spyOn(events, 'readStream').mockImplementation((stream, from) => {
      streams.push(stream);
      return counted(() => readStream(stream, from));
    });
    jest.spyOn(events, 'readStreams').mockImplementation((asked) => {
      streams.push(...asked);
      return counted(() => readStreams(asked));
    });
    const { words } = await weighCase(memory, { named: many(60, bank), others: many(120, finding) });
    expect(words.filter((word) => word === 'counts')).toHaveLength(60);
    expect(words.filter((word) => word === '+counts')).toHaveLength(120);
    expect(most).toBeLessThanOrEqual(4);
    // The director, of whom sixty checks speak, is not read for each of them, nor the register asked for each finding.
    expect(streams.filter((stream) => stream === `person-${ids.director}`).length).toBeLessThan(10);
    expect(searches.filter((asked) => asked.includes('representationCheck'))).toHaveLength(1);
  });

  it('compares establishments once each, not each with each', () => {
    const listed = many(10_000, (index) => String(index) as never) as unknown as string[];
    let compared = 0;
    const list = new Proxy(listed, {
      get: (target, name) => {
        compared += 1;
        return Reflect.get(target, name) as unknown;
      },
    });
    expect(containsAll(list, listed.slice(-1_000))).toBe(true);
    expect(containsAll(list, [...listed.slice(-1_000), uuid('none')])).toBe(false);
    // Length and item of each, twice.
    expect(compared).toBeLessThan(50_000);
  });
});
