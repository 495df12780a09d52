import type { RejectionDeclaration } from '#libs/kernel';

/** Codes of this app that a problem may carry, beside those of the edge and of the domain. */
export const assuranceProblems: Readonly<Record<string, RejectionDeclaration>> = {
  'unknown-level': {
    kind: 'invalid',
    title: { en: 'There is no such level', nl: 'Dit niveau bestaat niet' },
    meaning: 'A member that holds a level has another value than EH1, EH2, EH2+, EH3 or EH4. Nothing was judged.',
    rule: 'LVL-01',
  },
  'time-not-supported': {
    kind: 'invalid',
    title: { en: 'No answer as of another moment', nl: 'Geen antwoord voor een ander moment' },
    meaning:
      'An auditor’s question about an earlier moment can’t be answered yet. Leave `context.time` out: the answer is about now, and recorded as a reading.',
  },
};
