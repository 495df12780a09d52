import { escapeHtml, type Language } from '#libs/platform';
import { barPlot, legend } from './plots.js';
import type { PolicySimulationView, SimulatedMomentView, SimulationResultView } from './policy-simulation.view.js';

/** What came of a policy simulation as a page for people: read, printed, and put away as it is. */
const WORDS = {
  en: {
    title: 'What this policy would do',
    id: 'Id',
    status: 'Status',
    reason: 'Asked because',
    requested: 'Asked on',
    ended: 'Over on',
    shownUntil: 'Shown until',
    statuses: {
      waiting: 'waits for its turn',
      running: 'is running',
      completed: 'completed',
      cancelled: 'cancelled',
      failed: 'failed: it was interrupted too often, and can be asked for again',
    },
    progress: 'means looked at',
    of: 'of',
    cancelled: 'Cancelled because',
    proposal: 'What is proposed',
    levelEnds: 'Level {level} ends',
    secondFactor: 'Two factors are mandatory',
    minimum: 'Lowest level {level}',
    rules: 'Rules',
    everywhere: 'everywhere',
    from: 'from',
    summary: 'In short',
    nothing: 'Nothing is lost: everything that stands by the policy in force stands by the proposal.',
    lose:
      'From {at} on {rights} of {inForce} rights are lost: {means} means of {holders} persons can no longer act for ' +
      '{organizations} organizations, at {services} services of {providers} providers.',
    right: 'A right: one means may act for one organization at one service.',
    standing: 'Rights that stand',
    inForce: 'by the policy in force',
    proposed: 'by the proposal',
    who: 'Who has to do what',
    whoNote: 'Means that lose something, each once, by what brings back all that it loses.',
    remedies: {
      'another-means': 'use another means, at {level}',
      'upgrade-means': 'upgrade the means, to {level}',
      'raise-authorization': 'raise the authorization, to {level}',
      none: 'nothing brings it back',
    },
    remedy: 'What is needed',
    perProvider: 'By service provider',
    perService: 'By service',
    provider: 'Provider',
    service: 'Service',
    rights: 'Rights',
    meansHead: 'Means',
    holders: 'Persons',
    authorizations: 'Authorizations',
    organizations: 'Organizations',
    levels: 'Levels of what is lost',
    before: 'In force',
    after: 'Reached by the proposal',
    noLevel: 'none',
    reasons: 'Why',
    leftOut: '{count} services and providers with fewer losses are not listed.',
    gained: 'By the proposal {gained} rights stand that do not by the policy in force.',
    figures: 'As a table: GET /v1/policy-simulations/{id}/figures.',
    looked: 'What was looked at',
    register: 'The register, gone through',
    until: 'to',
    policy: 'Policy in force',
    counted: '{means} means, {rights} rights that may stand by one of the policies',
    persons: 'Nobody and no organization is named here: these are numbers.',
    reading: 'This reading is on record as',
  },
  nl: {
    title: 'Wat dit beleid zou doen',
    id: 'Id',
    status: 'Status',
    reason: 'Gevraagd omdat',
    requested: 'Gevraagd op',
    ended: 'Afgelopen op',
    shownUntil: 'Getoond tot',
    statuses: {
      waiting: 'wacht op zijn beurt',
      running: 'loopt',
      completed: 'klaar',
      cancelled: 'geannuleerd',
      failed: 'mislukt: te vaak onderbroken; u kunt hem opnieuw vragen',
    },
    progress: 'middelen bekeken',
    of: 'van',
    cancelled: 'Geannuleerd omdat',
    proposal: 'Wat wordt voorgesteld',
    levelEnds: 'Niveau {level} eindigt',
    secondFactor: 'Twee factoren zijn verplicht',
    minimum: 'Laagste niveau {level}',
    rules: 'Regels',
    everywhere: 'overal',
    from: 'vanaf',
    summary: 'In het kort',
    nothing: 'Er gaat niets verloren: alles wat met het geldende beleid kan, kan met het voorstel ook.',
    lose:
      'Vanaf {at} gaan {rights} van {inForce} rechten verloren: {means} middelen van {holders} personen kunnen niet meer ' +
      'handelen voor {organizations} organisaties, bij {services} diensten van {providers} dienstverleners.',
    right: 'Een recht: één middel mag voor één organisatie handelen bij één dienst.',
    standing: 'Rechten die er zijn',
    inForce: 'met het geldende beleid',
    proposed: 'met het voorstel',
    who: 'Wie wat moet doen',
    whoNote: 'Middelen die iets verliezen, elk één keer, naar wat alles terugbrengt wat zij verliezen.',
    remedies: {
      'another-means': 'een ander middel, op {level}',
      'upgrade-means': 'het middel opwaarderen, naar {level}',
      'raise-authorization': 'hogere machtiging, naar {level}',
      none: 'niets brengt het terug',
    },
    remedy: 'Wat nodig is',
    perProvider: 'Per dienstverlener',
    perService: 'Per dienst',
    provider: 'Dienstverlener',
    service: 'Dienst',
    rights: 'Rechten',
    meansHead: 'Middelen',
    holders: 'Personen',
    authorizations: 'Machtigingen',
    organizations: 'Organisaties',
    levels: 'Niveaus van wat verloren gaat',
    before: 'Geldend',
    after: 'Bereikt met het voorstel',
    noLevel: 'geen',
    reasons: 'Waarom',
    leftOut: '{count} diensten en dienstverleners met minder verlies staan hier niet.',
    gained: 'Met het voorstel zijn er {gained} rechten die er met het geldende beleid niet zijn.',
    figures: 'Als tabel: GET /v1/policy-simulations/{id}/figures.',
    looked: 'Wat is bekeken',
    register: 'Het register, doorlopen van',
    until: 'tot',
    policy: 'Geldend beleid',
    counted: '{means} middelen, {rights} rechten die met een van beide kunnen bestaan',
    persons: 'Niemand en geen enkele organisatie wordt hier genoemd: dit zijn aantallen.',
    reading: 'Deze lezing is vastgelegd als',
  },
} as const;

type Words = (typeof WORDS)[Language];

const IN_FORCE = '#9db4cc';
const PROPOSED = '#1a56b0';
const LOST = '#b35900';

const filled = (words: string, values: Readonly<Record<string, string | number>>): string =>
  words.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]));

const code = (text: string): string => `<code>${escapeHtml(text)}</code>`;
const cells = (tag: 'th' | 'td', texts: readonly string[]): string =>
  `<tr>${texts.map((text) => `<${tag}>${text}</${tag}>`).join('')}</tr>`;
const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><thead>${cells('th', heads.map(escapeHtml))}</thead><tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table>`;
const facts = (rows: readonly (readonly [string, string])[]): string =>
  `<table>${rows.map(([name, html]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${html}</td></tr>`).join('')}</table>`;

/** A moment as people in Amsterdam say it: midnight is a day. */
function dayOf(moment: string, language: Language): string {
  const date = new Date(moment);
  const zone = { timeZone: 'Europe/Amsterdam' } as const;
  const day = new Intl.DateTimeFormat(language, { ...zone, day: 'numeric', month: 'long', year: 'numeric' }).format(
    date,
  );
  const clock = new Intl.DateTimeFormat('nl', { ...zone, hour: '2-digit', minute: '2-digit' }).format(date);
  return clock === '00:00' ? day : `${day} ${clock}`;
}

export function policySimulationPage(
  view: PolicySimulationView,
  reading: string | undefined,
  language: Language,
): { readonly title: string; readonly language: Language; readonly body: string } {
  const words = WORDS[language];
  const { id, status, reason, requestedAt, endedAt, shownUntil, progress, cancellationReason, result } = view;
  const day = (moment: string): string => escapeHtml(dayOf(moment, language));
  const body =
    `<h1>${words.title}</h1>` +
    (result === undefined ? '' : summaryOf(result, words, language)) +
    facts([
      [words.id, code(id)],
      [words.status, escapeHtml(words.statuses[status as keyof Words['statuses']])],
      ...(progress === undefined ? [] : [[words.progress, `${progress.done} ${words.of} ${progress.of}`] as const]),
      [words.reason, escapeHtml(reason)],
      ...(cancellationReason === undefined ? [] : [[words.cancelled, escapeHtml(cancellationReason)] as const]),
      [words.requested, day(requestedAt)],
      ...(endedAt === undefined ? [] : [[words.ended, day(endedAt)] as const]),
      [words.shownUntil, day(shownUntil)],
    ]) +
    `<h2>${words.proposal}</h2>${proposalOf(view, words, day)}` +
    (result === undefined ? '' : resultOf(id, result, words, language)) +
    (reading === undefined ? '' : `<p class="quiet">${words.reading} ${code(reading)}.</p>`);
  return { title: words.title, language, body };
}

function proposalOf({ proposal }: PolicySimulationView, words: Words, day: (moment: string) => string): string {
  const { levelPolicy = [], secondFactorPolicy = [], minimumLevels = [], ruleSet } = proposal;
  const place = (...parts: readonly (string | undefined)[]): string => {
    const named = parts.filter((part): part is string => part !== undefined);
    return named.length === 0 ? words.everywhere : named.map(code).join('<br>');
  };
  return table(
    ['', '', ''],
    [
      ...levelPolicy.map(({ level, usableUntil, provider }) => [
        escapeHtml(filled(words.levelEnds, { level })),
        day(usableUntil),
        place(provider),
      ]),
      ...secondFactorPolicy.map(({ from, provider, service }) => [
        words.secondFactor,
        `${words.from} ${day(from)}`,
        place(provider, service),
      ]),
      ...minimumLevels.map(({ service, from, level }) => [
        escapeHtml(filled(words.minimum, { level })),
        `${words.from} ${day(from)}`,
        place(service),
      ]),
      ...(ruleSet === undefined ? [] : [[words.rules, code(ruleSet), '']]),
    ],
  ).replace(/<thead>.*?<\/thead>/, '');
}

function summaryOf({ moments }: SimulationResultView, words: Words, language: Language): string {
  const losing = moments.filter(({ lost }) => lost.rights > 0);
  if (losing.length === 0) return `<p class="level">0 ${words.rights.toLowerCase()}</p><p>${words.nothing}</p>`;
  const last = losing.at(-1)!;
  return (
    `<p class="level">−${last.lost.rights} ${words.rights.toLowerCase()}</p>` +
    losing
      .map(({ at, inForce, lost }) => {
        const { since: _since, authorizations: _authorizations, ...counts } = lost;
        return `<p>${escapeHtml(filled(words.lose, { ...counts, inForce, at: dayOf(at, language) }))}</p>`;
      })
      .join('') +
    `<p class="quiet">${words.right} ${words.persons}</p>`
  );
}

function resultOf(id: string, result: SimulationResultView, words: Words, language: Language): string {
  const { moments, from, until, policy, inForceRuleSet, ruleSet, means, rights } = result;
  return (
    `<h2>${words.standing}</h2>` +
    legend([
      [IN_FORCE, words.inForce],
      [PROPOSED, words.proposed],
    ]) +
    barPlot(
      words.standing,
      moments.map(({ at, inForce, proposed }) => ({
        label: dayOf(at, language),
        bars: [
          { label: words.inForce, value: inForce, color: IN_FORCE },
          { label: words.proposed, value: proposed, color: PROPOSED },
        ],
      })),
    ) +
    moments.map((moment) => momentOf(moment, words, language)).join('') +
    `<h2>${words.looked}</h2>` +
    facts([
      [words.register, `${code(from)} ${words.until} ${code(until)}`],
      ['', escapeHtml(filled(words.counted, { means, rights }))],
      [words.policy, code(policy)],
      [words.rules, ruleSet === inForceRuleSet ? code(ruleSet) : `${code(inForceRuleSet)} → ${code(ruleSet)}`],
    ]) +
    `<p class="quiet">${escapeHtml(filled(words.figures, { id }))}</p>`
  );
}

function momentOf(moment: SimulatedMomentView, words: Words, language: Language): string {
  const { at, lost, gained, remedies, providers, services, levels, reasons, leftOut } = moment;
  const gains = gained === 0 ? '' : `<p>${escapeHtml(filled(words.gained, { gained }))}</p>`;
  const head = `<h2>${escapeHtml(capitalized(`${words.from} ${dayOf(at, language)}`))}</h2>${gains}`;
  if (lost.rights === 0) return `${head}<p>${words.nothing}</p>`;
  const needed = ({ remedy, level }: SimulatedMomentView['remedies'][number]): string =>
    filled(words.remedies[remedy as keyof Words['remedies']], { level: level ?? '' });
  const counts = (of: SimulatedMomentView['providers'][number] | SimulatedMomentView['services'][number]) =>
    [of.rights, of.means, of.holders, of.authorizations, of.organizations].map(String);
  const heads = [words.rights, words.meansHead, words.holders, words.authorizations, words.organizations];
  const bars = (those: readonly { readonly name: string; readonly rights: number }[]) =>
    those.slice(0, MOST_BARS).map(({ name, rights }) => ({
      label: name,
      bars: [{ label: words.rights, value: rights, color: LOST }],
    }));
  return (
    head +
    `<h3>${words.who}</h3><p class="quiet">${words.whoNote}</p>` +
    barPlot(
      words.who,
      remedies
        .filter(({ means }) => means > 0)
        .map((one) => ({
          label: needed(one),
          bars: [{ label: words.meansHead, value: one.means, color: PROPOSED }],
        })),
    ) +
    table(
      [words.remedy, words.rights, words.meansHead, words.holders],
      remedies.map((one) => [escapeHtml(needed(one)), ...[one.rights, one.means, one.holders].map(String)]),
    ) +
    `<h3>${words.perProvider}</h3>${barPlot(words.perProvider, bars(providers))}` +
    table(
      [words.provider, ...heads],
      providers.map((one) => [escapeHtml(one.name), ...counts(one)]),
    ) +
    `<h3>${words.perService}</h3>` +
    table(
      [words.service, ...heads],
      services.map((one) => [`${escapeHtml(one.name)}<br>${code(one.service)}`, ...counts(one)]),
    ) +
    (leftOut === 0 ? '' : `<p class="quiet">${escapeHtml(filled(words.leftOut, { count: leftOut }))}</p>`) +
    `<h3>${words.levels}</h3>` +
    table(
      [words.before, words.after, words.rights],
      levels.map(({ before, after, rights }) => [
        escapeHtml(before),
        escapeHtml(after ?? words.noLevel),
        String(rights),
      ]),
    ) +
    `<h3>${words.reasons}</h3>` +
    table(
      [words.reasons, words.rights],
      reasons.map(({ code: reason, rights }) => [code(reason), String(rights)]),
    )
  );
}

const capitalized = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

/** More bars than this say nothing that the table below does not say better. */
const MOST_BARS = 20;
