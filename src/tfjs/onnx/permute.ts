// Reorders a weight's values: TensorFlow keeps kernels as [rows, columns, in, out], ONNX as [out, in, rows, columns].
import { product } from '../../graph/audit/constants.js';

/** Numbers that a weight is made of. */
export type Numbers = Float32Array | Int32Array | Uint8Array;

/**
 * The same values with axes in another order.
 *
 * @param order for each new axis the old one
 */
export function permuted<T extends Numbers>(values: T, shape: readonly number[], order: readonly number[]): T {
  const dims = order.map((axis) => shape[axis] ?? 1);
  const steps = shape.map((_, axis) => product(shape.slice(axis + 1)));
  const along = order.map((axis) => steps[axis] ?? 1);
  const result = values.slice() as T;
  const at = dims.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = values[from] as number;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      at[axis] = (at[axis] ?? 0) + 1;
      from += along[axis] ?? 0;
      if ((at[axis] ?? 0) < (dims[axis] ?? 1)) break;
      from -= (dims[axis] ?? 1) * (along[axis] ?? 0);
      at[axis] = 0;
    }
  }
  return result;
}
