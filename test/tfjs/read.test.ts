// Reading model.json and its shards: both kinds, the shared models, and what is told of broken files.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTfjs } from '../../src/tfjs/read.js';
import { weightValues } from '../../src/tfjs/weights.js';
import { hasShared, shared } from '../support/shared.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { floats, graphBytes, graphJson, layersJson, twoHeads, writeModel } from './models.js';

const { folder, write } = temporaryFolder();

async function refused(path: string): Promise<string> {
  return readTfjs(path).then(
    () => 'no error',
    (error: unknown) => (error as Error).message.replaceAll(folder, '~'),
  );
}

describe('reading a layers model', () => {
  it('makes a sequential model functional, with the input that its first layer says', async () => {
    const model = await readTfjs(writeModel(write, 'layers', layersJson(), floats(2 * 3 + 2)));
    expect(model.kind).toBe('layers');
    expect(model.topology).toMatchObject({
      layers: [
        { className: 'InputLayer', name: 'pool_input', config: { batch_input_shape: [null, 4, 4, 3] } },
        { className: 'GlobalAveragePooling2D', calls: [[{ layer: 'pool_input', call: 0, output: 0 }]] },
        { className: 'Dense', calls: [[{ layer: 'pool', call: 0, output: 0 }]] },
      ],
      inputs: [{ layer: 'pool_input', call: 0, output: 0 }],
      outputs: [{ layer: 'dense', call: 0, output: 0 }],
    });
    expect(model.weights).toMatchObject([
      { name: 'dense/kernel', shape: [3, 2], at: 0, bytes: 24 },
      { name: 'dense/bias', shape: [2], at: 24, bytes: 8 },
    ]);
    expect(weightValues(model, model.weights[1]!)).toEqual(new Float32Array([6, 7]));
  });

  it('goes into a model that is a layer', async () => {
    const outer = {
      modelTopology: { class_name: 'Sequential', config: [layersJson().modelTopology] },
      weightsManifest: layersJson().weightsManifest,
    };
    const { topology } = await readTfjs(writeModel(write, 'nested', outer, floats(8)));
    expect(topology).toMatchObject({
      layers: [{ name: 'small_input', config: { batch_input_shape: [null, 4, 4, 3] } }, { className: 'Sequential' }],
    });
  });
});

describe('reading a graph model', () => {
  it('takes its ends from the signature', async () => {
    const { topology, kind } = await readTfjs(writeModel(write, 'graph', graphJson(), graphBytes([1, 2, 3, 4, 5, 6])));
    expect(kind).toBe('graph');
    expect(topology).toMatchObject({
      inputs: [{ key: 'image', tensor: 'x:0', dtype: 'DT_FLOAT', shape: [null, 4, 4, 3] }],
      outputs: [{ key: 'scores', tensor: 'Identity:0', shape: [null, 2] }],
    });
  });

  it('and without one from the nodes', async () => {
    const { signature: _, ...bare } = graphJson();
    const { topology } = await readTfjs(writeModel(write, 'bare', bare, graphBytes([1, 2, 3, 4, 5, 6])));
    expect(topology).toMatchObject({
      inputs: [{ key: 'x', tensor: 'x:0', dtype: 'DT_FLOAT', shape: [null, 4, 4, 3] }],
      outputs: [{ key: 'Identity', tensor: 'Identity:0' }],
    });
  });
});

describe('packed weights', () => {
  it('are unpacked: bytes, 16 bits, half precision', async () => {
    const json = {
      ...layersJson(),
      weightsManifest: [
        {
          paths: ['weights.bin'],
          weights: [
            { name: 'a', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
            { name: 'b', shape: [2], dtype: 'int32', quantization: { dtype: 'uint16', scale: 2, min: 0 } },
            { name: 'c', shape: [3], dtype: 'float32', quantization: { dtype: 'float16' } },
            { name: 'd', shape: [2], dtype: 'string' },
            { name: 'e', shape: [], dtype: 'float32' },
          ],
        },
      ],
    };
    const bytes = Uint8Array.of(
      ...[0, 1, 255],
      ...[1, 0, 0, 1],
      // 1, −2 and 2⁻²⁴ in half precision
      ...[0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00],
      ...[2, 0, 0, 0, 104, 105, 0, 0, 0, 0],
      ...[0, 0, 0x80, 0x3f],
    );
    const model = await readTfjs(writeModel(write, 'packed', json, bytes));
    const values = model.weights.filter(({ dtype }) => dtype !== 'string').map((each) => weightValues(model, each));
    expect(values).toEqual([
      new Float32Array([-1, -0.5, 126.5]),
      new Int32Array([2, 512]),
      new Float32Array([1, -2, 2 ** -24]),
      new Float32Array([1]),
    ]);
    expect(() => weightValues(model, model.weights[3]!)).toThrow('Expected numbers in the weight "d"');
  });
});

describe('what is told of broken files', () => {
  const two = { ...layersJson(), weightsManifest: [{ ...layersJson().weightsManifest[0], paths: ['a', 'b'] }] };
  /** Two heads whose pool takes from these. */
  const chained = (from: readonly string[]): object => {
    const json = twoHeads();
    const [, pool] = json.modelTopology.model_config.config.layers;
    Object.assign(pool!, { inbound_nodes: [from.map((name) => [name, 0, 0, {}])] });
    return json;
  };
  /** The graph with another first input of one of its nodes. */
  const taking = (name: string, from: string): object => {
    const json = graphJson();
    const node = json.modelTopology.node.find((each) => each.name === name);
    Object.assign(node!, { input: [from, 'kernel'] });
    return json;
  };
  const files: readonly [name: string, write: () => string, message: string][] = [
    [
      'JSON that ends early',
      () => write('cut/model.json', JSON.stringify(layersJson()).slice(0, 40)),
      "Expected a TensorFlow.js model in ~/cut/model.json but it isn't JSON (",
    ],
    [
      'a page in its place',
      () => write('page/model.json', '<!DOCTYPE html><p>404'),
      'Expected a TensorFlow.js model in ~/page/model.json but it is an HTML page. Download or copy it again.',
    ],
    [
      'other JSON',
      () => write('other/model.json', { layers: [] }),
      'Expected a TensorFlow.js model in ~/other/model.json but it has neither "modelTopology.model_config" (a layers model) nor "modelTopology.node" (a graph model). Give the model.json that the TensorFlow.js converter or model.save wrote.',
    ],
    [
      'a layer that takes from itself',
      () => writeModel(write, 'cycle', chained(['small']), floats(21)),
      'The layers of ~/cycle/model.json can\'t be followed. The layer "small" takes from itself, past others. Save or convert the model again.',
    ],
    [
      'a layer that is not there',
      () => writeModel(write, 'nolayer', chained(['nope']), floats(21)),
      'The layers of ~/nolayer/model.json can\'t be followed. The topology takes from a layer "nope" that isn\'t there. Save or convert the model again.',
    ],
    [
      'a node that takes from itself',
      () => writeModel(write, 'graphcycle', taking('product', 'answer'), graphBytes([1, 2, 3, 4, 5, 6])),
      'In the graph of ~/graphcycle/model.json the node "answer" takes from itself, past others. Save or convert the model again.',
    ],
    [
      'a node that is not there',
      () => writeModel(write, 'graphnope', taking('product', 'nope'), graphBytes([1, 2, 3, 4, 5, 6])),
      'In the graph of ~/graphnope/model.json the node "product" takes from a node "nope" that isn\'t there. Save or convert the model again.',
    ],
    [
      'a graph without its weights',
      () => write('weightless/model.json', { ...graphJson(), weightsManifest: [] }),
      'The manifest of ~/weightless/model.json lacks 2 weights that its graph takes: "kernel", "axes". Save or convert the model again.',
    ],
    [
      'no shard',
      () => write('shardless/model.json', layersJson()),
      'Expected the weights "weights.bin" beside ~/shardless/model.json, as its manifest says, but there is no such file. Copy or download it into ~/shardless too.',
    ],
    [
      'a short shard',
      () => writeModel(write, 'short', layersJson(), floats(7)),
      'Expected 32 bytes in "weights.bin" by the manifest of ~/short/model.json but it has 28. Copy or download it again.',
    ],
    [
      'a long shard',
      () => writeModel(write, 'long', layersJson(), floats(9)),
      'Expected 32 bytes in "weights.bin" by the manifest of ~/long/model.json but it has 36. Copy or download it again.',
    ],
    [
      'shards that together are too short',
      () => {
        write('two/a', floats(3));
        write('two/b', floats(2));
        return write('two/model.json', two);
      },
      'Expected 32 bytes of weights by the manifest of ~/two/model.json but its files have 20: a 12, b 8. Copy or download them again.',
    ],
    [
      'an unknown element type',
      () =>
        write('typed/model.json', {
          ...layersJson(),
          weightsManifest: [{ paths: [], weights: [{ name: 'a', shape: [1], dtype: 'float64' }] }],
        }),
      'Expected one of float32, int32, bool, string, complex64 for weightsManifest.0.weights.0.dtype in ~/typed/model.json but received "float64". Convert or save the model again.',
    ],
    [
      'an empty folder',
      () => {
        mkdirSync(join(folder, 'empty'));
        return join(folder, 'empty');
      },
      'Expected a TensorFlow.js model in the folder ~/empty but there is no model.json. Give the folder or the path of a model.json.',
    ],
    [
      'two models in a folder',
      () => {
        write('pair/a.json', layersJson());
        write('pair/b.json', graphJson());
        return join(folder, 'pair');
      },
      'Expected one TensorFlow.js model in the folder ~/pair but there are 2: a.json, b.json. Give the path of one of them.',
    ],
    [
      'layers in the form of Keras 3',
      () =>
        write('keras3-layers/model.json', {
          modelTopology: {
            class_name: 'Sequential',
            config: { layers: [{ class_name: 'InputLayer', config: { name: 'x', batch_shape: [null, 4, 4, 3] } }] },
          },
          weightsManifest: [],
        }),
      "~/keras3-layers/model.json is a layers model in the form of Keras 3, which TensorFlow.js can't read. Convert the model as a graph model, or save it with Keras 2 (tf_keras) first.",
    ],
    [
      'a class of its own',
      () =>
        write('own/model.json', {
          modelTopology: { class_name: 'MyModel', config: { layers: [] } },
          weightsManifest: [],
        }),
      'Expected a Functional or Sequential model in ~/own/model.json but it is of the class "MyModel", which TensorFlow.js can\'t read. Convert the model as a graph model.',
    ],
  ];
  it.each(files)('%s', async (_, make, message) => {
    expect(await refused(make())).toContain(message);
  });
});

describe.skipIf(!hasShared)('the shared models', () => {
  it.each([
    ['layers', 'input_1'],
    ['graph', 'pixel_values'],
  ])('%s', async (kind, input) => {
    const path = shared('real', 'models', `mobilenet-v1-0.25-128-tfjs-${kind}`);
    const model = await readTfjs(path);
    expect(model.kind).toBe(kind);
    const [first] =
      model.kind === 'layers'
        ? model.topology.inputs.map(({ layer }) => layer)
        : model.topology.inputs.map(({ key }) => key);
    expect(first).toBe(input);
    expect(model.data.length).toBe(model.weights.reduce((sum, { bytes }) => sum + bytes, 0));
  });

  it('names the shard that was cut short', async () => {
    const from = shared('real', 'models', 'mobilenet-v1-0.25-128-tfjs-layers');
    const to = join(folder, 'cut-shard');
    mkdirSync(to);
    for (const file of readdirSync(from)) copyFileSync(join(from, file), join(to, file));
    const name = join(to, 'group1-shard2of2.bin');
    const bytes = readFileSync(name);
    const short = join(to, 'model.json');
    writeFileSync(join(to, 'short.bin'), bytes.subarray(0, 1000));
    writeFileSync(join(to, 'short.json'), readFileSync(short, 'utf8').replaceAll('group1-shard2of2.bin', 'short.bin'));
    expect(await refused(join(to, 'short.json'))).toBe(
      'Expected 820768 bytes in "short.bin" by the manifest of ~/cut-shard/short.json but it has 1000. Copy or download it again.',
    );
  });
});
