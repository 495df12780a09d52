/** A question of the AuthZEN API as far as it means something here (interfaces.md §7); everything else is left out. */
export interface AccessRequest {
  readonly subject: { readonly type: string; readonly id: string };
  readonly action: { readonly name: string };
  readonly resource: { readonly type: string; readonly id: string };
  /** As sent: what is no service or level is answered with a no, not with an error. */
  readonly service: unknown;
  readonly level: unknown;
  readonly singleSignOn: boolean;
  readonly establishment: string | undefined;
  readonly authenticationService: string | undefined;
  /** Organization or authorization through which the path has to lead (CHAIN-08); `null`: sent, and neither. */
  readonly via: string | null | undefined;
  /** Logical time of the NL GOV profile: recorded, never used; `null`: sent, and no text. */
  readonly time: string | null | undefined;
  readonly traceparent: string | undefined;
  /** Whether who asks can carry the obligation out (Obligations profile); he need not say so. */
  readonly supportsStepUp: boolean;
}
