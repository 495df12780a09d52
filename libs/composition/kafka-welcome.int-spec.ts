import { afterEach, describe, expect, it } from '@jest/globals';
import { ConfigurationFault, type KafkaConfiguration } from '#libs/configuration';
import { smallBroker, type SmallBroker } from '#libs/testing';
import { demandWelcome, kafkaParts } from './reactions.js';

let broker: SmallBroker | undefined;
afterEach(async () => broker?.close());

describe('a start with Kafka', () => {
  it('ends where plain text is to stay here, and a broker tells of one elsewhere', async () => {
    broker = await smallBroker({ tellsOf: { host: '192.0.2.1', port: 9092 } });
    const configuration: KafkaConfiguration = { brokers: [broker.address], prefix: '', partitions: 1 };
    const welcome = async (more: Partial<KafkaConfiguration>): Promise<unknown> =>
      demandWelcome((await kafkaParts({ ...configuration, ...more }))!, () => undefined).catch(
        (error: unknown) => error,
      );
    expect(await welcome({})).toBeUndefined();
    const fault = await welcome({ hereOnly: true });
    expect(fault).toBeInstanceOf(ConfigurationFault);
    expect(String(fault)).toMatch(/- Kafka: the broker 192\.0\.2\.1:9092 is beyond this machine, .* KAFKA_TLS=true/);
  });

  it('goes on where a broker goes away during the login', async () => {
    broker = await smallBroker({ onLogin: (connection) => connection.end() });
    const login = { mechanism: 'plain', username: 'register', password: 'geheim' } as const;
    const kafka = await kafkaParts({ brokers: [broker.address], prefix: '', partitions: 1, login });
    await expect(demandWelcome(kafka!, () => undefined)).resolves.toBeUndefined();
  });
});
