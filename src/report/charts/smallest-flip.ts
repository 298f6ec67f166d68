// The share of pictures that flip within a distance: the adversarial position by how far it must be looked for.
import type { Facts } from '../facts.js';
import { pixels } from '../../metrics/smallest-flip-words.js';
import type { Chart } from './chart.js';
import { linearDrawing, linearFigure, roundTicks, type LinearLines, type LinearRow } from './linear-lines.js';

/** Unique among the parts of a run. */
export function smallestFlipId({ input }: Facts): string {
  return `shift-flip-${input.result.protocol.hash.slice(0, 8)}`;
}

function linesOf(facts: Facts): LinearLines | null {
  const rows = facts.models.flatMap(({ name, smallestFlip }): LinearRow[] => {
    if (smallestFlip === undefined) return [];
    const { at, reach } = smallestFlip.largest;
    const start: LinearRow = { model: name, at: 0, step: pixels(0), value: 0, low: 0, high: 0 };
    const steps = at.map(({ distance, within: { value, low, high } }): LinearRow => {
      return { model: name, at: distance, step: pixels(distance), value, low, high };
    });
    const last = steps.at(-1) ?? start;
    return [start, ...steps, ...(last.at < reach ? [{ ...last, at: reach, step: pixels(reach) }] : [])];
  });
  if (rows.length === 0) return null;
  const to = Math.max(...rows.map(({ at }) => at));
  return {
    id: smallestFlipId(facts),
    title: 'Pictures that flip within a distance',
    subtitle: 'Share of pictures with another answer at a shift of at most so many pixels, 95\u202f% bands',
    rows,
    axis: {
      from: 0,
      to,
      ticks: roundTicks(0, to, Math.max(4, Math.min(9, to))),
      title: 'largest shift along a side, pixels',
    },
    steps: true,
    subject: facts.names[0] ?? '',
  };
}

export const smallestFlip: Chart = {
  name: 'shift-flip',
  drawings: (facts) => [linesOf(facts)].flatMap((lines) => (lines && linearDrawing(lines)) ?? []),
  figures: (facts) => [linesOf(facts)].flatMap((lines) => (lines && linearFigure(lines)) ?? []),
};
