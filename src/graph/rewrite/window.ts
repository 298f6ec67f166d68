// A sliding window of the normal form in numbers: kernel, stride, dilation and padding along rows and columns.
import { InputError } from '../../core/errors.js';
import { attributesOf } from '../audit/attributes.js';
import type { TensorFacts } from '../audit/facts.js';
import type { Pair } from '../audit/layer.js';
import { sliceArguments } from '../audit/operators/cutting.js';
import { toNumber } from '../audit/rational.js';
import type { Window } from '../audit/window.js';
import type { NodeProto } from '../onnx_pb.js';
import type { NormalGraph } from './normal.js';

/** A window over the rows and columns of a map [N, C, H, W]. */
export type WindowNode = {
  readonly node: NodeProto;
  /** The node's name as people know it, for messages. */
  readonly name: string;
  /** Tensors that it takes and gives. */
  readonly input: string;
  readonly output: string;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  /** Padding above and to the left, elements; negative where a Slice begins later. */
  readonly before: Pair;
  /** Padding below and to the right, elements. */
  readonly after: Pair;
  /** Sides of the map that it takes, and of the one that it gives. */
  readonly from: Pair;
  readonly to: Pair;
  /** Channels of the map that it takes. */
  readonly channels: number;
  /** TensorProto.DataType of the map. */
  readonly type: number;
};

/** Operators that slide a window over input 0 and say so in `kernel_shape`, `strides`, `dilations` and `pads`. */
const SLIDING = new Set(['Conv', 'FusedConv', 'QLinearConv', 'MaxPool', 'AveragePool', 'LpPool']);

export function isSliding({ opType }: NodeProto): boolean {
  return SLIDING.has(opType);
}

/** Rows and columns as the windows' axes give them. */
function pair(axes: readonly Window[], value: (window: Window) => number): Pair {
  const [y, x] = axes;
  return { y: y ? value(y) + 0 : 0, x: x ? value(x) + 0 : 0 };
}

/** Sides of a map [N, C, H, W]; null where they aren't known. */
export function mapSides(facts: TensorFacts | undefined): Pair | null {
  const [, , y, x, ...more] = facts?.shape ?? [];
  return y === undefined || x === undefined || more.length > 0 ? null : { y, x };
}

/** Whether a Slice cuts rows and columns alone, going forwards. */
function cutsMapsOnly(graph: NormalGraph, node: NodeProto): boolean {
  const inputs = node.input.map((name) => graph.facts.get(name) ?? null);
  const asked = sliceArguments({ node, opset: graph.opset, attributes: attributesOf(node), inputs }, 4);
  return asked !== null && asked.axes.every((axis) => axis > 1) && asked.steps.every((step) => step > 0);
}

/**
 * The window of a node of the normal form; null where the node slides none over rows and columns. A Slice that begins
 * later or takes every second place is a window of one element.
 */
export function windowOf(graph: NormalGraph, node: NodeProto): WindowNode | null {
  const window = graph.windows.get(node);
  const [input = '', output = ''] = [node.input[0], node.output[0]];
  const [from, to] = [mapSides(graph.facts.get(input)), mapSides(graph.facts.get(output))];
  const axes = graph.facts.get(input)?.geometry?.axes;
  const placed = [2, 3].every((axis) => axes?.[axis]?.parts.every(({ role }) => role === 'y' || role === 'x') === true);
  if (!window || window.axes.length !== 2 || !from || !to || !placed) return null;
  if (!isSliding(node) && !(node.opType === 'Slice' && cutsMapsOnly(graph, node))) return null;
  return {
    node,
    name: graph.nameOf(node),
    input,
    output,
    kernel: pair(window.axes, ({ kernel }) => kernel),
    stride: pair(window.axes, ({ stride }) => toNumber(stride)),
    dilation: pair(window.axes, ({ dilation }) => dilation),
    before: pair(window.axes, ({ before }) => before),
    after: pair(window.axes, ({ after }) => after),
    from,
    to,
    channels: graph.facts.get(input)?.shape?.[1] ?? 0,
    type: graph.facts.get(input)?.type ?? 0,
  };
}

/** An InputError that names the node that can't be rewritten, why, and what to do. */
export function refusal(name: string, reason: string, todo = 'Choose another rewriting or other layers.'): InputError {
  return new InputError(`The network can't be rewritten this way: ${name} ${reason}. ${todo}`);
}
