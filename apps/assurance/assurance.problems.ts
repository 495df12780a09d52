import type { RejectionDeclaration } from '#libs/kernel';

/** Codes of this app that a problem may carry, beside those of the edge and of the domain. */
export const assuranceProblems: Readonly<Record<string, RejectionDeclaration>> = {
  'unknown-level': {
    kind: 'invalid',
    title: { en: 'There is no such level', nl: 'Dit niveau bestaat niet' },
    meaning: {
      en: 'A member that holds a level has another value than EH1, EH2, EH2+, EH3 or EH4. Nothing was judged.',
      nl: 'Een veld met een niveau heeft een andere waarde dan EH1, EH2, EH2+, EH3 of EH4. Er is niets beoordeeld.',
    },
    rule: 'LVL-01',
  },
  'time-not-supported': {
    kind: 'invalid',
    title: { en: 'No answer as of another moment', nl: 'Geen antwoord voor een ander moment' },
    meaning: {
      en: 'An auditor’s question about an earlier moment can’t be answered yet. Leave `context.time` out: the answer is about now, and recorded as a reading.',
      nl: 'Een vraag van een auditor over een eerder moment kan nog niet worden beantwoord. Laat `context.time` weg: het antwoord gaat over nu, en wordt als lezing vastgelegd.',
    },
  },
};
