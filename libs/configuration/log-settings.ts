import { isLoopback } from './loopback.js';

/** What can be the name of a log: it stands in checkpoints and before the plus sign of a key. */
export const isLogName = (name: string): boolean =>
  name.isWellFormed() && /^[^\p{White_Space}+\u0000-\u001f]+$/u.test(name) && Buffer.byteLength(name) <= 255;

/**
 * The name that a log gets where none was set: its address without the scheme. On loopback every installation has the
 * same address: there the store's id tells them apart.
 */
export function defaultLogOrigin(publicBaseUrl: string, store: string): string {
  return isLoopback(new URL(publicBaseUrl).hostname)
    ? `waarborg.invalid/${store}/log`
    : `${publicBaseUrl.replace(/^[a-z]+:\/\//i, '')}/log`;
}
