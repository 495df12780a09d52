import { createHash } from 'node:crypto';
import { recordReading, type Backbone, type RequestContext } from '#libs/application';
import { invalidRequest, type PageAnswer } from '#libs/platform';
import type { AuditList, AuditLists } from './audit-lists.js';
import type { AuditQuestion } from './audit.requests.js';
import { askedIn, readFilter, type ExportRequest } from './export.request.js';
import { exportText } from './export-text.js';

/** Items of one export: their ids stand in its reading, which has a size. */
const MOST_ITEMS = 10_000;
const MOST_BYTES = 32 * 1024 * 1024;
/** Pages that are read for it: of a log many may be empty. */
const MOST_PAGES = 400;
const PAGE = 100;

export interface Exported {
  readonly bytes: Buffer;
  /** SHA-256 of them, as `Content-Digest` has it (RFC 9530). */
  readonly digest: string;
  readonly items: number;
  /** Its reading, which names the digest. */
  readonly reading: string;
}

/**
 * A whole list with this filter, as one text. Its reading is durable before anything of it is answered, and names what the
 * text hashes to: the receipt of that reading shows that these bytes were handed out.
 * Throws 400 `export-too-large` where a narrower filter is asked for.
 */
export async function exportList(
  backbone: Backbone,
  lists: AuditLists,
  request: RequestContext,
  { reason, list: name, format, filter = {} }: ExportRequest,
): Promise<Exported> {
  const list = lists[name] as unknown as AuditList<AuditQuestion, Readonly<Record<string, unknown>>>;
  const asked = readFilter(name, filter);
  if (asked.value === undefined) throw invalidRequest(asked.faults);
  const items: Readonly<Record<string, unknown>>[] = [];
  let size = 0;
  let cursor: string | undefined;
  for (let pages = 1; ; pages++) {
    const page: PageAnswer<Readonly<Record<string, unknown>>> = await list.page({
      ...asked.value,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    items.push(...page.items);
    for (const item of page.items) size += Buffer.byteLength(JSON.stringify(item));
    if (page.next === null) break;
    cursor = page.next;
    if (items.length >= MOST_ITEMS || size > MOST_BYTES || pages === MOST_PAGES) throw tooLarge();
  }
  if (items.length > MOST_ITEMS || size > MOST_BYTES) throw tooLarge();
  const bytes = Buffer.from(exportText(format, items));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const reading = await recordReading(backbone, request, {
    what: 'exports',
    reason,
    question: { list: name, format, filter: askedIn(filter) },
    shown: items.map((item) => list.idOf(item)),
    export: { sha256, bytes: bytes.length, items: items.length },
  });
  const digest = `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`;
  return { bytes, digest, items: items.length, reading };
}

const tooLarge = () => invalidRequest([{ pointer: '/filter', code: 'export-too-large' }]);
