import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * What a generated file holds now. With `UPDATE_GENERATED=1` the file is first written,
 * so that the test that finds it stale is also what brings it up to date.
 */
export function generatedFile(path: string, content: string): string {
  if (process.env['UPDATE_GENERATED'] === '1') writeFileSync(path, content);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
