// Operators that work element by element, those that normalise, and quantisation: places stay where they are.
import { TensorProto_DataType as DataType } from '../../onnx_pb.js';
import { broadcast } from '../constants.js';
import { isSpatial, joinedByWhole } from '../geometry.js';
import type { Geometry } from '../geometry.js';
import { fromFront, geometryOf, shapeOf, single } from '../facts.js';
import type { NodeView, Outcomes, Rule } from '../facts.js';
import { merged } from '../merge.js';
import type { Branch } from '../merge.js';

/** The first input's shape and places. */
function unchanged(type?: number, input = 0): Rule {
  return (view) => {
    const shape = shapeOf(view, input);
    return shape && single(shape, geometryOf(view, input), type);
  };
}

const cast: Rule = (view) => {
  const shape = shapeOf(view, 0);
  return shape && single(shape, geometryOf(view, 0), view.attributes.int('to', 0));
};

/** Sums, products and comparisons with broadcasting. */
function together(inputs: 'all' | readonly number[], type?: number): Rule {
  return (view) => {
    const indices = inputs === 'all' ? view.inputs.map((_, i) => i) : inputs;
    const facts = indices.map((index) => view.inputs[index]).filter((found) => found != null);
    const shapes = facts.map(({ shape }) => shape).filter((shape) => shape !== null);
    const shape = shapes.length === facts.length ? broadcast(shapes) : null;
    if (!shape) return null;
    const branches = facts.filter(({ geometry }) => geometry !== null) as Branch[];
    const lost = facts.some(({ picture, geometry }) => picture && geometry === null);
    return single(shape, lost ? null : merged(branches, shape), type);
  };
}

/** Softmax and its kin: joined by the whole picture where they run over places. */
const overAxis: Rule = (view) => {
  const shape = shapeOf(view, 0);
  if (!shape) return null;
  const axis = fromFront(view.attributes.int('axis', view.opset < 13 ? 1 : -1), shape.length);
  const geometry = geometryOf(view, 0);
  const over = geometry?.axes[axis];
  return single(shape, geometry && over && isSpatial(over) ? joinedByWhole(geometry) : geometry);
};

/** Layer normalisation from `axis` on: over channels alone it works at each place by itself. */
const layerNormalisation: Rule = (view) => {
  const shape = shapeOf(view, 0);
  if (!shape) return null;
  const axis = fromFront(view.attributes.int('axis', -1), shape.length);
  const geometry = geometryOf(view, 0);
  const whole = geometry?.axes.slice(axis).some(isSpatial) ?? false;
  return single(shape, geometry && whole ? joinedByWhole(geometry) : geometry);
};

/** The sum of two branches, normalised (onnxruntime's fused operator): the sum is its fourth output. */
const skipNormalisation: Rule = (view) => {
  const sum = together([0, 1])(view)?.outputs[0] ?? null;
  return sum && { outputs: [sum, null, null, sum] };
};

/** Statistics over all places. */
const overPlaces: Rule = (view) => {
  const shape = shapeOf(view, 0);
  const geometry: Geometry | null = geometryOf(view, 0);
  return shape && single(shape, geometry && joinedByWhole(geometry));
};

/** The result of quantising has the type of its zero point. */
const quantised: Rule = (view): Outcomes | null => {
  const shape = shapeOf(view, 0);
  return shape && single(shape, geometryOf(view, 0), view.inputs[2]?.type || DataType.UINT8);
};

const dequantised: Rule = (view) => {
  const shape = shapeOf(view, 0);
  return shape && single(shape, geometryOf(view, 0), view.inputs[1]?.type || DataType.FLOAT);
};

const dynamicallyQuantised: Rule = (view: NodeView) => {
  const shape = shapeOf(view, 0);
  if (!shape) return null;
  const whole = { shape: [], geometry: null };
  return {
    outputs: [
      { shape, geometry: geometryOf(view, 0), type: DataType.UINT8 },
      { ...whole, type: DataType.FLOAT },
      { ...whole, type: DataType.UINT8 },
    ],
  };
};

const POINTWISE =
  'Abs Acos Acosh Asin Asinh Atan Atanh BatchNormalization BiasGelu Ceil Celu Clip Cos Cosh Dropout Elu Erf Exp FastGelu Floor Gelu HardSigmoid HardSwish Hardmax Identity LeakyRelu Log LRN Mish Neg QLinearLeakyRelu QLinearSigmoid QuickGelu Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu Not';
const BROADCASTING = 'Add BitShift Div Max Mean Min Mod Mul Pow PRelu Sub Sum';
const COMPARING = 'And Equal Greater GreaterOrEqual Less LessOrEqual Or Xor';

function each(names: string, rule: Rule): Record<string, Rule> {
  return Object.fromEntries(names.split(' ').map((name) => [name, rule]));
}

export const elementwise: Readonly<Record<string, Rule>> = {
  ...each(POINTWISE, unchanged()),
  ...each('IsInf IsNaN', unchanged(DataType.BOOL)),
  ...each(BROADCASTING, together('all')),
  ...each(COMPARING, together('all', DataType.BOOL)),
  ...each('QLinearAdd QLinearMul', together([0, 3])),
  ...each('Softmax LogSoftmax LpNormalization QLinearSoftmax', overAxis),
  ...each('LayerNormalization SimplifiedLayerNormalization RMSNormalization', layerNormalisation),
  ...each('InstanceNormalization GroupNormalization GroupNorm MeanVarianceNormalization', overPlaces),
  SkipLayerNormalization: skipNormalisation,
  Where: (view) => together('all', view.inputs[1]?.type)(view),
  Cast: cast,
  CastLike: (view) => unchanged(view.inputs[1]?.type)(view),
  QuantizeLinear: quantised,
  DequantizeLinear: dequantised,
  DynamicQuantizeLinear: dynamicallyQuantised,
};
