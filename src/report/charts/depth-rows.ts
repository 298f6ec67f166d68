// Rows of non-shiftability against depth: the model under study layer by layer, the others' lines at equal steps of their
// own depth, where the factor changes, and the names at the lines' ends.
import { valueOf, type MaybeEstimate } from '../../core/estimate.js';
import type { LayerResult, LayersResult } from '../../core/layers.js';
import { percent } from '../format.js';
import { comparableLayers, cutName, fieldText, lossOf, selectedLayers, shortNames, sidesText } from '../layer-words.js';
import type { Data, Row } from './chart.js';
import { NAME_ABOVE, NAME_LENGTH, type Form } from './layer-rows.js';

/** What is drawn of a model; null where nothing inside it was looked at. */
export type DepthModel = { readonly name: string; readonly layers: LayersResult | null };

/** Height of a row of the model under study, pixels: beyond 60 layers only some rows are named. */
function rowHeight(layers: number, form: Form): number {
  if (form === 'narrow') return layers > 60 ? 12 : 34;
  return layers > 60 ? 8 : layers > 24 ? 19 : 24;
}

const LINE = 16;

/** Room below the plot for the names at the lines' ends. */
export function endsRoom(models: readonly DepthModel[]): number {
  const drawn = models.filter(({ layers }) => layers !== null).length;
  return drawn > 1 ? LINE * drawn + 14 : 8;
}

/** Height of the plot, pixels. */
export function depthHeight(subject: LayersResult | null, form: Form): number {
  const count = Math.max(1, subject === null ? 0 : selectedLayers(subject).length);
  return count * rowHeight(count, form);
}

/** All rows of the chart with model `subject` as the one under study. */
export function depthRows(models: readonly DepthModel[], subject: number, form: Form): Data {
  const result = models[subject]?.layers ?? null;
  const layers = result === null ? [] : selectedLayers(result);
  const count = Math.max(1, layers.length);
  const height = depthHeight(result, form);
  const line = rowHeight(count, form) / height;
  const named = namedRows(layers, Math.ceil((form === 'narrow' ? 30 : 17) / rowHeight(count, form)));
  const lowered = form === 'narrow' && line * height > 20 ? 8 / height : 0;
  const names = shortNames(
    layers.map(({ name }) => name),
    form === 'wide' ? NAME_LENGTH : NAME_ABOVE,
  );
  const rows = layers.map((layer, i) => {
    const short = named.has(i) ? (names[i] ?? '') : '';
    const at = (i + 0.5) / count;
    return {
      ...layerRow(layer, layers[i - 1] ?? null, at, named.has(i)),
      short,
      on: at + lowered,
      above: at - lowered / 2,
    };
  });
  const others = models.flatMap(({ name, layers: other }, m) =>
    m === subject || other === null ? [] : linePoints(name, other, count, lowered),
  );
  return {
    layers: rows,
    stages: stagesOf(layers),
    others,
    ends: endsOf(models, subject, rows, others, { height, form }),
  };
}

/** What is drawn of an estimate: a value that has no interval (a single picture) gets a band without width. */
function drawnOf(estimate: MaybeEstimate): {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
} {
  if (!('unavailable' in estimate)) return estimate;
  const value = valueOf(estimate);
  return { value, low: value, high: value };
}

function layerRow(layer: LayerResult, before: LayerResult | null, at: number, named: boolean): Row {
  const estimate = lossOf(layer);
  const { value, low, high } = drawnOf(estimate);
  const { name, operator, negative } = layer;
  const factor = sidesText(layer.factor);
  return {
    at,
    name,
    operator,
    factor: named ? factor : '',
    field: named ? fieldText(layer.field) : '',
    facts: named ? `÷\u202f${factor} · ${layer.field === null ? 'all' : `${fieldText(layer.field)}\u202fpx`}` : '',
    coarser: before !== null && isCoarser(before, layer),
    maps: layer.channels,
    places: `${layer.rows}\u202f×\u202f${layer.columns}`,
    signed: negative === true,
    value,
    low,
    high,
    label: named ? (value === null ? '–' : percent(value, 0)) : '',
    reason: 'unavailable' in estimate ? estimate.unavailable : '',
  };
}

function isCoarser(before: LayerResult, layer: LayerResult): boolean {
  return layer.factor.y !== before.factor.y || layer.factor.x !== before.factor.x;
}

/** Which rows have room for a name: first those at which the factor changes, then the others in between. */
function namedRows(layers: readonly LayerResult[], distance: number): ReadonlySet<number> {
  const first = layers
    .map((_, i) => i)
    .filter((i) => i > 0 && isCoarser(layers[i - 1] as LayerResult, layers[i] as LayerResult));
  const named = new Set<number>();
  for (const i of [...first, ...layers.keys()]) {
    if ([...named].every((other) => Math.abs(other - i) >= distance)) named.add(i);
  }
  return named;
}

/** Runs of layers with one factor, every second of them shaded. */
function stagesOf(layers: readonly LayerResult[]): Row[] {
  const starts = layers.flatMap((layer, i) => (i === 0 || isCoarser(layers[i - 1] as LayerResult, layer) ? [i] : []));
  return starts.map((start, stage) => ({
    from: start / layers.length,
    to: (starts[stage + 1] ?? layers.length) / layers.length,
    shaded: stage % 2 === 1,
  }));
}

/** Points of another model: its layers (without signed ones, where that leaves a line) at equal steps from the first row's middle to the last row's. */
function linePoints(model: string, result: LayersResult, count: number, lowered: number): Row[] {
  const layers = selectedLayers(result);
  const drawn = new Set(comparableLayers(result));
  return layers.flatMap((layer, i) => {
    const estimate = lossOf(layer);
    const { value, low, high } = drawnOf(estimate);
    if (value === null || !drawn.has(layer)) return [];
    const depth = layers.length < 2 ? 1 : i / (layers.length - 1);
    const on = (0.5 + depth * (count - 1)) / count + lowered;
    return [{ model, name: layer.name, operator: layer.operator, on, value, low, high }];
  });
}

/** Each model's name below the end of its line, the line that ends lowest first, so that no name lies on a leader. */
function endsOf(
  models: readonly DepthModel[],
  subject: number,
  rows: readonly Row[],
  others: readonly Row[],
  { height, form }: { readonly height: number; readonly form: Form },
): Row[] {
  const last = models.flatMap(({ name }, m) => {
    const points =
      m === subject ? rows.filter(({ value }) => value !== null) : others.filter(({ model }) => model === name);
    const end = points.at(-1);
    return end ? [{ model: name, value: Number(end['value']), from: Number(end['on']), subject: m === subject }] : [];
  });
  if (last.length < 2) return [];
  return last
    .sort((a, b) => a.value - b.value)
    .map((end, line) => ({
      ...end,
      short: cutName(end.model, NAME_LENGTH),
      to: 1 + (12 + LINE * line) / height,
      side: form === 'wide' || end.value > 0.5 ? 'right' : 'left',
    }));
}

/** The curve of one model in words. */
export function depthLabel({ name, layers }: DepthModel): string {
  const parts = layers === null ? [] : selectedLayers(layers);
  const words = parts.map((layer) => {
    const estimate = lossOf(layer);
    const value = valueOf(estimate);
    return `${layer.name} ${value === null ? ('unavailable' in estimate ? estimate.unavailable : '') : percent(value)}`;
  });
  return `Non-shiftability of ${name} from the first layer to the last: ${words.join('; ')}`;
}
