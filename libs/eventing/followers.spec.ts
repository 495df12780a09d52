import { describe, expect, it } from '@jest/globals';
import { followers, type Follower } from './index.js';

describe('followers of one process', () => {
  const stopped: string[] = [];
  const follower = (name: string, id = name): Follower => ({
    status: () => ({ name, state: 'running', position: 0n, silentFor: 0, behindFor: 0 }),
    waitFor: async () => true,
    stop: async () => void stopped.push(id),
  });

  it('have a name each: a second one of a name is stopped and refused, and the first goes on', () => {
    const [mark, model] = [follower('mark'), follower('evidence', 'read model')];
    const all = followers(mark);
    all.add(model);
    for (const name of ['evidence', 'mark']) {
      expect(() => all.add(follower(name, 'process manager'))).toThrow(`two followers are named ${name}`);
    }
    all.add(follower('evidence-follow-up'));
    expect(all.all.map((one) => one.status().name)).toEqual(['mark', 'evidence', 'evidence-follow-up']);
    expect(stopped).toEqual(['process manager', 'process manager']);
  });
});
