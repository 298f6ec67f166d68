// A word-sized curve for the gallery.
import { framed, type Chart, type Spec } from './chart.js';

function sparklineSpec(views: number): Spec {
  const domain = [0, Math.max(1, views - 1)];
  return {
    ...framed(40, { left: 4, right: 4, top: 4, bottom: 4 }),
    data: { name: 'views' },
    encoding: {
      x: { field: 'view', type: 'quantitative', axis: null, scale: { domain, nice: false } },
      y: { field: 'p', type: 'quantitative', axis: null, scale: { domain: [0, 1] } },
    },
    layer: [
      {
        data: { values: [{ view: 0, p: 0 }] },
        mark: { type: 'rule', color: 'var(--rule)', strokeWidth: 1 },
        encoding: { x: { value: 0 }, x2: { value: 'width' }, y: { datum: 0 } },
      },
      { mark: { type: 'line', strokeWidth: 1.5 } },
      {
        transform: [{ filter: "datum.state !== 'none'" }],
        mark: { type: 'point', size: 18, opacity: 1 },
        encoding: {
          color: { condition: { test: "datum.state === 'right'", value: 'var(--right)' }, value: 'var(--wrong)' },
        },
      },
    ],
  };
}

export const sparkline: Chart = {
  name: 'sparkline',
  drawings: ({ layout }) =>
    layout.kind === 'path'
      ? [{ id: 'sparkline', spec: sparklineSpec(layout.places.length), data: { views: [] }, label: '' }]
      : [],
  figures: () => [],
};
