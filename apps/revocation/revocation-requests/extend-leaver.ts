import { streamId } from '#libs/kernel';
import { StoreUnavailable, type CommandContext } from '#libs/eventing';
import { findApplication, loadChecks, type Backbone } from '#libs/application';
import { isNotAmong, MOST_LINES, revocationRequestDecider, type RevocationRequest } from '#libs/domain';
import { findObject } from './decide-revocation.handler.js';
import { judgeLeaver } from './judge-leaver.js';

type Accepted = Extract<RevocationRequest, { readonly status: 'accepted' }>;

/**
 * What was registered for a leaver after his objects were listed, and before his request is carried out, ends as well: it is
 * judged as the rest was, as of the acceptance however late that is tried again, and stands in a line of its own before
 * anything is done about it. Answers the request with every line that it has by then; `undefined`: nothing was new.
 */
export async function extendLeaver(
  backbone: Backbone,
  state: Accepted,
  context: CommandContext,
): Promise<Exclude<RevocationRequest, { readonly status: 'none' }> | undefined> {
  const { lines: known = [], requester } = state;
  const now = backbone.now();
  const [application, object, loaded] = [
    await findApplication(backbone, state.application, ''),
    await findObject(backbone, state.object),
    await loadChecks(backbone, state.checks, ''),
  ];
  if ('fault' in application || 'fault' in object || 'faults' in loaded || object.found.kind !== 'leaver') {
    throw new Error(`revocation request ${state.revocationRequest} names what is not on record`);
  }
  const asked = { application: application.found, object: object.found, requester };
  const judged = await judgeLeaver(backbone, asked, loaded.checks, { judgedAt: state.decidedAt, now });
  if ('faults' in judged) throw new Error(`revocation request ${state.revocationRequest} is not judged any more`);
  const lines = (judged.judgement.lines ?? []).filter(isNotAmong(known));
  let request: Exclude<RevocationRequest, { readonly status: 'none' }> | undefined;
  for (let begin = 0; begin < lines.length; begin += MOST_LINES) {
    const extended = await backbone.commands.execute(
      revocationRequestDecider,
      streamId('revocationRequest', state.revocationRequest),
      () => ({ type: 'ExtendRevocation', lines: lines.slice(begin, begin + MOST_LINES), now }),
      // Beside the last step, which has the key of the acceptance itself; each time on from the lines that were there.
      { ...context, key: `${context.key}/lines/${known.length + begin}` },
    );
    if (extended.outcome !== 'accepted' || extended.state.status === 'none') {
      throw new StoreUnavailable(`revocation request ${state.revocationRequest} keeps changing`);
    }
    request = extended.state;
  }
  return request;
}
