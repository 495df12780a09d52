/**
 * A fault that a person can do something about: programs show its message alone, without a stack. What went wrong and what
 * to do stand in the message.
 */
export class FaultForPeople extends Error {
  override readonly name: string = 'FaultForPeople';
}
