// npm run bench -- bounded [--json FILE] [--pairs N] [--only checks-too-long,…]
// What the worst bodies of a mebibyte cost until they are refused, beside JSON.parse of the same bytes.
import { cpus } from 'node:os';
import { parseJsonBody, problemCatalogue, ProblemException, validate } from '../../dist/libs/platform/index.js';
import { validateRequest } from '../../dist/libs/scheme/index.js';
import { problemBody } from '../../dist/libs/platform/problems/to-problem.js';
import { RegisterAuthorizationRequest } from '../../dist/apps/registration/authorizations/authorization.requests.js';
import { readCheck } from '../../dist/apps/archive/checks/check-validator.js';
import { benchOptions } from './support/options.mjs';
import { comparePairs, report } from './support/report.mjs';

const { pairs, only, json } = benchOptions({ seconds: 1 });
const MEBIBYTE = 1024 * 1024;
/** Most faults of an answer, and the one that says there are more. */
const MOST_FAULTS = 101;

const filled = (begin, piece, end) =>
  begin +
  Array(Math.floor((MEBIBYTE - 40) / (piece.length + 1)))
    .fill(piece)
    .join(',') +
  end;
const values = (count, piece) => Array(count).fill(piece).join(',');
const names = (count, value, pad = '') => Array.from({ length: count }, (_, at) => `"${pad}m${at}":${value}`).join(',');

const readers = {
  authorization: (value) => validate(RegisterAuthorizationRequest, value).faults,
  check: (value) => readCheck(value).faults,
  classification: (value) => validateRequest('authorization', value).errors ?? [],
  use: (value) => validateRequest('evaluation', value).errors ?? [],
};

/** Name → the reader and the text. The first ones hold more values than a body may, the others as many as it may. */
const CASES = {
  'empty-objects': ['authorization', filled('{"checks":[', '{}', ']}')],
  'empty-lists': ['classification', filled('{"checks":[', '[]', ']}')],
  numbers: ['use', filled('{"links":[', '0', ']}')],
  'names-of-a-kilobyte': ['authorization', `{${names(1_000, 1, 'x'.repeat(1_000))}}`],
  'unknown-members': ['authorization', `{${names(19_000, 1, 'x'.repeat(30))}}`],
  'same-member': ['authorization', `{${values(19_000, '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":1')}}`],
  'checks-too-long': ['classification', `{"checks":[${values(4_000, '{"type":"idDocumentStatus","a":1,"b":2}')}]}`],
  'checks-faulty': ['classification', `{"checks":[${values(200, `{"type":"idDocumentStatus",${names(90, 1)}}`)}]}`],
  'links-empty': ['use', `{"links":[${values(9_000, '{"scope":{}}')}]}`],
  establishments: [
    'classification',
    `{"checks":[{"type":"tradeRegisterLookup","currentEstablishments":[${values(19_000, 0)}]}]}`,
  ],
  cosigners: ['check', `{"type":"representationCheck","cosigners":[${values(19_000, '{}')}]}`],
  moments: ['check', `{"type":"idDocumentStatus",${names(9_000, '{"performedAt":"x"}')}}`],
  escapes: ['authorization', `{"deviationReason":"${'\\\\n'.repeat(340_000)}"}`],
  'one-text': ['authorization', `{"deviationReason":"${'x'.repeat(1_000_000)}"}`],
  'one-number': ['authorization', `{"deviationReason":0.${'0'.repeat(1_000_000)}1}`],
};

const context = { catalogue: problemCatalogue(), publicBaseUrl: 'http://localhost', language: 'en', traceId: '0' };

/** From the bytes to the text of the refusal, as the door does it. */
function refuse(read, bytes) {
  let problem;
  try {
    problem = new ProblemException(400, 'invalid-request', { errors: readers[read](parseJsonBody(bytes)) });
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error;
    problem = error;
  }
  return JSON.stringify(problemBody(problem, context, bytes.length));
}

/** Bodies a second: until a tenth of a second has gone by, one at least. */
function perSecond(work) {
  const begun = performance.now();
  let done = 0;
  do {
    work();
    done++;
  } while (performance.now() - begun < 100);
  return done / ((performance.now() - begun) / 1_000);
}

const rows = [];
for (const [id, [read, text]] of Object.entries(CASES)) {
  if (only !== undefined && !only.includes(id)) continue;
  const bytes = Buffer.from(text);
  const answer = refuse(read, bytes);
  const { errors } = JSON.parse(answer);
  if (errors.length === 0 || errors.length > MOST_FAULTS) throw new Error(`${id}: ${errors.length} faults are told`);
  if (Buffer.byteLength(answer) > Math.max(16 * 1024, bytes.length)) throw new Error(`${id}: the answer is too long`);
  if (bytes.length > MEBIBYTE) throw new Error(`${id}: no such body is read`);
  rows.push(
    await comparePairs({
      id,
      what: `refusing ${bytes.length} bytes ÷ JSON.parse of them (${errors.length} faults told)`,
      unit: 'bodies/s',
      pairs,
      ours: () => perSecond(() => refuse(read, bytes)),
      reference: () => perSecond(() => JSON.parse(bytes.toString())),
    }),
  );
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
await report({ bench: 'bounded', machine, rows, json });
