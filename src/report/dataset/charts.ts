// Density maps of centres and histograms of heights: specs and rows, shared by the page, its script and the figures.
import type { ClassResult, DatasetResult, PositionResult } from '../../core/dataset.js';
import { framed, type Row, type Spec } from '../charts/chart.js';
import { percentLabel } from '../charts/axes.js';
import { RAMP_TOKENS } from '../theme.js';

/** Height of every chart, pixels: maps are about square where three stand side by side. */
const HEIGHT = 300;

/** Densities relative to uniform, row by row: 1 everywhere is uniform. */
function densities({ counts }: PositionResult): number[] {
  const n = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (n === 0 ? 0 : (count * counts.length) / n));
}

/** The largest density of a class, before and after cropping: where the ramp of both maps ends. At least 2. */
export function densityTop({ position, cropped }: ClassResult): number {
  return Math.max(2, ...densities(position), ...densities(cropped.position));
}

/** Cells of a map: density relative to uniform, and its place on the ramp. */
export function densityRows(result: PositionResult, lattice: number, top: number): Row[] {
  return densities(result).map((density, place) => ({
    x: place % lattice,
    y: Math.floor(place / lattice),
    density,
    count: result.counts[place] ?? 0,
    shade: density / top,
  }));
}

export function densitySpec(lattice: number): Spec {
  const axis = (title: string): Spec => ({
    grid: false,
    values: [0, lattice / 2, lattice],
    labelExpr: `['0', '50\u202f%', '100\u202f%'][round(2 * datum.value / ${lattice})]`,
    title,
    titlePadding: 4,
  });
  const scale = (reverse: boolean): Spec => ({ domain: [0, lattice], nice: false, reverse });
  const q = (field: string): Spec => ({ field, type: 'quantitative' });
  const third = (n: number): number => (n * lattice) / 3;
  return {
    ...framed(HEIGHT, { left: 52, top: 6, right: 14, bottom: 44 }),
    data: { name: 'cells' },
    encoding: {
      x: { ...q('x'), scale: scale(false), axis: axis('from the left') },
      y: { ...q('y'), scale: scale(true), axis: { ...axis('from the top'), titleAngle: -90 } },
    },
    layer: [
      {
        transform: [
          { calculate: 'datum.x + 1', as: 'x2' },
          { calculate: 'datum.y + 1', as: 'y2' },
        ],
        name: 'cell',
        mark: { type: 'rect', stroke: null, strokeWidth: 0 },
        encoding: {
          x2: { field: 'x2' },
          y2: { field: 'y2' },
          color: { ...q('shade'), legend: null, scale: { type: 'quantize', domain: [0, 1], range: RAMP_TOKENS } },
        },
      },
      ...[
        ['var(--paper)', 3],
        ['var(--ink)', 1.25],
      ].map(([stroke, strokeWidth]) => ({
        data: { values: [{ x: third(1), x2: third(2), y: third(1), y2: third(2) }] },
        mark: { type: 'rect', fill: null, stroke, strokeWidth },
        encoding: { x2: { field: 'x2' }, y2: { field: 'y2' } },
      })),
    ],
  };
}

/** Bins of heights before and after cropping, as densities relative to uniform. */
export function extentRows({ extent, cropped }: ClassResult): Row[] {
  const bins = extent.counts.length;
  const total = (counts: readonly number[]): number =>
    Math.max(
      1,
      counts.reduce((sum, count) => sum + count, 0),
    );
  const [n, nCropped] = [total(extent.counts), total(cropped.extent.counts)];
  return extent.counts.map((count, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    density: (count * bins) / n,
    count,
    cropped: ((cropped.extent.counts[bin] ?? 0) * bins) / nCropped,
  }));
}

export function extentSpec({ source }: DatasetResult): Spec {
  const title =
    source.kind === 'boxes' ? 'height of the box over the picture’s' : 'distance of the points over the diagonal';
  const q = (field: string): Spec => ({ field, type: 'quantitative' });
  const x = {
    ...q('from'),
    scale: { domain: [0, 1], nice: false },
    axis: { grid: false, values: [0, 0.25, 0.5, 0.75, 1], labelExpr: percentLabel, title, titlePadding: 4 },
  };
  const y = {
    scale: { domainMin: 0, nice: true },
    axis: { tickCount: 4, title: 'density, × uniform', titleAngle: -90 },
  };
  return {
    ...framed(HEIGHT, { left: 52, top: 6, right: 14, bottom: 44 }),
    data: { name: 'bins' },
    encoding: { x },
    layer: [
      {
        name: 'bar',
        mark: { type: 'rect', color: 'var(--interval)', stroke: 'var(--paper)', strokeWidth: 1 },
        encoding: { x2: { field: 'to' }, y: { ...q('density'), ...y }, y2: { datum: 0 } },
      },
      {
        mark: { type: 'rule', color: 'var(--soft)', strokeDash: [4, 3], strokeWidth: 1.25 },
        encoding: { x: { datum: 0 }, x2: { datum: 1 }, y: { datum: 1, type: 'quantitative' } },
      },
      {
        mark: { type: 'rule', color: 'var(--ink)', strokeWidth: 2.5 },
        encoding: { x2: { field: 'to' }, y: q('cropped') },
      },
    ],
  };
}

/** Data of all charts for one class. */
export function chartRows(
  shown: ClassResult,
  { lattice }: DatasetResult,
): Readonly<Record<string, { data: Record<string, Row[]> }>> {
  const top = densityTop(shown);
  return {
    density: { data: { cells: densityRows(shown.position, lattice, top) } },
    'density-cropped': { data: { cells: densityRows(shown.cropped.position, lattice, top) } },
    extents: { data: { bins: extentRows(shown) } },
  };
}
