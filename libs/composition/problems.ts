import { allRejections } from '#libs/domain';
import type { RejectionDeclaration, Words } from '#libs/kernel';

/** A fault that the schema of an evaluation finds (classification.md §0). */
const ofDossier = (title: Words, meaning: Words): RejectionDeclaration => ({
  kind: 'invalid',
  title,
  meaning: { en: `${meaning.en} Nothing was judged.`, nl: `${meaning.nl} Er is niets beoordeeld.` },
});

/** Codes of faults that apps find in a question or a dossier. */
const ofQuestions: Readonly<Record<string, RejectionDeclaration>> = {
  'unknown-level': {
    kind: 'invalid',
    title: { en: 'There is no such level', nl: 'Dit niveau bestaat niet' },
    meaning: {
      en: 'A member that holds a level has another value than EH1, EH2, EH2+, EH3 or EH4. Nothing was judged.',
      nl: 'Een veld met een niveau heeft een andere waarde dan EH1, EH2, EH2+, EH3 of EH4. Er is niets beoordeeld.',
    },
    rule: 'LVL-01',
  },
  'missing-member': ofDossier(
    { en: 'A member of the dossier is missing', nl: 'Een veld van het dossier ontbreekt' },
    {
      en: 'The schema of this evaluation requires the member at the place that is named, or another one in its place.',
      nl: 'Het schema van deze beoordeling verlangt het veld op de genoemde plaats, of een ander in plaats ervan.',
    },
  ),
  'unknown-value': ofDossier(
    { en: 'There is no such value', nl: 'Deze waarde bestaat niet' },
    {
      en: 'The member has one of a list of values, which the detail names.',
      nl: 'Het veld heeft een van een lijst van waarden, die de toelichting noemt.',
    },
  ),
  'unknown-type': ofDossier(
    { en: 'There is no such type', nl: 'Dit type bestaat niet' },
    {
      en: 'What stands here is of one of several types, and this member says of which. It is missing, or names none of them.',
      nl: 'Wat hier staat, is van een van meer typen, en dit veld zegt van welk. Het ontbreekt, of noemt geen daarvan.',
    },
  ),
  'invalid-date': ofDossier(
    { en: 'That is no date or moment', nl: 'Dit is geen datum of tijdstip' },
    {
      en: 'A date is written as 2026-03-02 and a moment as 2026-03-02T12:00:00Z, and both have to exist.',
      nl: 'Een datum wordt geschreven als 2026-03-02 en een tijdstip als 2026-03-02T12:00:00Z, en beide moeten bestaan.',
    },
  ),
  'out-of-bounds': ofDossier(
    { en: 'The value is out of bounds', nl: 'De waarde ligt buiten de grenzen' },
    {
      en: 'It is lower or higher, shorter or longer, or has fewer or more items than the detail allows.',
      nl: 'Zij is lager of hoger, korter of langer, of heeft minder of meer onderdelen dan de toelichting toestaat.',
    },
  ),
  'end-before-begin': ofDossier(
    { en: 'It ends before it begins', nl: 'Het eindigt voordat het begint' },
    {
      en: 'Of a period the end lies before its begin.',
      nl: 'Van een periode ligt het einde voor het begin.',
    },
  ),
  'time-not-supported': {
    kind: 'invalid',
    title: { en: 'No answer as of another moment', nl: 'Geen antwoord voor een ander moment' },
    meaning: {
      en: 'A search is about now, also an auditor’s. Leave `context.time` out, or ask a single question or several: these are answered as of an earlier moment.',
      nl: 'Een zoekvraag gaat over nu, ook die van een auditor. Laat `context.time` weg, of stel een enkele vraag of een aantal vragen: die worden voor een eerder moment beantwoord.',
    },
  },
};

/** Every code that a problem of an app may carry, beside those of the edge: any app has the page of each, whoever answered with it. */
export const everyProblem = [allRejections, ofQuestions] as const;
