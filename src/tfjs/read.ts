// Reads a TensorFlow.js model: model.json, told by its content, and the shards that its manifest names.
import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, messageOf } from '../core/errors.js';
import { checkTopology } from './check.js';
import { graphTopology } from './graph-topology.js';
import { layersTopology } from './layers-topology.js';
import { parseManifest } from './manifest.js';
import type { TfjsModel } from './model.js';
import { isRecord, tfjsKindOf } from './recognise.js';
import { readShards } from './shards.js';

/** Files that hold a TensorFlow.js model, by their content; no path where the folder has none. */
export async function tfjsFilesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
  const found: string[] = [];
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    // A file "model.json" is one whatever it holds: what is wrong with it is told where it is read.
    if (name === 'model.json' || (text.includes('"modelTopology"') && tfjsKindOf(parsedOrNull(text)) !== null)) {
      found.push(name);
    }
  }
  return found;
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function fileOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new InputError(`Expected a model at ${path} but there is no such file or folder.`);
  if (!found.isDirectory()) return path;
  const files = await tfjsFilesIn(path);
  const [only] = files;
  if (only !== undefined && files.length === 1) return join(path, only);
  throw new InputError(
    files.length === 0
      ? `Expected a TensorFlow.js model in the folder ${path} but there is no model.json. Give the folder or the path of a model.json.`
      : `Expected one TensorFlow.js model in the folder ${path} but there are ${files.length}: ${files.join(', ')}. Give the path of one of them.`,
  );
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new InputError(`Expected a readable file ${path} but reading it failed: ${messageOf(error)}.`);
  }
}

/**
 * The JSON of a model.json.
 *
 * @param name the file's name or URL, for messages
 * @throws InputError where it isn't JSON, or JSON of something else
 */
export function parseTfjs(bytes: Uint8Array, name: string): Readonly<Record<string, unknown>> {
  const text = new TextDecoder().decode(bytes).replace(/^\ufeff/, '');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const what = /^\s*<(!doctype|html)/i.test(text) ? 'it is an HTML page' : `it isn't JSON (${messageOf(error)})`;
    throw new InputError(`Expected a TensorFlow.js model in ${name} but ${what}. Download or copy it again.`);
  }
  if (isRecord(json) && tfjsKindOf(json) !== null) return json;
  throw new InputError(
    `Expected a TensorFlow.js model in ${name} but it has neither "modelTopology.model_config" (a layers model) nor "modelTopology.node" (a graph model). Give the model.json that the TensorFlow.js converter or model.save wrote.`,
  );
}

function producerOf(json: Readonly<Record<string, unknown>>): string | null {
  const named = [json['generatedBy'], json['convertedBy']].filter((text) => typeof text === 'string' && text !== '');
  return named.length === 0 ? null : named.join(', ');
}

/**
 * Reads a model with its weights.
 *
 * @param path a model.json (whatever its name), or a folder with one
 * @throws InputError for everything that is wrong with the files, naming the file and what to do
 */
export async function readTfjs(path: string): Promise<TfjsModel> {
  const file = await fileOf(path);
  const bytes = await readBytes(file);
  const json = parseTfjs(bytes, file);
  const { data, weights, shards } = await readShards(parseManifest(json['weightsManifest'] ?? [], file), file);
  const files = {
    path: file,
    json,
    weights,
    data,
    shards,
    sha256: createHash('sha256').update(bytes).update(data).digest('hex'),
    bytes: bytes.length + data.length,
    producer: producerOf(json),
  };
  const model: TfjsModel =
    tfjsKindOf(json) === 'graph'
      ? { ...files, kind: 'graph', topology: graphTopology(json, file) }
      : { ...files, kind: 'layers', topology: layersTopology(json['modelTopology'], file) };
  checkTopology(model);
  return model;
}
