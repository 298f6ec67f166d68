// The local equivariance error of one picture, measured with onnxruntime (see `graph/local.ts` for what it is).
import { Tensor } from 'onnxruntime-node';
import type { InferenceSession } from 'onnxruntime-node';
import { RunError } from '../core/errors.js';
import type { LocalCause, LocalEquivariance, RowsColumns } from '../core/layers.js';
import type { Model } from '../core/model.js';
import { DIRECTIONS, derivativesGraph } from '../graph/local-derivatives.js';
import type { DerivativesGraph, DifferenceSteps } from '../graph/local-derivatives.js';
import type { LocalPlan } from '../graph/local.js';
import type { OnnxModel } from '../graph/read.js';
import { encodeModel } from '../graph/write.js';
import { runError } from './engine-errors.js';
import { openBytes } from './onnx-bytes.js';
import type { LocalMeasurer } from './layers.js';
import { lengthOf, openTangents } from './onnx-tangents.js';
import type { Change, Engine, Outputs } from './onnx-tangents.js';

/** Sizes of all central differences; docs hold the convergence test behind the defaults. */
export type LocalSteps = DifferenceSteps & {
  /** Of the whole network: translation, pixels. */
  readonly whole: number;
  /** Of pushes through a step that may be curved: length of the change of its maps over the length of the maps. */
  readonly push: number;
};

export const LOCAL_STEPS: LocalSteps = { curved: 3e-4, affine: 1, whole: 1e-4, push: 5e-5 };

/** A part shorter than this share of its step's result is rounding: it counts as 0. */
const QUIET = 1e-6;
/** Relative rounding of an answer in float32. */
const ROUNDING = 2 ** -23;

/** Changes of the answer for one direction, per pixel. */
type Direction = {
  readonly whole: Float64Array;
  /** Length of the answer itself. */
  readonly answer: number;
  /** By step; a cause that isn't there is 0. */
  readonly steps: readonly Readonly<Partial<Record<LocalCause, Float32Array>>>[];
};

/** An output in float32. */
function numbers(outputs: Outputs, output: string): Float32Array {
  const data = outputs[output]?.data;
  if (data instanceof Float32Array) return data;
  throw new RunError(`Expected "${output}" in float32 but received ${outputs[output]?.type ?? 'nothing'}.`);
}

/** What one run of the derivatives graph gives, by step. */
function changesOf(outputs: Outputs, { steps }: DerivativesGraph): readonly { cause: LocalCause; change: Change }[][] {
  return steps.map(({ parts, norm }) => {
    const quiet = QUIET * (numbers(outputs, norm)[0] ?? 0);
    return parts.flatMap(({ cause, output }) => {
      const tensor = outputs[output] as Tensor;
      const length = lengthOf(numbers(outputs, output));
      return length > quiet ? [{ cause, change: { tensor, length } }] : [];
    });
  });
}

/**
 * Opens a plan: `measure` gives one picture's local equivariance error.
 *
 * @param onnx the model that the plan was made of, as in the file of `model`
 * @param threads threads within one call
 * @param sizes sizes of the central differences
 * @throws InputError where the engine can't load the rewritten graph, in words
 */
export async function openLocal(
  model: Model,
  onnx: OnnxModel,
  plan: LocalPlan,
  threads: number,
  sizes: LocalSteps = LOCAL_STEPS,
): Promise<LocalMeasurer> {
  const graph = derivativesGraph(onnx, plan, sizes);
  const open = (bytes: Uint8Array): Promise<InferenceSession> => openBytes(bytes, model.path, threads, false);
  const derivatives = await open(encodeModel(graph.model));
  const network = await open(encodeModel(onnx));
  const { name } = plan.picture;
  const { shape } = plan.picture.grid;
  const run: Engine['run'] = async (session, feeds) => {
    try {
      return await session.run(feeds);
    } catch (error) {
      throw runError(model.path, error);
    }
  };
  const differentiated = (input: Float32Array, { y, x }: RowsColumns): Promise<Outputs> =>
    run(derivatives, {
      [name]: new Tensor('float32', input, shape),
      [graph.blend.y]: new Tensor('float32', Float32Array.of(y), []),
      [graph.blend.x]: new Tensor('float32', Float32Array.of(x), []),
    });
  const blank = new Float32Array(shape.reduce((a, b) => a * b, 1));
  const shapes = plan.shapes.size === 0 ? {} : await differentiated(blank, { y: 1, x: 0 });
  const tangents = await openTangents(onnx, plan, shapes, { run, open }, sizes.push);

  /** The network's own derivative. */
  const whole = async (input: Float32Array, moved: Float32Array): Promise<Float64Array> => {
    const by = sizes.whole;
    const [plus, minus] = await Promise.all(
      [by, -by].map(async (far) => {
        const displaced = input.map((value, i) => value + far * (moved[i] ?? 0));
        return numbers(await run(network, { [name]: new Tensor('float32', displaced, shape) }), plan.answer);
      }),
    );
    return Float64Array.from(plus ?? [], (value, i) => (value - (minus?.[i] ?? 0)) / (2 * by));
  };

  const along = async (input: Float32Array, direction: RowsColumns): Promise<Direction> => {
    const outputs = await differentiated(input, direction);
    const results = graph.steps.map(({ result, norm }): [string, Change] => [
      result,
      { tensor: outputs[result] as Tensor, length: numbers(outputs, norm)[0] ?? 0 },
    ]);
    const picture: Change = { tensor: new Tensor('float32', input, shape), length: lengthOf(input) };
    const maps = new Map([[name, picture], ...results]);
    const steps: Partial<Record<LocalCause, Float32Array>>[] = [];
    for (const [index, parts] of changesOf(outputs, graph).entries()) {
      const found: Partial<Record<LocalCause, Float32Array>> = {};
      for (const { cause, change } of parts) found[cause] = await tangents.push(index, change, maps);
      steps.push(found);
    }
    return {
      whole: await whole(input, numbers(outputs, graph.moved)),
      answer: maps.get(plan.answer)?.length ?? 0,
      steps,
    };
  };

  return {
    measure: async (input) => {
      const directions: Direction[] = [];
      for (const direction of DIRECTIONS) directions.push(await along(input, direction));
      return summed(directions, plan, ROUNDING / sizes.whole);
    },
    close: async () => {
      await Promise.all([derivatives.release(), network.release(), tangents.close()]);
    },
  };
}

function sumOf(vectors: readonly (Float32Array | Float64Array)[], size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => vectors.reduce((sum, vector) => sum + (vector[i] ?? 0), 0));
}

/**
 * Mean squares over outputs and directions. A step's parts are pushed apart and, the push being linear, added up.
 *
 * @param rounding share of the answer that the network's own derivative can't be told from 0 below
 */
function summed(directions: readonly Direction[], plan: LocalPlan, rounding: number): LocalEquivariance {
  const outputs = directions[0]?.whole.length ?? 0;
  const mean = (vectors: readonly (Float32Array | Float64Array)[]): number =>
    vectors.reduce((sum, vector) => sum + lengthOf(vector) ** 2, 0) / (outputs * directions.length);
  const none = new Float32Array(outputs);
  const all = (index: number) => (direction: Direction) => sumOf(Object.values(direction.steps[index] ?? {}), outputs);
  const steps = plan.steps.map(({ causes }, index) => ({
    all: mean(directions.map(all(index))),
    ...Object.fromEntries(
      causes.map((cause) => [cause, mean(directions.map(({ steps: found }) => found[index]?.[cause] ?? none))]),
    ),
  }));
  const rest = directions.map((direction) => {
    const explained = sumOf(
      plan.steps.map((_, index) => all(index)(direction)),
      outputs,
    );
    return direction.whole.map((value, i) => value - (explained[i] ?? 0));
  });
  const total = mean(directions.map(({ whole }) => whole));
  const squares = directions.reduce((sum, { answer }) => sum + (rounding * answer) ** 2, 0);
  const least = squares / (outputs * directions.length) || 1;
  return { total, steps, unexplained: Math.sqrt(mean(rest) / Math.max(total, least)) };
}
