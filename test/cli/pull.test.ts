// `invariance models pull` as a user runs it, against a server on this machine.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { node } from '../../src/graph/build.js';
import { fileServer, serve, stallAfter, status } from '../models/file-server.js';
import { invariance, main, start, temporaryFolder } from '../support/cli.js';
import { writeModel } from '../support/networks.js';

const folder = temporaryFolder();
const network = readFileSync(
  path.join(
    writeModel(
      path.join(folder, 'network'),
      [
        {
          nodes: [node('GlobalAveragePool', ['pixels'], ['pool']), node('Flatten', ['pool'], ['logits'])],
          initializers: [],
        },
      ],
      'logits',
      3,
    ),
    'model.onnx',
  ),
);
const sha256 = createHash('sha256').update(network).digest('hex');
let caches = 0;

/** A cache of its own, and no proxy of the machine that tests run on. */
function cache(): { readonly env: Record<string, string>; readonly models: string } {
  const own = path.join(folder, `cache-${caches++}`);
  const none = { http_proxy: '', HTTP_PROXY: '', https_proxy: '', HTTPS_PROXY: '' };
  return { env: { INVARIANCE_CACHE: own, ...none }, models: path.join(own, 'models') };
}

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const pull = (...args: string[]): string[] => ['models', 'pull', ...args];

// Most of a command's time is its start: several at once.
describe.skipIf(!existsSync(main)).concurrent('invariance models pull', () => {
  it('fetches a model of one’s own, which then is inspected by its name', async () => {
    const server = await fileServer(serve(network));
    const { env, models } = cache();
    const asked = pull('our-net', '--url', `${server.url}/net.onnx`, '--sha256', sha256);
    const first = await invariance(asked, { env });
    expect(first).toMatchObject({ code: 0, stdout: `${path.join(models, 'our-net')}\n` });
    expect(first.stderr).toContain('invariance probe --model our-net --preprocess NAME|file.json');

    const again = await invariance(asked, { env });
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('our-net was there already, with the right checksum');
    expect(server.asked).toHaveLength(1);

    const inspected = await invariance(['models', 'inspect', 'our-net', '--preprocess', 'none', '--json'], { env });
    expect(inspected.code, inspected.stderr).toBe(0);
    expect(inspected.stdout).toContain(sha256);
  });

  it('lists the published models, all or some', async () => {
    const { env } = cache();
    const all = await invariance(pull('--list'), { env });
    expect(all.code).toBe(0);
    expect(all.stdout.trimEnd().split('\n')).toHaveLength(94);
    expect(all.stdout).toMatch(/^inception-v2-9 +45\.0 MB  ImageNet-1k +–  preprocessing unknown$/m);
    const some = await invariance(pull('--list', 'resnet18'), { env });
    expect(some.stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['resnet18-v1-7', '46.8 MB', 'ImageNet-1k', '69.93 %'],
      ['resnet18-v2-7', '46.8 MB', 'ImageNet-1k', '69.70 %'],
      [''],
    ]);
  });

  it.each([
    [['resnet-18-v1'], /Unknown model "resnet-18-v1"\. Did you mean "resnet18-v1-7"/],
    [[], /Expected a model’s name for models pull but received nothing\. See all with --list\./],
    [['mnist-8', '--sha256', sha256], /which "mnist-8" is published with, but received/],
    [['--list', 'resnext'], /Expected part of a published model’s name or task for --list but received "resnext"\./],
  ])('%j: exit code 2 and what to do', async (args, message) => {
    const outcome = await invariance(pull(...args), { env: cache().env });
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toMatch(message);
  });

  it('404, a web page and a wrong checksum from a mirror: exit code 2, nothing left', async () => {
    const { env, models } = cache();
    const server = await fileServer(status(404));
    const missing = await invariance(pull('mnist-8', '--url', `${server.url}/mirror`), { env });
    const file = `${server.url}/mirror/validated/vision/classification/mnist/model/mnist-8.onnx`;
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain(`Expected a file at ${file} but the server answered 404 Not Found.`);

    server.answer = status(200, '<html>sign in</html>', { 'content-type': 'text/html' });
    const page = await invariance(pull('mnist-8', '--url', server.url), { env });
    expect(page.code).toBe(2);
    expect(page.stderr).toContain('It is an HTML page.');

    server.answer = serve(new Uint8Array(26_454));
    const zeros = await invariance(pull('mnist-8', '--url', server.url), { env });
    expect(zeros.code).toBe(2);
    expect(zeros.stderr).toMatch(
      /its SHA-256 is wrong: expected 2f06e72d.* but received [0-9a-f]{64}\. The file was removed/,
    );
    expect(existsSync(path.join(models, 'mnist-8', 'model.onnx'))).toBe(false);
    expect(existsSync(path.join(models, 'mnist-8', 'model.onnx.part'))).toBe(false);
  });

  it('a server’s fault and no connection: exit code 3', async () => {
    const server = await fileServer(status(500));
    const fault = await invariance(pull('mnist-8', '--url', server.url), { env: cache().env });
    expect(fault.code).toBe(3);
    expect(fault.stderr).toContain('answered 500 Internal Server Error');
    const port = await closedPort();
    const nobody = await invariance(pull('mnist-8', '--url', `http://127.0.0.1:${port}`), { env: cache().env });
    expect(nobody.code).toBe(3);
    expect(nobody.stderr).toMatch(/^error: No connection to 127\.0\.0\.1:\d+ \(.*ECONNREFUSED/);
  });

  it('twice at once: one fetches, the other waits and finds it', async () => {
    const { env, models } = cache();
    const server = await fileServer((request, response) => setTimeout(() => serve(network)(request, response), 3000));
    const asked = pull('our-net', '--url', `${server.url}/net.onnx`, '--sha256', sha256);
    const both = await Promise.all([invariance(asked, { env }), invariance(asked, { env })]);
    const stdout = `${path.join(models, 'our-net')}\n`;
    expect(both).toEqual([expect.objectContaining({ code: 0, stdout }), expect.objectContaining({ code: 0, stdout })]);
    expect(both.filter(({ stderr }) => /^process \d+ is pulling our-net: waiting for it$/m.test(stderr))).toHaveLength(
      1,
    );
    expect(server.asked).toHaveLength(1);
    expect(readFileSync(path.join(models, 'our-net', 'model.onnx')).equals(network)).toBe(true);
  });

  it('killed on the way: the same command goes on', async () => {
    const { env, models } = cache();
    const server = await fileServer(stallAfter(network, 100));
    const asked = pull('our-net', '--url', `${server.url}/net.onnx`, '--sha256', sha256);
    const { child, finished } = start(asked, { env });
    const part = path.join(models, 'our-net', 'model.onnx.part');
    await expect.poll(() => existsSync(part) && statSync(part).size, { timeout: 20_000 }).toBe(100);
    child.kill('SIGKILL');
    await finished;

    server.answer = serve(network);
    const again = await invariance(asked, { env });
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).toContain('going on: 0.1 kB were received before');
    expect(server.asked.map(({ range }) => range)).toEqual([null, 'bytes=100-']);
  });
});
