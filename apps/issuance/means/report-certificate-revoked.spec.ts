import { afterEach, describe, expect, it } from '@jest/globals';
import type { DomainEvent, Instant, MeansId } from '#libs/kernel';
import { seed, type MeansProduct } from '#libs/application';
import { at, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { reportCertificateRevoked } from './report-certificate-revoked.handler.js';

/** What is looked up before a certificate ends a means: its product by date, and the records of its holder. */

const { checkOf, ids, lookedUpAt, meansFacts, recordChecks, recordPaperRegistration } = paperRegistration;
const means = uuid('means', 7) as MeansId;
const [issuedAt, assessedAnew, now] = [
  paperRegistration.receivedAt,
  at('2026-03-02T09:30:00+01:00'),
  paperRegistration.assessedAt,
];

let memory: MemoryBackbone;
afterEach(() => memory.close());

type Possession = MeansProduct['token']['possession'];
const CARD: Possession = 'qualifiedCertificateOnSecureDevice';

/** The product of the means as it is assessed when its token is handed out, and since. */
async function open(then: Possession, since: Possession = then): Promise<void> {
  const usual = seed.meansProducts.find(({ value }) => value.id === 'password-sms')!.value;
  const assessed = (from: Instant, possession: Possession) => ({ from, value: { ...usual, token: { possession } } });
  const meansProducts = [assessed(at('2020-01-01T00:00:00Z'), then), assessed(assessedAnew, since)];
  memory = await memoryBackbone(() => Date.parse(now), { data: { ...seed, meansProducts } });
  await recordPaperRegistration(memory, []);
  await memory.record('means', means, ...meansFacts(means, ids.employee, 'active'));
}

async function reported(members: object = {}): Promise<unknown> {
  const standing = { personal: true, qualified: true, chainComplete: true, revocationStatus: 'revoked' };
  const facts = { type: 'pkiOverheidCertificate', about: { means }, subject: ids.employee, ...standing, ...members };
  const [check] = await recordChecks(memory, [checkOf(facts as never)]);
  const request = { client: 'back-office', correlationId: 'trace', idempotencyKey: `key-of-${check!}` };
  const outcome = await reportCertificateRevoked(memory.backbone, request, means, { check: check! });
  return outcome.outcome === 'rejected' ? outcome.rejections.map(({ code }) => code) : outcome.outcome;
}

describe('the product of a means that ends by its certificate (MEANS-PKIO)', () => {
  it.each<[string, Possession, Possession, unknown]>([
    ['is a certificate', CARD, CARD, 'accepted'],
    ['was one when its token was handed out', CARD, 'hardwareCertificate', 'accepted'],
    ['was found to be one since', 'hardwareCertificate', CARD, 'accepted'],
    ['never was one', 'smsCode', 'hardwareCertificate', ['means-without-certificate']],
  ])('%s', async (_what, then, since, expected) => {
    expect(issuedAt < assessedAnew && assessedAnew < lookedUpAt).toBe(true);
    await open(then, since);
    expect(await reported()).toEqual(expected);
  });
});

describe('whom the certificate names (MEANS-PKIO)', () => {
  it('is the holder, under whichever of his records', async () => {
    await open(CARD);
    expect(await reported({ subject: ids.director })).toEqual(['certificate-of-another-person']);
    const twin = { type: 'PersonLinked', data: { person: ids.employee, to: ids.director } } as DomainEvent;
    await memory.record('person', ids.employee, twin);
    expect(await reported({ subject: ids.director })).toBe('accepted');
  });

  it('is nobody where a validation of the first release says nobody', async () => {
    await open(CARD);
    expect(await reported({ subject: undefined })).toEqual(['certificate-of-another-person']);
  });
});
