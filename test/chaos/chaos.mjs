// npm run chaos -- [--rounds N] [--seed S] [--on suite|cluster|cluster-esdb] [--minutes M] [--questions N]
//   [--json FILE]
//
// Services, PostgreSQL, Kafka and the event store are killed and stopped, and the network between every two of them is made
// bad, round after round by a seeded plan, under load. What clients were told is held against what streams, topics and
// answers show. Beside each check goes a control that is wrong in the usual way, and has to be found out.
import { register } from 'node:module';
import { parseArgs } from 'node:util';

register('../../libs/testing/eventstoredb-double/typescript.mjs', import.meta.url);
const { run } = await import('./faults/run.mjs');

// Whatever ends it, its processes end as well.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(1));

const { values } = parseArgs({
  options: {
    ...{ rounds: { type: 'string' }, seed: { type: 'string' }, on: { type: 'string' }, questions: { type: 'string' } },
    json: { type: 'string' },
    minutes: { type: 'string' },
  },
});
const passed = await run({
  rounds: Number(values.rounds ?? 20),
  seed: Number(values.seed ?? Math.floor(Math.random() * 1_000_000)),
  on: values.on ?? 'cluster',
  // Rounds go on until so many were answered.
  questions: Number(values.questions ?? 0),
  json: values.json,
  // No round begins later than so long after the load.
  minutes: values.minutes === undefined ? undefined : Number(values.minutes),
});
process.exit(passed ? 0 : 1);
