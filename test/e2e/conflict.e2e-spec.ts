import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventStore } from '#libs/eventing';
import type { StreamId } from '#libs/kernel';
import { freshNumber } from './support/case.js';
import { freshKey, having, type Answer, type Client } from './support/client.js';
import { startSuite, type TestSuite } from './support/suite.js';

/** interfaces.md §3: a conflict is tried again three times inside; then it is a 409. */

let suite: TestSuite;
let supplier: Client;
let events: EventStore;
let append: EventStore['append'];
let party: string;
let stream: StreamId;

beforeAll(async () => {
  suite = await startSuite();
  supplier = await suite.client('supplier');
  ({ events } = suite.running.open.stores);
  append = events.append.bind(events);
  const details = { kind: 'privateLegalPerson', register: 'kvk', number: freshNumber(), naturalPersonsBusiness: false };
  const made = having(await supplier.command('/v1/parties', { ...details, name: 'Test Stichting Druk' }), 201);
  party = `/v1/parties/${String(made.body['id'])}`;
  stream = `party-${String(made.body['id'])}` as StreamId;
});
afterEach(() => {
  events.append = append;
});
afterAll(() => suite.end());

const contact = (name: string) => ({ kind: 'email', value: `${name}@example.org`, suppliedBy: 'submitter' });
const contactsNow = async (): Promise<readonly string[]> =>
  ((await supplier.get(party)).body['contacts'] as readonly { readonly value: string }[]).map(({ value }) => value);
const codeOf = ({ status, body }: Answer): readonly unknown[] => [status, body['code']];

let rivals = 0;
/** Another request comes between reading and appending, that many times. */
function crowd(times: number): { attempts: number } {
  const counted = { attempts: 0 };
  let rival = false;
  events.append = async (...parts) => {
    if (parts[0] !== stream || rival) return append(...parts);
    if (++counted.attempts <= times) {
      rival = true;
      having(await supplier.command(`${party}/contacts`, contact(`rival-${++rivals}`)), 201);
      rival = false;
    }
    return append(...parts);
  };
  return counted;
}

describe('a request whose object others keep changing', () => {
  it('is carried out when they leave off in time', async () => {
    const counted = crowd(3);
    having(await supplier.command(`${party}/contacts`, contact('patient')), 201);
    expect(counted.attempts).toBe(4);
    expect(await contactsNow()).toContain('patient@example.org');
  });

  it('is a 409 after four attempts: nothing of it is recorded, no refusal either, and its key is free', async () => {
    const counted = crowd(4);
    const key = freshKey();
    const before = await suite.heads();
    const answer = await supplier.command(`${party}/contacts`, contact('crowded'), key);
    expect(codeOf(answer)).toEqual([409, 'conflict']);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(counted.attempts).toBe(4);
    const after = await suite.heads();
    expect([after.events - before.events, after.records - before.records]).toEqual([4n, 0n]);
    expect(await contactsNow()).not.toContain('crowded@example.org');

    const again = having(await supplier.command(`${party}/contacts`, contact('roomy'), key), 201);
    expect(again.headers.get('idempotency-replayed')).toBeNull();
  });

  it('is a 412 at once where it named the revision that it was written against', async () => {
    const counted = crowd(1);
    const etag = (await supplier.get(party)).headers.get('etag')!;
    const answer = await supplier.command(`${party}/contacts`, contact('exact'), freshKey(), { 'if-match': etag });
    expect(codeOf(answer)).toEqual([412, 'precondition-failed']);
    expect(counted.attempts).toBe(1);
    expect(await contactsNow()).not.toContain('exact@example.org');
  });
});
