// The local equivariance error of single steps against its definition in double precision, and what a plan says.
import { describe, expect, it } from 'vitest';
import { auditGraph } from '../../src/graph/audit/audit.js';
import { node, tensor, wrapPad } from '../../src/graph/build.js';
import { spectralDerivative } from '../../src/graph/local-generator.js';
import { planLocal } from '../../src/graph/local.js';
import { TensorProto_DataType as DataType } from '../../src/graph/onnx_pb.js';
import type { NodeProto, TensorProto } from '../../src/graph/onnx_pb.js';
import type { OnnxModel } from '../../src/graph/read.js';
import {
  big,
  convolved,
  head,
  lie,
  mapped,
  network,
  noise,
  partsOf,
  plane,
  planned,
  slid,
  spaced,
  weights,
} from './local-reference.js';
import type { Plane, Window } from './local-reference.js';

const DIRECTIONS = ['y', 'x'] as const;

function expectClose(actual: readonly number[] | undefined, wanted: readonly number[], tolerance = 1e-4): void {
  expect(actual).toHaveLength(wanted.length);
  const scale = Math.max(1, ...wanted.map(Math.abs));
  const worst = Math.max(...wanted.map((value, i) => Math.abs(value - (actual?.[i] ?? NaN)) / scale));
  expect(worst).toBeLessThan(tolerance);
}

function difference(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value - (b[i] ?? 0));
}

describe('the spectral derivative', () => {
  it.each([2, 3, 8, 9])('differentiates waves on %d samples exactly', (n) => {
    const matrix = spectralDerivative(n);
    for (let k = 0; k <= n / 2; k++) {
      const rate = (2 * Math.PI * k) / n;
      const wave = Array.from({ length: n }, (_, j) => Math.cos(rate * j));
      const slope = wave.map((_, j) => wave.reduce((sum, value, l) => sum + (matrix[j * n + l] ?? 0) * value, 0));
      // The Nyquist wave's slope is 0 at all samples, and so is that of its band-limited shift.
      for (const [j, value] of slope.entries()) expect(value).toBeCloseTo(-rate * Math.sin(rate * j), 12);
    }
  });

  it('of a single sample is 0', () => {
    expect(Array.from(spectralDerivative(1))).toEqual([0]);
  });
});

/** The picture's first channel alone, then nodes of one channel from "first" to "last". */
function single(
  sides: readonly [number, number],
  nodes: readonly NodeProto[],
  initializers: readonly TensorProto[],
): OnnxModel {
  const pick = tensor('pick', [1, 3, 1, 1], Float32Array.of(1, 0, 0));
  const end = head('last', 1);
  return network(
    sides,
    [node('Conv', ['pixels', 'pick'], ['first']), ...nodes, ...end.nodes],
    [pick, ...initializers, ...end.initializers],
  );
}

describe('one step against d/dt T₋t f(T_t h) in double precision', () => {
  const windows: readonly [string, readonly [number, number], Window][] = [
    ['a convolution', [8, 8], { side: 3, stride: 1, pads: [1, 1] }],
    ['a strided convolution', [8, 12], { side: 3, stride: 2, pads: [1, 1] }],
    ['a strided convolution of odd sides', [9, 7], { side: 3, stride: 2, pads: [1, 1] }],
    ['asymmetric padding', [8, 8], { side: 3, stride: 2, pads: [0, 1] }],
    ['a wide kernel on a small map', [4, 4], { side: 7, stride: 1, pads: [3, 3] }],
  ];
  it.each(windows)('%s', async (_, [rows, columns], window) => {
    const kernel = weights('kernel', 1, 1, window.side, window.side);
    const values = Array.from(new Float32Array(kernel.rawData.slice().buffer));
    const [before, after] = window.pads;
    const attributes = { pads: big(before, before, after, after), strides: big(window.stride, window.stride) };
    const onnx = single([rows, columns], [node('Conv', ['first', 'kernel'], ['last'], attributes)], [kernel]);
    const picture = noise(3 * rows * columns);
    const map = plane(rows, columns, picture);
    const parts = await partsOf(onnx, picture);
    for (const direction of DIRECTIONS) {
      const whole = lie((h) => convolved(h, window, values), map, [1, window.stride], direction);
      const torus = lie((h) => convolved(h, { ...window, circular: true }, values), map, [1, window.stride], direction);
      const { padding, sampling, nonLinearity } = parts[direction]['last'] ?? {};
      expectClose(padding, difference(whole, torus));
      expectClose(window.stride === 1 ? nonLinearity : sampling, torus);
      if (window.stride === 1) expect(Math.max(...torus.map(Math.abs))).toBeLessThan(1e-6);
      else expect(Math.max(...torus.map(Math.abs))).toBeGreaterThan(0.1);
    }
  });

  it('padding by a node of its own is the same as by the convolution', async () => {
    const kernel = weights('kernel', 1, 1, 3, 3);
    const strides = { strides: big(2, 2) };
    const own = single(
      [8, 8],
      [node('Conv', ['first', 'kernel'], ['last'], { pads: big(0, 0, 1, 1), ...strides })],
      [kernel],
    );
    const apart = single(
      [8, 8],
      [node('Pad', ['first', 'pads'], ['wide']), node('Conv', ['wide', 'kernel'], ['last'], strides)],
      [kernel, tensor('pads', [8], BigInt64Array.from(big(0, 0, 0, 0, 0, 0, 1, 1)))],
    );
    const picture = noise(3 * 64);
    const [a, b] = [await partsOf(own, picture), await partsOf(apart, picture)];
    for (const direction of DIRECTIONS) {
      expectClose(b[direction]['last']?.padding, a[direction]['last']?.padding ?? [], 1e-6);
      expectClose(b[direction]['last']?.sampling, a[direction]['last']?.sampling ?? [], 1e-6);
    }
  });

  it('a convolution without padding: the edge that it cuts off counts as padding', async () => {
    const kernel = weights('kernel', 1, 1, 3, 3);
    const values = new Float32Array(kernel.rawData.slice().buffer);
    for (const stride of [1, 2]) {
      const onnx = single(
        [8, 8],
        [node('Conv', ['first', 'kernel'], ['last'], { strides: big(stride, stride) })],
        [kernel],
      );
      const picture = noise(192);
      const map = plane(8, 8, picture);
      const parts = await partsOf(onnx, picture);
      const round: Window = { side: 3, stride, pads: [0, 2], circular: true };
      const side = Math.floor((8 - 3) / stride) + 1;
      for (const direction of DIRECTIONS) {
        const whole = lie((h) => convolved(h, { side: 3, stride, pads: [0, 0] }, values), map, [1, stride], direction);
        const full = 8 / stride;
        const torus = plane(
          full,
          full,
          lie((h) => convolved(h, round, values), map, [1, stride], direction),
        )
          .slice(0, side)
          .flatMap((row) => row.slice(0, side));
        const { padding, sampling, nonLinearity } = parts[direction]['last'] ?? {};
        expectClose(padding, difference(whole, torus));
        expectClose(stride === 1 ? nonLinearity : sampling, torus);
        if (stride === 1) expect(Math.max(...torus.map(Math.abs))).toBeLessThan(1e-6);
      }
    }
  });

  it('circular padding made of slices loses nothing', async () => {
    const wrap = wrapPad('first', 'wrapped', 1);
    const kernel = weights('kernel', 1, 1, 3, 3);
    const onnx = single(
      [8, 8],
      [...wrap.nodes, node('Conv', ['wrapped', 'kernel'], ['last'])],
      [...wrap.initializers, kernel],
    );
    expect(planned(onnx).steps.map(({ name, causes }) => [name, causes])).toEqual([
      ['first', ['nonLinearity']],
      ['last', ['nonLinearity']],
      ['classifier', ['nonLinearity']],
    ]);
    const parts = await partsOf(onnx, noise(192));
    for (const direction of DIRECTIONS)
      expectClose(parts[direction]['last']?.nonLinearity, new Array<number>(64).fill(0), 1e-5);
  });

  it.each<[string, (value: number) => number]>([
    ['Tanh', Math.tanh],
    ['Relu', (value) => Math.max(0, value)],
  ])('a pointwise %s', async (operator, f) => {
    const onnx = single([8, 8], [node(operator, ['first'], ['last'])], []);
    const picture = spaced(192);
    const parts = await partsOf(onnx, picture);
    for (const direction of DIRECTIONS) {
      const wanted = lie((h) => mapped(h, f), plane(8, 8, picture), [1, 1], direction);
      expect(Math.max(...wanted.map(Math.abs))).toBeGreaterThan(0.005);
      expectClose(parts[direction]['last']?.nonLinearity, wanted, 1e-3);
    }
  });

  it.each<[string, Window]>([
    ['padded by itself', { side: 3, stride: 2, pads: [1, 1] }],
    ['without padding', { side: 2, stride: 2, pads: [0, 0] }],
    ['padded behind only', { side: 3, stride: 2, pads: [0, 1] }],
  ])('a strided max pool %s: its maximum apart from its stride', async (_, window) => {
    const [before, after] = window.pads;
    const attributes = {
      kernel_shape: big(window.side, window.side),
      strides: big(2, 2),
      pads: big(before, before, after, after),
    };
    const onnx = single([8, 8], [node('MaxPool', ['first'], ['last'], attributes)], []);
    const picture = spaced(192);
    const map = plane(8, 8, picture);
    const parts = await partsOf(onnx, picture);
    const largest = (values: readonly (number | null)[]): number => Math.max(...values.filter((v) => v !== null));
    const dense: Window = { side: window.side, stride: 1, pads: [before, window.side - 1 - before], circular: true };
    const kept = (values: readonly number[]): number[] =>
      plane(8, 8, values)
        .filter((_, y) => y % 2 === 0)
        .flatMap((row) => row.filter((_, x) => x % 2 === 0));
    for (const direction of DIRECTIONS) {
      const pool = (over: Window) => (h: Plane) => slid(h, over, largest);
      const whole = lie(pool(window), map, [1, 2], direction);
      const torus = lie(pool({ ...window, circular: true }), map, [1, 2], direction);
      const curved = kept(lie(pool(dense), map, [1, 1], direction));
      const { padding, sampling, nonLinearity } = parts[direction]['last'] ?? {};
      if (before + after > 0) expectClose(padding, difference(whole, torus), 1e-3);
      else expect(padding).toBeUndefined();
      expectClose(nonLinearity, curved, 1e-3);
      expectClose(sampling, difference(torus, curved), 1e-3);
    }
  });

  it.each([
    ['in front of channels', false],
    ['behind channels', true],
  ])('tokens %s, the class token left out', async (_, behind) => {
    const perm = { perm: big(0, 2, 1) };
    const nodes = [
      node('Reshape', ['first', 'sides'], ['row']),
      node('Transpose', ['row'], ['column'], perm),
      node('Concat', ['class', behind ? 'row' : 'column'], ['tokens'], { axis: behind ? 2n : 1n }),
      node('Tanh', ['tokens'], ['curved']),
      node('ReduceMean', ['curved'], ['answer'], { axes: behind ? big(2) : big(1), keepdims: 0n }),
    ];
    const pick = tensor('pick', [2, 3, 1, 1], Float32Array.of(1, 0, 0, 0, 1, 0));
    const sides = tensor('sides', [3], BigInt64Array.from(big(0, 2, -1)));
    const token = tensor('class', behind ? [1, 2, 1] : [1, 1, 2], Float32Array.of(0.7, -0.3));
    const onnx = network([6, 5], [node('Conv', ['pixels', 'pick'], ['first']), ...nodes], [pick, sides, token]);
    const picture = noise(90);
    const parts = await partsOf(onnx, picture);
    for (const direction of DIRECTIONS) {
      const [a = [], b = []] = [picture.subarray(0, 30), picture.subarray(30, 60)].map((channel) => [
        0,
        ...lie((h) => mapped(h, Math.tanh), plane(6, 5, channel), [1, 1], direction),
      ]);
      const wanted = behind ? [...a, ...b] : a.flatMap((value, i) => [value, b[i] ?? 0]);
      expectClose(parts[direction]['curved']?.nonLinearity, wanted, 1e-3);
    }
  });

  it('channels last', async () => {
    const values = weights('scale', 1, 5, 1, 1);
    const turned = [
      node('Transpose', ['pixels'], ['planes'], { perm: big(0, 3, 1, 2) }),
      node('Conv', ['planes', 'pick'], ['first']),
      node('Transpose', ['first'], ['rows'], { perm: big(0, 2, 3, 1) }),
      node('Mul', ['rows', 'rows'], ['square']),
      node('Mul', ['square', 'scale'], ['last']),
      node('ReduceMean', ['last'], ['answer'], { axes: big(1, 2), keepdims: 0n }),
    ];
    const pick = tensor('pick', [1, 3, 1, 1], Float32Array.of(1, 0, 0));
    const onnx = network([5, 6], turned, [pick, values], { nhwc: true });
    const picture = noise(3 * 30);
    const map = plane(
      5,
      6,
      Array.from({ length: 30 }, (_, i) => picture[3 * i] ?? 0),
    );
    const plan = planLocal(
      onnx,
      auditGraph(onnx, { input: { name: 'pixels', layout: 'NHWC', height: 5, width: 6 } }),
      'answer',
    );
    expect('unavailable' in plan).toBe(false);
    const parts = await partsOf(onnx, picture);
    const scale = new Float32Array(values.rawData.slice().buffer);
    for (const direction of DIRECTIONS) {
      expectClose(
        parts[direction]['square']?.nonLinearity,
        lie((h) => mapped(h, (v) => v * v), map, [1, 1], direction),
        1e-3,
      );
      const scaled = (h: Plane): Plane => h.map((row, y) => row.map((v) => v * (scale[y] ?? 0)));
      expectClose(
        parts[direction]['last']?.nonLinearity,
        lie(
          scaled,
          mapped(map, (v) => v * v),
          [1, 1],
          direction,
        ),
        1e-3,
      );
    }
  });
});

describe('a plan', () => {
  const pointwise = [node('Relu', ['pixels'], ['relu']), ...head('relu', 3).nodes];
  const ends = head('relu', 3).initializers;
  const refusal = (onnx: OnnxModel, answer = 'answer'): string | null => {
    const plan = planLocal(onnx, auditGraph(onnx), answer);
    return 'unavailable' in plan ? plan.unavailable : null;
  };

  it('names steps by layers, with the branches and padding that belong to them', () => {
    const nodes = [
      node('Pad', ['pixels', 'pads'], ['stem/pad']),
      node('Conv', ['stem/pad', 'w'], ['stem/conv'], { strides: big(2, 2) }),
      node('Identity', ['stem/conv'], ['stem/identity']),
      node('GlobalAveragePool', ['stem/identity'], ['gate/mean']),
      node('Sigmoid', ['gate/mean'], ['gate']),
      node('Mul', ['stem/identity', 'gate'], ['gated']),
      node('Add', ['gated', 'stem/conv'], ['sum']),
      node('MaxPool', ['sum'], ['pool'], { kernel_shape: big(3, 3), strides: big(2, 2), pads: big(1, 1, 1, 1) }),
      node('Relu', ['pool'], ['unused']),
      ...head('pool', 5).nodes,
    ];
    const pads = tensor('pads', [8], BigInt64Array.from(big(0, 0, 1, 1, 0, 0, 1, 1)));
    const onnx = network([16, 16], nodes, [pads, weights('w', 5, 3, 3, 3), ...head('pool', 5).initializers]);
    const { steps, bytes } = planned(onnx);
    expect(
      steps.map(({ name, operator, causes, from }) => [name, operator, causes, from.map((cut) => cut.name)]),
    ).toEqual([
      ['stem/conv', 'Conv', ['padding', 'sampling'], ['pixels']],
      ['gated', 'Mul', ['nonLinearity'], ['stem/conv']],
      ['sum', 'Add', ['nonLinearity'], ['stem/conv', 'gated']],
      ['pool', 'MaxPool', ['padding', 'sampling', 'nonLinearity'], ['sum']],
      ['classifier', 'Gemm', ['nonLinearity'], ['pool']],
    ]);
    expect(steps[1]?.nodes.map(({ opType }) => opType)).toEqual(['Identity', 'GlobalAveragePool', 'Sigmoid', 'Mul']);
    // At the very least the maps themselves: the picture, three of 5 × 8 × 8, one of 5 × 4 × 4.
    expect(bytes).toBeGreaterThan(4 * (768 + 3 * 320 + 80));
  });

  it.each<[string, OnnxModel, string]>([
    [
      'half precision',
      network([8, 8], pointwise, ends, { type: DataType.FLOAT16 }),
      'the picture goes in as float16, and derivatives need float32',
    ],
    [
      'bytes',
      network([8, 8], pointwise, ends, { type: DataType.UINT8 }),
      'the picture goes in as uint8, and derivatives need float32',
    ],
    [
      'a fixed batch',
      network([8, 8], pointwise, ends, { batch: 4 }),
      'the graph takes 4 pictures at a time, and derivatives need one',
    ],
    [
      'half precision inside',
      network(
        [8, 8],
        [
          node('Cast', ['pixels'], ['half'], { to: 10n }),
          node('Relu', ['half'], ['halved']),
          node('Cast', ['halved'], ['relu'], { to: 1n }),
          ...head('relu', 3).nodes,
        ],
        ends,
      ),
      'half gives float16, and derivatives need float32',
    ],
    [
      'quantised maps',
      network(
        [8, 8],
        [
          node('QuantizeLinear', ['pixels', 'scale', 'zero'], ['bytes']),
          node('DequantizeLinear', ['bytes', 'scale', 'zero'], ['relu']),
          ...head('relu', 3).nodes,
        ],
        [...ends, tensor('scale', [], Float32Array.of(0.1)), tensor('zero', [], Uint8Array.of(128))],
      ),
      'bytes gives uint8, and derivatives need float32',
    ],
  ])('is refused for %s', (_, onnx, reason) => {
    expect(refusal(onnx)).toBe(reason);
  });

  it('is refused for an answer in another type', () => {
    const onnx = network([8, 8], pointwise, ends);
    const [output] = onnx.graph.output;
    if (output?.type?.value.case === 'tensorType') output.type.value.value.elemType = DataType.DOUBLE;
    expect(refusal(onnx)).toBe('the answer is of type double, and derivatives need float32');
  });

  it('is refused for an answer that does not depend on the picture', () => {
    expect(refusal(network([8, 8], pointwise, ends), 'elsewhere')).toBe(
      'the output "elsewhere" does not depend on the picture',
    );
  });
});
