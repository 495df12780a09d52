import { testDatabase } from '#libs/testing';
import { installation, type Installation, type SuiteProcess } from '../chaos/suite-process.js';
import { databaseSettings } from '../e2e/support/suite.js';

/** A suite that runs in a folder of its own, and tools that are typed beside it. */
export interface RunningInstallation {
  readonly place: Installation;
  readonly suite: SuiteProcess;
  end(): Promise<void>;
}

export async function runningInstallation(): Promise<RunningInstallation> {
  const databases = { register: await testDatabase(), keys: await testDatabase() };
  const place = await installation(databaseSettings(databases));
  return {
    place,
    suite: await place.start(),
    async end() {
      await place.remove();
      for (const database of Object.values(databases)) await database.drop();
    },
  };
}
