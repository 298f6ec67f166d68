// Names, shapes and element types of a graph's values, and the way back from an output to the node that decides it.
import type { OnnxModel } from '../graph/read.js';
import { TensorProto_DataType as DataType } from '../graph/onnx_pb.js';
import type { NodeProto, TensorProto, ValueInfoProto } from '../graph/onnx_pb.js';

/** An input or output of a graph. Sides that are open are null; the whole shape is null where none is given. */
export type GraphValue = {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | null)[] | null;
};

/** Types whose names here aren't those of onnx.proto in small letters. */
const TYPE_NAMES: Readonly<Record<number, string>> = { [DataType.FLOAT]: 'float32', [DataType.DOUBLE]: 'float64' };

/** TensorProto.DataType's number → "float32". */
function typeName(type: number): string {
  return TYPE_NAMES[type] ?? DataType[type]?.toLowerCase() ?? `element type ${type}`;
}

function graphValue({ name, type }: ValueInfoProto): GraphValue {
  if (type?.value.case !== 'tensorType') return { name, type: 'not a tensor', shape: null };
  const { elemType, shape } = type.value.value;
  const sides = shape?.dim.map(({ value }) =>
    value.case === 'dimValue' && value.value > 0n ? Number(value.value) : null,
  );
  return { name, type: typeName(elemType), shape: sides ?? null };
}

/** What must be fed to run a model: inputs that no initializer fills. */
export function graphInputs({ graph }: OnnxModel): GraphValue[] {
  const filled = new Set(graph.initializer.map(({ name }) => name));
  return graph.input.filter(({ name }) => !filled.has(name)).map(graphValue);
}

export function graphOutputs({ graph }: OnnxModel): GraphValue[] {
  return graph.output.map(graphValue);
}

/** "input [N, 3, 224, 224] float32" for messages. */
export function shownValue({ name, type, shape }: GraphValue): string {
  return `"${name}" ${shape ? `[${shape.map((side) => side ?? '?').join(', ')}]` : '[shape not given]'} ${type}`;
}

/** Looks nodes and weights up by the tensors they make and read. */
export type GraphIndex = {
  readonly producer: (tensor: string) => NodeProto | undefined;
  readonly consumers: (tensor: string) => readonly NodeProto[];
  /** Dimensions of a weight (initializer or Constant), or undefined where the tensor isn't one. */
  readonly weightDims: (tensor: string) => readonly number[] | undefined;
};

export function indexGraph({ graph }: OnnxModel): GraphIndex {
  const producers = new Map<string, NodeProto>();
  const consumers = new Map<string, NodeProto[]>();
  const weights = new Map<string, TensorProto>(graph.initializer.map((weight) => [weight.name, weight]));
  for (const node of graph.node) {
    for (const output of node.output) producers.set(output, node);
    for (const input of node.input) {
      const list = consumers.get(input);
      if (list) list.push(node);
      else consumers.set(input, [node]);
    }
    const constant = node.opType === 'Constant' ? node.attribute.find(({ name }) => name === 'value')?.t : undefined;
    if (constant && node.output[0] !== undefined) weights.set(node.output[0], constant);
  }
  return {
    producer: (tensor) => producers.get(tensor),
    consumers: (tensor) => consumers.get(tensor) ?? [],
    weightDims: (tensor) => weights.get(tensor)?.dims.map(Number),
  };
}

/** The whole-number attribute of a node. */
export function intAttribute(node: NodeProto, name: string): number | undefined {
  const found = node.attribute.find((attribute) => attribute.name === name);
  return found ? Number(found.i) : undefined;
}

/** The list-of-whole-numbers attribute of a node. */
export function intsAttribute(node: NodeProto, name: string): number[] | undefined {
  return node.attribute.find((attribute) => attribute.name === name)?.ints.map(Number);
}
