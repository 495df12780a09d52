import type { AuthorizationId, Instant, Rejection } from '#libs/kernel';
import {
  administrationBy,
  findParty,
  holdsMeans,
  loginsOf,
  standsWithin,
  translateCheck,
  weigh,
  weighedChecks,
  type Backbone,
  type CheckOnRecord,
} from '#libs/application';
import type {
  RegisteredAuthorization,
  ReceivedApplication,
  RequesterRole,
  RevocationRequested,
  WeighedCheck,
} from '#libs/domain';
import { requesterIoScore } from '#libs/scheme';

/** Whom the object concerns: the organization it is for, its holder, the organization that was authorized. */
export interface Concerned {
  readonly party?: string;
  readonly holder?: string;
  readonly authorizedParty?: string;
  /** Establishments that the object is limited to, each time it gives something for the party; one entry per authorization. */
  readonly limits: readonly (readonly string[] | undefined)[];
}

export interface RequesterParts {
  readonly application: ReceivedApplication;
  readonly role: RequesterRole;
  readonly person: string | undefined;
  readonly concerned: Concerned;
  readonly checks: readonly CheckOnRecord[];
  readonly checksPointer: string;
  readonly at: Instant;
  /** Where checks about whom it authorizes belong to the dossier as well. */
  readonly authorization?: RegisteredAuthorization;
}

type Identification = RevocationRequested['data']['identification'];

export interface IdentifiedRequester {
  /** The role he has been shown to have for this object; `other` when nothing shows the one he names (REV-01). */
  readonly entitledRole: RequesterRole;
  /** Why he may not end it although he has that role: an administrator of other establishments (PROOF-09). */
  readonly outsideEstablishment: boolean;
  readonly identification: Omit<Identification, 'authorities'>;
  /** The authority of an administrator. */
  readonly authority?: AuthorizationId;
  /** A signature of his, by hand, was compared for this request and agrees (ADMIN-08). */
  readonly signed: boolean;
  /** The rows that his own checks earn, and how each of these stood. */
  readonly rows: readonly string[];
  readonly evidence: readonly WeighedCheck[];
}

/** How a requester is identified, from his own checks, his login and his authority (REV-01, REV-05, ADMIN-03). */
export async function identifyRequester(
  backbone: Backbone,
  parts: RequesterParts,
): Promise<IdentifiedRequester | { readonly faults: readonly Rejection[] }> {
  const { application, role, person, concerned, at } = parts;
  const ofAuthorized = role === 'authorizedParty' ? concerned.authorizedParty : undefined;
  const partyId = ofAuthorized ?? concerned.party;
  const party = partyId === undefined ? undefined : await findParty(backbone, partyId, '');
  const weighing = await weigh(backbone, {
    application,
    at,
    roles: {
      application: application.id,
      ...(partyId === undefined ? {} : { representedParty: partyId }),
      ...(person === undefined ? {} : { submitter: person }),
      ...authorizedIn(parts.authorization),
    },
    ...(party !== undefined && 'found' in party ? { party: party.found } : {}),
    registration: 'repeated',
    named: parts.checks,
    checksPointer: parts.checksPointer,
  });
  if ('faults' in weighing) return weighing;
  const { evidence, humans, shown } = weighing;
  const weighed = weighedChecks(evidence);
  if (person === undefined) {
    // A court has no person: its order was verified, or it was not (REV-05).
    const courtOrderVerified = evidence.some(
      ({ check: { facts }, counts }) => counts && facts.type === 'courtOrderVerification' && facts.authentic,
    );
    return {
      entitledRole: 'court',
      outsideEstablishment: false,
      identification: { ioScore: 0, courtOrderVerified },
      signed: false,
      rows: [],
      evidence: weighed,
    };
  }

  const human = humans.of(person);
  const logins = loginsOf(evidence, human);
  const onRecord =
    role === 'administrator' && concerned.party !== undefined
      ? await administrationBy(backbone, person, concerned.party, {
          isLegalRepresentative: false,
          at,
          // The authority that is registered with the means of the login (003 §4.5.1).
          logins: application.channel === 'electronic' ? logins : [],
          covers: (establishments) => standsWithin(concerned.limits, establishments),
        })
      : undefined;
  const administration = onRecord?.administration;
  const login = onRecord?.login ?? logins[0];
  const { io, rows } = requesterIoScore(
    {
      channel: application.channel,
      startedAt: application.receivedAt,
      assessedAt: at,
      holdsMeans: await holdsMeans(backbone, person, application.id),
      ...(administration === undefined ? {} : { administration }),
      checks: evidence.flatMap(({ check, handed, derived }) =>
        handed ? translateCheck(check.facts, weighing.roles, derived) : [],
      ),
    },
    backbone.rules,
  );
  const represents = shown(human, 'representative', application.receivedAt);
  const isShown: { readonly [R in RequesterRole]: boolean } = {
    // The authorized person himself, or somebody who represents the organization that was authorized.
    authorizedParty:
      concerned.authorizedParty === undefined
        ? concerned.holder !== undefined && humans.recordsOf(person).includes(concerned.holder)
        : represents,
    administrator: administration !== undefined,
    legalRepresentative: represents,
    trustee: shown(human, 'trustee', application.receivedAt),
    court: false,
    other: true,
  };
  return {
    entitledRole: isShown[role] ? role : 'other',
    outsideEstablishment:
      administration !== undefined && !standsWithin(concerned.limits, administration.establishments),
    identification: {
      ioScore: io,
      ...(login === undefined ? {} : { authenticatedLevel: login.level }),
      ...(administration === undefined ? {} : { administrationLevel: administration.level }),
    },
    signed: evidence.some(
      ({ check: { facts }, counts }) =>
        counts &&
        (facts.type === 'signatureComparison' || facts.type === 'archivedSignatureComparison') &&
        facts.about.person === human &&
        facts.agrees,
    ),
    rows,
    evidence: weighed,
    ...(onRecord === undefined ? {} : { authority: onRecord.authorization }),
  };
}

/** As it is recorded: with the authorities that it rests on (ARCH-10), which the rules do not ask for. */
export function identificationOf(
  { identification }: IdentifiedRequester,
  all: Iterable<IdentifiedRequester>,
): Identification {
  const authorities = [...new Set([...all].flatMap(({ authority }) => authority ?? []))].sort();
  return { ...identification, ...(authorities.length === 0 ? {} : { authorities }) };
}

const authorizedIn = (authorization: RegisteredAuthorization | undefined) => {
  if (authorization === undefined) return {};
  const { authorizedParty } = authorization;
  return 'party' in authorizedParty
    ? { authorizedParty: authorizedParty.party }
    : { authorizedPerson: authorizedParty.person, means: authorizedParty.means };
};
