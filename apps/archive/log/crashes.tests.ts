import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LogFiles } from '#libs/eventing';
import { until } from '#libs/testing';
import { expectWhole, Life, live, STEPS, untilPublished, write, type Death, type LogWorld } from './sequencer.tests.js';

export interface CrashWorld extends LogWorld {
  /** Of one process, or of all of them. */
  readonly files: LogFiles;
  /** A folder of another process's own. */
  freshFiles(): Promise<LogFiles>;
  close(): Promise<void>;
}

const DEATHS: readonly Death[] = STEPS.flatMap((step) =>
  (['before', 'after'] as const).flatMap((when) =>
    (step === 'tidy' ? [1] : [1, 2]).map((nth) => ({ step, when, nth })),
  ),
);

/** The order that a crash at any point must not break, on whatever keeps the table and the files. */
export function crashesOf(name: string, open: () => Promise<CrashWorld>): void {
  describe(`a sequencer that is killed: ${name}`, () => {
    let world: CrashWorld;
    beforeEach(async () => void (world = await open()));
    afterEach(() => world.close());

    it.each(DEATHS.flatMap((death) => (['shared', 'own'] as const).map((folder) => ({ ...death, folder }))))(
      '$when it comes to $step the $nth. time, whose successor has the files: $folder',
      async ({ folder, ...death }) => {
        const { files, stores } = world;
        const life = new Life(death);
        const ids = await write(stores, { events: 5, records: 3 });
        const first = await live(world, files, life);
        // More at a time, so that it comes to each step twice; in the end a tile fills that was published in part.
        for (const events of [0, 10, 400]) {
          await until('it is dead, or has published all', async () => {
            if (life.isOver) return true;
            const newest = await stores.log.newest();
            return newest?.size === ids.length && life.published.includes(newest.note);
          });
          ids.push(...(await write(stores, { events, records: 2 })));
        }
        await until('it is dead', () => life.isOver);

        const second = new Life();
        const own = folder === 'shared' ? files : await world.freshFiles();
        const successor = await live(world, own, second);
        await untilPublished(own, ids.length);
        await successor.stop();
        // It never answers any more; only its timers end.
        void first.stop();
        expect(successor.status().stoppedBy).toBeUndefined();
        await expectWhole(world, own, ids, [...life.published, ...second.published]);
      },
    );
  });
}
