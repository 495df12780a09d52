import type { RowCode } from '../score.js';
import type { MeansRefusal, MeansRowCode } from './row.js';

export const MEANS_BLOCKING_REFUSALS: readonly MeansRefusal[] = [
  {
    code: 'aspect-unscored',
    rules: ['SCORE-03'],
    rule: 'No row of an element is met; the code names the element.',
    found: (_request, scores) =>
      Object.entries(scores)
        .filter(([, score]) => score === 0)
        .map(([element]) => `aspect-unscored:${element}`),
  },
  {
    code: 'document-reported',
    rules: ['STOLEN-01', 'MEANS-ID3-e'],
    rule: 'An identity document that was copied or shown is reported stolen or missing.',
    found: ({ identification }) =>
      identification.validations.some((validation) => 'status' in validation && validation.status === 'reported')
        ? ['document-reported']
        : [],
  },
];

export const MEANS_ROW_CODES: readonly RowCode<MeansRowCode>[] = [
  {
    code: 'not-unique',
    rules: ['MEANS-ID2-ii.b'],
    condition: 'the attributes match no other known person, or are linked to that person',
  },
  {
    code: 'employer-is-applicant',
    rules: ['MEANS-ID3-d-self'],
    condition: 'the employer who states is another person than the applicant',
  },
  {
    code: 'not-identified',
    rules: ['MEANS-IC4'],
    condition: 'the means is handed over or activated no earlier than its holder was identified in person',
  },
];
