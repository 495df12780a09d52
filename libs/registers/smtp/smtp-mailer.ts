import type { Mail, Mailer, MailOutcome } from '../index.js';

export interface SmtpSettings {
  /** `smtp:` or `smtps:`, with login where the server asks for one. */
  readonly url: string;
  /**
   * Of `smtp:`. `demanded`: nothing goes unless the server encrypts, by a certificate that holds; `offered`: so where it
   * can; `none`: as it is, for a server on this machine.
   */
  readonly tls: 'demanded' | 'offered' | 'none';
  readonly from: { readonly name: string; readonly address: string };
  /**
   * Milliseconds for one message, whatever the server does meanwhile: limits of single steps don't add up to one for a server
   * that says a byte now and then.
   */
  readonly timeLimit: number;
}

/** Milliseconds for a connection, for the server's first word, without a byte, and until what was closed is gone. */
const CONNECTING = 15_000;
const SILENCE = 30_000;
const CLOSING = 1_000;

/** Ports that the two kinds of address stand for. */
const SUBMISSION = 587;
const SUBMISSIONS = 465;

/** Hands mail to one server over SMTP, a connection for each message. */
export function smtpMailer({ url, tls, from, timeLimit }: SmtpSettings): Mailer {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  // Loaded where the first message goes: every start would wait for it otherwise.
  const transport = once(async () =>
    (await import('nodemailer')).createTransport({
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? (secure ? SUBMISSIONS : SUBMISSION) : Number(port),
      ...{ secure, requireTLS: tls === 'demanded', ignoreTLS: tls === 'none' },
      ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
      ...{ connectionTimeout: CONNECTING, greetingTimeout: CONNECTING, socketTimeout: SILENCE },
      socketCloseTimeout: CLOSING,
      ...{ disableFileAccess: true, disableUrlAccess: true },
    }),
  );
  return {
    async send(mail, signal) {
      // Of this message alone, and the connection with it: others go on.
      const over = new AbortController();
      const end = (): void => over.abort();
      const timer = setTimeout(end, timeLimit);
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
      try {
        await (await transport()).sendMail({ ...messageOf(mail, from, domain), signal: over.signal });
        return { is: 'taken' };
      } catch (error) {
        return over.signal.aborted && !signal.aborted ? { is: 'deferred', reason: 'ETIMELIMIT' } : outcomeOf(error);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
      }
    },
  };
}

const messageOf = ({ to, language, subject, text, html, id }: Mail, from: SmtpSettings['from'], domain: string) => ({
  from,
  // As an object: it is one address, whatever signs are in it.
  to: { name: '', address: to },
  ...{ subject, text, html, messageId: `<${id}@${domain}>` },
  headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language },
  xMailer: false as const,
});

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** Codes that a server says of our login or its encryption, after whatever command. */
const OF_THE_LOGIN: readonly number[] = [530, 534, 535, 538];

/**
 * For good is a server's own 5xx to the one address that a message goes to. What it says of the sender, of a message or
 * before either is about the installation, and so is whatever the library says by itself: it may go once that is mended.
 */
function outcomeOf(error: unknown): MailOutcome {
  const { code, command, responseCode } = error as Readonly<Record<'code' | 'command' | 'responseCode', unknown>>;
  const status = typeof responseCode === 'number' ? responseCode : undefined;
  const isFinal = status !== undefined && status >= 500 && status < 600 && !OF_THE_LOGIN.includes(status);
  if (isFinal && command === 'RCPT TO') return { is: 'refused', status };
  const name = typeof code === 'string' && /^[A-Z_]{1,32}$/.test(code) ? code : 'unknown';
  return { is: 'deferred', reason: status === undefined ? name : `${name} ${status}` };
}
