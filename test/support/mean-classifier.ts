// A classifier made in the test whose outputs are the means of its input's channels: values to compute by hand.
import { externalTensor, model, node, tensor, value, type Dimension, type GraphParts } from '../../src/graph/build.js';
import { TensorProto_DataType as DataType, type NodeProto } from '../../src/graph/onnx_pb.js';
import { encodeModel } from '../../src/graph/write.js';

export type MeanClassifier = {
  /** Input shape; default [N, 3, 4, 4]. */
  readonly shape?: readonly Dimension[] | null;
  readonly type?: DataType;
  /** Output shape; default [N, 3]. */
  readonly outputShape?: readonly Dimension[] | null;
  readonly layout?: 'NCHW' | 'NHWC';
  /** Last node; default none. */
  readonly last?: 'Softmax' | 'LogSoftmax' | 'Sigmoid';
  /** Name of a file beside the model that holds the last layer's weights (identity). */
  readonly external?: string;
  /** Taken instead of the parts made here. */
  readonly change?: (parts: GraphParts) => GraphParts;
};

/** The identity matrix of three classes, as weights of the last layer. */
export const IDENTITY = new Float32Array([1, 0, 0, 0, 1, 0, 0, 0, 1]);

/** Bytes of the model. Whatever the input's type, it is computed in float32. */
export function meanClassifier({
  shape = ['N', 3, 4, 4],
  type = DataType.FLOAT,
  outputShape = ['N', 3],
  layout = 'NCHW',
  last,
  external,
  change = (parts) => parts,
}: MeanClassifier = {}): Uint8Array {
  const half = type === DataType.FLOAT16;
  const nodes: NodeProto[] = [
    node('Cast', ['pixels'], ['cast'], { to: BigInt(DataType.FLOAT) }),
    ...(layout === 'NHWC' ? [node('Transpose', ['cast'], ['planes'], { perm: [0n, 3n, 1n, 2n] })] : []),
    node('GlobalAveragePool', [layout === 'NHWC' ? 'planes' : 'cast'], ['means']),
    node('Flatten', ['means'], ['features']),
    node('Gemm', ['features', 'weights'], ['wide'], { transB: 1n }),
    ...(last ? [node(last, ['wide'], ['decided'], { axis: -1n })] : []),
    node('Cast', [last ? 'decided' : 'wide'], ['scores'], { to: BigInt(half ? DataType.FLOAT16 : DataType.FLOAT) }),
  ];
  if (last === 'Sigmoid') nodes.find(({ opType }) => opType === 'Sigmoid')?.attribute.splice(0);
  const weights = external
    ? externalTensor('weights', [3, 3], DataType.FLOAT, { location: external, offset: 0, length: 36 })
    : tensor('weights', [3, 3], IDENTITY);
  const parts: GraphParts = {
    inputs: [value('pixels', type, shape)],
    outputs: [value('scores', half ? DataType.FLOAT16 : DataType.FLOAT, outputShape)],
    nodes,
    initializers: [weights],
  };
  return encodeModel(model(change(parts)));
}
