import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { Backbone } from '#libs/application';
import { BACKBONE, checkAfter, readerOf } from '#libs/composition';
import {
  After,
  Answer,
  ApiDownload,
  ApiId,
  ApiTextOperation,
  CheckedBody,
  Context,
  CurrentCaller,
  notFound,
  PathId,
  Section,
  textFile,
  unavailable,
  type Caller,
  type RequestContext,
} from '#libs/platform';
import { logReceipts, receiptExample } from '../log/receipt-of.js';
import { auditLists, type AuditLists } from './audit-lists.js';
import type { ExportFormat } from './export-text.js';
import { exportList } from './export.handler.js';
import { exportExample, ExportRequest } from './export.request.js';

const TYPES: Readonly<Record<ExportFormat, string>> = { csv: 'text/csv', ndjson: 'application/x-ndjson' };

/** What an auditor takes along: a whole list as one file, with what shows later that it is what was handed out. */
@Section('audit', 'What an auditor reads. Every body has a reason, and every answer leaves a reading on record.')
@Controller('v1/audit')
export class ExportsController {
  private readonly lists: AuditLists;
  private readonly receipts: ReturnType<typeof logReceipts>;

  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {
    this.lists = auditLists(backbone);
    this.receipts = logReceipts(backbone);
  }

  @Post('_export')
  @ApiDownload({
    summary: 'Take a list along as a file',
    description:
      'Every item of a list with this filter, as NDJSON or CSV, at most 10 000 of them and 32 MiB. The reading that it leaves, ' +
      'durable before anything leaves, names what the file hashes to (SHA-256) and every id in it; its receipt is at ' +
      '`/v1/audit/exports/{reading}/receipt`, to which `Link` points.',
    scopes: ['audit'],
    body: ExportRequest,
    bodyExamples: { sample: exportExample },
    types: {
      'text/csv': 'id,recordedAt\r\n2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44,2026-03-02T15:00:01.000Z\r\n',
      'application/x-ndjson': '{"id":"2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44","recordedAt":"2026-03-02T15:00:01.000Z"}\n',
    },
    codes: ['export-too-large', 'invalid-cursor'],
  })
  async take(
    @CheckedBody(ExportRequest) body: ExportRequest,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ): Promise<Answer<string>> {
    const { bytes, digest, reading } = await exportList(this.backbone, this.lists, readerOf(caller, context), body);
    return new Answer(200, bytes.toString('utf8'), {
      'Content-Type': `${TYPES[body.format]}; charset=utf-8`,
      'Content-Disposition': `attachment; filename="${reading}.${body.format}"`,
      'Content-Digest': digest,
      Link: `</v1/audit/exports/${reading}/receipt>; rel="describedby"`,
    });
  }

  @Get('exports/:id/receipt')
  @ApiId('id', 'Id of the reading that the export left')
  @ApiTextOperation({
    summary: 'The receipt of an export',
    description:
      'Shows offline that the reading of an export is in the transparency log: a `tlog-proof` (c2sp.org) with the record, ' +
      'which names the SHA-256 of the file, its salt and the signed checkpoint. `waarborg-verify --receipt FILE --key FILE` ' +
      'verifies it. The log follows within a second: until then 503 `position-not-reached`.',
    scopes: ['audit'],
    examples: { receipt: receiptExample },
    codes: ['position-not-reached'],
  })
  async receipt(@PathId() id: string, @After() after: string | undefined): Promise<Answer<string>> {
    await checkAfter(this.backbone, after);
    const record = await this.backbone.records.byId(id);
    if (record === undefined || record.kind !== 'reading' || !isExport(record.bytes)) throw notFound();
    const receipt = await this.receipts(id);
    if (receipt === undefined) throw unavailable('position-not-reached');
    return textFile(receipt, `${id}.tlog-proof`);
  }
}

const isExport = (bytes: string): boolean =>
  (JSON.parse(bytes) as { readonly data: { readonly what?: string } }).data.what === 'exports';
