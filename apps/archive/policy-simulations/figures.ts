import { exportText } from '../audit/export-text.js';
import type { SimulationResultView } from './policy-simulation.view.js';

/** A line of the table: which number it is (`figure`), at which moment, about what. */
type Line = Readonly<Record<string, string | number>>;

const linesOf = ({ moments }: SimulationResultView): readonly Line[] =>
  moments.flatMap(({ at, inForce, proposed, gained, lost, reasons, levels, remedies, providers, services }): Line[] => [
    { figure: 'in-force', at, rights: inForce },
    { figure: 'proposed', at, rights: proposed },
    { figure: 'gained', at, rights: gained },
    { figure: 'lost', at, ...lost },
    ...reasons.map(({ code, rights }) => ({ figure: 'reason', at, reason: code, rights })),
    ...levels.map(({ before, after, rights }) => ({ figure: 'level', at, before, after: after ?? '', rights })),
    ...remedies.map(({ level, ...counts }) => ({ figure: 'remedy', at, level: level ?? '', ...counts })),
    ...providers.map((counts) => ({ figure: 'provider', at, ...counts })),
    ...services.map((counts) => ({ figure: 'service', at, ...counts })),
  ]);

/** The numbers of a result as CSV. */
export const figuresOf = (result: SimulationResultView): string =>
  exportText(
    'csv',
    // A number is a text here: a cell with nothing in it is none that is 0.
    linesOf(result).map((line) =>
      Object.fromEntries(Object.entries(line).map(([name, value]) => [name, String(value)])),
    ),
  );

export const figuresExample =
  'at,figure,holders,means,rights\r\n2027-06-30T22:00:00.000Z,lost,5,5,12\r\n2027-06-30T22:00:00.000Z,gained,,,0\r\n';
