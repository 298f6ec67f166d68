// Runs graphs of the tests in onnxruntime: any tensor of a graph as an output, by its name.
import ort from 'onnxruntime-node';
import { fromFloat16, toFloat16 } from '../../../src/core/float16.js';
import { auditGraph } from '../../../src/graph/audit/audit.js';
import { infer } from '../../../src/graph/audit/infer.js';
import { value } from '../../../src/graph/build.js';
import { changed } from '../../../src/graph/changed.js';
import { TensorProto_DataType as DataType } from '../../../src/graph/onnx_pb.js';
import type { OnnxModel } from '../../../src/graph/read.js';
import type { Rewritten } from '../../../src/graph/rewrite/rewritten.js';
import { encodeModel } from '../../../src/graph/write.js';
import { openBytes } from '../../../src/runtimes/onnx-bytes.js';
import { noise } from '../local-reference.js';

const HALF: number = DataType.FLOAT16;

/** A tensor's sides and values. */
export type Values = { readonly dims: readonly number[]; readonly data: Float32Array };

/** A batch of random pictures [count, 3, height, width], mean 0. */
export function randomPictures(count: number, height: number, width: number, channels = 3): Values {
  return { dims: [count, channels, height, width], data: noise(count * channels * height * width) };
}

/** The graph with more tensors as outputs. */
export function withOutputs(model: OnnxModel, names: readonly string[]): OnnxModel {
  const known = new Set(model.graph.output.map(({ name }) => name));
  const { input } = auditGraph(model);
  const { facts } = infer(model, input, 1);
  const more = names
    .filter((name) => !known.has(name))
    .map((name) => value(name, facts.get(name)?.type === HALF ? DataType.FLOAT16 : DataType.FLOAT, null));
  return changed(model, { graph: changed(model.graph, { output: [...model.graph.output, ...more] }) });
}

/**
 * @param outputs tensors wanted; default the graph's own outputs
 * @param path the file whose folder has the external weights, where there are any
 */
export async function run(
  model: OnnxModel,
  picture: Values,
  outputs: readonly string[] = model.graph.output.map(({ name }) => name),
  path = 'model.onnx',
): Promise<ReadonlyMap<string, Values>> {
  const session = await openBytes(encodeModel(withOutputs(model, outputs)), path, 1);
  const { input } = auditGraph(model);
  const feed = model.graph.input.find(({ name }) => name === input.name)?.type?.value;
  const half = feed?.case === 'tensorType' && feed.value.elemType === HALF;
  const pixels = half
    ? new ort.Tensor('float16', Uint16Array.from(picture.data, toFloat16), picture.dims)
    : new ort.Tensor('float32', picture.data, picture.dims);
  const results = await session.run({ [input.name]: pixels }, [...outputs]);
  await session.release();
  return new Map(
    outputs.map((name) => {
      const { dims, data: raw, type } = results[name] as ort.Tensor;
      const bits = (): ArrayLike<number> =>
        new Uint16Array((raw as Uint16Array).buffer, (raw as Uint16Array).byteOffset);
      return [
        name,
        { dims, data: type === 'float16' ? Float32Array.from(bits(), fromFloat16) : (raw as Float32Array) },
      ];
    }),
  );
}

/** Largest absolute difference of two tensors of the same sides; Infinity where sides differ or a value is NaN. */
export function distance(a: Values | undefined, b: Values | undefined): number {
  if (!a || !b || a.dims.join() !== b.dims.join()) return Infinity;
  let most = 0;
  for (const [i, value] of a.data.entries()) {
    const difference = Math.abs(value - (b.data[i] ?? Number.NaN));
    if (!(difference <= most)) most = Number.isNaN(difference) ? Infinity : difference;
  }
  return most;
}

/** Every `by`-th place along the last two axes, rows and columns, from the first on. */
export function everyPlace({ dims, data }: Values, by: number): Values {
  const [h = 1, w = 1] = dims.slice(-2);
  const outer = dims.slice(0, -2);
  const maps = outer.reduce((all, side) => all * side, 1);
  const [rows, columns] = [Math.ceil(h / by), Math.ceil(w / by)];
  const picked = new Float32Array(maps * rows * columns);
  let at = 0;
  for (let map = 0; map < maps; map++)
    for (let y = 0; y < h; y += by)
      for (let x = 0; x < w; x += by) picked[at++] = data[(map * h + y) * w + x] ?? Number.NaN;
  return { dims: [...outer, rows, columns], data: picked };
}

/** The first pictures of a batch. */
export function firstRows({ dims, data }: Values, count: number): Values {
  const [, ...sides] = dims;
  return { dims: [count, ...sides], data: data.slice(0, count * sides.reduce((all, side) => all * side, 1)) };
}

/** Pictures rolled cyclically, down and to the right. */
export function rolled({ dims, data }: Values, dy: number, dx: number): Values {
  const [n = 1, c = 1, h = 1, w = 1] = dims;
  const result = new Float32Array(data.length);
  for (let map = 0; map < n * c; map++)
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++) {
        const [row, column] = [(((y - dy) % h) + h) % h, (((x - dx) % w) + w) % w];
        result[(map * h + y) * w + x] = data[(map * h + row) * w + column] ?? 0;
      }
  return { dims, data: result };
}

/** Largest difference of tensors at the places and in the phases that the original computes. */
export async function kept(
  original: OnnxModel,
  { model, lattice, phases }: Rewritten,
  picture: Values,
  path = 'model.onnx',
): Promise<number> {
  const names = [...new Set([...lattice.keys(), ...phases.keys()])];
  const [before, after] = [await run(original, picture, names, path), await run(model, picture, names, path)];
  const count = picture.dims[0] ?? 1;
  const distances = names.map((name) => {
    const found = after.get(name);
    const by = lattice.get(name) ?? 1;
    return found ? distance(before.get(name), firstRows(by > 1 ? everyPlace(found, by) : found, count)) : Infinity;
  });
  return Math.max(...distances);
}
