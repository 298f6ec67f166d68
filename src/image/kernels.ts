// Resampling kernels and their coefficient tables, as Pillow defines them (src/libImaging/Resample.c): antialiased, i.e.
// the kernel is stretched by the factor of reduction when a side shrinks.
import { unknownName } from '../core/errors.js';
import type { KernelName } from '../core/model.js';

/** Bits after the point of a fixed-point coefficient: 32 less 8 for the pixel and 2 for overshoot. */
export const PRECISION = 32 - 8 - 2;

type Kernel = { readonly support: number; readonly weight: (x: number) => number };

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

/** Keys' cubic convolution with a = −0.5. */
function cubic(signed: number): number {
  const a = -0.5;
  const x = Math.abs(signed);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

/** Pillow writes these two as single-precision constants. */
const HAMMING = [Math.fround(0.54), Math.fround(0.46)] as const;

function hamming(signed: number): number {
  const x = Math.abs(signed);
  if (x === 0) return 1;
  if (x >= 1) return 0;
  return sinc(x) * (HAMMING[0] + HAMMING[1] * Math.cos(x * Math.PI));
}

/** Kernels that average; "nearest" copies and has no coefficients. */
const KERNELS: Readonly<Record<Exclude<KernelName, 'nearest'>, Kernel>> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: { support: 1, weight: hamming },
  bicubic: { support: 2, weight: cubic },
  lanczos3: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** All kernels' names. */
export const KERNEL_NAMES: readonly KernelName[] = ['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos3'];

/** @throws {InputError} `name` is no kernel */
export function kernelNamed(name: string): KernelName {
  const kernel = KERNEL_NAMES.find((candidate) => candidate === name);
  if (kernel === undefined) throw unknownName('resize kernel', name, KERNEL_NAMES);
  return kernel;
}

/** For each of `count` output pixels of one side: `taps` weights of the input pixels from `first` on. */
export type Coefficients = {
  readonly count: number;
  /** Weights reserved for each output pixel; those beyond the kernel's reach are 0. */
  readonly taps: number;
  readonly first: Int32Array;
  /** Number of weights in use, at least 1. */
  readonly used: Int32Array;
  /** Weights that sum to 1, `[count, taps]`. */
  readonly weights: Float64Array;
};

/**
 * Coefficients that turn a side of `from` pixels into `to` pixels, for the output pixels `start` … `start + count − 1`.
 */
export function coefficients(
  kernel: Exclude<KernelName, 'nearest'>,
  from: number,
  to: number,
  start = 0,
  count = to,
): Coefficients {
  const { support, weight } = KERNELS[kernel];
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const reach = support * stretch;
  const taps = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(count);
  const used = new Int32Array(count);
  const weights = new Float64Array(count * taps);
  for (let i = 0; i < count; i++) {
    const centre = (start + i + 0.5) * scale;
    const low = Math.max(0, Math.trunc(centre - reach + 0.5));
    const high = Math.min(from, Math.trunc(centre + reach + 0.5));
    let sum = 0;
    for (let j = low; j < high; j++) {
      const value = weight((j - centre + 0.5) * (1 / stretch));
      weights[i * taps + j - low] = value;
      sum += value;
    }
    if (sum !== 0) for (let j = 0; j < high - low; j++) weights[i * taps + j] = (weights[i * taps + j] as number) / sum;
    first[i] = low;
    used[i] = high - low;
  }
  return { count, taps, first, used, weights };
}

/** The weights as whole multiples of 2^−PRECISION, halves away from zero. */
export function fixedPoint({ weights }: Coefficients): Int32Array {
  const unit = 1 << PRECISION;
  return Int32Array.from(weights, (value) => Math.trunc(value * unit + (value < 0 ? -0.5 : 0.5)));
}

/** For nearest: which input pixel each output pixel `start` … copies; positions add up as Pillow adds them. */
export function nearestIndices(from: number, to: number, start = 0, count = to): Int32Array {
  const scale = from / to;
  const indices = new Int32Array(count);
  let position = scale * 0.5;
  for (let i = 0; i < start + count; i++) {
    if (i >= start) indices[i - start] = Math.min(from - 1, Math.trunc(position));
    position += scale;
  }
  return indices;
}
