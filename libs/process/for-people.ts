import { FaultForPeople } from '#libs/kernel';

/** Whether a person can do something about it: then its message is shown, without a stack. */
export const isForPeople = (error: unknown): error is Error => error instanceof FaultForPeople || isPortTaken(error);

/** `listen EADDRINUSE: address already in use 127.0.0.1:8080` says it all. */
const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** What is told of it. */
export const inWords = (error: unknown): string =>
  isForPeople(error) ? error.message : String(error instanceof Error ? (error.stack ?? error) : error);
