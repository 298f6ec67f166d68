// Interpolation without antialiasing: which few pixels each output pixel is made of, and their weights, wherever a library
// places its samples. Pixels beyond an edge are the edge's.
import type { Raster } from '../core/picture.js';

/** For each of `count` output pixels of one side: `taps` input pixels and their weights, `[count, taps]`. */
export type Taps = {
  readonly count: number;
  readonly taps: number;
  readonly index: Int32Array;
  readonly weights: Float64Array;
};

/** Weights of a kernel of `taps` pixels for a sample that lies `part` (0…1) behind the middle pair's first. */
export type Interpolation = {
  readonly taps: number;
  readonly weigh: (part: number, weights: Float64Array) => void;
};

export const LINEAR: Interpolation = {
  taps: 2,
  weigh: (part, weights) => {
    weights[0] = 1 - part;
    weights[1] = part;
  },
};

/** Keys' cubic convolution (IEEE Trans. ASSP 29, 1981) with a = −0.75, as OpenCV and PyTorch have it. */
export const CUBIC: Interpolation = {
  taps: 4,
  weigh: (part, weights) => {
    for (let i = 0; i < 4; i++) weights[i] = cubic(Math.abs(part + 1 - i), -0.75);
  },
};

function cubic(x: number, a: number): number {
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((x - 5) * x + 8) * x * a - 4 * a : 0;
}

/** The sinc windowed by a sinc four times as wide, over 8 pixels, weights made to sum to 1. */
export const LANCZOS4: Interpolation = {
  taps: 8,
  weigh: (part, weights) => {
    let sum = 0;
    for (let i = 0; i < 8; i++) sum += weights[i] = sinc(part + 3 - i) * sinc((part + 3 - i) / 4);
    for (let i = 0; i < 8; i++) weights[i] = (weights[i] as number) / sum;
  },
};

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

/** Where output pixel `i` of a side is sampled, in input pixels from the middle of the first. */
export type Place = (i: number) => number;

/** Middles of pixels lie on middles: OpenCV, PyTorch, TensorFlow 2. */
export function halfPixel(from: number, to: number): Place {
  const scale = from / to;
  return (i) => (i + 0.5) * scale - 0.5;
}

/** Taps of output pixels `start` … `start + count − 1` of a side of `from` pixels. */
export function tapsOf({ taps, weigh }: Interpolation, from: number, place: Place, start: number, count: number): Taps {
  const index = new Int32Array(count * taps);
  const weights = new Float64Array(count * taps);
  for (let i = 0; i < count; i++) {
    const at = place(start + i);
    const middle = Math.floor(at);
    weigh(at - middle, weights.subarray(i * taps, (i + 1) * taps));
    for (let j = 0; j < taps; j++) {
      index[i * taps + j] = Math.min(from - 1, Math.max(0, middle - (taps / 2 - 1) + j));
    }
  }
  return { count, taps, index, weights };
}

/**
 * The weighted sums of both passes, horizontal first: floats, neither rounded nor clipped.
 *
 * @param round applied to each sum of the horizontal pass and of the vertical one; `Math.fround` for single precision
 */
export function interpolated(raster: Raster, across: Taps, down: Taps, round: (x: number) => number): Raster {
  const rows = acrossRows(raster, across, down, new Float64Array(across.count * 3 * raster.height), round);
  const data = new Float32Array(across.count * 3 * down.count);
  eachDown(across.count * 3, down, (to, at, step, offsets) => {
    let sum = 0;
    for (let j = 0; j < step; j++) sum += (down.weights[at + j] as number) * (rows[offsets[j] as number] as number);
    data[to] = round(sum);
  });
  return { width: across.count, height: down.count, data };
}

/** The horizontal pass: rows that the vertical one needs, at their own height in `target`. */
export function acrossRows<Buffer extends Float64Array | Int32Array>(
  { width, data }: Raster,
  {
    count,
    taps,
    index,
    weights,
  }: Pick<Taps, 'count' | 'taps' | 'index'> & { readonly weights: Float64Array | Int32Array },
  down: Pick<Taps, 'index'>,
  target: Buffer,
  round: (x: number) => number,
): Buffer {
  for (const row of new Set(down.index)) {
    const from = row * width * 3;
    for (let i = 0, to = row * count * 3; i < count; i++) {
      for (let channel = 0; channel < 3; channel++, to++) {
        let sum = 0;
        for (let j = i * taps; j < (i + 1) * taps; j++) {
          sum += (weights[j] as number) * (data[from + (index[j] as number) * 3 + channel] as number);
        }
        target[to] = round(sum);
      }
    }
  }
  return target;
}

/** Calls for every value of the result: where it goes, where its weights begin, how many, and where its rows' values lie. */
export function eachDown(
  stride: number,
  { count, taps, index }: Pick<Taps, 'count' | 'taps' | 'index'>,
  call: (to: number, at: number, taps: number, offsets: Int32Array) => void,
): void {
  const offsets = new Int32Array(taps);
  for (let i = 0, to = 0; i < count; i++) {
    for (let j = 0; j < taps; j++) offsets[j] = (index[i * taps + j] as number) * stride;
    for (let k = 0; k < stride; k++, to++) {
      call(to, i * taps, taps, offsets);
      for (let j = 0; j < taps; j++) offsets[j] = (offsets[j] as number) + 1;
    }
  }
}

/** The same, rounded to the nearest bytes. */
export function interpolatedBytes(raster: Raster, across: Taps, down: Taps): Raster {
  const floats = interpolated(raster, across, down, (x) => x);
  const data = new Uint8Array(floats.data.length);
  for (let i = 0; i < data.length; i++) data[i] = toByte(floats.data[i] as number);
  return { ...floats, data };
}

/** The nearest whole number in 0…255, halves to even: how OpenCV and PyTorch turn floats into bytes. */
export function toByte(value: number): number {
  return Math.min(255, Math.max(0, roundedToEven(value)));
}

/** The nearest whole number, halves to even. */
export function roundedToEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down;
}
