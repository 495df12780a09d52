import {
  canonicalJson,
  categoryOf,
  isUuid,
  type Actor,
  type Instant,
  type JsonObject,
  type JsonValue,
  type Recorded,
} from '#libs/kernel';

/** What the data of a published event say beside the event's own. */
export interface PublishedData {
  /** Id of the store: an event of another one is nobody's here, however alike its names are. */
  readonly store: string;
  readonly stream: string;
  readonly revision: number;
  /** Type as it is stored (docs/event-catalogue.md). */
  readonly type: string;
  readonly schemaVersion: number;
  readonly ruleSet?: string;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly actor: Actor;
  /** The event's data without its sealed members: those never leave the house. */
  readonly data: JsonObject;
}

/** An event as it leaves the house: a CloudEvent (1.0, structured) in the NL GOV profile. */
export interface PublishedEvent {
  readonly specversion: '1.0';
  /** The event's own id: whoever gets it twice knows it by this. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** The stream: an id of an object, nothing about anybody. */
  readonly subject: string;
  /** When the store recorded it; when it happened stands in the data. */
  readonly time: Instant;
  readonly datacontenttype: 'application/json';
  /** Epoch (5 digits) `-` position (20 digits): sorts as text in the order of the store. */
  readonly sequence: string;
  readonly partitionkey: string;
  readonly traceparent?: string;
  readonly data: PublishedData;
}

/** Whose events they are, and of which store. */
export interface Publisher {
  readonly oin: string;
  readonly identity: { readonly store: string; readonly epoch: number };
  /** The version that a type's data have as they are read, whichever one was stored (`EventSerializer.versionOf`). */
  versionOf(type: string): number | undefined;
}

export const sourceOf = (oin: string): string => `urn:nld:oin:${oin}:systeem:waarborg`;

/** Reverse domain notation, without an organization's name; another shape of the data is another type. */
export const publishedType = (type: string, schemaVersion: number): string =>
  `nl.eherkenning.${kebab(type)}.v${schemaVersion}`;

/** Where the events of a category of streams go. */
export const topicOf = (category: string): string => `register.${category}.events.v1`;

export const sequenceOf = (epoch: number, position: bigint): string =>
  `${String(epoch).padStart(5, '0')}-${String(position).padStart(20, '0')}`;

/** Turns a recorded event into what outsiders and reactions get. */
export function publishedEvent(
  recorded: Recorded<{ readonly type: string; readonly data: object }>,
  { oin, identity, versionOf }: Publisher,
): PublishedEvent {
  const { metadata } = recorded;
  const { stream, ruleSet, correlationId, causationId, actor, traceparent } = metadata;
  const schemaVersion = versionOf(recorded.type) ?? metadata.schemaVersion;
  return {
    specversion: '1.0',
    id: metadata.id,
    source: sourceOf(oin),
    type: publishedType(recorded.type, schemaVersion),
    subject: stream,
    time: recorded.recordedAt,
    datacontenttype: 'application/json',
    sequence: sequenceOf(identity.epoch, recorded.position),
    partitionkey: stream,
    ...(traceparent === undefined ? {} : { traceparent }),
    data: {
      ...{ store: identity.store, stream, revision: recorded.revision, type: recorded.type, schemaVersion },
      ...(ruleSet === undefined ? {} : { ruleSet }),
      correlationId,
      ...(causationId === undefined ? {} : { causationId }),
      actor,
      data: open(recorded.data as JsonValue) as JsonObject,
    },
  };
}

/** The exact text of a published event: the same for the same event, whoever makes it. */
export const publishedText = (event: PublishedEvent): string => canonicalJson(event);

export const publishedTopic = ({ subject }: PublishedEvent): string => topicOf(categoryOf(subject as never));

/** A text that is no event of ours. What is wrong is told without a word of the text. */
export class NotPublished extends Error {
  override readonly name = 'NotPublished';
}

/** Reads what `publishedText` gave, as it came from elsewhere. Throws `NotPublished`, which says what to do. */
export function readPublished(text: string, { source, store }: { source: string; store: string }): PublishedEvent {
  const event = jsonOf(text) as Partial<PublishedEvent> | null | undefined;
  if (typeof event !== 'object' || event === null || event.specversion !== '1.0') {
    throw new NotPublished('no CloudEvent 1.0 in structured JSON: find out who writes to this topic besides the relay');
  }
  const { id, type, subject, time, sequence, data } = event;
  const whole =
    typeof id === 'string' &&
    isUuid(id) &&
    typeof type === 'string' &&
    typeof subject === 'string' &&
    typeof time === 'string' &&
    typeof sequence === 'string' &&
    SEQUENCE.test(sequence) &&
    typeof data === 'object' &&
    data !== null &&
    typeof data.data === 'object' &&
    data.data !== null &&
    typeof data.type === 'string' &&
    TYPE.test(data.type) &&
    Number.isInteger(data.schemaVersion) &&
    Number.isInteger(data.revision);
  if (!whole) {
    throw new NotPublished(
      'a CloudEvent, but none of the register: find out who writes to this topic besides the relay',
    );
  }
  if (event.source !== source || data.store !== store) {
    throw new NotPublished('an event of another store: give each installation brokers or topics of its own');
  }
  if (
    data.stream !== subject ||
    event.partitionkey !== subject ||
    type !== publishedType(data.type, data.schemaVersion)
  ) {
    throw new NotPublished('a CloudEvent whose attributes and data contradict each other');
  }
  return event as PublishedEvent;
}

/** It is told where it is not known: a person's terminal and a database have to take it. */
const TYPE = /^[A-Za-z][A-Za-z0-9]{0,99}$/;
const SEQUENCE = /^\d{5}-\d{20}$/;

/** Epoch and position that a sequence stands for. */
export function placeOfSequence(sequence: string): { readonly epoch: number; readonly position: bigint } {
  const [epoch, position] = sequence.split('-');
  return { epoch: Number(epoch), position: BigInt(position!) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Without what is sealed, at any depth. */
function open(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).filter((each) => !isCipher(each)).map(open);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined && !isCipher(member))
      .map(([name, member]) => [name, open(member)]),
  );
}

const isCipher = (value: JsonValue): boolean => typeof value === 'object' && value !== null && 'sealed' in value;

const kebab = (name: string): string => name.replace(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
