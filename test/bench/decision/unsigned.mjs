// Loaded before a suite: a signature of an answer costs nothing and is none. What is left of a decision is everything else,
// the way to the thread that signs and back among it.
import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';

const { Worker } = threads;
threads.Worker = class extends Worker {
  constructor(program, options) {
    const unsigned = `require('node:crypto').sign = () => Buffer.alloc(64); ${program}`;
    super(options?.name === 'signatures' ? unsigned : program, options);
  }
};
syncBuiltinESMExports();
