import {
  streamId,
  type CheckId,
  type PartyId,
  type PersonId,
  type Rejection,
  type RightsRequestId,
} from '#libs/kernel';
import { derivedId, type CommandOutcome } from '#libs/eventing';
import {
  authorizationsProjection,
  commandContext,
  decidesAt,
  findApplication,
  findCheck,
  findParty,
  findPerson,
  levelOfPerson,
  proveViewer,
  type AuthorizationRow,
  type Backbone,
  type CommandRequest,
  type Viewer,
} from '#libs/application';
import {
  checkNotInDossier,
  rightsRequestDecider,
  type RightsRequest,
  type RightsRequestCommand,
  type RightsRequestEvent,
  type RightsRole,
  type RightsSubject,
} from '#libs/domain';
import { atLeast, EH_LEVELS, ehOfM, type EhLevel } from '#libs/scheme';
import type { AskForRightsRequest, DecideRightsRequest } from './rights-request.requests.js';
import { recordsNow, whatBecomes } from './what-becomes.js';

type Outcome = CommandOutcome<RightsRequest, RightsRequestEvent>;

const POINTERS = { person: '/requester/person', authentication: '/requester/authentication' };

/** Its faults are answered instead; nothing is recorded. */
class Faulty extends Error {
  constructor(readonly faults: readonly Rejection[]) {
    super('the request is faulty');
  }
}

/** Takes down what somebody asks who is logged in and shown to be whom it is about, or to speak for it (RIGHTS-04, PROOF-06). */
export async function receiveRightsRequest(
  backbone: Backbone,
  request: CommandRequest,
  body: AskForRightsRequest,
): Promise<Outcome> {
  const { oin } = backbone.participant;
  const rightsRequest = derivedId('rightsRequest', oin, request.client, request.idempotencyKey) as RightsRequestId;
  const stream = streamId('rightsRequest', rightsRequest);
  const context = await commandContext(backbone, request, 'ReceiveRightsRequest', body, { stream });
  return backbone.commands
    .execute(rightsRequestDecider, stream, () => receptionOf(backbone, rightsRequest, body), context)
    .catch((error: unknown): Outcome => {
      if (error instanceof Faulty) return { outcome: 'rejected', rejections: error.faults };
      throw error;
    });
}

async function receptionOf(
  backbone: Backbone,
  rightsRequest: RightsRequestId,
  { type, application, about, requester: { person, authentication } }: AskForRightsRequest,
): Promise<RightsRequestCommand> {
  const intake = await findApplication(backbone, application, '/application');
  const login = await findCheck(backbone, authentication, POINTERS.authentication);
  const isElsewhere = 'found' in login && login.found.facts.application !== application;
  const proven = await proveViewer(backbone, { person, authentication }, POINTERS, 'change');
  const subject =
    about.person === undefined
      ? await findParty(backbone, about.party!, '/about/party')
      : await findPerson(backbone, about.person, '/about/person');
  const faults = [
    ...('fault' in intake ? [intake.fault] : []),
    ...('fault' in subject ? [subject.fault] : []),
    ...('faults' in proven ? proven.faults : []),
    ...('found' in intake && isElsewhere ? [checkNotInDossier(POINTERS.authentication)] : []),
  ];
  if ('fault' in intake || 'faults' in proven || faults.length > 0) throw new Faulty(faults);
  const { viewer } = proven;
  const of: RightsSubject =
    about.person === undefined ? { party: about.party as PartyId } : { person: about.person as PersonId };
  return {
    ...{ type: 'ReceiveRightsRequest', rightsRequest, asks: type, about: of },
    records: 'person' in of ? ([...viewer.records].sort() as PersonId[]) : [],
    ...{ person: person as PersonId, login: authentication as CheckId, application: intake.found.id },
    ...{ level: viewer.level, receivedAt: intake.found.receivedAt },
    role: await roleOf(backbone, viewer, of),
    registeredAt: await levelOf(backbone, viewer, of),
  };
}

/** To speak for an organization is to decide for all of it: to see it is not enough. */
async function roleOf(backbone: Backbone, viewer: Viewer, of: RightsSubject): Promise<RightsRole | undefined> {
  if ('person' in of) return viewer.records.has(of.person) ? 'holder' : undefined;
  const manages = await decidesAt(backbone, viewer, of.party);
  if (!manages.includes(undefined)) return undefined;
  return viewer.represents.has(of.party) ? 'legalRepresentative' : 'administrator';
}

/** The level concerned (RIGHTS-07): of an organization that of the highest of its authorizations that is not over. */
async function levelOf(backbone: Backbone, viewer: Viewer, of: RightsSubject): Promise<EhLevel> {
  if ('person' in of) return levelOfPerson(backbone, viewer.records);
  const { store, upToDate } = backbone.readModels;
  await upToDate(authorizationsProjection);
  const above = EH_LEVELS.filter((level) => !atLeast(viewer.level, level));
  if (above.length === 0) return viewer.level;
  const m = [1, 2, 3, 4].find((score) => !atLeast(viewer.level, ehOfM(score)));
  const higher = [
    [{ column: 'eh', is: 'one-of', values: above } as const],
    // Of an intermediary's there is no means: what M carries is its level (AMB-72).
    ...(m === undefined
      ? []
      : [
          [
            { column: 'm', is: 'from', value: m } as const,
            { column: 'authorizedParty', is: 'from', value: '' } as const,
          ],
        ]),
  ];
  for (const where of higher) {
    const [row] = await store.search<AuthorizationRow>(authorizationsProjection, {
      where: [
        { column: 'representedParty', is: 'equal', value: of.party },
        { column: 'revoked', is: 'equal', value: false },
        { column: 'validUntil', is: 'from', value: viewer.at },
        ...where,
      ],
      limit: 1,
    });
    if (row !== undefined) return row.eh ?? ehOfM(row.m);
  }
  return viewer.level;
}

/** Grants it, refuses it, or takes longer over it. What is granted is carried out by who follows the facts. */
export async function decideRightsRequest(
  backbone: Backbone,
  request: CommandRequest,
  id: RightsRequestId,
  body: DecideRightsRequest,
): Promise<Outcome> {
  const stream = streamId('rightsRequest', id);
  const words = body.refuse ?? body.prolong;
  // Nobody gets a key by being named.
  const { state } = await backbone.commands.load(rightsRequestDecider, stream);
  const holder =
    words === undefined || state.status === 'none' ? {} : { holder: { kind: 'rightsRequest', id } as const };
  const context = await commandContext(
    backbone,
    request,
    'DecideRightsRequest',
    { id, ...body },
    { ...holder, stream },
  );
  return backbone.commands.execute(rightsRequestDecider, stream, (now) => decisionOf(backbone, now, body), context);
}

async function decisionOf(
  backbone: Backbone,
  state: RightsRequest,
  { refuse, prolong }: DecideRightsRequest,
): Promise<RightsRequestCommand> {
  const now = backbone.now();
  if (refuse !== undefined) return { type: 'RefuseRightsRequest', ground: refuse.ground, reason: refuse.reason, now };
  if (prolong !== undefined) return { type: 'ProlongRightsRequest', reason: prolong.reason, now };
  if (state.status !== 'received') return { type: 'GrantRightsRequest', data: [], now };
  const records = await recordsNow(backbone, state);
  const data = await whatBecomes(backbone, { about: state.about, records });
  const added = new Set(records.filter((record) => !state.records.includes(record)));
  const registeredAt = added.size === 0 ? {} : { registeredAt: await levelOfPerson(backbone, added) };
  return { type: 'GrantRightsRequest', data, records, ...registeredAt, now };
}
