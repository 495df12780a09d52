export declare class StreamChecker {
  readonly events: number;
  readonly twice: number;
  readonly reordered: number;
  readonly streams: number;
  seen(event: { readonly stream: string; readonly revision: number; readonly id: string }): void;
  lengthOf(stream: string): number;
}
export declare class Deduplicated {
  readonly dropped: number;
  take(event: { readonly partitionkey: string; readonly sequence: string }): boolean;
}
export declare class MarkChecker {
  readonly lost: readonly string[];
  readonly twice: readonly string[];
  readonly count: number;
  acknowledged(mark: string): void;
  found(mark: string): void;
}
export declare class DecisionChecker {
  readonly asked: number;
  readonly allowed: number;
  readonly stale: readonly string[];
  readonly revocations: number;
  revoked(pseudonym: string, at: number): void;
  answered(pseudonym: string, askedAt: number, decision: boolean): void;
  refused(times: number): void;
}
export declare class DeliveryChecker {
  readonly taken: number;
  readonly twice: number;
  readonly wanted: number;
  readonly lost: readonly string[];
  readonly wrong: readonly string[];
  unsigned: number;
  wants(event: { readonly stream: string; readonly id: string }): void;
  took(event: { readonly stream: string; readonly id: string }): void;
}
