// Which rules of the scheme's catalogue the tests name. An id counts where a test says it: in its title, or in a table of
// cases. Whatever else has it (a comment, an expected value, what is skipped) says nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import ts from 'typescript';

/** Chapters whose binding rules each need a test or a line in docs/not-yet.md. */
export const TRACED = [1, 2, 3, 4, 5, 6, 8];
const BINDING = ['MUST', 'MUST NOT', 'SHOULD', 'SHOULD NOT'];
const SPEC = /(\.|-)(spec|tests|contract)\.ts$/;
const ID = /(?<![\w/.-])[A-Z][A-Z0-9]*(?:-?[A-Za-z0-9]+)*(?:\.[a-z]+)?(?![\w/])/g;

/** The catalogue as the project keeps it: `id`, `strength`, `chapter`, `line`. */
export const catalogue = (root) => JSON.parse(readFileSync(join(root, 'docs/catalogue-ids.json'), 'utf8'));

/** The same as the file has it: a rule in a line. */
export const catalogueText = (rules) => `[\n${rules.map((rule) => `  ${JSON.stringify(rule)}`).join(',\n')}\n]\n`;

/** Reads the catalogue's own page. */
export function readCatalogue(page) {
  let chapter = 0;
  return page.split('\n').flatMap((line, at, lines) => {
    chapter = Number(/^## (\d+) /.exec(line)?.[1] ?? chapter);
    const [, id, strength] = /^#### (\S+) · (MUST NOT|MUST|SHOULD NOT|SHOULD|MAY)\b/.exec(line) ?? [];
    return id === undefined ? [] : [{ id, strength, chapter, line: firstSentence(lines[at + 1]) }];
  });
}

/** At most so much of a rule stands in the project's list. */
const LINE = 160;
const firstSentence = (text) =>
  shortened(/^.*?\.(?=\s|$)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\b[a-z]\.)/.exec(text)?.[0] ?? text);
const shortened = (text) => (text.length <= LINE ? text : `${text.slice(0, text.lastIndexOf(' ', LINE))} …`);

/** Ids with the reason why no test can name them yet, as docs/not-yet.md has them. */
export const notYet = (root) => readNotYet(readFileSync(join(root, 'docs/not-yet.md'), 'utf8'));

/** The rows of that page below the head of its table. A row that does not have both is none: its rules are missed. */
export function readNotYet(page) {
  const rows = page.split('\n').map((line) => /^\| *([^|]*[^| ]) *\| *([^|]*[^| ]) *\|$/.exec(line));
  return new Map(
    rows.flatMap((row) => {
      const [, ids, reason] = row ?? [];
      return ids === undefined || /^(rules|-+)$/.test(ids) ? [] : ids.split(/, */).map((id) => [id, reason]);
    }),
  );
}

/** For each of the ids the tests that name it, as `file:line title`. */
export function named(root, ids) {
  const wanted = new Set(ids);
  const files = ['apps', 'libs', 'test']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, file)))
    .map((file) => file.replaceAll(sep, '/'))
    .filter((file) => SPEC.test(file) && !/\/node_modules\/|\/fixtures\/|^test\/trace\//.test(file))
    .sort();
  const found = new Map(ids.map((id) => [id, []]));
  for (const file of files) {
    for (const [id, tests] of namedIn(readFileSync(join(root, file), 'utf8'), wanted)) {
      found.get(id).push(...tests.map((test) => `${file}:${test}`));
    }
  }
  return found;
}

/**
 * The ids among `wanted` that the tests of one file name, each with these tests, as `line title`. A test names what stands
 * in its title or in that of a group, or is a cell in the table of an `.each`; what lies deeper in a cell is data. A group
 * in which no test runs names nothing. What is run on a condition (`unless`, `if`) counts as not run.
 */
export function namedIn(text, wanted) {
  const source = ts.createSourceFile('spec.ts', text, ts.ScriptTarget.Latest, true);
  const values = valuesOf(source);

  /** Into `ids` what the tests below a node name; whether there are any that run. */
  const visit = (node, ids) => {
    if (isConditional(node)) return false;
    const call = ts.isCallExpression(node) ? calledTest(node.expression) : undefined;
    if (call === undefined) {
      let runs = false;
      ts.forEachChild(node, (child) => {
        runs = visit(child, ids) || runs;
      });
      return runs;
    }
    if (call.kind === undefined) return false;
    const [title, ...bodies] = node.arguments;
    const own = new Map();
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    for (const words of [wordsOf(title), ...call.tables.flatMap((table) => cellsOf(table, values))]) {
      for (const [word] of words.matchAll(ID)) if (wanted.has(word)) own.set(word, [`${line + 1} ${wordsOf(title)}`]);
    }
    const tests = bodies.map((body) => visit(body, own));
    const runs = call.kind !== 'describe' || tests.includes(true);
    if (runs) for (const [id, named] of own) ids.set(id, [...(ids.get(id) ?? []), ...named]);
    return runs;
  };

  const ids = new Map();
  visit(source, ids);
  return ids;
}

const isConditional = (node) =>
  ts.isIfStatement(node) ||
  ts.isConditionalExpression(node) ||
  ts.isSwitchStatement(node) ||
  (ts.isBinaryExpression(node) && ['&&', '||', '??'].includes(node.operatorToken.getText()));

/** What a file gives a name; nothing for a name that it gives twice. */
function valuesOf(source) {
  const values = new Map();
  const visit = (node) => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined) {
      values.set(node.name.text, values.has(node.name.text) ? undefined : node.initializer);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return values;
}

/**
 * Which test an expression declares when it is called, with the tables of its cases; no `kind` when it need not run
 * (`skip`, `todo`, `failing`, `unless`), `undefined` when it is no test.
 */
function calledTest(expression) {
  if (ts.isCallExpression(expression) && /\.each$/.test(expression.expression.getText())) {
    const call = calledTest(expression.expression);
    return call && { ...call, tables: [...call.tables, ...expression.arguments] };
  }
  if (ts.isIdentifier(expression)) {
    const [, kind] = /^(it|test|describe)$/.exec(expression.text) ?? [];
    if (kind !== undefined) return { kind, tables: [] };
    return /^(x(it|test|describe)|fit|fdescribe)$/.test(expression.text) ? { tables: [] } : undefined;
  }
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  const call = calledTest(expression.expression);
  const name = expression.name.text;
  if (call === undefined) return /^(it|test|describe)$/.test(name) ? { tables: [] } : undefined;
  return /^(each|only|concurrent)$/.test(name) ? call : { tables: [] };
}

/** The cells of a table: its rows where they are words, and the words that stand in its rows by themselves. */
function cellsOf(table, values, seen = new Set()) {
  const node = unwrapped(table);
  if (ts.isSpreadElement(node)) return cellsOf(node.expression, values, seen);
  if (ts.isIdentifier(node)) {
    const value = values.get(node.text);
    return value === undefined || seen.has(value) ? [] : cellsOf(value, values, new Set(seen).add(value));
  }
  if (!ts.isArrayLiteralExpression(node)) return [];
  return node.elements.flatMap((element) => {
    const row = unwrapped(element);
    if (ts.isSpreadElement(row)) return cellsOf(row, values, seen);
    if (ts.isArrayLiteralExpression(row)) return row.elements.map((cell) => wordsOf(unwrapped(cell)));
    if (!ts.isObjectLiteralExpression(row)) return [wordsOf(row)];
    return row.properties.map((member) =>
      ts.isPropertyAssignment(member) ? wordsOf(unwrapped(member.initializer)) : '',
    );
  });
}

const unwrapped = (node) =>
  ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node)
    ? unwrapped(node.expression)
    : node;

/** Stands for what is put into a text: words that touch it are parts of others. */
const PUT_IN = '_';

/** The words of a text; none of anything else. */
function wordsOf(node) {
  if (node === undefined) return '';
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return '';
  return [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join(PUT_IN);
}

/** Everything that is wrong with the trace, one line each. */
export function gaps(rules, found, later) {
  const known = new Set(rules.map(({ id }) => id));
  const traced = rules.filter(({ chapter, strength }) => TRACED.includes(chapter) && BINDING.includes(strength));
  const has = (id) => (found.get(id) ?? []).length > 0;
  return [
    ...traced
      .filter(({ id }) => !has(id) && !later.has(id))
      .map(({ id, line }) => `${id} is named by no test: ${line}`),
    ...[...later.keys()].filter((id) => !known.has(id)).map((id) => `${id} in docs/not-yet.md is no rule`),
    ...[...later.keys()].filter(has).map((id) => `${id} stands in docs/not-yet.md, and a test names it`),
  ];
}
