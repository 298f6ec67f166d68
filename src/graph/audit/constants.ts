// Small tensors with known values: shapes, axes, pads, and what is computed from them (onnx.proto: TensorProto).
import { TensorProto_DataLocation, TensorProto_DataType as DataType } from '../onnx_pb.js';
import type { TensorProto } from '../onnx_pb.js';

/** A tensor whose values are known without running anything; whole numbers up to 2^53 exactly. */
export type Constant = { readonly dims: readonly number[]; readonly values: readonly number[] };

/** Larger tensors are weights, whose values no shape depends on. */
const MOST = 4096;

export function product(sides: readonly number[]): number {
  return sides.reduce((all, side) => all * side, 1);
}

export function scalar(value: number): Constant {
  return { dims: [], values: [value] };
}

export function vector(values: readonly number[]): Constant {
  return { dims: [values.length], values };
}

/** Bytes of an element and how to read it, for the types that shapes, axes, pads and scales come in. */
const READERS: Readonly<Record<number, readonly [number, (view: DataView, at: number) => number]>> = {
  [DataType.FLOAT]: [4, (view, at) => view.getFloat32(at, true)],
  [DataType.DOUBLE]: [8, (view, at) => view.getFloat64(at, true)],
  [DataType.INT64]: [8, (view, at) => Number(view.getBigInt64(at, true))],
  [DataType.INT32]: [4, (view, at) => view.getInt32(at, true)],
  [DataType.INT8]: [1, (view, at) => view.getInt8(at)],
  [DataType.UINT8]: [1, (view, at) => view.getUint8(at)],
  [DataType.BOOL]: [1, (view, at) => view.getUint8(at)],
};

function valuesOf(tensor: TensorProto, count: number): readonly number[] | null {
  const { rawData, dataType } = tensor;
  const [bytes, read] = READERS[dataType] ?? [];
  if (bytes === undefined || read === undefined) return null;
  if (rawData.length > 0) {
    if (rawData.length < count * bytes) return null;
    const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
    return Array.from({ length: count }, (_, i) => read(view, i * bytes));
  }
  const typed = [tensor.int64Data.map(Number), tensor.int32Data, tensor.floatData, tensor.doubleData];
  return typed.find((values) => values.length === count) ?? null;
}

/** A tensor's values where it is small and its values lie in the model's file; else null. */
export function constantOf(tensor: TensorProto): Constant | null {
  const dims = tensor.dims.map(Number);
  const count = product(dims);
  if (count > MOST || tensor.dataLocation === TensorProto_DataLocation.EXTERNAL) return null;
  const values = valuesOf(tensor, count);
  return values && { dims, values };
}

/** Steps from one element to the next along each axis, row-major. */
export function strides(dims: readonly number[]): number[] {
  const steps = new Array<number>(dims.length).fill(1);
  for (let axis = dims.length - 2; axis >= 0; axis--) steps[axis] = (steps[axis + 1] ?? 1) * (dims[axis + 1] ?? 1);
  return steps;
}

/** A constant of the given sides whose elements are taken from another one, by a function of the position. */
export function gathered(
  source: Constant,
  dims: readonly number[],
  position: (at: readonly number[]) => readonly number[],
): Constant {
  const from = strides(source.dims);
  const to = strides(dims);
  const values = Array.from({ length: product(dims) }, (_, i) => {
    const at = dims.map((side, axis) => Math.floor(i / (to[axis] ?? 1)) % side);
    const index = position(at).reduce((sum, along, axis) => sum + along * (from[axis] ?? 1), 0);
    return source.values[index] ?? 0;
  });
  return { dims, values };
}

/** The shape that NumPy's broadcasting gives; null where the shapes don't fit. */
export function broadcast(shapes: readonly (readonly number[])[]): number[] | null {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const sides = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1).filter((side) => side !== 1);
    const side = sides[0] ?? 1;
    if (sides.some((other) => other !== side)) return null;
    result.push(side);
  }
  return result;
}
