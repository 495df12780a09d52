import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { noKafka, receiver, testBrokers, unless, type Receiver } from '#libs/testing';
import { freshNumber, paperCase, question } from '../e2e/support/case.js';
import { client, freshKey, having, type Client } from '../e2e/support/client.js';
import { noProcesses, READY_WITHIN, startProcesses, type Processes } from '../e2e/support/processes.js';
import { databaseSettings, freshPlace, type Place } from '../e2e/support/suite.js';
import { until } from '../e2e/support/until.js';
import { readTopic } from '../kafka/read-topic.js';

/** Every app a process behind the gateway, the events on EventStoreDB (its double), Kafka between: from end to end. */
unless(noProcesses() ?? noKafka()).describe('separate processes on EventStoreDB and Kafka', () => {
  let place: Place;
  let processes: Processes;
  let told: Receiver;
  let governance: Client;
  let supplier: Client;
  let network: Client;

  beforeAll(async () => {
    [place, told] = await Promise.all([freshPlace({ eventStoreDb: true, kafka: true }), receiver()]);
    processes = await startProcesses({
      ...{ dataDir: place.dataDir, env: databaseSettings(place) },
      args: ['--log-level', 'warn', '--webhook-allow', '127.0.0.1', '--webhook-http', 'allowed'],
    });
    const { url, issuer } = processes;
    governance = client(url, await issuer.issue({ role: 'governance', client: 'governance' }));
    supplier = client(url, await issuer.issue({ role: 'supplier', client: 'office', clerk: 'clerk-1' }));
    network = client(url, await issuer.issue({ role: 'network', client: 'network' }));
  }, READY_WITHIN);
  afterAll(async () => {
    await processes?.stop();
    await told?.close();
    await place?.drop();
  }, READY_WITHIN);

  it('what is recorded stands on EventStoreDB, goes through Kafka and reaches the receiver of a webhook', async () => {
    const { secret } = having(
      await governance.command('/v1/webhook-subscriptions', {
        ...{ address: `${told.url}/hook`, eventTypes: ['PartyRegistered'] },
      }),
      201,
    ).body;
    const { id } = having(
      await governance.command('/v1/parties', {
        ...{ kind: 'privateLegalPerson', register: 'kvk', number: freshNumber(), name: 'Test Vereniging' },
        naturalPersonsBusiness: false,
      }),
      201,
    ).body;
    const subject = `party-${String(id)}`;
    await until('the receiver was told', () => told.received.length > 0);
    const [got] = told.received;
    const event = new Webhook(String(secret)).verify(got!.body, { ...got!.headers });
    expect(event).toMatchObject({ subject, type: 'nl.eherkenning.party-registered.v1' });
    const topic = `${databaseSettings(place).KAFKA_PREFIX}register.party.events.v1`;
    const [message] = await readTopic(testBrokers(), topic, 1);
    expect(message).toMatchObject({ key: subject, event: { subject } });
    expect(await place.register.query('select * from waarborg.events')).toEqual([]);
  });

  it('a yes ends with the revocation that was answered', async () => {
    const case1 = await paperCase(supplier);
    const [login, means] = [await case1.means(), await case1.means()];
    const authorization = await case1.authorize(means.id);
    const asked = question(means.pseudonym, case1.organization);
    const decision = async (): Promise<unknown> => (await network.ask('/access/v1/evaluation', asked)).body['decision'];
    await until('it is a yes', async () => (await decision()) === true);
    const request = await case1.revocation({ authorization: authorization['id'] }, login.id);
    const key = freshKey();
    await until('it is effective', async () => {
      const { status } = await supplier.command('/v1/revocation-requests', request, key);
      return status === 201;
    });
    expect(await decision()).toBe(false);
  });
});
