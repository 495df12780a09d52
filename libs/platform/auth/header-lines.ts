import type { IncomingMessage } from 'node:http';

/** Every value that a header was sent with, one a line. Node joins those of most headers, so that two look like one. */
export function headerLines({ rawHeaders }: IncomingMessage, name: string): readonly string[] {
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]!.toLowerCase() === name) values.push(rawHeaders[at + 1]!);
  }
  return values;
}
