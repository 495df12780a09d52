import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const text = (path: string): string => readFileSync(join(root, path), 'utf8');
export const isThere = (path: string): boolean => existsSync(join(root, path));

export const yaml = (path: string): unknown => parse(text(path), { merge: true });
export const yamlDocuments = (path: string): readonly unknown[] =>
  parseAllDocuments(text(path), { merge: true }).map((document) => document.toJS() as unknown);

export const filesBelow = (folder: string, ending: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`);

export const apps = (): readonly string[] => readdirSync(join(root, 'apps'));

/** Those that an installation consists of: a witness is somebody else's. */
export const ownApps = (): readonly string[] => apps().filter((app) => app !== 'witness');

/** Names of figures, as the sources register them and Prometheus reads them. */
export function figures(): ReadonlySet<string> {
  const registered = /\.(?:counter|gauge|histogram)\(\s*'([a-z_]+)'/g;
  const sources = ['libs', 'apps']
    .flatMap((folder) => filesBelow(folder, '.ts'))
    .filter((file) => !/spec\.ts$/.test(file));
  return new Set(sources.flatMap((file) => [...text(file).matchAll(registered)].map(([, name]) => `waarborg_${name}`)));
}

/** The figures that a text names; of a histogram by its own name. */
export const figuresIn = (expression: string): readonly string[] =>
  [...expression.matchAll(/\bwaarborg_[a-z_]+/g)].map(([name]) => name.replace(/_(?:bucket|sum|count)$/, ''));

/** The anchors of a page's headings, as the pages of a repository show them. */
export const anchors = (path: string): readonly string[] =>
  [...text(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );

export interface FigureEntry {
  readonly figure: string;
  readonly labels: readonly string[];
  /** All that docs/operations.md says of it. */
  readonly text: string;
}

/** The figures as docs/operations.md explains them, with their labels. */
export function entries(): ReadonlyMap<string, FigureEntry> {
  const found = [
    ...text('docs/operations.md').matchAll(/^- `(waarborg_[a-z_]+)`(?: \(([^)]*)\))?:[^\n]*(?:\n {2}[^\n]*)*/gm),
  ];
  return new Map(
    found.map(([entry, figure, labels = '']) => [
      figure!,
      { figure: figure!, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label!), text: entry },
    ]),
  );
}

/** Figures, labels (asked or grouped by) and values of labels in an expression of Prometheus. */
export function askedOf(expression: string): {
  readonly figures: readonly string[];
  readonly labels: readonly string[];
  readonly values: readonly { readonly label: string; readonly value: string }[];
} {
  const values = [...expression.matchAll(/[{,]\s*(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g)].flatMap(([, label, value]) =>
    value!.split('|').map((one) => ({ label: label!, value: one })),
  );
  const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/,\s*/));
  return {
    figures: figuresIn(expression),
    labels: [...new Set([...grouped, ...values.map(({ label }) => label)])],
    values,
  };
}
