import { isServed, type Condition, type Query, type TableDeclaration } from '#libs/eventing';
import { columnList, columnName, tableName, toText } from './read-model-table.js';

/**
 * The statement of a search and its parameters. Throws for a search that no declared index serves: it would work in a
 * test and read a million rows later.
 */
export function searchStatement(
  table: TableDeclaration,
  query: Query,
  /** The columns of each row that are asked for. */
  shown: Pick<TableDeclaration, 'columns'> = table,
): { text: string; values: unknown[] } {
  refuseWithoutIndex(table, query);
  const values: unknown[] = [];
  const parameter = (value: unknown, type: string): string => `$${values.push(value)}::${type}`;
  const [order, key] = [columnName(table.newestFirst), columnName(table.key)];
  const isSelective = ({ column, is }: Condition): boolean =>
    is === 'containing' && (table.selective ?? []).includes(column);
  const textOf = (condition: Condition): string => conditionText(table, condition, parameter);
  const first = query.where.filter(isSelective).map(textOf);
  const where = query.where.filter((condition) => !isSelective(condition)).map(textOf);
  if (query.after !== undefined) {
    const place = `(${parameter(query.after.order, 'bigint')}, ${parameter(query.after.key, 'text')})`;
    where.push(`(${order}, ${key}) < ${place}`);
  }
  // `offset 0` keeps the two apart: the planner takes a value it has no figures for to be in every two hundredth row.
  const from =
    first.length === 0
      ? tableName(table)
      : `(select * from ${tableName(table)} where ${first.join(' and ')} offset 0) as found`;
  const text =
    `select ${columnList(shown)} from ${from}` +
    (where.length > 0 ? ` where ${where.join(' and ')}` : '') +
    ` order by ${order} desc, ${key} desc limit ${parameter(query.limit, 'bigint')}`;
  return { text, values };
}

function conditionText(
  table: TableDeclaration,
  condition: Condition,
  parameter: (value: unknown, type: string) => string,
): string {
  const type = table.columns[condition.column];
  if (type === undefined) throw new Error(`read model ${table.name} declares no column ${condition.column}`);
  const column = columnName(condition.column);
  switch (condition.is) {
    case 'equal':
      return `${column} = ${parameter(toText(condition.value, type), type)}`;
    case 'one-of':
      return `${column} = any(${parameter(
        condition.values.map((value) => toText(value, type)),
        `${type}[]`,
      )})`;
    case 'containing':
      return `${column} @> array[${parameter(condition.value, 'text')}]`;
    case 'within':
      return `(${column} is null or ${column} <@ ${parameter(condition.values, 'text[]')})`;
    case 'from':
      return `${column} >= ${parameter(toText(condition.value, type), type)}`;
    case 'before':
      return `${column} < ${parameter(toText(condition.value, type), type)}`;
  }
}

function refuseWithoutIndex(table: TableDeclaration, { where }: Query): void {
  if (isServed(table, where)) return;
  throw new Error(`no index of ${table.name} serves ${where.map(({ column }) => column).join(', ')}`);
}
