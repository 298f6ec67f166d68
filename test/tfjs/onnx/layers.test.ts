// Layers models and their translations give the same answers: TensorFlow.js on one side, onnxruntime on the other.
import * as tf from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { tfjsLibrary } from '../../../src/runtimes/tfjs-library.js';
import type { TfjsTranslation } from '../../../src/tfjs/onnx/translate.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { layersFiles, withNoise } from '../../support/tfjs-files.js';
import { layersDistance, readFiles, translatedTo } from '../../support/tfjs-translation.js';

const { write } = temporaryFolder();
const { layers } = tf;
type Layer = tf.layers.Layer;

beforeAll(() => tfjsLibrary('wasm'));

/** A chain of layers behind a picture of a given height and width. */
function chain(sides: readonly [number, number], ...made: readonly Layer[]): tf.LayersModel {
  const input = tf.input({ shape: [...sides, 3] });
  const output = made.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
  return withNoise(tf.model({ inputs: input, outputs: output }));
}

const conv = (filters: number): Layer => layers.conv2d({ filters, kernelSize: 3, padding: 'same', strides: 2 });

/** Layers by what is tested of them; each behind a picture of 9×7, whose sides are odd and differ. */
const cases: Readonly<Record<string, () => Layer[]>> = {
  'a convolution with its bias and activation': () => [
    layers.conv2d({ filters: 4, kernelSize: [3, 2], activation: 'relu', padding: 'valid' }),
  ],
  'a convolution without bias': () => [layers.conv2d({ filters: 4, kernelSize: 3, useBias: false, padding: 'same' })],
  'a dilated convolution': () => [layers.conv2d({ filters: 2, kernelSize: 3, dilationRate: 2, padding: 'same' })],
  'a depthwise convolution, several channels a channel': () => [
    layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, strides: 2, padding: 'same', activation: 'relu6' }),
  ],
  'a separable convolution': () => [
    layers.separableConv2d({ filters: 5, kernelSize: 3, padding: 'same', depthMultiplier: 2, activation: 'elu' }),
  ],
  'batch normalisation': () => [conv(4), layers.batchNormalization({ epsilon: 0.01 })],
  'batch normalisation without scale and centre': () => [
    conv(4),
    layers.batchNormalization({ scale: false, center: false }),
  ],
  'layer normalisation': () => [conv(4), layers.layerNormalization()],
  'activations that are layers': () => [
    conv(4),
    layers.reLU({ maxValue: 6 }),
    layers.leakyReLU({ alpha: 0.1 }),
    layers.elu(),
    layers.prelu({ sharedAxes: [1, 2] }),
    layers.thresholdedReLU({ theta: 0.2 }),
    layers.softmax({ axis: -1 }),
  ],
  'activations by name': () =>
    (['sigmoid', 'tanh', 'hardSigmoid', 'softplus', 'softsign', 'selu', 'swish', 'mish', 'linear'] as const).map(
      (activation) => layers.activation({ activation }),
    ),
  'padding and cropping': () => [
    layers.zeroPadding2d({
      padding: [
        [1, 2],
        [0, 3],
      ],
    }),
    layers.cropping2D({
      cropping: [
        [2, 0],
        [1, 1],
      ],
    }),
  ],
  pools: () => [
    layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
    layers.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
  ],
  'a mean over all places': () => [conv(4), layers.globalAveragePooling2d({})],
  'a maximum over all places': () => [conv(4), layers.globalMaxPooling2d({})],
  'flattening in TensorFlow’s order': () => [conv(4), layers.flatten(), layers.dense({ units: 3 })],
  'reshaping and permuting': () => [
    conv(4),
    layers.reshape({ targetShape: [10, -1] }),
    layers.permute({ dims: [2, 1] }),
    layers.dense({ units: 3, activation: 'softmax' }),
  ],
  'doubling by nearest neighbours': () => [layers.upSampling2d({ size: [2, 3] })],
  'doubling by bilinear interpolation': () => [layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' })],
  rescaling: () => [layers.rescaling({ scale: 1 / 127.5, offset: -1 })],
  'what works in training alone': () => [
    conv(4),
    layers.dropout({ rate: 0.5 }),
    layers.gaussianNoise({ stddev: 1 }),
    layers.gaussianDropout({ rate: 0.5 }),
  ],
};

describe('one translation a class', () => {
  it.each(Object.entries(cases))('translates %s', async (_, made) => {
    const { distance, unknown } = await layersDistance(write, chain([9, 7], ...made()));
    expect(unknown).toEqual([]);
    expect(distance).toBeLessThan(1e-5);
  });

  it('translates branches that meet', async () => {
    const input = tf.input({ shape: [8, 8, 3] });
    const apply = (layer: Layer, ...from: tf.SymbolicTensor[]): tf.SymbolicTensor =>
      layer.apply(from.length === 1 ? (from[0] as tf.SymbolicTensor) : from) as tf.SymbolicTensor;
    const a = apply(layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }), input);
    const b = apply(layers.conv2d({ filters: 4, kernelSize: 1 }), input);
    const sum = apply(layers.add(), a, b);
    const gate = apply(
      layers.reshape({ targetShape: [1, 1, 4] }),
      apply(layers.dense({ units: 4, activation: 'sigmoid' }), apply(layers.globalAveragePooling2d({}), sum)),
    );
    const gated = apply(layers.multiply(), sum, gate);
    const joined = apply(layers.concatenate(), gated, a, apply(layers.average(), a, b));
    const both = apply(
      layers.maximum(),
      joined,
      apply(layers.minimum(), joined, apply(layers.concatenate(), a, b, sum)),
    );
    const model = withNoise(tf.model({ inputs: input, outputs: both }));
    expect(await layersDistance(write, model)).toEqual({ distance: expect.closeTo(0, 5) as number, unknown: [] });
  });

  it('takes models in models and shared layers apart', async () => {
    const shared = layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', name: 'shared' });
    const inner = tf.sequential({
      layers: [
        layers.conv2d({ inputShape: [6, 6, 3], filters: 3, kernelSize: 3, padding: 'same', name: 'in' }),
        layers.batchNormalization(),
      ],
      name: 'inside',
    });
    const input = tf.input({ shape: [6, 6, 3] });
    const twice = shared.apply(inner.apply(shared.apply(input))) as tf.SymbolicTensor;
    const outer = tf.model({ inputs: input, outputs: twice, name: 'outside' });
    const model = withNoise(
      tf.sequential({ layers: [outer, layers.globalAveragePooling2d({}), layers.dense({ units: 2 })] }),
    );
    expect(await layersDistance(write, model)).toEqual({ distance: expect.closeTo(0, 5) as number, unknown: [] });
    const { owners } = translatedTo(await readFiles(write, await layersFiles(model)), 6, 2);
    expect([...new Set(owners.values())].filter((name) => name?.includes('shared'))).toEqual(['shared', 'shared 2']);
  });
});

describe('several ends', () => {
  const apply = (layer: Layer, ...from: tf.SymbolicTensor[]): tf.SymbolicTensor =>
    layer.apply(from.length === 1 ? (from[0] as tf.SymbolicTensor) : from) as tf.SymbolicTensor;
  const owned = (translation: TfjsTranslation): (string | null)[] => [...new Set(translation.owners.values())];

  it('the output that is the answer is translated, and what it alone needs', async () => {
    const input = tf.input({ shape: [8, 8, 3], name: 'pixels' });
    const stem = apply(layers.conv2d({ filters: 4, kernelSize: 3, name: 'stem' }), input);
    const map = apply(layers.conv2d({ filters: 5, kernelSize: 1, name: 'map' }), stem);
    const pool = apply(layers.globalAveragePooling2d({ name: 'pool' }), stem);
    const scores = apply(layers.dense({ units: 2, name: 'scores' }), pool);
    const read = await readFiles(write, await layersFiles(tf.model({ inputs: input, outputs: [map, scores] })));
    expect(owned(translatedTo(read, 8, 2, { output: 'scores' })).filter((name) => name !== null)).toEqual([
      'stem',
      'pool',
      'scores',
    ]);
    expect(owned(translatedTo(read, 8, 5, { output: 'map' }))).not.toContain('scores');
  });

  it('inputs beside the picture are not taken for it', async () => {
    const [pixels, mask] = ['pixels', 'mask'].map((name) => tf.input({ shape: [8, 8, 3], name }));
    const masked = apply(layers.multiply({ name: 'masked' }), mask as tf.SymbolicTensor, pixels as tf.SymbolicTensor);
    const scores = apply(layers.globalAveragePooling2d({ name: 'scores' }), masked);
    const inputs = [mask, pixels] as tf.SymbolicTensor[];
    const read = await readFiles(write, await layersFiles(tf.model({ inputs, outputs: scores })));
    const { unknown } = translatedTo(read, 8, 3, { output: 'scores' });
    expect(unknown).toEqual([{ name: 'mask', operator: 'InputLayer', reason: 'it is an input beside the picture' }]);
  });
});

it('pads as TensorFlow does, whatever the sides', async () => {
  const small = fc.integer({ min: 1, max: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        height: fc.integer({ min: 7, max: 12 }),
        width: fc.integer({ min: 7, max: 12 }),
        kernel: fc.tuple(small, small),
        // TensorFlow.js 4.22 gives zeros on WebAssembly where SAME padding would be negative: strides beyond the kernel.
        stride: small,
        padding: fc.constantFrom<'same' | 'valid'>('same', 'valid'),
        kind: fc.constantFrom('conv', 'depthwise', 'max', 'mean'),
      }),
      async ({ height, width, kernel, stride, padding, kind }) => {
        const strides = Math.min(stride, ...kernel);
        const settings = { kernelSize: kernel, strides, padding };
        const pools = { poolSize: kernel, strides: [strides, strides] as [number, number], padding };
        const layer =
          kind === 'conv'
            ? layers.conv2d({ ...settings, filters: 2 })
            : kind === 'depthwise'
              ? layers.depthwiseConv2d(settings)
              : kind === 'max'
                ? layers.maxPooling2d(pools)
                : layers.averagePooling2d(pools);
        expect((await layersDistance(write, chain([height, width], layer))).distance).toBeLessThan(1e-5);
      },
    ),
    { numRuns: 40, seed: 1 },
  );
});

it('says what it can’t translate, and why', async () => {
  const model = chain(
    [8, 8],
    conv(4),
    layers.conv2dTranspose({ filters: 2, kernelSize: 3, name: 'up' }),
    layers.globalAveragePooling2d({}),
  );
  const { unknown } = translatedTo(await readFiles(write, await layersFiles(model)), 8, 2);
  expect(unknown).toEqual([
    { name: 'up', operator: 'Conv2DTranspose', reason: 'operators of this kind are not known to the audit' },
  ]);
});
