// Pulling: from a mirror into a cache, ready to load; once however many ask; with the cache where it belongs.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import { model, node, tensor, value } from '../../src/graph/build.js';
import { TensorProto_DataType as DataType } from '../../src/graph/onnx_pb.js';
import { encodeModel } from '../../src/graph/write.js';
import { modelCache, pulledModel, pulledModels } from '../../src/models/cache.js';
import { catalogueEntry } from '../../src/models/catalogue/catalogue.js';
import { withFileLock } from '../../src/models/file-lock.js';
import { findModel } from '../../src/models/find.js';
import { loadModel } from '../../src/models/load.js';
import { pullModel, pullUrl, pullableModel, type PullableModel } from '../../src/models/pull.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { cutAfter, fileServer, serve } from './file-server.js';

const { folder } = temporaryFolder();

/** A network of ImageNet's shape: 224×224 in, 1,000 classes out. */
const network = encodeModel(
  model({
    inputs: [value('data_0', DataType.FLOAT, [1, 3, 224, 224])],
    outputs: [value('prob_1', DataType.FLOAT, [1, 1000])],
    nodes: [
      node('GlobalAveragePool', ['data_0'], ['pool']),
      node('Flatten', ['pool'], ['flat']),
      node('Gemm', ['flat', 'weight'], ['logits'], { transB: 1n }),
      node('Softmax', ['logits'], ['prob_1']),
    ],
    initializers: [
      tensor(
        'weight',
        [1000, 3],
        Float32Array.from({ length: 3000 }, (_, i) => i / 3000),
      ),
    ],
  }),
);

/** An entry like the catalogue's, for the network above. */
function entry(like: string, name = like): PullableModel {
  const sha256 = createHash('sha256').update(network).digest('hex');
  return { ...pullableModel(like), name, sha256, bytes: network.length };
}

const direct = { environment: {} };

describe('a pulled model', () => {
  it('loads with its family’s preprocessing and classes, and is found by its name', async () => {
    const server = await fileServer(serve(network));
    const cache = path.join(folder, 'ready');
    const given = entry('googlenet-12');
    const pulled = await pullModel(given, { ...direct, cache, url: `${server.url}/mirror/` });
    expect(pulled).toEqual({ folder: path.join(cache, 'googlenet-12'), downloaded: true });
    expect(server.asked.map(({ path }) => path)).toEqual([`/mirror/${String(given.path)}`]);
    expect(readdirSync(pulled.folder).sort()).toEqual([
      'README.md',
      'config.json',
      'model.onnx',
      'preprocessor_config.json',
    ]);

    const loaded = await loadModel(pulled.folder);
    expect(loaded.sha256).toBe(given.sha256);
    expect(loaded.classes?.[6]).toBe('stingray');
    expect(loaded.output).toMatchObject({ classes: 1000, kind: 'probabilities' });
    expect(loaded.preprocessing).toMatchObject({
      resize: { to: 'exact', width: 224, height: 224, kernel: 'bicubic' },
      mean: [103.939, 116.779, 123.68],
      channels: 'bgr',
    });
    expect(await pulledModels(cache)).toEqual(['googlenet-12']);
  });

  it('is found by `--model NAME`; one that wasn’t pulled says how', async () => {
    const server = await fileServer(serve(network));
    vi.stubEnv('INVARIANCE_CACHE', path.join(folder, 'found'));
    try {
      await expect(findModel('vgg16-12')).rejects.toThrow(
        `The model "vgg16-12" isn't on this machine yet. Fetch it with: invariance models pull vgg16-12.`,
      );
      await pullModel(entry('vgg16-12'), { environment: process.env, url: `${server.url}/vgg16-12.onnx` });
      const place = path.join(folder, 'found', 'models', 'vgg16-12');
      expect(await findModel('vgg16-12')).toEqual([{ name: 'vgg16-12', path: place }]);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('of unknown preprocessing has none beside it, even where an older one lay', async () => {
    const server = await fileServer(serve(network));
    const cache = path.join(folder, 'unknown');
    const { folder: place } = await pullModel(entry('inception-v2-9'), { ...direct, cache, url: server.url });
    expect(readdirSync(place).sort()).toEqual(['README.md', 'model.onnx']);
    writeFileSync(path.join(place, 'preprocessor_config.json'), '{}');
    await pullModel(entry('inception-v2-9'), { ...direct, cache, url: server.url });
    expect(readdirSync(place).sort()).toEqual(['README.md', 'model.onnx']);
    await expect(loadModel(place)).rejects.toThrow(/Say it with --preprocess/);
  });

  it('of one’s own comes by URL and checksum, under any name', async () => {
    const server = await fileServer(serve(network));
    const own = pullableModel('our-classifier', createHash('sha256').update(network).digest('hex').toUpperCase());
    const { folder: place } = await pullModel(own, {
      ...direct,
      cache: path.join(folder, 'own'),
      url: `${server.url}/a/b.onnx?token=secret`,
    });
    expect(server.asked.map(({ path }) => path)).toEqual(['/a/b.onnx?token=secret']);
    const readme = readFileSync(path.join(place, 'README.md'), 'utf8');
    expect(readme).toContain(`${server.url}/a/b.onnx`);
    expect(readme).not.toContain('secret');
  });
});

describe('what is there already', () => {
  it('costs no request', async () => {
    const server = await fileServer(serve(network));
    const options = { ...direct, cache: path.join(folder, 'hit'), url: server.url };
    await pullModel(entry('resnet18-v1-7'), options);
    expect(await pullModel(entry('resnet18-v1-7'), options)).toMatchObject({ downloaded: false });
    expect(server.asked).toHaveLength(1);
  });

  it('is fetched again where it was damaged', async () => {
    const server = await fileServer(serve(network));
    const options = { ...direct, cache: path.join(folder, 'damaged'), url: server.url };
    const { folder: place } = await pullModel(entry('resnet18-v1-7'), options);
    const damaged = Uint8Array.from(network);
    damaged[100] = (damaged[100] ?? 0) ^ 1;
    writeFileSync(path.join(place, 'model.onnx'), damaged);
    expect(await pullModel(entry('resnet18-v1-7'), options)).toMatchObject({ downloaded: true });
    expect(readFileSync(path.join(place, 'model.onnx')).equals(network)).toBe(true);
  });

  it('does not count before it is whole', async () => {
    const server = await fileServer(cutAfter(network, 1000));
    const cache = path.join(folder, 'half');
    await expect(pullModel(entry('resnet18-v1-7'), { ...direct, cache, url: server.url })).rejects.toThrow('was cut');
    expect(await pulledModel('resnet18-v1-7', cache)).toBeNull();
    expect(await pulledModels(cache)).toEqual([]);
    server.answer = serve(network);
    await pullModel(entry('resnet18-v1-7'), { ...direct, cache, url: server.url });
    expect(server.asked.map(({ range }) => range)).toEqual([null, 'bytes=1000-']);
  });
});

describe('several at once', () => {
  it('download once: the others wait and find it there', async () => {
    const server = await fileServer((request, response) => setTimeout(() => serve(network)(request, response), 150));
    const waiting = vi.fn();
    const options = { ...direct, cache: path.join(folder, 'several'), url: server.url, waiting };
    const outcomes = await Promise.all([0, 1, 2].map(() => pullModel(entry('resnet18-v1-7'), options)));
    expect(outcomes.filter(({ downloaded }) => downloaded)).toHaveLength(1);
    expect(server.asked).toHaveLength(1);
    expect(waiting.mock.calls).toEqual([[process.pid], [process.pid]]);
  });

  it('take over the lock of a process that died, and give it back after a failure', async () => {
    const lock = path.join(folder, 'dead.lock');
    // The largest process number that Linux can give is 2^22.
    writeFileSync(lock, `${2 ** 22 + 1} ${os.hostname()} left`);
    expect(await withFileLock(lock, () => Promise.resolve(7))).toBe(7);
    expect(existsSync(lock)).toBe(false);
    await expect(withFileLock(lock, () => Promise.reject(new InputError('no')))).rejects.toThrow('no');
    expect(existsSync(lock)).toBe(false);
  });
});

describe('names, checksums and addresses', () => {
  it('an unknown name without a checksum names the nearest', () => {
    expect(() => pullableModel('resnet18-v1')).toThrow(/Unknown model "resnet18-v1"\. Did you mean "resnet18-v1-7"/);
  });

  it('a listed name keeps its own checksum', () => {
    const own = catalogueEntry('mnist-8');
    expect(pullableModel('mnist-8', own?.sha256)).toBe(own);
    expect(() => pullableModel('mnist-8', '0'.repeat(64))).toThrow(
      `Expected ${String(own?.sha256)} for --sha256, which "mnist-8" is published with, but received ${'0'.repeat(64)}.`,
    );
    expect(() => pullableModel('ours', 'abc')).toThrow('Expected 64 hexadecimal digits for --sha256');
    expect(() => pullableModel('../ours', '0'.repeat(64))).toThrow('Expected letters, digits and . _ + - for');
  });

  it('an embedded model’s name is taken', async () => {
    const own = pullableModel('zoo', '0'.repeat(64));
    await expect(pullModel(own, { ...direct, cache: folder, url: 'http://127.0.0.1/m.onnx' })).rejects.toThrow(
      '"zoo" is the name of an embedded model. Pull your model under another name.',
    );
  });

  it('a mirror stands before the path, a file for itself', () => {
    const listed = pullableModel('mnist-8');
    const below = 'validated/vision/classification/mnist/model/mnist-8.onnx';
    expect(pullUrl(listed)).toBe(`https://huggingface.co/onnxmodelzoo/legacy_models/resolve/main/${below}`);
    expect(pullUrl(listed, 'http://mirror.example/zoo')).toBe(`http://mirror.example/zoo/${below}`);
    expect(pullUrl(listed, 'http://mirror.example/zoo//')).toBe(`http://mirror.example/zoo/${below}`);
    expect(pullUrl(listed, 'https://other.example/m.onnx')).toBe('https://other.example/m.onnx');
    expect(pullUrl(listed, 'https://other.example/get?file=7')).toBe('https://other.example/get?file=7');
    for (const wrong of ['mirror.example', 'ftp://mirror.example/zoo', '/srv/models']) {
      expect(() => pullUrl(listed, wrong)).toThrow(
        'Expected an address that begins with https:// or http:// for --url',
      );
    }
    const own = pullableModel('ours', '0'.repeat(64));
    expect(() => pullUrl(own, 'http://mirror.example/zoo')).toThrow('Expected the URL of the file itself');
  });

  it('the cache lies where the system keeps such things', () => {
    const at = (environment: Record<string, string>, platform: NodeJS.Platform) =>
      modelCache(environment, platform, path.resolve('/home/me'));
    const models = path.join('invariance', 'models');
    expect(at({}, 'linux')).toBe(path.resolve('/home/me/.cache', models));
    expect(at({ XDG_CACHE_HOME: '/scratch' }, 'linux')).toBe(path.join('/scratch', models));
    expect(at({ XDG_CACHE_HOME: 'relative' }, 'linux')).toBe(path.resolve('/home/me/.cache', models));
    expect(at({}, 'darwin')).toBe(path.resolve('/home/me/Library/Caches', models));
    expect(at({ LOCALAPPDATA: '/appdata' }, 'win32')).toBe(path.join('/appdata', models));
    expect(at({ INVARIANCE_CACHE: '/mine', XDG_CACHE_HOME: '/scratch' }, 'linux')).toBe(path.resolve('/mine/models'));
  });

  it('a cache that can’t be written is said', async () => {
    const file = path.join(folder, 'a-file');
    writeFileSync(file, '');
    await expect(pullModel(entry('mnist-8'), { ...direct, cache: file })).rejects.toThrow(
      /Expected a folder that can be written for pulled models but .*a-file.* can't be made .*Set INVARIANCE_CACHE/,
    );
  });
});
