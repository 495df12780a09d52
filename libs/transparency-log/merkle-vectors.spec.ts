import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unless } from '#libs/testing';
import { checkConsistency, checkInclusion, checkSubtreeConsistency, LogFault } from './index.js';

/** Cases of github.com/transparency-dev/merkle, good and bad; they stand beside the checkout. */
const folder = fileURLToPath(new URL('../../../shared/vectors/merkle/', import.meta.url));
const given = unless(existsSync(folder) ? undefined : 'the Merkle vectors of the client are not beside the checkout');

interface Case {
  readonly desc: string;
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
  readonly [member: string]: unknown;
}

const KINDS: Readonly<Record<string, { cases: number; good: number; check: (of: Case) => void }>> = {
  consistency: {
    cases: 98,
    good: 6,
    check: (of) =>
      checkConsistency(
        { size: of['size1'] as number, root: bytes(of['root1']) },
        { size: of['size2'] as number, root: bytes(of['root2']) },
        proof(of),
      ),
  },
  inclusion: {
    cases: 98,
    good: 6,
    check: (of) =>
      checkInclusion(
        bytes(of['leafHash']),
        of['leafIdx'] as number,
        { start: 0, end: of['treeSize'] as number },
        proof(of),
        bytes(of['root']),
      ),
  },
  subtreeconsistency: {
    cases: 118,
    good: 12,
    check: (of) =>
      checkSubtreeConsistency(
        { start: of['start'] as number, end: of['end'] as number },
        bytes(of['root1']),
        of['size'] as number,
        bytes(of['root2']),
        proof(of),
      ),
  },
  subtreeinclusion: {
    cases: 204,
    good: 12,
    check: (of) =>
      checkInclusion(
        bytes(of['leafHash']),
        of['leafIdx'] as number,
        { start: of['start'] as number, end: of['end'] as number },
        proof(of),
        bytes(of['root']),
      ),
  },
};

const bytes = (text: unknown): Buffer => Buffer.from(text as string, 'base64');
const proof = (of: Case): Buffer[] => (of.proof ?? []).map(bytes);

function casesOf(kind: string): readonly Case[] {
  const names = readdirSync(join(folder, kind), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );
  return names.map((name) => JSON.parse(readFileSync(join(folder, kind, name), 'utf8')) as Case);
}

function judged(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    // Nothing else may come out of bad input.
    if (!(error instanceof LogFault)) throw error;
    return false;
  }
}

given.describe('the Merkle vectors', () => {
  describe.each(Object.entries(KINDS))('%s', (kind, { cases, good, check }) => {
    it('are all judged as they say', () => {
      const all = casesOf(kind);
      const wrong = all.filter((each) => judged(() => check(each)) === each.wantErr).map(({ desc }) => desc);
      expect(wrong).toEqual([]);
      expect({ cases: all.length, good: all.filter(({ wantErr }) => !wantErr).length }).toEqual({ cases, good });
    });
  });

  it('are of these kinds, and no others', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(KINDS));
  });
});
