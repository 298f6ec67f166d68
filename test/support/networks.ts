// Networks with known answers, as model folders: analytic controls for the whole chain from file to page.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { randomFor } from '../../src/core/random.js';
import { model, node, tensor, value, wrapPad, type Piece } from '../../src/graph/build.js';
import { TensorProto_DataType as DataType } from '../../src/graph/onnx_pb.js';
import { encodeModel } from '../../src/graph/write.js';

/** Side of the controls' input, pixels. */
export const SIDE = 32;
const CLASSES = 4;

/** Writes a model folder; preprocessing does nothing but divide by 255, at the picture's own size. */
export function writeModel(folder: string, pieces: readonly Piece[], output: string, classes: number): string {
  mkdirSync(folder, { recursive: true });
  const onnx = model({
    inputs: [value('pixels', DataType.FLOAT, ['N', 3, SIDE, SIDE])],
    outputs: [value(output, DataType.FLOAT, ['N', classes])],
    nodes: pieces.flatMap(({ nodes }) => nodes),
    initializers: pieces.flatMap(({ initializers }) => initializers),
  });
  writeFileSync(path.join(folder, 'model.onnx'), encodeModel(onnx));
  const id2label = Object.fromEntries(Array.from({ length: classes }, (_, i) => [i, `class ${i}`]));
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ id2label, output: 'logits' }));
  const size = { height: SIDE, width: SIDE };
  writeFileSync(
    path.join(folder, 'preprocessor_config.json'),
    JSON.stringify({
      ...{ image_processor_type: 'BitImageProcessor', do_resize: true, size: { shortest_edge: SIDE }, resample: 2 },
      ...{ do_center_crop: true, crop_size: size, do_rescale: true, rescale_factor: 1 / 255, do_normalize: false },
    }),
  );
  return folder;
}

/** Two circular convolutions with the given stride in the second, ReLU, global average, linear: seeded weights. */
export function circularNetwork(folder: string, stride: number): string {
  const random = randomFor(7, 'control');
  const weights = (name: string, dims: number[], scale: number) =>
    tensor(
      name,
      dims,
      Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => scale * (random.uniform() - 0.5)),
    );
  const conv = (input: string, name: string, channels: [number, number], by: number): Piece[] => [
    wrapPad(input, `${name}/padded`, 1),
    {
      nodes: [
        node('Conv', [`${name}/padded`, `${name}/weight`], [`${name}/conv`], { strides: [BigInt(by), BigInt(by)] }),
        node('Relu', [`${name}/conv`], [`${name}/relu`]),
      ],
      initializers: [weights(`${name}/weight`, [channels[1], channels[0], 3, 3], 1)],
    },
  ];
  const head: Piece = {
    nodes: [
      node('GlobalAveragePool', ['stage2/relu'], ['pool']),
      node('Flatten', ['pool'], ['flat']),
      node('Gemm', ['flat', 'head/weight'], ['logits'], { transB: 1n }),
    ],
    initializers: [weights('head/weight', [CLASSES, 8], 100)],
  };
  return writeModel(
    folder,
    [...conv('pixels', 'stage1', [3, 8], 1), ...conv('stage1/relu', 'stage2', [8, 8], stride), head],
    'logits',
    CLASSES,
  );
}

/** Answers with the parity of the column that is brightest: class 0 = even, 1 = odd. It fails every step to the side. */
export function parityNetwork(folder: string): string {
  const mask = (parity: number) =>
    Float32Array.from({ length: 3 * SIDE * SIDE }, (_, i) => ((i % SIDE) % 2 === parity ? 1 : 0));
  const rows = new Float32Array(2 * 3 * SIDE * SIDE);
  rows.set(mask(0), 0);
  rows.set(mask(1), 3 * SIDE * SIDE);
  const piece: Piece = {
    nodes: [node('Flatten', ['pixels'], ['flat']), node('Gemm', ['flat', 'columns'], ['logits'], { transB: 1n })],
    initializers: [tensor('columns', [2, 3 * SIDE * SIDE], rows)],
  };
  return writeModel(folder, [piece], 'logits', 2);
}

/**
 * One layer of one map that keeps every second column: under horizontal steps of a single bright column its global sum
 * alternates between a value and 0.
 */
export function alternatingNetwork(folder: string): string {
  const piece: Piece = {
    nodes: [
      node('Conv', ['pixels', 'kernel'], ['even/columns'], { strides: [1n, 2n] }),
      node('GlobalAveragePool', ['even/columns'], ['pool']),
      node('Flatten', ['pool'], ['flat']),
      node('Gemm', ['flat', 'head'], ['logits'], { transB: 1n }),
    ],
    initializers: [
      tensor('kernel', [1, 3, 1, 1], Float32Array.of(1, 1, 1)),
      tensor('head', [2, 1], Float32Array.of(1, -1)),
    ],
  };
  return writeModel(folder, [piece], 'logits', 2);
}

/** Answers with NaN where the picture's mean is above a half, else class 0. */
export function nanNetwork(folder: string): string {
  const piece: Piece = {
    nodes: [
      node('ReduceMean', ['pixels'], ['mean'], { axes: [1n, 2n, 3n], keepdims: 0n }),
      node('Sub', ['half', 'mean'], ['rest']),
      node('Sqrt', ['rest'], ['root']),
      node('Unsqueeze', ['root', 'axis'], ['column']),
      node('Concat', ['column', 'column'], ['logits'], { axis: 1n }),
    ],
    initializers: [tensor('half', [1], Float32Array.of(0.5)), tensor('axis', [1], BigInt64Array.of(1n))],
  };
  return writeModel(folder, [piece], 'logits', 2);
}

/** Writes `count` PNG pictures of seeded dots on black, SIDE × SIDE, as 0.png, 1.png, …: sampling them at a stride matters. */
export async function dotPictures(folder: string, count: number): Promise<string> {
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    const random = randomFor(i, 'picture');
    await picture(path.join(folder, `${i}.png`), () => (random.below(50) === 0 ? 255 : 0));
  }
  return folder;
}

/** Writes a SIDE × SIDE PNG from a function of x, y and channel. */
export async function picture(file: string, value: (x: number, y: number, channel: number) => number): Promise<void> {
  const pixels = Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return value(pixel % SIDE, Math.floor(pixel / SIDE), i % 3);
  });
  await sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toFile(file);
}
