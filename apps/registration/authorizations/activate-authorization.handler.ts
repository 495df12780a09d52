import { streamId, type AuthorizationId, type CheckId, type Instant } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import {
  commandContext,
  findApplication,
  findAuthorization,
  findMeans,
  loadChecks,
  type Backbone,
  type CommandRequest,
} from '#libs/application';
import {
  authorizationDecider,
  checkNotInDossier,
  judgePurpose,
  type Authorization,
  type AuthorizationEvent,
} from '#libs/domain';
import type { ActivateAuthorizationRequest } from './authorization.requests.js';

/** The authorized person takes his authorization into use, logged in with the means it is linked to (REG-15). */
export async function activateAuthorization(
  backbone: Backbone,
  request: CommandRequest,
  id: AuthorizationId,
  body: ActivateAuthorizationRequest,
): Promise<CommandOutcome<Authorization, AuthorizationEvent>> {
  const context = await commandContext(
    backbone,
    request,
    'ActivateAuthorization',
    body,
    body.lateEntryReason === undefined ? {} : { holder: { kind: 'application', id: body.application } },
  );
  const application = await findApplication(backbone, body.application, '/application');
  const loaded = await loadChecks(backbone, body.checks, '/checks');
  const faults = [...('fault' in application ? [application.fault] : []), ...('faults' in loaded ? loaded.faults : [])];
  if ('fault' in application || 'faults' in loaded) return { outcome: 'rejected', rejections: faults };
  const wrongPurpose = judgePurpose(application.found, 'activation');
  if (wrongPurpose.length > 0) return { outcome: 'rejected', rejections: wrongPurpose };

  const target = await findAuthorization(backbone, id, '');
  const linked = 'found' in target && 'means' in target.found.authorizedParty ? target.found : undefined;
  const party = linked?.authorizedParty as { readonly person: string; readonly means: string } | undefined;
  const strangers = loaded.checks.flatMap(({ facts }, index) =>
    (facts.about as { readonly person?: string }).person === party?.person
      ? []
      : [checkNotInDossier(`/checks/${index}`)],
  );
  if (party !== undefined && strangers.length > 0) return { outcome: 'rejected', rejections: strangers };
  const means = party === undefined ? undefined : await findMeans(backbone, party.means, '');
  const isUsable = means !== undefined && 'found' in means && means.found.status === 'active';

  return backbone.commands.execute(
    authorizationDecider,
    streamId('authorization', id),
    (state) => ({
      type: 'ActivateAuthorization',
      application: application.found.id,
      activatedAt: body.activatedAt,
      ...(body.lateEntryReason === undefined ? {} : { lateEntryReason: body.lateEntryReason }),
      checks: body.checks as CheckId[],
      // A login of this very process, after the authorization was there, with the means it is linked to.
      byHolder:
        isUsable &&
        loaded.checks.some(
          ({ facts }) =>
            facts.type === 'authentication' &&
            facts.application === application.found.id &&
            facts.means === party?.means &&
            state.status !== 'none' &&
            (facts.at as Instant) >= state.registeredAt,
        ),
      now: backbone.now(),
    }),
    context,
  );
}
