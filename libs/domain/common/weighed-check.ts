/** How one check stood in a dossier; kept with what was decided on it, so that it can be told why it did not count. */
export type WeighedCheck = {
  readonly check: string;
  readonly type: string;
  readonly counts: boolean;
  /** From the published list of reasons; absent where it counts without a reserve. */
  readonly why?: string;
  /** It was not named: it came along by itself (PROOF-01). */
  readonly joined: boolean;
  readonly superseded: boolean;
};
