import { membersTwice, type JsonPath, type JsonValue, type TextPlace } from '#libs/kernel';

/**
 * The value of a JSON text of the settings, in which no member stands twice: readers differ on which of the two counts, and
 * whoever looks at the file may see the other one. What is wrong goes to `faults`, and the value is `undefined` then.
 */
export function readSettingsJson(text: string, faults: string[]): JsonValue | undefined {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    // The parser's message quotes the text.
    faults.push('is no JSON');
    return undefined;
  }
  const twice = membersTwice(text);
  for (const { path, places } of twice) {
    faults.push(`${shown(path)} stands there twice: ${placeWords(places[0])} and ${placeWords(places[1])}`);
  }
  return twice.length > 0 ? undefined : value;
}

const shown = (path: JsonPath): string => path.map((step) => JSON.stringify(step)).join(' → ');

const placeWords = ({ line, column }: TextPlace): string => `line ${line}, column ${column}`;
