import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import { node, tensor, value } from '../../src/graph/build.js';
import { TensorProto_DataType as DataType } from '../../src/graph/onnx_pb.js';
import { describeModel, descriptionLines } from '../../src/models/inspect.js';
import { loadModel, type LoadOptions } from '../../src/models/load.js';
import { trialRun } from '../../src/runtimes/onnx.js';
import { IDENTITY, meanClassifier } from '../support/mean-classifier.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { folder, write } = temporaryFolder();
const names = (...list: string[]): object => ({ id2label: Object.fromEntries(list.map((name, i) => [i, name])) });
const preprocessor = {
  image_processor_type: 'ViTImageProcessor',
  size: { height: 4, width: 4 },
  resample: 2,
  image_mean: [0.5, 0.5, 0.5],
  image_std: [0.5, 0.5, 0.5],
};

/** Writes a model folder and loads it. */
async function loaded(name: string, files: Record<string, Uint8Array | string | object>, options: LoadOptions = {}) {
  for (const [file, content] of Object.entries(files)) write(`${name}/${file}`, content);
  return loadModel(`${folder}/${name}`, options);
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message.replaceAll(folder, '.');
}

describe('a folder in the form of Hugging Face', () => {
  it('gives all that decides a run', async () => {
    const model = await loaded('good', {
      'model.onnx': meanClassifier(),
      'config.json': names('cat', 'dog', 'fox'),
      'preprocessor_config.json': preprocessor,
    });
    expect(model).toMatchObject({
      name: 'good',
      path: `${folder}/good/model.onnx`,
      format: 'onnx',
      input: { name: 'pixels', width: 4, height: 4, layout: 'NCHW', type: 'float32', batch: null },
      output: { name: 'scores', classes: 3, kind: 'logits', type: 'float32' },
      preprocessing: { resize: { to: 'exact', width: 4, height: 4, kernel: 'bilinear' }, crop: null, channels: 'rgb' },
      classes: ['cat', 'dog', 'fox'],
    });
    expect(Object.keys(model.findings)).toEqual(
      expect.arrayContaining([
        'input.layout',
        'input.type',
        'input.batch',
        'input.size',
        'output.kind',
        'output.classes',
        'preprocessing',
        'classes',
      ]),
    );
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('finds onnx/model.onnx with the JSON files above it, from the folder or from the file', async () => {
    const files = {
      'onnx/model.onnx': meanClassifier(),
      'config.json': names('a', 'b', 'c'),
      'preprocessor_config.json': preprocessor,
    };
    const byFolder = await loaded('nested', files);
    const byFile = await loadModel(`${folder}/nested/onnx/model.onnx`);
    expect(byFolder.name).toBe('nested');
    expect(byFile).toEqual(byFolder);
  });

  it('counts external weights into the checksum', async () => {
    const files = { 'model.onnx': meanClassifier({ external: 'w.bin' }), 'preprocessor_config.json': preprocessor };
    const first = await loaded('external', { ...files, 'w.bin': new Uint8Array(IDENTITY.buffer) });
    const second = await loaded('external', { ...files, 'w.bin': new Uint8Array(36) });
    expect(first.sha256).not.toBe(second.sha256);
  });

  it('takes an ONNX file of any ending, with a name given or its own', async () => {
    const path = write('bare/network.bin', meanClassifier());
    expect((await loadModel(path, { preprocess: 'none' })).name).toBe('network.bin');
    expect((await loadModel(path, { preprocess: 'none', name: 'mine' })).name).toBe('mine');
  });
});

describe('what is found out', () => {
  const bare = async (options: Parameters<typeof meanClassifier>[0], load: LoadOptions = {}, config: object = {}) =>
    loaded(
      `bare${Math.random()}`,
      { 'model.onnx': meanClassifier(options), 'config.json': config },
      { preprocess: 'none', ...load },
    );

  it.each([
    ['Softmax', 'probabilities', 'probabilities: last node is Softmax'],
    [
      'LogSoftmax',
      'logits',
      'logits: last node is LogSoftmax: the softmax of log-probabilities gives the probabilities',
    ],
    [undefined, 'logits', 'logits: last node is Gemm, not Softmax'],
  ] as const)('last node %s, behind a cast: %s', async (last, kind, finding) => {
    const model = await bare({ ...(last ? { last } : {}) });
    expect([model.output.kind, model.findings['output.kind']]).toEqual([kind, finding]);
  });

  it("takes config.json's word where the graph is open", async () => {
    expect((await bare({}, {}, { output: 'probabilities' })).output.kind).toBe('probabilities');
    expect((await bare({ last: 'Softmax' }, {}, { output: 'logits' })).output.kind).toBe('probabilities');
  });

  it('counts classes by the last weights, by labels or by a run', async () => {
    const open = await bare({ outputShape: ['N', 'C'] });
    expect([open.output.classes, open.findings['output.classes']]).toEqual([3, '3: weights of the last Gemm']);
    const without = (outputShape: null) => ({
      outputShape,
      change: (parts: Parameters<NonNullable<NonNullable<Parameters<typeof meanClassifier>[0]>['change']>>[0]) => ({
        ...parts,
        nodes: [...parts.nodes.slice(0, 3), node('Identity', ['features'], ['scores'])],
      }),
    });
    const labelled = await bare(without(null), {}, names('a', 'b', 'c'));
    expect(labelled.findings['output.classes']).toBe('3: the number of labels in config.json');
    const tried = await bare(without(null), { trial: trialRun });
    expect([tried.output.classes, tried.findings['output.classes']]).toEqual([3, '3: a run on zeros']);
    expect(await messageOf(bare(without(null)))).toMatch(
      /^The number of classes of .*model\.onnx can't be found out: its output has no fixed shape\. Put a config\.json with "id2label" beside it\.$/,
    );
  });

  it.each([
    [['N', 4, 4, 3], 'NHWC', null],
    [[2, 3, 4, 4], 'NCHW', 2],
    [['N', 'C', 4, 4], 'NCHW', null],
  ] as const)('layout and batch of %j', async (shape, layout, batch) => {
    const model = await bare({ shape, layout, ...(batch ? { outputShape: [batch, 3] } : {}) });
    expect([model.input.layout, model.input.batch, model.input.width, model.input.height]).toEqual([
      layout,
      batch,
      4,
      4,
    ]);
  });

  it('takes the size from the preprocessing where the sides are open', async () => {
    const open = meanClassifier({ shape: ['N', 3, 'H', 'W'] });
    const model = await loaded('open', { 'model.onnx': open, 'preprocessor_config.json': preprocessor });
    expect([model.input.width, model.input.height]).toEqual([4, 4]);
    const usual = await loaded('open2', { 'model.onnx': open }, { preprocess: 'imagenet' });
    expect(usual.input.width).toBe(224);
    expect(await messageOf(loaded('open3', { 'model.onnx': open }, { preprocess: 'none' }))).toBe(
      'The model\'s input has no fixed size, and --preprocess none doesn\'t say one. Use --preprocess file.json with "size" or "crop_size".',
    );
  });

  it('leaves normalising to a model that takes bytes', async () => {
    const bytes = meanClassifier({ type: DataType.UINT8 });
    const model = await loaded('bytes', { 'model.onnx': bytes, 'preprocessor_config.json': preprocessor });
    expect(model.preprocessing).toMatchObject({ scale: 1, offset: 0, mean: [0, 0, 0], std: [1, 1, 1] });
    expect(model.findings['preprocessing.values']).toMatch(/^0…255 as they are: the input is uint8/);
  });

  it('picks the only [batch, classes] of several outputs', async () => {
    const model = await bare({
      change: (parts) => ({ ...parts, outputs: [value('cast', DataType.FLOAT, ['N', 3, 4, 4]), ...parts.outputs] }),
    });
    expect(model.output.name).toBe('scores');
  });
});

describe("models that can't be measured", () => {
  const good = meanClassifier();
  const grey = meanClassifier({ shape: ['N', 1, 4, 4] });
  const withInputs = (...more: string[]) =>
    meanClassifier({
      change: (parts) => ({
        ...parts,
        inputs: [...parts.inputs, ...more.map((name) => value(name, DataType.INT64, ['N', 'tokens']))],
      }),
    });
  const flat = meanClassifier({
    change: (parts) => ({ ...parts, inputs: [value('pixels', DataType.FLOAT, ['N', 48])] }),
  });
  const twoOutputs = meanClassifier({
    change: (parts) => ({ ...parts, outputs: [...parts.outputs, value('wide', DataType.FLOAT, ['N', 3])] }),
  });
  const wholeNumbers = meanClassifier({
    change: (parts) => ({ ...parts, outputs: [value('scores', DataType.INT64, ['N'])] }),
  });
  const none: Record<string, object> = {};

  it.each<[string, Record<string, Uint8Array | string | object>, LoadOptions, string]>([
    [
      'no preprocessing',
      { 'model.onnx': good },
      {},
      "How ./no preprocessing/model.onnx wants its pictures can't be found out: there is no preprocessor_config.json beside it. Say it with --preprocess imagenet|inception|clip|none|file.json.",
    ],
    [
      'unknown preprocessing',
      { 'model.onnx': good },
      { preprocess: 'imagnet' },
      'Unknown preprocessing "imagnet". Did you mean "imagenet"? Valid: imagenet, inception, clip, none, file.json.',
    ],
    [
      'missing preprocessing file',
      { 'model.onnx': good },
      { preprocess: './p.json' },
      "Expected a JSON file for --preprocess but ./p.json doesn't exist. Names: imagenet, inception, clip, none.",
    ],
    [
      'not a model',
      { 'model.onnx': '<html>' },
      {},
      'Expected an ONNX model in ./not a model/model.onnx but the file looks like an HTML page. The download saved a web page: download the file itself again.',
    ],
    [
      'no model',
      { 'config.json': none },
      {},
      'Expected a model in the folder ./no model but there is no model.onnx, no onnx/model.onnx and no other .onnx file. Give the folder of a model in ONNX format.',
    ],
    [
      'several models',
      { 'a.onnx': good, 'onnx/b.onnx': good },
      {},
      'Expected one model in the folder ./several models but there are 2: a.onnx, onnx/b.onnx. Give the path of one of them.',
    ],
    [
      'three inputs',
      { 'model.onnx': withInputs('ids', 'mask') },
      {},
      'Expected a model with one image input but ./three inputs/model.onnx has 3: "pixels" [?, 3, 4, 4] float32, "ids" [?, ?] int64, "mask" [?, ?] int64. Export the image classifier alone.',
    ],
    [
      'no image input',
      { 'model.onnx': flat },
      {},
      'Expected an image input [batch, 3, height, width] or [batch, height, width, 3] but the only input of ./no image input/model.onnx is "pixels" [?, 48] float32. Export an image classifier.',
    ],
    [
      'double input',
      { 'model.onnx': meanClassifier({ type: DataType.DOUBLE }) },
      {},
      'Expected an input of float32, float16, uint8 but the input of ./double input/model.onnx is "pixels" [?, 3, 4, 4] float64. Export the model with one of these types.',
    ],
    [
      'grey',
      { 'model.onnx': grey },
      {},
      'Expected a model of colour pictures (3 channels) but the input of ./grey/model.onnx is "pixels" [?, 1, 4, 4] float32: one channel. Models of grey pictures can\'t be measured.',
    ],
    [
      'five channels',
      { 'model.onnx': meanClassifier({ shape: ['N', 5, 4, 4] }) },
      {},
      'Expected 3 channels in the input of ./five channels/model.onnx but it is "pixels" [?, 5, 4, 4] float32. Export the model with its number of channels fixed at 3.',
    ],
    [
      'two outputs',
      { 'model.onnx': twoOutputs },
      {},
      'Expected one output [batch, classes] but ./two outputs/model.onnx has 2 outputs: "scores" [?, 3] float32, "wide" [?, 3] float32. Export the model with its class output alone.',
    ],
    [
      'whole-number output',
      { 'model.onnx': wholeNumbers },
      {},
      'Expected an output of float32, float16, float64 but the output of ./whole-number output/model.onnx is "scores" [?] int64. Export the model with its class scores as output.',
    ],
    [
      'feature map',
      { 'model.onnx': meanClassifier({ outputShape: ['N', 3, 2, 2] }) },
      {},
      'Expected an output [batch, classes] but the output of ./feature map/model.onnx is "scores" [?, 3, 2, 2] float32. Export an image classifier.',
    ],
    [
      'sigmoid',
      { 'model.onnx': meanClassifier({ last: 'Sigmoid' }) },
      {},
      'Expected a model that chooses one class but the last node of ./sigmoid/model.onnx is Sigmoid: a probability of its own for every class. Export the model without it, or with Softmax.',
    ],
    [
      'missing weights',
      { 'model.onnx': meanClassifier({ external: 'w.bin' }) },
      {},
      'The weights of ./missing weights/model.onnx are missing: tensor "weights" lies in "w.bin", which is not beside the model. Download or copy that file into the model\'s folder too.',
    ],
    [
      'label count',
      { 'model.onnx': good, 'config.json': names('cat', 'dog') },
      { preprocess: 'none' },
      'Expected 3 labels in ./label count/config.json, one for each output of ./label count/model.onnx, but it names 2. Use the config.json of this model.',
    ],
    [
      'label keys',
      { 'model.onnx': good, 'config.json': { id2label: { 0: 'a', 2: 'b' } } },
      {},
      'Expected the indices 0 to 1 as keys of "id2label" in ./label keys/config.json but received "2". Mend the file.',
    ],
    [
      'broken JSON',
      { 'model.onnx': good, 'config.json': '{"id2label": ' },
      {},
      "Expected JSON in ./broken JSON/config.json but it can't be parsed: Unexpected end of JSON input. Mend the file.",
    ],
    [
      'JSON list',
      { 'model.onnx': good, 'config.json': '[1]' },
      {},
      'Expected a JSON object for ./JSON list/config.json but received [1] (array).',
    ],
    [
      'output key',
      { 'model.onnx': good, 'config.json': { output: 'scores' } },
      {},
      'Expected "logits" or "probabilities" for "output" in ./output key/config.json but received "scores".',
    ],
    [
      'other size',
      { 'model.onnx': good, 'preprocessor_config.json': { ...preprocessor, size: { height: 8, width: 8 } } },
      {},
      'Expected pictures of 4×4 for ./other size/model.onnx but preprocessor_config.json makes 8×8 (width×height). Use the preprocessing of this model, or --preprocess.',
    ],
  ])('%s', async (name, files, options, message) => {
    expect(await messageOf(loaded(name, files, options))).toBe(message);
  });

  it('names a path that is not there', async () => {
    expect(await messageOf(loadModel('nowhere'))).toBe(
      'Expected a model at nowhere but there is no such file or folder.',
    );
  });
});

describe('inspect', () => {
  it('prints what was found, with sizes and operators', async () => {
    const model = await loaded('inspected', {
      'model.onnx': meanClassifier(),
      'config.json': names('cat', 'dog', 'fox'),
      'preprocessor_config.json': preprocessor,
    });
    const description = await describeModel(model);
    expect(description).toMatchObject({
      parameters: 9,
      nodes: 5,
      opsets: { 'ai.onnx': 17 },
      producer: 'invariance',
      irVersion: 8,
    });
    expect(description.operators[0]).toEqual({ operator: 'Cast', count: 2 });
    const lines = descriptionLines(description).map((line) => line.replace(/\s{2,}/, ': '));
    expect(lines).toEqual(
      expect.arrayContaining([
        'name: inspected',
        'opset: ai.onnx 17; IR version 8',
        'parameters: 9',
        'input: "pixels" [N, 3, 4, 4] float32, NCHW, batch any',
        'output: "scores" [N, 3] float32, logits',
        'classes: 0 "cat", 1 "dog", 2 "fox"',
        'preprocessing: resize to 4×4 (bilinear); × 0.00392157; − mean (0.5, 0.5, 0.5); ÷ std (0.5, 0.5, 0.5)',
        'found output.kind: logits: last node is Gemm, not Softmax',
      ]),
    );
  });

  it('does not count shapes as parameters', async () => {
    const shaped = meanClassifier({
      change: (parts) => ({
        ...parts,
        initializers: [...(parts.initializers ?? []), tensor('shape', [4], new BigInt64Array(4))],
      }),
    });
    const model = await loaded('shaped', { 'model.onnx': shaped }, { preprocess: 'none' });
    expect((await describeModel(model)).parameters).toBe(9);
  });
});

const shared = fileURLToPath(new URL('../../../shared/real/models/', import.meta.url));

describe.skipIf(!existsSync(shared))('real models (in ../shared; skipped where absent)', () => {
  it.each([
    ['efficientnet-lite0', 224, 'bicubic', 256],
    ['mobilenet-v1-0.5-160', 160, 'bilinear', 183],
    ['mobilenet-v1-0.25-128', 128, 'bilinear', 146],
  ])('%s', async (name, side, kernel, size) => {
    const model = await loadModel(`${shared}${name}`);
    expect(model).toMatchObject({
      name,
      input: { width: side, height: side, layout: 'NCHW', type: 'float32', batch: null },
      output: { classes: 1000, kind: 'logits' },
      preprocessing: { resize: { to: 'shortest-edge', size, kernel }, crop: { width: side, height: side } },
    });
    expect(model.classes?.[1]).toBe('goldfish');
  });
});
