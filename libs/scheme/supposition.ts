/** At most one condition is supposed to be met although the facts do not show it (D-25). */
export interface Supposition<Code extends string> {
  readonly supposed: Code | null;
  /** Conditions that were asked for: supposing any other would change nothing. */
  readonly asked: Set<Code>;
}

export const supposition = <Code extends string>(supposed: Code | null): Supposition<Code> => ({
  supposed,
  asked: new Set(),
});

/** Whether this condition is supposed to be met; asked only where the facts do not show it. */
export function supposes<Code extends string>({ supposed, asked }: Supposition<Code>, code: NoInfer<Code>): boolean {
  asked.add(code);
  return supposed === code;
}
