import { describe, expect, it } from '@jest/globals';
import { IsText, IsUuidList, IsUuidString, Nested, NestedList, Optional } from './members.js';
import { Refers, referencesIn } from './refers.js';

const ONE = '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44';
const TWO = '8f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44';

class Holder {
  @Refers('person') @IsUuidString() person!: string;
  @IsText(10) @Optional() role?: string;
}
class Sample {
  @Refers('application') @IsUuidString() application!: string;
  @Refers('check') @IsUuidList() @Optional() checks?: string[];
  @Nested(() => Holder) @Optional() holder?: Holder;
  @NestedList(() => Holder, { most: 2 }) @Optional() others?: Holder[];
}
class More extends Sample {
  @Refers('product') @IsText(10) product!: string;
}

const placesIn = (json: unknown, ...faulty: readonly string[]): readonly string[] =>
  referencesIn(More, json, (pointer) => faulty.includes(pointer)).map(({ kind, id, pointer }) =>
    [kind, id === ONE ? '1' : id === TWO ? '2' : id, pointer].join(' '),
  );

describe('what a body names', () => {
  const body = {
    application: ONE,
    checks: [ONE, TWO],
    holder: { person: TWO, role: 'x' },
    others: [{ person: ONE }, { person: TWO }],
    product: 'card',
    unknown: ONE,
  };

  it('is found at every depth, each with its pointer', () => {
    expect(placesIn(body)).toEqual([
      ...['product card /product', 'application 1 /application', 'check 1 /checks/0', 'check 2 /checks/1'],
      ...['person 2 /holder/person', 'person 1 /others/0/person', 'person 2 /others/1/person'],
    ]);
  });

  it('comes with the object that says it, whatever stands in it', () => {
    const besides = referencesIn(More, { ...body, holder: { person: TWO, role: 7 } }, () => false).map(
      ({ beside }) => beside,
    );
    expect(besides).toContainEqual({ person: TWO, role: 7 });
    expect(besides.filter(({ product }) => product === 'card')).toHaveLength(4);
  });

  it('is left out where the member has a fault, or its list', () => {
    expect(placesIn(body, '/application', '/checks', '/holder/person', '/others/0/person', '/product')).toEqual([
      'person 2 /others/1/person',
    ]);
    expect(placesIn(body, '/checks/1', '/holder/role', '/others', '/product')).toEqual([
      ...['application 1 /application', 'check 1 /checks/0', 'person 2 /holder/person'],
    ]);
  });

  it('is there where members have a fault between them', () => {
    expect(placesIn(body, '', '/holder', '/others/0')).toEqual(placesIn(body));
  });

  it('is nothing where a body has another form', () => {
    for (const json of [undefined, null, [], 'text', 7]) expect(placesIn(json)).toEqual([]);
    expect(placesIn({ application: 7, checks: [7, null], holder: [], others: [7], product: {} })).toEqual([]);
  });
});
