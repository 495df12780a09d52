import { renewalEvidence, renewalProcedureScore, type AuthorizationRequest, type RuleSet } from '#libs/scheme';

/** Score of the renewal procedure as it was done. The authorization is named by the address (AMB-21). */
export const renewalProcedureOf = (dossier: AuthorizationRequest, rules: RuleSet) =>
  renewalProcedureScore(renewalEvidence(dossier, true, rules), rules);

/** The dossier as a renewal is judged by: that score in place of the register's own where it is lower (PV1 to PV4, REN-04). */
export function judgedAsRenewal(dossier: AuthorizationRequest, rules: RuleSet): AuthorizationRequest {
  const procedure = renewalProcedureOf(dossier, rules);
  return {
    ...dossier,
    registerProfile: {
      ...dossier.registerProfile,
      pv: Math.min(dossier.registerProfile.pv, procedure) as typeof procedure,
    },
  };
}
