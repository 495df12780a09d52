import { describe, expect, it } from '@jest/globals';
import { errorFields } from './access-log.js';

/** An error as the engine would have made it, so many calls deep. */
const deep = (error: Error, calls: number): Error =>
  Object.assign(error, {
    stack: [`${error.name}: ${error.message}`, 'of two lines', ...Array(calls).fill('    at work (file.js:1:1)')].join(
      '\n',
    ),
  });

describe('an error in the log', () => {
  it('has its name, its message and the innermost of its calls, and so has what caused it', () => {
    const error = deep(new TypeError('outer', { cause: deep(new Error('inner'), 2) }), 20);
    expect(errorFields(error)).toEqual({
      ...{ type: 'TypeError', message: 'outer', stack: Array(12).fill('at work (file.js:1:1)') },
      cause: { type: 'Error', message: 'inner', stack: Array(2).fill('at work (file.js:1:1)') },
    });
  });

  it('does not quote: of a driver or a parser there is the code, not what it was given', () => {
    const parser = deep(new SyntaxError('Unexpected token in "Jansen"'), 1);
    const driver = Object.assign(deep(new Error('Key (name)=(Jansen) exists'), 1), {
      code: '23505',
      severity: 'ERROR',
    });
    for (const error of [parser, driver]) expect(JSON.stringify(errorFields(error))).not.toContain('Jansen');
    expect(errorFields(driver)).toMatchObject({ type: 'Error', code: '23505' });
    // Of the system there are both.
    const system = Object.assign(deep(new Error('connect ECONNREFUSED'), 1), { code: 'ECONNREFUSED' });
    expect(errorFields(system)).toMatchObject({ message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' });
  });

  it('is told of by its type where it is none', () => {
    expect([errorFields('Jansen'), errorFields(undefined)]).toEqual([{ type: 'string' }, { type: 'undefined' }]);
    expect(errorFields(Object.assign(new Error('x'), { stack: undefined, code: 7 }))).toEqual({
      ...{ type: 'Error', message: 'x', stack: [] },
    });
  });
});
