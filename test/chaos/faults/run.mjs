import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { openEventStoreDb } from '#libs/adapters/eventstoredb';
import { openPostgresStores } from '#libs/adapters/postgres';
import { START } from '#libs/eventing';
import { NAIVE_TABLE, readNaively } from '../soak/checker.mjs';
import { WEBHOOK_EVENT_TYPES } from '#libs/domain';
import { asker } from './asker.mjs';
import { DecisionChecker, Deduplicated, DeliveryChecker, MarkChecker, StreamChecker } from './checkers.mjs';
import { moment } from './clock.mjs';
import { load, QUESTION } from './load.mjs';
import { KINDS, planOf, randomOf } from './plan.mjs';
import { strike } from './strike.mjs';
import { inTime, TOPICS, untilHolds, world } from './world.mjs';

/** What does not answer again after so long is broken, in milliseconds. */
const RECOVERED_WITHIN = 120_000;
/** What a killed relay had in hand is sent again by the other one, when its lease has run out, within so long. */
const SENT_AGAIN_WITHIN = 30_000;
/** Longest wait for a revocation before a strike, in milliseconds. */
const SOON = 1_000;
/** A round that takes longer to be over is told at once, in milliseconds. */
const SLOW = 10_000;
/** Nothing was recorded for so long: what reacts to events has said all that it has to say, in milliseconds. */
const QUIET = 3_000;
/** Commands that are sent again at the end, under their keys, to see whether the answer is the same. */
const ASKED_AGAIN = 300;
/** Revoked means that are asked about, at most: the newest. */
const KEPT_REVOKED = 60;
const HASTEN = "update waarborg.due_work set due_at = $1 where state = 'waiting' and due_at > $1";
const PARKED = "select id, reason from waarborg.due_work where state = 'parked'";
const MARKS = /"(mark|careless)-[a-z0-9-]+"/g;
const AGGREGATE_OF = {
  '/v1/applications': 'application',
  '/v1/checks': 'check',
  '/v1/persons': 'person',
  '/v1/revocation-requests': 'revocationRequest',
  '/v1/authorizations': 'authorization',
  '/v1/means': 'means',
  '/v1/parties': 'party',
};

/** What clients were told. */
function book() {
  const entries = [];
  return {
    entries,
    marks: new MarkChecker(),
    /** Of the client that takes what it sent for done. */
    careless: new MarkChecker(),
    acknowledged: (entry) => void entries.push(entry),
  };
}

/** Reads the topics from the beginning, as a consumer that wants committed messages only. Survives what happens to it. */
async function consume(brokers, take) {
  let consumer;
  let over = false;
  const begin = async () => {
    while (!over) {
      const kafka = new Kafka({ brokers, clientId: 'chaos', logLevel: logLevel.NOTHING, retry: { retries: 2 } });
      const own = kafka.consumer({ groupId: 'chaos', sessionTimeout: 10_000, maxWaitTimeInMs: 200 });
      consumer = own;
      try {
        const ended = new Promise((resolve) => own.on('consumer.crash', resolve));
        await own.connect();
        await own.subscribe({ topics: TOPICS, fromBeginning: true });
        await own.run({ eachMessage: async ({ message }) => take(JSON.parse(String(message.value))) });
        await ended;
      } catch {
        // The brokers are away, or know no topics yet.
      }
      await own.disconnect().catch(() => undefined);
      await delay(300);
    }
  };
  const going = begin();
  return async () => {
    over = true;
    // It may wait for ever: for a broker that was killed while the group was joined.
    await Promise.race([consumer?.disconnect().catch(() => undefined), delay(5_000)]);
    await Promise.race([going, delay(1_000)]);
  };
}

/** An index that follows the feed and asks nobody whether it still may answer: the control of "no yes from the past". */
function naiveIndex() {
  const gone = new Set();
  const heldBack = [];
  return {
    page: (items) => heldBack.push(...items),
    letIn() {
      for (const { type, stream } of heldBack.splice(0)) if (type.includes('Revoked')) gone.add(stream);
    },
    allows: ({ authorization }) => !gone.has(`authorization-${authorization}`),
  };
}

/** One row is numbered early and committed late, and the usual reader is past it by then. Answers how many it never saw. */
async function lostByTheUsualReader(url) {
  const clients = [new pg.Client(url), new pg.Client(url), new pg.Client(url)];
  for (const client of clients) await client.connect();
  const [late, early, reading] = clients;
  await reading.query(NAIVE_TABLE);
  let readTo = 0;
  let stopped = false;
  const reader = readNaively({
    query: async (text, values) => {
      readTo = Number(values?.[0] ?? readTo);
      return (await reading.query(text, values)).rows;
    },
    stopped: () => stopped,
  });
  await late.query('begin');
  await late.query('insert into naive (writer) values (-1)');
  const { rows } = await early.query('insert into naive (writer) values (-2) returning position');
  await untilHolds('the reader is past the one that was written later', () => readTo >= Number(rows[0].position));
  await late.query('commit');
  stopped = true;
  const { lost } = await (await reader)();
  for (const client of clients) await client.end();
  return lost;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const seconds = (milliseconds) => (milliseconds / 1_000).toFixed(1);

/** The whole run; resolves with whether it showed what it has to. */
export async function run({ rounds: wanted, questions = 0, minutes, seed, on, json, say = console.log }) {
  if (!KINDS.includes(on)) throw new Error(`--on is one of ${KINDS.join(', ')}`);
  const again = `npm run chaos -- --rounds ${wanted} --seed ${seed} --on ${on}${questions === 0 ? '' : ` --questions ${questions}`}`;
  say(again);
  const began = performance.now();
  const faults = [];
  const deliveries = new DeliveryChecker();
  const there = await world({ on, say, deliveries });
  const ledger = book();
  const decisions = new DecisionChecker();
  const control = { decisions: new DecisionChecker(), index: naiveIndex(), topic: new StreamChecker() };
  const topic = { checker: new StreamChecker(), filter: new Deduplicated() };
  const table = new Map();
  /** How long what was killed took to start again. */
  const starts = new Map();
  const ending = new AbortController();
  const closing = [];
  try {
    // The store's own feed, by a network of its own that is not spared.
    const stores = await openPostgresStores({ database: there.database.urls.register });
    closing.push(() => stores.close());
    const register = new pg.Pool({ connectionString: there.database.urls.register, max: 1 });
    register.on('error', () => undefined);
    closing.push(() => register.end());
    const events = there.store === undefined ? stores : await openEventStoreDb({ url: there.store.url });
    if (events !== stores) closing.push(() => events.close());
    const feed = new StreamChecker();
    const following = (async () => {
      for await (const page of events.feed.subscribe(START, { signal: ending.signal })) {
        for (const item of page.items) feed.seen(item);
        control.index.page(page.items);
      }
    })();
    following.catch((error) => ending.signal.aborted || faults.push(`the feed ended: ${error}`));
    if (there.kafka !== undefined) {
      const stop = await consume([...there.kafka.brokers], (event) => {
        const { stream, revision } = event.data;
        control.topic.seen({ stream, revision, id: event.id });
        if (topic.filter.take(event)) topic.checker.seen({ stream, revision, id: event.id });
      });
      closing.push(stop);
      // Topics are made and led before the load leaves their server nothing to do it with.
      await untilHolds('the topics have what there is', () => topic.checker.events > 0, RECOVERED_WITHIN);
    }

    const under = load({
      ...{ url: there.url, tokens: there.tokens, ledger, decisions, writers: 2, revokers: 4 },
      careless: there.careless,
      onLive: (subject) => asking.live(subject),
      onRevoked(subject) {
        asking.revoked(subject);
        // Its page is held back until it was asked: what an instance does that has lost its feed and does not know.
        const now = moment();
        control.decisions.revoked(subject.pseudonym, now - 1);
        control.decisions.answered(subject.pseudonym, now, control.index.allows(subject));
        control.index.letIn();
      },
    });
    there.told.knows(await under.subscribe(there.hook, WEBHOOK_EVENT_TYPES));
    const asking = await asker({
      ...{ addresses: there.asked, seed, kept: KEPT_REVOKED, patience: QUESTION, token: () => there.tokens.network },
      ...{ decisions, figures: under.figures },
    });
    const random = randomOf(seed, -1);
    let broken;
    asking.ended.catch((error) => (broken ??= error));
    under.begin(random).catch((error) => (broken ??= error));
    await untilHolds('the load goes on', () => {
      if (broken !== undefined) throw broken;
      return decisions.asked > 50 && ledger.marks.count > 5;
    });
    say(`the load goes on after ${seconds(performance.now() - began)} s`);

    const until = minutes === undefined ? Infinity : performance.now() + minutes * 60_000;
    let rounds = 0;
    const more = (round) => round < wanted || decisions.asked < questions;
    for (let round = 0; more(round) && broken === undefined && performance.now() < until; round += 1) {
      rounds = round + 1;
      const { strikes, pause } = planOf(on, seed, round);
      // Revocations are always under way; a strike falls soon after one was answered, or after a while.
      const before = decisions.revocations;
      const waitUntil = performance.now() + SOON;
      await untilHolds('something was revoked', () => decisions.revocations > before || performance.now() > waitUntil);
      if (broken !== undefined) break;
      await delay(pause);
      const struck = await Promise.all(strikes.map((one) => strike(there, one)));
      const healed = performance.now();
      for (const [index, { rising }] of struck.entries()) {
        if (rising === undefined) continue;
        const { kind } = strikes[index];
        rising.then(
          () => starts.set(kind, [...(starts.get(kind) ?? []), performance.now() - healed]),
          (error) => faults.push(`round ${round}: ${error.message}`),
        );
      }
      const key = `chaos-round-${seed}-${round}`;
      const probe = { channel: 'electronic', receivedAt: new Date().toISOString(), purposes: ['upgrade'] };
      const commanded = under.command('/v1/applications', probe, key);
      let recovered;
      /** What came when, for a round that took long. */
      const after = {};
      const came = (what) => void (after[what] = performance.now() - healed);
      commanded.then(
        () => came('acknowledged'),
        () => undefined,
      );
      for (const { rising } of struck) void rising?.then(() => came('started')).catch(() => undefined);
      try {
        await untilHolds(
          'it answers yes again',
          async () => {
            if (broken !== undefined) throw broken;
            return under.ask(under.anchor()).catch(() => false);
          },
          RECOVERED_WITHIN,
        );
        came('yes');
        const late = delay(RECOVERED_WITHIN, undefined, { ref: false }).then(() => {
          throw new Error('no command was acknowledged');
        });
        await Promise.race([commanded, late]);
        recovered = performance.now() - healed;
        if (strikes.some(({ kind, which }) => /kafka|relay/.test(kind) || which > 0.97) && there.kafka !== undefined) {
          const { id } = await commanded;
          const relayed = () => topic.checker.lengthOf(`application-${id}`) > 0;
          await untilHolds('the topic has what was recorded', relayed, RECOVERED_WITHIN);
          came('on the topic');
          recovered = performance.now() - healed;
        }
      } catch (error) {
        broken ??= error;
        faults.push(`round ${round} (${struck.map(({ target }) => target).join('; ')}): ${error.message}`);
      }
      for (const { kind, toxic } of strikes) {
        const name = toxic === undefined ? kind : `${kind}: ${toxic}`;
        table.set(name, [...(table.get(name) ?? []), recovered ?? Number.NaN]);
      }
      const told = strikes.map(({ kind }, index) => `${kind} (${struck[index].target})`).join(', ');
      if (wanted <= 30 || round % 10 === 9 || recovered === undefined || recovered > SLOW) {
        say(
          `  ${round + 1}/${wanted} ${told}: back in ${seconds(recovered ?? 0)} s; ${ledger.entries.length} acknowledged, ` +
            `${decisions.asked} questions, ${decisions.revocations} revocations`,
        );
        const order = Object.entries(after).map(([what, time]) => `${what} after ${seconds(time)} s`);
        if (recovered === undefined || recovered > SLOW) {
          say(`    ${order.join(', ')}`);
          if ((after['on the topic'] ?? Infinity) > SLOW) {
            say(`    healed ${new Date(Date.now() - performance.now() + healed).toISOString().slice(11, 23)}`);
            for (const relay of there.relays) for (const line of relay.tail()) say(`    ${relay.name} ${line}`);
          }
        }
      }
    }

    for (const proxy of there.proxies.values()) proxy.heal();
    there.told.heal();
    // What the controls rest on has happened by now, on a machine that is not busy.
    const { figures } = under;
    const proves = () =>
      broken !== undefined ||
      (decisions.revocations > 0 && figures.doubled > 0 && figures.unheard > 0 && deliveries.taken > 0);
    await untilHolds('every control has had its chance', proves, RECOVERED_WITHIN).catch((error) =>
      faults.push(error.message),
    );
    // So has a batch that is sent again: a strike of the plan misses where the relays have nothing in hand just then.
    const provenBy = performance.now() + RECOVERED_WITHIN;
    while (there.kafka !== undefined && control.topic.twice === 0 && performance.now() < provenBy) {
      if (broken !== undefined) break;
      const { target, missed, rising } = await strike(there, { kind: 'kill relay with a batch' });
      say(`  for the control of the topics: kill relay with a batch (${target})`);
      if (missed) continue;
      await rising;
      // What was held may have been a checkpoint without a batch: then another one is held.
      await untilHolds('a batch came again', () => control.topic.twice > 0, SENT_AGAIN_WITHIN).catch(() => undefined);
    }
    await under.stop().catch((error) => {
      broken ??= error;
      faults.push(`the load: ${error.message}`);
    });
    await asking.stop().catch((error) => {
      broken ??= error;
      faults.push(error.message);
    });
    say('the load has ended; now everything is held against what was told');

    const whole = new StreamChecker();
    let subscribed = false;
    let readTo = START;
    const readOn = async () => {
      for await (const page of events.feed.replay(readTo)) {
        for (const item of page.items) {
          whole.seen(item);
          subscribed ||= item.type === 'WebhookSubscribed';
          if (subscribed && WEBHOOK_EVENT_TYPES.includes(item.type)) deliveries.wants(item);
          for (const mark of item.bytes.match(MARKS) ?? []) {
            const text = mark.slice(1, -1);
            (text.startsWith('mark') ? ledger.marks : ledger.careless).found(text);
          }
        }
        readTo = page.upTo;
      }
    };
    const comes = async (what, holds) =>
      untilHolds(what, holds, RECOVERED_WITHIN).catch((error) => void faults.push(error.message));
    // Pauses between attempts grow to hours: what waits for one is made due now, as by a clock that was set forward.
    const told = () => deliveries.lost.length === 0 && deliveries.twice > 0;
    const reacting = performance.now();
    let had;
    await readOn();
    do {
      had = whole.events;
      await comes('the feed has brought everything', () => feed.events >= whole.events);
      if (there.kafka !== undefined) {
        await comes('the topics have everything', () => topic.checker.events >= whole.events);
      }
      await comes('the receiver was told of everything', async () => {
        if (!told()) await register.query(HASTEN, [Date.now()]);
        return told();
      });
      // Reactions record events of their own, behind the load that they react to.
      await delay(QUIET);
      await readOn();
      if (performance.now() - reacting > 2 * RECOVERED_WITHIN) faults.push('events are recorded without an end');
    } while (whole.events > had && faults.length === 0);
    const { rows: parkedDeliveries } = await register.query(PARKED);
    const parked = [
      ...(await stores.parkedMessages.list()).map(({ reaction, id, reason }) => `${reaction} ${id}: ${reason}`),
      ...parkedDeliveries.map(({ id, reason }) => `${id}: ${reason}`),
    ];

    const lost = [];
    for (const { path, answer } of ledger.entries) {
      const aggregate = AGGREGATE_OF[path];
      if (aggregate === undefined) continue;
      if (whole.lengthOf(`${aggregate}-${answer.id}`) === 0) lost.push(`${path} ${answer.id}`);
    }
    lost.push(...ledger.marks.lost);
    const changed = [];
    const step = Math.max(1, Math.floor(ledger.entries.length / ASKED_AGAIN));
    for (let index = 0; index < ledger.entries.length && broken === undefined; index += step) {
      const { path, body, key, answer } = ledger.entries[index];
      const again = await under.supplier.command(path, body, key);
      const same = JSON.stringify(again.body) === JSON.stringify(answer);
      if (!same || again.headers['idempotency-replayed'] !== 'true') changed.push(`${path} ${key}`);
    }
    under.close();

    const clusters = there.kafka !== undefined;
    const checks = [
      ['acknowledged and lost', lost, ledger.careless.lost.length, 'a client that does not ask again'],
      ['answered otherwise when asked again', changed],
      ['applied twice', ledger.marks.twice, ledger.careless.twice.length, 'a client with another key each time'],
      [
        'lost, twice or out of order in the feed',
        Math.abs(whole.events - feed.events) + whole.twice + whole.reordered + feed.twice + feed.reordered,
        await lostByTheUsualReader(there.database.maintenance),
        'a reader that goes by a sequence',
      ],
      ...(clusters
        ? [
            [
              'twice or out of order on the topics',
              topic.checker.twice + topic.checker.reordered,
              control.topic.twice + control.topic.reordered,
              'a consumer that drops nothing',
            ],
          ]
        : []),
      [
        'webhooks lost, out of order or not signed',
        [
          ...deliveries.lost,
          ...deliveries.wrong,
          ...(deliveries.unsigned > 0 ? [`${deliveries.unsigned} not signed`] : []),
        ],
        deliveries.twice,
        'a receiver that drops nothing',
      ],
      ['put aside for a person', parked],
      ['yes after an answered revocation', decisions.stale, control.decisions.stale.length, 'an index without a lease'],
    ];
    const took = performance.now() - began;
    const result = {
      ...{ seed, on, rounds, seconds: Math.round(took / 1_000), faults, unasked: there.unasked },
      ...{ acknowledged: ledger.entries.length, sentAgain: under.figures.again, questions: decisions.asked },
      ...{ allowed: decisions.allowed, revocations: decisions.revocations, unanswered: under.figures.unanswered },
      ...{ answers: under.figures.answers, refusedLive: under.figures.refusedLive, events: whole.events },
      topics: { events: topic.checker.events, dropped: topic.filter.dropped },
      webhooks: { wanted: deliveries.wanted, taken: deliveries.taken, twice: deliveries.twice },
      strikes: Object.fromEntries(
        [...table].map(([name, times]) => [
          name,
          {
            ...{ rounds: times.length, median: median(times), most: Math.max(...times) },
            ...(starts.has(name) ? { started: median(starts.get(name)), slowest: Math.max(...starts.get(name)) } : {}),
          },
        ]),
      ),
      checks: checks.map(([name, found, controlled, of]) => ({
        name,
        found: typeof found === 'number' ? found : found.length,
        ...(controlled === undefined ? {} : { control: of, controlFound: controlled }),
      })),
    };
    say(`\nseed ${seed} on ${on}: ${rounds} rounds in ${result.seconds} s\n`);
    say('| strike | rounds | back after: median | most | started after: median | most |');
    say('| --- | ---: | ---: | ---: | ---: | ---: |');
    for (const [name, { rounds: count, median: usual, most, started, slowest }] of Object.entries(
      result.strikes,
    ).sort()) {
      const start = started === undefined ? '– | –' : `${seconds(started)} s | ${seconds(slowest)} s`;
      say(`| ${name} | ${count} | ${seconds(usual)} s | ${seconds(most)} s | ${start} |`);
    }
    say(
      `\n${result.acknowledged} commands acknowledged (${result.sentAgain} sent again), ${result.events} events; ` +
        `${result.questions} questions answered, ${result.allowed} with yes, ${result.unanswered} not; ` +
        `${result.revocations} revocations; ` +
        `${there.unasked.length} processes ended unasked; topics: ${result.topics.events} events, ${result.topics.dropped} sent again; ` +
        `webhooks: ${deliveries.wanted} events, ${deliveries.taken} deliveries taken\n`,
    );
    say('| check | found | control | found by it |\n| --- | ---: | --- | ---: |');
    let passed = faults.length === 0 && broken === undefined;
    for (const { name, found, control: of = '-', controlFound } of result.checks) {
      say(`| ${name} | ${found} | ${of} | ${controlFound ?? '-'} |`);
      if (found > 0) passed = false;
      if (controlFound === 0) {
        passed = false;
        faults.push(`NOT PROVEN: ${of} was not found out`);
      }
    }
    if (decisions.allowed === 0 || decisions.revocations === 0) {
      passed = false;
      faults.push('NOT PROVEN: nothing was allowed, or nothing revoked');
    }
    for (const [name, found] of checks)
      if (Array.isArray(found)) for (const one of found.slice(0, 5)) say(`  ${name}: ${one}`);
    for (const fault of faults) say(`  ${fault}`);
    say(passed ? 'passed' : `FAILED: ${again}`);
    if (json !== undefined) await writeFile(json, `${JSON.stringify({ ...result, passed }, null, 2)}\n`);
    return passed;
  } finally {
    ending.abort();
    for (const close of closing.reverse()) await inTime(close).catch((error) => say(`while closing: ${error.message}`));
    await there.close();
  }
}
