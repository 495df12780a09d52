import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FaultForPeople } from '#libs/kernel';
import { isSupported, LogFault, parsePolicy, type VerifierKey } from '#libs/transparency-log';

/** What a witness is told at its start. */
export interface WitnessSettings {
  /** Where its key and what it has seen are kept. Absolute. */
  readonly dir: string;
  /** Under which name it signs: its own, and no log's. */
  readonly name: string;
  /** Keys of the logs that it watches, by the logs' names. */
  readonly logs: ReadonlyMap<string, readonly VerifierKey[]>;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** Every fault of the settings, one a line. */
export class WitnessSettingsFault extends FaultForPeople {
  override readonly name = 'WitnessSettingsFault';
  constructor(readonly faults: readonly string[]) {
    super(['The settings of the witness have faults:', ...faults.map((fault) => `  - ${fault}`)].join('\n'));
  }
}

/** Option → environment variable. An option wins over its variable. */
const OPTIONS = {
  dir: 'WITNESS_DIR',
  name: 'WITNESS_NAME',
  logs: 'WITNESS_LOGS',
  host: 'WITNESS_HOST',
  port: 'WITNESS_PORT',
} as const;

/** Throws `WitnessSettingsFault` with every fault at once. */
export function readWitnessSettings(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): WitnessSettings {
  const faults: string[] = [];
  const given = argumentsOf(args, faults);
  const text = (option: keyof typeof OPTIONS): string => given[option] ?? environment[OPTIONS[option]] ?? '';
  const named = (option: keyof typeof OPTIONS): string => `--${option} (${OPTIONS[option]})`;

  const name = text('name');
  if (!/^[^\p{White_Space}+\u0000-\u001f]+$/u.test(name) || Buffer.byteLength(name) > 255) {
    faults.push(`${named('name')} is 1 to 255 bytes without blanks and plus signs, such as witness.example/w1`);
  }
  const port = text('port') === '' ? 8090 : Number(text('port'));
  if (!/^\d{0,5}$/.test(text('port')) || port > 65_535) faults.push(`${named('port')} is a number from 0 to 65535`);
  const logs = text('logs') === '' ? undefined : logsOf(resolve(text('logs')), named('logs'), faults);
  if (text('logs') === '') faults.push(`${named('logs')} names a file: a line "log KEY" for each log that is watched`);
  if (logs?.has(name) === true) faults.push(`${named('name')} is that of a log: a witness has a name of its own`);
  if (faults.length > 0) throw new WitnessSettingsFault(faults);
  return { dir: resolve(text('dir') || './witness'), name, logs: logs!, host: text('host') || '127.0.0.1', port };
}

function argumentsOf(args: readonly string[], faults: string[]): Partial<Record<keyof typeof OPTIONS, string>> {
  const type = 'string' as const;
  try {
    return parseArgs({
      args: [...args],
      options: { dir: { type }, name: { type }, logs: { type }, host: { type }, port: { type } },
    }).values;
  } catch (error) {
    faults.push((error as Error).message);
    return {};
  }
}

/** The logs of a tlog-policy; whom else it names does not matter to a witness. */
function logsOf(
  file: string,
  label: string,
  faults: string[],
): ReadonlyMap<string, readonly VerifierKey[]> | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    faults.push(`${label} names ${file}, which can't be read (${(error as NodeJS.ErrnoException).code})`);
    return undefined;
  }
  try {
    const logs = new Map<string, VerifierKey[]>();
    // The quorum is about those who verify: a list of logs needs none.
    const text = bytes.toString('latin1');
    const policy = /^[ \t]*quorum\b/m.test(text) ? bytes : Buffer.concat([bytes, Buffer.from('quorum none\n')]);
    for (const { key } of parsePolicy(policy).logs) logs.set(key.name, [...(logs.get(key.name) ?? []), key]);
    if (logs.size === 0) faults.push(`${label} names ${file}, which has no line "log KEY"`);
    for (const [name, keys] of logs) {
      // A witness that can check nothing of a log would refuse all of it.
      if (keys.some(({ kind }) => isSupported(kind))) continue;
      faults.push(
        `${label} has no key of ${name} by which this Node (${process.version}) can verify: take one of Ed25519 as well, or ` +
          'Node 24.6 or newer',
      );
    }
    return logs;
  } catch (error) {
    if (!(error instanceof LogFault)) throw error;
    faults.push(`${label} names ${file}: ${error.message}`);
    return undefined;
  }
}
