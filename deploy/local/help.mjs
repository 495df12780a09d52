// What `--help` prints: the rows of docs/operations.md, so that there is one list of commands and settings. Node built-ins
// only: it is asked before anything is installed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const WIDTH = 100;

/** Whether the arguments ask for help. */
export const asksForHelp = (args) => args.some((argument) => argument === '--help' || argument === '-h');

/** `script`: its name in package.json. */
export function helpOf(root, script) {
  const text = readFileSync(join(root, 'docs/operations.md'), 'utf8');
  const typed = script === 'start' || script === 'test' ? `npm ${script}` : `npm run ${script}`;
  const commands = rowsBelow(text, '## Start and stop').filter(
    ([command]) => command === typed || command.startsWith(`${typed} `),
  );
  const settings = rowsBelow(text, '## Settings').map(([option, variable, fallback, meaning]) => [
    `${option} (${variable})`,
    `${meaning}; default: ${fallback}`,
  ]);
  return [
    ...commands.flatMap(([command, what]) => entry(command, what)),
    '',
    'Settings, as an option or as a variable of the environment; the option wins:',
    '',
    ...settings.flatMap(([name, what]) => entry(name, what)),
    '',
    'More in docs/operations.md.',
  ].join('\n');
}

/** Rows of the first table below a heading, without its head; cells without marks. */
function rowsBelow(text, heading) {
  const from = text.indexOf(`\n${heading}\n`);
  if (from < 0) throw new Error(`docs/operations.md has no "${heading}"`);
  const lines = text.slice(from).split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '').replaceAll('\\|', '|')),
  );
}

function entry(name, what) {
  const lines = [`  ${name}`];
  let line = '     ';
  for (const word of what.split(' ')) {
    if (line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = '     ';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
