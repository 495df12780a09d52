import type { Instant } from '#libs/kernel';
import type { EnforcedPassword, EnforcedPin } from '#libs/scheme';
import type { MeansProduct, GovernanceData } from './governance.js';

/**
 * Catalogue, policies, profiles and products of this release, until they are commands of the governing role.
 * The providers are real ones; their numbers are of the range that is set apart for tests (prefix 00000099), because
 * the scheme's own catalogue is not public.
 */

const SINCE = '2020-01-01T00:00:00.000Z' as Instant;

const minimum = (level: 'EH2' | 'EH3' | 'EH4') => [{ from: SINCE, level }] as const;

const DUO = '00000099800000001000';
const UWV = '00000099800000002000';
const BELASTINGDIENST = '00000099800000003000';

/** What is asked of a password when it is set (PW-02 to PW-09), and of the PIN of a card (AMB-40). */
const password: EnforcedPassword = {
  kind: 'password',
  minimumLength: 8,
  maximumLength: 256,
  lowerCase: true,
  upperCase: true,
  digit: true,
  specialCharacters: "-_!$%&'.=/\\:<>|?@[]^`{}~",
  withoutUserName: true,
  history: 5,
};
const pin: EnforcedPin = {
  kind: 'pin',
  minimumLength: 6,
  maximumLength: 12,
  longestRepeat: 2,
  longestSequence: 2,
  attemptsBeforeLock: 3,
};

/** The issuer's own, and the one that its authentication service was assessed with. */
const passwordAndCode: MeansProduct['mechanism'] = {
  factors: 2,
  protection: {
    guessing: 'protected',
    eavesdropping: 'protected',
    hijacking: 'protected',
    replay: 'protected',
    manInTheMiddle: 'some',
  },
  evaluation: 'none',
};

const passwordAndSms: MeansProduct = {
  id: 'password-sms',
  name: 'Password with SMS code',
  token: { possession: 'smsCode', secret: password },
  mechanism: passwordAndCode,
  assessments: [
    {
      authenticationService: 'authentication-service-1',
      mechanism: passwordAndCode,
    },
  ],
};

const passwordOnly: MeansProduct = {
  id: 'password',
  name: 'Password',
  token: { possession: 'none', secret: password },
  mechanism: {
    factors: 1,
    protection: { guessing: 'some', eavesdropping: 'some', hijacking: 'some', replay: 'some', manInTheMiddle: 'some' },
    evaluation: 'none',
  },
  assessments: [],
};

/** For filing returns, where nothing else of level 3 is at hand (REST-01). */
const forReturnsOnly: MeansProduct = {
  ...passwordAndSms,
  id: 'eh3-bd',
  name: 'eH3/BD: password with SMS code, for the Tax Administration',
  restrictedToProvider: BELASTINGDIENST,
};

const certificateCard: MeansProduct = {
  id: 'certificate-card',
  name: 'Qualified certificate on a card',
  token: { possession: 'qualifiedCertificateOnSecureDevice', secret: pin },
  mechanism: {
    factors: 2,
    protection: {
      guessing: 'protected',
      eavesdropping: 'protected',
      hijacking: 'protected',
      replay: 'protected',
      manInTheMiddle: 'protected',
    },
    evaluation: 'eal4PlusComparable',
  },
  assessments: [],
};

export const seed: GovernanceData = {
  version: '2026-11-01',
  services: [
    {
      id: `urn:etoegang:DV:${DUO}:services:1`,
      name: 'Mijn DUO',
      provider: DUO,
      providerName: 'Dienst Uitvoering Onderwijs',
      chainSupported: false,
      groups: [],
      minimumLevels: minimum('EH3'),
    },
    {
      id: `urn:etoegang:DV:${UWV}:services:1`,
      name: 'Werkgeversportaal',
      provider: UWV,
      providerName: 'UWV',
      chainSupported: true,
      groups: [],
      minimumLevels: minimum('EH3'),
    },
    {
      id: `urn:etoegang:DV:${BELASTINGDIENST}:services:1`,
      name: 'Mijn Belastingdienst Zakelijk',
      provider: BELASTINGDIENST,
      providerName: 'Belastingdienst',
      ofTaxAdministration: true,
      chainSupported: true,
      groups: [],
      minimumLevels: minimum('EH3'),
    },
  ],
  // EH1 came to an end on 1 July 2021 (AMB-08).
  levelPolicy: [
    {
      level: 'EH1',
      issuableUntil: '2021-06-30T22:00:00.000Z' as Instant,
      usableUntil: '2021-06-30T22:00:00.000Z' as Instant,
    },
  ],
  secondFactorPolicy: [],
  registerProfiles: [{ from: SINCE, value: { im: 2, pd: 2, pv: 3, pi: 3, pt: 2 } }],
  issuerProfiles: [{ from: SINCE, value: { participant: true, supervision: 'government' } }],
  meansProducts: [passwordAndSms, passwordOnly, forReturnsOnly, certificateCard].map((value) => ({
    from: SINCE,
    value,
  })),
  maxIntermediaries: 1,
};
