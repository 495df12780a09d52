import { describe, expect, it } from '@jest/globals';
import { allCodecs, WEBHOOK_EVENT_TYPES, WEBHOOK_STREAMS } from '#libs/domain';
import { sections } from './event-catalogue.js';
import { items, page } from './markdown.js';

/** What receivers outside the house are told of, and of every other type of event why not. */

const types = allCodecs.flatMap((codec) => Object.keys(codec));
const [, notTold] = /\n### What is not told\n([^]*?)\n## /.exec(page('docs/webhooks.md').text)!;
const reasons = items(notTold!).map((item) => {
  const [, names, reason] = /^((?:`\w+`(?:, )?)+): (.+)$/s.exec(item) ?? [item, '', ''];
  return { names: [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => name!), reason: reason! };
});

describe('every type of event', () => {
  it('is either told to receivers, or docs/webhooks.md says why not', () => {
    const kept = reasons.flatMap(({ names }) => names);
    expect([...WEBHOOK_EVENT_TYPES, ...kept].sort()).toEqual([...types].sort());
    for (const { names, reason } of reasons) expect([names, reason.length > 20]).toEqual([names, true]);
  });

  it('of what ends or pauses something is told, whoever asked for it', () => {
    const told: readonly string[] = WEBHOOK_EVENT_TYPES;
    const ofRequests = Object.keys(sections['revocationRequest']!.codec);
    expect(ofRequests.filter((type) => !told.includes(type))).toEqual([]);
    const others = types.filter((type) => /Suspen|Revo|NonUse/.test(type));
    expect(others.filter((type) => !told.includes(type))).toEqual([]);
  });

  it('that is told stands on a stream that is read for receivers', () => {
    const read = WEBHOOK_STREAMS.flatMap((stream) => Object.keys(sections[stream]!.codec));
    expect(WEBHOOK_EVENT_TYPES.filter((type) => !read.includes(type))).toEqual([]);
  });
});
