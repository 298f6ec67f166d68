// Names at the ends of lines, in place of a legend.
import type { Spec } from './chart.js';
import { shortName } from './short-names.js';

/** Width of a letter, pixels. */
const LETTER = 8;

/** Room for names at the ends of the lines, pixels. */
export function nameRoom(names: readonly string[], least = 0): number {
  const letters = Math.max(least, ...names.map((name) => name.length));
  return Math.round(Math.min(190, 14 + 7.6 * letters));
}

/**
 * The layer that draws them from the data "ends" (`at`, `place` and the name).
 *
 * @param field of the name
 * @param y the scale of the vertical axis, where the layer needs its own
 * @param bold expression that tells whose name is bold
 * @param only expression that tells which lines are named; all without it
 */
export function lineNames(field: string, room: number, bold: string, y: Spec = {}, only: string | null = null): Spec {
  return {
    data: { name: 'ends' },
    transform: [
      ...(only === null ? [] : [{ filter: only }]),
      { calculate: shortName(`datum.${field}`, Math.floor(room / LETTER)), as: 'short' },
    ],
    mark: {
      type: 'text',
      align: 'left',
      baseline: 'middle',
      dx: 9,
      limit: room,
      fontSize: 12.5,
      fontWeight: { expr: `${bold} ? 'bold' : 'normal'` },
    },
    encoding: { y: { field: 'place', type: 'quantitative', ...y }, text: { field: 'short' } },
  };
}
