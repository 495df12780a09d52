import { expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { allCodecs } from '#libs/domain';
import { generatedFile } from '../scheme/generated.js';
import { eventCataloguePage, sections } from './event-catalogue.js';
import { eventMeanings } from './event-meanings.js';

const path = fileURLToPath(new URL('../../../docs/event-catalogue.md', import.meta.url));

test('docs/event-catalogue.md says what the codecs say', () => {
  const page = eventCataloguePage();
  expect(generatedFile(path, page)).toBe(page);
});

test('the catalogue has every codec of the product', () => {
  expect(new Set(Object.values(sections).map(({ codec }) => codec))).toEqual(new Set(allCodecs));
});

test('every meaning in the catalogue is that of an event type', () => {
  const types = allCodecs.flatMap((codec) => Object.keys(codec));
  expect(Object.keys(eventMeanings).sort()).toEqual(types.sort());
});
