import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** The process's own figures. Labels are closed sets (route templates, names of projections), never ids. */
export interface Metrics {
  readonly contentType: string;
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  gauge(name: string, help: string, labels?: readonly string[]): Gauge;
  /** Buckets in the unit the name ends in (`_seconds`). */
  histogram(name: string, help: string, buckets: readonly number[], labels?: readonly string[]): Histogram;
  /** Run right before the figures are read, so that a gauge can be filled then. */
  onRead(collect: () => void | Promise<void>): void;
  text(): Promise<string>;
}

/** Injection token of `Metrics`. */
export const METRICS = Symbol('Metrics');

export const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** A registry of its own, so that two applications in one process (tests) don't meet in a global one. */
export function metricsRegistry(labels: Readonly<Record<string, string>> = {}): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels(labels);
  collectDefaultMetrics({ register: registry });
  const collectors: (() => void | Promise<void>)[] = [];
  const options = (name: string, help: string, names: readonly string[] = []) => ({
    name: `waarborg_${name}`,
    help,
    labelNames: [...names],
    registers: [registry],
  });
  return {
    contentType: registry.contentType,
    counter: (name, help, names) => new Counter(options(name, help, names)),
    gauge: (name, help, names) => new Gauge(options(name, help, names)),
    histogram: (name, help, buckets, names) => new Histogram({ ...options(name, help, names), buckets: [...buckets] }),
    onRead: (collect) => void collectors.push(collect),
    async text() {
      for (const collect of collectors) await collect();
      return registry.metrics();
    },
  };
}
