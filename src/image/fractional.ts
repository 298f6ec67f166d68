// Shifts by any fraction of a pixel: band-limited (Fourier phase, as Michaeli et al., CVPR 2023) or bilinear.
import { shiftKernel } from '../core/fourier.js';
import type { Raster } from '../core/picture.js';
import { modulo } from './canvas.js';

/** How values between pixels are found. */
export const INTERPOLATIONS = ['fourier', 'bilinear'] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];

/**
 * What lies beyond the edges. "wrap": the opposite edge. "mirror": for Fourier the picture mirrored about its outer
 * edges (its edge pixels are repeated), so that no jump at the edges rings; for bilinear the edge pixels.
 */
export type Ends = 'wrap' | 'mirror';

/** Weights of one side: `count[i]` pixels from `first[i]` on make pixel i; consecutive ones, modulo the side. */
type Weights = { readonly taps: number; readonly first: Int32Array; readonly weights: Float64Array };

/**
 * The raster with its content moved right by `dx` and down by `dy` pixels, any numbers. The size stays; floats come back,
 * neither rounded nor clipped: between sharp edges a band-limited picture goes a little below 0 and above 255.
 */
export function shiftedByFraction(
  raster: Raster,
  dx: number,
  dy: number,
  interpolation: Interpolation,
  ends: Ends,
): Raster {
  const { width, height } = raster;
  const side = interpolation === 'fourier' ? fourierSide : bilinearSide;
  const data = Float32Array.from(raster.data);
  const across = new Float32Array(data.length);
  const { taps, first, weights } = side(width, dx, ends);
  for (let row = 0; row < data.length; row += 3 * width) {
    for (let x = 0, to = row; x < width; x++, to += 3) {
      let [red, green, blue] = [0, 0, 0];
      for (let tap = 0, j = first[x] as number; tap < taps; tap++, j = j + 1 === width ? 0 : j + 1) {
        const weight = weights[x * taps + tap] as number;
        const from = row + 3 * j;
        red += weight * (data[from] as number);
        green += weight * (data[from + 1] as number);
        blue += weight * (data[from + 2] as number);
      }
      across[to] = red;
      across[to + 1] = green;
      across[to + 2] = blue;
    }
  }
  return { width, height, data: downwards(across, 3 * width, side(height, dy, ends)) };
}

/** Rows of `stride` values as weighted sums of rows. */
function downwards(data: Float32Array, stride: number, { taps, first, weights }: Weights): Float32Array {
  const height = data.length / stride;
  const result = new Float32Array(data.length);
  const sums = new Float64Array(stride);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let tap = 0, j = first[y] as number; tap < taps; tap++, j = j + 1 === height ? 0 : j + 1) {
      const weight = weights[y * taps + tap] as number;
      if (weight === 0) continue;
      for (let k = 0, from = j * stride; k < stride; k++, from++) {
        sums[k] = (sums[k] as number) + weight * (data[from] as number);
      }
    }
    result.set(sums, y * stride);
  }
  return result;
}

/** Every pixel of a side takes part in every other: the kernel of the side, or of the side and its mirror image. */
function fourierSide(length: number, by: number, ends: Ends): Weights {
  if (by === 0) return bilinearSide(length, by, ends);
  const period = ends === 'wrap' ? length : 2 * length;
  const kernel = shiftKernel(period, by);
  const at = (i: number): number => kernel[modulo(i, period)] as number;
  const weights = new Float64Array(length * length);
  for (let i = 0; i < length; i++) {
    for (let j = 0; j < length; j++) {
      weights[i * length + j] = ends === 'wrap' ? at(i - j) : at(i - j) + at(i + j + 1);
    }
  }
  return { taps: length, first: new Int32Array(length), weights };
}

function bilinearSide(length: number, by: number, ends: Ends): Weights {
  const whole = Math.floor(by);
  const part = by - whole;
  const taps = part === 0 ? 1 : Math.min(2, length);
  const first = new Int32Array(length);
  const weights = new Float64Array(length * taps);
  for (let i = 0; i < length; i++) {
    // Between pixel i − whole − 1, which counts by `part`, and the one after it.
    const low = taps === 2 ? i - whole - 1 : i - whole;
    const start = ends === 'wrap' ? modulo(low, length) : Math.min(Math.max(low, 0), length - taps);
    first[i] = start;
    if (taps === 1) weights[i] = 1;
    else {
      const share = ends === 'wrap' ? part : low < 0 ? 1 : low > length - 2 ? 0 : part;
      weights[2 * i] = share;
      weights[2 * i + 1] = 1 - share;
    }
  }
  return { taps, first, weights };
}
