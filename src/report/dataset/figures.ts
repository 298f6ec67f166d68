// The data set's charts as files.
import type { ClassResult, DatasetResult } from '../../core/dataset.js';
import { slugsOf, type Figure } from '../charts/chart.js';
import { drawFigure, type FigureFile } from '../figures.js';
import { narrow } from '../format.js';
import { chartRows, densitySpec, densityTop, extentSpec } from './charts.js';
import { shownClass, type DatasetPageInput } from './page.js';
import { nounsOf, shareText } from './words.js';

/** Maps and histogram of all classes together, and of the shown class where there is one. */
export async function buildDatasetFigures(input: DatasetPageInput): Promise<FigureFile[]> {
  const { result } = input;
  const shown = shownClass(input);
  const files: FigureFile[] = [];
  for (const one of shown === result.overall ? [shown] : [result.overall, shown])
    for (const figure of figuresOf(one, result, one === result.overall ? 'all' : (slugsOf([one.name])[0] ?? 'class')))
      files.push(await drawFigure(figure));
  return files;
}

function figuresOf(one: ClassResult, result: DatasetResult, slug: string): Figure[] {
  const { centres, extents, boxes } = nounsOf(result);
  const rows = chartRows(one, result);
  const title = `${result.source.name}, ${one.name}`;
  const top = `0 (pale) to ${densityTop(one).toFixed(1)} × uniform (dark)`;
  const map = (id: string, what: string, middle: string): Figure => ({
    id: `${id}-${slug}`,
    spec: densitySpec(result.lattice),
    data: rows[id]?.data ?? {},
    title,
    subtitle: [narrow(`${what}: ${top}.`), narrow(`Framed: the middle ninth, ${middle} of them.`)],
    width: 300,
  });
  return [
    map('density', `Density of ${centres}`, shareText(one.position.middle)),
    map('density-cropped', `Density of ${centres} after a random crop`, shareText(one.cropped.position.middle)),
    {
      id: `extents-${slug}`,
      spec: extentSpec(result),
      data: rows['extents']?.data ?? {},
      title,
      subtitle: [
        `${extents} of ${one.boxes.toLocaleString('en-US')} ${boxes}: bars as they are, black after a random crop.`,
        'Dashed: uniform.',
      ],
      width: 300,
    },
  ];
}
