import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { recordExportEnd, recordReading, storedReading, type Backbone, type RequestContext } from '#libs/application';
import { invalidRequest, unavailable, type PageAnswer } from '#libs/platform';
import { personsShown, type AuditList, type AuditLists } from './audit-lists.js';
import type { AuditQuestion, SearchAuditedReadingsRequest } from './audit.requests.js';
import { readingsPage } from './audited-readings.js';
import { askedIn, readFilter, type ExportRequest } from './export.request.js';
import { exportText, linesOf } from './export-text.js';
import { unlessFailed } from './failed-reading.js';
import { GivenText } from './given-text.js';
import { ldvRecords, pseudonymsOf } from './ldv.js';

export interface ExportLimits {
  /** Items of one export: their ids stand in its reading, which has a size. */
  readonly items: number;
  readonly bytes: number;
  /** Pages that are read for it: of a log many may be empty. */
  readonly pages: number;
  /** Milliseconds of making it: less than a gateway waits for the first byte (30 s), or it would be made for nobody. */
  readonly time: number;
}

export const EXPORT_LIMITS: ExportLimits = { items: 10_000, bytes: 32 * 1024 * 1024, pages: 400, time: 20_000 };
const PAGE = 100;

export interface Exported {
  /** The file; that it was given whole, or where it broke off, is on record when it has ended. */
  readonly file: Readable;
  /** SHA-256 of it, as `Content-Digest` has it (RFC 9530). */
  readonly digest: string;
  /** Key of the hash in its reading, in hexadecimal. */
  readonly salt: string;
  /** Its reading, which names the hash. */
  readonly reading: string;
}

/** How it is made. */
export interface ExportWork {
  readonly limits?: Partial<ExportLimits>;
  /** Whether whoever asked is still there; absent: he is. */
  readonly isAwaited?: () => boolean;
  /** Milliseconds that pass, from any moment on. */
  readonly elapsed?: () => number;
}

interface Made {
  readonly text: string;
  readonly shown: readonly string[];
  readonly subjects: readonly string[];
}

/**
 * A whole list with this filter, as one text. Its reading is durable before anything of it is answered, and has a keyed
 * hash of the text: with the salt and the receipt of that reading it is shown that these bytes were handed out (ADR 0156).
 * Throws 400 `export-too-large` where a narrower filter is asked for: then nothing was shown, and nothing is on record.
 */
export async function exportList(
  backbone: Backbone,
  lists: AuditLists,
  request: RequestContext,
  { reason, list: name, format, filter = {} }: ExportRequest,
  work: ExportWork = {},
): Promise<Exported> {
  const asked = readFilter(name, filter);
  if (asked.value === undefined) throw invalidRequest(asked.faults);
  const about = { reason, question: { list: name, format, filter: askedIn(filter) }, startedAt: backbone.now() };
  const bounds = boundsOf(work);
  const made = await unlessFailed(backbone, request, { ...about, what: 'exports' }, () =>
    format === 'ldv'
      ? madeLdv(backbone, asked.value as SearchAuditedReadingsRequest, bounds)
      : madeText(lists[name] as unknown as AuditList<AuditQuestion, Item>, asked.value!, format, bounds),
  );
  const bytes = Buffer.from(made.text);
  if (bytes.length > bounds.limits.bytes) throw tooLarge();
  const salt = randomBytes(32);
  const reading = await recordReading(backbone, request, {
    ...{ ...about, what: 'exports', shown: made.shown, subjects: made.subjects },
    export: {
      ...{ hmac: createHmac('sha256', salt).update(bytes).digest('hex'), salt: salt.toString('hex') },
      ...{ bytes: bytes.length, items: made.shown.length },
    },
  });
  const file = new GivenText(bytes, ({ whole, bytes: given }) =>
    recordExportEnd(backbone, request, {
      ...{ export: reading, outcome: whole ? 'given' : 'broken-off', bytes: given, startedAt: about.startedAt },
    }),
  );
  const digest = `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
  return { file, digest, salt: salt.toString('hex'), reading };
}

type Item = Readonly<Record<string, unknown>>;

async function madeText(
  list: AuditList<AuditQuestion, Item>,
  asked: AuditQuestion,
  format: 'csv' | 'ndjson',
  bounds: Bounds,
): Promise<Made> {
  const items: Item[] = [];
  for await (const page of pagesOf((paged) => list.page({ ...asked, ...paged }), bounds)) {
    items.push(...page);
    for (const item of page) bounds.take(Buffer.byteLength(JSON.stringify(item)));
  }
  return {
    text: exportText(format, items),
    shown: items.map((item) => list.idOf(item)),
    subjects: personsShown(list, items),
  };
}

/** Readings by the fields of the Logboek Dataverwerkingen, a line for each person of whom one showed something. */
async function madeLdv(backbone: Backbone, asked: SearchAuditedReadingsRequest, bounds: Bounds): Promise<Made> {
  const pseudonyms = pseudonymsOf(backbone);
  const { reason: _reason, ...filter } = asked;
  const subjects = new Set<string>();
  const lines: string[] = [];
  const shown: string[] = [];
  for await (const page of pagesOf((paged) => readingsPage(backbone, { ...NO_PAGE, ...paged }, filter), bounds)) {
    for (const record of page) {
      shown.push(record.id);
      for (const person of storedReading(record).data.subjects ?? []) subjects.add(person);
      for (const text of linesOf(await ldvRecords(record, pseudonyms))) {
        bounds.take(Buffer.byteLength(text));
        lines.push(text);
      }
      bounds.demandTime();
    }
  }
  return { text: lines.join(''), shown, subjects: [...subjects] };
}

const NO_PAGE = { limit: undefined, cursor: undefined, after: undefined };

/** Every page of a list, as far as one export may be. */
async function* pagesOf<T>(
  page: (paged: { readonly limit: number; readonly cursor?: string }) => Promise<PageAnswer<T>>,
  bounds: Bounds,
): AsyncGenerator<readonly T[], void, undefined> {
  let cursor: string | undefined;
  let items = 0;
  for (let pages = 1; ; pages++) {
    bounds.demandTime();
    const answer: PageAnswer<T> = await page({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    items += answer.items.length;
    if (items > bounds.limits.items) throw tooLarge();
    yield answer.items;
    if (answer.next === null) return;
    if (items === bounds.limits.items || pages === bounds.limits.pages) throw tooLarge();
    cursor = answer.next;
  }
}

interface Bounds {
  readonly limits: ExportLimits;
  /** Throws where these bytes are too many. */
  take(bytes: number): void;
  /** Throws where it has taken too long, or nobody waits for it. */
  demandTime(): void;
}

function boundsOf({
  limits: given = {},
  isAwaited = () => true,
  elapsed = () => performance.now(),
}: ExportWork): Bounds {
  const limits = { ...EXPORT_LIMITS, ...given };
  const begun = elapsed();
  let size = 0;
  return {
    limits,
    take(bytes) {
      size += bytes;
      if (size > limits.bytes) throw tooLarge();
    },
    demandTime() {
      if (!isAwaited()) throw unavailable();
      if (elapsed() - begun > limits.time) throw tooLarge();
    },
  };
}

const tooLarge = () => invalidRequest([{ pointer: '/filter', code: 'export-too-large' }]);
