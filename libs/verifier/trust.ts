import {
  LogFault,
  MAX_POLICY_BYTES,
  parsePolicy,
  parseVerifierKey,
  trusting,
  type TrustPolicy,
  type VerifierKey,
} from '#libs/transparency-log';
import { UsageFault, type Options } from './options.js';
import { readBounded, type LogPlace } from './places.js';

/** Whose word counts, and where that was said. */
export interface Trust {
  readonly policy: TrustPolicy;
  readonly from: string;
  /** The key came with the log itself: whoever can show another log can show its key as well. */
  readonly isOnTrust: boolean;
}

const MAX_KEY_BYTES = 64 * 1024;

/** Throws `UsageFault` for files of one's own that are no keys or no policy, `LogFault` for those of the log. */
export async function trustOf({ keys, policy }: Options, log: LogPlace | undefined): Promise<Trust> {
  if (policy !== undefined) {
    const bytes = ownFile(policy, MAX_POLICY_BYTES);
    return { policy: own(policy, () => parsePolicy(bytes)), from: policy, isOnTrust: false };
  }
  if (keys.length > 0) {
    const parsed = keys.map((file) => {
      const bytes = ownFile(file, MAX_KEY_BYTES);
      if (bytes.length > MAX_KEY_BYTES) throw new UsageFault(`${file} has more than the keys of a log`);
      return own(file, () => keysOf(bytes.toString()));
    });
    return { policy: trusting(...parsed.flat()), from: keys.join(', '), isOnTrust: false };
  }
  if (log === undefined) throw new UsageFault('a receipt is verified with --key or --policy, or beside its log');
  const bytes = await log.read('vkey');
  const from = log.nameOf('vkey');
  if (bytes === undefined) throw new UsageFault(`there is no ${from}: the key has to be given with --key or --policy`);
  return { policy: trusting(...keysOf(Buffer.from(bytes).toString())), from, isOnTrust: true };
}

/** One key a line. */
function keysOf(text: string): VerifierKey[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new LogFault('key-malformed', 'it is empty');
  return lines.map((line) => parseVerifierKey(line.trim()));
}

function own<Parsed>(file: string, parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch (error) {
    throw error instanceof LogFault ? new UsageFault(`${file}: ${error.message}`) : error;
  }
}

/** Throws where there is none. At most one byte more than `bound`, so that it is seen to be too large. */
export function ownFile(file: string, bound: number): Buffer {
  const bytes = readBounded(file, bound);
  if (bytes === undefined) throw new UsageFault(`there is no ${file}`);
  return bytes;
}
