// What is looked at inside networks: the picture first, the chosen layers, both sides of every change of the factor.
import { describe, expect, it } from 'vitest';
import { auditGraph } from '../../src/graph/audit/audit.js';
import { model, node, tensor, value, wrapPad } from '../../src/graph/build.js';
import { lookAt, type Look } from '../../src/graph/look.js';
import { normalForm } from '../../src/graph/rewrite/normal.js';
import { phases } from '../../src/graph/rewrite/phases.js';
import { sitesOf } from '../../src/graph/rewrite/sites.js';
import { TensorProto_DataType as DataType } from '../../src/graph/onnx_pb.js';
import type { NodeProto, TensorProto } from '../../src/graph/onnx_pb.js';
import type { OnnxModel } from '../../src/graph/read.js';

const zeros = (name: string, dims: readonly number[]): TensorProto =>
  tensor(name, dims, new Float32Array(dims.reduce((a, b) => a * b, 1)));

function network(nodes: readonly NodeProto[], weights: readonly TensorProto[], type = DataType.FLOAT): OnnxModel {
  return model({
    inputs: [value('pixels', type, ['N', 3, 32, 32])],
    outputs: [value('logits', DataType.FLOAT, ['N', 4])],
    nodes: [
      ...nodes,
      node('GlobalAveragePool', ['end'], ['pool']),
      node('Flatten', ['pool'], ['flat']),
      node('Gemm', ['flat', 'head'], ['logits'], { transB: 1n }),
    ],
    initializers: [...weights, zeros('head', [4, 8])],
  }) as OnnxModel;
}

const look = (onnx: OnnxModel, selection: readonly string[] = ['default']): Look =>
  lookAt(onnx, auditGraph(onnx), selection);

/** Conv, stride 2, batch normalisation and ReLU; then a circular border and a convolution with stride 2. */
function strided(): OnnxModel {
  const wrap = wrapPad('first/relu', 'second/wrap', 1);
  const nodes = [
    node('Conv', ['pixels', 'w1'], ['first/conv'], { strides: [2n, 2n], pads: [1n, 1n, 1n, 1n] }),
    node('BatchNormalization', ['first/conv', 's', 's', 's', 's'], ['first/norm']),
    node('Relu', ['first/norm'], ['first/relu']),
    ...wrap.nodes,
    node('Conv', ['second/wrap', 'w2'], ['second/conv'], { strides: [2n, 2n] }),
    node('Relu', ['second/conv'], ['end']),
  ];
  const weights = [zeros('w1', [8, 3, 3, 3]), zeros('w2', [8, 8, 3, 3]), zeros('s', [8]), ...wrap.initializers];
  return network(nodes, weights);
}

describe('lookAt', () => {
  it('takes the picture first, as a layer of factor 1', () => {
    const { facts } = look(strided());
    expect(facts.layers[0]).toEqual({
      name: 'pixels',
      operator: 'picture',
      channels: 3,
      rows: 32,
      columns: 32,
      factor: { y: 1, x: 1 },
      field: { y: 1, x: 1 },
      selected: true,
      depth: 0,
    });
  });

  it('compares across strides behind normalisation and activation, and past borders', () => {
    const { facts } = look(strided());
    const nameOf = (index: number): string => facts.layers[index]?.name ?? '';
    const cuts = facts.subsamplings.map(({ node: name, before, after, stageEnd }) => [
      name,
      ...[before, after, stageEnd].map(nameOf),
    ]);
    expect(cuts).toEqual([
      ['first/conv', 'pixels', 'first/relu', 'first/relu'],
      ['second/conv', 'first/relu', 'end', 'end'],
    ]);
  });

  it('brings the layers beside a stride along, whatever is chosen, and says that they were not', () => {
    const { facts } = look(strided(), ['second/conv']);
    expect(facts.layers.map(({ name, selected }) => [name, selected])).toEqual([
      ['pixels', true],
      ['first/relu', false],
      ['second/conv', true],
      ['end', false],
    ]);
    expect(facts.layers.at(-1)).toMatchObject({ channels: 8, rows: 8, columns: 8, factor: { y: 4, x: 4 } });
    // 16²·8·27 multiply-accumulates in the first convolution, 8²·8·72 in the second, 32 in the head.
    const [first, all] = [55296, 55296 + 36864 + 32];
    expect(facts.layers[1]?.depth).toBeCloseTo(first / all, 12);
    expect(facts.layers[2]?.depth).toBeCloseTo((all - 32) / all, 12);
  });

  it('leaves out a layer without places, and says why', () => {
    const { facts } = look(strided(), ['first/relu', 'logits']);
    expect(facts.skipped).toEqual([{ name: 'logits', reason: 'it has no spatial axes' }]);
  });

  it('has no subsampling in a dense network', () => {
    const onnx = network([node('Conv', ['pixels', 'w'], ['end'])], [zeros('w', [8, 3, 1, 1])]);
    expect(look(onnx).facts.subsamplings).toEqual([]);
  });

  it('counts patch tokens as rows and columns, without the class token', () => {
    const onnx = model({
      inputs: [value('pixels', DataType.FLOAT, [1, 3, 32, 32])],
      outputs: [value('logits', DataType.FLOAT, [1, 4])],
      nodes: [
        node('Conv', ['pixels', 'w'], ['patches'], { strides: [8n, 8n] }),
        node('Reshape', ['patches', 'shape'], ['lines']),
        node('Transpose', ['lines'], ['tokens'], { perm: [0n, 2n, 1n] }),
        node('Concat', ['class', 'tokens'], ['all'], { axis: 1n }),
        node('Relu', ['all'], ['block/relu']),
        node('ReduceMean', ['block/relu'], ['mean'], { axes: [1n], keepdims: 0n }),
        node('Gemm', ['mean', 'head'], ['logits'], { transB: 1n }),
      ],
      initializers: [
        zeros('w', [8, 3, 8, 8]),
        zeros('class', [1, 1, 8]),
        zeros('head', [4, 8]),
        tensor('shape', [3], BigInt64Array.of(1n, 8n, 16n)),
      ],
    }) as OnnxModel;
    const { facts } = look(onnx, ['block/relu']);
    expect(facts.layers.find(({ name }) => name === 'block/relu')).toMatchObject({
      channels: 8,
      rows: 4,
      columns: 4,
      factor: { y: 8, x: 8 },
    });
  });

  it('refuses a network none of whose chosen layers can be looked at, with the reason', () => {
    const onnx = network(
      [
        node('Cast', ['pixels'], ['counts'], { to: BigInt(DataType.INT32) }),
        node('Cast', ['counts'], ['back'], { to: BigInt(DataType.FLOAT) }),
        node('Conv', ['back', 'w'], ['end']),
      ],
      [zeros('w', [8, 3, 1, 1])],
    );
    expect(() => look(onnx, ['counts'])).toThrow(
      /^None of the layers that were asked for can be looked at: counts: its elements are of type int32, not numbers/,
    );
  });
});

describe('a network whose phases go on side by side', () => {
  const graph = normalForm(strided());
  const sites = sitesOf(graph);
  const nodesOf = (taken: typeof sites): string[] =>
    look(taken.length === 0 ? graph.model : phases(graph, taken).model, ['all']).facts.subsamplings.map(
      ({ node: name }) => name,
    );

  it('loses nothing at the strides that were taken off', () => {
    expect(nodesOf([])).toEqual(['first/conv', 'second/conv']);
    expect(nodesOf(sites.slice(0, 1))).toEqual(['second/conv']);
    expect(nodesOf(sites.slice(1))).toEqual(['first/conv']);
    expect(nodesOf(sites)).toEqual([]);
  });
});
