// npm run bench -- decision [--json FILE] [--pairs N] [--seconds S] [--connections C] [--authorizations N] [--only C8,…]
//
// Decisions at use as they ship, judged by every rule, recorded and signed before the answer, beside the same job written the
// usual way: a prepared SELECT, one INSERT of the record, an ES256 signature. Both give the same answer, keep the same record
// and the last use, and sign the same header. The usual way does less in four respects, which is to its advantage: it checks no
// token, reads JSON as Node does, its one rule is that there is a row, and a revocation that is answered while it works does
// not stop its yes.
//
// C8: a single question. C1: the same beside a prepared SELECT alone, which keeps no record and signs nothing.
// C9: beside a suite that signs nothing. batch: of 20 questions. search: the organizations of a means that has 50.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findRunningPostgres } from '#libs/embedded';
import { fill, organizationOf, ORGANIZATIONS_OF_ONE, pseudonymOf, recordsOf } from './decision/register.mjs';
import { load as loadOverHttp, postOf } from './support/http-load.mjs';
import { benchOptions } from './support/options.mjs';
import { NODE_FLAGS, programs } from './support/programs.mjs';
import { comparePairs, report } from './support/report.mjs';

const { load } = await import('../chaos/faults/load.mjs');
const { question } = await import('../chaos/faults/question.mjs');

const options = benchOptions({ connections: 64, authorizations: 200_000 });
const { pairs, seconds, connections, authorizations, only, json } = options;
const MEANS = Math.floor(authorizations / ORGANIZATIONS_OF_ONE);
/** So many different bodies are sent in turn. */
const BODIES = 1_000;
const BATCH = 20;
const WARM_UP = 2;
const UNSIGNED = new URL('./decision/unsigned.mjs', import.meta.url).href;

const asked = (number) => {
  const means = (number * 7_919) % MEANS;
  return { pseudonym: pseudonymOf(means), organization: organizationOf(means, number % ORGANIZATIONS_OF_ONE) };
};
const KINDS = {
  evaluation: {
    path: '/access/v1/evaluation',
    body: (number) => question(asked(number)),
    isRight: ({ decision }) => decision === true,
  },
  batch: {
    path: '/access/v1/evaluations',
    body(number) {
      const { subject, action } = question(asked(number));
      const means = (number * 7_919) % MEANS;
      const evaluations = Array.from({ length: BATCH }, (_, place) => ({
        resource: { type: 'organization', id: organizationOf(means, place) },
      }));
      return { subject, action, evaluations };
    },
    isRight: ({ evaluations }) =>
      evaluations.length === BATCH && evaluations.every(({ decision }) => decision === true),
  },
  search: {
    path: '/access/v1/search/resource',
    body(number) {
      const { subject, action } = question(asked(number));
      return { subject, action, resource: { type: 'organization' }, page: { limit: ORGANIZATIONS_OF_ONE } };
    },
    isRight: ({ results }) => results.length === ORGANIZATIONS_OF_ONE,
  },
};

/** Requests a second over all connections. Each answer has to be a 200, and one of each body right. */
async function requestsPerSecond({ url, token }, { body, isRight }, path, time = seconds) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const bodies = Array.from({ length: BODIES }, (_, number) => JSON.stringify(body(number)));
  for (let number = 0; number < BODIES; number += BODIES / 20) {
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: bodies[number] });
    const text = await answer.text();
    if (!isRight(JSON.parse(text))) throw new Error(`${url}${path} answered ${bodies[number]} with ${text}`);
  }
  const requests = bodies.map((each) => Buffer.from(postOf({ url, path, headers, body: each })));
  return loadOverHttp({ url, connections, seconds: time, next: (number) => requests[number % BODIES] });
}

async function usualWay(data) {
  const program = fileURLToPath(new URL('./decision/usual.mjs', import.meta.url));
  const database = (await findRunningPostgres(data)).url('waarborg');
  const child = spawn(process.execPath, [...NODE_FLAGS, program, database], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = await once(createInterface({ input: child.stdout }), 'line');
  return {
    url,
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

const all = await programs();
try {
  let suite = await all.start('suite/main');
  const { data } = suite;
  const nothing = () => undefined;
  const parts = {
    url: suite.url,
    tokens: suite.tokens,
    ledger: { acknowledged: nothing },
    decisions: { answered: nothing },
  };
  const at = load({ ...parts, onLive: nothing, onRevoked: nothing });
  const subject = await at.subjectOf(await at.dossier('70123456'));
  while (!(await at.ask(subject))) await new Promise((resolve) => setTimeout(resolve, 20));
  await fill(data, subject.pseudonym, authorizations);
  const restarted = async (first) => {
    await suite.stop();
    suite = await all.start('suite/main', { data, first });
    while ((await fetch(`${suite.url}/health/ready`)).status !== 200)
      await new Promise((resolve) => setTimeout(resolve, 20));
  };
  let isSigned;
  /** Our side: whoever asks for the other kind of suite waits for its start, not the measurement. */
  const ours =
    (kind, signed = true) =>
    async () => {
      if (isSigned !== signed) await restarted(signed ? [] : [UNSIGNED]);
      isSigned = signed;
      const there = { url: suite.url, token: suite.tokens.network };
      await requestsPerSecond(there, kind, kind.path, WARM_UP);
      const before = (await recordsOf(data)).ours;
      const { perSecond, count } = await requestsPerSecond(there, kind, kind.path);
      const kept = (await recordsOf(data)).ours - before;
      if (kept < count) throw new Error(`${count} answers, and ${kept} records`);
      return perSecond;
    };
  const usual =
    (kind, path = kind.path) =>
    async () => {
      const there = await usualWay(data);
      try {
        await requestsPerSecond(there, kind, path, WARM_UP);
        const before = (await recordsOf(data)).usual;
        const { perSecond, count } = await requestsPerSecond(there, kind, path);
        const kept = (await recordsOf(data)).usual - before;
        if (path !== '/select' && kept < count) throw new Error(`${count} answers the usual way, and ${kept} records`);
        return perSecond;
      } finally {
        await there.stop();
      }
    };

  const { evaluation, batch, search } = KINDS;
  const ROWS = [
    ['C8', 'a recorded, signed decision ÷ the usual way', ours(evaluation), usual(evaluation)],
    ['C1', 'the same ÷ Fastify with a SELECT, no record, no signature', ours(evaluation), usual(evaluation, '/select')],
    ['C9', 'the same ÷ without the signature', ours(evaluation), ours(evaluation, false)],
    ['batch', `${BATCH} questions in one, recorded and signed ÷ the usual way`, ours(batch), usual(batch)],
    [
      'search',
      `${ORGANIZATIONS_OF_ONE} organizations, recorded and signed ÷ the usual way`,
      ours(search),
      usual(search),
    ],
  ];
  const rows = [];
  await restarted([]);
  isSigned = true;
  for (const [id, what, ofOurs, reference] of ROWS) {
    if (only !== undefined && !only.includes(id)) continue;
    const of = `${what}, ${connections} connections, ${authorizations} authorizations`;
    rows.push(await comparePairs({ id, what: of, unit: 'requests/s', pairs, ours: ofOurs, reference }));
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
  await report({ bench: 'decision', machine, rows, json });
} finally {
  await all.close();
}
