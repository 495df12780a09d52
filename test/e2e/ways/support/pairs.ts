import { expect } from '@jest/globals';
import type { EventStore } from '#libs/eventing';
import type { StreamId } from '#libs/kernel';
import type { Json } from '../../support/api.js';
import { freshKey, having, type Answer, type Client } from '../../support/client.js';
import { until } from '../../support/until.js';
import { codesOf } from './register.js';

/** One command, ready to be sent. */
export interface Ready {
  readonly path: string;
  readonly body: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Two commands that meet on one thing, with the streams of what they may change. */
export interface Meeting {
  readonly one: Ready;
  readonly other: Ready;
  readonly streams: readonly StreamId[];
}

/** What came of a meeting, with nothing in it that differs between two objects of the same kind. */
export interface History {
  readonly answers: readonly [string, string];
  /** Of each stream the events that were added, in their order. */
  readonly events: readonly (readonly string[])[];
}

/** Chance that a seed repeats: a number from 0 up to, not including, the given one. */
export type Chance = (below: number) => number;

export function chanceOf(seed: number): Chance {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

async function turns(many: number): Promise<void> {
  for (let turn = 0; turn < many; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Lets others come between the steps of a command: a store in memory answers in the same turn of the event loop, so that
 * every command would be alone with it. Answers the undoing.
 */
export function crowded(events: EventStore, chance: Chance): () => void {
  const { readStream, readStreams, append } = events;
  const late =
    <Parts extends readonly unknown[], Result>(does: (...parts: Parts) => Promise<Result>) =>
    async (...parts: Parts): Promise<Result> => {
      await turns(chance(4));
      const result = await does.apply(events, parts as never);
      await turns(chance(4));
      return result;
    };
  Object.assign(events, { readStream: late(readStream), readStreams: late(readStreams), append: late(append) });
  return () => void Object.assign(events, { readStream, readStreams, append });
}

/** How two commands are sent. */
export type Sending = (one: () => Promise<Answer>, other: () => Promise<Answer>) => Promise<readonly [Answer, Answer]>;

export const inThisOrder: Sending = async (one, other) => [await one(), await other()];
export const theOtherWayRound: Sending = async (one, other) => {
  const answer = await other();
  return [await one(), answer];
};
/** Together, a few turns of the event loop apart, or as many as a long command needs to be ahead of a short one. */
export const atOnce =
  (chance: Chance): Sending =>
  async (one, other) => {
    const ahead = chance(2) === 0;
    const behind = chance([4, 24, 240][chance(3)]!);
    const after = async (wait: number, send: () => Promise<Answer>): Promise<Answer> => {
      await turns(wait);
      return send();
    };
    const [first, second] = await Promise.all([after(ahead ? 0 : behind, one), after(ahead ? behind : 0, other)]);
    return [first!, second!];
  };

const REVOCATIONS = '/v1/revocation-requests';
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Members that no two objects have alike. */
const ITS_OWN: ReadonlySet<string> = new Set(['position', 'sealed', 'organization', 'number', 'name']);
const INSTANT = /^\d{4}-\d\d-\d\dT/;

const idsIn = (value: unknown): ReadonlySet<string> => new Set(JSON.stringify(value).match(UUID));

/** Sends both and tells what came of it. */
export async function meet(
  { client, events }: { readonly client: Client; readonly events: EventStore },
  { one, other, streams }: Meeting,
  sending: Sending,
): Promise<History> {
  const before = await Promise.all(streams.map(async (stream) => (await events.readStream(stream)).length));
  const send = ({ path, body, headers }: Ready) => client.command(path, body, freshKey(), headers);
  const both = await sending(
    () => send(one),
    () => send(other),
  );
  const commands = [one, other] as const;
  // Whose an id is: that of an intake, a check or a request of one of them alone. The rest is that of the object.
  const owned = commands.map(
    ({ path, body }, which) =>
      new Set([...idsIn(body), ...(path === REVOCATIONS ? idsIn(both[which]!.body['id'] ?? '') : [])]),
  ) as [Set<string>, Set<string>];
  const ownerOf = (id: string): string => {
    const [his, theirs] = [owned[0].has(id), owned[1].has(id)];
    return his === theirs ? 'its' : his ? 'of the one' : 'of the other';
  };
  const told = (value: unknown): string =>
    JSON.stringify(value, (name, inner: unknown) => {
      if (ITS_OWN.has(name)) return undefined;
      // A set on record is in the order of its ids, which says nothing of whose they are.
      if (name === 'authorities') return (inner as readonly string[]).map(ownerOf).sort();
      if (typeof inner !== 'string') return inner;
      return INSTANT.test(inner) ? 'a moment' : inner.replace(UUID, ownerOf);
    });
  const answers = (await Promise.all(
    commands.map(async ({ path }, which) => {
      const answer = both[which]!;
      if (answer.status >= 400) return `${answer.status} ${problemOf(answer)}`;
      // Whether it was carried out before the answer or right after it is not what it came to.
      return path === REVOCATIONS ? finished(client, answer) : `${answer.status} ${told(answer.body)}`;
    }),
  )) as [string, string];
  const added = await Promise.all(
    streams.map(async (stream, which) =>
      (await events.readStream(stream))
        .slice(before[which])
        .map(({ type, bytes }) => `${type} ${told((JSON.parse(bytes) as { readonly data: unknown }).data)}`),
    ),
  );
  return { answers, events: added };
}

const problemOf = (answer: Answer): string =>
  [String(answer.body['code']), ...(answer.body['errors'] === undefined ? [] : codesOf(answer))].join(' ');

/** No request stays accepted: it is carried out, by whoever took it or by the process that follows the feed. */
async function finished(client: Client, answer: Answer): Promise<string> {
  const path = `${REVOCATIONS}/${String(answer.body['id'])}`;
  let shown: Json = {};
  await until(`request ${path} is carried out or refused`, async () => {
    shown = having(await client.get(path), 200).body;
    return shown['status'] !== 'accepted';
  });
  const lines = (shown['lines'] ?? []) as readonly Json[];
  const { status, codes, alreadyRevoked } = shown;
  return JSON.stringify({ status, codes, alreadyRevoked, lines: lines.map((line) => line['status']) });
}

/** What a meeting comes to that is no meeting: either of them after the other was answered. */
export type Orders = readonly [History, History];

/** One after the other is how the two came out, whichever was first: the answers as well as what is on record. */
export function expectOneOf(orders: Orders, history: History): void {
  expect(orders).toContainEqual(history);
}
