import { expect, test } from '@jest/globals';
import type { EventDeclaration } from '#libs/kernel';
import { allCodecs } from './index.js';

/**
 * Types that stand in registers, the newest version of each that was released, and its members that are sealed there. A
 * type does not go away, a version is read for ever, and what is sealed stays sealed. New ones are added.
 */
const RELEASED: Readonly<Record<string, readonly [version: number, sealed: readonly string[]]>> = {
  ApplicationReceived: [1, ['lateEntryReason']],
  AuthorizationRegistered: [1, ['deviationReason']],
  AuthorizationActivated: [1, ['lateEntryReason']],
  AuthorizationRenewed: [1, ['deviationReason']],
  AuthorizationChanged: [1, ['deviationReason']],
  DisplayPermissionStated: [1, []],
  AuthorizationSuspended: [1, []],
  AuthorizationSuspensionLifted: [1, []],
  AuthorizationRevoked: [1, []],
  AuthorizationNonUseNoticed: [1, []],
  AuthorizationNonUseNoticeExtended: [1, []],
  AuthorizationNonUseNoticeWithdrawn: [1, []],
  CheckRecorded: [2, ['lateEntryReason', 'equivalenceReason']],
  StoreInitialized: [1, []],
  KeyStoreBound: [1, []],
  LogNamed: [1, []],
  LogRestored: [1, []],
  StoreRestored: [1, []],
  StoreMoved: [1, []],
  MeansApplied: [1, []],
  HolderIdentified: [1, []],
  MeansIssued: [1, []],
  MeansActivated: [1, ['lateEntryReason']],
  MeansUpgraded: [1, []],
  MeansRenewed: [1, []],
  MeansCertificateRevoked: [1, []],
  MeansSuspended: [1, []],
  MeansSuspensionLifted: [1, []],
  MeansRevoked: [1, []],
  PartyRegistered: [1, ['details']],
  SpecialCircumstancesReported: [1, []],
  SpecialCircumstancesCleared: [1, []],
  PartyCorrected: [1, ['details']],
  PartyContactRecorded: [1, ['value']],
  PersonRegistered: [2, ['familyName', 'givenNames', 'birthDate', 'birthPlace', 'address', 'email', 'telephone']],
  DocumentRecorded: [2, ['number', 'issuingState', 'expiresOn', 'issuer']],
  DuplicatesRecognized: [1, []],
  DuplicatesDispelled: [1, []],
  PersonLinked: [1, []],
  PersonDistinguished: [1, []],
  PersonCorrected: [1, ['familyName', 'givenNames', 'birthDate', 'birthPlace', 'address', 'email', 'telephone']],
  PersonContactRecorded: [1, ['value']],
  RevocationRequested: [1, []],
  RevocationDeadlineMoved: [1, []],
  RevocationAccepted: [1, []],
  RevocationRefused: [1, []],
  RevocationWithdrawn: [1, []],
  RevocationExtended: [1, []],
  RevocationLinesJudged: [1, []],
  RevocationLinesEffected: [1, []],
  RevocationEffected: [1, []],
  SuspensionRequested: [1, []],
  SuspensionAccepted: [1, []],
  SuspensionRefused: [1, []],
  SuspensionRequestWithdrawn: [1, []],
  SuspensionEffected: [1, []],
  WebhookSubscribed: [1, ['address', 'secret']],
  WebhookSubscriptionChanged: [1, ['address']],
  WebhookSecretRotated: [1, ['secret']],
  WebhookSubscriptionDisabled: [1, []],
  WebhookSubscriptionResumed: [1, []],
  WebhookSubscriptionEnded: [1, []],
  WebhookDeliveryRetried: [1, []],
  WebhookDeliveryDropped: [1, []],
  ConfirmationWritten: [1, ['address', 'authorizedName', 'representedName']],
  ConfirmationSent: [1, []],
  ConfirmationFailed: [1, []],
  ConfirmationRetried: [1, ['address']],
  ConfirmationLapsed: [1, []],
  EvidenceUploaded: [1, ['digest']],
  EvidenceDescribed: [1, ['necessity']],
  EvidenceKept: [1, []],
  EvidenceWithdrawn: [1, ['reason']],
  EvidenceDestroyed: [1, []],
  DestructionIntended: [1, []],
  DestructionAbandoned: [1, []],
  RecordsDestroyed: [1, []],
  DestructionCompleted: [1, []],
  LegalHoldPlaced: [1, ['reason']],
  LegalHoldLifted: [1, ['reason']],
  LegalHoldLapsed: [1, []],
  PolicySimulationRequested: [1, ['reason']],
  PolicySimulationCompleted: [1, []],
  PolicySimulationCancelled: [1, ['reason']],
  PolicySimulationAbandoned: [1, []],
  PersonContactsErased: [1, []],
  PartyContactsErased: [1, []],
  RightsRequestReceived: [1, []],
  RightsRequestProlonged: [1, ['reason']],
  RightsRequestDecided: [1, ['reason']],
  ErasureHeld: [1, []],
  ErasureBegun: [1, []],
  RightsRequestFulfilled: [1, []],
};

const declarations = new Map(
  allCodecs.flatMap((codec) => Object.entries(codec as unknown as Record<string, EventDeclaration>)),
);

test.each(Object.entries(RELEASED))('%s is read in every version that was released', (type, [released, sealed]) => {
  const { schemaVersion, upcasters = {}, personal = {} } = declarations.get(type)!;
  expect(schemaVersion).toBeGreaterThanOrEqual(released);
  const older = Array.from({ length: schemaVersion - 1 }, (_, index) => String(index + 1));
  expect(Object.keys(upcasters)).toEqual(older);
  expect(Object.keys(personal)).toEqual(expect.arrayContaining([...sealed]));
});

test('every type stands here', () => {
  expect([...declarations.keys()].sort()).toEqual(Object.keys(RELEASED).sort());
});
