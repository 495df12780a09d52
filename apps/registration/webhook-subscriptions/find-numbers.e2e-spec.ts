import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nameServer, until, type Named, type NameServer } from '#libs/testing';
import { namesOf, type FindNumbers } from './find-numbers.js';

const NAMES: Readonly<Record<string, Named>> = {
  'receiver.test': ['192.0.2.7'],
  'several.test': ['192.0.2.7', '10.0.0.1'],
  'unnumbered.test': [],
  'four.test': ['192.0.2.7'],
  'six.test': 'silent',
  'none.test': 'silent',
  'both.test': ['192.0.2.7'],
};
const OF_IPV6: Readonly<Record<string, Named>> = {
  'four.test': 'silent',
  'six.test': ['2001:db8:0:0:0:0:0:7'],
  'none.test': [],
  'both.test': ['2001:db8:0:0:0:0:0:7'],
};

describe('the numbers of a name', () => {
  let server: NameServer;
  let folder: string;
  let find: FindNumbers;
  beforeEach(async () => {
    server = await nameServer(
      (name) => NAMES[name] ?? (name.startsWith('silent') ? 'silent' : 'unknown'),
      (name) => OF_IPV6[name],
    );
    folder = mkdtempSync(join(tmpdir(), 'waarborg-hosts-'));
    find = namesOf({ servers: [server.address], hosts: join(folder, 'hosts'), answerLimit: 60_000 });
  });
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  const going = new AbortController().signal;
  const found = async (name: string): Promise<readonly string[]> =>
    (await find(name, going)).map(({ address, family }) => `${family} ${address}`);

  it('are all that a server of names has', async () => {
    expect(await found('receiver.test')).toEqual(['4 192.0.2.7']);
    expect((await found('several.test')).toSorted()).toEqual(['4 10.0.0.1', '4 192.0.2.7']);
    expect(await found('Receiver.TEST.')).toEqual(['4 192.0.2.7']);
  });

  it('are none where there is no such name, or it has no number', async () => {
    await expect(found('nobody.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(found('unnumbered.test')).rejects.toMatchObject({ code: 'ENODATA' });
  });

  it('are those of the file of names first, as it is then', async () => {
    const say = (text: string): void => writeFileSync(join(folder, 'hosts'), text);
    say(
      '10.0.0.9\tother.test receiver.test # is ours\nfd00::9 receiver.test\nnonsense receiver.test\n\n# 10.0.0.8 no.test\n',
    );
    expect(await found('receiver.test')).toEqual(['4 10.0.0.9', '6 fd00::9']);
    expect(await found('OTHER.test')).toEqual(['4 10.0.0.9']);
    await expect(found('no.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    say('10.0.0.10 receiver.test\n');
    expect(await found('receiver.test')).toEqual(['4 10.0.0.10']);
    rmSync(join(folder, 'hosts'));
    expect(await found('receiver.test')).toEqual(['4 192.0.2.7']);
  });

  it('are this machine for localhost, which no server is asked for', async () => {
    expect(await found('localhost')).toEqual(['4 127.0.0.1', '6 ::1']);
    expect(await found('a.localhost.')).toEqual(['4 127.0.0.1', '6 ::1']);
    expect(server.asked).toEqual([]);
  });

  it('hold up nothing of the process while servers keep silent, however many', async () => {
    const ending = new AbortController();
    let over = 0;
    const silent = Array.from({ length: 40 }, (_, nr) =>
      find(`silent-${nr}.test`, ending.signal).catch((error: NodeJS.ErrnoException) => {
        over += 1;
        return error.code;
      }),
    );
    await until('all of them were asked for', () => new Set(server.asked).size === 40);
    // Neither a thread, nor another name.
    expect(process.getActiveResourcesInfo()).not.toContain('GetAddrInfoReqWrap');
    await readFile(import.meta.filename);
    expect(await found('receiver.test')).toEqual(['4 192.0.2.7']);
    expect(over).toBe(0);
    ending.abort();
    expect(new Set(await Promise.all(silent))).toEqual(new Set(['ECANCELLED']));
    await expect(find('receiver.test', ending.signal)).rejects.toThrow();
  });

  it('are those of one family where questions for the other one get no answer', async () => {
    // Each server would be waited for, longer than a test may take.
    const servers = [server.address, server.address];
    const hasty = namesOf({ servers, hosts: join(folder, 'hosts'), answerLimit: 60_000, otherLimit: 20 });
    expect(await hasty('four.test', going)).toEqual([{ address: '192.0.2.7', family: 4 }]);
    expect(await hasty('six.test', going)).toEqual([{ address: '2001:db8::7', family: 6 }]);
    expect((await found('both.test')).toSorted()).toEqual(['4 192.0.2.7', '6 2001:db8::7']);
  });

  it('are waited for while the other family is known to have none', async () => {
    const hasty = namesOf({ servers: [server.address], answerLimit: 50, otherLimit: 1 });
    await expect(hasty('none.test', going)).rejects.toMatchObject({ code: 'ETIMEOUT' });
  });

  it('are given up when nobody says in time', async () => {
    const hasty = namesOf({ servers: [server.address], answerLimit: 50 });
    await expect(hasty('silent.test', going)).rejects.toMatchObject({ code: 'ETIMEOUT' });
    expect(server.asked.length).toBeGreaterThan(2);
  });
});
