// TensorFlow's operators that slide a window, pad or resize.
import { InputError } from '../../../core/errors.js';
import { activated, mapped, together } from '../elementwise.js';
import type { Operation, Translation } from '../operation.js';
import { convolved, padded, pooled, resized } from '../windows.js';
import type { Padding, Sides, Window } from '../windows.js';
import type { GraphWriter, Value } from '../writer.js';

function paired(values: readonly number[]): Sides {
  const [, rows = 1, columns = 1] = values;
  return [rows, columns];
}

function paddingOf(operation: Operation): Padding {
  const name = operation.text('padding', 'VALID').toLowerCase();
  if (name === 'same' || name === 'valid') return name;
  const [, , top = 0, bottom = 0, left = 0, right = 0] = operation.numbers('explicit_paddings');
  return [
    [top, bottom],
    [left, right],
  ];
}

function windowOf(operation: Operation): Omit<Window, 'kernel'> {
  if (operation.text('data_format', 'NHWC') !== 'NHWC') throw new InputError('its channels come first (NCHW)');
  return {
    strides: paired(operation.numbers('strides')),
    dilations: paired(operation.numbers('dilations')),
    padding: paddingOf(operation),
  };
}

/** An activation of a fused node; PReLU and leaky ReLU bring their slopes. */
export function fusedActivation(
  write: GraphWriter,
  operation: Operation,
  x: Value,
  name: string | undefined,
  slope: Value | undefined,
): Value {
  if (name === undefined) return x;
  if (name === 'Prelu' && slope !== undefined) return together(write, 'PRelu', [x, slope]);
  if (name === 'LeakyRelu') return mapped(write, 'LeakyRelu', x, { alpha: operation.number('leakyrelu_alpha', 0.2) });
  return activated(write, x, name);
}

function convolution(depthwise: boolean): Translation {
  return (write, operation) => {
    const fused = operation.texts('fused_ops');
    const biased = fused[0] === 'BiasAdd';
    if (fused.includes('FusedBatchNorm')) throw new InputError('a batch normalisation is fused into it');
    const bias = biased ? operation.input(2) : null;
    const x = convolved(write, operation.input(0), operation.input(1), bias, windowOf(operation), depthwise);
    const activation = fused[biased ? 1 : 0];
    return fusedActivation(write, operation, x, activation, operation.inputs[biased ? 3 : 2]);
  };
}

function pool(type: 'MaxPool' | 'AveragePool'): Translation {
  return (write, operation) => {
    const kernel = paired(operation.numbers('ksize'));
    return pooled(write, type, operation.input(0), { ...windowOf(operation), kernel, dilations: [1, 1] });
  };
}

/** Rows of [before, after]. */
function padsOf(operation: Operation): Sides[] {
  const values = operation.known(1, 'amounts');
  return Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i] ?? 0, values[2 * i + 1] ?? 0]);
}

const mirrorPad: Translation = (write, operation) => {
  if (operation.text('mode', 'REFLECT') !== 'REFLECT') throw new InputError('it mirrors the edge itself (SYMMETRIC)');
  return padded(write, operation.input(0), padsOf(operation), { mode: 'reflect' });
};

function resize(mode: 'nearest' | 'linear'): Translation {
  return (write, operation) => {
    const [height = 1, width = 1] = operation.known(1, 'sides');
    const alignCorners = operation.flag('align_corners');
    const halfPixels = operation.flag('half_pixel_centers');
    return resized(write, operation.input(0), [height, width], { mode, alignCorners, halfPixels });
  };
}

const depthToSpace: Translation = (write, operation) => {
  const blocksize = BigInt(operation.number('block_size', 1));
  return {
    name: write.node('DepthToSpace', [write.first(operation.input(0))], { blocksize }),
    order: 'channels first',
  };
};

/** Local response normalisation: ONNX divides the sum's factor by the number of channels that it runs over. */
const localResponse: Translation = (write, operation) => {
  const size = 2 * operation.number('depth_radius', 5) + 1;
  const name = write.node('LRN', [write.first(operation.input(0))], {
    size: BigInt(size),
    alpha: operation.number('alpha', 1) * size,
    beta: operation.number('beta', 0.5),
    bias: operation.number('bias', 1),
  });
  return { name, order: 'channels first' };
};

export const windows: Readonly<Record<string, Translation>> = {
  Conv2D: convolution(false),
  _FusedConv2D: convolution(false),
  DepthwiseConv2d: convolution(true),
  DepthwiseConv2dNative: convolution(true),
  FusedDepthwiseConv2dNative: convolution(true),
  MaxPool: pool('MaxPool'),
  AvgPool: pool('AveragePool'),
  Pad: (write, operation) => padded(write, operation.input(0), padsOf(operation)),
  PadV2: (write, operation) =>
    padded(write, operation.input(0), padsOf(operation), { filling: operation.known(2, 'values')[0] ?? 0 }),
  MirrorPad: mirrorPad,
  ResizeBilinear: resize('linear'),
  ResizeNearestNeighbor: resize('nearest'),
  DepthToSpace: depthToSpace,
  LRN: localResponse,
};
