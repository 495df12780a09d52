import type { Json } from './api.js';

/** Where the story is printed, so that a reader understands the scheme from it. */
export interface Printer {
  chapter(title: string): void;
  text(...lines: readonly string[]): void;
  check(facts: Json): void;
  level(kind: 'STORK' | 'EH', level: string | number, scores: Json, rows: Json): void;
  decision(question: string, decision: boolean, context: Json, milliseconds: number): void;
  refusal(problem: Json): void;
  /** What joined by itself, and what is named and does not count (PROOF-01). */
  weighed(aspects: unknown): void;
  audit(checks: readonly Json[], reading: string): void;
}

export function printer(write: (line: string) => void): Printer {
  let chapter = 0;
  const list = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : '');
  return {
    chapter(title) {
      chapter += 1;
      write('');
      write(`${chapter}. ${title}`);
    },
    text: (...lines) => lines.forEach((line) => write(`   ${line}`)),
    check(facts) {
      const about = Object.keys(facts['about'] as Json)[0] ?? '';
      const result = [
        'outcome',
        'status',
        'agrees',
        'uniquelyIdentifying',
        'verified',
        'level',
        'presentation',
        'documentShown',
      ]
        .filter((member) => facts[member] !== undefined)
        .map((member) => `${member} ${String(facts[member])}`);
      write(
        `   check recorded: ${String(facts['type'])} about the ${about}${result.length === 0 ? '' : ` (${result.join(', ')})`}`,
      );
    },
    level(kind, level, scores, rows) {
      const parts = Object.entries(scores).map(([aspect, score]) => {
        const earned = list(rows[aspect]);
        return `${aspect}${String(score)}${earned === '' ? '' : ` by ${earned}`}`;
      });
      write(`   => ${kind === 'STORK' ? `STORK ${level}` : String(level)}   ${parts.join(' | ')}`);
    },
    decision(question, decision, context, milliseconds) {
      const reasons = (context['reasons'] as readonly Json[]).map((reason) =>
        [
          reason['code'],
          ...Object.entries(reason)
            .filter(([name]) => name !== 'code')
            .map(([name, value]) => `${name} ${String(value)}`),
        ].join(' '),
      );
      const why = decision
        ? `level ${String(context['level'])}, eIDAS ${String(context['eidas'])}`
        : reasons.join('; ');
      write(
        `   ${decision ? 'YES' : 'NO '} ${question}: ${why} (${milliseconds.toFixed(1)} ms, record ${String(context['id'])})`,
      );
    },
    refusal(problem) {
      write(`   409 ${String(problem['code'])}: ${String(problem['title'])}`);
      for (const error of (problem['errors'] as readonly Json[] | undefined) ?? []) {
        const { aimed, reached, missing } = error as { aimed?: string; reached?: string; missing?: { aspects?: Json } };
        if (missing === undefined) continue;
        const short = Object.entries(missing.aspects ?? {}).map(([aspect, score]) => `${aspect}${String(score)}`);
        write(`   aimed at ${String(aimed)}, reached ${String(reached)}; missing: ${short.join(', ')}`);
      }
    },
    weighed(aspects) {
      const checks = (aspects as readonly { readonly checks: readonly Json[] }[]).flatMap((aspect) => aspect.checks);
      const shown = new Map(checks.map((check) => [check['check'], check]));
      for (const { type, joined, counts, why } of shown.values()) {
        if (joined === true) write(`   joined by itself: ${String(type)}${counts === true ? '' : `, ${String(why)}`}`);
        else if (counts === false) write(`   named and not counted: ${String(type)}, ${String(why)}`);
      }
    },
    audit(checks, reading) {
      for (const check of checks) {
        const source = check['source'] as Json;
        write(`   ${String(check['performedAt'])}  ${String(check['type']).padEnd(28)} ${String(source['name'])}`);
      }
      write(`   ${checks.length} checks carry the authorization. The reading itself is on record: ${reading}`);
    },
  };
}
