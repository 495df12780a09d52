// npm run trace [-- ID…]: how many rules of each chapter the tests name, and those that none names; of each ID its tests.
// npm run trace -- --read PAGE: writes docs/catalogue-ids.json from the page of the catalogue, which has changed.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { catalogue, catalogueText, gaps, named, notYet, readCatalogue, TRACED } from './catalogue.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const asked = process.argv.slice(2);
if (asked[0] === '--read') {
  writeFileSync(`${root}docs/catalogue-ids.json`, catalogueText(readCatalogue(readFileSync(asked[1], 'utf8'))));
  asked.length = 0;
}

const rules = catalogue(root);
const later = notYet(root);
const found = named(
  root,
  rules.map(({ id }) => id),
);
const print = (line) => process.stdout.write(`${line}\n`);

for (const id of asked) {
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) {
    print(`${id}: no rule of the catalogue`);
    process.exitCode = 1;
    continue;
  }
  print(`${id} (${rule.strength}): ${rule.line}`);
  for (const test of found.get(id)) print(`  ${test}`);
  if (later.has(id)) print(`  not yet: ${later.get(id)}`);
  else if (found.get(id).length === 0) print('  named by no test');
}
if (asked.length === 0) {
  for (const chapter of [...new Set(rules.map((rule) => rule.chapter))]) {
    const of = rules.filter((rule) => rule.chapter === chapter);
    const count = of.filter(({ id }) => found.get(id).length > 0).length;
    const awaited = of.filter(({ id }) => later.has(id)).length;
    const traced = TRACED.includes(chapter) ? '' : ', not asked for yet';
    print(`chapter ${chapter}: ${of.length} rules, ${count} named by tests, ${awaited} in docs/not-yet.md${traced}`);
  }
  const faults = gaps(rules, found, later);
  for (const fault of faults) print(fault);
  if (faults.length > 0) process.exitCode = 1;
}
