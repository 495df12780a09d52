// node deploy/kubernetes/check.mjs OVERLAY: says what an overlay lacks before it is applied, and ends with 1 when it does.
import { execFileSync } from 'node:child_process';
import { parseAllDocuments } from 'yaml';
import { faultsOf, leftToFillIn, madeOutside } from './objects.mjs';

const [overlay] = process.argv.slice(2);
if (overlay === undefined) {
  process.stderr.write('Name an overlay: node deploy/kubernetes/check.mjs deploy/kubernetes/overlays/MINE\n');
  process.exit(1);
}

/** By the first of the two that is there. */
function built() {
  for (const [program, word] of [
    [process.env['KUSTOMIZE'] ?? 'kustomize', 'build'],
    ['kubectl', 'kustomize'],
  ]) {
    try {
      return execFileSync(program, [word, overlay], { encoding: 'utf8', maxBuffer: 1e8 });
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  process.stderr.write('Neither kustomize nor kubectl is on the path.\n');
  process.exit(1);
}

const objects = parseAllDocuments(built()).map((document) => document.toJS());
const wrong = [...faultsOf(objects), ...leftToFillIn(objects)];
process.stdout.write(`Made outside of these files: ${madeOutside(objects).join(', ')}\n`);
for (const fault of wrong) process.stderr.write(`- ${fault}\n`);
process.stdout.write(wrong.length === 0 ? 'Nothing is missing.\n' : `${wrong.length} things to mend.\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
