import { authorizationRows, meansRows } from '#libs/application';
import { CHECK_TYPES, checkSchema } from '#libs/domain';
import { currentRuleSet } from '#libs/scheme';
import { item, list, sentence, wrapped } from './prose.js';
import { checkExamples } from '../../../apps/archive/checks/check-examples.js';

/** Writes the kinds of check as a page for people. Everything it says is read from the schema file and the tables. */

interface Definition {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly maxProperties?: number;
  readonly items?: Definition;
  readonly required?: readonly string[];
  readonly properties?: { readonly [member: string]: Definition | false };
  readonly oneOf?: readonly Definition[];
  readonly allOf?: readonly Definition[];
  readonly anyOf?: readonly Definition[];
  readonly if?: Definition;
  readonly then?: Definition;
  readonly else?: Definition;
  readonly dependentRequired?: { readonly [member: string]: readonly string[] };
}

const definitions = (checkSchema as unknown as { readonly $defs: { readonly [name: string]: Definition } }).$defs;
const nameOf = (ref: string): string => ref.slice('#/$defs/'.length);
/** A definition with what stands where it points to; its own words win. */
const resolved = (definition: Definition): Definition =>
  definition.$ref === undefined ? definition : { ...resolved(definitions[nameOf(definition.$ref)]!), ...definition };

const code = (value: unknown): string => `\`${String(value)}\``;
const codes = (values: readonly unknown[], last = 'or'): string =>
  values.length < 2
    ? values.map(code).join('')
    : `${values.slice(0, -1).map(code).join(', ')} ${last} ${code(values.at(-1))}`;

/** Members that every kind has. */
const COMMON = ['application', 'performedAt', 'performedBy', 'source', 'lateEntryReason'];

const TYPES: Readonly<Record<string, string>> = {
  uuid: 'id',
  dateTime: 'moment',
  number: 'number of a register',
  date: 'day',
};

/** What these say of themselves stands at the top of the page. */
const GENERAL = ['name', 'reference', 'uuid', 'dateTime', 'reason'];

function typeOf(definition: Definition): string {
  const whole = resolved(definition);
  if (definition.$ref !== undefined && resolved({ $ref: definition.$ref }).type === 'string') {
    const name = nameOf(definition.$ref);
    return TYPES[name] ?? (definitions[name]!.$ref === undefined ? name : typeOf(definitions[name]!));
  }
  if (whole.const !== undefined) return code(whole.const);
  if (whole.enum !== undefined) return `one of ${codes(whole.enum)}`;
  if (whole.items !== undefined) return `list of ${typeOf(whole.items)}`;
  if (whole.type === 'string') return textOf(whole);
  return whole.type ?? 'object';
}

/** That there is something to be seen in a text goes without saying. */
function textOf({ minLength, maxLength, pattern = '\\S' }: Definition): string {
  const length = minLength === maxLength ? `exactly ${maxLength}` : `at most ${maxLength}`;
  return `text of ${length} characters${pattern === '\\S' ? '' : ` that matches ${code(pattern)}`}`;
}

function memberItems(name: string, definition: Definition, isRequired: boolean, depth = 0): readonly string[] {
  const whole = resolved(definition);
  const facts = [
    whole.maxProperties === 1 ? 'object with exactly one of these' : typeOf(definition),
    ...(isRequired ? ['required'] : []),
    ...(whole.default === undefined ? [] : [`absent: ${code(JSON.stringify(whole.default))}`]),
  ];
  const said = definition.$ref !== undefined && GENERAL.includes(nameOf(definition.$ref)) ? definition : whole;
  const says = said.description === undefined ? '' : `: ${sentence(said.description)}`;
  return [item(`${code(name)} (${facts.join('; ')})${says}`, depth), ...below(whole, depth + 1)];
}

function below(whole: Definition, depth: number): readonly string[] {
  const branches = (whole.oneOf ?? []).filter(({ properties }) => properties !== undefined);
  if (branches.length > 0) return branches.flatMap((branch) => branchItems(branch, depth));
  return Object.entries(whole.properties ?? {}).flatMap(([name, one]) =>
    one === false ? [] : memberItems(name, one, whole.required?.includes(name) ?? false, depth),
  );
}

/** One of several shapes, told apart by the member that is a constant. */
function branchItems(branch: Definition, depth: number): readonly string[] {
  const [tag] = Object.entries(branch.properties!).find(([, one]) => one !== false && one.const !== undefined)!;
  const constant = (branch.properties![tag] as Definition).const;
  const others = Object.entries(branch.properties!).filter(([name]) => name !== tag);
  return [
    item(`${code(tag)} ${code(constant)}, and`, depth),
    ...others.flatMap(([name, one]) =>
      one === false ? [] : memberItems(name, one, branch.required?.includes(name) ?? false, depth + 1),
    ),
  ];
}

const isSaid = (condition: Definition): string =>
  Object.entries(condition.properties ?? {})
    .map(([name, one]) => `${code(name)} ${code(one === false ? '' : one.const)}`)
    .join(' and ');

/** What a branch of a condition asks. */
function asks({ required = [], properties = {}, anyOf = [] }: Definition): string {
  const absent = Object.entries(properties).flatMap(([name, one]) => (one === false ? [name] : []));
  const bound = Object.entries(properties).flatMap(([name, one]) =>
    one === false ? [] : [`${code(name)} is ${codes(one.enum ?? [one.const])}`],
  );
  return [
    ...(required.length === 0 ? [] : [`${codes(required, 'and')} ${required.length === 1 ? 'is' : 'are'} required`]),
    ...bound,
    ...(anyOf.length === 0
      ? []
      : [
          `at least one of ${codes(
            anyOf.flatMap((one) => one.required ?? []),
            'and',
          )}`,
        ]),
    ...(absent.length === 0 ? [] : [`no ${codes(absent)}`]),
  ].join('; ');
}

function conditions(definition: Definition): readonly string[] {
  const choice = (definition.oneOf ?? []).flatMap(({ required }) => required ?? []);
  const of = (one: Definition): readonly string[] =>
    one.if === undefined
      ? []
      : [
          ...(one.then === undefined ? [] : [item(`With ${isSaid(one.if)}: ${asks(one.then)}.`)]),
          ...(one.else === undefined ? [] : [item(`Without ${isSaid(one.if)}: ${asks(one.else)}.`)]),
        ];
  return [
    ...(choice.length === 0 ? [] : [item(`Exactly one of ${codes(choice)} is required.`)]),
    ...Object.entries(definition.dependentRequired ?? {}).map(([name, others]) =>
      item(`${code(name)} only beside ${codes(others, 'and')}.`),
    ),
    ...of(definition),
    ...(definition.allOf ?? []).flatMap(of),
  ];
}

/** The rows of the rule book that a kind of check can be part of, per table. */
function rowsOf(type: string): string {
  const tables = [
    ['a first registration', authorizationRows('first', currentRuleSet)],
    ['a repeated one', authorizationRows('repeated', currentRuleSet)],
    ['a means', meansRows(currentRuleSet)],
  ] as const;
  const earned = tables.flatMap(([what, table]) => {
    const rows = new Set(table.filter(({ checks }) => checks.includes(type)).map(({ row }) => row));
    return rows.size === 0 ? [] : [`of ${what} ${[...rows].join(', ')}`];
  });
  return earned.length === 0 ? 'No row rests on it.' : `Rows that can rest on it: ${earned.join('; ')}.`;
}

/** A member a line, as a person would write it. */
const inJson = (value: unknown): string =>
  JSON.stringify(value, undefined, 1).replaceAll(/\n\s*/g, ' ').replaceAll(/\[ /g, '[').replaceAll(/ \]/g, ']');
const example = (body: object): string => {
  const members = Object.entries(body).map(([name, value]) => `  ${JSON.stringify(name)}: ${inJson(value)}`);
  return `\`\`\`json\n{\n${members.join(',\n')}\n}\n\`\`\`\n`;
};

function section(type: string): string {
  const definition = definitions[type]!;
  const own = Object.entries(definition.properties!).filter(([name]) => name !== 'type' && !COMMON.includes(name));
  const members = own.flatMap(([name, one]) =>
    one === false ? [] : memberItems(name, one, definition.required!.includes(name)),
  );
  return [
    `## ${type}\n`,
    `${wrapped(sentence(definition.description!))}\n`,
    list([...members, ...conditions(definition)]),
    `${wrapped(rowsOf(type))}\n`,
    example(checkExamples[type as keyof typeof checkExamples]),
  ].join('\n');
}

function common(): string {
  const { properties, required } = definitions[CHECK_TYPES[0]!]!;
  return list(COMMON.flatMap((name) => memberItems(name, properties![name] as Definition, required!.includes(name))));
}

/** Every kind of check: what it states, its members, the rows it can earn, a body that can be sent. */
export const checksPage = (): string =>
  [
    '# The kinds of check\n',
    wrapped(
      'Generated from `libs/domain/check/check.schema.json`, the rows of the rule book and the examples of the contract ' +
        '(`npm run generate`); a test fails when it is stale. A check is sent to `POST /v1/checks`; what becomes of it in a ' +
        'dossier is in [interfaces.md](interfaces.md), section 6, what each row asks in [rule-book.md](rule-book.md). ' +
        'A row rests on a check together with others, and only where the check says yes and counts.',
    ),
    '',
    list(CHECK_TYPES.map((type) => `- [${type}](#${type.toLowerCase()})`)),
    '## What every check has\n',
    `${wrapped('`type` names the kind, one of those above. What each kind has of its own follows below.')}\n`,
    common(),
    list([
      item('An *id* is a UUID, a *moment* a date and time with an offset.'),
      item('A *name* is an entry of a list; what lists there are is in [6.1](interfaces.md#61-published-lists).'),
      item(`A *reference*: ${definitions['reference']!.description!}`),
      item(`A *reason*: ${definitions['reason']!.description!}`),
    ]),
    ...CHECK_TYPES.map(section),
  ].join('\n');
