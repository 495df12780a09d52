/**
 * What is mutated, and by which specs it is judged. `floor`: per cent of the mutants that tests could have killed.
 * Tables are evaluated once, when their module loads: their mutants (texts, ids) are left to the specs that read them.
 */
export const LIBRARIES = {
  scheme: {
    floor: 95,
    mutate: ['libs/scheme'],
    // The properties run every rule hundreds of times and find what the cases find; the list of rule ids reads texts.
    without: /(\/contract\/|\/index\.ts$)/,
    specs: ['libs/scheme'],
    withoutSpecs: /(properties|rule-ids)\.spec\.ts$/,
  },
  dossier: {
    floor: 90,
    mutate: ['libs/application/dossier'],
    specs: ['libs/application/dossier'],
  },
  eventing: {
    floor: 85,
    mutate: ['libs/eventing'],
    without: /\/ports\//,
    specs: ['libs/eventing', 'libs/adapters/memory'],
  },
  adapters: {
    floor: 85,
    mutate: ['libs/adapters'],
    without: /\/migrations\//,
    specs: ['libs/adapters'],
    postgres: true,
  },
  vault: { floor: 85, mutate: ['libs/vault'], without: /contract/, specs: ['libs/vault'], postgres: true },
  // How persons are recognized is judged where it is used.
  application: { floor: 85, mutate: ['libs/application'], specs: ['libs/application', 'apps/issuance/persons'] },
  composition: {
    floor: 85,
    mutate: ['libs/composition'],
    specs: ['libs/composition', 'test/e2e/half-open', 'test/e2e/running-app'],
    postgres: true,
    http: true,
  },
  platform: {
    floor: 85,
    mutate: ['libs/platform'],
    // What it makes of the apps' requests and answers is the contract.
    specs: ['libs/platform', 'test/contract/client', 'test/contract/openapi/shape'],
    http: true,
  },
  assurance: {
    floor: 85,
    mutate: ['apps/assurance'],
    specs: ['apps/assurance', 'test/e2e/assurance'],
    postgres: true,
    http: true,
  },
  revocation: {
    floor: 85,
    mutate: ['apps/revocation'],
    specs: ['apps/revocation', 'test/e2e/revocation'],
    postgres: true,
    http: true,
  },
};
