import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import {
  addCheckpoint,
  addCheckpointRequest,
  cosigner,
  EMPTY_ROOT,
  formatCheckpoint,
  judgeCheckpoint,
  LogFault,
  logSigner,
  MAX_REQUEST_BYTES,
  parseNote,
  readWitnessAnswer,
  signatureLine,
  signNote,
  trusting,
  withSignatures,
  witnessedPath,
  type NoteSigner,
  type Witness,
  type WitnessAnswer,
  type Witnessed,
} from './index.js';
import { checkpointOf, flipped, log, nextLog, NOW, ORIGIN, secretOf, treeOf, witnesses } from './log.tests.js';

/** A witness in memory that watches our log. */
class OneWitness implements Witness {
  readonly stored = new Map<string, Witnessed>();
  signers: readonly NoteSigner[] = witnesses.slice(0, 1);
  time = NOW;
  /** What happens between the comparison and the storing of it. */
  between: () => void | Promise<void> = () => undefined;

  readonly store = {
    latest: (origin: string) => Promise.resolve(this.stored.get(origin)),
    replace: async (origin: string, size: number, next: Witnessed) => {
      await this.between();
      if ((this.stored.get(origin)?.size ?? 0) !== size) return false;
      this.stored.set(origin, next);
      return true;
    },
  };

  keysOf(origin: string) {
    return origin === ORIGIN ? [log.key, nextLog.key] : undefined;
  }

  now(): bigint {
    return this.time;
  }

  add(body: Uint8Array | string): Promise<WitnessAnswer> {
    return addCheckpoint(typeof body === 'string' ? Buffer.from(body) : body, this);
  }

  /** Sends what goes on from `old` to `size`. */
  async see(old: number, size: number): Promise<WitnessAnswer> {
    return this.add(await request(old, size));
  }

  get size(): number | undefined {
    return this.stored.get(ORIGIN)?.size;
  }
}

const request = async (old: number, size: number, ...signers: readonly NoteSigner[]): Promise<Buffer> =>
  addCheckpointRequest(
    old,
    old === 0 ? [] : treeOf(size).consistencyProof(old, size),
    await checkpointOf(size, ...(signers.length === 0 ? [log] : signers)),
  );

describe('a witness', () => {
  it('cosigns the first checkpoint that it sees, and each that goes on from the one before', async () => {
    const witness = new OneWitness();
    for (const [old, size] of [
      [0, 3],
      [3, 20],
      [20, 20],
      [20, 33],
    ] as const) {
      const answer = await witness.see(old, size);
      expect(answer).toMatchObject({ status: 200, body: expect.stringMatching(/^\u2014 witness\.invalid\/11 \S+\n$/) });
      const checkpoint = withSignatures(await checkpointOf(size, log), [answer.body]);
      const policy = { ...trusting(log.key), witnesses: [{ name: 'w', key: witnesses[0]!.key }], quorum: 'w' };
      expect(judgeCheckpoint(checkpoint, policy).witnesses).toEqual([{ name: 'w', timestamp: NOW }]);
      // That is what it shows to those who compare: with its own lines and the log's.
      expect(witness.stored.get(ORIGIN)).toMatchObject({ size, note: checkpoint });
    }
  });

  it('gives the lines of all its keys, and keeps of the log`s those that it has verified', async () => {
    const witness = new OneWitness();
    witness.signers = witnesses;
    const stranger = logSigner('stranger.invalid', secretOf(50));
    const answer = await witness.add(await request(0, 20, stranger, log, nextLog));
    expect(answer.body.split('\n')).toHaveLength(4);
    const { note } = witness.stored.get(ORIGIN)!;
    expect(note).toBe(withSignatures(await checkpointOf(20, log, nextLog), answer.body.split(/(?<=\n)/)));
  });

  it('knows the log also by its next key', async () => {
    const witness = new OneWitness();
    await witness.see(0, 3);
    expect(await witness.add(await request(3, 20, nextLog))).toMatchObject({ status: 200 });
  });

  it('answers 409 with its size, and nothing else, to what goes on from another size', async () => {
    const witness = new OneWitness();
    expect(await witness.see(3, 20)).toEqual({ status: 409, contentType: 'text/x.tlog.size', body: '0\n' });
    await witness.see(0, 20);
    for (const [old, size] of [
      [0, 33],
      [3, 33],
      [30, 33],
      [0, 20],
    ] as const) {
      expect(await witness.see(old, size)).toEqual({ status: 409, contentType: 'text/x.tlog.size', body: '20\n' });
    }
    expect(witness.size).toBe(20);
  });

  it('answers 400 to an old size above the new one', async () => {
    const witness = new OneWitness();
    await witness.see(0, 20);
    expect(await witness.add(`old 20\n\n${await checkpointOf(3, log)}`)).toMatchObject({ status: 400 });
    expect(witness.size).toBe(20);
  });

  it('answers 404 to a log that it does not watch', async () => {
    const other = logSigner('other.invalid', secretOf(60));
    const text = formatCheckpoint({ origin: 'other.invalid', size: 0, root: EMPTY_ROOT });
    const body = addCheckpointRequest(0, [], await signNote(text, [other], NOW));
    expect(await new OneWitness().add(body)).toMatchObject({
      status: 404,
      body: expect.stringContaining('other.invalid'),
    });
  });

  it('answers 403 to a checkpoint without a signature of the log, and to one with a false signature of it', async () => {
    const witness = new OneWitness();
    const stranger = logSigner(ORIGIN, secretOf(70));
    expect(await witness.add(await request(0, 20, stranger))).toMatchObject({ status: 403 });
    const good = await checkpointOf(20, log);
    const other = (await checkpointOf(21, nextLog)).split('\n\n')[1]!;
    expect(await witness.add(`old 0\n\n${withSignatures(good, [other])}`)).toMatchObject({
      status: 403,
      body: expect.stringContaining('is not over this text'),
    });
    // Before anything is said about sizes.
    expect(await witness.add(await request(3, 20, stranger))).toMatchObject({ status: 403 });
    expect(witness.size).toBeUndefined();
  });

  it('answers 422 to a proof that does not fit, to another tree of the same size, and to a root of nothing', async () => {
    const witness = new OneWitness();
    const signed = (size: number, root: Buffer): Promise<string> =>
      signNote(formatCheckpoint({ origin: ORIGIN, size, root }), [log], NOW);
    const hash = `${treeOf(1).root(1).toString('base64')}\n`;
    expect(await witness.add(`old 0\n\n${await signed(0, treeOf(1).root(1))}`)).toMatchObject({ status: 422 });
    expect(await witness.add(`old 0\n${hash}\n${await signed(20, treeOf(20).root(20))}`)).toMatchObject({
      status: 422,
    });
    await witness.see(0, 20);
    const good = await request(20, 33);
    for (const bad of [
      `old 20\n\n${await signed(20, treeOf(20).root(19))}`,
      `old 20\n${hash}\n${await signed(20, treeOf(20).root(20))}`,
      `old 20\n\n${await signed(33, treeOf(33).root(33))}`,
      good.toString().replace(/\n[^\n]*\n\n/, '\n\n'),
      good.toString().replace('\n\n', `\n${hash}\n`),
      `${good.toString().split('\n\n')[0]!}\n\n${await signed(33, treeOf(33).root(32))}`,
    ]) {
      expect(await witness.add(bad)).toMatchObject({ status: 422 });
    }
    expect(witness.size).toBe(20);
  });

  it('answers 400 to what is no request', async () => {
    const note = await checkpointOf(20, log);
    const hash = treeOf(1).root(1).toString('base64');
    const witness = new OneWitness();
    for (const bad of [
      '',
      note,
      `old\n\n${note}`,
      `old -1\n\n${note}`,
      `old 00\n\n${note}`,
      `old 9007199254740993\n\n${note}`,
      `old  0\n\n${note}`,
      `new 0\n\n${note}`,
      `old 0\r\n\n${note}`,
      `old 0\n${note}`,
      `old 0\n${hash.slice(4)}\n\n${note}`,
      `old 0\n${`${hash}\n`.repeat(64)}\n${note}`,
      `old 0\n\n${note.slice(0, -1)}`,
      `old 0\n\n${note.replace('\n20\n', '\n020\n')}`,
      `old 0\n\n`,
      Buffer.concat([Buffer.from(`old 0\n\n${note}`), Buffer.of(0xff)]),
      'x'.repeat(MAX_REQUEST_BYTES + 1),
    ]) {
      expect(await witness.add(bad)).toMatchObject({ status: 400, body: expect.stringMatching(/^not a .+\n$/) });
    }
    expect(witness.size).toBeUndefined();
  });

  it('takes no request with a byte changed', async () => {
    const witness = new OneWitness();
    await witness.see(0, 20);
    const statuses = new Set<number>();
    for (const bad of flipped(await request(20, 33))) statuses.add((await witness.add(bad)).status);
    expect([...statuses].sort()).toEqual([400, 403, 404, 422]);
    expect(witness.size).toBe(20);
  });

  it('lets one of two requests that come together through, and gives no signature to the other', async () => {
    const witness = new OneWitness();
    await witness.see(0, 3);
    let arrived = 0;
    let go = (): void => undefined;
    const both = new Promise<void>((resolve) => (go = resolve));
    // Both have compared before either stores.
    witness.between = () => {
      arrived += 1;
      if (arrived === 2) go();
      return both;
    };
    const [small, large] = await Promise.all([witness.see(3, 20), witness.see(3, 33)]);
    expect([small.status, large.status].sort()).toEqual([200, 409]);
    const won = small.status === 200 ? 20 : 33;
    expect([small, large].find(({ status }) => status === 409)?.body).toBe(`${won}\n`);
    expect(witness.size).toBe(won);
  });

  it('answers nothing where it can not store or sign', async () => {
    const witness = new OneWitness();
    witness.between = () => Promise.reject(new Error('the disk is full'));
    await expect(witness.see(0, 20)).rejects.toThrow('the disk is full');
    witness.signers = [
      { ...witnesses[0]!, secret: { ...secretOf(11), sign: () => Promise.reject(new Error('no key')) } },
    ];
    await expect(witness.see(0, 20)).rejects.toThrow('no key');
    expect(witness.size).toBeUndefined();
  });

  it('signs at no time before its last, and at none that is not a time', async () => {
    const witness = new OneWitness();
    await witness.see(0, 3);
    witness.time = NOW - 1n;
    await expect(witness.see(3, 20)).rejects.toThrow(
      `the clock of this witness says ${NOW - 1n}, and it has cosigned at ${NOW}`,
    );
    expect(witness.size).toBe(3);
    witness.time = NOW;
    expect(await witness.see(3, 20)).toMatchObject({ status: 200 });
    const early = new OneWitness();
    early.time = 0n;
    await expect(early.see(0, 3)).rejects.toThrow('says 0');
  });

  it('shows what it has seen under the hash of the log`s name', () => {
    expect(witnessedPath(ORIGIN)).toBe(`${createHash('sha256').update(ORIGIN).digest('hex')}/checkpoint`);
  });
});

describe('a log that asks a witness', () => {
  const keys = [witnesses[0]!.key];
  const read = (status: number, body: string | Uint8Array, checkpoint: string) =>
    readWitnessAnswer(status, typeof body === 'string' ? Buffer.from(body) : body, checkpoint, keys);

  it('takes its cosignatures into the checkpoint', async () => {
    const checkpoint = await checkpointOf(20, log);
    const { status, body } = await new OneWitness().see(0, 20);
    const reply = read(status, body, checkpoint);
    expect(reply).toMatchObject({ outcome: 'cosigned', signatures: [{ line: body, timestamp: NOW }] });
  });

  it('leaves out lines of keys that it does not know', async () => {
    const witness = new OneWitness();
    witness.signers = witnesses;
    const { status, body } = await witness.see(0, 20);
    expect(read(status, body, await checkpointOf(20, log))).toMatchObject({
      signatures: [{ key: witnesses[0]!.key }],
    });
  });

  it('learns the size to prove from', async () => {
    const witness = new OneWitness();
    await witness.see(0, 20);
    const checkpoint = await checkpointOf(33, log);
    const { status, body } = await witness.see(0, 33);
    const reply = read(status, body, checkpoint);
    expect(reply).toEqual({ outcome: 'other-size', size: 20 });
    expect(await witness.see(20, 33)).toMatchObject({ status: 200 });
    for (const bad of ['20', '020\n', 'twenty\n', '', '20\n\n']) {
      expect(() => read(409, bad, checkpoint)).toThrow('a conflict without the size');
    }
  });

  it('is told why it is refused', async () => {
    expect(read(403, 'no\n', await checkpointOf(20, log))).toEqual({ outcome: 'refused', status: 403, reason: 'no' });
  });

  it('takes no answer for a cosignature that is none over its checkpoint', async () => {
    const checkpoint = await checkpointOf(20, log);
    const witness = new OneWitness();
    const { body } = await witness.see(0, 20);
    const timeless = await signatureLine(witnesses[0]!, parseNote(checkpoint).text, 0n);
    const stranger = new OneWitness();
    stranger.signers = [cosigner('stranger.invalid', secretOf(80))];
    const codeOf = (of: string | Uint8Array, over = checkpoint): string => {
      try {
        read(200, of, over);
      } catch (error) {
        if (error instanceof LogFault) return error.code;
        throw error;
      }
      return 'none';
    };
    expect(codeOf(body)).toBe('none');
    expect(codeOf(body, await checkpointOf(21, log))).toBe('signature-invalid');
    expect(codeOf((await stranger.see(0, 20)).body)).toBe('signature-missing');
    expect(codeOf(timeless)).toBe('signature-missing');
    expect(codeOf('')).toBe('note-malformed');
    expect(codeOf('<html>')).toBe('note-malformed');
    expect(codeOf(Buffer.of(0xff))).toBe('answer-malformed');
    for (const bad of flipped(Buffer.from(body))) {
      expect(codeOf(bad)).toMatch(/^(answer-malformed|note-malformed|signature-(missing|invalid))$/);
    }
  });
});
