// Small networks of every family: which rewritings hold on them, and what is refused with which words.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { externalTensor, model, node, tensor, value } from '../../../src/graph/build.js';
import type { Dimension } from '../../../src/graph/build.js';
import { toFloat16 } from '../../../src/core/float16.js';
import { TensorProto_DataType as DataType } from '../../../src/graph/onnx_pb.js';
import type { NodeProto, TensorProto } from '../../../src/graph/onnx_pb.js';
import type { OnnxModel } from '../../../src/graph/read.js';
import { attributesOf } from '../../../src/graph/audit/attributes.js';
import { dense } from '../../../src/graph/rewrite/dense.js';
import { normalForm } from '../../../src/graph/rewrite/normal.js';
import { phases } from '../../../src/graph/rewrite/phases.js';
import { chosenSites, sitesOf } from '../../../src/graph/rewrite/sites.js';
import { encodeModel } from '../../../src/graph/write.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { noise } from '../local-reference.js';
import { inceptionV3, resnet50, vgg16, vitB16 } from '../audit-networks.js';
import { distance, kept, randomPictures, run } from './running.js';

const { folder } = temporaryFolder();

const big = (...values: readonly number[]): bigint[] => values.map(BigInt);
const count = (dims: readonly number[]): number => dims.reduce((all, side) => all * side, 1);

type Made = { readonly nodes: readonly NodeProto[]; readonly constants?: readonly TensorProto[] };

const floats = (name: string, ...dims: readonly number[]): TensorProto => tensor(name, dims, noise(count(dims), name));
const wholes = (name: string, ...values: readonly number[]): TensorProto =>
  tensor(name, [values.length], BigInt64Array.from(big(...values)));

/** A convolution of 3 by 3 with pads of 1, or as given. */
function conv(
  input: string,
  output: string,
  channels: readonly [number, number],
  stride = 1,
  more: Parameters<typeof node>[3] = {},
  kernel = 3,
): Made {
  const side = Math.floor(kernel / 2);
  const own = { strides: big(stride, stride), pads: big(side, side, side, side), ...more };
  return {
    nodes: [node('Conv', [input, `${output}.weight`], [output], own)],
    constants: [floats(`${output}.weight`, channels[1], channels[0], kernel, kernel)],
  };
}

const op = (
  opType: string,
  inputs: readonly string[],
  output: string,
  more: Parameters<typeof node>[3] = {},
): Made => ({
  nodes: [node(opType, inputs, [output], more)],
});

/** Mean over places and a linear layer to the output "answer". */
function head(from: string, channels: number): Made {
  return {
    nodes: [
      node('GlobalAveragePool', [from], ['mean']),
      node('Flatten', ['mean'], ['features']),
      node('Gemm', ['features', 'head.weight'], ['answer'], { transB: 1n }),
    ],
    constants: [floats('head.weight', 4, channels)],
  };
}

type Declared = {
  readonly shape?: readonly Dimension[];
  readonly opset?: number;
  readonly batch?: Dimension;
  readonly type?: DataType;
};

function network(
  parts: readonly Made[],
  { shape, opset = 17, batch = 'N', type = DataType.FLOAT }: Declared = {},
): OnnxModel {
  return model({
    inputs: [value('pixels', type, shape ?? [batch, 3, 17, 20])],
    outputs: [value('answer', type, [batch, 4])],
    nodes: parts.flatMap(({ nodes }) => nodes),
    initializers: parts.flatMap(({ constants = [] }) => constants),
    opset,
  }) as OnnxModel;
}

const picture = randomPictures(2, 17, 20);

/** The normal form, once it is shown to answer as the network does, bit for bit, and the network to be unchanged. */
async function normal(network: OnnxModel, pixels = picture): Promise<ReturnType<typeof normalForm>> {
  const bytes = encodeModel(network);
  const graph = normalForm(network);
  const outputs = network.graph.output.map(({ name }) => name);
  const one = { dims: [1, ...pixels.dims.slice(1)], data: pixels.data.slice(0, count(pixels.dims.slice(1))) };
  const [before, after] = [await run(network, one, outputs), await run(graph.model, one, outputs)];
  for (const name of outputs) expect(distance(before.get(name), after.get(name))).toBe(0);
  expect(encodeModel(network)).toEqual(bytes);
  return graph;
}

/** Both rewritings of all sites keep what the network computes, and give nearly the same answer. */
async function keepsAll(graph: ReturnType<typeof normalForm>, most = 0, pixels = picture): Promise<void> {
  const sites = sitesOf(graph);
  const [spread, split] = [dense(graph, sites), phases(graph, sites)];
  expect(await kept(graph.model, spread, pixels)).toBeLessThanOrEqual(most);
  expect(await kept(graph.model, split, pixels)).toBeLessThanOrEqual(most);
  const [one, other] = [await run(spread.model, pixels), await run(split.model, pixels)];
  expect(distance(one.get('answer'), other.get('answer'))).toBeLessThan(Math.max(1e-4, most));
}

const operators = ({ model: { graph } }: ReturnType<typeof normalForm>): string[] =>
  graph.node.map(({ opType }) => opType);
const pads = (graph: ReturnType<typeof normalForm>, opType: string): readonly number[] | null | undefined => {
  const found = graph.model.graph.node.find((one) => one.opType === opType);
  return found && attributesOf(found).ints('pads');
};

describe('normal form', () => {
  it.each([
    ['SAME_UPPER', [0, 0, 1, 1], 16],
    ['SAME_LOWER', [1, 1, 0, 0], 16],
    ['VALID', [0, 0, 0, 0], 16],
  ])('writes %s in numbers', async (auto, expected, side) => {
    const automatic = { nodes: [node('Conv', ['pixels', 'w'], ['map'], { strides: big(2, 2), auto_pad: auto })] };
    const made = network([{ ...automatic, constants: [floats('w', 5, 3, 3, 3)] }, head('map', 5)], {
      shape: ['N', 3, side, side],
    });
    const graph = await normal(made, randomPictures(2, side, side));
    expect(pads(graph, 'Conv')).toEqual(expected);
  });

  it('merges a Pad of zeros into a convolution and into a mean, but not into a maximum of what may be negative', async () => {
    const border = wholes('border', 0, 0, 1, 2, 0, 0, 2, 1);
    const padded = (input: string): Made => ({ nodes: [node('Pad', [input, 'border'], [`${input}/padded`])] });
    const behind = (opType: string, relu: boolean): OnnxModel => {
      const pooled =
        opType === 'Conv'
          ? conv('a/padded', 'b', [5, 5], 2)
          : op(opType, ['a/padded'], 'b', { kernel_shape: big(3, 3), strides: big(2, 2) });
      const first = relu ? [conv('pixels', 'c', [3, 5]), op('Relu', ['c'], 'a')] : [conv('pixels', 'a', [3, 5])];
      return network([{ nodes: [], constants: [border] }, ...first, padded('a'), pooled, head('b', 5)]);
    };
    expect(pads(await normal(behind('Conv', false)), 'Conv')).toEqual([1, 1, 1, 1]);
    expect(operators(await normal(behind('Conv', false)))).not.toContain('Pad');
    expect(pads(await normal(behind('AveragePool', false)), 'AveragePool')).toEqual([1, 2, 2, 1]);
    expect(pads(await normal(behind('MaxPool', true)), 'MaxPool')).toEqual([1, 2, 2, 1]);
    expect(operators(await normal(behind('MaxPool', false)))).toContain('Pad');
    await keepsAll(await normal(behind('MaxPool', false)), 1e-6);
  });

  it('keeps a Pad that not all behind it can take, and one that mirrors', async () => {
    const border = wholes('border', 0, 0, 1, 1, 0, 0, 1, 1);
    const both = [
      op('Pad', ['a', 'border'], 'a/padded'),
      conv('a/padded', 'b', [5, 5], 1, { pads: big(0, 0, 0, 0) }),
      op('MaxPool', ['a/padded'], 'c', { kernel_shape: big(3, 3), strides: big(1, 1) }),
      op('Add', ['b', 'c'], 'd'),
    ];
    const made = network([{ nodes: [], constants: [border] }, conv('pixels', 'a', [3, 5], 2), ...both, head('d', 5)]);
    expect(operators(await normal(made))).toContain('Pad');
    await keepsAll(await normal(made), 1e-6);
    const mirror = op('Pad', ['a', 'border'], 'a/padded', { mode: 'reflect' });
    const mirrored = network([
      { nodes: [], constants: [border] },
      conv('pixels', 'a', [3, 5], 2),
      mirror,
      conv('a/padded', 'd', [5, 5], 1, { pads: big(0, 0, 0, 0) }),
      head('d', 5),
    ]);
    await keepsAll(await normal(mirrored), 1e-6);
  });

  it('opens a batch of 1 that reshapes note down', async () => {
    const flat = {
      nodes: [
        node('GlobalAveragePool', ['a'], ['mean']),
        node('Reshape', ['mean', 'sides'], ['features']),
        node('Gemm', ['features', 'head.weight'], ['answer'], { transB: 1n }),
      ],
      constants: [wholes('sides', 1, -1), floats('head.weight', 4, 5)],
    };
    const graph = await normal(network([conv('pixels', 'a', [3, 5], 2), flat], { batch: 1 }));
    expect(graph.fixedBatch).toBeNull();
    expect((await run(graph.model, picture)).get('answer')?.dims).toEqual([2, 4]);
    await keepsAll(graph);
  });

  it('says which node needs the batch as it is', async () => {
    const flat = {
      nodes: [
        node('GlobalAveragePool', ['a'], ['mean']),
        node('Reshape', ['mean', 'sides'], ['list']),
        node('Unsqueeze', ['list', 'axis'], ['features']),
        node('Gemm', ['features', 'head.weight'], ['answer'], { transB: 1n }),
      ],
      constants: [wholes('sides', 5), wholes('axis', 0), floats('head.weight', 4, 5)],
    };
    const graph = await normal(network([conv('pixels', 'a', [3, 5], 2), flat], { batch: 1 }));
    expect(graph.fixedBatch).toBe('list is made for one picture a call');
    expect(() => phases(graph, sitesOf(graph))).toThrow(
      "The network can't be rewritten this way: list is made for one picture a call and has no room for phases. Export the model with an open batch axis.",
    );
    expect(await kept(graph.model, dense(graph, sitesOf(graph)), randomPictures(1, 17, 20))).toBe(0);
  });

  it('refuses operators that are too old', () => {
    expect(() => normalForm(network([conv('pixels', 'a', [3, 5]), head('a', 5)], { opset: 10 }))).toThrow(
      'Expected a model of ONNX opset 11 or newer to rewrite but it is of opset 10.',
    );
  });
});

describe('families of networks', () => {
  const stem = [conv('pixels', 'stem', [3, 8], 2), op('Relu', ['stem'], 'stem/relu')];

  it.each([11, 13, 18, 21])('residual, opset %i: strided block and strided shortcut are one site', async (opset) => {
    const made = network(
      [
        ...stem,
        conv('stem/relu', 'block/conv1', [8, 8], 2),
        op('Relu', ['block/conv1'], 'block/relu'),
        conv('block/relu', 'block/conv2', [8, 8]),
        conv('stem/relu', 'block/shortcut', [8, 8], 2, {}, 1),
        op('Add', ['block/conv2', 'block/shortcut'], 'block/add'),
        head('block/add', 8),
      ],
      { opset },
    );
    const graph = await normal(made);
    const sites = sitesOf(graph);
    expect(sites.map(({ nodes }) => nodes.map(({ name }) => name))).toEqual([
      ['stem'],
      ['block/conv1', 'block/shortcut'],
    ]);
    await keepsAll(graph);
    for (const site of sites) expect(await kept(graph.model, phases(graph, [site]), picture)).toBe(0);
    expect(() => dense(graph, sites.slice(0, 1))).toThrow(
      'Expected the last subsamplings for a dense network but block/conv1 +1 is kept behind one that is taken off. Use phases, which compute each phase of the map by itself.',
    );
  });

  it('joined branches: parallel convolutions and a maximum without padding are one site', async () => {
    const none = { pads: big(0, 0, 0, 0) };
    const graph = await normal(
      network([
        ...stem,
        conv('stem/relu', 'mixed/a', [8, 8], 2, none),
        conv('stem/relu', 'mixed/b1', [8, 4]),
        conv('mixed/b1', 'mixed/b2', [4, 4], 2, none),
        op('MaxPool', ['stem/relu'], 'mixed/c', { kernel_shape: big(3, 3), strides: big(2, 2) }),
        op('Concat', ['mixed/a', 'mixed/b2', 'mixed/c'], 'mixed', { axis: 1n }),
        head('mixed', 20),
      ]),
    );
    expect(sitesOf(graph)[1]?.nodes.map(({ operator }) => operator)).toEqual(['Conv', 'Conv', 'MaxPool']);
    await keepsAll(graph);
  });

  const squeezeExcite = network([
    ...stem,
    conv('stem/relu', 'a', [8, 8], 2),
    op('GlobalAveragePool', ['a'], 'squeeze'),
    conv('squeeze', 'excite', [8, 8], 1, {}, 1),
    op('Sigmoid', ['excite'], 'gate'),
    op('Mul', ['a', 'gate'], 'b'),
    conv('b', 'c', [8, 8]),
    head('c', 8),
  ]);

  it('squeeze-excite: phases keep it, dense is refused', async () => {
    const graph = await normal(squeezeExcite);
    expect(() => dense(graph, sitesOf(graph))).toThrow(
      "The network can't be rewritten this way: squeeze pools a map whose result joins the map again at b (as squeeze-excite does): over a dense map it would be another. Use phases, which compute each phase of the map by itself.",
    );
    expect(await kept(graph.model, phases(graph, sitesOf(graph)), picture)).toBeLessThan(1e-6);
  });

  it('a gate that is computed before a stride reaches all phases behind it', async () => {
    const graph = await normal(
      network([
        ...stem,
        op('GlobalAveragePool', ['stem/relu'], 'squeeze'),
        conv('stem/relu', 'a', [8, 8], 2),
        op('Mul', ['a', 'squeeze'], 'b'),
        head('b', 8),
      ]),
    );
    const [, last] = sitesOf(graph);
    expect(await kept(graph.model, phases(graph, last ? [last] : []), picture)).toBeLessThan(1e-6);
  });

  it('layers made for the size of the map: phases keep them, dense is refused', async () => {
    const linear = {
      nodes: [node('Flatten', ['a'], ['flat']), node('Gemm', ['flat', 'fc'], ['answer'], { transB: 1n })],
      constants: [floats('fc', 4, 8 * 5 * 5)],
    };
    const graph = await normal(network([...stem, conv('stem/relu', 'a', [8, 8], 2), linear]));
    expect(() => dense(graph, sitesOf(graph))).toThrow(
      'flat turns the map into a list, whose length the layers behind it are made for. Use phases',
    );
    expect(await kept(graph.model, phases(graph, sitesOf(graph)), picture)).toBeLessThan(1e-6);
  });

  it('a mean over the whole map as a pool takes all places', async () => {
    const whole = {
      nodes: [
        node('AveragePool', ['a'], ['mean'], { kernel_shape: big(5, 5) }),
        node('Flatten', ['mean'], ['features']),
        node('Gemm', ['features', 'head.weight'], ['answer'], { transB: 1n }),
      ],
      constants: [floats('head.weight', 4, 8)],
    };
    await keepsAll(await normal(network([...stem, conv('stem/relu', 'a', [8, 8], 2), whole])));
  });

  it('channels that are shuffled by reshapes', async () => {
    const shuffled = {
      nodes: [
        node('Reshape', ['stem/relu', 'apart'], ['groups']),
        node('Transpose', ['groups'], ['turned'], { perm: big(0, 2, 1, 3, 4) }),
        node('Reshape', ['turned', 'together'], ['shuffled']),
      ],
      constants: [wholes('apart', 1, 2, 4, 9, 10), wholes('together', 1, 8, 9, 10)],
    };
    const made = network([...stem, shuffled, conv('shuffled', 'a', [8, 8], 2), head('a', 8)], { batch: 1 });
    await keepsAll(await normal(made));
  });

  it('a shortcut that slices every second place, and a maximum over single places', async () => {
    const every = {
      nodes: [node('Slice', ['stem/relu', 'zero', 'end', 'axes', 'step'], ['shortcut'])],
      constants: [wholes('zero', 0, 0), wholes('end', 99, 99), wholes('axes', 2, 3), wholes('step', 2, 2)],
    };
    const graph = await normal(
      network([
        ...stem,
        every,
        conv('stem/relu', 'a', [8, 8], 2),
        op('MaxPool', ['stem/relu'], 'b', { kernel_shape: big(1, 1), strides: big(2, 2) }),
        op('Sum', ['shortcut', 'a', 'b'], 'c'),
        head('c', 8),
      ]),
    );
    expect(sitesOf(graph)[1]?.nodes).toHaveLength(3);
    await keepsAll(graph);
  });

  it('pictures with channels last', async () => {
    const turned = op('Transpose', ['pixels'], 'planes', { perm: big(0, 3, 1, 2) });
    const made = network([turned, conv('planes', 'a', [3, 8], 2), conv('a', 'b', [8, 8], 2), head('b', 8)], {
      shape: ['N', 17, 20, 3],
    });
    const pixels = { dims: [2, 17, 20, 3], data: picture.data };
    await keepsAll(await normal(made, pixels), 0, pixels);
  });

  it('half precision', async () => {
    const half = (name: string, ...dims: readonly number[]): TensorProto =>
      tensor(name, dims, Uint16Array.from(noise(count(dims), name), toFloat16));
    const parts = [
      conv('pixels', 'a', [3, 8], 2),
      op('MaxPool', ['a'], 'p', { kernel_shape: big(2, 2), strides: big(2, 2) }),
      op('AveragePool', ['p'], 'q', { kernel_shape: big(2, 2), strides: big(1, 1) }),
      head('q', 8),
    ].map(({ nodes, constants = [] }) => ({
      nodes,
      constants: constants.map(({ name, dims }) => half(name, ...dims.map(Number))),
    }));
    const graph = await normal(network(parts, { type: DataType.FLOAT16 }));
    await keepsAll(graph, 2e-3);
  });

  it('weights in files beside the model stay there', async () => {
    const weights = noise(8 * 3 * 9 + 4 * 8, 'external');
    writeFileSync(join(folder, 'weights.bin'), new Uint8Array(weights.buffer));
    const lying = (name: string, dims: readonly number[], offset: number): TensorProto =>
      externalTensor(name, dims, DataType.FLOAT, { location: 'weights.bin', offset, length: 4 * count(dims) });
    const made = network([
      { ...conv('pixels', 'a', [3, 8], 2), constants: [lying('a.weight', [8, 3, 3, 3], 0)] },
      { ...head('a', 8), constants: [lying('head.weight', [4, 8], 4 * 8 * 27)] },
    ]);
    const graph = normalForm(made);
    const path = join(folder, 'model.onnx');
    expect(await kept(graph.model, dense(graph, sitesOf(graph)), picture, path)).toBe(0);
    const split = phases(graph, sitesOf(graph));
    expect(await kept(graph.model, split, picture, path)).toBe(0);
    expect(split.model.graph.initializer.filter(({ externalData }) => externalData.length > 0)).toHaveLength(2);
  });

  it('published networks: ResNet-50, Inception-v3, VGG-16 and ViT-B/16 have the sites that the papers give them', () => {
    const strides = (made: OnnxModel): number[][] =>
      sitesOf(normalForm(made)).map(({ stride, nodes }) => [stride, nodes.length]);
    expect(strides(resnet50('3x3'))).toEqual([
      [2, 1],
      [2, 1],
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
    expect(strides(inceptionV3())).toEqual([
      [2, 1],
      [2, 1],
      [2, 1],
      [2, 3],
      [2, 3],
    ]);
    expect(strides(vgg16())).toEqual([2, 2, 2, 2, 2].map((stride) => [stride, 1]));
    expect(strides(vitB16())).toEqual([[16, 1]]);
    for (const [made, name] of [
      [vgg16(), 'flat turns the map into a list'],
      [vitB16(), 'patches/flat turns the map into a list'],
    ] as const) {
      const graph = normalForm(made);
      expect(() => dense(graph, sitesOf(graph))).toThrow(name);
    }
  });
});

describe('what is refused', () => {
  it('unequal strides, statistics over the map, sums over places, unknown names', async () => {
    const unequal = await normal(network([conv('pixels', 'a', [3, 8], 1, { strides: big(2, 1) }), head('a', 8)]));
    expect(() => phases(unequal, sitesOf(unequal))).toThrow(
      "The network can't be rewritten this way: a has unequal strides along rows and columns (2 and 1).",
    );
    const instance = {
      nodes: [node('InstanceNormalization', ['a', 'scale', 'shift'], ['b'])],
      constants: [floats('scale', 8), floats('shift', 8)],
    };
    const whole = await normal(network([conv('pixels', 'a', [3, 8], 2), instance, head('b', 8)]));
    expect(() => dense(whole, sitesOf(whole))).toThrow(
      'b takes statistics over the whole map, in which dense places would count.',
    );
    expect(await kept(whole.model, phases(whole, sitesOf(whole)), picture)).toBeLessThan(1e-5);
    const summed = {
      nodes: [
        node('ReduceSum', ['a', 'places'], ['features'], { keepdims: 0n }),
        node('Gemm', ['features', 'head.weight'], ['answer'], { transB: 1n }),
      ],
      constants: [wholes('places', 2, 3), floats('head.weight', 4, 8)],
    };
    const sums = await normal(network([conv('pixels', 'a', [3, 8], 2), summed]));
    expect(() => dense(sums, sitesOf(sums))).toThrow('features adds up over places, of which a dense map has more');
    expect(() => chosenSites(sitesOf(sums), ['b'])).toThrow('Unknown subsampling "b". Did you mean "a"? Valid: a.');
    expect(() => dense(sums, [])).toThrow('Expected at least one subsampling to rewrite');
  });
});
