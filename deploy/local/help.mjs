// What `--help` prints: the lists of docs/operations.md, so that there is one list of commands and settings. Node built-ins
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
  const commands = itemsBelow(text, '## Start and stop', COMMAND).filter(
    ([command]) => command === typed || command.startsWith(`${typed} `),
  );
  const settings = itemsBelow(text, '## Settings', SETTING).map(([option, variable, fallback, meaning]) => [
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

const COMMAND = /^`([^`]+)`: (.+)$/;
const SETTING = /^`(--[a-z-]+)` \(`([A-Z_]+)`; default (.+?)\): (.+)$/;

/** What the items of the first list below a heading hold, by the parts of a pattern and without marks. */
function itemsBelow(text, heading, pattern) {
  const from = text.indexOf(`\n${heading}\n`);
  if (from < 0) throw new Error(`docs/operations.md has no "${heading}"`);
  const [list] = /(?:^(?:- |  ).*\n)+/m.exec(text.slice(from)) ?? [''];
  return list
    .slice(2)
    .trimEnd()
    .split(/\n- /)
    .map((item) => {
      const parts = pattern.exec(item.replaceAll(/\n +/g, ' '));
      if (parts === null) throw new Error(`docs/operations.md, below "${heading}": ${item}`);
      return parts.slice(1).map((part) => part.replaceAll('`', ''));
    });
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
