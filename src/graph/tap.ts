// Taps: a graph rewritten so that layers' global sums (and, where asked, whole maps) are outputs of its own. Sums are
// computed inside the graph, so that only one number a channel comes out (Azulay & Weiss, JMLR 2019, section 3).
import { InputError } from '../core/errors.js';
import { FLOAT } from './audit/element-types.js';
import type { LayerAudit, Places } from './audit/layer.js';
import { node, tensor, value } from './build.js';
import { changed } from './changed.js';
import { TensorProto_DataType as DataType } from './onnx_pb.js';
import type { NodeProto, TensorProto } from './onnx_pb.js';
import { quantisationOf } from './quantisation.js';
import type { OnnxModel } from './read.js';

export type TapOptions = {
  /** Whether every layer's sums become outputs; default yes. */
  readonly sums?: boolean;
  /** Names of layers whose whole maps become outputs too. */
  readonly maps?: readonly string[];
};

/** Outputs that a layer got. */
export type Tap = {
  readonly layer: LayerAudit;
  /** Output [N, C] in float32: each channel's sum over all places; null where not asked. */
  readonly sum: string | null;
  /** Output with the layer's whole result in float32, in its own layout; null where not asked. */
  readonly map: string | null;
};

export type TappedGraph = {
  readonly model: OnnxModel;
  readonly taps: readonly Tap[];
  /** Layers that can't be tapped, and why. */
  readonly untappable: readonly { readonly layer: LayerAudit; readonly reason: string }[];
};

/** Element types that a sum can be taken of once they are float32. */
const FLOATS = new Set<number>([DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16, DataType.DOUBLE]);
/** Operator of the picture, where it is looked at like a layer. */
export const PICTURE = 'picture';

/** Types of quantised values. */
const QUANTISED = new Set<number>([DataType.UINT8, DataType.INT8]);

/** Nodes and constants that are added to the graph. */
type Additions = { readonly nodes: NodeProto[]; readonly constants: TensorProto[] };

/** Makes nodes as the graph's version of the operators wants them. */
type Writer = {
  readonly float32: (from: string, to: string) => void;
  readonly dequantised: (from: string, to: string, scale: string, zeroPoint: string | null) => void;
  readonly summed: (from: string, to: string, axes: readonly number[]) => void;
  /** Mean over rows and columns, times their number. */
  readonly averaged: (from: string, to: string, places: number) => void;
  readonly sliced: (from: string, to: string, axis: number, start: number, end: number) => void;
  readonly flattened: (from: string, to: string) => void;
  readonly same: (from: string, to: string) => void;
  /** Of tensors whose phases lie side by side on the batch axis, outermost: their sum, or the first one. */
  readonly phasesSummed: (from: string, to: string, phases: number, sides: readonly number[]) => void;
  readonly firstPhase: (from: string, to: string, phases: number, sides: readonly number[]) => void;
};

function writer(opset: number, { nodes, constants }: Additions): Writer {
  const whole = (name: string, values: readonly number[]): string => {
    constants.push(tensor(name, [values.length], BigInt64Array.from(values.map(BigInt))));
    return name;
  };
  const big = (values: readonly number[]): bigint[] => values.map(BigInt);
  const apart = (from: string, to: string, phases: number, sides: readonly number[]): string => {
    const name = `${to}/by phase`;
    nodes.push(node('Reshape', [from, whole(`${name}/sides`, [phases, -1, ...sides])], [name]));
    return name;
  };
  const summed = (from: string, to: string, axes: readonly number[]): number =>
    nodes.push(
      opset < 13
        ? node('ReduceSum', [from], [to], { axes: big(axes), keepdims: 0n })
        : node('ReduceSum', [from, whole(`${to}/axes`, axes)], [to], { keepdims: 0n }),
    );
  return {
    float32: (from, to) => nodes.push(node('Cast', [from], [to], { to: BigInt(DataType.FLOAT) })),
    dequantised: (from, to, scale, zeroPoint) =>
      nodes.push(node('DequantizeLinear', zeroPoint === null ? [from, scale] : [from, scale, zeroPoint], [to])),
    summed,
    // onnxruntime keeps feature maps in blocks of channels and knows this operator in that form; ReduceSum makes it
    // reorder every tapped map first (measured on efficientnet-lite0, 20 layers: 1.17 times the plain run against 1.29).
    averaged: (from, to, places) => {
      constants.push(tensor(`${to}/places`, [], Float32Array.of(places)));
      nodes.push(
        node('GlobalAveragePool', [from], [`${to}/mean`]),
        node('Flatten', [`${to}/mean`], [`${to}/means`], { axis: 1n }),
      );
      nodes.push(node('Mul', [`${to}/means`, `${to}/places`], [to]));
    },
    sliced: (from, to, axis, start, end) =>
      nodes.push(
        opset < 10
          ? node('Slice', [from], [to], { axes: big([axis]), starts: big([start]), ends: big([end]) })
          : node(
              'Slice',
              [from, whole(`${to}/start`, [start]), whole(`${to}/end`, [end]), whole(`${to}/axis`, [axis])],
              [to],
            ),
      ),
    flattened: (from, to) => nodes.push(node('Flatten', [from], [to], { axis: 1n })),
    same: (from, to) => nodes.push(node('Identity', [from], [to])),
    phasesSummed: (from, to, phases, sides) => summed(apart(from, to, phases, sides), to, [0]),
    firstPhase: (from, to, phases, sides) => {
      constants.push(tensor(`${to}/first`, [], BigInt64Array.of(0n)));
      nodes.push(node('Gather', [apart(from, to, phases, sides), `${to}/first`], [to], { axis: 0n }));
    },
  };
}

/** Why a layer can't be tapped; null where it can. */
export function untappable(model: OnnxModel, layer: LayerAudit): string | null {
  const { places, type, shape, reach } = layer;
  if (places === null) {
    return reach === null && shape !== null
      ? 'where its elements lie on the picture is not known'
      : shape === null
        ? 'its shape is not known'
        : 'it has no spatial axes';
  }
  if (places.layout === 'other')
    return 'its places lie on axes that are not rows and columns, or tokens, of one picture';
  if (FLOATS.has(type)) return null;
  if (!QUANTISED.has(type))
    return `its elements are of type ${DataType[type]?.toLowerCase() ?? 'unknown'}, not numbers that a map is made of`;
  if (layer.operator === PICTURE) return null;
  return quantisationOf(model.graph, layer.output) === null
    ? 'its values are quantised and the graph does not give their scale'
    : null;
}

/** How many phases of each picture a layer's batch holds. */
function phasesOf({ shape }: LayerAudit): number {
  const [, phases] = /^(\d+)N$/.exec(String(shape?.[0])) ?? [];
  return Number(phases ?? 1);
}

function addSum(
  write: Writer,
  from: string,
  to: string,
  { axes, classTokens, layout }: Places,
  shape: LayerAudit['shape'],
): void {
  const rank = shape?.length ?? 0;
  const [axis = 0] = axes;
  const length = shape?.[axis];
  let source = from;
  if (layout === 'tokens' && classTokens.before + classTokens.after > 0 && typeof length === 'number') {
    source = `${to}/places`;
    write.sliced(from, source, axis, classTokens.before, length - classTokens.after);
  }
  const sides = axes.map((index) => shape?.[index]);
  if (layout === 'NCHW' && sides.every((side) => typeof side === 'number')) {
    write.averaged(
      source,
      to,
      sides.reduce((all, side) => all * side, 1),
    );
    return;
  }
  const flat = rank - axes.length === 2;
  write.summed(source, flat ? to : `${to}/sums`, axes);
  if (!flat) write.flattened(`${to}/sums`, to);
}
/**
 * A new model whose outputs are the old ones, `sum:<layer>` for every layer, and the maps asked for: the layer's own
 * tensor where that is float32, else `map:<layer>`. The given model stays as it is; weights are shared, not copied.
 *
 * Class tokens are left out of sums. Where a layer's batch holds several phases of each picture, its sum is that of all
 * phases, and its map the first one, which the network computed before it was rewritten. Sums of half-precision and quantised layers are taken in float32.
 *
 * @param layers layers of this model's audit
 * @throws InputError where `maps` names a layer that isn't among `layers`
 */
export function tapGraph(
  model: OnnxModel,
  layers: readonly LayerAudit[],
  { sums = true, maps = [] }: TapOptions = {},
): TappedGraph {
  const strange = maps.find((name) => layers.every((layer) => layer.name !== name));
  if (strange !== undefined) {
    throw new InputError(`Expected maps of tapped layers but "${strange}" is not among them. Tap that layer too.`);
  }
  const opset = Number(model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 1n);
  const additions: Additions = { nodes: [], constants: [] };
  const write = writer(opset, additions);
  const taps: Tap[] = [];
  const refused: { layer: LayerAudit; reason: string }[] = [];
  for (const layer of layers) {
    const reason = untappable(model, layer);
    const { places } = layer;
    if (reason !== null || places === null) {
      refused.push({ layer, reason: reason ?? 'it has no spatial axes' });
      continue;
    }
    const wantsMap = maps.includes(layer.name);
    // A layer's own tensor is made an output as it is: behind an Identity onnxruntime 1.30 fuses the layer away and then
    // misses it (efficientnet-lite0, all blocks).
    const phases = phasesOf(layer);
    const sides = (layer.shape ?? []).slice(1).map(Number);
    const own = layer.type === FLOAT && layer.operator !== PICTURE && phases === 1;
    const map = wantsMap ? (own ? layer.output : `map:${layer.name}`) : null;
    const tap: Tap = { layer, sum: sums ? `sum:${layer.name}` : null, map };
    const plain = `tap:${layer.name}`;
    let source = layer.output;
    if (layer.type !== FLOAT && (tap.sum !== null || tap.map !== null)) {
      source = plain;
      const quantisation = QUANTISED.has(layer.type) ? quantisationOf(model.graph, layer.output) : null;
      if (quantisation) write.dequantised(layer.output, plain, quantisation.scale, quantisation.zeroPoint);
      else write.float32(layer.output, plain);
    }
    if (tap.sum !== null) {
      const each = phases === 1 ? tap.sum : `${tap.sum}/phases`;
      addSum(write, source, each, places, layer.shape);
      const channels = sides.filter((_, i) => !places.axes.includes(i + 1));
      if (phases > 1) write.phasesSummed(each, tap.sum, phases, channels);
    }
    if (tap.map !== null && phases > 1) write.firstPhase(source, tap.map, phases, sides);
    else if (tap.map !== null && tap.map !== source) write.same(source, tap.map);
    taps.push(tap);
  }
  const known = new Set(model.graph.output.map(({ name }) => name));
  const names = taps
    .flatMap(({ sum, map }) => [sum, map])
    .filter((name) => name !== null && !known.has(name)) as string[];
  const graph = changed(model.graph, {
    node: [...model.graph.node, ...additions.nodes],
    initializer: [...model.graph.initializer, ...additions.constants],
    output: [...model.graph.output, ...names.map((name) => value(name, DataType.FLOAT, null))],
  });
  return { model: changed(model, { graph }), taps, untappable: refused };
}
