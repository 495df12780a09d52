/**
 * The suites of what reads and writes through the ports, on a store whose positions have gaps, begin at 0n and are larger
 * than a number, and whose answers to an append say no more than a place: what counts with positions fails here.
 */
process.env['WAARBORG_TEST_POSITIONS'] = 'sparse';

await import('./command-handler.spec.js');
await import('./process-manager.spec.js');
await import('./projector.spec.js');

export {};
