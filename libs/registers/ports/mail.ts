/** One message to one address. */
export interface Mail {
  /** Personal: it goes into `To` and the envelope, and nowhere else. */
  readonly to: string;
  readonly language: string;
  /** Without personal data: servers on the way keep it. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Of this sending of it: by it the same one is known when it comes again, and when it comes back. */
  readonly id: string;
}

/**
 * What came of handing a message to a mail server. `refused`: the server says that it never will take any for its address
 * (5xx to that recipient); `deferred`: it may go later (4xx, no answer, whatever it says of our login, of the sender or of
 * the words).
 */
export type MailOutcome =
  | { readonly is: 'taken' }
  | { readonly is: 'refused'; readonly status: number }
  | { readonly is: 'deferred'; readonly reason: string };

export interface Mailer {
  /**
   * Hands the message to the server, and answers what came of it; `taken` only once the server has said so. MUST NOT reject
   * for what the server or the network does. Reasons MUST NOT hold anything of the message or of what the server wrote: it
   * quotes addresses. MUST end soon after the signal is aborted, and within a limit of its own, however slowly the server
   * answers: `deferred`, and the connection closed; it MUST NOT look at other messages for that. The same `id` MUST give the same `Message-ID`, so that one that was sent twice can be recognized.
   */
  send(mail: Mail, signal: AbortSignal): Promise<MailOutcome>;
}
