// Constant folding: chains that compute shapes, axes and pads (Shape, Gather, Concat, ConstantOfShape, …) to numbers.
import { broadcast, gathered, product, scalar, vector } from './constants.js';
import type { Constant } from './constants.js';
import { constantOf } from './constants.js';
import { axesOf, fromFront } from './facts.js';
import type { NodeView } from './facts.js';
import { sliceArguments, sliceBounds } from './operators/cutting.js';
import { INT32, INT64 } from './element-types.js';

/** Computes a node's constant outputs from constant inputs; null where it can't. */
type Fold = (view: NodeView, inputs: readonly Constant[]) => readonly Constant[] | null;

function binary(compute: (a: number, b: number) => number): Fold {
  return (_, inputs) => {
    const dims = broadcast(inputs.map((input) => input.dims));
    if (!dims) return null;
    const spread = inputs.map((input) => spreadTo(input, dims));
    const [first, ...more] = spread;
    if (!first) return null;
    const values = first.values.map((value, i) =>
      more.reduce((all, { values: next }) => compute(all, next[i] ?? 0), value),
    );
    return [{ dims, values }];
  };
}

function spreadTo(input: Constant, dims: readonly number[]): Constant {
  const shift = dims.length - input.dims.length;
  return gathered(input, dims, (at) => input.dims.map((side, axis) => (side === 1 ? 0 : (at[axis + shift] ?? 0))));
}

function unary(compute: (value: number) => number): Fold {
  return (_, [input]) => (input ? [{ dims: input.dims, values: input.values.map(compute) }] : null);
}

/** The same values in the shape that the rule found. */
function reshapedBy(dimsOf: (view: NodeView, input: Constant) => readonly number[] | null): Fold {
  return (view, [input]) => {
    const dims = input && dimsOf(view, input);
    return input && dims && product(dims) === input.values.length ? [{ dims, values: input.values }] : null;
  };
}

const isWhole = (type: number): boolean => type === INT64 || type === INT32;

const divide: Fold = (view, inputs) =>
  binary((a, b) => (isWhole(view.inputs[0]?.type ?? 0) ? Math.trunc(a / b) : a / b))(view, inputs);

const cast: Fold = (view, [input]) => {
  const whole = isWhole(view.attributes.int('to', 0));
  return input ? [{ dims: input.dims, values: whole ? input.values.map(Math.trunc) : input.values }] : null;
};

const gather: Fold = (view, [data, indices]) => {
  if (!data || !indices) return null;
  const axis = fromFront(view.attributes.int('axis', 0), data.dims.length);
  const dims = [...data.dims.slice(0, axis), ...indices.dims, ...data.dims.slice(axis + 1)];
  const side = data.dims[axis] ?? 1;
  const rank = indices.dims.length;
  const picked = (at: readonly number[]): number => {
    let flat = 0;
    for (let i = 0; i < rank; i++) flat = flat * (indices.dims[i] ?? 1) + (at[axis + i] ?? 0);
    return fromFront(indices.values[flat] ?? 0, side);
  };
  return [gathered(data, dims, (at) => [...at.slice(0, axis), picked(at), ...at.slice(axis + rank)])];
};

const slice: Fold = (view, [data]) => {
  const asked = data && sliceArguments(view, data.dims.length);
  if (!data || !asked) return null;
  const starts = data.dims.map(() => 0);
  const steps = data.dims.map(() => 1);
  const dims = [...data.dims];
  for (const [i, axis] of asked.axes.entries()) {
    const [side, step] = [data.dims[axis] ?? 1, asked.steps[i] ?? 1];
    const { start, count } = sliceBounds(side, asked.starts[i] ?? 0, asked.ends[i] ?? side, step);
    [starts[axis], steps[axis], dims[axis]] = [start, step, count];
  }
  return [gathered(data, dims, (at) => at.map((index, axis) => (starts[axis] ?? 0) + index * (steps[axis] ?? 1)))];
};

const concat: Fold = (view, inputs) => {
  const [first] = inputs;
  if (!first) return null;
  const axis = fromFront(view.attributes.int('axis', 0), first.dims.length);
  const length = inputs.reduce((sum, { dims }) => sum + (dims[axis] ?? 0), 0);
  const inner = (dims: readonly number[]): number => product(dims.slice(axis));
  const outer = product(first.dims.slice(0, axis));
  const values = Array.from({ length: outer }, (_, row) =>
    inputs.flatMap((input) => input.values.slice(row * inner(input.dims), (row + 1) * inner(input.dims))),
  ).flat();
  return [{ dims: first.dims.map((side, i) => (i === axis ? length : side)), values }];
};

const constantOfShape: Fold = (view, [dims]) => {
  const content = view.attributes.tensor('value');
  const [value = 0] = content ? (constantOf(content)?.values ?? []) : [];
  return dims ? [{ dims: dims.values, values: new Array<number>(product(dims.values)).fill(value) }] : null;
};

const transpose: Fold = (view, [data]) => {
  if (!data) return null;
  const order = view.attributes.ints('perm') ?? data.dims.map((_, i) => data.dims.length - 1 - i);
  const dims = order.map((axis) => data.dims[axis] ?? 1);
  return [gathered(data, dims, (at) => data.dims.map((_, axis) => at[order.indexOf(axis)] ?? 0))];
};

const where: Fold = (_, [condition, yes, no]) => {
  if (!condition || !yes || !no) return null;
  const dims = broadcast([condition.dims, yes.dims, no.dims]);
  if (!dims) return null;
  const [asked, a, b] = [condition, yes, no].map((input) => spreadTo(input, dims).values) as [
    number[],
    number[],
    number[],
  ];
  return [{ dims, values: asked.map((holds, i) => (holds ? (a[i] ?? 0) : (b[i] ?? 0))) }];
};

const expand: Fold = (_, [data, shape]) => {
  const dims = data && shape ? broadcast([data.dims, shape.values]) : null;
  return data && dims ? [spreadTo(data, dims)] : null;
};

const range: Fold = (_, [start, end, step]) => {
  const [from, to, by] = [start, end, step].map((input) => input?.values[0]);
  if (from === undefined || to === undefined || !by) return null;
  return [vector(Array.from({ length: Math.max(0, Math.ceil((to - from) / by)) }, (_, i) => from + i * by))];
};

/** Reductions over the single axis of a vector, or over everything. */
function reduction(compute: (values: readonly number[]) => number): Fold {
  return (view, [data]) => {
    const axes = data && axesOf(view, 1, data.dims.length);
    if (!data || (axes && axes.length !== data.dims.length)) return null;
    const keep = view.attributes.int('keepdims', 1) === 1;
    const value = compute(data.values);
    return [keep ? { dims: data.dims.map(() => 1), values: [value] } : scalar(value)];
  };
}

const constant: Fold = (view) => {
  const { attributes } = view;
  const tensor = attributes.tensor('value');
  const known = tensor && constantOf(tensor);
  if (known) return [known];
  if (attributes.has('value_int')) return [scalar(attributes.int('value_int', 0))];
  if (attributes.has('value_float')) return [scalar(attributes.float('value_float', 0))];
  const list = attributes.has('value_ints') ? attributes.ints('value_ints') : attributes.floats('value_floats');
  return list && attributes.has(attributes.has('value_ints') ? 'value_ints' : 'value_floats') ? [vector(list)] : null;
};

/** Folds that need no constant input, only shapes. */
const fromShapes: Readonly<Record<string, Fold>> = {
  Constant: constant,
  Shape: (view) => {
    const shape = view.inputs[0]?.shape;
    if (!shape) return null;
    const start = view.attributes.int('start', 0);
    return [vector(shape.slice(start, view.attributes.int('end', shape.length)))];
  },
  Size: (view) => {
    const shape = view.inputs[0]?.shape;
    return shape ? [scalar(product(shape))] : null;
  },
};

const fromConstants: Readonly<Record<string, Fold>> = {
  Identity: unary((value) => value),
  Cast: cast,
  Gather: gather,
  Slice: slice,
  Concat: concat,
  ConstantOfShape: constantOfShape,
  Transpose: transpose,
  Where: where,
  Expand: expand,
  Range: range,
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: divide,
  Mod: binary((a, b) => a - b * Math.floor(a / b)),
  Min: binary(Math.min),
  Max: binary(Math.max),
  Equal: binary((a, b) => Number(a === b)),
  Less: binary((a, b) => Number(a < b)),
  Greater: binary((a, b) => Number(a > b)),
  Neg: unary((value) => -value),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  Sqrt: unary(Math.sqrt),
  ReduceProd: reduction(product),
  ReduceSum: reduction((values) => values.reduce((sum, value) => sum + value, 0)),
  ReduceMax: reduction((values) => Math.max(...values)),
  ReduceMin: reduction((values) => Math.min(...values)),
};

/** Operators whose values stay as they are while the shape changes: the rule's shape is used. */
const RESHAPING = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Flatten']);

/**
 * A node's constant outputs, or null.
 *
 * @param shape the first output's sides, where its rule told them
 */
export function folded(view: NodeView, shape: readonly number[] | null): readonly Constant[] | null {
  const { opType } = view.node;
  const known = fromShapes[opType];
  if (known) return known(view, []);
  const inputs = view.inputs.map((input) => input?.constant ?? null);
  const present = inputs.filter((input, i) => view.inputs[i] !== null && input !== null) as Constant[];
  if (present.length === 0 || present.length !== view.inputs.filter((input) => input !== null).length) return null;
  if (RESHAPING.has(opType)) return reshapedBy(() => shape)(view, present);
  return fromConstants[opType]?.(view, present) ?? null;
}
