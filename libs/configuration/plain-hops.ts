import { isLoopback } from './loopback.js';

/** What `NETWORK_TRUSTED` can name: what then goes as plain HTTP through a network that is encrypted below it. */
export const NETWORK_USES = ['upstreams', 'traces'] as const;
export type NetworkUse = (typeof NETWORK_USES)[number];

export interface PlainHops {
  readonly upstreams?: Readonly<Record<string, readonly string[]>>;
  readonly tracesEndpoint?: string;
  readonly networkTrusted: readonly NetworkUse[];
}

/** What OpenTelemetry's packages read credentials for the collector from. */
const TRACE_HEADERS = ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'];

/** What would go as plain HTTP beyond this machine without anybody having said that its way is safe. */
export function faultsOfPlainHops(
  { upstreams = {}, tracesEndpoint, networkTrusted }: PlainHops,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const faults: string[] = [];
  const plain = Object.values(upstreams).flat().filter(goesPlainly);
  if (plain.length > 0 && !networkTrusted.includes('upstreams')) {
    faults.push(
      `UPSTREAMS names ${plain[0]}${plain.length > 1 ? ` and ${plain.length - 1} more` : ''} beyond this machine over ` +
        'plain HTTP, by which tokens and what is registered could be read on the way: https:// addresses of apps with ' +
        'TLS_CERT_FILE, or NETWORK_TRUSTED=upstreams where the network between them encrypts (a service mesh)',
    );
  }
  if (tracesEndpoint !== undefined && goesPlainly(tracesEndpoint) && !networkTrusted.includes('traces')) {
    const headers = TRACE_HEADERS.filter((name) => (environment[name] ?? '') !== '');
    faults.push(
      'OTEL_EXPORTER_OTLP_(TRACES_)ENDPOINT names a collector beyond this machine over plain HTTP' +
        (headers.length === 0 ? '' : `, which what stands in ${headers.join(' and ')} would be read from on the way`) +
        ': an https:// address, or NETWORK_TRUSTED=traces where the network encrypts',
    );
  }
  return faults;
}

const goesPlainly = (address: string): boolean => {
  // What is no address is a fault of its own.
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !isLoopback(hostname);
};
