// Resize kernels: how often each kernel's answer is another than the model's own kernel's, and kernel × kernel.
import type { Facts } from '../facts.js';
import { percent } from '../format.js';
import { kernelModels, kernelRows, matrixCells, type KernelModel, type KernelRow } from '../kernel-rows.js';
import { RAMP_TOKENS } from '../theme.js';
import { fractionDomain, percentLabel } from './axes.js';
import { framed, slugsOf, type Chart, type Drawing, type Row, type Spec } from './chart.js';
import { nameColumn, q } from './layer-rows.js';

const ROW = 22;
const CELL = 24;
/** Models with a matrix in the page; all have one as a figure. */
const MATRICES = 4;

/** Kernels in the order of the models' views. */
function kernelsOf(models: readonly KernelModel[], rows: readonly KernelRow[]): string[] {
  const present = new Set(rows.map(({ kernel }) => kernel));
  return [...new Set(models.flatMap(({ kernels }) => kernels.kernels))].filter((kernel) => present.has(kernel));
}

function ownSpec(models: readonly KernelModel[], rows: readonly KernelRow[]): Spec {
  const kernels = kernelsOf(models, rows);
  const { domain, ticks } = fractionDomain(
    0,
    Math.max(0, ...rows.map(({ high, subject, value }) => (subject ? high : value))),
    5,
    0.05,
  );
  const x = {
    ...q('value'),
    scale: { domain, nice: false },
    axis: { values: ticks, labelExpr: percentLabel, title: null },
  };
  const y = {
    field: 'kernel',
    type: 'nominal',
    sort: kernels,
    axis: { title: null, grid: false, labelLimit: 300, labelFontSize: 12 },
  };
  const subject = [{ filter: 'datum.subject' }];
  return {
    ...framed(ROW * kernels.length, { left: nameColumn(kernels), top: 4, right: 16, bottom: 28 }),
    data: { name: 'kernels' },
    encoding: { y },
    layer: [
      {
        transform: [{ filter: '!datum.subject' }],
        mark: { type: 'point', color: 'var(--faint)', size: 36 },
        encoding: { x },
      },
      {
        transform: subject,
        mark: { type: 'rule', color: 'var(--interval)', strokeWidth: 3 },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' } },
      },
      { transform: subject, mark: { type: 'point', color: 'var(--right)', size: 60 }, encoding: { x } },
    ],
  };
}

function ownLabel(rows: readonly KernelRow[]): string {
  const said = rows.filter(({ subject }) => subject).map(({ kernel, value }) => `${kernel} ${percent(value)}`);
  return `Share of pictures with another answer than with the model's own kernel: ${said.join(', ')}`;
}

function matrixSpec({ kernels: { kernels, reference } }: KernelModel, cells: readonly Row[]): Spec {
  const most = Math.max(0.05, ...cells.map(({ share }) => Number(share)));
  const names = `datum.value === ${JSON.stringify(reference)} ? datum.value + ' (own)' : datum.value`;
  const axis = { title: null, grid: false, ticks: false, labelExpr: names, labelLimit: 300, labelFontSize: 12 };
  const room = nameColumn([...kernels, `${reference} (own)`]);
  return {
    ...framed(CELL * kernels.length, { left: room, top: room, right: 4, bottom: 4 }),
    data: { name: 'cells' },
    encoding: {
      x: {
        field: 'b',
        type: 'nominal',
        sort: kernels,
        scale: { domain: kernels },
        axis: { ...axis, orient: 'top', labelAngle: -90 },
      },
      y: { field: 'a', type: 'nominal', sort: kernels, scale: { domain: kernels }, axis },
    },
    layer: [
      {
        mark: { type: 'rect', stroke: 'var(--paper)', strokeWidth: 1 },
        encoding: {
          color: { ...q('share'), legend: null, scale: { type: 'quantize', domain: [0, most], range: RAMP_TOKENS } },
        },
      },
      {
        mark: { type: 'text', fontSize: 11, baseline: 'middle' },
        encoding: {
          text: { field: 'text' },
          color: { condition: { test: `datum.share > ${0.5 * most}`, value: 'var(--paper)' }, value: 'var(--ink)' },
        },
      },
    ],
  };
}

function matrices(facts: Facts): (Pick<Drawing, 'id' | 'spec' | 'data'> & { readonly model: KernelModel })[] {
  const models = kernelModels(facts);
  const slugs = slugsOf(models.map(({ name }) => name));
  return models.map((model, i) => {
    const cells = matrixCells(model.kernels);
    return { id: `kernels-matrix-${slugs[i]}`, spec: matrixSpec(model, cells), data: { cells }, model };
  });
}

/** Ids of the matrices that the page draws, by model. */
export function matrixIds(facts: Facts): { readonly name: string; readonly id: string }[] {
  return matrices(facts)
    .slice(0, MATRICES)
    .map(({ id, model }) => ({ name: model.name, id }));
}

export const kernels: Chart = {
  name: 'kernels',
  drawings: (facts) => {
    const models = kernelModels(facts);
    const rows = kernelRows(models);
    if (rows.length === 0) return [];
    return [
      { id: 'kernels-own', spec: ownSpec(models, rows), data: { kernels: rows }, label: ownLabel(rows) },
      ...matrices(facts)
        .slice(0, MATRICES)
        .map(({ id, spec, data, model }) => ({
          id,
          spec,
          data,
          label: `Disagreement of ${model.name} between kernels; the data table below has the numbers`,
        })),
    ];
  },
  figures: (facts) => {
    const models = kernelModels(facts);
    const rows = kernelRows(models);
    if (rows.length === 0) return [];
    const others = models.length > 1 ? '; grey: the other models' : '';
    return [
      {
        id: 'kernels-own',
        spec: ownSpec(models, rows),
        data: { kernels: rows },
        title: 'Pictures with another answer than with the model’s own resize kernel',
        subtitle: `Blue: ${models[0]?.name ?? ''} with 95\u202f% intervals${others}`,
        width: 460,
      },
      ...matrices(facts).map(({ id, spec, data, model }) => ({
        id,
        spec,
        data,
        title: `${model.name}: per cent of pictures on which two kernels disagree`,
        subtitle: 'The likeliest class differs; all but the resize kernel is the model’s own preprocessing.',
        width: CELL * 1.4 * model.kernels.kernels.length,
      })),
    ];
  },
};
