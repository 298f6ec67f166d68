// Downloads from a local server: whole, resumed, damaged, cut, stalled, redirected, through a proxy.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError, RunError } from '../../src/core/errors.js';
import { download, type Download, type DownloadProgress } from '../../src/models/download.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { cutAfter, fileServer, proxyServer, serve, serveWithoutRange, stallAfter, status } from './file-server.js';

const { folder } = temporaryFolder();
const content = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 2654435761) >>> 24);
const sha256 = createHash('sha256').update(content).digest('hex');
let files = 0;

/** A download of `content` to a new file, without the proxies of the machine that tests run on. */
function task(url: string, more: Partial<Download> = {}): Download {
  return { url, to: `${folder}/${files++}.onnx`, sha256, bytes: content.length, environment: {}, ...more };
}

const part = ({ to }: Download): string => `${to}.part`;

describe('a file that arrives', () => {
  it('is put in place whole, with progress from nothing to all', async () => {
    const server = await fileServer(serve(content));
    const states: DownloadProgress[] = [];
    const given = task(`${server.url}/m.onnx`, { progress: (state) => states.push(state) });
    await download(given);
    expect(readFileSync(given.to).equals(content)).toBe(true);
    expect(existsSync(part(given))).toBe(false);
    expect(states[0]).toEqual({ received: 0, before: 0, total: content.length });
    expect(states.at(-1)).toEqual({ received: content.length, before: 0, total: content.length });
  });

  it('follows redirects to another server', async () => {
    const target = await fileServer(serve(content));
    const server = await fileServer(status(302, '', { location: `${target.url}/elsewhere?signature=1` }));
    const given = task(`${server.url}/m.onnx`);
    await download(given);
    expect(statSync(given.to).size).toBe(content.length);
    expect(target.asked.map(({ path }) => path)).toEqual(['/elsewhere?signature=1']);
  });

  it('sends user and password of the URL as a header', async () => {
    const server = await fileServer(serve(content));
    await download(task(`${server.url.replace('//', '//me:s%40fe@')}/m.onnx`));
    expect(server.asked[0]?.authorization).toBe(`Basic ${Buffer.from('me:s@fe').toString('base64')}`);
  });

  it('needs no size beforehand', async () => {
    const server = await fileServer(serve(content));
    const given = task(`${server.url}/m.onnx`, { bytes: null });
    await download(given);
    expect(statSync(given.to).size).toBe(content.length);
  });
});

describe('an attempt that ended early', () => {
  it('is gone on with: only the rest is asked for', async () => {
    const server = await fileServer(cutAfter(content, 100_000));
    const given = task(`${server.url}/m.onnx`);
    const failure = download(given);
    await expect(failure).rejects.toThrow(RunError);
    await expect(failure).rejects.toThrow(/was cut .*The 100000 bytes received are kept: the same command goes on/);
    expect(existsSync(given.to)).toBe(false);
    expect(statSync(part(given)).size).toBe(100_000);

    server.answer = serve(content);
    const states: DownloadProgress[] = [];
    await download({ ...given, progress: (state) => states.push(state) });
    expect(server.asked.map(({ range }) => range)).toEqual([null, 'bytes=100000-']);
    expect(states[0]).toEqual({ received: 100_000, before: 100_000, total: content.length });
    expect(readFileSync(given.to).equals(content)).toBe(true);
  });

  it('starts again where the server ignores Range', async () => {
    const server = await fileServer(serveWithoutRange(content));
    const given = task(`${server.url}/m.onnx`);
    writeFileSync(part(given), content.subarray(0, 1000));
    await download(given);
    expect(server.asked.map(({ range }) => range)).toEqual(['bytes=1000-']);
    expect(readFileSync(given.to).equals(content)).toBe(true);
  });

  it('starts again where the part was of another file', async () => {
    const server = await fileServer(serve(content));
    const given = task(`${server.url}/m.onnx`);
    writeFileSync(part(given), new Uint8Array(1000));
    await download(given);
    expect(server.asked.map(({ range }) => range)).toEqual(['bytes=1000-', null]);
    expect(readFileSync(given.to).equals(content)).toBe(true);
  });

  it('starts again where the server has no such range, and where it sends another', async () => {
    const server = await fileServer(serve(content));
    const tooLong = task(`${server.url}/m.onnx`, { bytes: null });
    writeFileSync(part(tooLong), new Uint8Array(content.length + 5));
    await download(tooLong);
    expect(server.asked.map(({ range }) => range)).toEqual([`bytes=${content.length + 5}-`, null]);

    server.answer = (request, response) =>
      request.headers.range === undefined
        ? serve(content)(request, response)
        : void response.writeHead(206, { 'content-range': `bytes 0-9/${content.length}` }).end(content.subarray(0, 10));
    const shifted = task(`${server.url}/m.onnx`);
    writeFileSync(part(shifted), content.subarray(0, 1000));
    await download(shifted);
    expect(readFileSync(shifted.to).equals(content)).toBe(true);
  });

  it('asks for nothing where all bytes had arrived', async () => {
    const server = await fileServer(serve(content));
    const given = task(`${server.url}/m.onnx`);
    writeFileSync(part(given), content);
    await download(given);
    expect(server.asked).toEqual([]);
    expect(existsSync(given.to)).toBe(true);
  });

  it('is told from a stalled one, which keeps its part too', async () => {
    const server = await fileServer(stallAfter(content, 50_000));
    const given = task(`${server.url}/m.onnx`, { stall: 300 });
    await expect(download(given)).rejects.toThrow(
      /No byte came from 127\.0\.0\.1:\d+ for 0\.3 s, after 50000 bytes\. What was received is kept/,
    );
    expect(statSync(part(given)).size).toBe(50_000);
  });

  it('a server that never answers stalls as well, and a slow one that sends does not', async () => {
    const server = await fileServer(() => undefined);
    await expect(download(task(`${server.url}/m.onnx`, { stall: 200 }))).rejects.toThrow(
      /No byte came .* for 0\.2 s, after 0 bytes\. Try again later/,
    );
    server.answer = (_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      let sent = 0;
      const timer = setInterval(() => {
        response.write(content.subarray(sent, sent + 50_000));
        sent += 50_000;
        if (sent >= content.length) clearInterval(timer);
      }, 100);
    };
    await download(task(`${server.url}/m.onnx`, { stall: 400 }));
  });
});

describe('a file that is not the one', () => {
  it('wrong checksum: says both, removes it', async () => {
    const other = Uint8Array.from(content, (byte) => byte ^ 1);
    const received = createHash('sha256').update(other).digest('hex');
    const server = await fileServer(serve(other));
    const given = task(`${server.url}/m.onnx`);
    await expect(download(given)).rejects.toThrow(
      new InputError(
        `Expected the model at ${server.url}/m.onnx but its SHA-256 is wrong: expected ${sha256} but received ${received}. The file was removed. Check --url, or leave it out.`,
      ),
    );
    expect(existsSync(given.to) || existsSync(part(given))).toBe(false);
  });

  it('404: an input error that names the URL', async () => {
    const server = await fileServer(status(404, 'no such thing'));
    await expect(download(task(`${server.url}/m.onnx`))).rejects.toThrow(
      new InputError(
        `Expected a file at ${server.url}/m.onnx but the server answered 404 Not Found. Check --url, or leave it out.`,
      ),
    );
  });

  it('a web page in the file’s place', async () => {
    const page = '<!DOCTYPE html><html><body>Sign in to the network</body></html>';
    const server = await fileServer(status(200, page, { 'content-type': 'text/html; charset=utf-8' }));
    const given = task(`${server.url}/m.onnx`);
    await expect(download(given)).rejects.toThrow(
      `Expected the model at ${server.url}/m.onnx but received text/html; charset=utf-8. It is an HTML page. Check --url`,
    );
    expect(existsSync(part(given))).toBe(false);
  });

  it('a Git LFS pointer in the file’s place', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${content.length}\n`;
    const server = await fileServer(status(200, pointer, { 'content-length': String(pointer.length) }));
    await expect(download(task(`${server.url}/m.onnx`))).rejects.toThrow(
      `but the server's file has ${pointer.length} bytes instead of ${content.length}. It is a Git LFS pointer.`,
    );
    await expect(download(task(`${server.url}/m.onnx`, { bytes: null }))).rejects.toThrow(
      /SHA-256 is wrong.*It is a Git LFS pointer/,
    );
  });

  it('refused, and a server’s fault: wrong input here, try again there', async () => {
    const server = await fileServer(status(403));
    await expect(download(task(`${server.url}/m.onnx`))).rejects.toThrow(InputError);
    server.answer = status(503);
    const failure = download(task(`${server.url}/m.onnx`));
    await expect(failure).rejects.toThrow(RunError);
    await expect(failure).rejects.toThrow('answered 503 Service Unavailable. Try the same command again later.');
  });
});

describe('the way there', () => {
  it('goes through HTTP_PROXY, and around it for NO_PROXY', async () => {
    const server = await fileServer(serve(content));
    const proxy = await proxyServer();
    await download(task(`${server.url}/m.onnx`, { environment: { HTTP_PROXY: proxy.url } }));
    expect(proxy.asked.map(({ path }) => path)).toEqual([`${server.url}/m.onnx`]);
    await download(task(`${server.url}/m.onnx`, { environment: { http_proxy: proxy.url, NO_PROXY: '127.0.0.1' } }));
    expect(proxy.asked).toHaveLength(1);
    expect(server.asked).toHaveLength(2);
  });

  it('asks HTTPS_PROXY for a tunnel, and says when it refuses one', async () => {
    const proxy = await proxyServer();
    const environment = { HTTPS_PROXY: proxy.url };
    await expect(download(task('https://models.invalid/m.onnx', { environment }))).rejects.toThrow(
      /^No connection to models\.invalid \(a proxy is set: http:\/\/127\.0\.0\.1:\d+\) \(.*403.*\)/,
    );
    expect(proxy.asked.map(({ path }) => path)).toEqual(['models.invalid:443']);
  });

  it('names the proxy that can’t be reached, without its password', async () => {
    const environment = { HTTP_PROXY: 'http://me:secret@127.0.0.1:1' };
    await expect(download(task('http://models.invalid/m.onnx', { environment }))).rejects.toThrow(
      /No connection to models\.invalid \(a proxy is set: http:\/\/127\.0\.0\.1:1\) \(.*ECONNREFUSED.*\)/,
    );
  });

  it('says when a name can’t be resolved', async () => {
    const failure = download(task('http://models.invalid/m.onnx'));
    await expect(failure).rejects.toThrow(RunError);
    await expect(failure).rejects.toThrow(/^The name models\.invalid can't be resolved \((ENOTFOUND|EAI_AGAIN)\)/);
  });

  it('says which name can’t be resolved: the proxy’s', async () => {
    const environment = { HTTPS_PROXY: 'http://proxy.invalid:3128' };
    await expect(download(task('https://models.invalid/m.onnx', { environment }))).rejects.toThrow(
      /^The name proxy\.invalid can't be resolved \(a proxy is set: http:\/\/proxy\.invalid:3128\)/,
    );
  });

  it('says before it starts when the disk has too little room', async () => {
    const server = await fileServer(serve(content));
    await expect(download(task(`${server.url}/m.onnx`, { bytes: 1e17 }))).rejects.toThrow(
      /Expected 100000000000000000 bytes of free space in .* but there are \d+\. Free some space, or set INVARIANCE_CACHE/,
    );
    expect(server.asked).toEqual([]);
  });

  it.skipIf(!existsSync('/dev/full'))('says when the disk is full on the way', async () => {
    const server = await fileServer(serve(content));
    const given = task(`${server.url}/m.onnx`);
    symlinkSync('/dev/full', part(given));
    await expect(download(given)).rejects.toThrow('The disk is full. Free some space, or set INVARIANCE_CACHE');
  });
});
