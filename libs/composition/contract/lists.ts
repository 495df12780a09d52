import { WHY } from '#libs/application';
import {
  BLOCKING_REASONS,
  CHECK_TYPES,
  CONTACT_KINDS,
  DISTINCTIONS,
  DOCUMENT_TYPES,
  ISSUING_STATES,
  MEANS_STATUSES,
  MEDIA,
  PARTY_KINDS,
  PARTY_REGISTERS,
  PURPOSES,
  STANDINGS,
  SUSPENDERS,
  WEBHOOK_EVENT_TYPES,
} from '#libs/domain';
import { named } from '#libs/platform';
import { EH_LEVELS } from '#libs/scheme';

/*
 * Names of the closed lists of words, as the contract has them. A list of one app stands in that app, one of a schema file
 * beside the components that are made of it.
 */

named('EhLevel', EH_LEVELS, 'Level of an authorization or a login, from low to high');
named('Channel', ['electronic', 'nonElectronic'] as const, 'How something came in (REG-03)');
named('Medium', MEDIA, 'By what a request came');
named('Purpose', PURPOSES, 'What an application is for');
named('CheckType', CHECK_TYPES, 'Kind of check');
named('CheckStanding', Object.keys(WHY), 'Why a check earns nothing in a decision, or with what reserve');
named('AuthorizationStatus', STANDINGS, 'How an authorization stands');
named('Authority', ['regular', 'administration'] as const, 'Regular, or the authority of an administrator');
named('RegistrationBook', ['first', 'repeated'] as const, 'The book that a registration is judged by (NORM-06)');
named('Suspender', SUSPENDERS, 'Whose suspension it is: of those entitled, a court or the operator');
named('BlockingReason', BLOCKING_REASONS, 'Why the operator blocks (REV-10)');
named('MeansStatus', MEANS_STATUSES, 'How far a means is');
named('ContactKind', CONTACT_KINDS, 'Kind of contact');
named('Distinction', DISTINCTIONS, 'What tells two persons apart');
named('DocumentType', DOCUMENT_TYPES, 'Kind of identity document');
named('IssuingState', ISSUING_STATES, 'State that issued a document (ISO 3166-1 alpha-3)');
named('PartyKind', PARTY_KINDS, 'Kind of organization (PARTY-01)');
named('WebhookEventType', WEBHOOK_EVENT_TYPES, 'Type of event that receivers can be told of');
named('PartyRegister', PARTY_REGISTERS, 'Register that numbers a party');
