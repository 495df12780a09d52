import { isUuid, streamId, type Decider, type DomainEvent, type Rejection } from '#libs/kernel';
import type { LoadedObject } from '#libs/eventing';
import {
  applicationDecider,
  authorizationDecider,
  checkDecider,
  evidenceDecider,
  meansDecider,
  partyDecider,
  personDecider,
  rejecting,
  applicationRejections,
  rejectCheck,
  revocationRequestRejections,
  unknownEvidence,
  type Application,
  type Authorization,
  type Check,
  type Evidence,
  type Means,
  type Party,
  type Person,
  type ReceivedApplication,
  type RecordedCheck,
  type RecordedEvidence,
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
export const findEvidence: (backbone: Backbone, id: string, pointer: string) => Promise<Found<RecordedEvidence>> =
  finder<Evidence>(untyped(evidenceDecider), 'evidence', (pointer) => unknownEvidence(pointer, 'notRecorded'));
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

/** Everything found, or every fault there was, in the order given. All are looked for at once. */
export async function allFound<T extends { readonly [name: string]: Promise<Found<unknown>> | undefined }>(
  parts: T,
): Promise<
  | {
      readonly found: {
        readonly [K in keyof T]: T[K] extends Promise<Found<infer V>> | undefined
          ? undefined extends T[K]
            ? V | undefined
            : V
          : never;
      };
    }
  | { readonly faults: readonly Rejection[] }
> {
  const looked = await Promise.all(Object.entries(parts).map(async ([name, part]) => [name, await part] as const));
  const faults = looked.flatMap(([, part]) => (part !== undefined && 'fault' in part ? [part.fault] : []));
  if (faults.length > 0) return { faults };
  const foundOf = (part: Found<unknown> | undefined): unknown =>
    part !== undefined && 'found' in part ? part.found : undefined;
  return { found: Object.fromEntries(looked.map(([name, part]) => [name, foundOf(part)])) } as never;
}

export type { LoadedObject };
