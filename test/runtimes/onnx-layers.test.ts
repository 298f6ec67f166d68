// Sums and whole maps of layers through the engine's seam: every layout, element type and batch, against values by hand.
import { describe, expect, it } from 'vitest';
import type { Model } from '../../src/core/model.js';
import { model, node, tensor, value, type Dimension } from '../../src/graph/build.js';
import { TensorProto_DataType as DataType, type NodeProto, type TensorProto } from '../../src/graph/onnx_pb.js';
import { encodeModel } from '../../src/graph/write.js';
import { loadModel } from '../../src/models/load.js';
import { elementsOn, type Elements } from '../../src/runtimes/classifier.js';
import { toFloat16 } from '../../src/core/float16.js';
import { layersOf } from '../../src/runtimes/registry.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { write } = temporaryFolder();
const SIDE = 8;
let made = 0;

type Made = {
  readonly nodes: readonly NodeProto[];
  readonly weights?: readonly TensorProto[];
  readonly classes: number;
};

async function loaded(
  { nodes, weights = [], classes }: Made,
  shape: readonly Dimension[],
  type = DataType.FLOAT,
): Promise<Model> {
  const [batch = 'N'] = shape;
  const bytes = encodeModel(
    model({
      inputs: [value('pixels', type, shape)],
      outputs: [value('logits', DataType.FLOAT, [batch, classes])],
      nodes,
      initializers: weights,
    }),
  );
  return loadModel(write(`m${made++}.onnx`, bytes), { preprocess: 'none' });
}

/** View v has the value 100 v + 10 c + place / 64 in channel c. */
const at = (v: number, c: number, place: number): number => 100 * v + 10 * c + place / 64;
const PLACES = SIDE * SIDE;

function views(count: number, layout: 'NCHW' | 'NHWC'): number[] {
  return Array.from({ length: count * 3 * PLACES }, (_, i) => {
    const [v, rest] = [Math.floor(i / (3 * PLACES)), i % (3 * PLACES)];
    return layout === 'NCHW' ? at(v, Math.floor(rest / PLACES), rest % PLACES) : at(v, rest % 3, Math.floor(rest / 3));
  });
}

/** Sum of channel c of view v over all places. */
const sum = (v: number, c: number): number => PLACES * (100 * v + 10 * c) + (PLACES * (PLACES - 1)) / 2 / 64;

const relu: Made = {
  nodes: [
    node('Relu', ['pixels'], ['block1/relu']),
    node('GlobalAveragePool', ['block1/relu'], ['mean']),
    node('Flatten', ['mean'], ['logits']),
  ],
  classes: 3,
};

async function sumsOf(model: Model, input: Elements, count: number): Promise<number[][]> {
  const tracer = await (await layersOf(model)).trace(model, ['pixels', 'block1/relu'], 1);
  const { outputs, sums } = await tracer.run(input, count);
  expect(outputs).toHaveLength(count * model.output.classes);
  await tracer.close();
  return sums.map((values) => [...values]);
}

const wanted = (count: number): number[] =>
  Array.from({ length: count }, (_, v) => [0, 1, 2].map((c) => sum(v, c))).flat();

describe('sums', () => {
  it('come with the answers of any number of views, the picture’s first', async () => {
    const model = await loaded(relu, ['N', 3, SIDE, SIDE]);
    const [picture, layer] = await sumsOf(model, Float32Array.from(views(2, 'NCHW')), 2);
    layer?.forEach((value, i) => expect(value).toBeCloseTo(wanted(2)[i] as number, 1));
    expect(picture).toEqual(layer);
  });

  it('are cut to the views that were asked for where the batch is fixed', async () => {
    const model = await loaded(relu, [2, 3, SIDE, SIDE]);
    const [, layer] = await sumsOf(model, Float32Array.from(views(3, 'NCHW')), 3);
    expect(layer).toHaveLength(9);
    layer?.forEach((value, i) => expect(value).toBeCloseTo(wanted(3)[i] as number, 1));
  });

  it('are of the bytes of a picture that goes in as bytes', async () => {
    const nodes = [node('Cast', ['pixels'], ['values'], { to: BigInt(DataType.FLOAT) }), ...relu.nodes];
    nodes[1] = node('Relu', ['values'], ['block1/relu']);
    const model = await loaded({ ...relu, nodes }, ['N', 3, SIDE, SIDE], DataType.UINT8);
    const bytes = Uint8Array.from({ length: 3 * PLACES }, (_, i) => Math.floor(i / PLACES) + 1);
    const [picture, layer] = await sumsOf(model, bytes, 1);
    expect(picture).toEqual([64, 128, 192]);
    expect(layer).toEqual([64, 128, 192]);
  });

  it('are taken in single precision where maps have half of it', async () => {
    const nodes = [
      node('Relu', ['pixels'], ['block1/relu']),
      node('GlobalAveragePool', ['block1/relu'], ['mean']),
      node('Flatten', ['mean'], ['flat']),
      node('Cast', ['flat'], ['logits'], { to: BigInt(DataType.FLOAT) }),
    ];
    const model = await loaded({ nodes, classes: 3 }, ['N', 3, SIDE, SIDE], DataType.FLOAT16);
    const half = Uint16Array.from(views(1, 'NCHW'), toFloat16);
    const [, layer] = await sumsOf(model, elementsOn(half.buffer, 'float16', 0, half.length), 1);
    layer?.forEach((value, i) => expect(Math.abs(value / (wanted(1)[i] as number) - 1)).toBeLessThan(1e-2));
  });
});

describe('whole maps', () => {
  it('keep their places, channels first', async () => {
    const model = await loaded(relu, ['N', 3, SIDE, SIDE]);
    const reader = await (await layersOf(model)).maps(model, ['pixels', 'block1/relu'], 1);
    const [picture, layer] = await reader.read(Float32Array.from(views(1, 'NCHW')));
    await reader.close();
    expect(layer).toMatchObject({ channels: 3, rows: SIDE, columns: SIDE });
    expect(layer?.data[PLACES + 9]).toBeCloseTo(at(0, 1, 9), 5);
    expect([...(picture?.data ?? [])]).toEqual([...(layer?.data ?? [])]);
  });

  it('are turned to channels first where they have channels last', async () => {
    const nodes = [
      node('Relu', ['pixels'], ['block1/relu']),
      node('Transpose', ['block1/relu'], ['turned'], { perm: [0n, 3n, 1n, 2n] }),
      node('GlobalAveragePool', ['turned'], ['mean']),
      node('Flatten', ['mean'], ['logits']),
    ];
    const model = await loaded({ nodes, classes: 3 }, ['N', SIDE, SIDE, 3]);
    expect(model.input.layout).toBe('NHWC');
    const input = Float32Array.from(views(1, 'NHWC'));
    const reader = await (await layersOf(model)).maps(model, ['block1/relu'], 1);
    const [layer] = await reader.read(input);
    await reader.close();
    expect(layer).toMatchObject({ channels: 3, rows: SIDE, columns: SIDE });
    expect(layer?.data[2 * PLACES + 11]).toBeCloseTo(at(0, 2, 11), 5);
    const [, sums] = await sumsOf(model, input, 1);
    sums?.forEach((found, c) => expect(found).toBeCloseTo(sum(0, c), 1));
  });

  it('of tokens lie on the grid of their patches, without the class token', async () => {
    const patch = Float32Array.from({ length: 3 * 16 }, (_, i) => (i === 16 ? 1 : 0));
    const nodes = [
      node('Conv', ['pixels', 'w'], ['patches'], { strides: [4n, 4n] }),
      node('Reshape', ['patches', 'sides'], ['lines']),
      node('Transpose', ['lines'], ['turned'], { perm: [0n, 2n, 1n] }),
      node('Concat', ['class', 'turned'], ['tokens'], { axis: 1n }),
      node('Relu', ['tokens'], ['block1/relu']),
      node('Gather', ['block1/relu', 'zero'], ['logits'], { axis: 1n }),
    ];
    const weights = [
      tensor('w', [2, 3, 4, 4], Float32Array.from([...patch, ...patch.map((weight) => 2 * weight)])),
      tensor('class', [1, 1, 2], Float32Array.of(7, 9)),
      tensor('sides', [3], BigInt64Array.of(0n, 2n, -1n)),
      tensor('zero', [], BigInt64Array.of(0n)),
    ];
    const model = await loaded({ nodes, weights, classes: 2 }, [1, 3, SIDE, SIDE]);
    const reader = await (await layersOf(model)).maps(model, ['block1/relu'], 1);
    const [layer] = await reader.read(Float32Array.from(views(1, 'NCHW')));
    await reader.close();
    // Each patch keeps the first pixel of its green channel: at rows and columns 0 and 4.
    const first = [0, 4, 32, 36].map((place) => at(0, 1, place));
    expect(layer).toMatchObject({ channels: 2, rows: 2, columns: 2 });
    expect([...(layer?.data ?? [])]).toEqual([...first, ...first.map((value) => 2 * value)]);
  });
});

it('says what there is to look at, and refuses layers that are not there by the model’s name', async () => {
  const model = await loaded(relu, ['N', 3, SIDE, SIDE]);
  const engine = await layersOf(model);
  const { layers, local } = await engine.describe(model, ['all'], true);
  expect(layers.map(({ name }) => name)).toEqual(['pixels', 'block1/relu']);
  expect(local).toEqual([
    { name: 'block1/relu', operator: 'Relu' },
    { name: 'classifier', operator: 'Flatten' },
  ]);
  await expect(engine.describe(model, ['block2/relu'], false)).rejects.toThrow(
    `${model.name}: Unknown layer "block2/relu". Did you mean "block1/relu"`,
  );
});
