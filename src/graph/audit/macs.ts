// Multiply-accumulates and parameters of a node. Counted as in the papers: convolutions and matrix products (attention's
// too); pools, normalisations, activations and biases don't count.
import type { NodeProto } from '../onnx_pb.js';
import { attributesOf } from './attributes.js';
import { product } from './constants.js';
import type { TensorFacts } from './facts.js';

/** Looks a tensor up by its name. */
export type Lookup = (tensor: string) => TensorFacts | undefined;

/** Where quantised operators have the two tensors that plain ones have at 0 and 1. */
const OPERANDS: Readonly<Record<string, readonly [number, number]>> = {
  QLinearConv: [0, 3],
  QLinearMatMul: [0, 3],
  QGemm: [0, 3],
};
const CONVOLUTIONS = new Set(['Conv', 'FusedConv', 'ConvInteger', 'QLinearConv']);
const PRODUCTS = new Set(['MatMul', 'FusedMatMul', 'MatMulInteger', 'QLinearMatMul', 'Gemm', 'FusedGemm', 'QGemm']);

/**
 * Multiply-accumulates of a node for one picture; null where its sides aren't known, 0 for operators that don't count.
 *
 * @param batch side of the batch in the facts
 */
export function macsOf(node: NodeProto, facts: Lookup, batch: number): number | null {
  const { opType } = node;
  const [left, right] = OPERANDS[opType] ?? [0, 1];
  const sides = (index: number): readonly number[] | null => facts(node.input[index] ?? '')?.shape ?? null;
  const out = facts(node.output[0] ?? '')?.shape ?? null;
  if (CONVOLUTIONS.has(opType)) {
    const weights = sides(right);
    return out && weights ? (product(out) * product(weights.slice(1))) / batch : null;
  }
  if (opType === 'ConvTranspose') {
    const [input, weights] = [sides(0), sides(1)];
    return input && weights ? (product(input) * product(weights.slice(1))) / batch : null;
  }
  if (PRODUCTS.has(opType)) {
    const a = sides(left);
    if (!out || !a) return null;
    const depth = attributesOf(node).int('transA', 0) === 1 ? a.at(-2) : a.at(-1);
    return (product(out) * (depth ?? 1)) / batch;
  }
  if (opType === 'MultiHeadAttention' || (opType === 'Attention' && node.domain === '')) {
    const [query, key] = [sides(0), sides(1) ?? sides(0)];
    return query && key && out ? (product(query) + product(out)) * ((key.at(-2) ?? 1) / batch) : null;
  }
  return opType === 'Attention' ? fusedAttention(sides(0), sides(1), batch) : 0;
}

/** onnxruntime's Attention: projection to queries, keys and values, scores, and their sum. */
function fusedAttention(
  input: readonly number[] | null,
  weights: readonly number[] | null,
  batch: number,
): number | null {
  if (!input || !weights) return null;
  const [, tokens = 1] = input;
  const hidden = (weights[1] ?? 0) / 3;
  return (product(input) * (weights[1] ?? 0) + 2 * (input[0] ?? 1) * tokens * tokens * hidden) / batch;
}

/** Inputs that hold parameters; operators that aren't here have theirs at any place but the first. */
const WEIGHTS: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [1, 2],
  QLinearConv: [3, 8],
  QLinearMatMul: [3],
  QGemm: [3, 6],
  MatMul: [0, 1],
  Gemm: [0, 1, 2],
  Concat: [0, 1, 2, 3],
};
/** Operators that have constants which aren't learned: bounds, shapes, ratios, scales. */
const WITHOUT =
  /^(Clip|Max|Min|Reshape|Slice|Pad|Resize|Upsample|Expand|Tile|Gather\w*|Cast\w*|Squeeze|Unsqueeze|Dropout|Split|TopK|Reduce\w+|Pow|QuantizeLinear|DequantizeLinear|QLinear(?!Conv|MatMul)\w+|Where|Constant\w*|Shape|Range|Equal|Greater\w*|Less\w*)$/;
const ADDING = new Set(['Add', 'Sub', 'Mul', 'Div', 'Sum', 'PRelu']);

/** Elements of the weights of a node by the initializer they lie in: shared ones can be counted once. */
export function weightsOf(
  node: NodeProto,
  facts: Lookup,
  source: (tensor: string) => string | null,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const { opType } = node;
  if (WITHOUT.test(opType)) return found;
  const places = WEIGHTS[opType] ?? (ADDING.has(opType) ? [0, 1] : node.input.map((_, i) => i).slice(1));
  for (const place of places) {
    const root = source(node.input[place] ?? '');
    const shape = root === null ? null : facts(root)?.shape;
    // A single number is a constant of the formula (hard-swish's 3, GELU's √2), not a weight.
    if (root !== null && shape && !(ADDING.has(opType) && product(shape) === 1)) found.set(root, product(shape));
  }
  return found;
}
