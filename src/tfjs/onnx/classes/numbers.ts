// Keras layers that work element by element, normalise, multiply by matrices, or move elements.
import { InputError } from '../../../core/errors.js';
import {
  activated,
  batchNormalised,
  clipped,
  concatenated,
  dense,
  mapped,
  reshaped,
  shapeOf,
  softmaxed,
  together,
  withNumber,
} from '../elementwise.js';
import type { LayerTranslation } from '../layer.js';
import { behindActivation, biasOf } from './windows.js';

const product: LayerTranslation = (write, layer) =>
  behindActivation(write, dense(write, layer.input, layer.weight('kernel'), biasOf(layer)), layer);

/** Its axis, alone and last. */
function lastAxis(axes: readonly number[] | null, rank: number): void {
  const [axis = -1, ...more] = axes ?? [-1];
  if (more.length > 0 || (axis !== -1 && axis !== rank - 1)) {
    throw new InputError(`it normalises over axis ${[axis, ...more].join(', ')}, not over the last`);
  }
}

const batchNormalisation: LayerTranslation = (write, layer) => {
  const sides = shapeOf(write, layer.input);
  lastAxis(layer.numbers('axis'), sides.length);
  const channels = sides.at(-1) ?? 1;
  const same = (name: string, number: number) =>
    write.weight(`${name} of ${channels}`, { shape: [channels], values: new Float32Array(channels).fill(number) });
  return batchNormalised(
    write,
    layer.input,
    [
      layer.flag('scale', true) ? layer.weight('gamma') : same('ones', 1),
      layer.flag('center', true) ? layer.weight('beta') : same('zeros', 0),
      layer.weight('moving_mean'),
      layer.weight('moving_variance'),
    ],
    layer.number('epsilon', 1e-3),
  );
};

const layerNormalisation: LayerTranslation = (write, layer) => {
  const sides = shapeOf(write, layer.input);
  lastAxis(layer.numbers('axis'), sides.length);
  const channels = sides.at(-1) ?? 1;
  const ones = { shape: [channels], values: new Float32Array(channels).fill(1) };
  const gamma = layer.flag('scale', true) ? layer.weight('gamma') : write.weight(`ones of ${channels}`, ones);
  const tensors = [write.plain(layer.input), write.plain(gamma)];
  if (layer.flag('center', true)) tensors.push(write.plain(layer.weight('beta')));
  const name = write.node('LayerNormalization', tensors, { axis: -1n, epsilon: layer.number('epsilon', 1e-3) });
  return { name, order: 'tensorflow' };
};

/** TensorFlow.js knows no slope below 0 and no threshold here. */
const relu: LayerTranslation = (write, { input, config, number }) =>
  typeof config['max_value'] === 'number'
    ? clipped(write, input, 0, number('max_value', 0))
    : mapped(write, 'Relu', input);

const rescaling: LayerTranslation = (write, layer) =>
  withNumber(write, 'Add', withNumber(write, 'Mul', layer.input, layer.number('scale', 1)), layer.number('offset', 0));

const average: LayerTranslation = (write, { inputs }) =>
  withNumber(write, 'Mul', together(write, 'Sum', inputs), 1 / inputs.length);

const reshape: LayerTranslation = (write, layer) =>
  reshaped(write, layer.input, write.whole([0, ...(layer.numbers('target_shape') ?? [-1])]));

const permute: LayerTranslation = (write, layer) => ({
  name: write.node('Transpose', [write.plain(layer.input)], {
    perm: [0, ...(layer.numbers('dims') ?? [])].map(BigInt),
  }),
  order: 'tensorflow',
});

/** Layers that only work in training. */
const untouched: LayerTranslation = (write, { input }) => mapped(write, 'Identity', input);

const merge =
  (type: string): LayerTranslation =>
  (write, { inputs }) =>
    together(write, type, inputs);

export const numbers: Readonly<Record<string, LayerTranslation>> = {
  Activation: (write, layer) => activated(write, layer.input, layer.activation),
  Add: merge('Sum'),
  AlphaDropout: untouched,
  Average: average,
  BatchNormalization: batchNormalisation,
  Concatenate: (write, layer) => concatenated(write, layer.inputs, layer.number('axis', -1)),
  Dense: product,
  Dropout: untouched,
  ELU: (write, { input }) => mapped(write, 'Elu', input),
  Flatten: (write, { input }) => reshaped(write, input, write.whole([0, -1])),
  GaussianDropout: untouched,
  GaussianNoise: untouched,
  LayerNormalization: layerNormalisation,
  LeakyReLU: (write, { input, number }) => mapped(write, 'LeakyRelu', input, { alpha: number('alpha', 0.3) }),
  Maximum: merge('Max'),
  Minimum: merge('Min'),
  Multiply: (write, { inputs }) => inputs.reduce((all, value) => together(write, 'Mul', [all, value])),
  PReLU: (write, { input, weight }) => together(write, 'PRelu', [input, weight('alpha')]),
  Permute: permute,
  ReLU: relu,
  Rescaling: rescaling,
  Reshape: reshape,
  Softmax: (write, { input, number }) => softmaxed(write, 'Softmax', input, number('axis', -1)),
  SpatialDropout1D: untouched,
  ThresholdedReLU: (write, { input, number }) => mapped(write, 'ThresholdedRelu', input, { alpha: number('theta', 1) }),
};
