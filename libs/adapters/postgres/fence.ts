import { Fenced, type Fence } from '#libs/eventing';
import { isRefusal } from './errors.js';
import { FENCED } from './migrations/0009-fenced-leases.js';

/** Values of `demand_fence`; nulls where there is no fence. */
export const fenceValues = (fence: Fence | undefined): readonly [name: string | null, token: bigint | null] => [
  fence?.name ?? null,
  fence?.token ?? null,
];

/** The error of `demand_fence` as the port has it; others as they are. */
export const asFenced = (error: unknown, fence: Fence | undefined): unknown =>
  fence !== undefined && isRefusal(error) && error.code === FENCED ? new Fenced(fence) : error;
