// npm run bench -- sequencer [--json FILE] [--pairs N] [--seconds S]
// H3: appending while the transparency log's sequencer runs beside it in the same process, with tiles and signed checkpoints
// in a folder, beside appending alone. What was acknowledged has to be in the log afterwards, which is verified whole.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderLogFiles } from '#libs/adapters/folder';
import { openPostgresStores } from '#libs/adapters/postgres';
import { checkLog, parseCheckpoint, parseNote } from '#libs/transparency-log';
import { memoryVault } from '#libs/vault';
import { logSignatures } from '../../dist/apps/archive/log/log-signatures.js';
import { startSequencer } from '../../dist/apps/archive/log/sequencer.js';
import { ours } from './append/contenders.mjs';
import { drive } from './support/load.mjs';
import { benchOptions } from './support/options.mjs';
import { comparePairs, report, round } from './support/report.mjs';
import { benchServer } from './support/server.mjs';

const CALLERS = 64;
const { pairs, seconds, json } = benchOptions();
const server = await benchServer();
const lags = [];

/** Seconds from an acknowledgement to the checkpoint that covers it, at most. */
function longestLag(acknowledged, published) {
  let longest = 0;
  let at = 0;
  for (const { size, moment } of published) {
    if (at < Math.min(size, acknowledged.length)) longest = Math.max(longest, (moment - acknowledged[at]) / 1_000);
    at = Math.max(at, size);
  }
  return longest;
}

async function sequenced({ url }) {
  const [stores, folder, vault] = [
    await openPostgresStores({ database: url }),
    await mkdtemp(join(tmpdir(), 'waarborg-bench-')),
    await memoryVault(),
  ];
  const files = new FolderLogFiles(folder);
  const published = [];
  const acknowledged = [];
  const troubles = [];
  const size = (note) => parseCheckpoint(parseNote(note).text).size;
  const publish = files.publish.bind(files);
  files.publish = async (note, expected) => {
    const isShown = await publish(note, expected);
    if (isShown) published.push({ size: size(note), moment: performance.now() });
    return isShown;
  };
  const follower = await startSequencer({
    ...{ table: stores.log, checkpoints: stores.checkpoints, feed: stores.feed, records: stores.records, files },
    ...{ leases: stores.leases, holder: 'bench', identity: { store: randomUUID(), epoch: 1 } },
    signatures: logSignatures('bench.invalid/log', vault.logKeys, Date.now),
    onTrouble: (name, error) => troubles.push(error),
  });
  try {
    const measured = await drive({
      callers: CALLERS,
      seconds,
      append: async (stream, revision, id, bytes) => {
        await stores.events.append(stream, revision === 0 ? 'no-stream' : revision - 1, [
          { id, type: 'CheckRecorded', bytes },
        ]);
        acknowledged.push(performance.now());
      },
    });
    const until = performance.now() + 60_000;
    while ((published.at(-1)?.size ?? 0) < measured.count) {
      if (troubles.length > 0 || performance.now() > until) {
        throw new Error(`${measured.count} events, ${published.at(-1)?.size} in the log`, { cause: troubles[0] });
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { root } = parseCheckpoint(parseNote(await files.checkpoint()).text);
    await checkLog({ source: files, size: measured.count, root });
    lags.push(longestLag(acknowledged, published));
    return measured;
  } finally {
    await follower.stop();
    await stores.close();
    await rm(folder, { recursive: true });
  }
}

const onFreshDatabase = (contender) => async () => {
  const database = await server.database();
  try {
    await server.settle();
    return (await contender({ url: database.url, callers: CALLERS, seconds })).perSecond;
  } finally {
    await database.drop();
  }
};

try {
  const what = `${CALLERS} callers, the sequencer beside them ÷ alone`;
  const row = await comparePairs({
    ...{ id: 'H3', what, unit: 'events/s', pairs },
    ours: onFreshDatabase(sequenced),
    reference: onFreshDatabase(ours),
  });
  const sorted = [...lags].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  const lag = {
    ...{ id: 'H3-behind', what: 'longest time until a checkpoint covers what was acknowledged ÷ 1 s', unit: 's' },
    ...{ ours: round(middle), reference: 1, ratio: round(middle) },
    ...{ min: round(sorted[0]), max: round(sorted.at(-1)), runs: sorted.length },
  };
  await report({ bench: 'sequencer', machine: await server.machine(), rows: [row, lag], json });
} finally {
  await server.stop();
}
