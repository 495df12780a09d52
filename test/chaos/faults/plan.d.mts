export interface Strike {
  readonly kind: string;
  readonly lasts: number;
  readonly which: number;
  readonly toxic?: string;
  readonly strength?: number;
}
export declare const KINDS: readonly string[];
export declare function planOf(
  on: string,
  seed: number,
  round: number,
): { readonly strikes: readonly Strike[]; readonly pause: number };
