import { streamId, type CheckId, type Instant, type MeansId } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import {
  commandContext,
  findApplication,
  findCheck,
  isCertificate,
  recordsOf,
  type Backbone,
  type CommandRequest,
} from '#libs/application';
import { checkNotInDossier, meansDecider, type Means, type MeansEvent } from '#libs/domain';
import type { ReportCertificateRevokedRequest } from './means.requests.js';

/**
 * Records that the certificate on a means was revoked where it was issued (SIG-01). The validation says so; the same means
 * has to be what it is about, to be a certificate, and its holder whom that names.
 */
export async function reportCertificateRevoked(
  backbone: Backbone,
  request: CommandRequest,
  id: MeansId,
  body: ReportCertificateRevokedRequest,
): Promise<CommandOutcome<Means, MeansEvent>> {
  const context = await commandContext(backbone, request, 'ReportCertificateRevoked', { check: body.check });
  const found = await findCheck(backbone, body.check, '/check');
  if ('fault' in found) return { outcome: 'rejected', rejections: [found.fault] };
  const { facts } = found.found;
  if (facts.type !== 'pkiOverheidCertificate' || facts.about.means !== id)
    return { outcome: 'rejected', rejections: [checkNotInDossier('/check')] };
  const intake = await findApplication(backbone, facts.application, '/check');
  if ('fault' in intake) throw new Error(`the check ${body.check} hangs on no intake`);
  return backbone.commands.execute(
    meansDecider,
    streamId('means', id),
    async (state) => ({
      type: 'ReportCertificateRevoked',
      application: facts.application as never,
      check: body.check as CheckId,
      validatedAt: facts.performedAt as Instant,
      isRevoked: facts.revocationStatus === 'revoked',
      ...(facts.revokedAt === undefined ? {} : { revokedAt: facts.revokedAt as Instant }),
      receivedAt: intake.found.receivedAt,
      ...(facts.fingerprint === undefined ? {} : { fingerprint: facts.fingerprint }),
      isCertificate: isByCertificate(backbone, state),
      namesHolder: await isHolder(backbone, state, facts.subject),
      now: backbone.now(),
    }),
    context,
  );
}

/** By the product as it was assessed when the token was handed out, or is by now: what was found out later counts as well. */
const isByCertificate = ({ governance, now }: Backbone, state: Means): boolean =>
  'tokenSince' in state &&
  state.tokenSince !== undefined &&
  [state.tokenSince, now()].some((at) => {
    const product = governance.productAt(state.product, at);
    return product !== undefined && isCertificate(product);
  });

/** Whom it names may be on record more than once. Validations of the first release name nobody. */
const isHolder = async (backbone: Backbone, state: Means, subject: string | undefined): Promise<boolean> =>
  state.status !== 'none' && subject !== undefined && (await recordsOf(backbone, state.holder)).includes(subject);
