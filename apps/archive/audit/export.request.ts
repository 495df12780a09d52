import type { Instant } from '#libs/kernel';
import {
  IsChoice,
  IsFlag,
  IsInstant,
  IsText,
  IsUuidString,
  named,
  Nested,
  Optional,
  validate,
  type Fault,
  type Validated,
} from '#libs/platform';
import { AUDIT_LISTS, AUDIT_REQUESTS } from './audit-lists.js';
import type { AuditQuestion } from './audit.requests.js';
import { EXPORT_FORMATS, type ExportFormat } from './export-text.js';

const LISTS = named('AuditedList', AUDIT_LISTS, 'A list that an auditor reads');
const FORMATS = named(
  'ExportFormat',
  EXPORT_FORMATS,
  'A line of JSON for each item, a table, or (of readings only) the records of the Logboek Dataverwerkingen, a line each',
);

const ONLY_READINGS = {
  en: 'Only readings have this form.',
  nl: 'Alleen inzages hebben deze vorm.',
};

type ListName = (typeof AUDIT_LISTS)[number];

/** What the lists are asked with; each takes those that its own `_search` takes, and refuses the others. */
export class ExportFilter {
  @IsUuidString({ description: 'This one' }) @Optional() id?: string;
  @IsUuidString({ description: 'As the list has it' }) @Optional() authorization?: string;
  @IsUuidString({ description: 'As the list has it' }) @Optional() means?: string;
  @IsUuidString({ description: 'As the list has it' }) @Optional() person?: string;
  @IsUuidString({ description: 'As the list has it' }) @Optional() party?: string;
  @IsUuidString({ description: 'As the list has it' }) @Optional() document?: string;
  @IsUuidString({ description: 'As the list has it' }) @Optional() application?: string;
  @IsUuidString({ description: 'As the list has it' }) @Optional() object?: string;
  @IsText(100, { description: 'Kind, as the list has it' }) @Optional() type?: string;
  @IsText(100, { description: 'As the list has it' }) @Optional() status?: string;
  @IsText(200, { description: 'By whom, as the list has it' }) @Optional() actor?: string;
  @IsText(200, { description: 'By whom, as the list has it' }) @Optional() reader?: string;
  @IsText(200, { description: 'As the list has it' }) @Optional() client?: string;
  @IsText(500, { description: 'As the list has it' }) @Optional() activity?: string;
  @IsText(100, { description: 'As the list has it' }) @Optional() purpose?: string;
  @IsText(100, { description: 'As the list has it' }) @Optional() what?: string;
  @IsFlag({ description: 'Late entries only, or none of them' }) @Optional() late?: boolean;
  @IsInstant({ description: 'Performed at or after' }) @Optional() performedFrom?: Instant;
  @IsInstant({ description: 'Performed before' }) @Optional() performedBefore?: Instant;
  @IsInstant({ description: 'Recorded at or after' }) @Optional() recordedFrom?: Instant;
  @IsInstant({ description: 'Recorded before' }) @Optional() recordedBefore?: Instant;
}

export class ExportRequest {
  @IsText(500, { description: 'Why the auditor takes this along; kept with the reading' }) reason!: string;
  @IsChoice(LISTS, { description: 'Of which list' }) list!: ListName;
  @IsChoice(FORMATS, { description: 'In which form' }) format!: ExportFormat;
  @Nested(() => ExportFilter, { description: 'What its `_search` is asked with, but for `reason` and pages' })
  @Optional()
  filter?: ExportFilter;

  /** The filter is judged as the list itself judges it, beside whatever else is wrong. */
  static between({ list, filter, format }: ExportRequest): readonly Fault[] {
    if (!(AUDIT_LISTS as readonly unknown[]).includes(list)) return [];
    const faults: Fault[] = [];
    if (format === 'ldv' && list !== 'readings')
      faults.push({ pointer: '/format', code: 'invalid-value', detail: ONLY_READINGS });
    if (typeof filter !== 'object' || filter === null) return faults;
    const ofFilter = readFilter(list, filter).faults.map(({ pointer = '', ...fault }) => ({
      ...fault,
      pointer: `/filter${pointer}`,
    }));
    return [...faults, ...ofFilter];
  }
}

/** The members that are there. */
export const askedIn = (filter: ExportFilter): Readonly<Record<string, string | boolean>> =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));

/** The filter as a question to its list. */
export const readFilter = (list: ListName, filter: ExportFilter): Validated<AuditQuestion> =>
  validate(AUDIT_REQUESTS[list], { ...askedIn(filter), reason: 'of the export' });

export const exportExample = {
  reason: 'Yearly sample of level EH3, to be kept with the report',
  list: 'authorizations',
  format: 'csv',
  filter: { status: 'active', recordedFrom: '2026-01-01T00:00:00+01:00', recordedBefore: '2027-01-01T00:00:00+01:00' },
};
