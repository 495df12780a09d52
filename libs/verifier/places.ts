import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MAX_NOTE_BYTES, type TileSource } from '#libs/transparency-log';
import { UsageFault } from './options.js';

/** It could not be read: no answer, no permission. What stands there is not known, and nothing is said of it. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Where the files of a log are. */
export interface LogPlace extends TileSource {
  /** As it was named. */
  readonly name: string;
  /** How a file of it is named to a person. */
  nameOf(path: string): string;
}

const MAX_BUNDLE_BYTES = 256 * (2 + 0xffff);
const MAX_TILE_BYTES = 256 * 32;

/** What a file can have; of a larger one a byte more is read, so that it is seen to be too large. */
const boundOf = (path: string): number =>
  path.startsWith('tile/entries/') ? MAX_BUNDLE_BYTES : path.startsWith('tile/') ? MAX_TILE_BYTES : MAX_NOTE_BYTES;

export async function placeOf(name: string): Promise<LogPlace> {
  if (/^https?:\/\//i.test(name)) return addressOf(name);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(name))
    throw new UsageFault(`${name}: a log is read over http, https or from a folder`);
  const isFolder = await stat(name).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new UsageFault(`${name} is no folder, and no address (https://…)`);
  return {
    name,
    nameOf: (path) => join(name, path),
    read: async (path) => readBounded(join(name, path), boundOf(path)),
  };
}

/**
 * The bytes of a file, at most one more than `bound`; `undefined` where there is none. Of a folder beside the program a wait is
 * shorter than a turn of the event loop: read at once, the files of a log cost a tenth.
 */
export function readBounded(file: string, bound: number): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const bytes = Buffer.allocUnsafe(Math.min(fstatSync(descriptor).size, bound + 1));
    let end = 0;
    while (end < bytes.length) {
      const read = readSync(descriptor, bytes, end, bytes.length - end, end);
      if (read === 0) break;
      end += read;
    }
    return bytes.subarray(0, end);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Unreadable(`${file} can't be read: ${message}`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

export interface Patience {
  /** Milliseconds before each further attempt. */
  readonly pauses: readonly number[];
  /** Milliseconds within which an answer has to be there. */
  readonly limit: number;
}

const PATIENCE: Patience = { pauses: [500, 2_000, 5_000], limit: 60_000 };

/** A log over HTTP. Only 404 says that a file is not there. */
export function addressOf(name: string, patience: Patience = PATIENCE): LogPlace {
  if (!URL.canParse(name)) throw new UsageFault(`${name} is no address`);
  const url = new URL(name);
  if (url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new UsageFault(`${name}: the address of a log has no name, question or fragment; its files stand below it`);
  }
  const base = url.href.replace(/\/+$/, '');
  const nameOf = (path: string): string => `${base}/${path}`;
  return {
    name,
    nameOf,
    async read(path) {
      let answer = await attempt(nameOf(path), boundOf(path), patience.limit);
      for (const wait of patience.pauses) {
        if (typeof answer !== 'string') break;
        await pause(wait);
        answer = await attempt(nameOf(path), boundOf(path), patience.limit);
      }
      if (typeof answer === 'string') throw new Unreadable(`${nameOf(path)} can't be read: ${answer}`);
      return answer.bytes;
    },
  };
}

/** What came of it; or why it is worth another attempt. */
async function attempt(address: string, bound: number, limit: number): Promise<{ bytes: Buffer | undefined } | string> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(limit) });
    if (answer.ok) return { bytes: answer.body === null ? Buffer.alloc(0) : await upTo(bound + 1, answer.body) };
    await answer.body?.cancel();
    if (answer.status === 404) return { bytes: undefined };
    if (answer.status === 429 || answer.status >= 500) return `status ${answer.status}`;
    throw new Unreadable(`${address} can't be read: status ${answer.status}`);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    const { message, cause } = error as Error;
    return cause instanceof Error && cause.message !== '' ? cause.message : message;
  }
}

async function upTo(length: number, body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let had = 0;
  for await (const part of body) {
    parts.push(part);
    had += part.length;
    // To leave the loop ends the answer.
    if (had >= length) break;
  }
  return Buffer.concat(parts).subarray(0, length);
}
