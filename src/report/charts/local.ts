// The local equivariance error by cause and by step, as shares of the whole: Gruver et al. (ICLR 2023). Causes are told
// apart by shades of ink, since colour means answers; the rows by cause are the key.
import { LOCAL_CAUSES } from '../../core/layers.js';
import type { Facts } from '../facts.js';
import { CAUSES } from '../layer-words.js';
import { fractionDomain, percentLabel } from './axes.js';
import { framed, slugsOf, type Chart, type Drawing, type Spec } from './chart.js';
import { columnText, down, nameColumn, q, type Form } from './layer-rows.js';
import { localHeight, localLabel, localOf, localRows } from './local-rows.js';

/** Shades of the causes, in their order: full ink, grey, an outline. */
const SHADES = ['var(--ink)', 'var(--faint)', 'var(--paper)'];

function spec(models: Facts['models'], subject: number, form: Form): Spec {
  const names = models.flatMap(({ layers }) =>
    (localRows(layers, form)['rows'] ?? []).map(({ short }) => String(short)),
  );
  const left = form === 'wide' ? nameColumn(names) : 4;
  const ends = models.flatMap(({ layers }) => (localRows(layers, form)['rows'] ?? []).map(({ end }) => Number(end)));
  const { domain, ticks } = fractionDomain(0, Math.max(0.1, ...ends), 5, 0.1);
  const x = {
    ...q('from'),
    scale: { domain, nice: false },
    axis: { values: ticks, labelExpr: percentLabel, title: null },
  };
  const interval = [{ filter: 'isValid(datum.low)' }];
  const at = form === 'wide' ? -left : 0;
  return {
    ...framed(localHeight(models[subject]?.layers, form), { left: left + 4, top: 22, right: 64, bottom: 26 }),
    data: { name: 'rows' },
    layer: [
      {
        data: { name: 'bars' },
        mark: { type: 'rect', stroke: 'var(--ink)', strokeWidth: 1 },
        encoding: {
          x,
          x2: { field: 'to' },
          y: down('top'),
          y2: { field: 'bottom' },
          fill: {
            field: 'cause',
            type: 'nominal',
            scale: { domain: LOCAL_CAUSES.map((cause) => CAUSES[cause]), range: SHADES },
            legend: null,
          },
        },
      },
      ...[
        { strokeWidth: 4, color: 'var(--paper)' },
        { strokeWidth: 1.5, color: 'var(--soft)' },
      ].map((ink) => ({
        transform: interval,
        mark: { type: 'rule', ...ink },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y: down('at') },
      })),
      {
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 8, fontSize: 12 },
        encoding: { x: { ...x, field: 'end' }, y: down('at'), text: { field: 'label' } },
      },
      columnText(
        'short',
        at,
        { align: 'left', limit: form === 'wide' ? left - 8 : 300 },
        form === 'wide' ? 'at' : 'above',
      ),
      columnText('head', at, { align: 'left', color: 'var(--soft)' }, 'headAt'),
    ],
  };
}

function drawing({ models }: Facts, form: Form): Drawing {
  return {
    id: form === 'wide' ? 'local' : 'local-narrow',
    spec: spec(models, 0, form),
    data: { rows: [], bars: [] },
    label: localLabel(models[0]?.layers),
  };
}

export const local: Chart = {
  name: 'local',
  drawings: (facts) =>
    facts.models.some(({ layers }) => localOf(layers) !== null)
      ? [drawing(facts, 'wide'), drawing(facts, 'narrow')]
      : [],
  figures: ({ models, names }) => {
    const slugs = slugsOf(names);
    return models.flatMap(({ name, layers }, model) =>
      localOf(layers) === null
        ? []
        : [
            {
              id: `local-${slugs[model]}`,
              spec: spec(models, model, 'wide'),
              data: localRows(layers, 'wide'),
              title: `${name}: where the local equivariance error comes from`,
              subtitle: 'Share of the sum over steps and causes; thin lines are 95\u202f% intervals.',
              width: 360,
            },
          ],
    );
  },
};
