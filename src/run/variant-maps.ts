// Outputs and maps of rewritten graphs, run in the engine and compared with the original's.
import type { Model } from '../core/model.js';
import { product } from '../graph/audit/constants.js';
import { value } from '../graph/build.js';
import { changed } from '../graph/changed.js';
import { TensorProto_DataType as DataType } from '../graph/onnx_pb.js';
import type { OnnxModel } from '../graph/read.js';
import type { NormalGraph } from '../graph/rewrite/normal.js';
import { sidesOf } from '../graph/rewrite/spread.js';
import type { Identity } from '../graph/rewrite/variant.js';
import { encodeModel } from '../graph/write.js';
import type { Elements } from '../runtimes/classifier.js';
import { openBytes } from '../runtimes/onnx-bytes.js';
import { sessionRunner } from '../runtimes/onnx.js';
import type { Wanted } from '../runtimes/onnx.js';

/** Most maps that are compared place by place. */
const MAPS = 6;

const FLOATS = new Map<number, DataType>(
  [DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE].map((type) => [type, type]),
);

type SamePlaces = Extract<Identity, { kind: 'same-places' }>;

/** Largest difference of two answers, as a share of the largest value of either (at least 1). */
export function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [most, largest] = [0, 1];
  for (let i = 0; i < a.length; i++) {
    const [one = 0, other = 0] = [a[i], b[i]];
    most = Math.max(most, Math.abs(one - other));
    largest = Math.max(largest, Math.abs(one), Math.abs(other));
  }
  return most / largest;
}

/** Outputs of a graph for a picture (prepared for `beside`), run with the weights that lie beside a model. */
export async function outputsOf(
  beside: Model,
  graph: OnnxModel,
  picture: Elements,
  wanted: readonly Wanted[],
): Promise<Float32Array[]> {
  const session = await openBytes(encodeModel(graph), beside.path, 1);
  try {
    const run = sessionRunner(session, { ...beside, input: { ...beside.input, batch: null } }, wanted);
    return await run(picture, 1);
  } finally {
    await session.release();
  }
}

/** Floating-point maps [N, C, H, W] that are compared place by place: few, spread over the network. */
function comparedMaps({ base, rewritten }: SamePlaces): string[] {
  const made = new Set(rewritten.model.graph.node.flatMap(({ output }) => output));
  const names = [...rewritten.lattice.keys(), ...rewritten.phases.keys()].filter((name) => {
    const facts = base.facts.get(name);
    const apart = (rewritten.lattice.get(name) ?? 1) > 1 || (rewritten.phases.get(name) ?? 1) > 1;
    const planes = facts?.shape?.length === 4 && sidesOf(facts.geometry).join() === '2,3';
    return apart && planes && FLOATS.has(facts.type) && made.has(name);
  });
  const step = Math.max(1, Math.ceil(names.length / MAPS));
  return names.filter((_, i) => (names.length - 1 - i) % step === 0);
}

/** Largest difference of maps at the places that the original computes, and how many maps were compared. */
export async function placesDeviation(
  identity: SamePlaces,
  original: Model,
  picture: Elements,
): Promise<{ readonly most: number; readonly maps: number }> {
  const { base, rewritten } = identity;
  const names = comparedMaps(identity);
  if (names.length === 0) return { most: 0, maps: 0 };
  const sides = names.map((name) => (base.facts.get(name)?.shape ?? []).slice(1));
  const spread = names.map((name) => rewritten.lattice.get(name) ?? 1);
  const wanted = (scale: (i: number) => number): Wanted[] =>
    names.map((name, i) => ({ name, each: product(sides[i] ?? []) * scale(i) }));
  const withMaps = (graph: OnnxModel): OnnxModel => withOutputs(graph, names, base);
  const before = await outputsOf(
    original,
    withMaps(base.model),
    picture,
    wanted(() => 1),
  );
  const scale = (i: number): number => (spread[i] ?? 1) ** 2 * (rewritten.phases.get(names[i] ?? '') ?? 1);
  const after = await outputsOf(original, withMaps(rewritten.model), picture, wanted(scale));
  const differences = names.map((_, i) => {
    const [, rows = 1, columns = 1] = sides[i] ?? [];
    const by = spread[i] ?? 1;
    const [old, dense] = [before[i] as Float32Array, after[i] as Float32Array];
    const kept = old.map((_, at) => {
      const [channel, place] = [Math.floor(at / (rows * columns)), at % (rows * columns)];
      const [row, column] = [Math.floor(place / columns), place % columns];
      return dense[(channel * rows * by + row * by) * columns * by + column * by] as number;
    });
    return difference(old, kept);
  });
  return { most: Math.max(...differences), maps: names.length };
}

/** The graph with some of its maps as outputs. */
function withOutputs(graph: OnnxModel, names: readonly string[], { facts }: NormalGraph): OnnxModel {
  const maps = names.map((name) => value(name, FLOATS.get(facts.get(name)?.type ?? 0) ?? DataType.FLOAT, null));
  return changed(graph, { graph: changed(graph.graph, { output: [...graph.graph.output, ...maps] }) });
}
