// TensorFlow.js models through the built program: any number of workers, by path and by URL, and what is refused.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Result, RunRecord } from '../../src/core/result.js';
import { fileServer, status } from '../models/file-server.js';
import { invariance, root, temporaryFolder } from '../support/cli.js';
import { tfjsNodeProject } from '../support/tfjs-node.js';

const folder = temporaryFolder();
const images = path.join(root, 'fixtures', 'small');
const model = { layers: path.join(folder, 'layers'), graph: path.join(folder, 'graph') };

beforeAll(() => {
  for (const kind of ['layers', 'graph'] as const) {
    const made = spawnSync(process.execPath, [path.join(root, 'zoo', 'to-tfjs.mjs'), 'stride', kind, model[kind]]);
    expect(made.stderr.toString()).toBe('');
  }
});

test('converting an unknown network lists those that there are', () => {
  const made = spawnSync(process.execPath, [path.join(root, 'zoo', 'to-tfjs.mjs'), 'strides', 'graph', model.graph]);
  expect(made.status).toBe(2);
  expect(made.stderr.toString()).toMatch(
    /^error: Expected the name of a network of the zoo or a folder with model\.onnx but received "strides"\. Networks: .*\bstride\b.*\.\n$/,
  );
});

async function probe(out: string, args: readonly string[], options: Parameters<typeof invariance>[1] = {}) {
  const run = path.join(folder, out);
  const base = ['probe', '--shift', '1px', '--images', images, '--limit', '4', '--out', run, '--no-report'];
  return invariance([...base, ...args], options);
}

function read(out: string, file: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, out, file), 'utf8'));
}

const resultOf = (out: string): Result => read(out, 'result.json') as Result;
const recordOf = (out: string): RunRecord => read(out, 'run.json') as RunRecord;

describe('a run', () => {
  test('gives the same result with one worker and with two, and says what ran', async () => {
    const both = ['--model', model.layers, '--model', model.graph];
    const one = await probe('one', [...both, '--workers', '1', '--backend', 'wasm', '--runtime', 'tfjs']);
    expect(one).toMatchObject({ code: 0 });
    expect((await probe('two', [...both, '--workers', '2'])).code).toBe(0);
    expect(resultOf('one')).toEqual(resultOf('two'));
    const runtime = expect.stringMatching(/^@tensorflow\/tfjs-backend-wasm \d+\.\d+\.\d+/) as string;
    const record = recordOf('one');
    expect(record.models).toMatchObject([
      { name: 'layers', format: 'tfjs-layers', engine: { backend: 'wasm', runtime } },
      { name: 'graph', format: 'tfjs-graph', engine: { backend: 'wasm', runtime } },
    ]);
    expect(record.versions).toHaveProperty('@tensorflow/tfjs-backend-wasm');
    expect(resultOf('one').models.map((each) => each.runtime)).toEqual([runtime, runtime]);
  });

  test('writes its page, with what ran on it', async () => {
    const run = path.join(folder, 'page');
    const done = await invariance([
      'probe',
      '--shift',
      '1px',
      '--model',
      model.graph,
      '--images',
      images,
      '--limit',
      '3',
      '--out',
      run,
    ]);
    expect(done.code).toBe(0);
    expect(readFileSync(path.join(run, 'report.html'), 'utf8')).toMatch(/@tensorflow\/tfjs-backend-wasm \d/);
  });

  test.skipIf(tfjsNodeProject === null)("runs on TensorFlow's own library in one worker", async () => {
    const done = await probe('native', ['--model', model.layers, '--backend', 'node', '--workers', '2'], {
      cwd: tfjsNodeProject ?? '',
    });
    expect(done).toMatchObject({ code: 0 });
    const record = recordOf('native');
    expect(record).toMatchObject({ workers: 1, models: [{ engine: { backend: 'node' } }] });
    const [native] = resultOf('native').models;
    const [wasm] = resultOf('one').models;
    expect(native?.estimates['top1Change']).toEqual(wasm?.estimates['top1Change']);
  });

  test('by URL needs no network the second time', async () => {
    const files = new Map(
      ['model.json', 'group1-shard1of1.bin', 'config.json', 'preprocessor_config.json'].map((name) => [
        `/stride/${name}`,
        readFileSync(path.join(model.layers, name)),
      ]),
    );
    const server = await fileServer((request, response) => {
      const content = files.get(request.url ?? '');
      if (content === undefined) status(404)(request, response);
      else response.end(content);
    });
    const cache = path.join(folder, 'cache');
    mkdirSync(cache);
    const options = { env: { INVARIANCE_CACHE: cache, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' } };
    const first = await probe('url', ['--model', `${server.url}/stride/model.json`], options);
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(
      /Fetched http:\/\/127\.0\.0\.1:\d+\/stride\/model\.json: .*, sha256 [0-9a-f]{64}; kept in /,
    );
    files.clear();
    const again = await probe('url again', ['--model', `${server.url}/stride/model.json`], options);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('is in the cache');
    expect(resultOf('url again').models).toEqual(resultOf('url').models);
    expect(recordOf('url').models[0]?.name).toBe('stride');
  });
});

describe('what is refused, with exit code 2', () => {
  test.each<[string, () => readonly string[], string | RegExp]>([
    [
      'an unknown backend',
      () => ['--model', model.graph, '--backend', 'gppu'],
      /Unknown --backend "gppu"\. Did you mean "gpu"/,
    ],
    ['an unknown runtime', () => ['--model', model.graph, '--runtime', 'torch'], /Unknown --runtime "torch"/],
    [
      'an ONNX model for TensorFlow.js',
      () => ['--model', 'stride', '--runtime', 'tfjs'],
      /Expected a model for --runtime tfjs but .*model\.onnx is an ONNX model, which onnxruntime runs\./,
    ],
    [
      'a TensorFlow.js model for onnxruntime',
      () => ['--model', model.graph, '--runtime', 'onnxruntime'],
      /is a TensorFlow\.js model\. Leave --runtime out, or give an ONNX model\./,
    ],
    [
      'a backend that is not installed',
      () => ['--model', model.graph, '--backend', 'gpu'],
      "--backend gpu needs @tensorflow/tfjs-node-gpu, which isn't installed in",
    ],
    [
      'an output that is not there, of a model with one',
      () => ['--model', path.join(folder, 'nothing'), '--output-name', 'x'],
      'there is no such file or folder',
    ],
  ])('%s', async (_, args, says) => {
    const { code, stdout, stderr } = await probe('refused', args());
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    if (typeof says === 'string') expect(stderr).toContain(says);
    else expect(stderr).toMatch(says);
  });
});
