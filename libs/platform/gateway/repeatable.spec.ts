import { describe, expect, it } from '@jest/globals';
import { isNotSendable, isRepeatable, nothingWasSent } from './repeatable.js';

describe('whether a request may be asked twice', () => {
  it.each([
    ['GET', '/v1/means/1', true],
    ['HEAD', '/v1/means/1', true],
    ['POST', '/v1/means/_search', true],
    ['POST', '/v1/classifications/validity', true],
    ['POST', '/v1/audit/checks/_search', false],
    ['POST', '/v1/%61udit/checks/_search', false],
    ['POST', '/access/v1/evaluation#/_search', false],
    ['POST', '/v1/means', false],
    ['POST', '/v1/means/1/activations', false],
    ['POST', '/access/v1/evaluation', false],
    ['POST', '/oauth/token', false],
    ['DELETE', '/v1/means/_search', false],
  ])('%s %s: %s', (method, path, repeatable) => {
    expect(isRepeatable(method, path)).toBe(repeatable);
  });

  const failure = (code: string): Error => Object.assign(new Error(code), { code });
  it.each([
    ['a refused connection', failure('ECONNREFUSED'), true],
    [
      'one refused at each of its addresses',
      new AggregateError([failure('ECONNREFUSED'), failure('ENETUNREACH')]),
      true,
    ],
    ['one that was taken at one of them', new AggregateError([failure('ECONNREFUSED'), failure('ECONNRESET')]), false],
    ['a connection that was not taken in time', failure('UND_ERR_CONNECT_TIMEOUT'), true],
    ['the same below another error', new Error('no answer', { cause: failure('ECONNREFUSED') }), true],
    ['a connection that broke', failure('ECONNRESET'), false],
    ['an answer that did not come', failure('UND_ERR_HEADERS_TIMEOUT'), false],
    ['what is no error', 'ECONNREFUSED', false],
  ])('nothing was sent after %s', (_, error, unsent) => {
    expect(nothingWasSent(error)).toBe(unsent);
  });

  it.each([
    ['a header that can not be sent', failure('UND_ERR_INVALID_ARG'), true],
    ['the same below another error', new Error('no answer', { cause: failure('UND_ERR_NOT_SUPPORTED') }), true],
    ['a connection that broke', failure('ECONNRESET'), false],
    ['what is no error', 'UND_ERR_INVALID_ARG', false],
  ])('the request itself is at fault after %s', (_, error, notSendable) => {
    expect(isNotSendable(error)).toBe(notSendable);
  });
});
