// Keras layers that slide a window, pad, cut or resize.
import { activated, reduced, shapeOf } from '../elementwise.js';
import { channelsLast, paddingOf, slidingWindow } from '../layer.js';
import type { Layer, LayerTranslation } from '../layer.js';
import { convolved, padded, pooled, resized } from '../windows.js';
import type { Sides } from '../windows.js';
import type { GraphWriter, Value } from '../writer.js';

/** A layer's result behind its activation. */
export function behindActivation(write: GraphWriter, x: Value, { activation }: Layer): Value {
  return activation === 'linear' ? x : activated(write, x, activation);
}

/** The bias of a layer that has one. */
export function biasOf({ flag, weight }: Layer): Value | null {
  return flag('use_bias', true) ? weight('bias') : null;
}

const convolution: LayerTranslation = (write, layer) =>
  behindActivation(
    write,
    convolved(write, layer.input, layer.weight('kernel'), biasOf(layer), slidingWindow(layer)),
    layer,
  );

const depthwise: LayerTranslation = (write, layer) => {
  const kernel = layer.weight('depthwise_kernel');
  return behindActivation(
    write,
    convolved(write, layer.input, kernel, biasOf(layer), slidingWindow(layer), true),
    layer,
  );
};

const separable: LayerTranslation = (write, layer) => {
  const places = convolved(write, layer.input, layer.weight('depthwise_kernel'), null, slidingWindow(layer), true);
  const points = convolved(write, places, layer.weight('pointwise_kernel'), biasOf(layer), {
    strides: [1, 1],
    dilations: [1, 1],
    padding: 'valid',
  });
  return behindActivation(write, points, layer);
};

function pool(type: 'MaxPool' | 'AveragePool'): LayerTranslation {
  return (write, layer) => {
    channelsLast(layer);
    const kernel = layer.pair('pool_size', [2, 2]);
    return pooled(write, type, layer.input, {
      kernel,
      strides: layer.pair('strides', kernel),
      dilations: [1, 1],
      padding: paddingOf(layer),
    });
  };
}

function globalPool(type: 'ReduceMean' | 'ReduceMax'): LayerTranslation {
  return (write, layer) => {
    channelsLast(layer);
    return reduced(write, type, layer.input, [1, 2], false);
  };
}

const NONE: Sides = [0, 0];

const zeroPadding: LayerTranslation = (write, layer) => {
  channelsLast(layer);
  return padded(write, layer.input, [NONE, ...layer.borders('padding', 1), NONE]);
};

const cropping: LayerTranslation = (write, layer) => {
  channelsLast(layer);
  const [, height = 1, width = 1] = shapeOf(write, layer.input);
  const [[top, bottom], [left, right]] = layer.borders('cropping', 0);
  const name = write.node('Slice', [
    write.first(layer.input),
    write.whole([top, left]),
    write.whole([height - bottom, width - right]),
    write.whole([2, 3]),
  ]);
  return { name, order: 'channels first' };
};

const upSampling: LayerTranslation = (write, layer) => {
  channelsLast(layer);
  const [, height = 1, width = 1] = shapeOf(write, layer.input);
  const [down, right] = layer.pair('size', [2, 2]);
  return resized(write, layer.input, [height * down, width * right], {
    mode: layer.text('interpolation', 'nearest') === 'nearest' ? 'nearest' : 'linear',
    alignCorners: false,
    halfPixels: false,
  });
};

export const windows: Readonly<Record<string, LayerTranslation>> = {
  AveragePooling2D: pool('AveragePool'),
  Conv2D: convolution,
  Cropping2D: cropping,
  DepthwiseConv2D: depthwise,
  GlobalAveragePooling2D: globalPool('ReduceMean'),
  GlobalMaxPooling2D: globalPool('ReduceMax'),
  MaxPooling2D: pool('MaxPool'),
  SeparableConv2D: separable,
  UpSampling2D: upSampling,
  ZeroPadding2D: zeroPadding,
};
