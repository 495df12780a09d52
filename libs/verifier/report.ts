import { type BelievedCheckpoint, type LogFault } from '#libs/transparency-log';
import { type Account } from './record-account.js';
import { type ExportFault, type VerifiedExport } from './exported-file.js';
import { type RecordFault } from './record-page.js';
import { type LogVerdict, type ReceiptVerdict } from './verify-log.js';
import { type Trust } from './trust.js';

// What is said of a verdict: lines for a person, one object for a program. Nothing is said of it in one only.

/** What a shell sees. */
export const STATUS = { holds: 0, isWrong: 1, askedWrongly: 2, notKnown: 3, isIncomplete: 4 } as const;
export type Status = (typeof STATUS)[keyof typeof STATUS];

interface Fault {
  readonly code: string;
  readonly message: string;
  readonly index?: number;
}

const faultOf = ({ code, message, ...more }: LogFault | RecordFault | ExportFault): Fault => ({
  ...{ code, message },
  ...('index' in more && more.index !== undefined ? { index: more.index } : {}),
});

interface Basis {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  /** Ids of the log's keys that have signed. */
  readonly keys: readonly string[];
  readonly keysFrom: string;
  readonly onTrust: boolean;
  readonly witnesses: readonly { readonly name: string; readonly time: string }[];
  /** Keys whose signatures this Node can't verify. */
  readonly unverified: readonly string[];
}

const basisOf = ({ checkpoint, keys, witnesses, unverified }: BelievedCheckpoint, trust: Trust): Basis => ({
  ...{ origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root.toString('base64') },
  ...{ keys: keys.map(({ id }) => id), keysFrom: trust.from, onTrust: trust.isOnTrust },
  witnesses: witnesses.map(({ name, timestamp }) => ({ name: shownName(name), time: timeOf(timestamp) })),
  unverified: unverified.map(({ name, id }) => `${name} (${id})`),
});

/** Names of a policy are bytes, one to a character. */
const shownName = (name: string): string => Buffer.from(name, 'latin1').toString();

function timeOf(seconds: bigint): string {
  const time = new Date(Number(seconds) * 1_000);
  return Number.isNaN(time.getTime()) ? `${seconds} s` : time.toISOString();
}

export interface LogReport extends Partial<Basis> {
  readonly log: string;
  readonly intact: boolean;
  /** `null`: not asked, or not to be known of a log that is not intact. */
  readonly complete: boolean | null;
  readonly faults: readonly Fault[];
  readonly records?: Omit<Account, 'faults' | 'isComplete'>;
  readonly notProven: readonly string[];
}

export interface Asked {
  readonly log: string;
  readonly trust: Trust;
  readonly hasRecords: boolean;
  readonly hasEarlier: boolean;
}

export function logReport({ believed, fault, account }: LogVerdict, asked: Asked): LogReport {
  const faults = [...(fault === undefined ? [] : [fault]), ...(account?.faults ?? [])].map(faultOf);
  return {
    log: asked.log,
    ...(believed === undefined ? {} : basisOf(believed, asked.trust)),
    ...{ intact: fault === undefined, complete: account?.isComplete ?? null, faults },
    ...(account === undefined ? {} : { records: countsOf(account) }),
    notProven: notProven(asked, believed, account),
  };
}

const countsOf = ({ faults: _, isComplete: __, ...counts }: Account): NonNullable<LogReport['records']> => counts;

/** What a person might take for shown, and is not. */
function notProven(asked: Asked, believed: BelievedCheckpoint | undefined, account: Account | undefined): string[] {
  const witnesses = believed?.witnesses.length ?? 0;
  return [
    'that what was recorded is true, or that all that happened was recorded: an event that never got an entry is missed by none',
    ...(asked.hasRecords ? [] : ['that there is a record behind each entry (--records)']),
    ...((account?.destroyed ?? 0) + (account?.orphaned ?? 0) > 0
      ? ['what the records said that are gone: their entries show order and number only']
      : []),
    ...(asked.hasEarlier
      ? []
      : ['that the log goes on from what it showed before (--earlier with a checkpoint that you kept)']),
    ...(witnesses > 0 ? [] : ['that others are shown the same log: no witness that you trust has seen it (--policy)']),
    ...(asked.trust.isOnTrust ? [ON_TRUST] : []),
  ];
}

const ON_TRUST =
  'that the key is that of the archive: it came with the log. Compare it with one that you got in another way (--key)';

export interface ReceiptReport extends Partial<Basis> {
  readonly receipt: string;
  readonly holds: boolean;
  readonly index?: number;
  /** The record's text, as it was hashed. */
  readonly record?: string;
  /** How many entries the log has now, where it was asked. */
  readonly sizeNow?: number;
  /** What the record says of the file that was held against it; absent where none was, or it is another. */
  readonly export?: VerifiedExport;
  readonly faults: readonly Fault[];
  readonly notProven: readonly string[];
}

export function receiptReport(
  receipt: string,
  { believed, now, file, fault }: ReceiptVerdict,
  trust: Trust,
): ReceiptReport {
  return {
    ...{ receipt, holds: fault === undefined },
    ...(believed === undefined
      ? {}
      : { ...basisOf(believed, trust), index: believed.index, record: believed.record.toString() }),
    ...(now === undefined ? {} : { sizeNow: now.size }),
    ...(file === undefined ? {} : { export: file }),
    faults: fault === undefined ? [] : [faultOf(fault)],
    notProven: [
      'that what the record says is true, or that no later record says otherwise',
      ...(file === undefined
        ? []
        : ['that the file was handed over whole, and to whom but the one who asked: its end has a receipt of its own']),
      ...(now === undefined ? ['that the log still goes on from this checkpoint (name the log as well)'] : []),
      ...((believed?.witnesses.length ?? 0) > 0
        ? []
        : ['that others are shown the same log: no witness that you trust has seen it (--policy)']),
      ...(trust.isOnTrust ? [ON_TRUST] : []),
    ],
  };
}

export const statusOf = (report: LogReport | ReceiptReport): Status =>
  'receipt' in report
    ? report.holds
      ? STATUS.holds
      : STATUS.isWrong
    : !report.intact
      ? STATUS.isWrong
      : report.complete === false
        ? STATUS.isIncomplete
        : STATUS.holds;

/** Lines for a person. */
export function textOf(report: LogReport | ReceiptReport): string {
  const lines = 'receipt' in report ? receiptLines(report) : logLines(report);
  const notShown = report.notProven.map((what, at): Line => [at === 0 ? 'not proven' : '', what]);
  return [...lines, ...notShown].map(([head, text]) => printable(`${head.padEnd(12)}${text}`)).join('\n');
}

type Line = readonly [head: string, text: string];

function basisLines(report: Partial<Basis>): Line[] {
  if (report.origin === undefined) return [];
  const { size, root, keys = [], keysFrom, onTrust, witnesses = [], unverified = [] } = report;
  return [
    ['origin', report.origin],
    ['checkpoint', `${counted(size!, 'entry', 'entries')}, root ${root}`],
    ['key', `${keys.join(', ')}, of ${keysFrom}${onTrust === true ? ', taken on trust' : ''}`],
    ...witnesses.map(({ name, time }): Line => ['witness', `${name}, at ${time}`]),
    ...unverified.map((name): Line => ['not checked', `${name}: this Node can't verify that kind of signature`]),
  ];
}

function logLines(report: LogReport): Line[] {
  const { intact, complete, faults, records } = report;
  return [
    ['log', report.log],
    ...basisLines(report),
    ['intact', intact ? 'yes: every entry and tile is that of the signed root' : `NO: ${told(faults[0]!)}`],
    ...completeLines(complete, intact ? faults : [], intact),
    ...(records === undefined ? [] : [['records', recordsLine(records)] as const]),
  ];
}

function completeLines(complete: boolean | null, faults: readonly Fault[], intact: boolean): Line[] {
  if (!intact) return [['complete', 'not known of a log that is not intact']];
  if (complete === null) return [['complete', 'not asked: that needs the records of the archive (--records)']];
  if (complete) return [['complete', 'yes: each entry has its record, or a record that accounts for it']];
  return faults.map((fault, at) => [at === 0 ? 'complete' : '', `${at === 0 ? 'NO: ' : '    '}${told(fault)}`]);
}

function recordsLine({ records, readUpTo, ...counts }: NonNullable<LogReport['records']>): string {
  const { wrong, destroyed, orphaned, unexplained, stillThere } = counts;
  return [
    `${counted(records, 'entry has its record', 'entries have their record')}`,
    ...(wrong > 0 ? [`${wrong} another one`] : []),
    ...(unexplained > 0 ? [`${unexplained} none`] : []),
    ...(destroyed > 0 ? [`${destroyed} a record of their destruction`] : []),
    ...(orphaned > 0 ? [`${orphaned} a record that they are orphans`] : []),
    ...(stillThere > 0 ? [`${counted(stillThere, 'record is', 'records are')} there though said to be gone`] : []),
    ...(readUpTo === undefined ? [] : [`read up to entry ${readUpTo}, without it`]),
  ].join('; ');
}

function receiptLines(report: ReceiptReport): Line[] {
  const { receipt, holds, index, origin, record, sizeNow, faults, export: exported } = report;
  return [
    ['receipt', receipt],
    ...basisLines(report),
    ['holds', holds ? `yes: entry ${index} of ${origin}` : `NO: ${told(faults[0]!)}`],
    ...(sizeNow === undefined
      ? []
      : [['log now', `goes on from there, with ${counted(sizeNow, 'entry', 'entries')}`] as const]),
    ...(exported === undefined ? [] : [['export', exportLine(exported)] as const]),
    ...(record === undefined ? [] : [['record', record] as const]),
  ];
}

function exportLine({ file, bytes, items, madeAt, client, clerk, list, format }: VerifiedExport): string {
  const whom = [...(clerk === null ? [] : [`clerk ${clerk}`]), ...(client === null ? [] : [`client ${client}`])];
  return [
    `yes: ${file} is the file, ${counted(bytes, 'byte', 'bytes')}, ${counted(items, 'item', 'items')}`,
    ...(list === null ? [] : [`of ${list}${format === null ? '' : ` as ${format}`}`]),
    ...(madeAt === null ? [] : [`made at ${madeAt}`]),
    ...(whom.length === 0 ? [] : [`for ${whom.join(', ')}`]),
  ].join(', ');
}

const told = ({ message, code }: Fault): string => `${message} (${code})`;

export const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

/** Bytes of a log are anybody's: a terminal gets none of them that it would obey, or that turn the text around. */
export const printable = (text: string): string =>
  text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
