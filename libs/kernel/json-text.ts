/** Names of members and places in lists, from the outside in. */
export type JsonPath = readonly (string | number)[];

/** Of what is being told; it holds for the moment of the call only. */
export type PathHere = () => JsonPath;

/** What is told of a text while it is walked through. */
export interface JsonTextVisitor {
  /** A member whose name stood in the same object before: readers differ on which of the two counts. */
  twice?(path: PathHere, before: number, again: number): void;
  /** Every name of a member. */
  name?(path: PathHere, name: string): void;
  /** Every string without its quotes, names of members too. */
  string?(path: PathHere, content: string): void;
  /** Every number, as it is written. */
  number?(path: PathHere, token: string): void;
  /** Whether enough was found. */
  done?(): boolean;
}

interface Open {
  /** Where the value of each name begins; absent for a list. */
  readonly names?: Map<string, number>;
  at: string | number;
}

/** Every token that has an inside; the text is known to be well-formed, so that words and colons say nothing. */
const TOKEN = /["{}[\],]|-?\d[\d.eE+-]*/g;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** One pass over what a value no longer shows once it was read. The text MUST be one that `JSON.parse` takes. */
export function walkJsonText(text: string, visitor: JsonTextVisitor): void {
  const open: Open[] = [];
  const path: PathHere = () => open.map(({ at }) => at);
  const tokens = new RegExp(TOKEN);
  // A name stands directly behind `{` or behind `,` in an object.
  let nameNext = false;
  for (let match = tokens.exec(text); match !== null && visitor.done?.() !== true; match = tokens.exec(text)) {
    const token = match[0];
    const inner = open.at(-1);
    switch (token) {
      case '{':
      case '[':
        open.push(token === '{' ? { names: new Map(), at: '' } : { at: 0 });
        nameNext = token === '{';
        break;
      case '}':
      case ']':
        open.pop();
        nameNext = false;
        break;
      case ',':
        if (typeof inner!.at === 'number') inner!.at++;
        else nameNext = true;
        break;
      case '"': {
        const end = endOfString(text, match.index);
        tokens.lastIndex = end;
        const content = contentOf(text.slice(match.index, end));
        if (nameNext) {
          nameNext = false;
          inner!.at = content;
          const before = inner!.names!.get(content);
          const value = valueBehind(text, end);
          if (before !== undefined) visitor.twice?.(path, before, value);
          inner!.names!.set(content, value);
          visitor.name?.(path, content);
        }
        visitor.string?.(path, content);
        break;
      }
      default:
        visitor.number?.(path, token);
    }
  }
}

/** Where a value stands, counted from 1 as editors do. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

export interface MemberTwice {
  readonly path: JsonPath;
  readonly places: readonly [TextPlace, TextPlace];
}

/** Most that are told of one text. */
const MOST_TOLD = 20;

/** Members that stand twice in one object, with where the two values begin. The text MUST be one that `JSON.parse` takes. */
export function membersTwice(text: string): readonly MemberTwice[] {
  const found: MemberTwice[] = [];
  walkJsonText(text, {
    twice: (path, before, again) =>
      void found.push({ path: path(), places: [placeOf(text, before), placeOf(text, again)] as const }),
    done: () => found.length >= MOST_TOLD,
  });
  return found;
}

function placeOf(text: string, index: number): TextPlace {
  const before = text.slice(0, index);
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') };
}

/** Place behind the closing quote of the string that begins at `begin`. */
function endOfString(text: string, begin: number): number {
  for (let place = begin + 1; ; place++) {
    const code = text.charCodeAt(place);
    if (code === QUOTE) return place + 1;
    if (code === BACKSLASH) place++;
  }
}

/** Where the value begins whose name ends at `end`. */
function valueBehind(text: string, end: number): number {
  let place = end;
  while (/[\s:]/.test(text[place]!)) place++;
  return place;
}

const contentOf = (quoted: string): string =>
  quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
