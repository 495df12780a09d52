import type { Score } from '../score.js';
import type { ProfileAspect } from './row.js';

/**
 * The rows by which a register's own, dated profile is scored (SCORE-05). What a register does is found out by an
 * assessment of its organization, not by a dossier; the profile states the outcome, and these rows say what it means.
 */
export interface ProfileRow {
  readonly id: string;
  readonly aspect: ProfileAspect;
  readonly score: Score;
  readonly source: string;
  readonly rule: string;
}

export const PROFILE_ROWS: readonly ProfileRow[] = [
  {
    id: 'IM1',
    aspect: 'IM',
    score: 1,
    source: '003 §4.4.7 row a',
    rule: 'The register may have a consent of or an agreement with the government.',
  },
  {
    id: 'IM2',
    aspect: 'IM',
    score: 2,
    source: '003 §4.4.7 row b',
    rule: 'It has such a consent or agreement; participation in the scheme is one.',
  },
  {
    id: 'IM3',
    aspect: 'IM',
    score: 3,
    source: '003 §4.4.7 row c',
    rule: 'It is under government supervision and organized as STORK level 4 asks.',
  },
  {
    id: 'PD1',
    aspect: 'PD',
    score: 1,
    source: '003 §4.4.8 row a',
    rule: 'After 25 months without use an authorization may be revoked, after notice.',
  },
  {
    id: 'PD2',
    aspect: 'PD',
    score: 2,
    source: '003 §4.4.8 row b',
    rule: 'After 25 months without use an authorization is revoked, after notice.',
  },
  {
    id: 'PI1',
    aspect: 'PI',
    score: 1,
    source: '003 §4.5.4 row a',
    rule: 'One of the entitled parties asks in writing, by e-mail or logged in; no deadline.',
  },
  {
    id: 'PI2',
    aspect: 'PI',
    score: 2,
    source: '003 §4.5.4 row b',
    rule: 'Who asks is identified at IO2; revocation at once when electronic, else within one working day.',
  },
  {
    id: 'PI3',
    aspect: 'PI',
    score: 3,
    source: '003 §4.5.4 row c',
    rule: 'As PI2 with IO3.',
  },
  {
    id: 'PI4',
    aspect: 'PI',
    score: 4,
    source: '003 §4.5.4 row d',
    rule: 'As PI3, and a means is revoked by the procedure of PKIoverheid as well.',
  },
  {
    id: 'PT1',
    aspect: 'PT',
    score: 1,
    source: '003 §4.5.6 row a',
    rule: 'Mutations are carried out as soon as possible.',
  },
  {
    id: 'PT2',
    aspect: 'PT',
    score: 2,
    source: '003 §4.5.6 row b',
    rule: 'Mutations are carried out at once when electronic, else within two working days.',
  },
];
