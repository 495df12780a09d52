import { expect, it } from '@jest/globals';
import { IssuerRefused, metadataIn } from './authorization-server.js';

const SAFE = 'https://login.example';
const PLAIN = 'http://127.0.0.1:8081';

it('where an issuer is reached by TLS, so are its keys and the place where clients log in', () => {
  const of = (issuer: string, more: object) => metadataIn({ issuer, jwks_uri: `${issuer}/jwks`, ...more }, issuer, 'x');
  expect(of(SAFE, { token_endpoint: `${SAFE}/token` })).toEqual({
    ...{ jwksUri: `${SAFE}/jwks`, tokenEndpoint: `${SAFE}/token` },
  });
  expect(of(SAFE, {}).tokenEndpoint).toBeUndefined();
  expect(of(PLAIN, { token_endpoint: `${PLAIN}/token` }).tokenEndpoint).toBe(`${PLAIN}/token`);
  for (const plain of [
    'http://login.example/x',
    'HTTP://login.example/x',
    '//login.example/x',
    'ftp://login.example',
  ]) {
    for (const member of ['jwks_uri', 'token_endpoint']) {
      expect(() => of(SAFE, { [member]: plain })).toThrow(IssuerRefused);
      expect(() => of(SAFE, { [member]: plain })).toThrow(member);
    }
  }
});
