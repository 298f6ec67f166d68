// Test-time averaging: changes of answer and accuracy against the number of averaged views, which is the cost.
import type { Series } from '../../core/result.js';
import type { Facts } from '../facts.js';
import { countsOf, TTA_PATHS } from '../tta-words.js';
import { bandDrawing, bandFigure, bandRows } from './band-lines.js';
import type { Chart } from './chart.js';

/** The panels: the paths of one model, then all models on the path that is not parallel to a diagonal set. */
export const TTA_PANELS = [
  {
    id: 'tta-paths',
    metric: 'top1Change',
    title: 'Answers that change, by path',
    note: 'the model under study; lower is better',
    paths: TTA_PATHS,
  },
  {
    id: 'tta-change',
    metric: 'top1Change',
    title: 'Answers that change, horizontal path',
    note: 'all models; lower is better',
    paths: ['horizontal'],
  },
  {
    id: 'tta-accuracy',
    metric: 'accuracy',
    title: 'Accuracy',
    note: 'of the averaged answer at the centre; higher is better',
    paths: ['diagonal'],
  },
] as const;

function linesOf(facts: Facts, { id, metric, title, note, paths }: (typeof TTA_PANELS)[number]) {
  const counts = countsOf(facts);
  if (counts === null) return null;
  const several = paths.length > 1;
  const rows = facts.models.flatMap(({ name, series }) =>
    paths.flatMap((path) => {
      const at = (one: Series): number | null => (one.at['path'] === path ? Number(one.at['views']) : null);
      return bandRows(name, several ? path : name, series, metric, at);
    }),
  );
  const axis = { values: counts, labels: counts.map(String), title: 'averaged views = times the cost of one' };
  return {
    id,
    title,
    subtitle: `against the number of averaged views; ${note}`,
    rows,
    axis,
    subject: facts.names[0] ?? '',
    others: !several,
  };
}

export const tta: Chart = {
  name: 'tta',
  drawings: (facts) =>
    TTA_PANELS.flatMap((panel) => {
      const lines = linesOf(facts, panel);
      return (lines && bandDrawing(lines)) ?? [];
    }),
  figures: (facts) =>
    TTA_PANELS.flatMap((panel) => {
      const lines = linesOf(facts, panel);
      return (lines && bandFigure(lines)) ?? [];
    }),
};
