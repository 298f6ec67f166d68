// How a window (Conv, MaxPool, AveragePool, a Slice that steps) is written anew with another stride, dilation and padding.
import type { Pair } from '../audit/layer.js';
import { FLOAT } from '../audit/element-types.js';
import { attributesOf } from '../audit/attributes.js';
import { node as built } from '../build.js';
import { changed } from '../changed.js';
import type { GraphWriter } from '../local-writer.js';
import { TensorProto_DataType as DataType } from '../onnx_pb.js';
import { attributesWithout, joined, reshaped, sliced, transposed } from './operators.js';
import { refusal } from './window.js';
import type { WindowNode } from './window.js';

const HALF: number = DataType.FLOAT16;
const MINUS_INFINITY_HALF = 0xfc00;

/** What stands round a map: nothing (zeros for convolutions, left out by pools), or the map's own opposite edge. */
export type Padding = 'zero' | 'circular';

/** A window as it is to be written. Everything is in elements of the map that it gets. */
export type WindowForm = {
  /** Tensor [N, C, side.y, side.x] that it takes. */
  readonly input: string;
  readonly side: Pair;
  /** Name of the result; further tensors of the writing are named after it. */
  readonly output: string;
  readonly stride: Pair;
  readonly dilation: Pair;
  /** Padding above and to the left, below and to the right. */
  readonly before: Pair;
  readonly after: Pair;
  readonly padding: Padding;
};

const BOTH = ['y', 'x'] as const;
const AXES = { y: 2, x: 3 } as const;

function each(value: (direction: 'y' | 'x') => number): Pair {
  return { y: value('y'), x: value('x') };
}

/** Whole copies and a part of a side that a circular border of some width is made of. */
function rounds(width: number, side: number): { readonly copies: number; readonly rest: number } {
  return { copies: Math.floor(width / side), rest: width % side };
}

/**
 * Adds circular padding, of any width, as Slice and Concat: rows, then columns.
 *
 * @param side the map's sides
 * @returns the padded tensor's name; `input` where both paddings are 0
 */
export function wrapped(
  write: GraphWriter,
  input: string,
  output: string,
  side: Pair,
  before: Pair,
  after: Pair,
): string {
  return BOTH.reduce((from, direction) => {
    if (before[direction] === 0 && after[direction] === 0) return from;
    const [axis, name] = [AXES[direction], `${output}/wrap ${direction}`];
    const front = rounds(before[direction], side[direction]);
    const back = rounds(after[direction], side[direction]);
    const last = { axes: [axis], starts: [-front.rest] };
    const first = { axes: [axis], starts: [0], ends: [back.rest] };
    const parts = [
      ...(front.rest > 0 ? [sliced(write, from, `${name}/last`, last)] : []),
      ...Array.from({ length: front.copies + 1 + back.copies }, () => from),
      ...(back.rest > 0 ? [sliced(write, from, `${name}/first`, first)] : []),
    ];
    return joined(write, parts, name, axis);
  }, input);
}

/** Adds `by` copies of a map's last rows and columns at its end, in periods of `period`; at least one `by` is above 0. */
function extended(write: GraphWriter, input: string, output: string, by: Pair, period: Pair): string {
  const grown = BOTH.filter((direction) => by[direction] > 0);
  return grown.reduce((from, direction, i) => {
    const count = Math.ceil(by[direction] / period[direction]);
    const name = i === grown.length - 1 ? output : `${output}/longer ${direction}`;
    const end = { axes: [AXES[direction]], starts: [-period[direction]] };
    const last = sliced(write, from, `${name}/last ${direction}`, end);
    return joined(write, [from, ...Array.from({ length: count }, () => last)], name, AXES[direction]);
  }, input);
}

/** Attributes of a window in ONNX's order of axes; what is the default is left out. */
function windowAttributes(
  { node, kernel }: WindowNode,
  form: Pick<WindowForm, 'stride' | 'dilation' | 'before' | 'after'>,
): ReturnType<typeof attributesWithout> {
  const { stride, dilation, before, after } = form;
  const list = ({ y, x }: Pair): bigint[] => [BigInt(y), BigInt(x)];
  const kept = attributesWithout(node, 'kernel_shape', 'strides', 'dilations', 'pads', 'auto_pad', 'ceil_mode');
  const dilated = dilation.y !== 1 || dilation.x !== 1;
  const own = {
    kernel_shape: list(kernel),
    strides: list(stride),
    pads: [...list(before), ...list(after)],
    ...(dilated ? { dilations: list(dilation) } : {}),
  };
  return [...kept, ...built('', [], [], own).attribute];
}

/** How many phases a map falls into beyond the window's own dilation. */
function periodOf({ dilation: own }: WindowNode, { dilation }: WindowForm): Pair {
  return each((d) => dilation[d] / own[d]);
}

/** A map that falls into phases: every `period`-th place along either side is one. */
export type Phased = {
  readonly input: string;
  readonly output: string;
  /** Sides of the map, multiples of the period, and its channels. */
  readonly side: Pair;
  readonly channels: number;
  readonly period: Pair;
};

/**
 * Adds nodes that see one phase of a map at a time: phases to the batch axis, the nodes, phases back to their places.
 *
 * @param inner adds the nodes between two names, and says the sides of a phase's result
 */
export function byPhases(
  write: GraphWriter,
  { input, output, side, channels, period }: Phased,
  inner: (input: string, output: string) => Pair,
): void {
  const small = each((d) => side[d] / period[d]);
  const apart = reshaped(write, input, `${output}/apart`, [0, -1, small.y, period.y, small.x, period.x]);
  const phases = transposed(write, apart, `${output}/phases`, [3, 5, 0, 1, 2, 4]);
  const batch = reshaped(write, phases, `${output}/batch`, [-1, channels, small.y, small.x]);
  const made = inner(batch, `${output}/by phase`);
  const grid = reshaped(write, `${output}/by phase`, `${output}/grid`, [
    ...[period.y, period.x, -1],
    ...[channels, made.y, made.x],
  ]);
  const back = transposed(write, grid, `${output}/back`, [2, 3, 4, 0, 5, 1]);
  reshaped(write, back, output, [-1, channels, made.y * period.y, made.x * period.x]);
}

/** Adds a border of one number round a map. */
function bordered(write: GraphWriter, border: string, form: WindowForm): string {
  const { input, output, before, after } = form;
  const pads = write.wholes([0, 0, before.y, before.x, 0, 0, after.y, after.x]);
  const wide = write.op('Pad', [input, pads, border], `${output}/padded`);
  // onnxruntime merges a Pad into the pool behind it, and then refuses such pads: the maximum with the border, which
  // changes nothing, keeps them apart.
  return write.op('Max', [wide, border], `${output}/bordered`);
}

/** The lowest number of a type, as a tensor; null where it isn't known here. */
function lowest(write: GraphWriter, type: number): string | null {
  if (type === FLOAT) return write.number(-Infinity);
  return type === HALF ? write.half(MINUS_INFINITY_HALF) : null;
}

/** Adds the operator itself; a maximum over pads that engines find too wide gets them in front of it. */
function slidingNode(write: GraphWriter, window: WindowNode, form: WindowForm): void {
  const { node, kernel } = window;
  const { input, output, before, after } = form;
  const wide = BOTH.some((d) => before[d] >= kernel[d] || after[d] >= kernel[d]);
  const border = node.opType === 'MaxPool' && wide ? lowest(write, window.type) : null;
  const none = { before: { y: 0, x: 0 }, after: { y: 0, x: 0 } };
  const from = border === null ? input : bordered(write, border, form);
  write.add(
    changed(node, {
      input: [from, ...node.input.slice(1)],
      output: [output],
      attribute: windowAttributes(window, border === null ? form : { ...form, ...none }),
    }),
  );
}

/** Adds a pool over every `period`-th element of a map: pools know no dilation, or no pads as wide as it takes. */
function pooledByPhases(write: GraphWriter, window: WindowNode, form: WindowForm): void {
  const period = periodOf(window, form);
  const by = (sides: Pair): Pair => each((d) => sides[d] / period[d]);
  const { stride } = form;
  const inner = { stride, dilation: window.dilation, before: by(form.before), after: by(form.after) };
  byPhases(write, { ...form, channels: window.channels, period }, (input, output) => {
    const small = { ...form, ...inner, side: by(form.side), input, output };
    slidingNode(write, window, small);
    return placesOf(window, small);
  });
}

/** Number of places a side that a window gives. */
function placesOf(
  { kernel }: WindowNode,
  { side, before, after, dilation, stride }: Omit<WindowForm, 'input' | 'output' | 'padding'>,
): Pair {
  const rest = (d: 'y' | 'x'): number => side[d] + before[d] + after[d] - dilation[d] * (kernel[d] - 1) - 1;
  return each((d) => Math.floor(rest(d) / stride[d]) + 1);
}

/** A Slice with another step: its padding says where it begins (negative) and ends; on a torus it goes on round. */
function writtenSlice(write: GraphWriter, form: WindowForm): void {
  const { input, output, side, stride, before, dilation, padding } = form;
  const after = each((d) => Math.max(0, form.after[d]));
  const long = BOTH.some((d) => after[d] > 0);
  const around = (): string => wrapped(write, input, output, side, { y: 0, x: 0 }, after);
  const beyond = (): string =>
    padding === 'circular' ? around() : extended(write, input, `${output}/longer`, after, dilation);
  const longer = long ? beyond() : input;
  const starts = BOTH.map((d) => -before[d]);
  const ends = BOTH.map((d) => side[d] + form.after[d]);
  sliced(write, longer, output, { axes: [2, 3], starts, ends, steps: [stride.y, stride.x] });
}

/** Whether a pool's mean or norm counts the padding as zeros. */
function countsPadding({ node }: WindowNode): boolean {
  return node.opType === 'LpPool' || attributesOf(node).int('count_include_pad', 0) === 1;
}

/** The form behind circular borders, which no operator does itself. */
function prepared(write: GraphWriter, window: WindowNode, form: WindowForm): WindowForm {
  const { input, output, side, before, after, padding } = form;
  const none = { before: { y: 0, x: 0 }, after: { y: 0, x: 0 } };
  const whole = each((d) => side[d] + before[d] + after[d]);
  if (padding === 'circular' && window.node.opType !== 'Slice') {
    return { ...form, ...none, side: whole, input: wrapped(write, input, output, side, before, after) };
  }
  return form;
}

/** How far a pool's last windows lie in the padding alone. */
function beyondReach({ node, kernel }: WindowNode, { dilation, after, padding }: WindowForm): Pair {
  const pool = node.opType.endsWith('Pool') && padding === 'zero';
  return each((d) => (pool ? Math.max(0, after[d] - dilation[d] * (kernel[d] - 1)) : 0));
}

/**
 * Adds a window to a graph with other strides, dilations and paddings; kernel, weights, groups and whatever else its
 * operator knows stay. Weights are named, not copied.
 *
 * - Convolutions: padding of zeros in the operator's own pads; circular padding as Slice and Concat before it.
 * - MaxPool: what lies in the padding is left out of the maximum. AveragePool: out of the mean, or counted as 0, as the
 *   original has it (`count_include_pad`); the divisor is the original's at every place that the original has.
 * - Pools with a dilation go by way of the batch axis, which any version of the operators can do.
 * - A Slice that steps: `before` is minus the first place, `after` what is left out at the end (negative).
 *
 * @param form the result has `floor((side + before + after − dilation · (kernel − 1) − 1) / stride) + 1` places a side
 * @throws InputError for a mean that counts padding and rounds its number of windows up, naming the node
 */
export function emitWindow(write: GraphWriter, window: WindowNode, form: WindowForm): void {
  if (window.node.opType === 'Slice') {
    writtenSlice(write, form);
    return;
  }
  if (attributesOf(window.node).int('ceil_mode', 0) === 1 && countsPadding(window)) {
    throw refusal(window.name, 'counts padding in its mean and rounds its number of windows up (ceil_mode)');
  }
  const beyond = beyondReach(window, form);
  if (BOTH.some((d) => beyond[d] > 0)) {
    // A window that lies in the padding alone has no maximum and no mean, and engines refuse it: it gets its neighbour's.
    const short = `${form.output}/short`;
    writtenWindow(write, window, { ...form, output: short, after: each((d) => form.after[d] - beyond[d]) });
    extended(write, short, form.output, beyond, periodOf(window, form));
    return;
  }
  writtenWindow(write, window, form);
}

function writtenWindow(write: GraphWriter, window: WindowNode, form: WindowForm): void {
  const ready = prepared(write, window, form);
  const period = periodOf(window, ready);
  const dilated = period.y > 1 || period.x > 1;
  if (dilated && window.node.opType.endsWith('Pool')) pooledByPhases(write, window, ready);
  else slidingNode(write, window, ready);
}

/** The form of a window as it is, on a map whose neighbours of the original lie `dilation` places apart. */
export function asItIs(
  window: WindowNode,
  dilation: number,
  padding: Padding,
): Omit<WindowForm, 'input' | 'output' | 'padding'> {
  const { kernel, stride, before, after, from, to } = window;
  // A border of the opposite edge is as wide as the windows reach: more would be read by none of them.
  const read = (d: 'y' | 'x'): number => (to[d] - 1) * stride[d] + window.dilation[d] * (kernel[d] - 1) + 1;
  const reached = (d: 'y' | 'x'): number => Math.max(0, read(d) - from[d] - before[d]);
  const afterwards = (d: 'y' | 'x'): number => {
    if (window.node.opType === 'Slice') return after[d];
    return padding === 'circular' ? reached(d) : Math.max(after[d], reached(d));
  };
  return {
    side: each((d) => dilation * from[d]),
    stride,
    dilation: each((d) => dilation * window.dilation[d]),
    before: each((d) => dilation * before[d]),
    after: each((d) => dilation * afterwards(d)),
  };
}

/**
 * The form of a window whose stride is taken off, on a map whose neighbours lie `dilation` places apart from those of the
 * original: the places of the original lie at every `dilation · stride`-th place of the result, from the first on.
 *
 * Begin pads are the original's times the dilation, so that the first place stays the first; end pads are as wide as it
 * takes for the result to have `dilation · stride` places for each of the original's, so that every phase is complete.
 *
 * @param dilation how far apart neighbours of the original lie on the given map
 */
export function withoutStride(window: WindowNode, dilation: number): Omit<WindowForm, 'input' | 'output' | 'padding'> {
  const { kernel, before, from, to } = window;
  const side = each((d) => dilation * from[d]);
  const own = each((d) => dilation * window.dilation[d]);
  const begin = each((d) => dilation * before[d]);
  const wanted = each((d) => dilation * window.stride[d] * to[d]);
  const end = each((d) => wanted[d] - side[d] + own[d] * (kernel[d] - 1) - begin[d]);
  return { side, stride: { y: 1, x: 1 }, dilation: own, before: begin, after: end };
}
