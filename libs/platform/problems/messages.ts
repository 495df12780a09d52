import type { Words } from '#libs/kernel';

/** What a problem code says to a reader; codes themselves are language-neutral. */
export interface Message extends Words {
  /** What it means and what the caller can do about it. Shown at `/problems/<code>`. */
  readonly meaning: Words;
  /** Status of a problem that has this code. */
  readonly status: number;
  /** Rule of the catalogue it comes from, where there is one. */
  readonly rule?: string;
}

const message = (status: number, en: string, nl: string, meaning: Words): Message => ({ en, nl, meaning, status });

/** The codes of the edge itself. Those of the domain are declared there and added at start. */
export const PLATFORM_MESSAGES = {
  'invalid-request': message(400, 'The request has faults', 'Het verzoek bevat fouten', {
    en: 'One or more members of the request are missing, unknown, of the wrong type or impossible. Every fault is listed under errors, each with a JSON Pointer to the place. Nothing was recorded; correct them all and send it again.',
    nl: 'Een of meer velden van het verzoek ontbreken, zijn onbekend, van het verkeerde type of onmogelijk. Elke fout staat onder errors, met een JSON Pointer naar de plaats. Er is niets vastgelegd; verbeter ze allemaal en stuur het opnieuw.',
  }),
  'malformed-json': message(400, 'The body is not well-formed JSON', 'De inhoud is geen geldige JSON', {
    en: 'The body could not be read as JSON in UTF-8, is nested too deeply, or holds a number or character that can not be kept exactly. Nothing was recorded.',
    nl: 'De inhoud kon niet als JSON in UTF-8 worden gelezen, is te diep genest, of bevat een getal of teken dat niet precies kan worden bewaard. Er is niets vastgelegd.',
  }),
  'too-many-values': message(400, 'The body holds too many values', 'De inhoud bevat te veel waarden', {
    en: 'A body has at most 20 000 values: objects, lists, texts, numbers, true, false and null, at every depth. Nothing was recorded; send less at a time.',
    nl: 'De inhoud heeft hoogstens 20 000 waarden: objecten, lijsten, teksten, getallen, true, false en null, op elke diepte. Er is niets vastgelegd; stuur minder tegelijk.',
  }),
  'more-faults': message(400, 'There are more faults', 'Er zijn meer fouten', {
    en: 'Not every fault is listed: there are more than a hundred, or the list would be longer than the request. Correct those that are and send it again.',
    nl: 'Niet elke fout wordt genoemd: het zijn er meer dan honderd, of de lijst zou langer zijn dan het verzoek. Verbeter de genoemde en stuur het opnieuw.',
  }),
  'duplicate-member': message(400, 'A member occurs twice in one object', 'Een veld komt tweemaal voor in één object', {
    en: 'Readers of JSON disagree on which of two members with one name counts, so neither is taken. Send it once.',
    nl: 'Lezers van JSON zijn het er niet over eens welk van twee velden met één naam telt, dus wordt geen van beide genomen. Stuur het één keer.',
  }),
  'unknown-member': message(400, 'Unknown member', 'Onbekend veld', {
    en: 'The contract does not know this member here. It is refused rather than ignored, so that a misspelt name is never lost.',
    nl: 'Het contract kent dit veld hier niet. Het wordt geweigerd in plaats van genegeerd, zodat een verkeerd gespelde naam nooit verloren gaat.',
  }),
  required: message(400, 'Required member is missing', 'Verplicht veld ontbreekt', {
    en: 'This member, header or parameter must be present.',
    nl: 'Dit veld, deze header of deze parameter moet aanwezig zijn.',
  }),
  'wrong-type': message(400, 'Wrong type', 'Onjuist type', {
    en: 'The value is of another JSON type than the contract asks for.',
    nl: 'De waarde is van een ander JSON-type dan het contract vraagt.',
  }),
  'invalid-value': message(400, 'Impossible value', 'Onmogelijke waarde', {
    en: 'The type is right, but the value is outside what the contract allows.',
    nl: 'Het type klopt, maar de waarde ligt buiten wat het contract toestaat.',
  }),
  'instant-in-future': message(400, 'The instant lies in the future', 'Het tijdstip ligt in de toekomst', {
    en: 'Something that happened can not be later than now (five seconds of clock difference are allowed).',
    nl: 'Iets wat is gebeurd, kan niet later zijn dan nu (vijf seconden klokverschil zijn toegestaan).',
  }),
  'unknown-rule-set': message(400, 'There is no such rule set', 'Deze regelset bestaat niet', {
    en: 'Rules are named by the version that decisions and answers name; this one was never released.',
    nl: 'Regels worden genoemd met de versie die besluiten en antwoorden noemen; deze is nooit uitgebracht.',
  }),
  'not-on-record-then': message(400, 'It was not on record then', 'Het was toen niet vastgelegd', {
    en: 'The moment lies before the first fact about this object was recorded, so that there is nothing to explain.',
    nl: 'Het moment ligt vóór het eerste feit dat over dit object is vastgelegd, dus valt er niets uit te leggen.',
  }),
  'export-too-large': message(400, 'Too much for one file', 'Te veel voor één bestand', {
    en: 'A file has at most 10 000 items and 32 MiB, and is made of so many pages at most. Give a shorter period or a narrower filter, and take several files. Nothing was handed out.',
    nl: 'Een bestand heeft hoogstens 10 000 onderdelen en 32 MiB, en wordt uit een begrensd aantal pagina’s gemaakt. Geef een kortere periode of een nauwer filter op, en neem meer bestanden. Er is niets uitgegeven.',
  }),
  'too-much-on-record': message(
    409,
    'Too much would have to be judged again',
    'Er zou te veel opnieuw moeten worden beoordeeld',
    {
      en: 'What a person of this dossier is named in is more than one answer may take in. What was recorded is shown as it stands; it is not judged again.',
      nl: 'Waarin een persoon van dit dossier wordt genoemd, is meer dan één antwoord mag omvatten. Wat is vastgelegd wordt getoond zoals het er staat; het wordt niet opnieuw beoordeeld.',
    },
  ),
  'late-entry-reason-missing': message(400, 'A late entry needs a reason', 'Een late invoer vraagt om een reden', {
    en: 'The instant lies more than 31 days back. Give lateEntryReason; the entry is flagged and shown to the auditor.',
    nl: 'Het tijdstip ligt meer dan 31 dagen terug. Geef lateEntryReason op; de invoer krijgt een markering en wordt aan de auditor getoond.',
  }),
  'foreign-position': message(400, 'The position belongs to another store', 'De positie hoort bij een andere opslag', {
    en: 'A position is only meaningful in the store and epoch that gave it. Take one from a recent answer of this installation.',
    nl: 'Een positie heeft alleen betekenis in de opslag en het tijdvak die haar gaven. Neem er een uit een recent antwoord van deze installatie.',
  }),
  'invalid-cursor': message(400, 'The cursor can not be used', 'De cursor is niet bruikbaar', {
    en: 'A cursor is taken unchanged from the previous page of the same list with the same filter.',
    nl: 'Een cursor wordt ongewijzigd overgenomen van de vorige pagina van dezelfde lijst met hetzelfde filter.',
  }),
  unauthenticated: message(401, 'No valid access token', 'Geen geldig toegangstoken', {
    en: 'Send a bearer token of the accepted issuer that is meant for this service and has not expired.',
    nl: 'Stuur een bearer-token van de aanvaarde uitgever dat voor deze dienst is bedoeld en niet is verlopen.',
  }),
  'person-required': message(403, 'A person has to act', 'Er moet een persoon handelen', {
    en: 'The token is of a program (its sub is missing or its client_id). Reading as an auditor, deciding on a request and naming a clerk as the one who did something ask for a token of the person who does it.',
    nl: 'Het token is van een programma (sub ontbreekt of is de client_id). Lezen als auditor, beslissen over een verzoek en een medewerker noemen als degene die iets deed, vragen om een token van de persoon die het doet.',
  }),
  'missing-scope': message(403, 'The token lacks the scope', 'Het token mist het benodigde recht', {
    en: 'The token is valid but does not carry a scope that this operation asks for.',
    nl: 'Het token is geldig, maar heeft geen scope die deze bewerking vraagt.',
  }),
  'not-found': message(404, 'Not found', 'Niet gevonden', {
    en: 'There is nothing at this address. Addresses have no trailing slash, and ids are UUIDs.',
    nl: 'Op dit adres is niets. Adressen hebben geen schuine streep aan het eind, en id’s zijn UUID’s.',
  }),
  'no-such-decision': message(404, 'There is no such decision', 'Dit besluit bestaat niet', {
    en: 'No question at use was ever answered under this id; a search is none. It is `context.id` of the answer: of several questions in one call what stands before the `/`.',
    nl: 'Onder dit id is nooit een vraag bij gebruik beantwoord; een zoekvraag is er geen. Het is `context.id` van het antwoord: van meer vragen in één aanroep wat voor de `/` staat.',
  }),
  'no-such-export': message(404, 'There is no such export', 'Deze uitvoer bestaat niet', {
    en: 'No file was ever handed out under this id. The header `Link` of an export names its receipt.',
    nl: 'Er is nooit een bestand uitgegeven onder dit id. De header `Link` van een uitvoer noemt zijn bewijs van opname.',
  }),
  'method-not-allowed': message(405, 'Method not allowed', 'Methode niet toegestaan', {
    en: 'The address exists, but not for this method. The Allow header names those it has.',
    nl: 'Het adres bestaat, maar niet voor deze methode. De header Allow noemt de methoden die er wel zijn.',
  }),
  conflict: message(409, 'Somebody else was first', 'Iemand anders was eerder', {
    en: 'The object was changed at the same time and stands otherwise than this request assumed. Read it again and decide anew.',
    nl: 'Het object is tegelijk gewijzigd en staat er anders voor dan dit verzoek aannam. Lees het opnieuw en beslis opnieuw.',
  }),
  'idempotency-key-reused': message(
    409,
    'The idempotency key was used for another request',
    'De idempotentiesleutel is al gebruikt voor een ander verzoek',
    {
      en: 'A key stands for one request. The same key came with another body; use a new key for a new request.',
      nl: 'Een sleutel staat voor één verzoek. Dezelfde sleutel kwam met een andere inhoud; gebruik een nieuwe sleutel voor een nieuw verzoek.',
    },
  ),
  'precondition-failed': message(412, 'The object has changed', 'Het object is gewijzigd', {
    en: 'If-Match names a revision that is no longer the current one. Read the object again and decide anew.',
    nl: 'If-Match noemt een revisie die niet meer de huidige is. Lees het object opnieuw en beslis opnieuw.',
  }),
  erased: message(410, 'The personal data are erased', 'De persoonsgegevens zijn gewist', {
    en: 'The key under which the personal data were sealed has been destroyed; they can not be shown any more.',
    nl: 'De sleutel waaronder de persoonsgegevens waren verzegeld, is vernietigd; zij kunnen niet meer worden getoond.',
  }),
  'body-too-large': message(413, 'The body is too large', 'De inhoud is te groot', {
    en: 'A JSON body has at most 1 MiB, and what is recorded in one step at most 900 KiB. A file, where an operation takes one, has at most what the operation says.',
    nl: 'JSON-inhoud heeft hoogstens 1 MiB, en wat in één stap wordt vastgelegd hoogstens 900 KiB. Een bestand heeft, waar een bewerking er een aanneemt, hoogstens wat de bewerking zegt.',
  }),
  'address-too-long': message(414, 'The address is too long', 'Het adres is te lang', {
    en: 'A part of the address is longer than any id. Nothing sensitive belongs in an address; searches take their filter in the body.',
    nl: 'Een deel van het adres is langer dan enig id. In een adres hoort niets gevoeligs; zoekvragen nemen hun filter in de inhoud mee.',
  }),
  'unsupported-media-type': message(415, 'The media type is not supported', 'Het mediatype wordt niet ondersteund', {
    en: 'Bodies are application/json, and where an operation takes a file application/pdf, image/png or image/jpeg, as it is.',
    nl: 'De inhoud van een verzoek is application/json, en waar een bewerking een bestand aanneemt application/pdf, image/png of image/jpeg, zoals het is.',
  }),
  'bad-request': message(400, 'The request can not be understood', 'Het verzoek is niet te begrijpen', {
    en: 'The request line, a header or the address is malformed.',
    nl: 'De verzoekregel, een header of het adres is misvormd.',
  }),
  unavailable: message(503, 'Temporarily not available', 'Tijdelijk niet beschikbaar', {
    en: 'Something this request needs (a store, the key store, a register) is away. Nothing was half done. Send the same request with the same key again after the time in Retry-After.',
    nl: 'Iets wat dit verzoek nodig heeft (een opslag, de sleutelopslag, een register) is weg. Er is niets half gedaan. Stuur hetzelfde verzoek met dezelfde sleutel opnieuw na de tijd in Retry-After.',
  }),
  'outcome-unknown': message(503, 'The outcome could not be established', 'De uitkomst kon niet worden vastgesteld', {
    en: 'The store did not say whether the request was recorded. Send the same request with the same key again: it is recorded once at most.',
    nl: 'De opslag zei niet of het verzoek is vastgelegd. Stuur hetzelfde verzoek met dezelfde sleutel opnieuw: het wordt hoogstens één keer vastgelegd.',
  }),
  'position-not-reached': message(503, 'The position has not been reached yet', 'De positie is nog niet bereikt', {
    en: 'What is asked for was not there within five seconds: a read model, an object or the log has not come to the position named in after, or to what it is asked about. Ask again after the time in Retry-After.',
    nl: 'Wat gevraagd is, was er niet binnen vijf seconden: een leesmodel, een object of het log is nog niet bij de in after genoemde positie, of bij wat gevraagd is. Vraag het opnieuw na de tijd in Retry-After.',
  }),
  'internal-error': message(500, 'Internal error', 'Interne fout', {
    en: 'Something went wrong on our side. The trace id in instance finds it in the log; give it when you report the problem.',
    nl: 'Er ging bij ons iets mis. Met het trace-id in instance is het in het log te vinden; noem het wanneer u het probleem meldt.',
  }),
} as const satisfies Readonly<Record<string, Message>>;

export type PlatformCode = keyof typeof PLATFORM_MESSAGES;
