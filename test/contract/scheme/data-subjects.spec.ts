import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NAMING, personsIn } from '#libs/application';
import { uuid } from '#libs/testing';

/** Whom a reading has shown something of: nobody who is named in it may be left out of its subjects (ADR 156). */

const domain = fileURLToPath(new URL('../../../libs/domain', import.meta.url));
const person = uuid('person', 7);
const sources = readdirSync(domain, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('spec.ts'))
  .map((name) => readFileSync(`${domain}/${name}`, 'utf8'));
/** Of a bearer, who has a kind beside his id. */
const WITH_A_KIND = ['id'];

describe('a member that has the id of a person', () => {
  const declared = sources.flatMap((text) =>
    [...text.matchAll(/readonly (\w+)\??: (?:readonly )?PersonId\b/g)].map(([, member]) => member!),
  );
  const members = [...new Set([...declared, ...Object.keys(NAMING).filter((member) => NAMING[member] === 'person')])];

  it('is looked for in all of the domain', () => expect(members.length).toBeGreaterThan(15));

  it.each(members.filter((member) => !WITH_A_KIND.includes(member)))('names a subject: %s', (member) => {
    expect(personsIn({ data: [{ [member]: person }] })).toEqual([person]);
    expect(personsIn({ [member]: [person] })).toEqual([person]);
  });

  it.each(['addressee', 'authorized', 'represented', 'anybody'])(
    'names a subject where a kind says so: %s',
    (member) => {
      expect(personsIn({ [member]: { kind: 'person', id: person } })).toEqual([person]);
      expect(personsIn({ [member]: { kind: 'party', id: person } })).toEqual([]);
    },
  );

  it('names nobody by what is no id', () => {
    expect(personsIn({ from: '2026-03-02', of: 'a text', records: 3, to: null })).toEqual([]);
  });
});
