/** Which store it is, its mark and its epoch, where positions have gaps and are larger than a number. */
process.env['WAARBORG_TEST_POSITIONS'] = 'sparse';

await import('./installation.spec.js');

export {};
