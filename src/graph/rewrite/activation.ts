// Where the normalisation and activation behind a layer end: the places at which blurs and adaptive sampling stand
// (Zhang 2019, section 3.2: behind the activation, in front of the subsampling).
import { product } from '../audit/constants.js';
import type { TensorFacts } from '../audit/facts.js';
import type { NodeProto } from '../onnx_pb.js';
import { takenBy } from './assemble.js';
import type { NormalGraph } from './normal.js';

/** Operators that work at each place by itself on what one layer gives. */
const POINTWISE = new Set([
  ...['Relu', 'LeakyRelu', 'PRelu', 'Clip', 'Elu', 'Selu', 'Celu', 'ThresholdedRelu', 'Shrink', 'Mish', 'Gelu'],
  ...['Sigmoid', 'HardSigmoid', 'HardSwish', 'Tanh', 'Softplus', 'Softsign', 'Erf', 'Exp', 'Abs', 'Neg', 'Sqrt'],
  ...['BatchNormalization', 'Identity', 'Cast', 'Dropout', 'Add', 'Sub', 'Mul', 'Div', 'Pow', 'Min', 'Max'],
]);

/** Whether a tensor that doesn't depend on the picture is the same at every place: a number, or one a channel. */
function sameEverywhere(facts: TensorFacts | undefined): boolean {
  if (facts?.picture !== false || facts.shape === null) return false;
  return facts.shape.length <= 2 ? product(facts.shape) === 1 : product(facts.shape.slice(-2)) === 1;
}

/** Whether a node works at each place by itself on tensors of a region, and on nothing else that has places. */
function isPointwise({ facts }: NormalGraph, node: NodeProto, region: ReadonlySet<string>): boolean {
  if (!POINTWISE.has(node.opType) || !region.has(node.input[0] ?? '')) {
    if (!['Mul', 'Add'].includes(node.opType) || !node.input.some((name) => region.has(name))) return false;
  }
  if (node.output.slice(1).some((name) => name !== '')) return false;
  const perChannel = node.opType === 'BatchNormalization' || node.opType === 'Clip';
  return node.input.every(
    (name) =>
      name === '' ||
      region.has(name) ||
      (perChannel && facts.get(name)?.picture === false) ||
      sameEverywhere(facts.get(name)),
  );
}

/**
 * The last tensor that normalisation and activation make of a layer's result, before anything else takes it. Operators
 * that come together again count too (x · sigmoid(x)).
 *
 * @param output the tensor that the layer gives
 * @returns that tensor itself where nothing of the kind follows, or not alone
 */
export function activationEnd(graph: NormalGraph, output: string): string {
  const { node: nodes, output: results } = graph.model.graph;
  const answers = new Set(results.map(({ name }) => name));
  const region = new Set([output]);
  const makers = new Map<string, NodeProto>();
  for (const node of nodes) {
    if (!isPointwise(graph, node, region)) continue;
    const [made = ''] = node.output;
    region.add(made);
    makers.set(made, node);
  }
  const takers = (tensor: string): NodeProto[] => nodes.filter((node) => takenBy(node).includes(tensor));
  /** Tensors that a tensor of the region is made of, itself included. */
  const behind = (tensor: string): Set<string> => {
    const found = new Set([tensor]);
    for (const name of found)
      for (const input of makers.get(name)?.input ?? []) if (region.has(input)) found.add(input);
    return found;
  };
  /** Whether everything that the tensor is made of goes nowhere else. */
  const closes = (tensor: string): boolean => {
    const own = behind(tensor);
    return [...own].every(
      (name) => name === tensor || (!answers.has(name) && takers(name).every((node) => own.has(node.output[0] ?? ''))),
    );
  };
  return [...region].toReversed().find(closes) ?? output;
}
