// npm run bench -- append [--json FILE] [--pairs N] [--seconds S] [--only A1,A5-emmett]
import { emmett, messageDb, naive, ours } from './append/contenders.mjs';
import { benchOptions } from './support/options.mjs';
import { installPeers } from './support/peers.mjs';
import { pgbenchInserts, pgbenchMissing } from './support/pgbench.mjs';
import { comparePairs, notRun, report, round } from './support/report.mjs';
import { benchServer } from './support/server.mjs';

const options = benchOptions();
const server = await benchServer();
const { pairs, seconds } = options;

/** Each run has a fresh database, so that no contender inherits another's tables. */
const onFreshDatabase = (contender, more) => async () => {
  const database = await server.database();
  try {
    await server.settle();
    return await contender({ url: database.url, seconds, ...more });
  } finally {
    await database.drop();
  }
};
const of = (figure, run) => async () => (await run())[figure];

const noPgbench = await pgbenchMissing();
const peers = await installPeers().catch((error) => error);
const spread = [];
const ours64 = onFreshDatabase(ours, { callers: 64 });
const bareInserts = (clients) => onFreshDatabase(pgbenchInserts, { clients });

const comparisons = [
  ['A1', '64 callers ÷ pgbench -c32, one row a commit', noPgbench, 'perSecond', ours64, () => bareInserts(32)],
  [
    'A1-256',
    '256 callers ÷ pgbench -c32',
    noPgbench,
    'perSecond',
    onFreshDatabase(ours, { callers: 256 }),
    () => bareInserts(32),
  ],
  [
    'A3',
    'median latency of one caller ÷ pgbench -c1',
    noPgbench,
    'p50',
    onFreshDatabase(ours, { callers: 1 }),
    () => bareInserts(1),
  ],
  [
    'A5-naive',
    '64 callers ÷ a transaction of four statements each',
    undefined,
    'perSecond',
    ours64,
    () => onFreshDatabase(naive, { callers: 64 }),
  ],
  [
    'A5-emmett',
    '64 callers ÷ emmett-postgresql 0.42.0',
    peers.message,
    'perSecond',
    ours64,
    () => onFreshDatabase(emmett(peers), { callers: 64 }),
  ],
  [
    'A5-message-db',
    '64 callers ÷ message-db 1.3.1, one category',
    peers.message,
    'perSecond',
    ours64,
    () => onFreshDatabase(messageDb(peers), { callers: 64 }),
  ],
];

const rows = [];
try {
  await onFreshDatabase(ours, { callers: 64, seconds: 2 })();
  for (const [id, what, missing, figure, run, reference] of comparisons) {
    if (options.only !== undefined && !options.only.includes(id)) continue;
    if (missing !== undefined) {
      rows.push(notRun(id, what, missing));
      continue;
    }
    const unit = figure === 'p50' ? 'ms' : 'events/s';
    const measure = async () => {
      const measured = await run();
      if (id === 'A1') spread.push(measured);
      return measured[figure];
    };
    rows.push(await comparePairs({ id, what, unit, pairs, ours: measure, reference: of(figure, reference()) }));
  }
  if (spread.length > 0) {
    const ratios = spread.map(({ p50, p99 }) => p99 / p50).sort((a, b) => a - b);
    const middle = spread[Math.floor(spread.length / 2)];
    rows.push({
      ...{ id: 'A4', what: '64 callers, p99 ÷ p50', ours: round(middle.p99), reference: round(middle.p50), unit: 'ms' },
      ...{ ratio: round(ratios[Math.floor(ratios.length / 2)]), min: round(ratios[0]), max: round(ratios.at(-1)) },
      runs: spread.length,
    });
  }
  await report({ bench: 'append', machine: await server.machine(), rows, json: options.json });
} finally {
  await server.stop();
}
