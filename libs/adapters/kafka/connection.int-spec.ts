import { afterEach, describe, expect, it } from '@jest/globals';
import { smallBroker, type SmallBroker } from '#libs/testing';
import { demandWelcome, withAdmin } from './connection.js';
import type { KafkaSettings } from './settings.js';

const open: SmallBroker[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
const broker = async (does: Parameters<typeof smallBroker>[0]): Promise<SmallBroker> => {
  const started = await smallBroker(does);
  open.push(started);
  return started;
};

const LOGIN = { mechanism: 'plain', username: 'register', password: 'geheim' } as const;
const settings = ({ address }: SmallBroker, more: Partial<KafkaSettings> = {}): KafkaSettings => ({
  ...{ brokers: [address], prefix: '', log: () => undefined, ...more },
});
const toldBy = (work: Promise<unknown>): Promise<string> => work.then(() => 'let in', String);

describe('a broker that goes away while it is told who comes', () => {
  it.each([
    ['closes', (connection: { end(): void }) => connection.end()],
    ['resets', (connection: { resetAndDestroy(): void }) => connection.resetAndDestroy()],
  ])('is away, and does not end a start (%s)', async (_how, onLogin) => {
    const there = settings(await broker({ onLogin }), { login: LOGIN });
    expect(await toldBy(withAdmin(there, (admin) => admin.describeCluster()))).toMatch(
      /^KafkaUnreachable: no broker answers at .* \(SASL PLAIN authentication failed: .*\): start them/,
    );
    expect(await toldBy(demandWelcome(there))).toBe('let in');
  });
});
