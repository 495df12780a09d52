import { LogFault } from './log-fault.js';
import { base64Hash, decimal } from './text.js';

// c2sp.org/tlog-checkpoint: the text of a note that says how large a log is and which root it has.

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  /** Lines behind these three. No witness answers for them, and our logs have none. */
  readonly extensions: readonly string[];
}

/** What we give a log as its name: a checkpoint of another one may have a name that is none of ours. */
export const isLogOrigin = (origin: string): boolean =>
  origin.isWellFormed() && /^[^\p{White_Space}+\u0000-\u001f]+$/u.test(origin) && Buffer.byteLength(origin) <= 255;

/** The text of a checkpoint, its last newline included. */
export function formatCheckpoint({ origin, size, root }: Omit<Checkpoint, 'extensions'>): string {
  if (!isLogOrigin(origin)) {
    throw new LogFault(
      'origin-malformed',
      `${JSON.stringify(origin)} is not 1 to 255 bytes without blanks and plus signs`,
    );
  }
  const text = `${origin}\n${size}\n${root.toString('base64')}\n`;
  parseCheckpoint(text);
  return text;
}

/** Throws unless a note's text is a checkpoint. */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', sizeLine = '', rootLine = '', ...rest] = text.split('\n');
  if (rest.pop() !== '') throw malformed('it has no three lines that end');
  const [size, root] = [decimal(sizeLine), base64Hash(rootLine)];
  if (origin === '') throw malformed('its first line is empty, where its log is named');
  if (size === undefined) throw malformed('its second line is not a number of entries below 2^53');
  if (root === undefined) throw malformed('its third line is not a hash in base64');
  if (rest.includes('')) throw malformed('it has an empty line');
  return { origin, size, root, extensions: rest };
}

const malformed = (why: string): LogFault => new LogFault('checkpoint-malformed', `not a checkpoint: ${why}`);
