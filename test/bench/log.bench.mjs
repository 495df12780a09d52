// npm run bench -- log [--json FILE] [--pairs N] [--seconds S] [--entries N] [--only H1,H1-bytes,H2,H2-memory]
// A whole log held against its records (record → entry → leaf → tiles → signed root), the records streamed from PostgreSQL;
// H2-memory without database and files, in hashes of one core.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import {
  formatCheckpoint,
  growLog,
  logSigner,
  recordEntry,
  secretKey,
  signNote,
  tilePath,
  TileTree,
  trusting,
  widthIn,
} from '#libs/transparency-log';
import { hashingThread, placeOf, readRecords, verifyLog } from '#libs/verifier';
import { logInMemory, opensslHashes } from './log/in-memory.mjs';
import { usualVerify } from './log/usual.mjs';
import { benchOptions } from './support/options.mjs';
import { comparePairs, notRun, report } from './support/report.mjs';
import { benchServer } from './support/server.mjs';

const options = benchOptions({ entries: 300_000, seconds: 1 });
const { pairs, entries } = options;
const ORIGIN = 'waarborg.invalid/log';
/** Appended at a time, as a sequencer does. */
const BATCH = 4_096;

const saltOf = (index) => createHash('sha256').update(`salt ${index}`).digest();
/** As a sealed member of personal data has it. */
const sealedOf = (index) => createHash('shake256', { outputLength: 372 }).update(String(index)).digest('base64');
/** As long as that of an event: some 700 bytes. */
const recordOf = (index) =>
  Buffer.from(
    `{"event":{"actor":{"client":"bench"},"data":{"authorization":"a-${index}","sealed":"${sealedOf(index)}"},` +
      `"id":"${index}","processingActivity":"register","schemaVersion":1,"stream":"authorization-${index}",` +
      `"type":"AuthorizationRegistered"},"position":"${index + 1}","recordedAt":"2026-11-30T12:00:00.000Z","revision":0}`,
  );

const server = await benchServer();
const database = await server.database();
const client = new pg.Client({ connectionString: database.url });
await client.connect();
await client.query('create table records (index bigint primary key, salt bytea not null, record bytea not null)');
const folder = join(server.folder, 'log');
await mkdir(folder, { recursive: true });
const log = await placeOf(folder);

async function grow() {
  let tree = new TileTree(log, 0);
  for (let size = 0; size < entries; size = tree.size) {
    const added = [];
    for (let index = size; index < Math.min(size + BATCH, entries); index += 1) {
      added.push(recordEntry(saltOf(index), recordOf(index)));
    }
    const { files } = await growLog(log, size, added);
    for (const { path, bytes } of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
    tree = new TileTree(log, size + added.length);
  }
  return tree.root();
}

function* lines() {
  for (let index = 0; index < entries; index += 1) {
    yield `${index}\t\\\\x${saltOf(index).toString('hex')}\t\\\\x${recordOf(index).toString('hex')}\n`;
  }
}

const rootHash = await grow();
await pipeline(Readable.from(lines()), client.query(copyFrom('copy records from stdin')));
await client.query('vacuum analyze records');
const signer = logSigner(ORIGIN, secretKey(generateKeyPairSync('ed25519').privateKey));
const checkpoint = await signNote(formatCheckpoint({ origin: ORIGIN, size: entries, root: rootHash }), [signer], 0n);
const policy = trusting(signer.key);

const copied = () =>
  client.query(copyTo('copy (select index, salt, record from records order by index) to stdout (format binary)'));
const perSecond = (began) => entries / ((performance.now() - began) / 1_000);
const verified = () =>
  verifyLog({ source: log, policy, checkpoint, records: readRecords(copied()), hashing: hashingThread });

async function verify() {
  const began = performance.now();
  const { fault, account } = await verified();
  if (fault !== undefined) throw fault;
  if (!account.isComplete || account.records !== entries) throw new Error(`complete: ${JSON.stringify(account)}`);
  return perSecond(began);
}

/** The same rows, taken apart and not hashed. */
async function rows() {
  const began = performance.now();
  let count = 0;
  for await (const { places } of readRecords(copied())) count += places.length / 3;
  if (count !== entries) throw new Error(`${count} of ${entries} rows were read`);
  return perSecond(began);
}

/** Their bytes as they come. */
async function bytes() {
  const began = performance.now();
  let length = 0;
  for await (const chunk of copied()) length += chunk.length;
  if (length < entries * 500) throw new Error(`only ${length} bytes were read`);
  return perSecond(began);
}

/** One byte of one record, and of one entry, in the middle: named, or what is measured verifies nothing. */
async function findsAChange() {
  const index = Math.floor(entries / 2);
  const flip = 'update records set record = set_byte(record, 9, get_byte(record, 9) # 1) where index = $1';
  await client.query(flip, [index]);
  const { account } = await verified();
  await client.query(flip, [index]);
  if (account.faults[0]?.code !== 'record-mismatch' || account.faults[0].index !== index) {
    throw new Error(`a changed record was not found: ${JSON.stringify(account)}`);
  }
  const bundle = Math.floor(index / 256);
  const file = join(folder, tilePath({ level: 'entries', index: bundle, width: widthIn(entries, 'entries', bundle) }));
  const bytes = await readFile(file);
  const flipped = Buffer.from(bytes);
  flipped[2] ^= 1;
  await writeFile(file, flipped);
  // Without records: a copy that is not read to its end keeps its connection.
  const { fault } = await verifyLog({ source: log, policy, checkpoint, hashing: hashingThread });
  await writeFile(file, bytes);
  if (fault?.code !== 'entry-mismatch' || fault.index !== bundle * 256) {
    throw new Error(`a changed entry was not found: ${fault}`);
  }
}

async function usual() {
  const began = performance.now();
  await usualVerify({ client, folder, entries, root: rootHash });
  return perSecond(began);
}

async function inMemory() {
  const { source, root, records } = await logInMemory(entries);
  const note = await signNote(formatCheckpoint({ origin: ORIGIN, size: entries, root }), [signer], 0n);
  return async () => {
    const began = performance.now();
    const { fault, account } = await verifyLog({
      ...{ source, policy, checkpoint: note, records: records(), hashing: hashingThread },
    });
    if (fault !== undefined || account.records !== entries) throw fault ?? new Error(JSON.stringify(account));
    return perSecond(began);
  };
}

const of = `a log of ${entries} entries verified with its records from PostgreSQL`;
const rowsOf = [];
try {
  await findsAChange();
  await verify();
  for (const [id, what, reference] of [
    ['H1', `${of} ÷ COPY of the same rows to Node without hashing`, rows],
    ['H1-bytes', `${of} ÷ COPY of the same bytes to Node, not taken apart`, bytes],
  ]) {
    if (options.only !== undefined && !options.only.includes(id)) continue;
    await reference();
    rowsOf.push(await comparePairs({ id, what, unit: 'entries/s', pairs, ours: verify, reference }));
  }
  const isAsked = (id) => options.only === undefined || options.only.includes(id);
  if (isAsked('H2')) {
    const what = `${of} ÷ the same written the usual way (pages of a query, createHash)`;
    rowsOf.push(await comparePairs({ id: 'H2', what, unit: 'entries/s', pairs, ours: verify, reference: usual }));
  }
  if (isAsked('H2-memory')) {
    const what = `a log of ${entries} records of 256 bytes as hashed, in memory ÷ openssl speed (256 bytes)`;
    rowsOf.push(
      (await opensslHashes(1)) === undefined
        ? notRun('H2-memory', what, 'openssl is not installed')
        : await comparePairs({
            ...{ id: 'H2-memory', what, unit: 'entries/s', pairs, ours: await inMemory() },
            reference: () => opensslHashes(options.seconds),
          }),
    );
  }
  await report({ bench: 'log', machine: await server.machine(), rows: rowsOf, json: options.json });
} finally {
  await client.end();
  await server.stop();
}
