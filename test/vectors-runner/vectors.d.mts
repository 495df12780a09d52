export interface Vector {
  readonly id: string;
  readonly request: unknown;
  readonly status?: number;
  readonly expected: Readonly<Record<string, unknown>>;
}

export interface VectorAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export const FILES: readonly string[];
export function vectorsOf(name: string): readonly Vector[];
export function outcomeOf(vector: Vector, answer: VectorAnswer): string | undefined;
