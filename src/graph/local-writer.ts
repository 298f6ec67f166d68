// Collects nodes and constants that are added to a graph; a constant of a name is written once.
import { node, tensor } from './build.js';
import type { NodeProto, TensorProto } from './onnx_pb.js';

export type GraphWriter = {
  readonly nodes: readonly NodeProto[];
  readonly constants: () => readonly TensorProto[];
  readonly add: (...nodes: readonly NodeProto[]) => void;
  /** Adds a node with one output and gives that output's name. */
  readonly op: (
    opType: string,
    inputs: readonly string[],
    output: string,
    attributes?: Parameters<typeof node>[3],
  ) => string;
  readonly floats: (name: string, dims: readonly number[], make: () => Float32Array) => string;
  readonly wholes: (values: readonly number[]) => string;
  /** A scalar in float32. */
  readonly number: (value: number) => string;
  /** A scalar in half precision, by its 16 bits. */
  readonly half: (bits: number) => string;
};

/** @param prefix what the names of all constants begin with, so that they don't meet the graph's own */
export function graphWriter(prefix: string): GraphWriter {
  const nodes: NodeProto[] = [];
  const constants = new Map<string, TensorProto>();
  const constant = (name: string, make: (full: string) => TensorProto): string => {
    const full = `${prefix}${name}`;
    if (!constants.has(full)) constants.set(full, make(full));
    return full;
  };
  return {
    nodes,
    constants: () => [...constants.values()],
    add: (...more) => {
      nodes.push(...more);
    },
    op: (opType, inputs, output, attributes = {}) => {
      nodes.push(node(opType, inputs, [output], attributes));
      return output;
    },
    floats: (name, dims, make) => constant(name, (full) => tensor(full, dims, make())),
    wholes: (values) =>
      constant(`whole ${values.join(',')}`, (full) =>
        tensor(full, [values.length], BigInt64Array.from(values.map(BigInt))),
      ),
    half: (bits) => constant(`half ${bits}`, (full) => tensor(full, [], Uint16Array.of(bits))),
    number: (value) => constant(`number ${value}`, (full) => tensor(full, [], Float32Array.of(value))),
  };
}
