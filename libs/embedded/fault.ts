/** Something a person can put right; the message says what. */
export class EmbeddedServerFault extends Error {
  override readonly name = 'EmbeddedServerFault';
}
