// Sliding windows of convolutions and pools: sides, pads and the receptive-field recursion (Araujo, Norris & Sim, 2019).
import type { Attributes } from './attributes.js';
import type { Axis, Extent, Geometry } from './geometry.js';
import { NO_AXIS, mixed } from './geometry.js';
import { dividedBy, rational, times, toNumber } from './rational.js';
import type { Rational } from './rational.js';
import type { NodeView } from './facts.js';

/** A window along one axis of a feature map, in elements of that map. */
export type Window = {
  readonly kernel: number;
  /** Elements from one output to the next; below 1 where the output is finer than the input. */
  readonly stride: Rational;
  readonly dilation: number;
  /** Padding before the first and after the last element; negative where elements are cut off. */
  readonly before: number;
  readonly after: number;
  /** Elements of the result. */
  readonly length: number;
};

/** What stands in the padding. */
export type Filling = 'zeros' | 'constant' | 'edge' | 'reflect' | 'circular' | 'left out';

/** The windows of a layer, one for each spatial axis in the tensor's order. */
export type LayerWindow = { readonly axes: readonly Window[]; readonly filling: Filling };

/** Elements that a dilated kernel spans. */
function spanOf(kernel: number, dilation: number): number {
  return (kernel - 1) * dilation + 1;
}

/** What the attributes say of a window along one axis. */
type Asked = {
  readonly step: number;
  readonly dilation: number;
  readonly pads: readonly [number, number];
  readonly autoPad: string;
};

function asked(attributes: Attributes, axis: number, axes: number): Asked {
  const pads = attributes.ints('pads');
  return {
    step: attributes.ints('strides')?.[axis] ?? 1,
    dilation: attributes.ints('dilations')?.[axis] ?? 1,
    pads: [pads?.[axis] ?? 0, pads?.[axes + axis] ?? 0],
    autoPad: attributes.text('auto_pad', 'NOTSET'),
  };
}

/** Length of the result and padding by ONNX's definitions of auto_pad and ceil_mode (operator Conv, MaxPool). */
function slidingWindow(
  length: number,
  kernel: number,
  { step, dilation, pads, autoPad }: Asked,
  ceil: boolean,
): Window {
  const stride = rational(step);
  const span = spanOf(kernel, dilation);
  if (autoPad === 'SAME_UPPER' || autoPad === 'SAME_LOWER') {
    const out = Math.ceil(length / step);
    const total = Math.max(0, (out - 1) * step + span - length);
    const before = autoPad === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2);
    return { kernel, stride, dilation, before, after: total - before, length: out };
  }
  const [before, after] = autoPad === 'VALID' ? [0, 0] : pads;
  const steps = (length + before + after - span) / step;
  let out = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
  // A window that would start in the padding behind the last element is left out.
  if (ceil && (out - 1) * step >= length + before) out -= 1;
  return { kernel, stride, dilation, before, after, length: out };
}

/**
 * Windows of a convolution or pool.
 *
 * @param sides lengths of the spatial axes
 * @param kernel its sides
 */
export function slidingWindows(
  { attributes }: NodeView,
  sides: readonly number[],
  kernel: readonly number[],
): Window[] {
  const ceil = attributes.int('ceil_mode', 0) === 1;
  return sides.map((length, i) => slidingWindow(length, kernel[i] ?? 1, asked(attributes, i, sides.length), ceil));
}

/** Windows of a transposed convolution by ONNX's definition (operator ConvTranspose). */
export function transposedWindows(
  { attributes }: NodeView,
  sides: readonly number[],
  kernel: readonly number[],
): Window[] {
  const extra = attributes.ints('output_padding');
  const wanted = attributes.ints('output_shape');
  return sides.map((length, i) => {
    const { step, dilation, pads, autoPad } = asked(attributes, i, sides.length);
    const more = extra?.[i] ?? 0;
    const full = step * (length - 1) + more + spanOf(kernel[i] ?? 1, dilation);
    const same = autoPad.startsWith('SAME') ? length * step : undefined;
    const given = wanted?.at(i - sides.length) ?? same;
    const total = given === undefined ? 0 : Math.max(0, full - given);
    const half = autoPad === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2);
    const [before, after] = given === undefined ? pads : [half, total - half];
    return {
      kernel: kernel[i] ?? 1,
      stride: dividedBy(rational(1), rational(step)),
      dilation,
      before,
      after,
      length: given ?? full - before - after,
    };
  });
}

/** The extent behind a window over elements that lie `step` pixels apart. */
function extentBehind(extent: Extent, step: number, { kernel, stride, dilation, before }: Window): Extent {
  if (stride.under === 1) {
    return { size: extent.size + (spanOf(kernel, dilation) - 1) * step, first: extent.first - before * step };
  }
  // Transposed: an output takes from every stride-th weight, so from ceil(span / stride) elements; the first output's
  // field is centred where the first element's centre lies, moved by the padding and half the kernel.
  const fine = step / stride.under;
  const size = extent.size + (Math.ceil(spanOf(kernel, dilation) / stride.under) - 1) * step;
  const centre = extent.first + (extent.size - 1) / 2 + (before - (spanOf(kernel, dilation) - 1) / 2) * fine;
  return { size, first: centre - (size - 1) / 2 };
}

/**
 * Where a feature map lies once windows slid over its axes; null where an axis isn't one direction of the picture.
 *
 * @param from index of the first axis with a window
 */
export function throughWindows(geometry: Geometry, from: number, windows: readonly Window[]): Geometry | null {
  let result = geometry;
  for (const [i, window] of windows.entries()) {
    const axis = result.axes[from + i] ?? NO_AXIS;
    const [part, ...more] = axis.parts;
    if (part === undefined) {
      if (window.length !== 1) return null;
      continue;
    }
    if (part.role === 'batch' || part.role === 'channel' || more.length > 0 || axis.before + axis.after > 0) {
      if (window.kernel > 1 || toNumber(window.stride) !== 1) return null;
      continue;
    }
    if (window.length === 1 && part.length > 1 && spanOf(window.kernel, window.dilation) >= part.length) {
      // One place is left that saw all others: no place of the picture any more.
      result = mixed(result, [from + i]);
      continue;
    }
    const next: Axis = {
      ...axis,
      parts: [{ ...part, length: window.length, step: times(part.step, window.stride) }],
    };
    result = {
      ...result,
      axes: result.axes.map((old, index) => (index === from + i ? next : old)),
      [part.role]: extentBehind(result[part.role], toNumber(part.step), window),
    };
  }
  return result;
}
