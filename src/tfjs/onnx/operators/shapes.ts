// TensorFlow's operators that move elements, and those that compute shapes.
import { InputError } from '../../../core/errors.js';
import { TensorProto_DataType as DataType } from '../../../graph/onnx_pb.js';
import { concatenated, mapped, reshaped, shapeOf, storedAxis } from '../elementwise.js';
import type { Operation, Translation } from '../operation.js';
import type { GraphWriter, Value } from '../writer.js';

/** Where the axes of TensorFlow's order are stored, and the other way round, of four axes with channels first. */
const STORED = [0, 3, 1, 2];
const TENSORFLOW = [0, 2, 3, 1];

/** Beyond every side. */
const END = 2 ** 31 - 1;

const TYPES: Readonly<Record<string, DataType>> = {
  DT_BOOL: DataType.BOOL,
  DT_FLOAT: DataType.FLOAT,
  DT_INT32: DataType.INT64,
  DT_INT64: DataType.INT64,
};

const plain = (name: string): Value => ({ name, order: 'tensorflow' });

const shape: Translation = (write, { input }) => {
  const x = input(0);
  const sides = write.node('Shape', [write.stored(x)]);
  return plain(x.order === 'tensorflow' ? sides : write.node('Gather', [sides, write.whole(TENSORFLOW)], { axis: 0n }));
};

const cast: Translation = (write, operation) => {
  const name = operation.type('DstT');
  const to = TYPES[name];
  if (to === undefined) throw new InputError(`it makes elements of type ${name || 'unknown'}`);
  return mapped(write, 'Cast', operation.input(0), { to: BigInt(to) });
};

const expandDims: Translation = (write, operation) => {
  const x = operation.input(0);
  const [axis = 0] = operation.known(1, 'axis');
  const positive = axis < 0 ? axis + shapeOf(write, x).length + 1 : axis;
  return plain(write.node('Unsqueeze', [write.plain(x), write.whole([positive])]));
};

const squeeze: Translation = (write, operation) => {
  const x = operation.input(0);
  const sides = shapeOf(write, x);
  const asked = operation.numbers('squeeze_dims').map((axis) => (axis < 0 ? axis + sides.length : axis));
  const axes = asked.length > 0 ? asked : sides.flatMap((side, axis) => (side === 1 ? [axis] : []));
  return plain(write.node('Squeeze', [write.plain(x), write.whole(axes)]));
};

/** Axes of a tensor stored with channels first are told by where they lie, so that only one node turns them. */
const transpose: Translation = (write, operation) => {
  const x = operation.input(0);
  const order = operation.known(1, 'axes');
  const stored = x.order === 'tensorflow' ? order : order.map((axis) => STORED.indexOf(axis));
  return plain(write.node('Transpose', [write.stored(x)], { perm: stored.map(BigInt) }));
};

/** One axis's part of a slice. */
type Cut = { readonly axis: number; readonly start: number; readonly end: number; readonly step: number };

function cutOut(write: GraphWriter, x: Value, cuts: readonly Cut[], gone: readonly number[]): Value {
  const rank = shapeOf(write, x).length;
  const source: Value = gone.length > 0 ? plain(write.plain(x)) : x;
  const of = (member: (cut: Cut) => number): string => write.whole(cuts.map(member));
  const cut =
    cuts.length === 0
      ? write.stored(source)
      : write.node('Slice', [
          write.stored(source),
          of(({ start }) => start),
          of(({ end }) => end),
          of(({ axis }) => storedAxis(source, axis, rank)),
          of(({ step }) => step),
        ]);
  if (gone.length === 0) return cuts.length === 0 ? x : { name: cut, order: source.order };
  return plain(write.node('Squeeze', [cut, write.whole(gone)]));
}

/** Bits of a mask, one an index. */
const set = (mask: number, i: number): boolean => ((mask >> i) & 1) === 1;

/** x[begin:end:stride, …] with NumPy's rules (tf.strided_slice). */
const stridedSlice: Translation = (write, operation) => {
  const x = operation.input(0);
  const rank = shapeOf(write, x).length;
  const [begin, end, strides] = [
    operation.known(1, 'bounds'),
    operation.known(2, 'bounds'),
    operation.known(3, 'strides'),
  ];
  const mask = (name: string): number => operation.number(name, 0);
  if (mask('new_axis_mask') !== 0) throw new InputError('it adds an axis while it slices');
  const ellipsis = begin.findIndex((_, i) => set(mask('ellipsis_mask'), i));
  const cuts: Cut[] = [];
  const gone: number[] = [];
  for (let i = 0; i < begin.length; i++) {
    if (i === ellipsis) continue;
    const axis = ellipsis >= 0 && i > ellipsis ? rank - begin.length + i : i;
    const [from = 0, to = 0, step = 1] = [begin[i], end[i], strides[i]];
    if (set(mask('shrink_axis_mask'), i)) {
      cuts.push({ axis, start: from, end: from === -1 ? END : from + 1, step: 1 });
      gone.push(axis);
      continue;
    }
    const start = set(mask('begin_mask'), i) ? (step > 0 ? 0 : END) : from;
    const stop = set(mask('end_mask'), i) ? (step > 0 ? END : -END) : to;
    if (start !== 0 || stop !== END || step !== 1) cuts.push({ axis, start, end: stop, step });
  }
  const result = cutOut(write, x, cuts, gone);
  return result === x ? mapped(write, 'Identity', x) : result;
};

const slice: Translation = (write, operation) => {
  const x = operation.input(0);
  const sizes = operation.known(2, 'sides');
  const cuts = operation
    .known(1, 'corner')
    .map((start, axis): Cut => ({ axis, start, end: sizes[axis] === -1 ? END : start + (sizes[axis] ?? 0), step: 1 }));
  return cutOut(write, x, cuts, []);
};

const concat: Translation = (write, operation) => {
  const [axis = 0] = operation.known(-1, 'axis');
  return concatenated(write, operation.inputs.slice(0, -1), axis);
};

const pack: Translation = (write, operation) => {
  const axis = operation.number('axis', 0);
  const rank = shapeOf(write, operation.input(0)).length + 1;
  const positive = axis < 0 ? axis + rank : axis;
  const wide = operation.inputs.map((value) =>
    plain(write.node('Unsqueeze', [write.plain(value), write.whole([positive])])),
  );
  return concatenated(write, wide, positive);
};

const unpack: Translation = (write, operation) => {
  const x = operation.input(0);
  const rank = shapeOf(write, x).length;
  const axis = operation.number('axis', 0);
  const positive = axis < 0 ? axis + rank : axis;
  const count = operation.number('num', shapeOf(write, x)[positive] ?? 1);
  const parts = write.nodes('Split', [write.plain(x)], { axis: BigInt(positive) }, count);
  return parts.map((part) => plain(write.node('Squeeze', [part, write.whole([positive])])));
};

function split(write: GraphWriter, x: Value, axis: number, lengths: readonly number[]): Value[] {
  const along = storedAxis(x, axis, shapeOf(write, x).length);
  const parts = write.nodes('Split', [write.stored(x), write.whole(lengths)], { axis: BigInt(along) }, lengths.length);
  return parts.map((name) => ({ name, order: x.order }));
}

const evenSplit: Translation = (write, operation) => {
  const x = operation.input(1);
  const [axis = 0] = operation.known(0, 'axis');
  const count = operation.number('num_split', 1);
  const length = (shapeOf(write, x).at(axis) ?? count) / count;
  return split(write, x, axis, Array<number>(count).fill(length));
};

const unevenSplit: Translation = (write, operation) => {
  const [axis = 0] = operation.known(2, 'axis');
  return split(write, operation.input(0), axis, operation.known(1, 'lengths'));
};

const gather: Translation = (write, operation) => {
  const x = operation.input(0);
  const [axis = 0] = operation.inputs.length > 2 ? operation.known(2, 'axis') : [0];
  if (operation.number('batch_dims', 0) !== 0) throw new InputError('it picks other elements in every batch');
  const tensors = [write.plain(x), write.plain(operation.input(1))];
  return plain(write.node('Gather', tensors, { axis: BigInt(axis) }));
};

const fill: Translation = (write, { input }) =>
  plain(write.node('Expand', [write.plain(input(1)), write.plain(input(0))]));

const tile: Translation = (write, { input }) =>
  plain(write.node('Tile', [write.plain(input(0)), write.plain(input(1))]));

const broadcastTo: Translation = (write, { input }) =>
  plain(write.node('Expand', [write.plain(input(0)), write.plain(input(1))]));

const range: Translation = (write, { inputs }) =>
  plain(
    write.node(
      'Range',
      inputs.slice(0, 3).map((value) => write.plain(value)),
    ),
  );

const identity: Translation = (write, { input }) => mapped(write, 'Identity', input(0));

const einsum: Translation = (write, operation: Operation) =>
  plain(
    write.node(
      'Einsum',
      operation.inputs.map((value) => write.plain(value)),
      { equation: operation.text('equation', '') },
    ),
  );

export const shapes: Readonly<Record<string, Translation>> = {
  BroadcastTo: broadcastTo,
  Cast: cast,
  ConcatV2: concat,
  Einsum: einsum,
  ExpandDims: expandDims,
  Fill: fill,
  Gather: gather,
  GatherV2: gather,
  Identity: identity,
  Pack: pack,
  PlaceholderWithDefault: identity,
  PreventGradient: identity,
  Range: range,
  Rank: (write, { input }) => plain(write.constant([], Int32Array.of(shapeOf(write, input(0)).length))),
  Reshape: (write, { input }) => reshaped(write, input(0), write.plain(input(1))),
  Shape: shape,
  Size: (write, { input }) => plain(write.node('Size', [write.stored(input(0))])),
  Slice: slice,
  Snapshot: identity,
  Split: evenSplit,
  SplitV: unevenSplit,
  Squeeze: squeeze,
  StopGradient: identity,
  StridedSlice: stridedSlice,
  Tile: tile,
  Transpose: transpose,
  Unpack: unpack,
};
