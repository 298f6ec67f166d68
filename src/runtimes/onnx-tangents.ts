// Pushes a change of a map through the rest of a network, step by step (see `graph/local-tangents.ts`).
import { Tensor } from 'onnxruntime-node';
import type { InferenceSession } from 'onnxruntime-node';
import { tensor } from '../graph/build.js';
import type { LocalPlan, LocalStep } from '../graph/local.js';
import { tangentGraph } from '../graph/local-tangents.js';
import type { TangentGraph } from '../graph/local-tangents.js';
import { TensorProto_DataType as DataType } from '../graph/onnx_pb.js';
import type { TensorProto } from '../graph/onnx_pb.js';
import type { OnnxModel } from '../graph/read.js';
import { encodeModel } from '../graph/write.js';

export type Outputs = Readonly<Record<string, Tensor>>;

/** What is needed of the engine. */
export type Engine = {
  /** Runs a session; failures are put in words. */
  readonly run: (session: InferenceSession, feeds: Outputs) => Promise<Outputs>;
  readonly open: (bytes: Uint8Array) => Promise<InferenceSession>;
};

/** A map, or a change of one, with its Euclidean length. */
export type Change = { readonly tensor: Tensor; readonly length: number };

export type Tangents = {
  /**
   * What a change of a step's result does to the answer, to first order.
   *
   * @param maps the picture and the results of all steps for it, by tensor
   */
  readonly push: (step: number, change: Change, maps: ReadonlyMap<string, Change>) => Promise<Float32Array>;
  readonly close: () => Promise<void>;
};

/** A tensor of a run as a constant of a graph. */
function constant(name: string, { type, dims, data }: Tensor): TensorProto {
  const made = tensor(name, dims, data as Float32Array | BigInt64Array | Int32Array | Uint8Array);
  return type === 'bool' ? Object.assign(made, { dataType: DataType.BOOL }) : made;
}

/** Euclidean length. */
export function lengthOf(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

/** Every so many elements of a large map are looked at where a rough length will do: a prime, which no side is. */
const STRIDE = 61;

/** Length of a map from a sample of its elements; exactly 0 only where all are 0. */
function roughLength(values: Float32Array): number {
  if (values.length < 1024 * STRIDE) return lengthOf(values);
  let sum = 0;
  for (let i = 0; i < values.length; i += STRIDE) sum += (values[i] ?? 0) ** 2;
  return sum > 0 ? Math.sqrt(sum * STRIDE) : lengthOf(values);
}

type Walk = { readonly step: LocalStep; readonly graph: TangentGraph; readonly session: InferenceSession };

function scalar(value: number): Tensor {
  return new Tensor('float32', Float32Array.of(value), []);
}

/** One element that stands for a change that is 0. */
function zero(axes: number): Tensor {
  return new Tensor('float32', new Float32Array(1), new Array<number>(axes).fill(1));
}

/**
 * Inputs of a step's tangent. The difference is taken over a change as long as `size` times the maps that it moves;
 * of an affine step over one as long as they are, which drowns rounding.
 */
function feedsOf(
  { step, graph }: Walk,
  changes: ReadonlyMap<string, Change>,
  maps: ReadonlyMap<string, Change>,
  size: number,
): Outputs {
  const moved = step.from.flatMap(({ tensor }) => changes.get(tensor) ?? []);
  const still = step.from.flatMap(({ tensor }) => (changes.has(tensor) ? (maps.get(tensor) ?? []) : []));
  const total = (list: readonly Change[]): number => Math.hypot(...list.map(({ length }) => length));
  const by = ((step.affine ? 1 : size) * (total(still) || 1)) / total(moved);
  return {
    ...Object.fromEntries(step.from.map(({ tensor }) => [tensor, maps.get(tensor)?.tensor as Tensor])),
    ...Object.fromEntries(
      step.from.map(({ tensor, grid }, i) => [
        graph.changes[i] ?? '',
        changes.get(tensor)?.tensor ?? zero(grid.shape.length),
      ]),
    ),
    [graph.by]: scalar(by),
    [graph.scale]: scalar(1 / (graph.result === null ? 2 * by : by)),
    ...(graph.result === null ? {} : { [graph.result]: maps.get(step.output)?.tensor as Tensor }),
  };
}

/**
 * Opens a session for each step.
 *
 * @param outputs a run of the derivatives graph: it holds what comes from the shapes of maps
 * @param size length of a change over the length of the maps, in steps that may be curved
 */
export async function openTangents(
  onnx: OnnxModel,
  plan: LocalPlan,
  outputs: Outputs,
  { run, open }: Engine,
  size: number,
): Promise<Tangents> {
  const shapes = [...plan.shapes].map((name) => constant(name, outputs[name] as Tensor));
  const walks: (Walk | null)[] = [];
  for (const step of plan.steps) {
    // Nothing is pushed through a step that takes the picture alone.
    const first = step.from.every(({ tensor }) => tensor === plan.picture.tensor);
    const graph = tangentGraph(onnx, plan, step, shapes);
    walks.push(first ? null : { step, graph, session: await open(encodeModel(graph.model)) });
  }
  return {
    push: async (from, change, maps) => {
      const changes = new Map([[plan.steps[from]?.output ?? '', change]]);
      for (const walk of walks.slice(from + 1)) {
        if (walk === null || !walk.step.from.some(({ tensor }) => changes.has(tensor))) continue;
        const found = (await run(walk.session, feedsOf(walk, changes, maps, size)))[walk.graph.output] as Tensor;
        const length = roughLength(found.data as Float32Array);
        if (length > 0) changes.set(walk.step.output, { tensor: found, length });
      }
      const answer = changes.get(plan.answer)?.tensor.data;
      return answer instanceof Float32Array ? answer : new Float32Array(maps.get(plan.answer)?.tensor.data.length ?? 0);
    },
    close: async () => {
      for (const walk of walks) await walk?.session.release();
    },
  };
}
