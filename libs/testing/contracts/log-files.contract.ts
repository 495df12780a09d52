import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogFileDiffers, type LogFiles } from '#libs/eventing';

export interface LogFilesHarness {
  readonly files: LogFiles;
  /** The same files, as another process has them. */
  readonly another: LogFiles;
  close(): Promise<void>;
}

const PARTIAL = 'tile/0/x001/234.p/17';
const FULL = 'tile/0/x001/234';
const bytes = (text: string): Buffer => Buffer.from(text);

/** What every place must do that a log is published to. */
export function logFilesContract(name: string, open: () => Promise<LogFilesHarness>): void {
  describe(`log files contract: ${name}`, () => {
    let harness: LogFilesHarness;
    beforeEach(async () => void (harness = await open()));
    afterEach(() => harness.close());

    it('has nothing at first', async () => {
      expect(await harness.files.read(FULL)).toBeUndefined();
      expect(await harness.files.checkpoint()).toBeUndefined();
    });

    it('gives back what was written, to everybody', async () => {
      await harness.files.write(PARTIAL, bytes('part'));
      await harness.files.write(FULL, bytes('whole'));
      expect(Buffer.from((await harness.another.read(PARTIAL))!)).toEqual(bytes('part'));
      expect(Buffer.from((await harness.files.read(FULL))!)).toEqual(bytes('whole'));
      expect(await harness.files.read('tile/0/x001/235')).toBeUndefined();
      expect(await harness.files.read(`${FULL}/000`)).toBeUndefined();
    });

    it('takes the same bytes again, and never others, whoever writes them', async () => {
      await harness.files.write(FULL, bytes('whole'));
      await harness.another.write(FULL, bytes('whole'));
      await expect(harness.another.write(FULL, bytes('other'))).rejects.toEqual(new LogFileDiffers(FULL));
      await expect(harness.files.write(FULL, bytes('whole and more'))).rejects.toBeInstanceOf(LogFileDiffers);
      expect(Buffer.from((await harness.files.read(FULL))!)).toEqual(bytes('whole'));
    });

    it('puts one checkpoint in place of the other', async () => {
      expect(await harness.files.publish('first\n')).toBe(true);
      expect(await harness.another.checkpoint()).toBe('first\n');
      expect(await harness.another.publish('second\n', 'first\n')).toBe(true);
      expect(await harness.files.checkpoint()).toBe('second\n');
    });

    it('puts none in place of another than was named, whoever publishes at the same time', async () => {
      expect(await harness.files.publish('other\n', 'first\n')).toBe(false);
      expect(await harness.files.checkpoint()).toBeUndefined();
      const firsts = await Promise.all(
        [1, 2, 3, 4, 5, 6].map((nth) => (nth % 2 === 0 ? harness.files : harness.another).publish(`first ${nth}\n`)),
      );
      expect(firsts.filter((won) => won)).toHaveLength(1);
      const there = (await harness.another.checkpoint())!;
      expect(there).toBe(`first ${firsts.indexOf(true) + 1}\n`);
      expect(await harness.files.publish('second\n')).toBe(false);
      expect(await harness.another.publish('second\n', `${there}\n`)).toBe(false);
      expect(await harness.files.checkpoint()).toBe(there);
    });

    it('takes partial tiles of a path away, and nothing else', async () => {
      for (const path of [PARTIAL, 'tile/0/x001/234.p/18', FULL, 'tile/0/x001/235.p/1']) {
        await harness.files.write(path, bytes(path));
      }
      await harness.files.tidy(FULL);
      await harness.files.tidy('tile/0/x001/777');
      expect(await harness.another.read(PARTIAL)).toBeUndefined();
      expect(await harness.another.read('tile/0/x001/234.p/18')).toBeUndefined();
      expect(await harness.another.read(FULL)).toBeDefined();
      expect(await harness.another.read('tile/0/x001/235.p/1')).toBeDefined();
      await harness.files.write(PARTIAL, bytes('part'));
      expect(await harness.another.read(PARTIAL)).toBeDefined();
    });
  });
}
