import type { EventCodec, RejectionDeclaration } from '#libs/kernel';
import { applicationCodec, applicationRejections } from './application/index.js';
import { authorizationCodec, authorizationRejections } from './authorization/index.js';
import { checkCodec, checkRejections } from './check/index.js';
import { confirmationCodec, confirmationRejections } from './confirmation/index.js';
import { correctionRejections } from './common/corrections.js';
import { suspensionRejections } from './common/suspension.js';
import { destructionCodec, destructionRejections } from './destruction/index.js';
import { evidenceCodec, evidenceRejections } from './evidence/index.js';
import { happenedRejections } from './common/happened.js';
import { schemeRejectionCatalogue } from './common/scheme-rejections.js';
import { installationCodec, installationRejections } from './installation/index.js';
import { legalHoldCodec, legalHoldRejections } from './legal-hold/index.js';
import { meansCodec, meansRejections } from './means/index.js';
import { partyCodec, partyRejections } from './party/index.js';
import { personCodec, personRejections } from './person/index.js';
import { policySimulationCodec, policySimulationRejections } from './policy-simulation/index.js';
import { revocationRequestCodec, revocationRequestRejections } from './revocation-request/index.js';
import { rightsRequestCodec, rightsRequestRejections } from './rights-request/index.js';
import { viewingRejections } from './viewing/index.js';
import { webhookSubscriptionCodec, webhookSubscriptionRejections } from './webhook-subscription/index.js';

/** The codecs of all aggregates: what a store of this product may hold. */
export const allCodecs: readonly EventCodec<never>[] = [
  applicationCodec,
  authorizationCodec,
  checkCodec,
  confirmationCodec,
  destructionCodec,
  evidenceCodec,
  installationCodec,
  legalHoldCodec,
  meansCodec,
  partyCodec,
  personCodec,
  policySimulationCodec,
  revocationRequestCodec,
  rightsRequestCodec,
  webhookSubscriptionCodec,
];

/** Every code that a command can be rejected with: the closed list. */
export const allRejections: { readonly [code: string]: RejectionDeclaration } = {
  ...schemeRejectionCatalogue,
  ...applicationRejections,
  ...authorizationRejections,
  ...checkRejections,
  ...confirmationRejections,
  ...correctionRejections,
  ...destructionRejections,
  ...evidenceRejections,
  ...happenedRejections,
  ...installationRejections,
  ...legalHoldRejections,
  ...meansRejections,
  ...partyRejections,
  ...personRejections,
  ...policySimulationRejections,
  ...revocationRequestRejections,
  ...rightsRequestRejections,
  ...suspensionRejections,
  ...viewingRejections,
  ...webhookSubscriptionRejections,
};
