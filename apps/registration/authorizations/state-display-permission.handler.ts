import { streamId, type AuthorizationId, type CheckId, type PersonId, type Rejection } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import {
  commandContext,
  decidesAt,
  findApplication,
  findCheck,
  proveViewer,
  type Backbone,
  type CommandRequest,
} from '#libs/application';
import {
  authorizationDecider,
  checkNotInDossier,
  managesAt,
  type Authorization,
  type AuthorizationCommand,
  type AuthorizationEvent,
  type RegisteredAuthorization,
} from '#libs/domain';
import type { StateDisplayPermissionRequest } from './authorization.requests.js';
import { FaultyRequest, NOBODY } from './decide-anew.js';

const POINTERS = { person: '/statedBy/person', authentication: '/statedBy/authentication' };

/**
 * Takes down what a represented party states of a person's permission to be shown (CONSENT-08), from whoever is logged in
 * and shown to speak for it, as one who views is (PROOF-06, PROOF-02).
 */
export async function stateDisplayPermission(
  backbone: Backbone,
  request: CommandRequest,
  id: AuthorizationId,
  body: StateDisplayPermissionRequest,
): Promise<CommandOutcome<Authorization, AuthorizationEvent>> {
  const context = await commandContext(backbone, request, 'StateDisplayPermission', body);
  let faults: readonly Rejection[] = [];
  return backbone.commands
    .execute(
      authorizationDecider,
      streamId('authorization', id),
      async (state) => {
        if (state.status === 'none') return NOBODY;
        const answer = await commandFor(backbone, state, body);
        if (!('faults' in answer)) return answer;
        faults = answer.faults;
        throw new FaultyRequest();
      },
      context,
    )
    .catch((error: unknown): CommandOutcome<Authorization, AuthorizationEvent> => {
      if (error instanceof FaultyRequest) return { outcome: 'rejected', rejections: faults };
      throw error;
    });
}

async function commandFor(
  backbone: Backbone,
  { representedParty, establishments }: RegisteredAuthorization,
  { application, statedBy: { person, authentication }, permitted }: StateDisplayPermissionRequest,
): Promise<AuthorizationCommand | { readonly faults: readonly Rejection[] }> {
  const intake = await findApplication(backbone, application, '/application');
  const login = await findCheck(backbone, authentication, POINTERS.authentication);
  const isElsewhere = 'found' in login && login.found.facts.application !== application;
  const proven = await proveViewer(backbone, { person, authentication }, POINTERS, 'change');
  const faults = [
    ...('fault' in intake ? [intake.fault] : []),
    ...('faults' in proven ? proven.faults : []),
    ...('found' in intake && isElsewhere ? [checkNotInDossier(POINTERS.authentication)] : []),
  ];
  if ('fault' in intake || 'faults' in proven || faults.length > 0) return { faults };
  const { viewer } = proven;
  // To see it is not enough: what is stated here is decided.
  const manages = await decidesAt(backbone, viewer, representedParty);
  return {
    type: 'StateDisplayPermission',
    application: intake.found.id,
    permitted,
    statedBy: person as PersonId,
    role: viewer.represents.has(representedParty) ? 'legalRepresentative' : 'administrator',
    manages: managesAt({ manages }, establishments) ? 'this' : manages.length > 0 ? 'others' : 'nothing',
    login: authentication as CheckId,
    level: viewer.level,
    now: backbone.now(),
  };
}
