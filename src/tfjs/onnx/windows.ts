// Convolutions and pools of TensorFlow in ONNX's terms. SAME padding depends on the sides: it is as small as gives
// ceil(side / stride) places, and where it is odd the end gets more (TensorFlow, "tf.nn.convolution").
import { InputError } from '../../core/errors.js';
import type { GraphWriter, Value } from './writer.js';

/** Along rows and columns. */
export type Sides = readonly [number, number];

/** Pixels before and after, along rows and columns, where it isn't one of TensorFlow's rules. */
export type Padding = 'same' | 'valid' | readonly [rows: Sides, columns: Sides];

export type Window = {
  readonly kernel: Sides;
  readonly strides: Sides;
  readonly dilations: Sides;
  readonly padding: Padding;
};

/** Padding before and after along one side. */
function samePadding(side: number, kernel: number, stride: number, dilation: number): Sides {
  const span = (kernel - 1) * dilation + 1;
  const total = Math.max(0, (Math.ceil(side / stride) - 1) * stride + span - side);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

function shapeOf4(write: GraphWriter, x: Value): readonly number[] {
  const shape = write.shape(x);
  if (shape?.length === 4) return shape;
  throw new InputError(`it slides over a tensor of ${shape?.length ?? 'unknown'} axes, not over a picture`);
}

function windowAttributes(
  [, height = 1, width = 1]: readonly number[],
  { kernel, strides, dilations, padding }: Window,
): Record<string, bigint[]> {
  const pads: readonly [Sides, Sides] =
    padding === 'valid'
      ? [
          [0, 0],
          [0, 0],
        ]
      : padding === 'same'
        ? [
            samePadding(height, kernel[0], strides[0], dilations[0]),
            samePadding(width, kernel[1], strides[1], dilations[1]),
          ]
        : padding;
  const [[top, bottom], [left, right]] = pads;
  return {
    kernel_shape: kernel.map(BigInt),
    strides: strides.map(BigInt),
    pads: [top, left, bottom, right].map(BigInt),
    ...(dilations.every((step) => step === 1) ? {} : { dilations: dilations.map(BigInt) }),
  };
}

/** A kernel [rows, columns, in, out] as ONNX has it; of a depthwise one [rows, columns, channels, times]. */
function kernelTensor(write: GraphWriter, kernel: Value, depthwise: boolean): string {
  const [rows = 1, columns = 1, inputs = 1, outputs = 1] = write.shape(kernel) ?? [];
  const order = depthwise ? [2, 3, 0, 1] : [3, 2, 0, 1];
  const shape = depthwise ? [inputs * outputs, 1, rows, columns] : [outputs, inputs, rows, columns];
  if (kernel.weight !== undefined) {
    return write.turnedWeight(kernel.name, kernel.weight, order, shape);
  }
  const turned = write.node('Transpose', [write.plain(kernel)], { perm: order.map(BigInt) });
  return depthwise ? write.node('Reshape', [turned, write.whole(shape)]) : turned;
}

/**
 * A convolution.
 *
 * @param kernel [rows, columns, in, out], or depthwise [rows, columns, channels, times]
 * @param bias [out], or null
 */
export function convolved(
  write: GraphWriter,
  x: Value,
  kernel: Value,
  bias: Value | null,
  window: Omit<Window, 'kernel'>,
  depthwise = false,
): Value {
  const shape = shapeOf4(write, x);
  const sides = write.shape(kernel);
  if (sides?.length !== 4) throw new InputError(`its kernel has ${sides?.length ?? 'unknown'} axes, not 4`);
  const [rows = 1, columns = 1, inputs = 1] = sides;
  const channels = shape[3] ?? 1;
  const group = depthwise ? channels : channels / inputs;
  const tensors = [write.first(x), kernelTensor(write, kernel, depthwise)];
  const name = write.node('Conv', bias === null ? tensors : [...tensors, write.plain(bias)], {
    ...windowAttributes(shape, { ...window, kernel: [rows, columns] }),
    ...(group === 1 ? {} : { group: BigInt(group) }),
  });
  return { name, order: 'channels first' };
}

/** A pool; means leave out the padding, as TensorFlow's do. */
export function pooled(write: GraphWriter, type: 'MaxPool' | 'AveragePool', x: Value, window: Window): Value {
  const attributes = windowAttributes(shapeOf4(write, x), window);
  return { name: write.node(type, [write.first(x)], attributes), order: 'channels first' };
}

/** Padding of a tensor: before and after along each axis, in TensorFlow's order. */
export function padded(
  write: GraphWriter,
  x: Value,
  pads: readonly Sides[],
  { mode = 'constant', filling = 0 }: { readonly mode?: 'constant' | 'reflect'; readonly filling?: number } = {},
): Value {
  const rank = write.shape(x)?.length;
  if (rank !== pads.length) throw new InputError(`it pads ${pads.length} axes of a tensor of ${rank ?? 'unknown'}`);
  const order = rank === 4 ? 'channels first' : 'tensorflow';
  const axes = rank === 4 ? [0, 3, 1, 2] : pads.map((_, axis) => axis);
  const amounts = [0, 1].flatMap((end) => axes.map((axis) => pads[axis]?.[end as 0 | 1] ?? 0));
  const tensors = [rank === 4 ? write.first(x) : write.plain(x), write.whole(amounts)];
  if (filling !== 0) tensors.push(write.scalar(filling));
  return { name: write.node('Pad', tensors, mode === 'constant' ? {} : { mode }), order };
}

/** How a resize places the new pixels. */
export type Resize = {
  readonly mode: 'nearest' | 'linear';
  readonly alignCorners: boolean;
  readonly halfPixels: boolean;
};

/** A resize to given sides, as `tf.image.resizeBilinear` and `resizeNearestNeighbor` have it. */
export function resized(write: GraphWriter, x: Value, [height, width]: Sides, how: Resize): Value {
  shapeOf4(write, x);
  const from = write.first(x);
  const kept = write.node('Shape', [from], { start: 0n, end: 2n });
  const sizes = write.node('Concat', [kept, write.whole([height, width])], { axis: 0n });
  const places = how.alignCorners ? 'align_corners' : how.halfPixels ? 'half_pixel' : 'asymmetric';
  // Rounding to the nearest pixel, as the kernels do it: up at halves, and down to whole pixels from a corner.
  const nearest = places === 'asymmetric' ? 'floor' : 'round_prefer_ceil';
  const name = write.node('Resize', [from, '', '', sizes], {
    mode: how.mode,
    coordinate_transformation_mode: places,
    ...(how.mode === 'nearest' ? { nearest_mode: nearest } : {}),
  });
  return { name, order: 'channels first' };
}
