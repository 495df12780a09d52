import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { followers, type EventFeed, type Follower } from '#libs/eventing';
import type { AuthorizationId, PartyId } from '#libs/kernel';
import { memoryRegister, type MemoryRegister } from './register.js';
import { until } from '../support/until.js';
import { serve, type Serving } from './serve.js';

const SERVICE = 'urn:etoegang:DV:00000099800000001000:services:1';
const CASES = 16;
/** Concurrent askers, each going through all cases again and again. */
const ASKERS = 6;

interface Case {
  readonly authorization: AuthorizationId;
  readonly pseudonym: string;
  /** Set when the revocation has been answered. */
  answered: boolean;
}

let register: MemoryRegister;
let cases: Case[];
const servings: Serving[] = [];

beforeEach(async () => {
  register = await memoryRegister();
  const party: PartyId = await register.party('69599084');
  cases = [];
  for (let index = 0; index < CASES; index++) {
    const means = await register.means();
    cases.push({
      authorization: await register.authorize(party, means),
      pseudonym: means.pseudonym,
      answered: false,
    });
  }
});
afterEach(async () => {
  await Promise.all(servings.splice(0).map((serving) => serving.stop()));
  await register.close();
});

/** An instance whose feed hands every page over as late as that. */
async function instance(
  late: (signal: AbortSignal) => Promise<unknown>,
  args: readonly string[] = [],
): Promise<Serving> {
  const { feed } = register.backbone;
  const lateFeed: EventFeed = {
    head: () => feed.head(),
    newest: () => feed.newest(),
    at: (position) => feed.at(position),
    read: (after, limit) => feed.read(after, limit),
    replay: (after, options) => feed.replay(after, options),
    async *subscribe(after, options) {
      for await (const page of feed.subscribe(after, options)) {
        if (page.items.length > 0) await late(options.signal);
        yield page;
      }
    },
  };
  // It stands for a process of its own, which has followers of its own.
  const own = followers();
  const watch = (follower: Follower): void => own.add(follower);
  const serving = await serve({ ...register, backbone: { ...register.backbone, feed: lateFeed, watch } }, args);
  servings.push(serving, { ...serving, stop: async () => void (await Promise.all(own.all.map((one) => one.stop()))) });
  return serving;
}

const by =
  (milliseconds: number) =>
  (signal: AbortSignal): Promise<unknown> =>
    pause(milliseconds, undefined, { signal });
const never = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener('abort', resolve));

interface Answer {
  readonly decision: boolean;
  readonly context: { readonly reasons: readonly { readonly code: string }[] };
}

const answer = async (serving: Serving, { pseudonym }: Case): Promise<Answer> => {
  const response = await serving.post('/access/v1/evaluation', {
    subject: { type: 'means', id: pseudonym },
    action: { name: 'represent', properties: { service: SERVICE } },
    resource: { type: 'organization', id: 'kvk:69599084' },
  });
  return (await response.json()) as Answer;
};
/** Waits, as whoever revokes does, until it may be answered; a busy machine takes more than one patience. */
const effective = async (position: bigint): Promise<boolean> => {
  await until('it is effective everywhere', () => register.backbone.visibility.everywhere(position));
  return true;
};
const ask = async (serving: Serving, asked: Case): Promise<boolean> => (await answer(serving, asked)).decision;

/**
 * Revokes case by case while askers go on asking. Counts the questions that were put after the answer to the revocation
 * and still got a yes, and, so that the test tests something, those before it that got one.
 */
async function revokeWhileAsked(
  instances: readonly Serving[],
  visible: (position: bigint) => Promise<boolean>,
): Promise<{ readonly late: number; readonly before: number }> {
  let running = true;
  let late = 0;
  let before = 0;
  const asker = async (number: number): Promise<void> => {
    for (let turn = number; running; turn++) {
      const asked = cases[turn % CASES]!;
      const answered = asked.answered;
      const yes = await ask(instances[turn % instances.length]!, asked);
      if (yes && answered) late++;
      if (yes && !answered) before++;
    }
  };
  const askers = Array.from({ length: ASKERS }, (_, number) => asker(number));
  for (const revoked of cases) {
    if (await ask(instances[0]!, revoked)) before++;
    const position = await register.revoke(revoked.authorization);
    expect(await visible(position)).toBe(true);
    revoked.answered = true;
    // The very next question, by whoever heard of it first.
    const next = await Promise.all(instances.map((serving) => ask(serving, revoked)));
    late += next.filter(Boolean).length;
  }
  running = false;
  await Promise.all(askers);
  return { late, before };
}

describe('after a revocation has been answered nobody says yes', () => {
  it('in one process, with concurrent questions', async () => {
    const counted = await revokeWhileAsked([await instance(by(10))], effective);
    expect(counted.late).toBe(0);
    expect(counted.before).toBeGreaterThanOrEqual(CASES);
  });

  it('with several instances, also the slowest', async () => {
    const instances = [await instance(by(0)), await instance(by(25))];
    const counted = await revokeWhileAsked(instances, effective);
    expect(counted.late).toBe(0);
    expect(counted.before).toBeGreaterThanOrEqual(CASES);
  });

  it('control: an index that is updated after the answer does say yes', async () => {
    // Long afterwards: no page of a revocation is handed over before every question was asked.
    let open = true;
    const later = await instance(async (signal) => open || never(signal));
    open = false;
    const counted = await revokeWhileAsked([later], async () => true);
    expect(counted.late).toBeGreaterThanOrEqual(CASES);
  });

  it('an instance that can not follow says no to everything, and holds the others up for its lease at most', async () => {
    const quick = await instance(by(0));
    const stuck = await instance(never, ['--decision-lease', '2000']);
    await until('it says yes', () => ask(stuck, cases[0]!));
    const position = await register.revoke(cases[0]!.authorization);
    expect(await effective(position)).toBe(true);
    expect(await ask(quick, cases[0]!)).toBe(false);
    for (const other of cases.slice(0, 3)) {
      const { decision, context } = await answer(stuck, other);
      expect({ decision, reasons: context.reasons }).toEqual({
        decision: false,
        reasons: [{ code: 'index-not-current' }],
      });
    }
    expect(await (await fetch(`${stuck.url}/v1/status`)).json()).toMatchObject({ status: 'limited' });
    expect((await fetch(`${stuck.url}/health/ready`)).status).toBe(503);
    expect(await ask(quick, cases[1]!)).toBe(true);
  });
});
