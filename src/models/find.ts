// What the user wrote after --model: a path, a URL, the name of an embedded model, or "zoo".
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, expected, nearest } from '../core/errors.js';
import { pulledModel } from './cache.js';
import { catalogueEntry } from './catalogue/catalogue.js';
import { isUrl, remoteModel } from './remote.js';
import type { RemoteOptions } from './remote.js';

/** The models that `--model zoo`, and no `--model` at all, stand for. */
const DEFAULT_ZOO = ['stride', 'maxpool', 'blurpool', 'aps-blur', 'dense'] as const;

/** A model to be loaded. */
export type FoundModel = {
  /** An embedded model's name; null where `loadModel` names it after its file or folder. */
  readonly name: string | null;
  /** For `loadModel`. */
  readonly path: string;
};

/** The embedded models' folder: beside the package's root, from src/models as from dist/models. */
const ZOO = fileURLToPath(new URL('../../zoo/models/', import.meta.url));

/** The embedded models, in the order of their names. */
export async function listZoo(folder: string = ZOO): Promise<(FoundModel & { readonly name: string })[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, path: join(folder, name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The models that one `--model` stands for.
 *
 * @param text the URL of a TensorFlow.js model, "zoo", the name of an embedded model, or a path. A path with a "/" or that ends in .onnx or .json is
 *   always a path;
 *   else the name of an embedded or a pulled model goes first: write "./stride" for a folder of that name.
 * @param folder where the embedded models lie
 * @param remote how a URL is fetched
 * @throws InputError for a name that is neither, with the nearest names
 */
export async function findModel(text: string, folder: string = ZOO, remote: RemoteOptions = {}): Promise<FoundModel[]> {
  if (isUrl(text)) return [await remoteModel(text, remote)];
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    const todo = scheme === 'file' ? 'Write the path alone, without file://.' : 'Download the model and give its path.';
    throw expected('--model', 'a path, a name or a URL with http:// or https://', text, todo);
  }
  const zoo = await listZoo(folder);
  if (text === 'zoo') {
    const chosen = DEFAULT_ZOO.flatMap((name) => zoo.filter((known) => known.name === name));
    if (chosen.length > 0) return chosen;
    throw new InputError(
      'Expected the embedded models of --model zoo but this installation has none. Give the path of a model instead.',
    );
  }
  const asPath = text.includes('/') || text.includes('\\') || /\.(onnx|json)$/.test(text);
  const known = asPath ? undefined : zoo.find(({ name }) => name === text);
  if (known) return [known];
  const pulled = asPath ? null : await pulledModel(text);
  if (pulled !== null) return [{ name: text, path: pulled }];
  const present = await stat(text).then(
    () => true,
    () => false,
  );
  if (present || asPath) return [{ name: null, path: text }];
  if (catalogueEntry(text)) {
    throw new InputError(
      `The model "${text}" isn't on this machine yet. Fetch it with: invariance models pull ${text}.`,
    );
  }
  const names = [...zoo.map(({ name }) => name), 'zoo'];
  const near = nearest(text, names);
  const guess = near.length > 0 ? ` Did you mean ${near.map((name) => `"${name}"`).join(' or ')}?` : '';
  throw new InputError(
    `Unknown model "${text}": no file or folder of that name, and no embedded model.${guess} Embedded: ${names.join(', ')}. Or give the path of an .onnx file or a model.json, or of a folder with one.`,
  );
}
