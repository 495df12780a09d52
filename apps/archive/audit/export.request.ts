import {
  IsChoice,
  IsJsonObject,
  isPlainObject,
  IsText,
  named,
  Optional,
  validate,
  type Fault,
  type Validated,
} from '#libs/platform';
import { AUDIT_LISTS, AUDIT_REQUESTS } from './audit-lists.js';
import type { AuditQuestion } from './audit.requests.js';
import { EXPORT_FORMATS, type ExportFormat } from './export-text.js';

const LISTS = named('AuditedList', AUDIT_LISTS, 'A list that an auditor reads');
const FORMATS = named('ExportFormat', EXPORT_FORMATS, 'A line of JSON for each item, or a table');

type ListName = (typeof AUDIT_LISTS)[number];

export class ExportRequest {
  @IsText(500, { description: 'Why the auditor takes this along; kept with the reading' }) reason!: string;
  @IsChoice(LISTS, { description: 'Of which list' }) list!: ListName;
  @IsChoice(FORMATS, { description: 'In which form' }) format!: ExportFormat;
  @IsJsonObject({ description: 'What its `_search` is asked with, but for `reason` and what is about pages' })
  @Optional()
  filter?: object;

  /** The filter is judged as the list itself judges it, beside whatever else is wrong. */
  static between({ list, filter }: ExportRequest): readonly Fault[] {
    if (!(AUDIT_LISTS as readonly unknown[]).includes(list) || !isPlainObject(filter)) return [];
    return [
      ...NO_FILTERS.filter((member) => Object.hasOwn(filter, member)).map((member) => ({
        pointer: `/filter/${member}`,
        code: 'unknown-member',
      })),
      ...readFilter(list, filter).faults.map(({ pointer = '', ...fault }) => ({
        ...fault,
        pointer: `/filter${pointer}`,
      })),
    ];
  }
}

/** What has no place in the filter of an export: it stands beside it, or follows from its being whole. */
const NO_FILTERS = ['reason', 'limit', 'cursor', 'after'] as const;

/** The filter as a question to its list. */
export function readFilter(list: ListName, filter: object): Validated<AuditQuestion> {
  const asked = Object.fromEntries(
    Object.entries(filter).filter(([member]) => !(NO_FILTERS as readonly string[]).includes(member)),
  );
  return validate(AUDIT_REQUESTS[list], { ...asked, reason: 'of the export' });
}

export const exportExample: ExportRequest = {
  reason: 'Yearly sample of level EH3, to be kept with the report',
  list: 'authorizations',
  format: 'csv',
  filter: { status: 'active', recordedFrom: '2026-01-01T00:00:00+01:00', recordedBefore: '2027-01-01T00:00:00+01:00' },
};
