// Where invariance is lost: every node that subsamples, with the non-shiftability before it and after it, the largest
// rise first.
import { percentLabel } from './axes.js';
import { framed, slugsOf, type Chart, type Drawing, type Spec } from './chart.js';
import { columnHead, columnText, down, nameColumn, q, type Form } from './layer-rows.js';
import { drawnLosses, lossesHeight, lossesLabel, lossRows } from './loss-rows.js';
import type { Facts } from '../facts.js';

const FACTOR = 96;
const VALUES = 96;
const RISE = 226;
const STAGE = 206;

function spec(models: Facts['models'], subject: number, form: Form): Spec {
  const names = models.flatMap(({ layers }) => lossRows(layers ?? null, form).map(({ short }) => String(short)));
  const name = nameColumn(names);
  const left = form === 'wide' ? name + FACTOR : 8;
  const right = form === 'wide' ? RISE + STAGE : 16;
  const scale = { domain: [0, 1], nice: false };
  const axis = { values: [0, 0.25, 0.5, 0.75, 1], labelExpr: percentLabel, title: null };
  const x = { ...q('from'), scale, axis };
  const known = [{ filter: 'isValid(datum.from)' }];
  const stageBold = { fontWeight: { expr: "datum.stageSettled ? 'bold' : 'normal'" } };
  const bold = { fontWeight: { expr: "datum.settled ? 'bold' : 'normal'" } };
  const texts =
    form === 'wide'
      ? [
          columnText('short', -left, { align: 'left', limit: name }),
          columnText('factor', -44, { align: 'right', color: 'var(--soft)' }),
          columnText('values', { expr: `width + ${VALUES}` }, { align: 'right' }),
          columnText('stageValue', { expr: `width + ${right - 146}` }, { align: 'right' }),
          columnText('rise', { expr: `width + ${RISE}` }, { align: 'right', ...bold }),
          columnText('stageRise', { expr: `width + ${right - 4}` }, { align: 'right', ...stageBold }),
          columnHead('step', -left, 'left'),
          columnHead('factor', -44, 'right'),
          columnHead('across it', { expr: `width + ${RISE}` }, 'right'),
          columnHead('to its stage’s end', { expr: `width + ${right - 4}` }, 'right'),
        ]
      : [
          columnText('short', 0, { align: 'left', limit: { expr: 'width' } }, 'above'),
          columnText('values', 0, { align: 'left', color: 'var(--soft)' }, 'across'),
          columnText('rise', { expr: 'width' }, { align: 'right', ...bold }, 'across'),
          columnText('stageNote', 0, { align: 'left', color: 'var(--soft)' }, 'toEnd'),
          columnText('stageRise', { expr: 'width' }, { align: 'right', ...stageBold }, 'toEnd'),
        ];
  return {
    ...framed(lossesHeight(models[subject]?.layers ?? null, form), {
      left: left + 4,
      top: form === 'wide' ? 26 : 4,
      right,
      bottom: 26,
    }),
    data: { name: 'losses' },
    layer: [
      {
        transform: [{ filter: 'isValid(datum.stage)' }],
        mark: { type: 'rule', strokeWidth: 1.5, color: 'var(--interval)' },
        encoding: { x: { ...x, field: 'to' }, x2: { field: 'stage' }, y: down('on') },
      },
      {
        transform: known,
        mark: { type: 'rule', strokeWidth: 4, color: 'var(--interval)' },
        encoding: { x, x2: { field: 'to' }, y: down('on') },
      },
      {
        transform: known,
        mark: { type: 'point', size: 70, strokeWidth: 2, opacity: 1, stroke: 'var(--right)', fill: 'var(--paper)' },
        encoding: { x, y: down('on') },
      },
      {
        transform: known,
        mark: { type: 'point', size: 70, strokeWidth: 2, opacity: 1, stroke: 'var(--right)', fill: 'var(--right)' },
        encoding: { x: { ...x, field: 'to' }, y: down('on') },
      },
      {
        transform: [{ filter: 'isValid(datum.stage)' }],
        mark: { type: 'tick', orient: 'vertical', thickness: 2.5, size: 14, color: 'var(--right)' },
        encoding: { x: { ...x, field: 'stage' }, y: down('on') },
      },
      ...texts,
    ],
  };
}

function drawing({ models }: Facts, form: Form): Drawing {
  return {
    id: form === 'wide' ? 'losses' : 'losses-narrow',
    spec: spec(models, 0, form),
    data: { losses: [] },
    label: lossesLabel(models[0]?.layers ?? null),
  };
}

export const losses: Chart = {
  name: 'losses',
  drawings: (facts) =>
    facts.models.some(({ layers }) => drawnLosses(layers ?? null).length > 0)
      ? [drawing(facts, 'wide'), drawing(facts, 'narrow')]
      : [],
  figures: ({ models, names }) => {
    const slugs = slugsOf(names);
    return models.flatMap(({ name, layers = null }, model) =>
      drawnLosses(layers).length === 0
        ? []
        : [
            {
              id: `losses-${slugs[model]}`,
              spec: spec(models, model, 'wide'),
              data: { losses: lossRows(layers, 'wide') },
              title: `${name}: share of maps that are not shiftable before and after each subsampling step`,
              subtitle: [
                'Hollow before the step, filled after it, a tick at the end of the stage that it begins.',
                'Right: rises in percentage points with their 95\u202f% intervals, bold where those miss 0.',
              ],
              width: 300,
            },
          ],
    );
  },
};
