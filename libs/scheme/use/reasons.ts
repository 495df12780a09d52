import type { EvaluationResult } from '../contract/classification.types.js';
import { atLeast } from '../levels/levels.js';
import { isPhasedOut } from '../policy/level-policy.js';
import { hasSecondFactor, isSecondFactorMandatory } from '../policy/second-factor-policy.js';
import type { LevelContext, TimedLink, TimedService, UseContext, UseQuestion } from './question.js';

export type ReasonCode = EvaluationResult['reasons'][number];

interface ReasonText {
  readonly code: ReasonCode;
  readonly rules: readonly string[];
  readonly rule: string;
}

/** A reason to say no. `unfounded`: with it there is nothing for a level to stand on, and none is stated. */
export type UseReason = ReasonText &
  (
    | {
        readonly judges: 'unfounded' | 'use';
        readonly applies: (question: UseQuestion, context: UseContext) => boolean;
      }
    | { readonly judges: 'level'; readonly applies: (question: UseQuestion, context: LevelContext) => boolean }
  );

const isRestricted = ({ means }: UseQuestion): boolean =>
  means.restrictedToProvider !== undefined || means.restrictedToServices !== undefined;

function isRestrictedElsewhere({ means, service }: UseQuestion): boolean {
  const { restrictedToProvider, restrictedToServices } = means;
  if (restrictedToProvider !== undefined && restrictedToProvider !== service.provider) return true;
  return restrictedToServices !== undefined && !restrictedToServices.includes(service.id);
}

/** The links lead without a gap from the represented party to the acting person (REG-06, CHAIN-12). */
function isPath({ representedParty, links, means }: UseQuestion): boolean {
  let reached = representedParty.id;
  for (const link of links) {
    if (link.representedParty !== reached) return false;
    reached = link.authorizedParty;
  }
  return reached === means.holder;
}

/** By everything, by the service itself, or by a group that it was in when the link was registered (CONT-04). */
export function covers(
  { scope, registeredAt }: Pick<TimedLink, 'scope' | 'registeredAt'>,
  service: TimedService,
): boolean {
  if (scope.all === true || scope.services?.includes(service.id) === true) return true;
  if (scope.groups === undefined || service.groups === undefined) return false;
  return scope.groups.some((granted) =>
    service.groups?.some(
      (group) => group.id === granted.id && (granted.includesLaterServices === true || group.since <= registeredAt),
    ),
  );
}

/** A service at EH1 is covered whatever the scope, in ordinary cases (CONT-07, CONT-08, AMB-49, D-61). */
const needsScope = (question: UseQuestion, { minimumLevel }: UseContext): boolean =>
  minimumLevel !== 'EH1' || isRestricted(question) || question.representedParty.restGroup === true;

/** A limit to establishments binds the represented party, and cannot be kept further on in a chain (CHAIN-06, D-62). */
function isOutsideEstablishment({ links, establishment }: UseQuestion): boolean {
  return links.some(({ establishments }, index) => {
    if (establishments === undefined) return false;
    return index > 0 || establishment === undefined || !establishments.includes(establishment);
  });
}

const hasStatus =
  (status: TimedLink['status']) =>
  ({ links }: UseQuestion): boolean =>
    links.some((link) => link.status === status);

/** All reasons, in the order in which an answer gives them (classification.md §5.3). */
export const USE_REASONS: readonly UseReason[] = [
  {
    code: 'service-without-level',
    rules: ['LVL-04'],
    rule: 'No minimum level of the service is in force.',
    judges: 'use',
    applies: (_question, { minimumLevel }) => minimumLevel === null,
  },
  {
    code: 'sso-forbidden-at-level-4',
    rules: ['LVL-13'],
    rule: 'EH4 is required, and the login was taken over by single sign-on.',
    judges: 'use',
    applies: ({ singleSignOn }, { requiredLevel }) => singleSignOn === true && requiredLevel === 'EH4',
  },
  {
    code: 'means-not-active',
    rules: ['REV-07', 'MEANS-IC4'],
    rule: 'The means is not active.',
    judges: 'unfounded',
    applies: ({ means }) => means.status !== 'active',
  },
  {
    code: 'means-restricted',
    rules: ['REST-01', 'AMB-55'],
    rule: 'The means may be used elsewhere only.',
    judges: 'use',
    applies: isRestrictedElsewhere,
  },
  {
    code: 'second-factor-required',
    rules: ['TFA-04', 'TFA-05'],
    rule: 'Two factors are mandatory here, and the mechanism has one.',
    judges: 'use',
    applies: ({ secondFactorPolicy, service, means, at }) =>
      secondFactorPolicy !== undefined &&
      !hasSecondFactor(means.factors ?? 1) &&
      isSecondFactorMandatory(service.provider, service.id, at, secondFactorPolicy),
  },
  {
    code: 'trr-only-tax-administration',
    rules: ['REST-04'],
    rule: 'A party known from the temporary register only, at another provider than the Tax Administration.',
    judges: 'use',
    applies: ({ representedParty, service }) =>
      representedParty.restGroup === true && service.ofTaxAdministration !== true,
  },
  {
    code: 'no-authorization',
    rules: ['USE-01'],
    rule: 'There is no authorization.',
    judges: 'unfounded',
    applies: ({ links }) => links.length === 0,
  },
  {
    code: 'chain-too-long',
    rules: ['CHAIN-16', 'AMB-53'],
    rule: 'More intermediaries than permitted.',
    judges: 'use',
    applies: ({ links, maxIntermediaries }) => links.length > 1 + (maxIntermediaries ?? 1),
  },
  {
    code: 'service-without-chain-support',
    rules: ['CHAIN-13'],
    rule: 'A chain, at a service that does not support chains.',
    judges: 'use',
    applies: ({ links, service }) => links.length > 1 && !service.chainSupported,
  },
  {
    code: 'parties-do-not-match',
    rules: ['REG-06', 'CHAIN-12'],
    rule: 'The authorizations do not lead from the represented party to the acting person.',
    judges: 'unfounded',
    applies: (question) => question.links.length > 0 && !isPath(question),
  },
  {
    code: 'authorization-revoked',
    rules: ['CHAIN-15', 'USE-01'],
    rule: 'An authorization is revoked.',
    judges: 'unfounded',
    applies: hasStatus('revoked'),
  },
  {
    code: 'authorization-not-activated',
    rules: ['REG-15'],
    rule: 'An authorization awaits activation.',
    judges: 'unfounded',
    applies: hasStatus('awaitingActivation'),
  },
  {
    code: 'authorization-suspended',
    rules: ['SUS-05', 'CHAIN-15'],
    rule: 'An authorization is suspended.',
    judges: 'unfounded',
    applies: hasStatus('suspended'),
  },
  {
    code: 'authorization-not-yet-valid',
    rules: ['REG-08', 'CONT-10'],
    rule: 'The validity of an authorization has not begun.',
    judges: 'unfounded',
    applies: ({ links, at }) => links.some(({ validFrom }) => validFrom > at),
  },
  {
    code: 'authorization-expired',
    rules: ['REG-08', 'CONT-10'],
    rule: 'The validity of an authorization has ended.',
    judges: 'unfounded',
    applies: ({ links, at }) => links.some(({ validUntil }) => validUntil <= at),
  },
  {
    code: 'substitution-not-granted',
    rules: ['CHAIN-04', 'AMB-54'],
    rule: 'An authorization that is passed on does not allow it.',
    judges: 'use',
    applies: ({ links }) => links.some((link, index) => index < links.length - 1 && !link.rightOfSubstitution),
  },
  {
    code: 'client-not-listed',
    rules: ['CHAIN-10'],
    rule: 'An authorization of an intermediary is for other clients.',
    judges: 'use',
    applies: ({ links, representedParty }) =>
      links.some(
        ({ onlyForClients }, index) =>
          index > 0 && onlyForClients !== undefined && !onlyForClients.includes(representedParty.id),
      ),
  },
  {
    code: 'only-for-third-parties',
    rules: ['CONT-05', 'CHAIN-05'],
    rule: 'The authorization is for clients of the represented party, not for itself.',
    judges: 'use',
    applies: ({ links }) => links[0]?.forThirdParties === true,
  },
  {
    code: 'not-independently',
    rules: ['CONT-09', 'AMB-71'],
    rule: 'An authorization may not be exercised alone.',
    judges: 'use',
    applies: ({ links }) => links.some(({ actsIndependently }) => actsIndependently === false),
  },
  {
    code: 'service-not-in-scope',
    rules: ['CONT-04', 'CONT-07', 'CONT-08', 'AMB-49', 'CHAIN-12'],
    rule: 'An authorization does not cover the service; at a service of EH1 the scope is not asked in ordinary cases.',
    judges: 'use',
    applies: (question, context) =>
      question.links.some((link) => !covers(link, question.service)) && needsScope(question, context),
  },
  {
    code: 'outside-establishment',
    rules: ['CONT-06', 'CHAIN-06', 'AMB-33'],
    rule: 'The authorization is limited to other establishments, or one further on in the chain is limited at all.',
    judges: 'use',
    applies: isOutsideEstablishment,
  },
  {
    code: 'chain-needs-EH2',
    rules: ['CHAIN-03', 'AMB-62'],
    rule: "In a chain the acting person's own authorization is below EH2.",
    judges: 'level',
    applies: ({ links }, { lastLinkLevel }) => links.length > 1 && !atLeast(lastLinkLevel, 'EH2'),
  },
  {
    code: 'level-too-low',
    rules: ['LVL-06', 'LVL-12', 'USE-01'],
    rule: 'The level reached is below the level required.',
    judges: 'level',
    applies: (_question, { effectiveLevel, requiredLevel }) => !atLeast(effectiveLevel, requiredLevel),
  },
  {
    code: 'level-phased-out',
    rules: ['TFA-03', 'TFA-07'],
    rule: 'The level reached may no longer be used here.',
    judges: 'level',
    applies: ({ levelPolicy, service, at }, { effectiveLevel }) =>
      levelPolicy !== undefined && isPhasedOut(effectiveLevel, service.provider, at, levelPolicy),
  },
];
