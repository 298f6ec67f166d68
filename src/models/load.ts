// Loads what is known of a model: its graph's input and output, its preprocessing, its classes, its checksum.
import { basename } from 'node:path';
import { InputError } from '../core/errors.js';
import type { InputSpec, Model, ModelFormat, OutputSpec, Preprocessing } from '../core/model.js';
import type { FoundInput } from './find-input.js';
import type { FoundOutput, Trial } from './find-output.js';
import { modelFiles } from './folder.js';
import type { ModelFiles } from './folder.js';
import { huggingFacePreprocessing } from './huggingface.js';
import type { FoundPreprocessing } from './huggingface.js';
import { labelsIn, statedKind } from './labels.js';
import { PREPROCESSINGS, askedPreprocessing } from './preprocess.js';
import { sourceOf } from './source.js';
import { metadataLabels, metadataPreprocessing } from './teachable-machine.js';
import { timmPreprocessing, timmSettings } from './timm.js';

export type LoadOptions = {
  /** `--preprocess`: a name or the path of a JSON file; replaces the model's own. */
  readonly preprocess?: string;
  /** Name in the run; default: the folder's or file's. */
  readonly name?: string;
  /** Names for the input that takes the picture and the output that holds the classes, of models that have several. */
  readonly inputNames?: readonly string[];
  readonly outputNames?: readonly string[];
  /** Runs the model once where neither its shapes nor its weights say the number of classes. */
  readonly trial?: Trial;
};

async function preprocessingFor(
  files: ModelFiles,
  input: FoundInput,
  asked: string | undefined,
): Promise<FoundPreprocessing> {
  const { width, height } = input;
  if (asked !== undefined)
    return askedPreprocessing(asked, width !== null && height !== null ? { width, height } : null);
  if (files.preprocessor) return huggingFacePreprocessing(files.preprocessor, 'preprocessor_config.json');
  const settings = files.config ? timmSettings(files.config) : null;
  if (settings) return timmPreprocessing(settings, width);
  const written = files.metadata ? metadataPreprocessing(files.metadata, width) : null;
  if (written) return written;
  throw new InputError(
    `How ${files.path} wants its pictures can't be found out: there is no preprocessor_config.json beside it. Say it with --preprocess ${Object.keys(PREPROCESSINGS).join('|')}|file.json.`,
  );
}

/** A model that takes bytes takes pixels as they are: normalising happens inside it. */
function forElementType(found: FoundPreprocessing, input: FoundInput): FoundPreprocessing {
  const { preprocessing } = found;
  const { scale, offset, mean, std } = preprocessing;
  const plain = scale === 1 && offset === 0 && mean.every((value) => value === 0) && std.every((value) => value === 1);
  if (input.type !== 'uint8' || plain) return found;
  return {
    preprocessing: { ...preprocessing, scale: 1, offset: 0, mean: [0, 0, 0], std: [1, 1, 1] },
    findings: {
      ...found.findings,
      'preprocessing.values': `0…255 as they are: the input is uint8, so ${preprocessing.source}'s rescaling and normalising are left to the model`,
    },
  };
}

/** The input's size: the graph's where it is fixed, else the preprocessing's; both must agree. */
function settledSize(
  input: FoundInput,
  preprocessing: Preprocessing,
  path: string,
): { width: number; height: number; crop: Preprocessing['crop']; findings: Record<string, string> } {
  const { resize, crop, source } = preprocessing;
  const made = crop ?? (resize?.to === 'exact' ? { width: resize.width, height: resize.height } : null);
  const width = input.width ?? made?.width;
  const height = input.height ?? made?.height;
  if (width === undefined || height === undefined) {
    throw new InputError(
      `The input size of ${path} can't be found out: its sides are open and ${source} gives no crop and no exact size. Say it with --preprocess file.json ("crop_size").`,
    );
  }
  if (made && (made.width !== width || made.height !== height)) {
    throw new InputError(
      `Expected pictures of ${width}×${height} for ${path} but ${source} makes ${made.width}×${made.height} (width×height). Use the preprocessing of this model, or --preprocess.`,
    );
  }
  const open = input.width === null || input.height === null;
  return {
    width,
    height,
    crop: made ? crop : { width, height },
    findings: {
      'input.size': open
        ? `${width}×${height}: from ${source}, the shape leaves it open`
        : `${width}×${height}: fixed in the shape`,
      ...(made
        ? {}
        : { 'preprocessing.crop': `centre ${width}×${height}: ${source} gives none, the model's input needs one` }),
    },
  };
}

async function settledOutput(
  found: FoundOutput,
  labels: readonly string[] | null,
  path: string,
  input: InputSpec,
  format: ModelFormat,
  trial: Trial | undefined,
): Promise<{ output: OutputSpec; findings: Record<string, string> }> {
  const { findings, ...output } = found;
  if (output.classes !== null) return { output: { ...output, classes: output.classes }, findings: { ...findings } };
  const tried = (await trial?.(path, input, format, output.name))?.find(({ name }) => name === output.name);
  const classes = tried ? tried.dims.slice(1).reduce((product, side) => product * side, 1) : labels?.length;
  if (classes === undefined) {
    throw new InputError(
      `The number of classes of ${path} can't be found out: its output has no fixed shape. Put a config.json with "id2label" beside it.`,
    );
  }
  const why = tried ? 'a run on zeros' : 'the number of labels in config.json';
  return { output: { ...output, classes }, findings: { ...findings, 'output.classes': `${classes}: ${why}` } };
}

/** Class names in the model's files, and the file that has them. */
function labelsOf({ config, metadata }: ModelFiles): { classes: readonly string[] | null; from: string } {
  const inConfig = config ? labelsIn(config) : null;
  if (inConfig !== null || metadata === null) return { classes: inConfig, from: config?.name ?? 'config.json' };
  return { classes: metadataLabels(metadata), from: metadata.name };
}

/**
 * Loads a model's description; the graph's weights stay on disk until a classifier is opened.
 *
 * @param path an ONNX file (any extension), a model.json of TensorFlow.js, or a folder with one of them
 * @throws InputError for everything that keeps the model from being measured, naming the file and what to do
 */
export async function loadModel(path: string, options: LoadOptions = {}): Promise<Model> {
  const files = await modelFiles(path);
  const source = await sourceOf(files);
  const found = source.input(options.inputNames ?? []);
  const { classes, from } = labelsOf(files);
  const stated = files.config ? statedKind(files.config) : null;
  const foundOutput = source.output(classes?.length ?? null, stated, options.outputNames ?? []);

  const prepared = forElementType(await preprocessingFor(files, found, options.preprocess), found);
  const { width, height, crop, findings: sizeFindings } = settledSize(found, prepared.preprocessing, files.path);
  const { findings: inputFindings, ...rest } = found;
  const input: InputSpec = { ...rest, width, height };
  const { output, findings: outputFindings } = await settledOutput(
    foundOutput,
    classes,
    files.path,
    input,
    source.format,
    options.trial,
  );
  if (classes && classes.length !== output.classes) {
    throw new InputError(
      `Expected ${output.classes} labels in ${from}, one for each output of ${files.path}, but it names ${classes.length}. Use the ${basename(from)} of this model.`,
    );
  }
  return {
    name: options.name ?? files.name,
    path: files.path,
    format: source.format,
    sha256: await source.sha256(),
    input,
    output,
    preprocessing: { ...prepared.preprocessing, crop },
    classes,
    findings: {
      ...inputFindings,
      ...outputFindings,
      ...sizeFindings,
      preprocessing: `from ${prepared.preprocessing.source}`,
      ...prepared.findings,
      classes: classes ? `${classes.length} names in ${basename(from)}` : 'no names in the model’s files',
    },
  };
}
