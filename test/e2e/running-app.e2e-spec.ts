import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { fileLocalClients } from '#libs/platform';
import { unless } from '#libs/testing';
import { client, having } from './support/client.js';
import { inOneProcess, startSuite, type TestSuite } from './support/suite.js';

/** What a process puts together when it starts, each part seen from outside. */
describe('a running process', () => {
  let suite: TestSuite;
  beforeAll(async () => {
    suite = await startSuite();
  });
  afterAll(() => suite.end());
  const intake = { channel: 'nonElectronic', medium: 'writing', purposes: ['means'] };

  it('gives tokens to the clients of its own data directory, as soon as they are there', async () => {
    const clients = fileLocalClients(join(suite.place.dataDir, 'clients'));
    const secret = await clients.add({ id: 'front-office', role: 'supplier' });
    const ask = (id: string): Promise<Response> =>
      fetch(`${suite.url}/oauth/token`, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
        },
        body: 'grant_type=client_credentials',
      });
    expect((await ask('back-office')).status).toBe(401);
    const answer = await ask('front-office');
    expect(answer.status).toBe(200);
    const { access_token: token } = (await answer.json()) as { readonly access_token: string };
    having(await client(suite.url, token).ask('/v1/applications/_search', {}), 200);
  });

  const figures = inOneProcess('it reads the figures of the process that answers');
  unless(figures).it(
    'counts what is appended: how many at once, how long they waited and took, how many wait',
    async () => {
      const supplier = await suite.client('supplier');
      having(await supplier.command('/v1/applications', { ...intake, receivedAt: new Date().toISOString() }), 201);
      const text = await (await fetch(`${suite.url}/metrics`)).text();
      const figure = (name: string): number =>
        Number(new RegExp(`^waarborg_${name}\\{log="events"\\} (\\S+)$`, 'm').exec(text)?.[1]);
      expect(figure('append_queue')).toBe(0);
      for (const name of ['append_batch_size', 'append_commit_seconds', 'append_wait_seconds']) {
        expect([name, figure(`${name}_count`) > 0]).toEqual([name, true]);
      }
      expect(figure('append_batch_size_sum')).toBeGreaterThanOrEqual(figure('append_batch_size_count'));
    },
  );
});
