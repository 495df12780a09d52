import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '#libs/eventing';
import { closeAfter, closeInTurn } from './close-in-turn.js';
import { isForPeople } from './for-people.js';
import { StoreRefused } from './installation.js';

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

describe('what a person is told without a stack', () => {
  const withCode = (error: object, code: string): object => Object.assign(error, { code });

  it.each<[string, unknown, boolean]>([
    ['a store that is another', new StoreRefused('another'), true],
    ['a store that is away', new StoreUnavailable('away'), true],
    ['a port that is taken', withCode(new Error('listen'), 'EADDRINUSE'), true],
    ['a port that may not be had', withCode(new Error('listen'), 'EACCES'), false],
    ['an error without a code', new Error('a bug'), false],
    ['what is no error', withCode({}, 'EADDRINUSE'), false],
    ['nothing', undefined, false],
  ])('is %s, %#', (_, error, is) => {
    expect(isForPeople(error)).toBe(is);
  });
});
