// Padding as part of the window behind it: auto_pad and ceil_mode as explicit pads, Pad nodes merged where the answer
// stays bit for bit the same.
import { attributesOf } from '../audit/attributes.js';
import { FLOAT } from '../audit/element-types.js';
import { axesOf } from '../audit/facts.js';
import type { TensorFacts } from '../audit/facts.js';
import type { Inference } from '../audit/infer.js';
import { toNumber } from '../audit/rational.js';
import type { LayerWindow } from '../audit/window.js';
import { node as built } from '../build.js';
import { changed } from '../changed.js';
import type { NodeProto, TensorProto } from '../onnx_pb.js';
import type { OnnxModel } from '../read.js';
import { assembled, takenBy } from './assemble.js';
import { attributesWithout } from './operators.js';
import { isSliding } from './window.js';

/** Pads in ONNX's order: those before each axis, then those after. */
function withPads(node: NodeProto, pads: readonly number[], more: Parameters<typeof built>[3] = {}): NodeProto {
  const kept = attributesWithout(node, 'pads', 'auto_pad', 'ceil_mode', ...Object.keys(more));
  return changed(node, { attribute: [...kept, ...built('', [], [], { pads: pads.map(BigInt), ...more }).attribute] });
}

/** Padding of a window that gives as many results as its rounding mode does. */
function explicitPads({ axes }: LayerWindow, sides: readonly number[]): number[] {
  const after = axes.map(({ kernel, dilation, stride, before, after: own, length }, i) => {
    const span = (kernel - 1) * dilation + 1;
    return Math.max(own, (length - 1) * toNumber(stride) + span - (sides[i] ?? 0) - before);
  });
  return [...axes.map(({ before }) => before), ...after];
}

/** Sliding windows whose padding was left to the engine, with the padding in numbers. */
export function explicit(model: OnnxModel, { facts, windows }: Inference): OnnxModel {
  const nodes = model.graph.node.map((node) => {
    const window = windows.get(node);
    const sides = facts.get(node.input[0] ?? '')?.shape?.slice(2);
    if (!window || !sides || !isSliding(node)) return node;
    const attributes = attributesOf(node);
    const automatic = attributes.text('auto_pad', 'NOTSET') !== 'NOTSET';
    const ceil = attributes.int('ceil_mode', 0) === 1;
    if (!automatic && !ceil) return node;
    const pads = explicitPads(window, sides);
    const wider = window.axes.some(({ after }, i) => after !== pads[window.axes.length + i]);
    // Places beyond the padding don't count in a mean that counts the padding: that can't be said in pads. And engines
    // take no pool with pads of its kernel's size, which a dilated one may need.
    const unsaid = wider && attributes.int('count_include_pad', 0) === 1;
    const tooWide = pads.some((pad, i) => pad >= (window.axes[i % window.axes.length]?.kernel ?? 0));
    return ceil && (unsaid || (tooWide && node.opType.endsWith('Pool'))) ? node : withPads(node, pads);
  });
  return assembled(model, { nodes });
}

/** What stands in a Pad's border; null where it isn't one known number. */
function borderOf(node: NodeProto, constants: ReadonlyMap<string, TensorProto>): 'zero' | 'lowest' | null {
  const [, , value = ''] = node.input;
  if (value === '') return 'zero';
  const content = constants.get(value);
  if (content === undefined) return null;
  const numbers = [...content.floatData, ...content.doubleData, ...content.int32Data];
  if (content.rawData.length > 0 && content.rawData.every((byte) => byte === 0)) return 'zero';
  if (numbers.length > 0 && numbers.every((number) => number === 0)) return 'zero';
  const lowest =
    content.dataType === FLOAT &&
    (numbers[0] === -Infinity || (content.rawData.length === 4 && floatOf(content.rawData) === -Infinity));
  return lowest ? 'lowest' : null;
}

function floatOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat32(0, true);
}

/** Whether a tensor has no negative values: only then a border of zeros is one of nothing to a maximum. */
function neverNegative(producer: NodeProto | undefined, facts: ReadonlyMap<string, TensorFacts>): boolean {
  if (producer === undefined) return false;
  if (['Relu', 'Sigmoid', 'HardSigmoid', 'Softplus'].includes(producer.opType)) return true;
  if (producer.opType !== 'Clip') return false;
  const low = facts.get(producer.input[1] ?? '')?.constant?.values[0];
  return low !== undefined && low >= 0;
}

/** Whether a pool that adds padding to its own reaches at least one element with every window. */
function reaches({ axes }: LayerWindow, pads: readonly number[]): boolean {
  return axes.every(
    ({ kernel, before, after }, i) => before + (pads[i] ?? 0) < kernel && after + (pads[axes.length + i] ?? 0) < kernel,
  );
}

/** A node with a Pad's pads in its own; null where that would change its answer. */
function mergedInto(
  taker: NodeProto,
  pads: readonly number[],
  border: 'zero' | 'lowest',
  window: LayerWindow | undefined,
  positive: boolean,
): NodeProto | null {
  const attributes = attributesOf(taker);
  const own = attributes.ints('pads') ?? pads.map(() => 0);
  const sum = own.map((pad, i) => pad + (pads[i] ?? 0));
  const plain = attributes.text('auto_pad', 'NOTSET') === 'NOTSET' && attributes.int('ceil_mode', 0) === 0;
  if (!plain || window?.axes.length !== 2) return null;
  if (taker.opType === 'Conv' || taker.opType === 'FusedConv') return border === 'zero' ? withPads(taker, sum) : null;
  if (!reaches(window, pads)) return null;
  if (taker.opType === 'MaxPool') return border === 'lowest' || positive ? withPads(taker, sum) : null;
  if (taker.opType !== 'AveragePool' || border !== 'zero') return null;
  const counted = attributes.int('count_include_pad', 0) === 1 || own.every((pad) => pad === 0);
  return counted ? withPads(taker, sum, { count_include_pad: 1n }) : null;
}

/** Pads of rows and columns in ONNX's order; null where others are padded, or pads are negative or unknown. */
function spatialPads(
  node: NodeProto,
  facts: ReadonlyMap<string, TensorFacts>,
  opset: number,
): readonly number[] | null {
  const rank = facts.get(node.input[0] ?? '')?.shape?.length;
  const inputs = node.input.map((name) => facts.get(name) ?? null);
  const pads = inputs[1]?.constant?.values;
  if (rank !== 4 || !pads || pads.some((pad) => pad < 0)) return null;
  const axes = axesOf({ node, opset, attributes: attributesOf(node), inputs }, 3, rank) ?? [0, 1, 2, 3];
  const around = (axis: number, end: number): number => {
    const place = axes.indexOf(axis);
    return place < 0 ? 0 : (pads[place + end * axes.length] ?? 0);
  };
  if ([0, 1].some((axis) => around(axis, 0) !== 0 || around(axis, 1) !== 0)) return null;
  return [around(2, 0), around(3, 0), around(2, 1), around(3, 1)];
}

/** Pad nodes merged into all windows behind them, where all of them can take it. */
export function padsMerged(model: OnnxModel, { facts, windows }: Inference, opset: number): OnnxModel {
  const { node: nodes, initializer, output } = model.graph;
  const constants = new Map(initializer.map((weight) => [weight.name, weight]));
  const producers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const results = new Set(output.map(({ name }) => name));
  const replaced = new Map<NodeProto, NodeProto>();
  for (const pad of nodes) {
    const [name = ''] = pad.output;
    if (pad.opType !== 'Pad' || results.has(name)) continue;
    const pads = spatialPads(pad, facts, opset);
    const border = attributesOf(pad).text('mode', 'constant') === 'constant' ? borderOf(pad, constants) : null;
    if (pads === null || border === null) continue;
    const [input = ''] = pad.input;
    const positive = border === 'zero' && neverNegative(producers.get(input), facts);
    const takers = nodes.filter((node) => takenBy(node).includes(name));
    const merged = takers.map((taker) => {
      const whole = takenBy(taker).filter((taken) => taken === name).length === 1 && taker.input[0] === name;
      return whole ? mergedInto(taker, pads, border, windows.get(taker), positive) : null;
    });
    if (merged.includes(null)) continue;
    for (const [i, taker] of takers.entries()) {
      const own = merged[i];
      if (own) replaced.set(taker, changed(own, { input: [input, ...taker.input.slice(1)] }));
    }
  }
  return assembled(model, { nodes: nodes.map((node) => replaced.get(node) ?? node) });
}
