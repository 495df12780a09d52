import {
  governance,
  indexMaps,
  seed,
  usePolicy,
  type AccessRequest,
  type DecisionIndexRow,
  type GovernanceData,
  type IndexMaps,
  type MeansEntry,
} from '#libs/application';
import { instantFromEpoch, type Instant } from '#libs/kernel';
import { currentRuleSet, type Link } from '#libs/scheme';
import { readAccessRequest } from '../../../apps/assurance/evaluate-access/access-request.js';

/** A register in memory that tests of the judgment build entry by entry, without events. */

export const NOW = Date.parse('2026-03-02T09:00:00Z');
export const DAY = 86_400_000;
export const text = (milliseconds: number): Instant => instantFromEpoch(milliseconds);

export const SERVICE = 'urn:service:plain';
export const CHAIN = 'urn:service:chain';

export const data: GovernanceData = {
  ...seed,
  services: [
    {
      id: SERVICE,
      name: 'Plain',
      provider: 'p1',
      providerName: 'One',
      chainSupported: false,
      minimumLevels: [{ from: '2020-01-01T00:00:00Z', level: 'EH2' }],
    },
    {
      id: CHAIN,
      name: 'Chain',
      provider: 'p2',
      providerName: 'Two',
      ofTaxAdministration: true,
      chainSupported: true,
      minimumLevels: [{ from: '2020-01-01T00:00:00Z', level: 'EH2+' }],
      groups: [{ id: 'g1', since: '2024-01-01T00:00:00Z' }],
    },
    {
      id: 'urn:service:none',
      name: 'None',
      provider: 'p1',
      providerName: 'One',
      chainSupported: false,
      minimumLevels: [],
    },
    {
      id: 'urn:service:gone',
      name: 'Gone',
      provider: 'p1',
      providerName: 'One',
      chainSupported: false,
      minimumLevels: [{ from: '2020-01-01T00:00:00Z', level: 'EH2' }],
      withdrawnFrom: text(NOW + 10 * DAY),
    },
  ],
  maxIntermediaries: 2,
};
export const policyOf = (more: Partial<GovernanceData> = {}) =>
  usePolicy(governance({ ...data, ...more }), currentRuleSet);
export const policy = policyOf();

export function asked(
  more: {
    level?: unknown;
    service?: unknown;
    sso?: boolean;
    context?: object;
    subject?: object;
    resource?: object;
    action?: string;
  } = {},
): AccessRequest {
  const properties: Record<string, unknown> = { service: 'service' in more ? more.service : SERVICE };
  if ('level' in more) properties['level'] = more.level;
  if (more.sso !== undefined) properties['singleSignOn'] = more.sso;
  const read = readAccessRequest({
    subject: { type: 'means', id: 'pseudonym', ...more.subject },
    action: { name: more.action ?? 'represent', properties },
    resource: { type: 'organization', id: 'kvk:1', ...more.resource },
    ...(more.context === undefined ? {} : { context: more.context }),
  });
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.request;
}

let places = 0n;
const row = (kind: DecisionIndexRow['kind'], id: string, content: DecisionIndexRow['content']): DecisionIndexRow => ({
  id: `${kind}:${id}`,
  position: (places += 1n),
  kind,
  representedParty: null,
  means: null,
  content,
});
export const party = (maps: IndexMaps, id: string, restGroup = false): void =>
  maps.put(row('party', id, { party: id, organization: id.replace('party-', 'kvk:'), restGroup }));
export function means(
  maps: IndexMaps,
  stork: number | null = 3,
  status: 'active' | 'awaitingActivation' | 'revoked' = 'active',
  product = 'password-sms',
  more: Partial<MeansEntry> = {},
): void {
  const entry: MeansEntry = {
    ...{ means: 'm', pseudonym: 'pseudonym', holder: 'holder', product, stork, status },
    ...more,
  };
  maps.put(row('means', entry.means, entry));
}
export function link(maps: IndexMaps, id: string, from: string, to: string, more: Partial<Link> = {}): void {
  maps.put(
    row('authorization', id, {
      authorization: id,
      authority: 'regular',
      toPerson: !to.startsWith('party-'),
      registeredLevel: null,
      link: {
        representedParty: from,
        authorizedParty: to,
        m: 3,
        status: 'active',
        registeredAt: text(NOW - 30 * DAY),
        validFrom: text(NOW - 30 * DAY),
        validUntil: text(NOW + 365 * DAY),
        scope: { all: true },
        forThirdParties: false,
        rightOfSubstitution: true,
        actsIndependently: true,
        ...more,
      },
    }),
  );
}
export function register(): IndexMaps {
  const maps = indexMaps();
  party(maps, 'party-1');
  party(maps, 'party-2');
  party(maps, 'party-3');
  means(maps);
  return maps;
}
export const codes = (judgment: { reasons: readonly { code: string }[] }): string[] =>
  judgment.reasons.map(({ code }) => code);
