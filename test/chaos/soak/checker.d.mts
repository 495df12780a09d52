import type { Pool } from 'pg';
import type { EventStore } from '#libs/eventing';

interface Place {
  readonly writer: number;
  readonly number: number;
}

export declare class HistoryChecker {
  readonly events: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly gaps: number;
  seen(position: bigint, event: Place): void;
  lost(acknowledged: ReadonlyMap<number, number>): number;
}
export declare function idOf(event: Place): string;
export declare function eventOf(id: string): Place;
export declare function randomFrom(seed: number): () => number;
export declare function write(options: {
  readonly events: EventStore;
  readonly writer: number;
  readonly random: () => number;
  readonly stopped: () => boolean;
  readonly acknowledged: (count: number) => void;
}): Promise<void>;
export declare const NAIVE_TABLE: string;
export declare function surviveCuts(pool: Pool): void;
export declare function writeNaively(options: {
  readonly pool: Pool;
  readonly writer: number;
  readonly stopped: () => boolean;
  readonly pause: () => number;
}): Promise<number>;
export declare function readNaively(options: {
  readonly query: (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  readonly stopped: () => boolean;
}): Promise<() => Promise<{ readonly stored: number; readonly lost: number }>>;
