import { describe, expect, it } from '@jest/globals';
import type { ColumnType, ColumnValue, TableDeclaration } from '#libs/eventing';
import {
  checkDeclaration,
  createIndexes,
  createTable,
  rowOf,
  rowTypes,
  rowValues,
  toText,
} from './read-model-table.js';

const table: TableDeclaration = {
  name: 'samples',
  key: 'id',
  newestFirst: 'position',
  columns: {
    ...{ id: 'text', position: 'bigint', number: 'integer', isOpen: 'boolean', names: 'text[]', whole: 'json' },
  },
  indexes: [['isOpen', 'position'], ['names'], ['names', 'number']],
  selective: ['names'],
};
const row = { id: 'a', position: 7n, number: 3, isOpen: true, names: ['x', 'y "z" \\'], whole: { a: [null] } };

describe('a row of a read model', () => {
  it('goes to the database as text in the order of its columns, and what is absent as nothing', () => {
    expect(rowValues(table, row)).toEqual(['a', '7', '3', 'true', '{"x","y \\"z\\" \\\\"}', '{"a":[null]}']);
    expect(rowValues(table, { id: 'a', position: 7n, isOpen: null })).toEqual(['a', '7', null, null, null, null]);
    expect(() => rowValues(table, { ...row, other: 1 })).toThrow('read model samples declares no column other');
  });

  it.each<[ColumnType, ColumnValue, number, string]>([
    ['bigint', 9_007_199_254_740_993n, 20, '9007199254740993'],
    ['integer', 3, 23, '3'],
    ['boolean', true, 16, 't'],
    ['boolean', false, 16, 'f'],
    ['json', { a: [1, null] }, 114, '{"a":[1,null]}'],
    ['text', '3', 25, '3'],
    ['text[]', ['x'], 1009, 'list {"x"}'],
  ])('comes back as it went, by its type: %s %p', (type, value, number, sent) => {
    const parse = rowTypes((text) => [text.slice('list {"'.length, -2)]).getTypeParser(number);
    expect(parse(sent)).toEqual(value);
    if (type !== 'boolean' && type !== 'text[]') expect(toText(value, type)).toBe(sent);
  });

  it('is named by its columns again', () => {
    expect(rowOf(table, Object.values(row))).toEqual(row);
  });
});

describe('the table of a read model', () => {
  it('has its key and its order in every row, and texts in the order of the program', () => {
    expect(createTable('t', table)).toBe(
      'create table t ("id" text collate "C" not null, "position" bigint not null, "number" integer, ' +
        '"is_open" boolean, "names" text[] collate "C", "whole" json)',
    );
  });

  it('has an index for each declared search, in the order of the list', () => {
    expect(createIndexes('t', table)).toEqual([
      'alter table t add primary key ("id")',
      'create index on t ("position", "id")',
      'create index on t ("is_open", "position", "id")',
      'create index on t using gin ("names")',
      'create index on t using gin ("names")',
      'create index on t ("number", "position", "id")',
    ]);
    const { indexes: _none, ...bare } = table;
    expect(createIndexes('t', bare)).toHaveLength(2);
  });

  it.each<[string, Partial<TableDeclaration>, string]>([
    ['names that can be none', { name: 'Samples' }, "can't be names: Samples"],
    ['a name with a hyphen', { columns: { ...table.columns, 'a-b': 'text' } }, "can't be names: a-b"],
    ['names that would be cut off', { name: 'x'.repeat(51) }, `can't be names: ${'x'.repeat(51)}`],
    ['a key that is no text', { key: 'number' }, 'its key is no text column'],
    ['an order that is no position', { newestFirst: 'number' }, 'newestFirst is no bigint column'],
    ['a list that is none', { selective: ['id', 'names'] }, 'no list: id'],
    ['an index on nothing', { indexes: [['id'], ['other']] }, 'index on unknown other'],
  ])('is refused with %s', (_what, more, reason) => {
    expect(() => checkDeclaration({ ...table, ...more })).toThrow(reason);
    expect(() => checkDeclaration(table)).not.toThrow();
  });
});
