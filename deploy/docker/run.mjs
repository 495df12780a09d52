// The image's one program: node run.mjs [APP] [options of the app]. Without a name APP says which; else the suite.
import { readdirSync } from 'node:fs';

const apps = readdirSync(new URL('dist/apps/', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const named = process.argv[2]?.startsWith('-') ? undefined : process.argv[2];
const app = named ?? process.env.APP ?? 'suite';
if (!apps.includes(app)) {
  process.stderr.write(`"${app}" is no app: there are ${apps.join(', ')}\n`);
  process.exit(1);
}
process.argv.splice(1, named === undefined ? 1 : 2, `apps/${app}`);
await import(new URL(`dist/apps/${app}/main.js`, import.meta.url).href);
