import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { brokenOff, GrowingBody } from '../http/growing-body.js';
import { PHRASES } from '../problems/phrases.js';
import { ProblemException, unavailable } from '../problems/problem.exception.js';

export interface BodyLimits {
  /** Most bytes of one body at an address, and of all bodies of one connection while one comes there. */
  readonly body: (path: string) => number;
  /** Most bytes of all bodies that are held at once. */
  readonly held: number;
  /** Milliseconds after which a body that is not whole gives way to others, once so much is held. */
  readonly slow: number;
}

/** A body that is not whole. */
interface Coming {
  readonly since: number;
  readonly bytes: GrowingBody;
  end(error: Error): void;
}

/** What is left of the body is not read any more. */
const CLOSING = { Connection: 'close' };

/**
 * Takes every body whole and as it came, of any content type. An app is only asked once the body is there, so that a slow
 * caller holds no connection to an app, and what got no answer can be asked of another instance. What all callers together
 * make the gateway hold is bounded: nobody has shown a token yet. When that is full, those who are slow lose first, and
 * among them who has held most for longest, so that nobody keeps others out by sending little.
 */
export function takeWholeBodies(
  fastify: FastifyInstance,
  limits: BodyLimits,
  late: (raw: IncomingMessage) => void,
): void {
  let held = 0;
  const coming = new Set<Coming>();
  const ofConnection = new WeakMap<Socket, number>();
  /** What is held for a request is held until its answer has gone: it may have to be sent again. */
  const releases = new WeakMap<IncomingMessage, () => void>();

  fastify.addHook('preParsing', (request, reply, _payload, done) => {
    reply.raw.once('close', () => releases.get(request.raw)?.());
    done();
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', ({ raw }, payload: IncomingMessage, done) => {
    const { socket } = raw;
    const announced = raw.headers['content-length'];
    const most = limits.body(raw.url!.split('?', 1)[0]!);
    const bytes = new GrowingBody(most, announced);
    let counted = 0;
    const count = (now: number): void => {
      held += now - counted;
      ofConnection.set(socket, (ofConnection.get(socket) ?? 0) + now - counted);
      counted = now;
    };
    let over = false;
    const end = (error: Error | null, whole?: Buffer): void => {
      if (over) return;
      over = true;
      coming.delete(one);
      if (error !== null) count(0);
      done(error, whole);
    };
    const one: Coming = {
      since: performance.now(),
      bytes,
      end(error) {
        late(raw);
        end(error);
      },
    };
    releases.set(raw, () => {
      end(brokenOff());
      count(0);
    });
    coming.add(one);

    const tooLarge = (): void => end(new ProblemException(413, 'body-too-large', { headers: CLOSING }));
    if (Number(announced ?? 0) > most) return tooLarge();
    payload.on('data', (chunk: Buffer) => {
      if (over) return;
      if (!bytes.add(chunk)) return tooLarge();
      count(bytes.held);
      if (ofConnection.get(socket)! > most || !makeRoom()) end(full());
    });
    payload.on('end', () => end(null, bytes.whole()));
    payload.on('error', (error) => end(brokenOff(error)));
  });

  /** Whether all that is held is within its bound, at the cost of those who are slow. */
  function makeRoom(): boolean {
    while (held > limits.held) {
      const slowest = slowestOf(coming, limits.slow);
      if (slowest === undefined) return false;
      slowest.end(tooSlow());
    }
    return true;
  }
}

function slowestOf(coming: ReadonlySet<Coming>, slow: number): Coming | undefined {
  const now = performance.now();
  let slowest: Coming | undefined;
  let most = 0;
  for (const one of coming) {
    const age = now - one.since;
    const cost = one.bytes.held * age;
    if (age < slow || cost <= most) continue;
    [slowest, most] = [one, cost];
  }
  return slowest;
}

function full(): ProblemException {
  const { status, code, headers } = unavailable();
  return new ProblemException(status, code, { headers: { ...headers, ...CLOSING } });
}

const tooSlow = (): ProblemException =>
  new ProblemException(408, 'bad-request', { detail: PHRASES.tooSlow(), headers: CLOSING });
