// Loaded before a suite: a signature costs nothing and is none. What is left of a decision is everything else.
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

const EMPTY = Buffer.alloc(64);
const { sign } = crypto;
crypto.sign = (algorithm, data, key, callback) =>
  callback === undefined ? sign(algorithm, data, key) : setImmediate(callback, null, EMPTY);
syncBuiltinESMExports();
