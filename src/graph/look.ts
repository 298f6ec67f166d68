// What can be looked at inside a network: the picture, the chosen layers, and the layers on both sides of every change
// of the subsampling factor.
import { InputError } from '../core/errors.js';
import type { LayerFacts, ModelLayers, Subsampling } from '../core/layers.js';
import { chooseLayers, isCarrier, isPointwise, type LayerSelection } from './audit/choose.js';
import type { GraphAudit, LayerAudit } from './audit/layer.js';
import { FLOAT } from './audit/element-types.js';
import type { OnnxModel } from './read.js';
import { PICTURE, untappable } from './tap.js';

export type Look = {
  /** In data order, the picture first: what is tapped. */
  readonly layers: readonly LayerAudit[];
  readonly facts: Omit<ModelLayers, 'model' | 'local' | 'localBytes'>;
};

/** The picture as the first of all layers, named as the model names its input. */
export function pictureLayer(model: OnnxModel, { input }: GraphAudit): LayerAudit {
  const { name, layout, width, height } = input;
  const one = { y: 1, x: 1 };
  const none = { y: 0, x: 0 };
  return {
    name,
    operator: PICTURE,
    output: name,
    type: elementType(model, name),
    shape: layout === 'NCHW' ? ['N', 3, height, width] : ['N', height, width, 3],
    places: { layout, axes: layout === 'NCHW' ? [2, 3] : [1, 2], classTokens: { before: 0, after: 0 } },
    window: null,
    factor: one,
    field: { size: one, start: none, paddingBefore: none, paddingAfter: none },
    reach: 'local',
    adaptive: false,
    macs: 0,
    parameters: 0,
    from: [],
  };
}

/** TensorProto.DataType of the picture's input. */
function elementType({ graph }: OnnxModel, input: string): number {
  const type = graph.input.find(({ name }) => name === input)?.type;
  return type?.value.case === 'tensorType' ? type.value.value.elemType : FLOAT;
}

type Grid = Pick<LayerFacts, 'channels' | 'rows' | 'columns'>;

/** Number of maps and their sides; null where they aren't fixed, or where tokens don't make a grid. */
export function gridOf({ shape, places, factor }: LayerAudit, input: GraphAudit['input']): Grid | null {
  if (shape === null || places === null || factor === null || places.layout === 'other') return null;
  const side = (axis: number | undefined): number | null => {
    const length = shape[axis ?? -1];
    return typeof length === 'number' ? length : null;
  };
  const maps = shape.findIndex((_, axis) => axis > 0 && !places.axes.includes(axis));
  const channels = side(maps);
  if (channels === null) return null;
  if (places.layout !== 'tokens') {
    const [rows, columns] = places.axes.map(side);
    return rows == null || columns == null ? null : { channels, rows, columns };
  }
  const length = side(places.axes[0]);
  const rows = Math.floor(input.height / factor.y);
  const columns = Math.floor(input.width / factor.x);
  const tokens = (length ?? 0) - places.classTokens.before - places.classTokens.after;
  return rows * columns === tokens ? { channels, rows, columns } : null;
}

/** Number of places of a map; 0 where it isn't known. */
function places(layer: LayerAudit, input: GraphAudit['input']): number {
  const grid = gridOf(layer, input);
  return grid === null ? 0 : grid.rows * grid.columns;
}

const area = ({ factor }: LayerAudit): number | null => (factor ? factor.y * factor.x : null);

type Crossing = { readonly node: LayerAudit; readonly before: LayerAudit; readonly after: LayerAudit };

/** The nodes at which the factor grows, each with what it takes and what comes of it. */
function crossings(audit: GraphAudit, picture: LayerAudit): Crossing[] {
  const byName = new Map([picture, ...audit.layers].map((layer) => [layer.name, layer]));
  const takers = new Map<string, LayerAudit[]>();
  for (const layer of audit.layers) {
    for (const name of layer.from) takers.set(name, [...(takers.get(name) ?? []), layer]);
  }
  const sources = ({ from }: LayerAudit): LayerAudit[] => from.flatMap((name) => byName.get(name) ?? []);
  /** Past layers that only hand values on, or put a border round them: of joined pieces the largest is what they surround. */
  const real = (layer: LayerAudit): LayerAudit => {
    const [largest] = sources(layer).toSorted((a, b) => places(b, audit.input) - places(a, audit.input));
    return isCarrier(layer) && largest !== undefined ? real(largest) : layer;
  };
  /** Behind the activation or normalisation that alone takes the layer. */
  const behind = (layer: LayerAudit): LayerAudit => {
    const [only, ...more] = takers.get(layer.name) ?? [];
    const goesOn =
      only !== undefined &&
      more.length === 0 &&
      (isPointwise(only) || only.operator.includes('BatchNorm')) &&
      area(only) === area(layer);
    return goesOn ? behind(only) : layer;
  };
  /** One of all phases of a map that go on side by side on the batch axis: none of them is lost. */
  const isPhase = ({ name, operator, shape }: LayerAudit): boolean => {
    const [joined, ...more] = takers.get(name) ?? [];
    return (
      operator === 'Slice' &&
      joined?.operator === 'Concat' &&
      more.length === 0 &&
      shape !== null &&
      joined.shape?.slice(1).join() === shape.slice(1).join()
    );
  };
  return audit.layers.flatMap((node) => {
    const own = area(node);
    if (isPhase(node)) return [];
    const from = sources(node).filter((layer) => area(layer) !== null);
    const largest = from.toSorted((a, b) => (area(b) ?? 0) - (area(a) ?? 0))[0];
    if (own === null || largest === undefined || own <= (area(largest) ?? 0) * 1.0001) return [];
    const cut = { node, before: real(largest), after: behind(node) };
    return (area(cut.before) ?? 0) < own ? [cut] : [];
  });
}

/**
 * What to look at in a model.
 *
 * @param selection as `chooseLayers` takes it
 * @throws InputError for an unknown name, a glob that matches nothing, or where nothing that is asked for can be looked at
 */
export function lookAt(model: OnnxModel, audit: GraphAudit, selection: LayerSelection): Look {
  const chosen = chooseLayers(audit, selection);
  const picture = pictureLayer(model, audit);
  const cuts = crossings(audit, picture);
  const reasonOf = (layer: LayerAudit): string | null =>
    untappable(model, layer) ??
    (gridOf(layer, audit.input) === null ? 'how its places lie on rows and columns is not known' : null);
  const skipped = [
    ...chosen.skipped.map(({ layer, reason }) => ({ name: layer.name, reason })),
    ...chosen.layers.flatMap((layer) => {
      const reason = reasonOf(layer);
      return reason === null ? [] : [{ name: layer.name, reason }];
    }),
  ];
  const selected = new Set([picture, ...chosen.layers]);
  const wanted = new Set([...selected, ...cuts.flatMap(({ before, after }) => [before, after])]);
  const layers = [picture, ...audit.layers].filter((layer) => wanted.has(layer) && reasonOf(layer) === null);
  if (layers.length === 1 && skipped.length > 0) {
    const [first] = skipped;
    throw new InputError(
      `None of the layers that were asked for can be looked at: ${first?.name ?? ''}: ${first?.reason ?? ''}${skipped.length > 1 ? `; and ${skipped.length - 1} more` : ''}. Choose others ("invariance models inspect MODEL --layers all" lists them), or export the model in float32.`,
    );
  }
  const indexOf = new Map(layers.map((layer, i) => [layer, i]));
  const subsamplings = cuts.flatMap(({ node, before, after }): Subsampling[] => {
    const [from, to] = [indexOf.get(before), indexOf.get(after)];
    if (from === undefined || to === undefined) return [];
    const stageEnd = layers.findLastIndex((layer, i) => i >= to && area(layer) === area(after));
    return [{ node: node.name, operator: node.operator, before: from, after: to, stageEnd }];
  });
  const depths = depthsOf(audit);
  return {
    layers,
    facts: {
      layers: layers.map((layer) => factsOf(layer, audit, selected.has(layer), depths)),
      subsamplings,
      skipped,
    },
  };
}

function factsOf(
  layer: LayerAudit,
  audit: GraphAudit,
  selected: boolean,
  depths: ReadonlyMap<string, number> | null,
): LayerFacts {
  const { name, operator, field, reach } = layer;
  const grid = gridOf(layer, audit.input) as Grid;
  return {
    name,
    operator,
    ...grid,
    factor: layer.factor ?? { y: 1, x: 1 },
    field: reach === 'global' ? null : (field?.size ?? null),
    selected,
    depth: operator === PICTURE ? 0 : (depths?.get(name) ?? null),
  };
}

/** Multiply-accumulates up to and including each layer, as a share of all. */
function depthsOf({ layers, macs }: GraphAudit): Map<string, number> | null {
  if (macs === null || macs === 0) return null;
  let sum = 0;
  return new Map(layers.map((layer) => [layer.name, (sum += layer.macs ?? 0) / macs]));
}
