import { escapeIdentifier } from 'pg';
import type { ColumnType, ColumnValue, Projection, Row, TableDeclaration } from '#libs/eventing';

const SCHEMA = 'read_model';
const SHADOW = '__shadow';
/** PostgreSQL cuts longer names off. */
const LONGEST_NAME = 50;

/** The table of this version, beside which those of others may stand. */
export const tableOf = ({ table, version }: Pick<Projection<never>, 'table' | 'version'>): TableDeclaration => ({
  ...table,
  name: versioned(table.name, version),
});
export const versioned = (table: string, version: number): string => `${table}_${version}`;
export const inSchema = (name: string): string => `${SCHEMA}.${escapeIdentifier(name)}`;
export const shadowOf = (name: string): string => name + SHADOW;

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const columnName = (column: string): string => escapeIdentifier(snakeCase(column));
export const tableName = (table: TableDeclaration): string => inSchema(table.name);
export const shadowName = (table: TableDeclaration): string => inSchema(shadowOf(table.name));
export const columnsOf = (table: Pick<TableDeclaration, 'columns'>): readonly string[] => Object.keys(table.columns);
export const columnList = (table: Pick<TableDeclaration, 'columns'>): string =>
  columnsOf(table).map(columnName).join(', ');

/** Text columns compare by code point, as the program does, whatever the database's language. */
const sqlType = (type: ColumnType): string =>
  type === 'text' ? 'text collate "C"' : type === 'text[]' ? 'text[] collate "C"' : type;

/** Throws for a declaration that can't be a table. */
export function checkDeclaration(table: TableDeclaration): void {
  const named = [table.name, ...columnsOf(table).map(snakeCase)];
  const wrong = named.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name) || name.length > LONGEST_NAME);
  if (wrong.length > 0) throw new Error(`read model ${table.name}: can't be names: ${wrong.join(', ')}`);
  if (table.columns[table.key] !== 'text') throw new Error(`read model ${table.name}: its key is no text column`);
  if (table.columns[table.newestFirst] !== 'bigint') {
    throw new Error(`read model ${table.name}: newestFirst is no bigint column`);
  }
  const unlisted = (table.selective ?? []).filter((column) => table.columns[column] !== 'text[]');
  if (unlisted.length > 0) throw new Error(`read model ${table.name}: no list: ${unlisted.join(', ')}`);
  const unknown = (table.indexes ?? []).flat().filter((column) => !(column in table.columns));
  if (unknown.length > 0) throw new Error(`read model ${table.name}: index on unknown ${unknown.join(', ')}`);
}

/** Statement that makes a table of this shape, without its key and indexes. */
export function createTable(name: string, table: TableDeclaration): string {
  const columns = columnsOf(table).map((column) => {
    const required = column === table.key || column === table.newestFirst ? ' not null' : '';
    return `${columnName(column)} ${sqlType(table.columns[column]!)}${required}`;
  });
  return `create table ${name} (${columns.join(', ')})`;
}

/** Statements that give the table its key and an index for every declared search, each in the order of the lists. */
export function createIndexes(name: string, table: TableDeclaration): readonly string[] {
  const [key, order] = [columnName(table.key), columnName(table.newestFirst)];
  return [
    `alter table ${name} add primary key (${key})`,
    `create index on ${name} (${order}, ${key})`,
    ...(table.indexes ?? []).flatMap((columns) => {
      const lists = columns.filter((column) => table.columns[column] === 'text[]');
      const plain = columns.filter((column) => table.columns[column] !== 'text[]');
      const rest = [table.newestFirst, table.key].filter((column) => !plain.includes(column));
      return [
        ...lists.map((column) => `create index on ${name} using gin (${columnName(column)})`),
        ...(plain.length === 0 ? [] : [`create index on ${name} (${[...plain, ...rest].map(columnName).join(', ')})`]),
      ];
    }),
  ];
}

/** A value as PostgreSQL reads it from text; `null` = NULL. */
export function toText(value: ColumnValue, type: ColumnType): string | null {
  if (value === null || value === undefined) return null;
  if (type === 'json') return JSON.stringify(value);
  if (type === 'text[]') return textArray(value as readonly string[]);
  return String(value);
}

/** PostgreSQL's array literal. */
export const textArray = (values: readonly (string | null)[]): string =>
  `{${values.map((value) => (value === null ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;

/** A row's values in the order of the declared columns. Throws for a row that does not fit the declaration. */
export function rowValues(table: TableDeclaration, row: Row): (string | null)[] {
  for (const column of Object.keys(row)) {
    if (!(column in table.columns)) throw new Error(`read model ${table.name} declares no column ${column}`);
  }
  return columnsOf(table).map((column) => toText(row[column], table.columns[column]!));
}

/** PostgreSQL's numbers for types whose values don't stay text. */
const [BOOLEAN, BIGINT, INTEGER, JSON_TYPE, TEXT_ARRAY] = [16, 20, 23, 114, 1009];

/** How values of a read model's row come back: bigints as bigint, lists as lists. */
export const rowTypes = (parseTextArray: (text: string) => unknown) => ({
  getTypeParser:
    (type: number) =>
    (value: string): unknown => {
      if (type === BIGINT) return BigInt(value);
      if (type === INTEGER) return Number(value);
      if (type === BOOLEAN) return value === 't';
      if (type === JSON_TYPE) return JSON.parse(value) as unknown;
      if (type === TEXT_ARRAY) return parseTextArray(value);
      return value;
    },
});

/** A row as the program knows it, from values in the order of the declared columns. */
export const rowOf = <R extends Row>(table: TableDeclaration, values: readonly unknown[]): R =>
  Object.fromEntries(columnsOf(table).map((column, index) => [column, values[index]])) as R;
