// Operators on a dense map, whose neighbours of the original lie several places apart: which stay as they are, which are
// written with other numbers, and which can't work there.
import { attributesOf } from '../audit/attributes.js';
import { axesOf, fromFront } from '../audit/facts.js';
import type { NodeView, TensorFacts } from '../audit/facts.js';
import type { Axis, Geometry } from '../audit/geometry.js';
import { node as built } from '../build.js';
import { changed } from '../changed.js';
import type { GraphWriter } from '../local-writer.js';
import type { NodeProto } from '../onnx_pb.js';
import { byPhases, wrapped } from './emit.js';
import type { Padding } from './emit.js';
import type { NormalGraph } from './normal.js';
import { attributesWithout } from './operators.js';
import { mapSides } from './window.js';

/** A node that takes dense maps. */
export type SpreadNode = {
  readonly graph: NormalGraph;
  readonly node: NodeProto;
  readonly write: GraphWriter;
  /** How far apart neighbours of the original lie in its dense inputs. */
  readonly by: number;
  readonly padding: Padding;
};

/**
 * What comes of it: "places": a dense map; "pooled": places are gone, all of them were averaged (or their maximum taken);
 * else why it can't be, as a sentence's end behind the node's name.
 */
export type Spread = 'places' | 'pooled' | { readonly reason: string };

type Rule = (spread: SpreadNode, view: NodeView) => Spread;

const refused = (reason: string): Spread => ({ reason });

/** Whether an axis is one direction of the picture and nothing else. */
function isSide({ parts, before, after }: Axis): boolean {
  const [part, ...more] = parts;
  return more.length === 0 && before + after === 0 && (part?.role === 'y' || part?.role === 'x');
}

/** Axes of a tensor along rows and columns. */
export function sidesOf(geometry: Geometry | null | undefined): number[] {
  return (geometry?.axes ?? []).flatMap((axis, i) => (isSide(axis) ? [i] : []));
}

/** Whether any axis has to do with places, be it mixed with others. */
export function hasPlaces(geometry: Geometry | null | undefined): boolean {
  return geometry?.axes.some(({ parts }) => parts.some(({ role }) => role === 'y' || role === 'x')) ?? false;
}

const unchanged: Rule = ({ write, node }) => {
  write.add(node);
  return 'places';
};

/** Whether a tensor that is spread over another's axes has several values along some of these. */
export function variesAlong({ shape }: TensorFacts, axes: readonly number[], rank: number): boolean {
  return axes.some((axis) => (shape?.at(axis - rank) ?? 1) !== 1);
}

/** Element by element: what else goes in must be the same at every place. */
const elementwise: Rule = (spread, view) => {
  const { node, graph } = spread;
  const made = graph.facts.get(node.output[0] ?? '');
  const sides = sidesOf(made?.geometry);
  const varied = view.inputs.some(
    (input) => input && sidesOf(input.geometry).length === 0 && variesAlong(input, sides, made?.shape?.length ?? 0),
  );
  return varied ? refused('has a number of its own for every place of the map') : unchanged(spread, view);
};

/** Works along axes; that must be none of places. */
function along(axes: (view: NodeView, rank: number) => readonly number[]): Rule {
  return (spread, view) => {
    const [input] = view.inputs;
    const sides = sidesOf(input?.geometry);
    const over = axes(view, input?.shape?.length ?? 0).some((axis) => sides.includes(axis));
    return over
      ? refused('takes statistics over the whole map, in which dense places would count')
      : unchanged(spread, view);
  };
}

const axis = (otherwise: number): Rule =>
  along((view, rank) => [fromFront(view.attributes.int('axis', otherwise), rank)]);

const fromAxis = (otherwise: number): Rule =>
  along((view, rank) => {
    const first = fromFront(view.attributes.int('axis', otherwise), rank);
    return Array.from({ length: rank - first }, (_, i) => first + i);
  });

/** Softmax runs over one axis; before opset 13 over all from it on. */
const softmax: Rule = (spread, view) => (view.opset < 13 ? fromAxis(1) : axis(-1))(spread, view);

/** Picks, cuts or joins channels. */
function channels(otherwise: number): Rule {
  return (spread, view) => {
    const [input] = view.inputs;
    const at = fromFront(view.attributes.int('axis', otherwise), input?.shape?.length ?? 0);
    return sidesOf(input?.geometry).includes(at) ? refused('cuts the map along its places') : unchanged(spread, view);
  };
}

const concat: Rule = (spread, view) => {
  const dense = view.inputs.every((input) => sidesOf(input?.geometry).length > 0);
  return dense ? unchanged(spread, view) : refused('joins the map with something that has no places of its own');
};

const slice: Rule = (spread, view) => {
  const [input] = view.inputs;
  const cut = axesOf(view, 3, input?.shape?.length ?? 0) ?? [];
  const sides = sidesOf(input?.geometry);
  return cut.length === 0 || cut.some((at) => sides.includes(at))
    ? refused('cuts rows or columns together with other axes')
    : unchanged(spread, view);
};

/** Sides of the result times the spread, where rows and columns stay axes of their own. */
const reshape: Rule = ({ graph, node, write, by }, view) => {
  const [input, target] = view.inputs;
  const made = graph.facts.get(node.output[0] ?? '');
  const sides = sidesOf(made?.geometry);
  const wanted = target?.constant?.values;
  if (sides.length === 0 || sides.length !== sidesOf(input?.geometry).length) {
    return refused('turns the map into a list, whose length the layers behind it are made for');
  }
  if (!wanted) return refused('computes sides that a dense map does not have');
  const scaled = wanted.map((side, at) => (sides.includes(at) && side > 0 ? by * side : side));
  write.add(changed(node, { input: [node.input[0] ?? '', write.wholes(scaled)] }));
  return 'places';
};

/** The axes that appear or vanish must be none of places. */
const squeeze: Rule = (spread, view) => {
  const before = sidesOf(view.inputs[0]?.geometry).length;
  const after = sidesOf(spread.graph.facts.get(spread.node.output[0] ?? '')?.geometry).length;
  return before === after ? unchanged(spread, view) : refused('takes an axis of places away');
};

const HEADS = new Set(['ReduceMean', 'ReduceMax', 'ReduceMin']);

const reduce: Rule = ({ graph, node, write }, view) => {
  const [input] = view.inputs;
  const rank = input?.shape?.length ?? 0;
  const axes = axesOf(view, 1, rank) ?? Array.from({ length: rank }, (_, i) => i);
  const over = sidesOf(input?.geometry).some((side) => axes.includes(side));
  if (over && !HEADS.has(node.opType)) return refused('adds up over places, of which a dense map has more');
  write.add(node);
  return hasPlaces(graph.facts.get(node.output[0] ?? '')?.geometry) ? 'places' : 'pooled';
};

const globalPool: Rule = ({ write, node }) => {
  write.add(node);
  return 'pooled';
};

/** Linear layers at each place by itself: the map's places are rows of the left matrix. */
const matMul: Rule = (spread, view) => {
  const [left, right] = view.inputs;
  const last = (left?.shape?.length ?? 0) - 1;
  const placewise = right?.picture === false && right.shape?.length === 2 && !sidesOf(left?.geometry).includes(last);
  return placewise ? unchanged(spread, view) : refused('mixes places with one another');
};

/** Pads rows and columns, as wide as the spread. */
const pad: Rule = ({ node, write, by, padding }, view) => {
  const [input] = view.inputs;
  const [side, pads] = [mapSides(input ?? undefined), view.inputs[1]?.constant?.values];
  const rank = input?.shape?.length ?? 0;
  const axes = axesOf(view, 3, rank) ?? Array.from({ length: rank }, (_, i) => i);
  if (!side || !pads || sidesOf(input?.geometry).join() !== '2,3')
    return refused('pads axes that are not rows and columns');
  const width = (at: number, end: 0 | 1): number => pads[axes.indexOf(at) + end * axes.length] ?? 0;
  const [before, after] = ([0, 1] as const).map((end) => ({
    y: axes.includes(2) ? width(2, end) : 0,
    x: axes.includes(3) ? width(3, end) : 0,
  })) as [{ y: number; x: number }, { y: number; x: number }];
  const [output = ''] = node.output;
  const mode = view.attributes.text('mode', 'constant');
  const times = (pair: { y: number; x: number }): { y: number; x: number } => ({ y: by * pair.y, x: by * pair.x });
  const own =
    axes.every((at) => at > 1) || [0, 1].every((at) => width(at, 0) + width(at, 1) === 0 || !axes.includes(at));
  if (own && mode !== 'wrap' && padding === 'circular' && pads.every((amount) => amount >= 0)) {
    const around = wrapped(write, node.input[0] ?? '', output, times(side), times(before), times(after));
    write.op('Identity', [around], output);
    return 'places';
  }
  if (mode === 'constant' || mode === 'wrap') {
    const wide = pads.map((amount, i) => ((axes[i % axes.length] ?? 0) > 1 ? by * amount : amount));
    write.add(changed(node, { input: [node.input[0] ?? '', write.wholes(wide), ...node.input.slice(2)] }));
    return 'places';
  }
  if (!own) return refused('pads channels together with rows and columns');
  const phased = { input: node.input[0] ?? '', output, side: times(side), channels: input?.shape?.[1] ?? 0 };
  byPhases(write, { ...phased, period: { y: by, x: by } }, (from, to) => {
    write.add(changed(node, { name: to, input: [from, ...node.input.slice(1)], output: [to] }));
    return { y: side.y + before.y + after.y, x: side.x + before.x + after.x };
  });
  return 'places';
};

/** A mean or maximum over a window that is the whole map becomes one over the whole dense map. */
export function wholeMap({ graph, node, write }: SpreadNode): Spread {
  const name = { AveragePool: 'GlobalAveragePool', MaxPool: 'GlobalMaxPool' }[node.opType];
  const padded = (attributesOf(node).ints('pads') ?? []).some((width) => width > 0);
  const covers = mapSides(graph.facts.get(node.input[0] ?? ''));
  const kernel = attributesOf(node).ints('kernel_shape');
  const whole = covers?.y === kernel?.[0] && covers?.x === kernel?.[1];
  if (name === undefined || padded || !whole) {
    return refused('looks at the whole map at once, for whose size it is made');
  }
  const kept = attributesWithout(node, ...node.attribute.map((attribute) => attribute.name));
  write.add(changed(built(name, [node.input[0] ?? ''], [node.output[0] ?? '']), { name: node.name, attribute: kept }));
  return 'pooled';
}

const ELEMENTWISE =
  'Abs Acos Acosh Add And Asin Asinh Atan Atanh BiasGelu Cast CastLike Ceil Celu Clip Cos Cosh Div Dropout Elu Equal Erf Exp FastGelu Floor Gelu Greater GreaterOrEqual HardSigmoid HardSwish Identity LRN LeakyRelu Less LessOrEqual Log Max Mean Min Mish Mod Mul Neg Not Or PRelu Pow QLinearAdd QLinearLeakyRelu QLinearMul QLinearSigmoid QuickGelu Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Sub Sum Swish Tan Tanh ThresholdedRelu Where Xor';

const RULES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(ELEMENTWISE.split(' ').map((name) => [name, elementwise])),
  BatchNormalization: unchanged,
  DequantizeLinear: unchanged,
  QuantizeLinear: unchanged,
  Transpose: unchanged,
  Shape: unchanged,
  Softmax: softmax,
  LogSoftmax: softmax,
  LpNormalization: axis(-1),
  LayerNormalization: fromAxis(-1),
  SimplifiedLayerNormalization: fromAxis(-1),
  RMSNormalization: fromAxis(-1),
  InstanceNormalization: () => refused('takes statistics over the whole map, in which dense places would count'),
  GroupNormalization: () => refused('takes statistics over the whole map, in which dense places would count'),
  Concat: concat,
  Split: channels(0),
  Gather: channels(0),
  Slice: slice,
  Reshape: reshape,
  Flatten: () => refused('turns the map into a list, whose length the layers behind it are made for'),
  Squeeze: squeeze,
  Unsqueeze: squeeze,
  Pad: pad,
  MatMul: matMul,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  ...Object.fromEntries(
    'ReduceL1 ReduceL2 ReduceMax ReduceMean ReduceMin ReduceSum ReduceSumSquare'
      .split(' ')
      .map((name) => [name, reduce]),
  ),
};

/** Whether it is known how an operator treats places. */
export function isKnownOperator({ opType }: NodeProto): boolean {
  return opType in RULES;
}

/** Whether an operator spreads its smaller inputs over the axes of the largest. */
export function isElementwise({ opType }: NodeProto): boolean {
  return RULES[opType] === elementwise;
}

/** Adds a node that slides no window to a graph whose maps are dense. */
export function spreadNode(spread: SpreadNode): Spread {
  const { graph, node } = spread;
  const rule =
    node.domain === '' || node.domain === 'ai.onnx' || node.domain === 'com.microsoft' ? RULES[node.opType] : undefined;
  const inputs = node.input.map((name): TensorFacts | null => graph.facts.get(name) ?? null);
  const view: NodeView = { node, opset: graph.opset, attributes: attributesOf(node), inputs };
  return (
    rule?.(spread, view) ?? refused(`is of operator ${node.opType}, which can't be told how to work on a dense map`)
  );
}
