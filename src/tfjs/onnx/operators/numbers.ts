// TensorFlow's operators on numbers: arithmetic, activations, normalisation, reductions and matrix products.
import { InputError } from '../../../core/errors.js';
import { INT64 } from '../../../graph/audit/element-types.js';
import {
  activated,
  batchNormalised,
  clipped,
  dense,
  mapped,
  reduced,
  shapeOf,
  softmaxed,
  together,
} from '../elementwise.js';
import type { Translation } from '../operation.js';
import { fusedActivation } from './windows.js';

/** Operators of one tensor that ONNX has too. */
const UNARY: Readonly<Record<string, string>> = {
  Abs: 'Abs',
  Ceil: 'Ceil',
  Cos: 'Cos',
  Erf: 'Erf',
  Exp: 'Exp',
  Floor: 'Floor',
  Log: 'Log',
  LogicalNot: 'Not',
  Neg: 'Neg',
  Reciprocal: 'Reciprocal',
  Round: 'Round',
  Sign: 'Sign',
  Sin: 'Sin',
  Sqrt: 'Sqrt',
};

/** Activations that are nodes. */
const ACTIVATIONS = ['Elu', 'Relu', 'Relu6', 'Selu', 'Sigmoid', 'Softplus', 'Softsign', 'Tanh'];

/** Operators of two tensors that ONNX has too. */
const BINARY: Readonly<Record<string, string>> = {
  Add: 'Add',
  AddV2: 'Add',
  BiasAdd: 'Add',
  Div: 'Div',
  Equal: 'Equal',
  Greater: 'Greater',
  GreaterEqual: 'GreaterOrEqual',
  Less: 'Less',
  LessEqual: 'LessOrEqual',
  LogicalAnd: 'And',
  LogicalOr: 'Or',
  Maximum: 'Max',
  Minimum: 'Min',
  Mul: 'Mul',
  Pow: 'Pow',
  RealDiv: 'Div',
  Sub: 'Sub',
};

const REDUCTIONS: Readonly<Record<string, string>> = {
  Max: 'ReduceMax',
  Mean: 'ReduceMean',
  Min: 'ReduceMin',
  Prod: 'ReduceProd',
  Sum: 'ReduceSum',
};

function each(
  names: Readonly<Record<string, string>>,
  translation: (type: string) => Translation,
): Record<string, Translation> {
  return Object.fromEntries(Object.entries(names).map(([name, type]) => [name, translation(type)]));
}

const floorDiv: Translation = (write, { inputs, input }) => {
  const quotient = together(write, 'Div', inputs.slice(0, 2));
  // Whole numbers in graphs are sides, which aren't negative: the quotient is the floor already.
  return write.type(input(0)) === INT64 ? quotient : mapped(write, 'Floor', quotient);
};

const squaredDifference: Translation = (write, { inputs }) => {
  const difference = together(write, 'Sub', inputs.slice(0, 2));
  return together(write, 'Mul', [difference, difference]);
};

const clipByValue: Translation = (write, operation) => {
  const [least = 0] = operation.known(1, 'bounds');
  const [most = 0] = operation.known(2, 'bounds');
  return clipped(write, operation.input(0), least, most);
};

const fusedBatchNorm: Translation = (write, operation) => {
  if (operation.text('data_format', 'NHWC') !== 'NHWC') throw new InputError('its channels come first (NCHW)');
  if (operation.flag('is_training')) throw new InputError('it takes its statistics from the batch');
  const [x, scale, offset, mean, variance] = [0, 1, 2, 3, 4].map(operation.input);
  if (!x || !scale || !offset || !mean || !variance) throw new InputError('it misses a tensor');
  return batchNormalised(write, x, [scale, offset, mean, variance], operation.number('epsilon', 1e-3));
};

const matMul: Translation = (write, operation) => {
  const fused = operation.texts('fused_ops');
  const biased = fused[0] === 'BiasAdd';
  const product = dense(write, operation.input(0), operation.input(1), biased ? operation.input(2) : null, {
    transposeX: operation.flag('transpose_a') || operation.flag('adj_x'),
    transposeKernel: operation.flag('transpose_b') || operation.flag('adj_y'),
  });
  return fusedActivation(write, operation, product, fused[biased ? 1 : 0], operation.inputs[biased ? 3 : 2]);
};

const argument =
  (type: 'ArgMax' | 'ArgMin'): Translation =>
  (write, operation) => {
    const x = operation.input(0);
    const [axis = 0] = operation.known(1, 'axis');
    const positive = axis < 0 ? axis + shapeOf(write, x).length : axis;
    return {
      name: write.node(type, [write.plain(x)], { axis: BigInt(positive), keepdims: 0n }),
      order: 'tensorflow',
    };
  };

export const numbers: Readonly<Record<string, Translation>> = {
  ...each(
    UNARY,
    (type) =>
      (write, { input }) =>
        mapped(write, type, input(0)),
  ),
  ...each(
    BINARY,
    (type) =>
      (write, { inputs }) =>
        together(write, type, inputs.slice(0, 2)),
  ),
  ...each(
    REDUCTIONS,
    (type) => (write, operation) =>
      reduced(write, type, operation.input(0), operation.known(1, 'axes'), operation.flag('keep_dims')),
  ),
  ...Object.fromEntries(
    ACTIVATIONS.map((name): [string, Translation] => [name, (write, { input }) => activated(write, input(0), name)]),
  ),
  AddN: (write, { inputs }) => together(write, 'Sum', inputs),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  BatchMatMul: matMul,
  BatchMatMulV2: matMul,
  ClipByValue: clipByValue,
  FloorDiv: floorDiv,
  FusedBatchNorm: fusedBatchNorm,
  FusedBatchNormV2: fusedBatchNorm,
  FusedBatchNormV3: fusedBatchNorm,
  LeakyRelu: (write, operation) =>
    mapped(write, 'LeakyRelu', operation.input(0), { alpha: operation.number('alpha', 0.2) }),
  LogSoftmax: (write, { input }) => softmaxed(write, 'LogSoftmax', input(0)),
  MatMul: matMul,
  Prelu: (write, { inputs }) => together(write, 'PRelu', inputs.slice(0, 2)),
  Rsqrt: (write, { input }) => mapped(write, 'Reciprocal', mapped(write, 'Sqrt', input(0))),
  Select: (write, { inputs }) => together(write, 'Where', inputs.slice(0, 3)),
  SelectV2: (write, { inputs }) => together(write, 'Where', inputs.slice(0, 3)),
  Softmax: (write, { input }) => softmaxed(write, 'Softmax', input(0)),
  Square: (write, { input }) => together(write, 'Mul', [input(0), input(0)]),
  SquaredDifference: squaredDifference,
  _FusedMatMul: matMul,
};
