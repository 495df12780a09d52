// Runs the mutation tests of libs/scheme. The last line gives the score: killed (with timeouts) of all mutants that
// the tests could have killed. Exit code 1 below the floor, and when the run itself fails.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FLOOR = 90;
const root = fileURLToPath(new URL('../../', import.meta.url));
const report = `${root}reports/mutation/scheme.json`;

rmSync(report, { force: true });
const stryker = ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', 'test/mutation/stryker.config.mjs'];
const run = spawnSync(process.execPath, [...stryker, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
if (run.status !== 0) {
  console.error('mutation score libs/scheme: not run: the mutation run failed');
  process.exit(1);
}

const counts = {};
for (const file of Object.values(JSON.parse(readFileSync(report, 'utf8')).files)) {
  for (const { status } of file.mutants) counts[status] = (counts[status] ?? 0) + 1;
}
const killed = (counts.Killed ?? 0) + (counts.Timeout ?? 0);
const valid = killed + (counts.Survived ?? 0) + (counts.NoCoverage ?? 0);
const score = valid === 0 ? 0 : (100 * killed) / valid;
console.log(`mutation score libs/scheme: ${score.toFixed(2)} % (${killed} of ${valid} killed, floor ${FLOOR} %)`);
process.exit(score >= FLOOR ? 0 : 1);
