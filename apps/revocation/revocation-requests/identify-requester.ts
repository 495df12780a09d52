import { epochOf, type Instant, type Rejection } from '#libs/kernel';
import {
  aboutHumans,
  administrationOf,
  authenticatedLevel,
  holdsMeans,
  humansOf,
  translateCheck,
  type Backbone,
} from '#libs/application';
import {
  checkNotInDossier,
  evidenceNotReusable,
  type CheckFacts,
  type ReceivedApplication,
  type RecordedCheck,
  type RequesterRole,
  type RevocationRequested,
} from '#libs/domain';
import { requesterIoScore, type AuthorizationCheck, type RuleSet } from '#libs/scheme';

export interface RequesterParts {
  readonly application: ReceivedApplication;
  readonly role: RequesterRole;
  readonly person: string | undefined;
  /** Whom the object concerns: the organization it is for, its holder, the organization that was authorized. */
  readonly concerned: { readonly party?: string; readonly holder?: string; readonly authorizedParty?: string };
  readonly checks: readonly RecordedCheck[];
  readonly checksPointer: string;
  readonly at: Instant;
}

export interface IdentifiedRequester {
  /** The role he has been shown to have for this object; `other` when nothing shows the one he names (REV-01). */
  readonly entitledRole: RequesterRole;
  readonly identification: RevocationRequested['data']['identification'];
}

/** How a requester is identified, from his own checks, his login and his authority (REV-01, REV-05, ADMIN-03). */
export async function identifyRequester(
  backbone: Backbone,
  parts: RequesterParts,
): Promise<IdentifiedRequester | { readonly faults: readonly Rejection[] }> {
  const { application, role, person, concerned, checks, at } = parts;
  if (person === undefined) return identifyCourt(parts);

  const human = await humansOf(backbone, [person], checks);
  const party = role === 'authorizedParty' ? (concerned.authorizedParty ?? concerned.party) : concerned.party;
  const roles = { application: application.id, representedParty: party ?? '', submitter: human(person) };
  const faults: Rejection[] = [];
  const records: AuthorizationCheck[] = [];
  checks.forEach(({ facts }, index) => {
    const pointer = `${parts.checksPointer}/${index}`;
    const translated = translateCheck(aboutHumans(facts, human), roles);
    if (translated === 'not-in-dossier') faults.push(checkNotInDossier(pointer));
    else if (translated === 'of-another-process') faults.push(evidenceNotReusable(pointer));
    else records.push(...translated);
  });
  if (faults.length > 0) return { faults };

  const administration =
    role === 'administrator' && concerned.party !== undefined
      ? await administrationOf(backbone, person, concerned.party, { isLegalRepresentative: false, at })
      : undefined;
  const { io } = requesterIoScore(
    {
      channel: application.channel,
      startedAt: application.receivedAt,
      assessedAt: at,
      holdsMeans: await holdsMeans(backbone, person),
      ...(administration === undefined ? {} : { administration }),
      checks: records,
    },
    backbone.rules,
  );
  const level = await authenticatedLevel(backbone, person, application.id, checks);
  const represents = records.some((record) => showsRepresentation(record, at, backbone.rules));
  const isShown: { readonly [R in RequesterRole]: boolean } = {
    // The authorized person himself, or somebody who represents the organization that was authorized.
    authorizedParty:
      concerned.authorizedParty === undefined
        ? concerned.holder !== undefined && human(concerned.holder) === human(person)
        : represents,
    administrator: administration !== undefined,
    legalRepresentative: represents,
    trustee: represents || checks.some(({ facts }) => isTrustee(aboutHumans(facts, human), human(person), party)),
    court: false,
    other: true,
  };
  return {
    entitledRole: isShown[role] ? role : 'other',
    identification: {
      ioScore: io,
      ...(level === undefined ? {} : { authenticatedLevel: level }),
      ...(administration === undefined ? {} : { administrationLevel: administration.level }),
    },
  };
}

/** A court has no person: its order was verified, or it was not (REV-05). */
function identifyCourt({ application, checks }: RequesterParts): IdentifiedRequester {
  const courtOrderVerified = checks.some(
    ({ facts }) => facts.type === 'courtOrderVerification' && facts.application === application.id && facts.authentic,
  );
  return { entitledRole: 'court', identification: { ioScore: 0, courtOrderVerified } };
}

/** He stands in a register now, as the very person who was identified (TR-01, TR-02, PARTY-07). */
const showsRepresentation = (record: AuthorizationCheck, at: Instant, rules: RuleSet): boolean =>
  record.type === 'representationCheck' &&
  record.of === 'submitter' &&
  record.outcome === 'found' &&
  record.agrees &&
  record.sameDataAsIdentified &&
  record.limitation !== 'obstructing' &&
  epochOf(at) - epochOf(record.asOf as Instant) < rules.authorization.maximumAge;

const isTrustee = (facts: CheckFacts, person: string, party: string | undefined): boolean =>
  facts.type === 'circumstancesConfirmation' &&
  facts.capacity === 'trustee' &&
  facts.confirmed &&
  facts.confirmer === person &&
  facts.about.party === party;
