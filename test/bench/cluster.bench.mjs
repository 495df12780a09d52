// npm run bench -- cluster [--json FILE] [--pairs N] [--seconds S] [--callers C]
//
// Commands and decisions per second of a cluster (two of each app behind the gateway) beside the suite's on the same machine:
// what the gateway and the processes cost where there are no more processors than before.
import { cpus } from 'node:os';
import { benchOptions } from './support/options.mjs';
import { perSecond, programs } from './support/programs.mjs';
import { comparePairs, report } from './support/report.mjs';

const { pairs, seconds, callers, only, json } = benchOptions({ seconds: 3, callers: 16 });
const question = {
  subject: { type: 'means', id: '00000000-0000-4000-8000-000000000000' },
  action: {
    name: 'represent',
    properties: { service: 'urn:etoegang:DV:00000099800000001000:services:1', level: 'EH3' },
  },
  resource: { type: 'organization', id: 'kvk:69599068' },
};
/** So many of the objects of a run are looked up again after it. */
const LOOKED_UP = 20;

const KINDS = {
  decisions: (at) =>
    perSecond(callers, seconds, async () => {
      const { status, text } = await at.ask('network', '/access/v1/evaluation', question);
      if (status !== 200 || !text.includes('"unknown-means"')) throw new Error(`${status}: ${text}`);
    }),
  async commands(at) {
    const ids = [];
    const rate = await perSecond(callers, seconds, async () => {
      const application = { channel: 'electronic', receivedAt: new Date().toISOString(), purposes: ['means'] };
      const { status, text } = await at.ask('supplier', '/v1/applications', application);
      if (status !== 201) throw new Error(`${status}: ${text}`);
      ids.push(JSON.parse(text).id);
    });
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
