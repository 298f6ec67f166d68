// Resizing, bit for bit as Pillow up to 12 does it (Image.resize): horizontal pass, then vertical, rounded to 8 bits in
// between, weights in fixed point; a side that keeps its length is not filtered. (Pillow 13 runs the vertical pass first
// where the height shrinks much more than the width, which no resize that keeps the aspect does.)
import type { KernelName } from '../core/model.js';
import type { Raster } from '../core/picture.js';
import { coefficients, fixedPoint, nearestIndices, PRECISION, type Coefficients } from './kernels.js';

/** Part of the resized picture, pixels, origin top left. */
export type Window = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

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
  const wide = across ? horizontal(raster, across, top, bottom) : columns(raster, part.x, part.width, top, bottom);
  return down ? vertical(wide, down, top) : wide;
}

/** Rows `top` … `bottom − 1` of the raster, columns from `x` on, unfiltered. */
function columns(raster: Raster, x: number, width: number, top: number, bottom: number): Raster {
  if (x === 0 && top === 0 && width === raster.width && bottom === raster.height) return raster;
  const data = empty(raster.data, width * (bottom - top) * 3);
  for (let y = top; y < bottom; y++) {
    const from = (y * raster.width + x) * 3;
    data.set(raster.data.subarray(from, from + width * 3), (y - top) * width * 3);
  }
  return { width, height: bottom - top, data };
}

function horizontal(raster: Raster, across: Coefficients, top: number, bottom: number): Raster {
  const width = across.count;
  const height = bottom - top;
  const rows = raster.data.subarray(top * raster.width * 3, bottom * raster.width * 3);
  const data = empty(rows, width * height * 3);
  if (rows instanceof Uint8Array)
    horizontalBytes(rows, raster.width, data as Uint8Array, height, across, fixedPoint(across));
  else horizontalFloats(rows, raster.width, data as Float32Array, height, across);
  return { width, height, data };
}

function vertical(raster: Raster, down: Coefficients, top: number): Raster {
  const data = empty(raster.data, raster.width * down.count * 3);
  if (raster.data instanceof Uint8Array)
    verticalBytes(raster.data, raster.width * 3, data as Uint8Array, down, fixedPoint(down), top);
  else verticalFloats(raster.data, raster.width * 3, data as Float32Array, down, top);
  return { width: raster.width, height: down.count, data };
}

function clipped(sum: number): number {
  const value = sum >> PRECISION;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

function horizontalBytes(
  source: Uint8Array,
  sourceWidth: number,
  target: Uint8Array,
  height: number,
  { count, taps, first, used }: Coefficients,
  weights: Int32Array,
): void {
  let to = 0;
  for (let y = 0; y < height; y++) {
    const row = y * sourceWidth * 3;
    for (let i = 0; i < count; i++) {
      const start = i * taps;
      const end = start + (used[i] as number);
      let from = row + (first[i] as number) * 3;
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      for (let j = start; j < end; j++) {
        const weight = weights[j] as number;
        red = (red + Math.imul(source[from] as number, weight)) | 0;
        green = (green + Math.imul(source[from + 1] as number, weight)) | 0;
        blue = (blue + Math.imul(source[from + 2] as number, weight)) | 0;
        from += 3;
      }
      target[to] = clipped(red);
      target[to + 1] = clipped(green);
      target[to + 2] = clipped(blue);
      to += 3;
    }
  }
}

/** `stride` values a row; rows of `source` begin with row `top` of the picture. */
function verticalBytes(
  source: Uint8Array,
  stride: number,
  target: Uint8Array,
  { count, taps, first, used }: Coefficients,
  weights: Int32Array,
  top: number,
): void {
  for (let i = 0; i < count; i++) {
    const begin = ((first[i] as number) - top) * stride;
    const start = i * taps;
    const end = start + (used[i] as number);
    const to = i * stride;
    for (let k = 0; k < stride; k++) {
      let sum = HALF;
      let from = begin + k;
      for (let j = start; j < end; j++) {
        sum = (sum + Math.imul(source[from] as number, weights[j] as number)) | 0;
        from += stride;
      }
      target[to + k] = clipped(sum);
    }
  }
}

function horizontalFloats(
  source: Float32Array,
  sourceWidth: number,
  target: Float32Array,
  height: number,
  { count, taps, first, used, weights }: Coefficients,
): void {
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < count; i++) {
      const from = (y * sourceWidth + (first[i] as number)) * 3;
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let j = 0; j < (used[i] as number); j++)
          sum += (source[from + j * 3 + channel] as number) * (weights[i * taps + j] as number);
        target[(y * count + i) * 3 + channel] = sum;
      }
    }
  }
}

function verticalFloats(
  source: Float32Array,
  stride: number,
  target: Float32Array,
  { count, taps, first, used, weights }: Coefficients,
  top: number,
): void {
  for (let i = 0; i < count; i++) {
    const from = ((first[i] as number) - top) * stride;
    for (let k = 0; k < stride; k++) {
      let sum = 0;
      for (let j = 0; j < (used[i] as number); j++)
        sum += (source[from + j * stride + k] as number) * (weights[i * taps + j] as number);
      target[i * stride + k] = sum;
    }
  }
}

function sampled(raster: Raster, width: number, height: number, part: Window): Raster {
  if (width === raster.width && height === raster.height)
    return columns(raster, part.x, part.width, part.y, part.y + part.height);
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
