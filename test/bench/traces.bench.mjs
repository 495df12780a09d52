// npm run bench -- traces [--json FILE] [--pairs N] [--seconds S] [--callers C] [--only decisions,commands]
// What the places where spans begin cost while nobody takes traces: the suite as built, beside the same without them.
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchOptions } from './support/options.mjs';
import { apply, decide, perSecond, programs, root } from './support/programs.mjs';
import { comparePairs, report } from './support/report.mjs';

const { pairs, seconds, callers, only, json } = benchOptions({ pairs: 9, seconds: 3, callers: 16 });
const folder = await mkdtemp(join(tmpdir(), 'waarborg-bench-traces-'));

/** The built suite with every place where a span may begin taken out. */
async function withoutSpans(copy) {
  await mkdir(copy);
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  await cp(join(root, 'package.json'), join(copy, 'package.json'));
  await cp(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
  const file = join(copy, 'dist', 'libs', 'eventing', 'tracing.js');
  let text = await readFile(file, 'utf8');
  for (const [name, instead] of [
    ['isTraced', '() => false'],
    ['asSpan', '(_name, { within }, work) => work(within)'],
    ['spanOver', '() => ({})'],
    ['tracedCommands', '(commands) => commands'],
    ['tracedStore', '(events) => events'],
  ]) {
    const declared = new RegExp(`export (async function|function|const) ${name}\\b`);
    if (!declared.test(text)) throw new Error(`${name} is not where it was`);
    text = `${text.replace(declared, `$1 ${name}WithSpans`)}\nexport const ${name} = ${instead};\n`;
  }
  await writeFile(file, text);
  return copy;
}

const KINDS = {
  decisions: { what: 'decisions at use (no trace taken) ÷ without the places where spans begin', once: decide },
  commands: {
    what: 'commands with their append (no trace taken) ÷ without the places where spans begin',
    once: apply,
  },
};

const all = await programs();
try {
  const [ours, reference] = [
    await all.start('suite/main'),
    await all.start('suite/main', { of: await withoutSpans(join(folder, 'without')) }),
  ];
  const rows = [];
  for (const [id, { what, once }] of Object.entries(KINDS)) {
    if (only !== undefined && !only.includes(id)) continue;
    const rateOf = (at) => perSecond(callers, seconds, () => once(at));
    // Both are warm before anything counts.
    for (const at of [ours, reference]) await rateOf(at);
    rows.push(
      await comparePairs({
        ...{ id, what, unit: 'requests/s', pairs },
        ours: () => rateOf(ours),
        reference: () => rateOf(reference),
      }),
    );
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
  await report({ bench: 'traces', machine, rows, json });
} finally {
  await all.close();
  await rm(folder, { recursive: true, force: true });
}
