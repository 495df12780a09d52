import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { mailServer, until, type MailServer, type MailServerOptions } from '#libs/testing';
import type { Mail } from '../index.js';
import { smtpMailer } from './smtp-mailer.js';

const from = { name: 'Test participant', address: 'register@participant.example' };
const mail: Mail = {
  to: 'somebody@example.org',
  language: 'nl',
  subject: 'Bevestiging: machtiging geregistreerd',
  text: 'Gemachtigde: Zoë Test\n',
  html: '<p>Gemachtigde: Zoë Test</p>',
  id: '6f7a8b9c-1111-4222-8333-944455566677',
};

const timeLimit = 30_000;
const { signal } = new AbortController();

let server: MailServer;
const serving = async (options: MailServerOptions = {}): Promise<MailServer> => (server = await mailServer(options));
afterEach(() => server?.close());

describe('mail over SMTP', () => {
  it('is taken, plain and as a page, from the participant, under an id that is the same each time', async () => {
    const { url, taken } = await serving();
    const mailer = smtpMailer({ url, tls: 'none', from, timeLimit });
    expect(await mailer.send(mail, signal)).toEqual({ is: 'taken' });
    expect(await mailer.send(mail, signal)).toEqual({ is: 'taken' });
    expect(taken.map(({ to, from: sender }) => [...to, sender])).toEqual(
      Array(2).fill(['somebody@example.org', 'register@participant.example']),
    );
    const headers = taken.map(({ raw }) => raw.split('\r\n\r\n', 1)[0]!.split('\r\n'));
    for (const lines of headers) {
      expect(lines).toContain('Message-ID: <6f7a8b9c-1111-4222-8333-944455566677@participant.example>');
      expect(lines).toContain('From: Test participant <register@participant.example>');
      expect(lines).toContain('Auto-Submitted: auto-generated');
      expect(lines.filter((line) => line.includes('somebody'))).toEqual(['To: somebody@example.org']);
    }
    expect(taken[0]!.raw).toMatch(/Content-Type: multipart\/alternative/);
  });

  it('sends to one address, whatever signs are in it', async () => {
    const { url, taken } = await serving();
    await smtpMailer({ url, tls: 'none', from, timeLimit }).send(
      { ...mail, to: 'a@example.org,b@example.org' },
      signal,
    );
    expect(taken.flatMap(({ to }) => to)).not.toContain('b@example.org');
  });

  it.each([
    [550, { is: 'refused', status: 550 }],
    [450, { is: 'deferred', reason: 'EENVELOPE 450' }],
  ])('tells %i of a server without a word of what it wrote', async (code, outcome) => {
    const { url } = await serving({ refusing: (to) => ({ code, text: `${to} is nobody here` }) });
    expect(await smtpMailer({ url, tls: 'none', from, timeLimit }).send(mail, signal)).toEqual(outcome);
  });

  it('logs in, and takes a login that is refused for the installation’s fault, not the message’s', async () => {
    const { port } = await serving({ login: { user: 'register', password: 'it is@secret' } });
    const with_ = (password: string) =>
      smtpMailer({
        url: `smtp://register:${encodeURIComponent(password)}@127.0.0.1:${port}`,
        tls: 'none',
        from,
        timeLimit,
      });
    expect(await with_('it is@secret').send(mail, signal)).toEqual({ is: 'taken' });
    expect(await with_('wrong').send(mail, signal)).toEqual({ is: 'deferred', reason: 'EAUTH 535' });
  });

  it('tells a server that is away, or that can’t encrypt where that is demanded', async () => {
    const { url } = await serving();
    expect(await smtpMailer({ url, tls: 'demanded', from, timeLimit }).send(mail, signal)).toMatchObject({
      is: 'deferred',
    });
    expect(server.taken).toEqual([]);
    await server.close();
    expect(await smtpMailer({ url, tls: 'none', from, timeLimit }).send(mail, signal)).toMatchObject({
      is: 'deferred',
    });
  });

  it('takes a server that hangs up in the middle for one that may take it later', async () => {
    await serving();
    const hangingUp: Server = createServer((socket) => void socket.end('220 here\r\n'));
    await new Promise<void>((resolve) => hangingUp.listen(0, '127.0.0.1', resolve));
    const { port } = hangingUp.address() as AddressInfo;
    const outcome = await smtpMailer({ url: `smtp://127.0.0.1:${port}`, tls: 'none', from, timeLimit }).send(
      mail,
      signal,
    );
    expect(outcome).toMatchObject({ is: 'deferred' });
    hangingUp.close();
  });
});

type Script = Readonly<Record<string, string>>;

/** A server that says what its script has for the first word of a command, for its greeting or the end of a message. */
async function scripted(script: Script): Promise<{ readonly url: string; close(): void }> {
  const talking = createServer((socket) => {
    socket.on('error', () => undefined);
    let isMessage = false;
    let said = '';
    const say = (step: string): void => void socket.write(`${script[step] ?? '250 well'}\r\n`);
    socket.write(`${script['greeting'] ?? '220 here'}\r\n`);
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      for (let end = said.indexOf('\r\n'); end >= 0; end = said.indexOf('\r\n')) {
        const line = said.slice(0, end);
        said = said.slice(end + 2);
        if (isMessage && line !== '.') continue;
        const step = isMessage ? 'end' : line.split(' ', 1)[0]!;
        isMessage = step === 'DATA' && script['DATA'] === undefined;
        if (isMessage) socket.write('354 go on\r\n');
        else say(step);
      }
    });
  });
  await new Promise<void>((resolve) => talking.listen(0, '127.0.0.1', resolve));
  const { port } = talking.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, close: () => void talking.close() };
}

describe('what a server says', () => {
  const sent = async (script: Script, to = mail.to, settings: Partial<Parameters<typeof smtpMailer>[0]> = {}) => {
    const talking = await scripted(script);
    const outcome = await smtpMailer({ url: talking.url, tls: 'none', from, timeLimit, ...settings })
      .send({ ...mail, to }, signal)
      .finally(() => talking.close());
    return outcome.is === 'deferred' ? outcome.reason : outcome;
  };

  it.each([
    ['550 5.1.1 nobody here', 550],
    ['553 no such name', 553],
    ['501 that is no address', 501],
  ])('to its recipient, %s, is for good (CONF-05)', async (RCPT, status) => {
    expect(await sent({ RCPT })).toEqual({ is: 'refused', status });
  });

  it.each<[string, Script, string]>([
    ['450 to its recipient', { RCPT: '450 later' }, 'EENVELOPE 450'],
    ['that a login is missing, to its recipient', { RCPT: '530 log in first' }, 'EENVELOPE 530'],
    ['of the sender', { MAIL: '550 you may not send here' }, 'EENVELOPE 550'],
    ['before the words', { DATA: '554 not now' }, 'EENVELOPE 554'],
    ['of the words, which a filter may say of all', { end: '554 looks like spam' }, 'EMESSAGE 554'],
    ['in its greeting', { greeting: '554 no service for you' }, 'EPROTOCOL 554'],
    ['to a greeting of ours', { EHLO: '550 who are you', HELO: '550 who are you' }, 'EPROTOCOL 550'],
    ['that is no answer', { RCPT: 'what is that' }, 'EENVELOPE'],
  ])('%s may be otherwise later (CONF-05)', async (_what, script, reason) => {
    expect(await sent(script)).toBe(reason);
  });

  it('nothing of, such as TLS that it has not, or what the library stops, may be otherwise later', async () => {
    expect(await sent({}, '')).toBe('EENVELOPE');
    expect(await sent({ STARTTLS: '502 not here' }, mail.to, { tls: 'demanded' })).toEqual(
      expect.stringMatching(/^ETLS/),
    );
  });
});

/** A server that greets, takes every command but says its word to one of them only byte by byte, or never. */
interface SlowServer {
  readonly url: string;
  /** Connections that are open. */
  readonly open: () => number;
  /** Recipients that somebody named. */
  readonly named: readonly string[];
  close(): void;
}

const EVERY = 20;

async function slowServer(slowAt: string, drips: boolean): Promise<SlowServer> {
  const sockets = new Set<Socket>();
  const named: string[] = [];
  const drip = (socket: Socket): void => {
    if (!drips) return;
    // A reply that goes on and on: no limit on silence is ever reached.
    socket.write('250-');
    const timer = setInterval(() => void socket.write('x'), EVERY);
    socket.on('close', () => clearInterval(timer));
  };
  const dripping = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => void sockets.delete(socket));
    if (slowAt === 'greeting') return drip(socket);
    let isMessage = false;
    let said = '';
    socket.write('220 here\r\n');
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      for (let end = said.indexOf('\r\n'); end >= 0; end = said.indexOf('\r\n')) {
        const line = said.slice(0, end);
        said = said.slice(end + 2);
        if (isMessage && line !== '.') continue;
        const isEnd = isMessage;
        isMessage = !isEnd && line === 'DATA';
        if (line.startsWith('RCPT')) named.push(line);
        const isSlow = isEnd ? slowAt === 'end' : line.startsWith(slowAt);
        if (isSlow && !named.some((to) => to.includes('quick'))) drip(socket);
        else socket.write(isMessage ? '354 go on\r\n' : '250 well\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => dripping.listen(0, '127.0.0.1', resolve));
  const { port } = dripping.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    open: () => sockets.size,
    named,
    close: () => {
      dripping.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe('a server that is slow', () => {
  let slow: SlowServer;
  afterEach(() => slow.close());

  it.each([
    ['greeting', true],
    ['greeting', false],
    ['EHLO', true],
    ['RCPT', true],
    ['RCPT', false],
    ['end', true],
  ] as const)(
    'at its %s (a byte now and then: %p) takes no more of a message’s time than it has',
    async (at, drips) => {
      slow = await slowServer(at, drips);
      const begun = performance.now();
      const mailer = smtpMailer({ url: slow.url, tls: 'none', from, timeLimit: 400 });
      expect(await mailer.send(mail, signal)).toEqual({ is: 'deferred', reason: 'ETIMELIMIT' });
      expect(performance.now() - begun).toBeLessThan(5_000);
      await until('its connection is closed', () => slow.open() === 0);
    },
  );

  it.each(['greeting', 'RCPT', 'end'])('at its %s is left when the turn is over', async (at) => {
    slow = await slowServer(at, true);
    const turn = new AbortController();
    const sending = smtpMailer({ url: slow.url, tls: 'none', from, timeLimit: 60_000 }).send(mail, turn.signal);
    await until('it is connected', () => slow.open() === 1 && (at === 'greeting' || slow.named.length === 1));
    turn.abort();
    expect(await sending).toMatchObject({ is: 'deferred' });
    await until('its connection is closed', () => slow.open() === 0);
    expect(await smtpMailer({ url: slow.url, tls: 'none', from, timeLimit }).send(mail, turn.signal)).toMatchObject({
      is: 'deferred',
    });
  });

  it('lets others go on meanwhile', async () => {
    slow = await slowServer('RCPT', true);
    const mailer = smtpMailer({ url: slow.url, tls: 'none', from, timeLimit: 60_000 });
    const turn = new AbortController();
    const hanging = mailer.send(mail, turn.signal);
    await until('it hangs', () => slow.named.length === 1);
    expect(await mailer.send({ ...mail, to: 'quick@example.org' }, signal)).toEqual({ is: 'taken' });
    turn.abort();
    expect(await hanging).toMatchObject({ is: 'deferred' });
  });
});
