import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LineageBroken } from '#libs/eventing';
import { FaultForPeople } from '#libs/kernel';
import { HOW_TO_GO_ON } from './how-to-go-on.js';
import { runUntilEnded, type Endable } from './run-until-ended.js';

type Signal = 'SIGINT' | 'SIGTERM';

/** One that answers until it is stopped; `lose` and `goBack`: what befalls its server and its store. */
function application(stopping: () => Promise<void> = async () => undefined) {
  let stopped = 0;
  let lose!: (reason: Error) => void;
  let goBack!: (broken: LineageBroken) => void;
  const serverLost = new Promise<Error>((resolve) => (lose = resolve));
  const lineageLost = new Promise<LineageBroken>((resolve) => (goBack = resolve));
  const running = {
    open: { databases: { server: { lost: serverLost } }, stores: { lineage: { lost: lineageLost } } },
    stop: () => {
      stopped += 1;
      return stopping();
    },
  } satisfies Endable;
  return { running, stopped: () => stopped, lose, goBack };
}

describe('a process', () => {
  let exits: unknown[];
  let said: string[];
  let errors: string[];
  let before: Map<Signal, readonly ((...args: never[]) => void)[]>;
  /** Resolves when the process has ended. */
  let ended: Promise<void>;
  beforeEach(() => {
    [exits, said, errors] = [[], [], []];
    before = new Map((['SIGINT', 'SIGTERM'] as const).map((signal) => [signal, process.listeners(signal) as never]));
    ended = new Promise((resolve) => {
      jest.spyOn(process, 'exit').mockImplementation((status) => {
        exits.push(status);
        resolve();
        return undefined as never;
      });
    });
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      errors.push(String(text));
      return true;
    });
  });
  afterEach(() => {
    jest.spyOn(process, 'exit').mockRestore();
    jest.spyOn(process.stderr, 'write').mockRestore();
    for (const [signal, listeners] of before) {
      for (const listener of process.listeners(signal)) {
        if (!listeners.includes(listener as never)) process.off(signal, listener);
      }
    }
  });
  const say = (line: string): void => void said.push(line);
  const signal = (name: Signal): void => void process.emit(name);

  it.each(['SIGINT', 'SIGTERM'] as const)('stops in order on %s, once, and ends well', async (name) => {
    const { running, stopped } = application();
    await runUntilEnded(async () => running, say);
    expect([stopped(), exits]).toEqual([0, []]);
    signal(name);
    signal('SIGTERM');
    await ended;
    expect([stopped(), exits, said]).toEqual([1, [0], []]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends at once on %s while it starts, as a shell tells it', async (name, status) => {
    let go!: (running: Endable) => void;
    const { running, stopped } = application();
    const work = runUntilEnded(() => new Promise<Endable>((resolve) => (go = resolve)), say);
    try {
      signal(name);
    } catch {
      // A process that has ended does not go on; this one does.
    }
    expect(exits).toEqual([status]);
    expect(stopped()).toBe(0);
    go(running);
    await work;
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('that is interrupted by %s in what it plays first did not play it', async (name, status) => {
    const { running, stopped } = application();
    let done!: () => void;
    const work = runUntilEnded(
      async () => running,
      say,
      () => new Promise((resolve) => (done = resolve)),
    );
    await Promise.resolve();
    signal(name);
    await ended;
    expect([stopped(), exits]).toEqual([1, [status]]);
    done();
    await work;
  });

  it('may be ended by what it plays, with a status of its own', async () => {
    const { running, stopped } = application();
    await runUntilEnded(
      async () => running,
      say,
      async (own, end) => {
        expect(own).toBe(running);
        end(3);
      },
    );
    await ended;
    expect([stopped(), exits]).toEqual([1, [3]]);
  });

  it.each([
    [
      'as it is to people, where they can do something about it',
      new FaultForPeople('Another store.'),
      /^Another store\.\n$/,
    ],
    ['with its stack, where it is a mistake', new TypeError('ours'), /^TypeError: ours\n +at /],
    ['whatever it is', 'no error', /^no error\n$/],
  ])('that does not start says why, %s', async (_how, error, text) => {
    await runUntilEnded(() => Promise.reject(error), say).catch(() => undefined);
    expect(exits[0]).toBe(1);
    expect(errors[0]).toMatch(text);
  });

  it('that fails in what it plays is stopped in order', async () => {
    const { running, stopped } = application();
    await runUntilEnded(
      async () => running,
      say,
      () => Promise.reject(new FaultForPeople('No.')),
    );
    await ended;
    expect([stopped(), exits, errors]).toEqual([1, [1], ['No.\n']]);
  });

  it('ends when its server is gone, and says so', async () => {
    const { running, stopped, lose } = application();
    await runUntilEnded(async () => running, say);
    lose(new Error('killed'));
    await ended;
    expect([stopped(), exits, said]).toEqual([1, [1], ['The embedded server is gone: killed']]);
  });

  it('ends when its store went back, and says what to do', async () => {
    const { running, stopped, goBack } = application();
    await runUntilEnded(async () => running, say);
    goBack(new LineageBroken('position 7 is gone'));
    await ended;
    expect([stopped(), exits]).toEqual([1, [1]]);
    expect(said).toEqual([
      'The store went back under this process (position 7 is gone).',
      `It answers nothing and writes nothing any more, and ends. ${HOW_TO_GO_ON}`,
    ]);
  });

  it('says that it did not end cleanly', async () => {
    const { running } = application(() => Promise.reject(new FaultForPeople('Still in use.')));
    await runUntilEnded(async () => running, say);
    signal('SIGTERM');
    await ended;
    expect([exits, said]).toEqual([[1], ['It could not end cleanly: Still in use.']]);
  });
});
