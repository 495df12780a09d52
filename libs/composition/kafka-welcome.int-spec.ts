import { afterEach, describe, expect, it } from '@jest/globals';
import { smallBroker, type SmallBroker } from '#libs/testing';
import { demandWelcome, kafkaParts } from './reactions.js';

let broker: SmallBroker | undefined;
afterEach(async () => broker?.close());

describe('a start with Kafka', () => {
  it('goes on where a broker goes away during the login', async () => {
    broker = await smallBroker({ onLogin: (connection) => connection.end() });
    const login = { mechanism: 'plain', username: 'register', password: 'geheim' } as const;
    const kafka = await kafkaParts({ brokers: [broker.address], prefix: '', partitions: 1, login });
    await expect(demandWelcome(kafka!, () => undefined)).resolves.toBeUndefined();
  });
});
