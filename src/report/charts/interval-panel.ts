// Rows of numbers with their intervals, filled where they are told apart from 0: differences between models, effects of
// strides.
import { pointsLabel, type Domain } from './axes.js';
import { framed, type Spec } from './chart.js';
import { shortName } from './short-names.js';

/** Width of a letter of a name, pixels. */
const LETTER = 7.4;

/** How pairs are named: left of the plot, above each bar (narrow columns), or by the panel to the left. */
export type Naming = 'left' | 'above' | 'none';

export type Panel = {
  readonly naming: Naming;
  /** Width of the column of names, pixels. */
  readonly left: number;
  /** Whether names take one line. */
  readonly oneLine: boolean;
};

/** Height of a row: pairs take two lines, names of the other model alone one. */
function rowHeight(naming: Naming, oneLine: boolean): number {
  if (naming === 'above') return oneLine ? 50 : 66;
  return oneLine ? 30 : 46;
}

/**
 * A panel of differences with their intervals and the line of no difference, a row each: data "differences" with `pair` (its name;
 * "|" breaks the line), `value`, `low`, `high`, `label`, `side` where the number stands, and `clear` (a filled dot).
 */
export function intervalPanel({ domain, ticks }: Domain, rows: number, { naming, left: names, oneLine }: Panel): Spec {
  const left = naming === 'left' ? names : 4;
  const lowered = naming === 'above' ? { yOffset: oneLine ? 10 : 16 } : {};
  const scale = { domain, nice: false };
  const x = {
    field: 'value',
    type: 'quantitative',
    scale,
    axis: { values: ticks, labelExpr: pointsLabel, title: null, labelFlush: naming === 'above' },
  };
  const axis = {
    title: null,
    labelLimit: left - 4,
    labelExpr: oneLine ? shortName('datum.label', Math.floor((left - 4) / LETTER)) : "split(datum.label, '|')",
    labelFontSize: 12.5,
    ...(oneLine ? {} : { labelLineHeight: 15, labelBaseline: 'line-bottom', labelOffset: 0 }),
  };
  const y = {
    field: 'pair',
    type: 'nominal',
    sort: null,
    scale: { paddingInner: 0, paddingOuter: 0 },
    axis: naming === 'left' ? axis : null,
  };
  const number = (side: string, mark: Spec, at: string): Spec => ({
    transform: [{ filter: `datum.side === '${side}'` }],
    mark: { type: 'text', fontSize: 13, ...lowered, ...mark },
    encoding: { x: { ...x, field: at }, text: { field: 'label' } },
  });
  const halo = { stroke: 'var(--paper)', strokeWidth: 4, color: 'var(--paper)' };
  const pairAbove = [halo, {}].map((ink) => ({
    mark: {
      type: 'text',
      align: 'left',
      baseline: 'line-top',
      yOffset: oneLine ? -22 : -30,
      lineBreak: '|',
      limit: { expr: 'width' },
      fontSize: 12.5,
      ...ink,
    },
    encoding: { x: { value: 0 }, text: { field: 'pair' } },
  }));
  return {
    ...framed(rowHeight(naming, oneLine) * rows, { left, top: 2, right: 16, bottom: 24 }),
    data: { name: 'differences' },
    encoding: { y },
    layer: [
      {
        data: { values: [{}] },
        mark: { type: 'rule', color: 'var(--ink)', strokeWidth: 1 },
        encoding: { x: { datum: 0 }, y: null },
      },
      ...(naming === 'above' ? pairAbove : []),
      {
        mark: { type: 'rule', strokeWidth: 4, color: 'var(--interval)', ...lowered },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' } },
      },
      {
        mark: { type: 'point', size: 70, strokeWidth: 2, opacity: 1, stroke: 'var(--right)', ...lowered },
        encoding: {
          x,
          fill: { condition: { test: 'datum.clear', value: 'var(--right)' }, value: 'var(--paper)' },
        },
      },
      number('right', { align: 'left', dx: 8 }, 'high'),
      number('left', { align: 'right', dx: -8 }, 'low'),
    ],
  };
}
