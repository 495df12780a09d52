import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ScannerAway, VirusFound } from '#libs/registers';
import { clamdDouble, type ClamdDouble } from '#libs/testing';
import { clamdScanner } from './index.js';

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(0);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function wholeOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a file on its way through clamd', () => {
  let double: ClamdDouble | undefined;
  afterEach(async () => {
    await double?.close();
    double = undefined;
  });
  const scanner = (more: { readonly silence?: number } = {}) =>
    clamdScanner({ host: '127.0.0.1', port: double!.port, ...more });

  it.each([0, 1, 70_000, 5_000_000])('of %i bytes that is clean passes as it came', async (length) => {
    double = await clamdDouble({ finds: 'a mark that is not there' });
    const bytes = randomBytes(length);
    expect((await wholeOf(scanner().through(chunksOf(bytes, 65_536)))).equals(bytes)).toBe(true);
    expect(double.scanned.map((one) => one.equals(bytes))).toEqual([true]);
  });

  it('that is not clean ends in what was found, also where that lies across two pieces', async () => {
    double = await clamdDouble({ finds: 'mark of a virus' });
    const bytes = Buffer.from(`begin mark of a virus end`);
    for (const size of [bytes.length, 8]) {
      await expect(wholeOf(scanner().through(chunksOf(bytes, size)))).rejects.toThrow(new VirusFound('Test-Signature'));
    }
  });

  it.each<[string, Parameters<typeof clamdDouble>[0], string]>([
    ['is larger than the scanner takes', { most: 1_000 }, 'the scanner'],
    ['meets a scanner that hangs up', { hangsUp: true }, 'the scanner'],
    ['meets a scanner that says nothing', { isMute: true }, 'the scanner does not answer'],
  ])('that %s has no verdict', async (_what, options, message) => {
    double = await clamdDouble(options);
    const passing = wholeOf(scanner({ silence: 300 }).through(chunksOf(randomBytes(400_000), 65_536)));
    const failure: unknown = await passing.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ScannerAway);
    expect((failure as Error).message).toContain(message);
  });

  it('has no verdict where nobody listens', async () => {
    double = await clamdDouble();
    const { port } = double;
    await double.close();
    const passing = wholeOf(clamdScanner({ host: '127.0.0.1', port }).through(chunksOf(randomBytes(10), 10)));
    await expect(passing).rejects.toThrow(new ScannerAway('the scanner is away: ECONNREFUSED'));
  });

  it('passes on what its source ends with', async () => {
    double = await clamdDouble();
    const source = async function* (): AsyncGenerator<Uint8Array> {
      yield randomBytes(10);
      throw new RangeError('too long');
    };
    await expect(wholeOf(scanner().through(source()))).rejects.toBeInstanceOf(RangeError);
    expect(double.scanned).toEqual([]);
  });
});
