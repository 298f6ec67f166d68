// Accuracy, probability of the true class and changes of answer against the size of the object, on a logarithmic axis
// (Azulay & Weiss, JMLR 2019).
import type { Series } from '../../core/result.js';
import type { Facts } from '../facts.js';
import { plain } from '../format.js';
import { sizesOf } from '../scale-words.js';
import { bandDrawing, bandFigure, bandRows, type BandAxis } from './band-lines.js';
import type { Chart } from './chart.js';

/** The panels: id, metric, title. */
export const SCALE_PANELS = [
  { id: 'scale-accuracy', metric: 'accuracy', title: 'Accuracy', note: 'higher is better' },
  {
    id: 'scale-probability',
    metric: 'trueProbability',
    title: 'Probability of the true class',
    note: 'mean over the pictures',
  },
  {
    id: 'scale-flips',
    metric: 'top1Change',
    title: 'Answers that change to the next size',
    note: 'lower is better; drawn between the two sizes',
  },
] as const;

function linesOf(facts: Facts, { id, metric, title, note }: (typeof SCALE_PANELS)[number]) {
  const sizes = sizesOf(facts);
  if (sizes === null) return null;
  const { key, values, path } = sizes;
  const place = ({ at }: Series): number | null => {
    const size = Number(at[key]);
    if (metric !== 'top1Change') return size;
    const next = path[path.indexOf(size) + 1];
    return next === undefined || !path.includes(size) ? null : Math.sqrt(size * next);
  };
  const axis: BandAxis = { values, labels: values.map(labelOf), title: sizes.axis };
  const rows = facts.models.flatMap(({ name, series }) => bandRows(name, name, series, metric, place));
  const subject = facts.names[0] ?? '';
  return { id, title: `${title} against size`, subtitle: note, rows, axis, subject, others: true };
}

/** Two digits stand on an axis. */
function labelOf(size: number): string {
  return plain(Number(size.toPrecision(2)));
}

export const scale: Chart = {
  name: 'scale',
  drawings: (facts) =>
    SCALE_PANELS.flatMap((panel) => {
      const lines = linesOf(facts, panel);
      return (lines && bandDrawing(lines)) ?? [];
    }),
  figures: (facts) =>
    SCALE_PANELS.flatMap((panel) => {
      const lines = linesOf(facts, panel);
      return (lines && bandFigure(lines)) ?? [];
    }),
};
