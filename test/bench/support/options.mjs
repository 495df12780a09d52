import { parseArgs } from 'node:util';

/** Options that every bench has; `more` names further ones with their default numbers. */
export function benchOptions(more = {}) {
  const names = { pairs: 5, seconds: 5, ...more };
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      only: { type: 'string' },
      ...Object.fromEntries(Object.keys(names).map((name) => [name, { type: 'string' }])),
    },
  });
  const numbers = Object.entries(names).map(([name, fallback]) => {
    const value = values[name] === undefined ? fallback : Number(values[name]);
    if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} wants a number above zero`);
    return [name, value];
  });
  return { json: values.json, only: values.only?.split(','), ...Object.fromEntries(numbers) };
}
