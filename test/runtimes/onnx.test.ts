import { describe, expect, it } from 'vitest';
import { InputError, RunError } from '../../src/core/errors.js';
import { model, node, tensor, value } from '../../src/graph/build.js';
import { TensorProto_DataType as DataType, type ModelProto } from '../../src/graph/onnx_pb.js';
import { encodeModel } from '../../src/graph/write.js';
import { loadModel } from '../../src/models/load.js';
import { toFloat16 } from '../../src/core/float16.js';
import { trialRun } from '../../src/runtimes/onnx.js';
import { openClassifier, runtimeName } from '../../src/runtimes/registry.js';
import { IDENTITY, meanClassifier, type MeanClassifier } from '../support/mean-classifier.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { write } = temporaryFolder();
let made = 0;

async function opened(options: MeanClassifier) {
  const loaded = await loadModel(write(`m${made++}.onnx`, meanClassifier(options)), { preprocess: 'none' });
  return { loaded, classifier: await openClassifier(loaded) };
}

/** Two views of 4×4: channel means (1, 2, 3), and (10, 20.5, 0) with the 20.5 from unequal pixels. */
const planes = [...[1, 2, 3].map((mean) => new Array<number>(16).fill(mean)), new Array<number>(16).fill(10)].flat();
const uneven = [...new Array<number>(8).fill(20), ...new Array<number>(8).fill(21)];
const nchw = [...planes, ...uneven, ...new Array<number>(16).fill(0)];
const nhwc = [0, 48].flatMap((view) =>
  Array.from({ length: 48 }, (_, i) => nchw[view + (i % 3) * 16 + Math.floor(i / 3)] as number),
);
const means = [1, 2, 3, 10, 20.5, 0];

describe('running networks whose outputs are the means of their channels', () => {
  it('float32, any batch', async () => {
    const { classifier } = await opened({});
    expect(Array.from(await classifier.run(Float32Array.from(nchw), 2))).toEqual(means);
    // A longer buffer than the views need, and the same one again with other content.
    const buffer = Float32Array.from(nchw);
    expect(Array.from(await classifier.run(buffer, 1))).toEqual([1, 2, 3]);
    buffer.fill(4);
    expect(Array.from(await classifier.run(buffer, 1))).toEqual([4, 4, 4]);
    await classifier.close();
  });

  it('float16, in and out', async () => {
    const { loaded, classifier } = await opened({ type: DataType.FLOAT16 });
    expect([loaded.input.type, loaded.output.type]).toEqual(['float16', 'float16']);
    expect(Array.from(await classifier.run(Uint16Array.from(nchw, toFloat16), 2))).toEqual(means);
    await classifier.close();
  });

  it('uint8, NHWC', async () => {
    const { loaded, classifier } = await opened({ type: DataType.UINT8, layout: 'NHWC', shape: ['N', 4, 4, 3] });
    expect([loaded.input.type, loaded.input.layout]).toEqual(['uint8', 'NHWC']);
    const bytes = Uint8Array.from(nhwc);
    expect(Array.from(await classifier.run(bytes, 2))).toEqual(means);
    await classifier.close();
  });

  it.each([1, 2, 3, 5])('a fixed batch of %d gives the same for two views', async (batch) => {
    const { loaded, classifier } = await opened({ shape: [batch, 3, 4, 4], outputShape: [batch, 3] });
    expect(loaded.input.batch).toBe(batch);
    expect(Array.from(await classifier.run(Float32Array.from(nchw), 2))).toEqual(means);
    await classifier.close();
  });

  it('weights in a file beside the model', async () => {
    write('external/w.bin', new Uint8Array(IDENTITY.buffer));
    const path = write('external/model.onnx', meanClassifier({ external: 'w.bin' }));
    const classifier = await openClassifier(await loadModel(path, { preprocess: 'none' }));
    expect(Array.from(await classifier.run(Float32Array.from(nchw), 2))).toEqual(means);
    await classifier.close();
  });

  it('names the engine with its version', async () => {
    expect(await runtimeName({ format: 'onnx' })).toMatch(/^onnxruntime-node \d+\.\d+\.\d+$/);
  });
});

describe('a trial run', () => {
  it('gives the shapes that the graph leaves open', async () => {
    const path = write('open.onnx', meanClassifier({ outputShape: null }));
    const spec = { name: 'pixels', width: 4, height: 4, layout: 'NCHW', type: 'float32', batch: null } as const;
    expect(await trialRun(path, spec)).toEqual([{ name: 'scores', dims: [1, 3], type: 'float32' }]);
  });
});

describe('models that the engine refuses', () => {
  const inputs = [value('pixels', DataType.FLOAT, ['N', 3, 4, 4])];
  const outputs = [value('scores', DataType.FLOAT, ['N', 3])];
  const single = (opType: string, domain = '', domains = {}): ModelProto =>
    model({ inputs, outputs, domains, nodes: [node(opType, ['pixels'], ['scores'], {}, { name: 'last', domain })] });
  const dangling = model({ inputs, outputs, nodes: [node('Relu', ['nothing'], ['scores'])] });
  const misfit = model({
    inputs,
    outputs,
    initializers: [tensor('w', [5, 5], new Float32Array(25))],
    nodes: [node('MatMul', ['pixels', 'w'], ['scores'], {}, { name: 'last' })],
  });

  it.each<[string, ModelProto, string]>([
    [
      'unknown operator',
      single('Frobnicate'),
      'node "last" asks for the operator Frobnicate, which standard operator set 17 doesn\'t have. Export the model with standard operators only, or with a higher opset.',
    ],
    [
      'custom operator',
      single('Frobnicate', 'com.acme', { 'com.acme': 1 }),
      'it asks for the custom operator Frobnicate of the set "com.acme". Export the model with standard operators only.',
    ],
    [
      'operator of a set that is not imported',
      single('Frobnicate', 'com.acme'),
      'node "last" asks for the operator Frobnicate of the set "com.acme", which the model doesn\'t import. Export the model with standard operators only.',
    ],
    [
      'future operator set',
      model({ inputs, outputs, opset: 99, nodes: [node('Relu', ['pixels'], ['scores'])] }),
      'it uses operator set 99 and the engine knows sets up to 26. Export the model with opset 26 or lower.',
    ],
    [
      'future file format',
      Object.assign(single('Relu'), { irVersion: 99n }),
      "its file format (IR version 99) is newer than the engine's (13). Save the model with IR version 13 or lower.",
    ],
    [
      'tensor from nowhere',
      dangling,
      'a node reads the tensor "nothing", which nothing in the graph makes. Export the model again.',
    ],
    [
      'shapes that do not fit',
      misfit,
      'node "last" (MatMul) gets tensors whose shapes don\'t fit: Incompatible dimensions for matrix multiplication. Export the model again.',
    ],
    [
      'too few inputs',
      single('Conv'),
      'node "last" (Conv) is wrong: Node(last) with schema(::Conv:11) has input size 1 not in range [min=2, max=3]. Export the model again.',
    ],
  ])('%s', async (_, proto, message) => {
    const path = write(`refused${made++}.onnx`, encodeModel(proto));
    const loaded = await loadModel(path, { preprocess: 'none' });
    const error: unknown = await openClassifier(loaded).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toBe(`onnxruntime can't load ${path}: ${message}`);
  });

  it('says which shape came where another was stated', async () => {
    const { loaded, classifier } = await opened({});
    const wrong = await openClassifier({ ...loaded, output: { ...loaded.output, classes: 7 } });
    await expect(wrong.run(Float32Array.from(nchw), 2)).rejects.toThrow(RunError);
    await expect(wrong.run(Float32Array.from(nchw), 2)).rejects.toThrow(
      `${loaded.path} gave an output of shape [2, 3] for 2 views where [2, 7] was expected. Check the number of classes with "invariance models inspect".`,
    );
    await wrong.close();
    await classifier.close();
  });
});
