import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { receiver, type Receiver } from '#libs/testing';
import { freshNumber } from './support/case.js';
import { having, type Client } from './support/client.js';
import { freshPlace, ON_CLUSTER, startSuite, type Place, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

const ALLOWING = ['--webhook-allow', '127.0.0.1', '--webhook-http', 'allowed'];

let place: Place;
let suite: TestSuite;
let governance: Client;
let told: Receiver;
beforeAll(async () => {
  place = await freshPlace();
  told = await receiver();
  suite = await startSuite(place, ALLOWING);
  governance = await suite.client('governance');
});
afterAll(async () => {
  await suite.end();
  await told.close();
});

const registerParty = async (): Promise<string> => {
  const body = {
    ...{ kind: 'privateLegalPerson', register: 'kvk', number: freshNumber(), name: 'Test Vereniging' },
    naturalPersonsBusiness: false,
  };
  return String(having(await governance.command('/v1/parties', body), 201).body['id']);
};

it('what a clerk records reaches the receiver, signed, also after the process was begun anew', async () => {
  const address = `${told.url}/hook?token=nobody-reads-this`;
  const subscription = having(
    await governance.command('/v1/webhook-subscriptions', { address, eventTypes: ['PartyRegistered'] }),
    201,
  ).body;
  const first = await registerParty();
  await until('the receiver was told', () => told.received.length === 1);
  const [got] = told.received;
  const event = new Webhook(String(subscription['secret'])).verify(got!.body, { ...got!.headers });
  expect(event).toMatchObject({
    ...{ specversion: '1.0', type: 'nl.eherkenning.party-registered.v1', subject: `party-${first}` },
    data: { type: 'PartyRegistered', revision: 0, data: { party: first, publicDetails: { name: 'Test Vereniging' } } },
  });
  const path = `/v1/webhook-subscriptions/${String(subscription['id'])}/deliveries/_search`;
  await until('it is noted', async () => {
    const { items } = having(await governance.ask(path, { state: 'done' }), 200).body as { items: readonly unknown[] };
    return items.length === 1;
  });
  // Behind a gateway the figures are those of the process that delivers.
  if (!ON_CLUSTER) {
    const metrics = await (await fetch(`${suite.url}/metrics`)).text();
    expect(metrics).toMatch(/waarborg_webhook_attempts_total\{[^}]*outcome="delivered"[^}]*\} 1/);
    expect(metrics).toMatch(/waarborg_webhook_deliveries_parked\S* 0/);
  }

  const lines = [...suite.lines];
  await suite.stop();
  suite = await startSuite(place, ALLOWING);
  governance = await suite.client('governance');
  const second = await registerParty();
  await until('the receiver was told of the next', () => told.received.length >= 2);
  expect(told.received.map(({ body }) => (JSON.parse(body) as { subject: string }).subject)).toEqual([
    `party-${first}`,
    `party-${second}`,
  ]);
  for (const line of [...lines, ...suite.lines]) {
    expect(line).not.toContain('nobody-reads-this');
    expect(line).not.toContain(String(subscription['secret']));
  }
});
