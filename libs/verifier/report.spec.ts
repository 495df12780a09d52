import { expect } from '@jest/globals';
import { unless } from '#libs/testing';
import {
  formatCheckpoint,
  isSupported,
  judgeCheckpoint,
  signNote,
  trusting,
  verifierKey,
} from '#libs/transparency-log';
import { logKey, ORIGIN } from './log.tests.js';
import { logReport, textOf } from './report.js';
import { verifyLog } from './verify-log.js';

const pq = verifierKey(ORIGIN, 'ml-dsa-44-cosignature', Buffer.alloc(1312, 5));

unless(isSupported(pq.kind) ? 'this Node knows ML-DSA-44' : undefined).it(
  'a signature that this Node can not verify is said not to be checked, to a person and to a program',
  async () => {
    const text = formatCheckpoint({ origin: ORIGIN, size: 5, root: Buffer.alloc(32, 9) });
    const line = `\u2014 ${ORIGIN} ${Buffer.concat([Buffer.from(pq.id, 'hex'), Buffer.alloc(2428, 1)]).toString('base64')}\n`;
    const asked = {
      ...{ log: 'log', hasRecords: false, hasEarlier: false },
      trust: { policy: trusting(logKey.key, pq), from: 'key', isOnTrust: false },
    };
    const believed = judgeCheckpoint(`${await signNote(text, [logKey], 0n)}${line}`, asked.trust.policy);
    const report = logReport({ believed }, asked);
    expect(report).toMatchObject({ keys: [logKey.key.id], unverified: [`${ORIGIN} (${pq.id})`] });
    const notChecked = `not checked ${ORIGIN} (${pq.id}): this Node can't verify that kind of signature`;
    expect(textOf(report).split('\n')).toContain(notChecked);
    // By that key alone nothing is believed, and it is said why.
    const source = { read: () => Promise.resolve(undefined) };
    const alone = await verifyLog({ source, policy: trusting(pq), checkpoint: `${text}\n${line}` });
    expect(textOf(logReport(alone, asked))).toContain(`; not checked: ${ORIGIN} (${pq.id}): this Node can't verify`);
  },
);
