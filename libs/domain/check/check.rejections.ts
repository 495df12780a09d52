import { conflicting, invalid, notFound, rejecting } from '../common/rejections.js';

export const checkRejections = {
  'no-such-check': notFound('There is no such check', 'Deze controle bestaat niet', {
    en: 'No check with this id was ever recorded.',
    nl: 'Er is nooit een controle met dit id vastgelegd.',
  }),
  'unknown-check': invalid(
    'The check is unknown',
    'De controle is onbekend',
    {
      en: 'The request relies on a check that was never recorded, or is of another type than asked. Record it first (ARCH-13).',
      nl: 'Het verzoek rust op een controle die nooit is vastgelegd, of die van een andere soort is dan gevraagd. Leg haar eerst vast (ARCH-13).',
    },
    'ARCH-13',
  ),
  'check-exists': conflicting('The check was recorded already', 'De controle is al vastgelegd', {
    en: 'A check is recorded once and never changed; another look is a check of its own.',
    nl: 'Een controle wordt één keer vastgelegd en nooit gewijzigd; nog eens kijken is een controle op zich.',
  }),
  'application-full': conflicting(
    'The application holds no more checks',
    'De aanvraag kan geen controles meer bevatten',
    {
      en: 'An application holds at most 500 checks, and 1,000 with those that stand against it (`most`); what has to be asked after that belongs to an application of its own.',
      nl: 'Een aanvraag heeft hoogstens 500 controles, en 1.000 met die welke ertegen pleiten (`most`); wat daarna moet worden gevraagd, hoort bij een eigen aanvraag.',
    },
  ),
  'performed-before-application': invalid(
    'The check was performed before the application came in',
    'De controle is van vóór de aanvraag',
    {
      en: 'A check belongs to an application and lies within it; record the application when it comes in.',
      nl: 'Een controle hoort bij een aanvraag en ligt daarbinnen; leg de aanvraag vast wanneer zij binnenkomt.',
    },
  ),
  'moment-after-performed': invalid(
    'The moment lies after the check itself',
    'Het moment ligt na de controle zelf',
    {
      en: 'What a check saw had happened when it was performed: this moment can’t be later than `performedAt`.',
      nl: 'Wat een controle zag, was gebeurd toen zij werd uitgevoerd: dit moment kan niet later zijn dan `performedAt`.',
    },
    'PROOF-06',
  ),
  'transaction-too-old': invalid(
    'The bank transaction is too old',
    'De banktransactie is te oud',
    {
      en: 'A bank transaction proves something for an application that came in at most 31 days after it was carried out.',
      nl: 'Een banktransactie bewijst iets voor een aanvraag die hoogstens 31 dagen na de uitvoering ervan binnenkwam.',
    },
    'PROOF-06',
  ),
  'handed-out-before-applied': invalid(
    'The means was handed out before it was applied for',
    'Het middel is uitgereikt vóór de aanvraag ervan',
    {
      en: 'A means exists from its application on; `handedOutAt` can’t be earlier.',
      nl: 'Een middel bestaat vanaf zijn aanvraag; `handedOutAt` kan niet eerder zijn.',
    },
    'PROOF-06',
  ),
  'of-another-application': invalid(
    'The check is about another application',
    'De controle gaat over een andere aanvraag',
    {
      en: 'A check about an application is about the one that it belongs to.',
      nl: 'Een controle over een aanvraag gaat over de aanvraag waar zij bij hoort.',
    },
  ),
  'same-person': invalid(
    'It takes another person',
    'Er is een andere persoon nodig',
    {
      en: 'Nobody gives himself a proxy, and nobody is his own cosigner.',
      nl: 'Niemand geeft zichzelf een volmacht, en niemand is zijn eigen medeondertekenaar.',
    },
    'PROOF-02',
  ),
  'not-of-holder': invalid(
    'It is not the holder’s',
    'Het is niet van de houder',
    {
      en: 'The request names a means, or an appearance, of another person than the one it is to prove something about.',
      nl: 'Het verzoek noemt een middel, of een verschijning, van een andere persoon dan degene over wie het iets moet bewijzen.',
    },
    'PROOF-08',
  ),
  'unknown-source': invalid(
    'The source is unknown',
    'De bron is onbekend',
    {
      en: 'Sources, systems, official publications and authentication services are entries of configured lists; `names` has those that are known here.',
      nl: 'Bronnen, systemen, officiële publicaties en authenticatiediensten zijn vermeldingen van ingestelde lijsten; `names` heeft die welke hier bekend zijn.',
    },
    'PROOF-10',
  ),
  'unknown-equivalence': invalid(
    'The equivalence is unknown',
    'De gelijkwaardigheid is onbekend',
    {
      en: 'An equivalence is decided, not typed: the request names one that no means product has for this.',
      nl: 'Over een gelijkwaardigheid wordt besloten, zij wordt niet ingetypt: het verzoek noemt er een die geen middelproduct hiervoor heeft.',
    },
    'PROOF-11',
  ),
  'unknown-contact': invalid(
    'The contact is unknown',
    'Het contactgegeven is onbekend',
    {
      en: 'The request names a contact that is not on record for the party, or for the person who was asked.',
      nl: 'Het verzoek noemt een contactgegeven dat niet vastligt van de partij, of van de persoon aan wie iets is gevraagd.',
    },
    'ARCH-15',
  ),
  'unknown-person': invalid('The person is unknown', 'De persoon is onbekend', {
    en: 'The request names a person that was never recorded.',
    nl: 'Het verzoek noemt een persoon die nooit is vastgelegd.',
  }),
  'unknown-party': invalid('The party is unknown', 'De partij is onbekend', {
    en: 'The request names a party that was never recorded.',
    nl: 'Het verzoek noemt een partij die nooit is vastgelegd.',
  }),
  'unknown-document': invalid('The document is unknown', 'Het document is onbekend', {
    en: 'The request names a document that is not on record for this person.',
    nl: 'Het verzoek noemt een document dat van deze persoon niet vastligt.',
  }),
  'unknown-means': invalid('The means is unknown', 'Het middel is onbekend', {
    en: 'The request names a means that was never applied for.',
    nl: 'Het verzoek noemt een middel dat nooit is aangevraagd.',
  }),
};

export const rejectCheck = rejecting(checkRejections);
