import { parseInstant, type AuthorizationId, type Instant } from '#libs/kernel';
import { standsWithin, type Backbone, type CommandRequest } from '#libs/application';
import type { ChangeAuthorization, RegisteredAuthorization } from '#libs/domain';
import { validity } from '#libs/scheme';
import type { ChangeAuthorizationRequest } from './authorization.requests.js';
import { decideAnew, type DecidedOutcome } from './decide-anew.js';
import { scopeOf, servicesAmong, unknownServices } from './register-authorization.handler.js';

/**
 * Changes what an authorization covers, by a decision of its own: whoever changes it comes with the checks that a
 * registration of what it becomes would ask (REG-13).
 */
export const changeAuthorization = (
  backbone: Backbone,
  request: CommandRequest,
  id: AuthorizationId,
  body: ChangeAuthorizationRequest,
): Promise<DecidedOutcome> =>
  decideAnew(backbone, request, id, body, {
    name: 'ChangeAuthorization',
    purpose: 'change',
    faults: body.set.scope === undefined ? [] : unknownServices(backbone, body.set.scope, '/set/scope'),
    establishmentsOf: ({ establishments }) =>
      body.set.everywhere === true ? undefined : (body.set.establishments ?? establishments),
    commandOf(decided, { dossier, authorization }): ChangeAuthorization {
      const scope = body.set.scope === undefined ? undefined : scopeOf(body.set.scope);
      const his = dossier.submitter.administration?.establishments;
      const { services: covered } = authorization.scope;
      const newly = (scope?.services ?? []).filter((service) => !covered.includes(service));
      return {
        type: 'ChangeAuthorization',
        ...decided,
        set: setOf(backbone, body, authorization, decided.classification.eh ?? 'EH1'),
        // What it will cover is for evaluation 1; what it covers now has to be his as well.
        outsideEstablishment: body.registration === 'repeated' && !standsWithin([authorization.establishments], his),
        ...servicesAmong(backbone, newly, decided.now),
      };
    },
  });

function setOf(
  backbone: Backbone,
  { set }: ChangeAuthorizationRequest,
  authorization: RegisteredAuthorization,
  level: 'EH1' | 'EH2' | 'EH2+' | 'EH3' | 'EH4',
): ChangeAuthorization['set'] {
  const { scope, forThirdParties, establishments, everywhere, nature, period } = set;
  return {
    ...(scope === undefined ? {} : { scope: scopeOf(scope) }),
    ...(forThirdParties === undefined ? {} : { forThirdParties }),
    ...(everywhere === true ? { establishments: null } : establishments === undefined ? {} : { establishments }),
    ...(nature === undefined
      ? {}
      : { nature: { rightOfSubstitution: nature.rightOfSubstitution, actsIndependently: nature.actsIndependently } }),
    ...(period === undefined ? {} : { period: allowedOf(backbone, period, authorization, level) }),
  };
}

/** The period as far as it is allowed; what has begun began when it did (REG-08). */
function allowedOf(
  backbone: Backbone,
  period: { readonly from: Instant; readonly until: Instant },
  { registeredAt, validFrom }: RegisteredAuthorization,
  level: 'EH1' | 'EH2' | 'EH2+' | 'EH3' | 'EH4',
): NonNullable<ChangeAuthorization['set']['period']> {
  const { validUntil, capped } = validity({ level, registeredAt, firstValidFrom: validFrom, period }, backbone.rules);
  return { from: period.from, validUntil: parseInstant(validUntil) as Instant, capped };
}
