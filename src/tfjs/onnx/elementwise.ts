// What works element by element: broadcasting between TensorFlow's order of axes and channels first, activations, and
// reductions, whose axes are counted in TensorFlow's order.
import { InputError } from '../../core/errors.js';
import { permuted } from './permute.js';
import type { GraphWriter, Value } from './writer.js';

/** Where an axis of TensorFlow's order is stored. */
const STORED = [0, 2, 3, 1] as const;

/** An axis as it is stored; negative ones are counted from the end. */
export function storedAxis({ order }: Value, axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  return order === 'channels first' ? (STORED[positive] ?? positive) : positive;
}

/** Sides in TensorFlow's order. */
export function shapeOf(write: GraphWriter, value: Value): readonly number[] {
  const shape = write.shape(value);
  if (shape === null) throw new InputError('the shape of what it takes is not known');
  return shape;
}

/** A node of one tensor that keeps places and order. */
export function mapped(
  write: GraphWriter,
  type: string,
  x: Value,
  attributes: Parameters<GraphWriter['node']>[2] = {},
  further: readonly string[] = [],
): Value {
  return { name: write.node(type, [write.stored(x), ...further], attributes), order: x.order };
}

/** A tensor of up to four axes with channels first, as broadcasting with such a one needs it. */
function inFirst(write: GraphWriter, value: Value): string {
  if (value.order === 'channels first') return value.name;
  const shape = shapeOf(write, value);
  const missing = 4 - shape.length;
  if (missing < 0) throw new InputError(`it joins a picture with a tensor of ${shape.length} axes`);
  if (value.weight !== undefined) {
    if (value.weight.values.length === 1) return write.constant([], value.weight.values, value.name);
    const wide = [...Array.from({ length: missing }, () => 1), ...shape];
    const order = [0, 3, 1, 2];
    const values = permuted(value.weight.values, wide, order);
    return write.constant(order.map((axis) => wide[axis] ?? 1).slice(wide[0] === 1 ? 1 : 0), values, value.name);
  }
  if (missing === 0) return write.first(value);
  if (shape.length === 0) return write.plain(value);
  const axes = Array.from({ length: missing }, (_, axis) => axis);
  const wide = write.node('Unsqueeze', [write.plain(value), write.whole(axes)]);
  return write.first({ name: wide, order: 'tensorflow' });
}

/** A node of several tensors that are broadcast. */
export function together(write: GraphWriter, type: string, values: readonly Value[]): Value {
  const first = values.some(({ order }) => order === 'channels first');
  const tensors = values.map((value) => (first ? inFirst(write, value) : write.plain(value)));
  return { name: write.node(type, tensors), order: first ? 'channels first' : 'tensorflow' };
}

/** Tensors joined along an axis. */
export function concatenated(write: GraphWriter, values: readonly Value[], axis: number): Value {
  const [shape] = values.map((value) => shapeOf(write, value));
  const rank = shape?.length ?? 0;
  const first = rank === 4 && values.some(({ order }) => order === 'channels first');
  const order = first ? 'channels first' : 'tensorflow';
  const along = storedAxis({ name: '', order }, axis, rank);
  const tensors = values.map((value) => (first ? inFirst(write, value) : write.plain(value)));
  return { name: write.node('Concat', tensors, { axis: BigInt(along) }), order };
}

/** A constant number times or added to a tensor. */
export function withNumber(write: GraphWriter, type: 'Add' | 'Mul' | 'Div' | 'Pow', x: Value, number: number): Value {
  return mapped(write, type, x, {}, [write.scalar(number)]);
}

/** Values clipped to a range. */
export function clipped(write: GraphWriter, x: Value, least: number, most: number): Value {
  return mapped(write, 'Clip', x, {}, [write.scalar(least), write.scalar(most)]);
}

/** Softmax or its logarithm along an axis. */
export function softmaxed(write: GraphWriter, type: 'Softmax' | 'LogSoftmax', x: Value, axis = -1): Value {
  const rank = shapeOf(write, x).length;
  return mapped(write, type, x, { axis: BigInt(storedAxis(x, axis, rank)) });
}

/** x · Φ(x) with the error function (Hendrycks & Gimpel, 2016). */
function gelu(write: GraphWriter, x: Value): Value {
  const erf = mapped(write, 'Erf', withNumber(write, 'Div', x, Math.SQRT2));
  return withNumber(write, 'Mul', together(write, 'Mul', [x, withNumber(write, 'Add', erf, 1)]), 0.5);
}

/** The same by a hyperbolic tangent. */
function geluByTanh(write: GraphWriter, x: Value): Value {
  const cubed = withNumber(write, 'Mul', withNumber(write, 'Pow', x, 3), 0.044715);
  const inner = withNumber(write, 'Mul', together(write, 'Add', [x, cubed]), Math.sqrt(2 / Math.PI));
  const gate = withNumber(write, 'Add', mapped(write, 'Tanh', inner), 1);
  return withNumber(write, 'Mul', together(write, 'Mul', [x, gate]), 0.5);
}

type Activation = (write: GraphWriter, x: Value) => Value;

/** Activations by their names in Keras and in fused nodes, lower case without underscores. */
const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  linear: (write, x) => mapped(write, 'Identity', x),
  relu: (write, x) => mapped(write, 'Relu', x),
  relu6: (write, x) => clipped(write, x, 0, 6),
  elu: (write, x) => mapped(write, 'Elu', x),
  selu: (write, x) => mapped(write, 'Selu', x),
  sigmoid: (write, x) => mapped(write, 'Sigmoid', x),
  hardsigmoid: (write, x) => mapped(write, 'HardSigmoid', x, { alpha: 0.2, beta: 0.5 }),
  softplus: (write, x) => mapped(write, 'Softplus', x),
  softsign: (write, x) => mapped(write, 'Softsign', x),
  tanh: (write, x) => mapped(write, 'Tanh', x),
  softmax: (write, x) => softmaxed(write, 'Softmax', x),
  logsoftmax: (write, x) => softmaxed(write, 'LogSoftmax', x),
  swish: (write, x) => together(write, 'Mul', [x, mapped(write, 'Sigmoid', x)]),
  silu: (write, x) => together(write, 'Mul', [x, mapped(write, 'Sigmoid', x)]),
  mish: (write, x) => together(write, 'Mul', [x, mapped(write, 'Tanh', mapped(write, 'Softplus', x))]),
  gelu,
  gelunew: geluByTanh,
};

/**
 * An activation by its name.
 *
 * @throws InputError for one that isn't known
 */
export function activated(write: GraphWriter, x: Value, name: string): Value {
  const activation = ACTIVATIONS[name.toLowerCase().replaceAll('_', '')];
  if (activation === undefined) throw new InputError(`its activation "${name}" is not known`);
  return activation(write, x);
}

/** Reductions: in opset 17 only ReduceSum takes its axes as an input. */
const AXES_AS_INPUT = new Set(['ReduceSum']);

/** A reduction over axes of TensorFlow's order; none = all. */
export function reduced(write: GraphWriter, type: string, x: Value, axes: readonly number[], keep: boolean): Value {
  const rank = shapeOf(write, x).length;
  const over = (axes.length === 0 ? Array.from({ length: rank }, (_, i) => i) : axes).map((axis) =>
    axis < 0 ? axis + rank : axis,
  );
  // Where channels and one side are left, their order is TensorFlow's only in a tensor of that order.
  const left = [1, 2].filter((axis) => !over.includes(axis));
  const source: Value =
    x.order === 'channels first' && !keep && left.length > 0 && !over.includes(3)
      ? { name: write.plain(x), order: 'tensorflow' }
      : x;
  const stored = over.map((axis) => storedAxis(source, axis, rank));
  const attributes = { keepdims: keep ? 1n : 0n };
  const name = AXES_AS_INPUT.has(type)
    ? write.node(type, [write.stored(source), write.whole(stored)], attributes)
    : write.node(type, [write.stored(source)], { axes: stored.map(BigInt), ...attributes });
  return { name, order: keep ? source.order : 'tensorflow' };
}

/** Batch normalisation with the statistics of training, over the last axis. */
export function batchNormalised(
  write: GraphWriter,
  x: Value,
  parameters: readonly [scale: Value, offset: Value, mean: Value, variance: Value],
  epsilon: number,
): Value {
  const rank = shapeOf(write, x).length;
  if (rank !== 4 && rank !== 2) throw new InputError(`it normalises a tensor of ${rank} axes`);
  const from = rank === 4 ? write.first(x) : write.plain(x);
  const name = write.node('BatchNormalization', [from, ...parameters.map((value) => write.plain(value))], { epsilon });
  return { name, order: rank === 4 ? 'channels first' : 'tensorflow' };
}

/** A matrix product of the last axis with a matrix [in, out], and a bias. */
export function dense(
  write: GraphWriter,
  x: Value,
  kernel: Value,
  bias: Value | null,
  {
    transposeX = false,
    transposeKernel = false,
  }: { readonly transposeX?: boolean; readonly transposeKernel?: boolean } = {},
): Value {
  const [left, right] = [shapeOf(write, x), shapeOf(write, kernel)];
  if (left.length === 2 && right.length === 2) {
    const tensors = [write.plain(x), write.plain(kernel), ...(bias === null ? [] : [write.plain(bias)])];
    const attributes = { ...(transposeX ? { transA: 1n } : {}), ...(transposeKernel ? { transB: 1n } : {}) };
    return { name: write.node('Gemm', tensors, attributes), order: 'tensorflow' };
  }
  const swapped = (value: Value, rank: number, really: boolean): string => {
    if (!really) return write.plain(value);
    const axes = Array.from({ length: rank }, (_, axis) => axis);
    const order = [...axes.slice(0, -2), rank - 1, rank - 2];
    return write.node('Transpose', [write.plain(value)], { perm: order.map(BigInt) });
  };
  const product: Value = {
    name: write.node('MatMul', [swapped(x, left.length, transposeX), swapped(kernel, right.length, transposeKernel)]),
    order: 'tensorflow',
  };
  return bias === null ? product : together(write, 'Add', [product, bias]);
}

/** The same elements in other sides, in TensorFlow's order. */
export function reshaped(write: GraphWriter, x: Value, sides: string): Value {
  return { name: write.node('Reshape', [write.plain(x), sides]), order: 'tensorflow' };
}
