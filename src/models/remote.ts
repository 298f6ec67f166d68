// A TensorFlow.js model by the URL of its model.json: the file, its shards and what lies beside it are fetched once into the
// cache, whole or not at all, and read from there ever after.
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError, RunError, expected, messageOf } from '../core/errors.js';
import { sha256 } from '../core/protocol.js';
import { parseManifest } from '../tfjs/manifest.js';
import { parseTfjs, readTfjs } from '../tfjs/read.js';
import { modelCache } from './cache.js';
import type { Environment } from './cache.js';
import { download } from './download.js';
import { withFileLock } from './file-lock.js';
import { readJsonFile } from './json-file.js';
import type { UrlAdvice } from './network-errors.js';
import { withoutSecrets } from './shown-url.js';

export type RemoteOptions = {
  readonly environment?: Environment;
  /** Milliseconds without a byte after which an attempt ends; default 30 000. */
  readonly stall?: number;
  /** Milliseconds before the second and the third attempt. */
  readonly pauses?: readonly number[];
  /** Is told what is fetched, what is tried again, and that the cache's copy is used, in a sentence each. */
  readonly notice?: (text: string) => void;
};

/** Files that describe a model, where the server has them. */
const BESIDE = ['preprocessor_config.json', 'config.json', 'metadata.json'] as const;

const ADVICE: UrlAdvice = {
  what: 'a TensorFlow.js model',
  wrong: 'Give the URL of a model.json.',
  refused: "Give another URL, or credentials in the URL or the proxy's URL.",
  orMirror: '',
  mirror: '',
};

const SHARD_ADVICE: UrlAdvice = {
  ...ADVICE,
  what: 'weights',
  wrong: 'Its model.json names this file: the copy on that server may not be whole.',
};

/** Whether what the user wrote is a URL. */
export function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** A URL's path as text; null where its escapes stand for no text. */
function decoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}

/** The URL of model.json: the given one, or that below a folder's. */
function modelUrl(text: string): URL {
  if (!URL.canParse(text)) throw expected('the URL of a model', 'https://host/folder/model.json', withoutSecrets(text));
  const url = new URL(text);
  if (decoded(url.pathname) === null) {
    throw expected(
      'the URL of a model',
      'an address whose % signs each stand before two hexadecimal digits of UTF-8',
      withoutSecrets(text),
    );
  }
  if (/\.onnx$/i.test(url.pathname)) {
    throw new InputError(
      `Expected the URL of a model.json of TensorFlow.js but received ${withoutSecrets(text)}. Download the .onnx file and give its path, or fetch it with: invariance models pull NAME --url URL --sha256 CHECKSUM.`,
    );
  }
  if (!/\.json$/i.test(url.pathname)) url.pathname = `${url.pathname.replace(/\/*$/, '')}/model.json`;
  return url;
}

/** Without user, password and query, which may hold secrets. */
function shownUrl({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

/** The folder's name before model.json: letters, digits and . _ - only. */
function nameOf({ pathname, hostname }: URL): string {
  const parts = (decoded(pathname) ?? '').split('/').slice(0, -1);
  const last = parts.findLast((part) => part !== '') ?? hostname;
  return last.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[^\p{L}\p{N}]+/u, '') || 'model';
}

/** A file below the model's: with its query, as TensorFlow.js's own loader has it. */
function besideUrl(model: URL, name: string): string {
  const url = new URL(name.split('/').map(encodeURIComponent).join('/'), new URL('.', model));
  url.username = model.username;
  url.password = model.password;
  url.search = model.search;
  return url.href;
}

/** @throws InputError for shards that lie elsewhere than below the model: they would be written there too */
function checkShardName(name: string, model: string): void {
  const parts = name.split('/');
  const below = !name.includes('\\') && !path.isAbsolute(name) && parts.every((part) => part !== '' && part !== '..');
  if (below && !/^[a-z]+:/i.test(name) && !['model.json', ...BESIDE].includes(name)) return;
  throw expected(`the shards of ${model}`, 'names of files below its folder', name);
}

const PAUSES = [500, 2000];

async function fetched(
  url: string,
  to: string,
  { environment, stall, pauses = PAUSES, notice }: RemoteOptions,
  advice: UrlAdvice = ADVICE,
): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true });
  for (let attempt = 0; ; attempt++) {
    try {
      await download({
        url,
        to,
        sha256: null,
        bytes: null,
        advice,
        ...(environment === undefined ? {} : { environment }),
        ...(stall === undefined ? {} : { stall }),
      });
      return;
    } catch (error) {
      const pause = pauses[attempt];
      if (!(error instanceof RunError) || pause === undefined) throw error;
      notice?.(`${messageOf(error).split('. ')[0] ?? ''}. Trying again.`);
      await sleep(pause);
    }
  }
}

/** A file that needn't be there: a server that says so, or gives something else in its place, has none. */
async function fetchedIfThere(url: string, to: string, options: RemoteOptions): Promise<void> {
  try {
    await fetched(url, to, options);
    await readJsonFile(to);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    await rm(to, { force: true });
  }
}

async function fetchWhole(url: URL, folder: string, options: RemoteOptions): Promise<void> {
  const draft = `${folder}.draft`;
  await rm(draft, { recursive: true, force: true });
  try {
    const file = path.join(draft, 'model.json');
    await fetched(url.href, file, options);
    const json = parseTfjs(await readFile(file), shownUrl(url));
    const groups = parseManifest(json['weightsManifest'] ?? [], shownUrl(url));
    const shards = new Set(groups.flatMap(({ paths }) => paths));
    for (const name of shards) checkShardName(name, shownUrl(url));
    for (const name of shards) await fetched(besideUrl(url, name), path.join(draft, name), options, SHARD_ADVICE);
    for (const name of BESIDE) await fetchedIfThere(besideUrl(url, name), path.join(draft, name), options);
    await readTfjs(file);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(error instanceof InputError)) throw error;
    throw new InputError(messageOf(error).replaceAll(draft, shownUrl(new URL('.', url)).replace(/\/$/, '')));
  }
}

function shownSize(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/**
 * The folder with the model that a URL leads to; one that is in the cache costs no request.
 *
 * @param text URL of a model.json, or of the folder that has it
 * @returns the folder, for `loadModel`, and a name for the model
 * @throws InputError for a URL that leads to something else, RunError where the network fails; the cache stays as it was
 */
export async function remoteModel(
  text: string,
  options: RemoteOptions = {},
): Promise<{ readonly name: string; readonly path: string }> {
  const url = modelUrl(text);
  const cache = path.join(path.dirname(modelCache(options.environment)), 'urls');
  const name = nameOf(url);
  const folder = path.join(cache, `${name}-${sha256(`${shownUrl(url)}${url.search}`).slice(0, 12)}`);
  try {
    await mkdir(cache, { recursive: true });
  } catch (error) {
    throw new InputError(
      `Expected a folder that can be written for fetched models but ${cache} can't be made (${messageOf(error)}). Set INVARIANCE_CACHE to another.`,
    );
  }
  const fresh = await withFileLock(`${folder}.lock`, async () => {
    if (
      await stat(folder).then(
        () => true,
        () => false,
      )
    )
      return false;
    options.notice?.(`Fetching ${shownUrl(url)} …`);
    await fetchWhole(url, folder, options);
    return true;
  });
  const model = await readTfjs(folder);
  options.notice?.(
    fresh
      ? `Fetched ${shownUrl(url)}: ${shownSize(model.bytes)}, sha256 ${model.sha256}; kept in ${folder}, further runs need no network.`
      : `${shownUrl(url)} is in the cache (sha256 ${model.sha256}): no network is used. To fetch it again remove ${folder}.`,
  );
  return { name, path: folder };
}
