import { ConfigurationFault } from '#libs/configuration';
import { isVisibleText, PHRASES } from '#libs/platform';

/** A reason that goes on record; throws `ConfigurationFault` where there is none (`why` it has to be given), or none to be read. */
export function reasonOf({ reason }: { readonly reason?: string }, why: string): string {
  const text = reason?.trim() ?? '';
  if (text === '') throw new ConfigurationFault([`--reason ${why}`]);
  if (!isVisibleText(text, 500)) throw new ConfigurationFault([`--reason ${PHRASES.visibleText(500).en}`]);
  return text;
}

/** Takes the named options with their values (`--name value`, `--name=value`) out of the arguments. */
export function takeOptions<Name extends string>(
  args: readonly string[],
  names: readonly Name[],
): { readonly taken: { readonly [N in Name]?: string }; readonly rest: readonly string[] } {
  const taken: Partial<Record<Name, string>> = {};
  const rest: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const [, name, inline] = /^--([a-z-]+)(?:=(.*))?$/s.exec(args[index]!) ?? [];
    if (name === undefined || !(names as readonly string[]).includes(name)) rest.push(args[index]!);
    else taken[name as Name] = inline ?? args[++index] ?? '';
  }
  return { taken, rest };
}
