import { epochOf, type Instant } from '#libs/kernel';
import {
  certificateStands,
  registeredLevel,
  type AddresseeRole,
  type ConfirmationKind,
  type ConfirmationLanguage,
  type EffectiveValues,
  type Means,
  type MeansUpgraded,
  type RegisteredAuthorization,
} from '#libs/domain';
import { formatInstant } from '#libs/scheme';
import { isNone } from './entrusted.js';

export type KnownMeans = Exclude<Means, { status: 'none' }>;

/** What a message rests on: the object as the fact left it, and what only the fact says. */
export interface Told {
  readonly authorization?: RegisteredAuthorization;
  readonly means?: KnownMeans;
  readonly previousStork?: MeansUpgraded['data']['previousStork'];
  readonly staysBelow?: MeansUpgraded['data']['staysBelow'];
  readonly staysBelowMore?: boolean;
  /** The authorization to the intermediary that was passed on. */
  readonly passedOn?: string;
  /** Authorizations by which the intermediary passes on what this one gives it; there may be more. */
  readonly substitutes?: readonly string[];
  /** Those by which it may come to pass it on: there is no service now for which it does. */
  readonly substitutesLater?: readonly string[];
  readonly substitutesMore?: boolean;
  readonly lastUsedAt?: Instant | null;
  readonly revokesAt?: Instant;
}

export interface LetterParts {
  readonly kind: ConfirmationKind;
  readonly role: AddresseeRole;
  readonly told: Told;
  readonly language: ConfirmationLanguage;
  /** When it is written. */
  readonly at: Instant;
  /** The supplier in whose name it is written. */
  readonly participant: string;
  /** Number of the represented party, `kvk:69599084`; absent of a means that was applied for on nobody's behalf. */
  readonly organization?: string;
  /** Numbers of the clients that the authorization is for alone; there may be more. Absent: it is not limited so. */
  readonly clients?: { readonly numbers: readonly string[]; readonly more: number };
  readonly serviceName: (id: string) => string | undefined;
}

export interface Letter {
  readonly subject: string;
  /** With `{authorized}` and `{represented}` where the names go, and `{revokesAt}` where that moment does. */
  readonly text: string;
  readonly effective: EffectiveValues;
}

/** By what the addressee knows why he is told. */
const WHY: Readonly<Record<AddresseeRole, readonly [nl: string, en: string]>> = {
  submitter: ['u dit hebt aangevraagd', 'you asked for this'],
  requester: ['u hierom hebt gevraagd', 'you asked for this'],
  administrator: [
    'u beheerder van de machtigingen van deze organisatie bent',
    'you administer the authorizations of this organization',
  ],
  representedParty: ['het om de bevoegdheid van uw organisatie gaat', 'it is about the authority of your organization'],
  authorizedPerson: ['u de gemachtigde bent', 'you are the one who is authorized'],
  holder: ['u de houder van dit middel bent', 'you are the holder of this means'],
};

type Pair = readonly [nl: string, en: string];
/** Subject, and what happened. */
const WORDS: Readonly<Record<ConfirmationKind, readonly [subject: Pair, happened: Pair]>> = {
  authorizationRegistered: [
    ['Bevestiging: machtiging geregistreerd', 'Confirmation: authorization registered'],
    ['Deze machtiging is geregistreerd.', 'This authorization was registered.'],
  ],
  authorizationActivated: [
    ['Bevestiging: machtiging geactiveerd', 'Confirmation: authorization activated'],
    ['Deze machtiging is geactiveerd.', 'This authorization was activated.'],
  ],
  authorizationChanged: [
    ['Bevestiging: machtiging gewijzigd', 'Confirmation: authorization changed'],
    ['Deze machtiging is gewijzigd. Zij geldt nu zo:', 'This authorization was changed. It now stands like this:'],
  ],
  authorizationRenewed: [
    ['Bevestiging: machtiging verlengd', 'Confirmation: authorization renewed'],
    ['Deze machtiging is verlengd. Zij geldt nu zo:', 'This authorization was renewed. It now stands like this:'],
  ],
  authorizationRevoked: [
    ['Bevestiging: machtiging ingetrokken', 'Confirmation: authorization revoked'],
    [
      'Deze machtiging is ingetrokken. Dat is definitief: er kan niet meer mee worden gehandeld.',
      'This authorization was revoked. That is final: nobody can act on it any more.',
    ],
  ],
  authorizationSuspended: [
    ['Bevestiging: machtiging geschorst', 'Confirmation: authorization suspended'],
    [
      'Deze machtiging is geschorst: tot de schorsing is opgeheven, kan er niet mee worden gehandeld. De geldigheid loopt door.',
      'This authorization was suspended: nobody can act on it until the suspension is lifted. Its validity runs on.',
    ],
  ],
  authorizationSuspensionLifted: [
    ['Bevestiging: schorsing van machtiging opgeheven', 'Confirmation: suspension of authorization lifted'],
    ['Een schorsing van deze machtiging is opgeheven.', 'A suspension of this authorization was lifted.'],
  ],
  substitution: [
    ['Melding: uw machtiging is doorgegeven', 'Notice: your authorization was passed on'],
    [
      'De organisatie die u hebt gemachtigd, heeft iemand gemachtigd die daardoor ook voor u kan handelen. Dat mag, omdat u haar het recht van substitutie hebt gegeven. Dit heeft zij vastgelegd:',
      'The organization that you authorized has authorized somebody who can act for you by it as well. It may, because you gave it the right of substitution. This is what it recorded:',
    ],
  ],
  nonUse: [
    ['Aankondiging: machtiging wordt ingetrokken', 'Notice: authorization will be revoked'],
    [
      'Deze machtiging is lang niet gebruikt. Zij wordt ingetrokken op het moment dat hieronder staat, tenzij zij eerder wordt gebruikt.',
      'This authorization has not been used for long. It will be revoked at the moment named below, unless it is used before.',
    ],
  ],
  meansUpgraded: [
    ['Bevestiging: middel opgewaardeerd', 'Confirmation: means upgraded'],
    ['Dit middel is opgewaardeerd naar een hoger niveau.', 'This means was upgraded to a higher level.'],
  ],
  meansRevoked: [
    ['Bevestiging: middel ingetrokken', 'Confirmation: means revoked'],
    [
      'Dit middel is ingetrokken. Dat is definitief, en geen machtiging is er nog mee te gebruiken.',
      'This means was revoked. That is final, and no authorization can be used with it any more.',
    ],
  ],
  meansSuspended: [
    ['Bevestiging: middel geschorst', 'Confirmation: means suspended'],
    [
      'Dit middel is geschorst: tot de schorsing is opgeheven, is het niet te gebruiken.',
      'This means was suspended: it can’t be used until the suspension is lifted.',
    ],
  ],
  meansSuspensionLifted: [
    ['Bevestiging: schorsing van middel opgeheven', 'Confirmation: suspension of means lifted'],
    ['Een schorsing van dit middel is opgeheven.', 'A suspension of this means was lifted.'],
  ],
};

/** Of a link that came after what it is passed on by. */
const PASSED_ON_ALREADY: Pair = [
  'De organisatie die u hebt gemachtigd, had al anderen gemachtigd die door deze machtiging ook voor u kunnen handelen. Dat mag, omdat u haar het recht van substitutie hebt gegeven.',
  'The organization that you authorized had authorized others before, who can act for you by this authorization as well. It may, because you gave it the right of substitution.',
];

/** Of what can't be used in a chain yet: a service may come to it. */
const NOT_YET: Pair = [
  'De organisatie die u hebt gemachtigd, heeft iemand gemachtigd die daardoor later ook voor u zou kunnen handelen: nu is er geen dienst waarvoor dat kan. Dat mag, omdat u haar het recht van substitutie hebt gegeven. Dit heeft zij vastgelegd:',
  'The organization that you authorized has authorized somebody who may come to act for you by it as well: now there is no service for which he can. It may, because you gave it the right of substitution. This is what it recorded:',
];
const NOT_YET_ALREADY: Pair = [
  'De organisatie die u hebt gemachtigd, had al anderen gemachtigd die door deze machtiging later ook voor u zouden kunnen handelen: nu is er geen dienst waarvoor dat kan. Dat mag, omdat u haar het recht van substitutie hebt gegeven.',
  'The organization that you authorized had authorized others before, who may come to act for you by this authorization as well: now there is no service for which they can. It may, because you gave it the right of substitution.',
];

function happenedBy({ kind, told }: LetterParts): Pair {
  if (told.substitutes !== undefined) return told.substitutes.length > 0 ? PASSED_ON_ALREADY : NOT_YET_ALREADY;
  return told.passedOn !== undefined && isNone(told.authorization!.scope) ? NOT_YET : WORDS[kind][1];
}

/** The message in plain words: what happened, what is in force by it (CONF-01, CONF-02), and what to do if that is wrong. */
export function letterOf(parts: LetterParts): Letter {
  const { kind, role, told, language } = parts;
  const participant = unmarked(parts.participant);
  const inWords = ([nl, en]: Pair): string => (language === 'nl' ? nl : en);
  const [subject] = WORDS[kind];
  const why = inWords(WHY[role]);
  const facts = told.authorization === undefined ? factsOfMeans(parts, inWords) : factsOfAuthorization(parts, inWords);
  const blocks = [
    inWords([
      `Dit bericht komt van ${participant}, leverancier van eHerkenning. U krijgt het omdat ${why}.`,
      `This message comes from ${participant}, supplier of eHerkenning. You get it because ${why}.`,
    ]),
    inWords(happenedBy(parts)),
    facts.map(([label, value]) => `${inWords(label)}: ${value}`).join('\n'),
    inWords([
      `Klopt dit niet, neem dan meteen contact op met ${participant}.`,
      `If this is not right, get in touch with ${participant} at once.`,
    ]),
  ];
  return { subject: inWords(subject), text: `${blocks.join('\n\n')}\n`, effective: effectiveValues(told) };
}

const UNNAMED: Pair = ['iemand van die organisatie', 'somebody of that organization'];

/**
 * A person is named to his own organization, and to no other (VIS-03, VIS-05): what he consents to, and what his own states that
 * he permits, is to be shown to others of the same one (CONSENT-07, CONSENT-08).
 */
const isNamed = ({ authorization, passedOn }: Told): boolean =>
  passedOn === undefined || 'party' in authorization!.authorizedParty;

type InWords = (pair: Pair) => string;
type Fact = readonly [label: Pair, value: string];

function factsOfAuthorization(
  { kind, told, organization, clients, serviceName, language }: LetterParts,
  inWords: InWords,
): Fact[] {
  const of = told.authorization!;
  const yesOrNo = (is: boolean): string => inWords(is ? ['ja', 'yes'] : ['nee', 'no']);
  const { scope, establishments, nature } = of;
  const covered = scope.all
    ? [inWords(['alle diensten', 'all services'])]
    : [
        ...scope.services.map((id) => (serviceName(id) === undefined ? id : `${serviceName(id)} (${id})`)),
        ...scope.groups.map(({ id, includesLaterServices }) =>
          inWords(
            includesLaterServices
              ? [
                  `dienstengroep ${id}, ook met de diensten die er later bij komen`,
                  `group of services ${id}, also with those that join it later`,
                ]
              : [
                  `dienstengroep ${id}, zonder de diensten die er later bij komen`,
                  `group of services ${id}, without those that join it later`,
                ],
          ),
        ),
      ];
  const level = registeredLevel(of);
  return [
    [['Machtiging', 'Authorization'], of.authorization],
    ...(told.passedOn === undefined
      ? []
      : [[['Uw eigen machtiging', 'Your own authorization'], told.passedOn] as const]),
    [['Vertegenwoordigde organisatie', 'Represented organization'], `{represented} (${organization ?? ''})`],
    [['Gemachtigde', 'Authorized'], isNamed(told) ? '{authorized}' : inWords(UNNAMED)],
    ...(of.authority === 'administration'
      ? [[['Soort', 'Kind'], inWords(['beheerder van machtigingen', 'administrator of authorizations'])] as const]
      : []),
    [
      ['Diensten', 'Services'],
      unmarked(covered.join('; ')) + (told.passedOn === undefined ? '' : inChain(scope, inWords)),
    ],
    ...(establishments === undefined
      ? []
      : [[['Alleen voor vestigingen', 'For establishments only'], unmarked(establishments.join(', '))] as const]),
    ...(of.forThirdParties
      ? [[['Alleen voor klanten van de organisatie', 'For clients of the organization only'], yesOrNo(true)] as const]
      : []),
    ...(of.onlyForClients === undefined
      ? []
      : [[['Alleen voor deze klanten', 'For these clients only'], clientsInWords(clients, inWords)] as const]),
    ...(of.nextLinkRegister === undefined
      ? []
      : [
          [
            ['Wie daarmee handelt, staat in het register (OIN)', 'Who acts by it stands in the register (OIN)'],
            of.nextLinkRegister,
          ] as const,
        ]),
    [
      ['Recht van substitutie (mag de bevoegdheid doorgeven)', 'Right of substitution (may pass the authority on)'],
      yesOrNo(nature.rightOfSubstitution),
    ],
    [['Mag zelfstandig handelen', 'May act alone'], yesOrNo(nature.actsIndependently)],
    [['Geldig vanaf', 'Valid from'], moment(of.validFrom, language)],
    ...(of.periodFrom === undefined
      ? []
      : [[['Verlengd vanaf', 'Renewed from'], moment(of.periodFrom, language)] as const]),
    // What was revoked before its end has no other one any more.
    of.status === 'revoked' && of.revokedAt < of.validUntil
      ? [REVOKED_AT, moment(of.revokedAt, language)]
      : [
          ['Geldig tot', 'Valid until'],
          moment(of.validUntil, language) +
            (of.capped ? inWords([' (ingekort: hoogstens vijf jaar)', ' (cut short: at most five years)']) : ''),
        ],
    [
      ['Betrouwbaarheidsniveau', 'Level of assurance'],
      level +
        (level === of.aimedLevel ? '' : inWords([` (gevraagd: ${of.aimedLevel})`, ` (asked for: ${of.aimedLevel})`])),
    ],
    ...(of.status === 'awaitingActivation'
      ? [
          [
            ['Let op', 'Note'],
            inWords([
              'de machtiging werkt pas als de gemachtigde haar in gebruik heeft genomen',
              'the authorization works only once the authorized person has taken it into use',
            ]),
          ] as const,
        ]
      : []),
    ...(of.status === 'suspended' && kind !== 'authorizationSuspended'
      ? [
          [
            ['Let op', 'Note'],
            inWords([
              'de machtiging is geschorst: zolang dat zo is, kan er niet mee worden gehandeld',
              'the authorization is suspended: nobody can act on it as long as it is',
            ]),
          ] as const,
        ]
      : []),
    // Who is told that his authority was passed on is told nothing of what is another's.
    ...(of.displayPermission === undefined || told.passedOn !== undefined
      ? []
      : [
          [
            ['Mag worden getoond aan anderen van de organisatie', 'May be shown to others of the organization'],
            yesOrNo(of.displayPermission.permitted),
          ] as const,
        ]),
    ...(told.substitutes ?? []).map((id): Fact => [['Doorgegeven met machtiging', 'Passed on by authorization'], id]),
    ...(told.substitutesLater ?? []).map((id): Fact => [
      ['Later misschien doorgegeven met machtiging', 'May come to be passed on by authorization'],
      id,
    ]),
    ...(told.substitutesMore === true
      ? [[['En nog meer', 'And more'], inWords(['vraag ernaar', 'ask for them'])] as const]
      : []),
    ...(told.lastUsedAt === undefined
      ? []
      : [
          [
            ['Laatst gebruikt', 'Last used'],
            told.lastUsedAt === null ? inWords(['nooit', 'never']) : moment(told.lastUsedAt, language),
          ] as const,
        ]),
    // The moment is that of the telling, however late it comes.
    ...(told.revokesAt === undefined ? [] : [[['Wordt ingetrokken op', 'Will be revoked at'], '{revokesAt}'] as const]),
  ];
}

/** What of these services is passed on. */
const inChain = (scope: RegisteredAuthorization['scope'], inWords: InWords): string => {
  if (isNone(scope)) return inWords(['nu geen', 'none now']);
  return scope.all || scope.groups.length > 0
    ? inWords([
        ' (voor zover die een ketenmachtiging toestaan)',
        ' (as far as these take an authorization that was passed on)',
      ])
    : '';
};

const REVOKED_AT: Pair = ['Ingetrokken op', 'Revoked at'];

const clientsInWords = (clients: LetterParts['clients'], inWords: InWords): string =>
  [
    ...(clients?.numbers ?? []),
    ...(clients === undefined || clients.more === 0
      ? []
      : [inWords([`en nog ${clients.more}`, `and ${clients.more} more`])]),
  ].join(', ');

function factsOfMeans({ kind, told, organization, language, serviceName, at }: LetterParts, inWords: InWords): Fact[] {
  const { previousStork, staysBelow = [], staysBelowMore = false } = told;
  const means = told.means!;
  const { restrictedToProvider: provider, restrictedToServices: services } = means;
  const only = services?.map((id) => (serviceName(id) === undefined ? id : `${serviceName(id)} (${id})`)) ?? [];
  const endsAt = 'certificateEndsAt' in means ? means.certificateEndsAt : undefined;
  return [
    [['Middel', 'Means'], means.id],
    [['Product', 'Product'], unmarked(means.product)],
    [['Houder', 'Holder'], '{authorized}'],
    ...(organization === undefined
      ? []
      : [[['Aangevraagd voor', 'Applied for on behalf of'], `{represented} (${organization})`] as const]),
    ...(storkOf(means) === undefined ? [] : [[['Niveau (STORK)', 'Level (STORK)'], String(storkOf(means))] as const]),
    ...(previousStork === undefined ? [] : [[['Niveau daarvoor', 'Level before'], String(previousStork)] as const]),
    ...(provider === undefined
      ? []
      : [[['Alleen te gebruiken bij', 'Can be used only with'], unmarked([provider, ...only].join('; '))] as const]),
    ...(endsAt === undefined
      ? []
      : [[['Certificaat geldig tot', 'Certificate valid until'], moment(endsAt, language)] as const]),
    ...(means.status === 'revoked' ? [[REVOKED_AT, moment(means.revokedAt, language)] as const] : []),
    ...unusable(kind, means, at).map((why): Fact => [['Let op', 'Note'], inWords(why)]),
    // An upgrade raises none of them by itself (UPG-03).
    ...staysBelow.map(({ authorization, m, level }): Fact => [
      ['Machtiging die op haar eigen niveau blijft', 'Authorization that stays at its own level'],
      `${authorization} (${registeredLevel({ eh: level, m })})`,
    ]),
    ...(staysBelowMore
      ? [[['En nog meer', 'And more'], inWords(['vraag er uw beheerder naar', 'ask your administrator'])] as const]
      : []),
  ];
}

/** Why it can't be used, whatever was done to it now. */
function unusable(kind: ConfirmationKind, means: KnownMeans, at: Instant): readonly Pair[] {
  if (means.status === 'revoked') return [];
  const suspended: Pair = [
    'het middel is nog geschorst: zolang dat zo is, is het niet te gebruiken',
    'the means is still suspended: it can’t be used as long as it is',
  ];
  const inactive: Pair = [
    'het middel werkt pas als de houder het in gebruik heeft genomen',
    'the means works only once its holder has taken it into use',
  ];
  const ended: Pair = [
    'het certificaat op het middel geldt niet meer: het is niet te gebruiken tot er een ander op staat',
    'the certificate on the means has ended: it can’t be used until there is another one on it',
  ];
  return [
    ...(means.status === 'suspended' && kind !== 'meansSuspended' ? [suspended] : []),
    ...(!('activatedAt' in means) || means.activatedAt === undefined ? [inactive] : []),
    ...('stork' in means && !certificateStands(means, at) ? [ended] : []),
  ];
}

function effectiveValues({ authorization, means, previousStork, staysBelow, revokesAt }: Told): EffectiveValues {
  if (authorization !== undefined) {
    const { validFrom, capped, aimedLevel, nature } = authorization;
    const level = registeredLevel(authorization);
    const { rightOfSubstitution, actsIndependently } = nature;
    const validUntil = endOf(authorization);
    return {
      ...{ validFrom, validUntil, capped, level, aimedLevel, rightOfSubstitution, actsIndependently },
      ...(revokesAt === undefined ? {} : { revokesAt }),
    };
  }
  const stork = storkOf(means);
  return {
    ...(stork === undefined ? {} : { stork }),
    ...(means?.status === 'revoked' ? { validUntil: means.revokedAt } : {}),
    ...(previousStork === undefined ? {} : { previousStork }),
    ...(staysBelow === undefined ? {} : { staysBelow: staysBelow.map(({ authorization: id }) => id) }),
  };
}

/** When it ends, or did. */
const endOf = (of: RegisteredAuthorization): Instant =>
  of.status === 'revoked' && of.revokedAt < of.validUntil ? of.revokedAt : of.validUntil;

/** Of one that was issued. */
const storkOf = (means: KnownMeans | undefined) =>
  means === undefined || !('stork' in means) ? undefined : means.stork;

const MONTHS: Readonly<Record<ConfirmationLanguage, readonly string[]>> = {
  nl: [
    ...['januari', 'februari', 'maart', 'april', 'mei', 'juni', 'juli'],
    ...['augustus', 'september', 'oktober', 'november', 'december'],
  ],
  en: [
    ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
    ...['August', 'September', 'October', 'November', 'December'],
  ],
};

/** By the clock of the Netherlands, as people read it: `2 maart 2026, 10:12`. */
export function moment(at: Instant, language: ConfirmationLanguage): string {
  const [, year, month, day, time] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(formatInstant(epochOf(at)))!;
  return `${Number(day)} ${MONTHS[language][Number(month) - 1]!} ${year!}, ${time!}`;
}

/** What goes where a mark is. */
export interface Names {
  readonly authorized: string;
  readonly represented: string;
  /** As people read it. */
  readonly revokesAt: string;
}

const MARKS = /\{(authorized|represented|revokesAt)\}/g;

/** No name or setting has this character (`isReadable`). */
const NO_MARK = '\u2060';

/** What comes from elsewhere, as it may stand in a text with marks: what looks like one in it is none. */
export const unmarked = (text: string): string => text.replace(MARKS, `{${NO_MARK}$1}`);

/**
 * The text with the names in it: once over, so that a name that looks like a mark stays what it is. A mark whose name is
 * not given stays, for another who has it.
 */
export const withNames = (text: string, names: Partial<Names>): string =>
  text.replace(MARKS, (mark, which: keyof Names) => names[which] ?? mark);

/** The text as it is told, with every name in it. */
export const asTold = (text: string, names: Partial<Names>): string => withNames(text, names).replaceAll(NO_MARK, '');

/** The same words as a page: a paragraph for each block, a line for each line. */
export function asHtml(subject: string, text: string, language: string): string {
  const blocks = text
    .trim()
    .split('\n\n')
    .map((block) => `<p>${block.split('\n').map(escaped).join('<br>\n')}</p>`);
  return [
    `<!doctype html>\n<html lang="${language}">\n<head><meta charset="utf-8"><title>${escaped(subject)}</title></head>`,
    `<body>\n${blocks.join('\n')}\n</body>\n</html>\n`,
  ].join('\n');
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)!};`);
