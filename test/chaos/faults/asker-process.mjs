// Asks about means, revoked ones and ones that are not, with so many calls under way as each address is given, every
// other one a batch. What it was answered goes to the process that compares; when a question was sent is told by the clock
// that both have.
import { setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { client } from './client.mjs';
import { moment } from './clock.mjs';
import { question } from './question.mjs';
import { randomOf } from './plan.mjs';

const { addresses, seed, kept, patience } = JSON.parse(process.env.ASKING);
/** Less than those who answer: a question more is worth less than a command that comes through. */
setPriority(2);
const TELL_EVERY = 200;
/** Where no answer comes: all that wait ask often enough together, and what starts again needs the processor more. */
const PAUSE = 200;

const live = new Map();
const revoked = [];
let token;
let stopped = false;
const told = () => ({ answered: 0, unanswered: 0, refusedLive: 0, statuses: {}, yes: [] });
let now = told();
const tell = () => {
  const telling = now;
  now = told();
  process.send(telling);
};

process.on('message', (message) => {
  if (message.token !== undefined) token = message.token;
  if (message.live !== undefined) live.set(message.live.pseudonym, message.live);
  if (message.revoked !== undefined) {
    revoked.push(live.get(message.revoked) ?? { pseudonym: message.revoked });
    live.delete(message.revoked);
    if (revoked.length > kept) revoked.shift();
  }
  if (message.stop === true) stopped = true;
});
// Nobody is left who could end it.
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });

/** The newest revocations are those that somebody may not have heard of. */
function chosen(random) {
  if (live.size === 0 || (revoked.length > 0 && random() < 0.7)) {
    return revoked[Math.floor(Math.max(random(), random()) * revoked.length)];
  }
  return [...live.values()][Math.floor(random() * live.size)];
}

/** Questions in one call: most of the time that one question takes is the way to the answer and its record. */
const BATCH = 20;

/** Asks so many questions at once; resolves with their decisions, in order, `undefined` where one was not answered. */
async function answersTo({ send }, subjects) {
  if (subjects.length === 1) {
    const answer = await send('POST', '/access/v1/evaluation', question(subjects[0]), {}, patience);
    return { status: answer.status, decisions: [answer.status === 200 ? answer.body.decision : undefined] };
  }
  const answer = await send('POST', '/access/v1/evaluations', { evaluations: subjects.map(question) }, {}, patience);
  const items = answer.status === 200 ? answer.body.evaluations : [];
  const decisions = subjects.map((_, index) =>
    items[index]?.context?.error === undefined ? items[index]?.decision : undefined,
  );
  return { status: answer.status, decisions };
}

async function ask(one, times, random) {
  while (!stopped) {
    const subjects = Array.from({ length: times }, () => chosen(random)).filter((subject) => subject !== undefined);
    const askedAt = moment();
    const answer = subjects.length === 0 ? undefined : await answersTo(one, subjects).catch(() => undefined);
    if (answer !== undefined) now.statuses[answer.status] = (now.statuses[answer.status] ?? 0) + 1;
    let answered = 0;
    for (const [index, decision] of (answer?.decisions ?? []).entries()) {
      if (typeof decision !== 'boolean') continue;
      const { pseudonym } = subjects[index];
      answered += 1;
      if (decision) now.yes.push([pseudonym, askedAt]);
      else if (live.has(pseudonym)) now.refusedLive += 1;
    }
    now.answered += answered;
    now.unanswered += subjects.length - answered;
    if (answered === 0) await delay(PAUSE);
  }
}

const telling = setInterval(tell, TELL_EVERY);
const clients = addresses.map(({ url, underWay }) => ({ underWay, ...client(url, () => token) }));
await Promise.all(
  clients.flatMap((one, at) =>
    Array.from({ length: one.underWay }, (_, index) =>
      ask(one, index % 2 === 0 ? 1 : BATCH, randomOf(seed, -2 - at * 1_000 - index)),
    ),
  ),
);
for (const one of clients) one.close();
clearInterval(telling);
tell();
process.send({ over: true }, () => process.disconnect());
