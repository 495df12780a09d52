import type { Contracts } from '#libs/platform';

export function hashesOf(contracts: Contracts): Readonly<Record<keyof Contracts, string>>;
export function operationsFile(contracts: Contracts): string;
