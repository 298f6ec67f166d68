// What is told of options that say nothing of the models of a run.
import { expect, it } from 'vitest';
import { openModels } from '../../src/run/open.js';
import type { EngineRequest } from '../../src/run/open.js';
import { meanClassifier } from '../support/mean-classifier.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { graphBytes, graphJson, writeModel } from '../tfjs/models.js';

const { write } = temporaryFolder();
const onnx = write('mean/model.onnx', meanClassifier());
const tfjs = writeModel(write, 'graph', graphJson(), graphBytes([1, 2, 3, 4, 5, 6]));

async function noticesOf(models: readonly string[], request: EngineRequest): Promise<string[]> {
  const notices: string[] = [];
  const notice = (text: string): void => void notices.push(text);
  await openModels(
    models.map((where) => ({ where })),
    'none',
    { ...request, notice },
  );
  return notices;
}

it('--backend where all models are ONNX', async () => {
  expect(await noticesOf([onnx], { backend: 'wasm' })).toEqual([
    '--backend wasm is left aside: it is for TensorFlow.js models, and onnxruntime runs those of ONNX.',
  ]);
  expect(await noticesOf([onnx], { threads: 2 })).toEqual([]);
});

it('--threads where a model is of TensorFlow.js', async () => {
  expect(await noticesOf([onnx, tfjs], { backend: 'wasm', threads: 2 })).toEqual([
    "--threads 2 is left aside for TensorFlow.js models: WebAssembly computes in one thread a worker, TensorFlow's own library in as many as it takes.",
  ]);
  expect(await noticesOf([tfjs], { threads: 1 })).toEqual([]);
});
