// A TensorFlow.js model in its engine: either kind, with any of its tensors as outputs.
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { RunError } from '../core/errors.js';
import type { InputSpec, Model } from '../core/model.js';
import { endNames } from '../tfjs/ends.js';
import type { LayersTopology, TfjsModel } from '../tfjs/model.js';
import { readTfjs } from '../tfjs/read.js';
import { inFixedBatches } from './batches.js';
import type { Runner } from './batches.js';
import type { Elements } from './classifier.js';
import { elementsPerView } from './classifier.js';
import { tensorLedger } from './tensor-ledger.js';
import { tfjsLibrary } from './tfjs-library.js';
import type { TfjsLibrary } from './tfjs-library.js';
import { tfjsLoadError, tfjsRunError, unknownParts } from './tfjs-errors.js';

/** What is read of a run: the tensors that `outputs` gives of the engine's model, each with its elements a view. */
export type TfjsWanted = {
  /** The tensors of a layers model, from which a model is made that gives them. */
  readonly ofLayers: (model: LayersModel) => SymbolicTensor[];
  /** Names of a graph model's tensors ("node" or "node:1"). */
  readonly ofGraph: readonly string[];
  /** Values to read, computed from those tensors and freed by the caller. */
  readonly values?: (tensors: readonly Tensor[]) => readonly Tensor[];
  /** Elements a view of each value; null where that is to be found out. */
  readonly each: readonly (number | null)[];
};

/** An opened model. */
export type TfjsSession = {
  readonly runtime: string;
  readonly run: Runner;
  /** @throws RunError where tensors of this model are left: an error of this program */
  readonly close: () => Promise<void>;
};

/** What the engine's loader takes: without what is for training, and with the version that it wants of every graph. */
function artifacts({ json, kind, weights, data }: TfjsModel) {
  const groups = json['weightsManifest'] as readonly { readonly weights: readonly object[] }[];
  const { trainingConfig: _, modelTopology, ...rest } = json;
  const versions = { producer: 0, minConsumer: 0 };
  return {
    ...rest,
    modelTopology: kind === 'graph' ? { versions, ...(modelTopology as object) } : (modelTopology as object),
    weightSpecs: weights.length === 0 ? [] : groups.flatMap((group) => group.weights),
    weightData: data.buffer,
  };
}

/** Layers of classes that TensorFlow.js doesn't have, those inside of models that are layers too. */
function unknownLayers({ layers }: LayersTopology, known: (name: string) => boolean): { type: string; name: string }[] {
  return layers.flatMap(({ className, name, inner }) =>
    inner !== null ? unknownLayers(inner, known) : known(className) ? [] : [{ type: className, name }],
  );
}

type LoadedGraph = {
  readonly executor?: {
    readonly graph?: { readonly nodes?: Readonly<Record<string, { op: string; category?: string }>> };
  };
};

/** Nodes that the loader found no operator for: it leaves their category out and fails only when they run. */
function unknownNodes(model: GraphModel): { type: string; name: string }[] {
  const nodes = (model as unknown as LoadedGraph).executor?.graph?.nodes ?? {};
  return Object.entries(nodes).flatMap(([name, { op, category }]) =>
    category === undefined || category === 'custom' ? [{ type: op, name }] : [],
  );
}

/** The engine's model: `predict` gives the wanted tensors, `dispose` frees it. */
type Loaded = {
  readonly predict: (input: Tensor) => Tensor[] | Promise<Tensor[]>;
  readonly dispose: () => void;
};

async function loadLayers(
  library: TfjsLibrary,
  files: TfjsModel & { readonly kind: 'layers' },
  spec: InputSpec,
  wanted: TfjsWanted,
): Promise<Loaded> {
  const { classNameMap } = library.tf.serialization.SerializationMap.getMap();
  const unknown = unknownLayers(files.topology, (name) => name in classNameMap);
  if (unknown.length > 0) throw unknownParts(files.path, 'layers', unknown);
  const whole = await library.loadLayersModel(library.tf.io.fromMemory(artifacts(files)));
  const input = whole.inputs[endNames(files.topology.inputs).indexOf(spec.name)];
  if (input === undefined) throw new RunError(`${files.path} has no input "${spec.name}" any more.`);
  try {
    const model = library.subModel({ inputs: input, outputs: wanted.ofLayers(whole) });
    return {
      predict: (tensor) => {
        const found = model.predictOnBatch(tensor);
        return Array.isArray(found) ? found : [found];
      },
      dispose: () => freeWeights(whole),
    };
  } catch (error) {
    freeWeights(whole);
    throw error;
  }
}

/** Its own `dispose` counts users of layers and leaves the weights of models inside of models. */
function freeWeights(model: LayersModel): void {
  for (const weight of new Set(model.weights)) weight.dispose();
}

/** Operators whose result the engine gives only later make it refuse to run at once. */
const LATER = /dynamic op|returned a promise/;

async function loadGraph(
  library: TfjsLibrary,
  files: TfjsModel & { readonly kind: 'graph' },
  spec: InputSpec,
  wanted: TfjsWanted,
): Promise<Loaded> {
  const model = await library.loadGraphModel(library.tf.io.fromMemory(artifacts(files)));
  const unknown = unknownNodes(model);
  if (unknown.length > 0) {
    model.dispose();
    throw unknownParts(files.path, 'operators', unknown);
  }
  const names = [...wanted.ofGraph];
  let later = false;
  return {
    predict: (tensor) => {
      const inputs = { [spec.name]: tensor };
      if (!later) {
        try {
          return [model.execute(inputs, names)].flat();
        } catch (error) {
          if (!LATER.test(String(error))) throw error;
          later = true;
        }
      }
      return model.executeAsync(inputs, names).then((found) => [found].flat());
    },
    dispose: () => model.dispose(),
  };
}

function asFloat32(data: ArrayLike<number>): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

/** What is needed of a model to run it; its number of classes is null where a run is to tell it. */
export type Answering = Pick<Model, 'path' | 'input' | 'engine'> & {
  readonly output: { readonly name: string; readonly classes: number | null };
};

/** The model's own answer as what is wanted. */
export function tfjsAnswer({ output }: Answering, files: TfjsModel): TfjsWanted {
  const index = files.kind === 'layers' ? endNames(files.topology.outputs).indexOf(output.name) : 0;
  if (index < 0) throw new RunError(`${files.path} has no output "${output.name}" any more.`);
  return {
    ofLayers: ({ outputs }) => outputs.slice(index, index + 1),
    ofGraph: [output.name],
    each: [output.classes],
  };
}

/**
 * Opens a model.
 *
 * @param wanted what is read of it, the model's own answer first; made from its files
 * @throws InputError where the engine can't load the model, in words
 */
export async function openTfjsSession(
  model: Answering,
  wanted: (files: TfjsModel) => TfjsWanted = (files) => tfjsAnswer(model, files),
): Promise<TfjsSession> {
  const { backend } = model.engine ?? { backend: 'wasm' };
  const library = await tfjsLibrary(backend);
  const { tf, registered, runtime } = library;
  const { input: spec, path } = model;
  const files = await readTfjs(path);
  const outputs = wanted(files);
  const ledger = tensorLedger(library);
  const select = async (): Promise<void> => {
    if (tf.getBackend() !== registered) await tf.setBackend(registered);
  };

  const loaded = await ledger.book(async () => {
    await select();
    try {
      return files.kind === 'layers'
        ? await loadLayers(library, files, spec, outputs)
        : await loadGraph(library, files, spec, outputs);
    } catch (error) {
      throw tfjsLoadError(path, backend, error);
    }
  });

  /** The values as arrays; every tensor on the way is freed. */
  const values = async (tensor: Tensor): Promise<Float32Array[]> => {
    const found = await loaded.predict(tensor);
    const kept = new Set(found);
    try {
      const read = outputs.values?.(found) ?? found;
      for (const each of read) kept.add(each);
      return read.map((each) => asFloat32(each.dataSync()));
    } finally {
      for (const each of kept) each.dispose();
    }
  };

  const call = async (input: Elements, batch: number): Promise<Float32Array[]> => {
    await select();
    const { width, height, layout, type } = spec;
    const shape = layout === 'NHWC' ? [batch, height, width, 3] : [batch, 3, height, width];
    const exact = input.subarray(0, batch * elementsPerView(spec));
    const tensor = tf.tensor(exact, shape, type === 'uint8' ? 'int32' : 'float32');
    let found: Float32Array[];
    try {
      found = await values(tensor);
    } catch (error) {
      throw tfjsRunError(path, error);
    } finally {
      tensor.dispose();
    }
    for (const [i, each] of outputs.each.entries()) {
      const length = found[i]?.length ?? 0;
      if (each === null || length === batch * each) continue;
      throw new RunError(
        `${path} gave ${length} values for ${batch} views where ${batch * each} were expected. Check the number of classes with "invariance models inspect".`,
      );
    }
    return found;
  };

  const booked: Runner = (input, count) => ledger.book(() => call(input, count));
  const { batch } = spec;
  return {
    runtime,
    run: batch === null ? booked : inFixedBatches(spec, batch, booked),
    close: async () => {
      await ledger.book(async () => {
        await select();
        loaded.dispose();
      });
      const left = ledger.held();
      if (left !== 0) {
        throw new RunError(
          `${left} tensors of ${path} were ${left > 0 ? 'not freed' : 'freed twice'}: an error of this program. Please report it with the model; what was measured is kept.`,
        );
      }
    },
  };
}
