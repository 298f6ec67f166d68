// The local equivariance error of whole networks: what must be 0 is 0, and the steps' pushed errors add up to the
// network's own derivative.
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import type { LocalEquivariance } from '../../src/core/layers.js';
import type { Model } from '../../src/core/model.js';
import { auditGraph } from '../../src/graph/audit/audit.js';
import { externalTensor, node, tensor, wrapPad } from '../../src/graph/build.js';
import { planLocal } from '../../src/graph/local.js';
import { TensorProto_DataType as DataType } from '../../src/graph/onnx_pb.js';
import type { NodeProto, TensorProto } from '../../src/graph/onnx_pb.js';
import { readModel } from '../../src/graph/read.js';
import type { OnnxModel } from '../../src/graph/read.js';
import { LOCAL_STEPS, openLocal } from '../../src/runtimes/onnx-local.js';
import { big, head, network, noise, weights } from '../graph/local-reference.js';
import { root } from '../support/cli.js';
import { hasShared, shared } from '../support/shared.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { write } = temporaryFolder();

type Measured = LocalEquivariance & { readonly byName: Readonly<Record<string, LocalEquivariance['steps'][number]>> };

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

/** A picture with waves and grain: derivatives of ordinary size, but no flat parts, in which maxima tie. */
function grainy(rows: number, columns: number): Float32Array {
  const grain = noise(3 * rows * columns);
  return grain.map((speck, i) => {
    const [channel, y, x] = [Math.floor(i / rows / columns), Math.floor(i / columns) % rows, i % columns];
    return 0.3 * speck + Math.sin(2 * Math.PI * (y / rows + ((channel + 1) * x) / columns));
  });
}

/** A photograph as a model's input, one value in 255ths less the mean. */
async function photograph(file: string, side: number): Promise<Float32Array> {
  const bytes = await sharp(file).resize(side, side, { fit: 'cover' }).removeAlpha().raw().toBuffer();
  const size = side * side;
  return Float32Array.from(
    { length: 3 * size },
    (_, i) => (bytes[3 * (i % size) + Math.floor(i / size)] ?? 0) / 127.5 - 1,
  );
}

async function measured(
  onnx: OnnxModel,
  picture: Float32Array,
  { answer = 'answer', file = 'model.onnx', sizes = LOCAL_STEPS } = {},
): Promise<Measured> {
  const plan = planLocal(onnx, auditGraph(onnx), answer);
  if ('unavailable' in plan) throw new Error(plan.unavailable);
  const meter = await openLocal({ path: file } as Model, onnx, plan, 1, sizes);
  closing.push(meter.close);
  const found = await meter.measure(picture);
  expect(found.steps.map((step) => Object.keys(step).sort())).toEqual(
    plan.steps.map(({ causes }) => ['all', ...causes].sort()),
  );
  return { ...found, byName: Object.fromEntries(found.steps.map((step, i) => [plan.steps[i]?.name ?? '', step])) };
}

/** A convolution of 3×3 on circular padding, then an activation, as "<name>" and "<name>/act". */
function circular(
  input: string,
  name: string,
  [from, to]: readonly [number, number],
  act: string,
  stride = 1,
): { nodes: NodeProto[]; initializers: TensorProto[] } {
  const wrap = wrapPad(input, `${name}/wrap`, 1);
  return {
    nodes: [
      ...wrap.nodes,
      node('Conv', [`${name}/wrap`, `${name}/w`], [name], { strides: big(stride, stride) }),
      node(act, [name], [`${name}/act`]),
    ],
    initializers: [...wrap.initializers, weights(`${name}/w`, to, from, 3, 3)],
  };
}

function joined(
  ...pieces: readonly { nodes: readonly NodeProto[]; initializers: readonly TensorProto[] }[]
): OnnxModel {
  return network(
    [16, 16],
    pieces.flatMap(({ nodes }) => nodes),
    pieces.flatMap(({ initializers }) => initializers),
  );
}

const padded = (input: string, name: string, channels: readonly [number, number], stride: number, act = 'Tanh') => ({
  nodes: [
    node('Conv', [input, `${name}/w`], [name], { pads: big(1, 1, 1, 1), strides: big(stride, stride) }),
    node(act, [name], [`${name}/act`]),
  ],
  initializers: [weights(`${name}/w`, channels[1], channels[0], 3, 3)],
});

describe('networks that lose nothing', () => {
  it('convolutions of 1×1 alone: every number is 0', async () => {
    const first = { nodes: [node('Conv', ['pixels', 'w'], ['mix'])], initializers: [weights('w', 5, 3, 1, 1)] };
    const { total, steps } = await measured(joined(first, head('mix', 5)), noise(768));
    expect(steps[0]).toEqual({ all: 0, nonLinearity: 0 });
    expect(steps[1]?.all).toBeLessThan(1e-12);
    expect(total).toBeLessThan(1e-6);
  });

  it('a dense circular network: padding and sampling lose nothing, non-linearities little', async () => {
    const onnx = joined(
      circular('pixels', 'one', [3, 8], 'Relu'),
      circular('one/act', 'two', [8, 8], 'Relu'),
      head('two/act', 8),
    );
    const { total, byName } = await measured(onnx, noise(768));
    expect([byName['one']?.all, byName['two']?.all]).toEqual([0, 0]);
    expect(byName['one/act']?.nonLinearity).toBeGreaterThan(0);
    const strided = await measured(
      joined(
        circular('pixels', 'one', [3, 8], 'Relu', 2),
        circular('one/act', 'two', [8, 8], 'Relu', 2),
        head('two/act', 8),
      ),
      noise(768),
    );
    expect(strided.byName['one']?.sampling).toBeGreaterThan(total);
  });

  it('a polynomial below the band limit is equivariant: of a wave of k = 2 on 16 samples, its cube', async () => {
    const picture = Float32Array.from({ length: 768 }, (_, i) => Math.sin((2 * Math.PI * 2 * (i % 16)) / 16 + 0.3));
    const cube = [node('Mul', ['pixels', 'pixels'], ['square']), node('Mul', ['square', 'pixels'], ['cube'])];
    const shape = {
      nodes: [...cube, node('Flatten', ['cube'], ['flat']), node('Gemm', ['flat', 'w'], ['answer'])],
      initializers: [weights('w', 768, 4)],
    };
    const { byName } = await measured(joined(shape), picture);
    expect(byName['square']?.all).toBeLessThan(1e-6);
    expect(byName['cube']?.all).toBeLessThan(1e-6);
    expect(byName['classifier']?.all).toBeGreaterThan(0.01);
  });
});

describe('the pushed errors of all steps add up to the derivative of the network', () => {
  const stem = padded('pixels', 'stem', [3, 8], 2);
  const branches: readonly [string, OnnxModel][] = [
    ['a plain network', joined(stem, padded('stem/act', 'two', [8, 8], 2), head('two/act', 8))],
    [
      'a residual branch',
      joined(
        stem,
        padded('stem/act', 'branch', [8, 8], 1),
        { nodes: [node('Add', ['stem/act', 'branch/act'], ['sum'])], initializers: [] },
        padded('sum', 'last', [8, 8], 2),
        head('last/act', 8),
      ),
    ],
    [
      'branches put side by side',
      joined(
        stem,
        padded('stem/act', 'left', [8, 4], 2),
        {
          nodes: [node('MaxPool', ['stem/act'], ['right'], { kernel_shape: big(2, 2), strides: big(2, 2) })],
          initializers: [],
        },
        { nodes: [node('Concat', ['left/act', 'right'], ['both'], { axis: 1n })], initializers: [] },
        head('both', 12),
      ),
    ],
    [
      'squeeze and excite',
      joined(
        stem,
        {
          nodes: [
            node('GlobalAveragePool', ['stem/act'], ['squeezed']),
            node('Conv', ['squeezed', 'gate/w'], ['gate/conv']),
            node('Sigmoid', ['gate/conv'], ['gate']),
            node('Mul', ['stem/act', 'gate'], ['gated']),
          ],
          initializers: [weights('gate/w', 8, 8, 1, 1)],
        },
        padded('gated', 'last', [8, 8], 2),
        head('last/act', 8),
      ),
    ],
    [
      'shapes computed in the graph',
      joined(stem, {
        nodes: [
          node('Shape', ['stem/act'], ['shape']),
          node('Gather', ['shape', 'zero'], ['batch'], {}),
          node('Concat', ['batch', 'rest'], ['flat/shape'], { axis: 0n }),
          node('Reshape', ['stem/act', 'flat/shape'], ['flat']),
          node('Gemm', ['flat', 'w'], ['answer']),
        ],
        initializers: [
          tensor('zero', [1], BigInt64Array.of(0n)),
          tensor('rest', [1], BigInt64Array.of(512n)),
          weights('w', 512, 4),
        ],
      }),
    ],
  ];
  it.each(branches)('%s', async (_, onnx) => {
    const { total, unexplained } = await measured(onnx, grainy(16, 16));
    expect(total).toBeGreaterThan(1e-6);
    expect(unexplained).toBeLessThan(0.01);
  });

  it('tokens with a class token', async () => {
    const pieces = {
      nodes: [
        node('Conv', ['pixels', 'w'], ['patches'], { strides: big(4, 4) }),
        node('Reshape', ['patches', 'sides'], ['flat']),
        node('Transpose', ['flat'], ['turned'], { perm: big(0, 2, 1) }),
        node('Concat', ['class', 'turned'], ['tokens'], { axis: 1n }),
        node('Add', ['tokens', 'positions'], ['placed']),
        node('MatMul', ['placed', 'q'], ['queries']),
        node('Transpose', ['placed'], ['keys'], { perm: big(0, 2, 1) }),
        node('MatMul', ['queries', 'keys'], ['scores']),
        node('Softmax', ['scores'], ['attention'], { axis: -1n }),
        node('MatMul', ['attention', 'placed'], ['attended']),
        node('Add', ['attended', 'placed'], ['block']),
        node('Gather', ['block', 'zero'], ['answer'], { axis: 1n }),
      ],
      initializers: [
        weights('w', 6, 3, 4, 4),
        tensor('sides', [3], BigInt64Array.of(0n, 6n, -1n)),
        weights('class', 1, 1, 6),
        weights('positions', 1, 17, 6),
        weights('q', 6, 6),
        tensor('zero', [], BigInt64Array.of(0n)),
      ],
    };
    const { total, unexplained, byName } = await measured(joined(pieces), grainy(16, 16));
    expect(total).toBeGreaterThan(1e-6);
    expect(unexplained).toBeLessThan(0.01);
    expect(byName['patches']?.sampling).toBeGreaterThan(0);
    // Positions are the same wherever the picture lies.
    expect(byName['placed']?.nonLinearity).toBeGreaterThan(0);
  });
});

/** Half the step sizes and twice: every step above a hundredth of the sum stays within 3 %, and so does the total. */
async function expectPlateau(onnx: OnnxModel, picture: Float32Array, options: { answer?: string; file?: string }) {
  const usual = await measured(onnx, picture, options);
  const sum = usual.steps.reduce((all, step) => all + step.all, 0);
  for (const factor of [0.5, 2]) {
    const { curved, whole, push, affine } = LOCAL_STEPS;
    const sizes = { affine, curved: curved * factor, whole: whole * factor, push: push * factor };
    const other = await measured(onnx, picture, { ...options, sizes });
    for (const [i, { all }] of usual.steps.entries())
      if (all > sum / 100) expect(Math.abs((other.steps[i]?.all ?? 0) / all - 1)).toBeLessThan(0.03);
    expect(Math.abs(other.total / usual.total - 1)).toBeLessThan(0.03);
  }
}

it('takes weights from a file beside the model', async () => {
  const onnx = joined(padded('pixels', 'one', [3, 8], 2), head('one/act', 8));
  const inside = await measured(onnx, grainy(16, 16));
  const { dims, rawData } = onnx.graph.initializer[0] as TensorProto;
  const file = path.join(path.dirname(write('weights.bin', rawData)), 'model.onnx');
  onnx.graph.initializer[0] = externalTensor('one/w', dims.map(Number), DataType.FLOAT, {
    location: 'weights.bin',
    offset: 0,
    length: rawData.length,
  });
  expect(await measured(onnx, grainy(16, 16), { file })).toEqual(inside);
});

describe('the zoo', () => {
  const fixture = path.join(root, 'fixtures', 'pictures', 'conflict-000.webp');
  const zoo = (name: string): string => path.join(root, 'zoo', 'models', name, 'model.onnx');
  it('stride: step sizes lie on a plateau', async () => {
    const { model: onnx } = await readModel(zoo('stride'));
    await expectPlateau(onnx, await photograph(fixture, 64), { answer: 'logits', file: zoo('stride') });
  });

  it.each(['stride', 'maxpool', 'blurpool', 'aps-blur', 'dense'])(
    '%s: its steps explain its derivative',
    async (name) => {
      const { model: onnx } = await readModel(zoo(name));
      const { total, unexplained, steps } = await measured(onnx, await photograph(fixture, 64), {
        answer: 'logits',
        file: zoo(name),
      });
      expect(total).toBeGreaterThan(0);
      expect(unexplained).toBeLessThan(0.05);
      const sum = (cause: 'padding' | 'sampling'): number => steps.reduce((all, step) => all + (step[cause] ?? 0), 0);
      if (name === 'dense') expect([sum('padding'), sum('sampling')]).toEqual([0, 0]);
      else expect(sum('sampling')).toBeGreaterThan(0);
    },
  );
});

describe.skipIf(!hasShared)('mobilenet-v1-0.25-128', () => {
  const file = shared('real', 'models', 'mobilenet-v1-0.25-128', 'model.onnx');
  const goldfish = (): Promise<Float32Array> =>
    photograph(shared('real', 'imagenet', 'images', 'n01443537_goldfish.JPEG'), 128);

  it('its steps explain its derivative', async () => {
    const { model: onnx } = await readModel(file);
    const { total, unexplained } = await measured(onnx, await goldfish(), { answer: 'logits', file });
    expect(total).toBeGreaterThan(0);
    expect(unexplained).toBeLessThan(0.06);
  });

  it('step sizes lie on a plateau', async () => {
    const { model: onnx } = await readModel(file);
    await expectPlateau(onnx, await goldfish(), { answer: 'logits', file });
  });
});
