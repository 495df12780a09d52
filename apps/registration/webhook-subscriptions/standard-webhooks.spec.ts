import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { at } from '#libs/testing';
import { freshSecret, signedHeaders } from './standard-webhooks.js';

const body = '{"specversion":"1.0","data":{"naam":"één"}}';
const id = '5e6f7a8b-1111-4222-8333-944455566677';
const now = at(new Date().toISOString());

describe('a signed delivery', () => {
  it('is taken by a receiver that uses the library of Standard Webhooks, and a changed one is not', () => {
    const secret = freshSecret();
    const headers = signedHeaders(id, now, body, [secret]);
    expect(new Webhook(secret).verify(body, { ...headers })).toEqual(JSON.parse(body));
    expect(() => new Webhook(secret).verify(`${body} `, { ...headers })).toThrow();
    expect(() => new Webhook(secret).verify(body, { ...headers, 'webhook-id': `${id}1` })).toThrow();
    expect(() => new Webhook(freshSecret()).verify(body, { ...headers })).toThrow();
  });

  it('is taken by whoever has either secret during a rotation', () => {
    const [older, newer] = [freshSecret(), freshSecret()];
    const headers = signedHeaders(id, now, body, [newer, older]);
    expect(headers['webhook-signature']!.split(' ')).toHaveLength(2);
    for (const secret of [older, newer]) expect(new Webhook(secret).verify(body, { ...headers })).toBeDefined();
  });

  it('is dated in whole seconds, as the example of the specification has it', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const sent = at('2021-02-25T09:10:30.000Z');
    expect(signedHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', sent, '{"test": 2432232314}', [secret])).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614244230',
      'webhook-signature': `v1,${new Webhook(secret)
        .sign('msg_p5jXN8AQM9LWM0D4loKWxJek', new Date(1_614_244_230_000), '{"test": 2432232314}')
        .slice('v1,'.length)}`,
    });
  });

  it('has a secret of 32 bytes, each time another', () => {
    const secrets = Array.from({ length: 50 }, freshSecret);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
    }
    expect(new Set(secrets).size).toBe(50);
  });
});
