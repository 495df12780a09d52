/** State of one thing that readiness rests on. */
export interface ProbeResult {
  readonly fine: boolean;
  /** Position reached and how many places it lies behind, where it reads a feed. */
  readonly position?: string;
  readonly lag?: number;
  /** Milliseconds since it was last fed. */
  readonly ageMilliseconds?: number;
  /** Why not, in words without personal data. */
  readonly reason?: string;
}

export interface Probe {
  readonly name: string;
  check(): ProbeResult | Promise<ProbeResult>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly probes: readonly (ProbeResult & { readonly name: string })[];
}

/** What has to be fine before the process is ready. Filled by the composition. */
export interface ProbeRegistry {
  /** A second probe of the same name is a bug and throws. */
  register(probe: Probe): void;
  /** Checks all at once. A probe that throws or does not answer in time is not fine. */
  check(): Promise<Readiness>;
}

/** Injection token of the `ProbeRegistry`. */
export const PROBES = Symbol('ProbeRegistry');

export function probeRegistry(timeoutMilliseconds = 2_000): ProbeRegistry {
  const probes = new Map<string, Probe>();
  return {
    register(probe) {
      if (probes.has(probe.name)) throw new Error(`probe ${probe.name} is registered twice`);
      probes.set(probe.name, probe);
    },
    async check() {
      const results = await Promise.all(
        [...probes.values()].map(async (probe) => ({
          name: probe.name,
          ...(await inTime(probe, timeoutMilliseconds)),
        })),
      );
      return { ready: results.every((result) => result.fine), probes: results };
    },
  };
}

async function inTime(probe: Probe, milliseconds: number): Promise<ProbeResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ProbeResult>((resolve) => {
    timer = setTimeout(() => resolve({ fine: false, reason: `no answer within ${milliseconds} ms` }), milliseconds);
  });
  try {
    return await Promise.race([(async () => probe.check())(), late]);
  } catch (error) {
    return { fine: false, reason: error instanceof Error ? error.name : 'failed' };
  } finally {
    clearTimeout(timer);
  }
}
