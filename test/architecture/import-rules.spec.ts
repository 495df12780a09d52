import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import rules from './rules.js';

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));
const cruiser = fileURLToPath(
  new URL('../../node_modules/dependency-cruiser/bin/dependency-cruise.mjs', import.meta.url),
);

interface Cruise {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

/** What the first line of a fixture says must be reported for it. */
function announced(): Record<string, string[]> {
  const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const rulesOf = (name: string): string[] =>
    /^\/\/ reported: (.*)$/m.exec(readFileSync(join(fixtures, name), 'utf8'))?.[1]?.split(', ') ?? [];
  return Object.fromEntries(
    files.filter((name) => !name.startsWith('lint')).map((name) => [name.replaceAll('\\', '/'), rulesOf(name).sort()]),
  );
}

function reported(): Record<string, string[]> {
  const options = ['--config', '../rules.js', '--output-type', 'json', 'apps', 'libs'];
  const output = execFileSync(process.execPath, [cruiser, ...options], {
    cwd: fixtures,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  const found: Record<string, string[]> = Object.fromEntries(Object.keys(announced()).map((name) => [name, []]));
  for (const { from, rule } of (JSON.parse(output) as Cruise).summary.violations) {
    if (!found[from]!.includes(rule.name)) found[from]!.push(rule.name);
  }
  return Object.fromEntries(Object.entries(found).map(([name, names]) => [name, names.sort()]));
}

describe('The import rules', () => {
  test('report each wrong fixture under its rule, and no right one', () => {
    expect(reported()).toEqual(announced());
  });

  test('have a wrong fixture each', () => {
    const broken = new Set(Object.values(announced()).flat());
    expect(rules.forbidden.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
  });
});
