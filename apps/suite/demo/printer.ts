import type { access, AuditedCheck, ProblemError } from '#libs/client';
import type { Facts } from './dossier.js';

type Json = Readonly<Record<string, unknown>>;

/** What an object was registered at, and by which rows. */
export interface Levelled {
  readonly stork?: number;
  readonly eh?: string | null;
  readonly scores?: object;
  readonly rows?: object;
}

/** Where the story is printed, so that a reader understands the scheme from it. */
export interface Printer {
  chapter(title: string): void;
  text(...lines: readonly string[]): void;
  check(facts: Facts): void;
  level(kind: 'STORK' | 'EH', of: Levelled): void;
  decision(question: string, decision: boolean, context: access.AccessAnswerContext, milliseconds: number): void;
  refusal(refusal: ProblemError): void;
  /** What joined by itself, and what is named and does not count, or not in full (PROOF-01, PROOF-02). */
  weighed(aspects: unknown): void;
  audit(checks: readonly AuditedCheck[], reading: string): void;
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
      const members: Json = facts;
      const about = Object.keys(facts.about)[0] ?? '';
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
        .filter((member) => members[member] !== undefined)
        .map((member) => `${member} ${String(members[member])}`);
      write(
        `   check recorded: ${facts.type} about the ${about}${result.length === 0 ? '' : ` (${result.join(', ')})`}`,
      );
    },
    level(kind, { stork, eh, scores = {}, rows = {} }) {
      const parts = Object.entries(scores).map(([aspect, score]) => {
        const earned = list((rows as Json)[aspect]);
        return `${aspect}${String(score)}${earned === '' ? '' : ` by ${earned}`}`;
      });
      write(`   => ${kind === 'STORK' ? `STORK ${String(stork)}` : String(eh)}   ${parts.join(' | ')}`);
    },
    decision(question, decision, context, milliseconds) {
      const reasons = context.reasons.map((reason) =>
        [
          reason.code,
          ...Object.entries(reason)
            .filter(([name]) => name !== 'code')
            .map(([name, value]) => `${name} ${String(value)}`),
        ].join(' '),
      );
      const why = decision ? `level ${String(context.level)}, eIDAS ${String(context.eidas)}` : reasons.join('; ');
      write(`   ${decision ? 'YES' : 'NO '} ${question}: ${why} (${milliseconds.toFixed(1)} ms, record ${context.id})`);
    },
    refusal({ status, code, errors, problem }) {
      write(`   ${status} ${code}: ${String(problem?.title)}`);
      for (const { aimed, reached, missing } of errors) {
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
        else if (why !== undefined) write(`   counted with a reserve: ${String(type)}, ${String(why)}`);
      }
    },
    audit(checks, reading) {
      for (const check of checks) {
        write(`   ${check.performedAt}  ${check.type.padEnd(28)} ${check.source.name}`);
      }
      write(`   ${checks.length} checks carry the authorization. The reading itself is on record: ${reading}`);
    },
  };
}
