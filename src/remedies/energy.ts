// How much detail lies at each pixel: the squared Laplacian of the smoothed picture. Both alignment and crop selection
// are decided by it, so it is exact: whole numbers for pictures of 8 bits, whatever the order of summation.
import type { Raster } from '../core/picture.js';

/** Pixels beyond a place that decide its energy: two boxes of 3×3 and the Laplacian's neighbours. */
const ENERGY_REACH = 3;

/** Pixels of a window's border that don't count, so that its own pixels decide. */
export const BORDER = 6;

/** One box of 3 after another, along a line. */
const SMOOTHING = [1, 2, 3, 2, 1] as const;

const known = new WeakMap<Raster, { readonly wrap: boolean; readonly energy: Float64Array }>();

/**
 * The energy of every pixel of a canvas, `[height, width]`: grey = R + G + B, smoothed by a 3×3 box twice (sums in place of
 * means), 4 times the centre minus its four neighbours, squared. Without `wrap` it is 0 within 3 pixels of the border,
 * where the picture doesn't say. Kept as long as the canvas is.
 */
export function energyOf(canvas: Raster, wrap: boolean): Float64Array {
  const before = known.get(canvas);
  if (before?.wrap === wrap) return before.energy;
  const energy = wrap ? wrapped(canvas) : inside(greyOf(canvas), canvas.width, canvas.height);
  known.set(canvas, { wrap, energy });
  return energy;
}

function greyOf({ width, height, data }: Raster): Float64Array {
  return Float64Array.from(
    { length: width * height },
    (_, i) => (data[3 * i] as number) + (data[3 * i + 1] as number) + (data[3 * i + 2] as number),
  );
}

/** On a torus: the picture with what lies beyond its edges round it, cut back. */
function wrapped(canvas: Raster): Float64Array {
  const { width, height } = canvas;
  const grey = greyOf(canvas);
  const [across, down] = [width + 2 * ENERGY_REACH, height + 2 * ENERGY_REACH];
  const beyond = (i: number, side: number): number => (((i - ENERGY_REACH) % side) + side) % side;
  const larger = Float64Array.from({ length: across * down }, (_, i) => {
    const [x, y] = [beyond(i % across, width), beyond(Math.floor(i / across), height)];
    return grey[y * width + x] as number;
  });
  const energy = inside(larger, across, down);
  return Float64Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return energy[(y + ENERGY_REACH) * across + x + ENERGY_REACH] as number;
  });
}

function inside(grey: Float64Array, width: number, height: number): Float64Array {
  const smooth = smoothed(smoothed(grey, 1, 2, width, height), width, 2, width, height);
  const energy = new Float64Array(width * height);
  for (let y = ENERGY_REACH; y < height - ENERGY_REACH; y++) {
    for (let i = y * width + ENERGY_REACH; i < (y + 1) * width - ENERGY_REACH; i++) {
      const laplacian =
        4 * (smooth[i] as number) -
        (smooth[i - 1] as number) -
        (smooth[i + 1] as number) -
        (smooth[i - width] as number) -
        (smooth[i + width] as number);
      energy[i] = laplacian * laplacian;
    }
  }
  return energy;
}

/** Smoothed along one direction, `step` elements from neighbour to neighbour; not within `margin` of any border. */
function smoothed(values: Float64Array, step: number, margin: number, width: number, height: number): Float64Array {
  const result = new Float64Array(values.length);
  const [left, top] = step === 1 ? [margin, 0] : [0, margin];
  const [a, b, c] = SMOOTHING;
  for (let y = top; y < height - top; y++) {
    for (let i = y * width + left; i < (y + 1) * width - left; i++) {
      result[i] =
        a * ((values[i - 2 * step] as number) + (values[i + 2 * step] as number)) +
        b * ((values[i - step] as number) + (values[i + step] as number)) +
        c * (values[i] as number);
    }
  }
  return result;
}
