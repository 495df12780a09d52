/** Where a means may be used, and nowhere else (REST-01); without a provider: anywhere. */
export type Restriction = {
  /** Of the service catalogue. */
  readonly restrictedToProvider?: string;
  /** Of that provider, these services only; absent: all of them. */
  readonly restrictedToServices?: readonly string[];
};

/** What both allow; `undefined`: nothing at all. */
export function narrowed(one: Restriction, other: Restriction): Restriction | undefined {
  const { restrictedToProvider: provider, restrictedToServices: services } = one;
  if (provider === undefined) return restrictionOf(other);
  if (other.restrictedToProvider === undefined) return restrictionOf(one);
  if (provider !== other.restrictedToProvider) return undefined;
  const allowed = other.restrictedToServices;
  if (services === undefined || allowed === undefined) return restrictionOf(services === undefined ? other : one);
  const both = services.filter((service) => allowed.includes(service));
  return both.length === 0 ? undefined : { restrictedToProvider: provider, restrictedToServices: both };
}

/** The restriction alone of what may have one. */
export const restrictionOf = ({ restrictedToProvider, restrictedToServices }: Restriction): Restriction =>
  restrictedToProvider === undefined
    ? {}
    : { restrictedToProvider, ...(restrictedToServices === undefined ? {} : { restrictedToServices }) };
