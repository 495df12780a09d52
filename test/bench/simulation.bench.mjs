// npm run bench -- simulation [--json FILE] [--pairs N] [--seconds S] [--connections C] [--authorizations N]
//
// Decisions at use while a policy simulation goes through the register in the same process, beside decisions alone. How many
// rights the simulation has to have judged is known, and every answer has to be a yes. How long one takes alone is told.
import { cpus } from 'node:os';
import { fill, fillLists, organizationOf, ORGANIZATIONS_OF_ONE, pseudonymOf } from './decision/register.mjs';
import { load as loadOverHttp, postOf } from './support/http-load.mjs';
import { benchOptions } from './support/options.mjs';
import { programs } from './support/programs.mjs';
import { comparePairs, report } from './support/report.mjs';

const { load } = await import('../chaos/faults/load.mjs');
const { question } = await import('../chaos/faults/question.mjs');

const { pairs, seconds, connections, authorizations, json } = benchOptions({
  connections: 16,
  authorizations: 200_000,
});
const MEANS = Math.floor(authorizations / ORGANIZATIONS_OF_ONE);
const LOOK = 100;
const pause = () => new Promise((resolve) => setTimeout(resolve, LOOK));

const all = await programs();
try {
  let suite = await all.start('suite/main');
  const { data } = suite;
  const nothing = () => undefined;
  const at = load({
    ...{ url: suite.url, tokens: suite.tokens, ledger: { acknowledged: nothing }, decisions: { answered: nothing } },
    ...{ onLive: nothing, onRevoked: nothing },
  });
  const subject = await at.subjectOf(await at.dossier('70123456'));
  while (!(await at.ask(subject))) await pause();
  await fill(data, subject.pseudonym, authorizations);
  await fillLists(data, authorizations);
  await suite.stop();
  suite = await all.start('suite/main', { data });
  while ((await fetch(`${suite.url}/health/ready`)).status !== 200) await pause();

  const asked = async (path, body) => {
    const { status, text } = await suite.ask('auditor', path, body);
    if (status >= 300) throw new Error(`${path}: ${status}: ${text}`);
    return JSON.parse(text);
  };
  const inAYear = new Date(Date.now() + 365 * 86_400_000).toISOString();
  const begin = () =>
    asked('/v1/policy-simulations', { levelPolicy: [{ level: 'EH3', usableUntil: inAYear }], reason: 'bench' });
  const stateOf = ({ id }) => asked(`/v1/policy-simulations/${id}`);
  const until = async (simulation, ...statuses) => {
    for (;;) {
      const state = await stateOf(simulation);
      if (statuses.includes(state.status)) return state;
      if (state.status === 'failed') throw new Error(JSON.stringify(state));
      await pause();
    }
  };
  const alone = async () => {
    const simulation = await begin();
    await until(simulation, 'running');
    const began = performance.now();
    const { result } = await until(simulation, 'completed');
    const took = performance.now() - began;
    if (result.rights < authorizations || result.means < MEANS) throw new Error(JSON.stringify(result));
    process.stderr.write(`  ${result.rights} rights of ${result.means} means in ${Math.round(took)} ms, alone\n`);
  };

  const headers = { authorization: `Bearer ${suite.tokens.network}` };
  const path = '/access/v1/evaluation';
  const requests = Array.from({ length: 1_000 }, (_, number) => {
    const means = (number * 7_919) % MEANS;
    const of = { pseudonym: pseudonymOf(means), organization: organizationOf(means, number % ORGANIZATIONS_OF_ONE) };
    return Buffer.from(postOf({ url: suite.url, path, headers, body: JSON.stringify(question(of)) }));
  });
  const decisions = async () =>
    (await loadOverHttp({ url: suite.url, connections, seconds, next: (number) => requests[number % requests.length] }))
      .perSecond;
  const beside = async () => {
    const simulation = await begin();
    await until(simulation, 'running');
    const perSecond = await decisions();
    const { status } = await stateOf(simulation);
    if (status !== 'running')
      throw new Error(`the simulation was over before the time was: ${status}; more authorizations`);
    await asked(`/v1/policy-simulations/${simulation.id}/cancellations`, { reason: 'bench' });
    await until(simulation, 'cancelled');
    return perSecond;
  };
  await alone();
  await decisions();
  const what = `decisions beside a policy simulation ÷ alone, ${connections} connections, ${authorizations} authorizations`;
  const row = await comparePairs({
    id: 'simulation',
    what,
    unit: 'decisions/s',
    pairs,
    ours: beside,
    reference: decisions,
  });
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
  await report({ bench: 'simulation', machine, rows: [row], json });
} finally {
  await all.close();
}
