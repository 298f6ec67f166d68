import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { node, tensor, value } from '../../src/graph/build.js';
import { TensorProto_DataType as DataType } from '../../src/graph/onnx_pb.js';
import { describeModel, descriptionLines } from '../../src/models/inspect.js';
import { loadModel, type LoadOptions } from '../../src/models/load.js';
import { trialRun } from '../../src/runtimes/onnx.js';
import { IDENTITY, meanClassifier } from '../support/mean-classifier.js';
import { modelFolders, names, preprocessor } from './model-folders.js';

const { folder, write, loaded, messageOf } = modelFolders();

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

  it('of several outputs takes the one that was named', async () => {
    const change = (
      parts: Parameters<NonNullable<NonNullable<Parameters<typeof meanClassifier>[0]>['change']>>[0],
    ) => ({
      ...parts,
      outputs: [...parts.outputs, value('wide', DataType.FLOAT, ['N', 3])],
    });
    const { output, findings } = await bare({ change }, { outputNames: ['wide', 'elsewhere'] });
    expect([output.name, findings['output.name']]).toEqual(['wide', '"wide": --output-name, of 2 outputs']);
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
