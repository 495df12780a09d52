import type { Words } from '#libs/kernel';

/*
 * What faults and problems say of a case, in both languages, beside the titles of their codes (messages.ts). Nothing that
 * was sent is quoted: names, bounds and words are the contract's, and the same in both.
 */

const pair = (en: string, nl: string): Words => ({ en, nl });
const listed = (names: readonly unknown[]): string => names.join(', ');

export const PHRASES = {
  // Of members, whatever they are.
  required: () => pair('is required', 'is verplicht'),
  unknown: () => pair('is not known here', 'is hier niet bekend'),
  nothing: () => pair('must not be null', 'mag niet null zijn'),
  object: () => pair('must be an object', 'moet een object zijn'),
  objects: () => pair('must be objects', 'moet uit objecten bestaan'),
  bodyRequired: () => pair('a JSON object is required', 'een JSON-object is verplicht'),
  body: () => pair('must be a JSON object', 'moet een JSON-object zijn'),
  list: () => pair('must be an array', 'moet een lijst zijn'),
  atLeast: (least: number) =>
    least === 1
      ? pair('must not be empty', 'mag niet leeg zijn')
      : pair(`must contain at least ${least} elements`, `moet ten minste ${least} onderdelen bevatten`),
  atMost: (most: number) =>
    most === 1
      ? pair('must contain no more than 1 element', 'mag niet meer dan 1 onderdeel bevatten')
      : pair(`must contain no more than ${most} elements`, `mag niet meer dan ${most} onderdelen bevatten`),
  distinct: () => pair('must not name the same twice', 'mag hetzelfde niet tweemaal noemen'),
  text: () => pair('must be a string', 'moet een tekst zijn'),
  number: () => pair('must be a number', 'moet een getal zijn'),
  whole: (least: number, most: number) =>
    pair(
      `must be a whole number from ${least} to ${most}`,
      `moet een geheel getal van ${least} tot en met ${most} zijn`,
    ),
  flag: () => pair('must be true or false', 'moet true of false zijn'),
  onlyTrue: () => pair('must be true, or absent', 'moet true zijn, of ontbreken'),
  uuid: () => pair('must be a UUID', 'moet een UUID zijn'),
  choice: (names: readonly unknown[]) =>
    pair(`must be one of ${listed(names)}`, `moet een van deze zijn: ${listed(names)}`),
  instant: () =>
    pair(
      'must be a date-time with an offset, such as 2026-03-02T10:12:00Z',
      'moet een datum met tijd en tijdzone zijn, zoals 2026-03-02T10:12:00Z',
    ),
  instantThatExists: () => pair('must be a date-time that exists', 'moet een datum met tijd zijn die bestaat'),
  date: () =>
    pair('must be a date that exists, such as 2026-03-02', 'moet een datum zijn die bestaat, zoals 2026-03-02'),
  birthDate: (years: number) =>
    pair(
      `must be a date that exists, such as 1985-04-12, not to come and no more than ${years} years ago`,
      `moet een datum zijn die bestaat, zoals 1985-04-12, niet in de toekomst en hoogstens ${years} jaar geleden`,
    ),
  form: (form: Words) => pair(`must be ${form.en}`, `moet ${form.nl} zijn`),
  visibleText: (most: number) =>
    pair(
      `must have 1 to ${most} characters, something visible among them, and none for control, format or private use`,
      `moet 1 tot ${most} tekens hebben, waaronder iets zichtbaars, en geen stuur-, opmaak- of privétekens`,
    ),
  visible: () =>
    pair(
      'must show something, and have no control, format or private-use characters',
      'moet iets tonen, en mag geen stuur-, opmaak- of privétekens hebben',
    ),
  reference: () =>
    pair(
      'must have 1 to 64 of A-Z, a-z, 0-9 and . _ : / -, with a digit, and no nine digits that could be a citizen service number',
      'moet 1 tot 64 tekens hebben uit A-Z, a-z, 0-9 en . _ : / -, met een cijfer, en geen negen cijfers die een burgerservicenummer kunnen zijn',
    ),
  each: (property: string, words: Words) =>
    pair(`each value in ${property} ${words.en}`, `elke waarde in ${property} ${words.nl}`),

  // Of members together.
  exactlyOne: (names: readonly string[]) =>
    pair(`exactly one of ${listed(names)} is required`, `precies een van deze is verplicht: ${listed(names)}`),
  atLeastOne: (names: readonly string[]) =>
    pair(`at least one of ${listed(names)} is required`, `ten minste een van deze is verplicht: ${listed(names)}`),
  onlyOne: () =>
    pair('holds members of which only one may be present', 'bevat velden waarvan er maar één aanwezig mag zijn'),
  misplaced: () => pair('does not go with the other members', 'past niet bij de andere velden'),
  kind: () => pair('does not name a known kind', 'noemt geen bekende soort'),
  notAllowed: () => pair('is not allowed', 'is niet toegestaan'),

  // Of JSON.
  tooManyValues: (most: number) =>
    pair(`a body has at most ${most} values`, `de inhoud heeft hoogstens ${most} waarden`),
  tooDeep: (most: number) =>
    pair(
      `objects and arrays are nested at most ${most} deep`,
      `objecten en lijsten zijn hoogstens ${most} diep genest`,
    ),
  twice: () => pair('occurs more than once', 'komt meer dan één keer voor'),
  unkeptCharacter: () => pair('holds a character that can not be kept', 'bevat een teken dat niet kan worden bewaard'),
  unkeptNumber: () =>
    pair('is a number that can not be kept exactly', 'is een getal dat niet precies kan worden bewaard'),

  // Of headers, addresses and what stands around a body.
  keyRequired: () =>
    pair('every request that changes something has a key', 'elk verzoek dat iets wijzigt, heeft een sleutel'),
  contentDigest: () =>
    pair(
      'must name the SHA-256 of the file, as in sha-256=:<base64>: (RFC 9530)',
      'moet de SHA-256 van het bestand noemen, zoals in sha-256=:<base64>: (RFC 9530)',
    ),
  fileTypes: (types: readonly string[]) =>
    pair(`The body is a file: ${listed(types)}.`, `De inhoud van het verzoek is een bestand: ${listed(types)}.`),
  utf8: () => pair('A body of JSON is in UTF-8.', 'Een inhoud in JSON is in UTF-8.'),
  uncoded: () =>
    pair(
      'A body comes as it is: not compressed, and without Content-Encoding.',
      'De inhoud van een verzoek komt zoals zij is: niet gecomprimeerd, en zonder Content-Encoding.',
    ),
  fileTooLarge: (most: number) =>
    pair(`A file has at most ${most} bytes.`, `Een bestand heeft hoogstens ${most} bytes.`),
  key: () => pair('must have 8 to 64 visible ASCII characters', 'moet 8 tot 64 zichtbare ASCII-tekens hebben'),
  entityTag: () =>
    pair('must be one strong entity tag, as ETag gave it', 'moet één sterke entiteitstag zijn, zoals ETag die gaf'),
  printable: () => pair('must be printable ASCII', 'moet uit afdrukbare ASCII-tekens bestaan'),
  onceOnly: () => pair('may be given once', 'mag één keer worden gegeven'),
  noPosition: () => pair('is no position of an answer', 'is geen positie uit een antwoord'),
  noHost: () => pair('The header Host is missing.', 'De header Host ontbreekt.'),
  tooSlow: () =>
    pair('The body came too slowly while many were waiting.', 'De inhoud kwam te langzaam terwijl velen wachtten.'),
  scope: (scope: string) => pair(`scope ${scope}`, `het recht ${scope}`),
  scopeNeeded: (scope: string) => pair(`The scope ${scope} is needed.`, `Het recht ${scope} is nodig.`),
  oneScopeNeeded: (scopes: readonly string[]) =>
    pair(`One of the scopes ${listed(scopes)} is needed.`, `Een van de rechten ${listed(scopes)} is nodig.`),
  notInThisVersion: () =>
    pair(
      'The contract describes this address, and this version does not have it yet.',
      'Het contract beschrijft dit adres; deze versie heeft het nog niet.',
    ),
} as const;
