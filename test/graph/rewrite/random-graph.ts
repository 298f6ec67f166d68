// Random small classifiers for properties of rewritings: branches that are added or joined, strides 1 to 3, kernels 1 to
// 7, asymmetric pads, dilations, odd sides, pools of both kinds. All weights are seeded by the description.
import fc from 'fast-check';
import { model, node, tensor, value } from '../../../src/graph/build.js';
import { TensorProto_DataType as DataType } from '../../../src/graph/onnx_pb.js';
import type { NodeProto, TensorProto } from '../../../src/graph/onnx_pb.js';
import type { OnnxModel } from '../../../src/graph/read.js';
import { randomFor } from '../../../src/core/random.js';

/** A window as asked for; kernels that a map is too small for become smaller. */
type WindowAsked = {
  readonly operator: 'Conv' | 'MaxPool' | 'AveragePool';
  readonly kernel: readonly [number, number];
  readonly dilation: number;
  /** Share of the padding that lies before, and padding beyond what the places need, elements. */
  readonly lean: number;
  readonly more: number;
  readonly valid: boolean;
  readonly grouped: boolean;
  readonly counted: boolean;
  readonly ceil: boolean;
};

export type Block = {
  readonly kind: 'plain' | 'residual' | 'concat';
  readonly stride: number;
  readonly main: WindowAsked;
  readonly beside: WindowAsked;
  readonly activation: 'Relu' | 'Clip' | 'Sigmoid' | 'none';
  readonly normalised: boolean;
};

export type NetworkSpec = {
  readonly opset: number;
  readonly side: readonly [number, number];
  readonly channels: number;
  readonly blocks: readonly Block[];
  readonly head: 'GlobalAveragePool' | 'ReduceMean' | 'AveragePool';
  readonly softmax: boolean;
  /** Batch fixed at 1 in the file, with a reshape that notes it down. */
  readonly fixedBatch: boolean;
  readonly seed: number;
};

export type RandomOptions = {
  /**
   * Sides that all strides divide, and windows that give one place for each stride: what shifts can be told exactly on a
   * torus needs both.
   */
  readonly circular?: boolean;
};

const kernel = fc.integer({ min: 1, max: 7 });

function asked(circular: boolean): fc.Arbitrary<WindowAsked> {
  return fc.record({
    operator: fc.constantFrom('Conv' as const, 'Conv' as const, 'MaxPool' as const, 'AveragePool' as const),
    kernel: fc.tuple(kernel, kernel),
    dilation: fc.constantFrom(1, 1, 2),
    lean: fc.double({ min: 0, max: 1, noNaN: true }),
    more: circular ? fc.constant(0) : fc.integer({ min: 0, max: 2 }),
    valid: circular ? fc.constant(false) : fc.boolean(),
    grouped: fc.boolean(),
    counted: fc.boolean(),
    ceil: circular ? fc.constant(false) : fc.boolean(),
  });
}

/** Descriptions of random networks. */
export function networkSpec({ circular = false }: RandomOptions = {}): fc.Arbitrary<NetworkSpec> {
  const block = fc.record({
    kind: fc.constantFrom('plain' as const, 'residual' as const, 'concat' as const),
    stride: fc.constantFrom(1, 2, 2, 3),
    main: asked(circular),
    beside: asked(circular),
    activation: fc.constantFrom('Relu' as const, 'Clip' as const, 'Sigmoid' as const, 'none' as const),
    normalised: fc.boolean(),
  });
  const side = circular ? fc.constantFrom(12, 24) : fc.integer({ min: 9, max: 26 });
  return fc.record({
    opset: fc.integer({ min: 11, max: 21 }),
    side: fc.tuple(side, side),
    channels: fc.constantFrom(2, 4),
    blocks: fc.array(block, { minLength: 1, maxLength: 5 }),
    head: fc.constantFrom('GlobalAveragePool' as const, 'ReduceMean' as const, 'AveragePool' as const),
    softmax: fc.boolean(),
    fixedBatch: fc.boolean(),
    seed: fc.integer({ min: 0, max: 2 ** 30 }),
  });
}

type Map = { readonly name: string; readonly side: readonly [number, number]; readonly channels: number };

type Sized = {
  readonly k: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
  readonly enough: number;
  readonly ceil: boolean;
  readonly places: number;
};

const big = (values: readonly number[]): bigint[] => values.map(BigInt);

/** Largest stride up to `stride` that leaves two places a side, and on a torus divides the sides. */
function possibleStride(stride: number, side: readonly [number, number], circular: boolean): number {
  for (let by = stride; by > 1; by--) {
    if (side.every((n) => Math.ceil(n / by) >= 2 && (!circular || n % by === 0))) return by;
  }
  return 1;
}

/** The network of a description: input "pixels" [N, 3, H, W], output "answer" [N, 5]. */
export function randomNetwork(spec: NetworkSpec, { circular = false }: RandomOptions = {}): OnnxModel {
  const random = randomFor(spec.seed, 'random graph');
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  const weights = (name: string, dims: readonly number[], scale: number, around = 0): string => {
    const count = dims.reduce((all, side) => all * side, 1);
    const data = Float32Array.from({ length: count }, () => around + scale * (random.uniform() - 0.5));
    initializers.push(tensor(name, dims, data));
    return name;
  };
  const wholes = (name: string, values: readonly number[]): string => {
    initializers.push(tensor(name, [values.length], BigInt64Array.from(big(values))));
    return name;
  };

  /** A window that gives `same` places (⌈n / stride⌉), or as many as fit where it is valid and nothing else counts. */
  const window = (from: Map, name: string, want: WindowAsked, by: number, fit: boolean, channels: number): Map => {
    const { operator, lean, more } = want;
    const axes = from.side.map((n, i) => {
      // Engines take no pool with pads of its kernel's size: on a torus a dilated one would lose places.
      const undilated = operator === 'AveragePool' || (circular && operator === 'MaxPool');
      const dilation = undilated ? 1 : want.dilation;
      let k = want.kernel[i] ?? 1;
      while (k > 1 && (k - 1) * dilation + 1 > n) k--;
      const span = (k - 1) * dilation + 1;
      const valid = want.valid && !fit && Math.floor((n - span) / by) + 1 >= 2;
      const needed = Math.max(0, (Math.ceil(n / by) - 1) * by + span - n);
      // Up to stride − 1 more elements of padding give no further place; pools pad less than their kernel.
      const total = valid ? 0 : needed + Math.min(more, by - 1);
      const most = operator === 'Conv' ? total : k - 1;
      const before = Math.min(most, Math.round(lean * total));
      const after = Math.min(most, total - before);
      const enough = (n + before + after - span) / by;
      const ceil = want.ceil && operator !== 'Conv' && !fit && (operator === 'MaxPool' || !want.counted);
      // Of a window that would begin behind the map, engines and standard say different things.
      const beyond = Math.ceil(enough) * by >= n + before;
      return { k, dilation, before, after, enough, ceil: ceil && !beyond };
    });
    const up = axes.every(({ ceil }) => ceil);
    const [y, x] = axes.map((axis) => ({ ...axis, places: (up ? Math.ceil : Math.floor)(axis.enough) + 1 })) as [
      Sized,
      Sized,
    ];
    // One place a side would be no map any more.
    if (y.places < 2 || x.places < 2) {
      const small = { ...want, kernel: [1, 1] as const, dilation: 1, more: 0, valid: false, ceil: false };
      return window(from, name, small, by, fit, channels);
    }
    const attributes = {
      kernel_shape: big([y.k, x.k]),
      strides: big([by, by]),
      pads: big([y.before, x.before, y.after, x.after]),
    };
    if (operator === 'Conv') {
      const group = want.grouped && channels % from.channels === 0 ? from.channels : 1;
      const inside = from.channels / group;
      const dims = [channels, inside, y.k, x.k];
      const inputs = [from.name, weights(`${name}.weight`, dims, 3 / Math.sqrt(inside * y.k * x.k))];
      const dilations = big([y.dilation, x.dilation]);
      inputs.push(weights(`${name}.bias`, [channels], 0.5));
      nodes.push(node('Conv', inputs, [name], { ...attributes, dilations, group: BigInt(group) }));
    } else {
      const own =
        operator === 'MaxPool'
          ? { dilations: big([y.dilation, x.dilation]) }
          : { count_include_pad: want.counted ? 1n : 0n };
      nodes.push(node(operator, [from.name], [name], { ...attributes, ...own, ceil_mode: up ? 1n : 0n }));
    }
    return { name, side: [y.places, x.places], channels: operator === 'Conv' ? channels : from.channels };
  };

  const activated = (from: Map, block: Block): Map => {
    let { name } = from;
    if (block.normalised) {
      const parts = [
        weights(`${name}.scale`, [from.channels], 0.5, 1),
        weights(`${name}.shift`, [from.channels], 0.5),
        weights(`${name}.mean`, [from.channels], 0.2),
        weights(`${name}.variance`, [from.channels], 0.5, 1),
      ];
      nodes.push(node('BatchNormalization', [name, ...parts], [`${name}/normal`]));
      name = `${name}/normal`;
    }
    if (block.activation === 'none') return { ...from, name };
    const bounds = block.activation === 'Clip' ? ['lowest', 'highest'] : [];
    nodes.push(node(block.activation, [name, ...bounds], [`${name}/active`]));
    return { ...from, name: `${name}/active` };
  };

  initializers.push(tensor('lowest', [], Float32Array.of(-0.5)), tensor('highest', [], Float32Array.of(1)));
  let at: Map = { name: 'pixels', side: spec.side, channels: 3 };
  at = window(
    at,
    'stem',
    { ...(spec.blocks[0] as Block).main, operator: 'Conv', grouped: false },
    1,
    true,
    spec.channels,
  );
  for (const [i, block] of spec.blocks.entries()) {
    const by = possibleStride(block.stride, at.side, circular);
    const name = `block${i}`;
    const { channels } = at;
    if (block.kind === 'plain') {
      at = activated(window(at, `${name}/main`, block.main, by, circular, channels), block);
      continue;
    }
    const main = activated(window(at, `${name}/main`, block.main, by, true, channels), block);
    const beside =
      by === 1 && block.kind === 'residual' ? at : window(at, `${name}/beside`, block.beside, by, true, channels);
    const operator = block.kind === 'residual' ? 'Add' : 'Concat';
    const more = operator === 'Concat' ? { axis: 1n } : {};
    const same = main.side.join() === beside.side.join();
    if (!same) at = main;
    else {
      nodes.push(node(operator, [main.name, beside.name], [`${name}/joined`], more));
      at = {
        ...main,
        name: `${name}/joined`,
        channels: operator === 'Add' ? channels : main.channels + beside.channels,
      };
    }
    if (at.channels > 2 * spec.channels) {
      const small = { ...block.main, operator: 'Conv' as const, kernel: [1, 1] as const, grouped: false, valid: false };
      at = window(at, `${name}/narrow`, { ...small, dilation: 1, more: 0 }, 1, true, spec.channels);
    }
  }
  if (spec.head === 'GlobalAveragePool') nodes.push(node('GlobalAveragePool', [at.name], ['pooled']));
  else if (spec.head === 'AveragePool') {
    nodes.push(node('AveragePool', [at.name], ['pooled'], { kernel_shape: big(at.side), strides: big(at.side) }));
  } else {
    const axes = spec.opset < 18 ? { axes: [2n, 3n] } : {};
    const input = spec.opset < 18 ? [at.name] : [at.name, wholes('rows and columns', [2, 3])];
    nodes.push(node('ReduceMean', input, ['pooled'], { ...axes, keepdims: 1n }));
  }
  nodes.push(
    spec.fixedBatch
      ? node('Reshape', ['pooled', wholes('flat sides', [1, -1])], ['features'])
      : node('Flatten', ['pooled'], ['features']),
  );
  const linear = ['features', weights('head.weight', [5, at.channels], 4), weights('head.bias', [5], 1)];
  nodes.push(node('Gemm', linear, [spec.softmax ? 'logits' : 'answer'], { transB: 1n }));
  if (spec.softmax) nodes.push(node('Softmax', ['logits'], ['answer'], { axis: 1n }));
  const batch = spec.fixedBatch ? 1 : 'N';
  return model({
    inputs: [value('pixels', DataType.FLOAT, [batch, 3, ...spec.side])],
    outputs: [value('answer', DataType.FLOAT, [batch, 5])],
    nodes,
    initializers,
    opset: spec.opset,
  }) as OnnxModel;
}
