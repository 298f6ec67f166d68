// One file from the network to the disk: resumed where an earlier attempt stopped (HTTP Range, RFC 9110 section 14),
// checked against its SHA-256, and put in place whole or not at all.
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat, statfs } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { EnvHttpProxyAgent, fetch } from 'undici';
import type { Dispatcher, Response } from 'undici';
import { InputError, RunError } from '../core/errors.js';
import { looksLike } from '../graph/recognise.js';
import type { Environment } from './cache.js';
import { PULL_ADVICE, statusError, transferError } from './network-errors.js';
import type { UrlAdvice } from './network-errors.js';
import { withoutSecrets } from './shown-url.js';

export type DownloadProgress = {
  /** Bytes on the disk, and of these from an earlier attempt. */
  readonly received: number;
  readonly before: number;
  /** Bytes of the whole file; null where nobody says. */
  readonly total: number | null;
};

export type Download = {
  readonly url: string;
  /** Where the file goes; the parts of it wait in `${to}.part`. Its folder must exist. */
  readonly to: string;
  /** Hexadecimal; null where nobody knows it: parts of such a file aren't kept, for they may be of another version. */
  readonly sha256: string | null;
  /** Size of the file; null where it isn't known beforehand. */
  readonly bytes: number | null;
  /** Milliseconds without a byte after which the attempt ends; default 30 000. */
  readonly stall?: number;
  /** For HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in capitals or not; default: the process's. */
  readonly environment?: Environment;
  readonly progress?: (state: DownloadProgress) => void;
  /** What to do about a wrong URL, for messages; default: that of `models pull`. */
  readonly advice?: UrlAdvice;
};

const STALL = 30_000;

/** undici reads the process's environment where a value is missing: "" says that there is none. */
function connections(environment: Environment): EnvHttpProxyAgent {
  const named = (name: string): string => environment[name.toLowerCase()] || environment[name] || '';
  const options = {
    httpProxy: named('HTTP_PROXY'),
    httpsProxy: named('HTTPS_PROXY') || named('HTTP_PROXY'),
    noProxy: named('NO_PROXY'),
    // Proxies commonly refuse CONNECT to other ports than 443: plain HTTP is forwarded, HTTPS is tunnelled.
    proxyTunnel: false,
  };
  return new EnvHttpProxyAgent(options);
}

/** A URL's user and password as a header (fetch takes none in the URL), so that no message shows them. */
function withoutCredentials(text: string): { url: string; authorization: Record<string, string> } {
  const url = new URL(text);
  if (url.username === '') return { url: url.href, authorization: {} };
  const plain = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return { url: url.href, authorization: { authorization: `Basic ${Buffer.from(plain).toString('base64')}` } };
}

/** SHA-256 of a file, hexadecimal. */
export async function fileSha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await addFile(hash, file);
  return hash.digest('hex');
}

async function addFile(hash: Hash, file: string): Promise<void> {
  for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Fails before the first byte where the rest of the file can't fit. */
async function checkSpace(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= needed) return;
  throw new RunError(
    `Expected ${needed} bytes of free space in ${folder} but there are ${bavail * bsize}. Free some space, or set INVARIANCE_CACHE to a folder on another disk.`,
  );
}

/** Ends `signal` when `ticks` stop coming for `milliseconds`. */
function stallClock(milliseconds: number): { readonly signal: AbortSignal; tick: () => void; stop: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), milliseconds);
  return { signal: controller.signal, tick: () => void timer.refresh(), stop: () => clearTimeout(timer) };
}

/** Where a response's body belongs in the file, and how long the whole file is. */
type Placement = { readonly start: number; readonly total: number | null };

function placementOf(response: Response, asked: number): Placement | null {
  if (response.status === 200) {
    const length = response.headers.get('content-encoding') === null ? response.headers.get('content-length') : null;
    return { start: 0, total: length === null ? null : Number(length) };
  }
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') ?? [];
  if (response.status !== 206 || Number(start) !== asked) return null;
  return { start: asked, total: total === undefined || total === '*' ? null : Number(total) };
}

async function firstBytes({ body }: Response): Promise<Uint8Array> {
  for await (const chunk of body ?? []) return chunk as Uint8Array;
  return new Uint8Array();
}

function wrongFile({ url, advice = PULL_ADVICE }: Download, head: Uint8Array, but: string): InputError {
  const other = looksLike(head);
  const what = other === null || other.what === 'empty' ? '' : ` It is ${other.what}.`;
  return new InputError(`Expected ${advice.what} at ${withoutSecrets(url)} but ${but}.${what} ${advice.wrong}`);
}

/** A page, a pointer or another version in the file's place is told before it is downloaded. */
async function checkKind(response: Response, { start, total }: Placement, download: Download): Promise<void> {
  const { bytes } = download;
  const type = response.headers.get('content-type') ?? '';
  const page = /^(text\/html|application\/xhtml)/.test(type);
  if (!page && (bytes === null || total === null || total === bytes)) return;
  const head = start > 0 ? new Uint8Array() : await firstBytes(response);
  throw wrongFile(
    download,
    head,
    page ? `received ${type}` : `the server's file has ${total} bytes instead of ${bytes}`,
  );
}

async function append(file: FileHandle, chunk: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, at + done);
    done += bytesWritten;
  }
}

type Attempt = { readonly hash: string; readonly resumed: boolean };

/** One request: fills `part` to its end. */
async function attempt(
  download: Download,
  part: string,
  dispatcher: Dispatcher,
  authorization: Readonly<Record<string, string>>,
): Promise<Attempt> {
  const { url, bytes, stall = STALL, progress = () => undefined, environment = process.env } = download;
  const { advice = PULL_ADVICE } = download;
  const kept = (bytesThere: number): number => (download.sha256 === null ? 0 : bytesThere);
  let before = download.sha256 === null ? 0 : await sizeOf(part);
  if (bytes !== null && before > bytes) before = 0;
  if (bytes !== null && before === bytes) return { hash: await fileSha256(part), resumed: true };
  if (bytes !== null) await checkSpace(path.dirname(part), bytes - before);

  let received = before;
  const clock = stallClock(stall);
  let file: FileHandle | null = null;
  try {
    const headers = { 'accept-encoding': 'identity', ...(before > 0 ? { range: `bytes=${before}-` } : {}) };
    const response = await fetch(url, { headers: { ...headers, ...authorization }, dispatcher, signal: clock.signal });
    clock.tick();
    const unusable = response.status === 416 || (response.status === 206 && placementOf(response, before) === null);
    if (unusable && before > 0) {
      await response.body?.cancel();
      await rm(part, { force: true });
      return { hash: '', resumed: true };
    }
    const placement = placementOf(response, before);
    if (placement === null) throw statusError(response.status, response.statusText, url, kept(before), advice);
    await checkKind(response, placement, download);
    const total = bytes ?? placement.total;

    const hash = createHash('sha256');
    if (placement.start > 0) await addFile(hash, part);
    else before = 0;
    received = placement.start;
    file = await open(part, placement.start > 0 ? 'r+' : 'w');
    progress({ received, before, total });
    for await (const chunk of response.body ?? []) {
      clock.tick();
      hash.update(chunk as Uint8Array);
      await append(file, chunk as Uint8Array, received);
      received += (chunk as Uint8Array).length;
      if (total !== null && received > total) break;
      progress({ received, before, total });
    }
    if (total !== null && received < total) {
      throw new RunError(
        `The connection to ${new URL(url).host} ended after ${received} of ${total} bytes. ${kept(received) > 0 ? 'What was received is kept: the same command goes on from there.' : 'Try again later.'}`,
      );
    }
    await file.sync();
    return { hash: hash.digest('hex'), resumed: placement.start > 0 };
  } catch (error) {
    if (!clock.signal.aborted) throw transferError(error, url, kept(received), environment, advice);
    throw new RunError(
      `No byte came from ${new URL(url).host} for ${stall / 1000} s, after ${received} bytes. ${kept(received) > 0 ? 'What was received is kept: the same command goes on from there.' : `Try again later${advice.orMirror}.`}`,
    );
  } finally {
    clock.stop();
    await file?.close();
  }
}

/** A damaged or foreign file: told with what it looks like, and removed. */
async function rejected(part: string, download: Download, hash: string): Promise<InputError> {
  const file = await open(part);
  const { buffer, bytesRead } = await file.read(new Uint8Array(512), 0, 512, 0);
  await file.close();
  await rm(part);
  const but = `its SHA-256 is wrong: expected ${download.sha256 ?? 'any'} but received ${hash}. The file was removed`;
  return wrongFile(download, buffer.subarray(0, bytesRead), but);
}

/**
 * Downloads a file. An earlier attempt's part is gone on with; where the outcome is wrong, the whole file is fetched once
 * more, since the part may have been another file's.
 *
 * @throws InputError for a URL that leads elsewhere: not found, refused, a web page, another size, a wrong checksum
 * @throws RunError for all that may pass: no connection, cut or stalled connection, server error, full disk. The part stays
 */
export async function download(asked: Download): Promise<void> {
  const part = `${asked.to}.part`;
  const { url, authorization } = withoutCredentials(asked.url);
  const download = { ...asked, url };
  const dispatcher = connections(download.environment ?? process.env);
  try {
    let outcome = await attempt(download, part, dispatcher, authorization);
    if (download.sha256 !== null && outcome.hash !== download.sha256 && outcome.resumed) {
      await rm(part, { force: true });
      outcome = await attempt(download, part, dispatcher, authorization);
    }
    if (download.sha256 !== null && outcome.hash !== download.sha256)
      throw await rejected(part, download, outcome.hash);
    await rename(part, download.to);
  } catch (error) {
    if (download.sha256 === null) await rm(part, { force: true });
    throw error;
  } finally {
    await dispatcher.destroy();
  }
}
