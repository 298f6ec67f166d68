// The structural audit of TensorFlow.js models, in their own layers: against hand-computed facts and the ONNX original.
import * as tf from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GraphAudit } from '../../../src/graph/audit/layer.js';
import { loadModel } from '../../../src/models/load.js';
import { modelStructure } from '../../../src/models/structure.js';
import { tfjsLibrary } from '../../../src/runtimes/tfjs-library.js';
import { auditTfjs } from '../../../src/tfjs/onnx/audit.js';
import { hasShared, shared } from '../../support/shared.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { attribute, graphFiles, graphNode, layersFiles, noise } from '../../support/tfjs-files.js';
import { readFiles, translatedTo } from '../../support/tfjs-translation.js';
import type { TfjsModel } from '../../../src/tfjs/model.js';

const { write } = temporaryFolder();
const { layers } = tf;

beforeAll(() => tfjsLibrary('wasm'));

function audited(model: TfjsModel, side: number): GraphAudit {
  const input = { name: 'pixels', width: side, height: side, layout: 'NHWC', batch: null } as const;
  return auditTfjs(translatedTo(model, side, 2), { input });
}

it('counts the weights of a shared layer once', async () => {
  const input = tf.input({ shape: [8, 8, 3] });
  const shared = layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', name: 'shared' });
  const twice = shared.apply(shared.apply(input)) as tf.SymbolicTensor;
  const pooled = layers.globalAveragePooling2d({}).apply(twice) as tf.SymbolicTensor;
  const read = await readFiles(write, await layersFiles(tf.model({ inputs: input, outputs: pooled })));
  expect(audited(read, 8).parameters).toBe(3 * 3 * 3 * 3 + 3);
});

describe('a layers model', () => {
  const made = async (): Promise<GraphAudit> => {
    const model = tf.sequential({
      layers: [
        layers.conv2d({
          inputShape: [32, 32, 3],
          filters: 8,
          kernelSize: 3,
          strides: 2,
          padding: 'same',
          activation: 'relu',
          name: 'stem',
        }),
        layers.separableConv2d({ filters: 16, kernelSize: 5, strides: 2, padding: 'same', name: 'separable' }),
        layers.flatten({ name: 'flat' }),
        layers.dense({ units: 2, name: 'classes' }),
      ],
    });
    return audited(await readFiles(write, await layersFiles(model)), 32);
  };

  it('keeps its layers’ names and classes, one layer for what became several nodes', async () => {
    const { layers: found } = await made();
    expect(found.map(({ name, operator, from }) => [name, operator, from])).toEqual([
      ['stem', 'Conv2D', ['pixels']],
      ['separable', 'SeparableConv2D', ['stem']],
      // Flattened, every number still lies at a place, but on no axis of places.
      ['classes', 'Dense', ['separable']],
    ]);
  });

  it('has shapes in TensorFlow’s order, SAME padding from the sides, factors, fields, products and weights', async () => {
    const { layers: found, factor, macs, parameters, notes } = await made();
    const [stem, separable] = found;
    expect(stem).toMatchObject({
      shape: ['N', 16, 16, 8],
      places: { layout: 'NHWC', axes: [1, 2] },
      window: { kernel: [3, 3], stride: [2, 2], before: [0, 0], after: [1, 1] },
      factor: { y: 2, x: 2 },
      field: { size: { y: 3, x: 3 }, start: { y: 1, x: 1 } },
      macs: 16 * 16 * 8 * 27,
      parameters: 3 * 3 * 3 * 8 + 8,
    });
    expect(separable).toMatchObject({
      shape: ['N', 8, 8, 16],
      window: { kernel: [5, 5], stride: [2, 2], before: [1, 1], after: [2, 2] },
      field: { size: { y: 3 + 4 * 2, x: 3 + 4 * 2 } },
      macs: 8 * 8 * (8 * 25 + 16 * 8),
      parameters: 8 * 25 + 8 * 16 + 16,
    });
    const dense = { macs: 1024 * 2, parameters: 1024 * 2 + 2 };
    expect(factor).toEqual({ y: 4, x: 4 });
    expect(macs).toBe((stem?.macs ?? 0) + (separable?.macs ?? 0) + dense.macs);
    expect(parameters).toBe((stem?.parameters ?? 0) + (separable?.parameters ?? 0) + dense.parameters);
    expect(notes).toEqual([]);
  });

  it('says behind which layer it can’t see, and goes on', async () => {
    const model = tf.sequential({
      layers: [
        layers.conv2d({ inputShape: [8, 8, 3], filters: 2, kernelSize: 3, strides: 2, padding: 'same', name: 'down' }),
        layers.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2, name: 'up' }),
        layers.globalAveragePooling2d({ name: 'mean' }),
      ],
    });
    const { layers: found, notes, factor } = audited(await readFiles(write, await layersFiles(model)), 8);
    expect(found.map(({ name }) => name)).toEqual(['down']);
    expect(factor).toEqual({ y: 2, x: 2 });
    expect(notes).toEqual([
      "What lies behind up (Conv2DTranspose) isn't known: operators of this kind are not known to the audit.",
    ]);
  });
});

it('takes a fused operator of a graph model as one layer, and padding apart', async () => {
  const { text, texts, numbers, number } = attribute;
  const files = graphFiles(
    16,
    [
      graphNode('Pad', 'Model/pad', ['pixels', 'edges']),
      graphNode('_FusedConv2D', 'Model/Relu6', ['Model/pad', 'w', 'b'], {
        strides: numbers(1, 2, 2, 1),
        dilations: numbers(1, 1, 1, 1),
        padding: text('VALID'),
        data_format: text('NHWC'),
        num_args: number(1),
        fused_ops: texts('BiasAdd', 'Relu6'),
      }),
      graphNode('Identity', 'Identity', ['Model/Relu6']),
    ],
    {
      w: { shape: [3, 3, 3, 2], values: noise(54) },
      b: { shape: [2], values: noise(2) },
      edges: { shape: [4, 2], values: Int32Array.of(0, 0, 0, 1, 0, 1, 0, 0) },
    },
    'Identity',
    2,
  );
  const { layers: found } = audited(await readFiles(write, files), 16);
  expect(found.map(({ name, operator, shape, parameters }) => [name, operator, shape, parameters])).toEqual([
    ['Model/pad', 'Pad', ['N', 17, 17, 3], 0],
    ['Model/Relu6', '_FusedConv2D', ['N', 8, 8, 2], 56],
    ['Identity', 'Identity', ['N', 8, 8, 2], 0],
  ]);
});

describe.skipIf(!hasShared)('MobileNet as ONNX and as both kinds of TensorFlow.js', () => {
  const structure = async (suffix: string) =>
    (await modelStructure(await loadModel(shared('real', 'models', `mobilenet-v1-0.25-128${suffix}`)))).audit;

  it('has the same structure', async () => {
    const onnx = await structure('');
    for (const kind of ['-tfjs-layers', '-tfjs-graph']) {
      const found = await structure(kind);
      const { factor, macs, augmentation, parameters, notes } = found;
      expect({ factor, macs, augmentation, parameters, notes }).toEqual({
        factor: onnx.factor,
        macs: onnx.macs,
        augmentation: onnx.augmentation,
        parameters: onnx.parameters,
        notes: [],
      });
      // Fused nodes are called after their activation, behind the convolution's name.
      const convolutions = found.layers.filter(({ window }) => window !== null);
      expect(convolutions).toHaveLength(27);
      for (const { name, field, factor: own, window, macs: products } of convolutions) {
        const twin = onnx.layers.find((layer) => layer.window !== null && name.includes(layer.name));
        expect({ name, field, own, window, products }).toEqual({
          name,
          field: twin?.field,
          own: twin?.factor,
          window: twin?.window,
          products: twin?.macs,
        });
      }
    }
  });
});
