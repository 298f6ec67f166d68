// Equivariance error of a layer under cyclic shifts: ‖f(shift x) − shift f(x)‖ / ‖f(x)‖, on whole maps.
// Fractional shifts of maps are band-limited (Fourier phase), as in Michaeli et al., CVPR 2023.
import { shiftKernel } from '../../core/fourier.js';
import type { LayerMaps } from '../../core/layers.js';

/** Maps shifted cyclically by `y` rows down and `x` columns to the right; whole steps are exact copies. */
export function shiftedMaps(maps: LayerMaps, y: number, x: number): LayerMaps {
  const { channels, rows, columns } = maps;
  const right = shiftedLines(maps.data, channels * rows, columns, x);
  if (isWhole(y, rows)) return { ...maps, data: right };
  const down = shiftedLines(transposed(right, channels, rows, columns), channels * columns, rows, y);
  return { ...maps, data: transposed(down, channels, columns, rows) };
}

/** Whether a shift by `by` elements leaves a line of `length` as it is. */
function isWhole(by: number, length: number): boolean {
  return by % length === 0;
}

/** Every plane `[rows, columns]` as `[columns, rows]`. */
function transposed(data: Float32Array, planes: number, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let plane = 0, start = 0; plane < planes; plane++, start += rows * columns) {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) result[start + c * rows + r] = data[start + r * columns + c] as number;
    }
  }
  return result;
}

/** Consecutive lines of `length` elements, each shifted cyclically by `by` elements towards its end. */
function shiftedLines(data: Float32Array, lines: number, length: number, by: number): Float32Array {
  if (isWhole(by, length)) return data;
  const result = new Float32Array(data.length);
  const nearest = Math.round(by);
  if (Math.abs(by - nearest) < 1e-9) {
    const offset = ((nearest % length) + length) % length;
    for (let base = 0; base < lines * length; base += length) {
      result.set(data.subarray(base + length - offset, base + length), base);
      result.set(data.subarray(base, base + length - offset), base + offset);
    }
    return result;
  }
  // Twice the reversed kernel, so that the weights of element i lie in a row from length − i on.
  const kernel = shiftKernel(length, by);
  const weights = Float64Array.from({ length: 2 * length }, (_, m) => kernel[(2 * length - m) % length] as number);
  for (let base = 0; base < lines * length; base += length) {
    for (let i = 0; i < length; i++) {
      const from = length - i;
      let sum = 0;
      for (let j = 0; j < length; j++) sum += (weights[from + j] as number) * (data[base + j] as number);
      result[base + i] = sum;
    }
  }
  return result;
}

/** ‖a − b‖ / ‖reference‖; null where the reference is 0 or anything isn't finite. */
export function relativeDistance(a: Float32Array, b: Float32Array, reference: Float32Array): number | null {
  let distance = 0;
  let length = 0;
  for (let i = 0; i < reference.length; i++) {
    distance += ((a[i] as number) - (b[i] as number)) ** 2;
    length += (reference[i] as number) ** 2;
  }
  const value = Math.sqrt(distance / length);
  return Number.isFinite(value) ? value : null;
}
