import { Controller, Get, Inject, Post, Req, StreamableFile } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { storedReading, type Backbone } from '#libs/application';
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

const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  ldv: 'application/x-ndjson',
};

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
      'Every item of a list with this filter, as NDJSON or CSV, at most 10 000 of them, 32 MiB and 20 seconds of work; of ' +
      'readings also as records of the Logboek Dataverwerkingen (`ldv`). The reading that it leaves, durable before ' +
      'anything leaves, has every id in it, and the HMAC-SHA-256 of the file under `Export-Salt`, which is handed out with ' +
      'it only; its receipt is at `/v1/audit/exports/{reading}/receipt`, to which `Link` points. That it was given whole, ' +
      'or where it broke off, is on record as well.',
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
    @Req() { raw }: FastifyRequest,
  ): Promise<Answer<StreamableFile>> {
    const reader = readerOf(caller, context);
    const { file, digest, salt, reading } = await exportList(this.backbone, this.lists, reader, body, {
      isAwaited: () => !raw.socket.destroyed,
    });
    return new Answer(200, new StreamableFile(file), {
      'Content-Type': `${TYPES[body.format]}; charset=utf-8`,
      'Content-Disposition': `attachment; filename="${reading}.${body.format === 'ldv' ? 'ndjson' : body.format}"`,
      'Content-Digest': digest,
      'Export-Salt': salt,
      Link: `</v1/audit/exports/${reading}/receipt>; rel="describedby"`,
    });
  }

  @Get('exports/:id/receipt')
  @ApiId('id', 'Id of the reading that the export, or its end, left')
  @ApiTextOperation({
    summary: 'The receipt of an export, or of how its giving ended',
    description:
      'Shows offline that the reading of an export is in the transparency log: a `tlog-proof` (c2sp.org) with the record, ' +
      'which has the keyed hash of the file, its salt and the signed checkpoint. It says for whom the file was made; that it ' +
      'was given, or where it broke off, says the reading `export-ends` that names it, whose receipt is here under its own ' +
      'id. `waarborg-verify --receipt FILE --key FILE` verifies both, with `--export FILE --salt FILE` also the file. The log follows within a second: until then 503 ' +
      '`position-not-reached`.',
    scopes: ['audit'],
    examples: { receipt: receiptExample },
    codes: ['no-such-export', 'position-not-reached'],
  })
  async receipt(@PathId() id: string, @After() after: string | undefined): Promise<Answer<string>> {
    await checkAfter(this.backbone, after);
    const record = await this.backbone.records.byId(id);
    if (record === undefined || record.kind !== 'reading' || !isExport(record.bytes)) {
      throw notFound('no-such-export');
    }
    const receipt = await this.receipts(id);
    if (receipt === undefined) throw unavailable('position-not-reached');
    return textFile(receipt, `${id}.tlog-proof`);
  }
}

/** One that failed made nothing; what goes beside a large reading is no reading of its own. */
function isExport(bytes: string): boolean {
  const { what, export: made, partOf } = storedReading({ bytes }).data;
  return (what === 'exports' && made !== undefined && partOf === undefined) || what === 'export-ends';
}
