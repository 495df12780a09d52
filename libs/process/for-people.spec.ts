import { describe, expect, it } from '@jest/globals';
import { ConfigurationFault } from '#libs/configuration';
import { StoreUnavailable } from '#libs/eventing';
import { isForPeople } from './for-people.js';

describe('what a person is told without a stack', () => {
  const withCode = (error: object, code: string): object => Object.assign(error, { code });

  it.each<[string, unknown, boolean]>([
    ['a setting that is wrong', new ConfigurationFault(['wrong']), true],
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
