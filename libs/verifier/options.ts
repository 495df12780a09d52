import { parseArgs } from 'node:util';

/** What was asked can't be done as it was asked; nothing was verified. */
export class UsageFault extends Error {
  override readonly name = 'UsageFault';
}

export interface Options {
  /** An address or a folder; absent for receipts that are verified offline. */
  readonly log?: string;
  /** Files with keys of the log. */
  readonly keys: readonly string[];
  readonly policy?: string;
  readonly records?: string;
  readonly receipts: readonly string[];
  /** A file that was taken along, whose reading the receipt carries. */
  readonly export?: string;
  /** A file with the salt of that. */
  readonly salt?: string;
  /** A checkpoint to hold the log against, instead of the one that it publishes. */
  readonly checkpoint?: string;
  /** Checkpoints from which the log has to go on. */
  readonly earlier: readonly string[];
  readonly json: boolean;
}

export const USAGE = `Verifies a transparency log, or receipts of it. Believes bytes and the key that you have, nothing else.

  waarborg-verify LOG [--key FILE | --policy FILE] [--records FILE] [--checkpoint FILE] [--earlier FILE] [--json]
  waarborg-verify --receipt FILE [--export FILE --salt FILE] [LOG] [--key FILE | --policy FILE] [--json]

  LOG                an address (https://…/log) or a folder with the files of a log
  --key FILE         the log's public key, one line (name+id+base64); several lines, or several files, while keys change.
                     Without it the key is that of LOG/vkey: the answer says that it was taken on trust
  --policy FILE      a tlog-policy: keys of the log, and which witnesses have to have seen its checkpoint
  --records FILE     the archive's records, a JSON object a line: { "index", "salt", "record" }; or a binary copy of
                     index, salt and record from PostgreSQL; - for standard input
  --checkpoint FILE  a signed checkpoint: verifies the log as it was then
  --earlier FILE     a checkpoint that you kept: the log has to go on from it; can be given several times
  --receipt FILE     a .tlog-proof: offline, or with LOG also against the log as it is now; can be given several times
  --export FILE      a file that an auditor took along: whether it is the one whose reading the receipt carries
  --salt FILE        the headers that came with that file (Export-Salt), or its 64 hexadecimal digits alone
  --json             the answer as one line of JSON

Status: 0 everything that was asked holds; 1 not intact, or a receipt or a file that does not hold; 2 asked in a wrong way;
3 could not be read, so that nothing is known; 4 intact, but not complete.
`;

/** Throws `UsageFault`; `undefined` where help was asked for. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parsed(args);
  if (values.help === true) return undefined;
  const [log, ...more] = positionals;
  const { policy, records, checkpoint } = values;
  const [keys, receipts, earlier] = [values.key ?? [], values.receipt ?? [], values.earlier ?? []];
  if (more.length > 0) throw new UsageFault(`one log at a time, not ${positionals.join(' and ')}`);
  if (log === undefined && receipts.length === 0)
    throw new UsageFault('name a log (an address or a folder), or a receipt');
  if (keys.length > 0 && policy !== undefined) throw new UsageFault('a policy has keys of its own: --key or --policy');
  if (receipts.length > 0 && (records ?? checkpoint ?? earlier[0]) !== undefined) {
    throw new UsageFault('--receipt is asked by itself, without --records, --checkpoint and --earlier');
  }
  if (values.export !== undefined && receipts.length !== 1) {
    throw new UsageFault('--export is held against the one --receipt of its reading');
  }
  if (values.salt !== undefined && values.export === undefined) throw new UsageFault('--salt is that of an --export');
  if (log === undefined && keys.length === 0 && policy === undefined) {
    throw new UsageFault('a receipt is verified with --key or --policy, or beside its log');
  }
  return {
    ...(log === undefined ? {} : { log }),
    ...(policy === undefined ? {} : { policy }),
    ...(records === undefined ? {} : { records }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(values.export === undefined ? {} : { export: values.export }),
    ...(values.salt === undefined ? {} : { salt: values.salt }),
    ...{ keys, receipts, earlier, json: values.json === true },
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const texts = { type: 'string', multiple: true } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ key: texts, policy: text, records: text, receipt: texts, checkpoint: text, earlier: texts },
        ...{ export: text, salt: text },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageFault((error as Error).message);
  }
}
