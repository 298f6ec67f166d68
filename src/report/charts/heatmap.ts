// The sorted heatmap: a row a picture, a column a view, colour = probability of the followed class, a mark at every
// change of answer. After Azulay & Weiss, JMLR 2019, figure 2.
import { sortedRows } from '../facts.js';
import { counted } from '../format.js';
import type { PathLayout } from '../layout.js';
import { changesOf } from '../steps.js';
import { labelledPlaces, probabilityColour } from './axes.js';
import { framed, slugsOf, type Chart, type Spec } from './chart.js';
import { heatCells } from './rows.js';

/** Height of a row in whole pixels, so that all rows are equal: 18 for few pictures, 2 for many. */
export function heatRowHeight(rows: number): number {
  return Math.max(2, Math.min(18, Math.round(540 / Math.max(1, rows))));
}

export function heatmapSpec({ places, axis }: PathLayout, rows: number): Spec {
  const last = places.length - 0.5;
  const axisX = {
    grid: false,
    values: labelledPlaces(places.length),
    labelExpr: `${JSON.stringify(places)}[datum.value]`,
    title: axis,
    titlePadding: 4,
    orient: 'bottom',
  };
  const y = (field: string): Spec => ({ field, type: 'quantitative' });
  const chosen = { filter: 'datum.picture === picture && datum.view === from' };
  const left = { calculate: 'datum.view - 0.5', as: 'x' };
  return {
    ...framed(rows * heatRowHeight(rows), { left: 14, top: 4, right: 14, bottom: 44 }),
    data: { name: 'cells' },
    params: [
      { name: 'picture', value: -1 },
      { name: 'from', value: 0 },
    ],
    encoding: {
      x: { field: 'x', type: 'quantitative', scale: { domain: [-0.5, last], nice: false }, axis: axisX },
      y: { ...y('row'), scale: { domain: [0, rows], nice: false, reverse: true }, axis: null },
    },
    layer: [
      {
        transform: [
          { filter: 'datum.p !== null' },
          left,
          { calculate: 'datum.view + 0.5', as: 'x2' },
          { calculate: 'datum.row + 1', as: 'row2' },
        ],
        name: 'cell',
        mark: { type: 'rect', stroke: null, strokeWidth: 0, cursor: 'pointer' },
        encoding: {
          x2: { field: 'x2' },
          y2: { field: 'row2' },
          color: { ...y('p'), legend: null, scale: probabilityColour },
        },
      },
      {
        transform: [
          { filter: 'datum.p === null' },
          { calculate: 'datum.view', as: 'x' },
          { calculate: 'datum.row + 0.5', as: 'middle' },
        ],
        mark: { type: 'point', shape: 'cross', filled: true, size: 14, color: 'var(--faint)' },
        encoding: { y: y('middle') },
      },
      ...changeMarks(left, y, heatRowHeight(rows)),
      ...pointers(chosen, last, y),
      ...frame(chosen, left, y),
    ],
  };
}

/** A mark at each change of answer; its halo keeps it visible in grey, where orange and mid-blue are equally light. */
function changeMarks(left: Spec, y: (field: string) => Spec, rowHeight: number): Spec[] {
  const [inset, width] = rowHeight < 5 ? [0, 3] : [0.1, 2];
  const strokes: [string, number][] = [
    ['var(--paper)', width + 2],
    ['var(--wrong)', width],
  ];
  return strokes.map(([color, strokeWidth]) => ({
    transform: [
      { filter: 'datum.flip' },
      { calculate: `datum.row + ${inset}`, as: 'row1' },
      { calculate: `datum.row + ${1 - inset}`, as: 'row2' },
      left,
    ],
    mark: { type: 'rule', color, strokeWidth },
    encoding: { y: y('row1'), y2: { field: 'row2' } },
  }));
}

/** The chosen row: pointers in the margins, no ink on the data. */
function pointers(chosen: Spec, last: number, y: (field: string) => Spec): Spec[] {
  const sides: [string, number, number][] = [
    ['triangle-right', -0.5, -7],
    ['triangle-left', last, 7],
  ];
  return sides.map(([shape, at, xOffset]) => ({
    transform: [chosen, { calculate: 'datum.row + 0.5', as: 'middle' }, { calculate: String(at), as: 'x' }],
    mark: { type: 'point', shape, size: 70, color: 'var(--ink)', xOffset },
    encoding: { y: y('middle') },
  }));
}

/** The chosen pair: a frame with a halo. */
function frame(chosen: Spec, left: Spec, y: (field: string) => Spec): Spec[] {
  const strokes: [string, number][] = [
    ['var(--paper)', 5],
    ['var(--ink)', 2],
  ];
  return strokes.map(([stroke, strokeWidth]) => ({
    transform: [
      chosen,
      { calculate: 'datum.row - 0.3', as: 'row1' },
      { calculate: 'datum.row + 1.3', as: 'row2' },
      left,
      { calculate: 'datum.view + 1.5', as: 'x2' },
    ],
    mark: { type: 'rect', fill: null, stroke, strokeWidth },
    encoding: { x2: { field: 'x2' }, y: y('row1'), y2: { field: 'row2' } },
  }));
}

export const heatmap: Chart = {
  name: 'heatmap',
  drawings: ({ layout, rows }) =>
    layout.kind === 'path' && rows.length > 0
      ? [{ id: 'heatmap', spec: heatmapSpec(layout, rows.length), data: { cells: [] }, label: 'Sorted heatmap' }]
      : [],
  figures: (facts) => {
    const { layout, rows, tracks } = facts;
    if (layout.kind !== 'path' || rows.length === 0) return [];
    const slugs = slugsOf(facts.names);
    return facts.names.map((name, model) => {
      const own = tracks[model] ?? [];
      const changes = rows.reduce((sum, picture) => {
        const track = own[picture];
        return sum + (track ? changesOf(track) : 0);
      }, 0);
      return {
        id: `heatmap-${slugs[model]}`,
        spec: heatmapSpec(layout, rows.length),
        data: { cells: heatCells(sortedRows(rows, own), own) },
        title: name,
        subtitle: [
          `Colour: probability of ${facts.words.focus}, 0 (pale) to 100\u202f% (dark).`,
          `Orange: ${counted(changes, 'change')} of answer; a row is a picture.`,
        ],
        width: layout.places.length * Math.ceil(440 / layout.places.length),
      };
    });
  },
};
