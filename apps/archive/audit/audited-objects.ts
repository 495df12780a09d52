import { streamId, type Decider, type DomainEvent, type Instant, type Recorded, type StreamId } from '#libs/kernel';
import { fewAtOnce, type AuthorizationRow, type Backbone, type MeansRow } from '#libs/application';
import { authorizationView, currentLevelViews, documentView, meansView, personView } from '#libs/composition';
import { authorizationDecider, meansDecider, personDecider, type DocumentRecorded } from '#libs/domain';
import type {
  AuditedAuthorization,
  AuditedCheck,
  AuditedDocument,
  AuditedLevel,
  AuditedMeans,
  AuditedPerson,
} from './audit.views.js';
import { checkView } from '../checks/check.view.js';
import type { CheckRow } from '../checks/checks.projection.js';
import type { AuditedDocumentRow } from './documents.projection.js';
import type { AuditedPersonRow } from './persons.projection.js';
import { supportedView } from './supports.js';

/*
 * Rows of the auditor's lists as he sees them: whole, from their own streams, where a clerk's list has the short form. An
 * object is shown as of its row, so that the list never shows what its own filter says is not there.
 */

export const auditedCheck = (row: CheckRow): AuditedCheck => ({
  ...checkView(row),
  ...('means' in row.facts && row.facts.means !== undefined ? { usedMeans: row.facts.means } : {}),
  recordedAt: row.recordedAt,
  authorizations: row.authorizations,
  means: row.means,
  revocationRequests: row.revocationRequests,
  supports: row.supports.map((supported) => supportedView(row, supported)),
});

export const auditedAuthorizations = (
  backbone: Backbone,
  rows: readonly AuthorizationRow[],
  at: Instant,
): Promise<readonly AuditedAuthorization[]> =>
  fewAtOnce(rows, async ({ id, revision, recordedAt }) => {
    const { state, history } = await asOf(backbone, authorizationDecider, streamId('authorization', id), revision);
    if (state.status === 'none') throw notOnRecord(id);
    const { submitter, legalRepresentative } = state;
    return {
      ...authorizationView(state, history, at),
      submitter,
      ...(legalRepresentative === undefined ? {} : { legalRepresentative }),
      recordedAt,
    };
  });

export const auditedMeans = (backbone: Backbone, rows: readonly MeansRow[]): Promise<readonly AuditedMeans[]> =>
  fewAtOnce(rows, async ({ id, revision, recordedAt }) => {
    const { state, history } = await asOf(backbone, meansDecider, streamId('means', id), revision);
    if (state.status === 'none') throw notOnRecord(id);
    return { ...meansView(state, history), recordedAt };
  });

export const auditedPersons = (
  backbone: Backbone,
  rows: readonly AuditedPersonRow[],
): Promise<readonly AuditedPerson[]> =>
  fewAtOnce(rows, async ({ id, recordedAt }) => {
    const { state, history } = await backbone.commands.load(personDecider, streamId('person', id));
    if (state.status === 'none') throw notOnRecord(id);
    let erased = false;
    const view = await personView(backbone.sealer, state, history, () => (erased = true));
    return { ...view, recordedAt, erased };
  });

export const auditedDocuments = (
  backbone: Backbone,
  rows: readonly AuditedDocumentRow[],
): Promise<readonly AuditedDocument[]> =>
  fewAtOnce(rows, async ({ id, person, recordedAt, actors }) => {
    const { history } = await backbone.commands.load(personDecider, streamId('person', person));
    const recorded = history.find(
      ({ type, data }) => type === 'DocumentRecorded' && (data as DocumentRecorded['data']).document === id,
    );
    if (recorded === undefined) throw notOnRecord(id);
    let erased = false;
    const view = await documentView(backbone.sealer, recorded, () => (erased = true));
    return { ...view, person, recordedAt, actors, erased };
  });

export async function auditedLevels(
  backbone: Backbone,
  rows: readonly AuthorizationRow[],
  at: Instant,
): Promise<readonly AuditedLevel[]> {
  const levels = await currentLevelViews(backbone, rows, at);
  return levels.map((level, index) => ({ ...level, recordedAt: rows[index]!.recordedAt }));
}

/** An object as it was at a revision, with its history up to there. */
async function asOf<State, Event extends DomainEvent>(
  backbone: Backbone,
  decider: Decider<State, never, Event>,
  stream: StreamId,
  revision: number,
): Promise<{ readonly state: State; readonly history: readonly Recorded<DomainEvent>[] }> {
  const { history: whole } = await backbone.commands.load(decider, stream);
  const history = whole.filter((event) => event.revision <= revision);
  return {
    state: history.reduce(
      (state, event) => decider.evolve(state, event as unknown as Event),
      decider.initialState as State,
    ),
    history,
  };
}

const notOnRecord = (id: string): Error => new Error(`a read model shows ${id}, which is not on record`);
