import {
  context,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type SpanContext,
} from '@opentelemetry/api';
import { categoryOf } from '#libs/kernel';
import type { CommandHandler } from './command-handler.js';
import type { EventStore } from './ports/event-store.js';

/**
 * What a span says about itself: names of code and closed sets of words. NEVER an id of a person, an object or a caller,
 * nor anything that was sent: spans leave the house to whoever keeps the traces.
 */
export interface SpanOptions {
  readonly kind?: keyof typeof KINDS;
  /** W3C `traceparent` of what it belongs to. Absent: what runs around it, else it begins a trace. */
  readonly within?: string | undefined;
  /** Each `traceparent` of what it is done for, when that is more than one: it begins a trace, with links to these. */
  readonly linked?: readonly string[] | undefined;
  readonly attributes?: Attributes;
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

const NAME = 'waarborg';
const tracer = trace.getTracer(NAME);

/** Whether anybody takes spans in this process. */
export function isTraced(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer(NAME) !== undefined;
}

/**
 * Does the work as one span, and hands it the `traceparent` to give on (to a command, in the header of a message): the
 * span's own, or `within` where nothing is traced. Of what it throws the span has the type alone: messages quote what they were given.
 */
export async function asSpan<Result>(
  name: string,
  { kind = 'internal', within, linked, attributes = {} }: SpanOptions,
  work: (traceparent: string | undefined) => Promise<Result>,
): Promise<Result> {
  if (!isTraced()) return work(within);
  const around =
    linked !== undefined ? ROOT_CONTEXT : within === undefined ? context.active() : contextOf(spanContextOf(within));
  const links = (linked ?? []).flatMap((each) => spanContextOf(each) ?? []).map((of) => ({ context: of }));
  const span = tracer.startSpan(name, { kind: KINDS[kind], links, attributes }, around);
  try {
    return await context.with(trace.setSpan(around, span), () => work(traceparentOf(span.spanContext())));
  } catch (error) {
    span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** W3C Trace Context, with what later versions may add behind it. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

/** What a `traceparent` names; `undefined` where it is none. */
export function spanContextOf(traceparent: string): SpanContext | undefined {
  const match = TRACEPARENT.exec(traceparent);
  if (match === null) return undefined;
  return { traceId: match[1]!, spanId: match[2]!, traceFlags: Number.parseInt(match[3]!, 16), isRemote: true };
}

/** The context to begin a span in; without one, a trace of its own. */
export const contextOf = (parent: SpanContext | undefined): Context =>
  parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);

export const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;

/** Where the span of work on all of these belongs: in their trace when it is one, else beside theirs, with links. */
export function spanOver(traceparents: readonly (string | undefined)[]): Pick<SpanOptions, 'within' | 'linked'> {
  const all = [...new Set(traceparents.filter((each) => each !== undefined))];
  return all.length === 1 ? { within: all[0] } : { linked: all };
}

/** The same command handler; each command is a span of the request that it came with. */
export const tracedCommands = (commands: CommandHandler): CommandHandler => ({
  ...commands,
  execute: (decider, stream, command, about) =>
    asSpan(
      `command ${categoryOf(stream)}`,
      { within: about.traceparent, attributes: { 'waarborg.category': categoryOf(stream) } },
      () => commands.execute(decider, stream, command, about),
    ),
});

/** The same store; each append is a span of the command that it belongs to. */
export const tracedStore = (events: EventStore): EventStore => ({
  append: (stream, expected, writing) =>
    asSpan(
      `append ${categoryOf(stream)}`,
      {
        kind: 'client',
        attributes: {
          'waarborg.category': categoryOf(stream),
          'waarborg.types': [...new Set(writing.map(({ type }) => type))],
        },
      },
      () => events.append(stream, expected, writing),
    ),
  readStream: (stream, from) => events.readStream(stream, from),
  readStreams: (streams) => events.readStreams(streams),
});
