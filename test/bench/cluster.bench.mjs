// npm run bench -- cluster [--json FILE] [--pairs N] [--seconds S] [--callers C]
//
// Commands and decisions per second of a cluster (two of each app behind the gateway) beside the suite's on the same machine:
// what the gateway and the processes cost where there are no more processors than before.
import { cpus } from 'node:os';
import { benchOptions } from './support/options.mjs';
import { apply, decide, perSecond, programs } from './support/programs.mjs';
import { comparePairs, report } from './support/report.mjs';

const { pairs, seconds, callers, only, json } = benchOptions({ seconds: 3, callers: 16 });
/** So many of the objects of a run are looked up again after it. */
const LOOKED_UP = 20;

const KINDS = {
  decisions: (at) => perSecond(callers, seconds, () => decide(at)),
  async commands(at) {
    const ids = [];
    const rate = await perSecond(callers, seconds, async () => void ids.push(await apply(at)));
    if (new Set(ids).size !== ids.length) throw new Error('two commands made one object');
    for (const id of ids.slice(-LOOKED_UP)) {
      const { status, text } = await at.ask('supplier', `/v1/applications/${id}`);
      if (status !== 200) throw new Error(`${id} was acknowledged, and is ${status}: ${text}`);
    }
    return rate;
  },
};

const all = await programs();
try {
  const ours = await all.start('suite/cluster/main');
  const reference = await all.start('suite/main');
  const rows = [];
  for (const [id, run] of Object.entries(KINDS)) {
    if (only !== undefined && !only.includes(id)) continue;
    for (const at of [ours, reference]) await run(at);
    rows.push(
      await comparePairs({
        ...{ id, what: `${id} of the cluster ÷ the suite, ${callers} callers`, unit: 'requests/s', pairs },
        ours: () => run(ours),
        reference: () => run(reference),
      }),
    );
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
  await report({ bench: 'cluster', machine, rows, json });
} finally {
  await all.close();
}
