// Resizing as OpenCV's cv2.resize does it with pictures of bytes: no antialiasing but for INTER_AREA, weights of linear
// and Lanczos in fixed point. After its documentation and behaviour (modules/imgproc, 4.14 and 5.0 agree).
import type { Raster } from '../core/picture.js';
import { cropped } from './canvas.js';
import { areaResized, areaPlace } from './opencv-area.js';
import type { Window } from './raster.js';
import {
  acrossRows,
  CUBIC,
  eachDown,
  halfPixel,
  interpolatedBytes,
  LANCZOS4,
  LINEAR,
  roundedToEven,
  tapsOf,
  type Interpolation,
  type Place,
} from './taps.js';

/** INTER_NEAREST, INTER_LINEAR, INTER_CUBIC (a = −0.75), INTER_AREA, INTER_LANCZOS4. */
export const OPENCV_KERNELS = ['nearest', 'linear', 'cubic', 'area', 'lanczos4'] as const;
export type OpencvKernel = (typeof OPENCV_KERNELS)[number];

/** Bits after the point of a weight. */
const BITS = 11;

/**
 * The raster at `width` × `height`, 8 bits: OpenCV's, to the last bit; by INTER_CUBIC, which sums in single precision, one
 * value of a thousand is 1 of 255 off.
 *
 * @param raster 8 bits a channel
 * @param window the only part of the result that is wanted; the whole where omitted
 */
export function opencvResized(
  raster: Raster,
  width: number,
  height: number,
  kernel: OpencvKernel,
  window: Window = { x: 0, y: 0, width, height },
): Raster {
  if (width === raster.width && height === raster.height) return cropped(raster, window);
  const half = [halfPixel(raster.width, width), halfPixel(raster.height, height)] as const;
  const [across, down] = [raster.width / width, raster.height / height];
  switch (kernel) {
    case 'nearest':
      return nearest(raster, width, height, window);
    case 'linear':
      // Halving both sides by INTER_LINEAR is INTER_AREA there.
      return across === 2 && down === 2
        ? areaResized(raster, across, down, window)
        : inFixedPoint(raster, LINEAR, half, window);
    case 'area':
      return across >= 1 && down >= 1
        ? areaResized(raster, across, down, window)
        : inFixedPoint(raster, LINEAR, [areaPlace(raster.width, width), areaPlace(raster.height, height)], window);
    case 'cubic':
      return interpolatedBytes(
        raster,
        tapsOf(CUBIC, raster.width, half[0], window.x, window.width),
        tapsOf(CUBIC, raster.height, half[1], window.y, window.height),
      );
    case 'lanczos4':
      return inFixedPoint(raster, LANCZOS4, half, window);
  }
}

function nearest(raster: Raster, width: number, height: number, window: Window): Raster {
  const source = (from: number, to: number, i: number): number => Math.min(from - 1, Math.floor(i * (1 / (to / from))));
  const data = new Uint8Array(window.width * window.height * 3);
  for (let y = 0, to = 0; y < window.height; y++) {
    const row = source(raster.height, height, window.y + y) * raster.width;
    for (let x = 0; x < window.width; x++, to += 3) {
      const from = (row + source(raster.width, width, window.x + x)) * 3;
      data.set(raster.data.subarray(from, from + 3), to);
    }
  }
  return { width: window.width, height: window.height, data };
}

function inFixedPoint(
  raster: Raster,
  interpolation: Interpolation,
  [placeX, placeY]: readonly [Place, Place],
  window: Window,
): Raster {
  const across = fixed(interpolation, raster.width, placeX, window.x, window.width);
  const down = fixed(interpolation, raster.height, placeY, window.y, window.height);
  const rows = acrossRows(raster, across, down, new Int32Array(window.width * 3 * raster.height), (sum) => sum);
  const data = new Uint8Array(window.width * window.height * 3);
  const { weights } = down;
  eachDown(window.width * 3, down, (to, at, taps, offsets) => {
    if (taps === 2) {
      // Two taps are summed with fewer bits, for 16-bit multipliers.
      const above = Math.imul(weights[at] as number, (rows[offsets[0] as number] as number) >> 4) >> 16;
      const below = Math.imul(weights[at + 1] as number, (rows[offsets[1] as number] as number) >> 4) >> 16;
      data[to] = clipped((above + below + 2) >> 2);
      return;
    }
    let sum = 1 << (2 * BITS - 1);
    for (let j = 0; j < taps; j++) sum += Math.imul(weights[at + j] as number, rows[offsets[j] as number] as number);
    data[to] = clipped(sum >> (2 * BITS));
  });
  return { width: window.width, height: window.height, data };
}

/** Taps whose weights are whole multiples of 2^−BITS; positions in single precision. */
function fixed({ taps, weigh }: Interpolation, from: number, place: Place, start: number, count: number) {
  const exact = tapsOf({ taps, weigh }, from, (i) => Math.fround(place(i)), start, count);
  return { ...exact, weights: Int32Array.from(exact.weights, (weight) => roundedToEven(weight * (1 << BITS))) };
}

function clipped(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
