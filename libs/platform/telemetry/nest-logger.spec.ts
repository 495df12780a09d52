import { expect, it } from '@jest/globals';
import type { FastifyBaseLogger } from 'fastify';
import { nestLogger } from './nest-logger.js';

it('Nest’s messages are lines of the log, an error with its stack, and routes only for who looks closely', () => {
  const lines: unknown[][] = [];
  const logger = new Proxy({} as FastifyBaseLogger, {
    get:
      (_, level) =>
      (...told: unknown[]) =>
        void lines.push([level, ...told]),
  });
  const nest = nestLogger(logger);
  const broken = new Error('it broke');
  nest.error(broken, 'Injector');
  nest.error('no context', { some: 'object' });
  nest.log('Mapped {/v1/status} route', 'RouterExplorer');
  nest.warn('beware');
  nest.verbose!(42);
  expect(lines).toEqual([
    ['error', { log: 'nest', context: 'Injector', err: broken }, 'it broke'],
    ['error', { log: 'nest' }, 'no context'],
    ['debug', { log: 'nest', context: 'RouterExplorer' }, 'Mapped {/v1/status} route'],
    ['warn', { log: 'nest' }, 'beware'],
    ['trace', { log: 'nest' }, '42'],
  ]);
});
