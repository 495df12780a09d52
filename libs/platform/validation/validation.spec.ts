import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import type { Words } from '#libs/kernel';
import { IsIn } from 'class-validator';
import type { Fault } from '../problems/problem.exception.js';
import { faultsOfSchema as faultsOfErrors } from './ajv-faults.js';
import {
  IsBirthDate,
  IsCalendarDate,
  IsChoice,
  IsChoiceList,
  IsEmailAddress,
  IsFlag,
  IsForm,
  IsInstant,
  IsJsonObject,
  IsTelephone,
  IsText,
  IsTextList,
  IsUuidList,
  IsUuidString,
  IsWhole,
  Nested,
  NestedList,
  Optional,
} from './members.js';
import { validate as validated } from './validate.js';

/** As somebody reads them in English. */
const inEnglish = (faults: readonly Fault[]) =>
  faults.map(({ detail, ...fault }) => ({ ...fault, ...(detail === undefined ? {} : { detail: detail.en }) }));
const faultsOfSchema = (...given: Parameters<typeof faultsOfErrors>) => inEnglish(faultsOfErrors(...given));
const validate = <T extends object>(type: new () => T, json: unknown) => {
  const { value, faults } = validated(type, json);
  return { value, faults: inEnglish(faults) };
};

const ID = '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44';

class Inner {
  @IsFlag() yes!: boolean;
}

class Sample {
  @IsInstant() @Optional() at?: string;
  @IsCalendarDate() @Optional() date?: string;
  @IsUuidList({ least: 1, most: 2 }) @Optional() ids?: string[];
  @IsText(5) @Optional() text?: string;
  @IsForm(/^\d{8}$/, { en: '8 digits', nl: '8 cijfers' }) @Optional() number?: string;
  @IsWhole(1, 10) @Optional() count?: number;
  @IsChoiceList(['a', 'b']) @Optional() choices?: string[];
  @Nested(() => Inner) @Optional() inner?: Inner;
  @NestedList(() => Inner, { most: 2 }) @Optional() list?: Inner[];
  @IsJsonObject() @Optional() free?: object;
}

class Empty {}

const faultsOf = (json: unknown): string[] =>
  validate(Sample, json).faults.map(({ pointer, code }) => `${pointer} ${code}`);

describe('validation', () => {
  it('normalizes instants and ids', () => {
    const { value } = validate(Sample, { at: '2026-03-02T10:12:00.5+02:00', ids: [ID.toUpperCase()] });
    expect(value).toMatchObject({ at: '2026-03-02T08:12:00.500Z', ids: [ID] });
  });

  it.each<[string, object, string[]]>([
    ['an instant without offset', { at: '2026-03-02T10:12:00' }, ['/at invalid-value']],
    ['a date that does not exist', { date: '2026-02-29' }, ['/date invalid-value']],
    ['null for an optional member', { date: null }, ['/date wrong-type']],
    ['an empty list', { ids: [] }, ['/ids invalid-value']],
    ['the same id twice', { ids: [ID, ID.toUpperCase()] }, ['/ids invalid-value']],
    ['a list with another type in it', { ids: [1] }, ['/ids wrong-type']],
    ['blank text', { text: '  ' }, ['/text invalid-value']],
    ['long text', { text: '123456' }, ['/text invalid-value']],
    ['control characters', { text: 'a\nb' }, ['/text invalid-value']],
    ['another form', { number: '1234567' }, ['/number invalid-value']],
    ['a fraction', { count: 1.5 }, ['/count invalid-value']],
    ['a number as text', { count: '1' }, ['/count wrong-type']],
    ['a word not in the list', { choices: ['a', 'c'] }, ['/choices invalid-value']],
    ['a list instead of an object', { inner: [{ yes: true }] }, ['/inner wrong-type']],
    ['text instead of an object', { inner: 'x' }, ['/inner wrong-type']],
    ['a missing member inside', { inner: {} }, ['/inner/yes required']],
    ['an unknown member inside', { inner: { yes: true, no: 1 } }, ['/inner/no unknown-member']],
    ['an object instead of a list', { list: { '0': { yes: true } } }, ['/list wrong-type']],
    ['a long list', { list: [{ yes: true }, { yes: true }, { yes: true }] }, ['/list invalid-value']],
    ['a fault in the second of a list', { list: [{ yes: true }, { yes: 'x' }] }, ['/list/1/yes wrong-type']],
    [
      'inherited names',
      { toString: 1, inner: { yes: true, hasOwnProperty: 1 } },
      ['/toString unknown-member', '/inner/hasOwnProperty unknown-member'],
    ],
    ['a name with a slash', { 'a/b~c': 1 }, ['/a~1b~0c unknown-member']],
    ['a list for an object of its own kind', { free: [] }, ['/free wrong-type']],
  ])('refuses %s', (_name, json, faults) => {
    expect(faultsOf(json)).toEqual(faults);
  });

  it.each(['at', 'date', 'ids', 'text', 'number', 'count', 'choices', 'inner', 'list', 'free'])(
    'refuses null for %s by its type, which is named',
    (name) => {
      const { faults } = validate(Sample, { [name]: null });
      expect(faults).toEqual([{ pointer: `/${name}`, code: 'wrong-type', detail: expect.stringMatching(/^must /) }]);
    },
  );

  it('refuses null by name where a member has no type of its own', () => {
    class Untyped {
      @IsIn(['a']) word!: string;
    }
    expect(validate(Untyped, { word: null }).faults).toEqual([
      { pointer: '/word', code: 'wrong-type', detail: 'must not be null' },
    ]);
  });

  it.each([
    [undefined, ' required'],
    [null, ' wrong-type'],
    [[], ' wrong-type'],
    ['x', ' wrong-type'],
  ])('refuses %p as a body', (json, fault) => {
    expect(faultsOf(json)).toEqual([fault]);
  });

  it('refuses members of a request that has none', () => {
    expect(validate(Empty, {}).faults).toEqual([]);
    expect(validate(Empty, { a: 1 }).faults).toMatchObject([{ pointer: '/a', code: 'unknown-member' }]);
  });

  it('leaves the inside of a free object alone, names of any kind', () => {
    expect(faultsOf({ free: { a: { b: [1, { c: null }] } } })).toEqual([]);
  });

  it('ends when there are more faults than are told, and looks at nothing that it does not know', () => {
    let visited = 0;
    const counted = <T extends object>(value: T): T =>
      new Proxy(value, {
        get(target, name, receiver) {
          const member: unknown = Reflect.get(target, name, receiver);
          if (typeof name === 'string' && Object.hasOwn(target, name)) visited++;
          return typeof member === 'object' && member !== null ? counted(member) : member;
        },
      });
    const wide = (length: number): object => Object.fromEntries(Array.from({ length }, (_, at) => [`m${at}`, {}]));
    const visitsOf = (json: object): number => {
      visited = 0;
      validate(Sample, counted(json));
      return visited;
    };
    expect(visitsOf(wide(20_000))).toBeLessThan(200);
    expect(validate(Sample, wide(20_000)).faults).toHaveLength(101);
    // Neither an unknown member, nor what stands where something else belongs, nor a list that is too long.
    for (const json of [
      { unknown: wide(20_000) },
      { text: wide(20_000), inner: Array(20_000).fill({}) },
      { list: Array(20_000).fill({ yes: 'x' }), ids: Array(20_000).fill('x') },
      { ids: [wide(10_000), wide(10_000)], list: [Array(10_000).fill({}), { yes: wide(10_000) }] },
      { inner: wide(20_000) },
    ]) {
      expect(visitsOf(json)).toBeLessThan(200);
    }
    expect(visitsOf({ inner: { yes: true } })).toBeGreaterThan(1);
    expect(faultsOf({ list: Array(3).fill({ yes: 'x', no: 1 }), ids: Array(3).fill(7) })).toEqual([
      '/list invalid-value',
      '/ids invalid-value',
    ]);
  });

  it('says in words what each member must be', () => {
    class Spoken {
      @IsInstant() at!: string;
      @IsCalendarDate() date!: string;
      @IsBirthDate() birth!: string;
      @IsEmailAddress() email!: string;
      @IsTelephone() telephone!: string;
      @IsUuidString() id!: string;
      @IsUuidList() ids!: string[];
      @IsText(5) text!: string;
      @IsTextList(5) texts!: string[];
      @IsForm(/^\d{8}$/, { en: '8 digits', nl: '8 cijfers' }) number!: string;
      @IsWhole(1, 10) count!: number;
      @IsChoice(['a', 'b']) choice!: string;
      @IsFlag() flag!: boolean;
    }
    const wrong = Object.fromEntries(
      ['at', 'date', 'birth', 'email', 'telephone', 'id', 'number', 'choice'].map((name) => [name, 'x']),
    );
    const { faults } = validate(Spoken, {
      ...wrong,
      ...{ ids: ['x'], text: 'too long', texts: ['a', 'a'], count: 11, flag: 'x' },
    });
    const details = Object.fromEntries(faults.map(({ pointer, detail }) => [pointer!.slice(1), detail]));
    expect(details).toEqual({
      at: 'must be a date-time with an offset, such as 2026-03-02T10:12:00Z',
      date: 'must be a date that exists, such as 2026-03-02',
      birth: expect.stringMatching(
        /^must be a date that exists, such as 1985-04-12, not to come and no more than \d+ years ago$/,
      ),
      email: 'must be an e-mail address (such as name@example.org)',
      telephone: expect.stringMatching(/^must be a telephone number \(at least 6 digits/),
      id: 'must be a UUID',
      ids: expect.stringContaining('must be a UUID'),
      text: expect.stringContaining('5 characters'),
      texts: 'must not name the same twice',
      number: expect.stringContaining('8 digits'),
      count: expect.stringContaining('10'),
      choice: expect.stringContaining('a, b'),
      flag: expect.stringContaining('true or false'),
    });
    expect(validate(Spoken, { ...wrong, texts: ['a', 'b'] }).faults.map(({ pointer }) => pointer)).not.toContain(
      '/texts',
    );
  });

  it('lets members be judged together, and says nothing more of one that is wrong by itself', () => {
    class Period {
      @IsWhole(0, 9) from!: number;
      @IsWhole(0, 9) until!: number;
      static between({ from, until }: Period): readonly { pointer: string; code: string }[] {
        return until > from ? [] : [{ pointer: '/until', code: 'invalid-value' }];
      }
    }
    const faults = (json: object): unknown => validate(Period, json).faults.map(({ code, detail }) => [code, detail]);
    expect(faults({ from: 1, until: 2 })).toEqual([]);
    expect(faults({ from: 2, until: 1 })).toEqual([['invalid-value', undefined]]);
    expect(faults({ from: 2 })).toEqual([['required', 'is required']]);
  });

  it('says of a list that is too long nothing but that', () => {
    expect(validate(Sample, { ids: [ID, 'x', 7] }).faults).toEqual([
      { pointer: '/ids', code: 'invalid-value', detail: 'must contain no more than 2 elements' },
    ]);
  });

  it('says of a list that is to have something, and has nothing, that it must not be empty', () => {
    class Listed {
      @IsUuidList({ least: 1 }) one!: string[];
      @IsUuidList({ least: 2 }) two!: string[];
    }
    expect(validate(Listed, { one: [], two: [] }).faults.map(({ detail }) => detail)).toEqual([
      'must not be empty',
      'must contain at least 2 elements',
    ]);
  });

  it('repeats no value that was sent', () => {
    expect(JSON.stringify(validate(Sample, { text: 'Jansen Jansen', at: 'Jansen' }).faults)).not.toContain('Jansen');
  });
});

describe('faults of a JSON schema', () => {
  const check = new Ajv({ allErrors: true, strict: true }).compile({
    type: 'object',
    additionalProperties: false,
    required: ['level'],
    properties: {
      level: { enum: ['EH3', 'EH4'] },
      steps: { type: 'array', items: { type: 'integer' } },
      'a/b': { type: 'string' },
    },
  });

  it('tells of a schema’s fault in the words of the check, or in its own where that says nothing', () => {
    const faultOf = (keyword: string, params = {}, words?: Words) =>
      faultsOfSchema([{ instancePath: '/a', keyword, params, ...(words === undefined ? {} : { words }) }])[0];
    const other = { pointer: '/a', code: 'invalid-value' };
    expect(faultOf('type', { type: 'string' })).toEqual({
      ...{ pointer: '/a', code: 'wrong-type' },
      detail: 'must be a string',
    });
    expect(faultOf('maxLength', { limit: 64 })).toEqual({ ...other, detail: 'must have no more than 64 characters' });
    expect(faultOf('format', {}, { en: 'must be short', nl: 'moet kort zijn' })).toEqual({
      ...other,
      detail: 'must be short',
    });
    expect(faultOf('propertyNames')).toEqual({ ...other, detail: 'is not allowed' });
    for (const [keyword, param] of [
      ['additionalProperties', 'additionalProperty'],
      ['unevaluatedProperties', 'unevaluatedProperty'],
    ] as const) {
      expect(faultsOfSchema([{ instancePath: '/a', keyword, params: { [param]: 'b' } }])).toEqual([
        { pointer: '/a/b', code: 'unknown-member', detail: 'is not known here' },
      ]);
    }
    expect(faultOf('discriminator')).toMatchObject({ code: 'invalid-value', detail: 'does not name a known kind' });
    expect(faultOf('oneOf')).toEqual({ ...other, detail: 'holds members of which only one may be present' });
    expect(faultOf('false schema')).toEqual({ ...other, detail: 'does not go with the other members' });
  });

  it('have the form of all others', () => {
    check({ steps: [1, 'x'], 'a/b': 1, 'c/d': 1 });
    const faults = faultsOfSchema(check.errors, '/dossier').map(({ pointer, code }) => `${pointer} ${code}`);
    expect(faults.sort()).toEqual([
      '/dossier/a~1b wrong-type',
      '/dossier/c~1d unknown-member',
      '/dossier/level required',
      '/dossier/steps/1 wrong-type',
    ]);
    check({ level: 'EH9' });
    expect(faultsOfSchema(check.errors)).toEqual([
      { pointer: '/level', code: 'invalid-value', detail: 'must be one of EH3, EH4' },
    ]);
  });

  it('say that two of what excludes each other are there, also beside other faults', () => {
    const one = new Ajv({ allErrors: true, strictRequired: false }).compile({
      type: 'object',
      additionalProperties: false,
      properties: { a: {}, b: {}, d: {} },
      oneOf: [{ required: ['a'] }, { required: ['b'] }, { required: ['d'] }],
    });
    const faultsFor = (body: object): string[] => {
      one(body);
      return faultsOfSchema(one.errors, '/x')
        .map(({ pointer, code }) => `${pointer} ${code}`)
        .sort();
    };
    expect(faultsFor({ a: 1, b: 1, c: 1 })).toEqual(['/x invalid-value', '/x/c unknown-member']);
  });

  it('say of a choice of which nothing is there that it is one, not that all of it is required', () => {
    const either = (keyword: 'oneOf' | 'anyOf') =>
      new Ajv({ allErrors: true, strictRequired: false }).compile({
        type: 'object',
        required: ['c'],
        [keyword]: [{ required: ['a'] }, { required: ['b'] }],
      });
    const faultsFor = (keyword: 'oneOf' | 'anyOf', body: object) => {
      const one = either(keyword);
      one(body);
      return faultsOfSchema(one.errors, '/x');
    };
    const choice = { pointer: '/x', code: 'required', facts: { names: ['a', 'b'] } };
    const missing = { pointer: '/x/c', code: 'required', detail: 'is required' };
    expect(faultsFor('oneOf', {})).toEqual([{ ...choice, detail: 'exactly one of a, b is required' }, missing]);
    expect(faultsFor('anyOf', {})).toEqual([{ ...choice, detail: 'at least one of a, b is required' }, missing]);
    expect(faultsFor('oneOf', { b: 1 })).toEqual([missing]);
    // More than one member in a branch is no choice between members: each branch says what it lacks.
    const mixed = new Ajv({ allErrors: true, strictRequired: false }).compile({
      type: 'object',
      oneOf: [{ required: ['a'] }, { required: ['b'], properties: { c: { type: 'string' } } }],
    });
    mixed({ c: 1 });
    expect(
      faultsOfSchema(mixed.errors)
        .map(({ pointer, code }) => `${pointer} ${code}`)
        .sort(),
    ).toEqual(['/a required', '/b required', '/c wrong-type']);
    // A branch that was chosen is no choice either.
    const chosen = new Ajv({ allErrors: true, discriminator: true }).compile({
      type: 'object',
      required: ['type'],
      discriminator: { propertyName: 'type' },
      oneOf: [
        { required: ['a', 'b'], properties: { type: { const: 'a' }, a: {}, b: {} } },
        { properties: { type: { const: 'b' } } },
      ],
    });
    chosen({ type: 'a' });
    expect(faultsOfSchema(chosen.errors).map(({ pointer }) => pointer)).toEqual(['/a', '/b']);
  });

  it('name the members of which there is to be exactly one, whether none is there or several are', () => {
    const faultsFor = (rule: object, body: object) => {
      const one = new Ajv({ allErrors: true, strictRequired: false, verbose: true }).compile({
        type: 'object',
        properties: { a: {}, b: {} },
        ...rule,
      });
      one(body);
      return faultsOfSchema(one.errors, '/x');
    };
    const told = { pointer: '/x', detail: 'exactly one of a, b is required', facts: { names: ['a', 'b'] } };
    const counted = { minProperties: 1, maxProperties: 1 };
    expect(faultsFor(counted, {})).toEqual([{ ...told, code: 'required' }]);
    expect(faultsFor(counted, { a: 1, b: 1 })).toEqual([{ ...told, code: 'invalid-value' }]);
    const branches = { oneOf: [{ required: ['a'] }, { required: ['b'] }] };
    expect(faultsFor(branches, {})).toEqual([{ ...told, code: 'required' }]);
    expect(faultsFor(branches, { a: 1, b: 1 })).toEqual([{ ...told, code: 'invalid-value' }]);
    expect(faultsFor({ minProperties: 1 }, {})).toEqual([
      { pointer: '/x', code: 'invalid-value', detail: 'must have at least 1 member' },
    ]);
  });

  it('say where no branch could be chosen', () => {
    const either = new Ajv({ allErrors: true, discriminator: true }).compile({
      type: 'object',
      required: ['type', 'at'],
      discriminator: { propertyName: 'type' },
      oneOf: [{ properties: { type: { const: 'a' } } }, { properties: { type: { const: 'b' } } }],
    });
    either({ type: 'Jansen' });
    expect(faultsOfSchema(either.errors)).toEqual([
      { pointer: '/at', code: 'required', detail: 'is required' },
      { pointer: '/type', code: 'invalid-value', detail: 'does not name a known kind' },
    ]);
    expect(faultsOfSchema(either.errors, '', { type: ['a', 'b'] })[1]).toEqual({
      ...{ pointer: '/type', code: 'invalid-value', detail: 'must be one of a, b' },
      facts: { names: ['a', 'b'] },
    });
    either({});
    expect(faultsOfSchema(either.errors).map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/type required',
      '/at required',
    ]);
  });
});
