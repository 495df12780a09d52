// Puts every acceptance vector to a running server: npm run vectors [-- URL]. Without URL it starts a suite of its own in
// a folder that it throws away. A server elsewhere wants a token of its own issuer in TOKEN.
import { localToken, startSuite } from './suite.mjs';
import { FILES, outcomeOf, vectorsOf } from './vectors.mjs';

const AT_ONCE = 8;
const SHOWN = 20;

const [url] = process.argv.slice(2);
const server = url === undefined ? await startSuite() : { url: url.replace(/\/+$/, ''), stop: async () => undefined };
try {
  const token = process.env.TOKEN ?? (await localToken(server.dataDir));
  const { passed, failed } = await run(server.url, token);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await server.stop();
}

async function run(base, token) {
  let passed = 0;
  let failed = 0;
  for (const name of FILES) {
    const vectors = vectorsOf(name);
    const faults = [];
    let next = 0;
    const worker = async () => {
      for (let vector = vectors[next++]; vector !== undefined; vector = vectors[next++]) {
        const fault = outcomeOf(vector, await ask(`${base}/v1/classifications/${name}`, vector.request, token));
        if (fault !== undefined) faults.push(`  ${vector.id}: ${fault}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    console.log(`${name}: ${vectors.length - faults.length} of ${vectors.length}`);
    for (const fault of faults.slice(0, SHOWN)) console.log(fault);
    if (faults.length > SHOWN) console.log(`  and ${faults.length - SHOWN} more`);
    passed += vectors.length - faults.length;
    failed += faults.length;
  }
  return { passed, failed };
}

async function ask(address, request, token) {
  const response = await fetch(address, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  const text = await response.text();
  let body = {};
  try {
    body = JSON.parse(text);
  } catch {
    // What is no JSON has none of the members that are expected, and is reported so.
  }
  return { status: response.status, type: response.headers.get('content-type') ?? '', body };
}
