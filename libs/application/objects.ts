import { isUuid, streamId, type Decider, type DomainEvent, type Rejection } from '#libs/kernel';
import type { LoadedObject } from '#libs/eventing';
import {
  applicationDecider,
  authorizationDecider,
  checkDecider,
  meansDecider,
  partyDecider,
  personDecider,
  rejecting,
  applicationRejections,
  rejectCheck,
  revocationRequestRejections,
  type Application,
  type Authorization,
  type Check,
  type Means,
  type Party,
  type Person,
  type ReceivedApplication,
  type RecordedCheck,
  type RegisteredAuthorization,
  type RegisteredParty,
  type RegisteredPerson,
} from '#libs/domain';
import type { Backbone } from './backbone.js';

/** An object as it is on record, or a `Rejection` that names the member of the request it came from. */
export type Found<T> = { readonly found: T } | { readonly fault: Rejection };

const rejectApplication = rejecting(applicationRejections);
const rejectRevocation = rejecting(revocationRequestRejections);

type Known<State extends { readonly status: string }> = Exclude<State, { readonly status: 'none' }>;

function finder<State extends { readonly status: string }>(
  decider: Decider<State, never, DomainEvent>,
  category: Parameters<typeof streamId>[0],
  fault: (pointer: string) => Rejection,
) {
  return async (backbone: Backbone, id: string, pointer: string): Promise<Found<Known<State>>> => {
    const { state } = await backbone.commands.load(decider, streamId(category, id));
    return state.status === 'none' ? { fault: fault(pointer) } : { found: state as Known<State> };
  };
}

// Deciders are contravariant in their events, and a stream holds only its own: the cast says no more than that.
const untyped = <State>(decider: { initialState: State }): Decider<State, never, DomainEvent> =>
  decider as unknown as Decider<State, never, DomainEvent>;

export const findApplication: (backbone: Backbone, id: string, pointer: string) => Promise<Found<ReceivedApplication>> =
  finder<Application>(untyped(applicationDecider), 'application', (pointer) =>
    rejectApplication('unknown-application', { pointer }),
  );
/** Whether it is an application on record: no other has a key, and none gets one by being named. */
export const isReceived = async (backbone: Backbone, application: string): Promise<boolean> =>
  isUuid(application) && 'found' in (await findApplication(backbone, application, '/application'));
export const findCheck: (backbone: Backbone, id: string, pointer: string) => Promise<Found<RecordedCheck>> =
  finder<Check>(untyped(checkDecider), 'check', (pointer) => rejectCheck('unknown-check', { pointer }));
export const findPerson: (backbone: Backbone, id: string, pointer: string) => Promise<Found<RegisteredPerson>> =
  finder<Person>(untyped(personDecider), 'person', (pointer) => rejectCheck('unknown-person', { pointer }));
export const findParty: (backbone: Backbone, id: string, pointer: string) => Promise<Found<RegisteredParty>> =
  finder<Party>(untyped(partyDecider), 'party', (pointer) => rejectCheck('unknown-party', { pointer }));
export const findMeans: (backbone: Backbone, id: string, pointer: string) => Promise<Found<Known<Means>>> =
  finder<Means>(untyped(meansDecider), 'means', (pointer) => rejectCheck('unknown-means', { pointer }));
export const findAuthorization: (
  backbone: Backbone,
  id: string,
  pointer: string,
) => Promise<Found<RegisteredAuthorization>> = finder<Authorization>(
  untyped(authorizationDecider),
  'authorization',
  (pointer) => rejectRevocation('unknown-authorization', { pointer }),
);

/** Everything found, or every fault there was. */
export function allFound<T extends { readonly [name: string]: Found<unknown> | undefined }>(
  parts: T,
):
  | {
      readonly found: {
        readonly [K in keyof T]: T[K] extends Found<infer V> | undefined
          ? undefined extends T[K]
            ? V | undefined
            : V
          : never;
      };
    }
  | { readonly faults: readonly Rejection[] } {
  const faults = Object.values(parts).flatMap((part) => (part !== undefined && 'fault' in part ? [part.fault] : []));
  if (faults.length > 0) return { faults };
  const found = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [
      name,
      part === undefined ? undefined : (part as { found: unknown }).found,
    ]),
  );
  return { found } as never;
}

export type { LoadedObject };
