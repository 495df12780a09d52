// npm run bench -- visible [--json FILE] [--pairs N] [--seconds S] [--revocations N] [--only R5,V2,V3]
//
// R5: from sending an event until another process has it, beside until its append is answered.
// V2: from the moment at which a revocation is accepted until every instance says no, beside a command with one append from
//     sending until it is answered; and the same from sending the revocation, which is judged first and appended in more than one step.
// V3: from the moment in which an instance is cut off from its feed until it says no more yes, beside its lease.
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { openPostgresStores } from '#libs/adapters/postgres';
import { eventText } from './support/load.mjs';
import { benchOptions } from './support/options.mjs';
import { report, round } from './support/report.mjs';
import { benchServer } from './support/server.mjs';

register('../../libs/testing/eventstoredb-double/typescript.mjs', import.meta.url);
const { DecisionChecker } = await import('../chaos/faults/checkers.mjs');
const { load } = await import('../chaos/faults/load.mjs');
const { LEASE, world } = await import('../chaos/faults/world.mjs');

const options = benchOptions({ seconds: 5, callers: 8, revocations: 60, cuts: 8 });
const say = (line) => process.stderr.write(`  ${line}\n`);
const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
const at = (numbers, share) => sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))];
const since = (moment) => Number(process.hrtime.bigint() - moment) / 1e6;

/** A row of two lists of milliseconds that were taken in the same moments. */
function rowOf(id, what, ours, reference, share) {
  const [a, b] = [at(ours, share), at(reference, share)];
  const half = (at(ours, 0.5) / at(reference, 0.5)).toFixed(2);
  return {
    ...{ id, what: `${what} (medians: ${half})`, ours: round(a), reference: round(b), unit: 'ms', ratio: round(a / b) },
    ...{ min: round(sorted(ours)[0]), max: round(at(ours, 1)), runs: ours.length },
  };
}

async function visible() {
  const server = await benchServer();
  const { url } = await server.database();
  const stores = await openPostgresStores({ database: url });
  const child = fork(fileURLToPath(new URL('./visible/follower.mjs', import.meta.url)), [url], { execArgv: [] });
  try {
    await new Promise((resolve) => child.once('message', resolve));
    const [sent, acknowledged, came] = [new Map(), [], new Map()];
    child.on('message', ({ now, ids }) => {
      for (const id of ids) {
        if (came.has(id)) throw new Error(`${id} came twice`);
        came.set(id, BigInt(now));
      }
    });
    const writer = async (until) => {
      while (performance.now() < until) {
        const id = randomUUID();
        const began = process.hrtime.bigint();
        sent.set(id, began);
        await stores.events.append(`check-${id}`, 'no-stream', [{ id, type: 'CheckRecorded', bytes: eventText(id) }]);
        acknowledged.push(since(began));
      }
    };
    const run = (seconds) => {
      const until = performance.now() + seconds * 1_000;
      return Promise.all(Array.from({ length: options.callers }, () => writer(until)));
    };
    await run(2);
    const warm = new Set(sent.keys());
    acknowledged.length = 0;
    await run(options.seconds * options.pairs);
    for (const until = performance.now() + 60_000; came.size < sent.size;) {
      if (performance.now() > until) throw new Error(`${came.size} of ${sent.size} events came`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const seen = [...sent].filter(([id]) => !warm.has(id)).map(([id, began]) => Number(came.get(id) - began) / 1e6);
    const what = `sent until another process has it ÷ until answered, p99, ${options.callers} writers`;
    return [[rowOf('R5', what, seen, acknowledged, 0.99)], await server.machine()];
  } finally {
    child.disconnect();
    await stores.close();
    await server.stop();
  }
}

async function decisions() {
  const rows = [];
  const there = await world({ on: 'suite', say });
  try {
    const checker = new DecisionChecker();
    const ledger = { acknowledged: () => undefined };
    const under = load({
      url: there.url,
      tokens: there.tokens,
      ledger,
      decisions: checker,
      onRevoked: () => undefined,
    });
    const desk = await under.dossier('70123456');
    const login = (await desk.means()).id;
    const untilYes = async (subject) => {
      while (!(await under.ask(subject))) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const wanted = (id) => options.only === undefined || options.only.includes(id);
    if (wanted('V2')) {
      const [denied, accepted, answered] = [[], [], []];
      for (let count = 0; count < options.revocations; count += 1) {
        const subject = await under.subjectOf(desk);
        await untilYes(subject);
        const { body, key } = await desk.revocation(subject.authorization, login);
        const plain = process.hrtime.bigint();
        const application = { channel: 'electronic', receivedAt: new Date().toISOString(), purposes: ['means'] };
        await under.command('/v1/applications', application);
        answered.push(since(plain));
        const began = process.hrtime.bigint();
        const revoking = under.command('/v1/revocation-requests', body, key);
        while (await under.ask(subject));
        denied.push(since(began));
        const saidNoAt = Date.now();
        // It was decided then, and appended after that: what is shown is at most a millisecond too short.
        accepted.push(saidNoAt - Date.parse((await revoking).effectedAt));
        checker.revoked(subject.pseudonym, performance.now());
        if (await under.ask(subject)) throw new Error('yes after an answered revocation');
      }
      if (accepted.some(Number.isNaN)) throw new Error('a revocation says no effectedAt');
      const beside = 'a command sent until answered, p99';
      rows.push(rowOf('V2', `revocation accepted until no ÷ ${beside}`, accepted, answered, 0.99));
      rows.push(rowOf('V2', `revocation sent until no ÷ ${beside}`, denied, answered, 0.99));
    }
    if (wanted('V3')) {
      const subject = await under.subjectOf(desk);
      const proxy = there.proxies.get('suite to PostgreSQL');
      const closed = [];
      for (let cut = 0; cut < options.cuts; cut += 1) {
        await untilYes(subject);
        proxy.poison({ stalled: true });
        const began = process.hrtime.bigint();
        for (;;) {
          const answer = await under.ask(subject, 1_000).catch(() => undefined);
          if (answer !== true) break;
        }
        closed.push(since(began));
        proxy.heal();
      }
      rows.push(
        rowOf(
          'V3',
          `cut off until no more yes ÷ its lease, median`,
          closed,
          closed.map(() => LEASE),
          0.5,
        ),
      );
    }
    under.close();
    if (checker.stale.length > 0) throw new Error(checker.stale.join('; '));
    return rows;
  } finally {
    await there.close();
  }
}

const rows = [];
let machine = `Node ${process.versions.node}`;
if (options.only === undefined || options.only.includes('R5')) {
  const [found, said] = await visible();
  rows.push(...found);
  machine = said;
}
if (options.only === undefined || options.only.some((id) => id.startsWith('V'))) rows.push(...(await decisions()));
await report({ bench: 'visible', machine, rows, json: options.json });
process.exit(0);
