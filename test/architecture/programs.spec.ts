import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const IMPORTED = /import \{([^}]*)\} from '(#[^']+|(?:\.\.\/)+dist\/[^']+)'/g;
/** What is built stands beside as source. */
const sourceOf = (from: string): string => from.replace(/^(?:\.\.\/)+dist\//, '../../');

/** What programs that no type check reads take from libraries: file, library, names. */
const taken = ['deploy', 'test']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, String(file))))
  .filter((file) => /\.m?js$/.test(file) && !file.includes('node_modules'))
  .flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(IMPORTED)].map(
      ([, names, from]): [string, string, string[]] => [
        file,
        from!,
        names!
          .split(',')
          .map((name) => name.trim().split(' as ')[0]!)
          .filter((name) => name !== ''),
      ],
    ),
  );

/** A bench is run by hand: without this nobody would hear that a name it needs has gone. */
describe('a program outside the type check', () => {
  it('is among several', () => expect(taken.length).toBeGreaterThan(20));

  it.each(taken)('%s finds in %s what it takes', async (_file, from, names) => {
    const exported = (await import(sourceOf(from))) as Record<string, unknown>;
    expect(names.filter((name) => exported[name] === undefined)).toEqual([]);
  });
});
