// Builds ONNX graphs: nodes, weights, inputs and outputs to a ModelProto. For networks made in tests and for rewriting.
import { create } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType as DataType,
  TensorShapeProtoSchema,
  TensorShapeProto_DimensionSchema,
  TypeProtoSchema,
  TypeProto_TensorSchema,
  ValueInfoProtoSchema,
} from './onnx_pb.js';
import type { AttributeProto, ModelProto, NodeProto, TensorProto, ValueInfoProto } from './onnx_pb.js';

/** A side of a tensor: fixed length, or the name of a length that is known only when the model runs. */
export type Dimension = number | string;

/** Data of a tensor by its typed array: float32, float64, int32, int64, uint8, and float16 as 16-bit patterns. */
type TensorData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | Uint16Array;

/** An attribute: a number is a FLOAT unless given as bigint; arrays alike (`[1n, 1n]` is INTS). */
type AttributeValue = number | bigint | string | readonly number[] | readonly bigint[] | TensorProto;

function dataTypeOf(data: TensorData): DataType {
  if (data instanceof Float32Array) return DataType.FLOAT;
  if (data instanceof Float64Array) return DataType.DOUBLE;
  if (data instanceof Int32Array) return DataType.INT32;
  if (data instanceof BigInt64Array) return DataType.INT64;
  if (data instanceof Uint8Array) return DataType.UINT8;
  return DataType.FLOAT16;
}

/** A tensor with its data as little-endian bytes, in row-major order. */
export function tensor(name: string, dims: readonly number[], data: TensorData): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: dataTypeOf(data),
    rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
  });
}

/** A tensor whose data lie in a file beside the model: its element type and place there, bytes. */
export function externalTensor(
  name: string,
  dims: readonly number[],
  dataType: DataType,
  { location, offset, length }: { readonly location: string; readonly offset?: number; readonly length?: number },
): TensorProto {
  const entries = Object.entries({ location, offset, length }).filter(([, content]) => content !== undefined);
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: entries.map(([key, content]) =>
      create(StringStringEntryProtoSchema, { key, value: String(content) }),
    ),
  });
}

/** An input or output: its name, element type and shape; a null shape is left open. */
export function value(name: string, elemType: DataType, shape: readonly Dimension[] | null): ValueInfoProto {
  const dim = shape?.map((side) =>
    create(TensorShapeProto_DimensionSchema, {
      value: typeof side === 'number' ? { case: 'dimValue', value: BigInt(side) } : { case: 'dimParam', value: side },
    }),
  );
  const tensorType = create(TypeProto_TensorSchema, {
    elemType,
    ...(dim ? { shape: create(TensorShapeProtoSchema, { dim }) } : {}),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensorType } }),
  });
}

/** One attribute of a node. */
function attribute(name: string, content: AttributeValue): AttributeProto {
  const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'utf8'));
  if (typeof content === 'bigint') return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: content });
  if (typeof content === 'number') return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: content });
  if (typeof content === 'string')
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: bytes(content) });
  if (!Array.isArray(content))
    return create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t: content as TensorProto });
  if (content.every((item) => typeof item === 'bigint')) {
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: content });
  }
  return create(AttributeProtoSchema, { name, type: AttributeType.FLOATS, floats: content as number[] });
}

/** One node of a graph. Its name is that of its first output unless given. */
export function node(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  { name = outputs[0] ?? opType, domain = '' }: { readonly name?: string; readonly domain?: string } = {},
): NodeProto {
  return create(NodeProtoSchema, {
    opType,
    name,
    domain,
    input: [...inputs],
    output: [...outputs],
    attribute: Object.entries(attributes).map(([key, content]) => attribute(key, content)),
  });
}

/** What a model is made of. */
export type GraphParts = {
  readonly inputs: readonly ValueInfoProto[];
  readonly outputs: readonly ValueInfoProto[];
  readonly nodes: readonly NodeProto[];
  readonly initializers?: readonly TensorProto[];
  /** Version of ONNX's standard operators; default 17. */
  readonly opset?: number;
  readonly producer?: string;
  /** Further operator sets by domain, with their version. */
  readonly domains?: Readonly<Record<string, number>>;
};

/** A whole model (IR version 8); `encodeModel` turns it into a file's bytes. */
export function model({
  inputs,
  outputs,
  nodes,
  initializers = [],
  opset = 17,
  producer = 'invariance',
  domains = {},
}: GraphParts): ModelProto {
  return create(ModelProtoSchema, {
    irVersion: 8n,
    producerName: producer,
    opsetImport: Object.entries({ '': opset, ...domains }).map(([domain, version]) =>
      create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) }),
    ),
    graph: create(GraphProtoSchema, {
      name: 'graph',
      input: [...inputs],
      output: [...outputs],
      node: [...nodes],
      initializer: [...initializers],
    }),
  });
}

/** Nodes and weights of a part of a network, to be spread into `GraphParts`. */
export type Piece = { readonly nodes: readonly NodeProto[]; readonly initializers: readonly TensorProto[] };

/**
 * Circular padding of a [N, C, H, W] tensor by `pad` pixels a side, as Slice and Concat: the last rows come first, the
 * first rows last; then the columns. (ONNX's own Pad knows mode "wrap" only from opset 19 on.)
 */
export function wrapPad(input: string, output: string, pad: number): Piece {
  const constant = (suffix: string, ...content: number[]): TensorProto =>
    tensor(`${output}.${suffix}`, [content.length], BigInt64Array.from(content.map(BigInt)));
  const end = 2 ** 31 - 1;
  const weights = [
    constant('zero', 0),
    constant('end', end),
    constant('minus', -pad),
    constant('plus', pad),
    constant('rows', 2),
    constant('columns', 3),
  ];
  const wrap = (from: string, to: string, axis: 'rows' | 'columns'): NodeProto[] => [
    node('Slice', [from, `${output}.minus`, `${output}.end`, `${output}.${axis}`], [`${to}.last`]),
    node('Slice', [from, `${output}.zero`, `${output}.plus`, `${output}.${axis}`], [`${to}.first`]),
    node('Concat', [`${to}.last`, from, `${to}.first`], [to], { axis: axis === 'rows' ? 2n : 3n }),
  ];
  return {
    nodes: [...wrap(input, `${output}.tall`, 'rows'), ...wrap(`${output}.tall`, output, 'columns')],
    initializers: weights,
  };
}
