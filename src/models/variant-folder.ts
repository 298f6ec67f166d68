// Writes folders of rewritten models: model.onnx with the weights beside it, the original's config and preprocessing,
// and a card. A folder is made under another name and put in place only once it was checked.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InputError, messageOf } from '../core/errors.js';
import type { Preprocessing } from '../core/model.js';
import { canonicalJson } from '../core/protocol.js';
import type { ExternalFile } from '../graph/external.js';
import { preprocessorConfig } from './catalogue/model-files.js';
import type { ModelFiles } from './folder.js';
import { readJsonFile } from './json-file.js';
import { VARIANT_SCHEMA, variantReadme } from './variant-card.js';
import type { VariantCard } from './variant-card.js';

/** What a variant's folder is written from, but for its card. */
export type VariantContent = {
  /** The encoded graph. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the original's model file and its external weights. */
  readonly original: string;
  /** The original's files, and the files of weights that its graph refers to. */
  readonly files: ModelFiles;
  readonly external: readonly ExternalFile[];
  /** Members of config.json that differ from the original's ("output"). */
  readonly config: Readonly<Record<string, unknown>>;
  /** What `--preprocess` said: a JSON file's path, or a named preprocessing; null = as the original's files say. */
  readonly preprocessing: string | Preprocessing | null;
};

const CONFIG = 'config.json';
const PREPROCESSOR = 'preprocessor_config.json';

const json = (content: unknown): string => `${JSON.stringify(content, null, 2)}\n`;

/** Licences beside the original's model: the weights are its weights. */
async function licenceFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /^(licen[cs]e|notice|copying)([._-]|$)/i.test(name))
    .map((name) => path.join(folder, name));
}

/** What preprocessor_config.json is to hold; null where there is to be none. */
async function preprocessorText({ files, preprocessing }: VariantContent): Promise<string | null> {
  if (typeof preprocessing === 'string') return readFile(preprocessing, 'utf8');
  if (preprocessing !== null) return json(preprocessorConfig(preprocessing));
  return files.preprocessor && readFile(files.preprocessor.name, 'utf8');
}

/** What config.json is to hold; null where there is to be none. */
async function configText({ files, config }: VariantContent): Promise<string | null> {
  const same = Object.entries(config).every(([key, value]) => files.config?.content[key] === value);
  if (!same) return json({ ...files.config?.content, ...config });
  return files.config && readFile(files.config.name, 'utf8');
}

/** The files beside the graph that say how it is used, by name; null where there is to be none. */
async function sideTexts(content: VariantContent): Promise<ReadonlyMap<string, string | null>> {
  return new Map([
    [CONFIG, await configText(content)],
    [PREPROCESSOR, await preprocessorText(content)],
  ]);
}

async function writeFiles(folder: string, content: VariantContent): Promise<void> {
  const { bytes, files, external } = content;
  await writeFile(path.join(folder, 'model.onnx'), bytes);
  for (const { location, path: from } of external) {
    await mkdir(path.dirname(path.join(folder, location)), { recursive: true });
    await copyFile(from, path.join(folder, location));
  }
  for (const file of await licenceFiles(path.dirname(files.config?.name ?? files.path))) {
    await copyFile(file, path.join(folder, path.basename(file)));
  }
  for (const [name, text] of await sideTexts(content)) {
    if (text !== null) await writeFile(path.join(folder, name), text);
  }
}

async function fileDigest(file: string): Promise<string | null> {
  return readFile(file).then(
    (bytes) => createHash('sha256').update(bytes).digest('hex'),
    () => null,
  );
}

/** What lies in a variant's place that isn't that variant, as a sentence's end; null where it is. */
async function otherContent(folder: string, content: VariantContent, record: unknown): Promise<string | null> {
  const card = await readJsonFile(path.join(folder, 'card.json')).catch(() => null);
  if (card === null) return 'is there and holds no variant';
  const { variant = null, original = null } = card.content;
  if (canonicalJson(variant) !== canonicalJson(record)) return 'holds another variant';
  const of = typeof original === 'object' && original !== null && 'sha256' in original ? original.sha256 : null;
  const digest = createHash('sha256').update(content.bytes).digest('hex');
  if (of !== content.original || (await fileDigest(path.join(folder, 'model.onnx'))) !== digest) {
    return 'holds this variant of another model, or of other weights, or made by another version';
  }
  for (const [name, text] of await sideTexts(content)) {
    const found = await readFile(path.join(folder, name), 'utf8').catch(() => null);
    if (found !== text) return `holds this variant with another ${name === CONFIG ? name : 'preprocessing'}`;
  }
  return null;
}

/** Whether a folder holds the very variant that is to be written. @throws InputError where it holds something else */
async function isSameVariant(folder: string, content: VariantContent, record: unknown): Promise<boolean> {
  const found = await stat(folder).catch(() => null);
  if (found === null) return false;
  const what = found.isDirectory() ? await otherContent(folder, content, record) : 'is a file';
  if (what === null) return true;
  throw new InputError(
    `Expected no folder ${folder}, or one with this very variant, but it ${what}. Remove it, or give another folder with -o.`,
  );
}

/** Removes empty folders from one up to the outermost that was made for it. */
async function removeEmpty(folder: string, outermost: string): Promise<void> {
  const removed = await rmdir(folder).then(
    () => true,
    () => false,
  );
  if (removed && path.resolve(folder) !== path.resolve(outermost)) await removeEmpty(path.dirname(folder), outermost);
}

/** Removes a variant that lies in a folder, whichever it is; anything else stays. */
export async function dropVariant(folder: string): Promise<void> {
  const card = await readJsonFile(path.join(folder, 'card.json')).catch(() => null);
  if (card?.content['schema'] === VARIANT_SCHEMA) await rm(folder, { recursive: true });
}

/**
 * Writes a variant's folder, once `check` has passed on it; nothing is left behind where it doesn't.
 *
 * @param folder where the variant goes; folders above it are made
 * @param record the card's `variant`
 * @param check is given the folder under its temporary name and gives the card
 * @returns whether it was written; false where this very variant lies there already
 * @throws InputError where something else is in the folder's place, or it can't be written; whatever `check` throws
 */
export async function writeVariantFolder(
  folder: string,
  content: VariantContent,
  record: VariantCard['variant'],
  check: (draft: string) => Promise<VariantCard>,
): Promise<boolean> {
  if (await isSameVariant(folder, content, record)) return false;
  const parent = path.dirname(folder);
  const draft = path.join(parent, `.${path.basename(folder)}.${process.pid}`);
  let made: string | undefined;
  try {
    made = await mkdir(parent, { recursive: true });
    await mkdir(draft);
  } catch (error) {
    throw new InputError(
      `Expected a folder that can be written but ${parent} can't be (${messageOf(error)}). Give another with -o.`,
    );
  }
  try {
    await writeFiles(draft, content);
    const card = await check(draft);
    await writeFile(path.join(draft, 'card.json'), json(card));
    await writeFile(path.join(draft, 'README.md'), variantReadme(card));
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (made !== undefined) await removeEmpty(parent, made);
    throw error;
  }
  return true;
}
