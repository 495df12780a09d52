import { writeFile } from 'node:fs/promises';

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** The figure of the reference may differ by this factor between its runs; beyond it the row says "too noisy". */
const NOISE = 2;

/** Runs ours and the reference in turns (ours first, then second: ABBA); the ratio is the median of the pairs. */
export async function comparePairs({ id, what, unit, pairs, ours, reference }) {
  const measured = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const [first, second] = pair % 2 === 0 ? [ours, reference] : [reference, ours];
    const [one, two] = [await first(), await second()];
    measured.push(pair % 2 === 0 ? { ours: one, reference: two } : { ours: two, reference: one });
    const { ours: a, reference: b } = measured.at(-1);
    process.stderr.write(`  ${id} pair ${pair + 1}/${pairs}: ${round(a)} / ${round(b)} = ${round(a / b)}\n`);
  }
  const ratios = measured.map((pair) => pair.ours / pair.reference);
  const references = measured.map((pair) => pair.reference);
  const noisy = Math.max(...references) / Math.min(...references) > NOISE;
  return {
    id,
    what: noisy ? `${what} (too noisy: the reference differs more than ${NOISE}-fold)` : what,
    ours: round(median(measured.map((pair) => pair.ours))),
    reference: round(median(references)),
    unit,
    ratio: round(median(ratios)),
    min: round(Math.min(...ratios)),
    max: round(Math.max(...ratios)),
    runs: measured.length,
  };
}

/** A row for what could not be run, with the reason. */
export const notRun = (id, what, reason) => ({
  id,
  what: `${what}: not run: ${reason}`,
  ours: null,
  reference: null,
  unit: '',
  ratio: null,
  min: null,
  max: null,
  runs: 0,
});

/** Prints the table and writes the JSON file when one is asked for. */
export async function report({ bench, machine, rows, json }) {
  const cells = rows.map((row) => [
    row.id,
    row.ours ?? '',
    row.reference ?? '',
    row.unit,
    row.ratio ?? '',
    row.runs === 0 ? '' : `${row.min}–${row.max}`,
    row.runs,
    row.what,
  ]);
  const table = [['id', 'ours', 'reference', 'unit', 'ratio', 'min–max', 'runs', 'what'], ...cells];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => String(row[column]).length)));
  console.log(`\n${bench}, on ${machine}\n`);
  for (const row of table)
    console.log(
      row
        .map((cell, column) => String(cell).padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
  if (json !== undefined) {
    await writeFile(json, `${JSON.stringify({ bench, machine, rows }, null, 2)}\n`);
    console.log(`\nwritten to ${json}`);
  }
}

export function round(number) {
  return Number.isFinite(number) ? Number(number.toPrecision(number >= 1000 ? 5 : 4)) : null;
}
