import type {
  ApplicationId,
  AuthorizationId,
  CheckId,
  EvidenceId,
  Instant,
  PartyId,
  PersonId,
  RevocationRequestId,
} from '#libs/kernel';
import type { AuthorizationRequest, AuthorizationResult, EhLevel, StorkLevel } from '#libs/scheme';
import type { SuspensionOrder } from '../common/suspension.js';
import type { Turnaround } from '../common/turnaround.js';
import type { WeighedCheck } from '../common/weighed-check.js';
import { conflicting, invalid, notFound, refused, rejecting } from '../common/rejections.js';
import type { Addressee } from '../confirmation/confirmation.events.js';
import type {
  AuthorityKind,
  AuthorizedParty,
  DisplayStater,
  Nature,
  Scope,
  TellingOfNotice,
} from './authorization.events.js';

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
  /** OIN of the register in which the next link can be verified (CHAIN-09). */
  readonly nextLinkRegister?: string;
  readonly nature: Nature;
  readonly period: { readonly from: Instant; readonly until: Instant };
  /** `period` as far as it is allowed (evaluation 4). */
  readonly validity: { readonly validUntil: Instant; readonly capped: boolean };
  readonly checks: readonly CheckId[];
  /** How each of them stood in the dossier (PROOF-01). */
  readonly evidence: readonly WeighedCheck[];
  /** Copies on record that a row it earned rests on (R-IO3-d-copy). */
  readonly copies?: readonly EvidenceId[];
  /** Authorizations on record that it was scored by (ARCH-10). */
  readonly authorities?: readonly AuthorizationId[];
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
  /** What the represented party states of the person's permission (CONSENT-08). */
  readonly displayPermitted?: boolean;
  /** The person has to activate it himself: a shared secret was given, or the submission wants it (REG-15). */
  readonly awaitsActivation: boolean;
  readonly deviationReason?: string;
  readonly now: Instant;
}

/** What a new decision on an authorization rests on. */
export interface DecideAnew {
  readonly application: ApplicationId;
  readonly registration: AuthorizationRequest['registration'];
  readonly submitter: RegisterAuthorization['submitter'];
  readonly legalRepresentative?: PersonId;
  readonly checks: readonly CheckId[];
  readonly evidence: readonly WeighedCheck[];
  /** Copies on record that a row it earned rests on (R-IO3-d-copy). */
  readonly copies?: readonly EvidenceId[];
  /** Authorizations on record that it was scored by (ARCH-10). */
  readonly authorities?: readonly AuthorizationId[];
  /** Evaluation 1 over exactly these checks. */
  readonly classification: AuthorizationResult;
  readonly meansStork?: StorkLevel;
  /** The means that it is linked to has ended: only a new registration links it to another one (REV-07). */
  readonly meansEnded: boolean;
  /** The means is suspended, and with it whatever stands on it (SUS-05). */
  readonly meansSuspended: boolean;
  /** Level that the authorization has, from what is recorded and the means as it is now (SYN-09). */
  readonly currentLevel: EhLevel | null;
  readonly aimedLevel: EhLevel;
  readonly acceptLower: boolean;
  /** The level policy lets nothing more be registered at the level reached (TFA-03). */
  readonly closedForIssuance: boolean;
  readonly deviationReason?: string;
  readonly turnaround?: Turnaround;
  readonly now: Instant;
}

export interface RenewAuthorization extends DecideAnew {
  readonly type: 'RenewAuthorization';
  /** Score of the procedure as it was done: who renews, and how surely it is known what is renewed (PV1 to PV4). */
  readonly procedure: number;
  readonly period: { readonly from: Instant; readonly until: Instant };
  /** `period` as far as it is allowed (evaluation 4). */
  readonly validity: { readonly validUntil: Instant; readonly capped: boolean };
}

export interface ChangeAuthorization extends DecideAnew {
  readonly type: 'ChangeAuthorization';
  /** What is to be other; the rest stays as it is. `establishments` null: no longer limited to some. */
  readonly set: {
    readonly scope?: Scope;
    readonly forThirdParties?: boolean;
    readonly establishments?: readonly string[] | null;
    readonly nature?: Nature;
    readonly period?: {
      readonly from: Instant;
      /** As far as it is allowed (evaluation 4). */
      readonly validUntil: Instant;
      readonly capped: boolean;
    };
  };
  /** It reaches beyond the establishments of the administrator who would change it (ADMIN-10). */
  readonly outsideEstablishment: boolean;
  /** Services that it did not cover by name and that were withdrawn, and those that support no chains (CHAIN-13). */
  readonly withdrawnServices: readonly string[];
  readonly servicesWithoutChains: readonly string[];
}

/** The represented party's statement, by somebody who is logged in and speaks for it (CONSENT-08). */
export interface StateDisplayPermission {
  readonly type: 'StateDisplayPermission';
  readonly application: ApplicationId;
  readonly permitted: boolean;
  readonly statedBy: PersonId;
  readonly role: DisplayStater;
  /** Whether he manages what this authorization covers, other things of the party, or nothing there. */
  readonly manages: 'this' | 'others' | 'nothing';
  readonly login: CheckId;
  readonly level: EhLevel;
  readonly now: Instant;
}

/** What follows at this moment from its not being used; mostly nothing. */
export interface ReviewNonUse {
  readonly type: 'ReviewNonUse';
  /** First use of the day of its last one, up to `recordsUpTo`; `null`: never. */
  readonly lastUsedAt: Instant | null;
  readonly recordsUpTo: string;
  /** `null`: at its level nothing is revoked for non-use (PD1). */
  readonly periods: {
    readonly countsFrom: Instant;
    readonly noticeFrom: Instant;
    /** After a notice of this moment. */
    readonly revokesAt: Instant;
  } | null;
  /** Whom a notice of this moment has to tell (NONUSE-02). */
  readonly addressees: readonly Addressee[];
  /** Those who were told of the notice that stands, each with what follows from when he was. */
  readonly told: readonly AddresseeTold[];
  /** Those who were not, and whom nobody can tell any more: their data are erased. */
  readonly erased: readonly Addressee[];
  readonly now: Instant;
}

/** An addressee of a notice who was told of it. */
export interface AddresseeTold extends TellingOfNotice {
  readonly addressee: Addressee;
  /** When his notice has run out (NONUSE-03). */
  readonly runsOutAt: Instant;
}

export type AuthorizationCommand =
  | RegisterAuthorization
  | RenewAuthorization
  | ChangeAuthorization
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
  | ({ readonly type: 'SuspendAuthorization' } & SuspensionOrder)
  | ({ readonly type: 'LiftSuspension' } & SuspensionOrder)
  | StateDisplayPermission
  | ReviewNonUse
  | { readonly type: 'RevokeAuthorization'; readonly revocationRequest: RevocationRequestId; readonly now: Instant };

export const authorizationRejections = {
  'no-such-registration': notFound(
    'There is no such authorization',
    'Deze machtiging bestaat niet',
    {
      en: 'No authorization with this id was ever registered, or it has ended: what is revoked or expired is final.',
      nl: 'Er is nooit een machtiging met dit id geregistreerd, of zij is beëindigd: wat is ingetrokken of verlopen, is dat definitief.',
    },
    'MUT-01',
  ),
  'authorization-exists': conflicting('The authorization was registered already', 'De machtiging is al geregistreerd', {
    en: 'The id belongs to another authorization.',
    nl: 'Het id is van een andere machtiging.',
  }),
  'authorization-already-active': conflicting(
    'The authorization is active',
    'De machtiging is al actief',
    {
      en: 'It was activated at another moment; an activation is recorded once.',
      nl: 'Zij is op een ander moment geactiveerd; een activering wordt één keer vastgelegd.',
    },
    'REG-15',
  ),
  'activated-before-registration': invalid(
    'Activated before it was registered',
    'Geactiveerd vóór registratie',
    {
      en: 'An authorization can’t be taken into use before it is there.',
      nl: 'Een machtiging kan niet in gebruik worden genomen voordat zij er is.',
    },
    'REG-15',
  ),
  'not-activated-by-holder': refused(
    'Not activated by the authorized person',
    'Niet geactiveerd door de gemachtigde',
    {
      en: 'An authorization is activated by a login with the means it is linked to.',
      nl: 'Een machtiging wordt geactiveerd door in te loggen met het middel waaraan zij is gekoppeld.',
    },
    'REG-15',
  ),
  'authorization-not-active': conflicting(
    'The authorization is not active',
    'De machtiging is niet actief',
    {
      en: 'A renewal extends an authorization that is active; one that is not in force yet, not activated or paused is not renewed.',
      nl: 'Een verlenging verlengt een machtiging die actief is; wat nog niet ingaat, niet is geactiveerd of is opgeschort, wordt niet verlengd.',
    },
    'REG-14',
  ),
  'renewal-not-begun': refused(
    'The last renewal has not begun',
    'De vorige verlenging is nog niet ingegaan',
    {
      en: 'The period of the last renewal lies ahead; it is renewed again once that has begun.',
      nl: 'De periode van de vorige verlenging moet nog ingaan; daarna kan opnieuw worden verlengd.',
    },
    'REN-03',
  ),
  'period-leaves-gap': invalid(
    'The new period begins too late',
    'De nieuwe periode begint te laat',
    {
      en: 'A renewal’s period begins no later than the present one ends, that of a change of what is in force no later than now.',
      nl: 'De periode van een verlenging begint uiterlijk wanneer de huidige eindigt, die van een wijziging van wat van kracht is uiterlijk nu.',
    },
    'REG-14',
  ),
  'period-not-extended': invalid(
    'The period is not extended',
    'De periode wordt niet verlengd',
    {
      en: 'After five years at most a renewal’s period has to end later than the present one.',
      nl: 'De periode van een verlenging, hooguit vijf jaar, moet later eindigen dan de huidige.',
    },
    'REN-03',
  ),
  'renewal-needed': refused(
    'Only a renewal lengthens it',
    'Alleen een verlenging maakt haar langer',
    {
      en: 'A change shortens the period of an authorization that has begun; a later end is a renewal.',
      nl: 'Een wijziging verkort de periode van een machtiging die is ingegaan; een later einde is een verlenging.',
    },
    'REN-01',
  ),
  'scope-not-allowed-at-EH1': refused(
    'At EH1 an authorization is general',
    'Op EH1 is een machtiging algemeen',
    {
      en: 'A level EH1 authorization covers all services at that level; it takes no list of services.',
      nl: 'Een machtiging op niveau EH1 omvat alle diensten op dat niveau; zij heeft geen lijst van diensten.',
    },
    'CONT-07',
  ),
  'display-consent-missing': refused(
    'Consent to display is missing',
    'Toestemming voor tonen ontbreekt',
    {
      en: 'The application has to consent to showing the data needed to others within the same organization.',
      nl: 'De aanvraag moet ermee instemmen dat de benodigde gegevens aan anderen binnen dezelfde organisatie worden getoond.',
    },
    'CONSENT-07',
  ),
  'nobody-to-show': refused(
    'No person is authorized',
    'Er is geen persoon gemachtigd',
    {
      en: 'The statement is about a person’s data; this authorization is an intermediary’s.',
      nl: 'De verklaring gaat over gegevens van een persoon; deze machtiging is van een intermediair.',
    },
    'CONSENT-08',
  ),
  'service-withdrawn': refused(
    'The service was withdrawn',
    'De dienst is vervallen',
    { en: 'The catalogue no longer holds this service.', nl: 'De catalogus bevat deze dienst niet meer.' },
    'CONT-04',
  ),
  'service-without-chain-support': refused(
    'The service supports no chains',
    'De dienst ondersteunt geen ketens',
    {
      en: 'An intermediary can’t be authorized for a service that takes no chain authorizations.',
      nl: 'Een intermediair kan niet worden gemachtigd voor een dienst die geen ketenmachtigingen kent.',
    },
    'CHAIN-13',
  ),
  'no-next-link': invalid(
    'A person passes no authority on',
    'Een persoon geeft geen bevoegdheid door',
    {
      en: 'Only a link to an intermediary has a next one; `nextLinkRegister` has no place in an authorization of a person.',
      nl: 'Alleen een schakel naar een intermediair heeft een volgende; `nextLinkRegister` hoort niet bij een machtiging van een persoon.',
    },
    'CHAIN-09',
  ),
  'unknown-service': invalid(
    'The service is unknown',
    'De dienst is onbekend',
    {
      en: 'The service was never in the catalogue; `GET /v1/services` has those that are.',
      nl: 'De dienst heeft nooit in de catalogus gestaan; `GET /v1/services` heeft de diensten die er wel in staan.',
    },
    'CONT-04',
  ),
  'period-has-passed': invalid('The period has passed', 'De periode is voorbij', {
    en: 'An authorization that has ended before it is registered can’t be used.',
    nl: 'Een machtiging die al voorbij is voordat zij wordt geregistreerd, kan niet worden gebruikt.',
  }),
  'means-of-another-person': invalid(
    'The means is another person’s',
    'Het middel is van een ander',
    {
      en: 'A person is authorized with a means of his own.',
      nl: 'Een persoon wordt gemachtigd met een middel van hemzelf.',
    },
    'MEANS-05',
  ),
};

export const rejectAuthorization = rejecting(authorizationRejections);
