import { authorizationExample, intermediaryExample } from '#libs/composition';

export const registrationExample = {
  application: authorizationExample.application,
  registration: 'first',
  representedParty: { party: authorizationExample.representedParty },
  submitter: { person: '1a2b3c4d-1111-4222-8333-944455566677', role: 'legalRepresentative' },
  authorizedParty: {
    person: authorizationExample.authorizedParty.person,
    means: authorizationExample.authorizedParty.means,
  },
  checks: ['7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10'],
  aimedLevel: 'EH3',
  scope: { services: authorizationExample.scope.services },
  nature: authorizationExample.nature,
  period: { from: '2026-03-03T00:00:00+01:00', until: '2031-03-03T00:00:00+01:00' },
  displayConsent: true,
};

export const intermediaryRegistrationExample = {
  ...registrationExample,
  authorizedParty: intermediaryExample.authorizedParty,
  scope: { all: true },
  nature: { rightOfSubstitution: true, actsIndependently: true },
};

export const renewalExample = {
  application: '6b7c8d9e-5a0e-4c57-9d35-0c3a9b1f2d44',
  registration: 'repeated',
  submitter: { person: '1a2b3c4d-1111-4222-8333-944455566677', role: 'administrator' },
  checks: ['7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10'],
  aimedLevel: 'EH3',
  period: { from: '2031-02-21T00:00:00+01:00', until: '2036-02-21T00:00:00+01:00' },
};

const { period: _period, ...ofChange } = renewalExample;
export const changeExample = ofChange;
