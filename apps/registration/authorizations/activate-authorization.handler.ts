import { streamId, type AuthorizationId, type CheckId } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import { commandContext, findApplication, loadChecks, type Backbone, type CommandRequest } from '#libs/application';
import { authorizationDecider, judgePurpose, type Authorization, type AuthorizationEvent } from '#libs/domain';
import type { ActivateAuthorizationRequest } from './authorization.requests.js';

/** The authorized person takes his authorization into use, logged in with the means it is linked to (REG-15). */
export async function activateAuthorization(
  backbone: Backbone,
  request: CommandRequest,
  id: AuthorizationId,
  body: ActivateAuthorizationRequest,
): Promise<CommandOutcome<Authorization, AuthorizationEvent>> {
  const context = await commandContext(backbone, request, body);
  const application = await findApplication(backbone, body.application, '/application');
  const loaded = await loadChecks(backbone, body.checks, '/checks');
  const faults = [...('fault' in application ? [application.fault] : []), ...('faults' in loaded ? loaded.faults : [])];
  if ('fault' in application || 'faults' in loaded) return { outcome: 'rejected', rejections: faults };
  const wrongPurpose = judgePurpose(application.found, 'activation');
  if (wrongPurpose.length > 0) return { outcome: 'rejected', rejections: wrongPurpose };

  return backbone.commands.execute(
    authorizationDecider,
    streamId('authorization', id),
    (state) => {
      const holder = state.status !== 'none' && 'means' in state.authorizedParty ? state.authorizedParty : undefined;
      return {
        type: 'ActivateAuthorization',
        activatedAt: body.activatedAt,
        checks: body.checks as CheckId[],
        byHolder: loaded.checks.some(
          ({ facts }) =>
            facts.type === 'authentication' && facts.means === holder?.means && facts.about.person === holder?.person,
        ),
        now: backbone.now(),
      };
    },
    context,
  );
}
