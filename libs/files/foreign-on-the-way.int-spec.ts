import { lchown, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { notRoot, unless } from '#libs/testing';
import { foreignOnTheWay } from './foreign-on-the-way.js';

const OTHER = 65_534;

unless(notRoot()).describe('As root, on the way to a folder', () => {
  let folder: string;
  let theirs: string;
  let ours: string;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'waarborg-way-')));
    theirs = join(folder, 'theirs');
    ours = join(folder, 'ours');
    await mkdir(join(theirs, 'deep'), { recursive: true });
    await mkdir(join(ours, 'deep'), { recursive: true });
    await lchown(theirs, OTHER, OTHER);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const link = async (path: string, target: string): Promise<string> => {
    await symlink(target, path);
    return path;
  };

  it("nothing is found where all of it is root's, also what is not there yet and what links lead to", async () => {
    await link(join(folder, 'second'), join('ours', 'deep'));
    const first = await link(join(folder, 'first'), join(folder, 'second'));
    await writeFile(join(ours, 'file'), '');
    for (const path of [ours, first, join(first, 'new', 'deep'), join(ours, 'file', 'below')]) {
      expect(await foreignOnTheWay(path)).toBeUndefined();
    }
  });

  it('the folder of another user is found, above what is there and what is not', async () => {
    for (const path of [theirs, join(theirs, 'deep'), join(theirs, 'new', 'deep'), join(ours, '..', 'theirs')]) {
      expect(await foreignOnTheWay(path)).toEqual({ path: theirs, uid: OTHER });
    }
    expect(await foreignOnTheWay(relative(process.cwd(), theirs))).toEqual({ path: theirs, uid: OTHER });
  });

  it('the link of another user is found, wherever it leads', async () => {
    const their = await link(join(folder, 'their-link'), ours);
    await lchown(their, OTHER, OTHER);
    for (const path of [their, join(their, 'deep'), await link(join(folder, 'link'), their)]) {
      expect(await foreignOnTheWay(path)).toEqual({ path: their, uid: OTHER });
    }
  });

  // The way as it is named and the folder where it ends are root's; in between he may change where it leads.
  it("a folder of another user is found that holds only a link between a link of root's and root's folder", async () => {
    const between = await link(join(theirs, 'between'), ours);
    for (const [name, target] of [
      ['absolute', between],
      ['relative', join('theirs', 'between')],
      // Not `join`ed: that would take the steps back before any link is followed.
      ['steps-back', 'ours/deep/../../theirs/between'],
    ] as const) {
      const first = await link(join(folder, name), target);
      expect(await realpath(join(first, 'deep'))).toBe(join(ours, 'deep'));
      for (const path of [first, join(first, 'deep'), join(first, 'new')]) {
        expect(await foreignOnTheWay(path)).toEqual({ path: theirs, uid: OTHER });
      }
    }
  });

  it('steps back start from where a link leads, not from where it lies', async () => {
    await link(join(ours, 'away'), join(theirs, 'deep'));
    await lchown(join(theirs, 'deep'), 0, 0);
    await lchown(theirs, 0, 0);
    await mkdir(join(theirs, 'other'));
    await lchown(join(theirs, 'other'), OTHER, OTHER);
    const back = await link(join(folder, 'back'), 'ours/away/../other');
    for (const path of [back, `${ours}/away/../other`]) {
      expect(await foreignOnTheWay(path)).toEqual({ path: join(theirs, 'other'), uid: OTHER });
    }
  });

  it('links are followed as often as the system does, and no further', async () => {
    let last = ours;
    for (let links = 1; links <= 40; links += 1) last = await link(join(folder, `link-${links}`), last);
    expect(await foreignOnTheWay(last)).toBeUndefined();
    await expect(foreignOnTheWay(await link(join(folder, 'one-more'), last))).rejects.toThrow('more than 40 links');
    const circle = await link(join(folder, 'circle'), join(folder, 'circle'));
    await expect(foreignOnTheWay(circle)).rejects.toThrow(`${circle} can't be followed`);
  });
});
