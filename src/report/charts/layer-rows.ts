// Rows of the charts of layers: a row a layer or step, its name and facts beside it or above it. Heights follow the model
// under study, so places are fractions of the plot's height from the top.
import type { Spec } from './chart.js';

/** Rows named left of the plot in columns, or each above its own mark (narrow columns). */
export type Form = 'wide' | 'narrow';

/** Characters that a name keeps beside a plot, and above a mark with other facts at its right. */
export const NAME_LENGTH = 30;
export const NAME_ABOVE = 26;
/** Pixels that a letter takes, on the safe side. */
const LETTER = 6.9;

/** Width of the column of names (short ones), pixels. */
export function nameColumn(names: readonly string[]): number {
  const longest = Math.max(8, ...names.map(({ length }) => length));
  return Math.round(LETTER * longest + 12);
}

/** A quantitative channel. */
export function q(field: string): Spec {
  return { field, type: 'quantitative' };
}

/** The vertical channel: fractions of the height, from the top. */
export function down(field: string): Spec {
  return { ...q(field), scale: { domain: [0, 1], nice: false, reverse: true }, axis: null };
}

/** The head of a column, above the plot. */
export function columnHead(text: string, at: number | Spec, align: string): Spec {
  return {
    data: { values: [{}] },
    mark: { type: 'text', align, baseline: 'bottom', color: 'var(--soft)', fontSize: 12 },
    encoding: { x: { value: at }, y: { value: -8 }, text: { value: text } },
  };
}

/** Text at a set horizontal place, pixels or an expression. */
export function columnText(field: string, at: number | Spec, mark: Spec, y = 'at'): Spec {
  return {
    mark: { type: 'text', baseline: 'middle', fontSize: 12, ...mark },
    encoding: { x: { value: at }, y: down(y), text: { field } },
  };
}
