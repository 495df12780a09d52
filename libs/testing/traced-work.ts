import type { Condition, Projection } from '#libs/eventing';
import type { MemoryBackbone } from './memory-backbone.js';

/**
 * What work asks of a register and writes to its records, in order: which kind of stream, which list by which columns, and
 * no ids. Two pieces of work that are the same in this can't be told apart by their time.
 */
export async function tracedWork(
  { backbone, stores }: MemoryBackbone,
  work: () => Promise<unknown>,
): Promise<readonly string[]> {
  const trace: string[] = [];
  const columns = (where: readonly Condition[]): string => where.map(({ column, is }) => `${column} ${is}`).join(', ');
  const undo = [
    wrap(stores.events, 'readStream', ([stream]) => `stream ${String(stream).split('-')[0]!}`),
    wrap(backbone.readModels.store, 'search', ([projection, query]) => {
      const { where } = query as { readonly where: readonly Condition[] };
      return `list ${(projection as Projection).name} by ${columns(where)}`;
    }),
    wrap(backbone.readModels.store, 'load', ([projection]) => `rows of ${(projection as Projection).name}`),
    wrap(stores.records, 'append', () => 'record'),
  ];
  try {
    await work();
  } finally {
    undo.forEach((back) => back());
  }
  return trace;

  function wrap<Of extends object>(of: Of, name: keyof Of & string, told: (args: unknown[]) => string): () => void {
    const own = Object.getOwnPropertyDescriptor(of, name);
    const before = of[name] as (...args: unknown[]) => unknown;
    const traced = (...args: unknown[]): unknown => {
      trace.push(told(args));
      return before.apply(of, args);
    };
    Object.defineProperty(of, name, { value: traced, configurable: true, writable: true, enumerable: true });
    return (): void => {
      if (own === undefined) Reflect.deleteProperty(of, name);
      else Object.defineProperty(of, name, own);
    };
  }
}
