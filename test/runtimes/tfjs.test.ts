// TensorFlow.js behind the classifier seam: answers computed by hand, the same as onnxruntime's, no tensor left, and what is
// told of models that the engine can't run.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { InputError, RunError } from '../../src/core/errors.js';
import type { Model, TfjsBackend } from '../../src/core/model.js';
import { loadModel, type LoadOptions } from '../../src/models/load.js';
import { openClassifier, runtimeName } from '../../src/runtimes/registry.js';
import { openTfjsSession } from '../../src/runtimes/tfjs-open.js';
import { settleTfjs, tfjsTrial } from '../../src/runtimes/tfjs-settle.js';
import { softmax } from '../../src/runtimes/softmax.js';
import { hasShared, shared } from '../support/shared.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { tfjsNodeProject } from '../support/tfjs-node.js';
import { floats, graphBytes, graphJson, layersJson, twoHeads, writeModel } from '../tfjs/models.js';

const { folder, write } = temporaryFolder();
const MATRIX = [1, 2, 3, 4, 5, 6];
let models = 0;

async function loaded(json: object, weights: Uint8Array, options: LoadOptions = {}): Promise<Model> {
  return loadModel(writeModel(write, `model-${models++}`, json, weights), { preprocess: 'none', ...options });
}

/** Views 4×4 whose three colours are these. */
function views(...colours: readonly (readonly number[])[]): Float32Array {
  return Float32Array.from(colours.flatMap((colour) => Array.from({ length: 16 }, () => colour).flat()));
}

async function answers(model: Model, input: Float32Array, count: number): Promise<number[]> {
  const classifier = await openClassifier(model);
  try {
    return [...(await classifier.run(input, count))];
  } finally {
    await classifier.close();
  }
}

async function refused(
  promise: Promise<unknown>,
  kind: typeof InputError | typeof RunError = InputError,
): Promise<string> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(kind);
  return (error as Error).message.replaceAll(/\S*(model-)\d+/g, '~');
}

const racing = { views: () => 4, workers: 2 };
const settled = async (model: Model, backend: TfjsBackend | 'auto') => {
  const { models: found, note } = await settleTfjs([model], backend, racing);
  return { model: found[0] as Model, note };
};

/** Of a mean colour (1, 1, 1): products with the matrices by hand. */
const BY_HAND = { layers: [...softmax([0 + 2 + 4 + 6, 1 + 3 + 5 + 7])], graph: [...softmax([1 + 3 + 5, 2 + 4 + 6])] };

const BACKENDS: readonly TfjsBackend[] = tfjsNodeProject === null ? ['wasm'] : ['wasm', 'node'];

describe.each(BACKENDS)('%s', (backend) => {
  beforeAll(() => {
    // The package is looked for in the folder that the program runs in.
    if (backend === 'node') vi.spyOn(process, 'cwd').mockReturnValue(tfjsNodeProject ?? '');
    return () => vi.restoreAllMocks();
  });

  const ready = async (json: object, weights: Uint8Array, options: LoadOptions = {}): Promise<Model> =>
    (await settled(await loaded(json, weights, options), backend)).model;

  it('names what runs', async () => {
    const model = await ready(layersJson(), floats(8));
    const name = backend === 'wasm' ? '@tensorflow/tfjs-backend-wasm 4.22.0' : '@tensorflow/tfjs-node 4.22.0';
    expect(model.engine).toMatchObject({ backend });
    expect(await runtimeName(model)).toContain(name);
  });

  it('computes layers and graphs', async () => {
    const one = views([1, 1, 1]);
    const layers = await answers(await ready(layersJson(), floats(8)), one, 1);
    const graph = await answers(await ready(graphJson(), graphBytes(MATRIX)), one, 1);
    layers.forEach((value, i) => expect(value).toBeCloseTo(BY_HAND.layers[i] ?? NaN, 6));
    graph.forEach((value, i) => expect(value).toBeCloseTo(BY_HAND.graph[i] ?? NaN, 6));
  });

  it('runs several views, in batches of a fixed size too', async () => {
    const input = views([1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [2, 0, 1]);
    const free = await answers(await ready(graphJson('Identity'), graphBytes(MATRIX)), input, 5);
    expect(free).toEqual([1, 2, 3, 4, 5, 6, 4, 6, 7, 10]);
    const fixed = JSON.parse(JSON.stringify(graphJson('Identity')).replaceAll('"-1"', '"2"')) as object;
    const model = await ready(fixed, graphBytes(MATRIX));
    expect(model.input.batch).toBe(2);
    expect(await answers(model, input, 5)).toEqual(free);
  });

  it('takes the output that was named', async () => {
    const json = twoHeads();
    const weights = floats(3 * 2 + 3 * 5);
    const model = await ready(json, weights, { outputNames: ['large'] });
    const [first] = await answers(model, views([0, 0, 1]), 1);
    expect(first).toBeCloseTo(softmax([16, 17, 18, 19, 20])[0] ?? NaN, 6);
  });

  it('leaves no tensor', async () => {
    const model = await ready(graphJson(), graphBytes(MATRIX));
    const before = tf.memory().numTensors;
    const classifier = await openClassifier(model);
    await classifier.run(views([1, 1, 1]), 1);
    const open = tf.memory().numTensors;
    for (let i = 0; i < 20; i++) await classifier.run(views([1, 1, 1], [0, 1, 0]), 2);
    expect(tf.memory().numTensors).toBe(open);
    await classifier.close();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says where tensors are left', async () => {
    const model = await ready(graphJson(), graphBytes(MATRIX));
    const session = await openTfjsSession(model, () => ({
      ofLayers: () => [],
      ofGraph: ['scores'],
      values: (tensors) => {
        tf.scalar(1);
        return tensors;
      },
      each: [2],
    }));
    for (let i = 0; i < 3; i++) await session.run(views([1, 1, 1]), 1);
    expect(await refused(session.close(), RunError)).toBe(
      '3 tensors of ~/model.json were not freed: an error of this program. Please report it with the model; what was measured is kept.',
    );
  });

  it.skipIf(!hasShared)('answers as onnxruntime does', async () => {
    const side = 128;
    const plane = side * side;
    const interleaved = Float32Array.from({ length: 3 * 3 * plane }, (_, i) => Math.sin(i * 0.37) + Math.sin(i * 1e-4));
    const planes = interleaved.map((_, i) => {
      const view = Math.floor(i / (3 * plane));
      const [channel, place] = [Math.floor((i % (3 * plane)) / plane), i % plane];
      return interleaved[view * 3 * plane + place * 3 + channel] ?? 0;
    });
    const onnx = await answers(await loadModel(shared('real/models/mobilenet-v1-0.25-128')), planes, 3);
    for (const kind of ['layers', 'graph']) {
      const model = await loadModel(shared(`real/models/mobilenet-v1-0.25-128-tfjs-${kind}`));
      const found = await answers((await settled(model, backend)).model, interleaved, 3);
      expect(Math.max(...found.map((value, i) => Math.abs(value - (onnx[i] ?? NaN))))).toBeLessThan(1e-4);
    }
  });
});

const einsum = (): object => {
  const json = graphJson();
  const product = json.modelTopology.node[4] as { op: string; attr: object };
  product.op = 'Einsum';
  product.attr = { equation: { s: btoa('ij,jk->ik') }, N: { i: '2' }, T: { type: 'DT_FLOAT' } };
  return json;
};

describe('what the engine lacks is told before anything is measured', () => {
  const custom = (): object => {
    const json = layersJson();
    json.modelTopology.config.layers[1]!.class_name = 'PatchEncoder';
    return json;
  };

  const masked = (): object => {
    const json = graphJson();
    const [x, ...rest] = json.modelTopology.node;
    const mask = { ...x, name: 'm' };
    const both = { name: 'both', op: 'AddV2', input: ['x', 'm'], attr: { T: { type: 'DT_FLOAT' } } };
    const fed = rest.map((each) => (each.name === 'mean' ? { ...each, input: ['both', 'axes'] } : each));
    const { image } = json.signature.inputs;
    return {
      ...json,
      signature: { ...json.signature, inputs: { image, mask: { ...image, name: 'm:0' } } },
      modelTopology: { node: [x, mask, both, ...fed] },
    };
  };
  const twoPictures = (): object => {
    const json = twoHeads();
    const { config } = json.modelTopology.model_config;
    const second = { ...config.layers[0]!, name: 'y', config: { ...config.layers[0]!.config, name: 'y' } };
    const joined = {
      class_name: 'Add',
      name: 'sum',
      config: { name: 'sum' },
      inbound_nodes: [
        [
          ['x', 0, 0, {}],
          ['y', 0, 0, {}],
        ],
      ],
    };
    const pool = { ...config.layers[1]!, inbound_nodes: [[['sum', 0, 0, {}]]] };
    const layers = [config.layers[0], second, joined, pool, ...config.layers.slice(2)];
    const ends = {
      input_layers: [
        ['x', 0, 0],
        ['y', 0, 0],
      ],
      output_layers: [
        ['small', 0, 0],
        ['large', 0, 0],
      ],
    };
    return {
      ...json,
      modelTopology: { model_config: { class_name: 'Functional', config: { ...config, layers, ...ends } } },
    };
  };

  /** The places of what isn't 0 are found late; the product with them fails, and the engine keeps what it had. */
  const failsLate = (): object => {
    const json = graphJson('Identity');
    const product = json.modelTopology.node.find(({ name }) => name === 'product')!;
    product.input = ['mean', 'found'];
    json.modelTopology.node.push(
      { name: 'where', op: 'Where', input: ['mean'], attr: { T: { type: 'DT_BOOL' } } as never },
      {
        name: 'found',
        op: 'Cast',
        input: ['where'],
        attr: { SrcT: { type: 'DT_INT64' }, DstT: { type: 'DT_FLOAT' } } as never,
      },
    );
    return json;
  };

  it('a failure late in a run, without what its tensors are left of', async () => {
    const { path, input, ...rest } = await loaded(failsLate(), graphBytes(MATRIX));
    const message = /^TensorFlow.js can't run ~\/model.json: .*matMul/;
    expect(await refused(settled({ path, input, ...rest }, 'wasm'))).toMatch(message);
    expect(await refused(tfjsTrial(path, input, 'scores', 'wasm'))).toMatch(message);
  });

  it.each<[string, () => Promise<Model>, string]>([
    [
      'an input beside the picture that the answer needs',
      () => loaded(masked(), graphBytes(MATRIX), { inputNames: ['image'] }),
      "TensorFlow.js can't run ~/model.json: its output needs more than the picture: m. Name another output with --output-name, or save the image classifier alone.",
    ],
    [
      'and in layers',
      () => loaded(twoPictures(), floats(3 * 2 + 3 * 5), { inputNames: ['x'], outputNames: ['small'] }),
      "TensorFlow.js can't run ~/model.json: its output can't be computed from that input alone. Name another with --input-name or --output-name.",
    ],
    [
      'custom layers',
      () => loaded(custom(), floats(8), { trial: () => Promise.resolve([]) }),
      'TensorFlow.js can\'t run ~/model.json: it has layers that TensorFlow.js doesn\'t know: PatchEncoder ("dense"). Save the model with standard layers only, or convert it as a graph model, which has no layers of its own.',
    ],
    [
      'unknown operators',
      () => loaded(graphJson('MyOwnOp'), graphBytes(MATRIX)),
      'TensorFlow.js can\'t run ~/model.json: it has operators that TensorFlow.js doesn\'t know: MyOwnOp ("answer"). Convert the model with standard operators only, or to ONNX.',
    ],
    [
      'an operator that WebAssembly lacks',
      () => loaded(einsum(), graphBytes(MATRIX)),
      "TensorFlow.js can't run ~/model.json: its wasm backend doesn't compute Einsum. Use --backend node (docs/tfjs.md says what it needs), or convert the model to ONNX.",
    ],
    [
      'an activation of its own',
      () => loaded(layersJson('swooosh'), floats(8)),
      "TensorFlow.js can't run ~/model.json: it asks for the activation swooosh, which TensorFlow.js doesn't have. Save the model with standard ones only, or convert it as a graph model.",
    ],
    [
      "weights of other shapes than the layers'",
      () => {
        const json = layersJson();
        json.weightsManifest[0]!.weights[0]!.shape = [4, 2];
        return loaded(json, floats(10));
      },
      "TensorFlow.js can't run ~/model.json: a layer takes weights of the shape [3,2] and the manifest has [4,2]. The files are of two different models: save or convert it again.",
    ],
    [
      'a weight that no layer takes',
      () => {
        const json = layersJson();
        json.weightsManifest[0]!.weights[0]!.name = 'other/kernel';
        return loaded(json, floats(8));
      },
      'TensorFlow.js can\'t run ~/model.json: its manifest has the weight "other/kernel", which no layer takes. The files are of two different models: save or convert it again.',
    ],
    [
      'a weight too few',
      () => {
        const json = layersJson();
        json.weightsManifest[0]!.weights.pop();
        return loaded(json, floats(6));
      },
      "TensorFlow.js can't run ~/model.json: the manifest lacks weights of its layers: dense/bias. Save or convert the model again.",
    ],
  ])('%s', async (_, make, message) => {
    expect(await refused(make().then((model) => settled(model, 'wasm')))).toBe(message);
  });
});

describe('backends', () => {
  it.skipIf(tfjsNodeProject !== null)('that are not installed say what to install', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
    const model = await loaded(layersJson(), floats(8));
    const message = (await refused(settled(model, 'node'))).replaceAll(folder, '~');
    vi.restoreAllMocks();
    expect(message).toBe(
      "--backend node needs @tensorflow/tfjs-node, which isn't installed in ~. Install it there: npm install @tensorflow/tfjs-node@4.22.0 (behind a firewall: scripts/install-tfjs-node.sh of invariance\'s repository, see docs/tfjs.md). Or use --backend wasm, which needs nothing.",
    );
  });

  it('the fastest is one that works, and the others are named', async () => {
    const { model, note } = await settled(await loaded(layersJson(), floats(8)), 'auto');
    expect(model.engine?.backend).toBe('wasm');
    expect(note).toMatch(/^model-\d+: --backend auto takes wasm, about \d+ views\/s; .*gpu doesn't work here/);
  });

  it('the fastest is one for all models of a run, and is told once', async () => {
    const both = [await loaded(layersJson(), floats(8)), await loaded(graphJson(), graphBytes(MATRIX))];
    const { models: found, note } = await settleTfjs(both, 'auto', racing);
    expect(found.map(({ name, engine }) => [name, engine?.backend])).toEqual(both.map(({ name }) => [name, 'wasm']));
    expect(note).toMatch(/^model-\d+, model-\d+: --backend auto takes wasm, about \d+ views\/s/);
  });

  it.skipIf(tfjsNodeProject === null)('the fastest is one that runs all of them', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(tfjsNodeProject ?? '');
    const both = [await loaded(graphJson(), graphBytes(MATRIX)), await loaded(einsum(), graphBytes(MATRIX))];
    const { models: found } = await settleTfjs(both, 'auto', racing);
    vi.restoreAllMocks();
    expect(found.map(({ engine }) => engine?.backend)).toEqual(['node', 'node']);
  });

  it('none of them hides what is wrong with the model', async () => {
    const model = await loaded(graphJson('MyOwnOp'), graphBytes(MATRIX));
    expect(await refused(settled(model, 'auto'))).toContain("operators that TensorFlow.js doesn't know");
  });

  it('an answer of another length is told in one sentence', async () => {
    const model = await loaded(graphJson(), graphBytes(MATRIX));
    expect(await refused(settled({ ...model, output: { ...model.output, classes: 5 } }, 'wasm'))).toBe(
      '~/model.json gave 2 values for 1 views where 5 were expected. Check the number of classes with "invariance models inspect".',
    );
  });

  it.skipIf(tfjsNodeProject === null)('a run on zeros is on the backend that was asked for', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(tfjsNodeProject ?? '');
    const { path, input } = await loaded(einsum(), graphBytes(MATRIX));
    const dims = [{ name: 'scores', dims: [1, 2], type: 'float32' }];
    expect(await tfjsTrial(path, input, 'scores', 'node')).toEqual(dims);
    expect(await tfjsTrial(path, input, 'scores', 'auto')).toEqual(dims);
    vi.restoreAllMocks();
  });

  it('a run on zeros gives the number of classes', async () => {
    const { path, input } = await loaded(graphJson(), graphBytes(MATRIX));
    expect(await tfjsTrial(path, input, 'scores', 'wasm')).toEqual([{ name: 'scores', dims: [1, 2], type: 'float32' }]);
  });
});
