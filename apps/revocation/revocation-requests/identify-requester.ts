import type { Instant } from '#libs/kernel';
import { administrationOf, authenticatedLevel, holdsMeans, translateCheck, type Backbone } from '#libs/application';
import type { ReceivedApplication, RecordedCheck, RequesterRole, RevocationRequested } from '#libs/domain';
import { requesterIoScore } from '#libs/scheme';

export interface RequesterParts {
  readonly application: ReceivedApplication;
  readonly role: RequesterRole;
  readonly person: string | undefined;
  /** Whom the object concerns. */
  readonly concerned: { readonly party?: string; readonly holder?: string; readonly representative?: string };
  readonly checks: readonly RecordedCheck[];
  readonly courtOrderVerified: boolean | undefined;
  readonly at: Instant;
}

export interface IdentifiedRequester {
  /** The role he has been shown to have for this object; `other` when nothing shows the one he names (REV-01). */
  readonly entitledRole: RequesterRole;
  readonly identification: RevocationRequested['data']['identification'];
}

/** How a requester is identified, from his own checks, his login and his authority (REV-01, REV-05, ADMIN-03). */
export async function identifyRequester(backbone: Backbone, parts: RequesterParts): Promise<IdentifiedRequester> {
  const { application, role, person, concerned, checks, courtOrderVerified, at } = parts;
  const court = courtOrderVerified === undefined ? {} : { courtOrderVerified };
  if (person === undefined) return { entitledRole: role, identification: { ioScore: 0, ...court } };

  const administration =
    role === 'administrator' && concerned.party !== undefined
      ? await administrationOf(backbone, person, concerned.party, { isLegalRepresentative: false, at })
      : undefined;
  const roles = { application: application.id, representedParty: concerned.party ?? '', submitter: person };
  const records = checks.flatMap(({ facts }) => {
    const translated = translateCheck(facts, roles);
    return translated === 'not-in-dossier' ? [] : translated;
  });
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
  return {
    entitledRole: isShown(parts, person, administration !== undefined) ? role : 'other',
    identification: {
      ioScore: io,
      ...(level === undefined ? {} : { authenticatedLevel: level }),
      ...(administration === undefined ? {} : { administrationLevel: administration.level }),
      ...court,
    },
  };
}

/** Whether the role he names is shown by the register itself or by the named checks. */
function isShown({ role, concerned, checks }: RequesterParts, person: string, hasAdministration: boolean): boolean {
  switch (role) {
    case 'authorizedParty':
      return concerned.holder === person;
    case 'administrator':
      return hasAdministration;
    case 'legalRepresentative':
      return (
        concerned.representative === person ||
        checks.some(({ facts }) => showsRepresentation(facts, person, concerned.party))
      );
    case 'trustee':
      return checks.some(
        ({ facts }) =>
          showsRepresentation(facts, person, concerned.party) ||
          (facts.type === 'circumstancesConfirmation' &&
            facts.capacity === 'trustee' &&
            facts.confirmer === person &&
            facts.about.party === concerned.party),
      );
    case 'court':
    case 'other':
      return true;
  }
}

const showsRepresentation = (facts: RecordedCheck['facts'], person: string, party: string | undefined): boolean =>
  facts.type === 'representationCheck' &&
  facts.about.person === person &&
  facts.party === party &&
  facts.outcome === 'found' &&
  facts.agrees;
