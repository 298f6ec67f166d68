// Taps, run by onnxruntime: sums made in the graph equal sums over the whole maps, and the model's own answer stays.
import { create } from '@bufbuild/protobuf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { randomFor } from '../../src/core/random.js';
import { auditGraph } from '../../src/graph/audit/audit.js';
import { chooseLayers } from '../../src/graph/audit/choose.js';
import { model, node, tensor, value } from '../../src/graph/build.js';
import { TensorProtoSchema, TensorProto_DataType as DataType } from '../../src/graph/onnx_pb.js';
import type { NodeProto, TensorProto } from '../../src/graph/onnx_pb.js';
import { readModel } from '../../src/graph/read.js';
import type { OnnxModel } from '../../src/graph/read.js';
import { tapGraph } from '../../src/graph/tap.js';
import type { TapOptions, TappedGraph } from '../../src/graph/tap.js';
import { encodeModel } from '../../src/graph/write.js';
import { fromFloat16, toFloat16 } from '../../src/core/float16.js';
import { hasShared, shared } from '../support/shared.js';

const SIDE = 12;
const random = randomFor(3, 'taps');
const noise = (length: number): Float32Array => Float32Array.from({ length }, () => random.uniform() - 0.5);

type Run = Readonly<Record<string, Tensor>>;

async function run(onnx: OnnxModel, feeds: Run): Promise<Run> {
  const options = { graphOptimizationLevel: 'all', logSeverityLevel: 4, intraOpNumThreads: 1 } as const;
  const session = await InferenceSession.create(encodeModel(onnx), options);
  const outputs = await session.run(feeds);
  await session.release();
  return outputs;
}

/** Taps everything that the graph's selection names. */
function tapped(onnx: OnnxModel, selection: string | readonly string[], options?: TapOptions): TappedGraph {
  return tapGraph(onnx, chooseLayers(auditGraph(onnx), selection).layers, options);
}

const big = (...values: readonly number[]): bigint[] => values.map(BigInt);

function weight(name: string, dims: readonly number[], half: boolean): TensorProto {
  const values = noise(dims.reduce((a, b) => a * b, 1));
  return tensor(name, dims, half ? Uint16Array.from(values, toFloat16) : values);
}

/** Convolution, ReLU, strided convolution, mean, linear; channels first. */
function classifier(opset: number, half = false): OnnxModel {
  const type = half ? DataType.FLOAT16 : DataType.FLOAT;
  const pads = { pads: big(1, 1, 1, 1) };
  const nodes: NodeProto[] = [
    node('Conv', ['pixels', 'w1'], ['stage1/conv'], pads),
    node('Relu', ['stage1/conv'], ['stage1/relu']),
    node('Conv', ['stage1/relu', 'w2'], ['stage2/conv'], { ...pads, strides: big(2, 2) }),
    node('Relu', ['stage2/conv'], ['stage2/relu']),
    node('GlobalAveragePool', ['stage2/relu'], ['pool']),
    node('Flatten', ['pool'], ['flat']),
    node('Gemm', ['flat', 'head', 'bias'], ['logits'], { transB: 1n }),
  ];
  return model({
    inputs: [value('pixels', type, ['N', 3, SIDE, SIDE])],
    outputs: [value('logits', type, ['N', 4])],
    nodes,
    initializers: [
      weight('w1', [8, 3, 3, 3], half),
      weight('w2', [5, 8, 3, 3], half),
      weight('head', [4, 5], half),
      weight('bias', [4], half),
    ],
    opset,
  }) as OnnxModel;
}

function pixels(count: number, half = false): Tensor {
  const values = noise(count * 3 * SIDE * SIDE);
  const dims = [count, 3, SIDE, SIDE];
  return half ? new Tensor('float16', Uint16Array.from(values, toFloat16), dims) : new Tensor('float32', values, dims);
}

/** Sums of a channels-first map over its places. */
function sumsOf(map: Tensor): number[] {
  const [n = 1, c = 1] = map.dims;
  const data = map.data as Float32Array;
  const places = data.length / (n * c);
  return Array.from({ length: n * c }, (_, i) =>
    data.subarray(i * places, (i + 1) * places).reduce((sum, x) => sum + x, 0),
  );
}

function expectClose(actual: Tensor | undefined, wanted: readonly number[], tolerance: number): void {
  const values = Array.from(actual?.data as Float32Array);
  expect(values).toHaveLength(wanted.length);
  const scale = Math.max(...wanted.map(Math.abs));
  for (const [i, number] of wanted.entries())
    expect(Math.abs((values[i] ?? NaN) - number) / scale).toBeLessThan(tolerance);
}

describe('sums and maps of float32 graphs', () => {
  it.each([8, 11, 13, 17, 21])('are right in opset %d, and the answer stays', async (opset) => {
    const onnx = classifier(opset);
    const {
      model: opened,
      taps,
      untappable,
    } = tapped(onnx, ['stage1/relu', 'stage2/*'], { maps: ['stage1/relu', 'stage2/relu'] });
    expect(untappable).toEqual([]);
    expect(taps.map(({ sum, map }) => [sum, map])).toEqual([
      ['sum:stage1/relu', 'stage1/relu'],
      ['sum:stage2/conv', null],
      ['sum:stage2/relu', 'stage2/relu'],
    ]);
    const feeds = { pixels: pixels(2) };
    const [plain, open] = [await run(onnx, feeds), await run(opened, feeds)];
    expect(open['sum:stage1/relu']?.dims).toEqual([2, 8]);
    expect(open['stage2/relu']?.dims).toEqual([2, 5, 6, 6]);
    for (const name of ['stage1/relu', 'stage2/relu'])
      expectClose(open[`sum:${name}`], sumsOf(open[name] as Tensor), 1e-5);
    expectClose(open['logits'], Array.from(plain['logits']?.data as Float32Array), 1e-6);
  });

  it('leaves the given model as it is', () => {
    const onnx = classifier(17);
    const before = encodeModel(onnx);
    const { model: opened } = tapped(onnx, 'all');
    expect(encodeModel(onnx)).toEqual(before);
    expect(opened.graph.output.map(({ name }) => name)).toEqual([
      'logits',
      'sum:stage1/conv',
      'sum:stage1/relu',
      'sum:stage2/conv',
      'sum:stage2/relu',
    ]);
  });

  it('gives no sums where only maps are asked for', () => {
    const { taps } = tapped(classifier(17), 'stage1/*', { sums: false, maps: ['stage1/relu'] });
    expect(taps.map(({ sum, map }) => [sum, map])).toEqual([
      [null, null],
      [null, 'stage1/relu'],
    ]);
  });

  it('refuses a map of a layer that is not tapped', () => {
    expect(() => tapped(classifier(17), 'stage1/relu', { maps: ['stage2/relu'] })).toThrow(
      'Expected maps of tapped layers but "stage2/relu" is not among them. Tap that layer too.',
    );
  });
});

it('takes sums of half-precision maps in float32', async () => {
  const onnx = classifier(17, true);
  const { model: opened } = tapped(onnx, 'stage2/relu', { maps: ['stage2/relu'] });
  const feeds = { pixels: pixels(1, true) };
  const [plain, open] = [await run(onnx, feeds), await run(opened, feeds)];
  expect(open['sum:stage2/relu']?.type).toBe('float32');
  expectClose(open['sum:stage2/relu'], sumsOf(open['map:stage2/relu'] as Tensor), 1e-5);
  const numbers = (run: Run) => Array.from(run['logits']?.data as unknown as Uint16Array, fromFloat16);
  expectClose(new Tensor('float32', Float32Array.from(numbers(open)), [4]), numbers(plain), 1e-2);
});

it.each([8, 12, 13, 18, 21])('sums channels-last maps over rows and columns in opset %d', async (opset) => {
  const nodes = [
    node('Relu', ['pixels'], ['relu']),
    node('Transpose', ['relu'], ['turned'], { perm: big(0, 3, 1, 2) }),
    node('GlobalAveragePool', ['turned'], ['mean']),
    node('Flatten', ['mean'], ['logits']),
  ];
  const inputs = [value('pixels', DataType.FLOAT, ['N', 5, 4, 3])];
  const onnx = model({ inputs, outputs: [value('logits', DataType.FLOAT, ['N', 3])], nodes, opset }) as OnnxModel;
  const input = { name: 'pixels', layout: 'NHWC', height: 5, width: 4 } as const;
  const { model: opened, taps } = tapGraph(onnx, auditGraph(onnx, { input }).layers);
  const open = await run(opened, { pixels: new Tensor('float32', noise(60), [1, 5, 4, 3]) });
  const means = Array.from(open['logits']?.data as Float32Array);
  expectClose(
    open[taps[0]?.sum ?? ''],
    means.map((mean) => mean * 20),
    1e-5,
  );
});

it.each([9, 11, 17])('leaves the class token out of the sum over tokens in opset %d', async (opset) => {
  const nodes = [
    node('Conv', ['pixels', 'w'], ['patches'], { strides: big(4, 4) }),
    node('Reshape', ['patches', 'sides'], ['flat']),
    node('Transpose', ['flat'], ['turned'], { perm: big(0, 2, 1) }),
    node('Concat', ['class', 'turned'], ['tokens'], { axis: 1n }),
    node('Relu', ['tokens'], ['block1/relu']),
    node('Gather', ['block1/relu', 'zero'], ['logits'], { axis: 1n }),
  ];
  const initializers = [
    tensor('w', [4, 3, 4, 4], noise(192)),
    tensor('class', [1, 1, 4], Float32Array.of(10, 20, 30, 40)),
    tensor('sides', [3], BigInt64Array.of(0n, 4n, -1n)),
    tensor('zero', [], BigInt64Array.of(0n)),
  ];
  const inputs = [value('pixels', DataType.FLOAT, [1, 3, SIDE, SIDE])];
  const onnx = model({
    inputs,
    outputs: [value('logits', DataType.FLOAT, [1, 4])],
    nodes,
    initializers,
    opset,
  }) as OnnxModel;
  const { model: opened } = tapped(onnx, 'block1/relu', { maps: ['block1/relu'] });
  const open = await run(opened, { pixels: pixels(1) });
  const map = open['block1/relu'];
  expect(map?.dims).toEqual([1, 10, 4]);
  const data = map?.data as Float32Array;
  const wanted = [0, 1, 2, 3].map((c) =>
    Array.from({ length: 9 }, (_, t) => data[(t + 1) * 4 + c] ?? 0).reduce((a, b) => a + b),
  );
  expectClose(open['sum:block1/relu'], wanted, 1e-5);
});

describe('quantised graphs', () => {
  const scalar = (name: string, number: number): TensorProto => tensor(name, [], Float32Array.of(number));
  const zero = (name: string, number: number): TensorProto => tensor(name, [], Uint8Array.of(number));
  /** QuantizeLinear, QLinearConv, MaxPool on bytes, DequantizeLinear, mean. */
  const quantised = (): OnnxModel => {
    const bytes = Uint8Array.from({ length: 4 * 3 * 9 }, (_, i) => (i * 37) % 256);
    const nodes = [
      node('QuantizeLinear', ['pixels', 'xs', 'xz'], ['x8']),
      node('QLinearConv', ['x8', 'xs', 'xz', 'w8', 'ws', 'wz', 'ys', 'yz'], ['conv8'], { pads: big(1, 1, 1, 1) }),
      node('MaxPool', ['conv8'], ['pool8'], { kernel_shape: big(2, 2), strides: big(2, 2) }),
      node('DequantizeLinear', ['pool8', 'ys', 'yz'], ['maps']),
      node('GlobalAveragePool', ['maps'], ['mean']),
      node('Flatten', ['mean'], ['logits']),
    ];
    const initializers = [
      ...[
        scalar('xs', 0.01),
        zero('xz', 128),
        scalar('ws', 0.02),
        zero('wz', 100),
        scalar('ys', 0.05),
        zero('yz', 120),
      ],
      tensor('w8', [4, 3, 3, 3], bytes),
    ];
    const inputs = [value('pixels', DataType.FLOAT, ['N', 3, SIDE, SIDE])];
    return model({ inputs, outputs: [value('logits', DataType.FLOAT, ['N', 4])], nodes, initializers }) as OnnxModel;
  };

  it('are tapped in real units, also behind operators that carry bytes on', async () => {
    const { model: opened, untappable } = tapped(quantised(), ['conv8', 'pool8', 'maps'], { maps: ['conv8', 'pool8'] });
    expect(untappable).toEqual([]);
    const open = await run(opened, { pixels: pixels(1) });
    expectClose(open['sum:conv8'], sumsOf(open['map:conv8'] as Tensor), 1e-5);
    expectClose(open['sum:pool8'], Array.from(open['sum:maps']?.data as Float32Array), 1e-6);
    expectClose(
      open['sum:maps'],
      Array.from(open['logits']?.data as Float32Array, (mean) => mean * 36),
      1e-5,
    );
  });

  it('are refused with a reason where the scale is not in the graph', () => {
    const nodes = [
      node('MaxPool', ['pixels'], ['bytes'], { kernel_shape: big(2, 2) }),
      node('Cast', ['bytes'], ['maps'], { to: 1n }),
      node('GlobalAveragePool', ['maps'], ['logits']),
    ];
    const inputs = [value('pixels', DataType.UINT8, ['N', 3, SIDE, SIDE])];
    const onnx = model({ inputs, outputs: [value('logits', DataType.FLOAT, null)], nodes }) as OnnxModel;
    expect(tapped(onnx, 'bytes').untappable.map(({ layer, reason }) => [layer.name, reason])).toEqual([
      ['bytes', 'its values are quantised and the graph does not give their scale'],
    ]);
  });
});

it('says why layers without places, of whole numbers, or of windows are not tapped', () => {
  const nodes = [
    node('Conv', ['pixels', 'w'], ['maps']),
    node('ArgMax', ['maps'], ['largest'], { axis: 1n }),
    node('Reshape', ['maps', 'windows'], ['windowed']),
    node('Flatten', ['maps'], ['flat']),
    node('Gemm', ['flat', 'head'], ['logits']),
  ];
  const initializers = [
    create(TensorProtoSchema, { name: 'w', dims: big(4, 3, 1, 1), dataType: DataType.FLOAT }),
    create(TensorProtoSchema, { name: 'head', dims: big(4 * 144, 2), dataType: DataType.FLOAT }),
    tensor('windows', [6], BigInt64Array.of(0n, 4n, 3n, 4n, 3n, 4n)),
  ];
  const inputs = [value('pixels', DataType.FLOAT, ['N', 3, SIDE, SIDE])];
  const onnx = model({ inputs, outputs: [value('logits', DataType.FLOAT, null)], nodes, initializers }) as OnnxModel;
  const { untappable } = tapGraph(onnx, auditGraph(onnx).layers);
  expect(untappable.map(({ layer, reason }) => [layer.name, reason])).toEqual([
    ['largest', 'its elements are of type int64, not numbers that a map is made of'],
    ['windowed', 'its places lie on axes that are not rows and columns, or tokens, of one picture'],
    ['logits', 'it has no spatial axes'],
  ]);
});

describe.skipIf(!hasShared)('real models', () => {
  it.each(['efficientnet-lite0', 'mobilenet-v1-0.25-128'])(
    '%s answers as before with all maps of its default layers read',
    async (name) => {
      const { model: onnx } = await readModel(shared('real', 'models', name, 'model.onnx'));
      const audit = auditGraph(onnx);
      const { layers } = chooseLayers(audit);
      const names = layers.map((layer) => layer.name);
      const { width } = audit.input;
      const feeds = { [audit.input.name]: new Tensor('float32', noise(3 * width * width), [1, 3, width, width]) };
      const plain = await run(onnx, feeds);
      const sums = await run(tapGraph(onnx, layers).model, feeds);
      const { model: opened, taps, untappable } = tapGraph(onnx, layers, { sums: false, maps: names });
      expect(untappable).toEqual([]);
      const maps = await run(opened, feeds);
      for (const answers of [sums, maps])
        expectClose(answers['logits'], Array.from(plain['logits']?.data as Float32Array), 1e-6);
      for (const { layer, map } of taps)
        expectClose(sums[`sum:${layer.name}`], sumsOf(maps[map ?? ''] as Tensor), 1e-5);
    },
  );
});
