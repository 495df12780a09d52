import { streamId, type DomainEvent, type Instant, type Recorded } from '#libs/kernel';
import { fewAtOnce, type Backbone } from '#libs/application';
import {
  authorizationDecider,
  meansDecider,
  type AuthorizationEvent,
  type CopyDecision,
  type CopyRole,
  type MeansEvent,
} from '#libs/domain';
import { applicationsProjection } from '../applications/applications.projection.js';

/** Decisions by which a copy stays or goes, by the role that it was given in (WID-10). */
export const DECISIONS = {
  registration: ['AuthorizationRegistered', 'AuthorizationRenewed', 'AuthorizationChanged'],
  issuance: ['MeansIssued', 'MeansUpgraded', 'MeansRenewed'],
} as const satisfies Readonly<Record<CopyRole, readonly (AuthorizationEvent | MeansEvent)['type'][]>>;

export interface DecidedOn {
  readonly role: CopyRole;
  readonly application: string;
  readonly decision: CopyDecision;
}

/** A decision on an application, and when it was recorded. */
export interface Decided {
  readonly decision: CopyDecision;
  readonly decidedAt: Instant;
}

/** What an event decides, and on which application; `undefined`: nothing. `appliedOn`: of its means. */
export function decidedBy(recorded: DomainEvent, appliedOn: string | undefined): DecidedOn | undefined {
  const event = recorded as unknown as AuthorizationEvent | MeansEvent;
  switch (event.type) {
    case 'AuthorizationRegistered':
    case 'AuthorizationRenewed':
    case 'AuthorizationChanged': {
      const { authorization, application, m: level } = event.data;
      return { role: 'registration', application, decision: { of: { authorization }, level } };
    }
    case 'MeansIssued': {
      const { means, stork: level } = event.data;
      if (appliedOn === undefined) return undefined;
      return { role: 'issuance', application: appliedOn, decision: { of: { means }, level } };
    }
    case 'MeansUpgraded':
    case 'MeansRenewed': {
      const { means, application, stork: level } = event.data;
      return { role: 'issuance', application, decision: { of: { means }, level } };
    }
    default:
      return undefined;
  }
}

/** The application that a means was applied for on. */
export async function appliedOn({ commands }: Backbone, means: string): Promise<string | undefined> {
  const { history } = await commands.load(meansDecider, streamId('means', means));
  return applicationOf(history);
}

const applicationOf = (history: readonly Recorded<DomainEvent>[]): string | undefined => {
  const applied = history.find(({ type }) => type === 'MeansApplied');
  return (applied?.data as { readonly application?: string } | undefined)?.application;
};

/**
 * The first decision that was made on the application in that role; `undefined`: none yet. By then the copy was used: what
 * comes later on the same application is supplied with copies of its own.
 */
export async function decisionOn(
  backbone: Backbone,
  application: string,
  role: CopyRole,
): Promise<Decided | undefined> {
  const { commands, readModels } = backbone;
  await readModels.upToDate(applicationsProjection);
  const row = await readModels.store.find(applicationsProjection, application);
  const ids = (role === 'registration' ? row?.authorizations : row?.means) ?? [];
  const histories = await fewAtOnce(ids, async (id) => {
    const loaded =
      role === 'registration'
        ? await commands.load(authorizationDecider, streamId('authorization', id))
        : await commands.load(meansDecider, streamId('means', id));
    return loaded.history;
  });
  const decided = histories.flatMap((history) =>
    history.flatMap((event) => {
      const found = decidedBy(event, applicationOf(history));
      const isThis = found?.role === role && found.application === application;
      return isThis ? [{ position: event.position, decision: found.decision, decidedAt: event.recordedAt }] : [];
    }),
  );
  const [first] = decided.sort((one, other) => (one.position < other.position ? -1 : 1));
  return first;
}
