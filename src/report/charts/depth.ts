// Non-shiftability against depth, the picture at the top and the answer at the bottom, with the network's structure as
// columns on the same rows. Non-shiftability: Azulay & Weiss (JMLR 2019).
import type { Facts } from '../facts.js';
import { selectedLayers, shortNames } from '../layer-words.js';
import { percentLabel } from './axes.js';
import { framed, slugsOf, type Chart, type Drawing, type Spec } from './chart.js';
import { depthHeight, depthLabel, depthRows, endsRoom, type DepthModel } from './depth-rows.js';
import { columnHead, columnText, down, NAME_LENGTH, nameColumn, q, type Form } from './layer-rows.js';

const FACTOR = 56;
const FIELD = 84;

/** Models with what was seen inside them. */
export function depthModels({ models }: Facts): DepthModel[] {
  return models.map(({ name, layers }) => ({ name, layers: layers ?? null }));
}

function columns(left: number): Spec[] {
  const ink = { color: { expr: "datum.coarser ? 'var(--ink)' : 'var(--soft)'" } };
  const weight = { fontWeight: { expr: "datum.coarser ? 'bold' : 'normal'" } };
  return [
    columnText('short', -left, { align: 'left', limit: left - FACTOR - FIELD }),
    columnText('factor', -FIELD, { align: 'right', ...ink, ...weight }),
    columnText('field', -16, { align: 'right', color: 'var(--soft)' }),
    columnHead('layer', -left, 'left'),
    columnHead('factor', -FIELD, 'right'),
    columnHead('field, px', -16, 'right'),
  ];
}

function above(): Spec[] {
  const halo = { stroke: 'var(--paper)', strokeWidth: 4, color: 'var(--paper)' };
  const text = (ink: Spec): Spec[] => [
    columnText('short', 0, { align: 'left', baseline: 'alphabetic', limit: { expr: 'width - 96' }, ...ink }, 'above'),
    columnText('facts', { expr: 'width' }, { align: 'right', baseline: 'alphabetic', ...ink }, 'above'),
  ];
  return [...text(halo), ...text({})];
}

/** Room left of the plot, pixels. */
function leftRoom(models: readonly DepthModel[], form: Form): number {
  const names = models.flatMap(({ layers }) =>
    layers === null
      ? []
      : shortNames(
          selectedLayers(layers).map(({ name }) => name),
          NAME_LENGTH,
        ),
  );
  return form === 'wide' ? nameColumn(names) + FACTOR + FIELD : 8;
}

function spec(models: readonly DepthModel[], subject: number, form: Form): Spec {
  const left = leftRoom(models, form);
  const scale = { domain: [0, 1], nice: false };
  const axis = { orient: 'top', values: [0, 0.25, 0.5, 0.75, 1], labelExpr: percentLabel, title: null, domain: false };
  const x = { ...q('value'), scale, axis };
  const order = q('on');
  const known = [{ filter: 'isValid(datum.value)' }];
  const halo = { stroke: 'var(--paper)', strokeWidth: 4, color: 'var(--paper)' };
  const endName = {
    type: 'text',
    baseline: 'middle',
    fontSize: 12.5,
    dx: { expr: "datum.side === 'right' ? -6 : 6" },
    align: { expr: 'datum.side' },
    fontWeight: { expr: "datum.subject ? 'bold' : 'normal'" },
  };
  return {
    ...framed(depthHeight(models[subject]?.layers ?? null, form), {
      left: left + 4,
      top: 30,
      right: 46,
      bottom: endsRoom(models),
    }),
    data: { name: 'layers' },
    layer: [
      {
        data: { name: 'stages' },
        transform: [{ filter: 'datum.shaded' }],
        mark: { type: 'rect', color: 'var(--surface)' },
        encoding: {
          x: { value: -left - 4 },
          x2: { value: { expr: 'width + 46' } },
          y: down('from'),
          y2: { field: 'to' },
        },
      },
      {
        data: { name: 'stages' },
        transform: [{ filter: 'datum.from > 0' }],
        mark: { type: 'rule', color: 'var(--faint)', strokeWidth: 0.75 },
        encoding: { x: { value: -left - 4 }, x2: { value: { expr: 'width + 46' } }, y: down('from') },
      },
      {
        data: { name: 'others' },
        mark: { type: 'line', strokeWidth: 1.5, color: 'var(--faint)' },
        encoding: { x, y: down('on'), order, detail: { field: 'model' } },
      },
      {
        transform: known,
        mark: { type: 'area', orient: 'horizontal', color: 'var(--interval)', opacity: 0.3 },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y: down('on'), detail: { field: 'signed' } },
      },
      {
        transform: [...known, { filter: 'datum.signed' }],
        mark: { type: 'line', strokeWidth: 1.25, strokeDash: [3, 3] },
        encoding: { x, y: down('on'), order },
      },
      {
        transform: [...known, { filter: '!datum.signed' }],
        mark: { type: 'line', strokeWidth: 2.25 },
        encoding: { x, y: down('on'), order },
      },
      {
        transform: known,
        mark: { type: 'point', size: 56, strokeWidth: 2, opacity: 1, stroke: 'var(--right)' },
        encoding: {
          x,
          y: down('on'),
          fill: { condition: { test: 'datum.signed', value: 'var(--paper)' }, value: 'var(--right)' },
        },
      },
      columnText('label', { expr: 'width + 42' }, { align: 'right' }, 'on'),
      ...(form === 'wide' ? columns(left) : above()),
      {
        data: { name: 'ends' },
        mark: { type: 'rule', color: 'var(--faint)', strokeWidth: 1 },
        encoding: { x, y: down('from'), y2: { field: 'to' } },
      },
      ...[halo, {}].map((ink) => ({
        data: { name: 'ends' },
        mark: { ...endName, ...ink },
        encoding: { x, y: down('to'), text: { field: 'short' } },
      })),
    ],
  };
}

function drawing(models: readonly DepthModel[], form: Form): Drawing {
  return {
    id: form === 'wide' ? 'depth' : 'depth-narrow',
    spec: spec(models, 0, form),
    data: { layers: [], stages: [], others: [], ends: [] },
    label: depthLabel(models[0] as DepthModel),
  };
}

export const depth: Chart = {
  name: 'depth',
  drawings: (facts) => {
    const models = depthModels(facts);
    return models.some(({ layers }) => layers !== null) ? [drawing(models, 'wide'), drawing(models, 'narrow')] : [];
  },
  figures: (facts) => {
    const models = depthModels(facts);
    const slugs = slugsOf(facts.names);
    const several = models.filter(({ layers }) => layers !== null).length > 1;
    return models.flatMap(({ name, layers }, model) =>
      layers === null || selectedLayers(layers).length === 0
        ? []
        : [
            {
              id: `depth-${slugs[model]}`,
              spec: spec(models, model, 'wide'),
              data: depthRows(models, model, 'wide'),
              title: `${name}: share of maps that are not shiftable, layer by layer`,
              subtitle: [
                `Blue: ${name} with its 95\u202f% band; lines mark where the subsampling factor changes.`,
                ...(several
                  ? ['Grey: other models, layers without negative values at equal steps of their own depth.']
                  : []),
                ...(layers.layers.some(({ negative }) => negative)
                  ? ['Hollow: maps with negative values, whose sums can nearly cancel; compare filled with filled.']
                  : []),
              ],
              width: 440,
            },
          ],
    );
  },
};
