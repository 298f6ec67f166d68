// TensorFlow.js behind the `Classifier` seam: layers and graph models, on WebAssembly or TensorFlow's own library.
import type { Model } from '../core/model.js';
import type { Classifier } from './classifier.js';
import { tfjsLibrary } from './tfjs-library.js';
import { openTfjsSession } from './tfjs-open.js';

/** The package that computes, with its version: as settled for the model, else the default's. */
export async function tfjsRuntimeName({ engine }: Pick<Model, 'engine'>): Promise<string> {
  return engine?.runtime ?? (await tfjsLibrary('wasm')).runtime;
}

/**
 * Opens a model in TensorFlow.js. WebAssembly computes in the calling thread, TensorFlow's library in threads of its own.
 *
 * @throws InputError where the engine can't load the model or isn't installed, in words
 */
export async function openTfjs(model: Model): Promise<Classifier> {
  const { runtime, run, close } = await openTfjsSession(model);
  return { runtime, run: async (input, count) => (await run(input, count))[0] as Float32Array, close };
}
