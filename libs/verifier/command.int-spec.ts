import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatVerifierKey } from '#libs/transparency-log';
import { verify } from './command.js';
import { addressOf, Unreadable } from './places.js';
import { type LogReport, type ReceiptReport } from './report.js';
import { inPieces, logKey, nextKey, NOW, ORIGIN, saltOf, TestLog, witness } from './log.tests.js';

// The command on the files of a log: in a folder, and over HTTP.

const SIZE = 100_000;

let folder: string;
let log: TestLog;
let server: Server;
let address: string;
/** What the server does with a path instead of serving the file. */
const instead = new Map<string, (response: ServerResponse) => void>();
const asked: string[] = [];

const file = (name: string): string => join(folder, name);
const write = async (name: string, content: string | Buffer): Promise<string> => {
  await mkdir(dirname(file(name)), { recursive: true });
  await writeFile(file(name), content);
  return file(name);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waarborg-verify-'));
  log = await TestLog.of(SIZE);
  for (const [path, bytes] of log.files) await write(`log/${path}`, bytes);
  await write('log/checkpoint', await log.checkpoint());
  await write('log/vkey', `${formatVerifierKey(logKey.key)}\n`);
  await write('key', formatVerifierKey(logKey.key));
  await write('next-key', `${formatVerifierKey(nextKey.key)}\n`);
  await write('both-keys', `${formatVerifierKey(nextKey.key)}\r\n${formatVerifierKey(logKey.key)}\r\n`);
  await write('records', `${log.lines().join('\n')}\n`);
  await write('receipt', await log.receipt(70_123));
  const small = await TestLog.of(300);
  await write('earlier', await small.checkpoint());
  await write('witnessed', await log.checkpoint(logKey, witness));
  const keys = [`log ${formatVerifierKey(logKey.key)}`, `witness w ${formatVerifierKey(witness.key)}`];
  await write('policy', `${[...keys, 'quorum w'].join('\n')}\n`);
  server = createServer((request, response) => {
    const path = request.url!.replace('/log/', '');
    asked.push(path);
    const other = instead.get(path);
    if (other !== undefined) return other(response);
    readFile(file(`log/${path}`)).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/log`;
});
afterAll(async () => {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  await rm(folder, { recursive: true, force: true });
});

async function run(args: readonly string[], { isTerminal = false, input = inPieces([]) } = {}) {
  let [out, err] = ['', ''];
  const status = await verify(args, {
    ...{ input, isTerminal },
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { status, out, err };
}
const report = async (...args: readonly string[]): Promise<LogReport & { status: number }> => {
  const { status, out } = await run([...args, '--json']);
  return { ...(JSON.parse(out) as LogReport), status };
};

/** While a file of the log has other bytes; `undefined`: while it is not there. */
async function whileItIs(name: string, bytes: string | Buffer | undefined, work: () => Promise<void>): Promise<void> {
  const path = file(name);
  const before = await readFile(path);
  try {
    if (bytes === undefined) await rm(path);
    else await writeFile(path, bytes);
    await work();
  } finally {
    await writeFile(path, before);
  }
}

describe('a log of 100,000 entries', () => {
  it('is verified from a folder with its records, within 20 seconds', async () => {
    const began = performance.now();
    const said = await report(file('log'), '--key', file('key'), '--records', file('records'));
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(said).toMatchObject({
      ...{ status: 0, log: file('log'), origin: ORIGIN, size: SIZE, keys: [logKey.key.id], onTrust: false },
      ...{ intact: true, complete: true, faults: [], witnesses: [], unverified: [] },
      records: { records: SIZE, destroyed: 0, orphaned: 0, unexplained: 0, wrong: 0, stillThere: 0 },
    });
  });

  it('is verified over HTTP, each file read once, with the key that it gives taken on trust', async () => {
    asked.length = 0;
    const { status, out, err } = await run([`${address}/`]);
    expect(status).toBe(0);
    expect(asked.sort()).toEqual(['checkpoint', 'vkey', ...log.files.keys()].sort());
    expect(out).toContain(`key         ${logKey.key.id}, of ${address}/vkey, taken on trust\n`);
    expect(out).toContain('intact      yes: every entry and tile is that of the signed root\n');
    expect(out).toContain('complete    not asked: that needs the records of the archive (--records)\n');
    expect(out).toContain('that the key is that of the archive: it came with the log.');
    expect(err).toBe(Array.from({ length: 10 }, (_, at) => `${at + 1}0 % of 100,000 entries\n`).join(''));
  });

  it('tells on a terminal how far it is in one line', async () => {
    const { err } = await run([file('log'), '--key', file('key')], { isTerminal: true });
    expect(err.split('\r')).toHaveLength(101);
    expect(err).toMatch(/\r99 % of 100,000 entries \r100 % of 100,000 entries \n$/);
  });

  it('takes its records from standard input', async () => {
    const input = inPieces(log.lines().slice(0, -1), 100_000);
    const { status, out } = await run([file('log'), '--key', file('key'), '--records', '-'], { input });
    expect(status).toBe(4);
    expect(out).toContain('intact      yes');
    expect(out).toContain(
      'complete    NO: entry 99999 has no record, and no record of a destruction or of orphans names it (record-missing)',
    );
    expect(out).toContain('records     99,999 entries have their record; 1 none\n');
  });

  it('is verified as it was before, by a checkpoint of then and from full tiles alone', async () => {
    const said = await report(file('log'), '--key', file('key'), '--checkpoint', file('earlier'));
    expect(said).toMatchObject({ status: 0, size: 300, intact: true });
    const later = await report(file('log'), '--key', file('key'), '--earlier', file('earlier'));
    expect(later).toMatchObject({ status: 0, size: SIZE, intact: true });
    expect(later.notProven.join()).not.toContain('--earlier');
  });

  it('is believed by a policy whose witness has seen it, and not without', async () => {
    const policy = ['--policy', file('policy')];
    const said = await report(file('log'), ...policy, '--checkpoint', file('witnessed'));
    const time = new Date(Number(NOW) * 1_000).toISOString();
    expect(said).toMatchObject({ status: 0, witnesses: [{ name: 'w', time }], onTrust: false });
    expect(said.notProven.join()).not.toContain('witness');
    const alone = await report(file('log'), ...policy);
    expect(alone).toMatchObject({ status: 1, intact: false, complete: null, faults: [{ code: 'quorum-missing' }] });
  });

  it('is believed by any of several keys in a file', async () => {
    expect(await report(file('log'), '--key', file('both-keys'), '--checkpoint', file('earlier'))).toMatchObject({
      ...{ status: 0, keys: [logKey.key.id] },
    });
  });
});

describe('what is wrong is named, with a status of its own', () => {
  const key = (): string[] => ['--key', file('key')];

  it.each([
    [
      ...['a changed entry', 'tile/entries/273', 34 * (70_123 % 256) + 33],
      'entry 70123 does not hash to what tile/0/273 has (entry-mismatch)',
    ],
    [
      ...['a changed tile', 'tile/1/001.p/134', 17 * 32],
      'hash 17 of tile/1/001.p/134 is not that of the entries 69888 to 70143 (tile-mismatch)',
    ],
  ] as [string, string, number, string][])('%s: %s', async (_what, path, at, told) => {
    const bytes = await readFile(file(`log/${path}`));
    bytes[at]! ^= 1;
    await whileItIs(`log/${path}`, bytes, async () => {
      for (const place of [file('log'), address]) {
        const { status, out } = await run([place, ...key()]);
        expect(status).toBe(1);
        expect(out).toContain(`intact      NO: ${told}\n`);
        expect(out).toContain('complete    not known of a log that is not intact\n');
      }
    });
  });

  it('a file that is not there, or larger than it can be', async () => {
    await whileItIs('log/tile/entries/005', undefined, async () => {
      for (const place of [file('log'), address]) {
        expect(await report(place, ...key())).toMatchObject({
          ...{ status: 1, faults: [{ code: 'tile-missing', message: 'tile/entries/005 is not there', index: 1280 }] },
        });
      }
    });
    await whileItIs('log/tile/0/005', Buffer.alloc(1_000_000), async () => {
      for (const place of [file('log'), address]) {
        const message = 'tile/0/005 has 8193 bytes where 8192 belong';
        expect(await report(place, ...key())).toMatchObject({ status: 1, faults: [{ code: 'tile-length', message }] });
      }
    });
  });

  it('another key, a key of the log that is none, a checkpoint that is none', async () => {
    expect(await report(file('log'), '--key', file('next-key'))).toMatchObject({
      ...{ status: 1, intact: false, faults: [{ code: 'signature-missing' }] },
    });
    await whileItIs('log/vkey', 'no key\n', async () => {
      expect(await report(file('log'))).toMatchObject({ status: 1, faults: [{ code: 'key-malformed' }] });
    });
    await whileItIs('log/checkpoint', 'nothing\u001b[2J\n', async () => {
      expect(await report(file('log'), ...key())).toMatchObject({ status: 1, faults: [{ code: 'note-malformed' }] });
    });
  });

  it('nothing of it that a terminal would obey', async () => {
    const note = (await log.checkpoint()).replaceAll(ORIGIN, 'evil.invalid/\u009b2J\u202e');
    await whileItIs('log/checkpoint', note, async () => {
      const { out } = await run([file('log'), ...key()]);
      expect(out).toContain('a checkpoint of evil.invalid/\\u009b2J\\u202e, for which no key is trusted');
      expect(out).not.toMatch(/[\u0080-\u009f\u202e]/);
    });
  });
});

describe('what could not be read is no verdict', () => {
  const patience = { pauses: [0, 0], limit: 10_000 };

  it('no log there, no answer, no permission', async () => {
    const nowhere = await run([`${address}x`, '--key', file('key')]);
    expect(nowhere).toMatchObject({ status: 3, out: '' });
    expect(nowhere.err).toContain(`there is no ${address}x/checkpoint: no log is published there. Nothing is known`);
    instead.set('checkpoint', (response) => void response.writeHead(403).end());
    const forbidden = await run([address, '--key', file('key')]).finally(() => instead.clear());
    expect(forbidden).toMatchObject({ status: 3, out: '' });
    expect(forbidden.err).toContain(`${address}/checkpoint can't be read: status 403`);
  });

  it('is asked for again after a fault of the server or the network, a few times', async () => {
    const place = addressOf(address, patience);
    const bytes = await readFile(file('log/tile/0/001'));
    let attempts = 0;
    instead.set('tile/0/001', (response) => {
      attempts += 1;
      if (attempts === 1) response.writeHead(503).end('busy');
      else if (attempts === 2) response.destroy();
      else response.end(bytes);
    });
    expect(await place.read('tile/0/001')).toEqual(bytes);
    instead.set('tile/0/001', (response) => void response.writeHead(500).end());
    await expect(place.read('tile/0/001')).rejects.toThrow(
      new Unreadable(`${address}/tile/0/001 can't be read: status 500`),
    );
    instead.set('tile/0/001', () => undefined);
    await expect(addressOf(address, { pauses: [], limit: 50 }).read('tile/0/001')).rejects.toThrow(Unreadable);
    instead.clear();
  });

  it('a folder where a file belongs', async () => {
    await mkdir(file('odd/tile/0/000'), { recursive: true });
    const small = await TestLog.of(256);
    for (const [path, bytes] of small.files) if (path !== 'tile/0/000') await write(`odd/${path}`, bytes);
    await write('odd/checkpoint', await small.checkpoint());
    await write('odd/vkey', formatVerifierKey(logKey.key));
    const { status, err } = await run([file('odd')]);
    expect(status).toBe(3);
    expect(err).toContain("can't be read: EISDIR");
  });
});

describe('what was asked in a wrong way', () => {
  it.each([
    [['nowhere'], 'nowhere is no folder, and no address (https://…). --help says how to ask'],
    [['ftp://example.com/log'], 'ftp://example.com/log: a log is read over http, https or from a folder'],
    [['https://example.com/log?x=1'], 'the address of a log has no name, question or fragment'],
    [['https://'], 'https:// is no address'],
    [['LOG', '--key', 'nowhere'], 'there is no nowhere'],
    [['LOG', '--key', 'records'], 'records has more than the keys of a log'],
    [['LOG', '--key', 'receipt'], 'receipt: a verifier key is a name, eight hexadecimal digits and base64'],
    [['LOG', '--policy', 'key'], 'key: not a trust policy: its last line does not end'],
    [['LOG', '--key', 'key', '--records', 'nowhere'], "nowhere can't be read: ENOENT"],
    [['LOG', '--key', 'key', '--earlier', 'nowhere'], 'there is no nowhere'],
    [[], 'name a log (an address or a folder), or a receipt'],
  ])('%j', async (args, why) => {
    const named = args.map((arg) =>
      arg === 'LOG' ? file('log') : /^(nowhere|records|receipt|key)$/.test(arg) ? file(arg) : arg,
    );
    const { status, out, err } = await run(named);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err.replaceAll(`${folder}/`, '')).toContain(why);
  });

  it('a log without a key of its own, where none is given', async () => {
    await whileItIs('log/vkey', undefined, async () => {
      const { status, err } = await run([file('log')]);
      expect(status).toBe(2);
      expect(err).toContain('vkey: the key has to be given with --key or --policy');
    });
  });

  it('is told how to ask', async () => {
    const { status, out } = await run(['--help']);
    expect(status).toBe(0);
    expect(out).toContain('waarborg-verify LOG [--key FILE | --policy FILE]');
  });
});

describe('a receipt', () => {
  const receipts = async (...args: readonly string[]): Promise<{ status: number; reports: ReceiptReport[] }> => {
    const { status, out } = await run([...args, '--json']);
    return {
      status,
      reports: out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as ReceiptReport),
    };
  };

  it('holds offline, and says which record is where', async () => {
    asked.length = 0;
    const { status, out } = await run(['--receipt', file('receipt'), '--key', file('key')]);
    expect(status).toBe(0);
    expect(out).toContain(`holds       yes: entry 70123 of ${ORIGIN}\n`);
    expect(out).toContain(`record      ${log.records[70_123]!}\n`);
    expect(out).toContain('that the log still goes on from this checkpoint (name the log as well)');
    expect(asked).toEqual([]);
  });

  it('holds against its log as it is now, by a few files of it', async () => {
    asked.length = 0;
    const { status, reports } = await receipts('--receipt', file('receipt'), address);
    expect({ status, ...reports[0] }).toMatchObject({
      ...{
        status: 0,
        holds: true,
        index: 70_123,
        record: log.records[70_123],
        size: SIZE,
        sizeNow: SIZE,
        onTrust: true,
      },
    });
    expect(asked.length).toBeLessThan(10);
  });

  it('that is forged does not hold, and several are told apart', async () => {
    const text = await readFile(file('receipt'), 'utf8');
    await write('forged', text.replace('index 70123', 'index 70122'));
    const { status, reports } = await receipts(
      ...['--receipt', file('receipt'), '--receipt', file('forged'), '--key', file('key')],
    );
    expect(status).toBe(1);
    expect(reports.map(({ holds, faults }) => [holds, faults[0]?.code])).toEqual([
      [true, undefined],
      [false, 'proof-mismatch'],
    ]);
    const { status: byNext, out } = await run(['--receipt', file('receipt'), '--key', file('next-key')]);
    expect(byNext).toBe(1);
    expect(out).toMatch(/holds +NO: .*\(signature-missing\)\n/);
  });

  it('is held against the file that an auditor took along, by the headers that came with it', async () => {
    const taken = await write('sample.csv', 'id\r\n1\r\n');
    const salt = saltOf(3);
    const made = { bytes: 7, items: 1, hmac: createHmac('sha256', salt).update('id\r\n1\r\n').digest('hex') };
    const small = await TestLog.of(3);
    await small.add(
      JSON.stringify({ record: { id: 'reading-1', kind: 'reading', data: { what: 'exports', export: made } } }),
    );
    await write('sample.tlog-proof', await small.receipt(3));
    await write('headers', `HTTP/1.1 200 OK\r\nExport-Salt: ${salt.toString('hex')}\r\n\r\n`);
    const asks = ['--receipt', file('sample.tlog-proof'), '--key', file('key'), '--export', taken];
    asked.length = 0;
    const { status, out } = await run([...asks, '--salt', file('headers')]);
    expect(status).toBe(0);
    expect(out).toContain(`export      yes: ${taken} is the file, 7 bytes, 1 item\n`);
    expect(asked).toEqual([]);
    await write('sample.csv', 'id\r\n2\r\n');
    const { status: changed, reports } = await receipts(...asks, '--salt', file('headers'));
    expect({ changed, ...reports[0] }).toMatchObject({
      changed: 1,
      holds: false,
      faults: [{ code: 'export-mismatch' }],
    });
    const unsalted = await run(asks);
    expect(unsalted).toMatchObject({ status: 2, out: '' });
    expect(unsalted.err).toContain('--salt with the headers of the answer');
    expect(await run([...asks, '--salt', file('key')])).toMatchObject({ status: 2, out: '' });
    expect(await run([...asks.slice(0, -1), file('nowhere'), '--salt', file('headers')])).toMatchObject({ status: 2 });
  });
});
