// Pure geometry on rasters in whole pixels: crop, pad, roll, shift. Directions as in the protocols: (dx, dy) is how far
// the content moves, right and down positive.
import type { Raster } from '../core/picture.js';
import type { Window } from './raster.js';

/** What stands where the picture doesn't reach: one colour (0…255 a channel, RGB), its edge pixels, or its mirror. */
export type Fill = { readonly colour: readonly [number, number, number] } | 'edge' | 'reflect';

export const BLACK: Fill = { colour: [0, 0, 0] };

/** Pixels added on each side; negative numbers cut off. */
type Margins = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

/** The part of a raster inside a window, which must lie inside the raster; the raster itself where that is all of it. */
export function cropped(raster: Raster, window: Window): Raster {
  const { x, y, width, height } = window;
  if (x === 0 && y === 0 && width === raster.width && height === raster.height) return raster;
  const data =
    raster.data instanceof Uint8Array ? new Uint8Array(width * height * 3) : new Float32Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * raster.width + x) * 3;
    data.set(raster.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { width, height, data };
}

/**
 * The raster with margins round it. "reflect" mirrors about the edge pixels, which are not repeated, as often as needed.
 * Floats come back where a colour isn't whole (or the raster holds floats), else 8 bits.
 */
export function padded(raster: Raster, margins: Margins, fill: Fill): Raster {
  const width = raster.width + margins.left + margins.right;
  const height = raster.height + margins.top + margins.bottom;
  const columns = sources(raster.width, margins.left, width, fill);
  const rows = sources(raster.height, margins.top, height, fill);
  const colour = typeof fill === 'string' ? BLACK_COLOUR : fill.colour;
  const whole = raster.data instanceof Uint8Array && colour.every((value) => Number.isInteger(value));
  const data = whole ? new Uint8Array(width * height * 3) : new Float32Array(width * height * 3);
  const first = Math.max(0, margins.left);
  const last = Math.min(width, margins.left + raster.width);
  let to = 0;
  for (const y of rows) {
    const row = y * raster.width * 3;
    for (let i = 0; i < width; i++, to += 3) {
      if (y >= 0 && i === first && last > first) {
        const from = row + (first - margins.left) * 3;
        data.set(raster.data.subarray(from, from + (last - first) * 3), to);
        i = last - 1;
        to += (last - first - 1) * 3;
        continue;
      }
      const x = columns[i] as number;
      const inside = x >= 0 && y >= 0;
      for (let channel = 0; channel < 3; channel++) {
        data[to + channel] = inside ? (raster.data[row + x * 3 + channel] as number) : (colour[channel] as number);
      }
    }
  }
  return { width, height, data };
}

const BLACK_COLOUR = [0, 0, 0] as const;

/** For each of `length` positions, which starts `before` pixels before the side: the pixel it shows; −1 for the colour. */
function sources(side: number, before: number, length: number, fill: Fill): Int32Array {
  return Int32Array.from({ length }, (_, i) => {
    const position = i - before;
    if (position >= 0 && position < side) return position;
    if (fill === 'edge') return position < 0 ? 0 : side - 1;
    if (fill !== 'reflect') return -1;
    const period = Math.max(1, 2 * (side - 1));
    const folded = ((position % period) + period) % period;
    return folded < side ? folded : period - folded;
  });
}

/** Cyclic shift: what leaves at one edge enters at the opposite one. */
export function rolled(raster: Raster, dx: number, dy: number): Raster {
  const { width, height } = raster;
  const right = modulo(dx, width);
  const down = modulo(dy, height);
  const data = raster.data.slice();
  for (let y = 0; y < height; y++) {
    const from = y * width * 3;
    const cut = from + (width - right) * 3;
    const to = modulo(y + down, height) * width * 3;
    data.set(raster.data.subarray(cut, from + width * 3), to);
    data.set(raster.data.subarray(from, cut), to + right * 3);
  }
  return { width, height, data };
}

/** Shift with fill: what leaves is lost, and `fill` enters. */
export function shifted(raster: Raster, dx: number, dy: number, fill: Fill): Raster {
  return padded(raster, { left: dx, right: -dx, top: dy, bottom: -dy }, fill);
}

/** The remainder that is never negative. */
export function modulo(value: number, side: number): number {
  return ((value % side) + side) % side;
}
