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
      en: 'A search is about now, also an auditor’s. Leave `context.time` out, or ask a single question or several: these are answered as of an earlier moment.',
      nl: 'Een zoekvraag gaat over nu, ook die van een auditor. Laat `context.time` weg, of stel een enkele vraag of een aantal vragen: die worden voor een eerder moment beantwoord.',
    },
  },
};
