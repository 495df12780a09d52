// npm run bench -- scheme [--json FILE] [--pairs N] [--seconds S] [--only http-authorization,…]
import { cpus } from 'node:os';
import {
  classifyAuthorization,
  classifyMeans,
  currentRuleSet,
  evaluateUse,
  revocationDeadline,
  validateRequest,
  validity,
} from '../../dist/libs/scheme/index.js';
import { localToken, startSuite } from '../vectors-runner/suite.mjs';
import { FILES, requestsPerSecond, startEcho, validRequests } from './scheme/http.mjs';
import { benchOptions } from './support/options.mjs';
import { comparePairs, report } from './support/report.mjs';

const { pairs, seconds, only, json } = benchOptions({ seconds: 3 });

const EVALUATIONS = {
  authorization: ['authorization', classifyAuthorization],
  means: ['means', classifyMeans],
  'revocation-deadline': ['revocationDeadline', revocationDeadline],
  validity: ['validity', validity],
  evaluation: ['evaluation', evaluateUse],
};

/** Calls a second, the texts in turn. */
function callsPerSecond(texts, call) {
  const begun = performance.now();
  const end = begun + seconds * 1_000;
  let calls = 0;
  while (performance.now() < end) for (let turn = 0; turn < 64; turn++) call(texts[calls++ % texts.length]);
  return calls / ((performance.now() - begun) / 1_000);
}

/** From the text of a request to the text of its answer, as the door does it. */
const judge = (name) => {
  const [kind, evaluate] = EVALUATIONS[name];
  return (text) => {
    const validation = validateRequest(kind, JSON.parse(text));
    if (!validation.ok) throw new Error(`a valid ${name} was refused`);
    return JSON.stringify(evaluate(validation.value, currentRuleSet));
  };
};
const readAndWrite = (text) => JSON.stringify(JSON.parse(text));

const isWanted = (id) => only === undefined || only.includes(id);
const rows = [];

for (const name of FILES) {
  const id = `process-${name}`;
  if (!isWanted(id)) continue;
  const texts = validRequests(name).map((request) => JSON.stringify(request));
  rows.push(
    await comparePairs({
      id,
      what: `${name} in process ÷ reading and writing the same JSON`,
      unit: 'calls/s',
      pairs,
      ours: () => callsPerSecond(texts, judge(name)),
      reference: () => callsPerSecond(texts, readAndWrite),
    }),
  );
}

const overHttp = FILES.filter((name) => isWanted(`http-${name}`));
if (overHttp.length > 0) {
  const suite = await startSuite();
  const echo = await startEcho();
  try {
    const token = await localToken(suite.dataDir);
    for (const name of overHttp) {
      const load = (base) => () => requestsPerSecond(base, name, token, seconds);
      // Twice: the first pass is what compiles the rules.
      for (const base of [suite.url, echo.url, suite.url, echo.url]) await load(base)();
      rows.push(
        await comparePairs({
          id: `http-${name}`,
          what: `${name} over HTTP (token, strict JSON, validation) ÷ bare Fastify echo of the same bodies`,
          unit: 'requests/s',
          pairs,
          ours: load(suite.url),
          reference: load(echo.url),
        }),
      );
    }
  } finally {
    await echo.stop();
    await suite.stop();
  }
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
await report({ bench: 'scheme', machine, rows, json });
