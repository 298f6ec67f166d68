// Published classifiers as graphs without weights: initializers have their sides and no data. For the audit's tests.
import { create } from '@bufbuild/protobuf';
import { model, node, tensor, value } from '../../src/graph/build.js';
import type { Dimension } from '../../src/graph/build.js';
import { TensorProtoSchema, TensorProto_DataType as DataType } from '../../src/graph/onnx_pb.js';
import type { NodeProto, TensorProto } from '../../src/graph/onnx_pb.js';
import type { OnnxModel } from '../../src/graph/read.js';

type Attributes = NonNullable<Parameters<typeof node>[3]>;

/** Sides of a convolution; `pad` is the same on every edge, or [top, left, bottom, right]. */
export type ConvSides = {
  readonly kernel: number | readonly [number, number];
  readonly stride?: number;
  readonly pad?: number | readonly number[];
  readonly group?: number;
  readonly bias?: boolean;
};

const big = (values: readonly number[]): bigint[] => values.map(BigInt);

/** Collects nodes and weights; every method gives the name of the tensor that it makes. */
export function network(shape: readonly Dimension[]) {
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  const weight = (name: string, dims: readonly number[]): string => {
    initializers.push(create(TensorProtoSchema, { name, dims: big(dims), dataType: DataType.FLOAT }));
    return name;
  };
  const whole = (name: string, values: readonly number[]): string => {
    initializers.push(tensor(name, [values.length], BigInt64Array.from(big(values))));
    return name;
  };
  const floats = (name: string, values: readonly number[]): string => {
    initializers.push(tensor(name, [values.length], Float32Array.from(values)));
    return name;
  };
  const add = (op: string, inputs: readonly string[], output: string, attributes: Attributes = {}): string => {
    nodes.push(node(op, inputs, [output], attributes));
    return output;
  };
  const pads = (pad: number | readonly number[]): bigint[] => big(typeof pad === 'number' ? [pad, pad, pad, pad] : pad);
  return {
    nodes,
    add,
    weight,
    whole,
    floats,
    conv(input: string, name: string, [from, to]: readonly [number, number], sides: ConvSides): string {
      const { kernel, stride = 1, pad = 0, group = 1, bias = false } = sides;
      const [height, width] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
      const weights = [weight(`${name}.weight`, [to, from / group, height, width])];
      if (bias) weights.push(weight(`${name}.bias`, [to]));
      const attributes = { strides: big([stride, stride]), pads: pads(pad), group: BigInt(group) };
      return add('Conv', [input, ...weights], name, attributes);
    },
    batchNorm(input: string, name: string, channels: number): string {
      const parts = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
        weight(`${name}.${part}`, [channels]),
      );
      return add('BatchNormalization', [input, ...parts], name);
    },
    pool(op: 'MaxPool' | 'AveragePool', input: string, name: string, kernel: number, stride: number, pad = 0): string {
      return add(op, [input], name, {
        kernel_shape: big([kernel, kernel]),
        strides: big([stride, stride]),
        pads: pads(pad),
      });
    },
    linear(input: string, name: string, from: number, to: number): string {
      const weights = [weight(`${name}.weight`, [to, from]), weight(`${name}.bias`, [to])];
      return add('Gemm', [input, ...weights], name, { transB: 1n });
    },
    finish(output: string, opset = 17): OnnxModel {
      const whole = model({
        inputs: [value('pixels', DataType.FLOAT, shape)],
        outputs: [value(output, DataType.FLOAT, null)],
        nodes,
        initializers,
        opset,
      });
      return whole as OnnxModel;
    },
  };
}

export type Builder = ReturnType<typeof network>;

/** VGG-16, configuration D (Simonyan & Zisserman, ICLR 2015), convolutions named as there (conv1_1 … conv5_3). */
export function vgg16(): OnnxModel {
  const net = network(['N', 3, 224, 224]);
  let [at, from] = ['pixels', 3];
  for (const [stage, [channels, count]] of [
    [64, 2],
    [128, 2],
    [256, 3],
    [512, 3],
    [512, 3],
  ].entries() as Iterable<[number, [number, number]]>) {
    for (let i = 1; i <= count; i++, from = channels) {
      const name = `conv${stage + 1}_${i}`;
      at = net.add('Relu', [net.conv(at, name, [from, channels], { kernel: 3, pad: 1, bias: true })], `${name}/relu`);
    }
    at = net.pool('MaxPool', at, `pool${stage + 1}`, 2, 2);
  }
  at = net.add('Flatten', [at], 'flat');
  at = net.add('Relu', [net.linear(at, 'fc6', 25088, 4096)], 'fc6/relu');
  at = net.add('Relu', [net.linear(at, 'fc7', 4096, 4096)], 'fc7/relu');
  return net.finish(net.linear(at, 'fc8', 4096, 1000));
}

/**
 * ResNet-50 (He et al., CVPR 2016).
 *
 * @param strideIn "1x1": the stride of a stage is in its first 1×1 convolution, as in the paper; "3x3": in the 3×3 one
 */
export function resnet50(strideIn: '1x1' | '3x3'): OnnxModel {
  const net = network(['N', 3, 224, 224]);
  const convNorm = (input: string, name: string, channels: readonly [number, number], sides: ConvSides): string =>
    net.batchNorm(net.conv(input, name, channels, sides), `${name}/bn`, channels[1]);
  let at = net.add('Relu', [convNorm('pixels', 'conv1', [3, 64], { kernel: 7, stride: 2, pad: 3 })], 'relu1');
  at = net.pool('MaxPool', at, 'pool1', 3, 2, 1);
  let from = 64;
  for (const [stage, count] of [3, 4, 6, 3].entries()) {
    const width = 64 * 2 ** stage;
    for (let i = 0; i < count; i++) {
      const scope = `layer${stage + 1}.${i}`;
      const stride = i === 0 && stage > 0 ? 2 : 1;
      const [first, second] = strideIn === '1x1' ? [stride, 1] : [1, stride];
      let branch = net.add(
        'Relu',
        [convNorm(at, `${scope}/conv1`, [from, width], { kernel: 1, stride: first })],
        `${scope}/relu1`,
      );
      branch = convNorm(branch, `${scope}/conv2`, [width, width], { kernel: 3, stride: second, pad: 1 });
      branch = net.add('Relu', [branch], `${scope}/relu2`);
      branch = convNorm(branch, `${scope}/conv3`, [width, 4 * width], { kernel: 1 });
      const skip = i === 0 ? convNorm(at, `${scope}/downsample`, [from, 4 * width], { kernel: 1, stride }) : at;
      at = net.add('Relu', [net.add('Add', [branch, skip], `${scope}/add`)], `${scope}/relu`);
      from = 4 * width;
    }
  }
  at = net.add('Flatten', [net.add('GlobalAveragePool', [at], 'pool')], 'flat');
  return net.finish(net.linear(at, 'fc', 2048, 1000));
}

/** MobileNetV2, width 1 (Sandler et al., CVPR 2018, table 2). */
export function mobilenetV2(): OnnxModel {
  const net = network(['N', 3, 224, 224]);
  const unit = (
    input: string,
    name: string,
    channels: readonly [number, number],
    sides: ConvSides,
    active = true,
  ): string => {
    const normal = net.batchNorm(net.conv(input, name, channels, sides), `${name}/bn`, channels[1]);
    return active ? net.add('Clip', [normal], `${name}/relu6`) : normal;
  };
  let at = unit('pixels', 'stem', [3, 32], { kernel: 3, stride: 2, pad: 1 });
  let from = 32;
  let index = 0;
  for (const [expansion, channels, count, firstStride] of [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ] as const) {
    for (let i = 0; i < count; i++, index++) {
      const stride = i === 0 ? firstStride : 1;
      const [scope, wide] = [`block${index}`, from * expansion];
      let branch = expansion === 1 ? at : unit(at, `${scope}/expand`, [from, wide], { kernel: 1 });
      branch = unit(branch, `${scope}/depthwise`, [wide, wide], { kernel: 3, stride, pad: 1, group: wide });
      branch = unit(branch, `${scope}/project`, [wide, channels], { kernel: 1 }, false);
      at = stride === 1 && from === channels ? net.add('Add', [branch, at], `${scope}/add`) : branch;
      from = channels;
    }
  }
  at = unit(at, 'head', [320, 1280], { kernel: 1 });
  at = net.add('Flatten', [net.add('GlobalAveragePool', [at], 'pool')], 'flat');
  return net.finish(net.linear(at, 'classifier', 1280, 1000));
}

/** Inception-v3 without its auxiliary head (Szegedy et al., CVPR 2016; sides as in TF-Slim's inception_v3). */
export function inceptionV3(): OnnxModel {
  const net = network(['N', 3, 299, 299]);
  type Kernel = number | readonly [number, number];
  const unit = (
    input: string,
    name: string,
    from: number,
    to: number,
    kernel: Kernel,
    stride = 1,
    same = true,
  ): string => {
    const [h, w] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
    const pad = same ? [(h - 1) / 2, (w - 1) / 2, (h - 1) / 2, (w - 1) / 2] : 0;
    const made = net.conv(input, name, [from, to], { kernel, stride, pad });
    return net.add('Relu', [net.batchNorm(made, `${name}/bn`, to)], `${name}/relu`);
  };
  const chain = (
    input: string,
    scope: string,
    from: number,
    ...steps: readonly (readonly [number, Kernel])[]
  ): string => {
    let [at, channels] = [input, from];
    for (const [i, [to, kernel]] of steps.entries()) {
      at = unit(at, `${scope}_${i}`, channels, to, kernel);
      channels = to;
    }
    return at;
  };
  const join = (scope: string, ...branches: readonly string[]): string =>
    net.add('Concat', branches, `${scope}/concat`, { axis: 1n });
  const pooled = (input: string, scope: string, from: number, to: number): string =>
    unit(net.pool('AveragePool', input, `${scope}/pool`, 3, 1, 1), `${scope}/pool_1x1`, from, to, 1);

  let at = unit('pixels', 'Conv2d_1a_3x3', 3, 32, 3, 2, false);
  at = unit(at, 'Conv2d_2a_3x3', 32, 32, 3, 1, false);
  at = unit(at, 'Conv2d_2b_3x3', 32, 64, 3);
  at = net.pool('MaxPool', at, 'MaxPool_3a_3x3', 3, 2);
  at = unit(at, 'Conv2d_3b_1x1', 64, 80, 1, 1, false);
  at = unit(at, 'Conv2d_4a_3x3', 80, 192, 3, 1, false);
  at = net.pool('MaxPool', at, 'MaxPool_5a_3x3', 3, 2);
  let from = 192;
  for (const [scope, poolChannels] of [
    ['Mixed_5b', 32],
    ['Mixed_5c', 64],
    ['Mixed_5d', 64],
  ] as const) {
    at = join(
      scope,
      chain(at, `${scope}/1x1`, from, [64, 1]),
      chain(at, `${scope}/5x5`, from, [48, 1], [64, 5]),
      chain(at, `${scope}/3x3`, from, [64, 1], [96, 3], [96, 3]),
      pooled(at, scope, from, poolChannels),
    );
    from = 224 + poolChannels;
  }
  const deep = chain(at, 'Mixed_6a/3x3', from, [64, 1], [96, 3]);
  at = join(
    'Mixed_6a',
    unit(at, 'Mixed_6a/reduce', from, 384, 3, 2, false),
    unit(deep, 'Mixed_6a/3x3_2', 96, 96, 3, 2, false),
    net.pool('MaxPool', at, 'Mixed_6a/pool', 3, 2),
  );
  from = 768;
  for (const [scope, c] of [
    ['Mixed_6b', 128],
    ['Mixed_6c', 160],
    ['Mixed_6d', 160],
    ['Mixed_6e', 192],
  ] as const) {
    at = join(
      scope,
      chain(at, `${scope}/1x1`, from, [192, 1]),
      chain(at, `${scope}/7x7`, from, [c, 1], [c, [1, 7]], [192, [7, 1]]),
      chain(at, `${scope}/7x7dbl`, from, [c, 1], [c, [7, 1]], [c, [1, 7]], [c, [7, 1]], [192, [1, 7]]),
      pooled(at, scope, from, 192),
    );
  }
  at = join(
    'Mixed_7a',
    unit(chain(at, 'Mixed_7a/3x3', from, [192, 1]), 'Mixed_7a/3x3_1', 192, 320, 3, 2, false),
    unit(
      chain(at, 'Mixed_7a/7x7', from, [192, 1], [192, [1, 7]], [192, [7, 1]]),
      'Mixed_7a/7x7_3',
      192,
      192,
      3,
      2,
      false,
    ),
    net.pool('MaxPool', at, 'Mixed_7a/pool', 3, 2),
  );
  from = 1280;
  for (const scope of ['Mixed_7b', 'Mixed_7c']) {
    const middle = chain(at, `${scope}/3x3`, from, [384, 1]);
    const last = chain(at, `${scope}/3x3dbl`, from, [448, 1], [384, 3]);
    at = join(
      scope,
      chain(at, `${scope}/1x1`, from, [320, 1]),
      unit(middle, `${scope}/3x3_1x3`, 384, 384, [1, 3]),
      unit(middle, `${scope}/3x3_3x1`, 384, 384, [3, 1]),
      unit(last, `${scope}/3x3dbl_1x3`, 384, 384, [1, 3]),
      unit(last, `${scope}/3x3dbl_3x1`, 384, 384, [3, 1]),
      pooled(at, scope, from, 192),
    );
    from = 2048;
  }
  at = net.add('Flatten', [net.add('GlobalAveragePool', [at], 'pool')], 'flat');
  return net.finish(net.linear(at, 'logits', 2048, 1000));
}

/** ViT-B/16 at 224 (Dosovitskiy et al., ICLR 2021): reshape to tokens, class token first, twelve pre-norm blocks. */
export function vitB16(): OnnxModel {
  const [width, heads, tokens] = [768, 12, 197];
  const net = network(['N', 3, 224, 224]);
  const norm = (input: string, name: string): string =>
    net.add(
      'LayerNormalization',
      [input, net.weight(`${name}.weight`, [width]), net.weight(`${name}.bias`, [width])],
      name,
    );
  const dense = (input: string, name: string, from: number, to: number): string => {
    const product = net.add('MatMul', [input, net.weight(`${name}.weight`, [from, to])], `${name}/product`);
    return net.add('Add', [product, net.weight(`${name}.bias`, [to])], name);
  };
  let at = net.conv('pixels', 'patches', [3, width], { kernel: 16, stride: 16, bias: true });
  at = net.add('Reshape', [at, net.whole('flat', [0, width, -1])], 'patches/flat');
  at = net.add('Transpose', [at], 'patches/tokens', { perm: big([0, 2, 1]) });
  const batch = net.add('Gather', [net.add('Shape', ['pixels'], 'shape'), net.whole('first', [0])], 'batch');
  const sides = net.add('Concat', [batch, net.whole('token.sides', [1, width])], 'class/sides', { axis: 0n });
  const classToken = net.add('Expand', [net.weight('class.token', [1, 1, width]), sides], 'class');
  at = net.add('Concat', [classToken, at], 'tokens', { axis: 1n });
  at = net.add('Add', [at, net.weight('positions', [1, tokens, width])], 'embedded');
  for (let i = 0; i < 12; i++) {
    const scope = `blocks.${i}`;
    const normal = norm(at, `${scope}/norm1`);
    const [q, k, v] = ['q', 'k', 'v'].map((part) => {
      const made = dense(normal, `${scope}/${part}`, width, width);
      const split = net.add(
        'Reshape',
        [made, net.whole(`${scope}/${part}.heads`, [0, 0, heads, width / heads])],
        `${scope}/${part}/split`,
      );
      const order = part === 'k' ? [0, 2, 3, 1] : [0, 2, 1, 3];
      return net.add('Transpose', [split], `${scope}/${part}/heads`, { perm: big(order) });
    }) as [string, string, string];
    const scores = net.add('Softmax', [net.add('MatMul', [q, k], `${scope}/scores`)], `${scope}/softmax`, {
      axis: -1n,
    });
    let mixedValues = net.add('MatMul', [scores, v], `${scope}/values`);
    mixedValues = net.add('Transpose', [mixedValues], `${scope}/joined`, { perm: big([0, 2, 1, 3]) });
    mixedValues = net.add('Reshape', [mixedValues, net.whole(`${scope}/wide`, [0, 0, width])], `${scope}/attention`);
    at = net.add('Add', [at, dense(mixedValues, `${scope}/projection`, width, width)], `${scope}/add1`);
    const hidden = net.add(
      'Gelu',
      [dense(norm(at, `${scope}/norm2`), `${scope}/mlp1`, width, 4 * width)],
      `${scope}/gelu`,
    );
    at = net.add('Add', [at, dense(hidden, `${scope}/mlp2`, 4 * width, width)], `${scope}/add2`);
  }
  const token = net.add('Gather', [norm(at, 'norm'), net.whole('zero', [0])], 'class/picked', { axis: 1n });
  return net.finish(
    net.linear(net.add('Squeeze', [token, net.whole('one', [1])], 'class/out'), 'head', width, 1000),
    20,
  );
}
