import type { AuthorizationRow, MeansRow, RuleSet } from '#libs/scheme';
import { item, list, tableOf, wrapped } from '../docs/prose.js';

/** Writes a rule set as a page for people. Everything it says is read from the tables that decide. */

const table = (head: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  tableOf(
    head,
    rows.map((row) => row.map(String)),
  );

const oneOf = (items: readonly unknown[] | undefined): string => items?.join(', ') ?? 'any';

const TITLES: Readonly<Record<string, string>> = {
  IA: 'the represented party',
  IO: 'the submitter',
  IG: 'the authorized natural person',
  IR: 'the authorized legal person',
  IV: 'the association of submitter and represented party',
  IM: 'quality of the register',
  PD: 'validity and non-use',
  PV: 'renewal',
  PI: 'revocation and suspension',
  PT: 'turnaround of mutations',
  ID: 'identification at issuance',
  IC: 'issuance process',
  IE: 'issuing entity',
  RC: 'type and robustness of the means',
  AM: 'certainty of the mechanism',
};

const heading = (part: string): string => `### ${part}: ${TITLES[part] ?? part}\n\n`;

const unique = <Value>(values: readonly Value[]): readonly Value[] => [...new Set(values)];

function levels({ levels: { storkOf, eidasOf }, authorization }: RuleSet): string {
  const rows = authorization.ehTable.map(({ eh, stork, m }) => [
    eh,
    `STORK ${stork}`,
    `M${m}`,
    storkOf[eh],
    eidasOf[eh],
  ]);
  const aspects = Object.keys(authorization.minimumScores[1]) as (keyof (typeof authorization.minimumScores)[1])[];
  const minimums = ([1, 2, 3, 4] as const).map((m) => [
    `M${m}`,
    ...aspects.map((aspect) => authorization.minimumScores[m][aspect]),
  ]);
  return (
    '## Levels and synthesis\n\n' +
    'The highest row whose columns are all met is the level (SYN-05, SYN-06, LVL-15, LVL-16). The submitter of a ' +
    'repeated registration is at that level or higher himself.\n\n' +
    table(['level', 'means', 'authorization', 'STORK', 'eIDAS'], rows) +
    '\nThe least score of every aspect that applies (SYN-01, SYN-02).\n\n' +
    table(['', ...aspects], minimums)
  );
}

const authorizationRow = ({ id, score, books, rule, departure, restsOn, source }: AuthorizationRow): string =>
  item(
    `**${id}** (score ${score}; ${books.join(', ')}): ${rule}` +
      (departure === undefined ? '' : ` *Departing, flag \`${departure.flag}\`:* ${departure.rule}`) +
      (restsOn.length === 0 ? '' : ` Rests on ${unique(restsOn).join(', ')}.`) +
      ` [${source}]`,
  );

const scoredRow = ({ id, score, rule, source }: Pick<MeansRow, 'id' | 'score' | 'rule' | 'source'>): string =>
  item(`**${id}** (score ${score}): ${rule} [${source}]`);

function authorizationRows({ authorization: { rows, profileRows, maximumAge }, validity }: RuleSet): string {
  const evidence = unique(rows.map(({ aspect }) => aspect)).map(
    (aspect) => heading(aspect) + list(rows.filter((row) => row.aspect === aspect).map(authorizationRow)),
  );
  const scored = [...profileRows, ...validity.renewalRows.map((row) => ({ ...row, aspect: 'PV' }))];
  const profile = unique(scored.map(({ aspect }) => aspect)).map(
    (aspect) => heading(aspect) + list(scored.filter((row) => row.aspect === aspect).map(scoredRow)),
  );
  return (
    '## Authorization: rows\n\n' +
    `Register data count when they are less than ${maximumAge / 3_600_000} hours old at the assessment, and data ` +
    'consulted online when they were consulted during the process (TR-01, TR-02, AMB-70). One satisfied row is enough.\n\n' +
    evidence.join('\n') +
    "\n## Authorization: the register's own profile\n\n" +
    profile.join('\n')
  );
}

const codes = (
  rows: readonly { code: string; rule?: string; condition?: string; rules: readonly string[] }[],
): string =>
  list(rows.map(({ code, rule, condition, rules }) => item(`\`${code}\`: ${rule ?? condition} [${rules.join(', ')}]`)));

function meansRows({ means }: RuleSet): string {
  const elements = Object.entries(means.supports);
  const rowsOf = (element: string): readonly MeansRow[] => means.rows.filter((row) => row.element === element);
  return (
    '## Means: rows\n\n' +
    elements.map(([element]) => heading(element) + list(rowsOf(element).map(scoredRow))).join('\n') +
    '\n## Means: score needed for each STORK level\n\n' +
    table(
      ['element', 'STORK 1', 'STORK 2', 'STORK 3', 'STORK 4'],
      elements.map(([element, scores]) => [element, ...scores]),
    )
  );
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

function secrets({ means: { secrets: policies, secretRules } }: RuleSet): string {
  return (
    '## Passwords and PINs\n\n' +
    table(
      ['rule', 'a secret meets the guideline when it holds'],
      secretRules.map(({ id, rule }) => [id, rule]),
    ) +
    '\n' +
    table(
      ['password guideline from', 'length', 'special characters', 'latest passwords that may not return'],
      policies.passwords.map((policy) => [
        day(policy.from),
        `${policy.minimumLength}–${policy.maximumLength}`,
        `\`\` ${policy.specialCharacters} \`\``,
        policy.history,
      ]),
    ) +
    '\n' +
    table(
      ['PIN guideline from', 'length', 'longest repeat', 'longest run', 'locked after wrong attempts'],
      policies.pins.map((policy) => [
        day(policy.from),
        `${policy.minimumLength}–${policy.maximumLength}`,
        policy.longestRepeat,
        policy.longestSequence,
        policy.attemptsBeforeLock,
      ]),
    )
  );
}

const dueIn = ({ immediate, workingDays }: RuleSet['revocation']['deadlines'][number]): string => {
  if (immediate) return 'at once';
  return workingDays === undefined ? 'no deadline' : `${workingDays} working day${workingDays === 1 ? '' : 's'}`;
};

function revocation({ revocation: rules }: RuleSet): string {
  const least = Object.entries(rules.minimumIo).map(([level, io]) => [
    level,
    io,
    rules.ioOfLogin[level as keyof typeof rules.ioOfLogin],
  ]);
  return (
    '## Revocation, suspension and other mutations\n\n' +
    `Entitled to ask for a revocation or suspension (REV-01): ${oneOf(rules.entitledRoles)}.\n\n` +
    table(['level', 'least IO of who asks (PI1–PI4)', 'IO that a login at that level is worth (REV-05)'], least) +
    '\nThe first line that matches counts.\n\n' +
    list(
      rules.deadlines.map((deadline) =>
        item(
          `channel ${deadline.channel}; level ${oneOf(deadline.levels)}; object ${oneOf(deadline.objects)}; ` +
            `mutation ${oneOf(deadline.mutations)}: ${dueIn(deadline)}. ${deadline.rule} ` +
            `[${deadline.rules.join(', ')}]`,
        ),
      ),
    ) +
    '\nWorking days are Monday to Friday in Europe/Amsterdam except (CAL-01):\n\n' +
    table(
      ['holiday', 'day', 'in 2026'],
      rules.holidays.map((holiday) => [holiday.id, holiday.rule, day(holiday.on(2026) * 86_400_000)]),
    )
  );
}

function validity({ validity: rules }: RuleSet): string {
  return (
    '## Validity and non-use\n\n' +
    table(
      ['what', 'value', 'rules'],
      [
        ['longest validity of a registration or consent', `${rules.maximumYears} years`, 'REG-08, AMB-22, CONSENT-05'],
        ['without use, revoked after', `${rules.nonUseMonths} months`, 'NONUSE-01, NONUSE-04, PD1, PD2'],
        ['without use, notice from', `${rules.noticeMonths} months`, 'NONUSE-02, NONUSE-04'],
        ['between notice and revocation at least', `${rules.noticeDays} days`, 'NONUSE-03'],
      ],
    )
  );
}

function use({ use: { reasons } }: RuleSet): string {
  const judges = { unfounded: 'no level', use: '', level: 'needs a level' };
  return (
    '## Reasons at use\n\n' +
    'In the order in which an answer gives them. With a reason marked *no level* there is nothing for a level to stand ' +
    'on; the ones marked *needs a level* are then not judged.\n\n' +
    list(
      reasons.map(({ code, rule, judges: kind, rules }) =>
        item(`\`${code}\`${judges[kind] === '' ? '' : ` (*${judges[kind]}*)`}: ${rule} [${rules.join(', ')}]`),
      ),
    )
  );
}

export function ruleBookPage(rules: RuleSet): string {
  const page = [
    `# The rule book ${rules.version}\n\n` +
      'Generated from the tables in `libs/scheme` (`npm run generate`); a test fails when it is stale. Ids are those of ' +
      `the requirements catalogue, sources those of the scheme document; means are judged by STORK ${rules.stork}.\n`,
    levels(rules),
    authorizationRows(rules),
    '## Authorization: refusals that block\n\nWith one of these nothing is registered at any level.\n\n' +
      codes(rules.authorization.blocking),
    '## Authorization: conditions that cost a row\n\nReported when this condition, alone, keeps an aspect from a ' +
      'higher score.\n\n' +
      codes(rules.authorization.rowCodes),
    meansRows(rules),
    '## Means: refusals that block\n\n' + codes(rules.means.blocking),
    '## Means: conditions that cost a row\n\n' + codes(rules.means.rowCodes),
    secrets(rules),
    revocation(rules),
    validity(rules),
    use(rules),
  ].join('\n');
  return page.replaceAll(/^[^|#\s-].*$/gm, (paragraph) => wrapped(paragraph));
}
