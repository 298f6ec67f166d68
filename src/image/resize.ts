// Resizing, bit for bit as Pillow up to 12 does it (Image.resize): horizontal pass, then vertical, rounded to 8 bits in
// between, weights in fixed point; a side that keeps its length is not filtered. (Pillow 13 runs the vertical pass first
// where the height shrinks much more than the width, which no resize that keeps the aspect does.)
import type { KernelName } from '../core/model.js';
import type { Raster } from '../core/picture.js';
import { cropped } from './canvas.js';
import { coefficients, fixedPoint, nearestIndices, PRECISION, type Coefficients } from './kernels.js';
import type { Window } from './raster.js';

type Pixels = Uint8Array | Float32Array;

const HALF = 1 << (PRECISION - 1);

/**
 * The raster at `width` × `height`; itself where it has that size already. Rasters of 8 bits give 8 bits, rounded half
 * up and clipped to 0…255; rasters of floats give floats, neither rounded nor clipped.
 *
 * @param window the only part of the result that is wanted, inside `width` × `height`; the whole where omitted
 */
export function resizeRaster(
  raster: Raster,
  width: number,
  height: number,
  kernel: KernelName,
  window?: Window,
): Raster {
  const part = window ?? { x: 0, y: 0, width, height };
  if (kernel === 'nearest') return sampled(raster, width, height, part);
  const across = width === raster.width ? null : coefficients(kernel, raster.width, width, part.x, part.width);
  const down = height === raster.height ? null : coefficients(kernel, raster.height, height, part.y, part.height);
  const top = down ? (down.first[0] ?? 0) : part.y;
  const bottom = down ? (down.first[part.height - 1] ?? 0) + (down.used[part.height - 1] ?? 0) : part.y + part.height;
  const wide = across
    ? horizontal(raster, across, top, bottom)
    : cropped(raster, { ...part, y: top, height: bottom - top });
  return down ? vertical(wide, down, top) : wide;
}

function horizontal(raster: Raster, across: Coefficients, top: number, bottom: number): Raster {
  const height = bottom - top;
  const rows = raster.data.subarray(top * raster.width * 3, bottom * raster.width * 3);
  const data = empty(rows, across.count * height * 3);
  if (isBytes(rows) && isBytes(data)) acrossRows(rows, raster.width * 3, data, across, fixedPoint(across), weighBytes);
  else acrossRows(rows, raster.width * 3, data, across, across.weights, weighFloats);
  return { width: across.count, height, data };
}

/** Rows of `raster` begin with row `top` of the picture. */
function vertical(raster: Raster, down: Coefficients, top: number): Raster {
  const data = empty(raster.data, raster.width * down.count * 3);
  if (isBytes(raster.data) && isBytes(data))
    downRows(raster.data, raster.width * 3, data, down, fixedPoint(down), top, weighBytes);
  else downRows(raster.data, raster.width * 3, data, down, down.weights, top, weighFloats);
  return { width: raster.width, height: down.count, data };
}

/** Writes one pixel at `to`: the sum of weights `start` … `end − 1` times pixels from `from` on, `step` values apart. */
type Weigh<P extends Pixels, W> = (
  source: P,
  from: number,
  step: number,
  weights: W,
  start: number,
  end: number,
  target: P,
  to: number,
) => void;

function acrossRows<P extends Pixels, W>(
  source: P,
  stride: number,
  target: P,
  { count, taps, first, used }: Coefficients,
  weights: W,
  weigh: Weigh<P, W>,
): void {
  for (let row = 0, to = 0; row < source.length; row += stride) {
    for (let i = 0; i < count; i++, to += 3) {
      weigh(source, row + (first[i] as number) * 3, 3, weights, i * taps, i * taps + (used[i] as number), target, to);
    }
  }
}

function downRows<P extends Pixels, W>(
  source: P,
  stride: number,
  target: P,
  { count, taps, first, used }: Coefficients,
  weights: W,
  top: number,
  weigh: Weigh<P, W>,
): void {
  for (let i = 0, to = 0; i < count; i++) {
    const from = ((first[i] as number) - top) * stride;
    const start = i * taps;
    const end = start + (used[i] as number);
    for (let k = 0; k < stride; k += 3, to += 3) weigh(source, from + k, stride, weights, start, end, target, to);
  }
}

function weighBytes(
  source: Uint8Array,
  from: number,
  step: number,
  weights: Int32Array,
  start: number,
  end: number,
  target: Uint8Array,
  to: number,
): void {
  let red = HALF;
  let green = HALF;
  let blue = HALF;
  for (let j = start, k = from; j < end; j++, k += step) {
    const weight = weights[j] as number;
    red = (red + Math.imul(source[k] as number, weight)) | 0;
    green = (green + Math.imul(source[k + 1] as number, weight)) | 0;
    blue = (blue + Math.imul(source[k + 2] as number, weight)) | 0;
  }
  target[to] = clipped(red);
  target[to + 1] = clipped(green);
  target[to + 2] = clipped(blue);
}

function clipped(sum: number): number {
  const value = sum >> PRECISION;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

function weighFloats(
  source: Pixels,
  from: number,
  step: number,
  weights: Float64Array,
  start: number,
  end: number,
  target: Pixels,
  to: number,
): void {
  for (let channel = 0; channel < 3; channel++) {
    let sum = 0;
    for (let j = start, k = from + channel; j < end; j++, k += step)
      sum += (source[k] as number) * (weights[j] as number);
    target[to + channel] = sum;
  }
}

function isBytes(pixels: Pixels): pixels is Uint8Array {
  return pixels instanceof Uint8Array;
}

function sampled(raster: Raster, width: number, height: number, part: Window): Raster {
  if (width === raster.width && height === raster.height) return cropped(raster, part);
  const xs = nearestIndices(raster.width, width, part.x, part.width);
  const ys = nearestIndices(raster.height, height, part.y, part.height);
  const data = empty(raster.data, part.width * part.height * 3);
  let to = 0;
  for (const y of ys) {
    for (const x of xs) {
      const from = (y * raster.width + x) * 3;
      data[to++] = raster.data[from] as number;
      data[to++] = raster.data[from + 1] as number;
      data[to++] = raster.data[from + 2] as number;
    }
  }
  return { width: part.width, height: part.height, data };
}

/** Room for `length` values of the same type. */
function empty(like: Pixels, length: number): Pixels {
  return like instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
}
