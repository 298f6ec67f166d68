// Values of a convolution's weights, from the model's file or from the file of weights beside it (onnx.proto: TensorProto).
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fromFloat16 } from '../../core/float16.js';
import { product } from '../audit/constants.js';
import { TensorProto_DataLocation, TensorProto_DataType as DataType } from '../onnx_pb.js';
import type { TensorProto } from '../onnx_pb.js';

/** A tensor's bytes, wherever they lie; null where it has none. */
function bytesOf(tensor: TensorProto, modelPath: string): Uint8Array | null {
  if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL)
    return tensor.rawData.length > 0 ? tensor.rawData : null;
  const entry = (key: string): string => tensor.externalData.find((pair) => pair.key === key)?.value ?? '';
  const bytes = readFileSync(path.join(path.dirname(modelPath), entry('location')));
  const start = Number(entry('offset') || 0);
  return bytes.subarray(start, entry('length') === '' ? bytes.length : start + Number(entry('length')));
}

/** Bytes of an element and how to read it. */
const READERS: Readonly<Record<number, readonly [number, (view: DataView, at: number) => number]>> = {
  [DataType.FLOAT]: [4, (view, at) => view.getFloat32(at, true)],
  [DataType.DOUBLE]: [8, (view, at) => view.getFloat64(at, true)],
  [DataType.FLOAT16]: [2, (view, at) => fromFloat16(view.getUint16(at, true))],
};

/**
 * A weight's values as numbers; null for types that aren't decimals.
 *
 * @param modelPath the model's file: external weights lie in its folder
 */
export function weightValues(tensor: TensorProto, modelPath: string): Float64Array | null {
  const count = product(tensor.dims.map(Number));
  const [size, read] = READERS[tensor.dataType] ?? [];
  if (size === undefined || read === undefined) return null;
  const bytes = bytesOf(tensor, modelPath);
  if (bytes === null) {
    const { floatData, doubleData, int32Data } = tensor;
    const half: number = DataType.FLOAT16;
    const values = tensor.dataType === half ? int32Data.map(fromFloat16) : [...floatData, ...doubleData];
    return values.length === count ? Float64Array.from(values) : null;
  }
  if (bytes.length < count * size) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: count }, (_, i) => read(view, i * size));
}
