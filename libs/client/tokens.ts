import { TokenError } from './errors.js';
import { exchange, type Surroundings } from './exchange.js';
import { objectIn } from './received.js';

/** Where tokens come from: the client credentials below, or a program's own. */
export interface TokenProvider {
  token(): Promise<string>;
  /** The register did not take this one. */
  refused?(token: string): void;
}

export interface Credentials {
  readonly id: string;
  readonly secret: string;
  /** Fewer scopes than the client has. */
  readonly scopes?: readonly string[];
  /** Of another authorization server than the installation's own. */
  readonly tokenUrl?: string;
}

interface Held {
  readonly token: string;
  /** From then on the next one is asked for, while this one still serves. */
  readonly renewFrom: number;
  readonly endsAt: number;
}

/** So long before its end a token is renewed, in milliseconds; of short ones the last tenth. */
const EARLY = 60_000;
/** So long before its end it no longer serves: it has to arrive before. */
const ON_ITS_WAY = 5_000;
/** After a renewal that failed. */
const RENEW_AGAIN = 5_000;

/** Tokens by client credentials (RFC 6749 §4.4): one request at a time, however many wait for it. */
export function clientCredentials(
  { id, secret, scopes, tokenUrl }: Credentials & { readonly tokenUrl: string },
  surroundings: Surroundings,
): TokenProvider {
  const { clock } = surroundings;
  let held: Held | undefined;
  let asking: Promise<Held> | undefined;

  const ask = async (): Promise<Held> => {
    const asked = clock.now();
    const { status, text } = await exchange(
      {
        method: 'POST',
        url: tokenUrl,
        body: form({ grant_type: 'client_credentials', ...(scopes === undefined ? {} : { scope: scopes.join(' ') }) }),
        headers: () => ({
          Authorization: `Basic ${btoa(`${encoded(id)}:${encoded(secret)}`)}`,
          'Content-Type': 'application/x-www-form-urlencoded',
          Accept: 'application/json',
        }),
      },
      surroundings,
    );
    const body = objectIn(text);
    const { access_token: token, expires_in: seconds } = body ?? {};
    if (status !== 200 || typeof token !== 'string' || typeof seconds !== 'number') {
      const { error, error_description: description } = body ?? {};
      throw new TokenError(
        status,
        typeof error === 'string' ? error : 'unexpected_answer',
        typeof description === 'string' ? description : '',
      );
    }
    const lasts = seconds * 1_000;
    return {
      token,
      renewFrom: asked + lasts - Math.min(EARLY, lasts / 10),
      endsAt: asked + lasts - Math.min(ON_ITS_WAY, lasts / 20),
    };
  };

  const renewed = (): Promise<Held> =>
    (asking ??= ask()
      .then((next) => (held = next))
      .finally(() => (asking = undefined)));

  return {
    async token() {
      const now = clock.now();
      if (held === undefined || now >= held.endsAt) return (await renewed()).token;
      if (now >= held.renewFrom) {
        const serving = held;
        // It still serves; whoever finds it ended is told what is wrong.
        renewed().catch(() => {
          if (held === serving) held = { ...serving, renewFrom: clock.now() + RENEW_AGAIN };
        });
      }
      return held.token;
    },
    refused(token) {
      if (held?.token === token) held = undefined;
    },
  };
}

/** As RFC 6749 §2.3.1 has name and secret, before they are joined by a colon. */
const encoded = (text: string): string => form({ x: text }).slice('x='.length);
const form = (members: Record<string, string>): string => new URLSearchParams(members).toString();
