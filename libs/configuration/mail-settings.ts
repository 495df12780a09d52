import type { SettingReader } from './kafka-settings.js';
import { isLoopback } from './loopback.js';

/** The mail server that confirmations go to (docs/confirmations.md). */
export interface MailSettings {
  /** `smtp:` or `smtps:`; may hold a password. */
  readonly url: string;
  /** Of a server beyond this machine in production: `demanded`; here: `none`, whatever certificate it has. */
  readonly tls: 'demanded' | 'offered' | 'none';
  /** The address that mail comes from. */
  readonly from: string;
  /** Milliseconds for one message, from looking the server up to its last word. */
  readonly timeLimit: number;
}

/** Command line option → environment variable. */
export const MAIL_OPTIONS = {
  'smtp-url': 'SMTP_URL',
  'mail-from': 'MAIL_FROM',
  'mail-time-limit': 'MAIL_TIME_LIMIT',
  'confirmation-language': 'CONFIRMATION_LANGUAGE',
} as const;

const FROM = /^[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,63}$/i;

/** `url` is the server's address as it was read; absent: no mail is sent. */
export function readMail(
  url: string | undefined,
  { text, number, fault }: Pick<SettingReader, 'text' | 'number' | 'fault'>,
  production: boolean,
): MailSettings | undefined {
  const from = text('mail-from');
  if (from !== undefined && !FROM.test(from)) fault('mail-from', 'an address of e-mail');
  const timeLimit = number('mail-time-limit', 60_000, 1_000, 600_000);
  if (url === undefined) {
    if (from !== undefined) fault('mail-from', 'left out without --smtp-url');
    return undefined;
  }
  if (from === undefined) fault('mail-from', 'given with --smtp-url: an address of e-mail');
  if (!URL.canParse(url)) return undefined;
  const { hostname, pathname, search, hash, username, password } = new URL(url);
  const isWhole = hostname !== '' && ['', '/'].includes(pathname) && search === '' && hash === '';
  if (!isWhole || (username === '') !== (password === '') || !isDecodable(username + password)) {
    fault('smtp-url', 'smtp://host:port or smtps://host:port, with user:password@ in front of the host or without');
  }
  const tls = isLoopback(hostname) ? 'none' : production ? 'demanded' : 'offered';
  return { url, tls, from: from ?? '', timeLimit };
}

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== '' || text === '';
  } catch {
    return false;
  }
}
