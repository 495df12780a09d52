import { FaultForPeople } from '#libs/kernel';
/** Something a person can put right; the message says what. */
export class EmbeddedServerFault extends FaultForPeople {
  override readonly name = 'EmbeddedServerFault';
}
