import { FaultForPeople } from '#libs/kernel';
import { LogFileDiffers } from '#libs/eventing';
import { LogFault } from '#libs/transparency-log';

/** What is published and what the database holds are not of one log. Nothing is published until a person has looked. */
export class LogRefused extends FaultForPeople {
  override readonly name = 'LogRefused';
}

/** Does the work; what it finds wrong with bytes of the log is for people. */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LogFault) && !(error instanceof LogFileDiffers)) throw error;
    throw new LogRefused(`the transparency log: ${error.message}`, { cause: error });
  }
}
