import { describe, expect, it } from '@jest/globals';
import { closeAfter, closeInTurn } from './close-in-turn.js';

describe('what is closed in turn', () => {
  const closing = (closed: string[], ...names: readonly string[]) =>
    names.map((name) => async () => {
      closed.push(name);
      if (name.startsWith('bad')) throw new Error(name);
    });

  it('is closed one after the other, also when one can not be, and says the first reason at the end', async () => {
    const closed: string[] = [];
    await closeInTurn(closing(closed, 'app', 'stores'));
    expect(closed.splice(0)).toEqual(['app', 'stores']);
    await expect(closeInTurn(closing(closed, 'app', 'bad stores', 'bad vault', 'server'))).rejects.toThrow(
      'bad stores',
    );
    expect(closed).toEqual(['app', 'bad stores', 'bad vault', 'server']);
  });

  it('is closed after a failure too, which is what is told', async () => {
    const closed: string[] = [];
    await expect(closeAfter(new Error('the failure'), closing(closed, 'bad app', 'stores'))).rejects.toThrow(
      'the failure',
    );
    expect(closed).toEqual(['bad app', 'stores']);
  });
});
