import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suiteModules } from '#apps/suite';
import { contractsOf } from '#libs/composition';
import type { Json } from './api.js';
import { breaches } from './conforming.js';

let server: Server;
let url: string;

beforeAll(async () => {
  const { v1, access } = await contractsOf(suiteModules, 'https://register.example');
  server = createServer((request, response) => {
    if (request.url === '/problems/no-such-code') response.statusCode = 404;
    response.end(JSON.stringify(request.url === '/v1/openapi.json' ? v1 : access));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const ID = '5e6f7a8b-1111-4222-8333-944455566677';
const application: Json = {
  id: ID,
  channel: 'nonElectronic',
  receivedAt: '2026-03-02T09:00:00.000Z',
  purposes: ['means'],
  late: false,
  position: 'cG9z',
};
const sent = { channel: 'nonElectronic', receivedAt: '2026-03-02T09:00:00.000Z', purposes: ['means'] };
const problem = (code: string, more: Json = {}): Json => ({
  ...{ type: `https://register.example/problems/${code}`, title: 'No', status: 400, detail: 'No', code },
  instance: 'urn:trace:4bf92f3577b34da6a3ce929d0e0e4736',
  ...more,
});
const received = { method: 'POST', path: '/v1/applications', sent, replayed: false, status: 201, body: application };
const fault = { pointer: '/channel', code: 'required', detail: 'is required' };

describe('an exchange', () => {
  it('that is as the contract says conforms', async () => {
    expect(await breaches(url, received)).toEqual([]);
    const refused = { ...received, sent: {}, status: 400, body: problem('required', { errors: [fault] }) };
    expect(await breaches(url, refused)).toEqual([]);
  });

  it.each([
    ['a status', { status: 204 }, 'status 204 is not declared'],
    ['a code', { status: 400, body: problem('erased') }, 'the code erased is not declared'],
    ['a member of an answer', { body: { ...application, score: 3 } }, '"score"'],
    [
      'a member of a fault',
      { status: 400, body: problem('required', { errors: [{ ...fault, limit: 3 }] }) },
      '/errors/0 must NOT have additional properties {"additionalProperty":"limit"}',
    ],
    [
      'a code of a fault',
      { status: 400, body: problem('required', { errors: [{ ...fault, code: 'no-such-code' }] }) },
      'the code no-such-code of a fault has no page',
    ],
    ['a value of an answer', { body: { ...application, purposes: ['profit'] } }, '/purposes/0'],
    ['a body that the server took', { sent: { ...sent, more: true } }, 'sent:  must NOT have additional properties'],
  ])('breaks it by %s that is not in it', async (_, change, said) => {
    const wrong = await breaches(url, { ...received, ...change });
    expect(wrong.join('; ')).toContain(said);
  });

  it('whose body comes again is judged by its answer alone (interfaces.md §3)', async () => {
    const again = { ...received, sent: { ...sent, more: true }, replayed: true };
    expect(await breaches(url, again)).toEqual([]);
    expect(await breaches(url, { ...again, body: {} })).not.toEqual([]);
  });

  it('below the other base is judged by the other document, and outside both by none', async () => {
    const decision = { method: 'POST', path: '/access/v1/evaluation', sent: {}, replayed: false, status: 200 };
    expect(await breaches(url, { ...decision, body: { decision: 'yes' } })).not.toEqual([]);
    expect(await breaches(url, { ...decision, path: '/health/ready', body: { decision: 'yes' } })).toEqual([]);
  });
});
