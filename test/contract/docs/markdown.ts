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

/** README, CONTRIBUTING, CHANGELOG and everything below `docs`. */
export function pages(): readonly Page[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  const files = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs.map((name) => join('docs', name))];
  return files.filter((file) => file.endsWith('.md')).map(page);
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
