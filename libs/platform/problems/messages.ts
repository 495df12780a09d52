/** What a problem code says to a reader. The only place with words for callers; codes themselves are language-neutral. */
export interface Message {
  readonly en: string;
  readonly nl: string;
  /** What it means and what the caller can do about it. Shown at `/problems/<code>`. */
  readonly meaning: string;
  /** Status of a problem that has this code. */
  readonly status: number;
  /** Rule of the catalogue it comes from, where there is one. */
  readonly rule?: string;
}

const message = (status: number, en: string, nl: string, meaning: string): Message => ({ en, nl, meaning, status });

/** The codes of the edge itself. Those of the domain are declared there and added at start. */
export const PLATFORM_MESSAGES = {
  'invalid-request': message(
    400,
    'The request has faults',
    'Het verzoek bevat fouten',
    'One or more members of the request are missing, unknown, of the wrong type or impossible. Every fault is listed under errors, each with a JSON Pointer to the place. Nothing was recorded; correct them all and send it again.',
  ),
  'malformed-json': message(
    400,
    'The body is not well-formed JSON',
    'De inhoud is geen geldige JSON',
    'The body could not be read as JSON in UTF-8, is nested too deeply, or holds a number or character that can not be kept exactly. Nothing was recorded.',
  ),
  'too-many-values': message(
    400,
    'The body holds too many values',
    'De inhoud bevat te veel waarden',
    'A body has at most 20 000 values: objects, lists, texts, numbers, true, false and null, at every depth. Nothing was recorded; send less at a time.',
  ),
  'more-faults': message(
    400,
    'There are more faults',
    'Er zijn meer fouten',
    'Not every fault is listed: there are more than a hundred, or the list would be longer than the request. Correct those that are and send it again.',
  ),
  'duplicate-member': message(
    400,
    'A member occurs twice in one object',
    'Een veld komt tweemaal voor in één object',
    'Readers of JSON disagree on which of two members with one name counts, so neither is taken. Send it once.',
  ),
  'unknown-member': message(
    400,
    'Unknown member',
    'Onbekend veld',
    'The contract does not know this member here. It is refused rather than ignored, so that a misspelt name is never lost.',
  ),
  required: message(
    400,
    'Required member is missing',
    'Verplicht veld ontbreekt',
    'This member, header or parameter must be present.',
  ),
  'wrong-type': message(
    400,
    'Wrong type',
    'Onjuist type',
    'The value is of another JSON type than the contract asks for.',
  ),
  'invalid-value': message(
    400,
    'Impossible value',
    'Onmogelijke waarde',
    'The type is right, but the value is outside what the contract allows.',
  ),
  'instant-in-future': message(
    400,
    'The instant lies in the future',
    'Het tijdstip ligt in de toekomst',
    'Something that happened can not be later than now (five seconds of clock difference are allowed).',
  ),
  'late-entry-reason-missing': message(
    400,
    'A late entry needs a reason',
    'Een late invoer vraagt om een reden',
    'The instant lies more than 31 days back. Give lateEntryReason; the entry is flagged and shown to the auditor.',
  ),
  'foreign-position': message(
    400,
    'The position belongs to another store',
    'De positie hoort bij een andere opslag',
    'A position is only meaningful in the store and epoch that gave it. Take one from a recent answer of this installation.',
  ),
  'invalid-cursor': message(
    400,
    'The cursor can not be used',
    'De cursor is niet bruikbaar',
    'A cursor is taken unchanged from the previous page of the same list with the same filter.',
  ),
  unauthenticated: message(
    401,
    'No valid access token',
    'Geen geldig toegangstoken',
    'Send a bearer token of the accepted issuer that is meant for this service and has not expired.',
  ),
  'person-required': message(
    403,
    'A person has to act',
    'Er moet een persoon handelen',
    'The token is of a program (its sub is missing or its client_id). Reading as an auditor, deciding on a request and naming a clerk as the one who did something ask for a token of the person who does it.',
  ),
  'missing-scope': message(
    403,
    'The token lacks the scope',
    'Het token mist het benodigde recht',
    'The token is valid but does not carry a scope that this operation asks for.',
  ),
  'not-found': message(
    404,
    'Not found',
    'Niet gevonden',
    'There is nothing at this address. Addresses have no trailing slash, and ids are UUIDs.',
  ),
  'method-not-allowed': message(
    405,
    'Method not allowed',
    'Methode niet toegestaan',
    'The address exists, but not for this method. The Allow header names those it has.',
  ),
  conflict: message(
    409,
    'Somebody else was first',
    'Iemand anders was eerder',
    'The object was changed at the same time and stands otherwise than this request assumed. Read it again and decide anew.',
  ),
  'idempotency-key-reused': message(
    409,
    'The idempotency key was used for another request',
    'De idempotentiesleutel is al gebruikt voor een ander verzoek',
    'A key stands for one request. The same key came with another body; use a new key for a new request.',
  ),
  'precondition-failed': message(
    412,
    'The object has changed',
    'Het object is gewijzigd',
    'If-Match names a revision that is no longer the current one. Read the object again and decide anew.',
  ),
  erased: message(
    410,
    'The personal data are erased',
    'De persoonsgegevens zijn gewist',
    'The key under which the personal data were sealed has been destroyed; they can not be shown any more.',
  ),
  'body-too-large': message(
    413,
    'The body is too large',
    'De inhoud is te groot',
    'A request has at most 1 MiB, and what is recorded in one step at most 900 KiB.',
  ),
  'address-too-long': message(
    414,
    'The address is too long',
    'Het adres is te lang',
    'A part of the address is longer than any id. Nothing sensitive belongs in an address; searches take their filter in the body.',
  ),
  'unsupported-media-type': message(
    415,
    'The media type is not supported',
    'Het mediatype wordt niet ondersteund',
    'Bodies are application/json.',
  ),
  'bad-request': message(
    400,
    'The request can not be understood',
    'Het verzoek is niet te begrijpen',
    'The request line, a header or the address is malformed.',
  ),
  unavailable: message(
    503,
    'Temporarily not available',
    'Tijdelijk niet beschikbaar',
    'Something this request needs (a store, the key store, a register) is away. Nothing was half done. Send the same request with the same key again after the time in Retry-After.',
  ),
  'outcome-unknown': message(
    503,
    'The outcome could not be established',
    'De uitkomst kon niet worden vastgesteld',
    'The store did not say whether the request was recorded. Send the same request with the same key again: it is recorded once at most.',
  ),
  'position-not-reached': message(
    503,
    'The position has not been reached yet',
    'De positie is nog niet bereikt',
    'The read model did not reach the position named in after within five seconds. Ask again after the time in Retry-After.',
  ),
  'internal-error': message(
    500,
    'Internal error',
    'Interne fout',
    'Something went wrong on our side. The trace id in instance finds it in the log; give it when you report the problem.',
  ),
} as const satisfies Readonly<Record<string, Message>>;

export type PlatformCode = keyof typeof PLATFORM_MESSAGES;
