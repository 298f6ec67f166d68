// From what the user wrote after --model to loaded models, checked against the protocol before anything is measured.
import { InputError } from '../core/errors.js';
import type { InputSpec, Model, ModelFormat, TfjsBackend } from '../core/model.js';
import type { Protocol } from '../core/protocol.js';
import { findModel } from '../models/find.js';
import { loadModel } from '../models/load.js';
import { findProbe } from '../probes/registry.js';
import { viewsPerCall } from './answer.js';
import { frameOf } from './measure.js';

/** A model as it was asked for. */
export type ModelRequest = {
  /** A path, a URL, the name of an embedded model, or "zoo". */
  readonly where: string;
  /** Name in the run; default: the folder's or file's. */
  readonly name?: string;
};

/** What is to run the models, where they leave a choice. */
export type EngineRequest = {
  /** Every model must be one that this engine runs; default: whichever a model's format needs. */
  readonly runtime?: 'onnxruntime' | 'tfjs';
  /** For TensorFlow.js models; default "wasm". */
  readonly backend?: TfjsBackend | 'auto';
  /** Names for the input that takes the picture and the output that holds the classes, of models that have several. */
  readonly inputNames?: readonly string[];
  readonly outputNames?: readonly string[];
  /** Worker threads that will run: what --backend auto reckons with. */
  readonly workers?: number;
  /** Threads within one call: what only onnxruntime takes. */
  readonly threads?: number;
  /** Is told what was chosen or fetched, in a sentence. */
  readonly notice?: (text: string) => void;
};

/** Runs a model once on zeros, in the engine for its format. */
function trialWith({ backend = 'wasm' }: EngineRequest) {
  return async (path: string, input: InputSpec, format: ModelFormat, output: string) => {
    if (format === 'onnx') return (await import('../runtimes/onnx.js')).trialRun(path, input);
    return (await import('../runtimes/tfjs-settle.js')).tfjsTrial(path, input, output, backend);
  };
}

/** @throws InputError where another engine was asked for than the one that a model's format needs */
function checkRuntime(model: Model, { runtime }: EngineRequest): void {
  const onnx = model.format === 'onnx';
  if (runtime === undefined || (runtime === 'onnxruntime') === onnx) return;
  throw new InputError(
    `Expected a model for --runtime ${runtime} but ${model.path} is ${onnx ? 'an ONNX model, which onnxruntime runs' : 'a TensorFlow.js model'}. Leave --runtime out, or give ${onnx ? 'the model.json of a TensorFlow.js model' : 'an ONNX model'}.`,
  );
}

/** The models with what runs them, where that is a choice. */
async function settled(models: readonly Model[], request: EngineRequest): Promise<Model[]> {
  const { backend = 'wasm', workers = 1, threads = 1, notice } = request;
  const tfjs = models.filter(({ format }) => format !== 'onnx');
  if (tfjs.length === 0) {
    if (request.backend !== undefined) {
      notice?.(
        `--backend ${backend} is left aside: it is for TensorFlow.js models, and onnxruntime runs those of ONNX.`,
      );
    }
    return [...models];
  }
  if (threads > 1) {
    notice?.(
      `--threads ${threads} is left aside for TensorFlow.js models: WebAssembly computes in one thread a worker, TensorFlow's own library in as many as it takes.`,
    );
  }
  const { settleTfjs } = await import('../runtimes/tfjs-settle.js');
  const found = await settleTfjs(tfjs, backend, { views: viewsPerCall, workers });
  if (found.note !== null) notice?.(found.note);
  return models.map((model) => found.models[tfjs.indexOf(model)] ?? model);
}

/**
 * Loads models in the order they were asked for.
 *
 * @param preprocess replaces every model's own preprocessing: a name or the path of a JSON file
 * @param engine what is to run them
 * @throws InputError for whatever keeps one of them from being measured
 */
export async function openModels(
  requests: readonly ModelRequest[],
  preprocess?: string,
  engine: EngineRequest = {},
): Promise<Model[]> {
  const models: Model[] = [];
  for (const request of requests) {
    const found = await findModel(
      request.where,
      undefined,
      engine.notice === undefined ? {} : { notice: engine.notice },
    );
    if (request.name !== undefined && found.length > 1) {
      throw new InputError(
        `Expected one model for the name "${request.name}" but "${request.where}" stands for ${found.length}.`,
      );
    }
    for (const { name, path } of found) {
      const given = request.name ?? name ?? '';
      const model = await loadModel(path, {
        trial: trialWith(engine),
        inputNames: engine.inputNames ?? [],
        outputNames: engine.outputNames ?? [],
        ...(given === '' ? {} : { name: given }),
        ...(preprocess === undefined ? {} : { preprocess }),
      });
      checkRuntime(model, engine);
      models.push(model);
    }
  }
  return settled(models, engine);
}

/** @throws InputError where a model's geometry leaves no room for the protocol's views, naming the model */
export function checkRoom(models: readonly Model[], { probe }: Protocol): void {
  for (const model of models) {
    try {
      if (model.remedy === undefined) findProbe(probe.name).check(probe.options, frameOf(model));
    } catch (error) {
      if (error instanceof InputError) throw new InputError(`${model.name}: ${error.message}`);
      throw error;
    }
  }
}
