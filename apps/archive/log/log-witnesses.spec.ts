import { createPrivateKey } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryLogFiles, memoryStores, type MemoryStores } from '#libs/adapters/memory';
import type { Follower, LogFiles } from '#libs/eventing';
import { until, uuid } from '#libs/testing';
import {
  addCheckpoint,
  cosigner,
  formatPolicy,
  growLog,
  judgeCheckpoint,
  parsePolicy,
  secretKey,
  signatureLine,
  trusting,
  verifyReceipt,
  witnessedPath,
  type NoteSigner,
  type VerifierKey,
  type Witnessed,
} from '#libs/transparency-log';
import { memoryVault } from '#libs/vault';
import type { AskWitness } from './ask-witness.js';
import { LogWitnesses, type LogWitnessesParts } from './log-witnesses.js';
import { LogRefused } from './log-fault-for-people.js';
import { logSignatures, type LogSignatures } from './log-signatures.js';
import { receiptOf } from './receipt-of.js';
import { live, Life, untilPublished, write, type LogWorld } from './sequencer.tests.js';
import { withKeys, witnessPolicyOf, type WitnessPolicy } from './witness-policy.js';
import { startWitnessing, WITNESSING } from './witnessing.js';

const ORIGIN = 'waarborg.invalid/log';
const NOW = 1_796_000_000n;
const signerOf = (number: number): NoteSigner =>
  cosigner(
    `witness.example/w${number}`,
    secretKey(
      createPrivateKey({
        key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 10 + number)]),
        ...{ format: 'der', type: 'pkcs8' },
      }),
    ),
  );

/** A witness in memory, at `https://w<number>`. */
class OneWitness {
  readonly signer: NoteSigner;
  readonly url: string;
  readonly seen: string[] = [];
  stored: Witnessed | undefined;
  isAway = false;
  /** Answers this instead of what it shows. */
  shows: { status: number; body: string } | undefined;

  constructor(
    number: number,
    readonly keys: readonly VerifierKey[],
  ) {
    this.signer = signerOf(number);
    this.url = `https://w${number}`;
  }

  readonly #store = {
    latest: async () => this.stored,
    replace: async (_: string, size: number, next: Witnessed) => {
      if ((this.stored?.size ?? 0) !== size) return false;
      this.stored = next;
      return true;
    },
  };

  async answer(path: string, body: Uint8Array | undefined): Promise<{ status: number; body: Uint8Array }> {
    if (this.isAway) throw new Error('connect ECONNREFUSED');
    if (body !== undefined) {
      this.seen.push(Buffer.from(body).toString().split('\n')[0]!);
      const { status, body: text } = await addCheckpoint(body, {
        ...{ signers: [this.signer], store: this.#store, keysOf: () => this.keys },
        now: () => NOW,
      });
      return { status, body: Buffer.from(text) };
    }
    expect(path).toBe(witnessedPath(ORIGIN));
    if (this.shows !== undefined) return { status: this.shows.status, body: Buffer.from(this.shows.body) };
    return this.stored === undefined
      ? { status: 404, body: Buffer.from('nothing\n') }
      : { status: 200, body: Buffer.from(this.stored.note) };
  }
}

describe('the witnesses of a log', () => {
  let stores: MemoryStores;
  let files: LogFiles;
  let signatures: LogSignatures;
  let world: LogWorld;
  let all: OneWitness[];
  let troubles: string[];
  const running: Follower[] = [];
  beforeEach(async () => {
    stores = memoryStores();
    files = stores.logFiles;
    signatures = logSignatures(ORIGIN, (await memoryVault()).logKeys, Date.now);
    world = { stores, signatures, identity: { store: uuid('store'), epoch: 1 } };
    const keys = await signatures.keys();
    all = [1, 2, 3].map((number) => new OneWitness(number, keys));
    troubles = [];
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
    await stores.close();
  });

  const policyOf = (...lines: readonly string[]): WitnessPolicy => {
    const witnesses = all.map(({ signer, url }, at) => ({ name: `w${at + 1}`, key: signer.key, url }));
    const text = formatPolicy({ ...trusting(), witnesses, groups: [] })
      .toString()
      .replace('quorum none\n', '');
    return witnessPolicyOf(Buffer.from(`${text}${lines.join('\n')}\n`))!;
  };
  const ask: AskWitness = (url, body) => {
    const [, number, path] = /^https:\/\/w(\d)\/(.*)$/.exec(url)!;
    return all[Number(number) - 1]!.answer(path!, body);
  };
  const witnessesOf = (policy: WitnessPolicy, more: Partial<LogWitnessesParts> = {}): LogWitnesses =>
    new LogWitnesses({
      ...{ policy, table: stores.log, files, signatures, ask },
      onTrouble: ({ message }) => void troubles.push(message),
      ...more,
    });
  const grow = async (events: number): Promise<string[]> => {
    const ids = await write(stores, { events, records: 0 });
    const follower = await live(world, files);
    await untilPublished(files, (await stores.log.newest())?.size ?? 0);
    await until('it is sequenced', async () => (await stores.log.indexOf(ids.at(-1)!)) !== undefined);
    await untilPublished(files, await stores.log.size());
    await follower.stop();
    return ids;
  };
  /** What the log signs beyond its table: these many entries more. */
  const beyond = async (more: number): Promise<{ note: string; size: number }> => {
    const { size } = await signatures.judge((await files.checkpoint())!);
    const added = Array.from({ length: more }, (_, nth) => Buffer.alloc(32, nth));
    const { range } = await growLog(files, size, added);
    return { size: size + more, note: await signatures.sign({ size: size + more, root: range.root() }) };
  };
  const seenBy = async (witness: OneWitness, note: string): Promise<void> => {
    const { size, root } = await signatures.judge(note);
    witness.stored = { size, root, timestamp: NOW, note };
  };

  it('cosign what is published, from what each has seen, and enough of them make it count', async () => {
    const policy = policyOf('group two 2 w1 w2 w3', 'quorum two');
    all[2]!.isAway = true;
    const witnesses = witnessesOf(policy);
    expect(await witnesses.round()).toBe(true);
    await grow(5);
    expect(await witnesses.round()).toBe(true);
    await grow(300);
    expect(await witnesses.round()).toBe(true);
    expect(all.map(({ seen }) => seen)).toEqual([['old 0', 'old 5'], ['old 0', 'old 5'], []]);
    const { size, note } = (await stores.log.cosigned())!;
    expect(size).toBe(305);
    const believed = judgeCheckpoint(note, withKeys(policy, await signatures.keys()));
    expect(believed.witnesses.map(({ name }) => name).sort()).toEqual(['w1', 'w2']);
    // Of one that is away it is told once, and it is let alone for a while.
    expect(troubles).toEqual(['The witness witness.example/w3: connect ECONNREFUSED']);
    // Another process learns from a witness what that has seen.
    const other = witnessesOf(policy);
    await grow(1);
    expect(await other.round()).toBe(true);
    expect(all[0]!.seen.slice(2)).toEqual(['old 0', 'old 305']);
    await Promise.all([witnesses.stop(), other.stop()]);
  });

  it('are not waited for once enough have cosigned, and are asked on until then', async () => {
    await grow(5);
    let answer = (): void => undefined;
    const late = new Promise<void>((resolve) => (answer = resolve));
    const slow: AskWitness = async (url, body, signal) => {
      if (url.startsWith('https://w3/')) await late;
      return ask(url, body, signal);
    };
    const one = witnessesOf(policyOf('group any-of any w1 w3', 'quorum any-of'), { ask: slow });
    expect(await one.round()).toBe(true);
    expect((await stores.log.cosigned())!.size).toBe(5);
    answer();
    await one.stop();

    all[0]!.isAway = true;
    const both = witnessesOf(policyOf('group all-of all w1 w2', 'quorum all-of'));
    await grow(2);
    expect(await both.round()).toBe(false);
    expect((await stores.log.cosigned())!.size).toBe(5);
    await both.stop();
  });

  it('give their lines again to a process that does not have them, so that the quorum is met without anything new', async () => {
    await grow(5);
    const policy = policyOf('group all-of all w1 w2 w3', 'quorum all-of');
    all[2]!.isAway = true;
    const first = witnessesOf(policy);
    expect(await first.round()).toBe(false);
    await first.stop();
    // Killed with two lines in memory; the third comes back while nothing is recorded.
    all[2]!.isAway = false;
    const second = witnessesOf(policy);
    await second.compare();
    expect(await second.round()).toBe(true);
    expect((await stores.log.cosigned())!.size).toBe(5);
    await second.stop();
    // By a policy that asks for others, of whom all have cosigned it before.
    const third = witnessesOf(policyOf('quorum w2'));
    await third.compare();
    expect(await third.round()).toBe(true);
    await third.stop();
  });

  it('give receipts that meet the policy, of the newest checkpoint that does', async () => {
    const policy = policyOf('group two 2 w1 w2 w3', 'quorum two');
    const witnesses = witnessesOf(policy);
    const [first] = await grow(5);
    const receipt = (id: string, by: WitnessPolicy | undefined = policy) =>
      receiptOf(id, stores.log, files, signatures, by);
    expect(await receipt(first!)).toBeUndefined();
    await witnesses.round();
    const [later] = await grow(10);
    const trust = withKeys(policy, await signatures.keys());
    const { checkpoint, index } = verifyReceipt((await receipt(first!))!, trust);
    expect([checkpoint.size, index]).toEqual([5, 0]);
    // Published, and seen by nobody yet: by a policy that asks for nobody there is one.
    expect(await receipt(later!)).toBeUndefined();
    expect(await receipt(later!, policyOf('quorum none'))).toBeDefined();
    await witnesses.round();
    expect(verifyReceipt((await receipt(later!))!, trust).checkpoint.size).toBe(15);
    // A folder that never had the tiles of just that size.
    await grow(3);
    const own = new MemoryLogFiles();
    const follower = await live(world, own);
    await untilPublished(own, 18);
    await follower.stop();
    const elsewhere = await receiptOf(later!, stores.log, own, signatures, policy);
    expect(verifyReceipt(elsewhere!, trust).checkpoint.size).toBe(15);
    // By a policy that asks for another witness what was cosigned does not count, until it has cosigned as well.
    all[2]!.stored = undefined;
    const others = policyOf('quorum w3');
    const { note } = (await stores.log.cosigned())!;
    await stores.log.keepCosigned({
      size: 15,
      note: note
        .split('\n')
        .filter((line) => !line.includes('/w3 '))
        .join('\n'),
    });
    expect(await receipt(first!, others)).toBeUndefined();
    const asked = witnessesOf(others);
    expect(await asked.round()).toBe(true);
    expect(verifyReceipt((await receipt(first!, others))!, withKeys(others, await signatures.keys())).index).toBe(0);
    await Promise.all([witnesses.stop(), asked.stop()]);
  });

  it('keep a table from being gone on with that knows less than they have seen signed', async () => {
    await grow(5);
    const { note } = await beyond(4);
    await seenBy(all[1]!, note);
    const witnesses = witnessesOf(policyOf('quorum w1'));
    const starting = live(world, files, new Life(), { witnesses });
    await expect(starting).rejects.toThrow(LogRefused);
    await expect(starting).rejects.toThrow(
      /The witness witness\.example\/w2 has cosigned 9 entries .* and the database knows 5: .*adopt-restored-log/,
    );
    await expect(witnesses.round()).rejects.toThrow(LogRefused);
    expect((await stores.log.newest())!.size).toBe(5);
    await witnesses.stop();
  });

  it('keep a table from being gone on with whose history is another, of as many entries or fewer', async () => {
    await grow(5);
    const { range } = await growLog(
      new MemoryLogFiles(),
      0,
      [1, 2, 3].map((each) => Buffer.alloc(32, each)),
    );
    await seenBy(all[0]!, await signatures.sign({ size: 3, root: range.root() }));
    const witnesses = witnessesOf(policyOf('quorum w1'));
    await expect(live(world, files, new Life(), { witnesses })).rejects.toThrow(
      /w1 has cosigned another history of the first 3 entries/,
    );
    await witnesses.stop();
    // Also where it is noticed when it is asked to go on: it refuses the proof.
    const asked = witnessesOf(policyOf('quorum w1'));
    await expect(asked.round()).rejects.toThrow('another history of the first 3 entries');
    await asked.stop();
  });

  it('stop a log that runs when they show what its table has lost', async () => {
    await grow(5);
    const witnesses = witnessesOf(policyOf('quorum w1'));
    const follower = await live(world, files, new Life(), { witnesses });
    const asking = startWitnessing({
      ...{ witnesses, leases: stores.leases, holder: 'this', askEvery: 10 },
      onTrouble: (name, error, stopped) => void troubles.push(`${name}: ${stopped}: ${(error as Error).message}`),
    });
    running.push(follower, asking);
    await until('it is cosigned', async () => (await stores.log.cosigned())?.size === 5);
    expect(asking.status()).toMatchObject({ name: WITNESSING, state: 'running', mayLag: true });
    const { note } = await beyond(4);
    await seenBy(all[0]!, note);
    await seenBy(all[1]!, note);
    await write(stores, { events: 1, records: 0 });
    await until('both have stopped', () => [follower, asking].every((each) => each.status().state === 'stopped'));
    for (const each of [follower, asking]) expect(each.status().stoppedBy!.reason).toContain('has cosigned 9 entries');
    expect((await stores.log.newest())!.size).toBeLessThanOrEqual(6);
  });

  it('are passed over where they are away, or show what the log has not signed', async () => {
    await grow(5);
    const forged = await logSignatures(ORIGIN, (await memoryVault()).logKeys, Date.now).sign({
      ...{ size: 99, root: Buffer.alloc(32, 1) },
    });
    all[0]!.isAway = true;
    all[1]!.shows = { status: 200, body: forged };
    all[2]!.shows = { status: 500, body: 'broken' };
    const witnesses = witnessesOf(policyOf('quorum w1'));
    await witnesses.compare();
    expect(troubles.sort()).toEqual([
      expect.stringContaining('w1: connect ECONNREFUSED'),
      expect.stringContaining('w2: no trusted key of waarborg.invalid/log has signed it'),
      expect.stringContaining('w3: answers 500'),
    ]);
    // A lie about a size, with nothing to show for it, is no reason to stop.
    all[1]!.stored = { size: 77, root: Buffer.alloc(32), timestamp: NOW, note: forged };
    expect(await witnesses.round()).toBe(false);
    expect(troubles.some((line) => line.includes('w2: no trusted key'))).toBe(true);
    await witnesses.stop();
  });

  it('are not passed over where it is the log that can not compare: nothing is known then', async () => {
    await grow(5);
    const { note } = await beyond(4);
    await seenBy(all[1]!, note);
    const gone = (what: string) => () => Promise.reject(new Error(`${what}: connection lost`));
    const table = {
      newest: gone('PostgreSQL'),
      cosigned: () => stores.log.cosigned(),
      keepCosigned: stores.log.keepCosigned.bind(stores.log),
    };
    for (const [parts, why] of [
      [{ table }, 'PostgreSQL: connection lost'],
      [{ signatures: { ...signatures, judge: gone('key store') } }, 'key store: connection lost'],
    ] as const) {
      const witnesses = witnessesOf(policyOf('quorum w1'), parts);
      await expect(witnesses.compare()).rejects.toThrow(why);
      await expect(live(world, files, new Life(), { witnesses })).rejects.toThrow(why);
      await witnesses.stop();
    }
    expect(troubles).toEqual([]);
    expect((await stores.log.newest())!.size).toBe(5);
  });

  it('have keys of their own, and answers that are signed by them', async () => {
    await grow(2);
    const [own] = await signatures.keys();
    const named = policyOf('quorum w1');
    const policy = {
      ...named,
      witnesses: named.witnesses.map((each) => ({ ...each, key: { ...each.key, publicKey: own.publicKey } })),
    };
    await expect(witnessesOf(policy).compare()).rejects.toThrow('has a key of the log itself');
    const wrong: AskWitness = async (url, body, signal) => {
      if (body === undefined) return ask(url, body, signal);
      const line = await signatureLine(signerOf(9), `${ORIGIN}\n2\n${Buffer.alloc(32).toString('base64')}\n`, NOW);
      return { status: 200, body: Buffer.from(line) };
    };
    const witnesses = witnessesOf(policyOf('quorum w1'), { ask: wrong });
    expect(await witnesses.round()).toBe(false);
    expect(troubles).toContainEqual(expect.stringContaining('no cosignature of its own'));
    expect(await stores.log.cosigned()).toBeUndefined();
    await witnesses.stop();
  });
});

describe('the policy of a log', () => {
  const key = (number: number): string => {
    const [line] = formatPolicy({ ...trusting(), groups: [], witnesses: [{ name: 'w', key: signerOf(number).key }] })
      .toString()
      .split('\n');
    return line!.split(' ')[2]!;
  };
  it('has an address for each witness, with or without a slash', () => {
    expect(witnessPolicyOf(undefined)).toBeUndefined();
    const text = `witness a ${key(1)} https://one.example/w/\nwitness b ${key(2)} http://127.0.0.1:8090\nquorum a\n`;
    expect(witnessPolicyOf(Buffer.from(text))!.witnesses.map(({ url }) => url)).toEqual([
      ...['https://one.example/w', 'http://127.0.0.1:8090'],
    ]);
    expect(parsePolicy(text).quorum).toBe('a');
  });
  it.each([
    [
      `witness a ${key(1)}\nwitness b ${key(2)} ftp://x\nquorum a\n`,
      /w1 has no address .*; witness\.example\/w2 has no/,
    ],
    ['quorum none\n', /names no witness/],
    ['witness a nonsense\nquorum a\n', /line 1/],
    [`witness a ${key(1)} https://w\nquorum b\n`, /"b" is no witness/],
  ])('is refused otherwise: %#', (text, why) => {
    expect(() => witnessPolicyOf(Buffer.from(text))).toThrow(why);
  });
});
