import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

const NO_SUITE = 'it starts no suite, but stands on stores in memory or puts an app together by itself';
const ITS_OWN_APP = 'it puts an app together by itself';
const INSIDE = 'it changes what stands inside the process that answers';
const FIGURES = 'it reads the figures of the process that answers';

/** HTTP tests that start a suite, and are about one process: file → why. */
const ONE_PROCESS = {
  'test/e2e/half-open.e2e-spec.ts': ITS_OWN_APP,
  'test/e2e/revocation-process.e2e-spec.ts': ITS_OWN_APP,
  'test/e2e/batches.e2e-spec.ts': INSIDE,
  'test/e2e/conflict.e2e-spec.ts': INSIDE,
  'test/e2e/erased-document.e2e-spec.ts': INSIDE,
  'test/e2e/rebuild.e2e-spec.ts': INSIDE,
  'test/e2e/proof/people-and-documents.e2e-spec.ts': INSIDE,
  'test/e2e/ways/issuing.e2e-spec.ts': INSIDE,
  'test/e2e/ways/other-profiles.e2e-spec.ts': INSIDE,
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

/** Those that never start a suite (`startSuite`): nothing of them is another thing where the apps are processes. */
function withoutSuite() {
  const folder = join(root, 'test', 'e2e');
  const files = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.e2e-spec.ts'))
    .filter((name) => !readFileSync(join(folder, name), 'utf8').includes('startSuite('))
    .map((name) => relative(root, join(folder, name)).split(sep).join('/'));
  return Object.fromEntries(files.sort().map((file) => [file, NO_SUITE]));
}

/**
 * HTTP tests that are not run where the apps are processes behind a gateway (`npm test -- e2e --on cluster`, or
 * `cluster-esdb`, where the events are on EventStoreDB).
 */
export const apartOn = (on) => ({
  ...withoutSuite(),
  ...ONE_PROCESS,
  ...(on === 'cluster-esdb' ? ON_POSTGRES : {}),
});
