// node place-keys.mjs FROM TO: puts key files where an app takes them. A mounted secret is a folder of links that a group may
// read, which the key provider refuses (libs/vault): here each file becomes one of its own, for nobody else.
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) throw new Error('node place-keys.mjs FROM TO');
const KEY_FILE = /^[a-z0-9-]+\.\d+\.json$/;
const signsAnswers = `answer-${(process.env.ANSWER_ALGORITHM ?? 'ES256').toLowerCase()}`;
const names = readdirSync(from).filter((name) => KEY_FILE.test(name) && statSync(join(from, name)).isFile());
// An app without keys makes new ones where nothing is yet: they would be gone with the container.
for (const kind of ['master', 'lookup', 'token', 'log', signsAnswers]) {
  if (!names.some((name) => name.startsWith(`${kind}.`))) {
    process.stderr.write(
      `${from} has no ${kind} key: deploy/kubernetes/README.md says how keys are made and put there\n`,
    );
    process.exit(1);
  }
}
mkdirSync(to, { recursive: true, mode: 0o700 });
chmodSync(to, 0o700);
for (const name of names) writeFileSync(join(to, name), readFileSync(join(from, name)), { mode: 0o600 });
