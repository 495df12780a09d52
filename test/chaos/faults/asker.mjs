import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { signal, startedHere } from './service.mjs';

/**
 * Questions from a process of their own, to each address with so many under way. `decisions` hears every answer; `figures`
 * counts what was none.
 */
export async function asker({ addresses, seed, kept, patience, token, decisions, figures }) {
  const child = fork(fileURLToPath(new URL('asker-process.mjs', import.meta.url)), {
    env: { ...process.env, ASKING: JSON.stringify({ addresses, seed, kept, patience }) },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  startedHere.add(() => signal(child.pid, 'SIGKILL'));
  let over = false;
  let begun;
  const ready = new Promise((resolve) => (begun = resolve));
  child.on('message', (message) => {
    if (message.ready === true) return begun();
    if (message.over === true) return void (over = true);
    decisions.refused(message.answered - message.yes.length);
    for (const [pseudonym, askedAt] of message.yes) decisions.answered(pseudonym, askedAt, true);
    figures.unanswered += message.unanswered;
    figures.refusedLive += message.refusedLive;
    for (const [status, times] of Object.entries(message.statuses)) {
      figures.answers[status] = (figures.answers[status] ?? 0) + times;
    }
  });
  /** Ended before it was told to, it has asked nothing more: the run would have shown less than it says. */
  const exit = new Promise((resolve) => child.once('exit', (code, how) => resolve(how ?? code)));
  // What it said last may still be under way when it has ended.
  const heard = new Promise((resolve) => child.once('disconnect', resolve));
  const ended = Promise.all([exit, heard]).then(([how]) => {
    if (!over) throw new Error(`the asker ended (${how})`);
  });
  ended.catch(() => undefined);
  await Promise.race([ready, ended]);
  const tell = (message) => child.connected && child.send(message);
  const renew = () => tell({ token: token() });
  renew();
  const renewing = setInterval(renew, 60_000);
  return {
    ended,
    live: (subject) => tell({ live: { pseudonym: subject.pseudonym, organization: subject.organization } }),
    revoked: ({ pseudonym }) => tell({ revoked: pseudonym }),
    /** Resolves when the last question is answered, or given up. */
    async stop() {
      clearInterval(renewing);
      tell({ stop: true });
      await ended;
    },
  };
}
