// Subsamplings rewritten on maps small enough to compute by hand, and on every offset of a torus.
import { describe, expect, it } from 'vitest';
import { randomFor } from '../../../src/core/random.js';
import { model, node, tensor, value } from '../../../src/graph/build.js';
import { TensorProto_DataType as DataType } from '../../../src/graph/onnx_pb.js';
import type { NodeProto, TensorProto } from '../../../src/graph/onnx_pb.js';
import type { OnnxModel } from '../../../src/graph/read.js';
import { activationEnd } from '../../../src/graph/rewrite/activation.js';
import { parseKind, variantsAsked } from '../../../src/graph/rewrite/asked.js';
import { normalForm } from '../../../src/graph/rewrite/normal.js';
import { distance, randomPictures, rolled, run } from './running.js';
import type { Values } from './running.js';

const big = (...values: readonly number[]): bigint[] => values.map(BigInt);
const random = randomFor(9, 'by hand');
const noise = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.uniform() - 0.5);

type Parts = { readonly nodes: readonly NodeProto[]; readonly weights?: readonly TensorProto[] };

/** A network on one map of `side` × `side`; the last tensor, "map", is averaged over places to the answer. */
function network(side: number, { nodes, weights = [] }: Parts, opset = 17, channels = 1): OnnxModel {
  return model({
    opset,
    inputs: [value('x', DataType.FLOAT, ['N', channels, side, side])],
    outputs: [value('y', DataType.FLOAT, ['N', channels])],
    nodes: [...nodes, node('GlobalAveragePool', ['map'], ['pool']), node('Flatten', ['pool'], ['y'])],
    initializers: [...weights],
  }) as OnnxModel;
}

/** Every second place, by a convolution that changes nothing. */
const everySecond: Parts = {
  nodes: [node('Conv', ['x', 'one'], ['map'], { strides: big(2, 2) })],
  weights: [tensor('one', [1, 1, 1, 1], Float32Array.of(1))],
};

async function mapOf(onnx: OnnxModel, kind: string, picture: Values): Promise<number[]> {
  const graph = normalForm(onnx);
  const [variant] = variantsAsked(graph, parseKind(kind), null, 'model.onnx');
  const outputs = await run((variant as { model: OnnxModel }).model, picture, ['map']);
  return [...(outputs.get('map')?.data ?? [])];
}

const ramp: Values = { dims: [1, 1, 4, 4], data: Float32Array.from({ length: 16 }, (_, i) => i + 1) };

describe('on a map of 1 to 16', () => {
  it('a blur is centred on the places that are kept and goes on into the zeros round the picture', async () => {
    // Round the kept 1: (4·1 + 2·(2 + 5) + 6) / 16; round 9: (4·9 + 2·(5 + 10 + 13) + 6 + 14) / 16.
    expect(await mapOf(network(4, everySecond), 'blur3', ramp)).toEqual([1.5, 3.25, 7, 11]);
    expect(await mapOf(network(4, everySecond), 'blur3-folded', ramp)).toEqual([1.5, 3.25, 7, 11]);
  });

  it('a blur on a torus takes its neighbours from the other side', async () => {
    // Round 1 lie 16 13 14, 4 . 2, 8 5 6.
    const first = (4 * 1 + 2 * (13 + 4 + 2 + 5) + (16 + 14 + 8 + 6)) / 16;
    const [found] = await mapOf(network(4, everySecond), 'blur3+circular', ramp);
    expect(found).toBe(first);
  });

  it('a blur behind a pool repeats its border', async () => {
    const pool = { nodes: [node('MaxPool', ['x'], ['map'], { kernel_shape: big(2, 2), strides: big(2, 2) })] };
    // Maxima at stride 1: 6 7 8 8, 10 11 12 12, 14 15 16 16, 14 15 16 16; blurred round 6, 8, 14, 16.
    const at = (rows: readonly (readonly number[])[]): number =>
      rows.reduce(
        (sum, row, i) => sum + row.reduce((own, v, j) => own + v * (i === 1 ? 2 : 1) * (j === 1 ? 2 : 1), 0),
        0,
      ) / 16;
    expect(await mapOf(network(4, pool), 'blur3', ramp)).toEqual([
      at([
        [6, 6, 7],
        [6, 6, 7],
        [10, 10, 11],
      ]),
      at([
        [7, 8, 8],
        [7, 8, 8],
        [11, 12, 12],
      ]),
      at([
        [10, 10, 11],
        [14, 14, 15],
        [14, 14, 15],
      ]),
      at([
        [11, 12, 12],
        [15, 16, 16],
        [15, 16, 16],
      ]),
    ]);
  });

  it('an average takes squares of 2 × 2 places', async () => {
    expect(await mapOf(network(4, everySecond), 'avgpool', ramp)).toEqual([3.5, 5.5, 11.5, 13.5]);
  });

  it.each([11, 12, 18, 21])('adaptive sampling keeps the strongest grid, opset %i', async (opset) => {
    expect(await mapOf(network(4, everySecond, opset), 'aps', ramp)).toEqual([6, 8, 14, 16]);
    const flipped = { ...ramp, data: ramp.data.toReversed() };
    expect(await mapOf(network(4, everySecond, opset), 'aps', flipped)).toEqual([16, 14, 8, 6]);
  });

  it('adaptive sampling keeps the first of equal grids in row-major order', async () => {
    const equal = { dims: [1, 1, 4, 4], data: Float32Array.from({ length: 16 }, (_, i) => (i % 4 < 2 ? 3 : -3)) };
    expect(await mapOf(network(4, everySecond), 'aps', equal)).toEqual([3, -3, 3, -3]);
  });

  it('adaptive sampling takes the same places in a branch and its shortcut', async () => {
    // The main branch is 0 but for one place; the shortcut alone would choose another grid.
    const parts: Parts = {
      nodes: [
        node('Conv', ['x', 'one', 'less'], ['main'], { strides: big(2, 2) }),
        node('Relu', ['main'], ['active']),
        node('Conv', ['x', 'small'], ['beside'], { strides: big(2, 2) }),
        node('Add', ['active', 'beside'], ['map']),
      ],
      weights: [
        tensor('one', [1, 1, 1, 1], Float32Array.of(1)),
        tensor('less', [1], Float32Array.of(-9)),
        tensor('small', [1, 1, 1, 1], Float32Array.of(0.5)),
      ],
    };
    const data = new Float32Array(16);
    [data[0], data[5]] = [10, -30];
    // Sums of squares: grid of place 0: 1² + 5², of place 5: 0² + 15².
    expect(await mapOf(network(4, parts), 'aps', { dims: [1, 1, 4, 4], data })).toEqual([-15, 0, 0, 0]);
  });
});

describe('the activation that a subsampling stands behind', () => {
  const end = (nodes: readonly NodeProto[], weights: readonly TensorProto[] = []): string => {
    const conv = node('Conv', ['x', 'one'], ['conv'], { strides: big(2, 2) });
    const one = tensor('one', [1, 1, 1, 1], Float32Array.of(1));
    const parts = { nodes: [conv, ...nodes], weights: [one, ...weights] };
    return activationEnd(normalForm(network(4, parts)), 'conv');
  };
  const none = node('Conv', ['conv', 'one'], ['map']);

  it('ends behind normalisation and activation', () => {
    const weights = ['scale', 'shift', 'mean', 'variance'].map((name) => tensor(name, [1], Float32Array.of(1)));
    const nodes = [
      node('BatchNormalization', ['conv', 'scale', 'shift', 'mean', 'variance'], ['normal']),
      node('Relu', ['normal'], ['active']),
      node('Conv', ['active', 'one'], ['map']),
    ];
    expect(end(nodes, weights)).toBe('active');
  });

  it('ends where x · sigmoid(x) comes together', () => {
    const nodes = [
      node('Sigmoid', ['conv'], ['gate']),
      node('Mul', ['conv', 'gate'], ['swish']),
      node('Conv', ['swish', 'one'], ['map']),
    ];
    expect(end(nodes)).toBe('swish');
  });

  it('ends in front of a sum with another branch, and of a layer', () => {
    expect(
      end(
        [
          node('Add', ['conv', 'other'], ['map']),
          node('MaxPool', ['x'], ['other'], { kernel_shape: big(2, 2), strides: big(2, 2) }),
        ].toReversed(),
      ),
    ).toBe('conv');
    expect(end([none])).toBe('conv');
  });

  it('ends in front of an activation that only one of two takers has', () => {
    const nodes = [
      node('Relu', ['conv'], ['active']),
      node('Conv', ['conv', 'one'], ['plain']),
      node('Add', ['active', 'plain'], ['map']),
    ];
    expect(end(nodes)).toBe('conv');
  });
});

/** Two strided layers, the second a residual block with a strided shortcut; pads of 1. */
function residual(side: number): OnnxModel {
  const conv = (from: string, to: string, k: number, by: number): NodeProto =>
    node('Conv', [from, `${to}.weight`, `${to}.bias`], [to], {
      ...{ strides: big(by, by), kernel_shape: big(k, k) },
      pads: k === 3 ? big(1, 1, 1, 1) : big(0, 0, 0, 0),
    });
  const weights = [
    ...[
      ['stem', 3, 3],
      ['main', 3, 3],
      ['beside', 3, 1],
    ].flatMap(([name, inside, k]) => [
      tensor(`${name}.weight`, [3, Number(inside), Number(k), Number(k)], noise(9 * Number(k) * Number(k))),
      tensor(`${name}.bias`, [3], noise(3)),
    ]),
  ];
  const nodes = [
    conv('x', 'stem', 3, 2),
    node('Relu', ['stem'], ['stem/relu']),
    conv('stem/relu', 'main', 3, 2),
    node('Relu', ['main'], ['main/relu']),
    conv('stem/relu', 'beside', 1, 2),
    node('Add', ['main/relu', 'beside'], ['map']),
  ];
  return network(side, { nodes, weights }, 17, 3);
}

describe('under every cyclic shift of one picture of 32 × 32', () => {
  it.each(['aps+circular', 'dense+circular'])('%s gives the same answer', async (kind) => {
    const graph = normalForm(residual(32));
    const [variant] = variantsAsked(graph, parseKind(kind), null, 'model.onnx');
    expect(variant?.identities).toContainEqual({ kind: 'cyclic', promised: true });
    const { model: made } = variant as { model: OnnxModel };
    const picture = randomPictures(1, 32, 32);
    const shifts = Array.from({ length: 32 * 32 }, (_, i) => rolled(picture, Math.floor(i / 32), i % 32).data);
    const [answer] = [(await run(made, picture)).get('y')];
    let most = 0;
    for (let from = 0; from < shifts.length; from += 128) {
      const data = Float32Array.from(shifts.slice(from, from + 128).flatMap((one) => [...one]));
      const found = (await run(made, { dims: [128, 3, 32, 32], data })).get('y');
      for (let i = 0; i < 128; i++) {
        const row = { dims: [1, 3], data: found?.data.slice(3 * i, 3 * i + 3) ?? new Float32Array() };
        most = Math.max(most, distance(row, answer));
      }
    }
    expect(most).toBeLessThan(1e-6);
  });

  it('the strided network does not, nor adaptive sampling with zeros round the picture', async () => {
    const graph = normalForm(residual(32));
    const [zeros] = variantsAsked(graph, parseKind('aps'), null, 'model.onnx');
    const [torus] = variantsAsked(graph, parseKind('circular'), null, 'model.onnx');
    const picture = randomPictures(1, 32, 32);
    for (const variant of [zeros, torus]) {
      const { model: made } = variant as { model: OnnxModel };
      const [one, other] = [await run(made, picture), await run(made, rolled(picture, 3, 1))];
      expect(distance(one.get('y'), other.get('y'))).toBeGreaterThan(1e-4);
    }
  });
});
