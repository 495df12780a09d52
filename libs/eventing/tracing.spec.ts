import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { asSpan, isTraced, spanContextOf, spanOver, traceparentOf } from './tracing.js';

const ONE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const OTHER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const NOT_WANTED = ONE.replace(/01$/, '00');

describe('where nobody takes traces', () => {
  it('the work is done, and what it hands on is what it was given', async () => {
    expect(isTraced()).toBe(false);
    expect(await asSpan('work', { within: ONE }, async (handedOn) => handedOn)).toBe(ONE);
    expect(await asSpan('work', {}, async (handedOn) => handedOn)).toBeUndefined();
  });
});

describe('where traces are taken', () => {
  const taken = new InMemorySpanExporter();
  beforeEach(() => {
    taken.reset();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(taken)] }));
  });
  afterEach(() => {
    trace.disable();
    context.disable();
  });
  const spans = () =>
    taken.getFinishedSpans().map((span) => ({
      name: span.name,
      traceId: span.spanContext().traceId,
      parent: span.parentSpanContext?.spanId,
      links: span.links.map(({ context: linked }) => traceparentOf(linked)),
    }));

  it('a span belongs to what it is said to be within, and what runs in it belongs to it', async () => {
    const handedOn = await asSpan('outer', { within: ONE }, async (outer) => {
      await asSpan('inner', {}, async () => undefined);
      return outer;
    });
    const { traceId, spanId } = spanContextOf(ONE)!;
    const own = spanContextOf(handedOn!)!;
    expect(own).toMatchObject({ traceId });
    expect(spans()).toEqual([
      { name: 'inner', traceId, parent: own.spanId, links: [] },
      { name: 'outer', traceId, parent: spanId, links: [] },
    ]);
  });

  it('work for one trace is in it, work for several begins its own and is linked to each', async () => {
    await asSpan('of one', spanOver([ONE, undefined, ONE]), async () => undefined);
    await asSpan('around', { within: ONE }, () => asSpan('of two', spanOver([ONE, OTHER]), async () => undefined));
    await asSpan('of none', spanOver([undefined]), async () => undefined);
    const [ofOne, ofTwo, , ofNone] = spans();
    expect(ofOne).toMatchObject({ traceId: spanContextOf(ONE)!.traceId, parent: spanContextOf(ONE)!.spanId });
    expect(ofTwo).toMatchObject({ parent: undefined, links: [ONE, OTHER] });
    expect([ONE, OTHER].map((each) => spanContextOf(each)!.traceId)).not.toContain(ofTwo!.traceId);
    expect(ofNone).toMatchObject({ parent: undefined, links: [] });
  });

  it('what fails is told by its type, without its words, and goes on to who asked', async () => {
    const work = asSpan('work', { kind: 'client' }, () => Promise.reject(new RangeError('Jansen is too long')));
    await expect(work).rejects.toThrow('Jansen is too long');
    const [span] = taken.getFinishedSpans();
    expect(span).toMatchObject({ kind: SpanKind.CLIENT, status: { code: SpanStatusCode.ERROR } });
    expect(span!.attributes).toEqual({ 'error.type': 'RangeError' });
    expect(JSON.stringify([span!.status, span!.events])).not.toContain('Jansen');
  });

  it('who does not want his trace taken keeps it to himself', async () => {
    const handedOn = await asSpan('work', { within: NOT_WANTED }, async (own) => own);
    expect(spans()).toEqual([]);
    expect(handedOn).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-00$/);
  });
});

describe('a traceparent', () => {
  it('is read as W3C says, and given back', () => {
    expect(traceparentOf(spanContextOf(ONE)!)).toBe(ONE);
    expect(traceparentOf(spanContextOf(NOT_WANTED)!)).toBe(NOT_WANTED);
    // Of a later version, which may have more behind it.
    expect(spanContextOf(`01${ONE.slice(2)}-what-comes`)).toEqual(spanContextOf(ONE));
  });

  it.each(['', 'nonsense', ONE.toUpperCase(), `ff${ONE.slice(2)}`, ONE.replace(/4bf\w+/, '0'.repeat(32))])(
    'is none: %s',
    (text) => expect(spanContextOf(text)).toBeUndefined(),
  );
});
