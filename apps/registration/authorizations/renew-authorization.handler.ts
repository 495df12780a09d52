import { parseInstant, type AuthorizationId, type Instant } from '#libs/kernel';
import { judgedAsRenewal, renewalProcedureOf, type Backbone, type CommandRequest } from '#libs/application';
import { validity } from '#libs/scheme';
import type { RenewAuthorizationRequest } from './authorization.requests.js';
import { decideAnew, type DecidedOutcome } from './decide-anew.js';

/**
 * Renews an authorization: all of a first decision anew (REN-01), with the score of the renewal procedure as it was done
 * in place of the register's own where it is lower (PV1 to PV4, REN-04).
 */
export const renewAuthorization = (
  backbone: Backbone,
  request: CommandRequest,
  id: AuthorizationId,
  body: RenewAuthorizationRequest,
): Promise<DecidedOutcome> =>
  decideAnew(backbone, request, id, body, {
    name: 'RenewAuthorization',
    purpose: 'renewal',
    establishmentsOf: ({ establishments }) => establishments,
    judgedAs: (dossier) => judgedAsRenewal(dossier, backbone.rules),
    commandOf(decided, { dossier, authorization }) {
      const allowed = validity(
        {
          level: decided.classification.eh ?? 'EH1',
          registeredAt: authorization.registeredAt,
          firstValidFrom: authorization.validFrom,
          period: body.period,
        },
        backbone.rules,
      );
      return {
        type: 'RenewAuthorization',
        ...decided,
        procedure: renewalProcedureOf(dossier, backbone.rules),
        period: body.period,
        validity: { validUntil: parseInstant(allowed.validUntil) as Instant, capped: allowed.capped },
      };
    },
  });
