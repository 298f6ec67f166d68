// Settles before anything is measured what runs a TensorFlow.js model: the backend that was asked for, tried once on zeros, or
// the fastest of those that work.
import { InputError, RunError } from '../core/errors.js';
import { TFJS_BACKENDS } from '../core/model.js';
import type { InputSpec, Model, TfjsBackend } from '../core/model.js';
import type { Classifier, Elements } from './classifier.js';
import { elementsOn, bytesPerElement, elementsPerView } from './classifier.js';
import { openTfjs } from './tfjs.js';
import { tfjsLibrary } from './tfjs-library.js';
import { openTfjsSession } from './tfjs-open.js';
import { tfjsLoadError } from './tfjs-errors.js';

function zeros(spec: InputSpec, views: number): Elements {
  const length = views * elementsPerView(spec);
  return elementsOn(new ArrayBuffer(length * bytesPerElement(spec.type)), spec.type, 0, length);
}

async function withBackend(model: Model, backend: TfjsBackend): Promise<Model> {
  const { runtime } = await tfjsLibrary(backend);
  return { ...model, engine: { backend, runtime } };
}

/** Uses what is open and closes it. Where the use fails its error is told, not what closing says after it. */
async function closedAfter<Result>(
  opened: { readonly close: () => Promise<void> },
  use: () => Promise<Result>,
): Promise<Result> {
  let result: Result;
  try {
    result = await use();
  } catch (error) {
    await opened.close().catch(() => undefined);
    throw error;
  }
  await opened.close();
  return result;
}

/** The error of a model that fails on zeros: whatever the engine says is wrong with the model. */
function failedOnZeros(path: string, backend: TfjsBackend, error: unknown): Error {
  const { cause } = error as { readonly cause?: unknown };
  // Said by this program and not by the engine: in words already.
  if (error instanceof RunError && cause === undefined) return new InputError(error.message);
  return tfjsLoadError(path, backend, cause ?? error);
}

/** Opens the model, runs it once on zeros, and uses it; whatever fails is an error of the model or the installation. */
async function tried<Result>(
  model: Model,
  backend: TfjsBackend,
  use: (classifier: Classifier) => Promise<Result>,
): Promise<Result> {
  const classifier = await openTfjs(model);
  const views = model.input.batch ?? 1;
  return closedAfter(classifier, async () => {
    try {
      await classifier.run(zeros(model.input, views), views);
      return await use(classifier);
    } catch (error) {
      throw failedOnZeros(model.path, backend, error);
    }
  });
}

/** Milliseconds of measuring, after one call that warms up. */
const MEASURED = 300;

/** Views a second of one session. */
async function rateOf(classifier: Classifier, spec: InputSpec, views: number): Promise<number> {
  const input = zeros(spec, views);
  await classifier.run(input, views);
  const start = performance.now();
  let calls = 0;
  while (performance.now() - start < MEASURED) {
    await classifier.run(input, views);
    calls++;
  }
  return (calls * views) / ((performance.now() - start) / 1000);
}

/** What was settled, in the models' order, and why where it was a choice. */
export type Settled = { readonly models: readonly Model[]; readonly note: string | null };

/** How the fastest is told: views a call, and sessions of WebAssembly side by side (the others have threads of their own). */
export type Racing = { readonly views: (model: Model) => number; readonly workers: number };

/** How much faster another backend must be than WebAssembly: such short times scatter. */
const CLEARLY = 1.2;

/** All models on a backend, and the seconds that a view of each takes, summed. */
async function raced(
  models: readonly Model[],
  backend: TfjsBackend,
  { views, workers }: Racing,
): Promise<{ readonly models: readonly Model[]; readonly backend: TfjsBackend; readonly seconds: number }> {
  const settled: Model[] = [];
  let seconds = 0;
  for (const model of models) {
    const one = await withBackend(model, backend);
    const rate = await tried(one, backend, (classifier) => rateOf(classifier, model.input, views(model)));
    seconds += 1 / (backend === 'wasm' ? rate * workers : rate);
    settled.push(one);
  }
  return { models: settled, backend, seconds };
}

async function fastest(models: readonly Model[], racing: Racing): Promise<Settled> {
  const times: Awaited<ReturnType<typeof raced>>[] = [];
  const failed: { readonly backend: TfjsBackend; readonly error: unknown }[] = [];
  for (const backend of TFJS_BACKENDS) {
    try {
      times.push(await raced(models, backend, racing));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      failed.push({ backend, error });
    }
  }
  const [first] = times.toSorted((a, b) => a.seconds - b.seconds);
  // All of them fail on a model's own account: WebAssembly's reason is the plainest.
  if (first === undefined) throw failed[0]?.error;
  const wasm = times.find(({ backend }) => backend === 'wasm');
  const best = wasm !== undefined && wasm.seconds <= CLEARLY * first.seconds ? wasm : first;
  const rate = ({ seconds }: { readonly seconds: number }): number => Math.round(models.length / seconds);
  const others = times.filter((one) => one !== best).map((one) => `${one.backend} about ${rate(one)}`);
  const missing = failed.map(({ backend }) => `${backend} doesn't work here (--backend ${backend} says why)`);
  return {
    models: best.models,
    note: `${models.map(({ name }) => name).join(', ')}: --backend auto takes ${best.backend}, about ${rate(best)} views/s; ${[...others, ...missing].join('; ')}.`,
  };
}

/**
 * Settles what runs the TensorFlow.js models of a run: the same for all, since one on TensorFlow's library leaves the whole
 * run one worker.
 *
 * @param backend "auto": the fastest that works with all models, by a third of a second's measuring each; WebAssembly
 *   where that is within 20 % of it
 * @throws InputError where the backend isn't installed, or can't run a model, in words
 */
export async function settleTfjs(
  models: readonly Model[],
  backend: TfjsBackend | 'auto',
  racing: Racing,
): Promise<Settled> {
  if (backend === 'auto') return fastest(models, racing);
  const settled: Model[] = [];
  for (const model of models) {
    const one = await withBackend(model, backend);
    await tried(one, backend, () => Promise.resolve());
    settled.push(one);
  }
  return { models: settled, note: null };
}

async function trialOn(
  path: string,
  input: InputSpec,
  output: string,
  backend: TfjsBackend,
): Promise<{ readonly name: string; readonly dims: readonly number[]; readonly type: string }[]> {
  const { runtime } = await tfjsLibrary(backend);
  const session = await openTfjsSession({
    path,
    input,
    engine: { backend, runtime },
    output: { name: output, classes: null },
  });
  const batch = input.batch ?? 1;
  return closedAfter(session, async () => {
    try {
      const [values] = await session.run(zeros(input, batch), batch);
      return [{ name: output, dims: [batch, (values?.length ?? 0) / batch], type: 'float32' }];
    } catch (error) {
      throw failedOnZeros(path, backend, error);
    }
  });
}

/**
 * Length of the answer to one view of zeros, for `loadModel` where a model's files don't say its number of classes.
 *
 * @param backend "auto": the first that works
 * @throws InputError where the backend isn't installed, or can't run the model, in words
 */
export async function tfjsTrial(
  path: string,
  input: InputSpec,
  output: string,
  backend: TfjsBackend | 'auto',
): ReturnType<typeof trialOn> {
  const failed: unknown[] = [];
  for (const one of backend === 'auto' ? TFJS_BACKENDS : [backend]) {
    try {
      return await trialOn(path, input, output, one);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      failed.push(error);
    }
  }
  // WebAssembly's reason, or that of the one that was asked for.
  throw failed[0];
}
