import { streamId, type AuthorizationId, type CheckId, type Instant } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import {
  commandContext,
  findApplication,
  findAuthorization,
  assessmentAt,
  loadChecks,
  weigh,
  type Backbone,
  type CommandRequest,
} from '#libs/application';
import { authorizationDecider, judgePurpose, type Authorization, type AuthorizationEvent } from '#libs/domain';
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
    body.lateEntryReason === undefined
      ? {}
      : { stream: streamId('authorization', id), holder: { kind: 'application', id: body.application } },
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
  const weighing = await weigh(backbone, {
    application: application.found,
    at: assessmentAt(backbone.now(), application.found, loaded.checks),
    roles: {
      application: application.found.id,
      ...(party === undefined ? {} : { authorizedPerson: party.person, means: party.means }),
    },
    named: loaded.checks,
    checksPointer: '/checks',
  });
  if ('faults' in weighing && party !== undefined) return { outcome: 'rejected', rejections: weighing.faults };
  const logins = 'faults' in weighing ? [] : weighing.evidence.filter(({ counts }) => counts);

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
        party !== undefined &&
        logins.some(
          ({ check: { facts } }) =>
            facts.type === 'authentication' &&
            facts.means === party.means &&
            state.status !== 'none' &&
            (facts.at as Instant) >= state.registeredAt,
        ),
      now: backbone.now(),
    }),
    context,
  );
}
