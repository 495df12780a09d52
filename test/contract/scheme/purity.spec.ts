import { expect, test } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The rule book may import nothing that looks at a clock, a machine or chance; ajv alone reads the contract. */
test('libs/scheme is pure', () => {
  const root = fileURLToPath(new URL('../../../libs/scheme/', import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
  );
  expect(files.length).toBeGreaterThan(30);
  const forbidden =
    /Date\.now|new Date\b|Math\.random|\bprocess\b\s*\.|globalThis|crypto|performance\.|\bIntl\b|toLocale/;
  const impure = files.flatMap((file) => {
    const text = readFileSync(`${root}${file}`, 'utf8');
    const imports = [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? '');
    const foreign = imports.filter(
      (name) =>
        !name.startsWith('./') &&
        !name.startsWith('../') &&
        !(file.startsWith('validation') && /^ajv(\/|$)/.test(name)),
    );
    return [...foreign, ...(forbidden.exec(text) ?? [])].map((what) => `${file}: ${what}`);
  });
  expect(impure).toEqual([]);
});
