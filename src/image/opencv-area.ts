// OpenCV's INTER_AREA: each output pixel is the mean of the area it covers; where a side grows, linear interpolation with
// the weights of areas.
import type { Raster } from '../core/picture.js';
import type { Window } from './raster.js';
import { toByte, type Place } from './taps.js';

/** Shares of a pixel below this are left out. */
const LEAST = 1e-3;

/** The input pixels under each output pixel of a side, `[from, to)`, and their weights one after the other. */
type Cells = { readonly from: Int32Array; readonly to: Int32Array; readonly weights: readonly Float32Array[] };

/**
 * A reduced raster, 8 bits.
 *
 * @param across input pixels a output pixel, 1 or more; likewise `down`
 */
export function areaResized(raster: Raster, across: number, down: number, window: Window): Raster {
  const columns = cellsOf(raster.width, across, window.x, window.width);
  const rows = cellsOf(raster.height, down, window.y, window.height);
  const whole = Number.isInteger(across) && Number.isInteger(down);
  // Whole factors are summed exactly and divided once; of four pixels halves are rounded up.
  const quarters = whole && across === 2 && down === 2;
  const share = whole ? Math.fround(1 / (across * down)) : 1;
  const data = new Uint8Array(window.width * window.height * 3);
  for (let y = 0, to = 0; y < window.height; y++) {
    for (let x = 0; x < window.width; x++) {
      for (let channel = 0; channel < 3; channel++, to++) {
        const sum = areaSum(raster, channel, columns, x, rows, y, whole);
        data[to] = quarters ? (sum + 2) >> 2 : toByte(Math.fround(sum * share));
      }
    }
  }
  return { width: window.width, height: window.height, data };
}

function areaSum(
  raster: Raster,
  channel: number,
  columns: Cells,
  x: number,
  rows: Cells,
  y: number,
  whole: boolean,
): number {
  const [left, right] = [columns.from[x] as number, columns.to[x] as number];
  const [top, bottom] = [rows.from[y] as number, rows.to[y] as number];
  const [wide, high] = [columns.weights[x] as Float32Array, rows.weights[y] as Float32Array];
  let sum = 0;
  for (let row = top; row < bottom; row++) {
    let line = 0;
    for (let column = left; column < right; column++) {
      const value = raster.data[(row * raster.width + column) * 3 + channel] as number;
      line = whole ? line + value : Math.fround(line + Math.fround(value * (wide[column - left] as number)));
    }
    sum = whole ? sum + line : Math.fround(sum + Math.fround(line * (high[row - top] as number)));
  }
  return sum;
}

function cellsOf(side: number, scale: number, start: number, count: number): Cells {
  const [from, to, weights] = [new Int32Array(count), new Int32Array(count), [] as Float32Array[]];
  for (let i = 0; i < count; i++) {
    const low = (start + i) * scale;
    const high = low + scale;
    const width = Math.min(scale, side - low);
    const last = Math.min(Math.floor(high), side - 1);
    const first = Math.min(Math.ceil(low), last);
    const before = first - low > LEAST;
    const after = high - last > LEAST;
    from[i] = before ? first - 1 : first;
    to[i] = after ? last + 1 : last;
    weights.push(
      Float32Array.from([
        ...(before ? [(first - low) / width] : []),
        ...Array.from({ length: last - first }, () => 1 / width),
        ...(after ? [Math.min(high - last, 1, width) / width] : []),
      ]),
    );
  }
  return { from, to, weights };
}

/** Where INTER_AREA samples a side that grows: at a pixel, until the output pixel reaches into the next one. */
export function areaPlace(from: number, to: number): Place {
  return (i) => {
    const pixel = Math.floor((i * from) / to);
    const over = i + 1 - ((pixel + 1) * to) / from;
    return pixel + (over <= 0 ? 0 : over - Math.floor(over));
  };
}
