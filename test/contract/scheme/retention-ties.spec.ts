import { describe, expect, it, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { KEPT_KINDS, looksFor, MENTIONING, NAMING, NO_OBJECT, tiesIn, TYING_EVENTS } from '#libs/application';
import { allCodecs } from '#libs/domain';
import { streamId, type DomainEvent, type Recorded } from '#libs/kernel';
import { at, uuid } from '#libs/testing';
import { sections } from '../docs/event-catalogue.js';

/** What keeps what is read from the members of the facts (ARCH-10): none that names an object may be forgotten. */

const domain = fileURLToPath(new URL('../../../libs/domain', import.meta.url));
/**
 * Streams of which nothing is kept by time: of the installation, of receivers, of what is said of keeping itself, and of what
 * somebody asks of the register (the words in it have keys and an end of their own).
 */
const NOT_KEPT = [
  'installation',
  'webhookSubscription',
  'legalHold',
  'destruction',
  'policySimulation',
  'rightsRequest',
];
/** Members of facts about those. */
const OF_NOT_KEPT = [
  ...['subscription', 'legalHold', 'destruction', 'policySimulation', 'rightsRequest', 'records', 'store', 'keyStore'],
];
/** Members in the sources that stand in states and commands alone, or in members that are named here. */
const NOT_IN_FACTS = [
  ...['id', 'login', 'contact', 'tokenFrom', 'judgedOn', 'decidedOn', 'certificateRevokedBy', 'identification'],
  ...['processes', 'duplicateOf', 'heldBy'],
];

const known = new Set([...[...Object.keys(NAMING), ...MENTIONING, ...NO_OBJECT, ...OF_NOT_KEPT, ...NOT_IN_FACTS]]);

test('every kind of stream is kept by time, or named as one that is not', () => {
  const streams = Object.keys(sections);
  const kept = KEPT_KINDS.filter((kind) => kind !== 'document');
  expect([...kept, ...NOT_KEPT].sort()).toEqual([...streams].sort());
  const tying = Object.entries(sections).filter(([category]) => !NOT_KEPT.includes(category));
  expect([...TYING_EVENTS].sort()).toEqual(tying.flatMap(([, { codec }]) => Object.keys(codec)).sort());
  expect(allCodecs.length).toBe(streams.length);
});

describe('a member that has the id of an object', () => {
  const sources = readdirSync(domain, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('spec.ts'))
    .map((name) => [name, readFileSync(`${domain}/${name}`, 'utf8')] as const);

  it('is known by its name, wherever in the domain it is declared', () => {
    const unknown = sources.flatMap(([name, text]) =>
      [...text.matchAll(/readonly (\w+)\??: (?:readonly )?([A-Z]\w*Id)\b/g)]
        .filter(([, member]) => !known.has(member!))
        .map(([, member, type]) => `${name}: ${member!} (${type!})`),
    );
    expect(unknown).toEqual([]);
  });

  it('is known of every check, by its schema', () => {
    const schema = readFileSync(`${domain}/check/check.schema.json`, 'utf8');
    const members: string[] = [];
    const walk = (value: unknown, name: string): void => {
      if (typeof value !== 'object' || value === null) return;
      const { format, $ref, items, properties, ...more } = value as Record<string, unknown>;
      if (format === 'uuid' || $ref === '#/$defs/uuid') members.push(name);
      walk(items, name);
      for (const [member, of] of Object.entries((properties ?? {}) as object)) walk(of, member);
      for (const [key, of] of Object.entries(more)) walk(of, key);
    };
    walk(JSON.parse(schema), '');
    expect(members.length).toBeGreaterThan(20);
    // `intake`: the schema's own word for the application of a check.
    expect(members.filter((member) => member !== 'intake' && !known.has(member))).toEqual([]);
  });

  it('ties what it names also where nobody has thought of it', () => {
    const data = { authorization: uuid('auth'), byWhomever: uuid('person', 3), services: [uuid('service')] };
    const ties = tiesIn(recorded('authorization', 'AuthorizationRegistered', data));
    expect(ties[0]!.restsOn).toContain(`person/${uuid('person', 3)}`);
    expect(ties[0]!.restsOn.join()).not.toContain(uuid('service'));
  });
});

function recorded(category: string, type: string, data: object): Recorded<DomainEvent> {
  const stream = streamId(category as 'check', uuid('own'));
  return {
    ...{ type, data, revision: 0, position: 1n, recordedAt: at('2026-03-02T12:00:00Z') },
    metadata: { stream, id: uuid('event'), type } as unknown as Recorded<DomainEvent>['metadata'],
  };
}

/** Behind the fact that begins what they belong to, which had it looked at. */
const LOOKED_AT_WITH_THE_FIRST = [
  ...['EvidenceKept', 'EvidenceDestroyed'],
  ...['ConfirmationSent', 'ConfirmationRetried', 'ConfirmationFailed', 'ConfirmationLapsed'],
];
const types = Object.entries(sections)
  .filter(([category]) => !NOT_KEPT.includes(category))
  .flatMap(([category, { codec }]) => Object.keys(codec).map((type) => [category, type] as const));

describe('a look at whether it is kept long enough (ARCH-11)', () => {
  it.each(types)('follows of every fact of %s: %s', (category, type) => {
    const data = category === 'check' ? { facts: { application: uuid('appl') } } : {};
    const looks = looksFor(recorded(category, type, data));
    expect(looks.length > 0).toBe(!LOOKED_AT_WITH_THE_FIRST.includes(type));
  });
});
