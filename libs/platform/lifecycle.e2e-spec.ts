import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Agent, get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { readConfiguration } from '#libs/configuration';
import {
  createApp,
  METRICS,
  Open,
  PROBES,
  startApp,
  TOKEN_VERIFIER,
  type Metrics,
  type ProbeRegistry,
} from './index.js';

/** A door that stays shut until it is opened, so that a request is certainly under way. */
const gate = () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
};

let arrived = gate();
let release = gate();
const order: string[] = [];

@Controller()
class SlowController implements OnApplicationShutdown {
  constructor(
    @Inject(PROBES) private readonly probes: ProbeRegistry,
    @Inject(METRICS) readonly metrics: Metrics,
  ) {
    let fine = false;
    this.probes.register({ name: 'store', check: () => ({ fine, position: '7', lag: 3, ageMilliseconds: 5 }) });
    this.turn = () => (fine = !fine);
    metrics.counter('sample_total', 'A sample').inc();
  }
  readonly turn: () => void;

  @Open()
  @Get('v1/slow')
  async slow() {
    arrived.open();
    await release.opened;
    order.push('answered');
    return { done: true };
  }

  onApplicationShutdown(): void {
    order.push('adapters closed');
  }
}

@Module({
  controllers: [SlowController],
  providers: [
    {
      provide: TOKEN_VERIFIER,
      useFactory: () => ({ verify: () => Promise.reject(new Error('unused')), remembered: () => undefined }),
    },
  ],
})
class SampleModule {}

const start = async (...args: string[]): Promise<{ app: NestFastifyApplication; base: string }> => {
  const configuration = readConfiguration(['--port', '0', '--log-level', 'silent', ...args], {});
  const app = await createApp(SampleModule, { configuration });
  return { app, base: await startApp(app, configuration) };
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

describe('the life of an application', () => {
  it('is ready only while every probe is fine, and says why not', async () => {
    const { app, base } = await start();
    try {
      const [notReady, live] = [await fetch(`${base}/health/ready`), await fetch(`${base}/health/live`)];
      expect([notReady.status, live.status]).toEqual([503, 200]);
      expect(await notReady.json()).toEqual({
        status: 'not-ready',
        probes: [{ name: 'store', status: 'failing', position: '7', lag: 3, ageMilliseconds: 5 }],
      });
      app.get(SlowController).turn();
      const ready = await fetch(`${base}/health/ready`);
      expect([ready.status, ready.headers.get('api-version')]).toEqual([200, live.headers.get('api-version')]);
      const metrics = await (await fetch(`${base}/metrics`)).text();
      expect(metrics).toMatch(/^waarborg_ready\{probe="store"\} 1$/m);
      expect(metrics).toMatch(/^waarborg_sample_total 1$/m);
    } finally {
      await app.close();
    }
  });

  it('shows figures in production on the internal port only', async () => {
    const port = await freePort();
    const args = ['--mode', 'production', '--oin', '00000003695990840000', '--participant-name', 'P'];
    const urls = ['--public-base-url', 'https://r.example', '--auth-issuer', 'https://i.example'].concat([
      '--auth-audience',
      'https://r.example',
    ]);
    const contact = ['--contact-email', 'desk@r.example'];
    const { app, base } = await start(...args, ...urls, ...contact, '--internal-port', String(port));
    try {
      expect((await fetch(`${base}/metrics`)).status).toBe(404);
      expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(200);
      expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(404);
    } finally {
      await app.close();
    }
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow();
  });

  it('finishes what is under way before the adapters close, and takes nothing new', async () => {
    [arrived, release] = [gate(), gate()];
    order.length = 0;
    const { app, base } = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const slow = new Promise<number | undefined>((resolve, reject) => {
      get(`${base}/v1/slow`, { agent }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      }).on('error', reject);
    });
    await arrived.opened;
    const closed = app.close();
    release.open();
    expect(await slow).toBe(200);
    await closed;
    agent.destroy();
    expect(order).toEqual(['answered', 'adapters closed']);
    await expect(fetch(`${base}/health/live`)).rejects.toThrow();
  });

  it('does not start without somebody who judges tokens', async () => {
    @Module({})
    class Bare {}
    const configuration = readConfiguration(['--log-level', 'silent'], {});
    await expect(createApp(Bare, { configuration })).rejects.toThrow('TokenVerifier');
  });
});
