import { escapeHtml } from '#libs/platform';

/**
 * Plots as SVG that stands in the page: nothing is loaded and nothing runs. Colors of bars differ in lightness as well, and
 * every bar has its number beside it, so that nothing is told by color alone.
 */

export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly color: string;
}

export interface BarGroup {
  readonly label: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 720;
const LABEL = 230;
const NUMBER = 70;
const BAR = 16;
const GAP = 4;
const BETWEEN = 12;

/** Bars that lie, in groups with a name each; all of one plot on one scale. `title` is what it says to who can't see it. */
export function barPlot(title: string, groups: readonly BarGroup[]): string {
  const most = Math.max(1, ...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const scale = (value: number): number => ((WIDTH - LABEL - NUMBER) * value) / most;
  let y = GAP;
  const drawn: string[] = [];
  for (const { label, bars } of groups) {
    drawn.push(text(LABEL - 10, y + BAR - 4, shortened(label), 'end'));
    for (const { label: name, value, color } of bars) {
      // What is not nothing is seen.
      const width = value === 0 ? 0 : Math.max(1, scale(value));
      drawn.push(
        `<rect x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" fill="${color}"><title>${escapeHtml(
          `${label}, ${name}: ${value}`,
        )}</title></rect>`,
        text(LABEL + width + 6, y + BAR - 4, String(value), 'start'),
      );
      y += BAR + GAP;
    }
    y += BETWEEN;
  }
  const height = Math.max(y, BAR);
  return (
    `<svg viewBox="0 0 ${WIDTH} ${height}" width="100%" role="img" aria-label="${escapeHtml(title)}" ` +
    `font-family="system-ui, sans-serif" font-size="13" fill="#1c2733">` +
    `<line x1="${LABEL}" y1="0" x2="${LABEL}" y2="${height - BETWEEN}" stroke="#51606e"/>${drawn.join('')}</svg>`
  );
}

/** What the colors stand for, in their order. */
export const legend = (entries: readonly (readonly [color: string, name: string])[]): string => {
  let x = 0;
  const drawn = entries.map(([color, name]) => {
    const at = x;
    x += 30 + name.length * 7.5;
    return `<rect x="${at}" y="4" width="12" height="12" fill="${color}"/>${text(at + 18, 15, name, 'start')}`;
  });
  return `<svg viewBox="0 0 ${WIDTH} 20" width="100%" font-family="system-ui, sans-serif" font-size="13" fill="#1c2733">${drawn.join('')}</svg>`;
};

const MOST_LETTERS = 32;
const shortened = (label: string): string =>
  label.length <= MOST_LETTERS ? label : `${label.slice(0, MOST_LETTERS - 1)}…`;

const text = (x: number, y: number, words: string, anchor: 'start' | 'end'): string =>
  `<text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}">${escapeHtml(words)}</text>`;
