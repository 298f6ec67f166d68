// Rotation (and scaling) of a picture about a point, sampled between pixels: for rotate, spatial-grid (Engstrom et al.,
// ICML 2019) and ImageNet-P (Hendrycks & Dietterich, ICLR 2019). No antialiasing: as these protocols, and made for
// scales near 1.
import type { Raster } from '../core/picture.js';
import { BLACK, modulo, padded, type Fill } from './canvas.js';

/** How values between pixels are found: of the nearest 2 × 2 pixels, or of 4 × 4 (Keys' cubic convolution, a = −0.5). */
export const ROTATION_KERNELS = ['bilinear', 'bicubic'] as const;
export type RotationKernel = (typeof ROTATION_KERNELS)[number];

/** What is done to the content, in this order: scaled, turned, moved. */
export type Placing = {
  /** Degrees, counter-clockwise; multiples of 90 are exact. */
  readonly angle: number;
  /** Above 1 enlarges. */
  readonly scale: number;
  /** Pixels right and down. */
  readonly dx: number;
  readonly dy: number;
};

type Size = { readonly width: number; readonly height: number };
type Point = { readonly x: number; readonly y: number };

/**
 * A window of the transformed picture.
 *
 * @param centre the point of the raster that scaling and turning leave in the middle of the window, pixels from the
 *   raster's outer top left corner (the middle of pixel 0 is 0.5)
 * @param window size of the result
 * @param border what stands where the raster doesn't reach
 * @returns floats between 0 and 255 for bilinear (bicubic may leave that range); where nothing is sampled between
 *   pixels (no turn, no scale, whole moves) an exact copy, of bytes where the raster holds bytes
 */
export function placedRaster(
  raster: Raster,
  centre: Point,
  placing: Placing,
  window: Size,
  kernel: RotationKernel,
  border: Fill,
): Raster {
  const { angle, scale, dx, dy } = placing;
  const [cos, sin] = turn(angle);
  const left = centre.x - window.width / 2 - dx;
  const top = centre.y - window.height / 2 - dy;
  if (cos === 1 && scale === 1 && Number.isInteger(left) && Number.isInteger(top)) {
    const right = window.width - raster.width + left;
    return padded(raster, { left: -left, top: -top, right, bottom: window.height - raster.height + top }, border);
  }
  const sample = sampler(raster, kernel, border);
  const data = new Float32Array(window.width * window.height * 3);
  for (let row = 0, to = 0; row < window.height; row++) {
    const v = (row + 0.5 - window.height / 2 - dy) / scale;
    for (let column = 0; column < window.width; column++, to += 3) {
      const u = (column + 0.5 - window.width / 2 - dx) / scale;
      sample(centre.x + u * cos - v * sin - 0.5, centre.y + u * sin + v * cos - 0.5, data, to);
    }
  }
  return { width: window.width, height: window.height, data };
}

/** Cosine and sine, exact for multiples of 90 degrees. */
function turn(angle: number): readonly [number, number] {
  const degrees = modulo(angle, 360);
  if (degrees % 90 === 0) return ([[1, 0], [0, 1], [-1, 0], [0, -1]] as const)[degrees / 90] as [number, number]; // prettier-ignore
  const radians = (degrees * Math.PI) / 180;
  return [Math.cos(radians), Math.sin(radians)];
}

/** Writes the colour at a place, in pixels from the middle of the first. */
type Sample = (x: number, y: number, target: Float32Array, to: number) => void;

function sampler(raster: Raster, kernel: RotationKernel, border: Fill): Sample {
  const { width, height, data } = raster;
  const colour = typeof border === 'string' ? BLACK_COLOUR : border.colour;
  const source = typeof border === 'string' ? folded[border] : outside;
  const [taps, before, weigh] =
    kernel === 'bilinear' ? ([2, 0, bilinearWeights] as const) : ([4, 1, cubicWeights] as const);
  const across = new Float64Array(taps);
  const down = new Float64Array(taps);
  return (x, y, target, to) => {
    const [left, top] = [Math.floor(x) - before, Math.floor(y) - before];
    weigh(x - Math.floor(x), across);
    weigh(y - Math.floor(y), down);
    const inside = left >= 0 && top >= 0 && left + taps <= width && top + taps <= height;
    let [red, green, blue] = [0, 0, 0];
    for (let j = 0; j < taps; j++) {
      const row = inside ? top + j : source(top + j, height);
      for (let i = 0; i < taps; i++) {
        const weight = (down[j] as number) * (across[i] as number);
        const column = inside ? left + i : source(left + i, width);
        if (row < 0 || column < 0) {
          red += weight * colour[0];
          green += weight * colour[1];
          blue += weight * colour[2];
        } else {
          const from = (row * width + column) * 3;
          red += weight * (data[from] as number);
          green += weight * (data[from + 1] as number);
          blue += weight * (data[from + 2] as number);
        }
      }
    }
    target[to] = red;
    target[to + 1] = green;
    target[to + 2] = blue;
  };
}

const BLACK_COLOUR = typeof BLACK === 'string' ? ([0, 0, 0] as const) : BLACK.colour;

/** The pixel that a position beyond a side shows; −1 for the border's colour. */
type Source = (position: number, side: number) => number;

const outside: Source = (position, side) => (position >= 0 && position < side ? position : -1);

const folded: Readonly<Record<'edge' | 'reflect', Source>> = {
  edge: (position, side) => Math.min(Math.max(position, 0), side - 1),
  reflect: (position, side) => {
    const period = Math.max(1, 2 * (side - 1));
    const place = modulo(position, period);
    return place < side ? place : period - place;
  },
};

function bilinearWeights(part: number, weights: Float64Array): void {
  weights[0] = 1 - part;
  weights[1] = part;
}

/** Keys, IEEE Trans. ASSP 29 (1981), a = −0.5, at distances 1 + part, part, 1 − part and 2 − part. */
function cubicWeights(part: number, weights: Float64Array): void {
  const square = part * part;
  const cube = square * part;
  weights[0] = -0.5 * part + square - 0.5 * cube;
  weights[1] = 1 - 2.5 * square + 1.5 * cube;
  weights[2] = 0.5 * part + 2 * square - 1.5 * cube;
  weights[3] = -0.5 * square + 0.5 * cube;
}
