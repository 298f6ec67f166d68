// Averaging as one graph: its answer is the mean of the probabilities that the plain model gives for shifted pictures.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { InputSpec, OutputSpec } from '../../../src/core/model.js';
import { randomFor } from '../../../src/core/random.js';
import { parseShiftSet } from '../../../src/core/shift-sets.js';
import type { Shift } from '../../../src/core/shift-sets.js';
import { auditGraph } from '../../../src/graph/audit/audit.js';
import { model, node, tensor, value } from '../../../src/graph/build.js';
import { TensorProto_DataType as DataType } from '../../../src/graph/onnx_pb.js';
import type { OnnxModel } from '../../../src/graph/read.js';
import { averageGraph } from '../../../src/graph/rewrite/average.js';
import { encodeModel } from '../../../src/graph/write.js';
import { fromFloat16, toFloat16 } from '../../../src/core/float16.js';

const [HEIGHT, WIDTH, CLASSES] = [7, 9, 4];
const random = randomFor(5, 'average');
const noise = (length: number): Float32Array => Float32Array.from({ length }, () => random.uniform() - 0.5);
const big = (...values: readonly number[]): bigint[] => values.map(BigInt);
const weights = { w: noise(6 * 3 * 3 * 3), head: noise(CLASSES * 6) };

type Net = {
  readonly opset: number;
  readonly layout?: InputSpec['layout'];
  readonly half?: boolean;
  /** Fixed batch; open without. */
  readonly batch?: number;
  /** The features are reshaped for a batch of 1. */
  readonly fixing?: boolean;
  readonly softmax?: boolean;
};

/** Strided convolution, ReLU, mean, linear: its answer depends on where things are. */
function classifier({ opset, layout = 'NCHW', half = false, batch, fixing = false, softmax = false }: Net): OnnxModel {
  const type = half ? DataType.FLOAT16 : DataType.FLOAT;
  const data = (name: string, dims: readonly number[], values: Float32Array) =>
    tensor(name, dims, half ? Uint16Array.from(values, toFloat16) : values);
  const sides = layout === 'NCHW' ? [3, HEIGHT, WIDTH] : [HEIGHT, WIDTH, 3];
  return model({
    opset,
    inputs: [value('x', type, [batch ?? 'N', ...sides])],
    outputs: [value('y', type, [batch ?? 'N', CLASSES])],
    nodes: [
      ...(layout === 'NCHW' ? [] : [node('Transpose', ['x'], ['planes'], { perm: big(0, 3, 1, 2) })]),
      node('Conv', [layout === 'NCHW' ? 'x' : 'planes', 'w'], ['conv'], {
        strides: big(2, 2),
        pads: big(1, 1, 1, 1),
      }),
      node('Relu', ['conv'], ['relu']),
      node('GlobalAveragePool', ['relu'], ['pool']),
      node('Reshape', ['pool', 'sides'], ['flat']),
      node('Gemm', ['flat', 'head', 'bias'], [softmax ? 'logits' : 'y'], { transB: 1n, alpha: 8 }),
      ...(softmax ? [node('Softmax', ['logits'], ['y'], { axis: 1n })] : []),
    ],
    initializers: [
      data('w', [6, 3, 3, 3], weights.w),
      data('head', [CLASSES, 6], weights.head),
      data('bias', [CLASSES], Float32Array.of(0.1, -0.2, 0, 0.3)),
      tensor('sides', [2], BigInt64Array.from(big(fixing ? 1 : -1, 6))),
    ],
  }) as OnnxModel;
}

function specs({ layout = 'NCHW', half = false, batch, softmax = false }: Net): {
  input: InputSpec;
  output: OutputSpec;
} {
  const type = half ? 'float16' : 'float32';
  return {
    input: { name: 'x', width: WIDTH, height: HEIGHT, layout, type, batch: batch ?? null },
    output: { name: 'y', classes: CLASSES, kind: softmax ? 'probabilities' : 'logits', type },
  };
}

async function answers(onnx: OnnxModel, net: Net, pictures: readonly Float32Array[]): Promise<number[][]> {
  const session = await InferenceSession.create(encodeModel(onnx), { logSeverityLevel: 4, intraOpNumThreads: 1 });
  const sides = net.layout === 'NHWC' ? [HEIGHT, WIDTH, 3] : [3, HEIGHT, WIDTH];
  const all = Float32Array.from(pictures.flatMap((picture) => [...picture]));
  const dims = [pictures.length, ...sides];
  const x = net.half ? new Tensor('float16', Uint16Array.from(all, toFloat16), dims) : new Tensor('float32', all, dims);
  const { y } = await session.run({ x });
  await session.release();
  const data = y?.data as Float32Array | Uint16Array | undefined;
  const values = data instanceof Float32Array ? [...data] : Array.from(data ?? [], fromFloat16);
  return pictures.map((_, i) => values.slice(i * CLASSES, (i + 1) * CLASSES));
}

/** The picture with its content moved and its border repeated, pixel by pixel. */
function moved(picture: Float32Array, { dx, dy }: Shift, layout: InputSpec['layout']): Float32Array {
  const clamp = (at: number, side: number): number => Math.min(side - 1, Math.max(0, at));
  const index = (channel: number, row: number, column: number): number =>
    layout === 'NCHW' ? (channel * HEIGHT + row) * WIDTH + column : (row * WIDTH + column) * 3 + channel;
  const result = new Float32Array(picture.length);
  for (let channel = 0; channel < 3; channel++)
    for (let row = 0; row < HEIGHT; row++)
      for (let column = 0; column < WIDTH; column++)
        result[index(channel, row, column)] =
          picture[index(channel, clamp(row - dy, HEIGHT), clamp(column - dx, WIDTH))] ?? Number.NaN;
  return result;
}

function softmax(logits: readonly number[]): number[] {
  const high = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - high));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

describe('averaging as one graph', () => {
  it.each<readonly [string, Net, string, number]>([
    ['opset 9', { opset: 9 }, 'quin8', 1e-6],
    ['opset 11', { opset: 11 }, 'grid4', 1e-6],
    ['opset 13', { opset: 13 }, 'lat8', 1e-6],
    ['opset 17, channels last', { opset: 17, layout: 'NHWC' }, 'lat8', 1e-6],
    ['opset 18, shifts to one side only', { opset: 18 }, '-3,0;-1,-2', 1e-6],
    ['opset 21, with softmax', { opset: 21, softmax: true }, '0,0;2,3;1,-1', 1e-6],
    ['float16', { opset: 17, half: true }, 'grid2', 4e-3],
    ['a fixed batch', { opset: 17, batch: 1 }, 'grid4', 1e-6],
    ['a fixed batch of 2', { opset: 17, batch: 2 }, 'grid2', 1e-6],
    ['a reshape for a batch of 1', { opset: 17, fixing: true }, 'grid4', 1e-6],
  ])('%s', async (_, net, set, tolerance) => {
    const { shifts } = parseShiftSet(set, '--export');
    const plain = classifier(net);
    const averaged = averageGraph(plain, specs(net), shifts);
    const batch = net.fixing ? 1 : (net.batch ?? 2);
    const pictures = Array.from({ length: batch }, () => noise(3 * HEIGHT * WIDTH));
    const found = await answers(averaged, net, pictures);
    const each: number[][][] = [];
    for (const shift of shifts) {
      const views = pictures.map((picture) => moved(picture, shift, net.layout ?? 'NCHW'));
      each.push(await answers(plain, net, views));
    }
    for (const [i, probabilities] of found.entries()) {
      for (const [k, probability] of probabilities.entries()) {
        const expected = each
          .map((view) => (net.softmax ? (view[i] ?? []) : softmax(view[i] ?? [])))
          .reduce((sum, view) => sum + (view[k] ?? 0) / shifts.length, 0);
        expect(Math.abs(probability - expected)).toBeLessThan(tolerance);
      }
    }
  });

  it('costs as many times the multiply-accumulates as there are shifts, and the same weights', () => {
    for (const net of [{ opset: 17 }, { opset: 17, batch: 1 }]) {
      const plain = auditGraph(classifier(net));
      const averaged = auditGraph(averageGraph(classifier(net), specs(net), parseShiftSet('quin8', '').shifts));
      expect(averaged.macs).toBe(8 * (plain.macs ?? 0));
      expect(averaged.parameters).toBe(plain.parameters);
      expect(averaged.factor).toEqual(plain.factor);
      expect(averaged.notes).toEqual(plain.notes);
    }
  });

  it('leaves the given model as it was', () => {
    const plain = classifier({ opset: 17 });
    const before = encodeModel(plain);
    averageGraph(plain, specs({ opset: 17 }), parseShiftSet('grid4', '').shifts);
    expect(encodeModel(plain)).toEqual(before);
  });
});
