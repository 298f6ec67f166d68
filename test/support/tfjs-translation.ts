// Runs a TensorFlow.js model and its translation on the same pictures: both must give the same answers.
import * as tf from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeModel } from '../../src/graph/write.js';
import { tfjsLibrary } from '../../src/runtimes/tfjs-library.js';
import type { TfjsModel } from '../../src/tfjs/model.js';
import { translateTfjs } from '../../src/tfjs/onnx/translate.js';
import type { TfjsTranslation } from '../../src/tfjs/onnx/translate.js';
import { readTfjs } from '../../src/tfjs/read.js';
import { layersFiles, noise } from './tfjs-files.js';
import type { TfjsFiles } from './tfjs-files.js';

/** Pictures that both are shown: more than one, so that the batch's axis is tested too. */
const VIEWS = 2;

export type Write = (path: string, content: Uint8Array | string) => string;

let made = 0;

export async function readFiles(write: Write, files: TfjsFiles): Promise<TfjsModel> {
  const folder = `model${made++}`;
  write(`${folder}/weights.bin`, files['weights.bin']);
  return readTfjs(write(`${folder}/model.json`, files['model.json']));
}

export function translatedTo(
  model: TfjsModel,
  height: number,
  classes: number,
  { input = 'pixels', output = 'answer', width = height } = {},
): TfjsTranslation {
  return translateTfjs(model, {
    input: { name: input, width, height, layout: 'NHWC', batch: null },
    output: { name: output, classes },
  });
}

/** The translation's answers to some pictures. */
export async function runTranslation(
  { model, answer }: TfjsTranslation,
  input: Float32Array,
  [height, width]: readonly [number, number],
): Promise<Float32Array> {
  // Unoptimised: onnxruntime 1.30 folds a Pad with zeros into a MaxPool behind it, which pads with −∞.
  const session = await InferenceSession.create(encodeModel(model), {
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 4,
  });
  const name = session.inputNames[0] as string;
  const found = await session.run({ [name]: new Tensor('float32', input, [VIEWS, height, width, 3]) });
  await session.release();
  return found[answer]?.data as Float32Array;
}

/** Largest distance between two answers, over the largest answer where that is above 1. */
function distance(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  const largest = Math.max(1, ...a.map(Math.abs));
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN)))) / largest;
}

function pictures(height: number, width: number): Float32Array {
  return noise(VIEWS * height * width * 3, 7);
}

/** Distance between what a layers model and its translation answer, and what couldn't be translated. */
export async function layersDistance(
  write: Write,
  model: LayersModel,
): Promise<{ readonly distance: number; readonly unknown: TfjsTranslation['unknown'] }> {
  await tfjsLibrary('wasm');
  const [, height = 1, width = 1] = model.inputs[0]?.shape as number[];
  const classes = model.outputs[0]?.shape.slice(1).reduce<number>((all, side) => all * (side ?? 1), 1) ?? 1;
  const read = await readFiles(write, await layersFiles(model));
  const translation = translatedTo(read, height, classes, { width });
  const input = pictures(height, width);
  const wanted = tf.tidy(() =>
    (model.predict(tf.tensor4d(input, [VIEWS, height, width, 3])) as tf.Tensor).dataSync<'float32'>(),
  );
  const found = await runTranslation(translation, input, [height, width]);
  return { distance: distance(wanted, found), unknown: translation.unknown };
}

/** The same of a graph model whose picture is "pixels" and whose answer is the tensor that the signature names. */
export async function graphDistance(
  write: Write,
  files: TfjsFiles,
  side: number,
): Promise<{ readonly distance: number; readonly unknown: TfjsTranslation['unknown'] }> {
  await tfjsLibrary('wasm');
  const read = await readFiles(write, files);
  const { weightsManifest, ...json } = JSON.parse(files['model.json']) as {
    modelTopology: tf.io.ModelJSON['modelTopology'];
    signature: object;
    weightsManifest: tf.io.WeightsManifestConfig;
  };
  const weightData = files['weights.bin'].buffer.slice(
    files['weights.bin'].byteOffset,
    files['weights.bin'].byteOffset + files['weights.bin'].byteLength,
  ) as ArrayBuffer;
  const artifacts = { ...json, weightSpecs: weightsManifest.flatMap(({ weights }) => weights), weightData };
  const model = await loadGraphModel(tf.io.fromMemory(artifacts));
  const input = pictures(side, side);
  const answer = tf.tidy(() => model.predict(tf.tensor4d(input, [VIEWS, side, side, 3])) as tf.Tensor);
  const wanted = answer.dataSync<'float32'>();
  const translation = translatedTo(read, side, answer.size / VIEWS);
  answer.dispose();
  model.dispose();
  const found = await runTranslation(translation, input, [side, side]);
  return { distance: distance(wanted, found), unknown: translation.unknown };
}
