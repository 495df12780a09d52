import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixtures = join(root, 'test', 'architecture', 'fixtures', 'lint');

interface Linted {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null }[];
}

test('The lint rules report clocks, chance, surroundings, any, forwardRef, lost promises, console and empty tests where they are banned', () => {
  const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const announced = Object.fromEntries(
    files.map((name) => [
      join(fixtures, name),
      /^\/\/ reported: (.*)$/m.exec(readFileSync(join(fixtures, name), 'utf8'))?.[1]?.split(', ') ?? [],
    ]),
  );
  const eslint = join(root, 'node_modules', 'eslint', 'bin', 'eslint.js');
  const { stdout, stderr } = spawnSync(process.execPath, [eslint, '--no-ignore', '--format', 'json', fixtures], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const reported = Object.fromEntries(
    (JSON.parse(stdout) as Linted[]).map(({ filePath, messages }) => [
      filePath,
      [...new Set(messages.map(({ ruleId }) => ruleId ?? 'not parsed'))],
    ]),
  );
  expect(reported).toEqual(announced);
});
