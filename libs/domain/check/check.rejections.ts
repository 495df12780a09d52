import { conflicting, invalid, notFound, rejecting } from '../common/rejections.js';

export const checkRejections = {
  'no-such-check': notFound(
    'There is no such check',
    'Deze controle bestaat niet',
    'No check with this id was ever recorded.',
  ),
  'unknown-check': invalid(
    'The check is unknown',
    'De controle is onbekend',
    'The request relies on a check that was never recorded, or is of another type than asked. Record it first (ARCH-13).',
    'ARCH-13',
  ),
  'check-exists': conflicting(
    'The check was recorded already',
    'De controle is al vastgelegd',
    'A check is recorded once and never changed; another look is a check of its own.',
  ),
  'application-full': conflicting(
    'The application holds no more checks',
    'De aanvraag kan geen controles meer bevatten',
    'An application holds at most 500 checks, and 1,000 with those that stand against it (`most`); what has to be asked after that belongs to an application of its own.',
  ),
  'performed-before-application': invalid(
    'The check was performed before the application came in',
    'De controle is van vóór de aanvraag',
    'A check belongs to an application and lies within it; record the application when it comes in.',
  ),
  'moment-after-performed': invalid(
    'The moment lies after the check itself',
    'Het moment ligt na de controle zelf',
    'What a check saw had happened when it was performed: this moment can’t be later than `performedAt`.',
    'PROOF-06',
  ),
  'transaction-too-old': invalid(
    'The bank transaction is too old',
    'De banktransactie is te oud',
    'A bank transaction proves something for an application that came in at most 31 days after it was carried out.',
    'PROOF-06',
  ),
  'handed-out-before-applied': invalid(
    'The means was handed out before it was applied for',
    'Het middel is uitgereikt vóór de aanvraag ervan',
    'A means exists from its application on; `handedOutAt` can’t be earlier.',
    'PROOF-06',
  ),
  'of-another-application': invalid(
    'The check is about another application',
    'De controle gaat over een andere aanvraag',
    'A check about an application is about the one that it belongs to.',
  ),
  'same-person': invalid(
    'It takes another person',
    'Er is een andere persoon nodig',
    'Nobody gives himself a proxy, and nobody is his own cosigner.',
    'PROOF-02',
  ),
  'not-of-holder': invalid(
    'It is not the holder’s',
    'Het is niet van de houder',
    'The request names a means, or an appearance, of another person than the one it is to prove something about.',
    'PROOF-08',
  ),
  'unknown-source': invalid(
    'The source is unknown',
    'De bron is onbekend',
    'Sources, systems, official publications and authentication services are entries of configured lists; `names` has those that are known here.',
    'PROOF-10',
  ),
  'unknown-equivalence': invalid(
    'The equivalence is unknown',
    'De gelijkwaardigheid is onbekend',
    'An equivalence is decided, not typed: the request names one that no means product has for this.',
    'PROOF-11',
  ),
  'unknown-contact': invalid(
    'The contact is unknown',
    'Het contactgegeven is onbekend',
    'The request names a contact that is not on record for the party, or for the person who was asked.',
    'ARCH-15',
  ),
  'unknown-person': invalid(
    'The person is unknown',
    'De persoon is onbekend',
    'The request names a person that was never recorded.',
  ),
  'unknown-party': invalid(
    'The party is unknown',
    'De partij is onbekend',
    'The request names a party that was never recorded.',
  ),
  'unknown-document': invalid(
    'The document is unknown',
    'Het document is onbekend',
    'The request names a document that is not on record for this person.',
  ),
  'unknown-means': invalid(
    'The means is unknown',
    'Het middel is onbekend',
    'The request names a means that was never applied for.',
  ),
};

export const rejectCheck = rejecting(checkRejections);
