import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { bounded, enough, MOST_FAULTS } from './bounded.js';

/** What a validator of the schema, made bounded, finds in a value: keyword and place of each fault, in their order. */
function faultsIn(schema: object, value: unknown): readonly string[] {
  const ajv = new Ajv2020({ allErrors: true });
  ajv.addKeyword(enough);
  const validator = ajv.compile(bounded(schema) as object);
  return validator(value) ? [] : validator.errors!.map(({ keyword, instancePath }) => `${keyword} ${instancePath}`);
}
const numbers = { type: 'array', maxItems: 3, uniqueItems: true, items: { type: 'number' } };

describe('a schema whose check costs no more than its answer is worth', () => {
  it('finds in a list of allowed length what the schema finds', () => {
    expect(faultsIn(numbers, [1, 2, 3])).toEqual([]);
    expect(faultsIn(numbers, [1, 'two', 3])).toContain('type /1');
    expect(faultsIn(numbers, [1, 1])).toContain('uniqueItems ');
    expect(faultsIn(numbers, 'no list')).toEqual(['type ']);
    expect(faultsIn({ ...numbers, minItems: 2 }, [1])).toEqual(['minItems ']);
  });

  it('looks at no item of a list that is too long', () => {
    expect(faultsIn(numbers, ['one', 'two', 'two', 'four'])).toEqual(['maxItems ']);
  });

  it('leaves a list without a length, and what is no list, as it is', () => {
    const unlimited = { type: 'array', uniqueItems: true, items: { type: 'number' } };
    expect(faultsIn(unlimited, [1, 2, 3, 4])).toEqual([]);
    expect(faultsIn(unlimited, [1, 'two', 1])).toEqual(['type /1', 'uniqueItems ']);
    expect(bounded({ type: 'string', enum: ['a', null, 1, true] })).toEqual({
      type: 'string',
      enum: ['a', null, 1, true],
    });
    expect(bounded(true)).toBe(true);
    expect(faultsIn({ type: 'array', maxItems: 1 }, [1, 2])).toEqual(['maxItems ']);
    expect(faultsIn({ type: 'array', maxItems: 3, items: false }, [1])).toContain('false schema /0');
  });

  it('stops in a list after one fault more than are told', () => {
    const many = Array.from({ length: 5_000 }, () => 'no number');
    const { length } = faultsIn({ type: 'array', items: { type: 'number' } }, many);
    expect(length).toBe(MOST_FAULTS + 1);
    expect(faultsIn({ ...numbers, maxItems: 5_000, uniqueItems: false }, many).length).toBeLessThan(MOST_FAULTS + 5);
  });

  it('is so wherever a list stands in it', () => {
    const schema = {
      type: 'object',
      properties: { lists: { type: 'array', items: numbers } },
      anyOf: [{ properties: { list: numbers } }],
    };
    expect(faultsIn(schema, { lists: [[1], ['a', 'a', 'a', 'a']] })).toEqual(['maxItems /lists/1']);
    expect(faultsIn(schema, { list: ['a', 'a', 'a', 'a'] })).toContain('maxItems /list');
    expect(faultsIn(schema, { list: ['a', 'a', 'a', 'a'] })).not.toContain('type /list/0');
  });

  it('leaves the schema that it is made of alone', () => {
    const before = structuredClone(numbers);
    bounded(numbers);
    expect(numbers).toEqual(before);
  });
});
