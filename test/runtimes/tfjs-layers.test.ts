// Sums and whole maps of TensorFlow.js layers through the engine's seam: against values by hand, and against ONNX.
import * as tf from '@tensorflow/tfjs-core';
import * as keras from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../src/core/model.js';
import { loadModel } from '../../src/models/load.js';
import { openModels } from '../../src/run/open.js';
import { layersOf } from '../../src/runtimes/registry.js';
import { tfjsLibrary } from '../../src/runtimes/tfjs-library.js';
import { hasShared, shared } from '../support/shared.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { attribute, graphFiles, graphNode, layersFiles, noise, withNoise } from '../support/tfjs-files.js';
import type { TfjsFiles } from '../support/tfjs-files.js';

const { write } = temporaryFolder();
const { layers } = keras;
const SIDE = 4;
const PLACES = SIDE * SIDE;
let made = 0;

beforeAll(() => tfjsLibrary('wasm'));

async function loaded(files: TfjsFiles): Promise<Model> {
  const folder = `m${made++}`;
  write(`${folder}/weights.bin`, files['weights.bin']);
  const [model] = await openModels([{ where: write(`${folder}/model.json`, files['model.json']) }], 'none');
  return model as Model;
}

/** View v has the value 100 v + 10 c + place / 64 in channel c. */
const at = (v: number, c: number, place: number): number => 100 * v + 10 * c + place / 64;
/** Its sum over all places. */
const sum = (v: number, c: number): number => PLACES * (100 * v + 10 * c) + (PLACES * (PLACES - 1)) / 2 / 64;

function views(count: number): Float32Array {
  return Float32Array.from({ length: count * 3 * PLACES }, (_, i) => {
    const [v, rest] = [Math.floor(i / (3 * PLACES)), i % (3 * PLACES)];
    return at(v, rest % 3, Math.floor(rest / 3));
  });
}

/** A layers model whose layer "double" gives twice the picture; with a fixed batch where one is given. */
async function doubling(batch: number | null = null): Promise<Model> {
  const input = keras.input({ batchShape: [batch, SIDE, SIDE, 3], name: 'pixels' });
  const double = layers.depthwiseConv2d({ kernelSize: 1, useBias: false, name: 'double' });
  const mean = layers.globalAveragePooling2d({ name: 'answer' });
  const model = keras.model({
    inputs: input,
    outputs: mean.apply(double.apply(input)) as keras.SymbolicTensor,
  });
  double.setWeights([tf.fill([1, 1, 3, 1], 2)]);
  return loaded(await layersFiles(model));
}

/** The same as a graph model. */
function doublingGraph(): Promise<Model> {
  const { flag } = attribute;
  return loaded(
    graphFiles(
      SIDE,
      [
        graphNode('AddV2', 'block/double', ['pixels', 'pixels']),
        graphNode('Mean', 'answer', ['block/double', 'axes'], { keep_dims: flag(false) }),
      ],
      { axes: { shape: [2], values: Int32Array.of(1, 2) } },
      'answer',
      3,
    ),
  );
}

const kinds: Readonly<Record<string, () => Promise<Model>>> = { layers: () => doubling(), graph: doublingGraph };
const doubleOf = (model: Model): string => (model.format === 'tfjs-graph' ? 'block/double' : 'double');

it('a node is read that has the name under which the signature gives another tensor', async () => {
  const { flag } = attribute;
  const nodes = [
    graphNode('AddV2', 'double', ['pixels', 'pixels']),
    graphNode('Mean', 'answer', ['double', 'axes'], { keep_dims: flag(false) }),
  ];
  const files = graphFiles(SIDE, nodes, { axes: { shape: [2], values: Int32Array.of(1, 2) } }, 'answer', 3);
  const named = files['model.json'].replace('"outputs":{"answer":', '"outputs":{"double":');
  const model = await loaded({ ...files, 'model.json': named });
  const tracer = await (await layersOf(model)).trace(model, ['double'], 1);
  const { sums } = await tracer.run(views(1), 1);
  await tracer.close();
  [...(sums[0] ?? [])].forEach((value, c) => expect(value).toBeCloseTo(2 * sum(0, c), 2));
});

describe.each(Object.entries(kinds))('a %s model', (_, make) => {
  it('gives sums with its answers, the picture’s first', async () => {
    const model = await make();
    const tracer = await (await layersOf(model)).trace(model, [model.input.name, doubleOf(model)], 1);
    for (const count of [1, 3]) {
      const { outputs, sums } = await tracer.run(views(3), count);
      const wanted = Array.from({ length: count }, (__, v) => [0, 1, 2].map((c) => sum(v, c))).flat();
      [...(sums[0] ?? [])].forEach((value, i) => expect(value).toBeCloseTo(wanted[i] as number, 2));
      [...(sums[1] ?? [])].forEach((value, i) => expect(value).toBeCloseTo(2 * (wanted[i] as number), 2));
      [...outputs].forEach((value, i) => expect(value).toBeCloseTo((2 * (wanted[i] as number)) / PLACES, 2));
      expect(sums.map(({ length }) => length)).toEqual([3 * count, 3 * count]);
    }
    expect(tracer.runtime).toContain('tfjs-backend-wasm');
    await tracer.close();
  });

  it('gives whole maps with channels first', async () => {
    const model = await make();
    const reader = await (await layersOf(model)).maps(model, [model.input.name, doubleOf(model)], 1);
    const [picture, double] = await reader.read(views(1));
    await reader.close();
    expect(double).toMatchObject({ channels: 3, rows: SIDE, columns: SIDE });
    [picture, double].forEach((maps, i) => {
      const expected = [0, 1, 2].flatMap((c) => Array.from({ length: PLACES }, (__, p) => (i + 1) * at(0, c, p)));
      [...(maps?.data ?? [])].forEach((value, p) => expect(value).toBeCloseTo(expected[p] as number, 4));
      expect(maps?.data).toHaveLength(expected.length);
    });
  });

  it('says what there is to look at, and why there is no local error', async () => {
    const model = await make();
    const engine = await layersOf(model);
    const found = await engine.describe(model, ['all'], true);
    expect(found.layers.map(({ name, channels, rows, factor }) => [name, channels, rows, factor.y])).toEqual([
      ['pixels', 3, SIDE, 1],
      [doubleOf(model), 3, SIDE, 1],
    ]);
    expect(found.local).toEqual({ unavailable: expect.stringContaining('ONNX graphs') as string });
    const wrong = `${doubleOf(model)}s`;
    await expect(engine.describe(model, [wrong], false)).rejects.toThrow(
      `${model.name}: Unknown layer "${wrong}". Did you mean "${doubleOf(model)}"?`,
    );
    await expect(engine.local(model, 1)).rejects.toThrow('no local equivariance error');
  });
});

it('cuts sums to the views that were asked for where the batch is fixed', async () => {
  const model = await doubling(2);
  const tracer = await (await layersOf(model)).trace(model, ['double'], 1);
  const { sums } = await tracer.run(views(3), 3);
  await tracer.close();
  [...(sums[0] ?? [])].forEach((value, i) => expect(value).toBeCloseTo(2 * sum(Math.floor(i / 3), i % 3), 2));
  expect(sums[0]).toHaveLength(9);
});

it('leaves class tokens out of tokens on a grid', async () => {
  const { text, numbers, number } = attribute;
  const model = await loaded(
    graphFiles(
      SIDE,
      [
        graphNode('Conv2D', 'patches', ['pixels', 'kernel'], {
          strides: numbers(1, 2, 2, 1),
          dilations: numbers(1, 1, 1, 1),
          padding: text('VALID'),
          data_format: text('NHWC'),
        }),
        graphNode('Reshape', 'lines', ['patches', 'sides']),
        graphNode('Shape', 'shape', ['lines']),
        graphNode('StridedSlice', 'batch', ['shape', 'zero', 'one', 'one'], { shrink_axis_mask: number(1) }),
        graphNode('Pack', 'wanted', ['batch', 'single', 'single'], { N: number(3) }),
        graphNode('Tile', 'class', ['token', 'wanted']),
        graphNode('ConcatV2', 'tokens', ['class', 'lines', 'axis'], { N: number(2) }),
        graphNode('Relu', 'block/relu', ['tokens']),
        graphNode('StridedSlice', 'answer', ['block/relu', 'corner', 'end', 'steps'], {
          begin_mask: number(5),
          end_mask: number(5),
          shrink_axis_mask: number(2),
        }),
      ],
      {
        // A channel for the green of each patch's first pixel, and one for twice that.
        kernel: {
          shape: [2, 2, 3, 2],
          values: Float32Array.from({ length: 24 }, (_, i) => (i === 2 ? 1 : i === 3 ? 2 : 0)),
        },
        sides: { shape: [3], values: Int32Array.of(-1, 4, 2) },
        zero: { shape: [1], values: Int32Array.of(0) },
        one: { shape: [1], values: Int32Array.of(1) },
        single: { shape: [], values: Int32Array.of(1) },
        token: { shape: [1, 1, 2], values: Float32Array.of(7, 9) },
        axis: { shape: [], values: Int32Array.of(1) },
        corner: { shape: [3], values: Int32Array.of(0, 0, 0) },
        end: { shape: [3], values: Int32Array.of(0, 1, 0) },
        steps: { shape: [3], values: Int32Array.of(1, 1, 1) },
      },
      'answer',
      2,
    ),
  );
  const engine = await layersOf(model);
  const reader = await engine.maps(model, ['block/relu'], 1);
  const [maps] = await reader.read(views(1));
  await reader.close();
  const first = [0, 2, 8, 10].map((place) => at(0, 1, place));
  expect(maps).toMatchObject({ channels: 2, rows: 2, columns: 2 });
  expect([...(maps?.data ?? [])]).toEqual([...first, ...first.map((value) => 2 * value)]);
  const tracer = await engine.trace(model, ['block/relu'], 1);
  const { outputs, sums } = await tracer.run(views(1), 1);
  await tracer.close();
  expect([...outputs]).toEqual([7, 9]);
  const total = first.reduce((all, value) => all + value, 0);
  expect([...(sums[0] ?? [])]).toEqual([total, 2 * total]);
});

it('looks into models inside of models, under names of their own, and computes them once', async () => {
  const part = (name: string, sides: number): keras.Sequential =>
    keras.sequential({
      name,
      layers: [
        layers.conv2d({
          inputShape: [sides, sides, 3],
          filters: 3,
          kernelSize: 3,
          padding: 'same',
          name: `${name}_conv`,
        }),
        layers.reLU({ name: 'relu' }),
      ],
    });
  const whole = keras.sequential({
    layers: [part('front', SIDE), part('back', SIDE), layers.globalAveragePooling2d({ name: 'answer' })],
  });
  const model = await loaded(await layersFiles(withNoise(whole)));
  const engine = await layersOf(model);
  const names = ['front_conv', 'front/relu', 'back_conv', 'back/relu'];
  expect((await engine.describe(model, ['all'], false)).layers.slice(1).map(({ name }) => name)).toEqual(names);
  const input = noise(3 * PLACES, 3);
  const tracer = await engine.trace(model, names, 1);
  const { outputs, sums } = await tracer.run(input, 1);
  await tracer.close();
  const wanted = tf.tidy(() => (whole.predict(tf.tensor4d(input, [1, SIDE, SIDE, 3])) as tf.Tensor).dataSync());
  [...outputs].forEach((value, c) => {
    expect(value).toBeCloseTo(wanted[c] as number, 6);
    // The answer is the mean over the last layer's places.
    expect(sums[3]?.[c]).toBeCloseTo(PLACES * (wanted[c] as number), 4);
  });
});

describe.skipIf(!hasShared)('the same weights as ONNX', () => {
  const NAMES = ['stem_conv_relu6', 'block4_dw_relu6', 'block8_pw_relu6', 'block13_pw_relu6'];
  const side = 128;
  /** Two smooth pictures, by layout. */
  const pictures = (layout: string): Float32Array =>
    Float32Array.from({ length: 2 * 3 * side * side }, (_, i) => {
      const [view, rest] = [Math.floor(i / (3 * side * side)), i % (3 * side * side)];
      const [channel, place] =
        layout === 'NCHW' ? [Math.floor(rest / (side * side)), rest % (side * side)] : [rest % 3, Math.floor(rest / 3)];
      const [row, column] = [Math.floor(place / side), place % side];
      return Math.sin(row / 9 + view) * Math.cos(column / 7 + channel);
    });

  const seen = async (suffix: string, named: (name: string) => string) => {
    const model = await loadModel(shared('real', 'models', `mobilenet-v1-0.25-128${suffix}`));
    const engine = await layersOf(model);
    const names = [model.input.name, ...NAMES.map(named)];
    const input = pictures(model.input.layout);
    const tracer = await engine.trace(model, names, 1);
    const { sums } = await tracer.run(input, 2);
    await tracer.close();
    const reader = await engine.maps(model, names, 1);
    const maps = await reader.read(input.subarray(0, 3 * side * side));
    await reader.close();
    return { sums, maps };
  };

  it('has the same sums and maps, to 1e-4 of the largest', async () => {
    const onnx = await seen('', (name) => name);
    const others = [
      await seen('-tfjs-layers', (name) => name),
      await seen('-tfjs-graph', (name) => `MobilenetV1/${name.replace('_relu6', '/Relu6')}`),
    ];
    const largest = (values: Float32Array): number =>
      values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const apart = (a: Float32Array, b: Float32Array): number =>
      a.length === b.length ? largest(a.map((value, i) => value - (b[i] as number))) / largest(a) : Infinity;
    for (const other of others) {
      onnx.sums.forEach((sums, i) => expect(apart(sums, other.sums[i] as Float32Array)).toBeLessThan(1e-4));
      onnx.maps.forEach((maps, i) => expect(apart(maps.data, other.maps[i]?.data as Float32Array)).toBeLessThan(1e-4));
    }
  });
});
