// onnxruntime-node behind the `Classifier` seam. One session a worker thread: `run` holds the thread that calls it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { RunError, messageOf } from '../core/errors.js';
import type { InputSpec, Model } from '../core/model.js';
import { inFixedBatches } from './batches.js';
import type { Runner } from './batches.js';
import { elementsPerView } from './classifier.js';
import type { Classifier, Elements } from './classifier.js';
import { loadError, runError } from './engine-errors.js';
import { fromFloat16 } from '../core/float16.js';
import { sessionOptions } from './onnx-bytes.js';

/** The engine with its version. */
export function onnxRuntimeName(): string {
  const path = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  return `onnxruntime-node ${version}`;
}

async function openSession(path: string, threads: number): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(path, sessionOptions(threads));
  } catch (error) {
    throw loadError(path, error);
  }
}

function tensorOf(input: Elements, { type, layout, width, height }: InputSpec, batch: number): Tensor {
  const dims = layout === 'NCHW' ? [batch, 3, height, width] : [batch, height, width, 3];
  return new Tensor(type, input, dims);
}

/** A tensor's values as float32, whatever floating-point type they have. */
function asFloat32(tensor: Tensor): Float32Array {
  const { data, type } = tensor;
  if (data instanceof Float32Array) return data;
  if (type === 'float16') return Float32Array.from(data as unknown as Uint16Array, fromFloat16);
  return Float32Array.from(data as Float64Array);
}

/** An output that is read: its name and the number of elements a view. */
export type Wanted = { readonly name: string; readonly each: number };

/**
 * Reads outputs of a session of a model, in batches of its size where that is fixed.
 *
 * @param wanted the model's own answer first
 */
export function sessionRunner(session: InferenceSession, model: Model, wanted: readonly Wanted[]): Runner {
  const { input: spec } = model;
  const each = elementsPerView(spec);
  const names = wanted.map(({ name }) => name);
  let last: { readonly input: Elements; readonly count: number; readonly tensor: Tensor } | null = null;

  const call = async (tensor: Tensor, batch: number): Promise<Float32Array[]> => {
    let found: Readonly<Record<string, Tensor>>;
    try {
      found = await session.run({ [spec.name]: tensor }, names);
    } catch (error) {
      throw runError(model.path, error);
    }
    return wanted.map((output, i) => {
      const raw = found[output.name];
      if (raw !== undefined && raw.data.length === batch * output.each) return asFloat32(raw);
      const advice =
        i === 0
          ? 'Check the number of classes with "invariance models inspect".'
          : `It is that of "${output.name}": leave the layer out.`;
      throw new RunError(
        `${model.path} gave an output of shape [${raw?.dims.join(', ')}] for ${batch} views where [${batch}, ${output.each}] was expected. ${advice}`,
      );
    });
  };

  /** The same memory in the same batch size is wrapped once. */
  const wrapped = (input: Elements, count: number): Tensor => {
    if (last?.input !== input || last.count !== count) {
      const exact = input.length === count * each ? input : input.subarray(0, count * each);
      last = { input, count, tensor: tensorOf(exact, spec, count) };
    }
    return last.tensor;
  };

  const { batch } = spec;
  if (batch === null) return (input, count) => call(wrapped(input, count), count);
  const fixed = inFixedBatches(spec, batch, (input) => call(tensorOf(input, spec, batch), batch));
  return (input, count) => (count === batch ? call(wrapped(input, count), count) : fixed(input, count));
}

/** The model's answer as a wanted output. */
export function answerOf({ output }: Model): Wanted {
  return { name: output.name, each: output.classes };
}

/**
 * Opens a model in onnxruntime-node.
 *
 * @param threads threads within one call; 1 where every core has a worker of its own
 * @throws InputError where the engine can't load the model, in words
 */
export async function openOnnx(model: Model, threads: number): Promise<Classifier> {
  const session = await openSession(model.path, threads);
  const run = sessionRunner(session, model, [answerOf(model)]);
  return {
    runtime: onnxRuntimeName(),
    run: async (input, count) => (await run(input, count))[0] as Float32Array,
    close: () => session.release(),
  };
}

/** Shape and element type of an output, as a run gave them. */
export type TrialOutput = { readonly name: string; readonly dims: readonly number[]; readonly type: string };

/**
 * Runs a model once on zeros (for `loadModel`, where a model's files don't say the shape of its output).
 *
 * @param spec the input; a batch that isn't fixed is 1
 * @throws InputError where the model can't be loaded or doesn't take that input
 */
export async function trialRun(path: string, spec: InputSpec): Promise<TrialOutput[]> {
  const session = await openSession(path, 1);
  const batch = spec.batch ?? 1;
  const length = batch * elementsPerView(spec);
  const zeros =
    spec.type === 'float32'
      ? new Float32Array(length)
      : spec.type === 'float16'
        ? new Uint16Array(length)
        : new Uint8Array(length);
  try {
    const outputs = await session.run({ [spec.name]: tensorOf(zeros, spec, batch) });
    return Object.entries(outputs).map(([name, { dims, type }]) => ({ name, dims, type }));
  } catch (error) {
    throw loadError(path, messageOf(error));
  } finally {
    await session.release();
  }
}
