import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { aboutHumans, humansOf, personsIn, recordsOf } from './humans.js';

const { assessedAt, checkOf, personFacts } = paperRegistration;
const [first, second, third, fourth, stranger] = [1, 2, 3, 4, 5].map((number) => uuid('person', number)) as [
  string,
  string,
  string,
  string,
  string,
];

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
  for (const person of [first, second, third, fourth, stranger]) {
    await memory.record('person', person, ...personFacts(person));
  }
});
afterEach(() => memory.close());

const link = (person: string, to: string) =>
  memory.record('person', person, { type: 'PersonLinked', data: { person, to } });
const vouching = (person: string, voucher: string) =>
  checkOf({
    type: 'vouching',
    about: { person },
    voucher,
    coversIdentityAndAttributes: true,
    meansLink: 'none',
  });

describe('MEANS-ID2-ii.b: the records that links make one human', () => {
  it('are each his, whichever is asked for', async () => {
    await link(third, second);
    await link(second, first);
    const { of, recordsOf: records } = await humansOf(memory.backbone, [third], []);
    expect([first, second, third].map(of)).toStrictEqual([first, first, first]);
    for (const person of [first, second, third]) {
      expect([...records(person)].sort()).toStrictEqual([first, second, third]);
    }
    expect([...(await recordsOf(memory.backbone, third))].sort()).toStrictEqual([first, second, third]);
  });

  it('are one human also where two of them were linked to a third, whichever is asked for', async () => {
    await link(fourth, second);
    await link(third, second);
    for (const asked of [second, third, fourth]) {
      const { of, recordsOf: records } = await humansOf(memory.backbone, [asked], []);
      expect([second, third, fourth].map(of)).toStrictEqual([second, second, second]);
      expect([...records(third)].sort()).toStrictEqual([second, third, fourth]);
      expect([...(await recordsOf(memory.backbone, asked))].sort()).toStrictEqual([second, third, fourth]);
    }
  });

  it('are found from the record that was there first, which knows nothing of the link', async () => {
    await link(third, second);
    await link(second, first);
    expect([...(await recordsOf(memory.backbone, first))].sort()).toStrictEqual([first, second, third]);
    const { of } = await humansOf(memory.backbone, [first], []);
    expect(of(third)).toBe(first);
  });

  it('stand with every link that was ever made, also the one before the last', async () => {
    await link(third, second);
    await link(third, first);
    const { of } = await humansOf(memory.backbone, [third], []);
    expect([first, second, third].map(of)).toStrictEqual([first, first, first]);
  });

  it('are all of them, however many were linked to one', async () => {
    await link(second, first);
    for (let number = 10; number < 510; number += 1) {
      const person = uuid('person', number);
      await memory.record('person', person, ...personFacts(person));
      await link(person, first);
    }
    const records = await recordsOf(memory.backbone, first);
    expect([records.length, records.includes(second)]).toStrictEqual([502, true]);
  });

  it('leave everybody else alone', async () => {
    await link(second, first);
    const { of, recordsOf: records } = await humansOf(memory.backbone, [second, stranger], []);
    expect(of(stranger)).toBe(stranger);
    expect(records(stranger)).toStrictEqual([stranger]);
    expect(of(uuid('person', 99))).toBe(uuid('person', 99));
    expect(records(uuid('person', 99))).toStrictEqual([uuid('person', 99)]);
    expect(await recordsOf(memory.backbone, stranger)).toStrictEqual([stranger]);
  });

  it('go round without an end', async () => {
    await link(first, second);
    await link(second, first);
    expect([...(await recordsOf(memory.backbone, first))].sort()).toStrictEqual([first, second]);
  });

  it('are looked up for everybody whom a check names', async () => {
    await link(third, first);
    const { of } = await humansOf(memory.backbone, [], [{ facts: vouching(second, third) }]);
    expect(of(third)).toBe(first);
  });
});

describe('MEANS-ID2-ii.b: who may be one human, while a duplicate waits', () => {
  const twin = uuid('person', 6);
  const ask = (person: string, of: string) => memory.record('person', person, ...personFacts(person, undefined, of));
  const unresolved = async (...persons: readonly string[]) => {
    const { unresolvedWith } = await humansOf(memory.backbone, persons, []);
    return persons.map((person) => [...unresolvedWith(person)]);
  };

  it('is each for the other, whichever of the records carries it', async () => {
    await ask(twin, first);
    expect(await unresolved(first, twin, stranger)).toStrictEqual([[twin], [first], []]);
    expect(await unresolved(stranger)).toStrictEqual([[]]);
  });

  it('is whoever it was asked about, by every record of his', async () => {
    await ask(twin, second);
    await link(second, first);
    await link(third, first);
    expect(await unresolved(third, twin)).toStrictEqual([[twin], [first]]);
  });

  it('is nobody once a clerk has answered, nor another record of the same human', async () => {
    await ask(twin, first);
    await memory.record('person', twin, {
      type: 'PersonDistinguished',
      data: { person: twin, from: first as never, by: ['document'] },
    });
    expect(await unresolved(first, twin)).toStrictEqual([[], []]);
    await memory.record('person', second, { type: 'DuplicatesRecognized', data: { person: second, of: [third] } });
    await link(second, fourth);
    expect(await unresolved(third, second)).toStrictEqual([[second], [third]]);
    await link(fourth, third);
    expect(await unresolved(third, second)).toStrictEqual([[], []]);
  });
});

describe('whom a check names', () => {
  const members = { grantor: first, declaredBy: second, confirmer: third, voucher: fourth, signer: stranger };
  it('is the one it is about and everybody in it', () => {
    const facts = checkOf({ type: 'emailConfirmation', about: { person: first }, confirmed: true });
    expect(personsIn(facts)).toStrictEqual([first]);
    expect(personsIn(vouching(first, second))).toStrictEqual([first, second]);
    expect(personsIn({ ...facts, about: { party: uuid('party', 1) }, ...members } as never)).toStrictEqual(
      Object.values(members),
    );
    expect(personsIn({ ...facts, handedBy: second, subject: third, cosigners: [fourth, stranger] } as never)).toEqual([
      first,
      second,
      third,
      fourth,
      stranger,
    ]);
    expect(personsIn({ ...facts, about: { party: uuid('party', 1) }, cosigners: undefined } as never)).toStrictEqual(
      [],
    );
  });
});

describe('a check about humans instead of persons', () => {
  const human = (person: string) => (person === second || person === third ? first : person);
  it('names the human wherever it names a record of his', () => {
    const facts = {
      ...vouching(second, third),
      grantor: fourth,
      handedBy: second,
      cosigners: [second, stranger],
    } as never;
    expect(aboutHumans(facts, human)).toStrictEqual({
      ...(facts as object),
      about: { person: first },
      voucher: first,
      handedBy: first,
      cosigners: [first, stranger],
    });
  });

  it('is the same check otherwise', () => {
    const party = checkOf({
      type: 'organizationalUnitCheck',
      about: { party: uuid('party', 1) },
      concernsOneUnitOnly: false,
    });
    expect(aboutHumans(party, human)).toStrictEqual(party);
    const without = { ...vouching(stranger, stranger), cosigners: undefined } as never;
    expect(aboutHumans(without, human)).toStrictEqual(without);
  });
});
