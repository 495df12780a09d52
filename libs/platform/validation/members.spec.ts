import { describe, expect, it } from '@jest/globals';
import { amsterdamDate } from '#libs/testing';
import {
  IsBirthDate,
  IsCalendarDate,
  IsChoice,
  IsChoiceList,
  IsEmailAddress,
  IsFlag,
  IsInstant,
  IsJsonObject,
  IsTelephone,
  IsText,
  IsTextList,
  IsTrue,
  IsUuidList,
  IsUuidString,
  IsWhole,
  Nested,
  NestedList,
  Optional,
  OptionalUnless,
} from './members.js';
import { validate } from './validate.js';

const ID = '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44';
const OTHER = '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d45';

class Inner {
  @IsFlag() yes!: boolean;
}

/** A request class with this one member, as its decorators make it. */
function classWith(...decorators: readonly PropertyDecorator[]) {
  class Request {
    member?: unknown;
  }
  for (const decorate of decorators) decorate(Request.prototype, 'member');
  return Request;
}
/** What the contract is told of the member. */
const inContract = (request: ReturnType<typeof classWith>): unknown =>
  Reflect.getMetadata('swagger/apiModelProperties', request.prototype as object, 'member');

interface Member {
  readonly decorate: () => PropertyDecorator;
  /** As they are sent, and as they arrive where that is something else. */
  readonly good: readonly (readonly [sent: unknown, arrives?: unknown])[];
  /** Values of another JSON type, and of the right one that won't do, each with where that is said. */
  readonly otherType: readonly (readonly [value: unknown, at?: string])[];
  readonly invalid: readonly (readonly [value: unknown, at?: string])[];
  readonly contract: object;
}

const TODAY = amsterdamDate(Date.now());
const years = (count: number): string => `${Number(TODAY.slice(0, 4)) + count}-01-15`;
const NO_TEXT = [[1], [true], [{}], [[]]] as const;
const NO_LIST = [['x'], [1], [{}]] as const;
const NO_OBJECT = [['x'], [1], [[]]] as const;

const MEMBERS: Readonly<Record<string, Member>> = {
  IsInstant: {
    decorate: () => IsInstant(),
    good: [['2026-03-02T10:12:00+02:00', '2026-03-02T08:12:00.000Z']],
    ...{ otherType: NO_TEXT, invalid: [['2026-03-02T10:12:00'], ['x']] },
    contract: { type: 'string', format: 'date-time', example: '2026-03-02T10:12:00Z' },
  },
  IsCalendarDate: {
    decorate: () => IsCalendarDate(),
    good: [['2028-02-29']],
    ...{ otherType: NO_TEXT, invalid: [['2026-02-29'], ['x']] },
    contract: { type: 'string', format: 'date', example: '2026-03-02' },
  },
  IsBirthDate: {
    decorate: () => IsBirthDate(),
    good: [[years(-1)], [years(-129)]],
    ...{ otherType: NO_TEXT, invalid: [[years(1)], [years(-132)], ['1985-02-29']] },
    contract: { type: 'string', format: 'date', example: '1985-04-12' },
  },
  IsEmailAddress: {
    decorate: () => IsEmailAddress(),
    good: [['desk@example.org']],
    ...{ otherType: NO_TEXT, invalid: [['desk'], ['desk@'], ['a b@example.org'], [`${'x'.repeat(65)}@example.org`]] },
    contract: { type: 'string', pattern: expect.stringContaining('@') },
  },
  IsTelephone: {
    decorate: () => IsTelephone(),
    good: [['+31 (20) 123-4567'], ['112112']],
    ...{ otherType: NO_TEXT, invalid: [['11211'], ['number'], ['112112x'], ['1'.repeat(26)]] },
    contract: { type: 'string', pattern: expect.stringContaining('{6,24}') },
  },
  IsUuidString: {
    decorate: () => IsUuidString(),
    good: [[ID], [ID.toUpperCase(), ID]],
    ...{ otherType: NO_TEXT, invalid: [['x'], [`${ID}0`], [`x${ID}`], ['X']] },
    contract: { type: 'string', format: 'uuid', example: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  },
  IsUuidList: {
    decorate: () => IsUuidList({ least: 1, most: 2 }),
    good: [
      [[ID]],
      [
        [ID.toUpperCase(), OTHER],
        [ID, OTHER],
      ],
    ],
    otherType: [...NO_LIST, [[1]]],
    invalid: [[[]], [[ID, OTHER, ID]], [['x']], [[ID, ID.toUpperCase()]]],
    contract: {
      ...{ type: 'array', items: { type: 'string', format: 'uuid' }, uniqueItems: true, minItems: 1, maxItems: 2 },
      example: [expect.stringMatching(/^[0-9a-f-]{36}$/)],
    },
  },
  IsText: {
    decorate: () => IsText(5),
    good: [['x'], ['12345']],
    ...{ otherType: NO_TEXT, invalid: [[''], ['  '], ['123456'], ['a\nb']] },
    contract: { type: 'string', minLength: 1, maxLength: 5 },
  },
  IsTextList: {
    decorate: () => IsTextList(5, { least: 1, most: 2 }),
    good: [[['12345']], [['a', 'b']]],
    ...{ otherType: [...NO_LIST, [[1]]], invalid: [[[]], [['a', 'b', 'c']], [['123456']], [['a', 'a']]] },
    contract: {
      ...{ type: 'array', items: { type: 'string', minLength: 1, maxLength: 5 }, uniqueItems: true },
      ...{ minItems: 1, maxItems: 2 },
    },
  },
  IsChoice: {
    decorate: () => IsChoice(['a', 'b']),
    good: [['a'], ['b']],
    ...{ otherType: NO_TEXT, invalid: [['c'], ['A'], ['']] },
    contract: { type: 'string', enum: ['a', 'b'] },
  },
  IsChoiceList: {
    decorate: () => IsChoiceList(['a', 'b', 'c'], { least: 1, most: 2 }),
    good: [[['a']], [['b', 'a']]],
    ...{ otherType: [...NO_LIST, [[1]]], invalid: [[[]], [['a', 'b', 'c']], [['d']], [['a', 'a']]] },
    contract: {
      ...{ type: 'array', items: { type: 'string', enum: ['a', 'b', 'c'] }, uniqueItems: true },
      ...{ minItems: 1, maxItems: 2 },
    },
  },
  IsFlag: {
    decorate: () => IsFlag(),
    good: [[true], [false]],
    ...{ otherType: [['true'], [1], [{}], [[]]], invalid: [] },
    contract: { type: 'boolean' },
  },
  IsTrue: {
    decorate: () => IsTrue(),
    good: [[true]],
    ...{ otherType: [['true'], [1], [{}], [[]]], invalid: [[false]] },
    contract: { type: 'boolean', enum: [true] },
  },
  IsWhole: {
    decorate: () => IsWhole(1, 10),
    good: [[1], [10]],
    ...{ otherType: [['1'], [true], [{}], [[]]], invalid: [[0], [11], [1.5]] },
    contract: { type: 'integer', minimum: 1, maximum: 10 },
  },
  Nested: {
    decorate: () => Nested(() => Inner),
    good: [[{ yes: true }]],
    ...{ otherType: [...NO_OBJECT, [{ yes: 'x' }, '/yes']], invalid: [] },
    contract: { type: expect.any(Function) },
  },
  NestedList: {
    decorate: () => NestedList(() => Inner, { least: 1, most: 2 }),
    good: [[[{ yes: true }]], [[{ yes: true }, { yes: false }]]],
    otherType: [...NO_LIST, [[{ yes: true }, { yes: 'x' }], '/1/yes']],
    invalid: [[[]], [Array(3).fill({ yes: true })]],
    contract: { isArray: true, minItems: 1, maxItems: 2 },
  },
  IsJsonObject: {
    decorate: () => IsJsonObject(),
    good: [[{ any: [{ thing: null }] }]],
    ...{ otherType: NO_OBJECT, invalid: [] },
    contract: { type: 'object', additionalProperties: true },
  },
};

describe.each(Object.entries(MEMBERS))('a member by %s', (_name, { decorate, good, otherType, invalid, contract }) => {
  const faultsOf = (value: unknown, ...more: readonly PropertyDecorator[]): readonly string[] =>
    validate(classWith(decorate(), ...more), value === undefined ? {} : { member: value }).faults.map(
      ({ pointer, code }) => `${pointer} ${code}`,
    );

  it('takes what it says it takes, in one form', () => {
    for (const [sent, arrives = sent] of good) {
      expect(validate(classWith(decorate()), { member: sent })).toEqual({ value: { member: arrives }, faults: [] });
    }
  });

  it('refuses another type by that and only that, and what is of its type and will not do', () => {
    const refused = [
      ...[...otherType, [null] as const].map(([value, at = '']) => [value, [`/member${at} wrong-type`]]),
      ...invalid.map(([value, at = '']) => [value, [`/member${at} invalid-value`]]),
    ];
    expect(refused.map(([value]) => [value, faultsOf(value)])).toEqual(refused);
  });

  it('is required unless it is optional, and null is no way to leave it out', () => {
    expect(faultsOf(undefined)).toEqual(['/member required']);
    expect(faultsOf(undefined, Optional())).toEqual([]);
    expect(faultsOf(null, Optional())).toEqual(['/member wrong-type']);
  });

  it('is in the contract what it is here', () => {
    const optional = { required: false };
    expect(inContract(classWith(decorate()))).toMatchObject(contract);
    expect(inContract(classWith(decorate()))).not.toMatchObject(optional);
    expect(inContract(classWith(decorate(), Optional()))).toMatchObject({ ...contract, ...optional });
  });
});

describe('a member', () => {
  it('of a list may have a code of its own for a word that is not in it, and for nothing else', () => {
    const request = classWith(IsChoice(['a'], { code: 'unknown-word' }));
    expect(validate(request, { member: 'b' }).faults).toMatchObject([{ pointer: '/member', code: 'unknown-word' }]);
    expect(validate(request, { member: 1 }).faults).toMatchObject([{ pointer: '/member', code: 'wrong-type' }]);
    expect(inContract(request)).not.toHaveProperty('code');
  });

  it('may be asked for by what stands beside it', () => {
    class Request {
      @IsFlag() asks!: boolean;
      @IsText(5) @OptionalUnless<Request>(({ asks }) => asks) text?: string;
    }
    const faultsOf = (body: object) => validate(Request, body).faults.map(({ pointer, code }) => `${pointer} ${code}`);
    expect(faultsOf({ asks: false })).toEqual([]);
    expect(faultsOf({ asks: true })).toEqual(['/text required']);
    expect(faultsOf({ asks: false, text: '123456' })).toEqual(['/text invalid-value']);
    expect(Reflect.getMetadata('swagger/apiModelProperties', Request.prototype, 'text')).toMatchObject({
      required: false,
    });
  });

  it('has no fewer and no more items than it says where it says nothing: none, and a hundred', () => {
    const ids = (count: number) => Array.from({ length: count }, (_, at) => ID.slice(0, -3) + String(100 + at));
    const request = classWith(IsUuidList());
    expect(validate(request, { member: [] }).faults).toEqual([]);
    expect(validate(request, { member: ids(100) }).faults).toEqual([]);
    expect(validate(request, { member: ids(101) }).faults).toMatchObject([{ code: 'invalid-value' }]);
    expect(inContract(request)).toMatchObject({ minItems: 0, maxItems: 100 });
  });
});
