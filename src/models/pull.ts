// Pulling a model: from the catalogue or by URL and checksum, into a folder of the cache that can be probed.
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InputError, expected, messageOf, unknownName } from '../core/errors.js';
import { isModelName, modelCache } from './cache.js';
import type { Environment } from './cache.js';
import { CATALOGUE, catalogueEntry } from './catalogue/catalogue.js';
import type { Family } from './catalogue/families.js';
import { modelFileTexts } from './catalogue/model-files.js';
import { PUBLISHED_AT } from './catalogue/published.js';
import { download, fileSha256 } from './download.js';
import type { DownloadProgress } from './download.js';
import { withFileLock } from './file-lock.js';
import { listZoo } from './find.js';
import { withoutSecrets } from './shown-url.js';

/** A model to be pulled: what of a catalogue's entry is needed, or of a model of the user's own. */
export type PullableModel = {
  readonly name: string;
  /** Path below the catalogue's address; null for a model that only its own URL leads to. */
  readonly path: string | null;
  readonly sha256: string;
  readonly bytes: number | null;
  /** Null where nothing but the file is known. */
  readonly family: Family | null;
  readonly top1: number | null;
};

type PullOptions = {
  /** A mirror's address, in front of the path, or the file's own URL. */
  readonly url?: string;
  /** The folder of all pulled models. */
  readonly cache?: string;
  readonly environment?: Environment;
  /** Milliseconds without a byte after which a download ends. */
  readonly stall?: number;
  readonly progress?: (state: DownloadProgress) => void;
  /** Called where another process, with this number, is pulling the same model. */
  readonly waiting?: (owner: number) => void;
};

type PulledModel = {
  /** The model's folder, for `--model`. */
  readonly folder: string;
  /** False where the model was there already, whole. */
  readonly downloaded: boolean;
};

/**
 * What a name and a checksum stand for.
 *
 * @param sha256 for models that aren't in the catalogue; for one that is, it must be the catalogue's
 * @throws InputError for an unknown name without a checksum (with the nearest names), or a wrong checksum
 */
export function pullableModel(name: string, sha256?: string): PullableModel {
  const digest = sha256?.toLowerCase();
  if (digest !== undefined && !/^[0-9a-f]{64}$/.test(digest))
    throw expected('--sha256', '64 hexadecimal digits', sha256);
  const entry = catalogueEntry(name);
  if (entry !== undefined) {
    if (digest === undefined || digest === entry.sha256) return entry;
    throw new InputError(
      `Expected ${entry.sha256} for --sha256, which "${name}" is published with, but received ${digest}. Leave it out, or pull your file under another name.`,
    );
  }
  if (digest === undefined) {
    throw unknownName(
      'model',
      name,
      CATALOGUE.map((known) => known.name),
      10,
    );
  }
  if (!isModelName(name)) throw expected('the model’s name', 'letters, digits and . _ + -', name);
  return { name, path: null, sha256: digest, bytes: null, family: null, top1: null };
}

/**
 * Where the model is fetched from: `url` itself where it names a file (its path ends in .onnx, or it has a query), else
 * the model's path below it.
 *
 * @throws InputError where `url` is no HTTP address, or names no file of a model that has no path
 */
export function pullUrl({ name, path: below }: PullableModel, url: string = PUBLISHED_AT): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw expected('--url', 'an address that begins with https:// or http://', withoutSecrets(url));
  }
  const { pathname, search } = new URL(url);
  if (pathname.endsWith('.onnx') || search !== '') return url;
  if (below !== null) return `${url.replace(/\/*$/, '/')}${below}`;
  throw expected('--url', `the URL of the file itself, because "${name}" isn't in the list`, withoutSecrets(url));
}

/** Writes the files beside the model, and removes those that must not be there. */
async function describe(folder: string, model: PullableModel, url: string): Promise<void> {
  for (const [file, text] of Object.entries(modelFileTexts({ ...model, url: shownUrl(url) }))) {
    const place = path.join(folder, file);
    await (text === null ? rm(place, { force: true }) : writeFile(place, text));
  }
}

/** An embedded model's name goes first after --model: under it a pulled one would never be found. */
async function checkFree({ name, path: below }: PullableModel): Promise<void> {
  const taken = below === null && (name === 'zoo' || (await listZoo()).some((known) => known.name === name));
  if (taken) throw new InputError(`"${name}" is the name of an embedded model. Pull your model under another name.`);
}

/** A URL without user, password and query, which may hold secrets. */
function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

async function isWhole(file: string, { sha256, bytes }: PullableModel): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  if (found === null || (bytes !== null && found.size !== bytes)) return false;
  return (await fileSha256(file)) === sha256;
}

/**
 * Puts a model into the cache. A model that is there whole costs no request; a damaged one is fetched again.
 *
 * @throws InputError, RunError as `download` does, and where the cache can't be written
 */
export async function pullModel(model: PullableModel, options: PullOptions = {}): Promise<PulledModel> {
  const { cache = modelCache(options.environment), environment, stall, progress } = options;
  const url = pullUrl(model, options.url);
  const folder = path.join(cache, model.name);
  await checkFree(model);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new InputError(
      `Expected a folder that can be written for pulled models but ${folder} can't be made (${messageOf(error)}). Set INVARIANCE_CACHE to another.`,
    );
  }
  const to = path.join(folder, 'model.onnx');
  const work = async (): Promise<PulledModel> => {
    const present = await isWhole(to, model);
    await describe(folder, model, url);
    if (!present) {
      await rm(to, { force: true });
      await download({
        url,
        to,
        sha256: model.sha256,
        bytes: model.bytes,
        ...(stall === undefined ? {} : { stall }),
        ...(environment === undefined ? {} : { environment }),
        ...(progress === undefined ? {} : { progress }),
      });
    }
    return { folder, downloaded: !present };
  };
  return withFileLock(path.join(folder, '.lock'), work, options.waiting);
}
