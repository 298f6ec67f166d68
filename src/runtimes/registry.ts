// Which engine runs which model format. A new engine is one new file and one line here.
import type { Model } from '../core/model.js';
import type { Classifier } from './classifier.js';
import type { Layers } from './layers.js';

type Engine = {
  readonly open: (model: Model, threads: number) => Promise<Classifier>;
  readonly name: (model: Pick<Model, 'engine'>) => string | Promise<string>;
  readonly layers: () => Promise<Layers>;
};

/** Loaded on first use: an engine's native library isn't needed to print a help text. */
const tfjs = async (): Promise<Engine> => {
  const { openTfjs, tfjsRuntimeName } = await import('./tfjs.js');
  return {
    open: openTfjs,
    name: tfjsRuntimeName,
    layers: async () => (await import('./tfjs-layers.js')).tfjsLayers,
  };
};

const ENGINES: Readonly<Record<Model['format'], () => Promise<Engine>>> = {
  onnx: async () => {
    const { openOnnx, onnxRuntimeName } = await import('./onnx.js');
    return {
      open: openOnnx,
      name: onnxRuntimeName,
      layers: async () => (await import('./onnx-layers.js')).onnxLayers,
    };
  },
  'tfjs-layers': tfjs,
  'tfjs-graph': tfjs,
};

/**
 * Opens a model in the engine for its format.
 *
 * @param options.threads threads within one call; default 1
 * @throws InputError where the engine can't load the model, in words
 */
export async function openClassifier(
  model: Model,
  { threads = 1 }: { readonly threads?: number } = {},
): Promise<Classifier> {
  const engine = await ENGINES[model.format]();
  return engine.open(model, threads);
}

/** Name and version of the engine that runs a model, e.g. "onnxruntime-node 1.30.0". */
export async function runtimeName(model: Pick<Model, 'format' | 'engine'>): Promise<string> {
  const engine = await ENGINES[model.format]();
  return engine.name(model);
}

/** How the engine of a model looks inside it. */
export async function layersOf(model: Pick<Model, 'format'>): Promise<Layers> {
  return (await ENGINES[model.format]()).layers();
}
