// What is found out of TensorFlow.js models and the files beside them, and what is told of those that can't be used.
import { describe, expect, it } from 'vitest';
import { describeModel, descriptionLines } from '../../src/models/inspect.js';
import { floats, graphBytes, graphJson, layersJson, twoHeads } from '../tfjs/models.js';
import { attribute } from '../support/tfjs-files.js';
import { meanClassifier } from '../support/mean-classifier.js';
import { modelFolders, names, preprocessor } from './model-folders.js';

const { folder, write, loaded, messageOf } = modelFolders();

const layers = { 'model.json': layersJson(), 'weights.bin': floats(8) };
const graph = { 'model.json': graphJson(), 'weights.bin': graphBytes([1, 2, 3, 4, 5, 6]) };

describe('a layers model', () => {
  it('gives all that decides a run', async () => {
    expect(
      await loaded('layers', { ...layers, 'preprocessor_config.json': preprocessor, 'config.json': names('a', 'b') }),
    ).toMatchObject({
      name: 'layers',
      path: `${folder}/layers/model.json`,
      format: 'tfjs-layers',
      input: { name: 'pool_input', width: 4, height: 4, layout: 'NHWC', type: 'float32', batch: null },
      output: { name: 'dense', classes: 2, kind: 'probabilities', type: 'float32' },
      classes: ['a', 'b'],
      findings: {
        'output.kind': 'probabilities: last layer is Dense with softmax',
        'output.classes': '2: of the last Dense',
        'input.layout': 'NHWC: the 3 in "pool_input" [?, 4, 4, 3] float32',
      },
    });
  });

  it('without softmax gives logits', async () => {
    const model = await loaded('linear', {
      ...layers,
      'model.json': layersJson('linear'),
      'preprocessor_config.json': preprocessor,
    });
    expect(model.output.kind).toBe('logits');
    expect(model.findings['output.kind']).toBe('logits: last layer is Dense, not softmax');
  });

  it('may have any name where its content says what it is', async () => {
    await loaded('named', { ...layers, 'preprocessor_config.json': preprocessor });
    write('named/other.json', layersJson());
    expect(await messageOf(loaded('named', {}))).toBe(
      'Expected one model in the folder ./named but there are 2: model.json, other.json. Give the path of one of them.',
    );
    expect(await loaded('named/other.json', {})).toMatchObject({ name: 'other', format: 'tfjs-layers' });
  });

  it('is inspected', async () => {
    const model = await loaded('inspected', { ...layers, 'preprocessor_config.json': preprocessor });
    const lines = descriptionLines(await describeModel(model)).map((line) => line.replace(/\s{2,}/, ': '));
    expect(lines).toEqual(
      expect.arrayContaining([
        'format: TensorFlow.js layers model',
        'size: 0.6 kB with weights.bin',
        'parameters: 8',
        'layers: 3: Dense 1, GlobalAveragePooling2D 1, InputLayer 1',
      ]),
    );
  });
});

describe('a graph model', () => {
  it('gives all that decides a run, by the names of its signature', async () => {
    expect(await loaded('graph', { ...graph, 'preprocessor_config.json': preprocessor })).toMatchObject({
      format: 'tfjs-graph',
      input: { name: 'image', width: 4, height: 4, layout: 'NHWC', type: 'float32', batch: null },
      output: { name: 'scores', classes: 2, kind: 'probabilities' },
      findings: { 'output.kind': 'probabilities: last node is Softmax' },
    });
  });

  it('of a fixed batch and bytes', async () => {
    const text = JSON.stringify(graphJson()).replaceAll('"-1"', '"5"').replaceAll('"DT_FLOAT"', '"DT_INT32"');
    const fixed = JSON.parse(
      text.replace(
        '"scores":{"name":"Identity:0","dtype":"DT_INT32"',
        '"scores":{"name":"Identity:0","dtype":"DT_FLOAT"',
      ),
    ) as object;
    expect(
      await loaded('fixed', { ...graph, 'model.json': fixed, 'preprocessor_config.json': preprocessor }),
    ).toMatchObject({ input: { type: 'uint8', batch: 5 }, preprocessing: { scale: 1, mean: [0, 0, 0] } });
  });

  it.each([
    ['Softmax', 'probabilities', 'last node is Softmax'],
    ['Identity', 'logits', 'last node is MatMul, not softmax'],
  ])('of several tensors passed on together takes the right one, of %s', async (last, kind, why) => {
    const json = graphJson(last);
    const end = json.modelTopology.node.at(-1)!;
    Object.assign(end, { op: 'IdentityN', input: ['kernel', 'answer'] });
    json.signature.outputs.scores.name = 'Identity:1';
    const model = await loaded(`passed-${last}`, {
      ...graph,
      'model.json': json,
      'preprocessor_config.json': preprocessor,
    });
    expect(model.findings['output.kind']).toBe(`${kind}: ${why}`);
  });

  const fused = (...names: readonly string[]): object => {
    const json = graphJson('Identity');
    const product = json.modelTopology.node.find(({ name }) => name === 'product')!;
    return {
      ...json,
      modelTopology: {
        node: json.modelTopology.node.map((node) =>
          node === product
            ? { ...product, op: '_FusedMatMul', attr: { ...product.attr, fused_ops: attribute.texts(...names) } }
            : node,
        ),
      },
    };
  };

  it('with an activation inside its product is told by that', async () => {
    const files = { ...graph, 'preprocessor_config.json': preprocessor };
    const linear = await loaded('fused', { ...files, 'model.json': fused('BiasAdd') });
    expect(linear.findings['output.kind']).toBe('logits: last node is _FusedMatMul, not softmax');
    expect(await messageOf(loaded('fused-s', { ...files, 'model.json': fused('BiasAdd', 'Sigmoid') }))).toBe(
      'Expected a model that chooses one class but the last node is _FusedMatMul with Sigmoid in ./fused-s/model.json: a probability of its own for every class. Save the model without it, or with softmax.',
    );
  });

  it.each(['Slice', 'Einsum', 'Reshape'])('leaves the number of classes to a run behind %s', async (op) => {
    const json = graphJson('Identity');
    json.signature.outputs.scores.tensorShape.dim[1] = { size: '-1' };
    json.modelTopology.node.find(({ name }) => name === 'answer')!.op = op;
    const trial = () => Promise.resolve([{ name: 'scores', dims: [1, 7], type: 'float32' }]);
    const files = { ...graph, 'model.json': json, 'preprocessor_config.json': preprocessor };
    const model = await loaded(`behind-${op}`, files, { trial });
    expect(model.findings['output.classes']).toBe('7: a run on zeros');
  });

  it('counts classes by the weights where the shape leaves them open', async () => {
    const json = graphJson('Identity');
    json.signature.outputs.scores.tensorShape.dim[1] = { size: '-1' };
    const model = await loaded('open', { ...graph, 'model.json': json, 'preprocessor_config.json': preprocessor });
    expect(model.output).toMatchObject({ classes: 2, kind: 'logits' });
    expect(model.findings).toMatchObject({
      'output.classes': '2: weights of the last MatMul',
      'output.kind': 'logits: last node is MatMul, not softmax',
    });
  });
});

describe("Teachable Machine's metadata.json", () => {
  const metadata = {
    tfjsVersion: '1.3.1',
    tmVersion: '2.4.7',
    packageName: '@teachablemachine/image',
    labels: ['Class 1', 'Class 2'],
    imageSize: 4,
  };

  it('gives labels and what its library does with pixels', async () => {
    const model = await loaded('tm', { ...layers, 'metadata.json': metadata });
    expect(model.classes).toEqual(['Class 1', 'Class 2']);
    const { scale, offset, ...rest } = model.preprocessing;
    expect(rest).toEqual({
      source: 'metadata.json',
      resize: { to: 'shortest-edge', size: 4, kernel: 'bilinear' },
      crop: { width: 4, height: 4 },
      mean: [0, 0, 0],
      std: [1, 1, 1],
      channels: 'rgb',
    });
    expect([0, 127, 254].map((value) => value * scale + offset)).toEqual([-1, 0, 1]);
    expect(model.findings['classes']).toBe('2 names in metadata.json');
  });

  it('takes the side from the model where it gives none', async () => {
    const { imageSize: _, ...without } = metadata;
    const model = await loaded('tm-side', { ...layers, 'metadata.json': without });
    expect(model.preprocessing.crop).toEqual({ width: 4, height: 4 });
  });

  it.each([
    [
      'too few labels',
      { ...metadata, labels: ['one'] },
      'Expected 2 labels in ./tm-0/metadata.json, one for each output of ./tm-0/model.json, but it names 1. Use the metadata.json of this model.',
    ],
    [
      'grey pictures',
      { ...metadata, grayscale: true },
      'Expected a model of colour pictures but "grayscale" in ./tm-1/metadata.json is true. Models of grey pictures can\'t be measured.',
    ],
    [
      'sounds',
      { ...metadata, packageName: '@teachablemachine/pose' },
      'Expected "@teachablemachine/image", an image model for "packageName" in ./tm-2/metadata.json but received "@teachablemachine/pose".',
    ],
    [
      'no names',
      { ...metadata, labels: 'a,b' },
      'Expected a list of class names for "labels" in ./tm-3/metadata.json but received "a,b".',
    ],
    [
      'another size',
      { ...metadata, imageSize: 224 },
      'Expected pictures of 4×4 for ./tm-4/model.json but metadata.json makes 224×224 (width×height). Use the preprocessing of this model, or --preprocess.',
    ],
  ])('is refused with %s', async (what, content, message) => {
    const name = `tm-${['too few labels', 'grey pictures', 'sounds', 'no names', 'another size'].indexOf(what)}`;
    expect(await messageOf(loaded(name, { ...layers, 'metadata.json': content }))).toBe(message);
  });
});

describe('several inputs or outputs', () => {
  const heads = {
    'model.json': twoHeads(),
    'weights.bin': floats(3 * 2 + 3 * 5),
    'preprocessor_config.json': preprocessor,
  };

  it('are asked about', async () => {
    expect(await messageOf(loaded('heads', heads))).toBe(
      'Expected one output [batch, classes] but ./heads/model.json has 2: "small" (2 values), "large" (5 values). Say which holds the classes with --output-name NAME.',
    );
  });

  it('and the answer is taken', async () => {
    const model = await loaded('heads', {}, { outputNames: ['elsewhere', 'large'] });
    expect(model.output).toMatchObject({ name: 'large', classes: 5, kind: 'probabilities' });
    expect(model.findings['output.name']).toBe('"large": --output-name, of 2 outputs');
  });

  it('or by the number of labels', async () => {
    const model = await loaded('labelled', { ...heads, 'config.json': names('a', 'b') });
    expect(model.output).toMatchObject({ name: 'small', classes: 2 });
  });

  it('a wrong name lists the right ones', async () => {
    expect(await messageOf(loaded('heads', {}, { outputNames: ['larges'] }))).toBe(
      'Unknown output of ./heads/model.json "larges". Did you mean "large"? Valid: small, large.',
    );
  });

  it('of inputs too', async () => {
    const json = graphJson();
    const two = {
      ...json,
      signature: { ...json.signature, inputs: { ...json.signature.inputs, mask: json.signature.inputs.image } },
    };
    expect(await messageOf(loaded('inputs', { ...graph, 'model.json': two }))).toBe(
      'Expected a model with one image input but ./inputs/model.json has 2: "image" [?, 4, 4, 3] float32, "mask" [?, 4, 4, 3] float32. Say which takes the picture with --input-name NAME (the answer must not need the others), or save the image classifier alone.',
    );
    const named = await loaded('inputs', { 'preprocessor_config.json': preprocessor }, { inputNames: ['mask'] });
    expect(named.input.name).toBe('mask');
  });
});

describe('what is refused', () => {
  const grey = JSON.parse(JSON.stringify(graphJson()).replaceAll('"3"', '"1"')) as object;
  const flat = JSON.parse(JSON.stringify(graphJson()).replaceAll('{"size":"4"},{"size":"4"},', '')) as object;
  it.each<[string, Record<string, Uint8Array | object>, string]>([
    [
      'both formats in one folder',
      { ...layers, 'model.onnx': meanClassifier() },
      'Expected one model in the folder ./refused-0 but it has models of both formats, ONNX and TensorFlow.js: model.onnx, model.json. Give the path of one of them.',
    ],
    [
      'both kinds in one folder',
      { ...layers, 'graph.json': graphJson() },
      'Expected one model in the folder ./refused-1 but there are 2: graph.json, model.json. Give the path of one of them.',
    ],
    [
      'no preprocessing',
      { ...layers },
      "How ./refused-2/model.json wants its pictures can't be found out: there is no preprocessor_config.json beside it. Say it with --preprocess imagenet|inception|clip|none|file.json.",
    ],
    [
      'sigmoid',
      { ...layers, 'model.json': layersJson('sigmoid') },
      'Expected a model that chooses one class but the last layer is Dense with sigmoid in ./refused-3/model.json: a probability of its own for every class. Save the model without it, or with softmax.',
    ],
    [
      'grey pictures',
      { ...graph, 'model.json': grey },
      'Expected a model of colour pictures (3 channels) but the input of ./refused-4/model.json is "image" [?, 4, 4, 1] float32: one channel. Models of grey pictures can\'t be measured.',
    ],
    [
      'an input that is no picture',
      { ...graph, 'model.json': flat },
      'Expected an image input [batch, height, width, 3] but the input of ./refused-5/model.json is "image" [?, 3] float32. Give an image classifier.',
    ],
  ])('%s', async (_, files, message) => {
    const name = message.match(/refused-\d/)?.[0] ?? '';
    expect(await messageOf(loaded(name, files as Record<string, object>))).toBe(message);
  });
});
