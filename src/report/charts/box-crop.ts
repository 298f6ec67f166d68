// Box crops: instability against the size of the box, and the heatmap in the order of sizes (Azulay & Weiss, JMLR 2019).
import type { Series } from '../../core/result.js';
import { titleOf, type Facts } from '../facts.js';
import { plain } from '../format.js';
import { bandDrawing, bandFigure, bandRows } from './band-lines.js';
import type { Chart, Drawing, Figure, Row, Spec } from './chart.js';
import { heatmapSpec, heatRowHeight } from './heatmap.js';
import { heatCells } from './rows.js';

/** Classes from which on losing the top 5 says something. */
const TOP5_TELLS = 20;
/** Sizes that are written beside the heatmap. */
const TICKS = 6;

/** Metrics that have a panel against size. */
export function boxMetrics({ input }: Facts): string[] {
  if (input.result.protocol.probe.name !== 'box-crop') return [];
  const classes = Math.min(...input.run.models.map(({ output }) => output.classes));
  return [...(classes >= TOP5_TELLS ? ['jaggedness'] : []), 'top1Change', 'accuracy'];
}

/** Pictures of the heatmap with their boxes' sizes, smallest first. */
export function bySize({ rows, tracks }: Facts): { readonly picture: number; readonly size: number }[] {
  return rows
    .flatMap((picture) => {
      const size = Number(tracks[0]?.[picture]?.at[0]?.['box']);
      return Number.isFinite(size) ? [{ picture, size }] : [];
    })
    .sort((a, b) => a.size - b.size || a.picture - b.picture);
}

function linesOf(facts: Facts, metric: string) {
  const lower = ({ at }: Series): number => Number(at['boxFrom']);
  const classes = facts.models.flatMap(({ series }) => series.map(lower));
  const values = [...new Set(classes)].sort((a, b) => a - b);
  const upper = (value: number): number => Math.round(value * Math.SQRT2);
  const middle = (value: number): number => value * 2 ** 0.25;
  const title = titleOf(metric);
  return {
    id: `box-crop-${metric}`,
    title: `${title} against the size of the box`,
    subtitle: 'classes of half an octave',
    rows: facts.models.flatMap(({ name, series }) => bandRows(name, name, series, metric, (one) => middle(lower(one)))),
    axis: {
      values: values.map(middle),
      labels: values.map((value) => `${value}–${upper(value)}`),
      title: 'longer side of the box, pixels of the picture',
    },
    subject: facts.names[0] ?? '',
    others: true,
  };
}

function heat(facts: Facts): Drawing | null {
  const { layout, tracks, names } = facts;
  const sorted = bySize(facts);
  if (boxMetrics(facts).length === 0 || layout.kind !== 'path' || sorted.length < 2) return null;
  const spec = heatmapSpec(layout, sorted.length);
  const last = sorted.length - 1;
  const ticks = [...new Set(Array.from({ length: TICKS }, (_, i) => Math.round((i * last) / (TICKS - 1))))].map(
    (row): Row => ({ row: row + 0.5, text: plain(Math.round(sorted[row]?.size ?? 0)) }),
  );
  const labels = {
    data: { name: 'ticks' },
    mark: { type: 'text', align: 'right', baseline: 'middle', dx: -8, color: 'var(--soft)', fontSize: 12 },
    encoding: { x: { value: 0 }, y: { field: 'row', type: 'quantitative' }, text: { field: 'text' } },
  };
  return {
    id: 'box-crop-heat',
    spec: {
      ...spec,
      padding: { left: 54, top: 4, right: 14, bottom: 44 },
      layer: [...(spec['layer'] as readonly Spec[]), labels],
    },
    data: {
      cells: heatCells(
        sorted.map(({ picture }) => picture),
        tracks[0] ?? [],
      ),
      ticks,
    },
    label: `Heatmap of ${names[0] ?? ''}, boxes from ${plain(Math.round(sorted[0]?.size ?? 0))} to ${plain(Math.round(sorted[last]?.size ?? 0))} pixels from the top down`,
  };
}

export const boxCrop: Chart = {
  name: 'box-crop',
  drawings: (facts) => {
    const heatmap = heat(facts);
    const lines = boxMetrics(facts).flatMap((metric) => bandDrawing(linesOf(facts, metric)) ?? []);
    return heatmap === null ? lines : [...lines, heatmap];
  },
  figures: (facts) => {
    const lines = boxMetrics(facts).flatMap((metric) => bandFigure(linesOf(facts, metric)) ?? []);
    const heatmap = heat(facts);
    if (heatmap === null) return lines;
    const { label: _, ...rest } = heatmap;
    const figure: Figure = {
      ...rest,
      title: `${facts.names[0] ?? ''}, by the size of the box`,
      subtitle: [
        `Colour: probability of ${facts.words.focus}; orange: a change of answer; a row is a picture,`,
        `its box’s longer side in pixels at the left; ${heatRowHeight(bySize(facts).length)} pixels a row.`,
      ],
      width: 9 * 49,
    };
    return [...lines, figure];
  },
};
