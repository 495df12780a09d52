import { having } from '../../support/client.js';
import {
  checkedCopy,
  circumstances,
  documentStatus,
  identifiedParty,
  representation,
  signedOnPaper,
  type Fact,
} from './facts.js';
import { walk, type Earned, type Way } from './register.js';
import { holder, party, type Holder, type Stage } from './stage.js';

/** An administrator and the party whose authorizations he manages. */
export interface Administrator extends Holder {
  readonly party: string;
}

/** The director appoints somebody on paper, at EH3. */
export async function appointed(stage: Stage): Promise<Administrator> {
  const { human, means } = await holder(stage.client, 3);
  const consumer = await party(stage.client, 'privateLegalPerson');
  const { answer } = await walk(stage, {
    scene: { party: consumer, authorized: human, means },
    checks: [
      ...identifiedParty,
      ...signedOnPaper,
      documentStatus('submitter'),
      representation(),
      circumstances(),
      ...checkedCopy,
    ],
    body: { authority: 'administration', scope: { all: true }, aimedLevel: 'EH3' },
  });
  having(answer, 201);
  return { human, means, party: consumer };
}

/** What goes with his login when he registers an employee. */
export const ofEmployee: readonly Fact[] = [...identifiedParty, circumstances(), ...checkedCopy];

/** He registers an employee, a new one each time unless the scene has one. */
export async function registeredBy(stage: Stage, administrator: Administrator, way: Way): Promise<Earned> {
  const employee = way.scene?.means === undefined ? await holder(stage.client, 3) : undefined;
  return walk(stage, {
    registration: 'repeated',
    channel: 'electronic',
    role: 'administrator',
    ...way,
    scene: {
      party: administrator.party,
      submitter: administrator.human,
      ...(employee === undefined ? {} : { authorized: employee.human, means: employee.means }),
      ...way.scene,
    },
  });
}
