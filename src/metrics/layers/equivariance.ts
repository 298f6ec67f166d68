// Equivariance error of a layer under cyclic shifts: ‖f(shift x) − shift f(x)‖ / ‖f(x)‖, on whole maps.
// Fractional shifts of maps are band-limited (Fourier phase), as in Michaeli et al., CVPR 2023.

import type { LayerMaps } from '../../core/layers.js';

/**
 * Weights of a band-limited cyclic shift to the right by `by` elements on a grid of `length`: the shifted signal is
 * Σ_j weight[(i − j) mod length] · signal[j]. The Nyquist component of even lengths keeps its real part.
 */
export function shiftKernel(length: number, by: number): Float64Array {
  const even = length % 2 === 0;
  const last = even ? length / 2 - 1 : (length - 1) / 2;
  return Float64Array.from({ length }, (_, i) => {
    let sum = 1;
    for (let k = 1; k <= last; k++) sum += 2 * Math.cos((2 * Math.PI * k * (i - by)) / length);
    if (even) sum += Math.cos(Math.PI * i) * Math.cos(Math.PI * by);
    return sum / length;
  });
}

/** Maps shifted cyclically by `y` rows down and `x` columns to the right; whole steps are exact copies. */
export function shiftedMaps(maps: LayerMaps, y: number, x: number): LayerMaps {
  const { channels, rows, columns } = maps;
  const right = along(maps.data, channels * rows, columns, 1, columns, x);
  const data = along(right, channels, rows, columns, rows * columns, y, columns);
  return { ...maps, data };
}

/**
 * Shifts every line of an array: lines of `length` elements `step` apart, `lines` of them `stride` apart, each with
 * `width` neighbours that go the same way.
 */
function along(
  data: Float32Array,
  lines: number,
  length: number,
  step: number,
  stride: number,
  by: number,
  width = 1,
): Float32Array {
  const whole = Math.abs(by - Math.round(by)) < 1e-9;
  const offset = ((Math.round(by) % length) + length) % length;
  if (whole && offset === 0) return data;
  const result = new Float32Array(data.length);
  const kernel = whole ? null : shiftKernel(length, by);
  const sums = new Float64Array(width);
  for (let line = 0; line < lines; line++) {
    const base = line * stride;
    for (let i = 0; i < length; i++) {
      const to = base + i * step;
      if (kernel === null) {
        const from = base + ((i - offset + length) % length) * step;
        for (let w = 0; w < width; w++) result[to + w] = data[from + w] as number;
        continue;
      }
      sums.fill(0);
      for (let j = 0; j < length; j++) {
        const weight = kernel[(i - j + length) % length] as number;
        const from = base + j * step;
        for (let w = 0; w < width; w++) sums[w] = (sums[w] as number) + weight * (data[from + w] as number);
      }
      for (let w = 0; w < width; w++) result[to + w] = sums[w] as number;
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
