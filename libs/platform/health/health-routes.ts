import { createServer, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Configuration } from '#libs/configuration';
import { endIdleConnections } from '../http/idle-connections.js';
import { lookEvery, type ServerLimits } from '../http/limits.js';
import type { UnreadRequests } from '../http/unread-requests.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { UnreadableRecorder } from '../telemetry/unreadable.js';
import type { ProbeRegistry } from './probes.js';

/** How long strangers are waited for, and where it is kept that one was not. */
interface Guards {
  readonly limits: ServerLimits;
  readonly unread: UnreadRequests;
  readonly unreadable: UnreadableRecorder;
}

/**
 * `/health/live`, `/health/ready`, and `/metrics`: on the public port in development, on the internal one where that is
 * configured, else nowhere.
 */
export function serveHealth(
  fastify: FastifyInstance,
  probes: ProbeRegistry,
  metrics: Metrics,
  parts: Pick<Configuration, 'mode' | 'host' | 'internalPort'> & Guards,
): void {
  const { mode, internalPort } = parts;
  fastify.get('/health/live', () => ({ status: 'live' }));
  fastify.get('/health/ready', async (_request, reply) => {
    const { ready, probes: results } = await probes.check();
    return reply.status(ready ? 200 : 503).send({
      status: ready ? 'ready' : 'not-ready',
      probes: results.map(({ fine, ...result }) => ({ ...result, status: fine ? 'fine' : 'failing' })),
    });
  });
  const ready = metrics.gauge('ready', 'Whether the probe is fine (1) or not (0)', ['probe']);
  metrics.onRead(async () => {
    for (const { name, fine } of (await probes.check()).probes) ready.set({ probe: name }, fine ? 1 : 0);
  });
  if (internalPort !== undefined) serveInternally(fastify, metrics, { ...parts, port: internalPort });
  else if (mode === 'development') {
    fastify.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  }
}

/** A server of its own: nothing else can ever be reached through that port. */
function serveInternally(
  fastify: FastifyInstance,
  metrics: Metrics,
  { host, port, limits, unread, unreadable }: { readonly host: string; readonly port: number } & Guards,
): void {
  const { headers, request, keepAlive, connections } = limits;
  const settings = {
    headersTimeout: headers,
    requestTimeout: request,
    keepAliveTimeout: keepAlive,
    connectionsCheckingInterval: lookEvery(limits),
  };
  const server: Server = createServer(settings, (request, response) => {
    if (request.url !== '/metrics' || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'Content-Type': metrics.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.maxConnections = connections;
  server.on('clientError', unread.broken);
  unread.watch(server);
  endIdleConnections(server, limits, () => unreadable({ reason: 'late' }));
  // Opened when the application is whole, so that a start that fails leaves nothing behind that keeps the process alive.
  fastify.addHook('onReady', async () => {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  });
  fastify.addHook('onClose', (_instance, done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
