// Who flips where: a row a picture, a column a model, the colour the share of the picture's steps that change the answer.
import type { FlipsResult } from '../../core/compare.js';
import { tiltedNames } from '../flip-words.js';
import type { Facts } from '../facts.js';
import { counted, pictureNames } from '../format.js';
import { framed, type Chart, type Row, type Spec } from './chart.js';
import { shortName } from './short-names.js';

/** Opacity of a picture that flips at hardly any step, and at all. */
export const FLIP_OPACITY = [0.3, 1] as const;
/** Height of a row, pixels, from many to few; rows from `NAMED` on carry their picture's name. */
const HEIGHTS = [4, 18] as const;
const NAMED = 13;
const NAME_WIDTH = 190;

function rowHeight(rows: number): number {
  const [least, most] = HEIGHTS;
  return Math.max(least, Math.min(most, Math.round(460 / Math.max(1, rows))));
}

function rowsOf({ rows }: FlipsResult, names: readonly string[]): Row[] {
  const pictures = pictureNames(rows.map(({ picture }) => picture));
  return rows.flatMap(({ shares }, row) =>
    names.map((model, m) => ({ model, row, picture: pictures[row] ?? '', share: shares[m] ?? 0 })),
  );
}

function spec(names: readonly string[], rows: number, room: number): Spec {
  const height = rowHeight(rows);
  const named = height >= NAMED;
  const tilted = tiltedNames(names);
  const longest = Math.max(...names.map((name) => name.length));
  const y = { type: 'quantitative', scale: { domain: [0, rows], nice: false, reverse: true }, axis: null };
  return {
    ...framed(rows * height, {
      left: named ? room : 4,
      top: tilted ? Math.min(120, 16 + 6 * longest) : 26,
      right: tilted ? Math.min(110, 8 + 6 * longest) : 4,
      bottom: 4,
    }),
    data: { name: 'flips' },
    transform: [{ calculate: 'datum.row + 1', as: 'row2' }],
    encoding: {
      x: {
        field: 'model',
        type: 'nominal',
        sort: null,
        scale: { domain: names, paddingInner: 0.04, paddingOuter: 0 },
        axis: {
          orient: 'top',
          title: null,
          domain: false,
          ...(tilted ? { labelAngle: -45, labelAlign: 'left', labelBaseline: 'middle' } : { labelAngle: 0 }),
          labelOverlap: false,
          labelLimit: tilted ? 150 : 190,
          labelExpr: shortName('datum.label', tilted ? 17 : 24),
        },
      },
    },
    layer: [
      {
        mark: { type: 'rect', stroke: 'var(--paper)', strokeWidth: height > 6 ? 1 : 0.4 },
        encoding: {
          y: { ...y, field: 'row' },
          y2: { field: 'row2' },
          color: {
            condition: { test: 'datum.share === 0', value: 'var(--surface)' },
            value: 'var(--wrong)',
          },
          fillOpacity: {
            condition: { test: 'datum.share === 0', value: 1 },
            field: 'share',
            type: 'quantitative',
            legend: null,
            scale: { domain: [0, 1], range: FLIP_OPACITY },
          },
        },
      },
      ...(named
        ? [
            {
              transform: [
                { filter: `datum.model === ${JSON.stringify(names[0] ?? '')}` },
                { calculate: 'datum.row + 0.5', as: 'middle' },
              ],
              mark: { type: 'text', align: 'left', baseline: 'middle', fontSize: 12, limit: room - 10 },
              encoding: {
                x: { value: 4 - room },
                y: { ...y, field: 'middle' },
                text: { field: 'picture' },
              },
            },
          ]
        : []),
    ],
  };
}

function roomFor({ rows }: FlipsResult): number {
  const longest = Math.max(0, ...pictureNames(rows.map(({ picture }) => picture)).map((name) => name.length));
  return Math.min(NAME_WIDTH, 16 + 7 * longest);
}

export const flips: Chart = {
  name: 'flips',
  drawings: ({ input, names }: Facts) => {
    const found = input.result.flips;
    if (found === undefined || found.rows.length === 0) return [];
    const label = names.map((name, m) => {
      const flipped = found.rows.filter(({ shares }) => (shares[m] ?? 0) > 0).length;
      return `${name} flips ${flipped}`;
    });
    return [
      {
        id: 'flips',
        spec: spec(names, found.rows.length, roomFor(found)),
        data: { flips: rowsOf(found, names) },
        label: `Of ${counted(found.rows.length, 'picture')}: ${label.join(', ')}`,
      },
    ];
  },
  figures: ({ input, names }: Facts) => {
    const found = input.result.flips;
    if (found === undefined || found.rows.length === 0) return [];
    return [
      {
        id: 'flips',
        spec: spec(names, found.rows.length, roomFor(found)),
        data: { flips: rowsOf(found, names) },
        title: 'Who flips where',
        subtitle: [
          'A row is a picture, a column a model; grey: no step changes the answer,',
          'orange from pale to full: the share of its steps that do.',
        ],
        width: Math.max(360, 44 * names.length),
      },
    ];
  },
};
