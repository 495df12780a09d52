#!/usr/bin/env node
import { hashingThread } from './hashing-thread.js';
import { STATUS } from './report.js';
import { verify } from './command.js';

// A reader that has gone (head, less) wants no more of it, and no trace of an error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await verify(process.argv.slice(2), {
  input: process.stdin,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
  hashing: hashingThread,
}).catch((error: unknown) => {
  // Node's own status for it is that of a log that is not intact.
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return STATUS.notKnown;
});
