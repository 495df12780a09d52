import { readFileSync, statSync } from 'node:fs';

const OTHERS_WRITE = 0o002;
const OTHERS_READ_OR_WRITE = 0o006;
// File modes mean nothing on Windows; there the folder's access list is the operator's.
const MODES_COUNT = process.platform !== 'win32';

/** What a setting names: a file that gives rights may be written by nobody else, one with a secret read by nobody else. */
export type FileKind = 'public' | 'gives-rights' | 'secret';

/** The text of a file that a setting names; `undefined`, and a fault, where it can't be read or others may do too much. */
export const readSettingsFile = (label: string, path: string, kind: FileKind, faults: string[]): string | undefined =>
  readSettingsBytes(label, path, kind, faults)?.toString();

/** The same of a file whose bytes are not just text. */
export function readSettingsBytes(label: string, path: string, kind: FileKind, faults: string[]): Buffer | undefined {
  const fault = strangersMay(label, path, kind);
  if (fault !== undefined) {
    faults.push(fault);
    return undefined;
  }
  try {
    return readFileSync(path);
  } catch (error) {
    faults.push(`${label} names ${path}, which can't be read (${(error as NodeJS.ErrnoException).code})`);
    return undefined;
  }
}

/** What others may do to the file that they must not; `undefined` where all is well or there is no such file. */
export function strangersMay(label: string, path: string, kind: FileKind): string | undefined {
  const mode = MODES_COUNT ? (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) : 0;
  if (kind === 'secret' && (mode & OTHERS_READ_OR_WRITE) !== 0) {
    return `${label} names ${path}, which every user of this machine may read or write: chmod o-rw ${path}`;
  }
  if (kind === 'gives-rights' && (mode & OTHERS_WRITE) !== 0) {
    return `${label} names ${path}, which every user of this machine may write: chmod o-w ${path}`;
  }
  return undefined;
}
