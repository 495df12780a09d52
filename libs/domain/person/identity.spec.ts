import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  differIn,
  holdsAllThatIdentifies,
  identifiersOf,
  recognizes,
  type DocumentIdentity,
  type PersonIdentity,
} from './index.js';

const passport = (number: string, issuingState?: string): DocumentIdentity => ({
  type: 'passport',
  number,
  ...(issuingState === undefined ? {} : { issuingState }),
});
const whole: PersonIdentity = {
  familyName: 'Jansen',
  givenNames: 'Anna',
  birthDate: '1985-04-12',
  birthPlace: 'Utrecht',
  documents: [],
};
const of = (more: Partial<PersonIdentity>): PersonIdentity => ({ documents: [], ...more });
const dated = of({ familyName: 'Jansen', birthDate: '1985-04-12' });
const placed = of({ familyName: 'Jansen', birthPlace: 'Utrecht' });

describe('recognizing a person in another record (MEANS-ID2-ii.b)', () => {
  it.each<[string, PersonIdentity, PersonIdentity]>([
    ['in the same attributes', whole, whole],
    ['in another spelling', whole, { ...whole, familyName: 'JÁNSEN', birthPlace: 'utrecht ' }],
    ['who lacks the place of birth', whole, dated],
    ['who lacks the date of birth', whole, placed],
    ['who lacks all but name and date, on either side', dated, dated],
    ['who has other given names, born the same day', whole, { ...whole, givenNames: 'Berta', birthPlace: 'Ede' }],
    ['in the same document', of({ documents: [passport('NX1', 'NLD')] }), of({ documents: [passport('nx-1', 'NLD')] })],
    [
      'in a document under another name',
      { ...whole, documents: [passport('NX1', 'NLD')] },
      of({ familyName: 'Smit', documents: [passport('NX1', 'NLD')] }),
    ],
    [
      'in a document of an unknown state',
      of({ documents: [passport('NX1')] }),
      of({ documents: [passport('NX1', 'BEL')] }),
    ],
    [
      'in a document of an unknown state twice',
      of({ documents: [passport('NX1')] }),
      of({ documents: [passport('NX1')] }),
    ],
  ])('recognizes him %s', (_name, one, other) => {
    expect([recognizes(one, other), recognizes(other, one)]).toEqual([true, true]);
  });

  it.each<[string, PersonIdentity, PersonIdentity]>([
    ['by the family name alone', whole, of({ familyName: 'Jansen' })],
    ['by family name and given names', whole, of({ familyName: 'Jansen', givenNames: 'Anna' })],
    [
      'by date and place without the family name',
      whole,
      of({ givenNames: 'Anna', birthDate: '1985-04-12', birthPlace: 'Utrecht' }),
    ],
    ['born there on another day', whole, { ...whole, birthDate: '1990-01-01' }],
    ['of another family', whole, { ...whole, familyName: 'Smit' }],
    ['by one with a date and another with a place', dated, placed],
    [
      'by the number of another state',
      of({ documents: [passport('NX1', 'NLD')] }),
      of({ documents: [passport('NX1', 'BEL')] }),
    ],
    [
      'by the number of another kind',
      of({ documents: [passport('NX1', 'NLD')] }),
      of({ documents: [{ ...passport('NX1', 'NLD'), type: 'identityCard' }] }),
    ],
    ['by nothing', of({}), of({})],
  ])('does not recognize him %s', (_name, one, other) => {
    expect([recognizes(one, other), recognizes(other, one)]).toEqual([false, false]);
  });

  const text = fc.constantFrom('Jansen', 'JANSEN', 'Smit', 'Utrecht');
  const identity = fc.record({
    familyName: fc.option(text, { nil: undefined }),
    givenNames: fc.option(text, { nil: undefined }),
    birthDate: fc.option(fc.constantFrom('1985-04-12', '1990-01-01'), { nil: undefined }),
    birthPlace: fc.option(text, { nil: undefined }),
    documents: fc.array(
      fc.record({
        type: fc.constant('passport' as const),
        number: fc.constantFrom('NX1', 'NX2'),
        issuingState: fc.option(fc.constantFrom('NLD', 'BEL'), { nil: undefined }),
      }),
      { maxLength: 2 },
    ),
  }) as fc.Arbitrary<PersonIdentity>;

  it('is the same in both directions, and everybody with an identifier recognizes himself', () => {
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        expect(recognizes(one, other)).toBe(recognizes(other, one));
        if (identifiersOf(one).some(({ own, sought }) => own.some((text) => sought.includes(text))))
          expect(recognizes(one, one)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not end by learning more that agrees, nor by forgetting the place while the day is known', () => {
    fc.assert(
      fc.property(identity, (one) => {
        if (one.familyName === undefined || one.birthDate === undefined) return;
        expect(recognizes(one, { ...one, birthPlace: 'Utrecht', documents: [] })).toBe(true);
        expect(recognizes(one, { familyName: one.familyName, birthDate: one.birthDate, documents: [] })).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what tells two records apart', () => {
  it('is what both have and is not the same, however it is spelled', () => {
    expect(differIn('givenNames', whole, { ...whole, givenNames: 'Berta' })).toBe(true);
    expect(differIn('givenNames', whole, { ...whole, givenNames: 'ÁNNA' })).toBe(false);
    expect(differIn('givenNames', whole, dated)).toBe(false);
    expect(differIn('birthDate', whole, { ...whole, birthDate: '1985-04-13' })).toBe(true);
  });

  it('is documents, where each has some and they share none', () => {
    const holding = (...documents: readonly DocumentIdentity[]): PersonIdentity => ({ ...whole, documents });
    expect(differIn('document', holding(passport('NX1', 'NLD')), holding(passport('NX2', 'NLD')))).toBe(true);
    expect(differIn('document', holding(passport('NX1', 'NLD')), holding(passport('NX1', 'BEL')))).toBe(true);
    expect(differIn('document', holding(passport('NX1', 'NLD')), holding(passport('NX1')))).toBe(false);
    expect(
      differIn('document', holding(passport('NX1', 'NLD')), holding(passport('NX2', 'NLD'), passport('NX1', 'NLD'))),
    ).toBe(false);
    expect(differIn('document', holding(), holding(passport('NX1', 'NLD')))).toBe(false);
  });
});

describe('a submission with everything that makes the holder unique (PROOF-04)', () => {
  it('has his names with date and place of birth', () => {
    expect(holdsAllThatIdentifies(whole, whole, [])).toBe(true);
    expect(holdsAllThatIdentifies({ ...whole, familyName: 'JANSEN' }, whole, [])).toBe(true);
    for (const missing of ['familyName', 'givenNames', 'birthDate', 'birthPlace'] as const) {
      const { [missing]: _left, ...others } = whole;
      expect(holdsAllThatIdentifies(others, whole, [passport('NX1', 'NLD')])).toBe(false);
      expect(holdsAllThatIdentifies({ ...whole, [missing]: 'Smit' }, whole, [])).toBe(false);
    }
  });

  it('has his family name and a valid document, where his attributes do not make him unique', () => {
    const holder: PersonIdentity = { ...dated, documents: [passport('NX1', 'NLD'), passport('OLD', 'NLD')] };
    const valid = [passport('NX1', 'NLD')];
    const shown = (number: string): PersonIdentity => ({ familyName: 'Jansen', documents: [passport(number, 'NLD')] });
    expect(holdsAllThatIdentifies(shown('NX1'), holder, valid)).toBe(true);
    expect(holdsAllThatIdentifies(shown('OLD'), holder, valid)).toBe(false);
    expect(holdsAllThatIdentifies(shown('NX2'), holder, valid)).toBe(false);
    expect(holdsAllThatIdentifies({ ...shown('NX1'), familyName: 'Smit' }, holder, valid)).toBe(false);
    expect(holdsAllThatIdentifies({ ...shown('NX1'), birthDate: '1990-01-01' }, holder, valid)).toBe(false);
    expect(holdsAllThatIdentifies(dated, holder, valid)).toBe(false);
    expect(holdsAllThatIdentifies(of({}), of({}), [])).toBe(false);
  });
});
