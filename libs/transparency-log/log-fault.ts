/** What can be wrong with the bytes of a log, or with what they are held against. Closed: programs decide by the code. */
export const LOG_FAULTS = {
  'out-of-range': 'an index, a size or a part of a tree that can not be',
  'proof-length': 'a proof has more or fewer hashes than its place in the tree needs',
  'proof-mismatch': 'a proof leads to another root',
  'tile-missing': 'a tile or bundle that the size of the log needs is not there',
  'tile-length': 'a tile has more or fewer bytes than its width',
  'tile-mismatch': 'a tile has another hash than its entries or the tiles below it',
  'bundle-malformed': 'a bundle has more or fewer entries than its width, or bytes left over',
  'entry-too-large': 'an entry of more than 65,535 bytes',
  'entry-mismatch': 'an entry does not hash to what its tile has',
  'root-mismatch': 'the entries and tiles are not those of the checkpoint',
  'note-malformed': 'not a signed note',
  'note-too-large': 'a note of more bytes or signatures than is read',
  'key-malformed': 'not a verifier key, or its id is not that of its name and bytes',
  'key-unsupported': 'a kind of key or signature that is not known here',
  'signature-missing': 'no signature of a key that is trusted for this log',
  'signature-invalid': 'a signature of a known key that is not over these bytes',
  'checkpoint-malformed': 'not a checkpoint',
  'origin-malformed': 'not a name that a log can have',
  'other-origin': 'a checkpoint of another log',
  'policy-malformed': 'not a trust policy',
  'quorum-missing': 'fewer witnesses have cosigned than the policy asks for',
  'receipt-malformed': 'not a proof of an entry',
  'receipt-too-large': 'a proof of more bytes than is read',
  'request-malformed': 'not a request of a log to a witness',
  'answer-malformed': 'not an answer of a witness to a log',
} as const;

export type LogFaultCode = keyof typeof LOG_FAULTS;

/** Bytes of a log are not what they have to be; the message names what and where. Never a bug or broken I/O. */
export class LogFault extends Error {
  override readonly name = 'LogFault';

  constructor(
    readonly code: LogFaultCode,
    message: string,
    /** The first entry that it is about, where it is about entries. */
    readonly index?: number,
  ) {
    super(message);
  }
}
