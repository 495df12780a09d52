import type {
  ApplicationId,
  AuthorizationId,
  CheckId,
  Instant,
  PartyId,
  PersonId,
  RevocationRequestId,
} from '#libs/kernel';
import type { AuthorizationRequest, AuthorizationResult, EhLevel, StorkLevel } from '#libs/scheme';
import type { WeighedCheck } from '../common/weighed-check.js';
import { conflicting, invalid, notFound, refused, rejecting } from '../common/rejections.js';
import type { AuthorityKind, AuthorizedParty, Nature, Scope } from './authorization.events.js';

export interface RegisterAuthorization {
  readonly type: 'RegisterAuthorization';
  readonly authorization: AuthorizationId;
  readonly application: ApplicationId;
  readonly registration: AuthorizationRequest['registration'];
  readonly authority: AuthorityKind;
  readonly representedParty: PartyId;
  readonly submitter: { readonly person: PersonId; readonly role: AuthorizationRequest['submitter']['role'] };
  readonly legalRepresentative?: PersonId;
  readonly authorizedParty: AuthorizedParty;
  readonly scope: Scope;
  readonly establishments?: readonly string[];
  readonly forThirdParties: boolean;
  readonly onlyForClients?: readonly string[];
  readonly nature: Nature;
  readonly period: { readonly from: Instant; readonly until: Instant };
  /** `period` as far as it is allowed (evaluation 4). */
  readonly validity: { readonly validUntil: Instant; readonly capped: boolean };
  readonly checks: readonly CheckId[];
  /** How each of them stood in the dossier (PROOF-01). */
  readonly evidence: readonly WeighedCheck[];
  /** Evaluation 1 over exactly these checks. */
  readonly classification: AuthorizationResult;
  readonly meansStork?: StorkLevel;
  readonly aimedLevel: EhLevel;
  readonly acceptLower: boolean;
  /** The level policy lets no more authorizations be registered at the level reached (TFA-03). */
  readonly closedForIssuance: boolean;
  /** Services of the scope that were withdrawn from the catalogue, and those that support no chains (CHAIN-13). */
  readonly withdrawnServices: readonly string[];
  readonly servicesWithoutChains: readonly string[];
  /** Consent to show the data needed to those entitled to see them (CONSENT-07). */
  readonly displayConsent: boolean;
  /** The person has to activate it himself: a shared secret was given, or the submission wants it (REG-15). */
  readonly awaitsActivation: boolean;
  readonly deviationReason?: string;
  readonly now: Instant;
}

export type AuthorizationCommand =
  | RegisterAuthorization
  | {
      readonly type: 'ActivateAuthorization';
      readonly application: ApplicationId;
      readonly activatedAt: Instant;
      readonly lateEntryReason?: string;
      readonly checks: readonly CheckId[];
      /** One of the checks shows a login with the means the authorization is linked to. */
      readonly byHolder: boolean;
      readonly now: Instant;
    }
  | { readonly type: 'RevokeAuthorization'; readonly revocationRequest: RevocationRequestId; readonly now: Instant };

export const authorizationRejections = {
  'no-such-registration': notFound(
    'There is no such authorization',
    'Deze machtiging bestaat niet',
    'No authorization with this id was ever registered, or it has ended: what is revoked or expired is final.',
    'MUT-01',
  ),
  'authorization-exists': conflicting(
    'The authorization was registered already',
    'De machtiging is al geregistreerd',
    'The id belongs to another authorization.',
  ),
  'authorization-already-active': conflicting(
    'The authorization is active',
    'De machtiging is al actief',
    'It was activated at another moment; an activation is recorded once.',
    'REG-15',
  ),
  'activated-before-registration': invalid(
    'Activated before it was registered',
    'Geactiveerd vóór registratie',
    'An authorization can’t be taken into use before it is there.',
    'REG-15',
  ),
  'not-activated-by-holder': refused(
    'Not activated by the authorized person',
    'Niet geactiveerd door de gemachtigde',
    'An authorization is activated by a login with the means it is linked to.',
    'REG-15',
  ),
  'scope-not-allowed-at-EH1': refused(
    'At EH1 an authorization is general',
    'Op EH1 is een machtiging algemeen',
    'A level EH1 authorization covers all services at that level; it takes no list of services.',
    'CONT-07',
  ),
  'display-consent-missing': refused(
    'Consent to display is missing',
    'Toestemming voor tonen ontbreekt',
    'The application has to consent to showing the data needed to others within the same organization.',
    'CONSENT-07',
  ),
  'service-withdrawn': refused(
    'The service was withdrawn',
    'De dienst is vervallen',
    'The catalogue no longer holds this service.',
    'CONT-04',
  ),
  'service-without-chain-support': refused(
    'The service supports no chains',
    'De dienst ondersteunt geen ketens',
    'An intermediary can’t be authorized for a service that takes no chain authorizations.',
    'CHAIN-13',
  ),
  'unknown-service': invalid(
    'The service is unknown',
    'De dienst is onbekend',
    'The service was never in the catalogue.',
    'CONT-04',
  ),
  'period-has-passed': invalid(
    'The period has passed',
    'De periode is voorbij',
    'An authorization that has ended before it is registered can’t be used.',
  ),
  'means-of-another-person': invalid(
    'The means is another person’s',
    'Het middel is van een ander',
    'A person is authorized with a means of his own.',
    'MEANS-05',
  ),
};

export const rejectAuthorization = rejecting(authorizationRejections);
