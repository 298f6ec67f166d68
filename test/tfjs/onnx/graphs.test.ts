// Graph models and their translations give the same answers: TensorFlow.js on one side, onnxruntime on the other.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../../src/graph/write.js';
import { translateTfjs } from '../../../src/tfjs/onnx/translate.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { attribute, graphFiles, graphNode as node, noise } from '../../support/tfjs-files.js';
import type { GraphWeights, TfjsFiles } from '../../support/tfjs-files.js';
import { graphDistance, readFiles, translatedTo } from '../../support/tfjs-translation.js';
import type { TfjsNode } from '../../../src/tfjs/model.js';

const { write } = temporaryFolder();
const { text, texts, numbers, number, fraction, flag, type } = attribute;
const SIDE = 7;

type Graph = { readonly nodes: readonly TfjsNode[]; readonly weights?: GraphWeights; readonly answer?: string };

const floats = (shape: readonly number[], seed = 3): GraphWeights[string] => ({
  shape,
  values: noise(
    shape.reduce((all, side) => all * side, 1),
    seed,
  ),
});
const positive = (length: number): GraphWeights[string] => ({
  shape: [length],
  values: noise(length, 5).map((value) => 1.5 + value),
});
const whole = (...values: readonly number[]): GraphWeights[string] => ({
  shape: [values.length],
  values: Int32Array.from(values),
});
const one = (value: number): GraphWeights[string] => ({ shape: [], values: Float32Array.of(value) });
const wholeOne = (value: number): GraphWeights[string] => ({ shape: [], values: Int32Array.of(value) });

/** A depthwise kernel, and what normalises its six maps. */
const NORMALISED = {
  w: floats([3, 3, 3, 2]),
  scale: floats([6], 1),
  offset: floats([6], 2),
  mean: floats([6], 3),
  variance: positive(6),
};

const sliding = (stride: number, padding: string): Record<string, unknown> => ({
  strides: numbers(1, stride, stride, 1),
  dilations: numbers(1, 1, 1, 1),
  padding: text(padding),
  data_format: text('NHWC'),
});

/** Nodes behind the picture by name and operator: each takes the one before, then what is named. */
function chain(
  ...steps: readonly (readonly [op: string, more?: readonly string[], attr?: Record<string, unknown>])[]
): {
  nodes: TfjsNode[];
  answer: string;
} {
  const nodes = steps.map(([op, more = [], attr = {}], i) =>
    node(op, `block/${op}_${i}`, [i === 0 ? 'pixels' : `block/${steps[i - 1]?.[0] ?? ''}_${i - 1}`, ...more], attr),
  );
  return { nodes, answer: nodes.at(-1)?.name ?? '' };
}

const cases: Readonly<Record<string, Graph>> = {
  'a convolution, its bias and activation apart': {
    ...chain(['Conv2D', ['w'], sliding(2, 'SAME')], ['BiasAdd', ['b']], ['Relu6'], ['Mean', ['places']]),
    weights: { w: floats([3, 3, 3, 4]), b: floats([4]), places: whole(1, 2) },
  },
  'fused convolutions': {
    ...chain(
      [
        '_FusedConv2D',
        ['w', 'b'],
        { ...sliding(2, 'SAME'), num_args: number(1), fused_ops: texts('BiasAdd', 'Relu6') },
      ],
      [
        'FusedDepthwiseConv2dNative',
        ['d', 'b'],
        { ...sliding(1, 'VALID'), num_args: number(1), fused_ops: texts('BiasAdd', 'Elu') },
      ],
      ['Mean', ['places'], { keep_dims: flag(true) }],
      ['Squeeze', [], { squeeze_dims: numbers(1, 2) }],
      ['_FusedMatMul', ['m', 'c'], { num_args: number(1), fused_ops: texts('BiasAdd', 'Relu') }],
      ['Softmax'],
    ),
    weights: {
      w: floats([3, 3, 3, 4]),
      b: floats([4]),
      d: floats([2, 2, 4, 1]),
      places: whole(1, 2),
      m: floats([4, 5]),
      c: floats([5]),
    },
  },
  'a fused convolution with slopes': {
    ...chain([
      '_FusedConv2D',
      ['w', 'b', 'slope'],
      { ...sliding(1, 'VALID'), num_args: number(2), fused_ops: texts('BiasAdd', 'Prelu') },
    ]),
    weights: { w: floats([3, 3, 3, 4]), b: floats([4]), slope: positive(4) },
  },
  'explicit padding': {
    ...chain(['Conv2D', ['w'], { ...sliding(2, 'EXPLICIT'), explicit_paddings: numbers(0, 0, 2, 1, 0, 3, 0, 0) }]),
    weights: { w: floats([3, 3, 3, 2]) },
  },
  'batch normalisation behind a depthwise convolution': {
    ...chain(
      ['DepthwiseConv2dNative', ['w'], sliding(1, 'SAME')],
      ['FusedBatchNormV3', ['scale', 'offset', 'mean', 'variance'], { epsilon: fraction(0.01) }],
      ['LeakyRelu', [], { alpha: fraction(0.3) }],
    ),
    weights: NORMALISED,
  },
  'batch normalisation that leaves its epsilon out': {
    ...chain(
      ['DepthwiseConv2dNative', ['w'], sliding(1, 'SAME')],
      ['FusedBatchNormV3', ['scale', 'offset', 'mean', 'variance']],
    ),
    weights: NORMALISED,
  },
  'normalisation by arithmetic': {
    ...chain(
      ['Sub', ['mean']],
      ['Mul', ['scale']],
      ['AddV2', ['offset']],
      ['RealDiv', ['number']],
      ['Maximum', ['zero']],
      ['Square'],
      ['AddV2', ['number']],
      ['Rsqrt'],
    ),
    weights: {
      mean: floats([3], 1),
      scale: floats([1, 1, 1, 3], 2),
      offset: floats([3], 3),
      number: one(2),
      zero: one(0),
    },
  },
  'pads and pools': {
    ...chain(
      ['Pad', ['edges']],
      ['MaxPool', [], { ...sliding(2, 'VALID'), ksize: numbers(1, 3, 3, 1) }],
      ['PadV2', ['edges', 'filling']],
      ['MirrorPad', ['edges'], { mode: text('REFLECT') }],
      ['AvgPool', [], { ...sliding(2, 'SAME'), ksize: numbers(1, 3, 3, 1) }],
    ),
    weights: { edges: { shape: [4, 2], values: Int32Array.of(0, 0, 1, 2, 2, 0, 0, 0) }, filling: one(3) },
  },
  'flattening by a computed shape': {
    nodes: [
      node('Conv2D', 'conv', ['pixels', 'w'], sliding(2, 'SAME')),
      node('Shape', 'shape', ['conv'], { out_type: type('DT_INT32') }),
      node('StridedSlice', 'batch', ['shape', 'zero', 'one', 'step'], { shrink_axis_mask: number(1) }),
      node('Pack', 'sides', ['batch', 'rest'], { axis: number(0), N: number(2) }),
      node('Reshape', 'answer', ['conv', 'sides']),
    ],
    weights: { w: floats([3, 3, 3, 4]), zero: whole(0), one: whole(1), step: whole(1), rest: wholeOne(64) },
    answer: 'answer',
  },
  'a strided slice of the picture': {
    ...chain([
      'StridedSlice',
      ['begin', 'end', 'strides'],
      { begin_mask: number(1), end_mask: number(11), ellipsis_mask: number(0) },
    ]),
    weights: { begin: whole(0, 1, 0, 1), end: whole(0, 0, 5, 0), strides: whole(1, 2, 3, 1) },
  },
  'channels split, shuffled and joined': {
    nodes: [
      node('Conv2D', 'conv', ['pixels', 'w'], sliding(1, 'SAME')),
      node('Split', 'parts', ['axis', 'conv'], { num_split: number(2) }),
      node('Relu', 'relu', ['parts:1']),
      node('ConcatV2', 'joined', ['relu', 'parts', 'axis'], { N: number(2) }),
      node('Shape', 'shape', ['joined']),
      node('StridedSlice', 'batch', ['shape', 'zero', 'one', 'one'], { shrink_axis_mask: number(1) }),
      node('Pack', 'sides', ['batch', 'side', 'side', 'groups', 'each'], { axis: number(0), N: number(5) }),
      node('Reshape', 'grouped', ['joined', 'sides']),
      node('Transpose', 'turned', ['grouped', 'order']),
      node('Reshape', 'shuffled', ['turned', 'shape']),
      node('Mean', 'answer', ['shuffled', 'places']),
    ],
    weights: {
      w: floats([3, 3, 3, 4]),
      axis: wholeOne(3),
      zero: whole(0),
      one: whole(1),
      side: wholeOne(SIDE),
      groups: wholeOne(2),
      each: wholeOne(2),
      order: whole(0, 1, 2, 4, 3),
      places: whole(1, 2),
    },
    answer: 'answer',
  },
  'squeeze and excite': {
    nodes: [
      node('Conv2D', 'conv', ['pixels', 'w'], sliding(2, 'SAME')),
      node('Mean', 'mean', ['conv', 'places'], { keep_dims: flag(true) }),
      node('Conv2D', 'reduce', ['mean', 'v'], sliding(1, 'SAME')),
      node('Sigmoid', 'gate', ['reduce']),
      node('Mul', 'gated', ['gate', 'conv']),
      node('AddN', 'sum', ['gated', 'conv', 'gated']),
      node('Sum', 'answer', ['sum', 'places']),
    ],
    weights: { w: floats([3, 3, 3, 4]), v: floats([1, 1, 4, 4]), places: whole(1, 2) },
    answer: 'answer',
  },
  resizes: {
    ...chain(
      ['ResizeBilinear', ['large'], { half_pixel_centers: flag(true), align_corners: flag(false) }],
      ['ResizeNearestNeighbor', ['small'], { half_pixel_centers: flag(false), align_corners: flag(false) }],
      ['ResizeBilinear', ['large'], { half_pixel_centers: flag(false), align_corners: flag(true) }],
      ['ResizeNearestNeighbor', ['small'], { half_pixel_centers: flag(true), align_corners: flag(false) }],
    ),
    weights: { large: whole(10, 9), small: whole(5, 4) },
  },
  'turned axes and other reductions': {
    ...chain(
      ['Conv2D', ['w'], sliding(1, 'SAME')],
      ['Transpose', ['order']],
      ['Max', ['last']],
      ['ExpandDims', ['end']],
      ['Tile', ['times']],
      ['Min', ['end'], { keep_dims: flag(true) }],
    ),
    weights: {
      w: floats([3, 3, 3, 4]),
      order: whole(0, 3, 2, 1),
      last: whole(-1),
      end: wholeOne(-1),
      times: whole(1, 1, 1, 2),
    },
  },
  'a mean over rows alone': {
    ...chain(['Conv2D', ['w'], sliding(1, 'SAME')], ['Mean', ['rows']]),
    weights: { w: floats([3, 3, 3, 4]), rows: whole(1) },
  },
  'tokens and attention': {
    nodes: [
      node('Conv2D', 'patches', ['pixels', 'w'], sliding(3, 'VALID')),
      node('Reshape', 'tokens', ['patches', 'sides']),
      node('BatchMatMulV2', 'scores', ['tokens', 'tokens'], { adj_y: flag(true) }),
      node('Softmax', 'attention', ['scores']),
      node('BatchMatMulV2', 'values', ['attention', 'tokens']),
      node('Mean', 'mean', ['values', 'last'], { keep_dims: flag(true) }),
      node('SquaredDifference', 'squares', ['values', 'mean']),
      node('Mean', 'variance', ['squares', 'last'], { keep_dims: flag(true) }),
      node('Sub', 'centred', ['values', 'mean']),
      node('AddV2', 'above', ['variance', 'epsilon']),
      node('Rsqrt', 'inverse', ['above']),
      node('Mul', 'answer', ['centred', 'inverse']),
    ],
    weights: { w: floats([3, 3, 3, 4]), sides: whole(-1, 4, 4), last: whole(-1), epsilon: one(0.1) },
    answer: 'answer',
  },
};

function filesOf({ nodes, weights = {}, answer = '' }: Graph): TfjsFiles {
  return graphFiles(SIDE, nodes, weights, answer, 1);
}

describe('one translation an operator', () => {
  it.each(Object.entries(cases))('translates %s', async (_, graph) => {
    const { distance, unknown } = await graphDistance(write, filesOf(graph), SIDE);
    expect(unknown).toEqual([]);
    expect(distance).toBeLessThan(1e-5);
  });
});

it('turns the picture’s axes once, where it goes in', async () => {
  const graph = cases['fused convolutions'] as Graph;
  const { model } = translatedTo(await readFiles(write, filesOf(graph)), SIDE, 5);
  const turns = model.graph.node.map(({ opType }) => opType).filter((operator) => operator === 'Transpose');
  // Once at the picture, and once where the mean over places has sides of 1 left.
  expect(turns).toHaveLength(2);
});

it('takes pictures with channels first as the model does', async () => {
  const graph = {
    ...chain(['Transpose', ['order']], ['AvgPool', [], { ...sliding(7, 'VALID'), ksize: numbers(1, 7, 7, 1) }]),
    weights: { order: whole(0, 2, 3, 1) },
  };
  const read = await readFiles(write, filesOf(graph));
  const { model, answer, unknown } = translateTfjs(read, {
    input: { name: 'pixels', width: SIDE, height: SIDE, layout: 'NCHW', batch: 1 },
    output: { name: 'answer', classes: 3 },
  });
  expect(unknown).toEqual([]);
  const session = await InferenceSession.create(encodeModel(model), { logSeverityLevel: 4 });
  const planes = Float32Array.from({ length: 3 * SIDE * SIDE }, (_, i) => Math.floor(i / (SIDE * SIDE)));
  const found = await session.run({ pixels: new Tensor('float32', planes, [1, 3, SIDE, SIDE]) });
  await session.release();
  expect([...(found[answer]?.data as Float32Array)]).toEqual([0, 1, 2]);
});

it('says what it can’t translate, and why', async () => {
  const graph = {
    ...chain(
      ['Conv2D', ['w'], sliding(1, 'SAME')],
      ['SpaceToBatchND', ['block', 'edges']],
      ['MirrorPad', ['edges'], { mode: text('SYMMETRIC') }],
    ),
    weights: { w: floats([3, 3, 3, 4]), block: whole(2, 2), edges: { shape: [4, 2], values: new Int32Array(8) } },
  };
  const { unknown } = translatedTo(await readFiles(write, filesOf(graph)), SIDE, 1);
  expect(unknown).toEqual([
    {
      name: 'block/SpaceToBatchND_1',
      operator: 'SpaceToBatchND',
      reason: 'operators of this kind are not known to the audit',
    },
  ]);
  const mirrored = {
    ...chain(['MirrorPad', ['edges'], { mode: text('SYMMETRIC') }]),
    weights: { edges: { shape: [4, 2], values: new Int32Array(8) } },
  };
  expect(translatedTo(await readFiles(write, filesOf(mirrored)), SIDE, 1).unknown[0]?.reason).toBe(
    'it mirrors the edge itself (SYMMETRIC)',
  );
});
