// Independent arithmetic for tests of the local equivariance error: maps in double precision, band-limited shifts by the
// discrete Fourier transform, convolutions and pools by loops; and networks to run against it.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { randomFor } from '../../src/core/random.js';
import type { LocalCause } from '../../src/core/layers.js';
import { auditGraph } from '../../src/graph/audit/audit.js';
import { model, node, tensor, value } from '../../src/graph/build.js';
import type { Dimension } from '../../src/graph/build.js';
import { DIRECTIONS, derivativesGraph } from '../../src/graph/local-derivatives.js';
import { planLocal } from '../../src/graph/local.js';
import type { LocalPlan } from '../../src/graph/local.js';
import { TensorProto_DataType as DataType } from '../../src/graph/onnx_pb.js';
import type { NodeProto, TensorProto } from '../../src/graph/onnx_pb.js';
import type { OnnxModel } from '../../src/graph/read.js';
import { encodeModel } from '../../src/graph/write.js';

/** Seeded numbers between −0.5 and 0.5. */
export function noise(length: number, key = 'picture'): Float32Array {
  const random = randomFor(11, key);
  return Float32Array.from({ length }, () => random.uniform() - 0.5);
}

/** The same, but evenly spaced: no two tie, and none is near 0, where activations have their kink. */
export function spaced(length: number): Float32Array {
  const values = noise(length);
  const ranks = Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  for (const [rank, index] of ranks.entries()) values[index] = (rank + 0.5) / length - 0.5;
  return values;
}

export const big = (...values: readonly number[]): bigint[] => values.map(BigInt);

/** One map, rows by columns. */
export type Plane = readonly (readonly number[])[];

export function plane(rows: number, columns: number, data: ArrayLike<number>): Plane {
  return Array.from({ length: rows }, (_, y) => Array.from({ length: columns }, (_, x) => data[y * columns + x] ?? 0));
}

function shiftedRow(row: readonly number[], t: number): number[] {
  const n = row.length;
  const half = Math.floor((n - 1) / 2);
  return row.map((_, j) => {
    let sum = 0;
    for (const [l, value] of row.entries()) {
      let kernel = 1;
      for (let k = 1; k <= half; k++) kernel += 2 * Math.cos((2 * Math.PI * k * (j + t - l)) / n);
      if (n % 2 === 0) kernel += Math.cos(Math.PI * t) * Math.cos(Math.PI * (j - l));
      sum += (value * kernel) / n;
    }
    return sum;
  });
}

export function flipped(map: Plane): Plane {
  return Array.from({ length: map[0]?.length ?? 0 }, (_, x) => map.map((row) => row[x] ?? 0));
}

/** The map moved by `t` elements along rows ("y") or columns, as trigonometric polynomial. */
export function shifted(map: Plane, t: number, direction: 'y' | 'x'): Plane {
  return direction === 'x' ? map.map((row) => shiftedRow(row, t)) : flipped(shifted(flipped(map), t, 'x'));
}

export type Window = {
  readonly side: number;
  readonly stride: number;
  /** Before and after, rows and columns alike. */
  readonly pads: readonly [number, number];
  readonly circular?: boolean;
};

/** Slides a window; `take` makes a number of the values in it, null where the padding lies. */
export function slid(
  map: Plane,
  { side, stride, pads: [before, after], circular = false }: Window,
  take: (values: readonly (number | null)[]) => number,
): Plane {
  const [rows, columns] = [map.length, map[0]?.length ?? 0];
  const places = (n: number): number => Math.floor((n + before + after - side) / stride) + 1;
  const at = (y: number, x: number): number | null =>
    circular ? (map[(y + rows) % rows]?.[(x + columns) % columns] ?? null) : (map[y]?.[x] ?? null);
  return Array.from({ length: places(rows) }, (_, y) =>
    Array.from({ length: places(columns) }, (_, x) =>
      take(
        Array.from({ length: side * side }, (_, i) =>
          at(y * stride - before + Math.floor(i / side), x * stride - before + (i % side)),
        ),
      ),
    ),
  );
}

export function convolved(map: Plane, window: Window, weights: ArrayLike<number>): Plane {
  return slid(map, window, (values) => values.reduce<number>((sum, v, i) => sum + (v ?? 0) * (weights[i] ?? 0), 0));
}

export function mapped(map: Plane, f: (value: number) => number): Plane {
  return map.map((row) => row.map(f));
}

/** d/dt T₋t f(T_t h) at 0 by its definition: a central difference in double precision. */
export function lie(
  f: (map: Plane) => Plane,
  map: Plane,
  factors: readonly [before: number, after: number],
  direction: 'y' | 'x',
): number[] {
  const t = 1e-5;
  const at = (by: number): number[] =>
    shifted(f(shifted(map, by / factors[0], direction)), -by / factors[1], direction).flat();
  const [plus, minus] = [at(t), at(-t)];
  return plus.map((value, i) => (value - (minus[i] ?? 0)) / (2 * t));
}

type Declared = { readonly nhwc?: boolean; readonly batch?: Dimension; readonly type?: DataType };

/** A network on a picture of three channels; the last node gives "answer". */
export function network(
  [rows, columns]: readonly [number, number],
  nodes: readonly NodeProto[],
  initializers: readonly TensorProto[] = [],
  { nhwc = false, batch = 'N', type = DataType.FLOAT }: Declared = {},
): OnnxModel {
  const shape = nhwc ? [batch, rows, columns, 3] : [batch, 3, rows, columns];
  return model({
    inputs: [value('pixels', type, shape)],
    outputs: [value('answer', type, null)],
    nodes,
    initializers,
  }) as OnnxModel;
}

/** Weights with seeded values. */
export function weights(name: string, ...dims: readonly number[]): TensorProto {
  return tensor(
    name,
    dims,
    noise(
      dims.reduce((a, b) => a * b, 1),
      name,
    ),
  );
}

/** Mean over places and a linear layer of `channels` inputs, from `from` to "answer". */
export function head(from: string, channels: number): { nodes: NodeProto[]; initializers: TensorProto[] } {
  return {
    nodes: [
      node('GlobalAveragePool', [from], ['mean']),
      node('Flatten', ['mean'], ['features']),
      node('Gemm', ['features', 'head'], ['answer'], { transB: 1n }),
    ],
    initializers: [weights('head', 4, channels)],
  };
}

export function planned(onnx: OnnxModel): LocalPlan {
  const plan = planLocal(onnx, auditGraph(onnx), 'answer');
  if ('unavailable' in plan) throw new Error(plan.unavailable);
  return plan;
}

/** Lie derivatives of all steps as the graph gives them: by direction ("y", "x") and step, each cause's values. */
export async function partsOf(
  onnx: OnnxModel,
  picture: Float32Array,
): Promise<Record<'y' | 'x', Record<string, Partial<Record<LocalCause, number[]>>>>> {
  const plan = planned(onnx);
  const graph = derivativesGraph(onnx, plan, { curved: 1e-3, affine: 1 });
  const session = await InferenceSession.create(encodeModel(graph.model), { logSeverityLevel: 4 });
  const found = { y: {}, x: {} } as Awaited<ReturnType<typeof partsOf>>;
  for (const { y, x } of DIRECTIONS) {
    const outputs = await session.run({
      pixels: new Tensor('float32', picture, plan.picture.grid.shape),
      [graph.blend.y]: new Tensor('float32', Float32Array.of(y), []),
      [graph.blend.x]: new Tensor('float32', Float32Array.of(x), []),
    });
    for (const [i, { parts }] of graph.steps.entries()) {
      found[y === 1 ? 'y' : 'x'][plan.steps[i]?.name ?? ''] = Object.fromEntries(
        parts.map(({ cause, output }) => [cause, Array.from(outputs[output]?.data as Float32Array)]),
      );
    }
  }
  await session.release();
  return found;
}
