// What the user's path stands for: the model's file and the JSON files that belong to it.
import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { InputError } from '../core/errors.js';
import { tfjsFilesIn } from '../tfjs/read.js';
import { tfjsKindOf } from '../tfjs/recognise.js';
import { readJsonFile } from './json-file.js';
import type { JsonFile } from './json-file.js';

export type ModelFiles = {
  /** The model's file. */
  readonly path: string;
  readonly format: 'onnx' | 'tfjs';
  /** The folder's or the file's name. */
  readonly name: string;
  readonly config: JsonFile | null;
  readonly preprocessor: JsonFile | null;
  /** metadata.json, as Teachable Machine writes it. */
  readonly metadata: JsonFile | null;
};

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The .onnx files of a folder and of its `onnx` folder, relative to it. */
async function onnxFilesIn(folder: string): Promise<string[]> {
  const list = async (under: string): Promise<string[]> =>
    (await readdir(join(folder, under)).catch(() => []))
      .filter((file) => file.endsWith('.onnx'))
      .map((file) => join(under, file));
  return [...(await list('')), ...(await list('onnx'))].sort();
}

/** The one ONNX file of a folder that goes first, by its name or because it is alone; else all of them. */
async function onnxChoice(folder: string): Promise<string[]> {
  for (const usual of ['model.onnx', join('onnx', 'model.onnx')]) {
    if (await exists(join(folder, usual))) return [usual];
  }
  return onnxFilesIn(folder);
}

/** Models of other formats by the ends of their files' names, and what to do about them. */
const OTHERS: readonly { readonly pattern: RegExp; readonly what: string; readonly todo: string }[] = [
  {
    pattern: /^saved_model\.pb$/,
    what: 'a TensorFlow SavedModel',
    todo: 'Convert it with tensorflowjs_converter --input_format=tf_saved_model --output_format=tfjs_graph_model, or to ONNX with tf2onnx.',
  },
  {
    pattern: /\.(h5|hdf5|keras)$/,
    what: 'a Keras model',
    todo: 'Convert it with tensorflowjs_converter --input_format=keras, or to ONNX with tf2onnx.',
  },
  {
    pattern: /\.tflite$/,
    what: 'a TensorFlow Lite model',
    todo: 'Convert the model that it was made from with tensorflowjs_converter or to ONNX.',
  },
];

/** What a folder has instead of a model in a format that is read: the end of a sentence, and what to do. */
async function otherModelIn(folder: string): Promise<string | null> {
  const names = (await readdir(folder).catch(() => [])).sort();
  for (const { pattern, what, todo } of OTHERS) {
    const name = names.find((each) => pattern.test(each));
    if (name !== undefined) return `${name} is ${what}. ${todo}`;
  }
  return null;
}

async function fileInFolder(folder: string): Promise<string> {
  const onnx = await onnxChoice(folder);
  const files = [...onnx, ...(await tfjsFilesIn(folder))];
  const [only] = files;
  if (only !== undefined && files.length === 1) return join(folder, only);
  if (onnx.length > 0 && files.length > onnx.length) {
    throw new InputError(
      `Expected one model in the folder ${folder} but it has models of both formats, ONNX and TensorFlow.js: ${files.join(', ')}. Give the path of one of them.`,
    );
  }
  const other = files.length === 0 ? await otherModelIn(folder) : null;
  if (other !== null)
    throw new InputError(`Expected a model in ONNX or TensorFlow.js format in the folder ${folder} but ${other}`);
  throw new InputError(
    files.length === 0
      ? `Expected a model in the folder ${folder} but there is no model.onnx, no onnx/model.onnx, no other .onnx file and no model.json. Give the folder of a model in ONNX or TensorFlow.js format.`
      : `Expected one model in the folder ${folder} but there are ${files.length}: ${files.join(', ')}. Give the path of one of them.`,
  );
}

/** Whether a file is a TensorFlow.js model, by its content; one of the usual name is one whatever is wrong with it. */
async function isTfjsFile(file: string): Promise<boolean> {
  if (basename(file) === 'model.json') return true;
  if (extname(file) === '.onnx') return false;
  const bytes = await readFile(file).catch(() => new Uint8Array());
  const first = bytes.find((byte) => byte > 0x20);
  if (first !== '{'.charCodeAt(0)) return false;
  try {
    return tfjsKindOf(JSON.parse(new TextDecoder().decode(bytes))) !== null;
  } catch {
    return false;
  }
}

/** The folder whose JSON files describe a model's file: its own, or the one above a folder "onnx". */
export async function describingFolder(file: string): Promise<string> {
  const own = dirname(resolve(file));
  if (basename(own) !== 'onnx' || (await exists(join(own, 'config.json')))) return own;
  return dirname(own);
}

/**
 * @throws InputError where there is no such path, no model in the folder, or more than one; and for broken JSON files
 */
export async function modelFiles(path: string): Promise<ModelFiles> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new InputError(`Expected a model at ${path} but there is no such file or folder.`);
  const file = found.isDirectory() ? await fileInFolder(path) : path;
  const folder = await describingFolder(file);
  const format = (await isTfjsFile(file)) ? 'tfjs' : 'onnx';
  const plain = basename(file, format === 'tfjs' ? '.json' : '.onnx');
  return {
    path: file,
    format,
    name: found.isDirectory() || plain === 'model' ? basename(folder) : plain,
    config: await readJsonFile(join(folder, 'config.json')),
    preprocessor: await readJsonFile(join(folder, 'preprocessor_config.json')),
    metadata: format === 'tfjs' ? await readJsonFile(join(folder, 'metadata.json')) : null,
  };
}
