// TensorFlow.js models by URL, from a local server: fetched whole or not at all, then read without the network.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError, RunError } from '../../src/core/errors.js';
import { loadModel } from '../../src/models/load.js';
import { remoteModel } from '../../src/models/remote.js';
import { readTfjs } from '../../src/tfjs/read.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { floats, layersJson } from '../tfjs/models.js';
import { cutAfter, fileServer, stallAfter, status } from './file-server.js';

const { folder } = temporaryFolder();
let caches = 0;

const json = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const metadata = { packageName: '@teachablemachine/image', labels: ['dark', 'light'], imageSize: 4 };

/** A server with files by path; what isn't there is answered as `missing`. */
async function site(files: Readonly<Record<string, Uint8Array>>, missing = status(404)) {
  return fileServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x');
    const content = files[pathname];
    if (content === undefined) missing(request, response);
    else response.writeHead(200, { 'content-length': content.length }).end(content);
  });
}

const whole = {
  '/tm/model.json': json(layersJson()),
  '/tm/weights.bin': floats(8),
  '/tm/metadata.json': json(metadata),
};

function options(notices: string[] = []) {
  const cache = join(folder, `cache-${caches++}`);
  const environment = { INVARIANCE_CACHE: cache };
  return { cache, given: { environment, pauses: [], notice: (text: string) => void notices.push(text) } };
}

/** Everything in the cache but locks. */
function cached(cache: string): string[] {
  const urls = join(cache, 'urls');
  return existsSync(urls) ? readdirSync(urls) : [];
}

describe('a model by its URL', () => {
  it('is fetched with its shards and what lies beside it, and its checksum told', async () => {
    const server = await site(whole);
    const notices: string[] = [];
    const { cache, given } = options(notices);
    const { name, path } = await remoteModel(`${server.url}/tm/model.json`, given);
    expect(name).toBe('tm');
    const { sha256 } = await readTfjs(path);
    expect(notices).toEqual([
      `Fetching ${server.url}/tm/model.json …`,
      `Fetched ${server.url}/tm/model.json: 0.6 kB, sha256 ${sha256}; kept in ${path}, further runs need no network.`,
    ]);
    expect(cached(cache)).toHaveLength(1);
    expect(await loadModel(path)).toMatchObject({ classes: ['dark', 'light'], sha256 });
  });

  it('costs no request the second time', async () => {
    const server = await site(whole);
    const notices: string[] = [];
    const { given } = options(notices);
    const first = await remoteModel(`${server.url}/tm/model.json`, given);
    const requests = server.asked.length;
    server.answer = status(500);
    expect(await remoteModel(`${server.url}/tm/model.json`, given)).toEqual(first);
    expect(server.asked).toHaveLength(requests);
    expect(notices[2]).toMatch(/is in the cache \(sha256 [0-9a-f]{64}\): no network is used/);
  });

  it('may be that of its folder, and keeps its query', async () => {
    const server = await site(whole);
    await remoteModel(`${server.url}/tm/?key=1`, options().given);
    expect(server.asked.map(({ path }) => path)).toEqual([
      '/tm/model.json?key=1',
      '/tm/weights.bin?key=1',
      '/tm/preprocessor_config.json?key=1',
      '/tm/config.json?key=1',
      '/tm/metadata.json?key=1',
    ]);
  });

  it('may name its shards as the browser saves them', async () => {
    const server = await site({ ...whole, '/tm/model.json': json(layersJson('softmax', './weights.bin')) });
    const { path } = await remoteModel(`${server.url}/tm/model.json`, options().given);
    expect((await readTfjs(path)).weights).toHaveLength(2);
  });

  it.each([
    ['words in their place', status(200, 'Not found', { 'content-type': 'text/plain' })],
    ['a list', status(200, '[]', { 'content-type': 'application/json' })],
    ['a request that is refused', status(400)],
    ['a method that is refused', status(405)],
  ])('needs no files beside it: %s', async (_, missing) => {
    const { '/tm/metadata.json': __, ...files } = whole;
    const server = await site(files, missing);
    const { path } = await remoteModel(`${server.url}/tm/model.json`, options().given);
    expect(readdirSync(path).sort()).toEqual(['model.json', 'weights.bin']);
    expect(await loadModel(path, { preprocess: 'none' })).toMatchObject({ classes: null });
  });

  it('is tried again where the connection is cut', async () => {
    const server = await site(whole);
    const { answer } = server;
    let cuts = 0;
    server.answer = (request, response) => {
      if (request.url === '/tm/weights.bin' && cuts++ === 0) cutAfter(floats(8), 5)(request, response);
      else answer(request, response);
    };
    const notices: string[] = [];
    const { given } = options(notices);
    await remoteModel(`${server.url}/tm/model.json`, { ...given, pauses: [1] });
    expect(cuts).toBe(2);
    expect(notices[1]).toMatch(/^The connection to 127\.0\.0\.1:\d+ was cut.*\. Trying again\.$/);
  });

  it('is fetched once by two at a time', async () => {
    const server = await site(whole);
    const { given } = options();
    const [one, other] = await Promise.all([1, 2].map(() => remoteModel(`${server.url}/tm/model.json`, given)));
    expect(one).toEqual(other);
    expect(server.asked.filter(({ path }) => path === '/tm/weights.bin')).toHaveLength(1);
  });
});

it.each([
  ['/tm/model.json', status(404), 'URL/tm/model.json?***'],
  ['/tm/model.json', status(503), 'URL/tm/model.json?***'],
  ['/tm/model.json', status(200, '<html>', { 'content-type': 'text/html' }), 'URL/tm/model.json?***'],
  ['/tm/model.onnx', status(404), '***@URL/tm/model.onnx?***'],
])('no message has the secrets of a URL: %s', async (below, missing, shown) => {
  const server = await site({}, missing);
  const secret = `${server.url.replace('//', '//someone:hunter2@')}${below}?token=abc`;
  const error: unknown = await remoteModel(secret, options().given).catch((thrown: unknown) => thrown);
  const text = (error as Error).message.replaceAll(new URL(server.url).host, 'URL');
  expect(text).toContain(`http://${shown}`);
  expect(text).not.toMatch(/someone|hunter2|token|abc/);
});

describe('what goes wrong leaves the cache as it was', () => {
  const page = status(200, '<!doctype html><p>not here', { 'content-type': 'text/html; charset=utf-8' });
  const cases: readonly [string, () => ReturnType<typeof site>, string, typeof InputError | typeof RunError, string][] =
    [
      [
        'nothing there',
        () => site({}),
        '/tm/model.json',
        InputError,
        'Expected a file at URL/tm/model.json but the server answered 404 Not Found. Give the URL of a model.json.',
      ],
      [
        'a page in its place',
        () => site({}, page),
        '/tm/',
        InputError,
        'Expected a TensorFlow.js model at URL/tm/model.json but received text/html; charset=utf-8. It is an HTML page. Give the URL of a model.json.',
      ],
      [
        'a page that says it is JSON',
        () => site({ '/tm/model.json': new TextEncoder().encode('<!doctype html>') }),
        '/tm/model.json',
        InputError,
        'Expected a TensorFlow.js model in URL/tm/model.json but it is an HTML page. Download or copy it again.',
      ],
      [
        'no shard',
        () => site({ '/tm/model.json': json(layersJson()) }),
        '/tm/model.json',
        InputError,
        'Expected a file at URL/tm/weights.bin but the server answered 404 Not Found. Its model.json names this file: the copy on that server may not be whole.',
      ],
      [
        'a shard of the wrong length',
        () => site({ '/tm/model.json': json(layersJson()), '/tm/weights.bin': floats(7) }),
        '/tm/model.json',
        InputError,
        'Expected 32 bytes in "weights.bin" by the manifest of URL/tm/model.json but it has 28. Copy or download it again.',
      ],
      [
        'a shard outside of the folder',
        () =>
          site({ '/tm/model.json': json({ ...layersJson(), weightsManifest: [{ paths: ['../a'], weights: [] }] }) }),
        '/tm/model.json',
        InputError,
        'Expected names of files below its folder for the shards of URL/tm/model.json but received "../a".',
      ],
      [
        'an ONNX model',
        () => site({}),
        '/tm/model.onnx',
        InputError,
        'Expected the URL of a model.json of TensorFlow.js but received URL/tm/model.onnx. Download the .onnx file and give its path, or fetch it with: invariance models pull NAME --url URL --sha256 CHECKSUM.',
      ],
      [
        'escapes that stand for nothing',
        () => site({}),
        '/%E0%A4%A/model.json',
        InputError,
        'Expected an address whose % signs each stand before two hexadecimal digits of UTF-8 for the URL of a model but received "URL/%E0%A4%A/model.json".',
      ],
      [
        'a server in trouble',
        () => site({}, status(503)),
        '/tm/model.json',
        RunError,
        'Expected a file at URL/tm/model.json but the server answered 503 Service Unavailable. Try the same command again later.',
      ],
      [
        'a stall',
        () =>
          fileServer((request, response) => {
            if (request.url === '/tm/weights.bin') stallAfter(floats(8), 5)(request, response);
            else response.end(json(layersJson()));
          }),
        '/tm/model.json',
        RunError,
        'No byte came from HOST for 0.2 s, after 5 bytes. Try again later.',
      ],
    ];
  it.each(cases)('%s', async (_, make, below, kind, message) => {
    const server = await make();
    const { cache, given } = options();
    const failed = await remoteModel(`${server.url}${below}`, { ...given, stall: 200 }).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failed).toBeInstanceOf(kind);
    const text = (failed as Error).message.replaceAll(server.url, 'URL').replaceAll(new URL(server.url).host, 'HOST');
    expect(text).toBe(message);
    expect(cached(cache)).toEqual([]);
  });
});
