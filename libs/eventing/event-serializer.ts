import {
  canonicalJson,
  isSealed,
  type DomainEvent,
  type EventCodec,
  type EventDeclaration,
  type EventMetadata,
  type Personal,
  type Recorded,
} from '#libs/kernel';
import type { EventToAppend, StoredEvent } from './ports/event-store.js';
import type { Sealer } from './ports/sealer.js';

/** An event that this version of the product does not know, or that is not what it says it is. Reading stops at it. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
}

/** A personal value without a declaration in the codec, or a declared one that is neither clear nor sealed: a bug. */
export class UndeclaredPersonalData extends Error {
  override readonly name = 'UndeclaredPersonalData';
}

/** Everything of the metadata that is not derived from the event and its codec. */
export type MetadataInput = Omit<EventMetadata, 'type' | 'schemaVersion' | 'processingActivity'>;

/** Turns events into canonical bytes and back, sealing personal members on the way in. */
export interface EventSerializer {
  write(event: DomainEvent, metadata: MetadataInput): Promise<EventToAppend>;
  /** Brings old versions up to date. Throws `UnreadableEvent` on a type or version that no codec knows. */
  read(stored: StoredEvent): Recorded<DomainEvent>;
  /** Whether a codec declares the type. */
  knows(type: string): boolean;
  /** The version of a type's data that `read` gives; `undefined` where no codec declares the type. */
  versionOf(type: string): number | undefined;
}

/** Makes a serializer of the codecs of all aggregates. Two codecs that declare one type are refused. */
export function eventSerializer(codecs: readonly EventCodec<never>[], sealer: Sealer): EventSerializer {
  const declarations = new Map<string, EventDeclaration>();
  for (const codec of codecs) {
    for (const [type, declaration] of Object.entries(codec) as [string, EventDeclaration][]) {
      if (declarations.has(type)) throw new Error(`event type ${type} is declared twice`);
      declarations.set(type, declaration);
    }
  }

  const declarationOf = (type: string): EventDeclaration => {
    const declaration = declarations.get(type);
    if (declaration === undefined) throw new UnreadableEvent(`event type ${type} is unknown`);
    return declaration;
  };

  return {
    knows: (type) => declarations.has(type),
    versionOf: (type) => declarations.get(type)?.schemaVersion,

    async write(event, input) {
      const declaration = declarationOf(event.type);
      const data: Record<string, unknown> = { ...event.data };
      for (const [member, heldBy] of Object.entries(declaration.personal ?? {})) {
        const value = data[member] as Personal<unknown> | undefined;
        if (value === undefined) continue;
        if (typeof value !== 'object' || value === null || !('clear' in value || 'sealed' in value)) {
          throw new UndeclaredPersonalData(`${event.type}.${member} is personal and came as a plain value`);
        }
        if (isSealed(value)) continue;
        const place = { stream: input.stream, eventId: input.id, member };
        data[member] = { sealed: await sealer.seal(heldBy(event.data), place, canonicalJson(value.clear)) };
      }
      refuseClear(event.type, data);
      const metadata: EventMetadata = {
        ...input,
        type: event.type,
        schemaVersion: declaration.versionOf?.(event.data) ?? declaration.schemaVersion,
        processingActivity: declaration.processingActivity,
      };
      return { id: input.id, type: event.type, bytes: canonicalJson({ ...metadata, data }) };
    },

    read(stored) {
      const { data, ...metadata } = parsed(stored);
      if (metadata.id !== stored.id || metadata.type !== stored.type || metadata.stream !== stored.stream) {
        throw new UnreadableEvent(`event ${stored.id} at ${stored.position} says it is another one`);
      }
      const declaration = declarationOf(stored.type);
      if (!Number.isInteger(metadata.schemaVersion) || metadata.schemaVersion > declaration.schemaVersion) {
        throw new UnreadableEvent(
          `event type ${stored.type} has version ${metadata.schemaVersion}, which is not known`,
        );
      }
      let current = data;
      for (let version = metadata.schemaVersion; version < declaration.schemaVersion; version++) {
        const upcast = declaration.upcasters?.[version];
        if (upcast === undefined) throw new UnreadableEvent(`event type ${stored.type} has no way up from ${version}`);
        current = upcast(current);
      }
      return {
        type: stored.type,
        data: current,
        metadata,
        revision: stored.revision,
        position: stored.position,
        recordedAt: stored.recordedAt,
      };
    },
  };
}

/** The stored text as an object. What is wrong with it is told without a word of it. */
function parsed({ id, position, bytes }: StoredEvent): EventMetadata & { readonly data: object } {
  const value = jsonOf(bytes) as { readonly data?: unknown } | null | undefined;
  if (typeof value?.data !== 'object' || value.data === null) {
    throw new UnreadableEvent(`event ${id} at ${position} holds no event`);
  }
  return value as EventMetadata & { readonly data: object };
}

function jsonOf(bytes: string): unknown {
  try {
    return JSON.parse(bytes);
  } catch {
    return undefined;
  }
}

function refuseClear(type: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if ('clear' in value)
    throw new UndeclaredPersonalData(`${type} holds a personal value that its codec does not declare`);
  for (const member of Object.values(value)) refuseClear(type, member);
}

/** Opens one sealed member of a recorded event. `member` is its name in the event's data. */
export async function openMember<T>(
  sealer: Sealer,
  event: { readonly metadata: Pick<EventMetadata, 'stream' | 'id'> },
  member: string,
  value: Personal<T>,
): Promise<T> {
  if (!isSealed(value)) return value.clear;
  const place = { stream: event.metadata.stream, eventId: event.metadata.id, member };
  return JSON.parse(await sealer.open(place, value.sealed)) as T;
}
