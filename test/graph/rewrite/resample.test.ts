// Blurs, averages and adaptive sampling in place of strides: by hand on small maps, and as properties of random networks.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditGraph } from '../../../src/graph/audit/audit.js';
import { model, node, tensor, value } from '../../../src/graph/build.js';
import { TensorProto_DataType as DataType } from '../../../src/graph/onnx_pb.js';
import type { NodeProto, TensorProto } from '../../../src/graph/onnx_pb.js';
import { readModel } from '../../../src/graph/read.js';
import type { OnnxModel } from '../../../src/graph/read.js';
import { parseKind, variantsAsked } from '../../../src/graph/rewrite/asked.js';
import { KINDS } from '../../../src/graph/rewrite/kinds.js';
import { normalForm } from '../../../src/graph/rewrite/normal.js';
import type { NormalGraph } from '../../../src/graph/rewrite/normal.js';
import type { Variant } from '../../../src/graph/rewrite/variant.js';
import { chosenSites, sitesOf } from '../../../src/graph/rewrite/sites.js';
import type { Site } from '../../../src/graph/rewrite/sites.js';
import { noise } from '../local-reference.js';
import { networkSpec, randomNetwork } from './random-graph.js';
import { distance, randomPictures, rolled, run } from './running.js';

/** Whether a blur can be folded into weights at all. */
function isFoldable(sites: readonly Site[]): boolean {
  return sites.some(({ nodes }) => nodes.some(({ operator }) => operator === 'Conv'));
}

/** The one variant that a kind stands for at some sites. */
function rewritten(graph: NormalGraph, kind: string, at: readonly string[] | null = null): OnnxModel {
  const [variant] = variantsAsked(graph, parseKind(kind), at, 'model.onnx');
  return (variant as { model: OnnxModel }).model;
}

describe('random networks', () => {
  it('run with any kind of rewriting at any sites, with answers of the same shape', async () => {
    const kinds = KINDS.flatMap(({ name }) => [name, `${name}+circular`]);
    await fc.assert(
      fc.asyncProperty(networkSpec(), fc.constantFrom(...kinds), fc.nat(), async (spec, kind, some) => {
        const graph = normalForm(randomNetwork(spec));
        const sites = sitesOf(graph);
        if (sites.length === 0) return;
        const last = 1 + (some % sites.length);
        const at = kind.startsWith('dense')
          ? [`last${last}`]
          : sites.map(({ index }) => String(index)).filter((_, i) => i === last - 1 || (some >> i) % 2 === 1);
        if (kind.includes('folded') && !isFoldable(chosenSites(sites, at))) return;
        const model = rewritten(graph, kind, at);
        const pictures = randomPictures(2, ...spec.side);
        const answer = (await run(model, pictures)).get('answer');
        expect(answer?.dims).toEqual([2, 5]);
        expect(answer?.data.every(Number.isFinite)).toBe(true);
        const before = auditGraph(graph.model);
        if (/^(blur\d$|aps|avgpool)/.test(kind)) expect(auditGraph(model).factor).toEqual(before.factor);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it('answer the same under every cyclic shift where adaptive sampling or no stride at all promises it', async () => {
    let promised = 0;
    await fc.assert(
      fc.asyncProperty(
        networkSpec({ circular: true }),
        fc.constantFrom('aps+circular', 'dense+circular'),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 23 }),
        async (spec, kind, dy, dx) => {
          const graph = normalForm(randomNetwork(spec, { circular: true }));
          if (sitesOf(graph).length === 0) return;
          const [variant] = variantsAsked(graph, parseKind(kind), null, 'model.onnx');
          const exact = variant?.identities.some((identity) => identity.kind === 'cyclic' && identity.promised);
          // Maxima over neighbours give tiny maps grids of exactly equal sums, which only their place tells apart.
          const tied = sitesOf(graph).some(({ nodes }) => nodes[0]?.operator === 'MaxPool');
          if (!variant || !exact || (tied && kind.startsWith('aps'))) return;
          promised += 1;
          const { model } = variant;
          const picture = randomPictures(1, ...spec.side);
          const [one, other] = [await run(model, picture), await run(model, rolled(picture, dy, dx))];
          expect(distance(one.get('answer'), other.get('answer'))).toBeLessThan(1e-4);
        },
      ),
      { numRuns: 60, seed: 7 },
    );
    expect(promised).toBeGreaterThan(20);
  });

  it('answer the same with a blur folded into the weights as with the blur behind the convolution', async () => {
    await fc.assert(
      fc.asyncProperty(networkSpec(), fc.constantFrom(3, 5, 7), fc.boolean(), async (spec, size, circular) => {
        const graph = normalForm(randomNetwork(spec));
        if (!isFoldable(sitesOf(graph))) return;
        const asked = parseKind(`blur${size}-folded${circular ? '+circular' : ''}`);
        const [variant] = variantsAsked(graph, asked, null, 'model.onnx');
        const [identity] = variant?.identities ?? [];
        if (!variant || identity?.kind !== 'same-answer') throw new Error('expected a twin');
        const picture = randomPictures(1, ...spec.side);
        const [one, other] = [await run(variant.model, picture), await run(identity.as, picture)];
        expect(distance(one.get('answer'), other.get('answer'))).toBeLessThan(1e-4);
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});

const big = (...values: readonly number[]): bigint[] => values.map(BigInt);

/** Nodes from "pixels" [N, 3, 16, 16] to the map "last" of 8 channels, then a mean over places and a linear layer. */
function small(nodes: readonly NodeProto[], constants: readonly TensorProto[]): NormalGraph {
  return normalForm(
    model({
      inputs: [value('pixels', DataType.FLOAT, ['N', 3, 16, 16])],
      outputs: [value('answer', DataType.FLOAT, ['N', 4])],
      nodes: [
        ...nodes,
        node('GlobalAveragePool', ['last'], ['mean']),
        node('Flatten', ['mean'], ['features']),
        node('Gemm', ['features', 'head'], ['answer'], { transB: 1n }),
      ],
      initializers: [...constants, tensor('head', [4, 8], noise(32))],
    }) as OnnxModel,
  );
}

const conv = (input: string, output: string, weight: string, stride: number): NodeProto =>
  node('Conv', [input, weight], [output], { strides: big(stride, stride), pads: big(1, 1, 1, 1) });
const first = tensor('first', [8, 3, 3, 3], noise(8 * 27));
const further = tensor('further', [8, 8, 3, 3], noise(8 * 72));

describe('a network that goes down, up and down again', () => {
  const graph = small(
    [
      conv('pixels', 'down', 'first', 2),
      node('Relu', ['down'], ['relu']),
      node('Resize', ['relu', '', 'twice'], ['up'], {
        mode: 'nearest',
        nearest_mode: 'floor',
        coordinate_transformation_mode: 'asymmetric',
      }),
      conv('up', 'again', 'further', 2),
      conv('up', 'beside', 'further', 2),
      node('Add', ['again', 'beside'], ['sum']),
      node('Relu', ['sum'], ['last']),
    ],
    [first, further, tensor('twice', [4], Float32Array.of(1, 1, 2, 2))],
  );

  it('has a subsampling for each time; parallel branches stay one', () => {
    expect(sitesOf(graph).map(({ before, after, nodes }) => [before, after, nodes.map(({ name }) => name)])).toEqual([
      [1, 2, ['down']],
      [1, 2, ['again', 'beside']],
    ]);
  });

  it('while adaptive sampling in several steps is one', async () => {
    const { model: adaptive } = await readModel('zoo/models/aps-blur/model.onnx');
    expect(sitesOf(normalForm(adaptive)).map(({ before, nodes }) => [before, nodes.length])).toEqual([
      [1, 2],
      [2, 2],
      [4, 2],
      [8, 2],
    ]);
  });

  it('is rewritten by every kind that keeps its maps’ sides', async () => {
    for (const kind of ['blur3', 'blur3-folded', 'aps', 'avgpool', 'aps+circular', 'blur3+circular']) {
      const answer = (await run(rewritten(graph, kind), randomPictures(2, 16, 16))).get('answer');
      expect([kind, answer?.dims, answer?.data.every(Number.isFinite)]).toEqual([kind, [2, 4], true]);
    }
  });
});

/** The largest difference of a model's answers to a picture and to the picture under some cyclic shifts. */
async function cyclicDifference(made: OnnxModel): Promise<number> {
  const picture = randomPictures(1, 16, 16);
  const own = (await run(made, picture)).get('answer');
  let most = 0;
  for (const [dy, dx] of [
    [1, 0],
    [3, 5],
    [-7, 2],
  ] as const) {
    most = Math.max(most, distance(own, (await run(made, rolled(picture, dy, dx))).get('answer')));
  }
  return most;
}

describe('circular padding promises that cyclic shifts change nothing', () => {
  const KINDS_ROUND = ['aps+circular', 'dense+circular'];
  const promise = (graph: NormalGraph, kind: string): { made: OnnxModel; promised: boolean } => {
    const [variant] = variantsAsked(graph, parseKind(kind), null, 'model.onnx') as [Variant];
    const found = variant.identities.find((identity) => identity.kind === 'cyclic');
    return { made: variant.model, promised: found?.promised ?? false };
  };
  const whole = (name: string, ...values: readonly number[]): TensorProto =>
    tensor(name, [values.length], BigInt64Array.from(big(...values)));

  it.each([0, 1])('where a Slice takes every second place from %d on', async (start) => {
    const cut = ['starts', 'ends', 'axes', 'steps'];
    const graph = small(
      [conv('pixels', 'map', 'first', 1), node('Slice', ['map', ...cut], ['half']), node('Relu', ['half'], ['last'])],
      [first, whole('starts', start, start), whole('ends', 99, 99), whole('axes', 2, 3), whole('steps', 2, 2)],
    );
    for (const kind of KINDS_ROUND) {
      const { made, promised } = promise(graph, kind);
      expect([kind, promised]).toEqual([kind, true]);
      expect(await cyclicDifference(made)).toBeLessThan(1e-5);
    }
  });

  const behind = (nodes: readonly NodeProto[], ...constants: readonly TensorProto[]): NormalGraph =>
    small([conv('pixels', 'map', 'first', 2), ...nodes], [first, ...constants]);
  it.each<readonly [string, NormalGraph]>([
    [
      'a number for every place',
      behind([node('Mul', ['map', 'mask'], ['last'])], tensor('mask', [1, 1, 8, 8], noise(64))),
    ],
    [
      'maps of positions beside it',
      small(
        [
          conv('pixels', 'map', 'first', 2),
          node('Concat', ['map', 'rows'], ['both'], { axis: 1n }),
          conv('both', 'mixed', 'more', 1),
          node('Relu', ['mixed'], ['last']),
        ],
        [first, tensor('rows', [1, 1, 8, 8], noise(64)), tensor('more', [8, 9, 3, 3], noise(8 * 81))],
      ),
    ],
    [
      'an interpolation that ends at the edge',
      behind(
        [
          node('Resize', ['map', '', 'twice'], ['up'], {
            mode: 'linear',
            coordinate_transformation_mode: 'half_pixel',
          }),
          conv('up', 'mixed', 'further', 1),
          node('Relu', ['mixed'], ['last']),
        ],
        further,
        tensor('twice', [4], Float32Array.of(1, 1, 2, 2)),
      ),
    ],
  ])('but not behind %s', async (_, graph) => {
    const { made, promised } = promise(graph, 'aps+circular');
    expect(promised).toBe(false);
    expect(await cyclicDifference(made)).toBeGreaterThan(1e-5);
  });

  it('and numbers of whole channels do no harm', () => {
    const graph = behind([node('Mul', ['map', 'scale'], ['last'])], tensor('scale', [8, 1, 1], noise(8)));
    expect(promise(graph, 'aps+circular').promised).toBe(true);
  });
});
