import { HOW_TO_GO_ON } from './how-to-go-on.js';
import type { LineageBroken } from '#libs/eventing';
import { inWords } from './for-people.js';

/** What a shell gives for a process that a signal ended. */
const STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Something that runs until it is told to end; with stores of its own it also ends when those are lost. */
export interface Endable {
  stop(): Promise<void>;
  readonly open?: {
    readonly databases: { readonly server?: { readonly lost: Promise<Error> } };
    readonly stores: { readonly lineage: { readonly lost: Promise<LineageBroken> } };
  };
}

/**
 * Starts an application and lives until it is told to end. A signal while it starts ends the process at once (the server
 * ends with it); later ones stop it in order, once. `play` is what it does first, if anything: interrupted in it, or when
 * it fails, the status is not 0.
 */
export async function runUntilEnded<Running extends Endable>(
  start: () => Promise<Running>,
  say: (line: string) => void,
  play?: (running: Running, end: (status: number) => void) => Promise<void>,
): Promise<void> {
  let running: Running | undefined;
  let playing = true;
  let ending: Promise<void> | undefined;
  const end = (status: number): void => {
    ending ??= running!.stop().then(
      () => process.exit(status),
      (error: unknown) => {
        say(`It could not end cleanly: ${inWords(error)}`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (running === undefined) process.exit(STATUS[signal]);
      end(playing ? STATUS[signal] : 0);
    });
  }
  // Whoever started it over a channel of its own has gone, and nobody is there to tell it to end.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  try {
    running = await start();
    void running.open?.databases.server?.lost.then((reason) => {
      say(`The embedded server is gone: ${reason.message}`);
      end(1);
    });
    void running.open?.stores.lineage.lost.then((broken) => {
      say(`The store went back under this process (${broken.message}).`);
      say(`It answers nothing and writes nothing any more, and ends. ${HOW_TO_GO_ON}`);
      end(1);
    });
    await play?.(running, end);
    playing = false;
  } catch (error) {
    process.stderr.write(`${inWords(error)}\n`);
    if (running === undefined) process.exit(1);
    end(1);
  }
}
