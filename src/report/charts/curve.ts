// Probability of the followed class along the path of one picture, one column a view: it lines up with the film strip.
import type { Facts } from '../facts.js';
import { className } from '../facts.js';
import type { PathLayout } from '../layout.js';
import { changesOf } from '../steps.js';
import { counted } from '../format.js';
import { framed, type Chart, type Spec } from './chart.js';
import { curveRows } from './rows.js';
import { labelledPlaces, percentLabel } from './axes.js';

/** `axes`: with its own axes, as a figure; else without, above a film strip that has them. */
export function curveSpec({ places, axis }: PathLayout, axes: boolean): Spec {
  const domain = [-0.5, places.length - 0.5];
  const yAxis = { title: null, values: [0, 0.5, 1], labelExpr: percentLabel, labels: axes };
  const xAxis = {
    grid: false,
    values: labelledPlaces(places.length, 9),
    labelExpr: `${JSON.stringify(places)}[datum.value]`,
    title: axis,
  };
  const y = { field: 'p', type: 'quantitative', scale: { domain: [0, 1] }, axis: yAxis };
  const wrong = [{ filter: "datum.state === 'wrong'" }];
  return {
    ...framed(160, axes ? { left: 48, top: 10, right: 12, bottom: 44 } : { left: 0, top: 10, right: 0, bottom: 8 }),
    data: { name: 'views' },
    params: [
      { name: 'from', value: 0 },
      { name: 'to', value: 1 },
    ],
    encoding: {
      x: { field: 'view', type: 'quantitative', axis: axes ? xAxis : null, scale: { domain, nice: false } },
    },
    layer: [
      {
        data: { values: [{ view: 0 }] },
        mark: { type: 'rect', color: 'var(--rule)', opacity: 0.5 },
        encoding: { x: { datum: { expr: 'from - 0.5' } }, x2: { datum: { expr: 'to + 0.5' } } },
      },
      { mark: { type: 'line', color: 'var(--right)', strokeWidth: 2.25 }, encoding: { y } },
      {
        transform: wrong,
        mark: { type: 'rule', color: 'var(--wrong)', strokeWidth: 1.5 },
        encoding: { y: { field: 'p', type: 'quantitative' }, y2: { field: 'q' } },
      },
      {
        transform: [{ filter: "datum.state !== 'none'" }],
        mark: { type: 'point', size: 64, strokeWidth: 2, opacity: 1, stroke: 'var(--right)' },
        encoding: {
          y: { field: 'p', type: 'quantitative' },
          fill: { condition: { test: "datum.state === 'right'", value: 'var(--right)' }, value: 'var(--paper)' },
        },
      },
      {
        transform: wrong,
        mark: { type: 'point', size: 64, color: 'var(--wrong)' },
        encoding: { y: { field: 'q', type: 'quantitative' } },
      },
    ],
  };
}

/** Position of the picture that a model's page opens with. */
export function firstPicture(facts: Facts, model: number): number {
  const wanted = facts.pictures.indexOf(facts.input.shown.first[facts.names[model] ?? ''] ?? '');
  if (wanted >= 0 && facts.tracks[model]?.[wanted]) return wanted;
  return Math.max(0, facts.tracks[model]?.findIndex((track) => track !== null) ?? 0);
}

export const curve: Chart = {
  name: 'curve',
  drawings: ({ layout }) =>
    layout.kind === 'path'
      ? [
          {
            id: 'curve',
            spec: curveSpec(layout, false),
            data: { views: [] },
            label: 'Probability at every view of the path; the data table below has the numbers',
          },
        ]
      : [],
  figures: (facts) => {
    const { layout } = facts;
    const picture = firstPicture(facts, 0);
    const track = facts.tracks[0]?.[picture];
    if (layout.kind !== 'path' || !track) return [];
    return [
      {
        id: 'curve',
        spec: curveSpec(layout, true),
        data: { views: curveRows(track) },
        signals: { from: -1, to: -2 },
        title: `${facts.pictureNames[picture]}: probability of “${className(facts, 0, track.focus)}”`,
        subtitle: `${facts.names[0]}, ${counted(changesOf(track), 'change')} of answer; orange: ${facts.labelled ? 'the wrong class' : 'the other class'} that wins`,
        width: Math.max(420, 36 * layout.places.length),
      },
    ];
  },
};
