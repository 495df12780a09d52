import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A message as the server took it. */
export interface TakenMail {
  readonly to: readonly string[];
  readonly from: string;
  /** Whole, as it came over the line. */
  readonly raw: string;
}

export interface MailServer {
  /** `smtp://127.0.0.1:…`, without a login. */
  readonly url: string;
  readonly port: number;
  readonly taken: readonly TakenMail[];
  /** How often somebody began to hand over a message to this address. */
  attempts(to: string): number;
  close(): Promise<void>;
}

/** What the server says to a recipient; absent: it takes the message. */
export type Refusing = (to: string) => { readonly code: number; readonly text: string } | undefined;

export interface MailServerOptions {
  readonly refusing?: Refusing;
  readonly port?: number;
  /** It asks for this login. */
  readonly login?: { readonly user: string; readonly password: string };
}

/** A real SMTP server on this machine, which takes mail and sends it nowhere. */
export async function mailServer({ refusing, port = 0, login }: MailServerOptions = {}): Promise<MailServer> {
  const taken: TakenMail[] = [];
  const tried: string[] = [];
  let closed: Promise<void> | undefined;
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', ...(login === undefined ? ['AUTH'] : [])],
    allowInsecureAuth: true,
    closeTimeout: 100,
    disableReverseLookup: true,
    onAuth({ username, password }, _session, done) {
      if (username === login?.user && password === login?.password) done(null, { user: username });
      else done(new Error('Invalid login'));
    },
    onRcptTo({ address }, _session, done) {
      tried.push(address);
      const no = refusing?.(address);
      if (no === undefined) done();
      else done(Object.assign(new Error(no.text), { responseCode: no.code }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({
          to: rcptTo.map(({ address }) => address),
          from: mailFrom === false ? '' : mailFrom.address,
          raw: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', () => resolve()));
  const bound = (server.server.address() as AddressInfo).port;
  return {
    url: `smtp://127.0.0.1:${bound}`,
    port: bound,
    taken,
    attempts: (to) => tried.filter((address) => address === to).length,
    close: () => (closed ??= new Promise((resolve) => server.close(() => resolve()))),
  };
}
