const IN_MEMORY = 'it stands on stores in memory, with a clock of its own';
const ITS_OWN_APP = 'it puts an app together by itself';
const INSIDE = 'it changes what stands inside the process that answers';
const FIGURES = 'it reads the figures of the process that answers';

/** HTTP tests that are about one process: file → why. */
const ONE_PROCESS = {
  'test/e2e/activation.e2e-spec.ts': IN_MEMORY,
  'test/e2e/both-ways.e2e-spec.ts': IN_MEMORY,
  'test/e2e/intakes.e2e-spec.ts': IN_MEMORY,
  'test/e2e/revocation-outcomes.e2e-spec.ts': IN_MEMORY,
  'test/e2e/lists.e2e-spec.ts': IN_MEMORY,
  'test/e2e/non-use.e2e-spec.ts': IN_MEMORY,
  'test/e2e/assurance/access.e2e-spec.ts': ITS_OWN_APP,
  'test/e2e/assurance/classifications.e2e-spec.ts': ITS_OWN_APP,
  'test/e2e/assurance/levels.e2e-spec.ts': ITS_OWN_APP,
  'test/e2e/assurance/visibility-postgres.e2e-spec.ts': ITS_OWN_APP,
  'test/e2e/assurance/visibility.e2e-spec.ts': ITS_OWN_APP,
  'test/e2e/half-open.e2e-spec.ts': ITS_OWN_APP,
  'test/e2e/revocation-process.e2e-spec.ts': ITS_OWN_APP,
  'test/e2e/batches.e2e-spec.ts': INSIDE,
  'test/e2e/conflict.e2e-spec.ts': INSIDE,
  'test/e2e/erased-document.e2e-spec.ts': INSIDE,
  'test/e2e/rebuild.e2e-spec.ts': INSIDE,
  'test/e2e/proof/people-and-documents.e2e-spec.ts': INSIDE,
  'test/e2e/ways/issuing.e2e-spec.ts': INSIDE,
  'test/e2e/ways/other-profiles.e2e-spec.ts': INSIDE,
  'test/e2e/ways/pairs.e2e-spec.ts': INSIDE,
  'test/e2e/follower-figures.e2e-spec.ts': FIGURES,
  'test/e2e/upgrading.e2e-spec.ts': FIGURES,
};

const EVENTS_BY_SQL = 'it looks at the events in PostgreSQL, or puts them there';

/** Those that are about events on PostgreSQL. */
const ON_POSTGRES = {
  'test/e2e/earlier-registers.e2e-spec.ts': EVENTS_BY_SQL,
  'test/e2e/personal-data.e2e-spec.ts': EVENTS_BY_SQL,
  'test/e2e/traces.e2e-spec.ts': EVENTS_BY_SQL,
};

/**
 * HTTP tests that are not run where the apps are processes behind a gateway (`npm test -- e2e --on cluster`, or
 * `cluster-esdb`, where the events are on EventStoreDB).
 */
export const apartOn = (on) => (on === 'cluster-esdb' ? { ...ONE_PROCESS, ...ON_POSTGRES } : ONE_PROCESS);
