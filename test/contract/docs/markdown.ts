import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Page {
  /** Path from the top folder. */
  readonly file: string;
  readonly text: string;
}

export const page = (file: string): Page => ({ file, text: readFileSync(join(root, file), 'utf8') });

/** README, CONTRIBUTING, CHANGELOG, everything below `docs`, and what stands beside the code. */
export function pages(): readonly Page[] {
  const below = ['docs', 'libs', 'apps', 'deploy', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const files = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...below];
  return files.filter((file) => file.endsWith('.md') && !/[\\/](?:node_modules|out)[\\/]/.test(file)).map(page);
}

/** Folders of the project that a path in a page may begin with. */
const TOP = /^(?:apps|libs|test|docs|deploy|\.ci)\//;

/**
 * Paths of the project that a page names in code marks and that are not there. A path with a placeholder (`<name>`,
 * `*`, `…`, a route's `:id`) names no one file.
 */
export function missingPaths({ text }: Page): readonly string[] {
  const named = [...text.matchAll(/`([^`\s]+)`/g)].map(([, path]) => path!);
  return named.filter((path) => TOP.test(path) && !/[<>*…:{}]/.test(path) && !existsSync(join(root, path)));
}

/** Targets of relative links of a page that are not there. */
export function brokenLinks({ file, text }: Page): readonly string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path, anchor] = target.split('#', 2);
    const place = path === '' ? join(root, file) : resolve(root, dirname(file), path!);
    if (!existsSync(place)) return true;
    return anchor !== undefined && !anchors(page(relative(root, place))).has(anchor);
  });
}

/** Anchors that headings get on the usual hosts: lower case, hyphens for spaces, nothing else but letters and digits. */
const anchors = ({ text }: Page): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

/** Scripts that a page runs with `npm run` and that `package.json` does not have. */
export function unknownScripts({ text }: Page): readonly string[] {
  const { scripts } = JSON.parse(page('package.json').text) as { readonly scripts: Readonly<Record<string, string>> };
  const named = [...text.matchAll(/npm run (?:--silent )?([a-z][a-z-]*)/g)].map(([, script]) => script!);
  return named.filter((script) => !Object.hasOwn(scripts, script));
}

/** The items of all lists of a page, each in one line. */
export const items = (text: string): readonly string[] =>
  [...text.matchAll(/^ *- (.*(?:\n +(?!- ).*)*)/gm)].map(([, item]) => item!.replaceAll(/\s+/g, ' '));

const WIDEST_TABLE = 120;

/** Lines of tables that a terminal breaks, so that no column stands under its head any more. */
export const wideTables = ({ text }: Page): readonly string[] =>
  text.split('\n').filter((line) => line.startsWith('|') && line.length > WIDEST_TABLE);
