// Scale and zero point of a quantised tensor, from the node that made it (ONNX QuantizeLinear and QLinear operators;
// onnxruntime's docs/ContribOperators.md for those of com.microsoft).
import type { GraphProto, NodeProto } from './onnx_pb.js';

export type Quantisation = { readonly scale: string; readonly zeroPoint: string | null };

/** Inputs of an operator that hold its result's scale and zero point. */
const RESULT: Readonly<Record<string, readonly [number, number]>> = {
  QuantizeLinear: [1, 2],
  QLinearConv: [6, 7],
  QLinearMatMul: [6, 7],
  QGemm: [7, 8],
  QLinearAdd: [6, 7],
  QLinearMul: [6, 7],
  QLinearConcat: [0, 1],
  QLinearGlobalAveragePool: [3, 4],
  QLinearAveragePool: [3, 4],
  QLinearLeakyRelu: [3, 4],
  QLinearSigmoid: [3, 4],
  QLinearSoftmax: [3, 4],
  QLinearReduceMean: [3, 4],
};

/** Operators that hand quantised values on as they are. */
const CARRYING = new Set([
  'MaxPool',
  'Reshape',
  'Transpose',
  'Slice',
  'Identity',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Pad',
  'Relu',
  'Clip',
]);

/** Names of the tensors that say a quantised tensor's scale and zero point; null where the graph doesn't say. */
export function quantisationOf({ node: nodes }: GraphProto, tensor: string): Quantisation | null {
  const producers = new Map<string, NodeProto>(
    nodes.flatMap((node) => node.output.map((output) => [output, node] as const)),
  );
  let name = tensor;
  for (let depth = 0; depth < nodes.length; depth++) {
    const producer = producers.get(name);
    if (producer === undefined) return null;
    const places = RESULT[producer.opType];
    if (places) {
      const [scale, zeroPoint] = places.map((place) => producer.input[place] ?? '');
      return scale ? { scale, zeroPoint: zeroPoint || null } : null;
    }
    if (producer.opType === 'DynamicQuantizeLinear') {
      const [, scale, zeroPoint] = producer.output;
      return scale ? { scale, zeroPoint: zeroPoint || null } : null;
    }
    if (!CARRYING.has(producer.opType)) return null;
    name = producer.input[0] ?? '';
  }
  return null;
}
