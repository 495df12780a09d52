// Mutation tests: npm run mutation -- LIBRARY [--sample N] [--seed S] [--only PART-OF-A-PATH] [--workers N]
// Every mutant is judged by the tests that reach it, in processes that load the specs once. The last line gives the
// score: killed (with those that ran out of time) of all mutants that the tests could have killed.
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import startPostgres from '../postgres/start.js';
import stopPostgres from '../postgres/stop.js';
import { LIBRARIES } from './libraries.mjs';
import { prepare } from './prepare.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    workers: { type: 'string', default: '2' },
  },
});
const name = positionals[0] ?? 'scheme';
const library = LIBRARIES[name];
if (library === undefined) {
  console.error(`No library "${name}". There are: ${Object.keys(LIBRARIES).join(', ')}.`);
  process.exit(1);
}

const target = mkdtempSync(join(tmpdir(), 'waarborg-mutation-'));
process.on('exit', () => rmSync(target, { recursive: true, force: true }));
const { mutants, specs } = await prepare(root, target, library);
console.log(`${name}: ${mutants.length} mutants, ${specs.length} spec files`);

/** One process with every spec loaded; ended and made anew when a mutant keeps it busy for ever. */
class Judge {
  constructor(deadline) {
    this.deadline = deadline;
  }
  async start() {
    /** Nothing was judged in it: what fails there fails because of the mutant. */
    this.isFresh = true;
    this.child = fork(join(root, 'test/mutation/child.mjs'), [target, JSON.stringify(specs), String(this.deadline)], {
      cwd: target,
      stdio: ['ignore', 'ignore', process.env['MUTATION_DEBUG'] === undefined ? 'ignore' : 'inherit', 'ipc'],
      execArgv: ['--no-warnings'],
    });
    await this.answer(120_000);
  }
  answer(milliseconds) {
    return new Promise((resolve, reject) => {
      const end = (settle, value) => {
        clearTimeout(timer);
        this.child.off('message', onMessage);
        this.child.off('exit', onExit);
        settle(value);
      };
      const onMessage = (message) => end(resolve, message);
      const onExit = (code) => end(reject, new Error(`ended with ${code}`));
      const timer = setTimeout(() => end(reject, new Error('out of time')), milliseconds);
      this.child.on('message', onMessage);
      this.child.on('exit', onExit);
    });
  }
  async ask(message, milliseconds) {
    const answer = this.answer(milliseconds);
    this.child.send(message);
    return answer;
  }
  stop() {
    this.child.kill('SIGKILL');
  }
}

// Judges inherit its address; what they did to it is gone with it.
if (library.postgres === true) await startPostgres();
const finish = async (code) => {
  await stopPostgres();
  process.exit(code);
};

const first = new Judge(60_000);
await first.start();
const dry = await first.ask({ kind: 'dry-run' }, 900_000);
first.stop();
if (dry.failed.length > 0) {
  console.error(`mutation score ${name}: not run: ${dry.failed.length} of ${dry.tests} tests fail without a mutant`);
  for (const line of dry.failed.slice(0, 20)) console.error(`  ${line}`);
  await finish(1);
}

/** Tests that reach a mutant, the quickest first. */
const covering = new Map();
/** Reached where a suite starts: once in a process, so that such a mutant needs one of its own. */
const atStart = new Set();
for (const [place, hits] of Object.entries(dry.perTest)) {
  const isStart = place.startsWith('start ');
  const reaching = isStart ? dry.starts[Number(place.slice('start '.length))] : [Number(place)];
  for (const id of Object.keys(hits)) {
    covering.set(id, [...new Set([...(covering.get(id) ?? []), ...reaching])]);
    if (isStart) atStart.add(id);
  }
}
for (const list of covering.values()) list.sort((a, b) => dry.seconds[a] - dry.seconds[b]);

/** Small, seeded and the same everywhere (mulberry32). */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

// Mutants that run at load only are left out: in a loaded process they can't be switched on any more. One that runs
// nowhere survives.
const isReached = ({ id }) => covering.has(id);
const isAtLoad = ({ id }) => !covering.has(id) && dry.atLoad[id] !== undefined;
const wanted = mutants.filter(({ fileName }) => options.only === undefined || fileName.includes(options.only));
const judged = wanted.filter((mutant) => !isAtLoad(mutant));
const runnable = options.sample === undefined ? judged : sampled(judged);

function sampled(list) {
  const random = seeded(Number(options.seed));
  return list
    .map((mutant) => ({ mutant, at: random() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, Number(options.sample))
    .map(({ mutant }) => mutant);
}

const line = ({ mutant }) =>
  `${mutant.fileName}:${mutant.location.start.line + 1}:${mutant.location.start.column + 1} ${mutant.mutatorName} → ${String(mutant.replacement).replace(/\s+/g, ' ').slice(0, 100)}`;

const queue = [...runnable];
const outcomes = [];
/** What lives is told at once: a run that is ended early has said something. */
function judgedAs(mutant, killedBy) {
  outcomes.push({ mutant, status: killedBy === undefined ? 'survived' : 'killed', killedBy });
  if (killedBy === undefined) console.log(`survived ${line({ mutant })}`);
}
const began = Date.now();
async function work() {
  let judge = new Judge(20_000);
  await judge.start();
  const renew = async () => {
    judge.stop();
    judge = new Judge(20_000);
    await judge.start();
  };
  /** The answer of this process, and whether the next mutant needs another one. */
  const ask = async ({ id }) => {
    const list = covering.get(id);
    const usual = list.reduce((sum, test) => sum + dry.seconds[test], 0);
    try {
      const { killedBy, spoilt } = await judge.ask(
        { id, covering: list },
        (atStart.has(id) ? 140_000 : 20_000) + usual * 5_000,
      );
      return { killedBy, spoilt: spoilt || atStart.has(id) };
    } catch {
      return { killedBy: 'out of time', spoilt: true };
    }
  };
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    if (!isReached(mutant)) {
      judgedAs(mutant, undefined);
      continue;
    }
    if (atStart.has(mutant.id) && !judge.isFresh) await renew();
    let answer = await ask(mutant);
    // Perhaps it was what an earlier mutant left behind that failed.
    while (answer.spoilt && answer.killedBy !== undefined && !judge.isFresh) {
      await renew();
      answer = await ask(mutant);
    }
    const { killedBy, spoilt } = answer;
    judgedAs(mutant, killedBy);
    judge.isFresh = false;
    if (spoilt) await renew();
    if (outcomes.length % 20 === 0) {
      const killed = outcomes.filter(({ status }) => status === 'killed').length;
      console.log(
        `${outcomes.length} of ${runnable.length}: ${killed} killed, ${Math.round((Date.now() - began) / 1000)} s`,
      );
    }
  }
  judge.stop();
}
await Promise.all(Array.from({ length: Number(options.workers) }, work));

const survivors = outcomes.filter(({ status }) => status === 'survived');
mkdirSync(join(root, 'reports', 'mutation'), { recursive: true });
writeFileSync(
  join(root, 'reports', 'mutation', `${name}.json`),
  JSON.stringify(
    outcomes.map((one) => ({ place: line(one), status: one.status, killedBy: one.killedBy })),
    null,
    1,
  ),
);
const killed = outcomes.length - survivors.length;
const score = outcomes.length === 0 ? 0 : (100 * killed) / outcomes.length;
console.log(
  `mutation score ${name}: ${score.toFixed(2)} % (${killed} of ${outcomes.length} killed; ${wanted.length - judged.length} more run at load only; floor ${library.floor} %)`,
);
await finish(score >= library.floor ? 0 : 1);
