// Maps over positions: of the mean over pictures (where in the frame a model knows its objects), and of one picture.
import type { Facts } from '../facts.js';
import type { GridLayout } from '../layout.js';
import { plain, signed } from '../format.js';
import { RAMP_TOKENS } from '../theme.js';
import { fractionDomain, labelledPlaces } from './axes.js';
import { framed, slugsOf, type Chart, type Drawing, type Row, type Spec } from './chart.js';

/** What the map of means shows. */
export type PositionMeasure = {
  readonly name: string;
  /** Bounds of the colour ramp. */
  readonly domain: readonly [number, number];
};

/** Labelled: the true class's mean probability; else agreement with the answer at the reference position. */
export function positionMeasure({ models, labelled }: Facts): PositionMeasure {
  const values = models.flatMap(({ views }) =>
    views.map((view) => (labelled ? (view.trueProbability ?? 0) : view.agreement)),
  );
  return {
    name: labelled ? 'mean probability of the true class' : 'same answer as at the centre',
    domain: fractionDomain(Math.min(...values), Math.max(...values), 5, 0.1).domain,
  };
}

/** Rows of one model: the mean at every position, found by its coordinates. */
export function positionRows({ models, tracks, labelled }: Facts, model: number, { xs, ys, cells }: GridLayout): Row[] {
  const places = tracks[model]?.find((track) => track !== null)?.at ?? [];
  const viewAt = new Map(places.map(({ dx, dy }, view) => [`${dx},${dy}`, view]));
  return (models[model]?.views ?? []).flatMap(({ at, trueProbability, accuracy, agreement }) => {
    const [x = -1, y = -1] = cells[viewAt.get(`${at['dx']},${at['dy']}`) ?? -1] ?? [];
    if (x < 0) return [];
    const place = `${signed(xs[x] ?? 0)}, ${signed(ys[y] ?? 0)}`;
    return [{ x, y, place, value: labelled ? trueProbability : agreement, accuracy, agreement }];
  });
}

/** Whether every model has means a view. */
export function hasPositionMeans({ models }: Facts): boolean {
  return models.length > 0 && models.every(({ views }) => views.length > 0);
}

/**
 * @param single of one picture: wrong answers are marked, and the two views that are compared
 * @param side length of the plot's longer side, pixels
 */
export function mapSpec(layout: GridLayout, domain: readonly [number, number], single: boolean, side = 380): Spec {
  const { xs, ys } = layout;
  const axis = (places: readonly number[], title: string): Spec => {
    const write = places.some((place) => place < 0) ? signed : plain;
    return {
      grid: false,
      values: labelledPlaces(places.length),
      labelExpr: `${JSON.stringify(places.map(write))}[datum.value]`,
      title,
      titlePadding: 4,
    };
  };
  const scale = (n: number, reverse: boolean): Spec => ({ domain: [-0.5, n - 0.5], nice: false, reverse });
  const q = (field: string): Spec => ({ field, type: 'quantitative' });
  const corners = [
    { calculate: 'datum.x - 0.5', as: 'x1' },
    { calculate: 'datum.x + 0.5', as: 'x2' },
    { calculate: 'datum.y - 0.5', as: 'y1' },
    { calculate: 'datum.y + 0.5', as: 'y2' },
  ];
  const area = { x: q('x1'), x2: { field: 'x2' }, y: q('y1'), y2: { field: 'y2' } };
  const outlined = (view: string, stroke: string, strokeWidth: number): Spec => ({
    transform: [{ filter: `datum.view === ${view} && datum.x >= 0` }, ...corners],
    mark: { type: 'rect', fill: null, stroke, strokeWidth },
    encoding: area,
  });
  return {
    ...framed(Math.round((side * ys.length) / Math.max(xs.length, ys.length)), {
      left: 44,
      top: 6,
      right: 6,
      bottom: 44,
    }),
    data: { name: 'cells' },
    params: [
      { name: 'from', value: -1 },
      { name: 'to', value: -1 },
    ],
    encoding: {
      x: { ...q('x'), scale: scale(xs.length, false), axis: axis(xs, 'pixels to the right') },
      y: { ...q('y'), scale: scale(ys.length, true), axis: { ...axis(ys, 'pixels down'), titleAngle: -90 } },
    },
    layer: [
      {
        transform: [{ filter: 'datum.value !== null && datum.x >= 0' }, ...corners],
        name: 'cell',
        mark: { type: 'rect', stroke: null, strokeWidth: 0, ...(single ? { cursor: 'pointer' } : {}) },
        encoding: {
          ...area,
          color: { ...q('value'), legend: null, scale: { type: 'quantize', domain, range: RAMP_TOKENS } },
        },
      },
      ...(single
        ? [
            {
              transform: [{ filter: "datum.state === 'wrong' && datum.x >= 0" }],
              mark: { type: 'point', size: 70, color: 'var(--wrong)', stroke: 'var(--paper)', strokeWidth: 1.5 },
            },
            outlined('from', 'var(--paper)', 5),
            outlined('from', 'var(--ink)', 2),
            outlined('to', 'var(--paper)', 5),
            outlined('to', 'var(--ink)', 2),
          ]
        : []),
    ],
  };
}

export const positionMap: Chart = {
  name: 'position-map',
  drawings: (facts) => {
    const { layout } = facts;
    if (layout.kind !== 'grid') return [];
    const one: Drawing = {
      id: 'picture-map',
      spec: mapSpec(layout, [0, 1], true),
      data: { cells: [] },
      label: 'Probability at every position; the data table below has the numbers',
    };
    if (!hasPositionMeans(facts)) return [one];
    const measure = positionMeasure(facts);
    return [
      one,
      { id: 'position-map', spec: mapSpec(layout, measure.domain, false), data: { cells: [] }, label: measure.name },
    ];
  },
  figures: (facts) => {
    const { layout } = facts;
    if (layout.kind !== 'grid' || !hasPositionMeans(facts)) return [];
    const { name, domain } = positionMeasure(facts);
    const [low, high] = domain.map((bound) => Math.round(100 * bound));
    const slugs = slugsOf(facts.names);
    return facts.names.map((title, model) => ({
      id: `position-map-${slugs[model]}`,
      spec: mapSpec(layout, domain, false),
      data: { cells: positionRows(facts, model, layout) },
      title,
      subtitle: `${name}, ${low} (pale) to ${high}\u202f% (dark)`,
      width: layout.xs.length * Math.ceil(380 / layout.xs.length),
    }));
  },
};
