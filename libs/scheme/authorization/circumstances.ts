import { type Dossier, all, isCurrent, some } from './dossier.js';

/** Bankruptcy, suspension of payments or the like was found (IV3). */
export const circumstancesFound = (dossier: Dossier): boolean =>
  some(dossier, 'specialCircumstancesCheck', (check) => check.outcome === 'found');

/**
 * After a finding somebody who may say so confirmed the submission through a channel that an independent party vouches
 * for (IV3-extra, AMB-63). A representative in the application will do only when the register knows no other.
 */
export function circumstancesConfirmed(dossier: Dossier): boolean {
  const thereIsAnother = all(dossier, 'specialCircumstancesCheck').some(
    (check) => check.outcome === 'found' && check.otherRepresentativeRegistered === true,
  );
  return some(
    dossier,
    'circumstancesConfirmation',
    (check) =>
      check.confirmed &&
      check.contactSource === 'independentParty' &&
      (check.confirmedBy !== 'representativeInApplication' || !thereIsAnother),
  );
}

/**
 * Looked for in this process and absent, or confirmed; not looked for only where it was done once for this authorized
 * party (IV3-change, IV3-report).
 */
export function circumstancesClear(dossier: Dossier): boolean {
  if (circumstancesFound(dossier)) return circumstancesConfirmed(dossier);
  if (
    some(
      dossier,
      'specialCircumstancesCheck',
      (check) => check.outcome === 'none' && isCurrent(dossier, check.asOf, 'online'),
    )
  )
    return true;
  const { authorizedParty, representedParty } = dossier.request;
  return authorizedParty.registeredIv === 3 && representedParty.specialCircumstancesReported !== true;
}
