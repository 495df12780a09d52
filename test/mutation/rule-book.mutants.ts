import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// All specs of the rule book as one test file: a mutant is then judged in one load of its modules, not in one per spec.
// Without the properties, which run every rule hundreds of times and find what the cases find, and without the list of
// rule ids, which reads texts.
const root = fileURLToPath(new URL('../../libs/scheme/', import.meta.url));
const specs = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.spec.ts') && !/(properties|rule-ids)\.spec\.ts$/.test(file))
  .sort();

for (const spec of specs) await import(`${root}${spec}`);
