import type { JsonValue } from '#libs/kernel';
import {
  placesOf,
  proveViewer,
  recordRefusal,
  recordViewing,
  type Backbone,
  type NamedViewer,
  type Places,
  type RequestContext,
  type Viewer,
} from '#libs/application';
import { ProblemException, problemOfRejections } from '#libs/platform';
import { isRefusal } from '../doors.js';

/** A person's reading: who he is, what he is to organizations, and the record that it leaves. */
export interface Viewing {
  readonly viewer: Viewer;
  readonly places: Places;
  /** Before anything is answered, also where nothing is shown. `subjects`: persons of whom something is. */
  record(question: JsonValue, shown: readonly string[], subjects: readonly string[]): Promise<void>;
}

/** What is read, and where the request says who views. */
interface Reading {
  readonly what: 'authorizations' | 'chains' | 'means' | 'persons';
  readonly in: 'query' | 'body';
}

const POINTERS = {
  query: { person: '/viewer', authentication: '/viewerLogin' },
  body: { person: '/viewer/person', authentication: '/viewer/authentication' },
} as const;

/** Throws everything that is wrong with who is said to view, and with his login. */
export async function viewingOf(
  backbone: Backbone,
  reader: RequestContext,
  named: NamedViewer,
  { what, in: where }: Reading,
): Promise<Viewing> {
  const startedAt = backbone.now();
  const proven = await proveViewer(backbone, named, POINTERS[where]);
  if ('faults' in proven) {
    if (isRefusal(proven.faults)) {
      const checks = [named.authentication];
      await recordRefusal(backbone, reader, { command: 'View', object: what, checks, codes: proven.faults });
    }
    throw at(where, problemOfRejections(proven.faults));
  }
  const { viewer } = proven;
  return {
    viewer,
    places: placesOf(backbone, viewer),
    record: (question, shown, subjects) =>
      recordViewing(backbone, reader, { what, viewer: named, question, shown, subjects, startedAt }),
  };
}

const at = (where: Reading['in'], { status, code, errors }: ProblemException): ProblemException =>
  where === 'body'
    ? new ProblemException(status, code, { errors })
    : new ProblemException(status, code, { errors: errors.map((fault) => ({ ...fault, in: where })) });
